/**
 * Records inside a batch. Source: the message format of Apache Kafka's documentation.
 *
 *     record  = length varint, attributes int8 (unused), timestamp delta varlong, offset delta varint, key, value, number of headers varint, headers
 *     header  = key (never null), value
 *     key, value = length varint (-1: null), bytes
 */
import { KafkaError } from '../kafka-error.ts';
import { batchHeaderBytes, compressionOf, timestampTypeOf } from './batch-header.ts';
import type { BatchHeader } from './batch-header.ts';
import { decompress } from './compression.ts';
import { Cursor, setVarint, setVarlong, varintBytes, varlongBytes } from './variable-integer.ts';

export interface RecordHeader {
  readonly key: string;
  readonly value: Uint8Array | null;
}

/** Keys and values are views of the batch, or of what came out of its compression. */
export interface KafkaRecord {
  readonly offset: number;
  readonly timestampMs: number;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: readonly RecordHeader[];
}

/** A header has at least its two lengths. */
const headerBytesMin = 2;
const noHeaders: readonly RecordHeader[] = [];

/**
 * The records of the batch at `at`, one after another as they are asked for; `header` is what `batchHeaderAt` says of it. Throws CORRUPT_MESSAGE when they
 * do not have the form or the number that they should, MESSAGE_TOO_LARGE when they are more than `bytesMax` bytes without their compression.
 */
export function* decodeRecords(bytes: Uint8Array, header: BatchHeader, options: { readonly at?: number; readonly bytesMax: number }): Generator<KafkaRecord, void, undefined> {
  const at = options.at ?? 0;
  const stored = bytes.subarray(at + batchHeaderBytes, at + header.bytes);
  const cursor = new Cursor(decompress(compressionOf(header.attributes), stored, options.bytesMax));
  const stamped = timestampTypeOf(header.attributes) === 'LogAppendTime' ? header.maxTimestamp : undefined;
  let last = -1;
  for (let left = header.recordCount; left > 0; left -= 1) {
    const length = cursor.varint();
    const end = cursor.at + length;
    cursor.int8();
    const timestamp = header.baseTimestamp + cursor.varlong();
    const delta = cursor.varint();
    if (delta <= last || delta > header.lastOffsetDelta) throw corrupt(header, `has a record of offset delta ${delta} after ${last}, up to ${header.lastOffsetDelta}`);
    last = delta;
    const key = cursor.view();
    const value = cursor.view();
    const headers = decodeHeaders(cursor, header);
    if (cursor.at !== end) throw corrupt(header, `has a record of ${length} bytes that holds ${cursor.at - end + length}`);
    yield { offset: header.baseOffset + delta, timestampMs: stamped ?? timestamp, key, value, headers };
  }
  if (cursor.at !== cursor.bytes.length) throw corrupt(header, `has ${cursor.bytes.length - cursor.at} bytes after its last record`);
}

function decodeHeaders(cursor: Cursor, batch: BatchHeader): readonly RecordHeader[] {
  const count = cursor.varint();
  if (count === 0) return noHeaders;
  if (count < 0 || count * headerBytesMin > cursor.bytes.length - cursor.at) throw corrupt(batch, `has a record of ${count} headers`);
  const headers: RecordHeader[] = [];
  for (let left = count; left > 0; left -= 1) {
    const key = cursor.view();
    if (key === null) throw corrupt(batch, 'has a header without a key');
    headers.push({ key: Buffer.from(key.buffer, key.byteOffset, key.length).toString('utf8'), value: cursor.view() });
  }
  return headers;
}

/** A record as it is written: against the base of its batch. */
export interface RecordFields {
  readonly timestampDelta: number;
  readonly offsetDelta: number;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: readonly RecordHeader[];
}

/** Without the length that stands before it. */
export function recordBytes({ timestampDelta, offsetDelta, key, value, headers }: RecordFields): number {
  let bytes = 1 + varlongBytes(timestampDelta) + varintBytes(offsetDelta) + viewBytes(key) + viewBytes(value) + varintBytes(headers.length);
  for (const header of headers) {
    const length = Buffer.byteLength(header.key);
    bytes += varintBytes(length) + length + viewBytes(header.value);
  }
  return bytes;
}

/** Writes length and record; returns where the next one goes. `target` has the room. */
export function setRecord(target: Buffer, at: number, record: RecordFields, bytes: number): number {
  let next = setVarint(target, at, bytes);
  target[next] = 0;
  next = setVarlong(target, next + 1, record.timestampDelta);
  next = setVarint(target, next, record.offsetDelta);
  next = setView(target, next, record.key);
  next = setView(target, next, record.value);
  next = setVarint(target, next, record.headers.length);
  for (const { key, value } of record.headers) {
    const length = Buffer.byteLength(key);
    next = setVarint(target, next, length);
    target.write(key, next, length, 'utf8');
    next = setView(target, next + length, value);
  }
  return next;
}

function viewBytes(value: Uint8Array | null): number {
  return value === null ? 1 : varintBytes(value.length) + value.length;
}

function setView(target: Buffer, at: number, value: Uint8Array | null): number {
  if (value === null) return setVarint(target, at, -1);
  const next = setVarint(target, at, value.length);
  target.set(value, next);
  return next + value.length;
}

function corrupt(header: BatchHeader, what: string): KafkaError {
  return new KafkaError('CORRUPT_MESSAGE', `The batch at offset ${header.baseOffset} ${what}.`);
}
