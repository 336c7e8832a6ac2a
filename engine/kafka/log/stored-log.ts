/** A partition's log on a disk: hands each call to the part that does it, in its turn. */
import { KafkaError } from '../kafka-error.ts';
import { checkClientBatches, soundBatches } from './append-check.ts';
import { LogFlusher } from './log-flusher.ts';
import { readLog } from './log-reader.ts';
import type { LogState } from './log-state.ts';
import { restartLog, truncateLog } from './log-truncation.ts';
import { LogUpkeep } from './log-upkeep.ts';
import { LogWriter } from './log-writer.ts';
import type {
  AppendResult, LeaderAppend, LogConfig, LogRead, LogReadResult, OffsetAndTimestamp, PartitionLog, ProducerSummary, TransactionEnd,
} from './partition-log.ts';
import { encodeProducers } from './producer-snapshots.ts';
import { offsetForTimestamp, offsetOfMaxTimestamp } from './timestamp-lookup.ts';
import { Turns } from './turns.ts';

export class StoredLog implements PartitionLog {
  readonly #state: LogState;
  readonly #writer: LogWriter;
  readonly #flusher: LogFlusher;
  readonly #turns: Turns;
  readonly #upkeep: LogUpkeep;

  constructor(state: LogState, options: { readonly keyMapBytesMax: number }) {
    this.#state = state;
    this.#writer = new LogWriter(state, () => void this.flush().catch(() => {}));
    this.#flusher = new LogFlusher(state, () => this.#writer.written());
    this.#turns = new Turns(async () => {
      await this.#writer.quiet();
      await this.#flusher.quiet();
      await this.#writer.quiet();
    });
    this.#upkeep = new LogUpkeep(state, {
      exclusive: (work) => this.#exclusive(work), flush: () => this.flush(), roll: () => this.#roll(), keyMapBytesMax: options.keyMapBytesMax,
    });
  }

  get logStartOffset(): number { return this.#state.logStartOffset; }
  get logEndOffset(): number { return this.#state.logEndOffset; }
  get highWatermark(): number { return this.#state.highWatermark; }
  get lastStableOffset(): number { return this.#state.lastStableOffset; }
  get latestEpoch(): number { return this.#state.epochs.latest; }
  get bytes(): number { return this.#state.bytes; }
  get config(): LogConfig { return this.#state.config; }

  async appendAsLeader(records: Uint8Array, append: LeaderAppend): Promise<AppendResult> {
    const batches = soundBatches(records);
    if (append.origin === 'client') checkClientBatches(records, batches, this.#state.config, append.nowMs);
    const result = await this.#turns.shared(() => this.#writer.appendAsLeader(records, batches, append));
    await this.#flushWhenMany();
    return result;
  }

  async appendAsFollower(records: Uint8Array): Promise<void> {
    const batches = soundBatches(records);
    await this.#turns.shared(() => this.#writer.appendAsFollower(records, batches));
    await this.#flushWhenMany();
  }

  async appendMarker(marker: TransactionEnd, append: LeaderAppend): Promise<AppendResult> {
    const result = await this.#turns.shared(() => this.#writer.appendMarker(marker, append));
    await this.#flushWhenMany();
    return result;
  }

  read(read: LogRead): Promise<LogReadResult> {
    return readLog(this.#state, read, () => this.#settled());
  }

  setHighWatermark(offset: number): void {
    const bounded = Math.min(offset, this.#state.logEndOffset);
    if (bounded <= this.#state.highWatermark) return;
    this.#state.highWatermark = bounded;
    this.#state.producers.highWatermarkIs(bounded);
  }

  offsetForTimestamp(timestampMs: number, until: number): Promise<OffsetAndTimestamp | undefined> {
    return offsetForTimestamp(this.#state, timestampMs, until, () => this.#settled());
  }

  offsetOfMaxTimestamp(): Promise<OffsetAndTimestamp | undefined> {
    return offsetOfMaxTimestamp(this.#state, () => this.#settled());
  }

  endOffsetForEpoch(epoch: number): { readonly epoch: number; readonly endOffset: number } | undefined {
    return this.#state.epochs.endOffsetFor(epoch, this.#state.logEndOffset);
  }

  beginEpoch(epoch: number): Promise<void> {
    return this.#exclusive(async () => {
      const { epochs, logEndOffset } = this.#state;
      if (epoch < epochs.latest) throw new KafkaError('FENCED_LEADER_EPOCH', `The log ${this.#state.directory} has leader epoch ${epochs.latest} already, newer than ${epoch}.`);
      epochs.assign(epoch, logEndOffset);
      await epochs.save();
    });
  }

  truncateTo(offset: number): Promise<void> {
    return this.#exclusive(() => this.#state.change(() => truncateLog(this.#state, offset)));
  }

  truncateFullyAndStartAt(offset: number): Promise<void> {
    return this.#exclusive(() => this.#state.change(() => restartLog(this.#state, offset)));
  }

  advanceLogStart(offset: number): Promise<void> {
    return this.#exclusive(async () => {
      const state = this.#state;
      if (offset > state.highWatermark) throw new KafkaError('OFFSET_OUT_OF_RANGE', `The log ${state.directory} cannot begin at offset ${offset}: its high watermark is ${state.highWatermark}.`);
      if (offset <= state.logStartOffset) return;
      await state.checkpoint.save({ logStartOffset: offset }, 'durable');
      state.logStartOffset = offset;
      state.epochs.truncateStart(offset);
      await state.epochs.save();
    });
  }

  producers(): readonly ProducerSummary[] {
    return this.#state.producers.summaries();
  }

  reconfigure(config: LogConfig): void {
    this.#state.config = config;
  }

  maintain(nowMs: number): Promise<boolean> {
    return this.#upkeep.run(nowMs);
  }

  flush(): Promise<void> {
    return this.#turns.shared(() => this.#flusher.flush());
  }

  async close(): Promise<void> {
    await this.#upkeep.stop();
    await this.#turns.exclusive(async () => {
      const state = this.#state;
      if (state.closed) return;
      try {
        if (state.failure === undefined) await state.onDisk(() => this.#closeCleanly());
      } finally {
        state.closed = true;
        state.tail.clear();
        for (const segment of state.segments) {
          await state.place.handles.drop(segment.file);
          state.place.indexCache.drop(segment);
        }
        await state.checkpoint.close();
      }
    });
  }

  async #closeCleanly(): Promise<void> {
    const state = this.#state;
    const { active } = state;
    await this.#writer.create();
    await this.#flusher.now();
    if (!active.indexFilesAreThere) await active.saveIndexes();
    await state.snapshots.save(state.logEndOffset, encodeProducers(state.producers.image()));
    const bases = new Set(state.segments.map(({ baseOffset }) => baseOffset));
    await state.snapshots.removeWhere((offset) => offset !== state.logEndOffset && !bases.has(offset));
    await state.epochs.save();
    await state.disk.syncDirectory(state.directory);
    await state.checkpoint.save({
      recoveryPoint: state.logEndOffset, highWatermark: state.highWatermark, closedAt: state.logEndOffset, closedSegment: active.baseOffset, closedBytes: active.bytes,
    }, 'durable');
  }

  #exclusive<T>(work: () => Promise<T>): Promise<T> {
    return this.#turns.exclusive(() => this.#state.onDisk(async () => {
      this.#state.ensureUsable();
      return work();
    }));
  }

  /** Readers whose batches moved look again when the change is done. */
  #settled(): Promise<void> {
    return this.#turns.exclusive(async () => {});
  }

  async #flushWhenMany(): Promise<void> {
    if (this.#state.unflushedMessages >= this.#state.config.flushMessages) await this.flush();
  }

  #roll(): Promise<void> {
    return this.#exclusive(async () => {
      if (this.#state.active.admittedBytes === 0) return;
      this.#writer.roll(this.#state.admittedEndOffset);
      await this.#writer.create();
    });
  }
}
