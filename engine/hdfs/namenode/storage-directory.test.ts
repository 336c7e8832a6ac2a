import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryDisk } from '../../storage/memory-disk.ts';
import { claimDisk, markDisk, WrongDiskError, type DiskOwner } from './storage-directory.ts';

const owner: DiskOwner = { clusterId: 'CID-1', nameNode: 'nn-0', mayFormat: true, members: 1 };
const established = { ...owner, mayFormat: false };

async function formatted(): Promise<MemoryDisk> {
  const disk = new MemoryDisk();
  assert.equal(await claimDisk(disk, owner), 'formatted');
  return disk;
}

/** The reason must match. */
function refused(name: string, make: () => Promise<MemoryDisk>, as: DiskOwner, reason: RegExp): void {
  test(name, async () => {
    await assert.rejects(async () => claimDisk(await make(), as), (error: unknown) => error instanceof WrongDiskError && reason.test(error.message));
  });
}

test('an empty disk of a new cluster is formatted, once', async () => {
  const disk = await formatted();
  assert.equal(await claimDisk(disk, owner), 'kept');
  assert.equal(await claimDisk(disk, established), 'kept');
});

refused('a disk of another cluster is refused', formatted, { ...owner, clusterId: 'CID-2' }, /belongs to cluster CID-1, not to CID-2/);
refused('a disk of another namenode is refused', formatted, { ...owner, nameNode: 'nn-1' }, /belongs to namenode nn-0, not to nn-1/);
refused('an empty disk of the only namenode is refused once the cluster is formatted', async () => new MemoryDisk(), established, /has lost its disk/);
refused('a disk with other files is refused', async () => {
  const disk = new MemoryDisk();
  await (await disk.open('photos', 'create')).close();
  return disk;
}, owner, /neither empty nor a namenode's: it has photos/);
refused('a mark that is damaged is refused', async () => {
  const disk = await formatted();
  const file = await disk.open('cluster.json', 'write');
  await file.truncate(10);
  await file.close();
  return disk;
}, owner, /cannot be read/);

test('an empty disk of one among three is filled by the others, however often it is started before that is done', async () => {
  const disk = new MemoryDisk();
  const one = { ...established, members: 3 };
  assert.equal(await claimDisk(disk, one), 'replaced');
  assert.equal(await claimDisk(disk, one), 'replaced');
  await markDisk(disk, one, false);
  assert.equal(await claimDisk(disk, one), 'kept');
});
