/** Finding places among batches that lie one after another, by their headers. */
import { KafkaError } from '../kafka-error.ts';
import { batchHeaderBytes, batchPrefixBytes } from '../records/batch-header.ts';
import { int32At, int64At } from '../records/big-endian.ts';

/** Of the newest timestamp in a header. */
export const maxTimestampAt = 35;

/** Offset of the last record of the batch; its header is there. */
export function lastOffsetAt(bytes: Uint8Array, at: number): number {
  return int64At(bytes, at) + int32At(bytes, at + 23);
}

/** Bytes of the batch. Throws KAFKA_STORAGE_ERROR when what is there can be none: whoever walks would not come to an end. */
export function batchSizeAt(bytes: Uint8Array, at: number): number {
  const size = batchPrefixBytes + int32At(bytes, at + 8);
  if (size < batchHeaderBytes) throw new KafkaError('KAFKA_STORAGE_ERROR', `A stored batch claims ${size} bytes: the segment or its index is damaged.`);
  return size;
}

/** Where the first batch begins that ends with `offset` or behind it. `bytes.length` or less when no whole header is left; then nothing was found. */
export function batchWith(bytes: Uint8Array, at: number, offset: number): number {
  let place = at;
  while (place + batchHeaderBytes <= bytes.length && lastOffsetAt(bytes, place) < offset) place += batchSizeAt(bytes, place);
  return place;
}

export interface WholeBatches {
  /** Where the last whole one ends. */
  readonly end: number;
  /** Offset after it, or undefined when there is none. */
  readonly endOffset: number | undefined;
}

/** From `at` on, whole batches that end at `stop` bytes or before and begin below `limit`. */
export function wholeBatches(bytes: Uint8Array, at: number, stop: number, limit: number): WholeBatches {
  let end = at;
  let endOffset: number | undefined;
  while (end + batchHeaderBytes <= stop && int64At(bytes, end) < limit) {
    const next = end + batchSizeAt(bytes, end);
    if (next > stop) break;
    endOffset = lastOffsetAt(bytes, end) + 1;
    end = next;
  }
  return { end, endOffset };
}
