/** Stands for a disk that could not be opened: every call fails as the opening did. */
import type { Disk } from '../../storage/disk.ts';
import type { FileError } from '../../storage/file-system.ts';

export function failedDisk(error: FileError): Disk {
  const fail = async (): Promise<never> => {
    throw error;
  };
  return { open: fail, stat: fail, list: fail, makeDirectory: fail, rename: fail, remove: fail, syncDirectory: fail, space: fail };
}
