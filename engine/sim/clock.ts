/**
 * Time that moves only when nobody has anything left to do: then to the next sleeper. A run takes as long as its work, and is the same each time.
 * Everything that runs on it may wait for promises, for the clock and for what stands on the clock, but for nothing of the real world.
 */
import { abortReason, onAbort } from '../core/abort.ts';
import type { Clock } from '../core/clock.ts';

interface Sleeper {
  readonly atMs: number;
  /** Who came first wakes first. */
  readonly number: number;
  readonly wake: () => void;
  cancelled: boolean;
}

/** The wall clock's start: a date that is easy to see in histories. */
const epochMs = Date.UTC(2030, 0, 1);

export class SimulatedClock implements Clock {
  /** A binary heap. */
  readonly #sleepers: Sleeper[] = [];
  #nowMs = 0;
  #numbers = 0;
  /** What the wall clock is off by: it may jump, the monotonic one may not. */
  wallOffsetMs = 0;

  nowMs(): number {
    return this.#nowMs;
  }

  wallMs(): number {
    return epochMs + Math.floor(this.#nowMs) + this.wallOffsetMs;
  }

  sleep(durationMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(abortReason(signal));
      let off = (): void => {};
      this.#numbers += 1;
      const sleeper: Sleeper = { atMs: this.#nowMs + Math.max(0, durationMs), number: this.#numbers, cancelled: false, wake: () => {
        off();
        resolve();
      } };
      if (signal !== undefined) {
        off = onAbort(signal, () => {
          sleeper.cancelled = true;
          reject(abortReason(signal));
        });
      }
      this.#push(sleeper);
      return undefined;
    });
  }

  /** Lets everything happen until `done`, or until so much time has passed: then false. */
  async run(done: () => boolean, limitMs: number): Promise<boolean> {
    const untilMs = this.#nowMs + limitMs;
    for (;;) {
      // Everything that is due now has happened when the event loop comes around.
      await new Promise((resolve) => setImmediate(resolve));
      if (done()) return true;
      const next = this.#pop();
      if (next === undefined || next.atMs > untilMs) {
        if (next !== undefined) this.#push(next);
        this.#nowMs = untilMs;
        return false;
      }
      this.#nowMs = next.atMs;
      next.wake();
    }
  }

  #push(sleeper: Sleeper): void {
    const heap = this.#sleepers;
    let at = heap.push(sleeper) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(sleeper, heap[parent] as Sleeper)) break;
      heap[at] = heap[parent] as Sleeper;
      at = parent;
    }
    heap[at] = sleeper;
  }

  #pop(): Sleeper | undefined {
    for (let top = this.#popAny(); top !== undefined; top = this.#popAny()) if (!top.cancelled) return top;
    return undefined;
  }

  #popAny(): Sleeper | undefined {
    const heap = this.#sleepers;
    const top = heap[0];
    const last = heap.pop();
    if (top === undefined || last === undefined || heap.length === 0) return top;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1] as Sleeper, heap[child] as Sleeper)) child += 1;
      if (!before(heap[child] as Sleeper, last)) break;
      heap[at] = heap[child] as Sleeper;
      at = child;
    }
    heap[at] = last;
    return top;
  }
}

const before = (a: Sleeper, b: Sleeper): boolean => a.atMs < b.atMs || (a.atMs === b.atMs && a.number < b.number);
