/**
 * Time and order of a simulated world. Whatever may happen later is an event in one queue; when nothing can run any more, time moves to the next event
 * and that one alone is let go. All chance is drawn from the seed, so that a run is a function of its seed: same seed, same history.
 */
import { crc32c } from '@node-rs/crc32';
import { assert } from '../core/assert.ts';
import { integerBelow, seededRandom, type Random } from '../core/random.ts';

/** Who an event happens to. The dead miss theirs; the suspended get them later, in order. */
export interface EventOwner {
  readonly alive: boolean;
  readonly suspendedUntilMs: number;
}

interface SimulatedEvent {
  atMs: number;
  /** Among events of one moment the one that was planned first comes first. */
  order: number;
  run: (() => void) | undefined;
  readonly owner: EventOwner | undefined;
}

export interface SimulationOptions {
  readonly seed: number;
  /** Lines of the history that are kept to be shown; all count for its digest. */
  readonly historyLinesKept?: number;
}

export class Simulation {
  readonly seed: number;
  readonly random: Random;
  readonly #linesKept: number;
  #lines: string[] = [];
  #digest = 0;
  #nowMs = 0;
  #order = 0;
  #events = 0;
  #failure: { readonly error: unknown } | undefined;
  /** A binary heap, the earliest event first. */
  readonly #queue: SimulatedEvent[] = [];

  constructor({ seed, historyLinesKept = 0 }: SimulationOptions) {
    this.seed = seed;
    this.random = seededRandom(seed);
    this.#linesKept = historyLinesKept;
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  /** How many events have happened. */
  get events(): number {
    return this.#events;
  }

  /** Of all that has been told so far. */
  get digest(): number {
    return this.#digest;
  }

  get history(): readonly string[] {
    return this.#lines;
  }

  /** A source of its own: what one part draws changes nothing for the others. */
  forkRandom(): Random {
    return seededRandom(integerBelow(this.random, 2 ** 32));
  }

  chance(probability: number): boolean {
    return probability > 0 && this.random.fraction() < probability;
  }

  between(low: number, high: number): number {
    return low + this.random.fraction() * (high - low);
  }

  pick<T>(from: readonly T[]): T {
    assert(from.length > 0, 'there is nothing to choose from');
    return from[integerBelow(this.random, from.length)] as T;
  }

  /** Notes what happens: part of the history. */
  tell(what: string): void {
    const line = `${Math.round(this.#nowMs * 1000)} ${what}`;
    this.#digest = crc32c(line, this.#digest);
    if (this.#linesKept === 0) return;
    this.#lines.push(line);
    if (this.#lines.length > this.#linesKept * 2) this.#lines = this.#lines.slice(-this.#linesKept);
  }

  /** Something is wrong: the run ends with the first such error. */
  fail(error: unknown): void {
    this.#failure ??= { error };
  }

  /** `run` happens after `delayMs`, unless the function returned is called before. */
  after(delayMs: number, run: () => void, owner?: EventOwner): () => void {
    const event: SimulatedEvent = { atMs: this.#nowMs + Math.max(0, delayMs), order: this.#order++, run, owner };
    this.#push(event);
    return () => {
      event.run = undefined;
    };
  }

  async sleep(durationMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.after(durationMs, resolve);
    await promise;
  }

  /** Lets events happen until `until` holds (then true), or for `durationMs` (then false). Rejects with what `fail` was told. */
  async run(durationMs: number, until: () => boolean = () => false): Promise<boolean> {
    const endMs = this.#nowMs + durationMs;
    for (;;) {
      await quiet();
      if (this.#failure !== undefined) throw this.#failure.error;
      if (until()) return true;
      const next = this.#queue[0];
      if (next === undefined || next.atMs > endMs) {
        this.#nowMs = endMs;
        return false;
      }
      this.#pop();
      this.#happen(next);
    }
  }

  /** Lets events happen until the promise has settled; rejects when it has not within `limitMs`. */
  async settle<T>(promise: Promise<T>, limitMs: number): Promise<T> {
    let settled = false;
    const mark = (): void => {
      settled = true;
    };
    promise.then(mark, mark);
    if (!await this.run(limitMs, () => settled)) throw new Error(`seed ${this.seed}: not settled within ${limitMs} simulated ms`);
    return promise;
  }

  #happen(event: SimulatedEvent): void {
    const { owner, run } = event;
    this.#nowMs = Math.max(this.#nowMs, event.atMs);
    if (run === undefined || owner?.alive === false) return;
    if (owner !== undefined && owner.suspendedUntilMs > this.#nowMs) {
      event.atMs = owner.suspendedUntilMs;
      event.order = this.#order++;
      this.#push(event);
      return;
    }
    this.#events += 1;
    run();
  }

  #push(event: SimulatedEvent): void {
    const queue = this.#queue;
    let at = queue.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = queue[parent] as SimulatedEvent;
      if (before(above, event)) break;
      queue[at] = above;
      at = parent;
    }
    queue[at] = event;
  }

  #pop(): void {
    const queue = this.#queue;
    const last = queue.pop();
    if (last === undefined || queue.length === 0) return;
    let at = 0;
    for (;;) {
      const left = at * 2 + 1;
      if (left >= queue.length) break;
      const right = left + 1;
      const child = right < queue.length && before(queue[right] as SimulatedEvent, queue[left] as SimulatedEvent) ? right : left;
      if (before(last, queue[child] as SimulatedEvent)) break;
      queue[at] = queue[child] as SimulatedEvent;
      at = child;
    }
    queue[at] = last;
  }
}

function before(a: SimulatedEvent, b: SimulatedEvent): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}

/** All promises that can go on have: an immediate comes after them. */
function quiet(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
