/**
 * The newest batches of logs, kept in memory for followers and for consumers that keep up. What is in it never changes: readers keep views of it as long
 * as they like.
 */
import type { Segment } from './segment.ts';

export interface TailEntry {
  readonly segment: Segment;
  readonly position: number;
  readonly baseOffset: number;
  /** One past its last record. */
  endOffset: number;
  /** Whole batches. */
  bytes: Uint8Array;
  /** What it holds of memory. */
  readonly memoryBytes: number;
}

/** From this size on, the buffer of an append is kept as it is; less is gathered in larger ones. */
const keptBytesMin = 64 * 1024;
const chunkBytesMin = 16 * 1024;
const chunkBytesMax = 256 * 1024;

/** What the tails of a broker may hold together. The log that was silent longest gives first. */
export class TailBudget {
  readonly #bytesMax: number;
  readonly logBytesMax: number;
  /** Least recently appended first. */
  readonly #tails = new Set<RecentTail>();
  #bytes = 0;

  constructor(bytesMax: number, logBytesMax: number) {
    this.#bytesMax = bytesMax;
    this.logBytesMax = Math.min(logBytesMax, bytesMax);
  }

  get bytes(): number {
    return this.#bytes;
  }

  took(tail: RecentTail, bytes: number): void {
    this.#bytes += bytes;
    this.#tails.delete(tail);
    this.#tails.add(tail);
    while (this.#bytes > this.#bytesMax) {
      const [oldest] = this.#tails;
      if (oldest === undefined) return;
      oldest.dropOldest();
    }
  }

  gave(tail: RecentTail, bytes: number, empty: boolean): void {
    this.#bytes -= bytes;
    if (empty) this.#tails.delete(tail);
  }
}

export class RecentTail {
  readonly #budget: TailBudget;
  #entries: TailEntry[] = [];
  #bytes = 0;
  /** Room behind the last entry, when it is one that gathers. */
  #chunk: { readonly memory: Buffer; used: number } | undefined;
  #chunkBytes = chunkBytesMin;

  constructor(budget: TailBudget) {
    this.#budget = budget;
  }

  get entries(): readonly TailEntry[] {
    return this.#entries;
  }

  /** Whole batches that follow the last ones, from `baseOffset`, where the log ended. The bytes are the tail's from now on. */
  add(segment: Segment, position: number, bytes: Uint8Array, baseOffset: number, endOffset: number): void {
    if (this.#budget.logBytesMax < bytes.length) return this.clear();
    if (bytes.length < keptBytesMin) return this.#gather(segment, position, bytes, baseOffset, endOffset);
    this.#chunk = undefined;
    // A small part of a large buffer would keep all of it alive.
    const own = bytes.buffer.byteLength > bytes.length * 2 ? Buffer.copyBytesFrom(bytes) : bytes;
    return this.#push({ segment, position, baseOffset, endOffset, bytes: own, memoryBytes: own.buffer.byteLength });
  }

  /** Where `offset` is, or the first entry behind it. -1 when the tail begins after it or ends before it. */
  indexOf(offset: number): number {
    const [first] = this.#entries;
    if (first === undefined || offset < first.baseOffset) return -1;
    for (let i = this.#entries.length - 1; i >= 0; i -= 1) {
      const entry = this.#entries[i] as TailEntry;
      if (entry.baseOffset <= offset) return offset < entry.endOffset ? i : i + 1 < this.#entries.length ? i + 1 : -1;
    }
    return -1;
  }

  dropOldest(): void {
    const oldest = this.#entries.shift();
    if (oldest === undefined) return;
    if (this.#entries.length === 0) this.#chunk = undefined;
    this.#bytes -= oldest.memoryBytes;
    this.#budget.gave(this, oldest.memoryBytes, this.#entries.length === 0);
  }

  clear(): void {
    while (this.#entries.length > 0) this.dropOldest();
    this.#chunk = undefined;
    this.#chunkBytes = chunkBytesMin;
  }

  /** Batches of segments that compaction or retention took are read from disk again. */
  dropSegments(gone: ReadonlySet<Segment>): void {
    while (this.#entries.some(({ segment }) => gone.has(segment))) this.dropOldest();
  }

  #gather(segment: Segment, position: number, bytes: Uint8Array, baseOffset: number, endOffset: number): void {
    const last = this.#entries.at(-1);
    const chunk = this.#chunk;
    if (chunk !== undefined && last !== undefined && last.segment === segment && chunk.used + bytes.length <= chunk.memory.length) {
      chunk.memory.set(bytes, chunk.used);
      chunk.used += bytes.length;
      last.bytes = chunk.memory.subarray(0, chunk.used);
      last.endOffset = endOffset;
      return this.#budget.took(this, 0);
    }
    const memory = Buffer.allocUnsafeSlow(Math.max(this.#chunkBytes, bytes.length));
    this.#chunkBytes = Math.min(this.#chunkBytes * 2, chunkBytesMax, Math.max(chunkBytesMin, this.#budget.logBytesMax / 4));
    memory.set(bytes);
    this.#push({ segment, position, baseOffset, endOffset, bytes: memory.subarray(0, bytes.length), memoryBytes: memory.length });
    if (this.#entries.length > 0) this.#chunk = { memory, used: bytes.length };
    return undefined;
  }

  #push(entry: TailEntry): void {
    this.#entries.push(entry);
    this.#bytes += entry.memoryBytes;
    while (this.#bytes > this.#budget.logBytesMax && this.#entries.length > 1) this.dropOldest();
    this.#budget.took(this, entry.memoryBytes);
  }
}
