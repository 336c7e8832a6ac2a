import { strict as assert } from 'node:assert';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { seededRandom } from '../core/random.ts';
import { diskContract } from './disk.contract.ts';
import { FileError } from './file-system.ts';
import { MemoryDisk } from './memory-disk.ts';
import { realDisk } from './real-disk.ts';

const folders: string[] = [];
after(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

diskContract('a real disk', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'headrace-disk-'));
  folders.push(folder);
  return realDisk(folder);
});
diskContract('a disk in memory', async () => new MemoryDisk());

test('a real disk is not left by its paths', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'headrace-disk-'));
  folders.push(folder);
  await assert.rejects((await realDisk(folder)).open('../out', 'write'), (error) => error instanceof FileError && error.code === 'NoPermission');
});

test('a crash keeps synced bytes of synced names, and nothing else is sure', async () => {
  const seen = new Set<string>();
  for (let seed = 0; seed < 200; seed += 1) {
    const disk = new MemoryDisk();
    const file = await disk.open('log', 'create');
    await file.write(Buffer.alloc(1000, 'a'), 0);
    await file.sync();
    await disk.syncDirectory('');
    await file.write(Buffer.alloc(2000, 'b'), 1000);
    await disk.open('young', 'create');
    disk.crash(seededRandom(seed));
    const again = await disk.open('log', 'read');
    const bytes = Buffer.alloc(await again.size());
    await again.read(bytes, 0);
    assert.equal(bytes.subarray(0, 1000).toString(), 'a'.repeat(1000));
    seen.add(bytes.length === 1000 ? 'lost' : bytes.length === 3000 && bytes.subarray(1000).every((byte) => byte === 98) ? 'kept' : 'torn');
    seen.add((await disk.stat('young')) === undefined ? 'name lost' : 'name kept');
    await assert.rejects(file.write(Buffer.alloc(1), 0), 'files of before the crash are dead');
  }
  assert.deepEqual([...seen].toSorted(), ['kept', 'lost', 'name kept', 'name lost', 'torn']);
});

test('a full disk refuses to grow a file and leaves it as it was', async () => {
  const disk = new MemoryDisk({ capacityBytes: 10 });
  const file = await disk.open('a', 'create');
  await file.write(Buffer.alloc(8), 0);
  await assert.rejects(file.write(Buffer.alloc(3), 8), (error) => error instanceof FileError && error.code === 'NoSpace');
  assert.equal(await file.size(), 8);
});
