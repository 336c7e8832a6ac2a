/**
 * Files whose writer is lost, and blocks that their datanodes must agree on: orders to datanodes, repeated until one of them tells the outcome. What is
 * to be recovered stands in the name space; here is only when it was ordered last.
 */
import { HdfsError } from '../hdfs-error.ts';
import type { Block } from '../model.ts';
import { ownChange, type NameNodeContext } from './name-node-context.ts';
import type { FileBlocks } from './namespace/namespace.ts';

interface Order {
  readonly orderedMs: number;
  readonly attempt: number;
}

/** Datanodes have so long before another one is asked to lead the recovery, under another stamp. */
const retryMs = 10_000;

export class FileRecovery {
  readonly #context: NameNodeContext;
  /** By file. */
  readonly #orders = new Map<number, Order>();

  constructor(context: NameNodeContext) {
    this.#context = context;
  }

  /** This namenode has become active: everything is ordered anew. */
  restart(): void {
    this.#orders.clear();
  }

  /**
   * Takes the file from its writer. Resolves to whether it is closed now; else its datanodes are at work. Rejects with `HdfsError`. A recovery that
   * has just been ordered is left in peace.
   */
  async take(file: FileBlocks): Promise<boolean> {
    const context = this.#context;
    const order = this.#orders.get(file.fileId);
    if (order !== undefined && context.clock.nowMs() - order.orderedMs < retryMs) return false;
    const { closed, recover } = await ownChange<'recoverLease'>(context, { kind: 'recoverLease', fileId: file.fileId });
    if (closed || recover === undefined) {
      this.#orders.delete(file.fileId);
      return true;
    }
    context.logger.info({ file: file.path, block: recover.id, generationStamp: recover.generationStamp }, 'an open file is recovered');
    await this.order(file, recover);
    return false;
  }

  /** `recover` has the stamp that the replicas take; `bytes` when they are to be cut. */
  async order(file: FileBlocks, recover: Block, bytes?: number): Promise<void> {
    const { blocks, clock, logger } = this.#context;
    const attempt = (this.#orders.get(file.fileId)?.attempt ?? -1) + 1;
    this.#orders.set(file.fileId, { orderedMs: clock.nowMs(), attempt });
    const replicas = blocks.recoveryCandidates(recover.id);
    const last = file.blocks.at(-1);
    if (replicas.length === 0) return this.#nobody(file, recover);
    const primary = replicas[attempt % replicas.length];
    const block: Block = { id: recover.id, generationStamp: last?.generationStamp ?? recover.generationStamp, bytes: last?.bytes ?? 0 };
    const ordered = primary !== undefined && blocks.orderRecovery(primary.uuid, { kind: 'recover', block, newGenerationStamp: recover.generationStamp, bytes, replicas });
    if (!ordered) logger.warn({ file: file.path, block: recover.id }, 'no datanode can lead the recovery of a block: it is tried again');
    return undefined;
  }

  /** No datanode has told of the block. When none can have it, it goes; else it waits for a datanode to tell, or to come back. */
  async #nobody(file: FileBlocks, recover: Block): Promise<void> {
    const { blocks, logger } = this.#context;
    const last = file.blocks.at(-1);
    const waits = last === undefined || last.bytes > 0 || blocks.safeModeOn || !blocks.allHaveReported();
    if (waits) {
      logger.warn({ file: file.path, block: recover.id }, 'nobody has a replica of a block that must be recovered: it is tried again');
      return;
    }
    await ownChange<'commitRecovery'>(this.#context, { kind: 'commitRecovery', old: recover, next: { ...recover, bytes: 0 } });
    this.#orders.delete(file.fileId);
  }

  /** Orders again what has not come to an end, and forgets what has. `openFiles`: ids of all of them. */
  async repeat(openFiles: ReadonlySet<number>): Promise<void> {
    const { clock, logger, namespace } = this.#context;
    for (const id of this.#orders.keys()) {
      if (!openFiles.has(id)) this.#orders.delete(id);
    }
    for (const id of openFiles) {
      const file = namespace.openFile(id);
      if (file?.construction?.recovery === undefined) continue;
      const order = this.#orders.get(id);
      if (order !== undefined && clock.nowMs() - order.orderedMs < retryMs) continue;
      try {
        await this.#again(file);
      } catch (error) {
        if (!(error instanceof HdfsError)) throw error;
        logger.warn({ file: file.path, reason: error.message }, 'a file could not be recovered yet');
      }
    }
  }

  /** Under a new stamp, so that a slow first attempt cannot end after a second has begun. */
  async #again(file: FileBlocks): Promise<void> {
    const { closed, recover } = await ownChange<'recoverLease'>(this.#context, { kind: 'recoverLease', fileId: file.fileId });
    if (closed || recover === undefined) this.#orders.delete(file.fileId);
    else await this.order(file, recover, file.construction?.recovery?.bytes);
  }
}
