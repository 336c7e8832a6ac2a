/** Files in memory, for tests. The kernel cannot see them: `toLocal` is the identity. */
import { posix } from 'node:path';
import { throwIfAborted } from '../core/abort.ts';
import { FileError, type FileBlock, type FileStatus, type FileSystem } from './file-system.ts';
import { resolvePath } from './path.ts';

type Node = { readonly kind: 'file'; readonly data: Uint8Array; readonly modifiedMs: number; readonly version: number } | { readonly kind: 'directory'; readonly modifiedMs: number };

/** `nowMs` gives modification times. */
export function memoryFileSystem(nowMs: () => number = () => 0): FileSystem {
  return new MemoryFileSystem(nowMs);
}

class MemoryFileSystem implements FileSystem {
  /** By absolute path. Invariant: the parent of every node is a directory in the map. */
  readonly #nodes = new Map<string, Node>([['/', { kind: 'directory', modifiedMs: 0 }]]);
  readonly #nowMs: () => number;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  #version = 0;

  isLocal(): boolean {
    return true;
  }

  toLocal(path: string): string {
    return resolvePath(path, '/');
  }

  async stat(path: string): Promise<FileStatus | undefined> {
    const absolute = this.toLocal(path);
    const node = this.#nodes.get(absolute);
    if (node === undefined) return undefined;
    return { path: absolute, kind: node.kind, bytes: node.kind === 'file' ? node.data.length : 0, modifiedMs: node.modifiedMs, version: node.kind === 'file' ? String(node.version) : '', blockBytes: 0 };
  }

  async list(path: string): Promise<readonly FileStatus[]> {
    const directory = this.toLocal(path);
    const node = this.#nodes.get(directory);
    if (node === undefined) throw failure('NotFound', path, 'list', 'no such file or directory');
    if (node.kind === 'file') throw failure('NotDirectory', path, 'list', 'not a directory');
    const children = [...this.#nodes.keys()].filter((each) => each !== '/' && posix.dirname(each) === directory).toSorted();
    const found = await Promise.all(children.map((child) => this.stat(child)));
    return found.filter((status) => status !== undefined);
  }

  async read(path: string): Promise<Uint8Array> {
    const node = this.#nodes.get(this.toLocal(path));
    if (node === undefined) throw failure('NotFound', path, 'read', 'no such file or directory');
    if (node.kind === 'directory') throw failure('IsDirectory', path, 'read', 'it is a directory');
    return node.data.slice();
  }

  async *readRange(path: string, offset: number, length: number, signal: AbortSignal): AsyncIterable<Uint8Array> {
    throwIfAborted(signal);
    const data = await this.read(path);
    if (offset < data.length && length > 0) yield data.subarray(offset, offset + length);
  }

  async blocks(): Promise<readonly FileBlock[]> {
    return [];
  }

  async writeStream(path: string, chunks: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<number> {
    const parts: Uint8Array[] = [];
    for await (const chunk of chunks) {
      throwIfAborted(signal);
      parts.push(chunk.slice());
    }
    const data = Buffer.concat(parts);
    await this.write(path, data);
    return data.length;
  }

  async write(path: string, data: Uint8Array): Promise<void> {
    const absolute = this.toLocal(path);
    this.#checkParent('write', absolute);
    if (this.#nodes.get(absolute)?.kind === 'directory') throw failure('IsDirectory', path, 'write', 'it is a directory');
    this.#version += 1;
    this.#nodes.set(absolute, { kind: 'file', data: data.slice(), modifiedMs: this.#nowMs(), version: this.#version });
  }

  async makeDirectory(path: string): Promise<void> {
    const absolute = this.toLocal(path);
    if (this.#nodes.get(absolute)?.kind === 'file') throw failure('Exists', path, 'make the directory', 'it exists already');
    const missing: string[] = [];
    for (let each = absolute; !this.#nodes.has(each); each = posix.dirname(each)) missing.push(each);
    const [last] = missing.slice(-1);
    if (last !== undefined && this.#nodes.get(posix.dirname(last))?.kind === 'file') throw failure('NotDirectory', path, 'make the directory', 'not a directory');
    for (const each of missing) this.#nodes.set(each, { kind: 'directory', modifiedMs: this.#nowMs() });
  }

  async rename(from: string, to: string): Promise<void> {
    const source = this.toLocal(from);
    const target = this.toLocal(to);
    const node = this.#nodes.get(source);
    if (node === undefined) throw failure('NotFound', from, `move to ${to}`, 'no such file or directory');
    this.#checkParent(`move ${from} to`, target);
    const there = this.#nodes.get(target);
    if (there?.kind === 'directory') throw failure('Exists', to, `move ${from} to`, 'the target is a directory');
    if (there !== undefined && node.kind === 'directory') throw failure('NotDirectory', to, `move ${from} to`, 'not a directory');
    if (target.startsWith(`${source}/`)) throw failure('Io', to, `move ${from} to`, 'a directory cannot move into itself');
    for (const [path, each] of this.#nodes) {
      if (path !== source && !path.startsWith(`${source}/`)) continue;
      this.#nodes.delete(path);
      this.#nodes.set(target + path.slice(source.length), each);
    }
  }

  async remove(path: string): Promise<void> {
    const absolute = this.toLocal(path);
    for (const each of this.#nodes.keys()) {
      if (each === absolute || each.startsWith(`${absolute}/`)) this.#nodes.delete(each);
    }
  }

  async sync(directory: string): Promise<void> {
    await this.list(directory);
  }

  #checkParent(what: string, absolute: string): void {
    const parent = this.#nodes.get(posix.dirname(absolute));
    if (parent === undefined) throw failure('NotFound', absolute, what, 'no such file or directory');
    if (parent.kind === 'file') throw failure('NotDirectory', absolute, what, 'not a directory');
  }
}

function failure(code: FileError['code'], path: string, what: string, reason: string): FileError {
  return new FileError(code, path, `cannot ${what} ${path}: ${reason}`);
}
