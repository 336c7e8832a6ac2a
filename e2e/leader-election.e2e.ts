/** Story: of two operators one acts; when it dies without a word, the other takes over. */
import { strict as assert } from 'node:assert';
import { after, before, test } from 'node:test';
import { ensureNamespace, eventually, kubectl, podsOf, releaseNamespace, removeJob, sparkJob } from './kubectl.ts';

const inRelease = ['--namespace', releaseNamespace];
const job = 'after-takeover';

async function leader(): Promise<string> {
  const holder = await kubectl([...inRelease, 'get', 'lease', 'headrace', '-o', 'jsonpath={.spec.holderIdentity}']);
  return holder.split('_')[0] ?? '';
}

async function replicas(count: number): Promise<void> {
  await kubectl([...inRelease, 'scale', 'deployment', 'headrace', `--replicas=${count}`]);
  await kubectl([...inRelease, 'rollout', 'status', 'deployment/headrace', '--timeout=60s']);
}

before(async () => {
  await ensureNamespace();
  await removeJob(job);
});
after(async () => {
  await removeJob(job);
  await replicas(1);
});

test('the standby takes over from a leader that dies, and runs the next job once', async () => {
  await replicas(2);
  const first = await leader();
  assert.notEqual(first, '');
  await kubectl([...inRelease, 'delete', 'pod', first, '--grace-period=0', '--force']);
  await kubectl(['apply', '-f', '-'], {
    input: JSON.stringify({ apiVersion: 'headrace.dev/v1alpha1', kind: 'SparkJob', metadata: { name: job }, spec: { application: { sql: 'SELECT 1 AS one' }, executor: { instances: 1 } } }),
  });
  await kubectl(['wait', '--for=condition=Complete', `sparkjob/${job}`, '--timeout=90s']);
  assert.notEqual(await eventually('there is a leader', async () => (await leader()) || undefined), first);
  assert.equal((await sparkJob(job)).status?.attempts?.number, 1);
  assert.equal((await podsOf(job, 'driver')).length, 1);
});
