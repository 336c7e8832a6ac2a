/** Answers of calls that may be sent again. */
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { outcomeValue, RetryCache } from './retry-cache.ts';

const fill = (cache: RetryCache, count: number, atMs: number): void => {
  for (let call = 0; call < count; call += 1) cache.keep(`other ${atMs} ${call}`, {}, atMs);
};

test('an answer is kept for ten minutes of later calls, where there are many', () => {
  const cache = new RetryCache();
  cache.keep('a', { value: 1 }, 0);
  fill(cache, 5000, 600_000);
  assert.deepEqual(cache.get('a'), { value: 1 });
  cache.keep('b', { value: 2 }, 600_001);
  assert.equal(cache.get('a'), undefined);
  assert.deepEqual(cache.get('b'), { value: 2 });
});

test('a clock that jumps ahead does not make it forget what was done a moment ago', () => {
  const cache = new RetryCache();
  cache.keep('a', { value: 1 }, 0);
  cache.keep('b', { value: 2 }, 10_000_000);
  assert.deepEqual(cache.get('a'), { value: 1 });
});

test('a clock that went back keeps answers longer, never shorter', () => {
  const cache = new RetryCache();
  cache.keep('a', { value: 1 }, 1_000_000);
  cache.keep('b', { value: 2 }, 0);
  cache.keep('c', { value: 3 }, 1_000_001);
  assert.equal(cache.entries().length, 3);
});

test('a hundred thousand answers are kept at most: the oldest goes', () => {
  const cache = new RetryCache();
  for (let call = 0; call <= 100_000; call += 1) cache.keep(`call ${call}`, {}, 0);
  assert.equal(cache.entries().length, 100_000);
  assert.equal(cache.get('call 0'), undefined);
  assert.deepEqual(cache.get('call 1'), {});
});

test('a call without an id is nobody’s retry', () => {
  const cache = new RetryCache();
  cache.keep(undefined, { value: 1 }, 0);
  assert.equal(cache.get(undefined), undefined);
  assert.deepEqual(cache.entries(), []);
});

test('an outcome gives its value again, or its error', () => {
  assert.equal(outcomeValue({ value: 5 }), 5);
  assert.equal(outcomeValue({}), undefined);
  assert.throws(() => outcomeValue({ code: 'IOException', message: 'no' }), { name: 'HdfsError', code: 'IOException', message: 'no' });
});
