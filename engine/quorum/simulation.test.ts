import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { simulateQuorum } from './testdata/quorum-simulation.ts';

/** Seeds that once found something. They stay. */
const remembered: readonly number[] = [];
const seeds = Array.from({ length: 20 }, (_, i) => i + 1);

test('the same seed has the same history', async () => {
  assert.deepEqual((await simulateQuorum(7)).lines, (await simulateQuorum(7)).lines);
});

test(`under faults nothing acknowledged is lost, repeated or reordered, and reads are never stale (seeds ${seeds[0]} to ${seeds.at(-1)}, and those that found something)`, async () => {
  let acknowledged = 0;
  let crashes = 0;
  for (const seed of [...remembered, ...seeds]) {
    const history = await simulateQuorum(seed);
    acknowledged += history.acknowledged;
    crashes += history.crashes;
  }
  assert.ok(acknowledged > 20 * seeds.length && crashes > seeds.length, `it was too quiet to prove anything: ${acknowledged} entries, ${crashes} crashes`);
});
