/**
 * Files behind an interface, so that the same code runs on a real disk, in HDFS, in memory, and on a disk
 * that fails. Implementations: `real.ts`, `hdfs.ts`, `memory.ts`, `faulty.ts`, and `routed.ts`, which picks one by the
 * path's scheme; all pass `file-system.contract.ts`.
 */

export interface FileStatus {
  /** Absolute path as the user wrote it (before mounts are applied). */
  readonly path: string;
  readonly kind: 'file' | 'directory';
  readonly bytes: number;
  readonly modifiedMs: number;
  /** Another one after every change of the content: two reads with the same version between them saw the same file. */
  readonly version: string;
  /** Of a file: how the store divides it. 0 where it does not. */
  readonly blockBytes: number;
}

/** A part of a file and where it lies. */
export interface FileBlock {
  readonly offset: number;
  readonly bytes: number;
  /** Kubernetes nodes (or hosts) with a replica, and the racks they are in, pairwise. Empty: anywhere. */
  readonly replicas: readonly { readonly machine: string; readonly rack: string | undefined }[];
}

/** Every call rejects with `FileError`. Paths are absolute POSIX paths. */
export interface FileSystem {
  /** Undefined when nothing is there. */
  stat(path: string): Promise<FileStatus | undefined>;
  /** Direct children, sorted by name. */
  list(path: string): Promise<readonly FileStatus[]>;
  read(path: string): Promise<Uint8Array>;
  /** The bytes from `offset` on, `length` of them or fewer at the end of the file, as they come. Throws while it is read. */
  readRange(path: string, offset: number, length: number, signal: AbortSignal): AsyncIterable<Uint8Array>;
  /** Creates or replaces, durably: written, synced, renamed into place. */
  write(path: string, data: Uint8Array): Promise<void>;
  /** Creates or replaces from a stream, for a file that nobody else knows of yet: a reader may see it half-written. Resolves to its bytes. */
  writeStream(path: string, chunks: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<number>;
  /** Where the parts of a file lie, in order. Empty for a store that does not say. */
  blocks(path: string, signal: AbortSignal): Promise<readonly FileBlock[]>;
  makeDirectory(path: string): Promise<void>;
  /** Atomic within one file system; the target must not exist, or be a file to be replaced. */
  rename(from: string, to: string): Promise<void>;
  /** Recursive; no error when nothing is there. */
  remove(path: string): Promise<void>;
  /** Makes earlier writes and renames directly in the directory durable. */
  sync(directory: string): Promise<void>;
  /** Whether the operating system has the file: else the kernel (DuckDB) works on a copy. */
  isLocal(path: string): boolean;
  /** The path the operating system knows the file by: what the kernel (DuckDB) is given. Only for local paths. */
  toLocal(path: string): string;
}

export class FileError extends Error {
  override readonly name = 'FileError';
  /** `Changed`: the file is not the one that was looked at before. */
  readonly code: 'NotFound' | 'Exists' | 'NotDirectory' | 'IsDirectory' | 'NoPermission' | 'NoSpace' | 'NotEmpty' | 'Changed' | 'Io';
  readonly path: string;

  constructor(code: FileError['code'], path: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
    this.path = path;
  }
}
