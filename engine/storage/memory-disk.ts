/**
 * A disk in memory that keeps what a real one would keep when the power goes: synced bytes, synced names. For tests and simulation; a `Random` decides
 * what becomes of the rest.
 */
import type { Random } from '../core/random.ts';
import type { Disk, DiskFile, DiskFileStatus, DiskSpace } from './disk.ts';
import { FileError } from './file-system.ts';

interface Content {
  bytes: Buffer;
  length: number;
  /** What a crash keeps for sure. */
  synced: Buffer;
}

/** Asked before every call; what it throws is what the caller gets. */
export type DiskFault = (call: { readonly kind: 'open' | 'read' | 'write' | 'sync' | 'truncate' | 'rename' | 'remove' | 'syncDirectory' | 'makeDirectory' | 'list' | 'stat'; readonly path: string }) => void;

export interface MemoryDiskOptions {
  readonly capacityBytes?: number;
  readonly fault?: DiskFault;
}

export class MemoryDisk implements Disk {
  readonly #capacityBytes: number;
  fault: DiskFault;
  #files = new Map<string, Content>();
  #directories = new Set<string>(['']);
  /** Names as of the last `syncDirectory` of their directory. */
  #durableFiles = new Map<string, Content>();
  #durableDirectories = new Set<string>(['']);
  /** Open files of before a crash are dead. */
  #epoch = 0;

  constructor(options: MemoryDiskOptions = {}) {
    this.#capacityBytes = options.capacityBytes ?? 2 ** 40;
    this.fault = options.fault ?? (() => {});
  }

  /** The power goes. Un-synced writes stay whole, in part or not at all; un-synced names as well. */
  crash(random: Random): void {
    this.#epoch += 1;
    const renamed = this.#crashRenames(random);
    for (const [path, content] of this.#files) {
      if (renamed.has(path)) continue;
      if (!this.#durableFiles.has(path) && random.fraction() < 0.5) this.#durableFiles.set(path, content);
    }
    for (const [path, content] of this.#durableFiles) {
      if (renamed.has(path)) continue;
      if (this.#files.get(path) !== content && random.fraction() < 0.5) {
        const now = this.#files.get(path);
        if (now === undefined) this.#durableFiles.delete(path);
        else this.#durableFiles.set(path, now);
      }
    }
    for (const path of this.#directories) if (random.fraction() < 0.5 || this.#durableDirectories.has(path)) this.#durableDirectories.add(path);
    for (const path of this.#durableFiles.keys()) for (const parent of parentsOf(path)) this.#durableDirectories.add(parent);
    for (const content of new Set(this.#durableFiles.values())) torn(content, random);
    this.#files = new Map(this.#durableFiles);
    this.#directories = new Set(this.#durableDirectories);
  }

  /** A rename has happened as a whole or not at all: never are both names without the file. Returns the names that are settled. */
  #crashRenames(random: Random): ReadonlySet<string> {
    const settled = new Set<string>();
    const places = new Map(Array.from(this.#files, ([path, content]) => [content, path]));
    for (const [from, content] of Array.from(this.#durableFiles)) {
      const to = places.get(content);
      if (to === undefined || to === from || this.#durableFiles.get(from) !== content) continue;
      settled.add(from).add(to);
      if (random.fraction() < 0.5) continue;
      this.#durableFiles.delete(from);
      this.#durableFiles.set(to, content);
    }
    return settled;
  }

  /** Turns one byte of a stored file: a sector that rots. False when there is no such byte. */
  rot(path: string, position: number): boolean {
    const content = this.#files.get(path);
    if (content === undefined || position >= content.length) return false;
    content.bytes[position] = (content.bytes[position] ?? 0) ^ 0x40;
    if (position < content.synced.length) content.synced[position] = (content.synced[position] ?? 0) ^ 0x40;
    return true;
  }

  /** A file's bytes as they stand, for who looks on; no fault, no time. */
  peek(path: string): Uint8Array | undefined {
    const content = this.#files.get(path);
    return content === undefined ? undefined : Uint8Array.from(content.bytes.subarray(0, content.length));
  }

  async open(path: string, mode: 'read' | 'write' | 'create'): Promise<DiskFile> {
    this.fault({ kind: 'open', path });
    const found = this.#files.get(path);
    if (this.#directories.has(path)) throw new FileError('IsDirectory', path, `cannot open ${path}: it is a directory`);
    if (found === undefined && mode === 'read') throw new FileError('NotFound', path, `cannot open ${path}: it is not there`);
    if (found !== undefined && mode === 'create') throw new FileError('Exists', path, `cannot create ${path}: it is there`);
    if (found !== undefined) return this.#file(path, found);
    if (!this.#directories.has(parentOf(path))) throw new FileError('NotFound', path, `cannot create ${path}: its directory is not there`);
    const content: Content = { bytes: Buffer.alloc(0), length: 0, synced: Buffer.alloc(0) };
    this.#files.set(path, content);
    return this.#file(path, content);
  }

  async stat(path: string): Promise<DiskFileStatus | undefined> {
    this.fault({ kind: 'stat', path });
    return this.#status(path);
  }

  async list(directory: string): Promise<readonly DiskFileStatus[]> {
    this.fault({ kind: 'list', path: directory });
    const names = [...this.#files.keys(), ...this.#directories].filter((path) => path !== '' && parentOf(path) === directory);
    return names.toSorted().map((path) => this.#status(path)).filter((status) => status !== undefined);
  }

  async makeDirectory(path: string): Promise<void> {
    this.fault({ kind: 'makeDirectory', path });
    for (const each of [...parentsOf(path), path]) {
      if (this.#files.has(each)) throw new FileError('Exists', each, `cannot make the directory ${path}: ${each} is a file`);
      this.#directories.add(each);
    }
  }

  async rename(from: string, to: string): Promise<void> {
    this.fault({ kind: 'rename', path: from });
    if (!this.#directories.has(parentOf(to))) throw new FileError('NotFound', to, `cannot move ${from} to ${to}: its directory is not there`);
    const content = this.#files.get(from);
    if (content !== undefined) {
      if (this.#directories.has(to)) throw new FileError('IsDirectory', to, `cannot move ${from} to ${to}: it is a directory`);
      this.#files.delete(from);
      this.#files.set(to, content);
      return;
    }
    if (!this.#directories.has(from)) throw new FileError('NotFound', from, `cannot move ${from}: it is not there`);
    if (this.#files.has(to) || (await this.list(to)).length > 0) throw new FileError('NotEmpty', to, `cannot move ${from} to ${to}: it is there`);
    for (const [path, each] of Array.from(this.#files)) {
      if (!path.startsWith(`${from}/`)) continue;
      this.#files.delete(path);
      this.#files.set(to + path.slice(from.length), each);
    }
    for (const path of Array.from(this.#directories)) {
      if (path !== from && !path.startsWith(`${from}/`)) continue;
      this.#directories.delete(path);
      this.#directories.add(to + path.slice(from.length));
    }
  }

  async remove(path: string): Promise<void> {
    this.fault({ kind: 'remove', path });
    for (const each of this.#files.keys()) if (each === path || each.startsWith(`${path}/`)) this.#files.delete(each);
    for (const each of this.#directories) if (each !== '' && (each === path || each.startsWith(`${path}/`))) this.#directories.delete(each);
  }

  async syncDirectory(directory: string): Promise<void> {
    this.fault({ kind: 'syncDirectory', path: directory });
    if (!this.#directories.has(directory)) throw new FileError('NotFound', directory, `cannot sync ${directory}: it is not there`);
    for (const path of this.#durableFiles.keys()) if (parentOf(path) === directory && !this.#files.has(path)) this.#durableFiles.delete(path);
    for (const [path, content] of this.#files) if (parentOf(path) === directory) this.#durableFiles.set(path, content);
    this.#durableDirectories.add(directory);
    for (const path of this.#directories) if (path !== '' && parentOf(path) === directory) this.#durableDirectories.add(path);
    for (const path of this.#durableDirectories) {
      if (path !== '' && parentOf(path) === directory && !this.#directories.has(path)) this.#durableDirectories.delete(path);
    }
  }

  async space(): Promise<DiskSpace> {
    return { capacityBytes: this.#capacityBytes, freeBytes: Math.max(0, this.#capacityBytes - this.#usedBytes()) };
  }

  #usedBytes(): number {
    let bytes = 0;
    for (const content of this.#files.values()) bytes += content.length;
    return bytes;
  }

  #status(path: string): DiskFileStatus | undefined {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const content = this.#files.get(path);
    if (content !== undefined) return { name, kind: 'file', bytes: content.length };
    return this.#directories.has(path) ? { name, kind: 'directory', bytes: 0 } : undefined;
  }

  #file(path: string, content: Content): DiskFile {
    const epoch = this.#epoch;
    let open = true;
    const check = (kind: 'read' | 'write' | 'sync' | 'truncate'): void => {
      if (!open || epoch !== this.#epoch) throw new FileError('Io', path, `cannot ${kind} ${path}: it is closed`);
      this.fault({ kind, path });
    };
    return {
      read: async (target, position) => {
        check('read');
        return content.length <= position ? 0 : content.bytes.copy(target, 0, position, Math.min(content.length, position + target.length));
      },
      write: async (data, position) => {
        check('write');
        const end = position + data.length;
        if (end > content.length && this.#usedBytes() + end - content.length > this.#capacityBytes) throw new FileError('NoSpace', path, `cannot write ${path}: the disk is full`);
        grow(content, end);
        content.bytes.set(data, position);
        content.length = Math.max(content.length, end);
      },
      sync: async () => {
        check('sync');
        content.synced = Buffer.from(content.bytes.subarray(0, content.length));
      },
      truncate: async (bytes) => {
        check('truncate');
        grow(content, bytes);
        content.bytes.fill(0, Math.min(content.length, bytes));
        content.length = bytes;
      },
      size: async () => content.length,
      close: async () => {
        open = false;
      },
    };
  }
}

/** Everything after the first byte that differs from what was synced is in doubt, in pieces of a sector. */
function torn(content: Content, random: Random): void {
  const sector = 512;
  const present = content.bytes.subarray(0, content.length);
  if (present.equals(content.synced)) return;
  const chance = random.fraction();
  if (chance < 0.6) {
    content.bytes = Buffer.from(chance < 0.3 ? content.synced : present);
    content.length = content.bytes.length;
    content.synced = Buffer.from(content.bytes);
    return;
  }
  const length = random.fraction() < 0.5 ? content.synced.length : Math.min(content.length, content.synced.length) + Math.floor(random.fraction() * (Math.abs(content.length - content.synced.length) + 1));
  const bytes = Buffer.alloc(length);
  content.synced.copy(bytes);
  for (let at = 0; at < length; at += sector) {
    if (random.fraction() < 0.5 && at < present.length) present.copy(bytes, at, at, Math.min(at + sector, length));
  }
  content.bytes = bytes;
  content.length = length;
  content.synced = Buffer.from(bytes);
}

function grow(content: Content, bytes: number): void {
  if (bytes <= content.bytes.length) return;
  const larger = Buffer.alloc(Math.max(bytes, content.bytes.length * 2, 4096));
  content.bytes.copy(larger, 0, 0, content.length);
  content.bytes = larger;
}

function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

function parentsOf(path: string): readonly string[] {
  const parents: string[] = [];
  for (let parent = parentOf(path); parent !== ''; parent = parentOf(parent)) parents.unshift(parent);
  return parents;
}
