/** Carries out what the active namenode orders; a namenode that was deposed and does not know it yet orders nothing. */
import type { Logger } from '../../core/logger.ts';
import { RpcError } from '../../net/rpc-error.ts';
import type { DatanodeCommand, DatanodeProtocol, HeartbeatAnswer } from '../datanode-protocol.ts';
import { HdfsError } from '../hdfs-error.ts';
import { copyBlock } from './block-copy.ts';
import { recoverBlock } from './block-recovery.ts';
import type { BlockStore } from './block-store.ts';
import type { DataAccess } from './data-access.ts';
import { Gate } from './gate.ts';
import { ReplicaError } from './replica-error.ts';
import { Throttle } from './throttle.ts';
import { unreachable } from '../../core/assert.ts';

export interface CommandRunnerOptions {
  readonly access: DataAccess;
  readonly store: BlockStore;
  readonly logger: Logger;
  /** Until a namenode says another one; bytes per second. */
  readonly transferBandwidth: number;
}

const copiesAtOnce = 4;
const recoveriesAtOnce = 16;
/** The namenode orders again what is dropped. */
const waitingMax = 10_000;

export class CommandRunner {
  readonly #options: CommandRunnerOptions;
  readonly #throttle: Throttle;
  readonly #copies = new Gate(copiesAtOnce, waitingMax);
  readonly #recoveries = new Gate(recoveriesAtOnce, waitingMax);
  /** Newest stamp under which a block is being recovered. */
  readonly #recovering = new Map<number, number>();
  readonly #running = new Set<Promise<void>>();
  readonly #stop = new AbortController();
  #term = -1;

  constructor(options: CommandRunnerOptions) {
    this.#options = options;
    this.#throttle = new Throttle(options.access.clock, options.transferBandwidth);
  }

  /** Copies under way. */
  get copies(): number {
    return this.#copies.running;
  }

  /** Only the active namenode of the highest term that was ever seen is obeyed. `nameNode` is told of recoveries. */
  obey(answer: HeartbeatAnswer, nameNode: DatanodeProtocol): void {
    if (!answer.active || answer.term < this.#term) return;
    this.#term = answer.term;
    this.#throttle.bytesPerSecond = answer.transferBandwidth;
    for (const command of answer.commands) this.#start(command, nameNode);
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#running);
  }

  #start(command: DatanodeCommand, nameNode: DatanodeProtocol): void {
    const running = this.#run(command, nameNode).catch((error: unknown) => {
      if (this.#stop.signal.aborted) return;
      if (!(error instanceof HdfsError || error instanceof ReplicaError || error instanceof RpcError)) throw error;
      this.#options.logger.warn({ err: error, command: command.kind }, 'an order of the namenode could not be carried out');
    });
    this.#running.add(running);
    void running.finally(() => this.#running.delete(running));
  }

  async #run(command: DatanodeCommand, nameNode: DatanodeProtocol): Promise<void> {
    const { access, store } = this.#options;
    switch (command.kind) {
      case 'register':
      case 'report': return undefined; // the link's own
      case 'invalidate': return store.invalidate(command.blocks);
      case 'transfer': return this.#copies.run(() => this.#copy(command));
      case 'recover': {
        const { block: { id }, newGenerationStamp } = command;
        if ((this.#recovering.get(id) ?? 0) >= newGenerationStamp) return undefined;
        this.#recovering.set(id, newGenerationStamp);
        try {
          return await this.#recoveries.run(() => recoverBlock(access, command, nameNode));
        } finally {
          if (this.#recovering.get(id) === newGenerationStamp) this.#recovering.delete(id);
        }
      }
      default: return unreachable(command);
    }
  }

  async #copy({ block, targets }: Extract<DatanodeCommand, { readonly kind: 'transfer' }>): Promise<void> {
    const { access, store } = this.#options;
    if (this.#stop.signal.aborted) return;
    try {
      await copyBlock(access, store, block, targets, this.#throttle, this.#stop.signal);
    } catch (error) {
      // The namenode believes that it is here: it is told what is.
      if (error instanceof ReplicaError && error.code === 'ReplicaNotFound') {
        const replica = store.get(block.id);
        store.onChange(replica === undefined ? { deleted: block.id } : { received: replica.report });
      }
      throw error;
    }
  }
}
