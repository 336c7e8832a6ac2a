/** The process as the operator starts it, beside a namenode, on an address of its own. */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { environment, hdfsExitCode, httpPath, port, type HdfsConfig } from '../../contract.ts';
import { testConfig } from './testdata/test-hdfs.ts';

const cli = fileURLToPath(new URL('../../../cli/main.ts', import.meta.url));
/** Not shared with other tests: the ports are fixed. */
const network = `127.45.${process.pid % 200 + 1}`;
const host = `${network}.1`;
const directory = await mkdtemp(join(tmpdir(), 'headrace-datanode-'));
const children: ChildProcess[] = [];
after(async () => {
  for (const child of children) child.kill('SIGKILL');
  await rm(directory, { recursive: true, force: true });
});

interface Started {
  readonly child: ChildProcess;
  /** Exit code, once it has ended. */
  readonly ended: Promise<number | null>;
}

async function start(role: 'namenode' | 'datanode', name: string, ip: string, config: Partial<HdfsConfig>, env: NodeJS.ProcessEnv): Promise<Started> {
  await mkdir(join(directory, name), { recursive: true });
  const files = { config: join(directory, name, 'hdfs.json'), secret: join(directory, name, 'secret') };
  await writeFile(files.config, JSON.stringify({ ...testConfig, nameNodes: [{ name: 'nn-0', host }], ...config }));
  await writeFile(files.secret, 'a secret of sufficient length\n');
  const child = spawn(process.execPath, [cli, role], {
    stdio: 'ignore',
    env: {
      ...process.env, [environment.hdfsConfigFile]: files.config, [environment.secretFile]: files.secret, [environment.hdfsNodeName]: name,
      [environment.listenHost]: ip, [environment.podIp]: ip, [environment.dataDirectories]: join(directory, name, 'data'),
      [environment.terminationFile]: join(directory, name, 'termination'), NODE_TEST_CONTEXT: undefined, ...env,
    },
  });
  children.push(child);
  return { child, ended: once(child, 'exit').then(([code]) => code as number | null) };
}

const reason = async (name: string): Promise<string> => (await readFile(join(directory, name, 'termination'), 'utf8')).trimEnd().split('\n').at(-1) ?? '';

async function answers(url: string, status: number): Promise<void> {
  let last: number | undefined;
  for (const deadline = Date.now() + 30_000; Date.now() < deadline;) {
    last = (await fetch(url).catch(() => undefined))?.status;
    if (last === status) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail(`${url} answers ${last ?? 'nothing'}, not ${status}`);
}

test('a datanode waits for its rack, becomes ready, stops when asked, and starts on nothing but its own disk', async () => {
  const nameNode = await start('namenode', 'nn-0', host, {}, {});
  const ip = `${network}.2`;
  const rackFile = join(directory, 'rack');
  await writeFile(rackFile, '');
  const url = `http://${ip}:${port.dataNodeHttp}`;
  const first = await start('datanode', 'dn-0', ip, {}, { [environment.rackFile]: rackFile });
  await answers(`${url}${httpPath.live}`, 200);
  await answers(`${url}${httpPath.ready}`, 503);
  await writeFile(rackFile, '/rack-1\n');
  await answers(`${url}${httpPath.ready}`, 200);
  first.child.kill('SIGTERM');
  assert.equal(await first.ended, 0);

  const foreign = await start('datanode', 'dn-0', ip, { clusterId: 'CID-other' }, {});
  assert.equal(await foreign.ended, hdfsExitCode.wrongDisk);
  assert.match(await reason('dn-0'), /belongs to cluster CID-test, not to CID-other/);

  const again = await start('datanode', 'dn-0', ip, {}, {});
  await answers(`${url}${httpPath.ready}`, 200);
  again.child.kill('SIGTERM');
  nameNode.child.kill('SIGTERM');
  assert.deepEqual([await again.ended, await nameNode.ended], [0, 0]);
});

test('without a disk that works a datanode ends and says so', async () => {
  const ip = `${network}.3`;
  await writeFile(join(directory, 'file'), '');
  const broken = await start('datanode', 'dn-1', ip, {}, { [environment.dataDirectories]: join(directory, 'file', 'data') });
  assert.equal(await broken.ended, hdfsExitCode.noDisk);
  assert.match(await reason('dn-1'), /none of the volumes .* can be used/);
});

test('a configuration that is wrong is named', async () => {
  const wrong = await start('datanode', 'dn-2', `${network}.4`, {}, { [environment.rack]: 'rack-1' });
  assert.equal(await wrong.ended, hdfsExitCode.badConfiguration);
  assert.match(await reason('dn-2'), /HEADRACE_RACK is 'rack-1', which is no rack/);
});
