import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { z } from 'zod';
import { KafkaError } from '../kafka-error.ts';
import type { ErrorName } from '../protocol/error-code.ts';
import { batchHeaderAt, checksumHolds, compressionOf, compressions, hasDeleteHorizon, isControl, isTransactional } from './batch-header.ts';
import { encodeBatch } from './batch.ts';
import type { BatchOptions, RecordInput } from './batch.ts';
import { decodeRecords } from './record.ts';
import type { KafkaRecord } from './record.ts';
import { encodeMarkerBatch, transactionMarkerOf } from './transaction-marker.ts';

const bytesMax = 1 << 20;
const anyBytes = fc.option(fc.oneof(fc.uint8Array({ maxLength: 60 }), fc.nat(300).map((size) => new Uint8Array(size).fill(7))));
const anyRecord: fc.Arbitrary<RecordInput> = fc.record({
  key: anyBytes, value: anyBytes, timestampMs: fc.integer({ min: -1, max: 2 ** 45 }),
  headers: fc.array(fc.record({ key: fc.oneof(fc.string(), fc.constant('größe')), value: anyBytes }), { maxLength: 3 }),
});

function decoded(bytes: Uint8Array): readonly KafkaRecord[] {
  return [...decodeRecords(bytes, batchHeaderAt(bytes), { bytesMax })];
}

function hex(value: Uint8Array | null): string | null {
  return value === null ? null : Buffer.from(value).toString('hex');
}

function plain(records: readonly (RecordInput | KafkaRecord)[]): unknown {
  return records.map(({ key, value, timestampMs, headers = [] }) => ({
    key: hex(key), value: hex(value), timestampMs, headers: headers.map((header) => [header.key, hex(header.value)]),
  }));
}

function refuses(run: () => unknown, code: ErrorName): void {
  assert.throws(run, (error) => error instanceof KafkaError && error.code === code);
}

for (const compression of compressions) {
  test(`records come back as they were written: ${compression}`, () => {
    fc.assert(fc.property(fc.array(anyRecord, { minLength: 1, maxLength: 20 }), fc.nat(2 ** 40), (records, baseOffset) => {
      const bytes = encodeBatch(records, { baseOffset, compression });
      const header = batchHeaderAt(bytes);
      assert.equal(compressionOf(header.attributes), compression);
      assert.equal(header.bytes, bytes.length);
      assert.ok(checksumHolds(bytes, header));
      assert.deepEqual(plain(decoded(bytes)), plain(records));
      assert.deepEqual(decoded(bytes).map(({ offset }) => offset), records.map((_, index) => baseOffset + index));
      assert.equal(header.maxTimestamp, Math.max(...records.map(({ timestampMs }) => timestampMs)));
    }), { numRuns: 60 });
  });

  test(`what is damaged is refused as such, or the records still have their form: ${compression}`, () => {
    const whole = encodeBatch(Array.from({ length: 30 }, (_, i) => ({ key: Buffer.from(`key ${i}`), value: Buffer.from('value '.repeat(i)), timestampMs: i })), { compression });
    fc.assert(fc.property(fc.integer({ min: 61, max: whole.length - 1 }), fc.nat(255), fc.boolean(), (at, byte, cut) => {
      const bytes = Buffer.from(whole);
      bytes[at] = byte;
      const part = cut ? bytes.subarray(0, at) : bytes;
      part.writeInt32BE(part.length - 12, 8);
      try {
        decoded(part);
      } catch (error) {
        assert.ok(error instanceof KafkaError, String(error));
      }
    }), { numRuns: 300 });
  });

  test(`no more comes out than is allowed: ${compression}`, () => {
    const bytes = encodeBatch([{ key: null, value: new Uint8Array(1 << 20), timestampMs: 0 }], { compression });
    refuses(() => [...decodeRecords(bytes, batchHeaderAt(bytes), { bytesMax: 100_000 })], 'MESSAGE_TOO_LARGE');
    assert.equal([...decodeRecords(bytes, batchHeaderAt(bytes), { bytesMax: 2 << 20 })][0]?.value?.length, 1 << 20);
  });
}

const vector = z.object({ name: z.string(), batch: z.string() });
const vectors = z.array(vector).parse(JSON.parse(readFileSync(new URL('testdata/java-batches.json', import.meta.url), 'utf8')));
/** What the Java client was given: see `testdata/README.md`. */
const known: readonly RecordInput[] = Array.from({ length: 20 }, (_, i) => ({
  key: i % 3 === 0 ? null : Buffer.from(`key ${i}`), value: i % 7 === 0 ? null : Buffer.from('headrace '.repeat(i)), timestampMs: 1_700_000_000_000 + i * 1000,
  headers: i % 2 === 0 ? [{ key: 'naïve', value: Buffer.from([i]) }, { key: 'none', value: null }] : [],
}));

for (const { name, batch } of vectors) {
  test(`a batch of the Java client is understood: ${name}`, () => {
    const bytes = Buffer.from(batch, 'base64');
    const header = batchHeaderAt(bytes);
    assert.equal(compressionOf(header.attributes), name);
    assert.ok(checksumHolds(bytes, header));
    assert.deepEqual({ ...header, bytes: 0, crc: 0, attributes: 0 }, {
      baseOffset: 1000, bytes: 0, leaderEpoch: 3, magic: 2, crc: 0, attributes: 0, lastOffsetDelta: 19, baseTimestamp: 1_700_000_000_000, maxTimestamp: 1_700_000_019_000,
      producerId: 77, producerEpoch: 5, baseSequence: 42, recordCount: 20,
    });
    assert.ok(isTransactional(header.attributes));
    assert.deepEqual(plain(decoded(bytes)), plain(known));
  });
}

test('an uncompressed batch has the very bytes of the Java client', () => {
  const options: BatchOptions = { baseOffset: 1000, leaderEpoch: 3, producer: { id: 77, epoch: 5, baseSequence: 42 }, transactional: true };
  assert.equal(encodeBatch(known, options).toString('base64'), vectors.find(({ name }) => name === 'none')?.batch);
});

test('a transaction\'s end is a control batch that says how it ended', () => {
  const place = { baseOffset: 9, leaderEpoch: 2, timestampMs: 5, producerId: 4, producerEpoch: 1 };
  for (const committed of [true, false]) {
    const bytes = encodeMarkerBatch({ committed, coordinatorEpoch: 12 }, place);
    const header = batchHeaderAt(bytes);
    assert.ok(isControl(header.attributes) && isTransactional(header.attributes) && checksumHolds(bytes, header));
    const [record] = decoded(bytes);
    assert.ok(record !== undefined);
    assert.deepEqual(transactionMarkerOf(record), { committed, coordinatorEpoch: 12 });
  }
  const other: KafkaRecord = { offset: 0, timestampMs: 0, key: Uint8Array.of(0, 0, 0, 2), value: null, headers: [] };
  assert.equal(transactionMarkerOf(other), undefined);
  refuses(() => transactionMarkerOf({ ...other, key: null }), 'CORRUPT_MESSAGE');
});

test('what compaction leaves of a batch keeps offsets, end and horizon', () => {
  const records = [{ key: Uint8Array.of(1), value: null, timestampMs: 100, offset: 12 }, { key: Uint8Array.of(2), value: null, timestampMs: 90, offset: 17 }];
  const bytes = encodeBatch(records, { baseOffset: 10, lastOffset: 19, deleteHorizonMs: 5000, compression: 'lz4' });
  const header = batchHeaderAt(bytes);
  assert.ok(hasDeleteHorizon(header.attributes));
  assert.deepEqual([header.baseTimestamp, header.maxTimestamp, header.lastOffsetDelta], [5000, 100, 9]);
  assert.deepEqual(decoded(bytes).map(({ offset, timestampMs }) => [offset, timestampMs]), [[12, 100], [17, 90]]);
  const empty = encodeBatch([], { baseOffset: 10, lastOffset: 19, maxTimestampMs: 70, producer: { id: 1, epoch: 0, baseSequence: 3 } });
  assert.deepEqual(decoded(empty), []);
  assert.equal(batchHeaderAt(empty).maxTimestamp, 70);
});

test('where the log stamps, all records have its time', () => {
  const bytes = encodeBatch(known, { logAppendTimeMs: 123 });
  assert.deepEqual(new Set(decoded(bytes).map(({ timestampMs }) => timestampMs)), new Set([123]));
});

test('records out of the order of their offsets are a mistake of the caller, or of who sent them', () => {
  const record = { key: null, value: null, timestampMs: 0 };
  assert.throws(() => encodeBatch([{ ...record, offset: 3 }, { ...record, offset: 3 }]), RangeError);
  assert.throws(() => encodeBatch([record, record, record], { lastOffset: 1 }), RangeError);
  const bytes = encodeBatch([record, record]);
  bytes.writeInt32BE(0, 23);
  refuses(() => decoded(bytes), 'CORRUPT_MESSAGE');
  const more = encodeBatch([record, record]);
  more.writeInt32BE(1, 57);
  refuses(() => decoded(more), 'CORRUPT_MESSAGE');
});
