import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { WorkQueue } from './work-queue.ts';

/** Takes all that is due. */
function due(queue: WorkQueue, now: number): readonly string[] {
  const keys: string[] = [];
  for (let taken = queue.take(now); taken !== undefined; taken = queue.take(now)) keys.push(taken.key);
  return keys;
}

test('a key waits once, however often it is added', () => {
  const queue = new WorkQueue();
  assert.deepEqual([queue.add('a', 0), queue.add('b', 0), queue.add('a', 1)], [true, true, false]);
  assert.deepEqual(due(queue, 2), ['a', 'b']);
});

test('a key that changes while it runs runs once more, and not before it is done', () => {
  const queue = new WorkQueue();
  queue.add('a', 0);
  due(queue, 0);
  queue.add('a', 1);
  queue.add('a', 2);
  assert.deepEqual(due(queue, 3), []);
  queue.settle('a', 4);
  assert.deepEqual(queue.take(5), { key: 'a', waitedMs: 4 });
  queue.settle('a', 6);
  assert.deepEqual(due(queue, 7), []);
});

test('live changes go before what a list brought, and lift a key that waits from a list', () => {
  const queue = new WorkQueue();
  for (const key of ['a', 'b', 'c']) queue.add(key, 0, 'resync');
  queue.add('d', 1);
  queue.add('b', 2);
  assert.deepEqual(due(queue, 3), ['d', 'b', 'a', 'c']);
});

test('failures in a row wait 5 ms, doubling up to 1000 s, and a success forgets them', () => {
  const queue = new WorkQueue();
  const delays: number[] = [];
  let now = 0;
  queue.add('a', now);
  for (let failures = 0; failures < 20; failures += 1) {
    assert.deepEqual(due(queue, now), ['a']);
    const delay = queue.retry('a', now);
    delays.push(delay);
    assert.equal(queue.nextDueAt(), now + delay);
    assert.deepEqual(due(queue, now + delay - 1), []);
    now += delay;
  }
  assert.deepEqual(delays.slice(0, 4), [5, 10, 20, 40]);
  assert.deepEqual(delays.slice(-3), [655_360, 1_000_000, 1_000_000]);
  due(queue, now);
  queue.settle('a', now);
  queue.add('a', now);
  due(queue, now);
  assert.equal(queue.retry('a', now), 5);
});

test('a failure waits at least as long as the server asked for', () => {
  const queue = new WorkQueue();
  queue.add('a', 0);
  due(queue, 0);
  assert.equal(queue.retry('a', 0, 3000), 3000);
});

test('the outcome of the latest run replaces the delay of an earlier one', () => {
  const queue = new WorkQueue();
  queue.add('a', 0);
  due(queue, 0);
  queue.settle('a', 0, 1000);
  queue.add('a', 10);
  assert.deepEqual(due(queue, 10), ['a']);
  queue.settle('a', 10, 5000);
  assert.deepEqual(due(queue, 1000), []);
  assert.deepEqual(due(queue, 5010), ['a']);
  queue.settle('a', 5010);
  assert.equal(queue.nextDueAt(), undefined);
});

test('a key that becomes due while it runs is not run twice at the same time', () => {
  const queue = new WorkQueue();
  queue.addAfter('a', 100, 0);
  queue.add('a', 50);
  assert.deepEqual(due(queue, 50), ['a']);
  assert.deepEqual(due(queue, 100), []);
  queue.settle('a', 120);
  assert.deepEqual(due(queue, 120), ['a']);
});

test('ending a run that was not begun is an error', () => {
  assert.throws(() => new WorkQueue().settle('a', 0), /without having been taken/);
});

test('many delays, most of them replaced, come due in order', () => {
  const queue = new WorkQueue();
  for (let round = 0; round < 50; round += 1) {
    for (let key = 0; key < 100; key += 1) queue.addAfter(String(key), 1_000_000 - round * 100 - key, 0);
  }
  const times: number[] = [];
  for (let next = queue.nextDueAt(); next !== undefined; next = queue.nextDueAt()) {
    times.push(next);
    assert.equal(due(queue, next).length, 1);
  }
  assert.deepEqual(times, times.toSorted((a, b) => a - b));
  assert.equal(times.length, 100);
});

test('no schedule of changes, delays and outcomes loses a key or runs it twice at once', () => {
  const action = fc.oneof(
    fc.record({ kind: fc.constant('add' as const), key: fc.integer({ min: 0, max: 4 }), live: fc.boolean() }),
    fc.record({ kind: fc.constant('delay' as const), key: fc.integer({ min: 0, max: 4 }), ms: fc.integer({ min: 0, max: 30 }) }),
    fc.record({ kind: fc.constant('take' as const) }),
    fc.record({ kind: fc.constant('end' as const), failed: fc.boolean(), requeue: fc.boolean() }),
    fc.record({ kind: fc.constant('time' as const), ms: fc.integer({ min: 1, max: 20 }) }),
  );
  fc.assert(fc.property(fc.array(action, { maxLength: 200 }), (actions) => {
    const queue = new WorkQueue();
    const running: string[] = [];
    const changed = new Set<string>();
    let now = 0;
    for (const each of actions) {
      if (each.kind === 'time') now += each.ms;
      if (each.kind === 'delay') queue.addAfter(String(each.key), each.ms, now);
      if (each.kind === 'add') {
        queue.add(String(each.key), now, each.live ? 'live' : 'resync');
        changed.add(String(each.key));
      }
      if (each.kind === 'take') {
        const taken = queue.take(now);
        if (taken === undefined) continue;
        assert.ok(!running.includes(taken.key), `${taken.key} runs twice at once`);
        running.push(taken.key);
        changed.delete(taken.key);
      }
      const ending = each.kind === 'end' ? running.shift() : undefined;
      if (each.kind === 'end' && ending !== undefined) {
        if (each.failed) queue.retry(ending, now);
        else queue.settle(ending, now, each.requeue ? 7 : undefined);
      }
    }
    for (const key of running) queue.settle(key, now);
    const left = new Set(due(queue, now));
    for (const key of changed) assert.ok(left.has(key), `${key} is lost`);
  }));
});
