/**
 * Cuts a byte stream into Kafka's frames: four bytes of length, then as many bytes. A frame that came in one piece is a view of that piece; a long one is
 * put together in a buffer of its own, so that nothing is copied twice.
 */
export class FrameTooLong extends Error {
  override readonly name = 'FrameTooLong';
}

export class FrameReader {
  readonly #bytesMax: number;
  /** Less than a length. */
  #head = Buffer.alloc(0);
  #frame: Buffer | undefined;
  #filled = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** The frames that are whole with this piece. Throws `FrameTooLong` for a length that is negative or above the limit. */
  push(piece: Buffer): readonly Buffer[] {
    const frames: Buffer[] = [];
    let at = 0;
    let rest = piece;
    if (this.#head.length > 0) {
      rest = Buffer.concat([this.#head, piece]);
      this.#head = Buffer.alloc(0);
    }
    while (at < rest.length) {
      if (this.#frame !== undefined) {
        const taken = Math.min(this.#frame.length - this.#filled, rest.length - at);
        rest.copy(this.#frame, this.#filled, at, at + taken);
        this.#filled += taken;
        at += taken;
        if (this.#filled < this.#frame.length) break;
        frames.push(this.#frame);
        this.#frame = undefined;
        continue;
      }
      if (rest.length - at < 4) {
        this.#head = Buffer.from(rest.subarray(at));
        break;
      }
      const length = rest.readInt32BE(at);
      if (length < 0 || length > this.#bytesMax) throw new FrameTooLong(`a request of ${length} bytes; at most ${this.#bytesMax} are taken`);
      at += 4;
      if (rest.length - at >= length) {
        frames.push(rest.subarray(at, at + length));
        at += length;
      } else {
        this.#frame = Buffer.allocUnsafeSlow(length);
        this.#filled = 0;
      }
    }
    return frames;
  }
}
