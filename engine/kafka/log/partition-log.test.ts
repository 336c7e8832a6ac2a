import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { seededRandom } from '../../core/random.ts';
import { FileError } from '../../storage/file-system.ts';
import { KafkaError } from '../kafka-error.ts';
import { batchesIn, batchHeaderAt, checksumHolds } from '../records/batch-header.ts';
import { encodeBatch } from '../records/batch.ts';
import { LogWorld, batchOf, directory, keyed, startMs } from './testdata/log-world.ts';

type Code = KafkaError['code'];

function fails(call: Promise<unknown>, code: Code, message?: RegExp): Promise<void> {
  return assert.rejects(call, (error) => error instanceof KafkaError && error.code === code && (message === undefined || message.test(error.message)));
}

const producer = (epoch: number, baseSequence: number, id = 7): { producer: { id: number; epoch: number; baseSequence: number } } => ({ producer: { id, epoch, baseSequence } });

test('offsets follow one another, and a batch keeps its leader epoch', async () => {
  const world = await LogWorld.open();
  await world.log.beginEpoch(3);
  assert.equal(await world.append(['a', 'b']), 0);
  assert.equal(await world.append(['c']), 2);
  assert.deepEqual(await world.values(), ['a', 'b', 'c']);
  const { records } = await world.log.read({ offset: 1, bytesMax: 1, atLeastOneBatch: true, until: 'logEnd' });
  assert.equal(batchHeaderAt(records).leaderEpoch, 3);
  assert.equal(batchHeaderAt(records).baseOffset, 0);
  await fails(world.append(['x'], {}, { leaderEpoch: 2 }), 'FENCED_LEADER_EPOCH');
});

test('readers see what they may: all, what is committed, what is stable', async () => {
  const world = await LogWorld.open();
  await world.append(['a']);
  await world.append(['b'], { ...producer(0, 0), transactional: true });
  await world.append(['c']);
  const count = async (until: 'logEnd' | 'uncommitted' | 'committed'): Promise<number> =>
    [...batchesIn((await world.log.read({ offset: 0, bytesMax: 9999, atLeastOneBatch: true, until })).records)].length;
  assert.deepEqual([await count('logEnd'), await count('uncommitted'), await count('committed')], [3, 0, 0]);
  world.log.setHighWatermark(2);
  assert.deepEqual([await count('logEnd'), await count('uncommitted'), await count('committed')], [3, 2, 1]);
  world.log.setHighWatermark(1);
  assert.equal(world.log.highWatermark, 2);
  world.log.setHighWatermark(99);
  assert.equal(world.log.highWatermark, 3);
  assert.equal(world.log.lastStableOffset, 1);
});

/** [epoch, first sequence, records] → first offset, `again` for a repeated batch, or an error. */
function idempotence(name: string, ...steps: readonly (readonly [number, number, number, number | `again ${number}` | Code])[]): void {
  for (const restarts of [false, true]) {
    test(`idempotent producers: ${name}${restarts ? ', over restarts' : ''}`, async () => {
      const world = await LogWorld.open();
      for (const [epoch, sequence, records, expected] of steps) {
        const call = world.log.appendAsLeader(batchOf(Array.from({ length: records }, () => 'x'), startMs, producer(epoch, sequence)), world.leader());
        if (typeof expected === 'string' && !expected.startsWith('again')) await fails(call, expected as Code);
        else {
          const { firstOffset, lastOffset, duplicate } = await call;
          assert.deepEqual([firstOffset, lastOffset, duplicate], [Number(String(expected).replace('again ', '')), Number(String(expected).replace('again ', '')) + records - 1, typeof expected === 'string']);
        }
        if (restarts) await world.restart();
      }
    });
  }
}
const sequenceMax = 0x7fff_ffff;
idempotence('batches in order are stored', [0, 0, 2, 0], [0, 2, 1, 2], [0, 3, 1, 3]);
idempotence('a batch that comes again is not stored again', [0, 0, 2, 0], [0, 2, 1, 2], [0, 0, 2, 'again 0'], [0, 2, 1, 'again 2'], [0, 3, 1, 3]);
idempotence('the last five batches are known', [0, 0, 1, 0], [0, 1, 1, 1], [0, 2, 1, 2], [0, 3, 1, 3], [0, 4, 1, 4], [0, 5, 1, 5], [0, 1, 1, 'again 1'], [0, 0, 1, 'OUT_OF_ORDER_SEQUENCE_NUMBER']);
idempotence('a gap is refused', [0, 0, 1, 0], [0, 2, 1, 'OUT_OF_ORDER_SEQUENCE_NUMBER'], [0, 1, 1, 1]);
idempotence('a batch that overlaps is refused', [0, 0, 2, 0], [0, 1, 2, 'OUT_OF_ORDER_SEQUENCE_NUMBER']);
idempotence('a producer that is not known may begin anywhere', [4, 17, 1, 0], [4, 18, 1, 1]);
idempotence('a new epoch begins at 0', [0, 0, 1, 0], [1, 1, 1, 'OUT_OF_ORDER_SEQUENCE_NUMBER'], [1, 0, 1, 1], [1, 1, 1, 2]);
idempotence('an old epoch is fenced', [1, 0, 1, 0], [0, 1, 1, 'INVALID_PRODUCER_EPOCH'], [0, 0, 1, 'INVALID_PRODUCER_EPOCH']);
idempotence('sequence numbers wrap around', [0, sequenceMax - 1, 2, 0], [0, 0, 1, 2], [0, sequenceMax - 1, 2, 'again 0']);
idempotence('a batch wraps in its middle', [0, sequenceMax - 1, 4, 0], [0, 1, 1, 'OUT_OF_ORDER_SEQUENCE_NUMBER'], [0, 2, 1, 4], [0, sequenceMax - 1, 4, 'again 0']);

test('a batch that comes again while it is being written is answered when it is', async () => {
  const world = await LogWorld.open();
  const batch = (): Buffer => batchOf(['x'], startMs, producer(0, 0));
  const order: string[] = [];
  const first = world.log.appendAsLeader(batch(), world.leader()).then(() => order.push('first'));
  const second = world.log.appendAsLeader(batch(), world.leader()).then(({ duplicate }) => order.push(`second ${duplicate}`));
  await Promise.all([first, second]);
  assert.deepEqual(order, ['first', 'second true']);
});

function refused(name: string, batch: () => Buffer, code: Code, config: Parameters<typeof LogWorld.open>[0] = {}): void {
  test(`a client's append is refused: ${name}`, async () => {
    const world = await LogWorld.open(config);
    await fails(world.log.appendAsLeader(batch(), world.leader()), code);
    assert.equal(world.log.logEndOffset, 0);
    assert.equal(await world.append(['fine'].map(() => 'k'), {}, { origin: 'coordinator' }), 0);
  });
}
const flipped = (): Buffer => {
  const batch = batchOf(['abc'], startMs);
  batch[batch.length - 2] = 1;
  return batch;
};
refused('a checksum that does not hold', flipped, 'CORRUPT_MESSAGE');
refused('a batch that is cut off', () => batchOf(['abc'], startMs).subarray(0, 65), 'CORRUPT_MESSAGE');
refused('nothing', () => Buffer.alloc(0), 'INVALID_RECORD');
refused('the message format of old clients', () => {
  const batch = batchOf(['abc'], startMs);
  batch[16] = 1;
  return batch;
}, 'UNSUPPORTED_FOR_MESSAGE_FORMAT');
refused('a batch that is too large', () => batchOf(['x'.repeat(200)], startMs), 'MESSAGE_TOO_LARGE', { maxMessageBytes: 100 });
refused('more than a segment', () => batchOf(['x'.repeat(200)], startMs), 'RECORD_LIST_TOO_LARGE', { segmentBytes: 100 });
refused('a control batch', () => batchOf(['x'], startMs, { control: true }), 'INVALID_RECORD');
refused('a transaction without producer', () => batchOf(['x'], startMs, { transactional: true }), 'INVALID_RECORD');
refused('a producer without sequence', () => batchOf(['x'], startMs, producer(0, -1)), 'INVALID_RECORD');
refused('two batches of an idempotent producer', () => Buffer.concat([batchOf(['x'], startMs, producer(0, 0)), batchOf(['x'], startMs, producer(0, 1))]), 'INVALID_RECORD');
refused('offsets that do not count the records', () => batchOf(['x'], startMs, { lastOffset: 5 }), 'INVALID_RECORD');
refused('a delete horizon', () => batchOf(['x'], startMs, { deleteHorizonMs: startMs }), 'INVALID_RECORD');
refused('a timestamp of the future', () => batchOf(['x'], startMs + 1001), 'INVALID_TIMESTAMP', { timestampAfterMaxMs: 1000 });
refused('a timestamp of the past', () => encodeBatch([startMs, startMs - 1001].map((timestampMs) => ({ key: null, value: null, timestampMs }))), 'INVALID_TIMESTAMP', { timestampBeforeMaxMs: 1000 });
refused('no key where a topic is compacted', () => batchOf(['x'], startMs), 'INVALID_RECORD', { cleanupPolicy: ['compact'] });

test('a topic that stamps on append has its own time in every record', async () => {
  const world = await LogWorld.open({ timestampType: 'LogAppendTime' });
  world.clock.advance(5);
  const result = await world.log.appendAsLeader(batchOf(['a', 'b'], 12), world.leader());
  assert.equal(result.logAppendTimeMs, startMs + 5);
  assert.deepEqual((await world.records()).map(({ timestampMs }) => timestampMs), [startMs + 5, startMs + 5]);
});

test('a follower takes what its leader has, gaps as well, and nothing twice', async () => {
  const world = await LogWorld.open();
  const placed = (baseOffset: number, leaderEpoch: number): Buffer => batchOf(['x'], startMs, { baseOffset, leaderEpoch });
  await world.log.appendAsFollower(Buffer.concat([placed(0, 1), placed(7, 1), placed(8, 4)]));
  assert.equal(world.log.logEndOffset, 9);
  await fails(world.log.appendAsFollower(placed(8, 4)), 'OFFSET_OUT_OF_RANGE');
  assert.deepEqual(world.log.endOffsetForEpoch(1), { epoch: 1, endOffset: 8 });
  assert.deepEqual(world.log.endOffsetForEpoch(3), { epoch: 1, endOffset: 8 });
  assert.deepEqual(world.log.endOffsetForEpoch(4), { epoch: 4, endOffset: 9 });
  assert.deepEqual(world.log.endOffsetForEpoch(0), { epoch: 0, endOffset: 0 });
  assert.equal(world.log.endOffsetForEpoch(5), undefined);
  await world.restart();
  assert.deepEqual((await world.records(1)).map(({ offset }) => offset), [7, 8]);
  await world.log.truncateTo(8);
  assert.equal(world.log.latestEpoch, 1);
  assert.equal(world.log.endOffsetForEpoch(4), undefined);
});

test('what a transaction that is open hides becomes visible with its marker, and readers learn of aborted ones', async () => {
  const world = await LogWorld.open({ segmentBytes: 400 });
  const end = async (id: number, committed: boolean, coordinatorEpoch = 0): Promise<void> => {
    await world.log.appendMarker({ producerId: id, producerEpoch: 0, committed, coordinatorEpoch }, world.leader({ origin: 'coordinator' }));
  };
  const transactional = (id: number, sequence: number): Promise<number> => world.append(['t'], { ...producer(0, sequence, id), transactional: true });
  const committed = async (offset = 0): Promise<unknown> => {
    const read = await world.log.read({ offset, bytesMax: 100_000, atLeastOneBatch: true, until: 'committed' });
    return [read.lastStableOffset, read.abortedTransactions];
  };
  await transactional(1, 0);
  await transactional(2, 0);
  await world.append(['plain']);
  await transactional(1, 1);
  world.commit();
  assert.deepEqual(await committed(), [0, []]);
  await end(1, false);
  assert.equal(world.log.lastStableOffset, 0, 'the marker is not committed yet');
  world.commit();
  assert.equal(world.log.lastStableOffset, 1);
  assert.deepEqual(await committed(), [1, [{ producerId: 1, firstOffset: 0 }]]);
  await end(2, true);
  world.commit();
  assert.equal(world.log.lastStableOffset, 6);
  assert.deepEqual(world.log.producers().map(({ producerId, lastSequence, currentTransactionStartOffset }) => [producerId, lastSequence, currentTransactionStartOffset]), [[1, 1, -1], [2, 0, -1]]);
  for (const again of [() => world.restart(), () => world.kill()]) {
    await again();
    world.commit();
    assert.deepEqual(await committed(), [6, [{ producerId: 1, firstOffset: 0 }]]);
    assert.deepEqual(await committed(3), [6, [{ producerId: 1, firstOffset: 0 }]]);
    assert.deepEqual(await committed(5), [6, []]);
  }
  await end(1, true, 3);
  await fails(end(1, true, 2), 'TRANSACTION_COORDINATOR_FENCED');
  await world.append(['later'], producer(2, 0, 1));
  await fails(end(1, true, 3), 'INVALID_PRODUCER_EPOCH');
});

test('a truncation takes back what producers had and transactions were', async () => {
  const world = await LogWorld.open();
  await world.append(['a'], { ...producer(0, 0), transactional: true });
  await world.append(['b'], { ...producer(0, 1), transactional: true });
  await world.log.appendMarker({ producerId: 7, producerEpoch: 0, committed: false, coordinatorEpoch: 0 }, world.leader());
  await world.log.truncateTo(1);
  assert.deepEqual(world.log.producers().map(({ lastSequence, currentTransactionStartOffset }) => [lastSequence, currentTransactionStartOffset]), [[0, 0]]);
  assert.equal(await world.append(['b'], { ...producer(0, 1), transactional: true }), 1);
  world.commit();
  assert.deepEqual((await world.log.read({ offset: 0, bytesMax: 999, atLeastOneBatch: true, until: 'committed' })).abortedTransactions, []);
});

test('a record is found by its timestamp, inside of a compressed batch as well', async () => {
  const world = await LogWorld.open({ segmentBytes: 250, indexIntervalBytes: 1 });
  const at = (...times: readonly number[]): Buffer => encodeBatch(times.map((time) => ({ key: null, value: Buffer.from('x'), timestampMs: startMs + time })), { compression: 'gzip' });
  for (const times of [[10, 20, 30], [25, 15], [40, 50], [50, 45], [60], [55]]) await world.log.appendAsLeader(at(...times), world.leader());
  const find = async (time: number, until = world.log.logEndOffset): Promise<unknown> => {
    const found = await world.log.offsetForTimestamp(startMs + time, until);
    return found === undefined ? undefined : [found.offset, found.timestampMs - startMs];
  };
  const check = async (): Promise<void> => {
    assert.deepEqual(await find(0), [0, 10]);
    assert.deepEqual(await find(11), [1, 20]);
    assert.deepEqual(await find(30), [2, 30]);
    assert.deepEqual(await find(31), [5, 40]);
    assert.deepEqual(await find(50), [6, 50]);
    assert.deepEqual(await find(51), [9, 60]);
    assert.equal(await find(61), undefined);
    assert.equal(await find(51, 9), undefined);
    assert.deepEqual(await world.log.offsetOfMaxTimestamp(), { offset: 9, timestampMs: startMs + 60, leaderEpoch: 0 });
  };
  await check();
  await world.restart();
  await check();
  await world.kill();
  await check();
  assert.ok((await world.files()).filter((name) => name.endsWith('.log')).length > 1);
  await world.log.truncateTo(9);
  assert.deepEqual(await world.log.offsetOfMaxTimestamp(), { offset: 6, timestampMs: startMs + 50, leaderEpoch: 0 });
});

test('old segments go by time and by size, never what is not committed', async () => {
  const world = await LogWorld.open({ segmentBytes: 200, retentionMs: 1000 });
  for (let i = 0; i < 6; i += 1) {
    await world.append(['x'.repeat(100)]);
    world.clock.advance(100);
  }
  world.clock.advance(700);
  assert.equal(await world.log.maintain(world.nowMs), false);
  assert.equal(world.log.logStartOffset, 0);
  world.commit();
  assert.equal(await world.log.maintain(world.nowMs), true);
  assert.equal(world.log.logStartOffset, 3);
  await fails(world.log.read({ offset: 2, bytesMax: 1, atLeastOneBatch: true, until: 'logEnd' }), 'OFFSET_OUT_OF_RANGE');
  world.log.reconfigure({ ...world.config, retentionMs: -1, retentionBytes: 300 });
  await world.log.maintain(world.nowMs);
  assert.equal(world.log.logStartOffset, 4);
  world.log.reconfigure({ ...world.config, retentionMs: 1 });
  await world.log.maintain(world.nowMs + 5000);
  assert.deepEqual([world.log.logStartOffset, world.log.logEndOffset, world.log.bytes], [6, 6, 0]);
  await world.restart();
  assert.deepEqual([world.log.logStartOffset, world.log.logEndOffset], [6, 6]);
  assert.equal(await world.append(['on']), 6);
});

test('records that were deleted stay deleted, and their segments go', async () => {
  const world = await LogWorld.open({ segmentBytes: 200 });
  for (let i = 0; i < 5; i += 1) await world.append(['x'.repeat(100)]);
  await fails(world.log.advanceLogStart(1), 'OFFSET_OUT_OF_RANGE');
  world.commit();
  await world.log.advanceLogStart(3);
  await world.log.advanceLogStart(2);
  await world.log.maintain(world.nowMs);
  await world.kill();
  assert.equal(world.log.logStartOffset, 3);
  assert.deepEqual((await world.files()).filter((name) => name.endsWith('.log')), ['00000000000000000003.log', '00000000000000000004.log']);
});

test('a log that was closed opens without reading its batches', async () => {
  const world = await LogWorld.open({ segmentBytes: 5000 });
  for (let i = 0; i < 100; i += 1) await world.append(['x'.repeat(100)]);
  await world.log.close();
  let reads = 0;
  world.disk.fault = ({ kind, path }) => {
    if (kind === 'read' && path.endsWith('.log')) reads += 1;
  };
  await world.open();
  // The first timestamp of the last segment.
  assert.ok(reads <= 1, `${reads} reads`);
  assert.equal((await world.values()).length, 100);
});

test('damage of what was synced keeps the log from opening, and says where', async () => {
  const world = await LogWorld.open();
  for (let i = 0; i < 5; i += 1) await world.append(['x'.repeat(100)]);
  await world.log.flush();
  const { records } = await world.log.read({ offset: 0, bytesMax: 1, atLeastOneBatch: true, until: 'logEnd' });
  assert.ok(world.disk.rot(`${directory}/00000000000000000000.log`, records.length + 90));
  await fails(world.kill(), 'KAFKA_STORAGE_ERROR', new RegExp(`00000000000000000000.log is damaged at byte ${records.length}`));
});

test('damage of what was not synced is cut', async () => {
  const world = await LogWorld.open();
  for (let i = 0; i < 3; i += 1) await world.append([`v${i}`]);
  await world.log.flush();
  for (let i = 3; i < 6; i += 1) await world.append([`v${i}`]);
  const size = (await world.disk.stat(`${directory}/00000000000000000000.log`))?.bytes ?? 0;
  world.disk.rot(`${directory}/00000000000000000000.log`, size - 5);
  await world.kill();
  assert.deepEqual(await world.values(), ['v0', 'v1', 'v2', 'v3', 'v4']);
});

test('indexes and snapshots that are lost are made anew', async () => {
  const world = await LogWorld.open({ segmentBytes: 1000, indexIntervalBytes: 100 });
  for (let i = 0; i < 40; i += 1) await world.append([`v${i}`], { ...producer(0, i), transactional: i === 3 });
  await world.log.close();
  for (const name of await world.files()) if (!name.endsWith('.log') && name !== 'checkpoint') await world.disk.remove(`${directory}/${name}`);
  await world.open();
  assert.equal((await world.values()).length, 40);
  assert.deepEqual(world.log.producers().map(({ lastSequence, currentTransactionStartOffset }) => [lastSequence, currentTransactionStartOffset]), [[39, 3]]);
  assert.equal(world.log.latestEpoch, 0);
});

test('a disk that fails takes the log offline; what was acknowledged is there when it is opened again', async () => {
  const world = await LogWorld.open();
  await world.append(['a']);
  world.disk.fault = ({ kind, path }) => {
    if (kind === 'write') throw new FileError('NoSpace', path, 'the disk is full');
  };
  const waiting = [world.append(['b']), world.append(['c'])];
  for (const each of waiting) await fails(each, 'KAFKA_STORAGE_ERROR', /the disk is full/);
  await fails(world.append(['d']), 'KAFKA_STORAGE_ERROR');
  await fails(world.log.flush(), 'KAFKA_STORAGE_ERROR');
  await fails(world.log.read({ offset: 0, bytesMax: 10, atLeastOneBatch: true, until: 'logEnd' }), 'KAFKA_STORAGE_ERROR');
  world.disk.fault = () => {};
  await world.log.close();
  await world.open();
  assert.deepEqual(await world.values(), ['a']);
});

test('appends that wait while one is written are written together, and in order', async () => {
  const world = await LogWorld.open();
  await world.append(['first']);
  let writes = 0;
  world.disk.fault = ({ kind, path }) => {
    if (kind === 'write' && path.endsWith('.log')) writes += 1;
  };
  const results = await Promise.all(Array.from({ length: 50 }, (_, i) => world.append([`v${i}`])));
  assert.deepEqual(results, Array.from({ length: 50 }, (_, i) => i + 1));
  assert.equal(writes, 2);
});

test('tail reads touch no disk, old ones do; few files are open', async () => {
  const world = await LogWorld.open({ segmentBytes: 20_000 });
  for (let i = 0; i < 400; i += 1) await world.append(['x'.repeat(500)]);
  let reads = 0;
  world.disk.fault = ({ kind, path }) => {
    if (kind === 'read' && path.endsWith('.log')) reads += 1;
  };
  assert.equal((await world.records(395)).length, 5);
  assert.equal(reads, 0);
  assert.equal((await world.records(0, 20_000)).length, 400);
  assert.ok(reads > 5);
  assert.ok(world.resources.handles.openCount <= 3);
  assert.ok(world.resources.tails.bytes <= 64 * 1024);
});

test('a follower that is too far behind begins anew where its leader begins, even when the machine stops meanwhile', async () => {
  for (let at = 1; ; at += 1) {
    const world = await LogWorld.open({ segmentBytes: 300 });
    for (let i = 0; i < 6; i += 1) await world.append(['x'.repeat(100)], producer(0, i));
    await world.log.flush();
    let calls = 0;
    world.disk.fault = ({ kind, path }) => {
      if (['write', 'sync', 'remove', 'rename', 'syncDirectory', 'truncate', 'open'].includes(kind)) calls += 1;
      if (calls >= at) throw new FileError('Io', path, 'the power is gone');
    };
    const done = await world.log.truncateFullyAndStartAt(500).then(() => true, () => false);
    world.disk.fault = () => {};
    world.disk.crash(seededRandom(at));
    await world.open();
    const range = [world.log.logStartOffset, world.log.logEndOffset];
    if (done) assert.deepEqual(range, [500, 500]);
    else assert.ok(range[0] === 500 ? range[1] === 500 : range[0] === 0 && range[1] === 6, `call ${at}: ${range.join(' to ')}`);
    assert.equal(await world.append(['on']), range[1]);
    if (done) return;
  }
});

test('nothing is done after a log is closed', async () => {
  const world = await LogWorld.open({ cleanupPolicy: ['compact'] });
  await world.log.appendAsLeader(keyed([['k', 'v']], startMs), world.leader());
  await world.log.close();
  await fails(world.log.flush(), 'KAFKA_STORAGE_ERROR', /closed/);
  await world.log.close();
});

test('messages that wait for fdatasync are as few as the topic wants', async () => {
  const world = await LogWorld.open({ flushMessages: 3 });
  await world.append(['a', 'b']);
  await world.append(['c', 'd']);
  world.disk.crash(seededRandom(9));
  await world.open();
  assert.deepEqual(await world.values(), ['a', 'b', 'c', 'd']);
});

test('index files of before a restart are not taken for those of what was appended since', async () => {
  const world = await LogWorld.open({ segmentBytes: 400 });
  await world.append(['a'], { ...producer(0, 0), transactional: true });
  await world.restart();
  await world.log.appendMarker({ producerId: 7, producerEpoch: 0, committed: false, coordinatorEpoch: 0 }, world.leader());
  await world.log.flush();
  world.disk.fault = ({ kind, path }) => {
    if (kind === 'open' && path.endsWith('.txnindex')) throw new FileError('Io', path, 'the power is gone');
  };
  await world.append(['x'.repeat(300)]);
  await world.log.flush().catch(() => {});
  world.disk.fault = () => {};
  await world.kill();
  world.commit();
  const { abortedTransactions } = await world.log.read({ offset: 0, bytesMax: 1, atLeastOneBatch: true, until: 'committed' });
  assert.deepEqual(abortedTransactions, [{ producerId: 7, firstOffset: 0 }]);
});

/** Files whose next call of a kind stands still until it is released. */
function holding(world: LogWorld): { hold(kind: 'read' | 'truncate'): { readonly reached: Promise<void>; release(): void } } {
  let waiting: { readonly kind: string; readonly reached: () => void; readonly released: Promise<void> } | undefined;
  const pass = async (kind: string): Promise<void> => {
    if (waiting?.kind !== kind) return;
    const { reached, released } = waiting;
    waiting = undefined;
    reached();
    await released;
  };
  const open = world.disk.open.bind(world.disk);
  world.disk.open = async (path, mode) => {
    const file = await open(path, mode);
    return {
      ...file,
      read: (target, position) => pass('read').then(() => file.read(target, position)),
      truncate: (bytes) => pass('truncate').then(() => file.truncate(bytes)),
    };
  };
  return {
    hold: (kind) => {
      const reached = Promise.withResolvers<void>();
      const released = Promise.withResolvers<void>();
      waiting = { kind, reached: reached.resolve, released: released.promise };
      return { reached: reached.promise, release: released.resolve };
    },
  };
}

async function valueRead(world: LogWorld, offset: number): Promise<readonly [number, string] | undefined> {
  const { records } = await world.log.read({ offset, bytesMax: 10, atLeastOneBatch: true, until: 'logEnd' });
  if (records.length === 0) return undefined;
  assert.ok(checksumHolds(records, batchHeaderAt(records)));
  return [batchHeaderAt(records).baseOffset, Buffer.from(records).toString('latin1', 67, 75)];
}

test('a read that is under way when batches go and others come sees the new ones', async () => {
  for (const length of [3, 11, 40, 73]) {
    const world = await LogWorld.open({ indexIntervalBytes: 1 }, { tailBytesMax: 0, tailBytesPerLogMax: 0 });
    const disk = holding(world);
    for (let i = 0; i < 20; i += 1) await world.append(['old']);
    await world.restart();
    const held = disk.hold('read');
    const read = valueRead(world, 10);
    await held.reached;
    await world.log.truncateTo(5);
    for (let i = 5; i < 20; i += 1) await world.append(['new'.padEnd(length, '.')]);
    held.release();
    const [baseOffset, value] = (await read) ?? [];
    assert.equal(baseOffset, 10);
    assert.ok(value?.includes('new'), value);
  }
});

test('a read that begins while batches go waits until they are gone', async () => {
  const world = await LogWorld.open({}, { tailBytesMax: 0, tailBytesPerLogMax: 0 });
  const disk = holding(world);
  for (let i = 0; i < 20; i += 1) await world.append(['old']);
  await world.restart();
  const held = disk.hold('truncate');
  const changed = world.log.truncateTo(5);
  await held.reached;
  const read = valueRead(world, 10);
  const gone = fails(read, 'OFFSET_OUT_OF_RANGE');
  for (let i = 0; i < 100; i += 1) await Promise.resolve();
  held.release();
  await changed;
  await gone;
});
