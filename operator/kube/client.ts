/**
 * The Kubernetes API as the operator sees it: a small interface with two implementations, the real
 * one (`cluster-client.ts`) and the in-process one (`operator/embedded`). Both pass
 * `client.contract.ts`.
 */

/** Names a resource type the way the API server addresses it. */
export interface ResourceType {
  /** `v1` or `group/version`. */
  readonly apiVersion: string;
  readonly kind: string;
  /** Lower-case plural, as it stands in URLs. */
  readonly plural: string;
  readonly namespaced: boolean;
}

export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  /** Opaque: compare for equality only. */
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly ownerReferences?: readonly OwnerReference[];
}

/** Any API object. Kinds narrow `spec`, `status` and the rest with their own types. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly [field: string]: unknown;
}

export interface ListOptions {
  /** Absent: all namespaces. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Page size. */
  readonly limit?: number;
  readonly continue?: string;
}

export interface ObjectList<T extends KubeObject> {
  readonly items: readonly T[];
  readonly resourceVersion: string;
  readonly continue?: string;
}

export interface WatchOptions {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly resourceVersion: string;
  /** The server ends the watch after this long; the iterator then returns. */
  readonly timeoutSeconds: number;
}

export type WatchEvent<T extends KubeObject> =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: T }
  | { readonly type: 'BOOKMARK'; readonly resourceVersion: string };

export interface DeleteOptions {
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
}

export interface ApplyOptions {
  readonly fieldManager: string;
  /** Take ownership of conflicting fields. */
  readonly force: boolean;
}

/**
 * Every call throws `KubeError` on refusal, and rejects with the signal's reason when aborted.
 * `namespace` is the empty string for cluster-scoped types.
 */
export interface KubeClient {
  /** Undefined when there is no such object. */
  get<T extends KubeObject>(type: ResourceType, namespace: string, name: string, signal: AbortSignal): Promise<T | undefined>;
  list<T extends KubeObject>(type: ResourceType, options: ListOptions, signal: AbortSignal): Promise<ObjectList<T>>;
  /**
   * Streams changes after `resourceVersion`, with bookmarks. Ends normally at the server's time-out;
   * throws `KubeError` code `Expired` when the version is too old (list again).
   */
  watch<T extends KubeObject>(type: ResourceType, options: WatchOptions, signal: AbortSignal): AsyncIterable<WatchEvent<T>>;
  create<T extends KubeObject>(type: ResourceType, object: T, signal: AbortSignal): Promise<T>;
  /** Whole-object PUT; `metadata.resourceVersion`, when given, must match (else `Conflict`). */
  update<T extends KubeObject>(type: ResourceType, object: T, signal: AbortSignal): Promise<T>;
  /** PUT on the status subresource; `metadata.resourceVersion`, when given, must match (else `Conflict`). */
  updateStatus<T extends KubeObject>(type: ResourceType, object: T, signal: AbortSignal): Promise<T>;
  /** Server-side apply. */
  apply<T extends KubeObject>(type: ResourceType, object: T, options: ApplyOptions, signal: AbortSignal): Promise<T>;
  /** RFC 7386 merge patch. */
  patch<T extends KubeObject>(type: ResourceType, namespace: string, name: string, patch: object, signal: AbortSignal): Promise<T>;
  /** No error when the object is already gone. Throws `Conflict` when a precondition does not hold. */
  delete(type: ResourceType, namespace: string, name: string, options: DeleteOptions, signal: AbortSignal): Promise<void>;
}

/** `reason` values of the API server that callers branch on; anything else is `Other`. */
export type KubeErrorCode =
  | 'NotFound' | 'AlreadyExists' | 'Conflict' | 'Expired' | 'Invalid' | 'Forbidden' | 'Unauthorized'
  | 'BadRequest' | 'TooManyRequests' | 'ServerTimeout' | 'InternalError' | 'Unreachable' | 'Other';

/** An answer of the API server that is not a success, or no answer at all (`Unreachable`). */
export class KubeError extends Error {
  override readonly name = 'KubeError';
  readonly code: KubeErrorCode;
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;

  constructor(
    code: KubeErrorCode,
    message: string,
    options: { status: number; retryable?: boolean; retryAfterMs?: number; cause?: unknown },
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.status = options.status;
    this.retryable = options.retryable ?? (options.status === 0 || options.status === 429 || options.status >= 500);
    this.retryAfterMs = options.retryAfterMs;
  }
}
