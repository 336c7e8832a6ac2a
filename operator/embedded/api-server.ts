/**
 * The Kubernetes API in this process: what laptop mode and the tests run on instead of a cluster. Behaves as
 * kube-apiserver does for everything that the operator uses, and passes the same suite (`kube/client.contract.ts`).
 * Nothing is stored on disk. Objects handed out are frozen and shared: nobody can change the store from outside.
 */
import type {
  ApplyOptions, DeleteOptions, KubeClient, KubeObject, ListOptions, ObjectList, ResourceType, WatchEvent, WatchOptions,
} from '../kube/client.ts';
import { KubeError } from '../kube/client.ts';
import type { Clock } from '../runtime/clock.ts';
import { alreadyExists, badRequest, conflict, notFound, unknownType } from './api-error.ts';
import { builtInResources } from './built-in-resources.ts';
import { customResource } from './custom-resource.ts';
import { GarbageCollector } from './garbage-collector.ts';
import { asList, asObject, immutable, withFields } from './immutable-json.ts';
import type { Json, JsonObject } from './immutable-json.ts';
import { mergePatch } from './merge-patch.ts';
import { isOver, markedForDeletion, timestamp } from './object-deletion.ts';
import { listObjects } from './object-list.ts';
import { ObjectStore, keyOf, metadataOf, uidOf } from './object-store.ts';
import type { Collection, StoredAt } from './object-store.ts';
import { watchObjects } from './object-watch.ts';
import { applied, created, statusUpdated, updated } from './object-write.ts';
import type { WriteContext } from './object-write.ts';

export interface ApiServerOptions {
  readonly clock: Clock;
  /** Universally unique identifiers; `crypto.randomUUID` outside tests. */
  readonly uid: () => string;
  /** Changes remembered per resource type; older watches get `Expired`. */
  readonly historyEventsMax?: number;
  /** Who owns fields written without server-side apply. */
  readonly fieldManager?: string;
  /** How often a quiet watch says which version it has seen. */
  readonly bookmarkIntervalMs?: number;
}

export class EmbeddedApiServer implements KubeClient {
  readonly #options: Required<ApiServerOptions>;
  readonly #store: ObjectStore;
  readonly #collector: GarbageCollector;
  readonly #closed = new AbortController();
  #turn: Promise<void> | undefined;

  constructor(options: ApiServerOptions) {
    this.#options = { historyEventsMax: 8192, fieldManager: 'headrace', bookmarkIntervalMs: 10_000, ...options };
    this.#store = new ObjectStore(this.#options.historyEventsMax);
    for (const resource of builtInResources) this.#store.add(resource);
    this.#collector = new GarbageCollector(this.#store, {
      remove: (at, uid) => this.#delete(at, { uid }),
      replace: (at, object) => void this.#put(at, object),
    });
    this.#store.onChange = (at, object, previous) => this.#collector.changed(at, object, previous);
  }

  /** Ends all watches; calls after this are refused. */
  close(): void {
    this.#collector.close();
    this.#closed.abort(new KubeError('Unreachable', 'the embedded API server is closed', { status: 0, retryable: false }));
  }

  /** Forgets the history of changes, as etcd's compaction does: watches from before now get `Expired`. */
  compact(): void {
    for (const collection of this.#store.collections()) collection.history.forget(this.#store.version);
  }

  /** The type of a manifest's apiVersion and kind; undefined when nothing of that kind is served. */
  resourceType(apiVersion: string, kind: string): ResourceType | undefined {
    return this.#store.collections().map((each) => each.resource.type).find((type) => type.apiVersion === apiVersion && type.kind === kind);
  }

  /** Puts a pod on a node, which no ordinary write can do. Throws `KubeError` NotFound or Conflict. */
  async bindPod(namespace: string, name: string, nodeName: string, signal: AbortSignal): Promise<void> {
    await this.#begin(signal);
    const at = this.#at({ apiVersion: 'v1', kind: 'Pod', plural: 'pods', namespaced: true }, namespace, name);
    const live = this.#live(at, name);
    const spec = asObject(live['spec']);
    if (spec['nodeName'] !== undefined) throw conflict(at.collection.resource.type, name, `pod ${name} is already assigned to node ${JSON.stringify(spec['nodeName'])}`);
    this.#put(at, withFields(live, { spec: { ...spec, nodeName } }));
  }

  async get<T extends KubeObject>(type: ResourceType, namespace: string, name: string, signal: AbortSignal): Promise<T | undefined> {
    await this.#begin(signal);
    const at = this.#at(type, namespace, name);
    return at.collection.objects.get(at.key) as T | undefined;
  }

  async list<T extends KubeObject>(type: ResourceType, options: ListOptions, signal: AbortSignal): Promise<ObjectList<T>> {
    await this.#begin(signal);
    return listObjects<T>(this.#collection(type), this.#store.version, options);
  }

  async *watch<T extends KubeObject>(type: ResourceType, options: WatchOptions, signal: AbortSignal): AsyncGenerator<WatchEvent<T>> {
    await this.#begin(signal);
    yield* watchObjects<T>(this.#collection(type), options, {
      clock: this.#options.clock,
      bookmarkIntervalMs: this.#options.bookmarkIntervalMs,
      version: () => this.#store.version,
      signal: AbortSignal.any([signal, this.#closed.signal]),
    });
  }

  async create<T extends KubeObject>(type: ResourceType, object: T, signal: AbortSignal): Promise<T> {
    await this.#begin(signal);
    const body = this.#body(type, object);
    const at = this.#place(type, body);
    const draft = created(body, this.#options.uid(), this.#context(at.collection));
    if (at.collection.objects.has(at.key)) throw alreadyExists(type, String(metadataOf(body)['name']));
    return this.#put(at, draft) as unknown as T;
  }

  async update<T extends KubeObject>(type: ResourceType, object: T, signal: AbortSignal): Promise<T> {
    await this.#begin(signal);
    const body = this.#body(type, object);
    const at = this.#place(type, body);
    const live = this.#live(at, String(metadataOf(body)['name']));
    return this.#put(at, updated(live, body, this.#context(at.collection))) as unknown as T;
  }

  async updateStatus<T extends KubeObject>(type: ResourceType, object: T, signal: AbortSignal): Promise<T> {
    await this.#begin(signal);
    const body = this.#body(type, object);
    const at = this.#place(type, body);
    if (!at.collection.resource.statusApart) throw unknownType();
    const live = this.#live(at, String(metadataOf(body)['name']));
    return this.#put(at, statusUpdated(live, body, this.#context(at.collection))) as unknown as T;
  }

  async apply<T extends KubeObject>(type: ResourceType, object: T, options: ApplyOptions, signal: AbortSignal): Promise<T> {
    await this.#begin(signal);
    const body = this.#body(type, object);
    const at = this.#place(type, body);
    const context = { ...this.#context(at.collection), manager: options.fieldManager };
    return this.#put(at, applied(at.collection.objects.get(at.key), body, this.#options.uid(), context, options.force)) as unknown as T;
  }

  async patch<T extends KubeObject>(type: ResourceType, namespace: string, name: string, patch: object, signal: AbortSignal): Promise<T> {
    await this.#begin(signal);
    const at = this.#at(type, namespace, name);
    const live = this.#live(at, name);
    const given = immutable(patch);
    return this.#put(at, updated(live, asObject(immutable(mergePatch(live, given))), this.#context(at.collection))) as unknown as T;
  }

  async delete(type: ResourceType, namespace: string, name: string, options: DeleteOptions, signal: AbortSignal): Promise<void> {
    await this.#begin(signal);
    this.#delete(this.#at(type, namespace, name), options);
  }

  /** Every call takes one turn of the event loop, as a call over the network would: a busy caller starves nobody. */
  async #begin(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    this.#closed.signal.throwIfAborted();
    this.#turn ??= new Promise((resolve) => setImmediate(() => {
      this.#turn = undefined;
      resolve();
    }));
    await this.#turn;
    signal.throwIfAborted();
    this.#closed.signal.throwIfAborted();
  }

  #context(collection: Collection): WriteContext {
    const { clock, fieldManager } = this.#options;
    return { resource: collection.resource, manager: fieldManager, time: timestamp(clock.now()) };
  }

  #collection(type: ResourceType): Collection {
    const collection = this.#store.collection(type);
    if (collection === undefined) throw unknownType();
    return collection;
  }

  #at(type: ResourceType, namespace: string, name: string): StoredAt {
    const collection = this.#collection(type);
    return { collection, key: keyOf(collection.resource.type.namespaced ? namespace : '', name) };
  }

  #live(at: StoredAt, name: string): JsonObject {
    const live = at.collection.objects.get(at.key);
    if (live === undefined) throw notFound(at.collection.resource.type, name);
    return live;
  }

  /** The object as it arrives: JSON, with kind, name and namespace settled. */
  #body(type: ResourceType, object: KubeObject): JsonObject {
    const { resource } = this.#collection(type);
    let body: JsonObject;
    try {
      body = asObject(immutable(object));
    } catch (cause) {
      throw new KubeError('BadRequest', `the object is not JSON: ${String(cause)}`, { status: 400, cause });
    }
    for (const field of ['apiVersion', 'kind'] as const) {
      if (body[field] !== resource.type[field]) {
        throw badRequest(`the ${field} of the object (${String(body[field])}) does not match the expected ${field} (${resource.type[field]})`);
      }
    }
    return withFields(body, { metadata: this.#settledName(resource.type, metadataOf(body)) });
  }

  #settledName(type: ResourceType, metadata: JsonObject): JsonObject {
    const { name, generateName, namespace } = metadata;
    const generated = (name === undefined || name === '') && typeof generateName === 'string' ? `${generateName}${this.#options.uid().slice(0, 5)}` : name;
    return withFields(metadata, { name: generated, namespace: type.namespaced ? namespace ?? 'default' : undefined });
  }

  #place(type: ResourceType, body: JsonObject): StoredAt {
    const { name, namespace } = metadataOf(body);
    return this.#at(type, typeof namespace === 'string' ? namespace : '', typeof name === 'string' ? name : '');
  }

  /** Stores a draft, unless it is what is stored already; ends objects that nothing keeps. */
  #put(at: StoredAt, draft: JsonObject): JsonObject {
    const live = at.collection.objects.get(at.key);
    if (draft === live) return live;
    if (isOver(draft)) {
      this.#store.remove(at);
      return immutable(draft) as JsonObject;
    }
    if (at.collection.resource.type.plural === 'customresourcedefinitions') this.#register(draft, live);
    return this.#store.put(at, draft);
  }

  #register(definition: JsonObject, live: JsonObject | undefined): void {
    const resource = customResource(asObject(immutable(definition)));
    const known = this.#store.collection(resource.type);
    if (known === undefined) this.#store.add(resource);
    else if (live === undefined) throw badRequest(`${resource.type.plural} is a built-in type`);
    else known.redefine(resource);
  }

  #delete(at: StoredAt, options: DeleteOptions): void {
    const live = at.collection.objects.get(at.key);
    if (live === undefined) return;
    const { type } = at.collection.resource;
    const { name, uid, resourceVersion } = metadataOf(live);
    if (options.uid !== undefined && options.uid !== uid) {
      throw conflict(type, String(name), `Precondition failed: UID in precondition: ${options.uid}, UID in object meta: ${String(uid)}`);
    }
    if (options.resourceVersion !== undefined && options.resourceVersion !== resourceVersion) {
      throw conflict(type, String(name), `Precondition failed: ResourceVersion in precondition: ${options.resourceVersion}, ResourceVersion in object meta: ${String(resourceVersion)}`);
    }
    if (options.propagationPolicy === 'Orphan') this.#orphanDependents(uidOf(live));
    this.#put(at, markedForDeletion(live, at.collection.resource, {
      gracePeriodSeconds: options.gracePeriodSeconds,
      foreground: options.propagationPolicy === 'Foreground',
      nowMs: this.#options.clock.now(),
    }));
  }

  #orphanDependents(uid: string): void {
    for (const dependent of this.#store.dependents(uid)) {
      const object = dependent.collection.objects.get(dependent.key);
      if (object === undefined) continue;
      const left: Json = asList(metadataOf(object)['ownerReferences']).filter((each) => asObject(each)['uid'] !== uid);
      const ownerReferences = left.length === 0 ? undefined : left;
      this.#put(dependent, withFields(object, { metadata: withFields(metadataOf(object), { ownerReferences }) }));
    }
  }
}
