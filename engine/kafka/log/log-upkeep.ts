/** What a log needs now and then: flushing, rolling, retention, forgetting producers, compaction. One pass at a time. */
import { KafkaError } from '../kafka-error.ts';
import { compactLog } from './compaction.ts';
import { GoneFile } from './file-handles.ts';
import type { LogState } from './log-state.ts';
import { retainedFrom, rollIsDue } from './retention.ts';
import type { Segment } from './segment.ts';

export interface UpkeepHands {
  /** Alone with the log. */
  readonly exclusive: <T>(work: () => Promise<T>) => Promise<T>;
  readonly flush: () => Promise<void>;
  /** Begins a new segment when the active one has batches. */
  readonly roll: () => Promise<void>;
  readonly keyMapBytesMax: number;
}

export class LogUpkeep {
  readonly #state: LogState;
  readonly #hands: UpkeepHands;
  #pass: Promise<boolean> = Promise.resolve(false);
  readonly #stopping = new AbortController();

  constructor(state: LogState, hands: UpkeepHands) {
    this.#state = state;
    this.#hands = hands;
  }

  /** Resolves to whether anything changed. */
  run(nowMs: number): Promise<boolean> {
    this.#pass = this.#pass.catch(() => false).then(() => (this.#stopping.signal.aborted ? false : this.#run(nowMs)));
    return this.#pass;
  }

  /** Resolves when the pass under way has ended; none begins after it. */
  async stop(): Promise<void> {
    this.#stopping.abort(new KafkaError('KAFKA_STORAGE_ERROR', `The log ${this.#state.directory} is closing.`));
    await this.#pass.catch(() => false);
  }

  async #run(nowMs: number): Promise<boolean> {
    const state = this.#state;
    state.ensureUsable();
    state.producers.expire(nowMs - state.config.producerIdExpirationMs);
    if (state.unflushedSinceMs !== undefined && nowMs - state.unflushedSinceMs >= state.config.flushMs) await this.#hands.flush();
    let changed = false;
    if (rollIsDue(state, nowMs)) {
      await this.#hands.roll();
      changed = true;
    }
    changed = (await this.#retain(nowMs)) || changed;
    if (state.config.cleanupPolicy.includes('compact')) changed = (await this.#compact(nowMs)) || changed;
    if (state.checkpoint.fields.highWatermark !== state.highWatermark) await state.onDisk(() => state.checkpoint.save({ highWatermark: state.highWatermark }, 'lazy'));
    return changed;
  }

  /** Only what is synced is compacted. */
  async #compact(nowMs: number): Promise<boolean> {
    const state = this.#state;
    const { keyMapBytesMax, exclusive } = this.#hands;
    if (state.segments.slice(0, -1).some(({ isPinned }) => isPinned)) await this.#hands.flush();
    try {
      return await compactLog(state, { nowMs, keyMapBytesMax, exclusive, signal: this.#stopping.signal });
    } catch (error) {
      if (this.#stopping.signal.aborted || error instanceof GoneFile) return false;
      // A batch that cannot be read, or is damaged, does not end the log: it stays as it is, uncompacted.
      if (error instanceof KafkaError) {
        state.logger.error({ log: state.directory, error }, 'the log cannot be compacted');
        return false;
      }
      throw state.fail(error);
    }
  }

  /** Segments that are too old, too many, or below the log's start go, oldest first. */
  async #retain(nowMs: number): Promise<boolean> {
    const state = this.#state;
    const { segments } = state;
    const timestamps = state.config.cleanupPolicy.includes('delete') && state.config.retentionMs >= 0
      ? await state.onDisk(() => Promise.all(segments.map((segment) => segment.maxTimestampMs()))) : segments.map(() => -1);
    const sizes = segments.map(({ bytes }) => bytes);
    let from = retainedFrom(state, segments, timestamps, nowMs);
    if (from === 0) return false;
    if (from === segments.length) {
      // All of it is old: an empty segment takes its place.
      await this.#hands.roll();
      if (state.segments.length === segments.length) from -= 1;
    }
    // What was appended meanwhile keeps its segment.
    const gone = new Set(segments.slice(0, from).filter((segment, i) => segment.bytes === sizes[i]));
    if (gone.size > 0) await this.#hands.exclusive(() => state.change(() => removeSegments(state, gone)));
    return gone.size > 0;
  }
}

async function removeSegments(state: LogState, gone: ReadonlySet<Segment>): Promise<void> {
  const kept = state.segments.filter((segment) => !gone.has(segment));
  const [first] = kept;
  if (first === undefined || kept.length === state.segments.length) return;
  const start = Math.max(state.logStartOffset, first.baseOffset);
  // Durable before the first file goes: a crash leaves files below the start, never a log that lacks its beginning.
  if (start !== state.logStartOffset) await state.checkpoint.save({ logStartOffset: start }, 'durable');
  state.logStartOffset = start;
  state.segments = kept;
  state.tail.dropSegments(gone);
  for (const segment of gone) await segment.remove();
  await state.snapshots.removeWhere((offset) => offset < first.baseOffset);
  state.epochs.truncateStart(start);
  await state.epochs.save();
  await state.disk.syncDirectory(state.directory);
  state.logger.info({ log: state.directory, segments: gone.size, logStartOffset: start }, 'old segments are removed');
}
