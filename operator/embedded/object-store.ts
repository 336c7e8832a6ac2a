import { asList, asObject, immutable } from './immutable-json.ts';
import type { JsonObject } from './immutable-json.ts';
import type { Resource } from './resource.ts';
import { WatchHistory } from './watch-history.ts';

/** Names one stored object. */
export interface StoredAt {
  readonly collection: Collection;
  readonly key: string;
}

export function metadataOf(object: JsonObject): JsonObject {
  return asObject(object['metadata']);
}

export function keyOf(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}

export function uidOf(object: JsonObject): string {
  return String(metadataOf(object)['uid']);
}

export function ownersOf(object: JsonObject): readonly JsonObject[] {
  return asList(metadataOf(object)['ownerReferences']).map(asObject);
}

/** All objects of one resource type. Objects are frozen and shared with whoever reads them. */
export class Collection {
  #resource: Resource;
  readonly history: WatchHistory;
  readonly objects = new Map<string, JsonObject>();
  #sortedKeys: readonly string[] | undefined;

  /** `version`: the store's when the collection begins. */
  constructor(resource: Resource, eventsMax: number, version: number) {
    this.#resource = resource;
    this.history = new WatchHistory(eventsMax, version);
  }

  get resource(): Resource {
    return this.#resource;
  }

  /** A changed CustomResourceDefinition: holds for writes from now on. */
  redefine(resource: Resource): void {
    this.#resource = resource;
  }

  /** In the order that lists have. */
  sortedKeys(): readonly string[] {
    this.#sortedKeys ??= [...this.objects.keys()].toSorted();
    return this.#sortedKeys;
  }

  set(key: string, object: JsonObject | undefined): void {
    if (object === undefined || !this.objects.has(key)) this.#sortedKeys = undefined;
    if (object === undefined) this.objects.delete(key);
    else this.objects.set(key, object);
  }

  /** The objects as they were at `version`. Throws `KubeError` Expired when that is too long ago. */
  asOf(version: number): Collection {
    const later = this.history.after(version);
    if (later.length === 0) return this;
    const past = new Collection(this.resource, 0, version);
    for (const [key, object] of this.objects) past.objects.set(key, object);
    for (const event of later.toReversed()) past.set(event.key, event.previous);
    return past;
  }
}

/** All objects, one counter for their versions, and who owns whom. Knows no rules: the API server does. */
export class ObjectStore {
  readonly #eventsMax: number;
  readonly #collections = new Map<string, Collection>();
  readonly #places = new Map<string, StoredAt>();
  readonly #dependents = new Map<string, Map<string, StoredAt>>();
  #version = 1;
  /** Called after every change, synchronously. */
  onChange: (at: StoredAt, object: JsonObject | undefined, previous: JsonObject | undefined) => void = () => undefined;

  constructor(eventsMax: number) {
    this.#eventsMax = eventsMax;
  }

  get version(): number {
    return this.#version;
  }

  add(resource: Resource): void {
    this.#collections.set(collectionKey(resource.type), new Collection(resource, this.#eventsMax, this.#version));
  }

  collections(): readonly Collection[] {
    return [...this.#collections.values()];
  }

  collection(type: { readonly apiVersion: string; readonly plural: string }): Collection | undefined {
    return this.#collections.get(collectionKey(type));
  }

  place(uid: string): StoredAt | undefined {
    return this.#places.get(uid);
  }

  dependents(uid: string): readonly StoredAt[] {
    return [...(this.#dependents.get(uid)?.values() ?? [])];
  }

  /** Stores `draft` under a new version and returns it as it is stored. */
  put(at: StoredAt, draft: JsonObject): JsonObject {
    this.#version += 1;
    const object = immutable({ ...draft, metadata: { ...metadataOf(draft), resourceVersion: String(this.#version) } }) as JsonObject;
    this.#record(at, object);
    return object;
  }

  remove(at: StoredAt): void {
    this.#version += 1;
    this.#record(at, undefined);
  }

  #record(at: StoredAt, object: JsonObject | undefined): void {
    const { collection, key } = at;
    const previous = collection.objects.get(key);
    if (previous !== undefined) this.#unlink(previous);
    collection.set(key, object);
    if (object !== undefined) this.#link(at, object);
    // The last state of an object that is gone carries the version of its end.
    const last = object ?? (previous === undefined ? undefined
      : immutable({ ...previous, metadata: { ...metadataOf(previous), resourceVersion: String(this.#version) } }) as JsonObject);
    if (last === undefined) return;
    collection.history.append({ version: this.#version, key, object, previous, last });
    this.onChange(at, object, previous);
  }

  #link(at: StoredAt, object: JsonObject): void {
    const uid = uidOf(object);
    this.#places.set(uid, at);
    for (const owner of ownersOf(object)) {
      const of = String(owner['uid']);
      const known = this.#dependents.get(of) ?? new Map<string, StoredAt>();
      known.set(uid, at);
      this.#dependents.set(of, known);
    }
  }

  #unlink(object: JsonObject): void {
    const uid = uidOf(object);
    this.#places.delete(uid);
    for (const owner of ownersOf(object)) {
      const of = String(owner['uid']);
      const known = this.#dependents.get(of);
      known?.delete(uid);
      if (known?.size === 0) this.#dependents.delete(of);
    }
  }
}

function collectionKey(type: { readonly apiVersion: string; readonly plural: string }): string {
  return `${type.apiVersion}/${type.plural}`;
}
