/** What the file layer asks of a client of HDFS. */

export interface HdfsFileStatus {
  /** Empty for the path itself, the name for a child of a listed directory. */
  readonly name: string;
  readonly kind: 'file' | 'directory';
  readonly bytes: number;
  readonly modifiedMs: number;
  /** Of the inode: a file that was replaced has another one. */
  readonly fileId: number;
  readonly blockBytes: number;
}

export interface HdfsFileBlock {
  readonly offset: number;
  readonly bytes: number;
  readonly replicas: readonly { readonly machine: string; readonly rack: string | undefined }[];
}

/** Every call rejects with an error whose `code` is the name of Hadoop's exception (`FileNotFoundException`). Paths are absolute. */
export interface HdfsFiles {
  /** Undefined when nothing is there. */
  status(path: string, signal: AbortSignal): Promise<HdfsFileStatus | undefined>;
  /** Sorted by name. */
  list(path: string, signal: AbortSignal): Promise<readonly HdfsFileStatus[]>;
  /** Goes on with another replica when one fails in the middle. */
  read(path: string, range: { readonly offset: number; readonly length: number }, signal: AbortSignal): AsyncIterable<Uint8Array>;
  /** Replaces a file. The parent directory must be there. Resolves when the file is closed. */
  create(path: string, chunks: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<void>;
  makeDirectory(path: string, signal: AbortSignal): Promise<void>;
  /** Atomic; replaces a file, never a directory with something in it. */
  rename(from: string, to: string, signal: AbortSignal): Promise<void>;
  /** Recursive. False when nothing was there. */
  remove(path: string, signal: AbortSignal): Promise<boolean>;
  blocks(path: string, signal: AbortSignal): Promise<readonly HdfsFileBlock[]>;
  close(): Promise<void>;
}
