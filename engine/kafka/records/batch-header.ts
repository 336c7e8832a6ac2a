/**
 * The header of a batch of records, format 2. Source: the message format of Apache Kafka's documentation.
 *
 *     base offset         int64    ┐ outside the checksum: a broker sets the first and the third
 *     length              int32    │ bytes that follow this field
 *     leader epoch        int32    │
 *     magic               int8     ┘ 2; 0 and 1 are the message sets of clients before 0.11
 *     checksum            uint32     CRC-32C of all that follows
 *     attributes          int16      bits 0–2 compression, 3 timestamps are the log's, 4 transactional, 5 control, 6 base timestamp is a delete horizon
 *     last offset delta   int32
 *     base timestamp      int64
 *     max timestamp       int64
 *     producer id         int64      -1: none
 *     producer epoch      int16
 *     base sequence       int32
 *     number of records   int32
 *
 * All functions take the place of the batch in `bytes`. Those that read single fields trust that `batchHeaderAt` or `batchesIn` has seen the batch.
 */
import { crc32c } from '@node-rs/crc32';
import { KafkaError } from '../kafka-error.ts';
import { int16At, int32At, int64At, setInt16, setInt32, setInt64 } from './big-endian.ts';

export const batchHeaderBytes = 61;
/** Base offset and length: what comes before the part that the length counts. */
export const batchPrefixBytes = 12;
export const currentMagic = 2;

const leaderEpochAt = 12;
const magicAt = 16;
const crcAt = 17;
const attributesAt = 21;
const lastOffsetDeltaAt = 23;
const baseTimestampAt = 27;
const maxTimestampAt = 35;
const producerIdAt = 43;
const producerEpochAt = 51;
const baseSequenceAt = 53;
const recordCountAt = 57;

export const compressions = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;
export type Compression = (typeof compressions)[number];
export type TimestampType = 'CreateTime' | 'LogAppendTime';

export interface BatchHeader {
  readonly baseOffset: number;
  /** Of the whole batch, prefix and header included. */
  readonly bytes: number;
  readonly leaderEpoch: number;
  readonly magic: number;
  readonly crc: number;
  readonly attributes: number;
  readonly lastOffsetDelta: number;
  readonly baseTimestamp: number;
  readonly maxTimestamp: number;
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly recordCount: number;
}

/** Bytes of the whole batch that begins here, as its length field says. Undefined when the bytes end before they would tell. */
export function batchBytesAt(bytes: Uint8Array, at = 0): number | undefined {
  return at + batchPrefixBytes > bytes.length ? undefined : batchPrefixBytes + int32At(bytes, at + 8);
}

/**
 * Reads the header of a batch that is there as a whole. The checksum is not looked at.
 * Throws CORRUPT_MESSAGE when the batch is torn or contradicts itself, UNSUPPORTED_FOR_MESSAGE_FORMAT when its format is older than 2.
 */
export function batchHeaderAt(bytes: Uint8Array, at = 0): BatchHeader {
  const size = batchBytesAt(bytes, at);
  if (size === undefined || at + size > bytes.length) throw corrupt(at, `is cut off: ${bytes.length - at} bytes of ${size ?? batchPrefixBytes} are there`);
  if (at + magicAt < bytes.length) {
    const magic = bytes[at + magicAt] as number;
    if (magic < currentMagic) throw new KafkaError('UNSUPPORTED_FOR_MESSAGE_FORMAT', `The records have message format ${magic}; send format ${currentMagic} (clients since 0.11).`);
    if (magic !== currentMagic) throw corrupt(at, `has the unknown format ${magic}`);
  }
  if (size < batchHeaderBytes) throw corrupt(at, `has ${size} bytes, less than its header`);
  const header = fieldsAt(bytes, at, size);
  if (header.baseOffset < 0 || !Number.isSafeInteger(header.baseOffset + header.lastOffsetDelta)) throw corrupt(at, `has the offset ${header.baseOffset}`);
  if (header.lastOffsetDelta < 0 || header.recordCount < 0) throw corrupt(at, `claims ${header.recordCount} records up to offset delta ${header.lastOffsetDelta}`);
  if (!Number.isSafeInteger(header.producerId)) throw corrupt(at, 'has a producer id beyond 2^53');
  if (!Number.isSafeInteger(header.baseTimestamp) || !Number.isSafeInteger(header.maxTimestamp)) throw corrupt(at, 'has a timestamp beyond 2^53');
  return header;
}

function fieldsAt(bytes: Uint8Array, at: number, size: number): BatchHeader {
  return {
    baseOffset: int64At(bytes, at),
    bytes: size,
    leaderEpoch: int32At(bytes, at + leaderEpochAt),
    magic: bytes[at + magicAt] as number,
    crc: int32At(bytes, at + crcAt) >>> 0,
    attributes: int16At(bytes, at + attributesAt),
    lastOffsetDelta: int32At(bytes, at + lastOffsetDeltaAt),
    baseTimestamp: int64At(bytes, at + baseTimestampAt),
    maxTimestamp: int64At(bytes, at + maxTimestampAt),
    producerId: int64At(bytes, at + producerIdAt),
    producerEpoch: int16At(bytes, at + producerEpochAt),
    baseSequence: int32At(bytes, at + baseSequenceAt),
    recordCount: int32At(bytes, at + recordCountAt),
  };
}

export interface BatchPlace {
  readonly at: number;
  readonly header: BatchHeader;
}

/** All batches of `bytes`, in order. Throws as `batchHeaderAt` does, for a torn one at the end too unless `tail` says that one may be left over. */
export function* batchesIn(bytes: Uint8Array, tail: 'whole' | 'mayBeTorn' = 'whole'): Generator<BatchPlace, void, undefined> {
  let at = 0;
  while (at < bytes.length) {
    if (tail === 'mayBeTorn') {
      const size = batchBytesAt(bytes, at);
      if (size === undefined || at + size > bytes.length) return;
    }
    const header = batchHeaderAt(bytes, at);
    yield { at, header };
    at += header.bytes;
  }
}

export function compressionOf(attributes: number): Compression {
  const compression = compressions[attributes & 7];
  if (compression === undefined) throw new KafkaError('CORRUPT_MESSAGE', `A batch names the unknown compression ${attributes & 7}.`);
  return compression;
}

export function timestampTypeOf(attributes: number): TimestampType {
  return (attributes & 8) === 0 ? 'CreateTime' : 'LogAppendTime';
}

export function isTransactional(attributes: number): boolean {
  return (attributes & 16) !== 0;
}

/** A batch of the broker's own: a transaction's end. Consumers do not see it. */
export function isControl(attributes: number): boolean {
  return (attributes & 32) !== 0;
}

export function hasDeleteHorizon(attributes: number): boolean {
  return (attributes & 64) !== 0;
}

export function attributesOf(fields: {
  readonly compression?: Compression; readonly timestampType?: TimestampType; readonly transactional?: boolean; readonly control?: boolean; readonly deleteHorizon?: boolean;
}): number {
  return compressions.indexOf(fields.compression ?? 'none') | (fields.timestampType === 'LogAppendTime' ? 8 : 0) | (fields.transactional === true ? 16 : 0)
    | (fields.control === true ? 32 : 0) | (fields.deleteHorizon === true ? 64 : 0);
}

export function lastOffsetOf(header: BatchHeader): number {
  return header.baseOffset + header.lastOffsetDelta;
}

/** Sequence numbers begin again at 0 after 2^31 - 1. -1 when the batch has none. */
export function lastSequenceOf(header: BatchHeader): number {
  return header.baseSequence < 0 ? -1 : (header.baseSequence + header.lastOffsetDelta) % 0x8000_0000;
}

export function checksumHolds(bytes: Uint8Array, header: BatchHeader, at = 0): boolean {
  return checksumAt(bytes, at, header.bytes) === header.crc;
}

/** Sets where the batch is in its log: in place, the checksum stays. */
export function setBatchPlace(bytes: Uint8Array, at: number, place: { readonly baseOffset: number; readonly leaderEpoch: number }): void {
  setInt64(bytes, at, place.baseOffset);
  setInt32(bytes, at + leaderEpochAt, place.leaderEpoch);
}

/** Stamps the batch with the log's time, in place, with a new checksum. */
export function setLogAppendTime(bytes: Uint8Array, at: number, timestampMs: number): void {
  setInt16(bytes, at + attributesAt, int16At(bytes, at + attributesAt) | 8);
  setInt64(bytes, at + maxTimestampAt, timestampMs);
  setBatchChecksum(bytes, at);
}

/** Writes a header with its checksum; `bytes` holds the records behind it already and ends with them. */
export function writeBatchHeader(bytes: Uint8Array, header: Omit<BatchHeader, 'bytes' | 'magic' | 'crc'>): void {
  setInt64(bytes, 0, header.baseOffset);
  setInt32(bytes, 8, bytes.length - batchPrefixBytes);
  setInt32(bytes, leaderEpochAt, header.leaderEpoch);
  bytes[magicAt] = currentMagic;
  setInt16(bytes, attributesAt, header.attributes);
  setInt32(bytes, lastOffsetDeltaAt, header.lastOffsetDelta);
  setInt64(bytes, baseTimestampAt, header.baseTimestamp);
  setInt64(bytes, maxTimestampAt, header.maxTimestamp);
  setInt64(bytes, producerIdAt, header.producerId);
  setInt16(bytes, producerEpochAt, header.producerEpoch);
  setInt32(bytes, baseSequenceAt, header.baseSequence);
  setInt32(bytes, recordCountAt, header.recordCount);
  setBatchChecksum(bytes, 0);
}

function setBatchChecksum(bytes: Uint8Array, at: number): void {
  setInt32(bytes, at + crcAt, checksumAt(bytes, at, batchPrefixBytes + int32At(bytes, at + 8)));
}

function checksumAt(bytes: Uint8Array, at: number, size: number): number {
  return crc32c(bytes.subarray(at + attributesAt, at + size));
}

function corrupt(at: number, what: string): KafkaError {
  return new KafkaError('CORRUPT_MESSAGE', `The batch at byte ${at} ${what}.`);
}
