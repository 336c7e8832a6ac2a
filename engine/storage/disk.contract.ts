/** What every `Disk` does. */
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import type { Disk } from './disk.ts';
import { FileError } from './file-system.ts';

export function diskContract(name: string, make: () => Promise<Disk>): void {
  const on = (title: string, body: (disk: Disk) => Promise<void>): void => {
    test(`${name}: ${title}`, async () => body(await make()));
  };
  const rejects = (call: Promise<unknown>, code: FileError['code']): Promise<void> =>
    assert.rejects(call, (error) => error instanceof FileError && error.code === code);
  const read = async (disk: Disk, path: string): Promise<string> => {
    const file = await disk.open(path, 'read');
    const bytes = Buffer.alloc(await file.size());
    assert.equal(await file.read(bytes, 0), bytes.length);
    await file.close();
    return bytes.toString();
  };
  const write = async (disk: Disk, path: string, text: string): Promise<void> => {
    const file = await disk.open(path, 'write');
    await file.write(Buffer.from(text), 0);
    await file.sync();
    await file.close();
  };

  on('what is written at a place is read there, and past the end there is nothing', async (disk) => {
    const file = await disk.open('log', 'create');
    await file.write(Buffer.from('hello world'), 0);
    await file.write(Buffer.from('W'), 6);
    await file.write(Buffer.from('!'), 20);
    const target = Buffer.alloc(32, 1);
    assert.equal(await file.read(target, 6), 15);
    assert.equal(target.subarray(0, 5).toString(), 'World');
    assert.deepEqual([...target.subarray(5, 14)], Array.from({ length: 9 }, () => 0));
    assert.equal(await file.read(target, 21), 0);
    assert.equal(await file.size(), 21);
    await file.close();
  });
  on('a file is cut and grown', async (disk) => {
    await write(disk, 'a', 'abcdef');
    const file = await disk.open('a', 'write');
    await file.truncate(3);
    await file.truncate(5);
    await file.close();
    assert.equal(await read(disk, 'a'), 'abc\0\0');
  });
  on('opening says what is missing and what is there already', async (disk) => {
    await rejects(disk.open('a', 'read'), 'NotFound');
    await rejects(disk.open('no/a', 'write'), 'NotFound');
    await write(disk, 'a', 'x');
    await rejects(disk.open('a', 'create'), 'Exists');
    await write(disk, 'a', 'y');
    assert.equal(await read(disk, 'a'), 'y');
  });
  on('directories are made with their parents, listed in order, and removed with all in them', async (disk) => {
    await disk.makeDirectory('x/y');
    await disk.makeDirectory('x/y');
    await write(disk, 'x/b', '12');
    await write(disk, 'x/a', '1');
    assert.deepEqual(await disk.list('x'), [
      { name: 'a', kind: 'file', bytes: 1 }, { name: 'b', kind: 'file', bytes: 2 }, { name: 'y', kind: 'directory', bytes: 0 },
    ]);
    assert.deepEqual(await disk.list('nowhere'), []);
    assert.deepEqual(await disk.stat('x/b'), { name: 'b', kind: 'file', bytes: 2 });
    await disk.remove('x');
    await disk.remove('x');
    assert.equal(await disk.stat('x'), undefined);
    assert.equal(await disk.stat('x/b'), undefined);
  });
  on('renaming replaces a file, and moves a directory with what is in it', async (disk) => {
    await write(disk, 'new', 'n');
    await write(disk, 'old', 'o');
    await disk.rename('new', 'old');
    assert.equal(await read(disk, 'old'), 'n');
    assert.equal(await disk.stat('new'), undefined);
    await disk.makeDirectory('d/e');
    await write(disk, 'd/e/f', 'f');
    await disk.rename('d', 'g');
    assert.equal(await read(disk, 'g/e/f'), 'f');
    await rejects(disk.rename('nothing', 'x'), 'NotFound');
  });
  on('directories can be synced, and space is told', async (disk) => {
    await disk.makeDirectory('d');
    await disk.syncDirectory('d');
    await disk.syncDirectory('');
    const { capacityBytes, freeBytes } = await disk.space();
    assert.ok(capacityBytes >= freeBytes && freeBytes > 0);
  });
}
