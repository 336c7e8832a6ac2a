/**
 * The small alphabet of images: numbers of variable length and texts, in frames.
 *
 *     frame   = length of the payload (4 bytes, big endian), its CRC32C (4 bytes), payload
 *     number  = seven bits a byte, the lowest first; the highest bit says that more follow
 *     text    = number of bytes, UTF-8
 */
import { crc32c } from '@node-rs/crc32';

const headerBytes = 8;
/** A frame ends with the first record that passes this. */
const frameBytes = 256 * 1024;
/** More than the largest record: a file of all blocks that its directory once had. */
const frameBytesMax = 1 << 28;

export class ImageError extends Error {
  override readonly name = 'ImageError';
}

export class ImageWriter {
  readonly #frames: Uint8Array[] = [];
  #bytes = Buffer.allocUnsafe(frameBytes * 2);
  #at = headerBytes;

  /** From 0 up to 2^53. */
  number(value: number): void {
    this.#room(8);
    let left = value;
    while (left > 127) {
      this.#bytes[this.#at] = (left % 128) | 128;
      this.#at += 1;
      left = Math.floor(left / 128);
    }
    this.#bytes[this.#at] = left;
    this.#at += 1;
  }

  text(value: string): void {
    const bytes = Buffer.byteLength(value);
    this.number(bytes);
    this.#room(bytes);
    this.#bytes.write(value, this.#at);
    this.#at += bytes;
  }

  /** A record is whole: a frame may end here. */
  endRecord(): void {
    if (this.#at >= frameBytes) this.#endFrame();
  }

  /** Frames that are full, once; with `all` the last one too. */
  take(all: boolean): readonly Uint8Array[] {
    if (all && this.#at > headerBytes) this.#endFrame();
    return this.#frames.splice(0);
  }

  #endFrame(): void {
    const frame = Buffer.from(this.#bytes.subarray(0, this.#at));
    frame.writeUInt32BE(frame.length - headerBytes, 0);
    frame.writeUInt32BE(crc32c(frame.subarray(headerBytes)), 4);
    this.#frames.push(frame);
    this.#at = headerBytes;
  }

  #room(bytes: number): void {
    if (this.#at + bytes <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe((this.#at + bytes) * 2);
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#bytes = larger;
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
      if (byte === undefined) throw new ImageError('the image has a record that is cut short');
      this.#at += 1;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  }

  text(): string {
    const bytes = this.number();
    if (this.#at + bytes > this.#bytes.length) throw new ImageError('the image has a record that is cut short');
    this.#at += bytes;
    return this.#bytes.toString('utf8', this.#at - bytes, this.#at);
  }
}

/** Payloads of whole frames, however the bytes are cut into pieces. Rejects with `ImageError`. */
export async function* framesOf(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let waiting: Buffer[] = [];
  let bytes = 0;
  let wanted = headerBytes;
  for await (const piece of pieces) {
    waiting.push(Buffer.from(piece.buffer, piece.byteOffset, piece.length));
    bytes += piece.length;
    while (bytes >= wanted) {
      const whole = waiting.length === 1 ? waiting[0] as Buffer : Buffer.concat(waiting);
      const length = whole.readUInt32BE(0);
      if (length > frameBytesMax) throw new ImageError(`the image is damaged: a frame of ${length} bytes`);
      wanted = headerBytes + length;
      waiting = [whole];
      if (bytes < wanted) break;
      const payload = whole.subarray(headerBytes, wanted);
      if (crc32c(payload) !== whole.readUInt32BE(4)) throw new ImageError('the image is damaged: a frame has another checksum than it should');
      yield payload;
      waiting = [whole.subarray(wanted)];
      bytes -= wanted;
      wanted = headerBytes;
    }
  }
  if (bytes > 0) throw new ImageError('the image ends in the middle of a frame');
}
