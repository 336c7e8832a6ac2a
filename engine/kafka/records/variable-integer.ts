/** Integers of variable length as records have them: signed ones in zigzag form, seven bits a byte, the lowest first. */
import { KafkaError } from '../kafka-error.ts';

/** A place in bytes that moves as they are read. What does not fit is CORRUPT_MESSAGE. */
export class Cursor {
  readonly bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  int8(): number {
    return ((this.bytes[this.#take(1)] as number) << 24) >> 24;
  }

  /** Of 32 bits. */
  varint(): number {
    let value = 0;
    for (let shift = 0; shift <= 28; shift += 7) {
      const byte = this.bytes[this.#take(1)] as number;
      value |= (byte & 127) << shift;
      if (byte < 128) return (value >>> 1) ^ -(value & 1);
    }
    throw corrupt(`a number of more than 32 bits before byte ${this.at}`);
  }

  /** Of 64 bits, of which those up to ±2^52 are taken. */
  varlong(): number {
    let value = 0;
    let unit = 1;
    for (let i = 0; i < 10; i += 1) {
      const byte = this.bytes[this.#take(1)] as number;
      value += (byte & 127) * unit;
      if (byte < 128) {
        if (value > Number.MAX_SAFE_INTEGER) break;
        return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
      }
      unit *= 128;
    }
    throw corrupt(`a number beyond 2^52 before byte ${this.at}`);
  }

  /** A length and so many bytes, as a view. -1: null. */
  view(): Uint8Array | null {
    const length = this.varint();
    if (length === -1) return null;
    const at = this.#take(length);
    return this.bytes.subarray(at, at + length);
  }

  #take(length: number): number {
    const at = this.at;
    if (length < 0 || length > this.bytes.length - at) throw corrupt(`a field of ${length} bytes at byte ${at} of ${this.bytes.length}`);
    this.at = at + length;
    return at;
  }
}

export function varintBytes(value: number): number {
  let left = ((value << 1) ^ (value >> 31)) >>> 0;
  let bytes = 1;
  for (; left > 127; left >>>= 7) bytes += 1;
  return bytes;
}

export function varlongBytes(value: number): number {
  let bytes = 1;
  for (let left = zigzag(value); left > 127; left = Math.floor(left / 128)) bytes += 1;
  return bytes;
}

/** Returns where the next byte goes. The caller has the room. */
export function setVarint(target: Uint8Array, at: number, value: number): number {
  let next = at;
  let left = ((value << 1) ^ (value >> 31)) >>> 0;
  for (; left > 127; left >>>= 7, next += 1) target[next] = (left & 127) | 128;
  target[next] = left;
  return next + 1;
}

export function setVarlong(target: Uint8Array, at: number, value: number): number {
  let next = at;
  let left = zigzag(value);
  for (; left > 127; left = Math.floor(left / 128), next += 1) target[next] = (left % 128) | 128;
  target[next] = left;
  return next + 1;
}

function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}

function corrupt(what: string): KafkaError {
  return new KafkaError('CORRUPT_MESSAGE', `A record has ${what}.`);
}
