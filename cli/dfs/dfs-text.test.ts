import { strict as assert } from 'node:assert';
import { after, test } from 'node:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environment } from '../../engine/contract.ts';
import { UsageError } from '../usage-error.ts';
import { humanBytes, listing, modeText, statText, table } from './format.ts';
import { expandBraces, hasPattern, patternOf } from './glob.ts';
import { childOf, locationOf, namesDirectory } from './location.ts';
import { targetOf, userOf } from './target.ts';
import { transferLine } from './transfer-bar.ts';

function checkPattern(pattern: string, matches: readonly string[], not: readonly string[]): void {
  test(`${pattern} means ${matches.join(', ')} and not ${not.join(', ')}`, () => {
    assert.ok(hasPattern(pattern));
    for (const name of matches) assert.match(name, patternOf(pattern));
    for (const name of not) assert.doesNotMatch(name, patternOf(pattern));
  });
}

checkPattern('part-*', ['part-', 'part-00000.parquet'], ['xpart-1', 'Part-1']);
checkPattern('a?c', ['abc', 'a.c'], ['ac', 'abbc']);
checkPattern('[a-c]1', ['a1', 'c1'], ['d1', '-1']);
checkPattern('[^a]x', ['bx'], ['ax', 'x']);
checkPattern('{2025,2026}-*', ['2025-1', '2026-'], ['2024-1', '{2025']);
checkPattern('a\\*', ['a*'], ['ab']);
checkPattern('x.[y', ['x.[y'], ['xa[y']);

checkPattern('?', ['ä', '🚀'], ['', 'ab']);
checkPattern('a-b*', ['a-b', 'a-bc'], ['ab']);

test('a pattern that means nothing is refused', () => assert.throws(() => patternOf('[z-a]'), /`\[z-a\]': is not a pattern/));

function checkBraces(path: string, ...paths: readonly string[]): void {
  test(`${path} stands for ${paths.join(', ')}`, () => assert.deepEqual(expandBraces(path), paths));
}

checkBraces('/a/{b/c,d}/e', '/a/b/c/e', '/a/d/e');
checkBraces('/{a/{b,c},d}', '/a/{b,c}', '/d');
checkBraces('/{a/{b/c,d},e}', '/a/b/c', '/a/d', '/e');
checkBraces('/{a,b}/c', '/{a,b}/c');
checkBraces('/{a,b}/{c/d,e}', '/{a,b}/c/d', '/{a,b}/e');
checkBraces('/a\\{b/c,d}', '/a\\{b/c,d}');
checkBraces('/a/{b/c', '/a/{b/c');

test('braces that stand for very many paths are refused', () => assert.throws(() => expandBraces('{a/b,c,d,e,f,g,h,i,j,k}/'.repeat(5)), /more than 10000 paths/));

test('what can be a directory only is told by how it is written', () => {
  assert.deepEqual(['x/', 'x/.', '..', '.', '/'].map(namesDirectory), [true, true, true, true, true]);
  assert.deepEqual(['x', 'x.', '/a/..b', '/a/x'].map(namesDirectory), [false, false, false, false]);
});

test('what is in the home directory is shown by its name alone', () => {
  assert.deepEqual(childOf(locationOf('.', 'hdfs://store.data', 'ada'), 'x'), { path: '/user/ada/x', shown: 'x' });
  assert.deepEqual(childOf(locationOf('/', 'hdfs://store.data', 'ada'), 'x'), { path: '/x', shown: '/x' });
});

test('paths are absolute, below the home directory, or URIs of the same file system', () => {
  const path = (typed: string): string => locationOf(typed, 'hdfs://store.data', 'ada').path;
  assert.equal(path('/a//b/'), '/a/b');
  assert.equal(path('x/../y'), '/user/ada/y');
  assert.equal(path('hdfs://store.data/z'), '/z');
  assert.throws(() => path('hdfs://other/z'), /is not in hdfs:\/\/store\.data/);
});

test('a file system is named by its cluster or by the address of its WebHDFS', () => {
  const target = (fs: string): unknown => {
    const { scheme, host, port, uri } = targetOf(fs, {});
    return [scheme, host, port, uri];
  };
  assert.deepEqual(target('hdfs://store.data'), ['http', 'store.data.svc', 9870, 'hdfs://store.data']);
  assert.deepEqual(target('http://10.0.0.1:9870/'), ['http', '10.0.0.1', 9870, 'webhdfs://10.0.0.1:9870']);
  assert.deepEqual(target('https://store.data.svc'), ['https', 'store.data.svc', 9871, 'webhdfs://store.data.svc']);
});

const directory = mkdtempSync(join(tmpdir(), 'headrace-target-'));
after(() => rmSync(directory, { recursive: true, force: true }));

/** As in a pod of an HdfsCluster. */
function podEnvironment(): Readonly<Record<string, string>> {
  const file = join(directory, 'hdfs.json');
  writeFileSync(file, JSON.stringify({
    clusterId: 'CID-1', clusterName: 'store', namespace: 'data', nameNodes: [0, 1, 2].map((i) => ({ name: `nn-${i}`, host: `store-nn-${i}.store-nn.data.svc` })), mayFormat: false,
    replication: 3, blockBytes: 1 << 27, blockBytesMin: 1 << 20, permissions: true, superuser: 'hdfs', supergroup: 'supergroup', umask: 0o022, trashIntervalMinutes: 0,
    trashCheckpointMinutes: 0, safeModeThreshold: 1, safeModeDatanodes: 0, deadAfterMs: 30_000, heartbeatMs: 3000, transferBandwidth: 1, tls: false,
  }));
  return { [environment.hdfsNodeName]: 'nn-0', [environment.hdfsConfigFile]: file };
}

test('what the command line says counts more than the environment, and that more than the pod', () => {
  const pod = podEnvironment();
  assert.equal(targetOf('hdfs://a.b', { ...pod, HEADRACE_FS: 'hdfs://c.d' }).host, 'a.b.svc');
  assert.equal(targetOf(undefined, { ...pod, HEADRACE_FS: 'hdfs://c.d' }).host, 'c.d.svc');
  const own = targetOf(undefined, { ...pod, HEADRACE_FS: '' });
  assert.deepEqual([own.host, own.port, own.uri, own.cluster?.nameNodes.length], ['store.data.svc', 9870, 'hdfs://store.data', 3]);
});

test('a target that cannot be is refused with what can be', () => {
  const refuses = (fs: string | undefined, env: Readonly<Record<string, string>>, says: RegExp): void => {
    assert.throws(() => targetOf(fs, env), (error) => error instanceof UsageError && says.test(error.message));
  };
  refuses(undefined, {}, /--fs hdfs:\/\/NAME\.NAMESPACE or --fs http:\/\/HOST:PORT, or set HEADRACE_FS; in the pods/);
  refuses('hdfs://a@b', {}, /is not NAME/);
  refuses('http://:x', {}, /is not HOST:PORT/);
  refuses('hdfs://a.b/x', {}, /is not hdfs:\/\/NAME\.NAMESPACE/);
  refuses(undefined, { [environment.hdfsNodeName]: 'nn-0', [environment.hdfsConfigFile]: join(directory, 'missing') }, /configuration of this pod's HdfsCluster cannot be read/);
});

test('only what is surely an HdfsCluster is taken for one', () => {
  const cluster = (fs: string): unknown => targetOf(fs, {}).cluster;
  assert.deepEqual(cluster('hdfs://store.data'), { name: 'store', namespace: 'data', nameNodes: [] });
  assert.deepEqual(cluster('hdfs://store'), { name: 'store', namespace: 'default', nameNodes: [] });
  assert.deepEqual([cluster('hdfs://10.0.0.1'), cluster('http://store.data.svc:9870')], [undefined, undefined]);
});

test('who asks is named, by the command line first, and must have a name', () => {
  assert.equal(userOf('ada', { HADOOP_USER_NAME: 'bob' }), 'ada');
  assert.equal(userOf(undefined, { HADOOP_USER_NAME: 'bob' }), 'bob');
  assert.equal(userOf(undefined, {}, () => 'eve'), 'eve');
  const nameless = (): string => {
    throw new Error('uid 1000660000 is not known');
  };
  assert.throws(() => userOf(undefined, {}, nameless), (error) => error instanceof UsageError && /say --user NAME, or set HADOOP_USER_NAME/.test(error.message));
});

test('columns are as wide as their widest cell, numbers to the right where asked for', () => {
  assert.deepEqual(table([['1', '200', '/a'], ['30', '4', '/b']]), ['1   200  /a', '30  4    /b']);
  assert.deepEqual(table([['Name', 'Size'], ['x', '12345']], [1]), ['Name   Size', 'x     12345']);
});

test('a format is filled in as Hadoop fills it in', () => {
  const status = { name: '', kind: 'directory', bytes: 0, modifiedMs: 1000, accessedMs: 0, fileId: 0, blockBytes: 0, replication: 0, owner: 'ada', group: 'math', permission: 0o1755 } as const;
  const check = (format: string, text: string): void => assert.equal(statText(format, { path: '/a/b', shown: '.', status }), text);
  check('%n %A %a %F', 'b rwxr-xr-t 1755 directory');
  check('%y|%Y', '1970-01-01 00:00:01|1000');
  check('100%% %q %', '100% q ');
});

test('a listing has the columns of its widest entries', () => {
  const at = (owner: string, bytes: number): Parameters<typeof listing>[0][number] => ({
    path: '/x', shown: '/x',
    status: { name: 'x', kind: 'file', bytes, modifiedMs: 0, accessedMs: 0, fileId: 0, blockBytes: 0, replication: 3, owner, group: 'g', permission: 0o644 },
  });
  const [first = '', second = ''] = listing([at('ada', 1), at('babbage', 12_345_678_901)], false);
  assert.match(first, /^-rw-r--r-- {3}3 ada     g           1 \d{4}-\d\d-\d\d \d\d:\d\d \/x$/);
  assert.match(second, /^-rw-r--r-- {3}3 babbage g 12345678901 /);
});

test('amounts, modes and progress are told as people read them', () => {
  assert.deepEqual([0, 1023, 1024, 1536, 3 * 2 ** 30, 2 ** 20 - 1, 2 ** 40 - 1, 2 ** 60].map(humanBytes), ['0', '1023', '1 K', '1.5 K', '3 G', '1.0 M', '1.0 T', '1 E']);
  const status = { name: '', bytes: 0, modifiedMs: 0, accessedMs: 0, fileId: 0, blockBytes: 0, replication: 0, owner: '', group: '' };
  assert.equal(modeText({ ...status, kind: 'directory', permission: 0o1777 }), 'drwxrwxrwt');
  assert.equal(modeText({ ...status, kind: 'file', permission: 0o640 }), '-rw-r-----');
  assert.equal(transferLine('big.bin', 50, 100, 1000, 80), 'big.bin  [############············]  50 %  50  50/s');
  assert.equal(transferLine('-', 2048, undefined, 1000, 80), '-  2 K  2 K/s');
  assert.ok(transferLine('a'.repeat(200), 1, 2, 1000, 80).length < 80);
});
