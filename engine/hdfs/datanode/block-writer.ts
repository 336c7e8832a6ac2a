/**
 * Writes a file block by block through pipelines of datanodes, as the holder of its lease. Used by the datanode's WebHDFS side, by tests and by the
 * simulation. Rejects with `HdfsError`, or with the signal's reason.
 */
import { abortReason, orAbort, throwIfAborted } from '../../core/abort.ts';
import type { CreateOptions, OpenFile } from '../client-protocol.ts';
import { HdfsError } from '../hdfs-error.ts';
import type { Block, Caller, DatanodeAddress, LocatedBlock } from '../model.ts';
import { chunkStart } from './chunk-checksums.ts';
import type { DataAccess } from './data-access.ts';
import { PacketBuilder } from './packet-builder.ts';
import { Pipeline, PipelineLostError, type PipelineOptions, type PipelinePacket, type WriteTarget } from './pipeline.ts';
import { readAny } from './prefix-copy.ts';

export interface BlockWriterOptions {
  /** A multiple of 512. */
  readonly packetBytes?: number;
  /** Sent and not acknowledged. */
  readonly windowBytes?: number;
  /** How long `close` waits for the last block to be known to the namenode. */
  readonly completeTimeoutMs?: number;
}

const defaults: Required<BlockWriterOptions> = { packetBytes: 512 * 1024, windowBytes: 4 * 1024 * 1024, completeTimeoutMs: 60_000 };
/** Well within the soft limit of a lease. */
const renewEveryMs = 20_000;
const newBlocksMax = 6;
const completeBackOffMs = { first: 2, max: 400 };

/** A file that is open for writing. One call at a time. */
export class BlockWriter {
  readonly #access: DataAccess;
  readonly #options: Required<BlockWriterOptions>;
  readonly #target: WriteTarget;
  readonly #blockBytes: number;
  readonly #created: boolean;
  readonly #builder: PacketBuilder;
  readonly #stop = new AbortController();
  #pipeline: Pipeline | undefined;
  /** The block before, when it is final. */
  #previous: Block | undefined;
  /** The block before is being made final while this one is written. */
  #finalizing: Promise<void> | undefined;
  /** All that was given so far, with what was there before. */
  #bytes: number;
  readonly #excluded: string[] = [];

  private constructor(access: DataAccess, target: WriteTarget, file: OpenFile, created: boolean, options: BlockWriterOptions) {
    this.#access = access;
    this.#target = target;
    this.#options = { ...defaults, ...options };
    this.#blockBytes = file.status.blockBytes;
    this.#bytes = file.status.bytes;
    this.#created = created;
    const { packetBytes, windowBytes } = this.#options;
    this.#builder = new PacketBuilder(packetBytes, Math.ceil(windowBytes / packetBytes) + 2);
    void this.#renewLease();
  }

  /** Creates the file. */
  static async create(access: DataAccess, caller: Caller, path: string, create: CreateOptions, options: BlockWriterOptions = {}): Promise<BlockWriter> {
    const file = await access.client.create(caller, path, create);
    return new BlockWriter(access, targetOf(caller, path, create.client, file), file, true, options);
  }

  /** Opens a file that is there, to go on at its end. */
  static async append(access: DataAccess, caller: Caller, path: string, client: string, options: BlockWriterOptions = {}): Promise<BlockWriter> {
    const file = await access.client.append(caller, path, client);
    const writer = new BlockWriter(access, targetOf(caller, path, client, file), file, false, options);
    try {
      if (file.lastBlock !== undefined) await writer.#goOn(file.lastBlock);
      return writer;
    } catch (error) {
      await writer.cancel();
      throw error;
    }
  }

  get fileId(): number {
    return this.#target.fileId;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Resolves once the bytes are under way, or copied to be; `data` may be used again then. */
  async write(data: Uint8Array): Promise<void> {
    for (let from = 0; from < data.length;) {
      if (this.#pipeline === undefined) {
        this.#pipeline = await this.#nextBlock();
        this.#builder.restart(0, new Uint8Array(0));
      }
      const room = this.#blockBytes - this.#builder.position;
      const taken = this.#builder.add(data.subarray(from, from + room));
      from += taken;
      this.#bytes += taken;
      if (this.#builder.position === this.#blockBytes) await this.#fillBlock();
      else if (this.#builder.full) await this.#send('none');
    }
  }

  /** Readers see everything that was written so far. */
  async flush(): Promise<void> {
    if (this.#pipeline === undefined) return;
    if (this.#builder.pendingBytes > 0) await this.#send('flush');
    await this.#drain();
  }

  /** And it is on the disks of all datanodes; the namenode knows the length. */
  async sync(): Promise<void> {
    if (this.#pipeline === undefined) return;
    await this.#send('sync');
    await this.#drain();
    const { caller, fileId, client } = this.#target;
    await this.#access.client.persistLength(caller, fileId, client, this.#pipeline.block);
  }

  /** The file is closed, and all of it is on disks. */
  async close(): Promise<void> {
    if (this.#pipeline !== undefined) await this.#endBlock();
    await this.#finalizing;
    await this.#complete();
    this.#stop.abort();
  }

  /** Gives up: a file that was created goes, unless another writer has taken it; one that was appended to keeps what was acknowledged. Never rejects. */
  async cancel(): Promise<void> {
    if (this.#stop.signal.aborted) return;
    this.#stop.abort();
    this.#pipeline?.close();
    const { caller, path, client, fileId } = this.#target;
    try {
      if (!this.#created) await this.#access.client.recoverLease(caller, path, client);
      // Not by its path: another file may be there by now, or another writer may have gone on with this one.
      else await this.#access.client.discard(caller, fileId, client);
    } catch (error) {
      this.#access.logger.warn({ err: error, path }, 'a write that was given up could not be cleaned up: its lease will expire');
    }
  }

  async #goOn({ block, locations }: LocatedBlock): Promise<void> {
    this.#pipeline = await Pipeline.append(this.#pipelineOptions(true), block, locations);
    const start = chunkStart(block.bytes);
    const length = block.bytes - start;
    const chunk = length === 0 ? new Uint8Array(0) : await this.#lastChunk(this.#pipeline.block, locations, start, length);
    this.#builder.restart(block.bytes, chunk);
  }

  #lastChunk(block: Block, locations: readonly DatanodeAddress[], start: number, length: number): Promise<Uint8Array> {
    return readAny(this.#access, locations, block, start, length).catch((error: unknown) => {
      throw new HdfsError('IOException', `the last ${length} bytes of ${this.#target.path} cannot be read: ${messageOf(error)}`, error);
    });
  }

  #pipelineOptions(appended: boolean): PipelineOptions {
    return { access: this.#access, target: this.#target, windowBytes: this.#options.windowBytes, appended };
  }

  /** A block whose datanodes can all be written to. */
  async #nextBlock(): Promise<Pipeline> {
    const { caller, fileId, client, path } = this.#target;
    for (let attempt = 0; attempt < newBlocksMax; attempt += 1) {
      const { block, locations } = await this.#access.client.addBlock(caller, fileId, client, this.#previous, this.#excluded);
      const opened = await Pipeline.create(this.#pipelineOptions(false), block, locations);
      if (opened instanceof Pipeline) return opened;
      this.#excluded.push(opened);
      await this.#access.client.abandonBlock(caller, fileId, client, block);
    }
    throw new HdfsError('IOException', `no block of ${path} could be begun: the datanodes of ${newBlocksMax} pipelines failed`);
  }

  async #send(durability: PipelinePacket['durability']): Promise<void> {
    const { data, offset, buffer } = this.#builder.build();
    await this.#sendPacket({ offset, data, durability, onDone: (alone) => {
      if (alone) this.#builder.giveBack(buffer);
    } });
  }

  async #sendPacket(packet: PipelinePacket): Promise<void> {
    for (;;) {
      const pipeline = this.#pipeline;
      if (pipeline === undefined) throw new HdfsError('IOException', `${this.#target.path} has no block to write to`);
      try {
        return await pipeline.send(packet);
      } catch (error) {
        await this.#replay(pipeline, error);
      }
    }
  }

  async #drain(): Promise<void> {
    for (;;) {
      const pipeline = this.#pipeline;
      if (pipeline === undefined) return;
      try {
        return await pipeline.drain();
      } catch (error) {
        await this.#replay(pipeline, error);
      }
    }
  }

  /** All datanodes failed before anything of the block was acknowledged: everything is sent again, into another block. */
  async #replay(lost: Pipeline, error: unknown): Promise<void> {
    if (!(error instanceof PipelineLostError)) throw error;
    const { caller, fileId, client } = this.#target;
    const packets = lost.unacknowledged.filter((each) => each.data.length > 0);
    lost.close();
    this.#excluded.push(...lost.excluded);
    await this.#access.client.abandonBlock(caller, fileId, client, lost.block);
    this.#pipeline = await this.#nextBlock();
    for (const packet of packets) await this.#sendPacket(packet);
  }

  /** A full block goes to the disks while the next one is written, unless somebody relies on its bytes already. */
  async #fillBlock(): Promise<void> {
    await this.#finalizing;
    if (this.#builder.pendingBytes > 0) await this.#send('none');
    await this.#drain();
    const pipeline = this.#pipeline;
    if (pipeline?.untold !== true) return this.#endBlock();
    this.#previous = pipeline.block;
    this.#pipeline = undefined;
    this.#finalizing = pipeline.finalizeCommitted();
    this.#finalizing.catch(() => {}); // whoever waits for it is told
    return undefined;
  }

  async #endBlock(): Promise<void> {
    if (this.#builder.pendingBytes > 0) await this.#send('none');
    for (;;) {
      const pipeline = this.#pipeline;
      if (pipeline === undefined) return;
      try {
        this.#previous = await pipeline.finalize();
        this.#pipeline = undefined;
        return;
      } catch (error) {
        await this.#replay(pipeline, error);
      }
    }
  }

  /** The last block's datanodes have told, or are about to tell. */
  async #complete(): Promise<void> {
    const { caller, fileId, client, path } = this.#target;
    const { clock } = this.#access;
    const deadlineMs = clock.nowMs() + this.#options.completeTimeoutMs;
    for (let delayMs = completeBackOffMs.first; ; delayMs = Math.min(completeBackOffMs.max, delayMs * 2)) {
      if (await this.#access.client.complete(caller, fileId, client, this.#previous)) return;
      if (clock.nowMs() >= deadlineMs) throw new HdfsError('IOException', `Unable to close ${path}: the namenode has heard of no replica of its last block`);
      await clock.sleep(delayMs, this.#stop.signal);
    }
  }

  async #renewLease(): Promise<void> {
    const { client, clock, logger } = this.#access;
    while (!this.#stop.signal.aborted) {
      await clock.sleep(renewEveryMs, this.#stop.signal).catch(() => {});
      if (this.#stop.signal.aborted) return;
      await client.renewLease(this.#target.caller, this.#target.client).catch((error: unknown) => {
        logger.warn({ err: error, path: this.#target.path }, 'a lease could not be renewed');
      });
    }
  }
}

export interface WriteRequest {
  readonly caller: Caller;
  readonly path: string;
  /** Absent: the file is appended to. */
  readonly create?: Omit<CreateOptions, 'client'>;
  /** Holder of the lease; one of its own for every write. */
  readonly client: string;
}

/** Writes all of `source`; resolves to the file's bytes. When the source fails or the signal aborts, the write is given up. */
export async function writeFile(access: DataAccess, request: WriteRequest, source: AsyncIterable<Uint8Array>, signal: AbortSignal, options: BlockWriterOptions = {}): Promise<number> {
  throwIfAborted(signal);
  const { caller, path, client, create } = request;
  const writer = create === undefined ? await BlockWriter.append(access, caller, path, client, options) : await BlockWriter.create(access, caller, path, { ...create, client }, options);
  try {
    for await (const data of source) {
      if (signal.aborted) throw abortReason(signal);
      await orAbort(writer.write(data), signal);
    }
    await orAbort(writer.close(), signal);
    return writer.bytes;
  } catch (error) {
    await writer.cancel();
    throw error;
  }
}

function targetOf(caller: Caller, path: string, client: string, { status }: OpenFile): WriteTarget {
  return { caller, path, client, fileId: status.fileId, replication: status.replication };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
