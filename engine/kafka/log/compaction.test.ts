import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { integerBelow, seededRandom } from '../../core/random.ts';
import { FileError } from '../../storage/file-system.ts';
import { batchesIn, isControl } from '../records/batch-header.ts';
import type { Compression } from '../records/batch-header.ts';
import { LogWorld, keyed, text } from './testdata/log-world.ts';

const config = { cleanupPolicy: ['compact'], segmentBytes: 1500, minCleanableDirtyRatio: 0.01, indexIntervalBytes: 100, deleteRetentionMs: 1000 } as const;

type Entry = readonly [string, string | null];

async function put(world: LogWorld, entries: readonly Entry[], options: Parameters<typeof keyed>[2] = {}): Promise<number> {
  return (await world.log.appendAsLeader(keyed(entries, world.nowMs, options), world.leader())).firstOffset;
}

/** All that was appended is in segments that are not written any more. */
async function compact(world: LogWorld): Promise<boolean> {
  world.commit();
  await world.log.flush();
  return world.log.maintain(world.nowMs);
}

/** Fills the active segment, so that what comes before is cleanable. */
async function fill(world: LogWorld): Promise<void> {
  world.clock.advance(1);
  for (let i = 0; i < 2; i += 1) await put(world, [[`filler ${i}`, 'x'.repeat(1300)]]);
}

async function stored(world: LogWorld): Promise<readonly string[]> {
  return (await world.records()).filter(({ key }) => !text(key).startsWith('filler')).map(({ key, value, offset }) => `${offset} ${text(key)}=${text(value)}`);
}

test('the last value of each key stays, at its offset', async () => {
  const world = await LogWorld.open(config);
  await put(world, [['a', '1'], ['b', '1'], ['a', '2']]);
  await put(world, [['c', '1']]);
  await put(world, [['b', '2'], ['d', '1']]);
  await fill(world);
  assert.equal(await compact(world), true);
  const expected = ['2 a=2', '3 c=1', '4 b=2', '5 d=1'];
  assert.deepEqual(await stored(world), expected);
  assert.equal(await compact(world), false, 'nothing is new');
  await world.restart();
  assert.deepEqual(await stored(world), expected);
  await world.kill();
  assert.deepEqual(await stored(world), expected);
  const read = await world.log.read({ offset: 0, bytesMax: 1, atLeastOneBatch: true, until: 'logEnd' });
  assert.equal([...batchesIn(read.records)][0]?.header.lastOffsetDelta, 2, 'the batch still says where it ended');
});

test('a tombstone stays for delete.retention.ms after the pass that met it, then goes', async () => {
  const world = await LogWorld.open(config);
  await put(world, [['a', '1'], ['b', '1']]);
  await put(world, [['a', null]]);
  await fill(world);
  await compact(world);
  assert.deepEqual(await stored(world), ['1 b=1', '2 a=null']);
  world.clock.advance(500);
  await fill(world);
  await compact(world);
  assert.deepEqual(await stored(world), ['1 b=1', '2 a=null']);
  world.clock.advance(600);
  await fill(world);
  await compact(world);
  assert.deepEqual(await stored(world), ['1 b=1']);
});

test('records of aborted transactions go; a marker stays until its records are gone and the delete horizon has passed', async () => {
  const world = await LogWorld.open(config);
  const transactional = (id: number, sequence: number): Parameters<typeof keyed>[2] => ({ producer: { id, epoch: 0, baseSequence: sequence }, transactional: true });
  const end = (producerId: number, committed: boolean): Promise<unknown> => world.log.appendMarker({ producerId, producerEpoch: 0, committed, coordinatorEpoch: 0 }, world.leader());
  const markers = async (): Promise<number> => {
    let count = 0;
    for (let offset = 0; ;) {
      const { records } = await world.log.read({ offset, bytesMax: 9999, atLeastOneBatch: true, until: 'logEnd' });
      if (records.length === 0) return count;
      for (const { header } of batchesIn(records)) {
        if (isControl(header.attributes)) count += 1;
        offset = header.baseOffset + header.lastOffsetDelta + 1;
      }
    }
  };
  await put(world, [['a', 'old']]);
  await put(world, [['a', 'aborted'], ['x', 'aborted']], transactional(1, 0));
  await put(world, [['b', 'committed']], transactional(2, 0));
  await end(1, false);
  await end(2, true);
  // Their last batches stay for their sequence numbers, so let there be newer ones.
  await put(world, [['p', '1']], { producer: { id: 1, epoch: 0, baseSequence: 2 } });
  await put(world, [['p', '2']], { producer: { id: 2, epoch: 0, baseSequence: 1 } });
  await fill(world);
  await compact(world);
  const data = async (): Promise<readonly string[]> => (await stored(world)).filter((each) => !each.includes('\0'));
  assert.deepEqual(await data(), ['0 a=old', '3 b=committed', '7 p=2']);
  assert.equal(await markers(), 2);
  const aborted = (await world.log.read({ offset: 0, bytesMax: 100, atLeastOneBatch: true, until: 'committed' })).abortedTransactions;
  assert.ok(aborted?.every(({ producerId }) => producerId === 1));
  // The second pass meets no record of the aborted one: the marker gets its horizon. The third one comes after it.
  await fill(world);
  await compact(world);
  assert.equal(await markers(), 2);
  world.clock.advance(1001);
  await fill(world);
  await compact(world);
  assert.equal(await markers(), 1);
  assert.deepEqual(await data(), ['0 a=old', '3 b=committed', '7 p=2']);
});

test('what belongs to an open transaction, is not committed, or is younger than min.compaction.lag.ms is left alone', async () => {
  const world = await LogWorld.open({ ...config, minCompactionLagMs: 100 });
  await put(world, [['a', '1']]);
  await put(world, [['a', '2']]);
  await fill(world);
  assert.equal(await compact(world), false);
  world.clock.advance(200);
  world.log.reconfigure({ ...world.config });
  await put(world, [['t', '1']], { producer: { id: 9, epoch: 0, baseSequence: 0 }, transactional: true });
  await put(world, [['a', '3']]);
  await fill(world);
  await compact(world);
  assert.deepEqual((await stored(world)).filter((each) => each.includes(' a=')), ['1 a=2', '5 a=3']);
});

test('the last batch of a producer keeps its sequence numbers when its records are gone', async () => {
  const world = await LogWorld.open(config);
  await put(world, [['a', '1']], { producer: { id: 5, epoch: 2, baseSequence: 0 } });
  await put(world, [['a', '2']]);
  await fill(world);
  await compact(world);
  assert.deepEqual(await stored(world), ['1 a=2']);
  for (const name of await world.files()) if (name.endsWith('.snapshot')) await world.disk.remove(`topics/orders-0/${name}`);
  await world.kill();
  assert.deepEqual(world.log.producers().map(({ producerId, producerEpoch, lastSequence }) => [producerId, producerEpoch, lastSequence]), [[5, 2, 0]]);
});

interface Written { readonly offset: number; readonly key: string; readonly value: string | null }

/** Whoever reads from the start and keeps the last value of each key has what was written; and nothing is there that was not. */
function checkCompacted(written: readonly Written[], records: readonly Written[], from: number): void {
  const state = (each: readonly Written[]): ReadonlyMap<string, string> => {
    const map = new Map<string, string>();
    for (const { key, value } of each) {
      if (value === null) map.delete(key);
      else map.set(key, value);
    }
    return new Map([...map].toSorted());
  };
  assert.deepEqual(state(records), state(written.filter(({ offset }) => offset < from)));
  const known = new Map(written.map(({ offset, key, value }) => [offset, `${key}=${value}`]));
  for (const { offset, key, value } of records) assert.equal(`${key}=${value}`, known.get(offset));
}

async function all(world: LogWorld): Promise<readonly Written[]> {
  return (await world.records()).map(({ offset, key, value }) => ({ offset, key: text(key), value: value === null ? null : text(value) }));
}

test('compaction never changes what a reader ends up with, however little memory it has for keys, over restarts and crashes', async () => {
  for (let seed = 1; seed <= 25; seed += 1) {
    const random = seededRandom(seed);
    const below = (bound: number): number => integerBelow(random, bound);
    const world = await LogWorld.open({ ...config, segmentBytes: 800 + below(2000), deleteRetentionMs: below(2) * 300 });
    world.keyMapBytesMax = 200 + below(2000);
    await world.restart();
    let written: Written[] = [];
    let compacted = 0;
    for (let i = 0; i < 150; i += 1) {
      world.clock.advance(below(20));
      const choice = below(20);
      if (choice < 15) {
        const entries = Array.from({ length: 1 + below(4) }, (): Entry => [`key ${below(12)}`, below(6) === 0 ? null : `${i}`.padEnd(below(60), '.')]);
        const compression = (['none', 'gzip', 'lz4', 'zstd', 'snappy'] as const satisfies readonly Compression[])[below(5)] ?? 'none';
        const offset = await put(world, entries, { compression });
        written.push(...entries.map(([key, value], n) => ({ offset: offset + n, key, value })));
      } else if (choice < 18) compacted += (await compact(world)) ? 1 : 0;
      else if (choice < 19) await world.restart();
      else {
        world.disk.crash(random);
        await world.open();
        written = written.filter(({ offset }) => offset < world.log.logEndOffset);
      }
      if (choice >= 15) checkCompacted(written, await all(world), world.log.logEndOffset);
    }
    assert.ok(compacted > 0, `seed ${seed}`);
  }
});

test('the power may go at any call to the disk: what was flushed is there, and compaction leaves the old segments or the new one', async () => {
  let calls = 0;
  for (let at = 1; ; at += 1) {
    const world = await LogWorld.open({ ...config, segmentBytes: 700 });
    const written: Written[] = [];
    let flushed = 0;
    calls = 0;
    world.disk.fault = ({ kind, path }) => {
      if (kind === 'read' || kind === 'stat' || kind === 'list') return;
      calls += 1;
      if (calls >= at) throw new FileError('Io', path, 'the power is gone');
    };
    const life = async (): Promise<void> => {
      for (let i = 0; i < 40; i += 1) {
        const entries: Entry[] = [[`key ${i % 5}`, i % 7 === 3 ? null : `${i}`.padEnd(60, '.')], [`other ${i % 3}`, `${i}`]];
        const offset = world.log.logEndOffset;
        written.push(...entries.map(([key, value], n) => ({ offset: offset + n, key, value })));
        await put(world, entries, { producer: { id: 1, epoch: 0, baseSequence: i * 2 } });
        if (i % 10 !== 9) continue;
        await world.log.flush();
        flushed = world.log.logEndOffset;
        world.commit();
        await world.log.maintain(world.nowMs);
      }
    };
    const done = await life().then(() => true, (error: unknown) => {
      assert.match(String(error), /the power is gone/);
      return false;
    });
    world.disk.fault = () => {};
    world.disk.crash(seededRandom(at));
    await world.open();
    assert.ok(world.log.logEndOffset >= flushed, `call ${at}: ${world.log.logEndOffset} of ${flushed}`);
    checkCompacted(written, await all(world), world.log.logEndOffset);
    const last = written.filter(({ offset }) => offset < world.log.logEndOffset).at(-1);
    assert.equal(world.log.producers()[0]?.lastSequence, last === undefined ? undefined : last.offset);
    await put(world, [['after', 'crash']]);
    if (done) break;
  }
  assert.ok(calls > 100, `${calls} calls`);
});
