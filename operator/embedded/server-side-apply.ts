/**
 * Field ownership: server-side apply and what other writes do to it. Pure. Source: the Kubernetes
 * documentation on server-side apply and sigs.k8s.io/structured-merge-diff.
 */
import {
  childrenOf, compare, difference, emptySet, fieldsOf, intersection, isEmpty, pathsOf, union, withoutSubtrees,
} from './field-set.ts';
import type { FieldSet } from './field-set.ts';
import { asList, asObject, equalJson, isObject } from './immutable-json.ts';
import type { Json, JsonObject } from './immutable-json.ts';
import { childShape, listItems } from './merge-shape.ts';
import type { MergeShape } from './merge-shape.ts';

/** An entry of metadata.managedFields. */
export interface ManagedFields {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly time: string;
  readonly fieldsType: 'FieldsV1';
  readonly fieldsV1: FieldSet;
  readonly subresource?: string;
}

export interface Writer {
  readonly manager: string;
  readonly apiVersion: string;
  /** RFC 3339. */
  readonly time: string;
  readonly subresource?: 'status';
  /** The kind has a status of its own that writes of the main resource leave alone. */
  readonly statusApart: boolean;
}

export function managedFieldsOf(object: JsonObject): readonly ManagedFields[] {
  return asList(asObject(object['metadata'])['managedFields']) as unknown as readonly ManagedFields[];
}

const ownableMetadata = ['labels', 'annotations', 'finalizers', 'ownerReferences'];

/** The part of an object that `writer` can own fields of. */
function ownable(object: JsonObject, writer: Writer): JsonObject {
  if (writer.subresource === 'status') return { status: object['status'] };
  const { apiVersion: _version, kind: _kind, metadata, status, ...rest } = object;
  const own = Object.fromEntries(ownableMetadata.flatMap((name) => {
    const field = asObject(metadata)[name];
    return field === undefined ? [] : [[name, field]];
  }));
  return { ...rest, ...(writer.statusApart ? {} : { status }), ...(Object.keys(own).length === 0 ? {} : { metadata: own }) };
}

function isOwn(entry: ManagedFields, writer: Writer, operation: ManagedFields['operation']): boolean {
  return entry.manager === writer.manager && entry.operation === operation && entry.subresource === writer.subresource;
}

function withOwn(
  others: readonly ManagedFields[], own: ManagedFields | undefined, operation: ManagedFields['operation'], fields: FieldSet, writer: Writer,
): readonly ManagedFields[] {
  const kept = others.filter((entry) => !isEmpty(entry.fieldsV1));
  if (isEmpty(fields)) return kept;
  if (own !== undefined && equalJson(own.fieldsV1, fields) && own.apiVersion === writer.apiVersion) return [...kept, own];
  const { manager, apiVersion, time, subresource } = writer;
  return [...kept, { manager, operation, apiVersion, time, fieldsType: 'FieldsV1', fieldsV1: fields, ...(subresource === undefined ? {} : { subresource }) }];
}

/** Ownership after a create, update or patch: whoever changes a field owns it, alone. */
export function afterUpdate(before: JsonObject | undefined, after: JsonObject, shape: MergeShape, writer: Writer): readonly ManagedFields[] {
  const entries = before === undefined ? [] : managedFieldsOf(before);
  const changes = compare(before === undefined ? {} : ownable(before, writer), ownable(after, writer), shape);
  if (changes === undefined) return entries;
  const own = entries.find((entry) => isOwn(entry, writer, 'Update'));
  const others = entries.filter((entry) => entry !== own).map((entry) => {
    const fieldsV1 = difference(withoutSubtrees(entry.fieldsV1, changes.removed), changes.changed);
    return equalJson(fieldsV1, entry.fieldsV1) ? entry : { ...entry, fieldsV1 };
  });
  const fields = union(withoutSubtrees(own?.fieldsV1 ?? emptySet, changes.removed), changes.changed);
  return withOwn(others, own, 'Update', fields, writer);
}

export interface FieldConflict {
  readonly manager: string;
  readonly operation: ManagedFields['operation'];
  readonly apiVersion: string;
  readonly paths: readonly string[];
}

export type Applied =
  | { readonly kind: 'conflict'; readonly conflicts: readonly FieldConflict[] }
  /** `object` still carries the managedFields of before. */
  | { readonly kind: 'merged'; readonly object: JsonObject; readonly managedFields: readonly ManagedFields[] };

/** Merges `intent` into `live` (undefined: there is no object yet). */
export function serverSideApply(
  live: JsonObject | undefined, intent: JsonObject, shape: MergeShape, writer: Writer, force: boolean,
): Applied {
  const entries = live === undefined ? [] : managedFieldsOf(live);
  const own = entries.find((entry) => isOwn(entry, writer, 'Apply'));
  const others = entries.filter((entry) => entry !== own);
  const wanted = ownable(intent, writer);
  const fields = fieldsOf(wanted, shape);
  const kept = others.reduce((set, entry) => union(set, entry.fieldsV1), fields);
  const current = live === undefined ? {} : ownable(live, writer);
  const merged = asObject(merge(current, wanted, shape));
  const givenUp = difference(own?.fieldsV1 ?? emptySet, fields);
  const pruned = asObject(isEmpty(givenUp) ? merged : remove(merged, givenUp, kept, shape));
  const changed = compare(current, pruned, shape)?.changed ?? emptySet;
  const conflicts = others.map((entry) => ({ entry, fields: intersection(entry.fieldsV1, changed) })).filter((each) => !isEmpty(each.fields));
  if (conflicts.length > 0 && !force) {
    return { kind: 'conflict', conflicts: conflicts.map(({ entry, fields: paths }) => ({ ...entry, paths: pathsOf(paths) })) };
  }
  const losing = new Map(conflicts.map((each) => [each.entry, each.fields]));
  const left = others.map((entry) => (losing.has(entry) ? { ...entry, fieldsV1: difference(entry.fieldsV1, losing.get(entry) ?? emptySet) } : entry));
  return { kind: 'merged', object: combine(live, intent, pruned, writer), managedFields: withOwn(left, own, 'Apply', fields, writer) };
}

/** Puts the merged part back among what nobody can own. */
function combine(live: JsonObject | undefined, intent: JsonObject, merged: JsonObject, writer: Writer): JsonObject {
  const base = live ?? intent;
  const { apiVersion, kind } = base;
  const { labels: _labels, annotations: _annotations, finalizers: _finalizers, ownerReferences: _owners, ...fixed } = asObject(base['metadata']);
  return {
    apiVersion, kind, ...merged,
    metadata: { ...fixed, ...asObject(merged['metadata']) },
    ...(writer.statusApart ? { status: live?.['status'] } : {}),
  };
}

function merge(live: Json | undefined, wanted: Json, shape: MergeShape): Json {
  if (live === undefined || live === null || shape.kind === 'atomic') return wanted;
  if (Array.isArray(wanted)) return Array.isArray(live) ? mergeLists(live, wanted, shape) : wanted;
  if (!isObject(wanted) || !isObject(live)) return wanted;
  const result: Record<string, Json | undefined> = { ...live };
  for (const [name, field] of Object.entries(wanted)) {
    if (field !== undefined) result[name] = merge(live[name], field, childShape(shape, `f:${name}`));
  }
  return result;
}

function mergeLists(live: readonly Json[], wanted: readonly Json[], shape: MergeShape): Json {
  const liveItems = listItems(shape, live);
  const wantedItems = listItems(shape, wanted);
  if (liveItems === undefined || wantedItems === undefined) return wanted;
  const remaining = new Map(wantedItems.map(({ key, item }) => [key, item]));
  const merged = liveItems.map(({ key, item }) => {
    const mine = remaining.get(key);
    remaining.delete(key);
    return mine === undefined ? item : merge(item, mine, shape.items ?? { kind: 'granular' });
  });
  return [...merged, ...remaining.values()];
}

/** `value` without the members of `gone`; what `kept` holds stays. Undefined when nothing is left of it. */
function remove(value: Json, gone: FieldSet, kept: FieldSet, shape: MergeShape): Json | undefined {
  const children = childrenOf(value, shape);
  if (children === undefined) return value;
  let changed = false;
  const left: (readonly [string, Json])[] = [];
  for (const [key, child] of children) {
    const below = gone[key];
    const keeps = kept[key];
    const rest = below === undefined ? child : removeChild(child, below, keeps, childShape(shape, key));
    if (rest !== undefined) left.push([key, rest]);
    if (rest !== child) changed = true;
  }
  if (!changed) return value;
  if (left.length === 0) return undefined;
  return Array.isArray(value) ? left.map(([, item]) => item) : Object.fromEntries(left.map(([key, field]) => [key.slice(2), field]));
}

function removeChild(child: Json, gone: FieldSet, kept: FieldSet | undefined, shape: MergeShape): Json | undefined {
  const itself = isEmpty(gone) || '.' in gone;
  if (itself && kept === undefined) return undefined;
  return remove(child, gone, kept ?? emptySet, shape);
}
