import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import type { SparkJob } from '../../operator/api/spark-job.ts';
import { FakeClock } from '../../operator/runtime/fake-clock.ts';
import { jobLine, ProgressDisplay, type ProgressLine } from './progress-display.ts';

function running(tasksRunning: number, phase = 'Running'): readonly ProgressLine[] {
  const progress = { stages: { total: 1, completed: 0, running: 1, failed: 0 }, tasks: { total: 8, completed: 0, running: tasksRunning, failed: 0 } };
  return [jobLine({ metadata: { name: 'long' }, spec: {}, status: { phase, progress } } as unknown as SparkJob)];
}

/** A display off a terminal, and the lines that it has written. */
function plain(): { readonly clock: FakeClock; readonly display: ProgressDisplay; readonly lines: string[] } {
  const lines: string[] = [];
  const clock = new FakeClock();
  const out = { isTTY: false, write: (text: string) => lines.push(text) } as unknown as NodeJS.WriteStream;
  return { clock, display: new ProgressDisplay(out, clock), lines };
}

test('off a terminal a change that comes too soon is said when the second is over, though nothing changes any more', async () => {
  const { clock, display, lines } = plain();
  display.show(running(0));
  display.show(running(1));
  display.show(running(2));
  assert.equal(lines.length, 1);
  await clock.advance(1000);
  assert.equal(lines.length, 2);
  assert.match(lines[1] ?? '', /2 running/);
  await clock.advance(10_000);
  assert.equal(lines.length, 2, 'and once only');
});

test('off a terminal a change of phase is said at once, and what waited before it is not said any more', async () => {
  const { clock, display, lines } = plain();
  display.show(running(0));
  display.show(running(1));
  display.show(running(0, 'Completed'));
  display.end();
  await clock.advance(10_000);
  assert.deepEqual(lines.map((line) => /Running|Completed/.exec(line)?.[0]), ['Running', 'Completed']);
});
