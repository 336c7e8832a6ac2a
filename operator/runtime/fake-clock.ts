/** A clock that moves only when a test says so. */
import { setImmediate } from 'node:timers/promises';
import type { Clock } from './clock.ts';
import { sleepOn } from './clock.ts';

interface Timer {
  readonly at: number;
  readonly sequence: number;
  readonly callback: () => void;
}

export class FakeClock implements Clock {
  #elapsed = 0;
  #wallOffset: number;
  #sequence = 0;
  readonly #timers = new Set<Timer>();

  constructor(startMs: number = Date.UTC(2026, 0, 1)) {
    this.#wallOffset = startMs;
  }

  now(): number {
    return this.#wallOffset + this.#elapsed;
  }

  monotonic(): number {
    return this.#elapsed;
  }

  /** Moves wall time only, as a time server or an administrator would. */
  jumpWall(ms: number): void {
    this.#wallOffset += ms;
  }

  after(ms: number, callback: () => void): () => void {
    const timer: Timer = { at: this.#elapsed + Math.max(ms, 0), sequence: this.#sequence++, callback };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return sleepOn((delay, callback) => this.after(delay, callback), ms, signal);
  }

  /** Timers that wait: a test that ends with some has left something running. */
  get waiting(): number {
    return this.#timers.size;
  }

  /** Moves time by `ms`, firing timers in order and letting their consequences run before the next one. */
  async advance(ms: number): Promise<void> {
    const target = this.#elapsed + ms;
    await settle();
    for (let timer = this.#nextDue(target); timer !== undefined; timer = this.#nextDue(target)) {
      this.#elapsed = Math.max(this.#elapsed, timer.at);
      this.#timers.delete(timer);
      timer.callback();
      await settle();
    }
    this.#elapsed = target;
  }

  #nextDue(target: number): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.at > target) continue;
      if (first === undefined || timer.at < first.at || (timer.at === first.at && timer.sequence < first.sequence)) first = timer;
    }
    return first;
  }
}

/** Lets everything run that does not wait for a clock or for IO. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await setImmediate();
}
