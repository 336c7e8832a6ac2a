/** Reads of final and unfinished replicas, checked. */
import { bytesPerChecksum } from '../model.ts';
import { checksumBytes, chunksOf, chunkStart, firstWrongChunk } from './chunk-checksums.ts';
import type { ReadHandles } from './read-handles.ts';
import { ReplicaError } from './replica-error.ts';
import { readChecksums } from './replica-files.ts';
import type { Replica } from './replica.ts';

/** At most `length` bytes of what readers may see. Rejects with `FileError`, or `ReplicaError` ReplicaCorrupt. */
export async function readReplica(handles: ReadHandles, replica: Replica, offset: number, length: number): Promise<Uint8Array> {
  const { bytes, lastChecksum, state, readableBytes } = replica;
  const end = Math.min(readableBytes, offset + length);
  if (end <= offset) return new Uint8Array(0);
  const from = chunkStart(offset);
  // Whole chunks, as their checksums are made of; the last one as it stood when this began.
  const to = Math.min(bytes, chunksOf(end) * bytesPerChecksum);
  const data = Buffer.allocUnsafeSlow(to - from);
  const [found, checksums] = await handles.use(replica, ({ data: file, meta }) => Promise.all([file.read(data, from), readChecksums(meta, from, to)]));
  if (state !== 'Finalized' && to === bytes) checksums.writeUInt32BE(lastChecksum, checksums.length - checksumBytes);
  const wrong = found < data.length ? chunksOf(found) : firstWrongChunk(data, checksums);
  if (wrong >= 0) throw new ReplicaError('ReplicaCorrupt', `block ${replica.id} has a wrong checksum at byte ${from + wrong * bytesPerChecksum}`);
  return data.subarray(offset - from, end - from);
}
