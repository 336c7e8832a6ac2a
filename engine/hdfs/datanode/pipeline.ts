/**
 * The write of one block through its datanodes: a window of packets under way, and what is done when a datanode fails. All that was acknowledged is on
 * every datanode of the pipeline; what was not is kept and sent again.
 */
import type { BlockTransfer, Packet, PacketAnswer, WriteStage } from '../block-transfer.ts';
import type { Block, Caller, DatanodeAddress } from '../model.ts';
import { HdfsError } from '../hdfs-error.ts';
import { checksumsOf } from './chunk-checksums.ts';
import { namesOf, type DataAccess } from './data-access.ts';
import { copyPrefix } from './prefix-copy.ts';

/** The file that is written, and by whom. */
export interface WriteTarget {
  readonly caller: Caller;
  readonly path: string;
  readonly fileId: number;
  /** Holder of the lease. */
  readonly client: string;
  readonly replication: number;
}

export interface PipelinePacket {
  readonly offset: number;
  readonly data: Uint8Array;
  readonly durability: Packet['durability'];
  /** All have it. `alone`: it was sent once, so nobody reads its bytes any more. */
  readonly onDone: (alone: boolean) => void;
}

interface Waiting extends PipelinePacket {
  readonly checksums: Uint8Array;
  sends: number;
  acknowledged: boolean;
}

export interface PipelineOptions {
  readonly access: DataAccess;
  readonly target: WriteTarget;
  readonly windowBytes: number;
  /** The block may hold bytes that readers have seen: it is kept at full strength. */
  readonly appended: boolean;
}

/** Every datanode failed before anything was acknowledged: the bytes go to another block. */
export class PipelineLostError extends Error {
  override readonly name = 'PipelineLostError';
  readonly code = 'PipelineLost';
}

const keepAliveMs = 30_000;
const recoveriesMax = 10;
/** When all datanodes of a block with acknowledged bytes have failed, they are waited for: one may only have been started anew. */
const revivalDelaysMs = [500, 1000, 2000, 4000];

export class Pipeline {
  readonly #options: PipelineOptions;
  readonly #all: readonly DatanodeAddress[];
  #nodes: readonly DatanodeAddress[];
  #first: BlockTransfer;
  #block: Block;
  #ackedBytes: number;
  #sentBytes: number;
  readonly #unacked: Waiting[] = [];
  #unackedBytes = 0;
  /** Answers to packets of before a recovery count for nothing. */
  #epoch = 0;
  #recovering: Promise<void> | undefined;
  #fatal: unknown;
  #flushed = false;
  readonly #excluded: string[] = [];
  readonly #stop = new AbortController();
  #wake: PromiseWithResolvers<void> = Promise.withResolvers();
  #lastSendMs: number;

  private constructor(options: PipelineOptions, block: Block, nodes: readonly DatanodeAddress[]) {
    this.#options = options;
    this.#block = block;
    this.#nodes = nodes;
    this.#all = nodes;
    this.#first = firstOf(options.access, nodes);
    this.#ackedBytes = block.bytes;
    this.#sentBytes = block.bytes;
    this.#lastSendMs = options.access.clock.nowMs();
    void this.#keepAlive();
  }

  /** A new block. Resolves to the pipeline, or to the uuid of the datanode that cannot be written to. */
  static async create(options: PipelineOptions, block: Block, nodes: readonly DatanodeAddress[]): Promise<Pipeline | string> {
    const { failed } = await openAll(options.access, nodes, 'create', block, undefined);
    return failed === '' ? new Pipeline(options, block, nodes) : failed;
  }

  /** A final block that is gone on with, under the stamp in `block`. Rejects with `HdfsError` when none of its datanodes can do it. */
  static async append(options: PipelineOptions, block: Block, nodes: readonly DatanodeAddress[]): Promise<Pipeline> {
    const { failed } = await openAll(options.access, nodes, 'append', block, undefined);
    const pipeline = new Pipeline(options, block, nodes);
    if (failed !== '') await pipeline.#fail(failed, 0);
    pipeline.#throwIfFatal();
    return pipeline;
  }

  /** As it is now: its stamp changes when a datanode is lost. */
  get block(): Block {
    return { ...this.#block, bytes: this.#ackedBytes };
  }

  get excluded(): readonly string[] {
    return this.#excluded;
  }

  /** Resolves once the packet is under way. Rejects with `PipelineLostError` or `HdfsError` when the write cannot go on. */
  async send(packet: PipelinePacket): Promise<void> {
    while (this.#fatal === undefined && (this.#recovering !== undefined || (this.#unackedBytes > 0 && this.#unackedBytes + packet.data.length > this.#options.windowBytes))) await this.#wake.promise;
    this.#throwIfFatal();
    const waiting: Waiting = { ...packet, checksums: checksumsOf(packet.data), sends: 0, acknowledged: false };
    this.#unacked.push(waiting);
    this.#unackedBytes += packet.data.length;
    this.#sentBytes = Math.max(this.#sentBytes, packet.offset + packet.data.length);
    if (packet.durability !== 'none') this.#flushed = true;
    this.#dispatch(waiting);
  }

  /** Waits until every datanode has everything that was sent. */
  async drain(): Promise<void> {
    while (this.#fatal === undefined && (this.#recovering !== undefined || this.#unacked.length > 0)) await this.#wake.promise;
    this.#throwIfFatal();
  }

  /** All datanodes make the block final; its length is what was sent. */
  async finalize(): Promise<Block> {
    for (;;) {
      await this.drain();
      const epoch = this.#epoch;
      const { failed } = await this.#first.finalize(this.block).catch((error: unknown) => this.#unreachable(error));
      if (failed === '') break;
      await this.#fail(failed, epoch);
      this.#throwIfFatal();
    }
    this.close();
    return this.block;
  }

  /** Nobody was told of its bytes, as they were neither there before nor flushed. */
  get untold(): boolean {
    return !this.#options.appended && !this.#flushed;
  }

  /**
   * The same for a block that the namenode takes as complete already, after `drain`: the pipeline cannot be mended any more, so that it is enough when
   * one datanode can do it; the namenode makes up for the others.
   */
  async finalizeCommitted(): Promise<void> {
    const { block } = this;
    const nodes = this.#nodes;
    const { access, target } = this.#options;
    const { failed } = await this.#first.finalize(block).catch((error: unknown) => this.#unreachable(error));
    this.close();
    if (failed === '') return;
    const outcomes = await Promise.allSettled(nodes.map(async (node) => (await access.peer(node, 0).finalize(block)).failed !== node.uuid));
    const final = outcomes.filter((each) => each.status === 'fulfilled' && each.value).length;
    if (final === 0) throw new HdfsError('IOException', `none of ${namesOf(nodes)} could make block ${block.id} of ${target.path} final`);
    access.logger.warn({ block: block.id, final, of: nodes.length }, 'not all datanodes could make a block final');
  }

  /** What was sent and not acknowledged, for another block. */
  get unacknowledged(): readonly PipelinePacket[] {
    return this.#unacked;
  }

  /** Ends what it does by itself; the replicas stay as they are. Idempotent. */
  close(): void {
    this.#stop.abort();
    this.#fatal ??= new HdfsError('IOException', `the write of ${this.#options.target.path} has ended`);
    this.#signal();
  }

  #throwIfFatal(): void {
    if (this.#fatal !== undefined) throw this.#fatal;
  }

  #signal(): void {
    const woken = this.#wake;
    this.#wake = Promise.withResolvers();
    woken.resolve();
  }

  #dispatch(waiting: Waiting): void {
    const epoch = this.#epoch;
    const { offset, data, checksums, durability } = waiting;
    waiting.sends += 1;
    this.#lastSendMs = this.#options.access.clock.nowMs();
    this.#first.writePacket({ blockId: this.#block.id, generationStamp: this.#block.generationStamp, offset, data, checksums, durability })
      .catch((error: unknown) => this.#unreachable(error))
      .then(({ failed }) => {
        if (epoch !== this.#epoch) return;
        if (failed === '') this.#acknowledge(waiting);
        else void this.#fail(failed, epoch);
      }, (error: unknown) => this.#end(error));
  }

  #unreachable(error: unknown): PacketAnswer {
    const [first] = this.#nodes;
    this.#options.access.logger.warn({ err: error, block: this.#block.id, datanode: first?.name }, 'the first datanode of a pipeline failed');
    return { failed: first?.uuid ?? '?' };
  }

  #acknowledge(waiting: Waiting): void {
    waiting.acknowledged = true;
    for (let first = this.#unacked[0]; first?.acknowledged === true; first = this.#unacked[0]) {
      this.#unacked.shift();
      this.#unackedBytes -= first.data.length;
      this.#ackedBytes = Math.max(this.#ackedBytes, first.offset + first.data.length);
      first.onDone(first.sends === 1);
    }
    this.#signal();
  }

  /** Mends the pipeline, once for all packets that failed with it. Never rejects: what cannot be mended is fatal. */
  #fail(failed: string, epoch: number): Promise<void> {
    if (epoch === this.#epoch && this.#fatal === undefined) {
      this.#epoch += 1;
      this.#recovering = this.#recover(failed).then(() => {
        this.#recovering = undefined;
        for (const waiting of this.#unacked) {
          waiting.acknowledged = false;
          this.#dispatch(waiting);
        }
        this.#signal();
      }).catch((error: unknown) => {
        this.#recovering = undefined;
        this.#end(error);
      });
    }
    return this.#recovering ?? Promise.resolve();
  }

  #end(error: unknown): void {
    this.#fatal ??= error;
    this.#stop.abort();
    this.#signal();
  }

  async #recover(failed: string): Promise<void> {
    const { access, target } = this.#options;
    const { client, logger } = access;
    const { caller, fileId } = target;
    let revivals = 0;
    let bad = failed;
    for (let attempt = 0; attempt < recoveriesMax; attempt += 1) {
      this.#exclude(bad);
      if (this.#nodes.length === 0) {
        if (this.#ackedBytes === 0) throw new PipelineLostError(`all datanodes of block ${this.#block.id} have failed`);
        await this.#revive(revivals);
        revivals += 1;
      }
      const old = this.block;
      const next = { ...await client.updateBlockForPipeline(caller, fileId, target.client, old), bytes: old.bytes };
      await this.#reinforce(old, next);
      bad = (await openAll(access, this.#nodes, 'resume', next, old.generationStamp)).failed;
      if (bad !== '') continue;
      await client.updatePipeline(caller, fileId, target.client, old, next, this.#nodes.map((each) => each.uuid));
      this.#block = next;
      this.#first = firstOf(access, this.#nodes);
      logger.info({ block: next.id, generationStamp: next.generationStamp, bytes: next.bytes, datanodes: namesOf(this.#nodes) }, 'a pipeline was mended');
      return;
    }
    throw new HdfsError('IOException', `the pipeline of block ${this.#block.id} of ${target.path} broke ${recoveriesMax} times`);
  }

  /** A uuid that is none of the pipeline's can only mean that the first one answers nonsense. */
  #exclude(uuid: string): void {
    const bad = this.#nodes.some((each) => each.uuid === uuid) ? uuid : this.#nodes[0]?.uuid;
    if (bad !== undefined && !this.#excluded.includes(bad)) this.#excluded.push(bad);
    this.#nodes = this.#nodes.filter((each) => each.uuid !== bad);
  }

  async #revive(revivals: number): Promise<void> {
    const { access, target } = this.#options;
    const delayMs = revivalDelaysMs[revivals];
    if (delayMs === undefined) throw new HdfsError('IOException', `All datanodes of block ${this.#block.id} of ${target.path} have failed: ${namesOf(this.#all)}. What was acknowledged lies there.`);
    await access.clock.sleep(delayMs, this.#stop.signal);
    this.#nodes = this.#all;
  }

  /** Hadoop's default: another datanode joins when half or more of three are gone, or when readers may have seen bytes. Without one it goes on. */
  async #reinforce(old: Block, next: Block): Promise<void> {
    const { access, target, appended } = this.#options;
    const { replication, caller, fileId } = target;
    const left = this.#nodes.length;
    if (replication < 3 || !(Math.floor(replication / 2) >= left || ((appended || this.#flushed) && replication > left))) return;
    const candidate = await access.client.getAdditionalDatanode(caller, fileId, this.#nodes.map((each) => each.uuid), this.#excluded);
    if (candidate === undefined) return;
    try {
      await copyPrefix(access, { from: this.#nodes, to: candidate, source: old, target: next });
      this.#nodes = [...this.#nodes, candidate];
    } catch (error) {
      this.#excluded.push(candidate.uuid);
      access.logger.warn({ err: error, block: old.id, datanode: candidate.name }, 'a datanode could not join a pipeline: it goes on without');
    }
  }

  /** An empty packet now and then tells the datanodes that the writer is there, and the writer that they are. */
  async #keepAlive(): Promise<void> {
    const { clock } = this.#options.access;
    while (!this.#stop.signal.aborted) {
      await clock.sleep(keepAliveMs, this.#stop.signal).catch(() => {});
      if (this.#stop.signal.aborted || this.#recovering !== undefined || clock.nowMs() - this.#lastSendMs < keepAliveMs || this.#unacked.length > 0) continue;
      this.#unacked.push({ offset: this.#sentBytes, data: new Uint8Array(0), durability: 'none', checksums: new Uint8Array(0), sends: 0, acknowledged: false, onDone: () => {} });
      this.#dispatch(this.#unacked.at(-1) as Waiting);
    }
  }
}

function firstOf(access: DataAccess, nodes: readonly DatanodeAddress[]): BlockTransfer {
  const [first] = nodes;
  if (first === undefined) throw new HdfsError('IOException', 'a block has no datanode');
  return access.peer(first, nodes.length - 1);
}

async function openAll(access: DataAccess, nodes: readonly DatanodeAddress[], stage: WriteStage, block: Block, oldGenerationStamp: number | undefined): Promise<PacketAnswer> {
  const [first, ...downstream] = nodes;
  try {
    return await firstOf(access, nodes).openWrite({ stage, block, oldGenerationStamp, downstream });
  } catch (error) {
    access.logger.warn({ err: error, block: block.id, datanode: first?.name }, 'a pipeline cannot be opened');
    return { failed: first?.uuid ?? '?' };
  }
}
