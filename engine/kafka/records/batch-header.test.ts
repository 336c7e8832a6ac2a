import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { ErrorName } from '../protocol/error-code.ts';
import { KafkaError } from '../kafka-error.ts';
import { batchesIn, batchHeaderAt, batchHeaderBytes, checksumHolds, compressionOf, lastSequenceOf, setBatchPlace, setLogAppendTime, timestampTypeOf, writeBatchHeader } from './batch-header.ts';

const int32 = fc.integer({ min: 0, max: 0x7fff_ffff });
const anyHeader = fc.record({
  baseOffset: fc.nat(2 ** 52), leaderEpoch: fc.integer({ min: -1, max: 0x7fff_ffff }), attributes: fc.integer({ min: 0, max: 127 }), lastOffsetDelta: int32,
  baseTimestamp: fc.integer({ min: -1, max: 2 ** 52 }), maxTimestamp: fc.integer({ min: -1, max: 2 ** 52 }), producerId: fc.integer({ min: -1, max: 2 ** 52 }),
  producerEpoch: fc.integer({ min: -1, max: 0x7fff }), baseSequence: fc.integer({ min: -1, max: 0x7fff_ffff }), recordCount: int32,
});

function batch(fields: Partial<Parameters<typeof writeBatchHeader>[1]> = {}, payload = new Uint8Array([1, 2, 3])): Uint8Array {
  const bytes = new Uint8Array(batchHeaderBytes + payload.length);
  bytes.set(payload, batchHeaderBytes);
  writeBatchHeader(bytes, {
    baseOffset: 0, leaderEpoch: 0, attributes: 0, lastOffsetDelta: 0, baseTimestamp: 0, maxTimestamp: 0, producerId: -1, producerEpoch: -1, baseSequence: -1, recordCount: 1, ...fields,
  });
  return bytes;
}

function refuses(bytes: Uint8Array, code: ErrorName): void {
  assert.throws(() => [...batchesIn(bytes)], (error) => error instanceof KafkaError && error.code === code);
}

test('a header reads as it was written, and its checksum holds', () => {
  fc.assert(fc.property(anyHeader, fc.uint8Array({ maxLength: 100 }), (header, payload) => {
    const bytes = batch(header, payload);
    const read = batchHeaderAt(bytes);
    assert.deepEqual(read, { ...header, bytes: bytes.length, magic: 2, crc: read.crc });
    assert.ok(checksumHolds(bytes, read));
  }));
});

test('a batch moves to another place of a log without a new checksum', () => {
  const bytes = batch();
  setBatchPlace(bytes, 0, { baseOffset: 2 ** 40 + 7, leaderEpoch: 9 });
  const header = batchHeaderAt(bytes);
  assert.equal(header.baseOffset, 2 ** 40 + 7);
  assert.equal(header.leaderEpoch, 9);
  assert.ok(checksumHolds(bytes, header));
});

test('the time of the log is part of the checksum', () => {
  const bytes = new Uint8Array([...batch(), ...batch({ baseOffset: 1, attributes: 4 })]);
  const at = batch().length;
  setLogAppendTime(bytes, at, 1_700_000_000_000);
  const header = batchHeaderAt(bytes, at);
  assert.equal(timestampTypeOf(header.attributes), 'LogAppendTime');
  assert.equal(compressionOf(header.attributes), 'zstd');
  assert.equal(header.maxTimestamp, 1_700_000_000_000);
  assert.ok(checksumHolds(bytes, header, at));
});

test('any flipped bit behind the checksum is noticed', () => {
  fc.assert(fc.property(fc.integer({ min: 17, max: batch().length - 1 }), fc.nat(7), (at, bit) => {
    const bytes = batch();
    bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
    try {
      assert.ok(!checksumHolds(bytes, batchHeaderAt(bytes)));
    } catch (error) {
      assert.ok(error instanceof KafkaError);
    }
  }));
});

test('batches are found one after another, a torn one only where it may be', () => {
  const two = new Uint8Array([...batch({ baseOffset: 5 }), ...batch({ baseOffset: 6 }, new Uint8Array(40))]);
  assert.deepEqual([...batchesIn(two)].map(({ at, header }) => [at, header.baseOffset, header.bytes]), [[0, 5, 64], [64, 6, 101]]);
  const torn = two.subarray(0, two.length - 1);
  assert.deepEqual([...batchesIn(torn, 'mayBeTorn')].map(({ at }) => at), [0]);
  refuses(torn, 'CORRUPT_MESSAGE');
  refuses(two.subarray(0, 5), 'CORRUPT_MESSAGE');
});

test('what contradicts itself is corrupt, and old formats are named', () => {
  const shorter = batch();
  new DataView(shorter.buffer).setInt32(8, 10);
  refuses(shorter, 'CORRUPT_MESSAGE');
  const negative = batch();
  new DataView(negative.buffer).setInt32(8, -20);
  refuses(negative, 'CORRUPT_MESSAGE');
  refuses(batch({ lastOffsetDelta: -1 }), 'CORRUPT_MESSAGE');
  refuses(batch({ recordCount: -1 }), 'CORRUPT_MESSAGE');
  const old = batch();
  old[16] = 1;
  refuses(old, 'UNSUPPORTED_FOR_MESSAGE_FORMAT');
  old[16] = 3;
  refuses(old, 'CORRUPT_MESSAGE');
  assert.throws(() => compressionOf(7), KafkaError);
});

test('sequence numbers begin again after the greatest', () => {
  assert.equal(lastSequenceOf(batchHeaderAt(batch({ baseSequence: 0x7fff_fffe, lastOffsetDelta: 3 }))), 1);
  assert.equal(lastSequenceOf(batchHeaderAt(batch({ baseSequence: -1, lastOffsetDelta: 3 }))), -1);
});

test('garbage is refused with Kafka\'s own error', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
    try {
      for (const { at, header } of batchesIn(bytes)) checksumHolds(bytes, header, at);
    } catch (error) {
      assert.ok(error instanceof KafkaError);
    }
  }));
});
