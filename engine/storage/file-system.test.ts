import { strict as assert } from 'node:assert';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { crashAfter, faultyFileSystem } from './faulty.ts';
import { fileSystemContract } from './file-system.contract.ts';
import { FileError } from './file-system.ts';
import { memoryFileSystem } from './memory.ts';
import { applyMounts, joinPath, parseStorePath, resolvePath } from './path.ts';
import { realFileSystem } from './real.ts';
import { systemClock } from '../core/clock.ts';
import { openStores, storeAddress } from './stores.ts';
import { fakeWebHdfs, type FakeWebHdfs } from './testdata/fake-webhdfs.ts';

const directories: string[] = [];
after(async () => {
  await Promise.all(directories.map((each) => rm(each, { recursive: true, force: true })));
});
async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'headrace-storage-'));
  directories.push(directory);
  return directory;
}

fileSystemContract('memory', async () => {
  const files = memoryFileSystem();
  await files.makeDirectory('/root');
  return { files, root: '/root' };
});
fileSystemContract('real', async () => {
  const root = await temporaryDirectory();
  return { files: realFileSystem({ workingDirectory: root }), root };
});
fileSystemContract('real through a mount', async () => {
  const directory = await temporaryDirectory();
  return { files: realFileSystem({ workingDirectory: '/', mounts: { '/data/': directory, '/data2': '/nowhere' } }), root: '/data' };
});
fileSystemContract('faulty without faults', async () => {
  const files = faultyFileSystem(memoryFileSystem(), () => undefined);
  await files.makeDirectory('/root');
  return { files, root: '/root' };
});

const signal = new AbortController().signal;
const settings = { namespace: 'data', user: 'ada' };
let fake: FakeWebHdfs | undefined;
after(() => fake?.close());
let roots = 0;
fileSystemContract('hdfs', async () => {
  fake ??= await fakeWebHdfs({ blockBytes: 1000 });
  roots += 1;
  await fake.files.makeDirectory(`/root-${roots}`);
  const { files } = openStores(memoryFileSystem(), { settings, clock: systemClock(), signal });
  return { files, root: `hdfs://127.0.0.1:${fake.port}/root-${roots}` };
});

test('a read of a store goes on where its connection broke, and one that never ends well fails', async () => {
  const server = await fakeWebHdfs();
  try {
    await server.files.write('/a', Buffer.alloc(100_000, 'x'));
    const { files } = openStores(memoryFileSystem(), { settings, clock: { ...systemClock(), sleep: async () => {} }, signal });
    let cuts = 3;
    server.break = () => (cuts -= 1) >= 0;
    assert.equal((await files.read(`webhdfs://127.0.0.1:${server.port}/a`)).length, 100_000);
    server.break = () => true;
    await assert.rejects(files.read(`webhdfs://127.0.0.1:${server.port}/a`), /does not answer/);
  } finally {
    await server.close();
  }
});

test('stores are named by cluster, namespace and port', () => {
  const check = (uri: string, host: string, port: number): void => {
    const at = parseStorePath(uri);
    assert.ok(at !== undefined);
    assert.deepEqual(storeAddress(at.scheme, at.authority, settings), { host, port });
  };
  check('hdfs://sales/in', 'sales.data.svc', 9870);
  check('hdfs://sales:8020/in', 'sales.data.svc', 9870);
  check('hdfs://sales.other/in', 'sales.other.svc', 9870);
  check('hdfs://sales.other:1234/', 'sales.other.svc', 1234);
  check('hdfs://nn.example.org:8020/', 'nn.example.org', 9870);
  check('hdfs://localhost:1/', 'localhost', 1);
  check('hdfs://10.0.0.1/', '10.0.0.1', 9870);
  check('webhdfs://sales:8020/', 'sales', 8020);
  check('webhdfs://[::1]:9870/x', '::1', 9870);
  assert.throws(() => storeAddress('hdfs', 'a:b', settings), /is not NAME/);
  assert.throws(() => storeAddress('hdfs', 'user@host', settings), /is not NAME/);
  assert.throws(() => parseStorePath('hdfs:///x'), /names no host/);
});

test('paths of stores are joined without losing a slash', () => {
  assert.equal(joinPath('hdfs://a/b/', '../c', 'd'), 'hdfs://a/c/d');
  assert.equal(joinPath('hdfs://a', '../../c'), 'hdfs://a/c');
  assert.equal(joinPath('/a', 'b'), '/a/b');
});

test('a scheme that is not known is refused, and a move between stores too', async () => {
  const { files } = openStores(memoryFileSystem(), { settings, clock: systemClock(), signal });
  await assert.rejects(files.read('s3://bucket/key'), /the scheme 's3:' is not supported/);
  await assert.rejects(files.rename('/a', 'hdfs://a/b'), /different stores/);
});

test('a path resolves against the working directory', () => {
  const check = (path: string, expected: string): void => assert.equal(resolvePath(path, '/opt/headrace'), expected);
  check('examples/data/x.parquet', '/opt/headrace/examples/data/x.parquet');
  check('./a/../b/', '/opt/headrace/b');
  check('/a//b/', '/a/b');
  check('file:/a/b', '/a/b');
  check('file:///a/b', '/a/b');
  check('file://localhost/a', '/a');
  check('c:d', '/opt/headrace/c:d');
  assert.throws(() => resolvePath('file://other/a', '/'), /another host/);
  assert.throws(() => resolvePath('', '/'), /empty/);
});

test('the longest mount wins, and a mount holds whole path segments only', () => {
  const mounts = { '/data': '/real/data', '/data/out': '/real/out' };
  const check = (path: string, expected: string): void => assert.equal(applyMounts(path, mounts), expected);
  check('/data', '/real/data');
  check('/data/a', '/real/data/a');
  check('/data/out/a', '/real/out/a');
  check('/data/outer', '/real/data/outer');
  check('/database/a', '/database/a');
});

test('a crash lets the first operations through and fails all later ones without effect', async () => {
  const inner = memoryFileSystem();
  const files = faultyFileSystem(inner, crashAfter(1, new FileError('Io', '/', 'the disk is gone')));
  await files.write('/a', new Uint8Array(1));
  await assert.rejects(files.write('/b', new Uint8Array(1)), /the disk is gone/);
  await assert.rejects(files.stat('/a'), /the disk is gone/);
  assert.deepEqual((await inner.list('/')).map((each) => each.path), ['/a']);
});
