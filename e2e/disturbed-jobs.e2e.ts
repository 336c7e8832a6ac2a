/** Stories: what happens to a running job when a pod, the operator or its owner interferes. */
import { strict as assert } from 'node:assert';
import { after, before, test } from 'node:test';
import { condition, ensureNamespace, eventually, kubectl, podsOf, releaseNamespace, removeJob, sparkJob, type SparkJobObject } from './kubectl.ts';
import { expectedRows, longJob } from './long-job.ts';

const jobs = ['loses-executor', 'outlives-operator', 'scaled', 'suspended'];

async function untilTasksRun(name: string, executors = 2): Promise<SparkJobObject> {
  return eventually(`tasks of ${name} run`, async () => {
    const job = await sparkJob(name);
    assert.notEqual(job.status?.phase, 'Failed', JSON.stringify(job.status?.conditions));
    assert.notEqual(job.status?.phase, 'Completed', 'the job was over before it could be disturbed: make it longer');
    return (job.status?.progress?.tasks.running ?? 0) > 0 && (job.status?.executors?.running ?? 0) === executors ? job : undefined;
  });
}

async function untilComplete(name: string): Promise<SparkJobObject> {
  await kubectl(['wait', '--for=condition=Complete', `sparkjob/${name}`, '--timeout=180s'], { timeoutMs: 200_000 });
  return sparkJob(name);
}

before(async () => {
  await ensureNamespace();
  for (const job of jobs) await removeJob(job);
});
after(async () => {
  for (const job of jobs) await removeJob(job);
});

test('an executor killed in mid-job is replaced, and the answer is right', async () => {
  await kubectl(['apply', '-f', '-'], { input: longJob('loses-executor') });
  await untilTasksRun('loses-executor');
  const victim = (await podsOf('loses-executor', 'executor'))[0]?.metadata.name ?? '';
  await kubectl(['delete', 'pod', victim, '--grace-period=0', '--force']);
  const job = await untilComplete('loses-executor');
  assert.deepEqual(job.status?.result?.firstRows, expectedRows);
  assert.equal(job.status.attempts?.number, 1);
  assert.ok((job.status.executors?.failed ?? 0) >= 1, 'the loss shows in the status');
});

test('a restart of the operator in mid-job neither repeats nor loses the job', async () => {
  await kubectl(['apply', '-f', '-'], { input: longJob('outlives-operator') });
  await untilTasksRun('outlives-operator');
  const driver = (await podsOf('outlives-operator', 'driver')).map((pod) => pod.metadata.uid);
  await kubectl(['--namespace', releaseNamespace, 'delete', 'pod', '--selector', 'app.kubernetes.io/component=operator', '--grace-period=0', '--force']);
  await kubectl(['--namespace', releaseNamespace, 'rollout', 'status', 'deployment/headrace', '--timeout=60s']);
  const job = await untilComplete('outlives-operator');
  assert.deepEqual(job.status?.result?.firstRows, expectedRows);
  assert.equal(job.status.attempts?.number, 1);
  assert.deepEqual((await podsOf('outlives-operator', 'driver')).map((pod) => pod.metadata.uid), driver);
});

test('kubectl scale gives a running job more executors', async () => {
  await kubectl(['apply', '-f', '-'], { input: longJob('scaled', { executor: { instances: 1, resources: { requests: { cpu: '200m', memory: '1Gi' } } } }) });
  await untilTasksRun('scaled', 1);
  await kubectl(['scale', 'sparkjob', 'scaled', '--replicas=2']);
  await untilTasksRun('scaled', 2);
  const job = await untilComplete('scaled');
  assert.deepEqual(job.status?.result?.firstRows, expectedRows);
  assert.equal(job.status.attempts?.number, 1);
});

test('a suspended job holds no pods and resumes to its result', async () => {
  await kubectl(['apply', '-f', '-'], { input: longJob('suspended') });
  await untilTasksRun('suspended');
  await kubectl(['patch', 'sparkjob', 'suspended', '--type=merge', '--patch', '{"spec":{"suspend":true}}']);
  await kubectl(['wait', '--for=condition=Suspended', 'sparkjob/suspended', '--timeout=60s']);
  await eventually('no pod is left', async () => ((await podsOf('suspended')).length === 0 ? true : undefined));
  assert.equal((await sparkJob('suspended')).status?.phase, 'Suspended');
  await kubectl(['patch', 'sparkjob', 'suspended', '--type=merge', '--patch', '{"spec":{"suspend":false}}']);
  const job = await untilComplete('suspended');
  assert.deepEqual(job.status?.result?.firstRows, expectedRows);
  assert.equal(job.status.attempts?.failures, 0);
  assert.notEqual(condition(job, 'Suspended')?.status, 'True');
});
