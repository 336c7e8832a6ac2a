import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { fitted, progressLine, resultTable, seconds, type JobView } from './progress-view.ts';

const view: JobView = {
  name: 'flights',
  phase: 'Running',
  executors: { target: 2, running: 2 },
  stages: { total: 3, completed: 1 },
  tasks: { total: 12, completed: 6, running: 2, failed: 0 },
};

test('the line shows the bar, stages, tasks and executors', () => {
  assert.equal(
    progressLine(view),
    'flights  Running  ████████████▒▒▒▒········  stages 1/3  tasks 6/12 (2 running)  executors 2/2',
  );
});

test('before there are tasks the line says what is waited for', () => {
  const waiting = { ...view, phase: 'Pending', tasks: { total: 0, completed: 0, running: 0, failed: 0 }, executors: { target: 2, running: 0 }, message: 'waiting for the driver' };
  assert.equal(progressLine(waiting), 'flights  Pending  executors 0/2  waiting for the driver');
});

test('the bar never grows past its cells', () => {
  for (let completed = 0; completed <= 7; completed += 1) {
    const line = progressLine({ ...view, tasks: { total: 7, completed, running: 7 - completed, failed: 0 } });
    assert.equal(line.split('  ')[2]?.length, 24);
  }
});

test('failed tasks are counted out', () => {
  assert.match(progressLine({ ...view, tasks: { ...view.tasks, failed: 1 } }), /2 running, 1 failed/);
});

test('a table sets numbers to the right, shows NULL, and cuts long and hostile cells', () => {
  assert.equal(
    resultTable({
      columns: ['city', 'flights'],
      rows: [['Paris', '7'], [null, '1200'], [`a\u001b[31m${'x'.repeat(60)}`, null]],
      total: 5,
    }),
    [
      'city                                      flights',
      '────────────────────────────────────────  ───────',
      'Paris                                           7',
      'NULL                                         1200',
      `a [31m${'x'.repeat(33)}…     NULL`,
      '… 5 rows in all, 3 shown',
    ].join('\n'),
  );
});

test('a line is cut to the width of the terminal', () => {
  assert.equal(fitted('abcdef', 4), 'abc…');
  assert.equal(fitted('abcd', 4), 'abcd');
});

test('durations are in seconds', () => {
  assert.equal(seconds(1234), '1.23 s');
  assert.equal(seconds(61_234), '61.2 s');
});
