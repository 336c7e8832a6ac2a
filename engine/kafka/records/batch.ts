/** Makes batches: those of a producer, those that compaction writes anew, and the broker's own. */
import { attributesOf, batchHeaderBytes, writeBatchHeader } from './batch-header.ts';
import type { Compression } from './batch-header.ts';
import { compress } from './compression.ts';
import { recordBytes, setRecord } from './record.ts';
import type { RecordFields, RecordHeader } from './record.ts';
import { varintBytes } from './variable-integer.ts';

export interface RecordInput {
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly timestampMs: number;
  readonly headers?: readonly RecordHeader[];
  /** Else one more than that of the record before. */
  readonly offset?: number;
}

export interface BatchOptions {
  /** 0 for a producer: the broker sets it. */
  readonly baseOffset?: number;
  readonly leaderEpoch?: number;
  readonly compression?: Compression;
  readonly producer?: { readonly id: number; readonly epoch: number; readonly baseSequence: number };
  readonly transactional?: boolean;
  readonly control?: boolean;
  /** Timestamps are the log's, all of them this one. */
  readonly logAppendTimeMs?: number;
  /** When compaction may drop the tombstones and markers of the batch. */
  readonly deleteHorizonMs?: number;
  /** For a batch that compaction took records from: it still ends where it did. */
  readonly lastOffset?: number;
  /** For a batch that compaction took all records from. */
  readonly maxTimestampMs?: number;
}

/**
 * One whole batch with its checksum. Records are given in the order of their offsets. Without any, `lastOffset` says what the batch stands for.
 * A batch larger than 2^31 bytes or offsets out of order are mistakes of the caller: RangeError.
 */
export function encodeBatch(records: readonly RecordInput[], options: BatchOptions = {}): Buffer {
  const baseOffset = options.baseOffset ?? 0;
  const baseTimestamp = options.deleteHorizonMs ?? records[0]?.timestampMs ?? options.maxTimestampMs ?? -1;
  const fields = fieldsOf(records, baseOffset, baseTimestamp);
  const lastOffsetDelta = options.lastOffset === undefined ? fields.at(-1)?.offsetDelta ?? 0 : options.lastOffset - baseOffset;
  if (lastOffsetDelta < (fields.at(-1)?.offsetDelta ?? 0) || lastOffsetDelta > 0x7fff_ffff) throw new RangeError(`a batch from offset ${baseOffset} cannot end at ${baseOffset + lastOffsetDelta}`);
  const compression = options.compression ?? 'none';
  const bytes = withRecords(fields, compression);
  writeBatchHeader(bytes, {
    baseOffset,
    leaderEpoch: options.leaderEpoch ?? -1,
    attributes: attributesOf({
      compression: fields.length === 0 ? 'none' : compression,
      timestampType: options.logAppendTimeMs === undefined ? 'CreateTime' : 'LogAppendTime',
      transactional: options.transactional ?? false, control: options.control ?? false, deleteHorizon: options.deleteHorizonMs !== undefined,
    }),
    lastOffsetDelta,
    baseTimestamp,
    maxTimestamp: options.logAppendTimeMs ?? records.reduce((max, { timestampMs }) => Math.max(max, timestampMs), options.maxTimestampMs ?? -1),
    producerId: options.producer?.id ?? -1,
    producerEpoch: options.producer?.epoch ?? -1,
    baseSequence: options.producer?.baseSequence ?? -1,
    recordCount: fields.length,
  });
  return bytes;
}

function fieldsOf(records: readonly RecordInput[], baseOffset: number, baseTimestamp: number): readonly RecordFields[] {
  let next = 0;
  return records.map(({ key, value, timestampMs, headers, offset }) => {
    const offsetDelta = offset === undefined ? next : offset - baseOffset;
    if (offsetDelta < next || offsetDelta > 0x7fff_ffff) throw new RangeError(`the offset ${baseOffset + offsetDelta} does not follow ${baseOffset + next - 1}`);
    next = offsetDelta + 1;
    return { timestampDelta: timestampMs - baseTimestamp, offsetDelta, key, value, headers: headers ?? [] };
  });
}

/** A buffer with room for the header, and the records behind it. */
function withRecords(fields: readonly RecordFields[], compression: Compression): Buffer {
  const sizes = fields.map(recordBytes);
  const size = sizes.reduce((sum, each) => sum + varintBytes(each) + each, batchHeaderBytes);
  if (size > 0x7fff_ffff) throw new RangeError(`a batch of ${size} bytes is larger than the format has room for`);
  const bytes = Buffer.allocUnsafe(size);
  let at = batchHeaderBytes;
  for (const [index, each] of fields.entries()) at = setRecord(bytes, at, each, sizes[index] as number);
  if (compression === 'none' || fields.length === 0) return bytes;
  const compressed = compress(compression, bytes.subarray(batchHeaderBytes));
  const whole = Buffer.allocUnsafe(batchHeaderBytes + compressed.length);
  whole.set(compressed, batchHeaderBytes);
  return whole;
}
