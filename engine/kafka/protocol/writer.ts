/**
 * Writes the types of Kafka's wire format. Long byte fields are not copied: they stay pieces of their own, so that a whole answer leaves by one `writev`.
 */
import { assert } from '../../core/assert.ts';
import { KafkaError } from '../kafka-error.ts';
import type { Uuid } from '../model.ts';
import { int64Max } from './reader.ts';

const copiedBytesMax = 2048;

export class Writer {
  #buffer: Buffer;
  /** Where the piece that is being written begins in the buffer, and where it goes on. */
  #from = 0;
  #at = 0;
  #pieces: Uint8Array[] = [];
  #piecesBytes = 0;

  constructor(bytes = 512) {
    this.#buffer = Buffer.allocUnsafe(bytes);
  }

  get length(): number {
    return this.#piecesBytes + this.#at - this.#from;
  }

  /** Where to write so many bytes. It may take another buffer: look at `#buffer` only after it. */
  #room(bytes: number): number {
    const at = this.#at;
    if (at + bytes > this.#buffer.length) {
      const grown = Buffer.allocUnsafe(Math.max((at - this.#from) * 2, at - this.#from + bytes, 512));
      this.#buffer.copy(grown, 0, this.#from, at);
      this.#buffer = grown;
      this.#at = at - this.#from;
      this.#from = 0;
    }
    const start = this.#at;
    this.#at = start + bytes;
    return start;
  }

  #byte(value: number): void {
    const at = this.#room(1);
    this.#buffer[at] = value;
  }

  bool(value: boolean): void {
    this.#byte(value ? 1 : 0);
  }

  int8(value: number): void {
    const at = this.#room(1);
    this.#buffer.writeInt8(value, at);
  }

  int16(value: number): void {
    const at = this.#room(2);
    this.#buffer.writeInt16BE(value, at);
  }

  uint16(value: number): void {
    const at = this.#room(2);
    this.#buffer.writeUInt16BE(value, at);
  }

  int32(value: number): void {
    const at = this.#room(4);
    this.#buffer.writeInt32BE(value, at);
  }

  uint32(value: number): void {
    const at = this.#room(4);
    this.#buffer.writeUInt32BE(value, at);
  }

  int64(value: number): void {
    // The text is made only when it is wanted: this is the hot path.
    if (!Number.isSafeInteger(value)) assert(false, `${value} is no whole number below 2^53`);
    const at = this.#room(8);
    if (value === int64Max || value === -int64Max) {
      this.#buffer.writeBigInt64BE(value > 0 ? 2n ** 63n - 1n : -(2n ** 63n), at);
      return;
    }
    const high = Math.floor(value / 2 ** 32);
    this.#buffer.writeInt32BE(high, at);
    this.#buffer.writeUInt32BE(value - high * 2 ** 32, at + 4);
  }

  float64(value: number): void {
    const at = this.#room(8);
    this.#buffer.writeDoubleBE(value, at);
  }

  varint(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.#byte((rest & 0x7f) | 0x80);
      rest = Math.floor(rest / 128);
    }
    this.#byte(rest);
  }

  uuid(value: Uuid): void {
    const at = this.#room(16);
    const written = this.#buffer.write(value, at, 16, 'base64url');
    if (written !== 16 || value.length !== 22) assert(false, `'${value}' is no UUID in base64url`);
  }

  arrayLength(length: number, flexible: boolean): void {
    if (flexible) this.varint(length + 1);
    else this.int32(length);
  }

  string(value: string, flexible: boolean): void {
    const bytes = Buffer.byteLength(value);
    if (flexible) this.varint(bytes + 1);
    else {
      if (bytes > 0x7fff) throw new KafkaError('INVALID_REQUEST', `a text of ${bytes} bytes does not fit into this version of the message`);
      this.int16(bytes);
    }
    const at = this.#room(bytes);
    this.#buffer.write(value, at, bytes, 'utf8');
  }

  nullableString(value: string | null, flexible: boolean): void {
    if (value !== null) this.string(value, flexible);
    else if (flexible) this.varint(0);
    else this.int16(-1);
  }

  bytes(value: Uint8Array, flexible: boolean): void {
    this.arrayLength(value.length, flexible);
    this.raw(value);
  }

  nullableBytes(value: Uint8Array | null, flexible: boolean): void {
    if (value === null) this.arrayLength(-1, flexible);
    else this.bytes(value, flexible);
  }

  /** Bytes as they are. Must not be changed before they have left. */
  raw(value: Uint8Array): void {
    if (value.length <= copiedBytesMax) {
      const at = this.#room(value.length);
      this.#buffer.set(value, at);
      return;
    }
    this.#endPiece();
    this.#pieces.push(value);
    this.#piecesBytes += value.length;
  }

  /** A tagged field: its size comes before what `write` writes. */
  tagged(tag: number, write: (writer: Writer) => void): void {
    const field = new Writer(64);
    write(field);
    this.varint(tag);
    this.varint(field.length);
    for (const piece of field.pieces()) this.raw(piece);
  }

  #endPiece(): void {
    if (this.#at === this.#from) return;
    this.#pieces.push(this.#buffer.subarray(this.#from, this.#at));
    this.#piecesBytes += this.#at - this.#from;
    this.#from = this.#at;
  }

  /** All that was written, in order. */
  pieces(): readonly Uint8Array[] {
    this.#endPiece();
    return this.#pieces;
  }

  bytesWritten(): Buffer {
    const pieces = this.pieces();
    return pieces.length === 1 ? Buffer.from(pieces[0]?.buffer ?? new ArrayBuffer(0), pieces[0]?.byteOffset, pieces[0]?.byteLength) : Buffer.concat(pieces);
  }
}
