/** Picks the file system by the path's scheme: local paths and `file:` URIs here, everything else in a store. */
import { FileError, type FileBlock, type FileStatus, type FileSystem } from './file-system.ts';
import { parseStorePath } from './path.ts';

/** The file system of `scheme://authority`; undefined for a scheme that is not known. */
export type OpenStore = (scheme: string, authority: string) => FileSystem | undefined;

/** Stores are opened when a path first names them, and kept. */
export function routedFileSystem(local: FileSystem, open: OpenStore): FileSystem {
  return new RoutedFileSystem(local, open);
}

class RoutedFileSystem implements FileSystem {
  readonly #local: FileSystem;
  readonly #open: OpenStore;
  readonly #stores = new Map<string, FileSystem>();

  constructor(local: FileSystem, open: OpenStore) {
    this.#local = local;
    this.#open = open;
  }

  isLocal(path: string): boolean {
    return this.#at(path).isLocal(path);
  }

  toLocal(path: string): string {
    return this.#at(path).toLocal(path);
  }

  async stat(path: string): Promise<FileStatus | undefined> {
    return await this.#at(path).stat(path);
  }

  async list(path: string): Promise<readonly FileStatus[]> {
    return await this.#at(path).list(path);
  }

  async read(path: string): Promise<Uint8Array> {
    return await this.#at(path).read(path);
  }

  readRange(path: string, offset: number, length: number, signal: AbortSignal): AsyncIterable<Uint8Array> {
    return this.#at(path).readRange(path, offset, length, signal);
  }

  async blocks(path: string, signal: AbortSignal): Promise<readonly FileBlock[]> {
    return await this.#at(path).blocks(path, signal);
  }

  async write(path: string, data: Uint8Array): Promise<void> {
    await this.#at(path).write(path, data);
  }

  async writeStream(path: string, chunks: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<number> {
    return await this.#at(path).writeStream(path, chunks, signal);
  }

  async makeDirectory(path: string): Promise<void> {
    await this.#at(path).makeDirectory(path);
  }

  async rename(from: string, to: string): Promise<void> {
    const [source, target] = [this.#at(from), this.#at(to)];
    if (source !== target) throw new FileError('Io', to, `cannot move ${from} to ${to}: they are in different stores`);
    await source.rename(from, to);
  }

  async remove(path: string): Promise<void> {
    await this.#at(path).remove(path);
  }

  async sync(directory: string): Promise<void> {
    await this.#at(directory).sync(directory);
  }

  #at(path: string): FileSystem {
    const at = parseStorePath(path);
    if (at === undefined) return this.#local;
    const key = `${at.scheme}://${at.authority}`;
    const known = this.#stores.get(key);
    if (known !== undefined) return known;
    const opened = this.#open(at.scheme, at.authority);
    if (opened === undefined) throw new FileError('Io', path, `the scheme '${at.scheme}:' is not supported: use hdfs://, a path, or a file: URI`);
    this.#stores.set(key, opened);
    return opened;
  }
}
