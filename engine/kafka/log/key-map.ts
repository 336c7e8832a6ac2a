/** The newest offset of each key of the batches that compaction is about to clean, in bounded memory. */
export class KeyMap {
  readonly #bytesMax: number;
  /** Keys as one character per byte: exact, unlike a hash. */
  readonly #offsets = new Map<string, number>();
  #bytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  get isFull(): boolean {
    return this.#bytes >= this.#bytesMax;
  }

  get size(): number {
    return this.#offsets.size;
  }

  /** Offsets come in order. */
  set(key: Uint8Array, offset: number): void {
    const text = latin1(key);
    if (!this.#offsets.has(text)) this.#bytes += text.length + entryBytes;
    this.#offsets.set(text, offset);
  }

  get(key: Uint8Array): number | undefined {
    return this.#offsets.get(latin1(key));
  }
}

/** What a map's entry and a string cost besides the characters, about. */
const entryBytes = 64;

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}
