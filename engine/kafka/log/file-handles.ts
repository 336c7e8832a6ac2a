/** Open files of all logs of a broker: thousands of segments, of which few are read or written at a time. */
import type { Disk, DiskFile } from '../../storage/disk.ts';

/** A file that is opened when it is used. The object is its identity: a file that another takes the name of is another one. */
export class LogFile {
  readonly path: string;
  /** `write` for a file that still grows. */
  mode: 'read' | 'write';
  /** Removed or replaced; who still has it open may go on, nobody opens it any more. */
  gone = false;

  constructor(path: string, mode: 'read' | 'write') {
    this.path = path;
    this.mode = mode;
  }
}

/** The file went while somebody wanted to open it: look again for where the data is. */
export class GoneFile extends Error {
  override readonly name = 'GoneFile';
}

interface Entry {
  readonly mode: 'read' | 'write';
  readonly file: Promise<DiskFile>;
  users: number;
  retired: boolean;
}

export class FileHandles {
  readonly #disk: Disk;
  readonly #openMax: number;
  /** Least recently used first. */
  readonly #entries = new Map<LogFile, Entry>();

  constructor(disk: Disk, openMax: number) {
    this.#disk = disk;
    this.#openMax = openMax;
  }

  /** Rejects with `GoneFile`, with what opening rejects with, or with what the work rejects with. */
  async use<T>(file: LogFile, work: (file: DiskFile) => Promise<T>): Promise<T> {
    if (file.gone) throw new GoneFile(`${file.path} is gone`);
    const entry = this.#take(file);
    try {
      const opened = await entry.file;
      // What was opened may be the one that took its name.
      if (file.gone) throw new GoneFile(`${file.path} is gone`);
      return await work(opened);
    } catch (error) {
      this.#retire(file, entry);
      throw error;
    } finally {
      entry.users -= 1;
      await this.#closeUnused(entry);
    }
  }

  /** Closes it when its users are done; the next user opens it again unless it is gone. */
  async drop(file: LogFile): Promise<void> {
    const entry = this.#entries.get(file);
    if (entry === undefined) return;
    this.#retire(file, entry);
    await this.#closeUnused(entry);
  }

  get openCount(): number {
    return this.#entries.size;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#entries.keys()].map((file) => this.drop(file)));
  }

  #take(file: LogFile): Entry {
    const known = this.#entries.get(file);
    if (known !== undefined && (known.mode === file.mode || known.mode === 'write')) {
      known.users += 1;
      this.#entries.delete(file);
      this.#entries.set(file, known);
      return known;
    }
    if (known !== undefined) void this.drop(file);
    const entry: Entry = { mode: file.mode, file: this.#disk.open(file.path, file.mode), users: 1, retired: false };
    entry.file.catch(() => {});
    this.#entries.set(file, entry);
    for (const [each, { users }] of this.#entries) {
      if (this.#entries.size <= this.#openMax) break;
      if (users === 0) void this.drop(each);
    }
    return entry;
  }

  #retire(file: LogFile, entry: Entry): void {
    entry.retired = true;
    if (this.#entries.get(file) === entry) this.#entries.delete(file);
  }

  async #closeUnused(entry: Entry): Promise<void> {
    if (!entry.retired || entry.users > 0) return;
    const file = await entry.file.catch(() => undefined);
    // Nothing depends on it: what counts was synced, and a read has its bytes.
    await file?.close().catch(() => {});
  }
}
