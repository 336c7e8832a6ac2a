import { strict as assert } from 'node:assert';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { crashAfter, faultyFileSystem } from './faulty.ts';
import { fileSystemContract } from './file-system.contract.ts';
import { FileError } from './file-system.ts';
import { memoryFileSystem } from './memory.ts';
import { applyMounts, resolvePath } from './path.ts';
import { realFileSystem } from './real.ts';

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
