/**
 * A disk below a directory, with random access and explicit durability: what journals, logs and block stores are written on.
 * Implementations: `real-disk.ts`, `memory-disk.ts` (crashes, torn writes, bad sectors); both pass `disk.contract.ts`.
 *
 * What survives a crash: bytes of a file up to its last `sync`, names of a directory as of its last `syncDirectory`. Anything later may be there, be
 * missing, or be there in part.
 */

export interface DiskFileStatus {
  readonly name: string;
  readonly kind: 'file' | 'directory';
  readonly bytes: number;
}

export interface DiskSpace {
  readonly capacityBytes: number;
  readonly freeBytes: number;
}

/** Every call rejects with `FileError` (`file-system.ts`). Paths are relative to the disk's root, with `/`, without `..`. */
export interface Disk {
  /** `read`: must exist. `write`: created when missing, kept when there. `create`: must not exist. */
  open(path: string, mode: 'read' | 'write' | 'create'): Promise<DiskFile>;
  /** Undefined when nothing is there. */
  stat(path: string): Promise<DiskFileStatus | undefined>;
  /** Sorted by name. Empty when the directory is not there. */
  list(directory: string): Promise<readonly DiskFileStatus[]>;
  /** With its parents; no error when it is there. */
  makeDirectory(path: string): Promise<void>;
  /** Atomic; replaces a file. */
  rename(from: string, to: string): Promise<void>;
  /** Recursive; no error when nothing is there. */
  remove(path: string): Promise<void>;
  /** Makes creations, renames and removals directly in the directory durable. */
  syncDirectory(directory: string): Promise<void>;
  space(): Promise<DiskSpace>;
}

export interface DiskFile {
  /** Reads into `target`; fewer bytes than asked only at the end of the file. Resolves to how many. */
  read(target: Uint8Array, position: number): Promise<number>;
  /** All or an error; past the end it extends the file. Not durable before `sync`. */
  write(data: Uint8Array, position: number): Promise<void>;
  /** `fdatasync`: data and length. */
  sync(): Promise<void>;
  truncate(bytes: number): Promise<void>;
  size(): Promise<number>;
  close(): Promise<void>;
}
