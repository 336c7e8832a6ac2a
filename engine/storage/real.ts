/** Files of the operating system. Built by main files only. */
import { type FileHandle, mkdir, open, readFile, readdir, rename, rm, stat } from 'node:fs/promises';
import { posix } from 'node:path';
import { throwIfAborted } from '../core/abort.ts';
import { FileError, type FileBlock, type FileStatus, type FileSystem } from './file-system.ts';
import { applyMounts, resolvePath, type Mounts } from './path.ts';

export interface RealFileSystemOptions {
  /** What relative paths are relative to; absolute. */
  readonly workingDirectory: string;
  /** `HEADRACE_MOUNTS` of embedded pods: a local process has no mounts of its own. */
  readonly mounts?: Mounts;
}

/** Of one read; also how much is held for a reader that does not keep up. */
const rangeReadBytes = 1 << 20;

export function realFileSystem(options: RealFileSystemOptions): FileSystem {
  return new RealFileSystem(options.workingDirectory, options.mounts ?? {});
}

class RealFileSystem implements FileSystem {
  readonly #workingDirectory: string;
  readonly #mounts: Mounts;
  #temporaryNames = 0;

  constructor(workingDirectory: string, mounts: Mounts) {
    this.#workingDirectory = workingDirectory;
    this.#mounts = mounts;
  }

  isLocal(): boolean {
    return true;
  }

  toLocal(path: string): string {
    return applyMounts(this.#resolve(path), this.#mounts);
  }

  async stat(path: string): Promise<FileStatus | undefined> {
    const absolute = this.#resolve(path);
    try {
      const found = await stat(this.toLocal(absolute));
      return { path: absolute, kind: found.isDirectory() ? 'directory' : 'file', bytes: found.isDirectory() ? 0 : found.size, modifiedMs: found.mtimeMs,
        version: `${found.ino}-${found.mtimeMs}-${found.size}`, blockBytes: 0 };
    } catch (cause) {
      const error = fileError('look at', path, cause);
      // A file in the middle of the path: nothing is there either.
      if (error.code === 'NotFound' || error.code === 'NotDirectory') return undefined;
      throw error;
    }
  }

  async list(path: string): Promise<readonly FileStatus[]> {
    const absolute = this.#resolve(path);
    const names = await attempt('list', path, () => readdir(this.toLocal(absolute)));
    const found = await Promise.all(names.toSorted().map((name) => this.stat(posix.join(absolute, name))));
    // A child removed since it was listed is not there.
    return found.filter((status) => status !== undefined);
  }

  read(path: string): Promise<Uint8Array> {
    return attempt('read', path, () => readFile(this.toLocal(path)));
  }

  async *readRange(path: string, offset: number, length: number, signal: AbortSignal): AsyncIterable<Uint8Array> {
    const handle = await attempt('read', path, () => open(this.toLocal(path), 'r'));
    try {
      for (let done = 0; done < length;) {
        throwIfAborted(signal);
        const size = Math.min(rangeReadBytes, length - done);
        const { bytesRead, buffer } = await attempt('read', path, () => handle.read(Buffer.allocUnsafe(size), 0, size, offset + done));
        if (bytesRead === 0) return;
        done += bytesRead;
        yield buffer.subarray(0, bytesRead);
      }
    } finally {
      await handle.close();
    }
  }

  async blocks(): Promise<readonly FileBlock[]> {
    return [];
  }

  async write(path: string, data: Uint8Array): Promise<void> {
    await this.#replace(path, async (file) => await file.writeFile(data));
  }

  async writeStream(path: string, chunks: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<number> {
    let bytes = 0;
    await this.#replace(path, async (file) => {
      for await (const chunk of chunks) {
        throwIfAborted(signal);
        await file.writeFile(chunk);
        bytes += chunk.length;
      }
    });
    return bytes;
  }

  async #replace(path: string, fill: (file: FileHandle) => Promise<void>): Promise<void> {
    const target = this.toLocal(path);
    this.#temporaryNames += 1;
    const temporary = posix.join(posix.dirname(target), `.${posix.basename(target)}.${process.pid}-${this.#temporaryNames}.tmp`);
    await attempt('write', path, async () => {
      try {
        await using file = await open(temporary, 'w');
        await fill(file);
        await file.sync();
        await rename(temporary, target);
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      }
    });
  }

  async makeDirectory(path: string): Promise<void> {
    await attempt('make the directory', path, () => mkdir(this.toLocal(path), { recursive: true }));
  }

  async rename(from: string, to: string): Promise<void> {
    if ((await this.stat(to))?.kind === 'directory') throw new FileError('Exists', to, `cannot move ${from} to ${to}: the target is a directory`);
    await attempt(`move ${from} to`, to, () => rename(this.toLocal(from), this.toLocal(to)));
  }

  async remove(path: string): Promise<void> {
    await attempt('remove', path, () => rm(this.toLocal(path), { recursive: true, force: true }));
  }

  async sync(directory: string): Promise<void> {
    await attempt('sync', directory, async () => {
      await using handle = await open(this.toLocal(directory), 'r');
      await handle.sync();
    });
  }

  #resolve(path: string): string {
    return resolvePath(path, this.#workingDirectory);
  }
}

async function attempt<T>(what: string, path: string, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (cause) {
    if (cause instanceof FileError || (cause instanceof Error && !('syscall' in cause))) throw cause;
    throw fileError(what, path, cause);
  }
}

const codes: Readonly<Record<string, { readonly code: FileError['code']; readonly reason: string }>> = {
  ENOENT: { code: 'NotFound', reason: 'no such file or directory' },
  EEXIST: { code: 'Exists', reason: 'it exists already' },
  ENOTDIR: { code: 'NotDirectory', reason: 'not a directory' },
  EISDIR: { code: 'IsDirectory', reason: 'it is a directory' },
  EACCES: { code: 'NoPermission', reason: 'permission denied' },
  EPERM: { code: 'NoPermission', reason: 'operation not permitted' },
  EROFS: { code: 'NoPermission', reason: 'the file system is read-only' },
  ENOSPC: { code: 'NoSpace', reason: 'no space left on the device' },
  EDQUOT: { code: 'NoSpace', reason: 'the disk quota is used up' },
  ENOTEMPTY: { code: 'NotEmpty', reason: 'the directory is not empty' },
};

function fileError(what: string, path: string, cause: unknown): FileError {
  const system = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const known = codes[system];
  const reason = known?.reason ?? (cause instanceof Error ? cause.message : String(cause));
  return new FileError(known?.code ?? 'Io', path, `cannot ${what} ${path}: ${reason}`, cause);
}
