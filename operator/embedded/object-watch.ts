import type { KubeObject, WatchEvent, WatchOptions } from '../kube/client.ts';
import type { Clock } from '../runtime/clock.ts';
import { badRequest } from './api-error.ts';
import type { JsonObject } from './immutable-json.ts';
import { selection } from './object-list.ts';
import type { Collection } from './object-store.ts';
import type { HistoryEvent } from './watch-history.ts';

export interface WatchContext {
  readonly clock: Clock;
  readonly bookmarkIntervalMs: number;
  version(): number;
  readonly signal: AbortSignal;
}

/** Follows a collection's history. A bookmark comes when nothing did for a while, and as the last word at the time-out. */
export async function* watchObjects<T extends KubeObject>(collection: Collection, options: WatchOptions, context: WatchContext): AsyncGenerator<WatchEvent<T>> {
  const { clock, signal } = context;
  const passes = selection(collection, options);
  const prefix = options.namespace === undefined || options.namespace === '' ? '' : `${options.namespace}/`;
  const fits = (key: string, object: JsonObject | undefined): boolean => object !== undefined && key.startsWith(prefix) && passes?.(object) !== false;
  const alarm = new Alarm(clock, collection, signal);
  const endAt = clock.monotonic() + options.timeoutSeconds * 1000;
  try {
    let position = startOf(options.resourceVersion, context.version());
    if (position === 0) {
      position = context.version();
      for (const key of collection.sortedKeys()) {
        const object = collection.objects.get(key);
        if (fits(key, object)) yield { type: 'ADDED', object: object as unknown as T };
      }
    }
    while (true) {
      signal.throwIfAborted();
      for (const event of collection.history.after(position)) {
        position = event.version;
        const change = changeOf(event, fits);
        if (change !== undefined) yield change as WatchEvent<T>;
        signal.throwIfAborted();
      }
      const left = endAt - clock.monotonic();
      const woken = left <= 0 ? 'timer' : await alarm.wait(position, Math.min(left, context.bookmarkIntervalMs));
      if (woken === 'change') continue;
      // Nothing of this type lies between the last event and the store's version.
      const seen = collection.history.after(position).length === 0 ? context.version() : position;
      position = Math.max(position, seen);
      yield { type: 'BOOKMARK', resourceVersion: String(position) };
      if (clock.monotonic() >= endAt) return;
    }
  } finally {
    alarm.close();
  }
}

function startOf(resourceVersion: string, current: number): number {
  if (!/^\d*$/.test(resourceVersion)) throw badRequest(`Invalid value: ${JSON.stringify(resourceVersion)}: must be a resource version`);
  const version = Number(resourceVersion);
  if (version > current) throw badRequest(`Too large resource version: ${version}, current: ${current}`);
  return version;
}

/** An object that begins or ceases to match is added or deleted, as far as this watch can tell. */
function changeOf(event: HistoryEvent, fits: (key: string, object: JsonObject | undefined) => boolean): { type: 'ADDED' | 'MODIFIED' | 'DELETED'; object: unknown } | undefined {
  const before = fits(event.key, event.previous);
  const now = fits(event.key, event.object);
  if (now) return { type: before ? 'MODIFIED' : 'ADDED', object: event.last };
  return before ? { type: 'DELETED', object: event.last } : undefined;
}

/** Waits for a change of a collection, for a time or for an abort, whichever is first. */
class Alarm {
  readonly #clock: Clock;
  readonly #collection: Collection;
  readonly #signal: AbortSignal;
  readonly #stop: () => void;
  readonly #onAbort = (): void => this.#ring?.('abort');
  #ring: ((why: 'change' | 'timer' | 'abort') => void) | undefined;

  constructor(clock: Clock, collection: Collection, signal: AbortSignal) {
    this.#clock = clock;
    this.#collection = collection;
    this.#signal = signal;
    this.#stop = collection.history.onAppend(() => this.#ring?.('change'));
    signal.addEventListener('abort', this.#onAbort);
  }

  /** Rejects with the signal's reason on abort. */
  async wait(position: number, ms: number): Promise<'change' | 'timer'> {
    if (this.#collection.history.after(position).length > 0) return 'change';
    let cancel = (): void => undefined;
    const why = await new Promise<'change' | 'timer' | 'abort'>((resolve) => {
      this.#ring = resolve;
      cancel = this.#clock.after(ms, () => resolve('timer'));
      if (this.#signal.aborted) resolve('abort');
    });
    this.#ring = undefined;
    cancel();
    if (why === 'abort') throw this.#signal.reason;
    return why;
  }

  close(): void {
    this.#stop();
    this.#signal.removeEventListener('abort', this.#onAbort);
  }
}
