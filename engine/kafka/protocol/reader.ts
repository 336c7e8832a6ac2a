/**
 * Reads the types of Kafka's wire format from a buffer, big-endian. Whatever does not fit is a `KafkaError` INVALID_REQUEST; nothing is allocated by a length
 * that the buffer does not have. Byte fields are views of the buffer.
 *
 * 64-bit integers become numbers. Those outside of ±2^53 are refused, but for the two ends of the range, which stand for "no limit".
 */
import { KafkaError } from '../kafka-error.ts';
import type { Uuid } from '../model.ts';

export const int64Max = Number.MAX_SAFE_INTEGER;

/** Elements of all arrays of one message: three bytes of a frame become a hundred in memory, so the size of the frame alone is no limit. */
const elementsMax = 1 << 21;

export class Reader {
  readonly #buffer: Buffer;
  #at: number;
  #elements = 0;

  constructor(bytes: Uint8Array, at = 0) {
    this.#buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = at;
  }

  get remaining(): number {
    return this.#buffer.length - this.#at;
  }

  get position(): number {
    return this.#at;
  }

  #take(bytes: number): number {
    const at = this.#at;
    if (bytes < 0 || bytes > this.#buffer.length - at) throw new KafkaError('INVALID_REQUEST', `a field of ${bytes} bytes at byte ${at} of a message of ${this.#buffer.length}`);
    this.#at = at + bytes;
    return at;
  }

  bool(): boolean {
    return this.#buffer[this.#take(1)] !== 0;
  }

  int8(): number {
    return this.#buffer.readInt8(this.#take(1));
  }

  int16(): number {
    return this.#buffer.readInt16BE(this.#take(2));
  }

  uint16(): number {
    return this.#buffer.readUInt16BE(this.#take(2));
  }

  int32(): number {
    return this.#buffer.readInt32BE(this.#take(4));
  }

  uint32(): number {
    return this.#buffer.readUInt32BE(this.#take(4));
  }

  int64(): number {
    const at = this.#take(8);
    const high = this.#buffer.readInt32BE(at);
    const low = this.#buffer.readUInt32BE(at + 4);
    if (high >= -0x200000 && high < 0x200000) return high * 2 ** 32 + low;
    if (high === 0x7fffffff && low === 0xffffffff) return int64Max;
    if (high === -0x80000000 && low === 0) return -int64Max;
    throw new KafkaError('INVALID_REQUEST', `a 64-bit number at byte ${at} is out of range`);
  }

  float64(): number {
    return this.#buffer.readDoubleBE(this.#take(8));
  }

  /** Unsigned, at most 32 bits. */
  varint(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.#buffer[this.#take(1)] ?? 0;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new KafkaError('INVALID_REQUEST', `a number of variable length before byte ${this.#at} does not end`);
  }

  uuid(): Uuid {
    const at = this.#take(16);
    return this.#buffer.toString('base64url', at, at + 16);
  }

  /** The number of elements; -1: null. Each element has at least one byte. */
  arrayLength(flexible: boolean): number {
    const length = flexible ? this.varint() - 1 : this.int32();
    if (length < -1 || length > this.remaining) throw new KafkaError('INVALID_REQUEST', `an array of ${length} elements before byte ${this.#at}, where ${this.remaining} bytes are left`);
    this.#elements += Math.max(length, 0);
    if (this.#elements > elementsMax) throw new KafkaError('INVALID_REQUEST', `a message of more than ${elementsMax} elements`);
    return length;
  }

  string(flexible: boolean): string {
    return this.nullableString(flexible) ?? this.#missing();
  }

  nullableString(flexible: boolean): string | null {
    const length = flexible ? this.varint() - 1 : this.int16();
    if (length === -1) return null;
    const at = this.#take(length);
    return length === 0 ? '' : this.#buffer.toString('utf8', at, at + length);
  }

  bytes(flexible: boolean): Uint8Array {
    return this.nullableBytes(flexible) ?? this.#missing();
  }

  nullableBytes(flexible: boolean): Uint8Array | null {
    const length = flexible ? this.varint() - 1 : this.int32();
    if (length === -1) return null;
    const at = this.#take(length);
    return this.#buffer.subarray(at, at + length);
  }

  /** For a field that must not be null. */
  notNull(length: number): number {
    return length < 0 ? this.#missing() : length;
  }

  /** Tagged fields: `read` takes those that it knows and says so; the rest is skipped. */
  tagged(read: (tag: number) => boolean): void {
    for (let count = this.varint(); count > 0; count -= 1) {
      const tag = this.varint();
      const size = this.varint();
      const at = this.#take(size);
      this.#at = at;
      if (!read(tag)) this.#at = at + size;
      else if (this.#at !== at + size) throw new KafkaError('INVALID_REQUEST', `the tagged field ${tag} at byte ${at} does not have ${size} bytes`);
    }
  }

  skipTagged(): void {
    for (let count = this.varint(); count > 0; count -= 1) {
      this.varint();
      this.#take(this.varint());
    }
  }

  #missing(): never {
    throw new KafkaError('INVALID_REQUEST', `a field before byte ${this.#at} is null, where a value must be`);
  }
}
