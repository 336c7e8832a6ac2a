/** The process as the operator starts it: on a real disk, on an address of its own. */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { environment, hdfsExitCode, hdfsStatusSchema, httpPath, port, type HdfsConfig } from '../../contract.ts';
import { overviewPath } from './browse-page.ts';
import type { Overview } from './overview.ts';
import { testConfig } from './testdata/test-cluster.ts';

const secret = 'a secret of sufficient length';
const cli = fileURLToPath(new URL('../../../cli/main.ts', import.meta.url));
/** Not shared with other tests: the ports are fixed. */
const host = `127.44.${process.pid % 200 + 1}.${Math.floor(process.pid / 200) % 200 + 1}`;
const directory = await mkdtemp(join(tmpdir(), 'headrace-namenode-'));
after(() => rm(directory, { recursive: true, force: true }));

interface Started {
  readonly child: ChildProcess;
  /** Exit code, once it has ended. */
  readonly ended: Promise<number | null>;
}

async function start(config: Partial<HdfsConfig>, data: string): Promise<Started> {
  const files = { config: join(directory, 'hdfs.json'), secret: join(directory, 'secret') };
  await writeFile(files.config, JSON.stringify({ ...testConfig, nameNodes: [{ name: 'nn-0', host }], ...config }));
  await writeFile(files.secret, `${secret}\n`);
  const child = spawn(process.execPath, [cli, 'namenode'], {
    stdio: 'ignore',
    env: {
      ...process.env, [environment.hdfsConfigFile]: files.config, [environment.secretFile]: files.secret, [environment.hdfsNodeName]: 'nn-0',
      [environment.listenHost]: host, [environment.dataDirectories]: join(directory, data), [environment.terminationFile]: join(directory, 'termination'),
      NODE_TEST_CONTEXT: undefined,
    },
  });
  return { child, ended: once(child, 'exit').then(([code]) => code as number | null) };
}

const reason = async (): Promise<string> => (await readFile(join(directory, 'termination'), 'utf8')).trimEnd().split('\n').at(-1) ?? '';

async function ready(): Promise<void> {
  for (const deadline = Date.now() + 30_000; Date.now() < deadline;) {
    const answer = await fetch(`http://${host}:${port.nameNodeHttp}${httpPath.ready}`).catch(() => undefined);
    if (answer?.status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail('the namenode did not become ready');
}

test('a namenode formats its disk once, serves, stops when asked, and starts on nothing but its own disk', async () => {
  const first = await start({}, 'data');
  await ready();
  const answer = await fetch(`http://${host}:${port.nameNodeHttp}${httpPath.hdfsStatus}`, { headers: { authorization: `Bearer ${secret}` } });
  const status = hdfsStatusSchema.parse(await answer.json());
  assert.deepEqual([status.role, status.formatted, status.clusterId], ['active', true, 'CID-test']);
  const page = await fetch(`http://${host}:${port.nameNodeHttp}/`);
  assert.deepEqual([page.status, page.headers.get('content-type')], [200, 'text/html; charset=utf-8']);
  const overview = await (await fetch(`http://${host}:${port.nameNodeHttp}${overviewPath}?of=active`)).json() as Overview;
  assert.deepEqual([overview.role, overview.name, overview.clusterName], ['active', 'nn-0', testConfig.clusterName]);
  first.child.kill('SIGTERM');
  assert.equal(await first.ended, 0);

  const foreign = await start({ clusterId: 'CID-other' }, 'data');
  assert.equal(await foreign.ended, hdfsExitCode.wrongDisk);
  assert.match(await reason(), /belongs to group CID-test, not to CID-other/);

  const lost = await start({ mayFormat: false }, 'empty');
  assert.equal(await lost.ended, hdfsExitCode.wrongDisk);
  assert.match(await reason(), /its disk is lost/);

  const again = await start({ mayFormat: false }, 'data');
  await ready();
  again.child.kill('SIGTERM');
  assert.equal(await again.ended, 0);
});

test('a configuration that is wrong is named', async () => {
  const wrong = await start({ nameNodes: [{ name: 'nn-7', host }] }, 'other');
  assert.equal(await wrong.ended, hdfsExitCode.badConfiguration);
  assert.match(await reason(), /HEADRACE_HDFS_NODE_NAME is 'nn-0', which is none of the namenodes nn-7/);
});
