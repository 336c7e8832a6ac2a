/** `BlockTransfer` of a datanode: its store, and the pipelines that lead through it. */
import type { Clock } from '../../core/clock.ts';
import type { Logger } from '../../core/logger.ts';
import type { BlockTransfer, OpenWrite, Packet, PacketAnswer } from '../block-transfer.ts';
import type { ReplicaState } from '../datanode-protocol.ts';
import type { Block, DatanodeAddress } from '../model.ts';
import type { BlockStore } from './block-store.ts';
import { Gate } from './gate.ts';
import { ReplicaError } from './replica-error.ts';
import { WriteSession, type Downstream } from './write-session.ts';

export interface TransferServiceOptions {
  readonly store: BlockStore;
  /** How another datanode is called, which passes calls on to so many more. */
  readonly peer: (address: DatanodeAddress, hops: number) => BlockTransfer;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly limits?: Partial<TransferLimits>;
}

export interface TransferLimits {
  readonly writesMax: number;
  /** Packets of all writers that are not done yet. */
  readonly bufferedBytesMax: number;
  readonly readsMax: number;
  readonly waitingReadsMax: number;
  /** A writer that is silent for so long is gone: its files are closed, and its replica waits for a recovery. Writers send an empty packet now and then. */
  readonly idleMs: number;
}

const defaultLimits: TransferLimits = { writesMax: 1024, bufferedBytesMax: 256 * 1024 * 1024, readsMax: 32, waitingReadsMax: 4096, idleMs: 120_000 };

export class TransferService implements BlockTransfer {
  readonly #options: TransferServiceOptions;
  readonly #limits: TransferLimits;
  /** By block. One that has ended stays for a while, so that a call that is repeated gets its answer. */
  readonly #sessions = new Map<number, WriteSession>();
  readonly #reads: Gate;
  #bufferedBytes = 0;

  constructor(options: TransferServiceOptions) {
    this.#options = options;
    this.#limits = { ...defaultLimits, ...options.limits };
    this.#reads = new Gate(this.#limits.readsMax, this.#limits.waitingReadsMax);
  }

  /** For a writer in this process: its packets are not checked again. */
  get trusted(): BlockTransfer {
    return {
      openWrite: (request) => this.openWrite(request), writePacket: (packet) => this.#writePacket(packet, true), finalize: (block) => this.finalize(block),
      readBlock: (block, offset, length) => this.readBlock(block, offset, length), blockChecksum: (block) => this.blockChecksum(block),
      initReplicaRecovery: (block, stamp) => this.initReplicaRecovery(block, stamp), updateReplica: (block, stamp, bytes) => this.updateReplica(block, stamp, bytes),
    };
  }

  /** Writes under way. */
  get writes(): number {
    return [...this.#sessions.values()].filter((each) => each.open).length;
  }

  async openWrite(request: OpenWrite): Promise<PacketAnswer> {
    const { store, logger, peer } = this.#options;
    const [next, ...rest] = request.downstream;
    const downstream: Downstream | undefined = next === undefined ? undefined : { address: next, transfer: peer(next, rest.length) };
    const opened = downstream?.transfer.openWrite({ ...request, downstream: rest }).catch((error: unknown): PacketAnswer => {
      logger.warn({ err: error, block: request.block.id, datanode: downstream.address.name }, 'the next datanode of a pipeline cannot be opened');
      return { failed: downstream.address.uuid };
    });
    try {
      await this.#openSession(request, downstream);
    } catch (error) {
      if (!(error instanceof ReplicaError)) throw error;
      logger.warn({ err: error, block: request.block.id, stage: request.stage }, 'a write cannot be opened');
      return { failed: store.uuid };
    }
    const answer = await opened ?? { failed: '' };
    if (answer.failed !== '') await this.#sessions.get(request.block.id)?.close();
    return answer;
  }

  writePacket(packet: Packet): Promise<PacketAnswer> {
    return this.#writePacket(packet, false);
  }

  async finalize(block: Block): Promise<PacketAnswer> {
    const session = this.#sessions.get(block.id);
    if (session?.block.generationStamp !== block.generationStamp) return this.#unknown(block);
    return session.finalize(block);
  }

  readBlock(block: Block, offset: number, length: number): Promise<Uint8Array> {
    return this.#reads.run(() => this.#options.store.read(block, offset, length));
  }

  blockChecksum(block: Block): Promise<{ readonly md5: Uint8Array; readonly bytes: number }> {
    return this.#reads.run(() => this.#options.store.checksum(block));
  }

  async initReplicaRecovery(block: Block, newGenerationStamp: number): Promise<{ readonly block: Block; readonly state: ReplicaState } | undefined> {
    return this.#options.store.initReplicaRecovery(block, newGenerationStamp);
  }

  async updateReplica(block: Block, newGenerationStamp: number, bytes: number): Promise<void> {
    return this.#options.store.updateReplica(block, newGenerationStamp, bytes);
  }

  /** Called now and then: forgets writes that have ended, ends those whose writer is gone. */
  async sweep(): Promise<void> {
    const before = this.#options.clock.nowMs() - this.#limits.idleMs;
    const idle = [...this.#sessions].filter(([, session]) => session.lastUsedMs <= before);
    for (const [id, session] of idle) {
      if (this.#sessions.get(id) === session) this.#sessions.delete(id);
      await session.close();
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#sessions.values()].map((each) => each.close()));
  }

  async #openSession(request: OpenWrite, downstream: Downstream | undefined): Promise<void> {
    const { store, logger, clock } = this.#options;
    const { id } = request.block;
    const before = this.#sessions.get(id);
    if (before === undefined && this.writes >= this.#limits.writesMax) throw new ReplicaError('Busy', `more than ${this.#limits.writesMax} writes are under way`);
    // The namenode orders one copy after the other: what an earlier one left half done here would be in the way of all later ones until it is swept.
    if (request.stage === 'transfer' && before?.copies === true) await before.close();
    const writer = await store.openWriter(request);
    this.#sessions.set(id, new WriteSession({ store, writer, downstream, logger, nowMs: () => clock.nowMs(), reserve: (bytes) => this.#reserve(bytes) }));
    await before?.close();
  }

  async #writePacket(packet: Packet, trusted: boolean): Promise<PacketAnswer> {
    const session = this.#sessions.get(packet.blockId);
    if (session?.block.generationStamp !== packet.generationStamp) return this.#unknown({ id: packet.blockId, generationStamp: packet.generationStamp });
    return session.packet(packet, trusted);
  }

  #unknown({ id, generationStamp }: Pick<Block, 'id' | 'generationStamp'>): PacketAnswer {
    this.#options.logger.warn({ block: id, generationStamp }, 'a write that is not open here was gone on with');
    return { failed: this.#options.store.uuid };
  }

  #reserve(bytes: number): () => void {
    if (this.#bufferedBytes + bytes > this.#limits.bufferedBytesMax) throw new ReplicaError('Busy', `packets of more than ${this.#limits.bufferedBytesMax} bytes are under way`);
    this.#bufferedBytes += bytes;
    return () => {
      this.#bufferedBytes -= bytes;
    };
  }
}
