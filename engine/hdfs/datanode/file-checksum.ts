/**
 * HDFS's checksum of a file: MD5 over the MD5s of its blocks, each over the block's CRC-32Cs. Two files with the same bytes have the same one only when
 * they have the same block size. Layout as in Hadoop's MD5MD5CRC32FileChecksum.
 */
import { createHash } from 'node:crypto';
import { HdfsError } from '../hdfs-error.ts';
import { bytesPerChecksum, type Caller, type LocatedBlock } from '../model.ts';
import { chunksOf } from './chunk-checksums.ts';
import type { DataAccess } from './data-access.ts';
import { ReplicaError } from './replica-error.ts';

export interface FileChecksum {
  /** As Hadoop names it: `MD5-of-262144MD5-of-512CRC32C`. */
  readonly algorithm: string;
  /** i32 bytes per checksum, i64 checksums per block, MD5. */
  readonly bytes: Uint8Array;
}

const md5Bytes = 16;
/** Hadoop digests the buffer in which it collects the blocks' MD5s, with the zeros up to its end: 32 bytes at first, doubled as it grows. */
const firstBufferBytes = 32;
const blocksAtOnce = 8;

/** Rejects with `HdfsError`, also while the file is being written. */
export async function fileChecksum(access: DataAccess, caller: Caller, path: string): Promise<FileChecksum> {
  const { blocks, underConstruction } = await access.client.getBlockLocations(caller, path, 0, Number.MAX_SAFE_INTEGER);
  if (underConstruction) throw new HdfsError('IOException', `Fail to get checksum, since file ${path} is under construction.`);
  if (blocks.length === 0) return encode({ perChecksum: 0, perBlock: 0, md5: md5Of([]), type: 'CRC32' });
  const digests: Uint8Array[] = [];
  for (let from = 0; from < blocks.length; from += blocksAtOnce) {
    digests.push(...await Promise.all(blocks.slice(from, from + blocksAtOnce).map((each) => blockChecksum(access, path, each))));
  }
  const perBlock = blocks.length > 1 ? chunksOf(blocks[0]?.block.bytes ?? 0) : 0;
  return encode({ perChecksum: bytesPerChecksum, perBlock, md5: md5Of(digests), type: 'CRC32C' });
}

async function blockChecksum(access: DataAccess, path: string, { block, locations }: LocatedBlock): Promise<Uint8Array> {
  for (const node of locations) {
    try {
      const { md5, bytes } = await access.peer(node, 0).blockChecksum(block);
      if (bytes === block.bytes && md5.length === md5Bytes) return md5;
    } catch (error) {
      access.logger.warn({ err: error, block: block.id, datanode: node.name }, 'a datanode cannot tell the checksum of a block');
      if (error instanceof ReplicaError && error.code === 'ReplicaCorrupt') access.reportBad(block, node.uuid);
    }
  }
  throw new HdfsError('IOException', `Fail to get block MD5 for blk_${block.id}_${block.generationStamp} of ${path}`);
}

function md5Of(digests: readonly Uint8Array[]): Buffer {
  const collected = Buffer.concat(digests);
  let bufferBytes = firstBufferBytes;
  while (bufferBytes < collected.length) bufferBytes *= 2;
  return createHash('md5').update(collected).update(Buffer.alloc(bufferBytes - collected.length)).digest();
}

function encode({ perChecksum, perBlock, md5, type }: { readonly perChecksum: number; readonly perBlock: number; readonly md5: Buffer; readonly type: string }): FileChecksum {
  const head = Buffer.alloc(12);
  head.writeInt32BE(perChecksum, 0);
  head.writeBigInt64BE(BigInt(perBlock), 4);
  return { algorithm: `MD5-of-${perBlock}MD5-of-${perChecksum}${type}`, bytes: Buffer.concat([head, md5]) };
}
