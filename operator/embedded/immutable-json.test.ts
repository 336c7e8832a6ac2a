import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { equalJson, immutable } from './immutable-json.ts';
import type { JsonObject } from './immutable-json.ts';
import { mergePatch } from './merge-patch.ts';

function isDeeplyFrozen(value: unknown): boolean {
  return typeof value !== 'object' || value === null || (Object.isFrozen(value) && Object.values(value).every(isDeeplyFrozen));
}

const values = fc.jsonValue({ maxDepth: 4 }).filter((value) => !JSON.stringify(value).includes('__proto__'));

test('what is immutable equals what it was made from, and cannot be changed', () => {
  fc.assert(fc.property(values, (value) => {
    const made = immutable(value);
    assert.ok(isDeeplyFrozen(made));
    assert.ok(equalJson(made, JSON.parse(JSON.stringify(value))));
    assert.equal(immutable(made), made);
  }));
});

test('frozen parts are shared, unfrozen ones copied, undefined fields dropped', () => {
  const part = immutable({ a: [1, 2] });
  const loose = { b: 1 };
  const made = immutable({ part, loose, gone: undefined }) as JsonObject;
  assert.equal(made['part'], part);
  assert.notEqual(made['loose'], loose);
  assert.deepEqual(made, { part: { a: [1, 2] }, loose: { b: 1 } });
});

test('what JSON cannot say is refused', () => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, 1n, () => 1, Symbol('x'), new Date(0), Object.freeze(new Map()), { deep: [undefined] }]) {
    assert.throws(() => immutable(value), TypeError);
  }
});

test('equality is JSON\'s, whatever the order of fields', () => {
  fc.assert(fc.property(values, values, (a, b) => {
    const canonical = (value: unknown): string => JSON.stringify(value, (_, each: unknown) => (typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).toSorted(([x], [y]) => (x < y ? -1 : 1))) : each));
    assert.equal(equalJson(immutable(a), immutable(b)), canonical(a) === canonical(b));
  }));
});

/** The cases of RFC 7386, appendix A. */
const cases: readonly (readonly [unknown, unknown, unknown])[] = [
  [{ a: 'b' }, { a: 'c' }, { a: 'c' }], [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }], [{ a: 'b' }, { a: null }, {}], [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
  [{ a: ['b'] }, { a: 'c' }, { a: 'c' }], [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }], [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
  [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }], [['a', 'b'], ['c', 'd'], ['c', 'd']], [{ a: 'b' }, ['c'], ['c']], [{ a: 'foo' }, null, null],
  [{ a: 'foo' }, 'bar', 'bar'], [{ e: null }, { a: 1 }, { e: null, a: 1 }], [[1, 2], { a: 'b', c: null }, { a: 'b' }], [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
];
for (const [target, patch, result] of cases) {
  test(`merging ${JSON.stringify(patch)} into ${JSON.stringify(target)} gives ${JSON.stringify(result)}`, () => {
    assert.deepEqual(mergePatch(immutable(target), immutable(patch)), result);
  });
}
