/** The part of a pod's spec that embedded pods are made of, read with care: users can change it through pod templates. */
import { z } from 'zod';
import { KubeError } from '../kube/client.ts';

const named = z.looseObject({ name: z.string() });
const keySelector = z.looseObject({ name: z.string(), key: z.string(), optional: z.boolean().optional() });

export const environmentVariableSchema = z.looseObject({
  name: z.string(),
  value: z.string().optional(),
  valueFrom: z.strictObject({
    fieldRef: z.looseObject({ fieldPath: z.string() }).optional(),
    resourceFieldRef: z.looseObject({ resource: z.string(), divisor: z.union([z.string(), z.number()]).optional() }).optional(),
    secretKeyRef: keySelector.optional(),
    configMapKeyRef: keySelector.optional(),
  }).optional(),
});

const probeSchema = z.looseObject({
  httpGet: z.looseObject({ path: z.string().default('/'), port: z.union([z.string(), z.number()]), scheme: z.enum(['HTTP', 'HTTPS']).default('HTTP') }).optional(),
  initialDelaySeconds: z.number().default(0),
  periodSeconds: z.number().default(10),
  timeoutSeconds: z.number().default(1),
  successThreshold: z.number().default(1),
  failureThreshold: z.number().default(3),
});
export type Probe = z.infer<typeof probeSchema>;

const quantities = z.record(z.string(), z.union([z.string(), z.number()]));

export const containerSchema = z.looseObject({
  name: z.string(),
  image: z.string(),
  command: z.array(z.string()).optional(),
  args: z.array(z.string()).default([]),
  workingDir: z.string().optional(),
  env: z.array(environmentVariableSchema).default([]),
  envFrom: z.array(z.looseObject({
    prefix: z.string().default(''),
    configMapRef: named.extend({ optional: z.boolean().optional() }).optional(),
    secretRef: named.extend({ optional: z.boolean().optional() }).optional(),
  })).default([]),
  ports: z.array(z.looseObject({ name: z.string().optional(), containerPort: z.number() })).default([]),
  volumeMounts: z.array(z.looseObject({ name: z.string(), mountPath: z.string(), subPath: z.string().optional() })).default([]),
  resources: z.looseObject({ requests: quantities.default({}), limits: quantities.default({}) }).default({ requests: {}, limits: {} }),
  readinessProbe: probeSchema.optional(),
  startupProbe: probeSchema.optional(),
  livenessProbe: probeSchema.optional(),
  lifecycle: z.unknown().optional(),
  terminationMessagePath: z.string().default('/dev/termination-log'),
  terminationMessagePolicy: z.string().default('File'),
});
export type PodContainer = z.infer<typeof containerSchema>;

const items = z.array(z.looseObject({ key: z.string(), path: z.string() })).optional();

export const volumeSchema = z.strictObject({
  name: z.string(),
  emptyDir: z.looseObject({}).optional(),
  hostPath: z.looseObject({ path: z.string() }).optional(),
  persistentVolumeClaim: z.looseObject({ claimName: z.string() }).optional(),
  configMap: z.looseObject({ name: z.string(), items, optional: z.boolean().optional() }).optional(),
  downwardAPI: z.looseObject({ items: z.array(z.looseObject({ path: z.string(), fieldRef: z.looseObject({ fieldPath: z.string() }) })).default([]) }).optional(),
  secret: z.looseObject({ secretName: z.string(), items, optional: z.boolean().optional() }).optional(),
});
export type PodVolume = z.infer<typeof volumeSchema>;

export const podSpecSchema = z.looseObject({
  containers: z.array(containerSchema).min(1),
  initContainers: z.array(z.unknown()).default([]),
  volumes: z.array(volumeSchema).default([]),
  restartPolicy: z.string().default('Always'),
  terminationGracePeriodSeconds: z.number().default(30),
  activeDeadlineSeconds: z.number().optional(),
  serviceAccountName: z.string().default('default'),
});
export type PodSpec = z.infer<typeof podSpecSchema>;

/** Whether an error says that the object asked about is gone or another. */
export function isGone(error: unknown): boolean {
  return error instanceof KubeError && (error.code === 'NotFound' || error.code === 'Conflict');
}
