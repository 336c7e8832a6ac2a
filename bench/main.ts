/**
 * `make bench`: the figures of bench/RESULTS.md, each part in processes of its own. The steady part takes as long as it says: 900 jobs at
 * one per second are 15 minutes; HEADRACE_BENCH_STEADY_JOBS shortens it.
 */
import { spawnSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';

const steadyJobs = process.env['HEADRACE_BENCH_STEADY_JOBS'] ?? '900';
/** What the chart gives the operator, and a heap as small as still holds 1,000 jobs and the embedded API server. */
const operatorFlags = ['--max-semi-space-size=4', '--max-old-space-size=96'];

function run(args: readonly string[], oneCore: boolean): Readonly<Record<string, number>> {
  const command = oneCore ? ['taskset', '-c', '0', process.execPath, ...args] : [process.execPath, ...args];
  const { status, stdout, stderr } = spawnSync(command[0] ?? '', command.slice(1), { encoding: 'utf8', maxBuffer: 64 << 20 });
  if (status !== 0) throw new Error(`${command.join(' ')}: exit ${status}\n${stderr}`);
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Record<string, number>;
}

const shown = (value: number | undefined, digits = 2): string => (value ?? Number.NaN).toFixed(digits);

console.log(`${cpus().length} cores of ${cpus()[0]?.model ?? 'unknown'}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Node ${process.version}`);
const burst = run([...operatorFlags, 'bench/operator.ts', 'burst', '1000'], true);
console.log(`operator, 1,000 jobs at once, one core     driver pods created ${shown(burst['driversSeconds'])} s, all jobs over ${shown(burst['completeSeconds'])} s, resident ${shown(burst['rssMaxMb'], 0)} MB`);
const steady = run([...operatorFlags, 'bench/operator.ts', 'steady', steadyJobs, '1'], true);
console.log(`operator, ${steadyJobs} jobs at 1/s, one core        create to driver pod: p50 ${shown(steady['p50Ms'], 1)} ms, p99 ${shown(steady['p99Ms'], 1)} ms, max ${shown(steady['maxMs'], 1)} ms, resident ${shown(steady['rssMaxMb'], 0)} MB`);
for (const manifest of ['bench/select-one.yaml', 'examples/flights.yaml']) {
  const start = run(['bench/start.ts', manifest, '5'], false);
  console.log(`embedded, ${manifest.padEnd(30)}   first task ${shown(start['firstTaskSeconds'])} s, result ${shown(start['resultSeconds'])} s after apply; whole command ${shown(start['processSeconds'])} s (medians of 5)`);
}
