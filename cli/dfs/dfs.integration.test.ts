/** Every command of `headrace dfs` and `headrace dfsadmin` against a file system of real processes in embedded mode. */
import { strict as assert } from 'node:assert';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { environment, port } from '../../engine/contract.ts';
import { systemClock } from '../../engine/core/clock.ts';
import { HdfsClient } from '../../engine/hdfs/client/hdfs-client.ts';
import { hdfsClusterType, type HdfsCluster } from '../../operator/api/hdfs-cluster.ts';
import { startEmbedded, type Embedded } from '../../operator/embedded/embedded.ts';
import { operateEmbedded } from '../../operator/embedded/main.ts';
import type { KubeObject } from '../../operator/kube/client.ts';
import { configMapType, podType, secretType, type Pod } from '../../operator/kube/resource-types.ts';
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

/** Something fails, and the rest goes on. */
async function partly(args: readonly string[], out: RegExp, err: RegExp): Promise<void> {
  const outcome = await dfs(args);
  assert.match(outcome.out, out);
  assert.match(outcome.err, err);
  assert.equal(outcome.code, 1);
}

test('what fails in a pattern or a directory does not hold up the rest', async () => {
  for (const name of ['1', '2', '4']) await says(['-put', '-', `/a/part-${name}`], /^$/, `${name}\n`);
  await says(['-mkdir', '/a/part-3'], /^$/);
  await partly(['-cat', '/a/part-*'], /^1\n2\n4\n$/, /^cat: `\/a\/part-3': Is a directory\n$/);
  await partly(['-checksum', '/a/none', '/a/part-[1-2]'], /^\/a\/part-1\t.*\n\/a\/part-2\t.*\n$/, /^checksum: `\/a\/none': No such file or directory\n$/);
  await says(['-cat', '/{a/part-4,nothing/x,a/part-2}'], /^4\n2\n$/);
  await says(['-ls', '-C', '-d', '/{a/part-1,nothing/x}'], /^\/a\/part-1\n$/);
  await fails(['-ls', '/a/[z-a]'], /^ls: `\[z-a\]': is not a pattern\n$/);
  // One name for many would leave the last of them only.
  await fails(['-mv', '/a/part-?', '/a/all'], /^mv: `\/a\/all': No such file or directory\n$/);
  await fails(['-mv', '/a/part-?', '/a/part-1'], /^mv: `\/a\/part-1': Is not a directory\n$/);
  await fails(['-mv', '/a/part-3', '/a/part-3'], /^mv: `\/a\/part-3' to `\/a\/part-3\/part-3': is a subdirectory of itself\n$/);
  await partly(['-rm', '-skipTrash', '/a/part-*'], /^Deleted \/a\/part-1\nDeleted \/a\/part-2\nDeleted \/a\/part-4\n$/, /^rm: `\/a\/part-3': Is a directory\n$/);
  await says(['-rm', '-r', '-skipTrash', '/a/part-3'], /^Deleted/);
});

test('a target that is written as a directory must be one', async () => {
  const local = join(home, 'small');
  writeFileSync(local, 'small');
  await fails(['-put', local, '/a/new/'], /^put: `\/a\/new\/': No such file or directory\n$/);
  await fails(['-put', local, '/a/words/'], /^put: `\/a\/words\/': Is not a directory\n$/);
  await fails(['-put', local], /^put: `\.': No such file or directory\n$/);
  await fails(['-get', '/a/words', `${join(home, 'none')}/`], /none\/': No such file or directory\n$/);
  await fails(['-get', '/a/words', join(home, 'none', 'x')], /^get: `.*none\/x': No such file or directory\n$/);
  await says(['-put', local, '/a/b/..'], /^$/);
  await says(['-cat', '/a/small'], /^small$/);
  await fails(['-put', local, '/a/{b,tree}'], /^put: `\/a\/\{b,tree\}': Too many matches\n$/);
  await says(['-rm', '-skipTrash', '--', '/a/small'], /^Deleted/);
});

test('a file that comes while another is on its way under the same name stays', async () => {
  const slow = async function* (): AsyncGenerator<Buffer> {
    yield Buffer.from('late');
    await says(['-put', '-', '/a/race'], /^$/, 'first');
    yield Buffer.from('late');
  };
  const client = new HdfsClient({ host: new URL(fs).hostname, port: port.nameNodeHttp, user: 'hdfs', clock: systemClock() });
  try {
    await client.create('/a/on-its-way', slow(), signal);
    await assert.rejects(client.rename('/a/on-its-way', '/a/race', signal, { overwrite: false }), { code: 'FileAlreadyExistsException' });
    await assert.rejects(client.create('/a/race', Readable.from([Buffer.from('x')]), signal, { overwrite: false }), { code: 'FileAlreadyExistsException' });
  } finally {
    await client.close();
  }
  await says(['-cat', '/a/race'], /^first$/);
  await says(['-rm', '-skipTrash', '/a/race', '/a/on-its-way'], /^Deleted/);
});

test('a source that breaks off or cannot be read leaves nothing, and is what the message is about', async () => {
  const broken = Readable.from((async function* () {
    yield Buffer.alloc(100_000);
    throw Object.assign(new Error('EIO: i/o error, read'), { syscall: 'read', code: 'EIO' });
  })());
  const outcome = await captured((streams) => dfsCommand(['--fs', fs, '--user', 'hdfs', '-put', '-', '/a/broken'], {}, { stdin: broken, ...streams }, signal));
  assert.deepEqual(outcome, { code: 1, out: '', err: 'put: EIO: i/o error, read\n' });
  const tree = join(home, 'mixed');
  mkdirSync(tree);
  writeFileSync(join(tree, 'a-good'), '1');
  symlinkSync(join(tree, 'nowhere'), join(tree, 'b-dangling'));
  writeFileSync(join(tree, 'c-good'), '3');
  await partly(['-put', tree, '/a'], /^$/, /^put: `.*b-dangling': No such file or directory\n$/);
  await says(['-ls', '-R', '-C', '/a'], /^(?!.*(broken|COPYING|dangling))[\s\S]*mixed\/a-good\n\/a\/mixed\/c-good\n/);
  await says(['-rm', '-r', '-skipTrash', '/a/mixed'], /^Deleted/);
});

test('what is there is described as Hadoop describes it', async () => {
  await says(['-stat', '%n %b %o %r %F %a %u:%g', '/a/words'], /^words 8 1048576 2 regular file 644 hdfs:supergroup\n$/);
  await says(['-stat', '%A', '/a'], /^rwxr-xr-x\n$/);
  await says(['-stat', '/a/words'], /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\n$/);
  await says(['-du', '-s', '/a/words'], /^8 {2}16 {2}\/a\/words\n$/);
  await says(['-du', '-h', '/a'], /2\.4 M +4\.8 M +\/a\/big\.bin/);
  await says(['-count', '/a/tree'], /^ {11}2 {12}1 {18}4 \/a\/tree\n$/);
  await says(['-du', '/a/b', '/a/words'], /^8 {2}16 {2}\/a\/words\n$/);
  await says(['-df', '/', '/a'], /^Filesystem.*\n(webhdfs.*\n){2}$/);
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
  // Warned of only when the other replica is still there at the first look.
  await says(['-setrep', '-w', '1', '/a/b'], /^Replication 1 set: \/a\/b\/words\nWaiting for \/a\/b\/words \.\.\.(\nWARNING: the waiting time may be long for DECREASING .*\n)?\.* done\n$/);
  await says(['-chmod', '600', '/a/b/words'], /^$/);
  await says(['-chown', 'ada:math', '/a/b/words'], /^$/);
  await says(['-stat', '%a %u:%g %r', '/a/b/words'], /^600 ada:math 1\n$/);
  await says(['-appendToFile', '-', '/a/b/words'], /^$/, 'three\n');
  await says(['-cat', '/a/b/words'], /^one\ntwo\nthree\n$/);
});

test('what one may not see is an error of its own, and the rest is told', async () => {
  await says(['-mkdir', '-p', '/a/deep/er/secret', '/a/deep/er/zoo'], /^$/);
  await says(['-put', '-', '/a/deep/er/secret/plan'], /^$/, 'plan');
  await says(['-chmod', '700', '/a/deep/er/secret'], /^$/);
  const asAda = (...args: readonly string[]): Promise<Outcome> => captured((streams) => dfsCommand(['--fs', fs, '--user', 'ada', ...args], {}, { stdin: Readable.from([]), ...streams }, signal));
  const listed = await asAda('-ls', '-R', '-C', '/a/deep');
  assert.deepEqual([listed.code, listed.out], [1, '/a/deep/er\n/a/deep/er/secret\n/a/deep/er/zoo\n']);
  assert.match(listed.err, /^ls: Permission denied: user=ada, access=READ_EXECUTE, inode="\/a\/deep\/er\/secret"[^\n]*\n$/);
  const into = join(home, 'deep');
  const fetched = await asAda('-get', '/a/deep', into);
  assert.deepEqual([fetched.code, readdirSync(join(into, 'er'))], [1, ['zoo']]);
  const denied = await asAda('-rm', '-r', '/a/deep/er/zoo');
  assert.deepEqual([denied.code, denied.out], [1, '']);
  assert.match(denied.err, /^rm: Permission denied: user=ada.*Consider using -skipTrash option\n$/);
  await says(['-rm', '-r', '-skipTrash', '/a/deep'], /^Deleted/);
});

test('what is deleted goes to the trash, or at once when asked to', async () => {
  await fails(['-rm', '/a/tree'], /^rm: `\/a\/tree': Is a directory\n$/);
  await says(['-rm', '-r', '/a/tree'], /^Moved: '.*\/a\/tree' to trash at: .*\/user\/hdfs\/\.Trash\/Current\/a\/tree\n$/);
  await says(['-cat', '.Trash/Current/a/tree/inner/leaf'], /^leaf$/);
  // What was out of sight is so in the trash too; homes are not.
  await says(['-stat', '%n %a', '/user', '/user/hdfs', '.Trash', '.Trash/Current', '.Trash/Current/a'], /^user 755\nhdfs 755\n\.Trash 700\nCurrent 700\na 700\n$/);
  await says(['-ls', '-C', '-d', '.Trash'], /^\.Trash\n$/);
  await says(['-ls', '-C'], /^\.Trash\n$/);
  await says(['-put', '-', '/a/tree'], /^$/, 'again');
  await says(['-rm', '/a/tree'], /^Moved: '.*\/a\/tree' to trash at: .*\/Current\/a\/tree\d{13}\n$/);
  await says(['-rm', '-r', '.Trash/Current/a/tree'], /^Deleted \.Trash\/Current\/a\/tree\n$/);
  await fails(['-rm', '-r', '/user/hdfs'], /^rm: `\/user\/hdfs': holds the trash/);
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

test('in a pod of the cluster its own file system and namenodes are meant, and its operator decides who goes', async () => {
  const pod = await embedded.client.get<Pod>(podType, 'default', 'store-nn-0', signal);
  const config = await embedded.client.get<KubeObject & { readonly data: Readonly<Record<string, string>> }>(configMapType, 'default', 'store-hdfs', signal);
  const files = { config: join(home, 'pod-hdfs.json'), hosts: join(home, 'pod-hosts.json') };
  writeFileSync(files.config, Object.values(config?.data ?? {})[0] ?? '');
  writeFileSync(files.hosts, JSON.stringify({ 'store.default.svc': pod?.status?.podIP, 'store-nn.default.svc': pod?.status?.podIP, ...JSON.parse(readFileSync(join(home, 'hosts.json'), 'utf8')) as object }));
  const env = { [environment.hdfsNodeName]: 'nn-0', [environment.hdfsConfigFile]: files.config, [environment.hostsFile]: files.hosts, [environment.secretFile]: secretFile, HADOOP_USER_NAME: 'hdfs' };
  const listed = await captured((streams) => dfsCommand(['-ls', '-C', '/', 'hdfs://store.default/a/b'], env, { stdin: Readable.from([]), ...streams }, signal));
  assert.deepEqual(listed, { code: 0, out: '/a\n/user\nhdfs://store.default/a/b/words\n', err: '' });
  const own = (...args: readonly string[]): Promise<Outcome> => captured((streams) => dfsAdminCommand(args, env, streams, signal));
  assert.match((await own('-report')).out, /dn-0 +Live/);
  assert.match((await own('--fs', 'hdfs://store.default', '-report')).out, /dn-0 +Live/);
  const refused = await own('-decommission', 'dn-1');
  assert.deepEqual([refused.code, refused.out], [1, '']);
  assert.match(refused.err, /the operator decides which datanodes of HdfsCluster default\/store are emptied.*spec\.dataNodes\.replicas/);
  await assert.rejects(own('--fs', 'https://store.default.svc', 'report'), (error) => error instanceof UsageError && /over HTTP only/.test(error.message));
  await assert.rejects(own('--secret-file', join(home, 'none'), 'report'), (error) => error instanceof UsageError && /name its file with --secret-file/.test(error.message));
});

test('what is no namenode is told from one', async () => {
  const server = createServer((_, response) => response.end('<html>hello</html>'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    const listed = await captured((streams) => dfsCommand(['--fs', address, '--user', 'ada', '-ls', '/'], {}, { stdin: Readable.from([]), ...streams }, signal));
    assert.deepEqual(listed, { code: 1, out: '', err: 'ls: the answer is not one of WebHDFS: <html>hello</html>\n' });
    const report = await captured((streams) => dfsAdminCommand(['--fs', address, '--secret-file', secretFile, 'report'], {}, streams, signal));
    assert.match(report.err, /^report: no active namenode answers \(127\.0\.0\.1: the answer is not one of a namenode/);
    assert.equal(report.code, 1);
  } finally {
    server.closeAllConnections();
    server.close();
  }
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
