import { isObject } from './immutable-json.ts';
import type { Json, JsonObject } from './immutable-json.ts';

/** RFC 7386: null removes, objects merge, everything else replaces. Untouched parts are shared with `target`. */
export function mergePatch(target: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const result: Record<string, Json> = isObject(target) ? { ...(target as Readonly<Record<string, Json>>) } : {};
  for (const [key, value] of Object.entries(patch as JsonObject)) {
    if (value === null) delete result[key];
    else if (value !== undefined) result[key] = mergePatch(result[key], value);
  }
  return result;
}
