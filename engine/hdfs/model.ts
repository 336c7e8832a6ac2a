/** What namenode, datanodes and clients talk about. Lengths and offsets in bytes, times in milliseconds since 1970. */

/** A version of a block: `generationStamp` grows whenever a write is recovered or resumed, so that stale replicas are told apart. */
export interface Block {
  /** From 2^30 + 1 upwards, never used twice in a cluster. */
  readonly id: number;
  readonly generationStamp: number;
  readonly bytes: number;
}

export interface DatanodeAddress {
  /** Made when the datanode's disks are formatted; stays with them. */
  readonly uuid: string;
  /** Stable name: the pod's. */
  readonly name: string;
  /** What others reach it by. */
  readonly host: string;
  readonly httpPort: number;
  readonly rpcPort: number;
  /** `/rack` or `/default-rack`. */
  readonly rack: string;
  /** The Kubernetes node (or machine) that it runs on; replicas of a block lie on different machines where there are enough. */
  readonly machine: string;
}

export type DatanodeState = 'Live' | 'Decommissioning' | 'Decommissioned' | 'Dead';

export interface DatanodeReport extends DatanodeAddress {
  readonly state: DatanodeState;
  readonly capacityBytes: number;
  readonly usedBytes: number;
  readonly remainingBytes: number;
  readonly blocks: number;
  readonly volumes: number;
  readonly failedVolumes: number;
  readonly lastContactMs: number;
  /** Blocks with a replica here that have too few elsewhere: what decommissioning waits for. */
  readonly underReplicatedBlocks: number;
}

export interface LocatedBlock {
  readonly block: Block;
  /** Of the block's first byte in the file. */
  readonly offset: number;
  /** Nearest to the caller first. */
  readonly locations: readonly DatanodeAddress[];
  /** All known replicas are corrupt. */
  readonly corrupt: boolean;
}

export interface LocatedBlocks {
  readonly fileBytes: number;
  readonly blocks: readonly LocatedBlock[];
  readonly underConstruction: boolean;
}

export interface FileStatus {
  readonly fileId: number;
  readonly kind: 'file' | 'directory';
  /** Name within the listed directory; empty for the status of a path itself. */
  readonly name: string;
  /** 0 for directories. */
  readonly bytes: number;
  readonly owner: string;
  readonly group: string;
  /** Mode bits, sticky bit included: 0o1777. */
  readonly permission: number;
  readonly modifiedMs: number;
  readonly accessedMs: number;
  /** 0 for directories. */
  readonly replication: number;
  /** 0 for directories. */
  readonly blockBytes: number;
  /** 0 for files. */
  readonly children: number;
}

export interface ContentSummary {
  readonly directories: number;
  readonly files: number;
  /** Of all files, once. */
  readonly bytes: number;
  /** Times replication. */
  readonly spaceBytes: number;
  /** -1: none. */
  readonly nameQuota: number;
  readonly spaceQuotaBytes: number;
}

export interface ServerDefaults {
  readonly blockBytes: number;
  readonly bytesPerChecksum: 512;
  readonly writePacketBytes: number;
  readonly replication: number;
  readonly trashIntervalMinutes: number;
}

export interface FileSystemStatus {
  readonly capacityBytes: number;
  readonly usedBytes: number;
  readonly remainingBytes: number;
}

/** On whose behalf a call is made. Groups are those of the request (none known: the user's name is its only group). */
export interface Caller {
  readonly user: string;
  readonly groups: readonly string[];
  /** Address or machine of whoever reads or writes: the nearest replica comes first, the first replica is written there. */
  readonly host?: string;
  /**
   * Unique for one call, the same when it is retried: a namenode that has done the call already gives the same answer again and does nothing.
   * Without it a retry is a new call.
   */
  readonly callId?: string;
}

export const firstBlockId = 2 ** 30 + 1;
export const bytesPerChecksum = 512;
export const pathBytesMax = 8000;
export const pathDepthMax = 1000;
export const nameBytesMax = 255;
