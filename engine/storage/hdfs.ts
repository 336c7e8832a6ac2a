/** An HDFS cluster as a file system. Paths are full URIs: `hdfs://sales.data/in/x`. */
import { posix } from 'node:path';
import { AbortedError } from '../core/abort.ts';
import { FileError, type FileBlock, type FileStatus, type FileSystem } from './file-system.ts';
import type { HdfsFiles, HdfsFileStatus } from './hdfs-files.ts';
import { formatStorePath, parseStorePath, type StorePath } from './path.ts';

/** `signal` ends what has no signal of its own. */
export function hdfsFileSystem(files: HdfsFiles, signal: AbortSignal): FileSystem {
  return new HdfsFileSystem(files, signal);
}

class HdfsFileSystem implements FileSystem {
  readonly #files: HdfsFiles;
  readonly #signal: AbortSignal;
  #temporaryNames = 0;

  constructor(files: HdfsFiles, signal: AbortSignal) {
    this.#files = files;
    this.#signal = signal;
  }

  isLocal(): boolean {
    return false;
  }

  toLocal(path: string): string {
    throw new FileError('Io', path, `${path} is in HDFS: it has no local path`);
  }

  async stat(path: string): Promise<FileStatus | undefined> {
    const at = storePath(path);
    const found = await attempt('look at', path, () => this.#files.status(at.path, this.#signal));
    return found === undefined ? undefined : statusOf(at, found);
  }

  async list(path: string): Promise<readonly FileStatus[]> {
    const at = storePath(path);
    const status = await this.stat(path);
    if (status === undefined) throw new FileError('NotFound', path, `cannot list ${path}: no such file or directory`);
    if (status.kind === 'file') throw new FileError('NotDirectory', path, `cannot list ${path}: not a directory`);
    const children = await attempt('list', path, () => this.#files.list(at.path, this.#signal));
    return children.map((child) => statusOf({ ...at, path: posix.join(at.path, child.name) }, child));
  }

  async read(path: string): Promise<Uint8Array> {
    if ((await this.stat(path))?.kind === 'directory') throw new FileError('IsDirectory', path, `cannot read ${path}: it is a directory`);
    const chunks: Uint8Array[] = [];
    for await (const chunk of this.readRange(path, 0, Number.MAX_SAFE_INTEGER, this.#signal)) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  async *readRange(path: string, offset: number, length: number, signal: AbortSignal): AsyncIterable<Uint8Array> {
    if (length <= 0) return;
    try {
      yield* this.#files.read(storePath(path).path, { offset, length }, signal);
    } catch (cause) {
      throw fileError('read', path, cause);
    }
  }

  async blocks(path: string, signal: AbortSignal): Promise<readonly FileBlock[]> {
    return await attempt('locate the blocks of', path, () => this.#files.blocks(storePath(path).path, signal));
  }

  /** Under a hidden name first, so that readers see the old file or the new one. */
  async write(path: string, data: Uint8Array): Promise<void> {
    const at = storePath(path);
    if ((await this.stat(path))?.kind === 'directory') throw new FileError('IsDirectory', path, `cannot write ${path}: it is a directory`);
    this.#temporaryNames += 1;
    const temporary = posix.join(posix.dirname(at.path), `.${posix.basename(at.path)}.${process.pid}-${this.#temporaryNames}.tmp`);
    await attempt('write', path, async () => {
      try {
        await this.#files.create(temporary, once(data), this.#signal);
        await this.#files.rename(temporary, at.path, this.#signal);
      } catch (error) {
        await this.#files.remove(temporary, this.#signal).catch(() => false);
        throw error;
      }
    });
  }

  async writeStream(path: string, chunks: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<number> {
    const at = storePath(path);
    let bytes = 0;
    const counted = async function* (): AsyncGenerator<Uint8Array> {
      for await (const chunk of chunks) {
        bytes += chunk.length;
        yield chunk;
      }
    };
    await attempt('write', path, () => this.#files.create(at.path, counted(), signal));
    return bytes;
  }

  async makeDirectory(path: string): Promise<void> {
    await attempt('make the directory', path, () => this.#files.makeDirectory(storePath(path).path, this.#signal));
  }

  async rename(from: string, to: string): Promise<void> {
    const [source, target] = [storePath(from), storePath(to)];
    if (source.authority !== target.authority) throw new FileError('Io', to, `cannot move ${from} to ${to}: they are in different stores`);
    const there = await this.stat(to);
    if (there?.kind === 'directory') throw new FileError('Exists', to, `cannot move ${from} to ${to}: the target is a directory`);
    await attempt(`move ${from} to`, to, () => this.#files.rename(source.path, target.path, this.#signal));
  }

  async remove(path: string): Promise<void> {
    await attempt('remove', path, () => this.#files.remove(storePath(path).path, this.#signal));
  }

  /** A file in HDFS is with its replicas when it is closed, and a name in the journal when the call returns. */
  async sync(): Promise<void> {}
}

function storePath(path: string): StorePath {
  const at = parseStorePath(path);
  if (at === undefined) throw new FileError('Io', path, `${path} is no path of HDFS`);
  return at;
}

function statusOf(at: StorePath, { kind, bytes, modifiedMs, fileId, blockBytes }: HdfsFileStatus): FileStatus {
  const version = kind === 'file' ? `${fileId}-${modifiedMs}-${bytes}` : '';
  return { path: formatStorePath(at), kind, bytes: kind === 'file' ? bytes : 0, modifiedMs, version, blockBytes: kind === 'file' ? blockBytes : 0 };
}

async function* once(data: Uint8Array): AsyncGenerator<Uint8Array> {
  if (data.length > 0) yield data;
}

async function attempt<T>(what: string, path: string, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (cause) {
    throw fileError(what, path, cause);
  }
}

const codes: Readonly<Record<string, FileError['code']>> = {
  FileNotFoundException: 'NotFound', FileAlreadyExistsException: 'Exists', ParentNotDirectoryException: 'NotDirectory', AccessControlException: 'NoPermission',
  SecurityException: 'NoPermission', DSQuotaExceededException: 'NoSpace', NSQuotaExceededException: 'NoSpace', PathIsNotEmptyDirectoryException: 'NotEmpty',
};

/** An abort stays what it is. */
function fileError(what: string, path: string, cause: unknown): unknown {
  if (cause instanceof FileError || cause instanceof AbortedError) return cause;
  const code = cause instanceof Error && 'code' in cause ? codes[String(cause.code)] : undefined;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new FileError(code ?? 'Io', path, `cannot ${what} ${path}: ${reason}`, cause);
}
