/** Reading and rewriting the checksums of replicas. All reject with `FileError`, or with `ReplicaError` ReplicaCorrupt. */
import { bytesPerChecksum } from '../model.ts';
import type { Disk, DiskFile } from '../../storage/disk.ts';
import { checksumBytes, chunksOf, chunkStart, crc32c, lastChecksum } from './chunk-checksums.ts';
import { decodeMetaHeader, encodeMetaHeader, encodeSeal, metaHeaderBytes, sealPosition, type BlockVersion, type Seal } from './meta-file.ts';
import { ReplicaError } from './replica-error.ts';
import type { Replica } from './replica.ts';

/** Opens, works, closes. */
export async function withFile<T>(disk: Disk, path: string, mode: 'read' | 'write' | 'create', work: (file: DiskFile) => Promise<T>): Promise<T> {
  const file = await disk.open(path, mode);
  try {
    return await work(file);
  } finally {
    await file.close();
  }
}

/** The checksums of the chunks from byte `from` (the start of a chunk) to byte `to`. */
export async function readChecksums(file: DiskFile, from: number, to: number): Promise<Buffer> {
  const bytes = (chunksOf(to) - chunksOf(from)) * checksumBytes;
  const checksums = Buffer.allocUnsafe(bytes);
  const found = await file.read(checksums, metaHeaderBytes + chunksOf(from) * checksumBytes);
  if (found < bytes) throw new ReplicaError('ReplicaCorrupt', `only ${found} of ${bytes} bytes of checksums are there`);
  return checksums;
}

/** Whole seals, newest first; undefined when the file has no header. */
export async function readSeals(file: DiskFile, version: BlockVersion): Promise<readonly Seal[] | undefined> {
  const header = Buffer.alloc(metaHeaderBytes);
  const found = await file.read(header, 0);
  return decodeMetaHeader(version, header.subarray(0, found));
}

/**
 * The checksums of a replica's first `bytes` bytes. That of a last chunk which ends within a chunk of the replica is made from its data, once that is
 * found to be right.
 */
export async function checksumsUpTo(replica: Replica, bytes: number): Promise<Buffer> {
  const { disk } = replica.volume;
  const checksums = await withFile(disk, replica.metaPath, 'read', (file) => readChecksums(file, 0, bytes));
  if (bytes === 0) return checksums;
  const ends = replica.state !== 'Finalized' && chunksOf(bytes) === chunksOf(replica.bytes);
  // What stands on the disk may be that of a longer chunk whose write failed.
  if (ends) checksums.writeUInt32BE(replica.lastChecksum, checksums.length - checksumBytes);
  if (bytes === replica.bytes || bytes % bytesPerChecksum === 0) return checksums;
  const start = chunkStart(bytes);
  const chunk = Buffer.alloc(Math.min(bytesPerChecksum, replica.bytes - start));
  const found = await withFile(disk, replica.dataPath, 'read', (file) => file.read(chunk, start));
  if (found < chunk.length || crc32c(chunk) !== lastChecksum(checksums)) {
    throw new ReplicaError('ReplicaCorrupt', `block ${replica.id} has a wrong checksum at byte ${start}`);
  }
  checksums.writeUInt32BE(crc32c(chunk.subarray(0, bytes - start)), checksums.length - checksumBytes);
  return checksums;
}

/** Writes a replica's checksums under another stamp, durably. An unfinished file of that name is replaced. */
export async function writeMeta(disk: Disk, path: string, version: BlockVersion, checksums: Buffer, seal: Seal | undefined): Promise<void> {
  const header = encodeMetaHeader();
  if (seal !== undefined) encodeSeal(version, seal).copy(header, sealPosition(seal.sequence));
  await withFile(disk, path, 'write', async (file) => {
    await file.truncate(0);
    await file.write(header, 0);
    if (checksums.length > 0) await file.write(checksums, metaHeaderBytes);
    await file.sync();
  });
}
