/** CRC-32C of each 512 bytes, as 4 big-endian bytes per chunk: what replicas are checked by, on disk and on the wire. */
import { crc32c } from '@node-rs/crc32';
import { bytesPerChecksum } from '../model.ts';

export const checksumBytes = 4;

export function chunksOf(bytes: number): number {
  return Math.ceil(bytes / bytesPerChecksum);
}

/** The start of the chunk that holds the byte after `bytes` bytes. */
export function chunkStart(bytes: number): number {
  return bytes - (bytes % bytesPerChecksum);
}

/** A view without what `Buffer.subarray` does besides: it is made once per 512 bytes. */
function view(data: Uint8Array, from: number, to: number): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset + from, to - from);
}

/** `data` starts at a chunk; its last chunk may be short. */
export function checksumsOf(data: Uint8Array): Buffer {
  const checksums = Buffer.allocUnsafe(chunksOf(data.length) * checksumBytes);
  for (let from = 0, at = 0; from < data.length; from += bytesPerChecksum, at += checksumBytes) {
    checksums.writeUInt32BE(crc32c(view(data, from, Math.min(from + bytesPerChecksum, data.length))), at);
  }
  return checksums;
}

/** Index of the first chunk whose checksum differs, -1 when all agree. `checksums` has at least as many as `data` has chunks. */
export function firstWrongChunk(data: Uint8Array, checksums: Uint8Array): number {
  const expected = new DataView(checksums.buffer, checksums.byteOffset, checksums.length);
  for (let from = 0, index = 0; from < data.length; from += bytesPerChecksum, index += 1) {
    const actual = crc32c(view(data, from, Math.min(from + bytesPerChecksum, data.length)));
    if (actual !== expected.getUint32(index * checksumBytes)) return index;
  }
  return -1;
}

/** Of the last chunk in a list of checksums. */
export function lastChecksum(checksums: Uint8Array): number {
  return new DataView(checksums.buffer, checksums.byteOffset, checksums.length).getUint32(checksums.length - checksumBytes);
}

export { crc32c };
