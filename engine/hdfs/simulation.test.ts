import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { runSeeds, seedRange, seedsOf } from '../sim/testdata/seeds.ts';
import { ClusterSimulation, type ClusterSimulationResult } from './testdata/simulated-cluster.ts';

/** Seeds that once failed, by the number of namenodes, and what was wrong. They stay. */
const known = {
  1: [
    // A writer that gave up deleted its file, though another one had taken and closed it.
    1,
  ],
  3: [
    // The same.
    2,
    // Copies that were left half done at their targets were in the way of all later ones.
    22,
  ],
} as const;

for (const [nameNodes, count] of [[1, 4], [3, 3]] as const) {
  const range = seedRange(count);
  test(`files are what was acknowledged, whatever fails: ${nameNodes} namenode(s), ${range.count} seeds from ${range.from} on`, async () => {
    let done = 0;
    await runSeeds(seedsOf(range, known[nameNodes]), (seed, closely) => {
      const cluster = new ClusterSimulation({ seed, nameNodes, historyLinesKept: closely ? 1000 : 0 });
      return {
        run: async () => {
          done += (await cluster.run()).done;
        },
        get history() {
          return cluster.simulation.history;
        },
      };
    });
    assert.ok(done >= range.count * 10, `only ${done} things were done: the faults leave nothing to see`);
  });
}

test('the same seed is the same life of a cluster', async () => {
  const run = (seed: number): Promise<ClusterSimulationResult> => new ClusterSimulation({ seed, nameNodes: 3, faultsMs: 10_000 }).run();
  const lives = [await run(5), await run(5), await run(6)];
  assert.deepEqual(lives[1], lives[0]);
  assert.notEqual(lives[2]?.digest, lives[0]?.digest);
});
