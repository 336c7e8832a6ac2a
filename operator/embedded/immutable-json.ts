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
 * undefined are gone. Parts that are deeply frozen already are shared, not copied. Throws `TypeError` for what JSON cannot say.
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
      if (value === null || isImmutable(value)) return value as Json;
      return Object.freeze(Array.isArray(value) ? value.map(immutable) : immutableFields(value as Readonly<Record<string, unknown>>));
    default:
      throw new TypeError(`not a JSON value: ${typeof value}`);
  }
}

/** Whether `value` is JSON that nobody can change. Looks only; most of what is written comes from what was read before. */
function isImmutable(value: unknown): boolean {
  if (typeof value !== 'object') return typeof value === 'string' || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value));
  if (value === null) return true;
  if (!Object.isFrozen(value)) return false;
  if (Array.isArray(value)) return value.every(isImmutable);
  if (!isPlain(value)) return false;
  for (const key in value) if (!isImmutable((value as Readonly<Record<string, unknown>>)[key])) return false;
  return true;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function immutableFields(object: Readonly<Record<string, unknown>>): JsonObject {
  if (!isPlain(object)) throw new TypeError(`not a JSON value: ${object.constructor.name}`);
  const copy: Record<string, Json> = {};
  for (const key of Object.keys(object)) {
    const value = object[key];
    if (value === undefined) continue;
    if (key === '__proto__') throw new TypeError('a field may not be called __proto__');
    copy[key] = immutable(value);
  }
  return copy;
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
