/**
 * What a cluster's children look like: HdfsCluster + context → Secret, ConfigMap, Services, disruption budgets, claims, pods.
 * Pods satisfy Pod Security "restricted". The pods themselves are in `desired-pod.ts`.
 */
import type { HdfsConfig } from '../../engine/contract.ts';
import { port } from '../../engine/contract.ts';
import type { HdfsCluster } from '../api/hdfs-cluster.ts';
import { hdfsClusterType } from '../api/hdfs-cluster.ts';
import { parseQuantity } from '../api/quantity.ts';
import type { KubeObject, ObjectMeta } from '../kube/client.ts';
import {
  annotation, budgetName, claimName, clientServiceName, configMapName, headlessName, hostOf, label, managedBy, memberName, secretName,
} from './names.ts';
import type { Role } from './names.ts';

export const configKey = 'hdfs.json';

/** A datanode that says nothing for so long is dead, and its blocks are copied. Pods of this kind start again within seconds. */
const deadAfterMs = 30_000;
const heartbeatMs = 1000;
const transferBandwidth = 100 * 1024 * 1024;

/** One for the cluster's whole life. `token` must be unguessable. */
export function desiredSecret(cluster: HdfsCluster, token: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: ownedMetadata(cluster, secretName(cluster.metadata.name), {}),
    type: 'Opaque',
    immutable: true,
    data: { token: btoa(token) },
  };
}

export function desiredConfig(cluster: HdfsCluster, clusterId: string, mayFormat: boolean): HdfsConfig {
  const { metadata, spec } = cluster;
  return {
    clusterId,
    clusterName: metadata.name,
    namespace: metadata.namespace ?? '',
    nameNodes: Array.from({ length: spec.nameNode.replicas }, (_, ordinal) => ({ name: memberName('namenode', ordinal), host: hostOf(metadata, 'namenode', ordinal) })),
    mayFormat,
    replication: spec.replication,
    blockBytes: Math.floor(parseQuantity(spec.blockSize)),
    blockBytesMin: Math.floor(parseQuantity(spec.minBlockSize)),
    permissions: spec.permissions.enabled,
    superuser: spec.superuser,
    supergroup: spec.permissions.supergroup,
    umask: Number.parseInt(spec.permissions.umask, 8),
    trashIntervalMinutes: spec.trash.intervalMinutes,
    trashCheckpointMinutes: spec.trash.checkpointIntervalMinutes,
    safeModeThreshold: 0.999,
    safeModeDatanodes: 1,
    deadAfterMs,
    heartbeatMs,
    transferBandwidth,
    tls: spec.tls !== undefined,
  };
}

/** What namenodes and datanodes read. Updated in place: a container that starts again reads the latest. */
export function desiredConfigMap(cluster: HdfsCluster, clusterId: string, mayFormat: boolean): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: ownedMetadata(cluster, configMapName(cluster.metadata.name), {}),
    data: { [configKey]: `${JSON.stringify(desiredConfig(cluster, clusterId, mayFormat), null, 2)}\n` },
  };
}

export function desiredServices(cluster: HdfsCluster): readonly KubeObject[] {
  const tls = cluster.spec.tls !== undefined;
  const nameNodePorts = [portOf('http', port.nameNodeHttp), portOf('rpc', port.nameNodeRpc), ...tls ? [portOf('https', port.nameNodeHttps)] : []];
  const dataNodePorts = [portOf('http', port.dataNodeHttp), portOf('rpc', port.dataNodeRpc), ...tls ? [portOf('https', port.dataNodeHttps)] : []];
  return [
    headlessService(cluster, 'namenode', nameNodePorts),
    headlessService(cluster, 'datanode', dataNodePorts),
    service(cluster, clientServiceName(cluster.metadata.name), { selector: selectorOf(cluster, 'namenode'), ports: nameNodePorts }),
  ];
}

function headlessService(cluster: HdfsCluster, role: Role, ports: readonly object[]): KubeObject {
  return service(cluster, headlessName(cluster.metadata.name, role), {
    clusterIP: 'None',
    // Namenodes need each other's names before any of them is ready.
    publishNotReadyAddresses: true,
    selector: selectorOf(cluster, role),
    ports,
  });
}

function service(cluster: HdfsCluster, name: string, spec: object): KubeObject {
  return { apiVersion: 'v1', kind: 'Service', metadata: ownedMetadata(cluster, name, {}), spec };
}

function portOf(name: string, number: number): object {
  return { name, port: number, protocol: 'TCP', targetPort: number };
}

/**
 * At most one of a role may be evicted at a time. Where there is only one, a budget would only block the drain of its node for ever.
 * As a least number, not as a greatest: the pods' owner has no scale that would fit both roles.
 */
export function desiredBudgets(cluster: HdfsCluster, dataNodes: number): readonly KubeObject[] {
  const roles: readonly (readonly [Role, number])[] = [['namenode', cluster.spec.nameNode.replicas], ['datanode', dataNodes]];
  return roles.filter(([, members]) => members > 1).map(([role, members]) => ({
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: ownedMetadata(cluster, budgetName(cluster.metadata.name, role), {}),
    spec: { minAvailable: members - 1, selector: { matchLabels: selectorOf(cluster, role) }, unhealthyPodEvictionPolicy: 'AlwaysAllow' },
  }));
}

export function volumesOf(cluster: HdfsCluster, role: Role): number {
  return role === 'namenode' ? 1 : cluster.spec.dataNodes.storage.volumes;
}

export function storageOf(cluster: HdfsCluster, role: Role): { readonly size: string; readonly storageClassName?: string | undefined } {
  return role === 'namenode' ? cluster.spec.nameNode.storage : cluster.spec.dataNodes.storage;
}

/** Without an owner: claims outlive what uses them, and only the deletion policy says when they go. */
export function desiredClaim(cluster: HdfsCluster, clusterId: string, role: Role, ordinal: number, volume: number): KubeObject {
  const { name, namespace = '' } = cluster.metadata;
  const { size, storageClassName } = storageOf(cluster, role);
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      name: claimName(name, role, ordinal, volume),
      namespace,
      labels: { ...commonLabels(cluster), ...memberLabels(role, ordinal) },
      annotations: { [annotation.clusterId]: clusterId },
    },
    spec: {
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: size } },
      ...(storageClassName === undefined ? {} : { storageClassName }),
    },
  };
}

export function memberLabels(role: Role, ordinal: number): Readonly<Record<string, string>> {
  return { 'app.kubernetes.io/component': role, [label.role]: role, [label.ordinal]: String(ordinal) };
}

export function selectorOf(cluster: HdfsCluster, role: Role): Readonly<Record<string, string>> {
  return { [label.cluster]: cluster.metadata.name, [label.role]: role };
}

function commonLabels(cluster: HdfsCluster): Readonly<Record<string, string>> {
  return { 'app.kubernetes.io/name': 'headrace-hdfs', 'app.kubernetes.io/instance': cluster.metadata.name, [label.managedBy]: managedBy, [label.cluster]: cluster.metadata.name };
}

export function ownedMetadata(cluster: HdfsCluster, name: string, labels: Readonly<Record<string, string>>): ObjectMeta {
  return {
    name,
    namespace: cluster.metadata.namespace ?? '',
    labels: { ...commonLabels(cluster), ...labels },
    ownerReferences: [{
      apiVersion: hdfsClusterType.apiVersion,
      kind: hdfsClusterType.kind,
      name: cluster.metadata.name,
      uid: cluster.metadata.uid ?? '',
      controller: true,
      blockOwnerDeletion: true,
    }],
  };
}
