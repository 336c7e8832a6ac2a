/** What the controller of HdfsClusters needs from outside. */
import type { HdfsCluster } from '../api/hdfs-cluster.ts';
import type { KubeClient, KubeObject } from '../kube/client.ts';
import type { PersistentVolumeClaim, Pod } from '../kube/resource-types.ts';
import type { PodDefaults } from '../pod/pod-defaults.ts';
import type { Writer } from '../runtime/applier.ts';
import type { EventRecorder } from '../runtime/events.ts';
import type { ObjectKey } from '../runtime/object-key.ts';
import type { ClusterMemories } from './cluster-memory.ts';
import type { NameNodeClient } from './name-node-client.ts';

/** Children of a cluster, by its name. */
export interface Children<T> {
  of(cluster: ObjectKey): readonly T[];
}

export interface HdfsClusterDependencies {
  /** For live reads; writes go through `writer`. */
  readonly client: KubeClient;
  readonly clusters: { get(key: ObjectKey): HdfsCluster | undefined };
  readonly pods: Children<Pod>;
  readonly claims: Children<PersistentVolumeClaim>;
  readonly services: Children<KubeObject>;
  readonly budgets: Children<KubeObject>;
  readonly writer: (run: ObjectKey) => Writer;
  readonly nameNodes: NameNodeClient;
  readonly events: EventRecorder;
  /** Wall-clock milliseconds. */
  readonly now: () => number;
  /** A new secret: unguessable, printable, without white space. */
  readonly newToken: () => string;
  /** Unique in the world. */
  readonly newClusterId: () => string;
  readonly memories: ClusterMemories;
  readonly podDefaults: PodDefaults;
  /** How often a cluster is looked at while something is under way, and while nothing is. */
  readonly pollMs: number;
  readonly idlePollMs: number;
}

