/** What a request to delete makes of an object: pure. */
import { asList, withFields } from './immutable-json.ts';
import type { JsonObject } from './immutable-json.ts';
import { metadataOf } from './object-store.ts';
import type { Resource } from './resource.ts';

export interface DeletionRequest {
  readonly gracePeriodSeconds: number | undefined;
  /** Keep the object until its dependents are gone. */
  readonly foreground: boolean;
  readonly nowMs: number;
}

export const foregroundFinalizer = 'foregroundDeletion';

/** RFC 3339 in whole seconds, as the API server writes it. */
export function timestamp(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** `live` marked for deletion; `live` itself when the request adds nothing to an earlier one. */
export function markedForDeletion(live: JsonObject, resource: Resource, request: DeletionRequest): JsonObject {
  const metadata = metadataOf(live);
  const grace = resource.gracePeriod(live, request.gracePeriodSeconds) ?? 0;
  const { deletionTimestamp, deletionGracePeriodSeconds, generation } = metadata;
  const marked = deletionTimestamp !== undefined;
  if (marked && (typeof deletionGracePeriodSeconds !== 'number' || grace >= deletionGracePeriodSeconds)) return live;
  const finalizers = asList(metadata['finalizers']);
  return withFields(live, {
    metadata: withFields(metadata, {
      deletionTimestamp: timestamp(request.nowMs + grace * 1000),
      deletionGracePeriodSeconds: grace,
      ...(!marked && typeof generation === 'number' ? { generation: generation + 1 } : {}),
      ...(request.foreground && !marked && !finalizers.includes(foregroundFinalizer) ? { finalizers: [...finalizers, foregroundFinalizer] } : {}),
    }),
  });
}

/** Whether nothing keeps a marked object any longer. */
export function isOver(object: JsonObject): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds, finalizers } = metadataOf(object);
  return deletionTimestamp !== undefined && asList(finalizers).length === 0 && (deletionGracePeriodSeconds ?? 0) === 0;
}
