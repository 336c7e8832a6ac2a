/**
 * Entries of the log, and their form on disk: length, CRC-32C, term, index, first index of the write that it belongs to, kind, payload; numbers
 * big-endian. The first index of a write tells damage from a torn tail: a sound entry of a later write proves that the one before was synced.
 */
import { crc32c } from '@node-rs/crc32';

export interface Entry {
  readonly index: number;
  readonly term: number;
  /** `own`: the log's, begins a leader's term and never reaches the state machine. */
  readonly kind: 'data' | 'own';
  readonly data: Uint8Array;
}

/** 4 length, 4 checksum, 6 term, 6 index, 6 first index of the write, 1 kind. */
export const entryHeaderBytes = 27;
export const entryBytesMax = 64 * 1024 * 1024;

export function encodeEntries(entries: readonly Entry[]): Buffer {
  const buffer = Buffer.allocUnsafe(entries.reduce((sum, { data }) => sum + entryHeaderBytes + data.length, 0));
  const first = entries[0]?.index ?? 0;
  let at = 0;
  for (const { index, term, kind, data } of entries) {
    const end = at + entryHeaderBytes + data.length;
    buffer.writeUInt32BE(data.length, at);
    buffer.writeUIntBE(term, at + 8, 6);
    buffer.writeUIntBE(index, at + 14, 6);
    buffer.writeUIntBE(first, at + 20, 6);
    buffer[at + 26] = kind === 'own' ? 1 : 0;
    buffer.set(data, at + entryHeaderBytes);
    buffer.writeUInt32BE(crc32c(buffer.subarray(at + 8, end)), at + 4);
    at = end;
  }
  return buffer;
}

export interface DecodedEntry {
  readonly entry: Entry;
  /** First index of the write that it belongs to. */
  readonly writeFirst: number;
  /** Where the next entry begins. */
  readonly end: number;
}

/** The entry at a place. Undefined when there is no whole, sound one. */
export function decodeEntry(buffer: Buffer, at: number): DecodedEntry | undefined {
  if (at + entryHeaderBytes > buffer.length) return undefined;
  const length = buffer.readUInt32BE(at);
  const end = at + entryHeaderBytes + length;
  if (length > entryBytesMax || end > buffer.length) return undefined;
  if (crc32c(buffer.subarray(at + 8, end)) !== buffer.readUInt32BE(at + 4)) return undefined;
  const entry: Entry = {
    term: buffer.readUIntBE(at + 8, 6), index: buffer.readUIntBE(at + 14, 6), kind: buffer[at + 26] === 1 ? 'own' : 'data', data: buffer.subarray(at + entryHeaderBytes, end),
  };
  return { entry, writeFirst: buffer.readUIntBE(at + 20, 6), end };
}
