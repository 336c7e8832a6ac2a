/** What comes out of a decompression: grows as it must, never past a limit, and holds what later parts refer back to. */
import { KafkaError } from '../kafka-error.ts';

/** Below this, a loop is faster than a call of the runtime. */
const shortCopy = 24;

export class BoundedOutput {
  readonly #bytesMax: number;
  #bytes: Uint8Array;
  #at = 0;

  constructor(bytesExpected: number, bytesMax: number) {
    this.#bytesMax = bytesMax;
    this.#bytes = Buffer.allocUnsafe(Math.min(bytesExpected, bytesMax));
  }

  get length(): number {
    return this.#at;
  }

  /** A view of all of it. */
  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#at);
  }

  /** `source[from]` up to `source[to]`, which the caller has seen to be there. */
  literal(source: Uint8Array, from: number, to: number): void {
    const length = to - from;
    if (length > this.#bytes.length - this.#at) this.#grow(length);
    const target = this.#bytes;
    const at = this.#at;
    this.#at = at + length;
    copyBytes(source, from, to, target, at);
  }

  /** Bytes that came out before, `distance` back; they may be ones that this very copy makes. The caller has seen that the distance is one. */
  repeat(distance: number, length: number): void {
    if (length > this.#bytes.length - this.#at) this.#grow(length);
    const target = this.#bytes;
    const at = this.#at;
    this.#at = at + length;
    if (length > shortCopy && distance >= length) target.copyWithin(at, at - distance, at - distance + length);
    else for (let i = at, end = at + length; i < end; i += 1) target[i] = target[i - distance] as number;
  }

  #grow(bytes: number): void {
    const end = this.#at + bytes;
    if (end > this.#bytesMax) throw tooLarge(this.#bytesMax);
    const grown = Buffer.allocUnsafe(Math.min(Math.max(end, this.#bytes.length * 2), this.#bytesMax));
    grown.set(this.#bytes.subarray(0, this.#at));
    this.#bytes = grown;
  }
}

/** `source[from]` up to `source[to]` to `target[at]` on. */
export function copyBytes(source: Uint8Array, from: number, to: number, target: Uint8Array, at: number): void {
  const length = to - from;
  if (length > shortCopy) target.set(source.subarray(from, to), at);
  else for (let i = 0; i < length; i += 1) target[at + i] = source[from + i] as number;
}

export function tooLarge(bytesMax: number, cause?: unknown): KafkaError {
  return new KafkaError('MESSAGE_TOO_LARGE', `The records of the batch are more than ${bytesMax} bytes without their compression.`, { cause });
}

export function wronglyCompressed(compression: string, what: string, cause?: unknown): KafkaError {
  return new KafkaError('CORRUPT_MESSAGE', `The batch is not compressed with ${compression} as its attributes say: ${what}.`, { cause });
}
