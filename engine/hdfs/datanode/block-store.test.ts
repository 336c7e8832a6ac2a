import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ManualClock } from '../../core/clock.ts';
import { silentLogger } from '../../core/logger.ts';
import { seededRandom } from '../../core/random.ts';
import type { Disk } from '../../storage/disk.ts';
import { FileError } from '../../storage/file-system.ts';
import { MemoryDisk } from '../../storage/memory-disk.ts';
import { realDisk } from '../../storage/real-disk.ts';
import type { Packet, WriteStage } from '../block-transfer.ts';
import { firstBlockId, type Block } from '../model.ts';
import { BlockStore, type BlockStoreOptions, type ReplicaChange } from './block-store.ts';
import { checksumsOf, chunkStart } from './chunk-checksums.ts';
import { ReplicaError, type ReplicaErrorCode } from './replica-error.ts';
import { dataPath } from './replica-path.ts';
import type { ReplicaWriter } from './replica-writer.ts';
import { WrongDiskError } from './volume-identity.ts';
import { NoDiskError } from './volume-set.ts';

const id = firstBlockId;
const content = Buffer.from(seededRandom(7).bytes(5000));

async function open(disks: readonly Disk[], options: Partial<BlockStoreOptions> = {}): Promise<BlockStore> {
  return BlockStore.open({
    disks: disks.map((disk, index) => ({ label: `disk-${index}`, disk })), clusterId: 'CID-1', clock: new ManualClock(), random: seededRandom(1), logger: silentLogger,
    blockBytes: 1024 * 1024, reserveBytes: 0, onFailure: () => {}, ...options,
  });
}

/** Packets of `content` from where the writer stands up to `to`. */
async function write(store: BlockStore, writer: ReplicaWriter, to: number, durability: Packet['durability'] = 'none', step = 700): Promise<void> {
  while (writer.replica.bytes < to) {
    const offset = chunkStart(writer.replica.bytes);
    const data = content.subarray(offset, Math.min(to, writer.replica.bytes + step));
    await store.write(writer, { blockId: writer.replica.id, generationStamp: writer.replica.generationStamp, offset, data, checksums: checksumsOf(data), durability });
  }
}

const begin = (store: BlockStore, block: Block, stage: WriteStage = 'create'): Promise<ReplicaWriter> => store.openWriter({ stage, block });
const version = (generationStamp: number, bytes: number): Block => ({ id, generationStamp, bytes });

async function put(store: BlockStore, block: Block): Promise<void> {
  const writer = await begin(store, { ...block, bytes: 0 });
  await write(store, writer, block.bytes);
  await store.finalize(block);
}

const rejects = (call: Promise<unknown>, code: ReplicaErrorCode): Promise<void> => assert.rejects(call, (error) => error instanceof ReplicaError && error.code === code);

async function check(store: BlockStore, block: Block): Promise<void> {
  assert.deepEqual(Buffer.from(await store.read(block, 0, block.bytes + 1)), content.subarray(0, block.bytes));
}

test('a block is written, made final, read in ranges, and is there after a restart, on a real disk', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'headrace-store-'));
  try {
    const disk = await realDisk(directory);
    const store = await open([disk]);
    await put(store, version(1, 3000));
    await check(store, version(1, 3000));
    assert.deepEqual(Buffer.from(await store.read(version(1, 3000), 700, 900)), content.subarray(700, 1600));
    assert.equal((await store.read(version(1, 3000), 3000, 10)).length, 0);
    await store.close();
    const again = await open([disk]);
    assert.equal(again.uuid, store.uuid);
    assert.deepEqual(again.reports(again.volumes.volumes[0]?.id ?? ''), [{ ...version(1, 3000), state: 'Finalized' }]);
    await check(again, version(1, 3000));
    await again.close();
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});

test('readers of a block that is being written see what is acknowledged, and no more', async () => {
  const store = await open([new MemoryDisk()]);
  const writer = await begin(store, version(1, 0));
  await write(store, writer, 1300);
  assert.equal((await store.read(version(1, 0), 0, 5000)).length, 0);
  writer.replica.visibleBytes = 1000;
  assert.deepEqual(Buffer.from(await store.read(version(1, 0), 900, 5000)), content.subarray(900, 1000));
  await store.close();
});

test('a stopped write is found again as waiting to be recovered, and goes on under a new stamp', async () => {
  const disk = new MemoryDisk();
  const store = await open([disk]);
  await write(store, await begin(store, version(1, 0)), 1300);
  await store.close();
  const again = await open([disk]);
  assert.deepEqual(again.get(id)?.report, { ...version(1, 1300), state: 'WaitingToBeRecovered' });
  await rejects(again.read(version(1, 1300), 0, 1), 'ReplicaNotFound');
  await write(again, await begin(again, version(2, 1100), 'resume'), 2000);
  await again.finalize(version(2, 2000));
  await check(again, version(2, 2000));
  await rejects(begin(again, version(1, 2000), 'resume'), 'ReplicaConflict');
  await again.close();
});

test('a final block is appended to from within a chunk, and its old version is gone', async () => {
  const disk = new MemoryDisk();
  const store = await open([disk]);
  await put(store, version(1, 700));
  await rejects(begin(store, version(2, 600), 'append'), 'ReplicaConflict');
  await write(store, await begin(store, version(2, 700), 'append'), 1500);
  await check(store, { ...version(2, 700) });
  await store.finalize(version(2, 1500));
  await check(store, version(2, 1500));
  await rejects(store.read(version(3, 1500), 0, 1), 'ReplicaNotFound');
  await store.close();
  const again = await open([disk]);
  await check(again, version(2, 1500));
  await again.close();
});

test('recovery stops the writer, cuts to the length agreed on, and makes the block final', async () => {
  const store = await open([new MemoryDisk()]);
  const writer = await begin(store, version(1, 0));
  await write(store, writer, 1300);
  assert.deepEqual(await store.initReplicaRecovery(version(1, 0), 5), { block: version(1, 1300), state: 'BeingWritten' });
  await rejects(write(store, writer, 1400), 'ReplicaConflict');
  await rejects(begin(store, version(4, 1300), 'resume'), 'ReplicaConflict');
  await rejects(store.updateReplica(version(1, 0), 4, 1000), 'ReplicaConflict');
  await store.updateReplica(version(1, 0), 5, 1000);
  await store.updateReplica(version(1, 0), 5, 1000);
  assert.deepEqual(store.get(id)?.report, { ...version(5, 1000), state: 'Finalized' });
  await check(store, version(5, 1000));
  assert.equal(await store.initReplicaRecovery(version(5, 1000), 5), undefined);
  assert.equal(await store.initReplicaRecovery({ ...version(1, 0), id: id + 1 }, 5), undefined);
  await store.close();
});

test('removed blocks are gone for readers at once and from the disk soon; a newer version stays', async () => {
  const disk = new MemoryDisk();
  const store = await open([disk]);
  const changes: ReplicaChange[] = [];
  await put(store, version(2, 700));
  store.onChange = (change) => changes.push(change);
  await store.invalidate([version(1, 700)]);
  await check(store, version(2, 700));
  await store.invalidate([version(2, 700)]);
  await rejects(store.read(version(2, 700), 0, 1), 'ReplicaNotFound');
  while (changes.length === 0) await new Promise(setImmediate);
  await store.close();
  assert.deepEqual(changes, [{ deleted: id }]);
  assert.equal(await disk.stat(dataPath(id)), undefined);
  assert.equal(store.volumes.volumes[0]?.usedBytes, 0);
});

test('a rotten sector is found by whoever reads it', async () => {
  const disk = new MemoryDisk();
  const store = await open([disk]);
  const corrupt: Block[] = [];
  store.onCorrupt = (block) => corrupt.push(block);
  await put(store, version(1, 3000));
  assert.ok(disk.rot(dataPath(id), 1030));
  assert.equal((await store.read(version(1, 3000), 0, 1024)).length, 1024);
  await rejects(store.read(version(1, 3000), 0, 1025), 'ReplicaCorrupt');
  assert.deepEqual(corrupt, [version(1, 3000)]);
  await store.close();
});

test('a full disk refuses a packet and keeps what was there before', async () => {
  const disk = new MemoryDisk({ capacityBytes: 6000 });
  const store = await open([disk], { blockBytes: 1000 });
  const writer = await begin(store, version(1, 0));
  await write(store, writer, 3000);
  await rejects(write(store, writer, 5000, 'none', 5000), 'DiskOutOfSpace');
  assert.equal(writer.replica.bytes, 3000);
  await store.finalize(version(1, 3000));
  await check(store, version(1, 3000));
  await rejects(begin(store, { id: id + 1, generationStamp: 2, bytes: 0 }), 'DiskOutOfSpace');
  await store.close();
});

test('a write that a full disk breaks off leaves checksums that agree with the bytes', async () => {
  const disk = new MemoryDisk();
  const store = await open([disk]);
  const writer = await begin(store, version(1, 0));
  await write(store, writer, 700);
  disk.fault = ({ kind, path }) => {
    if (kind === 'write' && path === dataPath(id)) throw new FileError('NoSpace', path, 'full');
  };
  await rejects(write(store, writer, 1500), 'DiskOutOfSpace');
  disk.fault = () => {};
  await store.close();
  const again = await open([disk]);
  assert.deepEqual(again.get(id)?.report, { ...version(1, 700), state: 'WaitingToBeRecovered' });
  await again.close();
});

test('a volume that fails is taken out with its replicas; when the last one fails the datanode ends', async () => {
  const disks = [new MemoryDisk(), new MemoryDisk()];
  const ended: NoDiskError[] = [];
  const store = await open(disks, { onFailure: (error) => ended.push(error) });
  for (let each = 0; each < 8; each += 1) await put(store, { id: id + each, generationStamp: 1, bytes: 100 });
  const [first, second] = store.volumes.volumes;
  const lost = store.reports(first?.id ?? '');
  assert.ok(lost.length > 0 && lost.length < 8);
  const changes: ReplicaChange[] = [];
  store.onChange = (change) => changes.push(change);
  const broken = ({ path }: { readonly path: string }): void => {
    throw new FileError('Io', path, 'broken');
  };
  for (const disk of disks) {
    disk.fault = broken;
    const victim = store.reports((disk === disks[0] ? first : second)?.id ?? '')[0];
    assert.ok(victim !== undefined);
    await rejects(store.read(victim, 0, 1), 'DiskFailed');
  }
  assert.deepEqual(changes.slice(0, lost.length), lost.map((each) => ({ deleted: each.id })));
  assert.equal(store.size, 0);
  assert.equal(ended.length, 1);
  await store.close();
  await assert.rejects(open(disks), NoDiskError);
});

test('an error of one file alone does not cost the volume', async () => {
  const disk = new MemoryDisk();
  const store = await open([disk]);
  await put(store, version(1, 100));
  disk.fault = ({ kind, path }) => {
    if (kind === 'read' && path === dataPath(id)) throw new FileError('Io', path, 'bad sector');
  };
  await rejects(store.read(version(1, 100), 0, 1), 'DiskFailed');
  assert.equal(store.volumes.working.length, 1);
  await store.close();
});

test('a disk of another cluster or another datanode is refused', async () => {
  const disk = new MemoryDisk();
  await (await open([disk])).close();
  await assert.rejects(open([disk], { clusterId: 'CID-2' }), (error) => error instanceof WrongDiskError && /belongs to cluster CID-1, not to CID-2/.test(error.message));
  const other = new MemoryDisk();
  await (await open([other], { random: seededRandom(2) })).close();
  await assert.rejects(open([disk, other]), (error) => error instanceof WrongDiskError && /belongs to datanode/.test(error.message));
  const both = await open([disk, new MemoryDisk()]);
  assert.equal(both.volumes.working.length, 2);
  await both.close();
});

/** One life of a block. `durable` is what must be there whatever happens from then on. */
async function live(store: BlockStore, durable: (bytes: number) => void): Promise<void> {
  const writer = await begin(store, version(1, 0));
  await write(store, writer, 600, 'sync');
  durable(600);
  await write(store, writer, 1700);
  await store.finalize(version(1, 1700));
  durable(1700);
  const appended = await begin(store, version(2, 1700), 'append');
  await write(store, appended, 2100);
  await write(store, await begin(store, version(3, 2100), 'resume'), 2300, 'sync');
  durable(2300);
  await write(store, await begin(store, version(4, 2300), 'resume'), 2400);
  await store.initReplicaRecovery(version(4, 2300), 5);
  await store.updateReplica(version(4, 2300), 5, 2350);
  durable(2350);
}

test('whenever the power fails, what was durable is there and is right', async () => {
  class PowerFailure extends Error {}
  let calls = 0;
  for (let stopAt = 0; ; stopAt += 1) {
    const random = seededRandom(stopAt);
    const disk = new MemoryDisk();
    const store = await open([disk]);
    let durable = 0;
    calls = 0;
    disk.fault = ({ path }) => {
      calls += 1;
      if (calls > stopAt) throw new FileError('Io', path, 'the power failed', new PowerFailure());
    };
    const whole = await live(store, (bytes) => {
      durable = bytes;
    }).then(() => true, (error: unknown) => {
      assert.ok(error instanceof ReplicaError, String(error));
      return false;
    });
    disk.fault = () => {};
    disk.crash(random);
    const again = await open([disk]);
    const replica = again.get(id);
    const bytes = replica?.bytes ?? 0;
    // A recovery under way may have been cut to what was agreed.
    assert.ok(bytes >= durable, `stopped after ${stopAt} calls: ${bytes} bytes are left of ${durable}`);
    if (replica?.state === 'Finalized') await check(again, replica.block);
    else if (replica !== undefined) {
      await again.initReplicaRecovery(replica.block, 9);
      await again.updateReplica(replica.block, 9, bytes);
      await check(again, version(9, bytes));
    }
    await again.close();
    if (whole) break;
  }
  assert.ok(calls > 60);
});
