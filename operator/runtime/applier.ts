/**
 * Writes on behalf of one reconcile. `apply` is server-side apply that costs nothing when nothing
 * would change: the desired object's hash stands in an annotation, so fields that are no longer
 * desired are noticed, also by a new process; and the cached object is compared with the desired
 * one, so that hand-made changes to it are put right.
 */
import { createHash } from 'node:crypto';
import type { DeleteOptions, KubeClient, KubeObject, ResourceType } from '../kube/client.ts';
import type { Expectations } from './expectations.ts';
import type { ObjectKey } from './object-key.ts';
import { keyOf } from './object-key.ts';

/** Carries the hash of what was last applied. */
export const appliedAnnotation = 'headrace.dev/applied';

/** The writes of one run. Each throws `KubeError` as `KubeClient` does. */
export interface Writer {
  /**
   * Server-side apply under the operator's field manager, taking over conflicting fields. Returns the
   * live object; no request is made when the cache shows that it would change nothing. Quantities must
   * be canonical and a Secret's values must stand in `data`, or the comparison never holds.
   */
  apply<T extends KubeObject>(type: ResourceType, desired: T, signal: AbortSignal): Promise<T>;
  create<T extends KubeObject>(type: ResourceType, object: T, signal: AbortSignal): Promise<T>;
  update<T extends KubeObject>(type: ResourceType, object: T, signal: AbortSignal): Promise<T>;
  /** `metadata.resourceVersion`, when given, must match (else `Conflict`). */
  updateStatus<T extends KubeObject>(type: ResourceType, object: T, signal: AbortSignal): Promise<T>;
  /** RFC 7386 merge patch. */
  patch<T extends KubeObject>(type: ResourceType, key: ObjectKey, patch: object, signal: AbortSignal): Promise<T>;
  /** No error when the object is already gone. */
  delete(type: ResourceType, key: ObjectKey, options: DeleteOptions, signal: AbortSignal): Promise<void>;
}

export interface ApplierOptions {
  readonly client: KubeClient;
  /** Whose caches tell what is there, and which makes the next run wait for these writes. */
  readonly expectations: Expectations;
  readonly fieldManager: string;
}

export class Applier {
  readonly #options: ApplierOptions;

  constructor(options: ApplierOptions) {
    this.#options = options;
  }

  /** The writes of the run for `run`, the key that the controller gave to `reconcile`. */
  writer(run: ObjectKey): Writer {
    const { client, expectations } = this.#options;
    return {
      apply: (type, desired, signal) => this.#apply(run, type, desired, signal),
      create: (type, object, signal) => expectations.written(run, type, keyOf(object), () => client.create(type, object, signal)),
      update: (type, object, signal) => expectations.written(run, type, keyOf(object), () => client.update(type, object, signal)),
      updateStatus: (type, object, signal) => expectations.written(run, type, keyOf(object), () => client.updateStatus(type, object, signal)),
      patch: (type, key, patch, signal) => expectations.written(run, type, key, () => client.patch(type, key.namespace, key.name, patch, signal)),
      delete: (type, key, options, signal) => expectations.deleted(run, type, key, () => client.delete(type, key.namespace, key.name, options, signal)),
    };
  }

  async #apply<T extends KubeObject>(run: ObjectKey, type: ResourceType, desired: T, signal: AbortSignal): Promise<T> {
    const { client, expectations, fieldManager } = this.#options;
    const marked = withAppliedHash(desired);
    const live = expectations.cacheOf(type, keyOf(desired))?.get(keyOf(desired)) as T | undefined;
    if (live !== undefined && live.metadata.deletionTimestamp === undefined && contains(live, marked)) return live;
    return expectations.written(run, type, keyOf(desired), () => client.apply(type, marked, { fieldManager, force: true }, signal));
  }
}

/** The object to send: the desired one with its own hash among the annotations. */
export function withAppliedHash<T extends KubeObject>(desired: T): T {
  const hash = createHash('sha256').update(canonicalJson(desired)).digest('hex').slice(0, 16);
  return { ...desired, metadata: { ...desired.metadata, annotations: { ...desired.metadata.annotations, [appliedAnnotation]: hash } } };
}

/** JSON with sorted keys and without undefined fields: equal for equal objects. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) => (isRecord(each)
    ? Object.fromEntries(Object.entries(each).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    : each));
}

/**
 * Whether `live` has everything that `desired` says; the server and other managers may have added
 * fields, and elements to lists of objects. Lists of scalars must be equal.
 */
export function contains(live: unknown, desired: unknown): boolean {
  if (desired === undefined) return true;
  if (Array.isArray(desired)) return Array.isArray(live) && listContains(live, desired);
  if (isRecord(desired)) {
    return isRecord(live) && Object.entries(desired).every(([field, value]) => contains(live[field], value));
  }
  return Object.is(live, desired);
}

/** Objects in order, others may stand between them; scalars one by one. */
function listContains(live: readonly unknown[], desired: readonly unknown[]): boolean {
  if (!desired.every(isRecord)) {
    return live.length === desired.length && desired.every((element, index) => contains(live[index], element));
  }
  let next = 0;
  for (const element of live) {
    if (next < desired.length && contains(element, desired[next])) next += 1;
  }
  return next === desired.length;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
