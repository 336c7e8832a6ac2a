import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { AbortedError, orAbort } from './abort.ts';
import { ManualClock, systemClock } from './clock.ts';
import { integerBelow, seededRandom } from './random.ts';

test('a manual clock wakes sleepers in order of time, and only those that are due', async () => {
  const clock = new ManualClock();
  const woken: number[] = [];
  const sleepers = [30, 10, 20].map(async (ms) => {
    await clock.sleep(ms);
    woken.push(ms);
  });
  clock.advance(25);
  await Promise.all([sleepers[1], sleepers[2]]);
  assert.deepEqual(woken, [10, 20]);
  clock.advance(5);
  await Promise.all(sleepers);
  assert.deepEqual(woken, [10, 20, 30]);
});

for (const [name, clock] of [['manual', new ManualClock()], ['system', systemClock()]] as const) {
  test(`a sleep on the ${name} clock ends with the signal's reason`, async () => {
    const controller = new AbortController();
    const sleeping = clock.sleep(1e6, controller.signal);
    controller.abort(new Error('enough'));
    await assert.rejects(sleeping, /enough/);
    await assert.rejects(clock.sleep(1e6, controller.signal), /enough/);
  });
}

test('waiting ends when the signal aborts although the promise never settles', async () => {
  const controller = new AbortController();
  const waiting = orAbort(new Promise(() => {}), controller.signal);
  controller.abort();
  await assert.rejects(waiting, AbortedError);
});

test('the same seed gives the same numbers, all in range', () => {
  const draw = (seed: number): number[] => {
    const random = seededRandom(seed);
    return Array.from({ length: 1000 }, () => integerBelow(random, 7));
  };
  assert.deepEqual(draw(42), draw(42));
  assert.notDeepEqual(draw(42), draw(43));
  assert.deepEqual([...new Set(draw(1))].toSorted(), [0, 1, 2, 3, 4, 5, 6]);
});
