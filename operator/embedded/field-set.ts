/**
 * Sets of field paths in the form of `FieldsV1`, the one that managedFields carry: a trie whose keys are
 * `f:<field>`, `k:<keys of a list item as JSON>`, `v:<value of a set as JSON>`; a leaf is `{}`, and `.` marks a
 * node that is in the set along with some of its children. Source: sigs.k8s.io/structured-merge-diff, fieldpath.
 */
import { equalJson, isObject } from './immutable-json.ts';
import type { Json, JsonObject } from './immutable-json.ts';
import { childShape, listItems } from './merge-shape.ts';
import type { MergeShape } from './merge-shape.ts';

export interface FieldSet {
  readonly [key: string]: FieldSet;
}

export const emptySet: FieldSet = Object.freeze({});

export function isEmpty(set: FieldSet): boolean {
  for (const _ in set) return false;
  return true;
}

/** A node without children stands for itself, which `.` says too. */
const holdsItself = (set: FieldSet): boolean => isEmpty(set) || '.' in set;

/** The paths of all leaves of `value`: what applying it claims. */
export function fieldsOf(value: Json, shape: MergeShape): FieldSet {
  if (Array.isArray(value)) {
    const items = listItems(shape, value);
    if (items === undefined || value.length === 0) return emptySet;
    return Object.fromEntries(items.map(({ key, item }) => [key, key.startsWith('v:') ? emptySet : { '.': emptySet, ...fieldsOf(item, childShape(shape, key)) }]));
  }
  if (!isObject(value) || shape.kind === 'atomic') return emptySet;
  const entries = Object.entries(value).filter((entry): entry is [string, Json] => entry[1] !== undefined);
  return Object.fromEntries(entries.map(([name, field]) => [`f:${name}`, fieldsOf(field, childShape(shape, `f:${name}`))]));
}

export function union(a: FieldSet, b: FieldSet): FieldSet {
  if (isEmpty(a) && isEmpty(b)) return emptySet;
  const result: Record<string, FieldSet> = { ...a };
  for (const [key, below] of Object.entries(b)) {
    const own = a[key];
    result[key] = own === undefined ? below : key === '.' ? emptySet : unionNodes(own, below);
  }
  return result;
}

function unionNodes(a: FieldSet, b: FieldSet): FieldSet {
  const merged = union(a, b);
  // A leaf on one side and children on the other: the node itself stays a member.
  return !isEmpty(merged) && (isEmpty(a) || isEmpty(b)) ? { '.': emptySet, ...merged } : merged;
}

/** The members that both have. */
export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  const result: Record<string, FieldSet> = {};
  for (const [key, left] of Object.entries(a)) {
    const right = b[key];
    if (right === undefined) continue;
    if (key === '.') result[key] = emptySet;
    else {
      const both = intersection(left, right);
      if (!isEmpty(both)) result[key] = holdsItself(left) && holdsItself(right) ? { '.': emptySet, ...both } : both;
      else if (holdsItself(left) && holdsItself(right)) result[key] = emptySet;
    }
  }
  return result;
}

/** The members of `a` that are not in `b`. */
export function difference(a: FieldSet, b: FieldSet): FieldSet {
  const result: Record<string, FieldSet> = {};
  for (const [key, left] of Object.entries(a)) {
    const right = b[key];
    if (right === undefined) result[key] = left;
    else if (key !== '.') {
      const rest = differenceNodes(left, right);
      if (rest !== undefined) result[key] = rest;
    }
  }
  return result;
}

function differenceNodes(left: FieldSet, right: FieldSet): FieldSet | undefined {
  const itself = holdsItself(left) && !holdsItself(right);
  const { '.': _, ...children } = left;
  const rest = difference(children, right);
  if (isEmpty(rest)) return itself ? emptySet : undefined;
  return itself ? { '.': emptySet, ...rest } : rest;
}

/** `a` without the members of `b` and everything below them. */
export function withoutSubtrees(a: FieldSet, b: FieldSet): FieldSet {
  const result: Record<string, FieldSet> = {};
  for (const [key, left] of Object.entries(a)) {
    const right = b[key];
    if (right === undefined) {
      result[key] = left;
      continue;
    }
    if (holdsItself(right)) continue;
    const rest = withoutSubtrees(left, right);
    if (!isEmpty(rest) || isEmpty(left)) result[key] = rest;
  }
  return result;
}

/** Paths as messages print them: `.spec.containers[name="main"].image`. */
export function pathsOf(set: FieldSet, path = ''): readonly string[] {
  if (isEmpty(set)) return path === '' ? [] : [path];
  return Object.entries(set).flatMap(([key, below]) => (key === '.' ? [path] : pathsOf(below, `${path}${printedKey(key)}`)));
}

function printedKey(key: string): string {
  const text = key.slice(2);
  if (key.startsWith('f:')) return `.${text}`;
  if (key.startsWith('v:')) return `[=${text}]`;
  const fields = Object.entries(JSON.parse(text) as JsonObject).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return `[${fields.join(',')}]`;
}

export interface Difference {
  /** Leaves that are new or have another value. */
  readonly changed: FieldSet;
  /** Leaves (and list items) that are gone. */
  readonly removed: FieldSet;
}

const nothing: Difference = { changed: emptySet, removed: emptySet };

/** What changed from `before` to `after`; undefined stands for absent. */
export function compare(before: Json | undefined, after: Json | undefined, shape: MergeShape): Difference | undefined {
  if (before === after || equalJson(before, after)) return undefined;
  if (after === undefined) return { ...nothing, removed: before === undefined ? emptySet : wholeOf(before, shape) };
  if (before === undefined) return { ...nothing, changed: wholeOf(after, shape) };
  const left = childrenOf(before, shape);
  const right = childrenOf(after, shape);
  if (left === undefined || right === undefined) return nothing;
  const changed: Record<string, FieldSet> = {};
  const removed: Record<string, FieldSet> = {};
  for (const key of new Set([...left.keys(), ...right.keys()])) {
    const below = compare(left.get(key), right.get(key), childShape(shape, key));
    if (below === undefined) continue;
    const gone = !right.has(key);
    if (!gone && (!isEmpty(below.changed) || isEmpty(below.removed))) changed[key] = below.changed;
    if (gone || !isEmpty(below.removed)) removed[key] = below.removed;
  }
  return { changed, removed };
}

/** A map or list that appears or disappears: itself (where it can be a member) and its leaves. */
function wholeOf(value: Json, shape: MergeShape): FieldSet {
  const leaves = fieldsOf(value, shape);
  return isEmpty(leaves) ? leaves : { '.': emptySet, ...leaves };
}

/** Children by key, or undefined where the value is a leaf. */
export function childrenOf(value: Json, shape: MergeShape): ReadonlyMap<string, Json> | undefined {
  if (shape.kind === 'atomic') return undefined;
  if (Array.isArray(value)) {
    const items = listItems(shape, value);
    return items === undefined ? undefined : new Map(items.map(({ key, item }) => [key, item]));
  }
  if (!isObject(value)) return undefined;
  return new Map(Object.entries(value).filter((entry): entry is [string, Json] => entry[1] !== undefined).map(([name, field]) => [`f:${name}`, field]));
}

