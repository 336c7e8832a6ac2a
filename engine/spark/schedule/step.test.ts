import { test } from 'node:test';
import { assertGolden } from '../../../testing/golden.ts';
import { playScript } from './testdata/step-script.ts';

function check(sentence: string, file: string, script: string): void {
  test(sentence, () => assertGolden(new URL(`testdata/${file}.txt`, import.meta.url), playScript(script)));
}

check('stages run when what they read is complete, on the executor with most free slots', 'two-stages', `
  executor a 2
  executor b 1
  job 0: 0 shuffle 3; 1 result 2 reads 0
  ok 0/0.1#0 10,20
  ok 0/0.0#0 10,20
  ok 0/0.2#0 10,20
  ok all
`);

check('branches run side by side, and a job waits for executors', 'diamond', `
  job 0: 0 shuffle 1; 1 broadcast 1; 2 shuffle 1 reads 0,1; 3 files 1 reads 2
  executor a 2
  ok all
  ok all
  ok all
`);

check('jobs are served in the order of submission, and the second one takes what the first leaves', 'two-jobs', `
  executor a 2
  job 0: 0 result 1
  job 1: 0 result 2
  ok 1/0.0#0
  ok 0/0.0#0
  ok 1/0.1#0
`);

check('a lost executor takes its tasks and its outputs with it, and only those are made again', 'executor-lost', `
  executor a 2
  executor b 2
  job 0: 0 shuffle 4; 1 result 3 reads 0
  ok all
  ok 0/1.0#0
  lose a
  -- a held outputs 0 and 2 and ran a reduce task; the finished reduce task stays finished
  ok all
  ok all
  ok all
  ok all
`);

check('outputs that nobody has to read any more are not made again', 'executor-lost-late', `
  executor a 1
  executor b 1
  job 0: 0 shuffle 2; 1 shuffle 2 reads 0; 2 result 1 reads 1
  ok all
  ok all
  -- stage 2 runs now, stage 0 has been read
  lose b
  ok all
  ok all
`);

check('results and files are safe when their executor goes', 'safe-output', `
  executor a 1
  executor b 1
  job 0: 0 files 3
  ok 0/0.0#0
  ok 0/0.1#0
  lose a
  ok all
`);

check('what cannot be fetched is made again elsewhere, without blame for the reader', 'fetch-failure', `
  executor a 1
  executor b 1
  job 0: 0 shuffle 2; 1 result 2 reads 0
  ok all
  fail 0/1.0#0 fetch 0.1#0
  -- the second reader fails for the same reason a moment later: nothing more to make again
  fail 0/1.1#0 fetch 0.1#0
  ok all
  ok all
  ok all
`);

check('outputs lost again and again, with no reader succeeding, fail the job', 'fetch-failure-bound', `
  executor a 1
  job 0: 0 shuffle 1; 1 result 1 reads 0
  ok all
  fail 0/1.0#0 fetch 0.0#0
  ok all
  fail 0/1.0#1 fetch 0.0#1
  ok all
  fail 0/1.0#2 fetch 0.0#2
`);

check("an error of the application fails the job at once and stops the job's tasks", 'application-error', `
  executor a 2
  job 0: 0 result 3
  fail 0/0.1#0 application DIVIDE_BY_ZERO
  job 1: 0 result 2
  -- the slot of the stopped task is free when the executor says so
  fail 0/0.0#0 cancelled
  ok all
`);

check('other failures are tried again on another executor, a bounded number of times', 'infrastructure-error', `
  executor a 1
  executor b 1
  job 0: 0 result 1
  fail 0/0.0#0 infrastructure
  fail 0/0.0#1 infrastructure
  fail 0/0.0#2 infrastructure
`);

check('executors lost under a task count as its failures, unless they said goodbye', 'executors-lost-in-a-row', `
  job 0: 0 result 1
  executor a 1
  leave a
  executor b 1
  lose b
  executor c 1
  lose c
  executor d 1
  lose d
`);

check('reports of superseded attempts, unknown runs and finished jobs are ignored', 'late-reports', `
  executor a 1
  job 0: 0 result 2
  lose a
  executor a 1
  ok 0/0.0#0
  fail 0/0.0#0 application DIVIDE_BY_ZERO
  ok 0/0.0#1
  ok 0/0.0#1
  ok 0/0.1#0
  ok 0/0.1#0
  cancel 0
`);

check('a draining executor finishes its tasks and takes no new ones', 'drain', `
  executor a 1
  executor b 1
  job 0: 0 result 4
  drain a
  ok 0/0.0#0
  ok 0/0.1#0
  leave a
  ok all
  ok all
`);

check('a cancelled job stops its tasks', 'cancel', `
  executor a 2
  job 0: 0 shuffle 3; 1 result 1 reads 0
  cancel 0
  cancel 0
`);

check('a stage without tasks is complete as it stands', 'no-tasks', `
  executor a 1
  job 0: 0 shuffle 0; 1 result 1 reads 0
  ok all
  job 1: 0 result 0
`);

check('tasks run where their input is, and wait for such a slot before they go to the rack and then anywhere', 'locality-wait', `
  executor a 1 m1
  executor b 1 m2
  executor c 1 m3
  job 0: 0 result 6 near m1/r1|m1/r1|m1/r1|m1/r1|m1/r1|-; 1 result 1 reads 0 near m2/r1|m3/r2
  -- one on a, the task without a preference on b; c waits
  ok 0/0.5#0
  after 2999
  after 1
  -- b is in the rack of m1 (m2/r1 says so), c is not
  after 2000
`);

check('nothing is waited for that cannot come: no executor is near, or its machine is not known', 'locality-none', `
  executor a 1 m9
  executor b 1
  job 0: 0 result 3 near m1/r1|m1/r1|m1/r1
  ok all
  ok all
`);

check('an executor that comes to the machine gets the tasks that wait there; the wait begins anew when all slots are busy', 'locality-comes', `
  executor a 1 m1
  executor b 1 m2
  job 0: 0 result 4 near m1/r1|m1/r1|m1/r1|m2/r2
  after 1000
  executor c 1 m1
  ok 0/0.3#0
  after 2500
  ok 0/0.0#0
  ok 0/0.1#0
  after 3000
`);

check('a task that failed near its input goes elsewhere', 'locality-avoid', `
  executor a 1 m1
  executor b 1 m2
  job 0: 0 result 1 near m1/r1
  fail 0/0.0#0 infrastructure
  after 3000
  after 2000
  lose b
`);
