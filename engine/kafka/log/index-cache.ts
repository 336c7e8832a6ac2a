/** Indexes of segments that are not written any more, as far as memory goes: read again when they are needed. One for all logs of a broker. */
import type { SegmentIndexes } from './segment-indexes.ts';

export class IndexCache {
  readonly #bytesMax: number;
  /** Least recently used first. The key is the segment. */
  readonly #entries = new Map<object, { readonly indexes: SegmentIndexes; readonly bytes: number }>();
  #bytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get(segment: object): SegmentIndexes | undefined {
    const entry = this.#entries.get(segment);
    if (entry === undefined) return undefined;
    this.#entries.delete(segment);
    this.#entries.set(segment, entry);
    return entry.indexes;
  }

  put(segment: object, indexes: SegmentIndexes): void {
    this.drop(segment);
    const bytes = indexes.memoryBytes;
    this.#entries.set(segment, { indexes, bytes });
    this.#bytes += bytes;
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= this.#bytesMax || oldest === segment) return;
      this.drop(oldest);
    }
  }

  drop(segment: object): void {
    this.#bytes -= this.#entries.get(segment)?.bytes ?? 0;
    this.#entries.delete(segment);
  }
}
