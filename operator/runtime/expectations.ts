/**
 * Reading one's own writes. A cache trails the API server, so a reconcile that runs right after a
 * write of its own could act on the state before it. Here a run counts as over only when the caches
 * show everything that it wrote, and the queue never runs one key twice at the same time; so each
 * run of a key sees all writes of the runs before it.
 *
 * Why not counters of expected creations, as the ReplicaSet controller keeps them: they cover
 * creations and deletions only, and each kind has to count for itself. Why not put the answer of the
 * write into the cache: which of two versions is newer cannot be told from opaque resource versions.
 * A watch reports every version of an object in order, so it is enough to wait until the written
 * version (equal, not "at least") has passed by. A version can pass before the answer to the write
 * arrives; therefore watching begins before the write does.
 */
import type { KubeObject, ResourceType } from '../kube/client.ts';
import type { Cache, CacheChange } from './cache.ts';
import type { Clock } from './clock.ts';
import type { Logger } from './logger.ts';
import type { ObjectKey } from './object-key.ts';
import { keyOf, keyText } from './object-key.ts';

interface Pending {
  readonly run: string;
  readonly target: string;
  /** Versions that the cache has shown since before the write. */
  readonly seenVersions: Set<string>;
  /** The object's identities that the cache has reported gone. */
  readonly seenGone: Set<string>;
  /** Whether the cache shows the write; undefined until the answer is here. */
  shown: (() => boolean) | undefined;
}

export interface ExpectationsOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /**
   * After this long a run counts as over all the same: a broken watch must not stop a key for ever.
   * Also the way out when a relist skips the written version because somebody wrote a newer one.
   */
  readonly timeoutMs?: number;
}

/** One per controller; shared by its writers. Holds entries only for runs under way. */
export class Expectations {
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #timeoutMs: number;
  /** By type; several when each holds a namespace of its own. */
  readonly #caches = new Map<string, Cache<KubeObject>[]>();
  readonly #byTarget = new Map<string, Set<Pending>>();
  readonly #byRun = new Map<string, Set<Pending>>();
  readonly #waiters = new Map<string, () => void>();

  constructor(options: ExpectationsOptions) {
    this.#clock = options.clock;
    this.#logger = options.logger;
    this.#timeoutMs = options.timeoutMs ?? 30_000;
  }

  /** Has writes of objects that this cache holds waited for; others are not. Once for each cache, before the controller starts. */
  observe<T extends KubeObject>(cache: Cache<T>): void {
    const id = typeText(cache.type);
    this.#caches.set(id, [...this.#caches.get(id) ?? [], cache as unknown as Cache<KubeObject>]);
    cache.subscribe((change) => this.#onChange(cache.type, change));
  }

  /** The cache that would hold the object, if there is one. */
  cacheOf(type: ResourceType, { namespace }: ObjectKey): Cache<KubeObject> | undefined {
    return this.#caches.get(typeText(type))?.find((cache) => cache.namespace === undefined || cache.namespace === namespace);
  }

  /** Performs a write on behalf of `run`; `settled` then waits for the version that it returns. */
  async written<T extends KubeObject>(run: ObjectKey, type: ResourceType, target: ObjectKey, call: () => Promise<T>): Promise<T> {
    const cache = this.cacheOf(type, target);
    if (cache === undefined) return call();
    const pending = this.#begin(run, type, target);
    try {
      const answer = await call();
      const { resourceVersion: version, uid = '' } = answer.metadata;
      if (version !== undefined && cache.covers(answer)) {
        pending.shown = () => pending.seenVersions.has(version) || pending.seenGone.has(uid)
          || cache.get(target)?.metadata.resourceVersion === version;
      }
      return answer;
    } finally {
      this.#answered(pending);
    }
  }

  /** Performs a deletion on behalf of `run`; `settled` then waits for the object to be gone or marked as going. */
  async deleted(run: ObjectKey, type: ResourceType, target: ObjectKey, call: () => Promise<void>): Promise<void> {
    const cache = this.cacheOf(type, target);
    const before = cache?.get(target);
    if (cache === undefined || before === undefined) return call();
    const pending = this.#begin(run, type, target);
    try {
      await call();
      pending.shown = () => {
        const current = cache.get(target);
        return current === undefined || current.metadata.uid !== before.metadata.uid || current.metadata.deletionTimestamp !== undefined;
      };
    } finally {
      this.#answered(pending);
    }
  }

  /** How many writes of a run the caches have not shown yet. */
  outstanding(run: ObjectKey): number {
    return this.#byRun.get(keyText(run))?.size ?? 0;
  }

  /** Resolves when the caches show all that `run` wrote, after the time-out, or when the signal aborts. */
  async settled(run: ObjectKey, signal: AbortSignal): Promise<void> {
    if (this.outstanding(run) === 0) return;
    const key = keyText(run);
    const { promise, resolve } = Promise.withResolvers<void>();
    const onAbort = (): void => resolve();
    const cancel = this.#clock.after(this.#timeoutMs, () => {
      this.#logger.warn({ key, outstanding: this.outstanding(run), timeoutMs: this.#timeoutMs }, 'The cache does not show own writes; going on without');
      resolve();
    });
    this.#waiters.set(key, resolve);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) resolve();
    await promise;
    cancel();
    signal.removeEventListener('abort', onAbort);
    this.#waiters.delete(key);
    for (const pending of this.#byRun.get(key) ?? []) this.#end(pending);
  }

  #begin(run: ObjectKey, type: ResourceType, target: ObjectKey): Pending {
    const pending: Pending = {
      run: keyText(run), target: targetText(type, target), seenVersions: new Set(), seenGone: new Set(), shown: undefined,
    };
    addTo(this.#byRun, pending.run, pending);
    addTo(this.#byTarget, pending.target, pending);
    return pending;
  }

  /** Without `shown` there is no version to wait for: the write failed, or its object lies outside the cache. */
  #answered(pending: Pending): void {
    if (pending.shown?.() !== false) this.#end(pending);
  }

  #end(pending: Pending): void {
    removeFrom(this.#byTarget, pending.target, pending);
    removeFrom(this.#byRun, pending.run, pending);
    if (!this.#byRun.has(pending.run)) this.#waiters.get(pending.run)?.();
  }

  #onChange(type: ResourceType, change: CacheChange<KubeObject>): void {
    if (this.#byTarget.size === 0) return;
    const object = change.kind === 'set' ? change.object : change.previous;
    for (const pending of this.#byTarget.get(targetText(type, keyOf(object))) ?? []) {
      if (change.kind === 'removed') pending.seenGone.add(object.metadata.uid ?? '');
      else pending.seenVersions.add(object.metadata.resourceVersion ?? '');
      if (pending.shown?.() === true) this.#end(pending);
    }
  }
}

function typeText(type: ResourceType): string {
  return `${type.apiVersion}/${type.kind}`;
}

function targetText(type: ResourceType, key: ObjectKey): string {
  return `${typeText(type)}/${keyText(key)}`;
}

function addTo(map: Map<string, Set<Pending>>, key: string, pending: Pending): void {
  const members = map.get(key);
  if (members === undefined) map.set(key, new Set([pending]));
  else members.add(pending);
}

function removeFrom(map: Map<string, Set<Pending>>, key: string, pending: Pending): void {
  const members = map.get(key);
  members?.delete(pending);
  if (members?.size === 0) map.delete(key);
}
