/** Which record has a timestamp. Batches are found by the time index, records inside of them by reading them. */
import { batchHeaderAt, batchHeaderBytes } from '../records/batch-header.ts';
import { int64At } from '../records/big-endian.ts';
import { decodeRecords, type KafkaRecord } from '../records/record.ts';
import { inflatedBytesMax } from './append-check.ts';
import { batchSizeAt, maxTimestampAt } from './batch-walk.ts';
import type { LogState } from './log-state.ts';
import type { OffsetAndTimestamp } from './partition-log.ts';
import type { Segment } from './segment.ts';

type Wish = (record: KafkaRecord) => boolean;

/** The first record of at least this timestamp, from the log's start up to `until`. */
export function offsetForTimestamp(state: LogState, timestampMs: number, until: number, settled: () => Promise<void>): Promise<OffsetAndTimestamp | undefined> {
  return state.lookUp(async () => {
    for (const segment of state.segments) {
      if ((await segment.maxTimestampMs()) < timestampMs) continue;
      const { position } = (await segment.indexes()).floorOfTime(timestampMs - 1);
      const { logStartOffset } = state;
      const found = await firstRecord(segment, position, timestampMs, ({ offset, timestampMs: own }) => own >= timestampMs && offset >= logStartOffset);
      if (found !== undefined) return found.offset < until ? found : undefined;
    }
    return undefined;
  }, settled);
}

/** The first record of the newest timestamp. */
export function offsetOfMaxTimestamp(state: LogState, settled: () => Promise<void>): Promise<OffsetAndTimestamp | undefined> {
  return state.lookUp(async () => {
    const { segments, logStartOffset } = state;
    const timestamps = await Promise.all(segments.map((segment) => segment.maxTimestampMs()));
    const newest = timestamps.reduce((max, each) => Math.max(max, each), -1);
    if (newest < 0) return undefined;
    for (const [i, segment] of segments.entries()) {
      if (timestamps[i] !== newest) continue;
      const { position } = (await segment.indexes()).floorOfTime(newest - 1);
      const found = await firstRecord(segment, position, newest, ({ timestampMs, offset }) => timestampMs >= newest && offset >= logStartOffset);
      if (found !== undefined) return found;
    }
    return undefined;
  }, settled);
}

/** Reads on until a batch has a record as wished; only batches that have the timestamp are decoded. */
async function firstRecord(segment: Segment, from: number, timestampMs: number, wish: Wish): Promise<OffsetAndTimestamp | undefined> {
  const head = Buffer.alloc(64 * 1024);
  let position = from;
  while (position < segment.bytes) {
    const end = segment.bytes;
    const length = await segment.read(head.subarray(0, Math.min(head.length, end - position)), position);
    let at = 0;
    while (at + batchHeaderBytes <= length && int64At(head, at + maxTimestampAt) < timestampMs) at += batchSizeAt(head, at);
    if (at + batchHeaderBytes > length) {
      if (at === 0) return undefined;
      position += at;
      continue;
    }
    const bytes = Buffer.allocUnsafeSlow(batchSizeAt(head, at));
    if ((await segment.read(bytes, position + at)) < bytes.length) return undefined;
    const header = batchHeaderAt(bytes);
    for (const record of decodeRecords(bytes, header, { bytesMax: inflatedBytesMax })) {
      if (wish(record)) return { offset: record.offset, timestampMs: record.timestampMs, leaderEpoch: header.leaderEpoch };
    }
    position += at + bytes.length;
  }
  return undefined;
}
