/** Names of a replica's files on its volume. Directories are fanned out by the block's id, 32 in 32, as HDFS does. */

export const blocksDirectory = 'blocks';
/** Data of which no checksums are left: kept for people. */
export const orphansDirectory = 'orphans';

export function replicaDirectory(id: number): string {
  const low = id % 2 ** 21;
  return `${blocksDirectory}/subdir${(low >>> 16) & 31}/subdir${(low >>> 8) & 31}`;
}

export function dataPath(id: number): string {
  return `${replicaDirectory(id)}/blk_${id}`;
}

/** `copy`: one that comes from another datanode and is not whole yet. */
export function metaPath(id: number, generationStamp: number, kind: 'meta' | 'copy' = 'meta'): string {
  return `${replicaDirectory(id)}/blk_${id}_${generationStamp}.${kind}`;
}

export type ReplicaFileName =
  | { readonly kind: 'data'; readonly id: number }
  | { readonly kind: 'meta' | 'copy'; readonly id: number; readonly generationStamp: number };

/** Undefined for names of other things. */
export function parseReplicaFileName(name: string): ReplicaFileName | undefined {
  const match = /^blk_(\d{1,15})(?:_(\d{1,15})\.(meta|copy))?$/.exec(name);
  if (match === null) return undefined;
  const [, id, stamp, kind] = match;
  if (stamp === undefined) return { kind: 'data', id: Number(id) };
  return { kind: kind === 'copy' ? 'copy' : 'meta', id: Number(id), generationStamp: Number(stamp) };
}
