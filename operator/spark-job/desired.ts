/**
 * What a job's children look like: SparkJob + context → Secret, ConfigMap, driver pod, executor pods.
 * Pods satisfy Pod Security "restricted". Children are created and never updated: what an edit changes
 * comes with the next attempt.
 */
import type { ApplicationFile, MapReduceApplication } from '../../engine/contract.ts';
import { environment, httpPath, path, port, subcommand } from '../../engine/contract.ts';
import type { SparkJob, SparkJobSpec } from '../api/spark-job.ts';
import { sparkJobType } from '../api/spark-job.ts';
import type { KubeObject, ObjectMeta } from '../kube/client.ts';
import type { PodDefaults } from '../pod/pod-defaults.ts';
import { mergePodTemplate } from '../pod/pod-template.ts';
import { configMapName, driverFinalizer, driverName, executorName, label, managedBy, secretName } from './names.ts';
import type { Role } from './resources.ts';
import { effectiveResources } from './resources.ts';
import { directoryOf, fileOf, inlineKey, locationOf, scriptsOf } from './scripts.ts';

export interface AttemptContext {
  readonly attempt: number;
  /** Of the spec as the attempt takes it. */
  readonly specHash: string;
}

/** The container that a pod template may change by this name. */
export const containerName = 'spark';

const user = 65_532;
const applicationKey = 'application.json';
const volume = { application: 'headrace-application', script: 'headrace-script', secret: 'headrace-secret', scratch: 'scratch', tmp: 'tmp' } as const;

/** The job's secret: one for all its attempts. `token` must be unguessable. */
export function desiredSecret(job: SparkJob, token: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: metadataOf(job, secretName(job.metadata.name), {}),
    type: 'Opaque',
    immutable: true,
    data: { token: btoa(token) },
  };
}

/** What the driver reads: the application, and an inline script beside it. */
export function desiredConfigMap(job: SparkJob, { attempt, specHash }: AttemptContext): KubeObject {
  const inline = scriptsOf(job.spec).flatMap(({ role, script }) => (script.inline === undefined ? [] : [[inlineKey(role), script.inline] as const]));
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: metadataOf(job, configMapName(job.metadata.name, attempt, specHash), { [label.attempt]: String(attempt) }),
    immutable: true,
    data: {
      [applicationKey]: `${JSON.stringify(applicationFile(job, attempt), null, 2)}\n`,
      ...Object.fromEntries(inline),
    },
  };
}

function applicationFile(job: SparkJob, attempt: number): ApplicationFile {
  const { spec, metadata } = job;
  return {
    applicationId: `${metadata.uid ?? ''}-${attempt}`,
    name: metadata.name,
    namespace: metadata.namespace ?? '',
    attempt,
    application: applicationOf(spec),
    arguments: [...spec.arguments ?? []],
    sparkConf: { ...spec.sparkConf },
    executorInstances: spec.executor.instances,
  };
}

/** Exactly one form is given: the CRD's rules say so, and the reconcile has checked them again. */
function applicationOf(spec: SparkJobSpec): ApplicationFile['application'] {
  const { sql, mapReduce } = spec.application;
  if (sql !== undefined) return { kind: 'sql', text: sql };
  const locations = new Map(scriptsOf(spec).map((script) => [script.role, locationOf(script)]));
  if (mapReduce === undefined) return { kind: 'script', location: locations.get('main') ?? '' };
  const { mapper, combiner, reducer, input, ...rest } = mapReduce;
  const program = (role: 'mapper' | 'combiner' | 'reducer', { command, argv }: typeof mapper): MapReduceApplication['mapper'] =>
    (command === undefined && argv === undefined ? { kind: 'function', location: locations.get(role) ?? '' } : { kind: 'command', command: command ?? [...argv ?? []] });
  return {
    kind: 'mapReduce', input: [...input], mapper: program('mapper', mapper),
    ...(combiner === undefined ? {} : { combiner: program('combiner', combiner) }), ...(reducer === undefined ? {} : { reducer: program('reducer', reducer) }),
    ...rest, environment: { ...rest.environment },
  };
}

/** The driver's pod of an attempt. */
export function desiredDriver(job: SparkJob, context: AttemptContext, defaults: PodDefaults): KubeObject {
  const name = driverName(job.metadata.name, context.attempt);
  const health = (route: string): object => ({ httpGet: { path: route, port: 'http' } });
  const pod = renderedPod(job, 'driver', defaults, {
    env: [{ name: environment.applicationFile, value: path.applicationFile }],
    ports: [
      { name: 'connect', containerPort: port.connect, protocol: 'TCP' },
      { name: 'rpc', containerPort: port.driverRpc, protocol: 'TCP' },
      { name: 'http', containerPort: port.http, protocol: 'TCP' },
    ],
    // The start is polled often, because a job's start counts; a driver that is not up in two minutes is not coming up.
    startupProbe: { ...health(httpPath.live), periodSeconds: 1, failureThreshold: 120, timeoutSeconds: 2 },
    livenessProbe: { ...health(httpPath.live), periodSeconds: 10, failureThreshold: 6, timeoutSeconds: 5 },
    readinessProbe: { ...health(httpPath.ready), periodSeconds: 2, failureThreshold: 3, timeoutSeconds: 2 },
  }, driverVolumes(job, context));
  const metadata = metadataOf(job, name, podLabels('driver', context.attempt));
  return finished(pod, { ...metadata, finalizers: [driverFinalizer] }, job.spec.driver.podTemplate);
}

/** One executor's pod. `driverIp` belongs to the attempt, so an executor can never reach another attempt's driver. */
export function desiredExecutor(job: SparkJob, context: AttemptContext, defaults: PodDefaults, id: number, driverIp: string): KubeObject {
  const host = driverIp.includes(':') ? `[${driverIp}]` : driverIp;
  const pod = renderedPod(job, 'executor', defaults, {
    env: [
      { name: environment.driverAddress, value: `${host}:${port.driverRpc}` },
      { name: environment.executorId, value: String(id) },
    ],
    ports: [{ name: 'block', containerPort: port.block, protocol: 'TCP' }],
  }, []);
  const labels = { ...podLabels('executor', context.attempt), [label.executor]: String(id) };
  return finished(pod, metadataOf(job, executorName(job.metadata.name, context.attempt, id), labels), job.spec.executor.podTemplate);
}

interface Mounted {
  readonly volume: Readonly<Record<string, unknown>>;
  readonly mountPath: string;
  readonly readOnly: boolean;
}

function driverVolumes(job: SparkJob, { attempt, specHash }: AttemptContext): readonly Mounted[] {
  const name = configMapName(job.metadata.name, attempt, specHash);
  const application: Mounted = {
    volume: { name: volume.application, configMap: { name, items: [{ key: applicationKey, path: applicationKey }] } },
    mountPath: directory(path.applicationFile),
    readOnly: true,
  };
  const scripts = scriptsOf(job.spec).flatMap(({ role, script }): readonly Mounted[] => {
    const from = script.inline === undefined ? script.configMapKeyRef : { name, key: inlineKey(role) };
    if (from === undefined) return [];
    return [{
      volume: { name: role === 'main' ? volume.script : `${volume.script}-${role}`, configMap: { name: from.name, items: [{ key: from.key, path: fileOf(from.key) }] } },
      mountPath: directoryOf(role),
      readOnly: true,
    }];
  });
  return [application, ...scripts];
}

function directory(file: string): string {
  return file.slice(0, file.lastIndexOf('/'));
}

function sharedVolumes(job: SparkJob): readonly Mounted[] {
  return [
    { volume: { name: volume.secret, secret: { secretName: secretName(job.metadata.name), defaultMode: 0o440 } }, mountPath: directory(path.secretFile), readOnly: true },
    { volume: { name: volume.scratch, emptyDir: { sizeLimit: '50Gi' } }, mountPath: path.workDir, readOnly: false },
    { volume: { name: volume.tmp, emptyDir: { sizeLimit: '1Gi' } }, mountPath: '/tmp', readOnly: false },
  ];
}

interface ContainerParts {
  readonly env: readonly object[];
  readonly ports: readonly object[];
  readonly [field: string]: unknown;
}

/** Everything that driver and executor share; `parts` is what they do not. */
function renderedPod(
  job: SparkJob, role: Role, defaults: PodDefaults, parts: ContainerParts, own: readonly Mounted[],
): Readonly<Record<string, unknown>> {
  const { spec } = job;
  const given = spec[role];
  const { env, ports, ...probes } = parts;
  const mounted = [...own, ...sharedVolumes(job)];
  const resources = effectiveResources(spec, role);
  return compact({
    restartPolicy: 'Never',
    serviceAccountName: spec.serviceAccountName,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: role === 'driver' ? 30 : 10,
    imagePullSecrets: spec.imagePullSecrets,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: user,
      runAsGroup: user,
      // So that the secret's file and volumes of the user's are readable and writable.
      fsGroup: user,
      fsGroupChangePolicy: 'OnRootMismatch',
      seccompProfile: { type: 'RuntimeDefault' },
    },
    nodeSelector: given.nodeSelector,
    tolerations: given.tolerations,
    affinity: given.affinity,
    containers: [compact({
      name: containerName,
      image: spec.image ?? defaults.image,
      imagePullPolicy: defaults.imagePullPolicy,
      args: [subcommand[role]],
      env: [...env, ...engineEnvironment(resources, defaults), ...given.env ?? []],
      envFrom: given.envFrom,
      ports,
      ...probes,
      resources: { requests: resources.requests, limits: resources.limits },
      securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
      terminationMessagePath: path.terminationFile,
      terminationMessagePolicy: 'File',
      volumeMounts: [
        ...mounted.map(({ volume: { name }, mountPath, readOnly }) => ({ name, mountPath, ...(readOnly ? { readOnly } : {}) })),
        ...given.volumeMounts ?? [],
      ],
    })],
    volumes: [...mounted.map((each) => each.volume), ...given.volumes ?? []],
  });
}

function engineEnvironment(resources: { readonly cores: number; readonly memoryBytes: number }, defaults: PodDefaults): readonly object[] {
  return [
    { name: environment.secretFile, value: path.secretFile },
    { name: environment.podIp, valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
    // Tasks run where their input lies.
    { name: environment.machine, valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
    { name: environment.cores, value: String(resources.cores) },
    { name: environment.memoryBytes, value: String(resources.memoryBytes) },
    { name: environment.workDir, value: path.workDir },
    { name: environment.terminationFile, value: path.terminationFile },
    { name: environment.logLevel, value: defaults.logLevel },
  ];
}

/** Applies the user's template; identity, ownership and the restart policy stay the operator's, because its accounting rests on them. */
function finished(spec: Readonly<Record<string, unknown>>, metadata: ObjectMeta, template: Readonly<Record<string, unknown>> | undefined): KubeObject {
  const merged = mergePodTemplate({ metadata, spec }, { metadata: template?.['metadata'], spec: template?.['spec'] });
  const free = merged['metadata'] as ObjectMeta;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...metadata,
      labels: { ...free.labels, ...metadata.labels },
      ...(free.annotations === undefined ? {} : { annotations: free.annotations }),
    },
    spec: { ...(merged['spec'] as Readonly<Record<string, unknown>>), restartPolicy: 'Never' },
  };
}

function metadataOf(job: SparkJob, name: string, labels: Readonly<Record<string, string>>): ObjectMeta {
  return {
    name,
    namespace: job.metadata.namespace ?? '',
    labels: {
      'app.kubernetes.io/name': 'headrace-spark',
      [label.managedBy]: managedBy,
      [label.job]: job.metadata.name,
      ...labels,
    },
    ownerReferences: [{
      apiVersion: sparkJobType.apiVersion,
      kind: sparkJobType.kind,
      name: job.metadata.name,
      uid: job.metadata.uid ?? '',
      controller: true,
      blockOwnerDeletion: true,
    }],
  };
}

function podLabels(role: Role, attempt: number): Readonly<Record<string, string>> {
  return { 'app.kubernetes.io/component': role, [label.role]: role, [label.attempt]: String(attempt) };
}

/** Leaves out what is undefined: it would only stand in the object to be dropped by the server. */
function compact(object: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}
