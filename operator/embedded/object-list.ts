import type { KubeObject, ListOptions, ObjectList } from '../kube/client.ts';
import { KubeError } from '../kube/client.ts';
import { badRequest } from './api-error.ts';
import type { JsonObject } from './immutable-json.ts';
import type { Collection } from './object-store.ts';
import type { Predicate } from './selectors.ts';
import { fieldPredicate, labelPredicate } from './selectors.ts';

export interface Selection {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

/** What both selectors let through; undefined when everything passes. Throws `KubeError` BadRequest. */
export function selection(collection: Collection, options: Selection): Predicate | undefined {
  const tests = [
    labelPredicate(options.labelSelector),
    fieldPredicate(options.fieldSelector, collection.resource.selectableFields),
  ].filter((test) => test !== undefined);
  return tests.length === 0 ? undefined : (object) => tests.every((test) => test(object));
}

interface Continuation {
  readonly version: number;
  readonly after: string;
}

/**
 * One page of a list. Later pages show the objects as they were at the first page's version; `KubeError`
 * Expired when that is too long ago.
 */
export function listObjects<T extends KubeObject>(collection: Collection, version: number, options: ListOptions): ObjectList<T> {
  const from = options.continue === undefined || options.continue === '' ? undefined : decode(options.continue);
  const at = from?.version ?? version;
  const source = from === undefined ? collection : snapshot(collection, from.version);
  const passes = selection(collection, options);
  const prefix = options.namespace === undefined || options.namespace === '' ? '' : `${options.namespace}/`;
  const limit = options.limit === undefined || options.limit <= 0 ? Number.POSITIVE_INFINITY : options.limit;
  const items: JsonObject[] = [];
  let last = '';
  for (const key of source.sortedKeys()) {
    if (!key.startsWith(prefix) || (from !== undefined && key <= from.after)) continue;
    const object = source.objects.get(key);
    if (object === undefined || passes?.(object) === false) continue;
    if (items.length === limit) return { items: items as unknown as readonly T[], resourceVersion: String(at), continue: encode({ version: at, after: last }) };
    items.push(object);
    last = key;
  }
  return { items: items as unknown as readonly T[], resourceVersion: String(at) };
}

function snapshot(collection: Collection, version: number): Collection {
  try {
    return collection.asOf(version);
  } catch (cause) {
    throw new KubeError('Expired', 'The provided continue parameter is too old to display a consistent list result. You must start a new list without the continue parameter.', { status: 410, cause });
  }
}

function encode(continuation: Continuation): string {
  return Buffer.from(JSON.stringify(continuation)).toString('base64url');
}

function decode(text: string): Continuation {
  try {
    const { version, after } = JSON.parse(Buffer.from(text, 'base64url').toString()) as Partial<Continuation>;
    if (typeof version === 'number' && typeof after === 'string') return { version, after };
  } catch {
    // Answered below, like any other token that is not ours.
  }
  throw badRequest('continue key is not valid');
}
