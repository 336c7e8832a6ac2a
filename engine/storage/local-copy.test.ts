import { strict as assert } from 'node:assert';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import * as fc from 'fast-check';
import { FileError } from './file-system.ts';
import { readLineRange } from './line-range.ts';
import { coalesced, copyFile, copyPath, withStorePaths, type CopyPart } from './local-copy.ts';
import { memoryFileSystem } from './memory.ts';

const { signal } = new AbortController();
let directory: string;
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'headrace-copy-'));
});
after(() => rm(directory, { recursive: true }));

/** A store whose ranges come in chunks of `chunkBytes`. */
function store(text: string, chunkBytes: number): ReturnType<typeof memoryFileSystem> {
  const files = memoryFileSystem();
  const data = Buffer.from(text);
  files.readRange = async function* (_path, offset, length) {
    const part = data.subarray(offset, offset + length);
    for (let at = 0; at < part.length; at += chunkBytes) yield part.subarray(at, at + chunkBytes);
  };
  return files;
}

async function lines(text: string, from: number, to: number, chunkBytes = 3): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of readLineRange(store(text, chunkBytes), '/f', { from, to, fileBytes: text.length }, signal)) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

test('a line belongs to the part in which it begins', async () => {
  const text = 'one\ntwo\nthree';
  assert.equal(await lines(text, 0, 4), 'one\n');
  assert.equal(await lines(text, 0, 5), 'one\ntwo\n');
  assert.equal(await lines(text, 4, 5), 'two\n');
  assert.equal(await lines(text, 5, 8), '');
  assert.equal(await lines(text, 8, 9), 'three');
  assert.equal(await lines(text, 9, 13), '');
});

test('parts of any text, cut anywhere, are the text', async () => {
  await fc.assert(fc.asyncProperty(
    fc.stringMatching(/^[ab\n]{0,40}$/), fc.array(fc.nat(40), { maxLength: 5 }), fc.integer({ min: 1, max: 7 }),
    async (text, cuts, chunkBytes) => {
      const at = [0, ...cuts.map((cut) => Math.min(cut, text.length)).toSorted((a, b) => a - b), text.length];
      let all = '';
      for (let i = 1; i < at.length; i += 1) {
        const part = await lines(text, at[i - 1] ?? 0, at[i] ?? 0, chunkBytes);
        assert.ok(part === '' || part.endsWith('\n') || all.length + part.length === text.length, 'a line is cut');
        all += part;
      }
      assert.equal(all, text);
    }), { numRuns: 500 });
});

async function copy(text: string, part: CopyPart): Promise<string> {
  const files = memoryFileSystem();
  await files.write('/f', Buffer.from(text));
  const target = join(directory, 'copies/x');
  await copyFile(files, { path: '/f', fileBytes: text.length, version: (await files.stat('/f'))?.version ?? '', part }, target, signal);
  return await readFile(target, 'utf8');
}

test('a copy has the length of the file and the ranges asked for', async () => {
  const text = `${'a'.repeat(10)}${'b'.repeat(300_000)}${'c'.repeat(10)}`;
  const copied = await copy(text, { kind: 'ranges', ranges: [{ from: 300_010, to: 300_020 }, { from: 2, to: 4 }, { from: 7, to: 7 }] });
  assert.equal(copied.length, text.length);
  assert.equal(copied.slice(0, 10), '\0\0aa\0\0\0\0\0\0');
  assert.equal(copied.slice(-12), '\0\0cccccccccc');
  assert.equal(await copy(text, { kind: 'ranges', ranges: [{ from: 0, to: text.length }] }), text);
});

test('a copy of lines begins with lines to skip, unless they are in the file', async () => {
  assert.equal(await copy('head\na\nb\n', { kind: 'lines', from: 0, to: 6, headerLines: 1 }), 'head\na\n');
  assert.equal(await copy('head\na\nb\n', { kind: 'lines', from: 6, to: 9, headerLines: 1 }), '-\nb\n');
});

test('a file that was replaced, cut or removed is an error that names it', async () => {
  const files = memoryFileSystem();
  await files.write('/f', Buffer.from('0123456789'));
  const { version = '' } = await files.stat('/f') ?? {};
  const request = { path: '/f', fileBytes: 10, version, part: { kind: 'ranges', ranges: [{ from: 0, to: 10 }] } } as const;
  const changed = async (): Promise<void> => {
    await assert.rejects(copyFile(files, request, join(directory, 'y'), signal), (error) => error instanceof FileError && error.code === 'Changed' && error.message.includes('/f'));
  };
  await files.write('/f', Buffer.from('9876543210'));
  await changed();
  await files.write('/f', Buffer.from('98765'));
  await changed();
  await files.remove('/f');
  await assert.rejects(copyFile(files, request, join(directory, 'y'), signal), FileError);
});

test('ranges near to each other are read as one', () => {
  const ranges = [{ from: 50, to: 60 }, { from: 0, to: 10 }, { from: 12, to: 20 }, { from: 5, to: 5 }, { from: 15, to: 18 }];
  assert.deepEqual(coalesced(ranges, 2), [{ from: 0, to: 20 }, { from: 50, to: 60 }]);
  assert.deepEqual(coalesced(ranges, 100), [{ from: 0, to: 60 }]);
});

test('a copy keeps the path of its file, and messages about it name the file', () => {
  const path = copyPath('/scratch/x', 'hdfs://sales:9870/in/year=2001/a.parquet');
  assert.match(path, /\/year=2001\/a\.parquet$/);
  assert.equal(withStorePaths(`cannot read '${path}'`, '/scratch/x'), "cannot read 'hdfs://sales:9870/in/year=2001/a.parquet'");
});
