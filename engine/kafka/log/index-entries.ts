/** Entries of one size in one growing buffer, as they lie in their file. */
export class IndexEntries {
  readonly entryBytes: number;
  #bytes: Buffer;
  #count: number;

  constructor(entryBytes: number, bytes: Buffer = Buffer.alloc(0)) {
    this.entryBytes = entryBytes;
    this.#bytes = bytes;
    this.#count = Math.floor(bytes.length / entryBytes);
  }

  get count(): number {
    return this.#count;
  }

  /** What is written to the file. Valid until the next `add`. */
  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#count * this.entryBytes);
  }

  get capacityBytes(): number {
    return this.#bytes.length;
  }

  /** The buffer and the place in it where the caller writes the new entry. */
  add(): { readonly bytes: Buffer; readonly at: number } {
    const at = this.#count * this.entryBytes;
    if (at + this.entryBytes > this.#bytes.length) {
      const larger = Buffer.alloc(Math.max(16 * this.entryBytes, this.#bytes.length * 2));
      this.#bytes.copy(larger, 0, 0, at);
      this.#bytes = larger;
    }
    this.#count += 1;
    return { bytes: this.#bytes, at };
  }

  keep(count: number): void {
    this.#count = Math.min(count, this.#count);
  }

  /** The last entry for which `holds` is true; it is true up to some entry and false from there on. -1 when it is true for none. */
  lastWhere(holds: (bytes: Buffer, at: number) => boolean): number {
    let low = 0;
    let high = this.#count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (holds(this.#bytes, middle * this.entryBytes)) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  int32(entry: number, field: number): number {
    return this.#bytes.readInt32BE(entry * this.entryBytes + field);
  }

  int64(entry: number, field: number): number {
    const at = entry * this.entryBytes + field;
    return this.#bytes.readInt32BE(at) * 0x1_0000_0000 + this.#bytes.readUInt32BE(at + 4);
  }
}
