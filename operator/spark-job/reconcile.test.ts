import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import type { SparkJob } from '../api/spark-job.ts';
import { conditionTypes, sparkJobType } from '../api/spark-job.ts';
import { CrashError, CrashingClient, FaultyClient } from '../embedded/faults.ts';
import { configMapType, secretType } from '../kube/resource-types.ts';
import { KubeError } from '../kube/client.ts';
import { Stage, key } from './testdata/stage.ts';

const { signal } = new AbortController();
const sql = { application: { sql: 'SELECT 1' } };
const success = { outcome: 'Succeeded', result: { output: '/output', rows: 1, columns: ['1'], firstRows: [['1']] } };
const failure = { outcome: 'Failed', error: { errorClass: 'TABLE_OR_VIEW_NOT_FOUND', message: 'there is no table flights' } };

function story(name: string, body: (stage: Stage) => Promise<void>): void {
  test(name, async () => {
    const stage = await Stage.open();
    try {
      await body(stage);
    } finally {
      stage.close();
    }
  });
}

function conditions(job: SparkJob): Record<string, string> {
  return Object.fromEntries((job.status?.conditions ?? []).map(({ type, status, reason }) => [type, `${status} ${reason}`]));
}

function message(job: SparkJob, type: string): string {
  return job.status?.conditions?.find((each) => each.type === type)?.message ?? '';
}

const names = async (stage: Stage): Promise<readonly string[]> => (await stage.pods()).map((pod) => pod.metadata.name).toSorted();

story('a job runs to its result, and then nothing is written any more', async (stage) => {
  await stage.apply({ ...sql, executor: { instances: 2 } });
  await stage.settle();
  assert.deepEqual(await names(stage), ['flights-1-driver']);
  assert.equal((await stage.job()).status?.phase, 'Starting');
  await stage.run(1, 2);
  const running = await stage.job();
  assert.equal(running.status?.phase, 'Running');
  assert.equal(running.status.executors?.summary, '2/2');
  assert.equal(running.status.progress?.summary, '0/10');
  assert.equal(conditions(running)['ExecutorsReady'], 'True AllRunning');
  await stage.end('flights-1-driver', 0, success);
  await stage.settle();
  await stage.finishDeletions();
  assert.deepEqual(await stage.settle(), { kind: 'done' });
  const job = await stage.job();
  assert.deepEqual(job.status?.result, success.result);
  assert.deepEqual(conditions(job), {
    Ready: 'True Completed', Reconciling: 'False Completed', Stalled: 'False Completed', Complete: 'True Completed',
    Failed: 'False Completed', Suspended: 'False Completed', ExecutorsReady: 'False Completed',
  });
  assert.deepEqual(await names(stage), ['flights-1-driver'], 'the driver stays for its logs');
  assert.deepEqual((await stage.pod('flights-1-driver')).metadata.finalizers ?? [], []);
  await stage.pass();
  assert.equal((await stage.job()).metadata.resourceVersion, job.metadata.resourceVersion);
});

story('every condition is there from the first write on, with its generation', async (stage) => {
  await stage.apply(sql);
  await stage.pass();
  const job = await stage.job();
  assert.deepEqual(job.status?.conditions?.map((each) => each.type), [...conditionTypes]);
  assert.ok(job.status?.conditions?.every((each) => each.observedGeneration === 1));
  assert.equal(job.status.attempts?.number, 1);
});

story('a failed application says why, and is given up for kstatus too', async (stage) => {
  await stage.apply(sql);
  await stage.run(1, 1);
  await stage.end('flights-1-driver', 1, failure);
  await stage.settle();
  const job = await stage.job();
  assert.equal(job.status?.phase, 'Failed');
  assert.equal(conditions(job)['Stalled'], 'True JobFailed');
  assert.equal(conditions(job)['Failed'], 'True ApplicationFailed');
  assert.equal(conditions(job)['Reconciling'], 'False Failed');
  assert.equal(message(job, 'Failed'), '[TABLE_OR_VIEW_NOT_FOUND] there is no table flights');
  assert.deepEqual(job.status.error, failure.error);
  assert.ok(stage.events.some((event) => event.type === 'Warning' && event.reason === 'JobFailed' && event.message.includes('no table flights')));
});

story('an edit gives a failed job another try, one of its time to live does not', async (stage) => {
  await stage.apply(sql);
  await stage.run(1, 1);
  await stage.end('flights-1-driver', 1, failure);
  await stage.settle();
  await stage.apply({ ...sql, ttlSecondsAfterFinished: 3600 });
  await stage.settle();
  assert.equal((await stage.job()).status?.phase, 'Failed');
  assert.equal((await stage.job()).status?.observedGeneration, 2);
  await stage.apply({ application: { sql: 'SELECT 2' }, ttlSecondsAfterFinished: 3600 });
  await stage.run(2, 1);
  await stage.end('flights-2-driver', 0, success);
  await stage.settle();
  const job = await stage.job();
  assert.equal(job.status?.phase, 'Completed');
  assert.equal(job.status.error, undefined);
});

story('failures are tried again with growing pauses, as often as allowed', async (stage) => {
  await stage.apply({ ...sql, ttlSecondsAfterFinished: 60, restartPolicy: { type: 'OnFailure', maxRetries: 2, backoffSeconds: 10 } });
  for (const [attempt, pause] of [[1, 10], [2, 20]] as const) {
    await stage.run(attempt, 1);
    await stage.end(`flights-${attempt}-driver`, 70);
    const result = await stage.settle();
    assert.equal((await stage.job()).status?.phase, 'Retrying');
    assert.deepEqual(result, { kind: 'requeue', afterMs: pause * 1000 });
    await stage.clock.advance(pause * 1000);
  }
  await stage.run(3, 1);
  await stage.end('flights-3-driver', 70);
  await stage.settle();
  const job = await stage.job();
  assert.equal(job.status?.phase, 'Failed');
  assert.equal(job.status.attempts?.failures, 3);
  await stage.finishDeletions();
  await stage.settle();
  assert.deepEqual(await names(stage), ['flights-2-driver', 'flights-3-driver'], 'the last two drivers stay for their logs');
  await stage.clock.advance(60_000);
  await stage.settle();
  await stage.finishDeletions();
  assert.deepEqual(await names(stage), []);
});

story('bad configuration is not tried again', async (stage) => {
  await stage.apply({ ...sql, restartPolicy: { type: 'OnFailure' } });
  await stage.run(1, 1);
  await stage.end('flights-1-driver', 2, { outcome: 'Failed', error: { errorClass: 'BAD_CONFIGURATION', message: 'no such setting' } });
  await stage.settle();
  assert.equal((await stage.job()).status?.phase, 'Failed');
});

story('a driver that somebody deletes is a disruption: tried again, not counted as a failure', async (stage) => {
  await stage.apply({ ...sql, restartPolicy: { type: 'OnFailure', maxRetries: 0, backoffSeconds: 0 } });
  await stage.run(1, 1);
  await stage.server.delete({ apiVersion: 'v1', kind: 'Pod', plural: 'pods', namespaced: true }, 'default', 'flights-1-driver', {}, signal);
  await stage.settle();
  assert.equal((await stage.job()).status?.attempts?.number, 1, 'the old driver may still write');
  await stage.finishDeletions();
  await stage.settle();
  const job = await stage.job();
  assert.deepEqual([job.status?.attempts?.number, job.status?.attempts?.failures, job.status?.attempts?.disruptions], [2, 0, 1]);
});

story('a lost executor is replaced under a new number and counted once', async (stage) => {
  await stage.apply({ ...sql, executor: { instances: 2 } });
  await stage.run(1, 2);
  await stage.end('flights-1-exec-2', 137);
  await stage.settle();
  await stage.finishDeletions();
  await stage.settle();
  await stage.pass();
  const job = await stage.job();
  assert.deepEqual(await names(stage), ['flights-1-driver', 'flights-1-exec-1', 'flights-1-exec-3']);
  assert.equal(job.status?.executors?.failed, 1);
  assert.equal(job.status.recentExecutorFailures?.length, 1);
  assert.equal(job.status.recentExecutorFailures?.[0]?.executor, 2);
});

story('an executor whose pod is gone without a trace is counted and replaced', async (stage) => {
  await stage.apply(sql);
  await stage.run(1, 1);
  await stage.remove('flights-1-exec-1');
  await stage.settle();
  const job = await stage.job();
  assert.deepEqual(await names(stage), ['flights-1-driver', 'flights-1-exec-2']);
  assert.equal(job.status?.executors?.failed, 1);
});

story('executors that end because the driver ends are not lost', async (stage) => {
  await stage.apply(sql);
  await stage.run(1, 1);
  await stage.answer(1, 10, 'Finishing');
  await stage.end('flights-1-exec-1', 0);
  await stage.settle();
  assert.equal((await stage.job()).status?.executors?.failed, 0);
  assert.deepEqual(await names(stage), ['flights-1-driver', 'flights-1-exec-1']);
});

story('executors lost again and again without a task done end the attempt', async (stage) => {
  await stage.apply(sql);
  await stage.run(1, 1);
  for (let id = 1; id <= 6; id += 1) {
    await stage.end(`flights-1-exec-${id}`, 137);
    await stage.settle();
    await stage.finishDeletions();
    await stage.settle();
    if (id < 6) await stage.start(`flights-1-exec-${id + 1}`);
  }
  await stage.settle();
  const job = await stage.job();
  assert.equal(job.status?.phase, 'Failed');
  assert.equal(conditions(job)['Failed'], 'True ExecutorsLost');
  assert.match(message(job, 'Failed'), /without one task being done/);
});

story('executors follow an edit of their number while the job runs', async (stage) => {
  await stage.apply({ ...sql, executor: { instances: 1 } });
  await stage.run(1, 1);
  await stage.apply({ ...sql, executor: { instances: 3 } });
  await stage.settle();
  assert.equal((await stage.pods()).length, 4);
  await stage.apply({ ...sql, executor: { instances: 1 } });
  await stage.settle();
  await stage.finishDeletions();
  await stage.settle();
  assert.deepEqual(await names(stage), ['flights-1-driver', 'flights-1-exec-1'], 'those that do nothing yet go first');
  const job = await stage.job();
  assert.equal(job.status?.executors?.failed, 0);
  assert.equal(job.status.attempts?.number, 1);
});

story('a suspended job holds no pods, and resumes without counting a failure', async (stage) => {
  await stage.apply({ ...sql, executor: { instances: 2 }, activeDeadlineSeconds: 60 });
  await stage.run(1, 2);
  await stage.clock.advance(30_000);
  await stage.apply({ ...sql, executor: { instances: 2 }, activeDeadlineSeconds: 60, suspend: true });
  await stage.settle();
  assert.equal((await stage.job()).status?.phase, 'Stopping');
  await stage.finishDeletions(3, { outcome: 'Cancelled' });
  await stage.settle();
  const suspended = await stage.job();
  assert.equal(conditions(suspended)['Suspended'], 'True Suspended');
  assert.deepEqual(await names(stage), []);
  await stage.clock.advance(3_600_000);
  await stage.apply({ ...sql, executor: { instances: 2 }, activeDeadlineSeconds: 60, suspend: false });
  await stage.run(2, 2);
  assert.equal((await stage.job()).status?.attempts?.failures, 0);
  await stage.clock.advance(31_000);
  await stage.settle();
  assert.equal((await stage.job()).status?.phase, 'Stopping', 'the time before the suspension counts, the suspension does not');
});

story('a driver that was done before the suspension reached it has completed the job', async (stage) => {
  await stage.apply(sql);
  await stage.run(1, 1);
  await stage.apply({ ...sql, suspend: true });
  await stage.settle();
  await stage.finishDeletions(0, success);
  await stage.settle();
  assert.equal((await stage.job()).status?.phase, 'Completed');
});

story('restartNonce runs a completed job again', async (stage) => {
  await stage.apply(sql);
  await stage.run(1, 1);
  await stage.end('flights-1-driver', 0, success);
  await stage.settle();
  await stage.apply({ ...sql, restartNonce: 'again' });
  await stage.run(2, 1);
  const job = await stage.job();
  assert.equal(job.status?.phase, 'Running');
  assert.equal(job.status.result, undefined);
});

story('a job that takes too long is stopped and fails', async (stage) => {
  await stage.apply({ ...sql, activeDeadlineSeconds: 60, restartPolicy: { type: 'OnFailure' } });
  await stage.run(1, 1);
  await stage.clock.advance(60_000);
  await stage.settle();
  await stage.finishDeletions();
  await stage.settle();
  const job = await stage.job();
  assert.equal(conditions(job)['Failed'], 'True DeadlineExceeded');
});

story('a missing ConfigMap is named, and the job starts when it comes', async (stage) => {
  await stage.apply({ application: { script: { configMapKeyRef: { name: 'scripts', key: 'main.ts' } } } });
  assert.deepEqual(await stage.settle(), { kind: 'requeue', afterMs: 10_000 });
  const job = await stage.job();
  assert.equal(job.status?.phase, 'Pending');
  assert.equal(conditions(job)['Ready'], 'False ConfigMapNotFound');
  assert.match(message(job, 'Ready'), /no ConfigMap scripts/);
  await stage.server.create(configMapType, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'scripts', namespace: 'default' }, data: { 'main.ts': 'x' } }, signal);
  await stage.settle();
  assert.equal((await stage.job()).status?.phase, 'Starting');
});

story('an image that cannot be pulled shows as long as it lasts', async (stage) => {
  await stage.apply(sql);
  await stage.settle();
  await stage.report('flights-1-driver', 'Pending', { waiting: { reason: 'ImagePullBackOff', message: 'Back-off pulling image' } });
  assert.deepEqual(await stage.settle(), { kind: 'requeue', afterMs: 30_000 });
  const job = await stage.job();
  assert.equal(conditions(job)['Ready'], 'False DriverImagePullBackOff');
  assert.equal(job.status?.driver?.phase, 'ImagePullBackOff');
  assert.ok(stage.events.some((event) => event.reason === 'DriverImagePullBackOff'));
});

story('a pod that the API server refuses for its quota is asked for again later', async (stage) => {
  const { server } = stage;
  const create = server.create.bind(server);
  let full = true;
  server.create = (type, object, at) => (full && type.kind === 'Pod' && object.metadata.name.includes('exec')
    ? Promise.reject(new KubeError('Forbidden', 'exceeded quota: pods', { status: 403 }))
    : create(type, object, at));
  await stage.apply(sql);
  await stage.settle();
  await stage.start('flights-1-driver');
  await stage.answer(1, 0);
  await stage.settle();
  assert.equal(conditions(await stage.job())['ExecutorsReady'], 'False PodRefused');
  assert.match(message(await stage.job(), 'ExecutorsReady'), /exceeded quota/);
  full = false;
  await stage.settle();
  assert.deepEqual(await names(stage), ['flights-1-driver'], 'not at once');
  await stage.clock.advance(15_000);
  await stage.settle();
  assert.equal((await names(stage)).length, 2);
  assert.equal((await stage.job()).status?.executors?.failed, 0);
});

story('a pod that the API server calls invalid fails the job with its words', async (stage) => {
  await stage.apply({ ...sql, driver: { podTemplate: { spec: { containers: [{ name: 'spark', volumeMounts: [{ name: 'nowhere', mountPath: '/x' }] }] } } } });
  await stage.settle();
  const job = await stage.job();
  assert.equal(conditions(job)['Failed'], 'True InvalidPod');
  assert.match(message(job, 'Failed'), /nowhere/);
});

story('the time to live removes the children and leaves the job', async (stage) => {
  await stage.apply({ ...sql, ttlSecondsAfterFinished: 60 });
  await stage.run(1, 1);
  await stage.end('flights-1-driver', 0, success);
  await stage.settle();
  await stage.finishDeletions();
  assert.deepEqual(await stage.settle(), { kind: 'requeue', afterMs: 60_000 });
  await stage.clock.advance(60_000);
  await stage.settle();
  await stage.finishDeletions();
  assert.deepEqual(await stage.settle(), { kind: 'done' });
  assert.deepEqual(await names(stage), []);
  assert.equal((await stage.server.list(secretType, { namespace: 'default' }, signal)).items.length, 0);
  assert.equal((await stage.job()).status?.phase, 'Completed');
});

story('a deleted job lets its pods go', async (stage) => {
  await stage.apply(sql);
  await stage.run(1, 1);
  await stage.server.delete(sparkJobType, key.namespace, key.name, {}, signal);
  await stage.settle();
  await stage.finishDeletions();
  assert.deepEqual(await stage.settle(), { kind: 'done' });
  assert.deepEqual(await names(stage), []);
});

story('a job of the same name waits until the pods of its predecessor are gone', async (stage) => {
  await stage.apply(sql);
  await stage.run(1, 1);
  await stage.server.delete(sparkJobType, key.namespace, key.name, {}, signal);
  await stage.apply({ application: { sql: 'SELECT 2' } });
  await stage.settle();
  assert.equal(conditions(await stage.job())['Ready'], 'False PredecessorTerminating');
  await stage.finishDeletions();
  await stage.run(1, 1);
  assert.equal((await stage.job()).status?.phase, 'Running');
  assert.equal(stage.driversCreated.length, 2);
});

/** The whole life of a job with a retry and a lost executor, from wherever it stands. Returns when it is completed. */
async function live(stage: Stage): Promise<void> {
  for (let round = 0; round < 40; round += 1) {
    await stage.settle();
    await stage.finishDeletions();
    const job = await stage.job();
    if (job.status?.phase === 'Completed' && (await stage.pods()).length === 2) return;
    const attempt = job.status?.attempts?.number ?? 0;
    for (const pod of await stage.pods()) if (pod.status?.phase === 'Pending' && pod.metadata.deletionTimestamp === undefined) await stage.start(pod.metadata.name);
    const driver = (await stage.pods()).find((pod) => pod.metadata.name === `flights-${attempt}-driver`);
    if (driver?.status?.phase === 'Running') await stage.answer(attempt, round);
    if (job.status?.executors?.running === 2 && attempt === 1) await stage.end('flights-1-driver', 70);
    else if (job.status?.executors?.running === 2 && job.status.executors.failed === 0) {
      // Which numbers they have depends on where the operator died: one given out without a pod is not given out again.
      const victim = (await stage.pods()).find((pod) => pod.metadata.name.startsWith('flights-2-exec-') && pod.status?.phase === 'Running');
      if (victim !== undefined) await stage.end(victim.metadata.name, 137);
    } else if (job.status?.executors?.running === 2) await stage.end('flights-2-driver', 0, success);
    await stage.clock.advance(10_000);
  }
  throw new Error(`the job does not come to its end: ${JSON.stringify((await stage.job()).status)} ${(await names(stage)).join(' ')}`);
}

test('an operator that dies before or after any write neither repeats nor loses an attempt', async () => {
  const spec = { ...sql, executor: { instances: 2 }, restartPolicy: { type: 'OnFailure', maxRetries: 1, backoffSeconds: 1 } };
  const count = async (): Promise<number> => {
    const stage = await Stage.open();
    const client = new CrashingClient(stage.server, undefined, () => undefined);
    stage.restart(client);
    await stage.apply(spec);
    await live(stage);
    stage.close();
    return client.written.length;
  };
  const writes = await count();
  assert.ok(writes > 15, `${writes} writes`);
  for (let write = 1; write <= writes; write += 1) {
    for (const moment of ['before', 'after'] as const) {
      const stage = await Stage.open();
      const where = `${moment} write ${write}`;
      stage.restart(new CrashingClient(stage.server, { write, moment }, () => undefined));
      await stage.apply(spec);
      try {
        await live(stage);
        assert.fail(`the operator should have died ${where}`);
      } catch (error) {
        assert.ok(error instanceof CrashError, `${where}: ${String(error)}`);
      }
      stage.restart();
      await live(stage);
      const job = await stage.job();
      assert.equal(job.status?.attempts?.number, 2, where);
      assert.equal(job.status.attempts.failures, 1, where);
      assert.deepEqual(stage.driversCreated.map((id) => id.split(' ')[0]), ['flights-1-driver', 'flights-2-driver'], where);
      assert.deepEqual(job.status.result?.firstRows, [['1']], where);
      stage.close();
    }
  }
});

test('conflicts, lost answers and busy servers change nothing about the end', async () => {
  const stage = await Stage.open();
  let state = 7;
  const random = (): number => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
  const faulty = new FaultyClient(stage.server, random, { tooManyRequests: 0.1, internalError: 0.1, conflict: 0.1, lostAnswer: 0.1, droppedWatch: 0 });
  stage.restart(faulty);
  await stage.apply({ ...sql, executor: { instances: 2 }, restartPolicy: { type: 'OnFailure', maxRetries: 1, backoffSeconds: 1 } });
  let faults = 0;
  for (;;) {
    try {
      await live(stage);
      break;
    } catch (error) {
      if (!(error instanceof KubeError)) throw error;
      faults += 1;
      assert.ok(faults < 500);
    }
  }
  assert.ok(faults > 3);
  assert.equal((await stage.job()).status?.attempts?.number, 2);
  assert.equal(stage.driversCreated.length, 2);
  stage.close();
});
