/**
 * The checksum file of a replica, `blk_<id>_<generation stamp>.meta`. Numbers are big-endian:
 *   0     u16 version 1, u8 2 (CRC-32C), u32 512 (bytes per checksum): as in HDFS
 *   512   seal
 *   1024  seal
 *   1536  u32 checksum of each chunk
 * A seal says how many bytes are proven to be on the disk, and with which checksum of a last chunk that is not full: that checksum is overwritten in
 * its place as the chunk grows, and must not be lost with it. The two seals are written in turn, each in a sector of its own. A final seal makes the
 * replica final. States of replicas stand here and not in directories or names, so that no rename can lose one.
 *   seal: u32 magic, u32 sequence, u32 1 when final, u32 checksum of the last chunk, u64 bytes, u32 CRC-32C of id, stamp and all before it
 */
import { crc32c } from '@node-rs/crc32';
import { bytesPerChecksum } from '../model.ts';
import { checksumBytes, chunksOf } from './chunk-checksums.ts';

export interface Seal {
  readonly sequence: number;
  readonly final: boolean;
  readonly bytes: number;
  /** Of the last chunk, full or not; 0 when there is none. */
  readonly lastChecksum: number;
}

export const metaHeaderBytes = 1536;
export const metaVersion = 1;
const castagnoli = 2;
const sealMagic = 0x4853_454c;
const sealBytes = 28;
const sealPositions = [512, 1024] as const;

export function checksumPosition(bytes: number): number {
  return metaHeaderBytes + Math.floor(bytes / bytesPerChecksum) * checksumBytes;
}

export function metaBytes(bytes: number): number {
  return metaHeaderBytes + chunksOf(bytes) * checksumBytes;
}

export function encodeMetaHeader(): Buffer {
  const header = Buffer.alloc(metaHeaderBytes);
  header.writeUInt16BE(metaVersion, 0);
  header.writeUInt8(castagnoli, 2);
  header.writeUInt32BE(bytesPerChecksum, 3);
  return header;
}

export interface BlockVersion {
  readonly id: number;
  readonly generationStamp: number;
}

export function sealPosition(sequence: number): number {
  return sealPositions[sequence % 2 === 0 ? 0 : 1];
}

export function encodeSeal(version: BlockVersion, seal: Seal): Buffer {
  const bytes = Buffer.alloc(sealBytes);
  bytes.writeUInt32BE(sealMagic, 0);
  bytes.writeUInt32BE(seal.sequence, 4);
  bytes.writeUInt32BE(seal.final ? 1 : 0, 8);
  bytes.writeUInt32BE(seal.lastChecksum, 12);
  bytes.writeBigUInt64BE(BigInt(seal.bytes), 16);
  bytes.writeUInt32BE(sealChecksum(version, bytes), 24);
  return bytes;
}

/** The seals that are whole, newest first. Undefined when this is no such file. */
export function decodeMetaHeader(version: BlockVersion, header: Buffer): readonly Seal[] | undefined {
  if (header.length < metaHeaderBytes || header.readUInt16BE(0) !== metaVersion || header.readUInt8(2) !== castagnoli || header.readUInt32BE(3) !== bytesPerChecksum) return undefined;
  return sealPositions.flatMap((at) => {
    const bytes = header.subarray(at, at + sealBytes);
    if (bytes.readUInt32BE(0) !== sealMagic || bytes.readUInt32BE(24) !== sealChecksum(version, bytes)) return [];
    return [{ sequence: bytes.readUInt32BE(4), final: bytes.readUInt32BE(8) === 1, lastChecksum: bytes.readUInt32BE(12), bytes: Number(bytes.readBigUInt64BE(16)) }];
  }).toSorted((a, b) => b.sequence - a.sequence);
}

function sealChecksum({ id, generationStamp }: BlockVersion, bytes: Buffer): number {
  const version = Buffer.alloc(16);
  version.writeBigUInt64BE(BigInt(id), 0);
  version.writeBigUInt64BE(BigInt(generationStamp), 8);
  return crc32c(bytes.subarray(0, 24), crc32c(version));
}
