/** What datanodes tell the namenodes, and what the active one answers. Every datanode talks to every namenode; only the active one's commands count. */
import type { Block, DatanodeAddress } from './model.ts';

export interface Registration extends DatanodeAddress {
  /** A mismatch is refused: this disk belongs to another cluster. */
  readonly clusterId: string;
}

export interface VolumeReport {
  readonly id: string;
  readonly failed: boolean;
  readonly capacityBytes: number;
  /** By blocks. */
  readonly usedBytes: number;
  readonly remainingBytes: number;
}

export type ReplicaState =
  /** Complete and checked. */
  | 'Finalized'
  /** A pipeline writes it. */
  | 'BeingWritten'
  /** It was being written when the datanode stopped. */
  | 'WaitingToBeRecovered';

export interface ReplicaReport extends Block {
  readonly state: ReplicaState;
}

export interface Heartbeat {
  readonly uuid: string;
  readonly volumes: readonly VolumeReport[];
  readonly blocks: number;
  /** Writes and copies under way: placement avoids busy datanodes. */
  readonly transfers: number;
}

export type DatanodeCommand =
  /** This namenode does not know the datanode: register, then report all blocks. */
  | { readonly kind: 'register' }
  | { readonly kind: 'report' }
  | { readonly kind: 'transfer'; readonly block: Block; readonly targets: readonly DatanodeAddress[] }
  | { readonly kind: 'invalidate'; readonly blocks: readonly Block[] }
  /** Agree with the other replicas on a length, give them the new stamp, and tell by `commitRecovery`. `bytes` is set to cut a block (truncate). */
  | { readonly kind: 'recover'; readonly block: Block; readonly newGenerationStamp: number; readonly bytes?: number | undefined; readonly replicas: readonly DatanodeAddress[] };

export interface HeartbeatAnswer {
  readonly active: boolean;
  /** Of the log: a datanode obeys the active namenode of the highest term only. */
  readonly term: number;
  readonly commands: readonly DatanodeCommand[];
  /** Of copies between datanodes, bytes per second. */
  readonly transferBandwidth: number;
}

/** Every call rejects with `HdfsError`. */
export interface DatanodeProtocol {
  register(registration: Registration): Promise<void>;
  heartbeat(heartbeat: Heartbeat): Promise<HeartbeatAnswer>;
  /** Everything that the datanode has on one volume. */
  blockReport(uuid: string, volumeId: string, replicas: readonly ReplicaReport[]): Promise<void>;
  /** What changed since the last call. */
  incrementalReport(uuid: string, received: readonly ReplicaReport[], deleted: readonly number[]): Promise<void>;
  reportBadReplica(block: Block, uuid: string): Promise<void>;
  /** The outcome of a `recover` command. Bytes 0: no replica holds anything, the block goes. */
  commitRecovery(old: Block, next: Block, datanodes: readonly string[]): Promise<void>;
}
