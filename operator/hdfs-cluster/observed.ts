/** What one pass of the controller has seen. All decisions are functions of this and of the time. */
import type { HdfsStatus } from '../../engine/contract.ts';
import type { HdfsCluster } from '../api/hdfs-cluster.ts';
import type { PersistentVolumeClaim, Pod } from '../kube/resource-types.ts';

export interface Problem {
  readonly reason: string;
  readonly message: string;
}

/** The API server did not accept a child. */
export interface Refusal extends Problem {
  /** The object itself is wrong: asking again cannot help. Otherwise a quota or a policy, which may change. */
  readonly terminal: boolean;
  readonly retryAtMs: number;
}

export type NameNodeAnswer =
  | { readonly kind: 'status'; readonly status: HdfsStatus }
  /** Asked in vain. */
  | { readonly kind: 'silent'; readonly message: string };

export interface Observed {
  readonly cluster: HdfsCluster;
  /** The cluster's own pods. */
  readonly pods: readonly Pod[];
  /** Pods of an HdfsCluster of this name that is gone. */
  readonly foreign: readonly Pod[];
  /** Claims of this name: of this cluster, or retained from an earlier one. */
  readonly claims: readonly PersistentVolumeClaim[];
  /** By pod name; of the namenodes that run. */
  readonly answers: ReadonlyMap<string, NameNodeAnswer>;
  /** Racks of datanode pods that have a node and no rack yet, by pod name. */
  readonly racks: ReadonlyMap<string, string>;
  readonly rackProblem: Problem | undefined;
  readonly refusal: Refusal | undefined;
  /** Sizes that the API server refused to give a claim, by claim name. */
  readonly growthRefusals: ReadonlyMap<string, string>;
  /** Why the active namenode could not hand over when it was last asked to. */
  readonly handoverRefusal: string | undefined;
  /** Of the cluster's Secret as it is now; undefined while the operator has not read it. */
  readonly secretMark: string | undefined;
  /** For a cluster that has no id yet. */
  readonly newClusterId: string;
}
