/** Calls between datanodes (and a datanode's own WebHDFS writer): the write pipeline, reading, copying, recovery. All over the transport, authenticated. */
import type { Block, DatanodeAddress } from './model.ts';
import type { ReplicaState } from './datanode-protocol.ts';

/** `create`: a new block. `append`: go on after a finalized replica. `resume`: go on after a pipeline broke, from `block.bytes`. `transfer`: a copy. */
export type WriteStage = 'create' | 'append' | 'resume' | 'transfer';

export interface OpenWrite {
  readonly stage: WriteStage;
  /** With the stamp that the replica will have; `bytes` is what every replica of the pipeline already has. */
  readonly block: Block;
  /** Of the replica that is there, when it differs. */
  readonly oldGenerationStamp?: number | undefined;
  /** Who comes after the callee. */
  readonly downstream: readonly DatanodeAddress[];
}

export interface Packet {
  readonly blockId: number;
  readonly generationStamp: number;
  /** Of the first byte, within the block. */
  readonly offset: number;
  readonly data: Uint8Array;
  /** CRC-32C of each 512 bytes as 4 big-endian bytes; chunks start at multiples of 512 of the block. */
  readonly checksums: Uint8Array;
  /** `flush`: readers may see it once acknowledged. `sync`: on disk before the acknowledgement. */
  readonly durability: 'none' | 'flush' | 'sync';
}

/** When a pipeline fails, which datanode failed: `HdfsError` with its uuid in the message is not enough for code. */
export interface PacketAnswer {
  /** Empty when every datanode of the pipeline has it; else the uuid of the first that failed. */
  readonly failed: string;
}

export interface BlockTransfer {
  /** Opens the whole pipeline. The answer names the first datanode that could not be opened. */
  openWrite(request: OpenWrite): Promise<PacketAnswer>;
  /** Answered when the callee and all after it have the packet. Several may be under way; they are written in order of offset. */
  writePacket(packet: Packet): Promise<PacketAnswer>;
  /** Makes the replicas final with this length (synced to disk), and reports them. */
  finalize(block: Block): Promise<PacketAnswer>;
  /** Checked against the checksums before it is sent. At most `length` bytes, fewer only at the end of what is visible. */
  readBlock(block: Block, offset: number, length: number): Promise<Uint8Array>;
  /** MD5 of the checksums of the block, as HDFS's composite file checksum needs it. */
  blockChecksum(block: Block): Promise<{ readonly md5: Uint8Array; readonly bytes: number }>;
  /** Stops writers of the replica. Undefined when there is none, or only one with a stamp of `newGenerationStamp` or later. */
  initReplicaRecovery(block: Block, newGenerationStamp: number): Promise<{ readonly block: Block; readonly state: ReplicaState } | undefined>;
  /** Cuts to `bytes`, takes the new stamp, finalizes. */
  updateReplica(block: Block, newGenerationStamp: number, bytes: number): Promise<void>;
}
