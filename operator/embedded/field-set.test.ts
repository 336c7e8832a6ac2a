/** Field sets against plain sets of paths, and server-side apply's laws on random objects. */
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { difference, intersection, isEmpty, pathsOf, union } from './field-set.ts';
import type { FieldSet } from './field-set.ts';
import { asObject, equalJson, immutable } from './immutable-json.ts';
import type { JsonObject } from './immutable-json.ts';
import { shapeOfSchema } from './merge-shape.ts';
import { serverSideApply } from './server-side-apply.ts';
import type { Applied } from './server-side-apply.ts';

/** The dumb version: every member as a text. */
function members(set: FieldSet, path = ''): readonly string[] {
  return Object.entries(set).flatMap(([key, below]) => {
    if (key === '.') return [path];
    const at = `${path}/${key}`;
    return isEmpty(below) ? [at] : members(below, at);
  });
}

function setOf(paths: readonly (readonly string[])[]): FieldSet {
  const one = (path: readonly string[]): FieldSet => {
    const [first, ...rest] = path;
    return first === undefined ? {} : { [`f:${first}`]: one(rest) };
  };
  return paths.map(one).reduce((sum, each) => union(sum, each), {} as FieldSet);
}

const name = fc.constantFrom('a', 'b', 'c');
const fieldSets = fc.array(fc.array(name, { minLength: 1, maxLength: 3 }), { maxLength: 6 }).map(setOf);

function check(law: string, made: (a: FieldSet, b: FieldSet) => FieldSet, wanted: (a: ReadonlySet<string>, b: ReadonlySet<string>) => ReadonlySet<string>): void {
  test(law, () => {
    fc.assert(fc.property(fieldSets, fieldSets, (a, b) => {
      const expected = [...wanted(new Set(members(a)), new Set(members(b)))].toSorted();
      assert.deepEqual(members(made(a, b)).toSorted(), expected);
    }));
  });
}

check('a union holds the members of both', union, (a, b) => new Set([...a, ...b]));
check('an intersection holds what both hold', intersection, (a, b) => new Set([...a].filter((each) => b.has(each))));
check('a difference holds what only the first holds', difference, (a, b) => new Set([...a].filter((each) => !b.has(each))));

test('paths are printed as the API server does', () => {
  assert.deepEqual(pathsOf({ 'f:spec': { 'f:env': { 'k:{"name":"A"}': { 'f:value': {} } }, 'f:set': { 'v:"x"': {} } } }), [
    '.spec.env[name="A"].value', '.spec.set[="x"]',
  ]);
});

const shape = shapeOfSchema({
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: {
        map: { type: 'object', additionalProperties: { type: 'string' } },
        atoms: { type: 'array', items: { type: 'string' } },
        set: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } },
        env: {
          type: 'array', 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'],
          items: { type: 'object', properties: { name: { type: 'string' }, value: { type: 'string' } } },
        },
      },
    },
  },
});

const specs = fc.record({
  map: fc.dictionary(name, name, { maxKeys: 3 }),
  atoms: fc.array(name, { maxLength: 3 }),
  set: fc.uniqueArray(name, { maxLength: 3 }),
  env: fc.uniqueArray(name, { maxLength: 3 }).chain((names) => fc.tuple(...names.map((each) => fc.record({ name: fc.constant(each), value: name })))),
}, { requiredKeys: [] });

function apply(live: JsonObject | undefined, spec: unknown, manager: string, force = true): Applied {
  const intent = asObject(immutable({ apiVersion: 'v1', kind: 'Thing', metadata: { name: 'x' }, spec }));
  return serverSideApply(live, intent, shape, { manager, apiVersion: 'v1', time: 'now', statusApart: true }, force);
}

function stored(result: Applied): JsonObject {
  assert.ok(result.kind === 'merged');
  const { object, managedFields } = result;
  return asObject(immutable({ ...object, metadata: { ...asObject(object['metadata']), managedFields } }));
}

/** Without what says nothing: empty maps and lists, and the order of associative lists. */
function meaning(spec: unknown): unknown {
  const { map = {}, atoms = [], set = [], env = [] } = asObject(immutable(spec ?? {})) as Record<string, never>;
  return { map, atoms, set: [...set].toSorted(), env: [...(env as { name: string }[])].toSorted((a, b) => a.name.localeCompare(b.name)) };
}

test('applying twice changes nothing the second time', () => {
  fc.assert(fc.property(specs, specs, (first, second) => {
    const live = stored(apply(stored(apply(undefined, first, 'one')), second, 'two'));
    assert.ok(equalJson(stored(apply(live, second, 'two')), live));
  }));
});

test('a lone manager gets exactly what it applied last', () => {
  fc.assert(fc.property(specs, specs, (first, second) => {
    const live = stored(apply(stored(apply(undefined, first, 'one')), second, 'one'));
    assert.deepEqual(meaning(live['spec']), meaning(second));
  }));
});

test('what one manager gives up leaves the fields of the other as they were', () => {
  fc.assert(fc.property(specs, specs, (first, second) => {
    const both = stored(apply(stored(apply(undefined, first, 'one')), second, 'two'));
    const alone = stored(apply(both, {}, 'one'));
    assert.deepEqual(meaning(alone['spec']), meaning(second));
  }));
});

test('without force nothing of another manager changes', () => {
  fc.assert(fc.property(specs, specs, (first, second) => {
    const live = stored(apply(undefined, first, 'one'));
    const result = apply(live, second, 'two', false);
    if (result.kind === 'conflict') return assert.ok(result.conflicts.every((each) => each.manager === 'one' && each.paths.length > 0));
    const kept = stored(apply(stored(result), {}, 'two'));
    return assert.deepEqual(meaning(kept['spec']), meaning(first));
  }));
});
