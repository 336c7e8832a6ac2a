/** Reads whole batches: of the recent tail without touching the disk, else in one large read of the segment. A read never crosses segments on disk. */
import { KafkaError } from '../kafka-error.ts';
import { batchHeaderBytes } from '../records/batch-header.ts';
import { int64At } from '../records/big-endian.ts';
import { batchSizeAt, batchWith, wholeBatches } from './batch-walk.ts';
import type { LogState } from './log-state.ts';
import type { AbortedTransaction, LogRead, LogReadResult } from './partition-log.ts';
import type { TailEntry } from './recent-tail.ts';
import type { Segment } from './segment.ts';

interface Found {
  readonly records: Uint8Array;
  /** After the last record. */
  readonly endOffset: number;
}

interface Wanted {
  readonly offset: number;
  /** No batch that begins there or behind it. */
  readonly limit: number;
  readonly bytesMax: number;
  readonly atLeastOneBatch: boolean;
}

const nothing = new Uint8Array(0);
/** What is found in one piece of memory is not copied together with more from this share of the wish on. */
const enoughShare = 0.5;

/** `settled` resolves when a change that is under way is done. Rejects with OFFSET_OUT_OF_RANGE or KAFKA_STORAGE_ERROR. */
export function readLog(state: LogState, read: LogRead, settled: () => Promise<void>): Promise<LogReadResult> {
  return state.lookUp(async () => {
    const { highWatermark, lastStableOffset, logStartOffset } = state;
    if (read.offset < logStartOffset || read.offset > state.logEndOffset) {
      throw new KafkaError('OFFSET_OUT_OF_RANGE', `The log ${state.directory} has the offsets from ${logStartOffset} up to ${state.logEndOffset}; ${read.offset} was asked for.`);
    }
    const limit = read.until === 'logEnd' ? state.logEndOffset : read.until === 'uncommitted' ? highWatermark : lastStableOffset;
    const found = await find(state, { ...read, limit });
    const abortedTransactions = read.until !== 'committed' ? undefined : found.records.length === 0 ? [] : await abortedIn(state, read.offset, found.endOffset);
    return { records: found.records, highWatermark, lastStableOffset, logStartOffset, abortedTransactions };
  }, settled);
}

async function find(state: LogState, wanted: Wanted): Promise<Found> {
  const none: Found = { records: nothing, endOffset: wanted.offset };
  if (wanted.offset >= wanted.limit || (wanted.bytesMax <= 0 && !wanted.atLeastOneBatch)) return none;
  const index = state.tail.indexOf(wanted.offset);
  if (index >= 0) return fromTail(state.tail.entries, index, wanted);
  const { segments } = state;
  for (let i = state.segmentIndexFor(wanted.offset); i < segments.length; i += 1) {
    const segment = segments[i] as Segment;
    if (segment.baseOffset >= wanted.limit) break;
    const found = await fromDisk(segment, wanted);
    // The rest of a segment may have been compacted away, or be in what was just cut.
    if (found !== undefined) return found;
  }
  return none;
}

function fromTail(entries: readonly TailEntry[], first: number, { offset, limit, bytesMax, atLeastOneBatch }: Wanted): Found {
  const pieces: Uint8Array[] = [];
  let left = bytesMax;
  let endOffset = offset;
  for (let i = first; i < entries.length; i += 1) {
    const entry = entries[i] as TailEntry;
    if (entry.baseOffset >= limit) break;
    const indexes = entry.segment.indexesNow();
    const from = i > first ? 0 : batchWith(entry.bytes, hint(entry, indexes?.floor(offset).position), offset);
    if (entry.endOffset <= limit && entry.bytes.length - from <= left) {
      pieces.push(entry.bytes.subarray(from));
      left -= entry.bytes.length - from;
      endOffset = entry.endOffset;
      if (pieces.length === 1 && left <= bytesMax * enoughShare) break;
      continue;
    }
    const stop = Math.min(from + left, entry.bytes.length);
    const last = Math.max(from, hint(entry, indexes?.floorOfPosition(entry.position + stop).position));
    // The limit may come before where the size would have it end.
    const start = int64Before(entry, last, limit) ? last : Math.max(from, hint(entry, indexes?.floor(limit).position));
    const whole = wholeBatches(entry.bytes, start, stop, limit);
    if (whole.end === from) break;
    pieces.push(entry.bytes.subarray(from, whole.end));
    endOffset = whole.endOffset ?? int64At(entry.bytes, whole.end);
    break;
  }
  if (pieces.length === 0 && atLeastOneBatch) return firstBatch(entries[first] as TailEntry, offset, limit);
  return { records: pieces.length === 1 ? pieces[0] as Uint8Array : Buffer.concat(pieces), endOffset };
}

/** Where a batch begins in the entry, from which the walk is short. */
function hint(entry: TailEntry, position: number | undefined): number {
  const at = (position ?? 0) - entry.position;
  return at > 0 && at < entry.bytes.length ? at : 0;
}

function int64Before({ bytes }: TailEntry, at: number, limit: number): boolean {
  return at + batchHeaderBytes > bytes.length || int64At(bytes, at) < limit;
}

function firstBatch(entry: TailEntry, offset: number, limit: number): Found {
  const at = batchWith(entry.bytes, 0, offset);
  const { end, endOffset } = at >= entry.bytes.length ? { end: at, endOffset: undefined } : wholeBatches(entry.bytes, at, at + batchSizeAt(entry.bytes, at), limit);
  return { records: entry.bytes.subarray(at, end), endOffset: endOffset ?? offset };
}

/** Undefined when the segment has nothing at the offset or behind it. */
async function fromDisk(segment: Segment, { offset, limit, bytesMax, atLeastOneBatch }: Wanted): Promise<Found | undefined> {
  const indexes = await segment.indexes();
  let position = indexes.floor(offset).position;
  let want = Math.max(bytesMax, batchHeaderBytes) + readAheadBytes;
  for (;;) {
    const length = Math.min(want, segment.bytes - position);
    if (length <= 0) return undefined;
    const bytes = Buffer.allocUnsafeSlow(length);
    if ((await segment.read(bytes, position)) < length) throw cutOff(segment, position + length);
    const at = batchWith(bytes, 0, offset);
    if (at + batchHeaderBytes > length) {
      // It begins behind what was read.
      position += at;
      if (position < segment.bytes && position + batchHeaderBytes > segment.bytes) throw cutOff(segment, position + batchHeaderBytes);
      continue;
    }
    const { end, endOffset } = wholeBatches(bytes, at, Math.min(length, at + bytesMax), limit);
    if (endOffset !== undefined) return { records: bytes.subarray(at, end), endOffset };
    if (!atLeastOneBatch || int64At(bytes, at) >= limit) return { records: nothing, endOffset: offset };
    const size = batchSizeAt(bytes, at);
    if (at + size <= length) return { records: bytes.subarray(at, at + size), endOffset: wholeBatches(bytes, at, at + size, limit).endOffset ?? offset };
    if (position + at + size > segment.bytes) throw cutOff(segment, position + at + size);
    position += at;
    want = size;
  }
}

function cutOff({ file, bytes }: Segment, byte: number): KafkaError {
  return new KafkaError('KAFKA_STORAGE_ERROR', `The segment ${file.path} ends before byte ${byte}; ${bytes} bytes of it were written.`);
}

/** For the batches between the index's entry and the offset. */
const readAheadBytes = 4096;

async function abortedIn(state: LogState, offset: number, endOffset: number): Promise<readonly AbortedTransaction[]> {
  const found: AbortedTransaction[] = [];
  const { segments } = state;
  for (let i = state.segmentIndexFor(offset); i < segments.length; i += 1) {
    const { aborted } = await (segments[i] as Segment).indexes();
    for (const { producerId, firstOffset, lastOffset, lastStableOffset } of aborted) {
      if (lastOffset >= offset && firstOffset < endOffset) found.push({ producerId, firstOffset });
      // Whatever ends later begins later, too.
      if (lastStableOffset >= endOffset) return found;
    }
  }
  return found;
}
