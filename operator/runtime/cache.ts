/**
 * The operator's copy of the objects of one type, fed by a `Reflector`. Reads are synchronous and go
 * through indexes, so that a pass over one object costs its own children and not the cluster's.
 * Objects are frozen in spirit: everybody shares them, nobody changes them.
 */
import type { KubeObject, ResourceType } from '../kube/client.ts';
import { matchesSelector } from './label-selector.ts';
import type { ObjectKey } from './object-key.ts';
import { keyOf, keyText } from './object-key.ts';

export type CacheChange<T extends KubeObject> =
  /** `live` is false for what a list brought: the queue serves live changes first. */
  | { readonly kind: 'set'; readonly object: T; readonly previous: T | undefined; readonly live: boolean }
  | { readonly kind: 'removed'; readonly previous: T; readonly live: boolean };

/** Called after the cache has changed; must not throw and must not wait. */
export type CacheListener<T extends KubeObject> = (change: CacheChange<T>) => void;

export interface CacheOptions {
  /** Hold this namespace only. */
  readonly namespace?: string;
  /** Hold only what this selects; keeps other people's pods out of memory. */
  readonly labelSelector?: string;
  /** Label keys to index; `labelled` answers for these only. */
  readonly labels?: readonly string[];
}

/** Values by index key; buckets vanish with their last member. */
class Index<T> {
  readonly #buckets = new Map<string, Map<string, T>>();

  add(bucket: string, id: string, value: T): void {
    const members = this.#buckets.get(bucket);
    if (members === undefined) this.#buckets.set(bucket, new Map([[id, value]]));
    else members.set(id, value);
  }

  remove(bucket: string, id: string): void {
    const members = this.#buckets.get(bucket);
    if (members === undefined) return;
    members.delete(id);
    if (members.size === 0) this.#buckets.delete(bucket);
  }

  values(bucket: string): readonly T[] {
    const members = this.#buckets.get(bucket);
    return members === undefined ? [] : [...members.values()];
  }
}

export class Cache<T extends KubeObject> {
  readonly type: ResourceType;
  readonly namespace: string | undefined;
  readonly labelSelector: string | undefined;
  readonly #objects = new Map<string, T>();
  readonly #byNamespace = new Index<T>();
  readonly #byOwner = new Index<T>();
  readonly #byLabel = new Index<T>();
  readonly #labels: readonly string[];
  readonly #listeners = new Set<CacheListener<T>>();
  #synced = false;
  readonly #whenSynced = Promise.withResolvers<void>();

  constructor(type: ResourceType, options: CacheOptions = {}) {
    this.type = type;
    this.namespace = options.namespace;
    this.labelSelector = options.labelSelector;
    this.#labels = options.labels ?? [];
  }

  /** True once the first list has arrived; until then an absent object means nothing. */
  get hasSynced(): boolean {
    return this.#synced;
  }

  /** Resolves at the first list; rejects with the signal's reason when it aborts first. */
  async waitSynced(signal: AbortSignal): Promise<void> {
    if (this.#synced) return;
    signal.throwIfAborted();
    const aborted = Promise.withResolvers<never>();
    const onAbort = (): void => aborted.reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      await Promise.race([this.#whenSynced.promise, aborted.promise]);
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  /** Whether an object of this type belongs into this cache. */
  covers(object: KubeObject): boolean {
    if (this.namespace !== undefined && object.metadata.namespace !== this.namespace) return false;
    return this.labelSelector === undefined || matchesSelector(this.labelSelector, object.metadata.labels ?? {});
  }

  get size(): number {
    return this.#objects.size;
  }

  get(key: ObjectKey): T | undefined {
    return this.#objects.get(keyText(key));
  }

  /** A copy of all objects; linear in the cache, so not for hot paths. */
  list(): readonly T[] {
    return [...this.#objects.values()];
  }

  inNamespace(namespace: string): readonly T[] {
    return this.#byNamespace.values(namespace);
  }

  /** Objects that name `uid` among their ownerReferences. */
  ownedBy(uid: string): readonly T[] {
    return this.#byOwner.values(uid);
  }

  /** Objects of a namespace with this label; `label` must be among the options' `labels`. */
  labelled(namespace: string, label: string, value: string): readonly T[] {
    if (!this.#labels.includes(label)) throw new TypeError(`The cache has no index for label ${label}: add it to the cache's options.`);
    return this.#byLabel.values(labelBucket(namespace, label, value));
  }

  /** Returns the function that ends the subscription. The listener first hears of every object that is already here. */
  subscribe(listener: CacheListener<T>): () => void {
    for (const object of this.#objects.values()) listener({ kind: 'set', object, previous: undefined, live: false });
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** For the reflector: one object was added or changed. */
  set(object: T, live = true): void {
    const kept = withoutManagedFields(object);
    const previous = this.#store(kept);
    this.#tell({ kind: 'set', object: kept, previous, live });
  }

  /** For the reflector: one object is gone. `last` is its final state, as the watch reports it. */
  remove(last: T, live = true): void {
    const previous = this.#unstore(keyText(keyOf(last)));
    if (previous !== undefined) this.#tell({ kind: 'removed', previous: withoutManagedFields(last), live });
  }

  /** For the reflector: the complete truth as of a list. Tells listeners the differences. */
  replace(objects: readonly T[]): void {
    const present = new Set(objects.map((object) => keyText(keyOf(object))));
    for (const [id, object] of this.#objects) {
      if (!present.has(id)) this.remove(object, false);
    }
    for (const object of objects) {
      const before = this.#objects.get(keyText(keyOf(object)));
      if (before?.metadata.resourceVersion === object.metadata.resourceVersion && before?.metadata.uid === object.metadata.uid) continue;
      this.set(object, false);
    }
    this.#synced = true;
    this.#whenSynced.resolve();
  }

  #tell(change: CacheChange<T>): void {
    for (const listener of this.#listeners) listener(change);
  }

  #store(object: T): T | undefined {
    const id = keyText(keyOf(object));
    const previous = this.#unstore(id);
    this.#objects.set(id, object);
    this.#byNamespace.add(object.metadata.namespace ?? '', id, object);
    for (const bucket of ownerBuckets(object)) this.#byOwner.add(bucket, id, object);
    for (const bucket of this.#labelBuckets(object)) this.#byLabel.add(bucket, id, object);
    return previous;
  }

  #unstore(id: string): T | undefined {
    const object = this.#objects.get(id);
    if (object === undefined) return undefined;
    this.#objects.delete(id);
    this.#byNamespace.remove(object.metadata.namespace ?? '', id);
    for (const bucket of ownerBuckets(object)) this.#byOwner.remove(bucket, id);
    for (const bucket of this.#labelBuckets(object)) this.#byLabel.remove(bucket, id);
    return object;
  }

  #labelBuckets(object: T): readonly string[] {
    const labels = object.metadata.labels;
    if (labels === undefined) return [];
    return this.#labels.flatMap((label) => {
      const value = labels[label];
      return value === undefined ? [] : [labelBucket(object.metadata.namespace ?? '', label, value)];
    });
  }
}

function ownerBuckets(object: KubeObject): readonly string[] {
  return object.metadata.ownerReferences?.map((owner) => owner.uid) ?? [];
}

/** `=` stands in neither namespace nor label key, so buckets never collide. */
function labelBucket(namespace: string, label: string, value: string): string {
  return `${namespace}=${label}=${value}`;
}

/** managedFields are often half of an object's bytes, and nothing here reads them. */
function withoutManagedFields<T extends KubeObject>(object: T): T {
  if (!('managedFields' in object.metadata)) return object;
  const { managedFields: _, ...metadata } = object.metadata as T['metadata'] & { managedFields?: unknown };
  return { ...object, metadata };
}
