/**
 * What is known of a segment besides its batches. In Kafka's formats:
 *
 *     .index        relative offset int32, position int32: the batch that ends with the offset begins at the position; one per `indexIntervalBytes`
 *     .timeindex    timestamp int64, relative offset int32: whatever is newer than the timestamp follows the offset
 *     .txnindex     version int16 (0), producer id int64, first offset int64, last offset int64 (the marker), last stable offset int64
 *
 * All of it can be made anew from the batches; the last one needs what was open before them, too.
 */
import type { BatchHeader } from '../records/batch-header.ts';
import { lastOffsetOf } from '../records/batch-header.ts';
import { int64At, setInt64 } from '../records/big-endian.ts';
import { IndexEntries } from './index-entries.ts';

const offsetEntryBytes = 8;
const timeEntryBytes = 12;
const abortedEntryBytes = 34;

export interface AbortedEntry {
  readonly producerId: number;
  readonly firstOffset: number;
  /** Of the marker. */
  readonly lastOffset: number;
  /** What was stable when the marker came: transactions that begin before it are in this entry or in those before. */
  readonly lastStableOffset: number;
}

export interface IndexFiles {
  readonly offsets: Buffer;
  readonly times: Buffer;
  readonly aborted: Buffer;
}

export interface IndexPlace {
  readonly offset: number;
  readonly position: number;
}

export class SegmentIndexes {
  readonly baseOffset: number;
  readonly #offsets: IndexEntries;
  readonly #times: IndexEntries;
  #aborted: AbortedEntry[];
  #bytesSinceEntry = 0;
  /** -1 when no batch has a timestamp. */
  maxTimestampMs = -1;
  /** Last offset of the first batch that has it. */
  offsetOfMaxTimestamp: number;

  constructor(baseOffset: number, files?: IndexFiles) {
    this.baseOffset = baseOffset;
    this.#offsets = new IndexEntries(offsetEntryBytes, files?.offsets);
    this.#times = new IndexEntries(timeEntryBytes, files?.times);
    this.#aborted = files === undefined ? [] : decodeAborted(files.aborted);
    this.offsetOfMaxTimestamp = baseOffset;
    this.#readMaxTimestamp();
  }

  get memoryBytes(): number {
    return 256 + this.#offsets.capacityBytes + this.#times.capacityBytes + this.#aborted.length * 64;
  }

  get aborted(): readonly AbortedEntry[] {
    return this.#aborted;
  }

  /** Called for every batch in the order of their places. */
  add(header: BatchHeader, position: number, indexIntervalBytes: number): void {
    if (header.maxTimestamp > this.maxTimestampMs) {
      this.maxTimestampMs = header.maxTimestamp;
      this.offsetOfMaxTimestamp = lastOffsetOf(header);
    }
    if (this.#bytesSinceEntry > indexIntervalBytes) {
      const { bytes, at } = this.#offsets.add();
      bytes.writeInt32BE(lastOffsetOf(header) - this.baseOffset, at);
      bytes.writeInt32BE(position, at + 4);
      this.#addTime();
      this.#bytesSinceEntry = 0;
    }
    this.#bytesSinceEntry += header.bytes;
  }

  addAborted(entry: AbortedEntry): void {
    this.#aborted.push(entry);
  }

  /** Where a search for `offset` begins: the batch there ends with the offset or before it. */
  floor(offset: number): IndexPlace {
    const entry = this.#offsets.lastWhere((bytes, at) => bytes.readInt32BE(at) <= offset - this.baseOffset);
    return this.#place(entry);
  }

  /** The last known beginning of a batch at or before the position. */
  floorOfPosition(position: number): IndexPlace {
    return this.#place(this.#offsets.lastWhere((bytes, at) => bytes.readInt32BE(at + 4) <= position));
  }

  /** Where a search for the first record of at least this timestamp begins. */
  floorOfTime(timestampMs: number): IndexPlace {
    const entry = this.#times.lastWhere((bytes, at) => int64At(bytes, at) <= timestampMs);
    return entry < 0 ? this.#place(-1) : this.floor(this.baseOffset + this.#times.int32(entry, 8));
  }

  /** Nothing at `position` or behind it, which is where `offset` was, is there any more. Returns where the caller adds batches again. */
  truncate(offset: number, position: number): IndexPlace {
    this.#offsets.keep(this.#offsets.lastWhere((bytes, at) => bytes.readInt32BE(at + 4) < position) + 1);
    this.#times.keep(this.#times.lastWhere((bytes, at) => bytes.readInt32BE(at + 8) < offset - this.baseOffset) + 1);
    this.#aborted = this.#aborted.filter(({ lastOffset }) => lastOffset < offset);
    this.#readMaxTimestamp();
    const count = this.#offsets.count;
    const last = this.#place(count - 1);
    // The caller adds the batch of the last entry again, which makes the entry again.
    this.#offsets.keep(Math.max(0, count - 1));
    this.#bytesSinceEntry = count === 0 ? 0 : Number.MAX_SAFE_INTEGER;
    return last;
  }

  /** As written to files, with the newest timestamp at the end. */
  files(): IndexFiles {
    this.#addTime();
    return { offsets: this.#offsets.bytes, times: this.#times.bytes, aborted: encodeAborted(this.#aborted) };
  }

  #addTime(): void {
    const last = this.#times.count === 0 ? -1 : this.#times.int64(this.#times.count - 1, 0);
    if (this.maxTimestampMs <= last) return;
    const { bytes, at } = this.#times.add();
    setInt64(bytes, at, this.maxTimestampMs);
    bytes.writeInt32BE(this.offsetOfMaxTimestamp - this.baseOffset, at + 8);
  }

  #place(entry: number): IndexPlace {
    if (entry < 0) return { offset: this.baseOffset, position: 0 };
    return { offset: this.baseOffset + this.#offsets.int32(entry, 0), position: this.#offsets.int32(entry, 4) };
  }

  #readMaxTimestamp(): void {
    const last = this.#times.count - 1;
    this.maxTimestampMs = last < 0 ? -1 : this.#times.int64(last, 0);
    this.offsetOfMaxTimestamp = last < 0 ? this.baseOffset : this.baseOffset + this.#times.int32(last, 8);
  }
}

/** Undefined when the files can be those of a segment of so many bytes, else what is wrong with them. */
export function indexTrouble({ offsets, times }: Pick<IndexFiles, 'offsets' | 'times'>, segmentBytes: number): string | undefined {
  if (offsets.length % offsetEntryBytes !== 0 || times.length % timeEntryBytes !== 0) return 'an entry is cut off';
  for (let at = 0, offset = -1, position = -1; at < offsets.length; at += offsetEntryBytes) {
    if (offsets.readInt32BE(at) <= offset || offsets.readInt32BE(at + 4) <= position) return `offsets or positions do not grow at byte ${at}`;
    offset = offsets.readInt32BE(at);
    position = offsets.readInt32BE(at + 4);
    if (position >= segmentBytes) return `byte ${at} points past the end of the segment`;
  }
  for (let at = 0, timestamp = -1; at < times.length; at += timeEntryBytes) {
    if (int64At(times, at) <= timestamp) return `timestamps do not grow at byte ${at}`;
    timestamp = int64At(times, at);
  }
  return undefined;
}

/** Undefined when these are whole entries, else what is wrong. */
export function abortedTrouble(bytes: Buffer): string | undefined {
  if (bytes.length % abortedEntryBytes !== 0) return 'an entry is cut off';
  for (let at = 0; at < bytes.length; at += abortedEntryBytes) {
    if (bytes.readInt16BE(at) !== 0) return `byte ${at} has an unknown version`;
    if (int64At(bytes, at + 10) > int64At(bytes, at + 18)) return `the transaction at byte ${at} ends before it begins`;
  }
  return undefined;
}

function decodeAborted(bytes: Buffer): AbortedEntry[] {
  const entries: AbortedEntry[] = [];
  for (let at = 0; at + abortedEntryBytes <= bytes.length; at += abortedEntryBytes) {
    entries.push({
      producerId: int64At(bytes, at + 2), firstOffset: int64At(bytes, at + 10), lastOffset: int64At(bytes, at + 18), lastStableOffset: int64At(bytes, at + 26),
    });
  }
  return entries;
}

function encodeAborted(entries: readonly AbortedEntry[]): Buffer {
  const bytes = Buffer.alloc(entries.length * abortedEntryBytes);
  for (const [index, { producerId, firstOffset, lastOffset, lastStableOffset }] of entries.entries()) {
    const at = index * abortedEntryBytes;
    setInt64(bytes, at + 2, producerId);
    setInt64(bytes, at + 10, firstOffset);
    setInt64(bytes, at + 18, lastOffset);
    setInt64(bytes, at + 26, lastStableOffset);
  }
  return bytes;
}
