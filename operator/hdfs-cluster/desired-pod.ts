/** What the pods of namenodes and datanodes look like. */
import { environment, httpPath, path, port, subcommand } from '../../engine/contract.ts';
import type { HdfsCluster } from '../api/hdfs-cluster.ts';
import type { KubeObject, ObjectMeta } from '../kube/client.ts';
import { completedResources } from '../pod/container-resources.ts';
import type { EffectiveResources } from '../pod/container-resources.ts';
import { contentHash } from '../pod/content-hash.ts';
import type { PodDefaults } from '../pod/pod-defaults.ts';
import { mergePodTemplate } from '../pod/pod-template.ts';
import { configKey, desiredConfig, memberLabels, ownedMetadata, selectorOf, volumesOf } from './desired.ts';
import { annotation, claimName, configMapName, headlessName, hostOf, memberName, podName, secretName } from './names.ts';
import type { Role } from './names.ts';

/** The container that a pod template may change by this name. */
export const containerName = 'hdfs';

const user = 65_532;
const volume = { config: 'headrace-hdfs', secret: 'headrace-secret', tls: 'headrace-tls', rack: 'headrace-rack', tmp: 'tmp' } as const;

const defaultResources: Readonly<Record<Role, { readonly cpu: string; readonly memory: string }>> = {
  namenode: { cpu: '250m', memory: '1Gi' },
  datanode: { cpu: '250m', memory: '512Mi' },
};

const ports: Readonly<Record<Role, { readonly http: number; readonly rpc: number; readonly https: number }>> = {
  namenode: { http: port.nameNodeHttp, rpc: port.nameNodeRpc, https: port.nameNodeHttps },
  datanode: { http: port.dataNodeHttp, rpc: port.dataNodeRpc, https: port.dataNodeHttps },
};

export function effectiveResources(cluster: HdfsCluster, role: Role): EffectiveResources {
  return completedResources(settingsOf(cluster, role).resources, defaultResources[role]);
}

function settingsOf({ spec }: HdfsCluster, role: Role): HdfsCluster['spec']['nameNode'] | HdfsCluster['spec']['dataNodes'] {
  return role === 'namenode' ? spec.nameNode : spec.dataNodes;
}

/** A pod with its revision: two pods of a member are the same for the engine exactly when their revisions are equal. */
export function desiredPod(cluster: HdfsCluster, clusterId: string, role: Role, ordinal: number, defaults: PodDefaults): KubeObject {
  const pod = finished(cluster, role, ordinal, renderedPod(cluster, role, ordinal, defaults));
  const { ownerReferences: _, ...metadata } = pod.metadata;
  // Whether formatting is still allowed changes once, by itself, and needs no restart.
  const revision = contentHash([metadata, pod['spec'], desiredConfig(cluster, clusterId, false)]);
  return { ...pod, metadata: { ...pod.metadata, annotations: { ...pod.metadata.annotations, [annotation.revision]: revision } } };
}

/** The same for the same secret; says nothing about it. */
export function secretMark(token: string): string {
  return contentHash(['secret', token]);
}

/** Pods can only talk to pods of the same secret. */
export function withSecretMark(pod: KubeObject, token: string): KubeObject {
  return { ...pod, metadata: { ...pod.metadata, annotations: { ...pod.metadata.annotations, [annotation.secret]: secretMark(token) } } };
}

interface Mounted {
  readonly volume: Readonly<Record<string, unknown>>;
  readonly mountPath: string;
  readonly readOnly: boolean;
}

function renderedPod(cluster: HdfsCluster, role: Role, ordinal: number, defaults: PodDefaults): Readonly<Record<string, unknown>> {
  const { spec, metadata } = cluster;
  const given = settingsOf(cluster, role);
  const mounted = mountedVolumes(cluster, role, ordinal);
  const resources = effectiveResources(cluster, role);
  return compact({
    restartPolicy: 'Always',
    hostname: podName(metadata.name, role, ordinal),
    subdomain: headlessName(metadata.name, role),
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: 30,
    imagePullSecrets: spec.imagePullSecrets,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: user,
      runAsGroup: user,
      // So that volumes can be written, and the secret's file read.
      fsGroup: user,
      fsGroupChangePolicy: 'OnRootMismatch',
      seccompProfile: { type: 'RuntimeDefault' },
    },
    nodeSelector: given.nodeSelector,
    tolerations: given.tolerations,
    affinity: given.affinity,
    // One machine that fails should take one member along, where there are enough machines.
    topologySpreadConstraints: [{
      maxSkew: 1, topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'ScheduleAnyway', labelSelector: { matchLabels: selectorOf(cluster, role) },
    }],
    containers: [compact({
      name: containerName,
      image: spec.image ?? defaults.image,
      imagePullPolicy: defaults.imagePullPolicy,
      args: [role === 'namenode' ? subcommand.nameNode : subcommand.dataNode],
      env: [...engineEnvironment(cluster, role, ordinal, resources, defaults), ...given.env ?? []],
      envFrom: given.envFrom,
      ports: containerPorts(cluster, role),
      ...probes(),
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

/** Loading a large name space or scanning large disks may take a while: a start may last ten minutes. */
function probes(): Readonly<Record<string, object>> {
  const health = (route: string): object => ({ httpGet: { path: route, port: 'http' } });
  return {
    startupProbe: { ...health(httpPath.live), periodSeconds: 1, failureThreshold: 600, timeoutSeconds: 2 },
    livenessProbe: { ...health(httpPath.live), periodSeconds: 10, failureThreshold: 6, timeoutSeconds: 5 },
    readinessProbe: { ...health(httpPath.ready), periodSeconds: 2, failureThreshold: 3, timeoutSeconds: 2 },
  };
}

function containerPorts({ spec }: HdfsCluster, role: Role): readonly object[] {
  const { http, rpc, https } = ports[role];
  return [
    { name: 'http', containerPort: http, protocol: 'TCP' },
    { name: 'rpc', containerPort: rpc, protocol: 'TCP' },
    ...spec.tls === undefined ? [] : [{ name: 'https', containerPort: https, protocol: 'TCP' }],
  ];
}

function dataMounts(cluster: HdfsCluster, role: Role, ordinal: number): readonly Mounted[] {
  return Array.from({ length: volumesOf(cluster, role) }, (_, index) => ({
    volume: { name: `data-${index}`, persistentVolumeClaim: { claimName: claimName(cluster.metadata.name, role, ordinal, index) } },
    mountPath: `${path.dataDir}/${index}`,
    readOnly: false,
  }));
}

function mountedVolumes(cluster: HdfsCluster, role: Role, ordinal: number): readonly Mounted[] {
  const { name } = cluster.metadata;
  const { tls } = cluster.spec;
  return [
    ...dataMounts(cluster, role, ordinal),
    { volume: { name: volume.config, configMap: { name: configMapName(name), items: [{ key: configKey, path: fileName(path.hdfsConfigFile) }] } }, mountPath: directory(path.hdfsConfigFile), readOnly: true },
    { volume: { name: volume.secret, secret: { secretName: secretName(name), defaultMode: 0o440 } }, mountPath: directory(path.secretFile), readOnly: true },
    ...tls === undefined ? [] : [{ volume: { name: volume.tls, secret: { secretName: tls.secretName, defaultMode: 0o440 } }, mountPath: path.tlsDir, readOnly: true }],
    ...waitsForRack(cluster, role) ? [{
      volume: { name: volume.rack, downwardAPI: { items: [{ path: fileName(path.rackFile), fieldRef: { apiVersion: 'v1', fieldPath: `metadata.annotations['${annotation.rack}']` } }] } },
      mountPath: directory(path.rackFile),
      readOnly: true,
    }] : [],
    { volume: { name: volume.tmp, emptyDir: { sizeLimit: '1Gi' } }, mountPath: '/tmp', readOnly: false },
  ];
}

/** Whether the operator has to tell the member its rack when it knows where its pod runs. */
export function waitsForRack({ spec }: HdfsCluster, role: Role): boolean {
  return role === 'datanode' && spec.rackTopology !== undefined;
}

function directory(file: string): string {
  return file.slice(0, file.lastIndexOf('/'));
}

function fileName(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1);
}

function engineEnvironment(cluster: HdfsCluster, role: Role, ordinal: number, resources: EffectiveResources, defaults: PodDefaults): readonly object[] {
  const field = (name: string, fieldPath: string): object => ({ name, valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath } } });
  return [
    { name: environment.hdfsConfigFile, value: path.hdfsConfigFile },
    { name: environment.hdfsNodeName, value: memberName(role, ordinal) },
    { name: environment.dataDirectories, value: dataMounts(cluster, role, ordinal).map((each) => each.mountPath).join(':') },
    // A datanode is reached by its address, which works from wherever pods are reached; a certificate wants a name.
    ...role === 'namenode' || cluster.spec.tls !== undefined ? [{ name: environment.advertisedHost, value: hostOf(cluster.metadata, role, ordinal) }] : [],
    ...waitsForRack(cluster, role) ? [{ name: environment.rackFile, value: path.rackFile }] : [],
    { name: environment.secretFile, value: path.secretFile },
    field(environment.podIp, 'status.podIP'),
    field(environment.machine, 'spec.nodeName'),
    { name: environment.cores, value: String(resources.cores) },
    { name: environment.memoryBytes, value: String(resources.memoryBytes) },
    { name: environment.terminationFile, value: path.terminationFile },
    { name: environment.logLevel, value: defaults.logLevel },
  ];
}

/** Applies the user's template; identity, ownership, names and the restart policy stay the operator's, because the cluster rests on them. */
function finished(cluster: HdfsCluster, role: Role, ordinal: number, spec: Readonly<Record<string, unknown>>): KubeObject {
  const metadata: ObjectMeta = ownedMetadata(cluster, podName(cluster.metadata.name, role, ordinal), memberLabels(role, ordinal));
  const template = settingsOf(cluster, role).podTemplate as Readonly<Record<string, unknown>> | undefined;
  const merged = mergePodTemplate({ metadata, spec }, { metadata: template?.['metadata'], spec: template?.['spec'] });
  const free = merged['metadata'] as ObjectMeta;
  const { hostname, subdomain, restartPolicy } = spec;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...metadata,
      labels: { ...free.labels, ...metadata.labels },
      ...(free.annotations === undefined ? {} : { annotations: free.annotations }),
    },
    spec: { ...(merged['spec'] as Readonly<Record<string, unknown>>), hostname, subdomain, restartPolicy },
  };
}

/** Leaves out what is undefined: it would only stand in the object to be dropped by the server. */
function compact(object: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}
