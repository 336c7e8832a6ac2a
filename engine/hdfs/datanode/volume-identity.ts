/** Whose disk it is. Stands on every volume from its first use on; a disk of somebody else is never written to. */
import { z } from 'zod';
import type { Random } from '../../core/random.ts';
import type { Disk } from '../../storage/disk.ts';
import { withFile } from './replica-files.ts';
import { blocksDirectory } from './replica-path.ts';

const identitySchema = z.object({ layoutVersion: z.literal(1), clusterId: z.string(), datanodeUuid: z.string(), volumeId: z.string() });
export type VolumeIdentity = z.infer<typeof identitySchema>;

/** The process ends with `hdfsExitCode.wrongDisk`; the message is for whoever runs the cluster. */
export class WrongDiskError extends Error {
  override readonly name = 'WrongDiskError';
  readonly code = 'WrongDisk';
}

const versionPath = 'VERSION';
const newVersionPath = 'VERSION.new';
const identityBytesMax = 65_536;

/** Undefined for a disk that no datanode has used. Rejects with `WrongDiskError` or `FileError`. */
export async function readIdentity(disk: Disk, label: string): Promise<VolumeIdentity | undefined> {
  const status = await disk.stat(versionPath);
  if (status === undefined) {
    if ((await disk.list(blocksDirectory)).length > 0) throw new WrongDiskError(`${label} holds blocks, and its file ${versionPath} is missing`);
    return undefined;
  }
  if (status.bytes > identityBytesMax) throw new WrongDiskError(`${label}/${versionPath} is none of a datanode`);
  const text = await withFile(disk, versionPath, 'read', async (file) => {
    const bytes = Buffer.alloc(status.bytes);
    return bytes.toString('utf8', 0, await file.read(bytes, 0));
  });
  const parsed = identitySchema.safeParse(parseJson(text));
  if (!parsed.success) throw new WrongDiskError(`${label}/${versionPath} is none of a datanode, or is damaged`);
  return parsed.data;
}

export async function writeIdentity(disk: Disk, identity: VolumeIdentity): Promise<void> {
  const bytes = Buffer.from(`${JSON.stringify(identity)}\n`);
  await withFile(disk, newVersionPath, 'write', async (file) => {
    await file.truncate(0);
    await file.write(bytes, 0);
    await file.sync();
  });
  await disk.rename(newVersionPath, versionPath);
  await disk.syncDirectory('');
}

/** RFC 9562, version 4. */
export function newUuid(random: Random): string {
  const bytes = Buffer.from(random.bytes(16));
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the schema refuses it
  }
}
