/**
 * A namenode: the name space behind its replicated log, the replicas behind the block manager, and the calls of clients and datanodes. The log's leader
 * is the active one; a standby applies the journal and learns where replicas lie, so that it can take over at once.
 */
import type { HdfsConfig, HdfsStatus } from '../../contract.ts';
import type { Clock } from '../../core/clock.ts';
import type { Logger } from '../../core/logger.ts';
import type { Random } from '../../core/random.ts';
import type { RequestHandler } from '../../net/transport.ts';
import { LogError, type LogStatus, type ReplicatedLog, type StateMachine } from '../../quorum/replicated-log.ts';
import type { FsckReport, SafeModeState } from '../admin-protocol.ts';
import type { ClientProtocol } from '../client-protocol.ts';
import { clientProtocolHandlers } from '../client-protocol-rpc.ts';
import type { DatanodeProtocol } from '../datanode-protocol.ts';
import { datanodeProtocolHandlers } from '../datanode-protocol-rpc.ts';
import { HdfsError } from '../hdfs-error.ts';
import type { DatanodeReport } from '../model.ts';
import { HandoverRefused, type NameNodeAdmin } from './admin-http.ts';
import { BlockManager } from './block-manager/block-manager.ts';
import { defaultBlockManagerOptions, type BlockManagerOptions } from './block-manager/block-state.ts';
import { datanodeCalls } from './datanode-calls.ts';
import { changeCalls, readCalls } from './directory-calls.ts';
import { FileRecovery } from './file-recovery.ts';
import { checkFiles } from './fsck.ts';
import { watchLeases } from './lease-monitor.ts';
import { defaultLeaseLimits, LeaseTimes, type LeaseLimits } from './lease-times.ts';
import { ownChange, requireActive, type NameNodeContext } from './name-node-context.ts';
import { namespaceMachine } from './namespace/namespace-machine.ts';
import { Namespace } from './namespace/namespace.ts';
import { statusOf } from './status.ts';
import { rollTokenKey, tokenCalls } from './token-calls.ts';
import { checkpointEveryMs, emptyTrash } from './trash-emptier.ts';
import { writeCalls } from './write-calls.ts';

export interface NameNodeOptions {
  readonly config: HdfsConfig;
  /** One of the configuration's namenodes. */
  readonly name: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Opens the journal; entries that it has are applied before or after it resolves. */
  readonly openLog: (machine: StateMachine) => Promise<ReplicatedLog>;
  readonly leaseLimits?: LeaseLimits;
  readonly blockManager?: Partial<BlockManagerOptions>;
  /** How often time is looked at. */
  readonly tickMs?: number;
}

const activationRetryMs = 200;
const handoverTimeoutMs = 10_000;
const closingHandoverTimeoutMs = 2000;

/** Resolves once the journal is open; the namenode may be active or not yet. */
export async function openNameNode(options: NameNodeOptions): Promise<NameNode> {
  const { config, clock, random, name, logger } = options;
  const blocks: BlockManager = new BlockManager(blockManagerOptions(options), random, () => ({
    nextBlockId: namespace.tree.nextBlockId, nextGenerationStamp: namespace.tree.nextStamp,
  }));
  const namespace: Namespace = new Namespace({ superuser: config.superuser, supergroup: config.supergroup }, {
    addBlock: (block) => blocks.addBlock(block),
    commitBlock: (block) => blocks.commitBlock(block, clock.nowMs()),
    reopenBlock: (block) => blocks.reopenBlock(block),
    changeStamp: (block) => blocks.changeStamp(block),
    removeBlock: (id) => blocks.removeBlock(id),
    changeReplication: (id, replication) => blocks.changeReplication(id, replication),
    // Whose block it is, is the name space's to know.
    moveBlock: () => {},
    clearBlocks: () => blocks.clearBlocks(),
  });
  const log = await options.openLog(namespaceMachine(namespace));
  const leases = new LeaseTimes(options.leaseLimits ?? defaultLeaseLimits, clock.nowMs());
  return new NameNode({ config, name, clock, random, logger, log, namespace, blocks, leases }, options.tickMs ?? 1000);
}

function blockManagerOptions({ config, blockManager }: NameNodeOptions): BlockManagerOptions {
  return {
    ...defaultBlockManagerOptions, deadAfterMs: config.deadAfterMs, staleAfterMs: Math.min(config.deadAfterMs, Math.max(3 * config.heartbeatMs, 3000)),
    safeMode: { threshold: config.safeModeThreshold, datanodes: config.safeModeDatanodes, extensionMs: 2 * config.heartbeatMs },
    transferBandwidth: config.transferBandwidth, ...blockManager,
  };
}

export class NameNode implements NameNodeAdmin {
  readonly client: ClientProtocol;
  readonly datanodes: DatanodeProtocol;
  readonly context: NameNodeContext;
  readonly #recovery: FileRecovery;
  readonly #stop = new AbortController();
  readonly #loops: Promise<void>[];
  readonly #offStatus: () => void;
  /** The term in which this namenode is active. */
  #activeTerm: number | undefined;
  #activating: number | undefined;
  #leaving: ReadonlySet<string> = new Set();
  #trashAtMs: number | undefined;

  constructor(parts: Omit<NameNodeContext, 'isActive'>, tickMs: number) {
    this.context = { ...parts, isActive: () => this.#activeTerm !== undefined && this.#activeTerm === parts.log.status.term && parts.log.status.role === 'leader' };
    this.#recovery = new FileRecovery(this.context);
    this.client = { ...readCalls(this.context), ...changeCalls(this.context), ...writeCalls(this.context, this.#recovery), ...tokenCalls(this.context) };
    this.datanodes = datanodeCalls(this.context);
    this.#offStatus = parts.log.onStatus((status) => this.#follow(status));
    this.#loops = [this.#repeat(tickMs, () => this.#tick()), this.#repeat(tickMs, () => this.#keepHouse())];
  }

  /** For the RPC port: what clients and datanodes call. */
  get handlers(): Readonly<Record<string, RequestHandler>> {
    return { ...clientProtocolHandlers(this.client, () => this.activeName), ...datanodeProtocolHandlers(this.datanodes) };
  }

  get isActive(): boolean {
    return this.context.isActive();
  }

  /** Who must be asked; undefined while nobody is known. */
  get activeName(): string | undefined {
    return this.context.log.status.leader;
  }

  get live(): boolean {
    return !this.#stop.signal.aborted;
  }

  get ready(): boolean {
    if (!this.live) return false;
    if (this.isActive) return true;
    const { role, leader, appliedIndex, committedIndex } = this.context.log.status;
    return role === 'follower' && leader !== undefined && appliedIndex >= committedIndex - standbyLagMax;
  }

  status(): HdfsStatus {
    return statusOf(this.context);
  }

  datanodeReport(): readonly DatanodeReport[] {
    const { blocks, clock } = this.context;
    return blocks.datanodeReport(clock.nowMs(), clock.wallMs());
  }

  safeMode(): SafeModeState {
    const { blocks, clock } = this.context;
    return blocks.safeModeOn ? { on: true, reason: blocks.safeModeTip(clock.nowMs()) } : { on: false };
  }

  async setSafeMode(on: boolean): Promise<SafeModeState> {
    requireActive(this.context);
    if (on) this.context.blocks.enterSafeMode();
    else this.context.blocks.leaveSafeMode();
    this.context.logger.info({ on }, 'safe mode was set by hand');
    return this.safeMode();
  }

  async decommission(datanodes: readonly string[]): Promise<void> {
    await ownChange<'setLeaving'>(this.context, { kind: 'setLeaving', datanodes: [...new Set(datanodes)].toSorted() });
    this.#followLeaving();
  }

  async handover(): Promise<void> {
    requireActive(this.context);
    if (this.context.config.nameNodes.length === 1) throw new HandoverRefused('there is no other namenode');
    try {
      await this.context.log.transferLeadership(undefined, handoverTimeoutMs);
    } catch (error) {
      if (!(error instanceof LogError)) throw error;
      throw new HandoverRefused(`no other namenode could take over: ${error.message}`, { cause: error });
    }
  }

  fsck(path: string, all: boolean): Promise<FsckReport> {
    return checkFiles(this.context, path, all);
  }

  /** Hands over when it is active and there are others; then nothing runs any more and the journal is closed. */
  async close(): Promise<void> {
    const { config, log, logger } = this.context;
    if (this.live && this.isActive && config.nameNodes.length > 1) {
      try {
        await log.transferLeadership(undefined, closingHandoverTimeoutMs);
      } catch (error) {
        if (!(error instanceof LogError)) throw error;
        logger.warn({ reason: error.message }, 'no other namenode took over: they will notice by themselves');
      }
    }
    this.#stop.abort(new HdfsError('IOException', 'the namenode is closing'));
    this.#offStatus();
    await Promise.all(this.#loops);
    await log.close();
  }

  #follow({ role, term }: LogStatus): void {
    if (role === 'leader') {
      if (this.#activeTerm !== term && this.#activating !== term) {
        this.#activating = term;
        void this.#activate(term);
      }
      return;
    }
    this.#activating = undefined;
    if (this.#activeTerm === undefined) return;
    this.#activeTerm = undefined;
    this.context.blocks.becomeStandby();
    this.context.logger.info({ term }, 'this namenode is a standby now');
  }

  /** Once all that earlier leaders have journaled is applied. */
  async #activate(term: number): Promise<void> {
    const { blocks, clock, leases, log, logger } = this.context;
    while (this.#activating === term && this.live) {
      try {
        await log.readBarrier();
        break;
      } catch (error) {
        if (!(error instanceof LogError)) throw error;
        await this.#sleep(activationRetryMs);
      }
    }
    if (this.#activating !== term || !this.live) return;
    // An earlier term of its own may have ended and begun unseen.
    if (this.#activeTerm !== undefined) blocks.becomeStandby();
    this.#activating = undefined;
    this.#followLeaving();
    leases.restart(clock.nowMs());
    this.#recovery.restart();
    blocks.becomeActive(clock.nowMs());
    blocks.tick(clock.nowMs());
    this.#activeTerm = term;
    logger.info({ term, safeMode: blocks.safeModeOn }, 'this namenode is active');
  }

  #followLeaving(): void {
    const { blocks, namespace } = this.context;
    if (this.#leaving === namespace.leaving) return;
    this.#leaving = namespace.leaving;
    blocks.setLeaving(this.#leaving);
  }

  async #tick(): Promise<void> {
    this.#followLeaving();
    this.context.blocks.tick(this.context.clock.nowMs());
  }

  /** What the active namenode journals by itself. */
  async #keepHouse(): Promise<void> {
    if (!this.isActive) return;
    await watchLeases(this.context, this.#recovery);
    await rollTokenKey(this.context);
    await this.#emptyTrash();
  }

  async #emptyTrash(): Promise<void> {
    const { blocks, clock, config } = this.context;
    const everyMs = checkpointEveryMs({ intervalMinutes: config.trashIntervalMinutes, checkpointMinutes: config.trashCheckpointMinutes });
    if (everyMs === undefined || blocks.safeModeOn) return;
    const nowMs = clock.wallMs();
    this.#trashAtMs ??= nextMultiple(nowMs, everyMs);
    if (nowMs < this.#trashAtMs) return;
    this.#trashAtMs = nextMultiple(nowMs, everyMs);
    await emptyTrash(this.context);
  }

  async #repeat(everyMs: number, work: () => Promise<void>): Promise<void> {
    while (this.live) {
      try {
        await work();
      } catch (error) {
        // Deposed, closed or out of quorum meanwhile: whoever is active goes on.
        if (!(error instanceof HdfsError)) throw error;
        this.context.logger.warn({ reason: error.message }, 'work of the namenode is put off');
      }
      await this.#sleep(everyMs);
    }
  }

  /** Less when the namenode is closed. */
  async #sleep(ms: number): Promise<void> {
    await this.context.clock.sleep(ms, this.#stop.signal).catch(() => {});
  }
}

/** Entries of the journal that a standby may be behind and still be ready. */
const standbyLagMax = 10_000;

function nextMultiple(nowMs: number, everyMs: number): number {
  return (Math.floor(nowMs / everyMs) + 1) * everyMs;
}
