/** What one namenode is told, active or standby: registration, heartbeats, full reports now and then, changes at once. */
import type { Clock } from '../../core/clock.ts';
import type { Logger } from '../../core/logger.ts';
import { integerBelow, type Random } from '../../core/random.ts';
import type { DatanodeCommand, DatanodeProtocol, HeartbeatAnswer, Registration, ReplicaReport } from '../datanode-protocol.ts';
import type { Block } from '../model.ts';
import type { BlockStore, ReplicaChange } from './block-store.ts';
import { within } from './time-limit.ts';

export interface NameNodeLinkOptions {
  readonly name: string;
  readonly nameNode: DatanodeProtocol;
  readonly store: BlockStore;
  readonly registration: Registration;
  readonly heartbeatMs: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Writes and copies under way. */
  readonly transfers: () => number;
  /** All but `register` and `report`, which are the link's own. */
  readonly onAnswer: (answer: HeartbeatAnswer, nameNode: DatanodeProtocol) => void;
  /** Default: HDFS's, 6 hours. */
  readonly fullReportMs?: number | undefined;
}

const fullReportMs = 6 * 3_600_000;
const callTimeoutMs = 15_000;
const reportTimeoutMs = 120_000;
const firstRetryMs = 50;
const idleMs = 60_000;
/** What a pipeline begins is told with what else there is to tell, but not later than this. */
const patienceMs = 50;
const batchMax = 10_000;

export class NameNodeLink {
  readonly #options: NameNodeLinkOptions;
  /** By block: the last word counts. Bounded by the number of replicas. */
  readonly #changes = new Map<number, ReplicaReport | undefined>();
  #registered = false;
  #reported = false;
  #reportDueMs = Infinity;
  #urgent = false;
  #wake: PromiseWithResolvers<void> = Promise.withResolvers();
  #loops: Promise<unknown> = Promise.resolve();

  constructor(options: NameNodeLinkOptions) {
    this.#options = options;
  }

  /** The namenode knows this datanode and has had all its reports. */
  get ready(): boolean {
    return this.#registered && this.#reported;
  }

  start(signal: AbortSignal): void {
    this.#loops = Promise.all([this.#beat(signal), this.#report(signal)]);
    signal.addEventListener('abort', () => this.#signal(), { once: true });
  }

  /** After the signal has aborted. */
  async ended(): Promise<void> {
    await this.#loops;
  }

  note({ received, deleted }: ReplicaChange): void {
    if (received !== undefined) this.#changes.set(received.id, received);
    if (deleted !== undefined) this.#changes.set(deleted, undefined);
    if (received?.state !== 'BeingWritten') this.#urgent = true;
    this.#signal();
  }

  async reportBad(block: Block, uuid: string): Promise<void> {
    const { nameNode, logger, name } = this.#options;
    try {
      await this.#within('reportBadReplica', nameNode.reportBadReplica(block, uuid));
    } catch (error) {
      logger.warn({ err: error, nameNode: name, block: block.id }, 'a damaged replica could not be reported');
    }
  }

  async #beat(signal: AbortSignal): Promise<void> {
    const { heartbeatMs, clock, logger, name } = this.#options;
    let failures = 0;
    while (!signal.aborted) {
      try {
        await this.#beatOnce();
        if (failures > 0) logger.info({ nameNode: name }, 'the namenode answers again');
        failures = 0;
      } catch (error) {
        if (signal.aborted) return;
        // Once per silence: a namenode that is away is told of by others.
        if (failures === 0) logger.warn({ err: error, nameNode: name }, 'the namenode does not answer');
        failures += 1;
      }
      const delayMs = failures > 0 ? Math.min(heartbeatMs, firstRetryMs * 2 ** Math.min(failures, 10)) : this.#registered ? heartbeatMs : firstRetryMs;
      await clock.sleep(delayMs, signal).catch(() => {});
    }
  }

  async #beatOnce(): Promise<void> {
    const { nameNode, registration, store, transfers, onAnswer } = this.#options;
    const first = !this.#registered;
    if (first) {
      await this.#within('register', nameNode.register(registration));
      this.#registered = true;
    }
    const volumes = await store.volumeReports();
    const answer = await this.#within('heartbeat', nameNode.heartbeat({ uuid: store.uuid, volumes, blocks: store.size, transfers: transfers() }));
    // The volumes are told of first: only then does the namenode know whether a report is complete.
    if (first) this.#wantReport(0);
    for (const command of answer.commands) this.#own(command);
    onAnswer(answer, nameNode);
  }

  #own(command: DatanodeCommand): void {
    if (command.kind === 'register') this.#registered = false;
    if (command.kind === 'report') this.#wantReport(0);
  }

  #wantReport(delayMs: number): void {
    this.#reportDueMs = this.#options.clock.nowMs() + delayMs;
    this.#signal();
  }

  async #report(signal: AbortSignal): Promise<void> {
    const { clock, logger, name } = this.#options;
    let failures = 0;
    while (!signal.aborted) {
      await this.#waitForWork(signal);
      if (signal.aborted) return;
      try {
        if (this.#reportDueMs <= clock.nowMs()) await this.#reportAll();
        else await this.#reportChanges();
        failures = 0;
      } catch (error) {
        if (signal.aborted) return;
        if (failures === 0) logger.warn({ err: error, nameNode: name }, 'a report did not reach the namenode: it is sent again');
        failures += 1;
        await clock.sleep(Math.min(5000, firstRetryMs * 2 ** failures), signal).catch(() => {});
      }
    }
  }

  /** Until a full report is due, or there is something to tell to a namenode that listens. */
  async #waitForWork(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    for (let patient = true; !signal.aborted;) {
      const told = this.#registered && this.#changes.size > 0;
      if (this.#registered && this.#reportDueMs <= clock.nowMs()) return;
      if (told && (this.#urgent || !patient)) return;
      const waitMs = told ? patienceMs : Math.min(idleMs, Math.max(1, this.#reportDueMs - clock.nowMs()));
      const over = new AbortController();
      const slept = clock.sleep(waitMs, over.signal).then(() => true, () => false);
      if (await Promise.race([this.#wake.promise.then(() => false), slept])) patient = !told;
      over.abort();
    }
  }

  /** What happens meanwhile is told after it. */
  async #reportAll(): Promise<void> {
    const { store, nameNode, clock, random } = this.#options;
    const everyMs = this.#options.fullReportMs ?? fullReportMs;
    const before = new Map(this.#changes);
    this.#changes.clear();
    const reports = store.volumes.working.map(({ id }) => [id, store.reports(id)] as const);
    try {
      for (const [volumeId, replicas] of reports) await this.#within('blockReport', nameNode.blockReport(store.uuid, volumeId, replicas), reportTimeoutMs);
    } catch (error) {
      this.#putBack(before);
      throw error;
    }
    this.#reported = true;
    this.#reportDueMs = clock.nowMs() + everyMs + integerBelow(random, everyMs / 10 + 1);
  }

  async #reportChanges(): Promise<void> {
    const { store, nameNode } = this.#options;
    const batch = new Map([...this.#changes].slice(0, batchMax));
    for (const id of batch.keys()) this.#changes.delete(id);
    this.#urgent = this.#changes.size > 0;
    const received = [...batch.values()].filter((each) => each !== undefined);
    const deleted = [...batch].filter(([, each]) => each === undefined).map(([id]) => id);
    try {
      await this.#within('incrementalReport', nameNode.incrementalReport(store.uuid, received, deleted));
    } catch (error) {
      this.#putBack(batch);
      throw error;
    }
  }

  /** What has changed again since is newer. */
  #putBack(changes: ReadonlyMap<number, ReplicaReport | undefined>): void {
    for (const [id, change] of changes) if (!this.#changes.has(id)) this.#changes.set(id, change);
    this.#urgent ||= changes.size > 0;
  }

  #within<T>(what: string, call: Promise<T>, limitMs = callTimeoutMs): Promise<T> {
    const { clock, name } = this.#options;
    return within(clock, limitMs, `${name} did not answer ${what} within ${limitMs} ms`, call);
  }

  #signal(): void {
    const woken = this.#wake;
    this.#wake = Promise.withResolvers();
    woken.resolve();
  }
}
