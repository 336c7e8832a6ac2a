/**
 * The queue of keys to reconcile, as controller-runtime has it: a key waits at most once, never runs
 * twice at the same time, and comes back later with a delay that doubles per failure. A pure core:
 * time comes in as an argument, nothing here waits; `Controller` is the shell that does.
 *
 * Bounded by the number of distinct keys, which is the number of live objects.
 */

export type Priority =
  /** A change seen by a watch. */
  | 'live'
  /** A list at start or after a gap, which can bring every object at once. */
  | 'resync';

export interface Taken {
  readonly key: string;
  /** From due to taken. */
  readonly waitedMs: number;
}

export interface BackoffOptions {
  readonly baseMs: number;
  readonly maxMs: number;
}

/** controller-runtime's defaults. */
export const defaultBackoff: BackoffOptions = { baseMs: 5, maxMs: 1_000_000 };

interface Delayed {
  readonly key: string;
  readonly at: number;
  /** A later decision for the same key leaves this entry in the heap, dead. */
  cancelled: boolean;
}

export class WorkQueue {
  readonly #backoff: BackoffOptions;
  /** Insertion order is queue order; the value is when the key became due. */
  readonly #ready: Readonly<Record<Priority, Map<string, number>>> = { live: new Map(), resync: new Map() };
  readonly #delayed = new Map<string, Delayed>();
  readonly #heap = new DelayHeap();
  /** Running keys, with the priority and time of a change that arrived meanwhile. */
  readonly #running = new Map<string, { since: number; again: { priority: Priority; at: number } | undefined }>();
  readonly #failures = new Map<string, number>();

  constructor(backoff: BackoffOptions = defaultBackoff) {
    this.#backoff = backoff;
  }

  /** Keys that are due and wait for a worker. */
  get depth(): number {
    return this.#ready.live.size + this.#ready.resync.size;
  }

  get running(): number {
    return this.#running.size;
  }

  get delayed(): number {
    return this.#delayed.size;
  }

  /** Starts of the runs under way, for metrics and liveness. */
  runningSince(): readonly number[] {
    return [...this.#running.values()].map((run) => run.since);
  }

  /** When the key at the head became due, or undefined when none waits. */
  oldestDue(): number | undefined {
    const heads = [this.#ready.live, this.#ready.resync].flatMap((queue) => {
      const first = queue.values().next();
      return first.done === true ? [] : [first.value];
    });
    return heads.length === 0 ? undefined : Math.min(...heads);
  }

  /** Makes a key due now. A running key runs once more when it is done. Returns whether the key was not already due. */
  add(key: string, now: number, priority: Priority = 'live'): boolean {
    const run = this.#running.get(key);
    if (run !== undefined) {
      const isNew = run.again === undefined;
      if (isNew || (run.again?.priority === 'resync' && priority === 'live')) run.again = { priority, at: run.again?.at ?? now };
      return isNew;
    }
    if (this.#ready.live.has(key)) return false;
    const waiting = this.#ready.resync.get(key);
    if (waiting !== undefined && priority === 'resync') return false;
    this.#ready.resync.delete(key);
    this.#ready[priority].set(key, waiting ?? now);
    return waiting === undefined;
  }

  /** Makes a key due after `delayMs`; of several delays the earliest counts. */
  addAfter(key: string, delayMs: number, now: number): void {
    if (delayMs <= 0) {
      this.add(key, now);
      return;
    }
    const at = now + delayMs;
    const before = this.#delayed.get(key);
    if (before !== undefined && before.at <= at) return;
    this.#cancelDelay(key);
    const entry: Delayed = { key, at, cancelled: false };
    this.#delayed.set(key, entry);
    this.#heap.push(entry);
  }

  /** When a delayed key becomes due next, or undefined when none is delayed. */
  nextDueAt(): number | undefined {
    return this.#heap.peek()?.at;
  }

  /** The next key to run; the caller ends the run with exactly one of `settle`, `retry`. */
  take(now: number): Taken | undefined {
    for (let entry = this.#heap.peek(); entry !== undefined && entry.at <= now; entry = this.#heap.peek()) {
      this.#heap.pop();
      this.#delayed.delete(entry.key);
      this.add(entry.key, entry.at);
    }
    for (const queue of [this.#ready.live, this.#ready.resync]) {
      const head = queue.entries().next();
      if (head.done === true) continue;
      const [key, dueAt] = head.value;
      queue.delete(key);
      this.#running.set(key, { since: now, again: undefined });
      return { key, waitedMs: Math.max(0, now - dueAt) };
    }
    return undefined;
  }

  /**
   * Ends a run that succeeded: forgets earlier failures and earlier delays, and makes the key due
   * after `requeueAfterMs`, if given. A change that arrived meanwhile makes it due at once.
   */
  settle(key: string, now: number, requeueAfterMs?: number): void {
    this.#failures.delete(key);
    this.#cancelDelay(key);
    if (this.#finish(key)) return;
    if (requeueAfterMs !== undefined) this.addAfter(key, requeueAfterMs, now);
  }

  /**
   * Ends a run that failed and returns the delay until the next one: 5 ms doubled per failure in a
   * row, up to 1,000 s, and never less than `atLeastMs`.
   */
  retry(key: string, now: number, atLeastMs = 0): number {
    const failures = this.#failures.get(key) ?? 0;
    this.#failures.set(key, failures + 1);
    this.#cancelDelay(key);
    const delayMs = Math.max(atLeastMs, Math.min(this.#backoff.maxMs, this.#backoff.baseMs * 2 ** Math.min(failures, 40)));
    if (!this.#finish(key)) this.addAfter(key, delayMs, now);
    return delayMs;
  }

  #finish(key: string): boolean {
    const run = this.#running.get(key);
    if (run === undefined) throw new Error(`Work queue: ${key} ended without having been taken.`);
    this.#running.delete(key);
    if (run.again === undefined) return false;
    this.add(key, run.again.at, run.again.priority);
    return true;
  }

  #cancelDelay(key: string): void {
    const entry = this.#delayed.get(key);
    if (entry === undefined) return;
    entry.cancelled = true;
    this.#delayed.delete(key);
  }
}

/** A binary heap by time. Cancelled entries stay until they reach the top or outnumber the live ones. */
class DelayHeap {
  #entries: Delayed[] = [];
  #limit = 1024;

  push(entry: Delayed): void {
    if (this.#entries.length >= this.#limit) this.#compact();
    this.#entries.push(entry);
    this.#up(this.#entries.length - 1);
  }

  peek(): Delayed | undefined {
    while (this.#entries[0]?.cancelled === true) this.pop();
    return this.#entries[0];
  }

  pop(): void {
    const last = this.#entries.pop();
    if (last === undefined || this.#entries.length === 0) return;
    this.#entries[0] = last;
    this.#down(0);
  }

  #compact(): void {
    this.#entries = this.#entries.filter((entry) => !entry.cancelled).toSorted((a, b) => a.at - b.at);
    this.#limit = Math.max(1024, this.#entries.length * 2);
  }

  #at(index: number): number {
    return this.#entries[index]?.at ?? Number.POSITIVE_INFINITY;
  }

  #swap(a: number, b: number): void {
    const [first, second] = [this.#entries[a], this.#entries[b]];
    if (first === undefined || second === undefined) throw new RangeError('Delay heap: index out of range.');
    this.#entries[a] = second;
    this.#entries[b] = first;
  }

  #up(index: number): void {
    for (let child = index; child > 0;) {
      const parent = (child - 1) >> 1;
      if (this.#at(parent) <= this.#at(child)) return;
      this.#swap(parent, child);
      child = parent;
    }
  }

  #down(index: number): void {
    for (let parent = index; ;) {
      const left = 2 * parent + 1;
      const child = this.#at(left + 1) < this.#at(left) ? left + 1 : left;
      if (this.#at(parent) <= this.#at(child)) return;
      this.#swap(parent, child);
      parent = child;
    }
  }
}
