import { KubeError } from '../kube/client.ts';
import type { JsonObject } from './immutable-json.ts';

export interface HistoryEvent {
  readonly version: number;
  /** Undefined when the object is gone. */
  readonly object: JsonObject | undefined;
  /** What was there before; undefined for a new object. */
  readonly previous: JsonObject | undefined;
  readonly key: string;
  /** The object, or its last state when it is gone. */
  readonly last: JsonObject;
}

/**
 * The latest changes of one resource type, oldest first: at most `eventsMax`, then the oldest are
 * forgotten and whoever still wants them is told `Expired`. Watchers read from here, so that a slow one costs no memory.
 */
export class WatchHistory {
  readonly #eventsMax: number;
  #events: HistoryEvent[] = [];
  #start = 0;
  /** Version of the last event forgotten. */
  #floor: number;
  readonly #wakers = new Set<() => void>();

  /** `floor`: the version that the history starts after. */
  constructor(eventsMax: number, floor: number) {
    this.#eventsMax = eventsMax;
    this.#floor = floor;
  }

  append(event: HistoryEvent): void {
    this.#events.push(event);
    if (this.#events.length - this.#start > this.#eventsMax) {
      this.#floor = this.#events[this.#start]?.version ?? this.#floor;
      this.#start += 1;
    }
    if (this.#start > this.#eventsMax) {
      this.#events = this.#events.slice(this.#start);
      this.#start = 0;
    }
    for (const wake of this.#wakers) wake();
  }

  /** Events after `version`. Throws `KubeError` Expired when some of them are forgotten. */
  after(version: number): readonly HistoryEvent[] {
    if (version < this.#floor) throw new KubeError('Expired', `too old resource version: ${version} (${this.#floor})`, { status: 410 });
    let low = this.#start;
    let high = this.#events.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#events[middle]?.version ?? 0) > version) high = middle;
      else low = middle + 1;
    }
    return low === this.#events.length ? [] : this.#events.slice(low);
  }

  /** Calls back at every append until the returned function is called. */
  onAppend(wake: () => void): () => void {
    this.#wakers.add(wake);
    return () => void this.#wakers.delete(wake);
  }

  /** Forgets everything up to `version`: etcd's compaction, for tests. */
  forget(version: number): void {
    const kept = this.#events.slice(this.#start).filter((event) => event.version > version);
    this.#events = kept;
    this.#start = 0;
    this.#floor = Math.max(this.#floor, version);
    for (const wake of this.#wakers) wake();
  }
}
