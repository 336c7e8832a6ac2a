/** Every command of `headrace dfs` and `headrace dfsadmin` against a file system of real processes in embedded mode. */
import { strict as assert } from 'node:assert';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { port } from '../../engine/contract.ts';
import { hdfsClusterType, type HdfsCluster } from '../../operator/api/hdfs-cluster.ts';
import { startEmbedded, type Embedded } from '../../operator/embedded/embedded.ts';
import { operateEmbedded } from '../../operator/embedded/main.ts';
import { podType, secretType, type Pod } from '../../operator/kube/resource-types.ts';
import { realClock } from '../../operator/runtime/clock.ts';
import { silentLogger } from '../../operator/runtime/logger.ts';
import { dfsAdminCommand } from '../dfsadmin/command.ts';
import { UsageError } from '../usage-error.ts';
import { dfsCommand } from './command.ts';

const { signal } = new AbortController();
const root = fileURLToPath(new URL('../..', import.meta.url));
const home = mkdtempSync(join(tmpdir(), 'headrace-dfs-'));
const resources = { requests: { cpu: '50m', memory: '256Mi' } };
const spec = { nameNode: { resources }, dataNodes: { replicas: 2, resources }, replication: 2, blockSize: '1Mi', trash: { intervalMinutes: 60 } };
let embedded: Embedded;
let fs = '';
const secretFile = join(home, 'cluster-secret');

before(async () => {
  embedded = await startEmbedded({ clock: realClock(), logger: silentLogger, runOperator: operateEmbedded, workingDirectory: root, home, env: process.env });
  await embedded.applyManifest(stringify({ apiVersion: hdfsClusterType.apiVersion, kind: 'HdfsCluster', metadata: { name: 'store' }, spec }), 'store', signal);
  const deadline = AbortSignal.timeout(60_000);
  for (;;) {
    const cluster = await embedded.client.get<HdfsCluster>(hdfsClusterType, 'default', 'store', signal);
    if (cluster?.status?.phase === 'Ready') break;
    await realClock().sleep(50, deadline);
  }
  const pod = await embedded.client.get<Pod>(podType, 'default', 'store-nn-0', signal);
  fs = `http://${pod?.status?.podIP}:${port.nameNodeHttp}`;
  const secret = await embedded.client.get<{ readonly metadata: object; readonly data: Readonly<Record<string, string>> } & Pod>(secretType, 'default', 'store-hdfs', signal);
  writeFileSync(secretFile, Buffer.from(Object.values(secret?.data ?? {})[0] ?? '', 'base64'));
});

after(async () => {
  await embedded.close();
  rmSync(home, { recursive: true, force: true });
});

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function captured(run: (streams: { readonly stdout: NodeJS.WriteStream; readonly stderr: NodeJS.WriteStream }) => Promise<number>): Promise<Outcome> {
  const text = { out: '', err: '' };
  const sink = (name: 'out' | 'err'): NodeJS.WriteStream => {
    const stream = new PassThrough();
    stream.on('data', (chunk) => {
      text[name] += String(chunk);
    });
    return stream as unknown as NodeJS.WriteStream;
  };
  const code = await run({ stdout: sink('out'), stderr: sink('err') });
  await realClock().sleep(1, signal);
  return { code, ...text };
}

const dfs = (args: readonly string[], stdin = ''): Promise<Outcome> => captured((streams) => dfsCommand(['--fs', fs, '--user', 'hdfs', ...args], {}, { stdin: Readable.from([Buffer.from(stdin)]), ...streams }, signal));
const admin = (...args: readonly string[]): Promise<Outcome> => captured((streams) => dfsAdminCommand(['--fs', fs, '--secret-file', secretFile, ...args], {}, streams, signal));

async function says(args: readonly string[], out: RegExp, stdin?: string): Promise<void> {
  const outcome = await dfs(args, stdin);
  assert.deepEqual({ ...outcome, out: out.test(outcome.out) ? '' : outcome.out }, { code: 0, out: '', err: '' }, args.join(' '));
}

async function fails(args: readonly string[], err: RegExp): Promise<void> {
  const outcome = await dfs(args);
  assert.match(outcome.err, err);
  assert.equal(outcome.code, 1);
}

test('directories are made, with parents when asked to', async () => {
  await fails(['-mkdir', '/a/b'], /^mkdir: `\/a': No such file or directory\n$/);
  await says(['-mkdir', '-p', '/a/b'], /^$/);
  await fails(['-mkdir', '/a'], /^mkdir: `\/a': File exists\n$/);
  await says(['-mkdir', '-p', '/a'], /^$/);
});

test('files go up, are listed and come back byte for byte', async () => {
  const local = join(home, 'big.bin');
  const body = randomBytes(2_500_000);
  writeFileSync(local, body);
  await says(['-put', local, '/a'], /^$/);
  await says(['-put', '-', '/a/words'], /^$/, 'one\ntwo\n');
  await fails(['-put', local, '/a/big.bin'], /^put: `\/a\/big.bin': File exists\n$/);
  await says(['-put', '-f', local, '/a/big.bin'], /^$/);
  await fails(['-put', local, '/nowhere/x'], /^put: `\/nowhere\/x': No such file or directory\n$/);
  await fails(['-put', join(home, 'missing'), '/a/x'], /^put: `.*missing': No such file or directory\n$/);
  await says(['-ls', '/a'], /^Found 3 items\ndrwxr-xr-x +- hdfs supergroup +0 \d{4}-\d\d-\d\d \d\d:\d\d \/a\/b\n-rw-r--r-- +2 hdfs supergroup +2500000 .* \/a\/big\.bin\n-rw-r--r-- +2 hdfs supergroup +8 .* \/a\/words\n$/);
  await says(['-ls', '-h', '/a/big.bin'], /^-rw-r--r-- +2 hdfs supergroup +2\.4 M .* \/a\/big\.bin\n$/);
  await says(['-ls', '-C', '/a/*or?s'], /^\/a\/words\n$/);
  await says(['-cat', '/a/words'], /^one\ntwo\n$/);
  const back = join(home, 'back.bin');
  await says(['-get', '/a/big.bin', back], /^$/);
  assert.ok(readFileSync(back).equals(body));
  await fails(['-get', '/a/big.bin', back], /^get: `.*back\.bin': File exists\n$/);
  assert.deepEqual(readdirSync(home).filter((name) => name.includes('COPYING')), []);
});

test('whole directories go up and come back', async () => {
  const tree = join(home, 'tree');
  mkdirSync(join(tree, 'inner'), { recursive: true });
  writeFileSync(join(tree, 'inner', 'leaf'), 'leaf');
  await says(['-put', tree, '/a'], /^$/);
  await says(['-ls', '-R', '-C', '/a/tree'], /^\/a\/tree\/inner\n\/a\/tree\/inner\/leaf\n$/);
  mkdirSync(join(home, 'fetched'));
  await says(['-get', '/a/tree', join(home, 'fetched')], /^$/);
  assert.equal(readFileSync(join(home, 'fetched/tree/inner/leaf'), 'utf8'), 'leaf');
});

test('what is there is described as Hadoop describes it', async () => {
  await says(['-stat', '%n %b %o %r %F %a %u:%g', '/a/words'], /^words 8 1048576 2 regular file 644 hdfs:supergroup\n$/);
  await says(['-stat', '/a/words'], /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\n$/);
  await says(['-du', '-s', '/a/words'], /^8 {2}16 {2}\/a\/words\n$/);
  await says(['-du', '-h', '/a'], /2\.4 M +4\.8 M +\/a\/big\.bin/);
  await says(['-count', '/a/tree'], /^ {11}2 {12}1 {18}4 \/a\/tree\n$/);
  await says(['-df'], /^Filesystem +Size +Used +Available +Use%\nwebhdfs:\/\/\S+ +\d+ +\d+ +\d+ +\d+%\n$/);
  await says(['-tail', '/a/words'], /^one\ntwo\n$/);
  await says(['-checksum', '/a/words'], /^\/a\/words\tMD5-of-0MD5-of-512CRC32C\t[0-9a-f]{56}\n$/);
  assert.equal((await dfs(['-test', '-d', '/a'])).code, 0);
  assert.equal((await dfs(['-test', '-z', '/a/words'])).code, 1);
  await fails(['-cat', '/a'], /^cat: `\/a': Is a directory\n$/);
  await fails(['-ls', '/nothing'], /^ls: `\/nothing': No such file or directory\n$/);
});

test('names, replicas, modes and owners are changed', async () => {
  await says(['-mv', '/a/words', '/a/b'], /^$/);
  await fails(['-mv', '/a/words', '/a/x'], /^mv: `\/a\/words': No such file or directory\n$/);
  await fails(['-mv', '/a/b/words', '/a/big.bin'], /^mv: `\/a\/big\.bin': File exists\n$/);
  await says(['-setrep', '-w', '1', '/a/b'], /^Replication 1 set: \/a\/b\/words\nWaiting for \/a\/b\/words \.\.\. done\n$/);
  await says(['-chmod', '600', '/a/b/words'], /^$/);
  await says(['-chown', 'ada:math', '/a/b/words'], /^$/);
  await says(['-stat', '%a %u:%g %r', '/a/b/words'], /^600 ada:math 1\n$/);
  await says(['-appendToFile', '-', '/a/b/words'], /^$/, 'three\n');
  await says(['-cat', '/a/b/words'], /^one\ntwo\nthree\n$/);
});

test('what is deleted goes to the trash, or at once when asked to', async () => {
  await fails(['-rm', '/a/tree'], /^rm: `\/a\/tree': Is a directory\n$/);
  await says(['-rm', '-r', '/a/tree'], /^Moved: '.*\/a\/tree' to trash at: .*\/user\/hdfs\/\.Trash\/Current\/a\/tree\n$/);
  await says(['-cat', '.Trash/Current/a/tree/inner/leaf'], /^leaf$/);
  await says(['-rm', '-skipTrash', '/a/big.bin'], /^Deleted \/a\/big\.bin\n$/);
  await fails(['-rm', '/a/big.bin'], /No such file or directory/);
  await says(['-rm', '-f', '/a/big.bin'], /^$/);
  await fails(['-rm', '-r', '-skipTrash', '/'], /the root directory cannot be deleted/);
});

test('an administrator sees datanodes, safe mode and the health of files', async () => {
  const report = await admin('report');
  assert.match(report.out, /Datanodes: +2 live, 0 decommissioning[\s\S]*dn-0 +Live[\s\S]*dn-1 +Live/);
  assert.match((await admin('-safemode', 'enter')).out, /^Safe mode is ON/);
  await fails(['-mkdir', '/later'], /safe ?mode/i);
  assert.equal((await admin('safemode', 'leave')).out, 'Safe mode is OFF\n');
  const fsck = await admin('fsck', '/a', '-files', '-blocks', '-locations');
  assert.match(fsck.out, /\/a\/b\/words 14 bytes, replication 1, 1 block\(s\): {2}OK\n0\. blk_\d+_\d+ len=14 healthy repl=1\/1 \[\/default-rack\/dn-\d[\s\S]*is healthy/);
  assert.equal(fsck.code, 0);
  assert.match((await admin('decommission', 'dn-7')).err, /there is no datanode 'dn-7'/);
  writeFileSync(join(home, 'wrong'), 'not the secret of this cluster');
  assert.match((await captured((streams) => dfsAdminCommand(['--fs', fs, '--secret-file', join(home, 'wrong'), 'report'], {}, streams, signal))).err, /Authorization/);
});

test('a wrong command line is refused with what would be right', async () => {
  const refuses = (args: readonly string[], says_: RegExp, env: Readonly<Record<string, string>> = {}): Promise<void> =>
    assert.rejects(captured((streams) => dfsCommand(args, env, { stdin: Readable.from([]), ...streams }, signal)), (error) => error instanceof UsageError && says_.test(error.message));
  await refuses(['-lss'], /there is no command '-lss'/);
  await refuses(['-ls', '-q', '/'], /-ls has no option -q/);
  await refuses(['-tail'], /-tail \[-f\] PATH/);
  await refuses(['-ls', '/'], /which file system\? Say --fs/);
  await refuses(['--fs', 'ftp://x', '-ls', '/'], /is not hdfs:\/\/NAME\.NAMESPACE/);
  await fails(['-ls', 'hdfs://other/x'], /hdfs:\/\/other\/x is not in webhdfs:\/\//);
});
