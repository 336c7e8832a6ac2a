/** The small alphabet of images: numbers of variable length and texts, in pieces of a megabyte. */

const pieceBytes = 1 << 20;

export class ImageWriter {
  readonly pieces: Buffer[] = [];
  #piece = Buffer.allocUnsafe(pieceBytes);
  #at = 0;

  /** From 0 up to 2^53: seven bits a byte, the lowest first. */
  number(value: number): void {
    this.#room(8);
    let left = value;
    while (left > 127) {
      this.#piece[this.#at] = (left % 128) | 128;
      this.#at += 1;
      left = Math.floor(left / 128);
    }
    this.#piece[this.#at] = left;
    this.#at += 1;
  }

  text(value: string): void {
    const bytes = Buffer.byteLength(value);
    this.number(bytes);
    this.#room(bytes);
    this.#piece.write(value, this.#at);
    this.#at += bytes;
  }

  end(): readonly Uint8Array[] {
    this.#flush();
    return this.pieces;
  }

  #room(bytes: number): void {
    if (this.#at + bytes <= this.#piece.length) return;
    this.#flush();
    this.#piece = Buffer.allocUnsafe(Math.max(pieceBytes, bytes));
  }

  #flush(): void {
    if (this.#at > 0) this.pieces.push(this.#piece.subarray(0, this.#at));
    this.#at = 0;
  }
}

export class ImageReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#at === this.#bytes.length;
  }

  number(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.#bytes[this.#at];
      if (byte === undefined) throw new ImageError('the image is cut short');
      this.#at += 1;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  }

  text(): string {
    const bytes = this.number();
    if (this.#at + bytes > this.#bytes.length) throw new ImageError('the image is cut short');
    this.#at += bytes;
    return this.#bytes.toString('utf8', this.#at - bytes, this.#at);
  }
}

export class ImageError extends Error {
  override readonly name = 'ImageError';
}
