import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { runSeeds, seedRange, seedsOf } from '../sim/testdata/seeds.ts';
import { GroupSimulation, type GroupSimulationResult } from './testdata/simulated-group.ts';

/** Seeds that once failed, and what was wrong. They stay. */
const known = {
  1: [],
  3: [
    // Two attempts to send a snapshot broke each other off for ever.
    295,
  ],
  5: [],
} as const;

for (const [members, count] of [[1, 3], [3, 12], [5, 3]] as const) {
  const range = seedRange(count);
  test(`a log of ${members} loses nothing and agrees on everything, whatever fails (${range.count} seeds from ${range.from} on)`, async () => {
    let acknowledged = 0;
    await runSeeds(seedsOf(range, known[members]), (seed, closely) => {
      const group = new GroupSimulation({ seed, members, historyLinesKept: closely ? 1000 : 0 });
      return {
        run: async () => {
          acknowledged += (await group.run()).acknowledged;
        },
        get history() {
          return group.simulation.history;
        },
      };
    });
    assert.ok(acknowledged >= range.count * 50, `only ${acknowledged} entries were acknowledged: the faults leave nothing to see`);
  });
}

test('the same seed is the same life', async () => {
  const run = (seed: number): Promise<GroupSimulationResult> => new GroupSimulation({ seed, members: 3 }).run();
  const lives = [await run(5), await run(5), await run(6)];
  assert.deepEqual(lives[1], lives[0]);
  assert.notEqual(lives[2]?.digest, lives[0]?.digest);
});
