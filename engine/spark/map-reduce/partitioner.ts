/** Which reducer a key goes to: the same one as Hadoop's HashPartitioner and KeyFieldBasedPartitioner choose. */
import { fieldEnd } from './record.ts';

/** Hash of bytes as Hadoop's `WritableComparator.hashBytes` (seed 1) and its field partitioner (seed 0) take it: signed bytes, times 31. */
export function hashBytes(data: Buffer, from: number, to: number, seed: number): number {
  let hash = seed;
  for (let i = from; i < to; i += 1) hash = (Math.imul(hash, 31) + ((data[i] as number) << 24 >> 24)) | 0;
  return hash;
}

export interface PartitionFields {
  /** From 1. */
  readonly from: number;
  readonly to: number;
}

/** Takes the key's bytes to a partition below `partitions`. */
export type Partitioner = (data: Buffer, from: number, to: number) => number;

export function partitioner(partitions: number, fields: PartitionFields | undefined, separator: Buffer): Partitioner {
  if (partitions === 1) return () => 0;
  if (fields === undefined) return (data, from, to) => (hashBytes(data, from, to, 1) & 0x7fff_ffff) % partitions;
  return (data, from, to) => {
    const start = fields.from === 1 ? from : fieldEnd(data, from, to, separator, fields.from - 1) + separator.length;
    // A key with too few fields has nothing to hash.
    if (start > to) return 0;
    const end = fieldEnd(data, from, to, separator, fields.to);
    return (hashBytes(data, start, Math.max(start, end), 0) & 0x7fff_ffff) % partitions;
  };
}
