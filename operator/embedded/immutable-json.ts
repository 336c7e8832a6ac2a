/** JSON values that nobody can change: what the embedded API server stores, hands out and shares. */

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [field: string]: Json | undefined;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function asObject(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

export function asList(value: unknown): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

/**
 * A deeply frozen equal of `value`, as it would look after a trip over the wire: fields that are
 * undefined are gone. Parts that are frozen already are shared, not copied. Throws `TypeError` for what JSON cannot say.
 */
export function immutable(value: unknown): Json {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError(`not a JSON number: ${value}`);
      return value;
    case 'object':
      if (value === null) return null;
      return Array.isArray(value) ? immutableList(value) : immutableObject(value as Readonly<Record<string, unknown>>);
    default:
      throw new TypeError(`not a JSON value: ${typeof value}`);
  }
}

function immutableList(list: readonly unknown[]): Json {
  const items = list.map(immutable);
  if (Object.isFrozen(list) && items.every((item, index) => item === list[index])) return list as readonly Json[];
  return Object.freeze(items);
}

function immutableObject(object: Readonly<Record<string, unknown>>): Json {
  const copy: Record<string, Json> = {};
  let same = Object.isFrozen(object);
  for (const key of Object.keys(object)) {
    const value = object[key];
    if (value === undefined) {
      same = false;
      continue;
    }
    const part = immutable(value);
    if (part !== value) same = false;
    if (key === '__proto__') throw new TypeError('a field may not be called __proto__');
    copy[key] = part;
  }
  return same ? (object as JsonObject) : Object.freeze(copy);
}

/** Deep equality; shared parts are not walked. The order of fields does not count. */
export function equalJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, index) => equalJson(item, b[index]));
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => key in b && equalJson(a[key], b[key]));
}

/** `object` with `changes` on top; a change to undefined removes the field. */
export function withFields(object: JsonObject, changes: JsonObject): JsonObject {
  const copy: Record<string, Json> = {};
  for (const [key, value] of Object.entries({ ...object, ...changes })) if (value !== undefined) copy[key] = value;
  return copy;
}
