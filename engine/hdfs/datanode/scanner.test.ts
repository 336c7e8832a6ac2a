import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '../../core/clock.ts';
import { silentLogger } from '../../core/logger.ts';
import { seededRandom } from '../../core/random.ts';
import { MemoryDisk } from '../../storage/memory-disk.ts';
import { firstBlockId, type Block } from '../model.ts';
import { BlockStore } from './block-store.ts';
import { checksumsOf } from './chunk-checksums.ts';
import { dataPath } from './replica-path.ts';
import { scanVolume } from './scanner.ts';
import type { Volume } from './volume.ts';

const blockBytes = 300_000;
const data = Buffer.from(seededRandom(5).bytes(blockBytes));

class Scan {
  readonly disk = new MemoryDisk();
  readonly clock = new ManualClock(1_000_000);
  readonly corrupt: number[] = [];
  reads = 0;

  async open(): Promise<{ readonly store: BlockStore; readonly volume: Volume }> {
    const store = await BlockStore.open({
      disks: [{ label: 'disk', disk: this.disk }], clusterId: 'CID-1', clock: this.clock, random: seededRandom(1), logger: silentLogger, blockBytes, reserveBytes: 0, onFailure: () => {},
    });
    store.onCorrupt = ({ id }) => this.corrupt.push(id - firstBlockId);
    const [volume] = store.volumes.volumes;
    if (volume === undefined) throw new Error('there is no volume');
    return { store, volume };
  }

  async put(store: BlockStore, count: number): Promise<void> {
    for (let index = 0; index < count; index += 1) {
      const block: Block = { id: firstBlockId + index, generationStamp: 1, bytes: blockBytes };
      const writer = await store.openWriter({ stage: 'create', block: { ...block, bytes: 0 } });
      await store.write(writer, { blockId: block.id, generationStamp: 1, offset: 0, data, checksums: checksumsOf(data), durability: 'none' });
      await store.finalize(block);
    }
  }

  countReads(): void {
    this.disk.fault = ({ kind, path }) => {
      if (kind === 'read' && /blk_\d+$/.test(path)) this.reads += 1;
    };
  }

  /** Lets so much time pass, and everything that is due run. */
  async pass(durationMs: number): Promise<void> {
    for (let passed = 0; passed < durationMs; passed += 100) {
      this.clock.advance(100);
      for (let turn = 0; turn < 10; turn += 1) await new Promise(setImmediate);
    }
  }
}

test('every replica is read, slowly, and a damaged one is reported', async () => {
  const scan = new Scan();
  const { store, volume } = await scan.open();
  await scan.put(store, 4);
  scan.disk.rot(dataPath(firstBlockId + 2), 290_000);
  scan.countReads();
  const stop = new AbortController();
  const running = scanVolume({ store, clock: scan.clock, logger: silentLogger, bytesPerSecond: 300_000, periodMs: 60_000 }, volume, stop.signal);
  await scan.pass(1500);
  assert.ok(scan.reads >= 2 && scan.reads <= 5, `${scan.reads} pieces in a second and a half`);
  assert.deepEqual(scan.corrupt, []);
  await scan.pass(4000);
  assert.deepEqual(scan.corrupt, [2]);
  const afterRound = scan.reads;
  await scan.pass(20_000);
  assert.equal(scan.reads, afterRound);
  await scan.pass(120_000);
  assert.deepEqual(scan.corrupt.slice(0, 2), [2, 2]);
  stop.abort();
  await running;
  await store.close();
});

test('a scan goes on where it was when the datanode starts anew', async () => {
  const scan = new Scan();
  const first = await scan.open();
  await scan.put(first.store, 4);
  const stop = new AbortController();
  const options = { clock: scan.clock, logger: silentLogger, bytesPerSecond: 300_000, periodMs: 1_000_000_000 };
  const running = scanVolume({ ...options, store: first.store }, first.volume, stop.signal);
  await scan.pass(2500);
  stop.abort();
  await running;
  await first.store.close();
  // What the first run has read is not read again in this round.
  scan.disk.rot(dataPath(firstBlockId), 0);
  scan.disk.rot(dataPath(firstBlockId + 3), 0);
  const second = await scan.open();
  const stopAgain = new AbortController();
  const again = scanVolume({ ...options, store: second.store }, second.volume, stopAgain.signal);
  await scan.pass(10_000);
  assert.deepEqual(scan.corrupt, [3]);
  stopAgain.abort();
  await again;
  await second.store.close();
});
