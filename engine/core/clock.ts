/** Time as an input. Only main files build a system clock; everything else is handed one. */
import { abortReason, onAbort } from './abort.ts';
import { assert } from './assert.ts';

export interface Clock {
  /** Monotonic milliseconds from an arbitrary origin: for durations and time-outs. */
  nowMs(): number;
  /** Milliseconds since the Unix epoch: for people and file names, never for durations. */
  wallMs(): number;
  /** Resolves after `durationMs`; rejects with the signal's reason when it aborts first. */
  sleep(durationMs: number, signal?: AbortSignal): Promise<void>;
}

export function systemClock(): Clock {
  return {
    nowMs: () => performance.now(),
    wallMs: () => Date.now(),
    sleep: (durationMs, signal) => new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(abortReason(signal));
      let off = (): void => {};
      const timer = setTimeout(() => {
        off();
        resolve();
      }, durationMs);
      if (signal !== undefined) {
        off = onAbort(signal, () => {
          clearTimeout(timer);
          reject(abortReason(signal));
        });
      }
      return undefined;
    }),
  };
}

/** A clock that moves only when told to. */
export class ManualClock implements Clock {
  readonly #sleepers = new Set<{ readonly atMs: number; readonly wake: () => void }>();
  #nowMs: number;

  constructor(startMs = 0) {
    this.#nowMs = startMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  wallMs(): number {
    return this.#nowMs;
  }

  async sleep(durationMs: number, signal?: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const sleeper = { atMs: this.#nowMs + durationMs, wake: resolve };
    this.#sleepers.add(sleeper);
    const off = signal === undefined ? () => {} : onAbort(signal, () => reject(abortReason(signal)));
    try {
      await promise;
    } finally {
      off();
      this.#sleepers.delete(sleeper);
    }
  }

  /** Moves time on and wakes whoever is due, in order of time. */
  advance(durationMs: number): void {
    assert(durationMs >= 0, 'time runs forward');
    this.#nowMs += durationMs;
    const due = [...this.#sleepers].filter((sleeper) => sleeper.atMs <= this.#nowMs).toSorted((a, b) => a.atMs - b.atMs);
    for (const sleeper of due) sleeper.wake();
  }
}
