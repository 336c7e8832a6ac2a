/**
 * The log of one partition replica: what the broker asks of it. Implemented by `openPartitionLog` (`open-log.ts`) on a `Disk`, in Kafka's own file format.
 * Batches are stored as they came but for base offset and leader epoch, which lie outside the checksum (and the timestamp of topics that stamp on append).
 *
 * Appends and truncations of one log run one after another in the order of the calls; reads run beside them and see whole batches only.
 * What an append resolved for survives the end of the process; it survives the end of the machine once `flush` has resolved, or by replication.
 */
import type { Isolation } from '../model.ts';

export interface LogConfig {
  readonly segmentBytes: number;
  readonly segmentMs: number;
  readonly indexIntervalBytes: number;
  readonly maxMessageBytes: number;
  /** -1: for ever. */
  readonly retentionMs: number;
  /** -1: no limit. */
  readonly retentionBytes: number;
  readonly cleanupPolicy: readonly ('delete' | 'compact')[];
  readonly minCompactionLagMs: number;
  readonly maxCompactionLagMs: number;
  readonly minCleanableDirtyRatio: number;
  readonly deleteRetentionMs: number;
  readonly fileDeleteDelayMs: number;
  readonly timestampType: 'CreateTime' | 'LogAppendTime';
  readonly timestampBeforeMaxMs: number;
  readonly timestampAfterMaxMs: number;
  /** How many messages, and how long, may wait for `fdatasync`. */
  readonly flushMessages: number;
  readonly flushMs: number;
  /** Producers that are silent for so long are forgotten. */
  readonly producerIdExpirationMs: number;
}

export interface AppendResult {
  /** Of the first record; for a repeated batch of an idempotent producer, where it was stored the first time. */
  readonly firstOffset: number;
  readonly lastOffset: number;
  /** -1 unless the topic stamps on append. */
  readonly logAppendTimeMs: number;
  readonly logStartOffset: number;
  /** It was stored before; nothing was written. */
  readonly duplicate: boolean;
}

export interface LeaderAppend {
  readonly leaderEpoch: number;
  readonly nowMs: number;
  /** `client`: checked as clients' batches are (sequence numbers, timestamps, size, keys of compacted topics). `coordinator`: written by the broker itself. */
  readonly origin: 'client' | 'coordinator';
}

export interface AbortedTransaction {
  readonly producerId: number;
  readonly firstOffset: number;
}

export interface LogRead {
  readonly offset: number;
  readonly bytesMax: number;
  /** The first batch is given whole even when it has more than `bytesMax` bytes. */
  readonly atLeastOneBatch: boolean;
  /** `logEnd`: followers read to the end. Else to the high watermark, or for `committed` to the last stable offset. */
  readonly until: 'logEnd' | Isolation;
}

export interface LogReadResult {
  /** Whole batches; the first holds `offset` or follows it. Empty when there is nothing yet. Valid as long as anybody keeps it. */
  readonly records: Uint8Array;
  readonly highWatermark: number;
  readonly lastStableOffset: number;
  readonly logStartOffset: number;
  /** Only for `committed`. */
  readonly abortedTransactions: readonly AbortedTransaction[] | undefined;
}

export interface TransactionEnd {
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly committed: boolean;
  readonly coordinatorEpoch: number;
}

export interface OffsetAndTimestamp {
  readonly offset: number;
  readonly timestampMs: number;
  readonly leaderEpoch: number;
}

export interface ProducerSummary {
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly lastSequence: number;
  readonly lastTimestampMs: number;
  readonly coordinatorEpoch: number;
  /** -1: none is open. */
  readonly currentTransactionStartOffset: number;
}

/** Every call rejects with `KafkaError`: the name in brackets, or KAFKA_STORAGE_ERROR when the disk fails; the log is then offline for good. */
export interface PartitionLog {
  readonly logStartOffset: number;
  readonly logEndOffset: number;
  readonly highWatermark: number;
  /** First offset of the oldest open transaction, or the high watermark. */
  readonly lastStableOffset: number;
  /** Of the last batch, or begun since; -1 when there is none. */
  readonly latestEpoch: number;
  readonly bytes: number;
  readonly config: LogConfig;

  /**
   * The bytes are the log's from the call on, whatever comes of it: it sets offsets and epochs in them and keeps them in memory. A batch of an idempotent
   * producer comes alone.
   * [CORRUPT_MESSAGE, MESSAGE_TOO_LARGE, RECORD_LIST_TOO_LARGE, INVALID_RECORD, INVALID_TIMESTAMP, OUT_OF_ORDER_SEQUENCE_NUMBER, INVALID_PRODUCER_EPOCH, UNSUPPORTED_FOR_MESSAGE_FORMAT, FENCED_LEADER_EPOCH]
   */
  appendAsLeader(records: Uint8Array, append: LeaderAppend): Promise<AppendResult>;
  /** Batches of the leader with their offsets and epochs; there may be gaps, which compaction leaves. The bytes are the log's from the call on. [CORRUPT_MESSAGE, OFFSET_OUT_OF_RANGE when they begin before the end] */
  appendAsFollower(records: Uint8Array): Promise<void>;
  /** Ends a transaction: a control batch of one record. [TRANSACTION_COORDINATOR_FENCED, INVALID_PRODUCER_EPOCH, FENCED_LEADER_EPOCH] */
  appendMarker(marker: TransactionEnd, append: LeaderAppend): Promise<AppendResult>;
  /** [OFFSET_OUT_OF_RANGE] */
  read(read: LogRead): Promise<LogReadResult>;
  /** Never goes back by itself; never past the end. Kept over restarts, perhaps an older one; after a truncation it is at most the end. */
  setHighWatermark(offset: number): void;
  /** The first record with at least this timestamp (up to `until`), as ListOffsets wants it. */
  offsetForTimestamp(timestampMs: number, until: number): Promise<OffsetAndTimestamp | undefined>;
  offsetOfMaxTimestamp(): Promise<OffsetAndTimestamp | undefined>;
  /**
   * The end of the given epoch or of the greatest one below it, as OffsetsForLeaderEpoch wants it. One older than all that are known ends where the first of
   * them begins; undefined for one newer than all, and when none is known.
   */
  endOffsetForEpoch(epoch: number): { readonly epoch: number; readonly endOffset: number } | undefined;
  /** Note of a new leader epoch at the end of the log, before the first append in it. */
  beginEpoch(epoch: number): Promise<void>;
  /** A follower drops what its leader does not have. */
  truncateTo(offset: number): Promise<void>;
  /** Everything goes; the log begins at `offset`. A follower that is behind its leader's start. */
  truncateFullyAndStartAt(offset: number): Promise<void>;
  /** DeleteRecords, and what a follower learns of its leader's start. Durable. [OFFSET_OUT_OF_RANGE above the high watermark] */
  advanceLogStart(offset: number): Promise<void>;
  producers(): readonly ProducerSummary[];
  reconfigure(config: LogConfig): void;
  /** Rolls, deletes what is old, compacts what is dirty; what `maintenance.ts` calls now and then. Resolves to whether anything changed. */
  maintain(nowMs: number): Promise<boolean>;
  /** `fdatasync` of all that was appended before. */
  flush(): Promise<void>;
  /** Flushes; the next open need not look for a torn tail. */
  close(): Promise<void>;
}
