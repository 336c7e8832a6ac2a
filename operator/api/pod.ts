/**
 * The parts of a pod that a user may set, in Kubernetes' own shapes. What has too many forms to repeat
 * here (volume sources, affinity, whole templates) is passed on as it is; the API server checks it when
 * the pod is created.
 */
import { z } from 'zod';
import { withRule } from './rule.ts';

/** Decimal or binary amounts: `2`, `500m`, `1.5Gi`. */
export const quantitySchema = z.union([z.number().int().min(0), z.string().max(32).regex(/^[0-9]+(\.[0-9]*)?([numkMGTPE]|[KMGTPE]i|[eE][0-9]+)?$/)])
  .meta({ 'x-kubernetes-int-or-string': true });

const mapKey = { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] } as const;
const objectName = z.string().min(1).max(253);
const keyOfObject = z.object({ name: objectName, key: z.string().min(1).max(253), optional: z.boolean().optional() });

/** A value that is not in the manifest. */
const envSourceSchema = withRule(
  z.object({
    secretKeyRef: keyOfObject.optional(),
    configMapKeyRef: keyOfObject.optional(),
    fieldRef: z.object({ apiVersion: z.string().max(32).optional(), fieldPath: z.string().min(1).max(253) }).optional(),
    resourceFieldRef: z.object({ containerName: z.string().max(63).optional(), resource: z.string().min(1).max(63), divisor: quantitySchema.optional() }).optional(),
  }),
  {
    rule: '[has(self.secretKeyRef), has(self.configMapKeyRef), has(self.fieldRef), has(self.resourceFieldRef)].filter(set, set).size() == 1',
    message: 'valueFrom needs exactly one of secretKeyRef, configMapKeyRef, fieldRef and resourceFieldRef',
  },
  (source) => Object.values(source).filter((value) => value !== undefined).length === 1,
);

const envSchema = z.array(withRule(
  z.object({
    name: z.string().min(1).max(253).regex(/^[A-Za-z_][A-Za-z0-9_.-]*$/),
    value: z.string().max(131_072).optional(),
    valueFrom: envSourceSchema.optional(),
  }),
  {
    rule: '!self.name.startsWith("HEADRACE_")',
    message: 'names that start with HEADRACE_ belong to the engine; choose another',
  },
  (variable) => !variable.name.startsWith('HEADRACE_'),
)).max(256).meta(mapKey);

const envFromSchema = z.array(z.object({
  prefix: z.string().max(253).optional(),
  secretRef: z.object({ name: objectName, optional: z.boolean().optional() }).optional(),
  configMapRef: z.object({ name: objectName, optional: z.boolean().optional() }).optional(),
})).max(64);

const resourcesSchema = z.object({
  requests: z.record(z.string(), quantitySchema).optional(),
  limits: z.record(z.string(), quantitySchema).optional(),
});

const volumeSchema = z.looseObject({
  name: z.string().max(63).regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/),
});

const volumeMountSchema = z.object({
  name: z.string().min(1).max(63),
  mountPath: z.string().min(1).max(1024).regex(/^\/[^:]*$/),
  subPath: z.string().max(1024).optional(),
  readOnly: z.boolean().optional(),
});

const tolerationSchema = z.object({
  key: z.string().max(316).optional(),
  operator: z.enum(['Exists', 'Equal', 'Lt', 'Gt']).optional(),
  value: z.string().max(253).optional(),
  effect: z.enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute']).optional(),
  tolerationSeconds: z.number().int().optional(),
});

/** What users may set of a kind's pods. `container` is the name of the engine's container, `resources` what its amounts mean. */
export const podFieldsOf = (texts: { readonly container: string; readonly resources: string }) => ({
  resources: resourcesSchema.optional().describe(texts.resources),
  env: envSchema.optional().describe('Environment variables.'),
  envFrom: envFromSchema.optional().describe('Secrets and ConfigMaps whose keys become environment variables.'),
  volumes: z.array(volumeSchema).max(64).meta(mapKey).optional().describe("Volumes, in Kubernetes' own form."),
  volumeMounts: z.array(volumeMountSchema).max(64).meta({
    'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['mountPath'],
  }).optional().describe('Where the volumes appear.'),
  nodeSelector: z.record(z.string(), z.string().max(63)).optional().describe('Labels that a node must have.'),
  tolerations: z.array(tolerationSchema).max(64).optional().describe('Taints that the pod accepts.'),
  affinity: z.looseObject({}).optional().describe("Affinity, in Kubernetes' own form."),
  podTemplate: z.looseObject({}).optional().describe(
    `Metadata and spec merged over the rendered pod: maps by key; containers, volumes and variables by name, mounts by path; other lists are replaced. The container is called \`${texts.container}\`.`),
});
