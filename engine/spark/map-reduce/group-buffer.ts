/**
 * Records of a map task in memory, grouped by key: bytes in one block, everything else in typed arrays, so that millions of records cost neither
 * objects nor garbage collection. Keys are found by hashing; only distinct keys are sorted. A value that follows itself is counted, not kept.
 */
import type { KeyOrder } from './key-order.ts';
import type { Partitioner } from './partitioner.ts';
import { hashBytes } from './partitioner.ts';
import type { RunWriter, Segment } from './run-file.ts';

const none = -1;
/** Bytes of the block for each entry that the arrays have room for. */
const bytesPerEntry = 24;

export interface GroupBufferOptions {
  readonly bytes: number;
  readonly partitions: number;
  readonly partition: Partitioner;
  readonly order: KeyOrder;
}

export class GroupBuffer {
  readonly #options: GroupBufferOptions;
  readonly #data: Buffer;
  #filled = 0;
  /** Open addressing, by hash of the key: number of the group, or `none`. A power of two, at most half full. */
  readonly #table: Int32Array;
  #groups = 0;
  readonly #keyFrom: Uint32Array;
  readonly #keyTo: Uint32Array;
  readonly #keyHash: Int32Array;
  readonly #partition: Uint32Array;
  readonly #first: Int32Array;
  readonly #last: Int32Array;
  readonly #count: Uint32Array;
  #entries = 0;
  readonly #valueFrom: Uint32Array;
  readonly #valueTo: Uint32Array;
  readonly #repetitions: Uint32Array;
  readonly #next: Int32Array;

  constructor(options: GroupBufferOptions) {
    this.#options = options;
    this.#data = Buffer.allocUnsafeSlow(options.bytes);
    const entries = Math.max(16, Math.ceil(options.bytes / bytesPerEntry));
    let slots = 32;
    while (slots < 2 * entries) slots *= 2;
    this.#table = new Int32Array(slots).fill(none);
    this.#keyFrom = new Uint32Array(entries);
    this.#keyTo = new Uint32Array(entries);
    this.#keyHash = new Int32Array(entries);
    this.#partition = new Uint32Array(entries);
    this.#first = new Int32Array(entries);
    this.#last = new Int32Array(entries);
    this.#count = new Uint32Array(entries);
    this.#valueFrom = new Uint32Array(entries);
    this.#valueTo = new Uint32Array(entries);
    this.#repetitions = new Uint32Array(entries);
    this.#next = new Int32Array(entries);
  }

  get isEmpty(): boolean {
    return this.#entries === 0;
  }

  /** False when there is no room: write what there is, clear, and add again. */
  add(source: Buffer, keyFrom: number, keyTo: number, valueFrom: number, valueTo: number, repetitions: number): boolean {
    if (this.#entries === this.#next.length || this.#filled + (keyTo - keyFrom) + (valueTo - valueFrom) > this.#data.length) return false;
    const group = this.#group(source, keyFrom, keyTo);
    const last = this.#last[group] as number;
    if (last !== none && this.#isRepeated(last, source, valueFrom, valueTo)) {
      this.#repetitions[last] = (this.#repetitions[last] as number) + repetitions;
      return true;
    }
    const entry = this.#entries;
    this.#entries += 1;
    this.#valueFrom[entry] = this.#filled;
    source.copy(this.#data, this.#filled, valueFrom, valueTo);
    this.#filled += valueTo - valueFrom;
    this.#valueTo[entry] = this.#filled;
    this.#repetitions[entry] = repetitions;
    this.#next[entry] = none;
    if (last === none) this.#first[group] = entry;
    else this.#next[last] = entry;
    this.#last[group] = entry;
    this.#count[group] = (this.#count[group] as number) + 1;
    return true;
  }

  /** Writes everything, sorted; the result has the part of the file that each partition has. The buffer stays as it is. */
  write(writer: RunWriter): readonly Segment[] {
    const segments: Segment[] = [];
    for (const groups of this.#sorted()) {
      const from = writer.position;
      for (const group of groups) {
        writer.group(this.#data, this.#keyFrom[group] as number, this.#keyTo[group] as number, this.#count[group] as number);
        for (let entry = this.#first[group] as number; entry !== none; entry = this.#next[entry] as number) {
          writer.entry(this.#data, this.#valueFrom[entry] as number, this.#valueTo[entry] as number, this.#repetitions[entry] as number);
        }
      }
      segments.push({ path: writer.path, from, to: writer.position });
    }
    return segments;
  }

  clear(): void {
    this.#table.fill(none);
    this.#groups = 0;
    this.#entries = 0;
    this.#filled = 0;
  }

  #group(source: Buffer, from: number, to: number): number {
    const hash = hashBytes(source, from, to, 1);
    const mask = this.#table.length - 1;
    // The hash is fixed by what partitions want; its low bits alone would collide.
    let slot = (Math.imul(hash, 0x9e37_79b1) >>> 7) & mask;
    for (let group = this.#table[slot] as number; group !== none; group = this.#table[slot] as number) {
      if (this.#keyHash[group] === hash && this.#isKey(group, source, from, to)) return group;
      slot = (slot + 1) & mask;
    }
    const group = this.#groups;
    this.#groups += 1;
    this.#table[slot] = group;
    this.#keyFrom[group] = this.#filled;
    source.copy(this.#data, this.#filled, from, to);
    this.#filled += to - from;
    this.#keyTo[group] = this.#filled;
    this.#keyHash[group] = hash;
    this.#partition[group] = this.#options.partition(source, from, to);
    this.#first[group] = none;
    this.#last[group] = none;
    this.#count[group] = 0;
    return group;
  }

  #isKey(group: number, source: Buffer, from: number, to: number): boolean {
    const start = this.#keyFrom[group] as number;
    return (this.#keyTo[group] as number) - start === to - from && sameBytes(this.#data, start, source, from, to);
  }

  #isRepeated(entry: number, source: Buffer, from: number, to: number): boolean {
    const start = this.#valueFrom[entry] as number;
    if ((this.#valueTo[entry] as number) - start !== to - from || (this.#repetitions[entry] as number) > 2 ** 31) return false;
    return sameBytes(this.#data, start, source, from, to);
  }

  /** Numbers of the groups of each partition, in order of their keys. */
  #sorted(): readonly Uint32Array[] {
    const { partitions, order } = this.#options;
    const sizes = new Uint32Array(partitions);
    for (let group = 0; group < this.#groups; group += 1) sizes[this.#partition[group] as number]! += 1;
    const byPartition = Array.from(sizes, (size) => new Uint32Array(size));
    const filled = new Uint32Array(partitions);
    const ranks = new Float64Array(this.#groups);
    for (let group = 0; group < this.#groups; group += 1) {
      const partition = this.#partition[group] as number;
      (byPartition[partition] as Uint32Array)[filled[partition]!++] = group;
      ranks[group] = order.rank(this.#data, this.#keyFrom[group] as number, this.#keyTo[group] as number);
    }
    for (const groups of byPartition) {
      groups.sort((a, b) => {
        const difference = (ranks[a] as number) - (ranks[b] as number);
        if (difference !== 0) return difference;
        return order.compare(this.#data, this.#keyFrom[a] as number, this.#keyTo[a] as number, this.#data, this.#keyFrom[b] as number, this.#keyTo[b] as number);
      });
    }
    return byPartition;
  }
}

/** For short pieces: a loop beats a call into native code. */
function sameBytes(a: Buffer, aFrom: number, b: Buffer, bFrom: number, bTo: number): boolean {
  if (bTo - bFrom > 64) return a.compare(b, bFrom, bTo, aFrom, aFrom + bTo - bFrom) === 0;
  for (let i = bFrom, j = aFrom; i < bTo; i += 1, j += 1) if (a[j] !== b[i]) return false;
  return true;
}
