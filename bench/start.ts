/**
 * Measures embedded mode from the outside: whole runs of `headrace run`, each a fresh process.
 *   node bench/start.ts MANIFEST RUNS
 * Prints one line of JSON: medians of seconds from apply to first task, from apply to result, and of the whole process.
 */
import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';

const [manifest, runsText = '5'] = process.argv.slice(2);
assert.ok(manifest !== undefined && Number(runsText) > 0, 'usage: start.ts MANIFEST RUNS');
const home = mkdtempSync(join(tmpdir(), 'headrace-bench-'));
const samples: { readonly firstTask: number; readonly result: number; readonly process: number }[] = [];
try {
  // The first run fills the compile cache and is not counted.
  for (let run = 0; run <= Number(runsText); run += 1) {
    const startedAt = performance.now();
    const { status, stdout } = spawnSync(process.execPath, ['cli/main.ts', 'run', '-f', manifest, '--home', home], { encoding: 'utf8' });
    const whole = (performance.now() - startedAt) / 1000;
    const told = /time\s+([\d.]+) s from apply to result, first task after ([\d.]+) s/.exec(stdout);
    assert.ok(status === 0 && told !== null, stdout);
    if (run > 0) samples.push({ firstTask: Number(told[2]), result: Number(told[1]), process: whole });
  }
} finally {
  rmSync(home, { recursive: true, force: true });
}
const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
console.log(JSON.stringify({
  manifest, runs: samples.length, firstTaskSeconds: median(samples.map((each) => each.firstTask)), firstTaskMaxSeconds: Math.max(...samples.map((each) => each.firstTask)),
  resultSeconds: median(samples.map((each) => each.result)), processSeconds: median(samples.map((each) => each.process)),
}));
