/** Cuts a stream of bytes into packets of whole chunks, in buffers that are used again. */
import { chunkStart } from './chunk-checksums.ts';

export interface BuiltPacket {
  /** Within the block; the start of a chunk. */
  readonly offset: number;
  readonly data: Buffer;
  /** Where `data` lies, to be given back. */
  readonly buffer: Buffer;
}

export class PacketBuilder {
  readonly #packetBytes: number;
  readonly #spare: Buffer[] = [];
  readonly #spareMax: number;
  #buffer: Buffer;
  #offset = 0;
  #filled = 0;
  /** Bytes at the start of the buffer that were sent before: a chunk that was not full. */
  #sent = 0;

  /** `packetBytes` is a multiple of 512. */
  constructor(packetBytes: number, spareMax: number) {
    this.#packetBytes = packetBytes;
    this.#spareMax = spareMax;
    this.#buffer = this.#take();
  }

  /** Bytes that were added and not sent. */
  get pendingBytes(): number {
    return this.#filled - this.#sent;
  }

  /** Within the block, after all that was added. */
  get position(): number {
    return this.#offset + this.#filled;
  }

  get full(): boolean {
    return this.#filled === this.#packetBytes;
  }

  /** The next block, or one that is gone on with after `position` bytes; `chunk` holds those of its last chunk that are there. */
  restart(position: number, chunk: Uint8Array): void {
    this.#offset = chunkStart(position);
    this.#buffer.set(chunk, 0);
    this.#filled = chunk.length;
    this.#sent = chunk.length;
  }

  /** Takes what fits; returns how many bytes that are. */
  add(bytes: Uint8Array): number {
    const taken = Math.min(bytes.length, this.#packetBytes - this.#filled);
    this.#buffer.set(taken === bytes.length ? bytes : bytes.subarray(0, taken), this.#filled);
    this.#filled += taken;
    return taken;
  }

  /** What was added since the last one. The bytes of a chunk that is not full will come again in the next packet. */
  build(): BuiltPacket {
    const { length } = this.#buffer.subarray(0, this.#filled);
    const packet: BuiltPacket = { offset: this.#offset, data: this.#buffer.subarray(0, length), buffer: this.#buffer };
    const rest = packet.data.subarray(chunkStart(length));
    const next = this.#take();
    next.set(rest, 0);
    this.#buffer = next;
    this.#offset += length - rest.length;
    this.#filled = rest.length;
    this.#sent = rest.length;
    return packet;
  }

  /** Nobody reads the buffer any more. */
  giveBack(buffer: Buffer): void {
    if (this.#spare.length < this.#spareMax) this.#spare.push(buffer);
  }

  #take(): Buffer {
    return this.#spare.pop() ?? Buffer.allocUnsafeSlow(this.#packetBytes);
  }
}
