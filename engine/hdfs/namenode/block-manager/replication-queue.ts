/** Blocks that want more replicas, the most urgent first. */

/** Lower is more urgent. `lost` waits for a replica to come back: nothing can be copied. */
export const priority = { last: 0, scarce: 1, few: 2, crowded: 3, lost: 4 } as const;
export type Priority = (typeof priority)[keyof typeof priority];
const priorities: readonly Priority[] = [priority.last, priority.scarce, priority.few, priority.crowded, priority.lost];

export interface Redundancy {
  /** Good, on datanodes that stay. */
  readonly live: number;
  /** Good, on datanodes that are to go. */
  readonly leaving: number;
  readonly expected: number;
  /** All live ones are on one rack (or one machine), though they could be on more. */
  readonly crowded: boolean;
}

/** Undefined: all is well. */
export function priorityOf({ live, leaving, expected, crowded }: Redundancy): Priority | undefined {
  if (live >= expected) return crowded ? priority.crowded : undefined;
  if (live === 0) return leaving > 0 ? priority.last : priority.lost;
  if (live + leaving === 1) return priority.last;
  return live * 3 < expected ? priority.scarce : priority.few;
}

export class ReplicationQueue {
  readonly #queues = new Map<Priority, Set<number>>(priorities.map((each) => [each, new Set()]));
  readonly #priorities = new Map<number, Priority>();

  /** Undefined takes the block out. */
  set(id: number, next: Priority | undefined): void {
    const before = this.#priorities.get(id);
    if (before === next) return;
    if (before !== undefined) this.#queues.get(before)?.delete(id);
    if (next === undefined) {
      this.#priorities.delete(id);
      return;
    }
    this.#priorities.set(id, next);
    this.#queues.get(next)?.add(id);
  }

  count(of: Priority): number {
    return this.#queues.get(of)?.size ?? 0;
  }

  /** Wanting copies; those that cannot be copied are not among them. */
  get underReplicated(): number {
    return this.count(priority.last) + this.count(priority.scarce) + this.count(priority.few) + this.count(priority.crowded);
  }

  /**
   * At most `limit` blocks that can be copied, the most urgent first. Each goes to the end of its queue, so that one that cannot be helped now does not
   * stand in the way of others.
   */
  take(limit: number): number[] {
    const taken: number[] = [];
    for (const each of priorities) {
      if (each === priority.lost) break;
      const queue = this.#queues.get(each);
      if (queue === undefined) continue;
      const found: number[] = [];
      for (const id of queue) {
        if (taken.length + found.length >= limit) break;
        found.push(id);
      }
      for (const id of found) {
        queue.delete(id);
        queue.add(id);
      }
      taken.push(...found);
    }
    return taken;
  }

  clear(): void {
    for (const queue of this.#queues.values()) queue.clear();
    this.#priorities.clear();
  }
}
