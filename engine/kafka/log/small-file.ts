/** Files that are read and written as a whole. */
import type { Disk } from '../../storage/disk.ts';

/** Undefined when it is not there. */
export async function readWhole(disk: Disk, path: string): Promise<Buffer | undefined> {
  if ((await disk.stat(path)) === undefined) return undefined;
  const file = await disk.open(path, 'read');
  try {
    const bytes = Buffer.alloc(await file.size());
    return bytes.subarray(0, await file.read(bytes, 0));
  } finally {
    await file.close();
  }
}

/** Under its name there is the old file or the whole new one. Durable. */
export async function writeAnew(disk: Disk, directory: string, name: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${directory}/${name}.new`;
  await disk.remove(temporary);
  await writeSynced(disk, temporary, bytes);
  await disk.rename(temporary, `${directory}/${name}`);
  await disk.syncDirectory(directory);
}

/** Over whatever is there. The bytes are durable, the name is not yet. */
export async function writeSynced(disk: Disk, path: string, bytes: Uint8Array): Promise<void> {
  const file = await disk.open(path, 'write');
  try {
    await file.truncate(bytes.length);
    await file.write(bytes, 0);
    await file.sync();
  } finally {
    await file.close();
  }
}
