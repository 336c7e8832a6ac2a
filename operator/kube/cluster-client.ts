/**
 * KubeClient over a real API server. Written on plain HTTP, because the library's own calls end every
 * watch after 30 s without bookmarks or server-side time-out and read no Retry-After.
 */
import type {
  ApplyOptions, DeleteOptions, KubeClient, KubeObject, ListOptions, ObjectList, ResourceType, WatchEvent, WatchOptions,
} from './client.ts';
import { KubeError } from './client.ts';
import type { Connection } from './cluster-connection.ts';
import type { Call, TransportOptions } from './http-transport.ts';
import { HttpTransport, ServerRefusal, statusError } from './http-transport.ts';

export interface ClusterClientOptions extends Omit<TransportOptions, 'userAgent'> {
  /** Owner of the fields that `create`, `update` and `patch` write. */
  readonly fieldManager: string;
}

/** One line of a watch: etcd holds at most 1.5 MB per object, escaping may double it. */
const watchLineBytesMax = 8 * 1024 * 1024;

/** A client of the API server at `options.connection`; `close` ends its connections. */
export function clusterClient(options: ClusterClientOptions): KubeClient & { close(): void } {
  return new ClusterClient(options);
}

class ClusterClient implements KubeClient {
  readonly #transport: HttpTransport;
  readonly #connection: Connection;
  readonly #fieldManager: string;

  constructor(options: ClusterClientOptions) {
    this.#transport = new HttpTransport({ ...options, userAgent: `${options.fieldManager}/0.1` });
    this.#connection = options.connection;
    this.#fieldManager = options.fieldManager;
  }

  close(): void {
    this.#connection.close();
  }

  async get<T extends KubeObject>(type: ResourceType, namespace: string, name: string, signal: AbortSignal): Promise<T | undefined> {
    try {
      return await this.#call<T>({ method: 'GET', path: pathOf(type, namespace, name) }, signal);
    } catch (error) {
      if (isAbsence(error, name)) return undefined;
      throw error;
    }
  }

  async list<T extends KubeObject>(type: ResourceType, options: ListOptions, signal: AbortSignal): Promise<ObjectList<T>> {
    const { namespace, ...query } = options;
    const answer = await this.#transport.json({ method: 'GET', path: pathOf(type, namespace ?? ''), query: { ...query } }, signal) as {
      readonly metadata: { readonly resourceVersion: string; readonly continue?: string };
      readonly items: readonly T[] | null;
    };
    const next = answer.metadata.continue ?? '';
    return {
      // The server leaves both out of the items of built-in types.
      items: (answer.items ?? []).map((item) => ({ ...item, apiVersion: type.apiVersion, kind: type.kind })),
      resourceVersion: answer.metadata.resourceVersion,
      ...(next === '' ? {} : { continue: next }),
    };
  }

  async *watch<T extends KubeObject>(type: ResourceType, options: WatchOptions, signal: AbortSignal): AsyncGenerator<WatchEvent<T>, void, undefined> {
    const { namespace, ...query } = options;
    const call: Call = { method: 'GET', path: pathOf(type, namespace ?? ''), query: { ...query, watch: true, allowWatchBookmarks: true } };
    const response = await this.#transport.stream(call, signal);
    try {
      for await (const line of lines(call, response)) yield toWatchEvent<T>(call, line);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof KubeError) throw error;
      throw new KubeError('Unreachable', `watch ${call.path}: ${error instanceof Error ? error.message : String(error)}`, { status: 0, cause: error });
    } finally {
      response.destroy();
    }
    signal.throwIfAborted();
  }

  create<T extends KubeObject>(type: ResourceType, object: T, signal: AbortSignal): Promise<T> {
    return this.#call({ method: 'POST', path: pathOf(type, namespaceOf(object)), query: this.#asManager(), body: object }, signal);
  }

  update<T extends KubeObject>(type: ResourceType, object: T, signal: AbortSignal): Promise<T> {
    return this.#call({ method: 'PUT', path: pathOf(type, namespaceOf(object), object.metadata.name), query: this.#asManager(), body: object }, signal);
  }

  updateStatus<T extends KubeObject>(type: ResourceType, object: T, signal: AbortSignal): Promise<T> {
    const path = `${pathOf(type, namespaceOf(object), object.metadata.name)}/status`;
    if (object.metadata.resourceVersion !== undefined) return this.#call({ method: 'PUT', path, query: this.#asManager(), body: object }, signal);
    // Custom resources take no PUT without a version; a patch of the status alone means the same.
    return this.#replaceStatus<T>(type, path, object, signal);
  }

  apply<T extends KubeObject>(type: ResourceType, object: T, options: ApplyOptions, signal: AbortSignal): Promise<T> {
    return this.#call({
      method: 'PATCH',
      path: pathOf(type, namespaceOf(object), object.metadata.name),
      query: { fieldManager: options.fieldManager, force: options.force },
      // JSON is YAML.
      contentType: 'application/apply-patch+yaml',
      body: object,
    }, signal);
  }

  patch<T extends KubeObject>(type: ResourceType, namespace: string, name: string, patch: object, signal: AbortSignal): Promise<T> {
    return this.#call({
      method: 'PATCH', path: pathOf(type, namespace, name), query: this.#asManager(), contentType: 'application/merge-patch+json', body: patch,
    }, signal);
  }

  async delete(type: ResourceType, namespace: string, name: string, options: DeleteOptions, signal: AbortSignal): Promise<void> {
    const { uid, resourceVersion, ...rest } = options;
    const preconditions = { ...(uid === undefined ? {} : { uid }), ...(resourceVersion === undefined ? {} : { resourceVersion }) };
    const body = { apiVersion: 'v1', kind: 'DeleteOptions', ...rest, ...(Object.keys(preconditions).length === 0 ? {} : { preconditions }) };
    try {
      await this.#transport.json({ method: 'DELETE', path: pathOf(type, namespace, name), body }, signal);
    } catch (error) {
      if (!isAbsence(error, name)) throw error;
    }
  }

  async #replaceStatus<T extends KubeObject>(type: ResourceType, path: string, object: T, signal: AbortSignal): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      const live = await this.#call<T>({ method: 'GET', path: pathOf(type, namespaceOf(object), object.metadata.name) }, signal);
      const body = { ...live, status: object['status'] };
      try {
        return await this.#call<T>({ method: 'PUT', path, query: this.#asManager(), body }, signal);
      } catch (error) {
        if (!(error instanceof KubeError && error.code === 'Conflict') || attempt === 5) throw error;
      }
    }
  }

  async #call<T>(call: Call, signal: AbortSignal): Promise<T> {
    return await this.#transport.json(call, signal) as T;
  }

  #asManager(): { readonly fieldManager: string } {
    return { fieldManager: this.#fieldManager };
  }
}

function namespaceOf(object: KubeObject): string {
  return object.metadata.namespace ?? '';
}

function pathOf(type: ResourceType, namespace: string, name?: string): string {
  const root = type.apiVersion.includes('/') ? `/apis/${type.apiVersion}` : `/api/${type.apiVersion}`;
  const scope = type.namespaced && namespace !== '' ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return `${root}${scope}/${type.plural}${name === undefined ? '' : `/${encodeURIComponent(name)}`}`;
}

/** 404 for this object, not for its type: a missing definition must not pass for a missing object. */
function isAbsence(error: unknown, name: string): boolean {
  return error instanceof ServerRefusal && error.code === 'NotFound' && error.objectName === name;
}

async function* lines(call: Call, response: AsyncIterable<Buffer>): AsyncGenerator<string, void, undefined> {
  let rest: Buffer[] = [];
  let restBytes = 0;
  for await (const chunk of response) {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      const line = Buffer.concat([...rest, chunk.subarray(start, end)]).toString('utf8');
      rest = [];
      restBytes = 0;
      start = end + 1;
      if (line !== '') yield line;
    }
    rest.push(chunk.subarray(start));
    restBytes += chunk.length - start;
    if (restBytes > watchLineBytesMax) throw new KubeError('Other', `watch ${call.path}: an event is larger than ${watchLineBytesMax} bytes`, { status: 200, retryable: false });
  }
}

function toWatchEvent<T extends KubeObject>(call: Call, line: string): WatchEvent<T> {
  const event = JSON.parse(line) as { readonly type: string; readonly object: T };
  switch (event.type) {
    case 'ADDED':
    case 'MODIFIED':
    case 'DELETED':
      return { type: event.type, object: event.object };
    case 'BOOKMARK':
      return { type: 'BOOKMARK', resourceVersion: event.object.metadata.resourceVersion ?? '' };
    case 'ERROR':
      throw statusError(call, event.object as unknown as Parameters<typeof statusError>[1], 200);
    default:
      throw new KubeError('Other', `watch ${call.path}: unknown event type ${event.type}`, { status: 200, retryable: false });
  }
}
