/** What the parts of one log share. Changed between awaits only, so that every part finds it whole. */
import type { Clock } from '../../core/clock.ts';
import type { Logger } from '../../core/logger.ts';
import type { Disk } from '../../storage/disk.ts';
import { KafkaError } from '../kafka-error.ts';
import type { Checkpoint } from './checkpoint.ts';
import { GoneFile, type FileHandles } from './file-handles.ts';
import type { IndexCache } from './index-cache.ts';
import type { LeaderEpochs } from './leader-epochs.ts';
import type { LogConfig } from './partition-log.ts';
import type { ProducerSnapshots } from './producer-snapshots.ts';
import type { ProducerTable } from './producer-table.ts';
import { RecentTail, type TailBudget } from './recent-tail.ts';
import { Segment, type SegmentPlace } from './segment.ts';

/** What all logs of a broker share. */
export interface LogResources {
  readonly handles: FileHandles;
  readonly tails: TailBudget;
  readonly indexCache: IndexCache;
}

export interface LogParts {
  readonly disk: Disk;
  readonly directory: string;
  readonly config: LogConfig;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly resources: LogResources;
  readonly checkpoint: Checkpoint;
  readonly epochs: LeaderEpochs;
  readonly snapshots: ProducerSnapshots;
  readonly producers: ProducerTable;
  /** At least one; the last one is written to. */
  readonly segments: readonly Segment[];
  readonly logStartOffset: number;
  readonly logEndOffset: number;
  readonly highWatermark: number;
}

export class LogState {
  readonly disk: Disk;
  readonly directory: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly checkpoint: Checkpoint;
  readonly epochs: LeaderEpochs;
  readonly snapshots: ProducerSnapshots;
  readonly producers: ProducerTable;
  readonly place: SegmentPlace;
  readonly tail: RecentTail;
  config: LogConfig;
  /** By base offset. Replaced, never changed: a reader goes on with the one it has. */
  segments: readonly Segment[];
  logStartOffset: number;
  /** Of what is written. */
  logEndOffset: number;
  /** With what is about to be written. */
  admittedEndOffset: number;
  highWatermark: number;
  /** Grows when batches go or move: what was found before may not be true any more. */
  #generation = 0;
  #changing = false;
  /** Names were made or removed since the directory was synced. */
  directoryDirty = false;
  unflushedMessages = 0;
  unflushedSinceMs: number | undefined;
  failure: KafkaError | undefined;
  closed = false;

  constructor(parts: LogParts) {
    this.disk = parts.disk;
    this.directory = parts.directory;
    this.clock = parts.clock;
    this.logger = parts.logger;
    this.checkpoint = parts.checkpoint;
    this.epochs = parts.epochs;
    this.snapshots = parts.snapshots;
    this.producers = parts.producers;
    this.config = parts.config;
    this.segments = parts.segments;
    this.logStartOffset = parts.logStartOffset;
    this.logEndOffset = parts.logEndOffset;
    this.admittedEndOffset = parts.logEndOffset;
    this.highWatermark = parts.highWatermark;
    this.place = {
      disk: parts.disk, directory: parts.directory, logger: parts.logger, handles: parts.resources.handles, indexCache: parts.resources.indexCache,
    };
    this.tail = new RecentTail(parts.resources.tails);
  }

  get active(): Segment {
    return this.segments.at(-1) as Segment;
  }

  get recoveryPoint(): number {
    return this.checkpoint.fields.recoveryPoint;
  }

  get lastStableOffset(): number {
    return Math.min(this.highWatermark, this.producers.firstUnstable() ?? Number.POSITIVE_INFINITY);
  }

  get bytes(): number {
    return this.segments.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Where in `segments` the offset belongs: the last one that begins at it or before. */
  segmentIndexFor(offset: number): number {
    let low = 0;
    let high = this.segments.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.segments[middle] as Segment).baseOffset <= offset) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  }

  /** One past what a segment can hold. */
  endOfSegment(index: number): number {
    return this.segments[index + 1]?.baseOffset ?? this.logEndOffset;
  }

  newSegment(baseOffset: number): Segment {
    return new Segment(this.place, baseOffset, 0, { created: false, mode: 'write' });
  }

  async syncDirectory(): Promise<void> {
    if (!this.directoryDirty) return;
    this.directoryDirty = false;
    await this.disk.syncDirectory(this.directory);
  }

  ensureUsable(): void {
    if (this.failure !== undefined) throw this.failure;
    if (this.closed) throw new KafkaError('KAFKA_STORAGE_ERROR', `The log ${this.directory} is closed.`);
  }

  /** The disk failed: what is in memory and what is on disk may differ, so nothing is done any more until the log is opened anew. */
  fail(cause: unknown): KafkaError {
    if (this.failure !== undefined) return this.failure;
    const why = cause instanceof Error ? cause.message : String(cause);
    this.failure = cause instanceof KafkaError && cause.code === 'KAFKA_STORAGE_ERROR' ? cause
      : new KafkaError('KAFKA_STORAGE_ERROR', `The log ${this.directory} is offline: ${why}. Mend the disk and restart the broker.`, { cause });
    this.logger.error({ log: this.directory, error: cause }, 'the disk failed; the log goes offline');
    this.tail.clear();
    return this.failure;
  }

  /** Batches go or move. Runs alone; who reads meanwhile waits and looks again. */
  async change(work: () => Promise<void>): Promise<void> {
    this.#generation += 1;
    this.#changing = true;
    try {
      await work();
    } finally {
      this.#changing = false;
    }
  }

  /** What is found while nothing goes or moves. `settled` resolves when a change that is under way is done. */
  async lookUp<T>(look: () => Promise<T>, settled: () => Promise<void>): Promise<T> {
    for (;;) {
      if (this.#changing) await settled();
      this.ensureUsable();
      const generation = this.#generation;
      try {
        const found = await look();
        if (generation === this.#generation) return found;
      } catch (error) {
        if (generation === this.#generation && !(error instanceof GoneFile)) throw error instanceof KafkaError && error.code !== 'KAFKA_STORAGE_ERROR' ? error : this.fail(error);
      }
      await settled();
    }
  }

  /** Work on the disk that must not fail half-way. Kafka's errors pass as they are. */
  async onDisk<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof KafkaError && error.code !== 'KAFKA_STORAGE_ERROR') throw error;
      throw this.fail(error);
    }
  }
}
