/**
 * Whose disk this is. A namenode formats an empty disk once, when the cluster is new, and starts on nothing but its own disk after that: an empty one
 * would be an empty name space.
 */
import { z } from 'zod';
import type { Disk } from '../../storage/disk.ts';

export class WrongDiskError extends Error {
  override readonly name = 'WrongDiskError';
  readonly code = 'WrongDisk';
}

const markFile = 'cluster.json';
const markSchema = z.object({ layout: z.literal(1), clusterId: z.string(), nameNode: z.string(), joining: z.boolean() });
const markBytesMax = 64 * 1024;

export interface DiskOwner {
  readonly clusterId: string;
  readonly nameNode: string;
  /** The cluster has not been seen formatted yet. */
  readonly mayFormat: boolean;
  /** How many namenodes there are. */
  readonly members: number;
}

/**
 * `kept`: the disk is this namenode's. `formatted`: it was empty, and the cluster is new. `replaced`: it was empty, though the cluster is not new; the
 * other namenodes must fill it before this one may vote. Throws `WrongDiskError`.
 */
export type DiskCheck = 'kept' | 'formatted' | 'replaced';

/** Writes the mark of an empty disk, so that a crash later finds out whose it is. */
export async function claimDisk(disk: Disk, owner: DiskOwner): Promise<DiskCheck> {
  const mark = await readMark(disk);
  if (mark !== undefined) {
    if (mark.clusterId !== owner.clusterId) throw new WrongDiskError(`the disk belongs to cluster ${mark.clusterId}, not to ${owner.clusterId}`);
    if (mark.nameNode !== owner.nameNode) throw new WrongDiskError(`the disk belongs to namenode ${mark.nameNode}, not to ${owner.nameNode}`);
    return mark.joining ? 'replaced' : 'kept';
  }
  const foreign = (await disk.list('')).filter((each) => each.name !== 'lost+found' && each.name !== `${markFile}.new`);
  if (foreign.length > 0) throw new WrongDiskError(`the disk is neither empty nor a namenode's: it has ${foreign.slice(0, 5).map((each) => each.name).join(', ')}`);
  if (!owner.mayFormat && owner.members === 1) {
    throw new WrongDiskError(`the disk is empty though the name space of cluster ${owner.clusterId} is formatted: its only namenode has lost its disk`);
  }
  const joining = !owner.mayFormat;
  await markDisk(disk, owner, joining);
  return joining ? 'replaced' : 'formatted';
}

/** `joining`: the others have yet to fill the disk; the mark says so until it is written anew. */
export async function markDisk(disk: Disk, owner: DiskOwner, joining: boolean): Promise<void> {
  const text = JSON.stringify({ layout: 1, clusterId: owner.clusterId, nameNode: owner.nameNode, joining });
  const file = await disk.open(`${markFile}.new`, 'write');
  try {
    await file.truncate(0);
    await file.write(Buffer.from(text), 0);
    await file.sync();
  } finally {
    await file.close();
  }
  await disk.rename(`${markFile}.new`, markFile);
  await disk.syncDirectory('');
}

async function readMark(disk: Disk): Promise<z.infer<typeof markSchema> | undefined> {
  const found = await disk.stat(markFile);
  if (found === undefined) return undefined;
  if (found.bytes > markBytesMax) throw new WrongDiskError(`${markFile} on the disk is not a namenode's`);
  const file = await disk.open(markFile, 'read');
  try {
    const bytes = Buffer.alloc(found.bytes);
    await file.read(bytes, 0);
    return markSchema.parse(JSON.parse(bytes.toString('utf8')));
  } catch (cause) {
    throw new WrongDiskError(`${markFile} on the disk cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  } finally {
    await file.close();
  }
}
