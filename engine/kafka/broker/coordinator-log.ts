/**
 * What a coordinator (groups, transactions) keeps its state in: one partition of an internal, compacted topic whose leader this broker is.
 * Implemented by the broker's replica layer; `testdata/memory-coordinator-log.ts` serves tests.
 */
export interface CoordinatorRecord {
  readonly key: Uint8Array;
  /** Null: a tombstone. */
  readonly value: Uint8Array | null;
}

/** A transaction's offsets: seen by those who load the log only once its marker says so. */
export interface ProducerStamp {
  readonly producerId: number;
  readonly producerEpoch: number;
}

export interface CoordinatorLog {
  /**
   * Resolves once all in-sync replicas have them. Rejects with `KafkaError`: NOT_LEADER_OR_FOLLOWER, NOT_ENOUGH_REPLICAS,
   * NOT_ENOUGH_REPLICAS_AFTER_APPEND, REQUEST_TIMED_OUT (then they may be there or not), MESSAGE_TOO_LARGE, KAFKA_STORAGE_ERROR.
   */
  append(partition: number, records: readonly CoordinatorRecord[], options: { readonly leaderEpoch: number; readonly nowMs: number; readonly stamp?: ProducerStamp }): Promise<void>;
  /** All records from the start to the end of the log, in order, and the markers of transactions. */
  load(partition: number, signal: AbortSignal): AsyncIterable<readonly LoadedRecord[]>;
}

export type LoadedRecord =
  | { readonly kind: 'record'; readonly record: CoordinatorRecord; readonly stamp: ProducerStamp | undefined }
  | { readonly kind: 'marker'; readonly stamp: ProducerStamp; readonly committed: boolean };

/** Java's `Utils.abs(key.hashCode()) % partitions`: which partition a group or transactional id belongs to. */
export function coordinatorPartitionOf(id: string, partitions: number): number {
  let hash = 0;
  for (let i = 0; i < id.length; i += 1) hash = (Math.imul(hash, 31) + id.charCodeAt(i)) | 0;
  return (hash & 0x7fffffff) % partitions;
}
