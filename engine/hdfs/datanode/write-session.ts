/**
 * One write under way at a datanode: packets go to the disk in the order of their offsets, and to the next datanode at the same time. The first failure
 * ends it; the writer then mends the pipeline with those that are left.
 */
import type { Logger } from '../../core/logger.ts';
import type { BlockTransfer, Packet, PacketAnswer } from '../block-transfer.ts';
import type { Block, DatanodeAddress } from '../model.ts';
import type { BlockStore } from './block-store.ts';
import { chunkStart, firstWrongChunk } from './chunk-checksums.ts';
import { ReplicaError } from './replica-error.ts';
import type { ReplicaWriter } from './replica-writer.ts';

export interface Downstream {
  readonly address: DatanodeAddress;
  readonly transfer: BlockTransfer;
}

export interface WriteSessionParts {
  readonly store: BlockStore;
  readonly writer: ReplicaWriter;
  readonly downstream: Downstream | undefined;
  readonly logger: Logger;
  readonly nowMs: () => number;
  /** Bytes of packets that are not done yet, here and in all sessions of the datanode. Throws Busy. */
  readonly reserve: (bytes: number) => () => void;
}

/** Bytes that one writer may have under way. */
const windowBytesMax = 32 * 1024 * 1024;

interface Parked {
  readonly packet: Packet;
  readonly resolve: (answer: PacketAnswer | Promise<PacketAnswer>) => void;
}

const done: PacketAnswer = { failed: '' };

export class WriteSession {
  readonly block: Block;
  readonly #parts: WriteSessionParts;
  readonly #parked: Parked[] = [];
  lastUsedMs: number;
  #acceptedBytes: number;
  #windowBytes = 0;
  /** The answer to everything once something has failed. */
  #broken: PacketAnswer | undefined;
  #finalized: Promise<PacketAnswer> | undefined;

  constructor(parts: WriteSessionParts) {
    this.#parts = parts;
    this.block = parts.writer.replica.block;
    this.#acceptedBytes = parts.writer.replica.bytes;
    this.lastUsedMs = parts.nowMs();
  }

  get open(): boolean {
    return this.#parts.writer.open && this.#broken === undefined;
  }

  /** A copy that is not whole yet. */
  get copies(): boolean {
    const { replica } = this.#parts.writer;
    return replica.copy && !replica.removed && this.#finalized === undefined;
  }

  /** `trusted`: made in this process, not to be checked again. */
  packet(packet: Packet, trusted: boolean): Promise<PacketAnswer> {
    this.lastUsedMs = this.#parts.nowMs();
    if (this.#broken !== undefined) return Promise.resolve(this.#broken);
    if (!trusted && firstWrongChunk(packet.data, packet.checksums) >= 0) return this.#fail(new ReplicaError('ReplicaCorrupt', 'a packet arrived with wrong checksums'));
    let release: () => void;
    try {
      release = this.#reserve(packet.data.length);
    } catch (error) {
      return this.#fail(error);
    }
    const answered = this.#inOrder(packet);
    void answered.finally(release);
    return answered;
  }

  /** Every packet that was taken must be on disk; then the replica is final. Called again it gives the same answer. */
  finalize(block: Block): Promise<PacketAnswer> {
    this.lastUsedMs = this.#parts.nowMs();
    this.#finalized ??= this.#finalize(block);
    return this.#finalized;
  }

  /** Waits for what is under way on the disk. Idempotent. */
  async close(): Promise<void> {
    this.#broken ??= { failed: this.#parts.store.uuid };
    this.#answerParked(this.#broken);
    await this.#release();
  }

  /** Half a copy is worth nothing. */
  async #release(): Promise<void> {
    const { store, writer } = this.#parts;
    await writer.close();
    if (writer.replica.copy && !writer.replica.removed) await store.discard(writer.replica.block);
  }

  #reserve(bytes: number): () => void {
    if (this.#windowBytes + bytes > windowBytesMax) throw new ReplicaError('Busy', `a writer has more than ${windowBytesMax} bytes under way`);
    const release = this.#parts.reserve(bytes);
    this.#windowBytes += bytes;
    return () => {
      this.#windowBytes -= bytes;
      release();
    };
  }

  /** A packet that overtook another one waits for it. */
  #inOrder(packet: Packet): Promise<PacketAnswer> {
    const end = packet.offset + packet.data.length;
    const fits = packet.data.length === 0 ? packet.offset <= this.#acceptedBytes : packet.offset === chunkStart(this.#acceptedBytes) || end <= this.#acceptedBytes;
    if (!fits && packet.offset < this.#acceptedBytes) return this.#fail(new ReplicaError('BadRequest', `a packet starts at ${packet.offset}, and ${this.#acceptedBytes} bytes are there`));
    if (!fits) return new Promise((resolve) => this.#parked.push({ packet, resolve }));
    this.#acceptedBytes = Math.max(this.#acceptedBytes, end);
    const answered = this.#store(packet);
    this.#unpark();
    return answered;
  }

  #unpark(): void {
    const next = this.#parked.findIndex(({ packet }) => packet.offset === chunkStart(this.#acceptedBytes) || packet.offset + packet.data.length <= this.#acceptedBytes);
    const [parked] = next < 0 ? [] : this.#parked.splice(next, 1);
    parked?.resolve(this.#inOrder(parked.packet));
  }

  async #store(packet: Packet): Promise<PacketAnswer> {
    const { store, writer, downstream } = this.#parts;
    const [local, remote] = await Promise.all([
      store.write(writer, packet).then(() => undefined, (error: unknown) => ({ error })),
      downstream === undefined ? done : downstream.transfer.writePacket(packet).catch((error: unknown) => this.#downstreamFailed(downstream, error)),
    ]);
    if (local !== undefined) return this.#fail(local.error);
    if (remote.failed !== '') return this.#break(remote);
    const { replica } = writer;
    replica.visibleBytes = Math.min(replica.bytes, Math.max(replica.visibleBytes, packet.offset + packet.data.length));
    return done;
  }

  async #finalize(block: Block): Promise<PacketAnswer> {
    if (this.#broken !== undefined) return this.#broken;
    const { store, downstream } = this.#parts;
    const [local, remote] = await Promise.all([
      store.finalize(block).then(() => undefined, (error: unknown) => ({ error })),
      downstream === undefined ? done : downstream.transfer.finalize(block).catch((error: unknown) => this.#downstreamFailed(downstream, error)),
    ]);
    return local === undefined ? remote : this.#fail(local.error);
  }

  #downstreamFailed({ address }: Downstream, error: unknown): PacketAnswer {
    this.#parts.logger.warn({ err: error, block: this.block.id, datanode: address.name }, 'the next datanode of a pipeline failed');
    return { failed: address.uuid };
  }

  #fail(error: unknown): Promise<PacketAnswer> {
    if (this.#broken === undefined) this.#parts.logger.warn({ err: error, block: this.block.id }, 'a write failed here');
    return this.#break({ failed: this.#parts.store.uuid });
  }

  async #break(answer: PacketAnswer): Promise<PacketAnswer> {
    this.#broken ??= answer;
    this.#answerParked(this.#broken);
    void this.#release();
    return this.#broken;
  }

  #answerParked(answer: PacketAnswer): void {
    for (const { resolve } of this.#parked.splice(0)) resolve(answer);
  }
}
