/** Merging sorted runs: one pass over the groups of many segments in order of their keys. */
import { join } from 'node:path';
import type { KeyOrder } from './key-order.ts';
import { RunReader, RunWriter, type Segment } from './run-file.ts';

/** Runs read at the same time; more of them are merged in turns. */
export const fanInMax = 64;

/** Groups with the same key become one; values come in the order of the segments. */
export interface MergedGroup {
  readonly key: Buffer;
  /** Once; each value as bytes that are valid until the next one. */
  entries(): Generator<{ readonly value: Buffer; readonly repetitions: number }>;
}

/** At most `fanInMax` segments. A group must not be read after the next one was asked for. */
export function* mergedGroups(segments: readonly Segment[], order: KeyOrder): Generator<MergedGroup> {
  const sources = segments.filter((each) => each.to > each.from).map((segment, index) => new Source(segment, index, order));
  try {
    const heap = new SourceHeap(order);
    for (const source of sources) if (source.advance()) heap.push(source);
    for (let first = heap.pop(); first !== undefined; first = heap.pop()) {
      // Reading its entries takes a source to its next key.
      const { key, rank } = first;
      const same = [first];
      for (let next = heap.peek(); next !== undefined && next.rank === rank && next.key.equals(key); next = heap.peek()) {
        heap.pop();
        same.push(next);
      }
      yield { key, entries: () => entriesOf(same) };
      for (const source of same) if (source.pass(key)) heap.push(source);
    }
  } finally {
    for (const source of sources) source.reader.close();
  }
}

function* entriesOf(sources: readonly Source[]): Generator<{ readonly value: Buffer; readonly repetitions: number }> {
  for (const source of sources) yield* source.entries();
}

class Source {
  readonly reader: RunReader;
  readonly index: number;
  readonly #order: KeyOrder;
  rank = 0;
  #ended = false;

  constructor(segment: Segment, index: number, order: KeyOrder) {
    this.reader = new RunReader(segment);
    this.index = index;
    this.#order = order;
  }

  get key(): Buffer {
    return this.reader.key;
  }

  advance(): boolean {
    this.#ended = !this.reader.nextGroup();
    if (!this.#ended) this.rank = this.#order.rank(this.key, 0, this.key.length);
    return !this.#ended;
  }

  /** Of all groups with the key that follow each other. */
  *entries(): Generator<RunReader> {
    const { key } = this;
    do {
      while (this.reader.nextEntry()) yield this.reader;
    } while (this.advance() && this.key.equals(key));
  }

  /** Goes past what is left of the key's groups; false at the end of the segment. */
  pass(key: Buffer): boolean {
    while (!this.#ended && this.key.equals(key)) this.advance();
    return !this.#ended;
  }
}

/** Smallest key first, of equal ones that of the first segment. */
class SourceHeap {
  readonly #order: KeyOrder;
  readonly #items: Source[] = [];

  constructor(order: KeyOrder) {
    this.#order = order;
  }

  peek(): Source | undefined {
    return this.#items[0];
  }

  push(source: Source): void {
    const items = this.#items;
    let at = items.length;
    items.push(source);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = items[parent] as Source;
      if (!this.#before(source, above)) break;
      items[at] = above;
      at = parent;
    }
    items[at] = source;
  }

  pop(): Source | undefined {
    const items = this.#items;
    const top = items[0];
    const last = items.pop();
    if (top === undefined || last === undefined || items.length === 0) return top;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && this.#before(items[child + 1] as Source, items[child] as Source)) child += 1;
      if (!this.#before(items[child] as Source, last)) break;
      items[at] = items[child] as Source;
      at = child;
    }
    items[at] = last;
    return top;
  }

  #before(a: Source, b: Source): boolean {
    if (a.rank !== b.rank) return a.rank < b.rank;
    const byKey = this.#order.compare(a.key, 0, a.key.length, b.key, 0, b.key.length);
    return byKey === 0 ? a.index < b.index : byKey < 0;
  }
}

/** Merges in turns until no more than `fanInMax` segments are left; neighbours stay neighbours. Files go into `directory`. */
export function reduceFanIn(segments: readonly Segment[], order: KeyOrder, directory: string): readonly Segment[] {
  let left = segments;
  for (let turn = 0; left.length > fanInMax; turn += 1) {
    const merged: Segment[] = [];
    for (let from = 0; from < left.length; from += fanInMax) {
      const writer = new RunWriter(join(directory, `merge-${turn}-${merged.length}`));
      try {
        for (const group of mergedGroups(left.slice(from, from + fanInMax), order)) writeGroup(writer, group);
      } finally {
        writer.close();
      }
      merged.push({ path: writer.path, from: 0, to: writer.position });
    }
    left = merged;
  }
  return left;
}

/** Entries of a group kept until it is written: how many there are stands in front of them. */
const heldEntriesMax = 4096;

/** A group with many entries is written as several groups with the same key, which readers join again. */
export function writeGroup(writer: RunWriter, group: MergedGroup): void {
  let held: { readonly value: Buffer; readonly repetitions: number }[] = [];
  const flush = (): void => {
    writer.group(group.key, 0, group.key.length, held.length);
    for (const { value, repetitions } of held) writer.entry(value, 0, value.length, repetitions);
    held = [];
  };
  for (const { value, repetitions } of group.entries()) {
    held.push({ value: Buffer.from(value), repetitions });
    if (held.length === heldEntriesMax) flush();
  }
  if (held.length > 0) flush();
}
