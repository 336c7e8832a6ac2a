/** A directory of the operating system as a `Disk`. Built by main files only. */
import { close, fdatasync, fstat, fsync, ftruncate, open, read, write } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, statfs } from 'node:fs/promises';
import { join, normalize } from 'node:path';
import { promisify } from 'node:util';
import type { Disk, DiskFile, DiskFileStatus, DiskSpace } from './disk.ts';
import { FileError } from './file-system.ts';

const opened = promisify(open);
const closed = promisify(close);
const stated = promisify(fstat);
const truncated = promisify(ftruncate);
const dataSynced = promisify(fdatasync);
const synced = promisify(fsync);

const codes: Readonly<Record<string, FileError['code']>> = {
  ENOENT: 'NotFound', EEXIST: 'Exists', ENOTDIR: 'NotDirectory', EISDIR: 'IsDirectory', EACCES: 'NoPermission', EPERM: 'NoPermission', EROFS: 'NoPermission',
  ENOSPC: 'NoSpace', EDQUOT: 'NoSpace', ENOTEMPTY: 'NotEmpty',
};

/** The directory itself is made when it is missing. */
export async function realDisk(root: string): Promise<Disk> {
  await attempt('make the directory', root, () => mkdir(root, { recursive: true }));
  return new RealDisk(root);
}

class RealDisk implements Disk {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  async open(path: string, mode: 'read' | 'write' | 'create'): Promise<DiskFile> {
    const flags = mode === 'read' ? 'r' : mode === 'create' ? 'wx+' : 'r+';
    const local = this.#local(path);
    const descriptor = await attempt('open', path, async () => {
      if (mode !== 'write') return opened(local, flags);
      return opened(local, flags).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return opened(local, 'wx+');
        throw error;
      });
    });
    return new RealDiskFile(descriptor, path);
  }

  async stat(path: string): Promise<DiskFileStatus | undefined> {
    try {
      const found = await stat(this.#local(path));
      return { name: path.slice(path.lastIndexOf('/') + 1), kind: found.isDirectory() ? 'directory' : 'file', bytes: found.isDirectory() ? 0 : found.size };
    } catch (cause) {
      const error = fileError('look at', path, cause);
      if (error.code === 'NotFound' || error.code === 'NotDirectory') return undefined;
      throw error;
    }
  }

  async list(directory: string): Promise<readonly DiskFileStatus[]> {
    let names: readonly string[];
    try {
      names = await readdir(this.#local(directory));
    } catch (cause) {
      const error = fileError('list', directory, cause);
      if (error.code === 'NotFound') return [];
      throw error;
    }
    const found = await Promise.all(names.toSorted().map((name) => this.stat(directory === '' ? name : `${directory}/${name}`)));
    return found.filter((status) => status !== undefined);
  }

  async makeDirectory(path: string): Promise<void> {
    await attempt('make the directory', path, () => mkdir(this.#local(path), { recursive: true }));
  }

  async rename(from: string, to: string): Promise<void> {
    await attempt(`move to ${to}:`, from, () => rename(this.#local(from), this.#local(to)));
  }

  async remove(path: string): Promise<void> {
    await attempt('remove', path, () => rm(this.#local(path), { recursive: true, force: true }));
  }

  async syncDirectory(directory: string): Promise<void> {
    await attempt('sync', directory, async () => {
      const descriptor = await opened(this.#local(directory), 'r');
      try {
        await synced(descriptor);
      } finally {
        await closed(descriptor);
      }
    });
  }

  async space(): Promise<DiskSpace> {
    const found = await attempt('measure', '', () => statfs(this.#root));
    return { capacityBytes: found.blocks * found.bsize, freeBytes: found.bavail * found.bsize };
  }

  #local(path: string): string {
    const local = normalize(join(this.#root, path));
    if (local !== normalize(this.#root) && !local.startsWith(`${normalize(this.#root)}/`)) throw new FileError('NoPermission', path, `${path} leaves the disk`);
    return local;
  }
}

class RealDiskFile implements DiskFile {
  readonly #descriptor: number;
  readonly #path: string;
  #open = true;

  constructor(descriptor: number, path: string) {
    this.#descriptor = descriptor;
    this.#path = path;
  }

  async read(target: Uint8Array, position: number): Promise<number> {
    let done = 0;
    while (done < target.length) {
      const bytes = await this.#readSome(target, done, position + done);
      if (bytes === 0) break;
      done += bytes;
    }
    return done;
  }

  async write(data: Uint8Array, position: number): Promise<void> {
    let done = 0;
    while (done < data.length) done += await this.#writeSome(data, done, position + done);
  }

  async sync(): Promise<void> {
    await attempt('sync', this.#path, () => dataSynced(this.#descriptor));
  }

  async truncate(bytes: number): Promise<void> {
    await attempt('truncate', this.#path, () => truncated(this.#descriptor, bytes));
  }

  async size(): Promise<number> {
    return (await attempt('look at', this.#path, () => stated(this.#descriptor))).size;
  }

  async close(): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    await attempt('close', this.#path, () => closed(this.#descriptor));
  }

  #readSome(target: Uint8Array, offset: number, position: number): Promise<number> {
    return new Promise((resolve, reject) => {
      read(this.#descriptor, target, offset, target.length - offset, position, (error, bytes) => {
        if (error === null) resolve(bytes);
        else reject(fileError('read', this.#path, error));
      });
    });
  }

  #writeSome(data: Uint8Array, offset: number, position: number): Promise<number> {
    return new Promise((resolve, reject) => {
      write(this.#descriptor, data, offset, data.length - offset, position, (error, bytes) => {
        if (error === null) resolve(bytes);
        else reject(fileError('write', this.#path, error));
      });
    });
  }
}

async function attempt<T>(what: string, path: string, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (cause) {
    throw fileError(what, path, cause);
  }
}

function fileError(what: string, path: string, cause: unknown): FileError {
  if (cause instanceof FileError) return cause;
  const { code, message } = cause as NodeJS.ErrnoException;
  return new FileError(codes[code ?? ''] ?? 'Io', path, `cannot ${what} ${path === '' ? 'the disk' : path}: ${message}`, cause);
}
