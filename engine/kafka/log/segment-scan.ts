/** Reading a segment from one place to its end, batch by batch. */
import { KafkaError } from '../kafka-error.ts';
import type { BatchHeader } from '../records/batch-header.ts';
import { batchBytesAt, batchHeaderAt, checksumHolds, lastOffsetOf } from '../records/batch-header.ts';

export interface ScannedPlace {
  /** In the file. */
  readonly position: number;
  /** What was read; the batch begins at `at`. Valid during the call only. */
  readonly bytes: Uint8Array;
  readonly at: number;
}

export interface SegmentScan {
  readonly from: number;
  /** Checksums too. */
  readonly verify: boolean;
  readonly onBatch: (header: BatchHeader, place: ScannedPlace) => void;
  /** After every few MiB. */
  readonly afterChunk?: () => Promise<void>;
  readonly signal?: AbortSignal | undefined;
}

export interface ScanEnd {
  /** Where the last sound batch ends. */
  readonly position: number;
  /** Undefined when it has none. */
  readonly endOffset: number | undefined;
  /** What is wrong with the bytes there, when they are not the end of the file. */
  readonly damage: string | undefined;
}

interface Scanned {
  readonly baseOffset: number;
  readonly bytes: number;
  read(target: Uint8Array, position: number): Promise<number>;
}

const chunkBytes = 1024 * 1024;

/** Rejects with what reading rejects with. Damage ends the scan; it is no error. */
export async function scanSegment(segment: Scanned, { from, verify, onBatch, afterChunk, signal }: SegmentScan): Promise<ScanEnd> {
  let position = from;
  let endOffset: number | undefined;
  let want = chunkBytes;
  const memory = Buffer.allocUnsafeSlow(Math.min(chunkBytes, segment.bytes - from));
  while (position < segment.bytes) {
    signal?.throwIfAborted();
    const length = Math.min(want, segment.bytes - position);
    const bytes = length <= memory.length ? memory.subarray(0, length) : Buffer.allocUnsafeSlow(length);
    const read = await segment.read(bytes, position);
    if (read < length) return { position, endOffset, damage: 'the file is shorter than it was' };
    let at = 0;
    want = chunkBytes;
    for (;;) {
      const size = batchBytesAt(bytes, at);
      const fits = size !== undefined && at + size <= length;
      if (!fits && position + (size === undefined ? length + 1 : at + size) <= segment.bytes) {
        // It goes on in the next piece.
        want = Math.max(chunkBytes, size ?? 0);
        break;
      }
      if (at === length) break;
      const found = soundBatch(bytes, at, verify, endOffset ?? segment.baseOffset);
      if (typeof found === 'string') return { position: position + at, endOffset, damage: found };
      onBatch(found, { position: position + at, bytes, at });
      endOffset = lastOffsetOf(found) + 1;
      at += found.bytes;
    }
    position += at;
    await afterChunk?.();
  }
  return { position, endOffset, damage: undefined };
}

function soundBatch(bytes: Uint8Array, at: number, verify: boolean, offsetMin: number): BatchHeader | string {
  try {
    const header = batchHeaderAt(bytes, at);
    if (header.baseOffset < offsetMin) return `a batch of offset ${header.baseOffset} follows offset ${offsetMin - 1}`;
    if (verify && !checksumHolds(bytes, header, at)) return 'the checksum of a batch does not hold';
    return header;
  } catch (error) {
    if (error instanceof KafkaError) return error.message;
    throw error;
  }
}
