/** Names, labels and annotations of a cluster's children: the same for the same cluster, always. */

export type Role = 'namenode' | 'datanode';

export const label = {
  /** The cluster's name; what the caches select children by. */
  cluster: 'headrace.dev/hdfs-cluster',
  role: 'headrace.dev/role',
  ordinal: 'headrace.dev/ordinal',
  managedBy: 'app.kubernetes.io/managed-by',
} as const;

export const annotation = {
  /** Of a pod: hash of all that a restart would change. */
  revision: 'headrace.dev/revision',
  /** Of a pod: tells which Secret it was started with, without telling the secret. */
  secret: 'headrace.dev/secret',
  /** Of a datanode's pod: written when its node is known, read by the container as a file. */
  rack: 'headrace.dev/rack',
  /** Of a claim: the cluster whose data it holds. It outlives the HdfsCluster, and tells a later one of the same name whose data it takes over. */
  clusterId: 'headrace.dev/cluster-id',
  /** Of a namenode's claim: the name space exists. */
  formatted: 'headrace.dev/formatted',
} as const;

export const managedBy = 'headrace';

/** Holds an HdfsCluster in the API until its pods have stopped in order and its volumes are dealt with. */
export const clusterFinalizer = 'headrace.dev/hdfs-cluster';

const short: Readonly<Record<Role, string>> = { namenode: 'nn', datanode: 'dn' };

/** The name that the engine knows a member by: `nn-0`, `dn-3`. */
export function memberName(role: Role, ordinal: number): string {
  return `${short[role]}-${ordinal}`;
}

/** The ordinal in a datanode's name; undefined for any other name. */
export function dataNodeOrdinal(name: string): number | undefined {
  const digits = /^dn-(0|[1-9]\d*)$/.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

export function podName(cluster: string, role: Role, ordinal: number): string {
  return `${cluster}-${memberName(role, ordinal)}`;
}

export function claimName(cluster: string, role: Role, ordinal: number, volume: number): string {
  return `${podName(cluster, role, ordinal)}-data-${volume}`;
}

/** Headless: gives the pods of a role their stable names. */
export function headlessName(cluster: string, role: Role): string {
  return `${cluster}-${short[role]}`;
}

/** What clients connect to. */
export function clientServiceName(cluster: string): string {
  return cluster;
}

export function secretName(cluster: string): string {
  return `${cluster}-hdfs`;
}

export function configMapName(cluster: string): string {
  return `${cluster}-hdfs`;
}

export function budgetName(cluster: string, role: Role): string {
  return headlessName(cluster, role);
}

/** The stable host name of a pod, as the cluster's DNS has it. */
export function hostOf(cluster: { readonly name: string; readonly namespace?: string }, role: Role, ordinal: number): string {
  return `${podName(cluster.name, role, ordinal)}.${headlessName(cluster.name, role)}.${cluster.namespace ?? ''}.svc`;
}

export function dataNodeSelector(cluster: string): string {
  return `${label.cluster}=${cluster},${label.role}=datanode`;
}
