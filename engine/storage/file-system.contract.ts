/** What every FileSystem does. */
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { FileError, type FileSystem } from './file-system.ts';
import { joinPath } from './path.ts';

export interface FileSystemUnderTest {
  readonly files: FileSystem;
  /** An empty directory. */
  readonly root: string;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (data: Uint8Array): string => new TextDecoder().decode(data);

/** Registers the suite; `open` is called for each test. */
export function fileSystemContract(name: string, open: () => Promise<FileSystemUnderTest>): void {
  const check = (sentence: string, body: (files: FileSystem, at: (path: string) => string) => Promise<void>): void => {
    test(`${name}: ${sentence}`, async () => {
      const { files, root } = await open();
      await body(files, (path) => joinPath(root, path));
    });
  };
  const fails = async (code: FileError['code'], call: Promise<unknown>): Promise<void> => {
    await assert.rejects(call, (error: unknown) => {
      assert.ok(error instanceof FileError, String(error));
      assert.equal(error.code, code);
      return true;
    });
  };

  check('what is written is read back, listed and described', async (files, at) => {
    await files.write(at('b'), bytes('two'));
    await files.write(at('a'), bytes('one'));
    await files.makeDirectory(at('c/d'));
    assert.equal(text(await files.read(at('a'))), 'one');
    const listed = (await files.list(at('.'))).map((each) => [each.path.split('/').at(-1), each.kind, each.bytes]);
    assert.deepEqual(listed, [['a', 'file', 3], ['b', 'file', 3], ['c', 'directory', 0]]);
    assert.equal((await files.stat(at('c/d')))?.kind, 'directory');
    await files.sync(at('.'));
  });

  check('a write replaces the whole file and leaves nothing beside it', async (files, at) => {
    await files.write(at('a'), bytes('a long first version'));
    await files.write(at('a'), bytes('short'));
    assert.equal(text(await files.read(at('a'))), 'short');
    assert.equal((await files.list(at('.'))).length, 1);
  });

  check('nothing is undefined to stat and an error to read or list', async (files, at) => {
    assert.equal(await files.stat(at('none')), undefined);
    await files.write(at('a'), bytes(''));
    assert.equal(await files.stat(at('a/below')), undefined);
    await fails('NotFound', files.read(at('none')));
    await fails('NotFound', files.list(at('none')));
    await fails('NotDirectory', files.list(at('a')));
    await fails('IsDirectory', files.read(at('.')));
  });

  check('write and rename need the parent directory', async (files, at) => {
    await fails('NotFound', files.write(at('none/a'), bytes('')));
    await files.write(at('a'), bytes(''));
    await fails('NotFound', files.rename(at('a'), at('none/a')));
    await fails('NotFound', files.rename(at('none'), at('b')));
    await fails('NotDirectory', files.write(at('a/b'), bytes('')));
  });

  check('making a directory makes its parents and accepts one that is there', async (files, at) => {
    await files.makeDirectory(at('a/b/c'));
    await files.makeDirectory(at('a/b'));
    assert.equal((await files.stat(at('a/b/c')))?.kind, 'directory');
    await files.write(at('file'), bytes(''));
    await fails('Exists', files.makeDirectory(at('file')));
    await fails('NotDirectory', files.makeDirectory(at('file/below')));
  });

  check('a rename replaces a file, moves a directory with all in it, and refuses a directory as target', async (files, at) => {
    await files.write(at('a'), bytes('new'));
    await files.write(at('b'), bytes('old'));
    await files.rename(at('a'), at('b'));
    assert.equal(text(await files.read(at('b'))), 'new');
    assert.equal(await files.stat(at('a')), undefined);
    await files.makeDirectory(at('from/deep'));
    await files.write(at('from/deep/file'), bytes('x'));
    await files.rename(at('from'), at('to'));
    assert.equal(text(await files.read(at('to/deep/file'))), 'x');
    assert.equal(await files.stat(at('from')), undefined);
    await files.makeDirectory(at('empty'));
    await fails('Exists', files.rename(at('b'), at('empty')));
    await fails('Exists', files.rename(at('to'), at('empty')));
  });

  check('remove takes the tree away and accepts that nothing is there', async (files, at) => {
    await files.makeDirectory(at('a/b'));
    await files.write(at('a/b/c'), bytes('x'));
    await files.write(at('ab'), bytes('x'));
    await files.remove(at('a'));
    await files.remove(at('a'));
    assert.equal(await files.stat(at('a')), undefined);
    assert.ok(await files.stat(at('ab')));
  });

  check('a range is what lies there, and less at the end of the file', async (files, at) => {
    await files.write(at('a'), bytes('0123456789'));
    const range = async (offset: number, length: number): Promise<string> => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of files.readRange(at('a'), offset, length, new AbortController().signal)) chunks.push(chunk);
      return Buffer.concat(chunks).toString();
    };
    assert.deepEqual([await range(0, 4), await range(3, 3), await range(8, 10), await range(10, 5), await range(2, 0)], ['0123', '345', '89', '', '']);
    await fails('NotFound', (async () => {
      for await (const _ of files.readRange(at('none'), 0, 1, new AbortController().signal));
    })());
  });

  check('a stream becomes a file, and a replaced file has another version', async (files, at) => {
    const stream = async function* (...parts: readonly string[]): AsyncGenerator<Uint8Array> {
      for (const part of parts) yield bytes(part);
    };
    const { signal } = new AbortController();
    assert.equal(await files.writeStream(at('a'), stream('one', '', ' two'), signal), 7);
    assert.equal(text(await files.read(at('a'))), 'one two');
    const first = (await files.stat(at('a')))?.version;
    assert.equal((await files.stat(at('a')))?.version, first);
    assert.equal(await files.writeStream(at('a'), stream('two one'), signal), 7);
    assert.notEqual((await files.stat(at('a')))?.version, first);
    assert.equal(await files.writeStream(at('empty'), stream(), signal), 0);
    assert.equal((await files.stat(at('empty')))?.bytes, 0);
    await fails('NotFound', files.writeStream(at('none/a'), stream('x'), signal));
  });

  check('blocks cover the file in order', async (files, at) => {
    await files.write(at('a'), bytes('x'.repeat(2500)));
    const blocks = await files.blocks(at('a'), new AbortController().signal);
    let next = 0;
    for (const block of blocks) {
      assert.equal(block.offset, next);
      next += block.bytes;
    }
    assert.ok(blocks.length === 0 || next === 2500);
  });

  check('file: URIs are paths, other schemes are refused', async (files, at) => {
    if (!files.isLocal(at('x'))) return;
    await files.write(at('with space'), bytes('x'));
    assert.equal(text(await files.read(`file://${at('with%20space')}`)), 'x');
    assert.equal(files.toLocal(`file:${at('y')}`), files.toLocal(at('y')));
    await assert.rejects(async () => files.read('s3://bucket/key'), /the scheme 's3:' is not supported/);
  });
}
