/** A log on a disk in memory, and batches to put into it. */
import { ManualClock } from '../../../core/clock.ts';
import { silentLogger } from '../../../core/logger.ts';
import { MemoryDisk } from '../../../storage/memory-disk.ts';
import { encodeBatch, type BatchOptions, type RecordInput } from '../../records/batch.ts';
import { batchesIn } from '../../records/batch-header.ts';
import { decodeRecords, type KafkaRecord } from '../../records/record.ts';
import type { LogResources } from '../log-state.ts';
import { openLogResources, openPartitionLog, type LogResourceLimits } from '../open-log.ts';
import type { LeaderAppend, LogConfig, PartitionLog } from '../partition-log.ts';

export const testConfig: LogConfig = {
  segmentBytes: 1024 * 1024, segmentMs: 7 * 86_400_000, indexIntervalBytes: 4096, maxMessageBytes: 1024 * 1024, retentionMs: -1, retentionBytes: -1,
  cleanupPolicy: ['delete'], minCompactionLagMs: 0, maxCompactionLagMs: Number.MAX_SAFE_INTEGER, minCleanableDirtyRatio: 0.5, deleteRetentionMs: 86_400_000,
  fileDeleteDelayMs: 60_000, timestampType: 'CreateTime', timestampBeforeMaxMs: Number.MAX_SAFE_INTEGER, timestampAfterMaxMs: 3_600_000,
  flushMessages: Number.MAX_SAFE_INTEGER, flushMs: Number.MAX_SAFE_INTEGER, producerIdExpirationMs: 86_400_000,
};

const smallLimits: LogResourceLimits = { openFilesMax: 3, tailBytesMax: 64 * 1024, tailBytesPerLogMax: 16 * 1024, indexCacheBytesMax: 4096 };

export const startMs = 1_700_000_000_000;
export const directory = 'topics/orders-0';

export class LogWorld {
  readonly disk: MemoryDisk;
  readonly clock = new ManualClock(startMs);
  readonly limits: LogResourceLimits;
  resources: LogResources;
  config: LogConfig;
  log!: PartitionLog;
  keyMapBytesMax: number | undefined;

  private constructor(config: Partial<LogConfig>, limits: Partial<LogResourceLimits>) {
    this.disk = new MemoryDisk();
    this.config = { ...testConfig, ...config };
    this.limits = { ...smallLimits, ...limits };
    this.resources = openLogResources(this.disk, this.limits);
  }

  static async open(config: Partial<LogConfig> = {}, limits: Partial<LogResourceLimits> = {}): Promise<LogWorld> {
    const world = new LogWorld(config, limits);
    await world.open();
    return world;
  }

  async open(): Promise<void> {
    this.resources = openLogResources(this.disk, this.limits);
    this.log = await openPartitionLog({
      disk: this.disk, directory, config: this.config, clock: this.clock, logger: silentLogger, resources: this.resources,
      ...(this.keyMapBytesMax === undefined ? {} : { keyMapBytesMax: this.keyMapBytesMax }),
    });
  }

  /** The process ends in an orderly way and starts again. */
  async restart(): Promise<void> {
    await this.log.close();
    await this.open();
  }

  /** The process ends at once; the machine goes on. */
  async kill(): Promise<void> {
    await this.open();
  }

  get nowMs(): number {
    return this.clock.wallMs();
  }

  leader(changes: Partial<LeaderAppend> = {}): LeaderAppend {
    return { leaderEpoch: Math.max(0, this.log.latestEpoch), nowMs: this.nowMs, origin: 'client', ...changes };
  }

  /** Appends a batch with these values. Resolves to its first offset. */
  async append(values: readonly string[], options: BatchOptions = {}, changes: Partial<LeaderAppend> = {}): Promise<number> {
    return (await this.log.appendAsLeader(batchOf(values, this.nowMs, options), this.leader(changes))).firstOffset;
  }

  /** Everything is committed. */
  commit(): void {
    this.log.setHighWatermark(this.log.logEndOffset);
  }

  /** All records from an offset on, as followers see them. */
  async records(from = this.log.logStartOffset, bytesMax = 5000): Promise<readonly KafkaRecord[]> {
    const records: KafkaRecord[] = [];
    for (let offset = from; ;) {
      const read = await this.log.read({ offset, bytesMax, atLeastOneBatch: true, until: 'logEnd' });
      if (read.records.length === 0) return records;
      for (const { at, header } of batchesIn(read.records)) {
        for (const record of decodeRecords(read.records, header, { at, bytesMax: 1e8 })) if (record.offset >= offset) records.push(record);
        offset = header.baseOffset + header.lastOffsetDelta + 1;
      }
    }
  }

  async values(from?: number): Promise<readonly string[]> {
    return (await this.records(from)).map(({ value }) => text(value));
  }

  async files(): Promise<readonly string[]> {
    return (await this.disk.list(directory)).map(({ name }) => name);
  }
}

export function batchOf(values: readonly string[], timestampMs: number, options: BatchOptions = {}): Buffer {
  return encodeBatch(values.map((value) => ({ key: null, value: Buffer.from(value), timestampMs })), options);
}

export function keyed(entries: readonly (readonly [string, string | null])[], timestampMs: number, options: BatchOptions = {}): Buffer {
  const records = entries.map(([key, value]): RecordInput => ({ key: Buffer.from(key), value: value === null ? null : Buffer.from(value), timestampMs }));
  return encodeBatch(records, options);
}

export function text(bytes: Uint8Array | null): string {
  return bytes === null ? 'null' : Buffer.from(bytes).toString();
}
