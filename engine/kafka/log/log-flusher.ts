/** `fdatasync` for all who wait: one at a time, and who comes while one is under way shares the next. */
import type { LogState } from './log-state.ts';
import type { Segment } from './segment.ts';

export class LogFlusher {
  readonly #state: LogState;
  /** Resolves when what is admitted is written. */
  readonly #written: () => Promise<void>;
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  constructor(state: LogState, written: () => Promise<void>) {
    this.#state = state;
    this.#written = written;
  }

  /** Covers what was admitted before. */
  flush(): Promise<void> {
    this.#next ??= this.#afterRunning();
    return this.#next;
  }

  async quiet(): Promise<void> {
    while (this.#running !== undefined || this.#next !== undefined) await (this.#next ?? this.#running)?.catch(() => {});
  }

  /** Everything written is synced, and the recovery point says so. */
  async now(): Promise<void> {
    const state = this.#state;
    const end = state.logEndOffset;
    const messages = state.unflushedMessages;
    state.unflushedMessages = 0;
    state.unflushedSinceMs = undefined;
    try {
      await this.#sync(end);
    } catch (error) {
      state.unflushedMessages += messages;
      throw error;
    }
  }

  async #sync(end: number): Promise<void> {
    const state = this.#state;
    const { segments } = state;
    const first = state.segmentIndexFor(state.recoveryPoint);
    // Sealed: the next one is there, so that this one is written to its end.
    const isSealed = (i: number): boolean => segments[i + 1]?.created === true && (segments[i] as Segment).isPinned;
    if (end <= state.recoveryPoint && !segments.some((_, i) => isSealed(i))) return state.syncDirectory();
    for (const [i, segment] of segments.entries()) {
      if (!segment.created || segment.baseOffset > end) continue;
      if (i >= first) await segment.sync();
      if (!isSealed(i)) continue;
      await segment.saveIndexes();
      state.directoryDirty = true;
      segment.file.mode = 'read';
      segment.unpin();
    }
    await state.syncDirectory();
    return state.checkpoint.save({ recoveryPoint: Math.max(end, state.recoveryPoint), highWatermark: state.highWatermark, closedAt: -1 }, 'lazy');
  }

  async #afterRunning(): Promise<void> {
    await this.#running?.catch(() => {});
    this.#next = undefined;
    const state = this.#state;
    this.#running = state.onDisk(async () => {
      state.ensureUsable();
      await this.#written();
      state.ensureUsable();
      await this.now();
    }).finally(() => {
      this.#running = undefined;
    });
    await this.#running;
  }
}
