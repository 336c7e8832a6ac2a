/** CRC-32C of each 512 bytes, as 4 big-endian bytes per chunk: what replicas are checked by, on disk and on the wire. */
import { crc32c } from '@node-rs/crc32';
import { bytesPerChecksum } from '../model.ts';
import { checksumKernel } from './checksum-kernel.ts';

export const checksumBytes = 4;

const writeChecksums = checksumKernel();

export function chunksOf(bytes: number): number {
  return Math.ceil(bytes / bytesPerChecksum);
}

/** The start of the chunk that holds the byte after `bytes` bytes. */
export function chunkStart(bytes: number): number {
  return bytes - (bytes % bytesPerChecksum);
}

/** `data` starts at a chunk; its last chunk may be short. */
export function checksumsOf(data: Uint8Array): Buffer {
  const checksums = Buffer.allocUnsafe(chunksOf(data.length) * checksumBytes);
  writeChecksums(data, checksums);
  const rest = chunkStart(data.length);
  if (rest < data.length) checksums.writeUInt32BE(crc32c(data.subarray(rest)), checksums.length - checksumBytes);
  return checksums;
}

/** Index of the first chunk whose checksum differs, -1 when all agree. `checksums` has at least as many as `data` has chunks. */
export function firstWrongChunk(data: Uint8Array, checksums: Uint8Array): number {
  const actual = checksumsOf(data);
  const expected = Buffer.from(checksums.buffer, checksums.byteOffset, actual.length);
  if (actual.equals(expected)) return -1;
  for (let at = 0; at < actual.length; at += checksumBytes) if (actual.readUInt32BE(at) !== expected.readUInt32BE(at)) return at / checksumBytes;
  return -1;
}

/** Of the last chunk in a list of checksums. */
export function lastChecksum(checksums: Uint8Array): number {
  return new DataView(checksums.buffer, checksums.byteOffset, checksums.length).getUint32(checksums.length - checksumBytes);
}

export { crc32c };
