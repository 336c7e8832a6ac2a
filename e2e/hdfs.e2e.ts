/** Story: a file system loses a datanode, its active namenode and a disk, is scaled and filled up, and never a file that it has acknowledged. */
import { strict as assert } from 'node:assert';
import { after, before, test } from 'node:test';
import { clientPod, ensureClient, hdfs, inClient, podsOfHdfs, removeHdfs, untilWhole } from './hdfs-cluster.ts';
import { condition, ensureNamespace, eventually, kubectl } from './kubectl.ts';

const name = 'store';
const tiny = 'tiny';
const origin = `http://${name}:9870`;
const image = process.env['HEADRACE_E2E_IMAGE'] ?? 'headrace.local/headrace:dev';
const small = { requests: { cpu: '50m', memory: '256Mi' } };

/** Of every file whose writing was acknowledged, over all stories. */
const digests: Record<string, string> = {};

function manifest(cluster: string, spec: object): string {
  return JSON.stringify({ apiVersion: 'headrace.dev/v1alpha1', kind: 'HdfsCluster', metadata: { name: cluster }, spec });
}

interface Written {
  readonly written: Readonly<Record<string, string>>;
  readonly longestGapMs: number;
}

/** Writes for some seconds while `meanwhile` does its worst. */
async function underLoad(directory: string, seconds: number, meanwhile: () => Promise<unknown>): Promise<Written> {
  const load = inClient<Written>({ kind: 'write', origin, directory, seconds, writers: 4, bytes: 300_000 });
  const [result] = await Promise.all([load, meanwhile()]);
  Object.assign(digests, result.written);
  return result;
}

async function everythingReadsBack(): Promise<void> {
  assert.ok(Object.keys(digests).length > 0);
  const { wrong } = await inClient<{ readonly wrong: readonly string[] }>({ kind: 'read', origin, expected: digests });
  assert.deepEqual(wrong, [], 'files that do not read back as they were written');
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const kill = (pod: string): Promise<string> => kubectl(['delete', 'pod', pod, '--grace-period=0', '--force']);

before(async () => {
  await ensureNamespace();
  for (const each of [name, tiny]) await removeHdfs(each);
  await ensureClient(image);
});
after(async () => {
  for (const each of [name, tiny]) await removeHdfs(each);
  await kubectl(['delete', 'pod', clientPod, '--ignore-not-found', '--grace-period=1', '--wait=false']);
});

test('three namenodes and three datanodes come up, and files are written and read', async () => {
  await kubectl(['apply', '-f', '-'], {
    input: manifest(name, { nameNode: { replicas: 3, storage: { size: '1Gi' }, resources: small }, dataNodes: { replicas: 3, storage: { size: '1Gi' }, resources: small }, replication: 2, blockSize: '1Mi' }),
  });
  await kubectl(['wait', '--for=condition=Ready', `hdfscluster/${name}`, '--timeout=90s'], { timeoutMs: 100_000 });
  const { status } = await hdfs(name);
  assert.deepEqual(status?.nameNodes?.map((each) => each.role).toSorted(), ['active', 'standby', 'standby']);
  const [header, row] = (await kubectl(['get', 'hdfs', name])).split('\n');
  assert.match(header ?? '', /^NAME +PHASE +DATANODES +CAPACITY +USED +AGE/);
  assert.match(row ?? '', /^store +Ready +3\/3 +\S+ +\S+ +/);
  await underLoad('/quiet', 3, async () => undefined);
  await everythingReadsBack();
});

test('a datanode killed under write load loses nothing', async () => {
  await underLoad('/datanode-killed', 8, async () => {
    await pause(2000);
    await kill(`${name}-dn-1`);
  });
  await untilWhole(name);
  await everythingReadsBack();
});

test('the active namenode killed under write load loses nothing, and writers go on within seconds', async () => {
  const active = (await hdfs(name)).status?.nameNodes?.find((each) => each.role === 'active')?.name ?? '';
  const { longestGapMs } = await underLoad('/namenode-killed', 12, async () => {
    await pause(2000);
    await kill(`${name}-${active}`);
  });
  assert.ok(longestGapMs < 10_000, `nothing was written for ${longestGapMs} ms`);
  await untilWhole(name);
  await everythingReadsBack();
});

test('a datanode whose claim is deleted comes back on an empty disk and is filled', async () => {
  const claim = `${name}-dn-0-data-0`;
  const uid = async (): Promise<string> => kubectl(['get', 'persistentvolumeclaim', claim, '-o', 'jsonpath={.metadata.uid}', '--ignore-not-found']);
  const before = await uid();
  await kubectl(['delete', 'persistentvolumeclaim', claim, '--wait=false']);
  await eventually('the datanode has another claim', async () => {
    const now = await uid();
    return now !== '' && now !== before ? true : undefined;
  }, 90_000).catch(async (error: unknown) => {
    throw new Error(`${String(error)}: ${JSON.stringify((await hdfs(name)).status)}`);
  });
  await untilWhole(name);
  await everythingReadsBack();
});

test('kubectl scale to five and back to three loses nothing, also under load', async () => {
  await kubectl(['scale', 'hdfscluster', name, '--replicas=5']);
  await untilWhole(name);
  assert.equal((await podsOfHdfs(name, 'datanode')).length, 5);
  await underLoad('/scaled', 6, async () => {
    await pause(1000);
    await kubectl(['scale', 'hdfscluster', name, '--replicas=3']);
  });
  await untilWhole(name);
  await eventually('two are gone', async () => ((await podsOfHdfs(name, 'datanode')).length === 3 ? true : undefined));
  await everythingReadsBack();
});

test('an edit restarts everything one by one while files are written', async () => {
  const before = new Set((await podsOfHdfs(name)).map((pod) => pod.metadata.uid));
  await underLoad('/restarted', 10, () => kubectl(['patch', 'hdfscluster', name, '--type=merge', '--patch', JSON.stringify({ spec: { trash: { intervalMinutes: 60 } } })]));
  await untilWhole(name, 150_000);
  assert.deepEqual((await podsOfHdfs(name)).filter((pod) => before.has(pod.metadata.uid)), [], 'pods from before the edit');
  await everythingReadsBack();
});

test('a full disk refuses writes cleanly, keeps what it has, and takes writes again when there is room', async () => {
  // A disk in memory: the only kind whose size is kept to by every cluster that tests run on.
  const podTemplate = { spec: { volumes: [{ name: 'data-0', emptyDir: { medium: 'Memory', sizeLimit: '48Mi' } }] } };
  await kubectl(['apply', '-f', '-'], {
    input: manifest(tiny, { nameNode: { storage: { size: '1Gi' }, resources: small }, dataNodes: { replicas: 1, storage: { size: '48Mi' }, resources: small, podTemplate }, replication: 1, blockSize: '1Mi' }),
  });
  await kubectl(['wait', '--for=condition=Ready', `hdfscluster/${tiny}`, '--timeout=60s']);
  const full = { kind: 'fill', origin: `http://${tiny}:9870`, directory: '/full', bytes: 4_000_000 };
  const { written, refusal } = await inClient<{ readonly written: Readonly<Record<string, string>>; readonly refusal: string }>(full);
  assert.match(refusal, /^40[03] .*"RemoteException"/, 'a refusal that clients understand');
  const { wrong } = await inClient<{ readonly wrong: readonly string[] }>({ kind: 'read', origin: full.origin, expected: written });
  assert.deepEqual(wrong, []);
  assert.equal(condition(await hdfs(tiny) as never, 'Available')?.status, 'True');
  await inClient({ kind: 'delete', origin: full.origin, directory: '/full' });
  const again = await inClient<Written>({ kind: 'write', origin: full.origin, directory: '/again', seconds: 1, writers: 1, bytes: 1_000_000 });
  assert.ok(Object.keys(again.written).length > 0);
});

test('deleting the cluster keeps its claims, and one of the same name has all its files', async () => {
  const { status } = await hdfs(name);
  await kubectl(['delete', 'hdfscluster', name, '--timeout=60s']);
  assert.deepEqual(await podsOfHdfs(name), []);
  await kubectl(['apply', '-f', '-'], {
    input: manifest(name, { nameNode: { replicas: 3, storage: { size: '1Gi' }, resources: small }, dataNodes: { replicas: 3, storage: { size: '1Gi' }, resources: small }, replication: 2, blockSize: '1Mi' }),
  });
  await untilWhole(name);
  assert.equal((await hdfs(name)).status?.clusterId, status?.clusterId);
  await everythingReadsBack();
});
