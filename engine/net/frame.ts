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

/** Cuts a byte stream into frames. Holds at most one unfinished frame; a longer one than the limit is an error at its header. */
export class FrameDecoder {
  /** Payload bytes; may change between frames (small before the peer is known). */
  payloadBytesMax: number;
  readonly #parts: Buffer[] = [];
  #buffered = 0;

  constructor(payloadBytesMax: number) {
    this.payloadBytesMax = payloadBytesMax;
  }

  /** Throws `RpcError` TooLarge or Protocol; the stream cannot be used after that. */
  *push(bytes: Buffer): Generator<Frame> {
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
      if (this.#buffered < length + 4) return;
      const frame = this.#take(length + 4);
      yield { kind: kind as FrameKind, id: frame.readUInt32BE(5), payload: frame.subarray(frameHeaderBytes) };
    }
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
