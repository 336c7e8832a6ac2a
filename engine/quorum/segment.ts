/** One file of the log: entries one after the other, and where each begins. */
import type { Disk, DiskFile } from '../storage/disk.ts';
import { decodeEntry, encodeEntries, entryHeaderBytes, type Entry } from './entry.ts';
import { LogError } from './replicated-log.ts';

export function segmentName(firstIndex: number): string {
  return `log-${String(firstIndex).padStart(16, '0')}`;
}

export function segmentFirst(name: string): number {
  return Number(name.slice('log-'.length));
}

export class Segment {
  readonly name: string;
  readonly firstIndex: number;
  readonly #file: DiskFile;
  /** Of each entry; the last element is where the next one goes. */
  #offsets: number[];

  private constructor(name: string, firstIndex: number, file: DiskFile, offsets: number[]) {
    this.name = name;
    this.firstIndex = firstIndex;
    this.#file = file;
    this.#offsets = offsets;
  }

  static async create(disk: Disk, firstIndex: number): Promise<Segment> {
    const name = segmentName(firstIndex);
    // A left-over of the same name holds nothing that was acknowledged: the log ends before it.
    await disk.remove(name);
    const file = await disk.open(name, 'create');
    await disk.syncDirectory('');
    return new Segment(name, firstIndex, file, [0]);
  }

  /**
   * Reads a segment and says of each entry what it is. A tail that is torn is cut when this is the `last` segment and no sound entry follows: it was never
   * acknowledged. Else rejects with `LogError` Corrupt.
   */
  static async open(disk: Disk, name: string, last: boolean, onEntry: (entry: Entry) => void): Promise<Segment> {
    const firstIndex = segmentFirst(name);
    const file = await disk.open(name, 'write');
    const bytes = Buffer.alloc(await file.size());
    await file.read(bytes, 0);
    const offsets = [0];
    let at = 0;
    for (let decoded = decodeEntry(bytes, at); decoded !== undefined; decoded = decodeEntry(bytes, at)) {
      if (decoded.entry.index !== firstIndex + offsets.length - 1) break;
      onEntry(decoded.entry);
      at = decoded.end;
      offsets.push(at);
    }
    if (at < bytes.length) {
      const sound = soundEntryAfter(bytes, at, firstIndex + offsets.length - 1);
      if (!last || sound !== undefined) {
        await file.close();
        throw new LogError('Corrupt', `the log's file ${name} is damaged at byte ${at}${sound === undefined ? '' : `, and sound entries follow at byte ${sound}`}: restore the disk, or empty it so that the other members fill it`);
      }
      await file.truncate(at);
    }
    // A process that ended before its sync has left entries that nobody has stored yet; from now on they count.
    if (last) await file.sync();
    return new Segment(name, firstIndex, file, offsets);
  }

  /** Index of the last entry; `firstIndex - 1` when there is none. */
  get lastIndex(): number {
    return this.firstIndex + this.#offsets.length - 2;
  }

  get bytes(): number {
    return this.#offsets.at(-1) ?? 0;
  }

  /** Durable once it resolves. */
  async append(entries: readonly Entry[]): Promise<void> {
    const at = this.bytes;
    await this.#file.write(encodeEntries(entries), at);
    await this.#file.sync();
    let end = at;
    for (const { data } of entries) {
      end += entryHeaderBytes + data.length;
      this.#offsets.push(end);
    }
  }

  /** Drops entries from `index` on. */
  async truncate(index: number): Promise<void> {
    const keep = index - this.firstIndex;
    this.#offsets = this.#offsets.slice(0, keep + 1);
    await this.#file.truncate(this.bytes);
    await this.#file.sync();
  }

  /** Entries from `from` on, at least one and at most about `bytesMax`. */
  async read(from: number, to: number, bytesMax: number): Promise<readonly Entry[]> {
    const begin = this.#offsets[from - this.firstIndex] ?? 0;
    let last = from;
    while (last < Math.min(to, this.lastIndex) && (this.#offsets[last + 2 - this.firstIndex] ?? 0) - begin <= bytesMax) last += 1;
    const bytes = Buffer.alloc((this.#offsets[last + 1 - this.firstIndex] ?? begin) - begin);
    await this.#file.read(bytes, begin);
    const entries: Entry[] = [];
    for (let at = 0; at < bytes.length;) {
      const decoded = decodeEntry(bytes, at);
      if (decoded === undefined) throw new LogError('Corrupt', `the log's file ${this.name} is damaged at byte ${begin + at}`);
      entries.push(decoded.entry);
      at = decoded.end;
    }
    return entries;
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

/** Where an entry of a later write begins: then the damaged one was synced, and is not a torn tail. */
function soundEntryAfter(bytes: Buffer, from: number, index: number): number | undefined {
  for (let at = from + 1; at < bytes.length; at += 1) {
    // Cheap first: a checksum over whatever a wrong length says costs.
    if (at + entryHeaderBytes > bytes.length || bytes.readUIntBE(at + 20, 6) <= index || bytes.readUIntBE(at + 20, 6) > bytes.readUIntBE(at + 14, 6)) continue;
    if (decodeEntry(bytes, at) !== undefined) return at;
  }
  return undefined;
}
