/**
 * What the API server makes of an object that someone writes, before it is stored: pure. Covers create,
 * update, the status subresource and server-side apply; deletion is in `object-deletion.ts`.
 */
import { applyConflict, badRequest, conflict, invalid, modified } from './api-error.ts';
import { asList, asObject, equalJson, immutable, isObject, withFields } from './immutable-json.ts';
import type { Json, JsonObject } from './immutable-json.ts';
import { metadataOf } from './object-store.ts';
import { labelFaults, nameFaults } from './resource.ts';
import type { Resource } from './resource.ts';
import { afterUpdate, serverSideApply } from './server-side-apply.ts';
import type { ManagedFields, Writer } from './server-side-apply.ts';
import { KubeError } from '../kube/client.ts';

export interface WriteContext {
  readonly resource: Resource;
  readonly manager: string;
  /** RFC 3339. */
  readonly time: string;
}

function writer(context: WriteContext, subresource?: 'status'): Writer {
  const { resource, manager, time } = context;
  return { manager, time, apiVersion: resource.type.apiVersion, statusApart: resource.statusApart, ...(subresource === undefined ? {} : { subresource }) };
}

const nameFor = (object: JsonObject): string => String(metadataOf(object)['name']);

/** A new object with what the server adds to it. `object` has its name and namespace already. */
export function created(object: JsonObject, uid: string, context: WriteContext): JsonObject {
  const { resource, time } = context;
  if (metadataOf(object)['resourceVersion'] !== undefined) throw badRequest('resourceVersion should not be set on objects to be created');
  const draft = checked(resource, born(object, uid, resource, time), undefined);
  return withManagedFields(draft, afterUpdate(undefined, draft, resource.shape, writer(context)));
}

function born(object: JsonObject, uid: string, resource: Resource, time: string): JsonObject {
  const { deletionTimestamp: _at, deletionGracePeriodSeconds: _grace, managedFields: _managed, generation: _generation, ...metadata } = metadataOf(object);
  const generation = object['spec'] === undefined ? undefined : 1;
  return withFields(object, {
    ...(resource.statusApart ? { status: undefined } : {}),
    metadata: withFields(metadata, { uid, creationTimestamp: time, generation }),
  });
}

/** `live` as a PUT of `object` leaves it; `live` itself when nothing changes. */
export function updated(live: JsonObject, object: JsonObject, context: WriteContext): JsonObject {
  const { resource } = context;
  checkVersionGiven(resource, object);
  checkPreconditions(resource, live, object);
  const draft = withFields(object, { metadata: lastingMetadata(live, object), ...(resource.statusApart ? { status: live['status'] } : {}) });
  return changed(live, draft, context);
}

/** `live` as a PUT of `object` on the status subresource leaves it. */
export function statusUpdated(live: JsonObject, object: JsonObject, context: WriteContext): JsonObject {
  checkVersionGiven(context.resource, object);
  checkPreconditions(context.resource, live, object);
  return changed(live, withFields(live, { status: object['status'] }), context, 'status');
}

/** `live` (undefined: not there yet) after server-side apply. */
export function applied(live: JsonObject | undefined, intent: JsonObject, uid: string, context: WriteContext, force: boolean): JsonObject {
  const { resource, time } = context;
  const { type } = resource;
  if (metadataOf(intent)['managedFields'] !== undefined) throw badRequest('metadata.managedFields must be nil');
  const undeclared = resource.undeclared(intent);
  if (undeclared.length > 0) {
    const place = `${String(metadataOf(intent)['namespace'] ?? '')}/${nameFor(intent)}; ${type.apiVersion}, Kind=${type.kind}`;
    throw new KubeError('Other', `failed to create typed patch object (${place}): ${undeclared.map((path) => `${path}: field not declared in schema`).join(', ')}`, { status: 500, retryable: false });
  }
  if (live !== undefined) checkPreconditions(resource, live, intent);
  else if (metadataOf(intent)['resourceVersion'] !== undefined) throw conflict(type, nameFor(intent), modified);
  const result = serverSideApply(live, intent, resource.shape, writer(context), force);
  if (result.kind === 'conflict') throw applyConflict(result.conflicts);
  if (live === undefined) return withManagedFields(checked(resource, born(result.object, uid, resource, time), undefined), result.managedFields);
  return kept(live, checked(resource, grown(live, result.object), live), result.managedFields);
}

function changed(live: JsonObject, draft: JsonObject, context: WriteContext, subresource?: 'status'): JsonObject {
  const { resource } = context;
  const next = checked(resource, grown(live, draft), live);
  return kept(live, next, afterUpdate(live, next, resource.shape, writer(context, subresource)));
}

/** `live` itself when a write changed nothing: no new version, no event. */
function kept(live: JsonObject, next: JsonObject, managedFields: readonly ManagedFields[]): JsonObject {
  const result = withManagedFields(next, managedFields);
  return equalJson(immutable(result), live) ? live : result;
}

function withManagedFields(object: JsonObject, entries: readonly ManagedFields[]): JsonObject {
  return { ...object, metadata: withFields(metadataOf(object), { managedFields: entries.length === 0 ? undefined : entries as unknown as Json }) };
}

/** Custom resources are never overwritten blindly. */
function checkVersionGiven(resource: Resource, object: JsonObject): void {
  const { resourceVersion } = metadataOf(object);
  if (resource.unconditionalUpdate || (resourceVersion !== undefined && resourceVersion !== '')) return;
  throw invalid(resource.type, nameFor(object), ['metadata.resourceVersion: Invalid value: 0: must be specified for an update']);
}

function checkPreconditions(resource: Resource, live: JsonObject, object: JsonObject): void {
  const { uid, resourceVersion } = metadataOf(object);
  const { uid: liveUid, resourceVersion: liveVersion } = metadataOf(live);
  if (uid !== undefined && uid !== '' && uid !== liveUid) {
    throw conflict(resource.type, nameFor(live), `Precondition failed: UID in precondition: ${String(uid)}, UID in object meta: ${String(liveUid)}`);
  }
  if (resourceVersion !== undefined && resourceVersion !== '' && resourceVersion !== liveVersion) throw conflict(resource.type, nameFor(live), modified);
}

/** The metadata of `object` with what only the server sets taken from `live`. */
function lastingMetadata(live: JsonObject, object: JsonObject): JsonObject {
  const { name, namespace, uid, creationTimestamp, generation, deletionTimestamp, deletionGracePeriodSeconds, managedFields, resourceVersion, generateName } = metadataOf(live);
  return withFields(metadataOf(object), {
    name, namespace, uid, creationTimestamp, generation, deletionTimestamp, deletionGracePeriodSeconds, managedFields, resourceVersion, generateName,
  });
}

/** A change of anything but metadata and status is a new generation. */
function grown(live: JsonObject, draft: JsonObject): JsonObject {
  const { generation } = metadataOf(live);
  if (typeof generation !== 'number') return draft;
  const meaning = (object: JsonObject): JsonObject => withFields(object, { metadata: undefined, status: undefined });
  if (equalJson(meaning(asObject(immutable(draft))), meaning(live))) return draft;
  return { ...draft, metadata: { ...metadataOf(draft), generation: generation + 1 } };
}

/** Defaults and validates. Throws `KubeError` Invalid. */
function checked(resource: Resource, draft: JsonObject, live: JsonObject | undefined): JsonObject {
  const object = resource.prepare(withoutEmptyMetadata(asObject(immutable(draft))));
  const metadata = metadataOf(object);
  const faults = [
    ...nameFaults(metadata['name'], 'metadata.name'),
    ...labelFaults(asObject(metadata['labels']), 'metadata.labels'),
    ...finalizerFaults(metadata, live),
    ...ownerFaults(metadata),
    ...resource.validate(object, live),
  ];
  if (faults.length > 0) throw invalid(resource.type, nameFor(object), faults);
  return object;
}

/** Metadata is typed: what is empty is not there. */
function withoutEmptyMetadata(object: JsonObject): JsonObject {
  const metadata = metadataOf(object);
  const empty = ['labels', 'annotations', 'finalizers', 'ownerReferences'].filter((field) => {
    const value = metadata[field];
    return value === null || (Array.isArray(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0);
  });
  if (empty.length === 0) return object;
  return { ...object, metadata: withFields(metadata, Object.fromEntries(empty.map((field) => [field, undefined]))) };
}

function finalizerFaults(metadata: JsonObject, live: JsonObject | undefined): readonly string[] {
  if (live === undefined || metadata['deletionTimestamp'] === undefined) return [];
  const before = asList(metadataOf(live)['finalizers']);
  const added = asList(metadata['finalizers']).filter((each) => !before.includes(each));
  return added.length === 0 ? [] : [
    `metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{${added.map((each) => JSON.stringify(each)).join(', ')}}`,
  ];
}

function ownerFaults(metadata: JsonObject): readonly string[] {
  const owners = asList(metadata['ownerReferences']).map(asObject);
  const faults = owners.flatMap((owner, index) => ['apiVersion', 'kind', 'name', 'uid']
    .filter((field) => typeof owner[field] !== 'string' || owner[field] === '')
    .map((field) => `metadata.ownerReferences[${index}].${field}: Invalid value: "": must not be empty`));
  if (owners.filter((owner) => owner['controller'] === true).length > 1) {
    faults.push('metadata.ownerReferences: Invalid value: Only one reference can have Controller set to true');
  }
  return faults;
}

