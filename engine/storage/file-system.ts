/**
 * Files behind an interface, so that the same code runs on a real disk, in memory, and on a disk
 * that fails. Implementations: `real.ts`, `memory.ts`, `faulty.ts`; all pass `file-system.contract.ts`.
 */

export interface FileStatus {
  /** Absolute path as the user wrote it (before mounts are applied). */
  readonly path: string;
  readonly kind: 'file' | 'directory';
  readonly bytes: number;
  readonly modifiedMs: number;
}

/** Every call rejects with `FileError`. Paths are absolute POSIX paths. */
export interface FileSystem {
  /** Undefined when nothing is there. */
  stat(path: string): Promise<FileStatus | undefined>;
  /** Direct children, sorted by name. */
  list(path: string): Promise<readonly FileStatus[]>;
  read(path: string): Promise<Uint8Array>;
  /** Creates or replaces, durably: written, synced, renamed into place. */
  write(path: string, data: Uint8Array): Promise<void>;
  makeDirectory(path: string): Promise<void>;
  /** Atomic within one file system; the target must not exist, or be a file to be replaced. */
  rename(from: string, to: string): Promise<void>;
  /** Recursive; no error when nothing is there. */
  remove(path: string): Promise<void>;
  /** Makes earlier writes and renames directly in the directory durable. */
  sync(directory: string): Promise<void>;
  /** The path the operating system knows the file by: what the kernel (DuckDB) is given. */
  toLocal(path: string): string;
}

export class FileError extends Error {
  override readonly name = 'FileError';
  readonly code: 'NotFound' | 'Exists' | 'NotDirectory' | 'IsDirectory' | 'NoPermission' | 'NoSpace' | 'NotEmpty' | 'Io';
  readonly path: string;

  constructor(code: FileError['code'], path: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
    this.path = path;
  }
}
