/**
 * Frames on a byte stream, all numbers big-endian:
 *   length  u32   bytes that follow
 *   kind    u8
 *   id      u32   the call that the frame belongs to, chosen by its caller; 0 where there is none
 *   payload length − 5 bytes
 */
import { RpcError } from './rpc-error.ts';

export const frameKind = {
  // Handshake, see handshake.ts.
  hello: 1, challenge: 2, proof: 3, accepted: 4, refused: 5,
  // From the caller. `request`, `openStream` and `message` carry [method, body], `credit` a u32 of bytes.
  request: 16, openStream: 17, message: 18, cancel: 19, credit: 20,
  // From the answering side. `chunk` carries raw bytes, `streamEnd` the CRC-32 of all of them, `failure` {code, message}.
  response: 32, chunk: 33, streamEnd: 34, failure: 35,
  // Either: keeps the connection from looking dead.
  ping: 48,
} as const;

export type FrameKind = (typeof frameKind)[keyof typeof frameKind];
const known: ReadonlySet<number> = new Set(Object.values(frameKind));

export interface Frame {
  readonly kind: FrameKind;
  readonly id: number;
  readonly payload: Buffer;
}

export const frameHeaderBytes = 9;
const fixedBytes = frameHeaderBytes - 4;

export function encodeFrameHeader(kind: FrameKind, id: number, payloadBytes: number): Buffer {
  const header = Buffer.allocUnsafe(frameHeaderBytes);
  header.writeUInt32BE(payloadBytes + fixedBytes, 0);
  header.writeUInt8(kind, 4);
  header.writeUInt32BE(id, 5);
  return header;
}

/** Frames that are longer are put together in memory of their own as they arrive. */
const sharedFrameBytesMax = 64 * 1024;

/** Cuts a byte stream into frames. Holds at most one unfinished frame; a longer one than the limit is an error at its header. */
export class FrameDecoder {
  /** Payload bytes; may change between frames (small before the peer is known). */
  payloadBytesMax: number;
  /** Bytes that came in and were copied: nothing of the decoder's or its frames' refers to them. */
  readonly #onCopied: (bytes: Buffer) => void;
  readonly #parts: Buffer[] = [];
  #buffered = 0;
  #large: { readonly bytes: Buffer; filled: number } | undefined;

  constructor(payloadBytesMax: number, onCopied: (bytes: Buffer) => void = () => {}) {
    this.payloadBytesMax = payloadBytesMax;
    this.#onCopied = onCopied;
  }

  /** Throws `RpcError` TooLarge or Protocol; the stream cannot be used after that. */
  *push(bytes: Buffer): Generator<Frame> {
    let rest = bytes;
    if (this.#large !== undefined) {
      rest = bytes.subarray(this.#fill(this.#large, bytes));
      if (rest.length === 0) this.#onCopied(bytes);
      if (this.#large.filled === this.#large.bytes.length) {
        const frame = this.#large.bytes;
        this.#large = undefined;
        yield frameOf(frame);
      }
    }
    if (rest.length > 0) yield* this.#cut(rest);
  }

  *#cut(bytes: Buffer): Generator<Frame> {
    this.#parts.push(bytes);
    this.#buffered += bytes.length;
    for (;;) {
      if (this.#buffered < frameHeaderBytes) return;
      const header = this.#head();
      const length = header.readUInt32BE(0);
      const kind = header.readUInt8(4);
      if (length < fixedBytes || !known.has(kind)) throw new RpcError('Protocol', `not a frame: length ${length}, kind ${kind}`);
      if (length - fixedBytes > this.payloadBytesMax) {
        throw new RpcError('TooLarge', `a frame of ${length - fixedBytes} bytes is longer than the limit of ${this.payloadBytesMax}`);
      }
      if (this.#buffered < length + 4) {
        if (length > sharedFrameBytesMax) this.#beginLarge(length + 4);
        return;
      }
      yield frameOf(this.#take(length + 4));
    }
  }

  /** What is buffered is the start of one frame. */
  #beginLarge(length: number): void {
    this.#large = { bytes: Buffer.allocUnsafeSlow(length), filled: 0 };
    for (const part of this.#parts.splice(0)) this.#fill(this.#large, part);
    this.#buffered = 0;
  }

  #fill(large: { readonly bytes: Buffer; filled: number }, bytes: Buffer): number {
    const copied = bytes.copy(large.bytes, large.filled);
    large.filled += copied;
    return copied;
  }

  /** The first part, made long enough to hold a header. */
  #head(): Buffer {
    const [first] = this.#parts;
    if (first !== undefined && first.length >= frameHeaderBytes) return first;
    const joined = Buffer.concat(this.#parts);
    this.#parts.splice(0, this.#parts.length, joined);
    return joined;
  }

  #take(count: number): Buffer {
    const first = this.#parts[0];
    const all = first !== undefined && first.length >= count ? first : Buffer.concat(this.#parts);
    const kept = all === first ? this.#parts.slice(1) : [];
    const rest = all.subarray(count);
    this.#parts.splice(0, this.#parts.length, ...(rest.length > 0 ? [rest] : []), ...kept);
    this.#buffered -= count;
    return all.subarray(0, count);
  }
}

/** Its kind is known to be one. */
function frameOf(bytes: Buffer): Frame {
  return { kind: bytes.readUInt8(4) as FrameKind, id: bytes.readUInt32BE(5), payload: bytes.subarray(frameHeaderBytes) };
}
