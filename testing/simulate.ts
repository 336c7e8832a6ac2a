/**
 * Runs the simulated worlds over many seeds, prints each seed that fails and how to see it again, and goes on. `SEEDS`: how many, from `FROM` on;
 * `WORLD`: only the one of that name. Exits 1 when one failed. See docs/simulation.md.
 */
import { ClusterSimulation } from '../engine/hdfs/testdata/simulated-cluster.ts';
import { GroupSimulation } from '../engine/quorum/testdata/simulated-group.ts';
import type { Simulation } from '../engine/sim/simulation.ts';
import { failureOf, seedRange, seedsOf } from '../engine/sim/testdata/seeds.ts';

interface World {
  readonly simulation: Simulation;
  run(): Promise<unknown>;
}

const worlds: Readonly<Record<string, (seed: number, historyLinesKept: number) => World>> = {
  'quorum-1': (seed, historyLinesKept) => new GroupSimulation({ seed, members: 1, historyLinesKept }),
  'quorum-3': (seed, historyLinesKept) => new GroupSimulation({ seed, members: 3, historyLinesKept }),
  'quorum-5': (seed, historyLinesKept) => new GroupSimulation({ seed, members: 5, historyLinesKept }),
  'hdfs-1': (seed, historyLinesKept) => new ClusterSimulation({ seed, nameNodes: 1, historyLinesKept }),
  'hdfs-3': (seed, historyLinesKept) => new ClusterSimulation({ seed, nameNodes: 3, historyLinesKept }),
};

const only = process.env['WORLD'];
const chosen = Object.entries(worlds).filter(([name]) => only === undefined || only === '' || name === only);
if (chosen.length === 0) throw new Error(`there is no world '${only}': ${Object.keys(worlds).join(', ')}`);
const range = seedRange(50);

for (const [name, make] of chosen) {
  const startedMs = performance.now();
  let failed = 0;
  for (const seed of seedsOf(range)) {
    const failure = await failureOf(seed, (each, closely) => {
      const world = make(each, closely ? 1000 : 0);
      return {
        run: () => world.run(),
        get history() {
          return world.simulation.history;
        },
      };
    });
    if (failure === undefined) continue;
    failed += 1;
    console.log(`${name}, ${failure.message}\n  make simulate WORLD=${name} FROM=${seed} SEEDS=1`);
  }
  const perSecond = (range.count / (performance.now() - startedMs)) * 1000;
  console.log(`${name}: ${range.count} seeds from ${range.from} on, ${failed} failed, ${perSecond.toFixed(1)} seeds per second`);
  if (failed > 0) process.exitCode = 1;
}
