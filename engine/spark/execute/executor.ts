/** An executor: registers with the driver, runs tasks in slots, serves blocks to other executors. */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { assert } from '../../core/assert.ts';
import type { Clock } from '../../core/clock.ts';
import type { Logger } from '../../core/logger.ts';
import type { Random } from '../../core/random.ts';
import { RpcError } from '../../net/rpc-error.ts';
import { dialRpc } from '../../net/dial.ts';
import type { RpcConnection } from '../../net/connection.ts';
import { listenRpc, type RpcListener } from '../../net/listener.ts';
import type { StoreSettings, Stores } from '../../storage/stores.ts';
import {
  blocksRequestSchema, call, cancelTaskSchema, jobMessageSchema, registeredSchema, resultRequestSchema, stageMessageSchema, taskMessageSchema,
  type Register, type Run, type StageMessage, type TaskFailed, type TaskMessage, type TaskSucceeded,
} from '../schedule/messages.ts';
import { runKey, type TaskRun } from '../schedule/step-event.ts';
import type { ArrowBlock } from './arrow-block.ts';
import { BlockFetcher } from './block-fetch.ts';
import { BlockStore } from './block-store.ts';
import { JobTables } from './job-tables.ts';
import { kernelMemoryBytes, openKernel, type Kernel, type KernelSlot } from './kernel.ts';
import { toTaskFailure } from './kernel-error.ts';
import { runTask } from './task-runner.ts';
import type { ExecutorResources } from './task.ts';

export interface ExecutorOptions {
  readonly id: string;
  readonly slots: number;
  /** The Kubernetes node, and its rack where known: tasks come to where their input is. */
  readonly machine?: string | undefined;
  readonly rack?: string | undefined;
  /** Of the container. */
  readonly memoryBytes: number;
  readonly driver: { readonly host: string; readonly port: number };
  /** Where blocks are served; `advertisedHost` is where others reach it. Port 0 takes a free one. */
  readonly blocks: { readonly host: string; readonly port: number; readonly advertisedHost: string };
  readonly secret: Uint8Array;
  readonly workDirectory: string;
  /** File of engine/spark/map-reduce/task-process.ts, or of the image's bundle of it. */
  readonly taskProgram: string;
  /** `HEADRACE_MOUNTS` of embedded pods. */
  readonly mounts?: Readonly<Record<string, string>>;
  /** Made when the driver has said what paths of stores mean; closed with the executor. */
  readonly openStores: (settings: StoreSettings) => Stores;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** How long to try to reach the driver. */
  readonly connectTimeoutMs: number;
}

/** Why an executor ended. */
export type ExecutorEnd =
  /** The driver said so. */
  | { readonly kind: 'shutdown' }
  /** `drain` was called. */
  | { readonly kind: 'drained' }
  | { readonly kind: 'driverLost'; readonly reason: string };

export interface Executor {
  /** Resolves when it has ended and everything is closed. */
  readonly ended: Promise<ExecutorEnd>;
  /** Takes no more tasks, finishes the running ones (for at most `graceMs`), says goodbye, ends. */
  drain(graceMs: number): Promise<void>;
}

/** Results up to this size travel with the message that announces them. */
const inlineResultBytesMax = 256 * 1024;
const statusIntervalMs = 1000;
const backoffMs = { first: 25, factor: 1.6, max: 2000 };

/** Resolves when registered. Rejects with `RpcError` when the driver cannot be reached in time or refuses the secret. */
export async function startExecutor(options: ExecutorOptions, signal: AbortSignal): Promise<Executor> {
  const { secret, clock, random, logger, workDirectory, id } = options;
  await mkdir(workDirectory, { recursive: true });
  const executor = new RunningExecutor(options);
  const opening = [executor.openKernel(), executor.listen(), connectToDriver(options, executor, signal)] as const;
  try {
    const [, , driver] = await Promise.all(opening);
    await executor.register(driver, new BlockFetcher({ secret, clock, random, logger }));
    logger.info({ executor: id, driver: driver.remote }, 'registered with the driver');
    return executor;
  } catch (error) {
    const [, , driver] = await Promise.allSettled(opening);
    if (driver.status === 'fulfilled') driver.value.close('the executor could not start');
    await executor.dispose();
    throw error;
  }
}

/** The driver may still be starting: tries again with back-off. A wrong secret is not tried again. */
async function connectToDriver(options: ExecutorOptions, executor: RunningExecutor, signal: AbortSignal): Promise<RpcConnection> {
  const { secret, clock, random, logger, driver } = options;
  const deadlineMs = clock.nowMs() + options.connectTimeoutMs;
  for (let waitMs = backoffMs.first; ; waitMs = Math.min(backoffMs.max, waitMs * backoffMs.factor)) {
    try {
      return await dialRpc({ ...driver, secret, clock, random, logger, signal, handlers: executor.handlers });
    } catch (error) {
      if (!(error instanceof RpcError) || !error.retryable || clock.nowMs() + waitMs > deadlineMs) throw error;
      logger.debug({ reason: error.message, waitMs }, 'the driver is not there yet');
    }
    await clock.sleep(waitMs * (0.5 + random.fraction() / 2), signal);
  }
}

class RunningExecutor implements Executor {
  readonly ended: Promise<ExecutorEnd>;
  readonly #options: ExecutorOptions;
  readonly #resolveEnded: (end: ExecutorEnd) => void;
  readonly #store: BlockStore;
  readonly #stages = new Map<string, StageMessage>();
  readonly #running = new Map<string, AbortController>();
  /** Results that the driver has not taken yet. */
  readonly #results = new Map<string, readonly ArrowBlock[]>();
  #freeSlots: KernelSlot[] = [];
  /** Tasks that came while all slots were busy: at most as many as the driver counts slots. */
  readonly #waiting: TaskMessage[] = [];
  #kernel: Kernel | undefined;
  #listener: RpcListener | undefined;
  /** Set as soon as the driver may send tasks. */
  #resources: Promise<ExecutorResources> | undefined;
  #stores: Stores | undefined;
  #driver: RpcConnection | undefined;
  #fetcher: BlockFetcher | undefined;
  #end: ExecutorEnd | undefined;
  #statusMs = -Infinity;
  #idle: () => void = () => {};

  constructor(options: ExecutorOptions) {
    this.#options = options;
    this.#store = new BlockStore(join(options.workDirectory, 'blocks'));
    const { promise, resolve } = Promise.withResolvers<ExecutorEnd>();
    this.ended = promise;
    this.#resolveEnded = resolve;
  }

  /** What the driver may call. */
  readonly handlers = {
    messages: {
      [call.stage]: (body: unknown): void => {
        const message = stageMessageSchema.parse(body);
        this.#stages.set(`${message.job}/${message.stage.id}`, message);
      },
      [call.task]: (body: unknown): void => this.#take(taskMessageSchema.parse(body)),
      [call.cancelTask]: (body: unknown): void => this.#cancel(cancelTaskSchema.parse(body).run),
      [call.endJob]: (body: unknown): void => void this.#endJob(jobMessageSchema.parse(body).job),
      [call.shutdown]: (): void => this.#finish({ kind: 'shutdown' }),
    },
    streams: { [call.result]: (body: unknown): AsyncIterable<Uint8Array> => this.#streamResult(resultRequestSchema.parse(body).run) },
  };

  async openKernel(): Promise<void> {
    const { workDirectory, memoryBytes, slots } = this.#options;
    this.#kernel = await openKernel({ memoryBytes: kernelMemoryBytes(memoryBytes), spillDirectory: join(workDirectory, 'spill'), slots });
    this.#freeSlots = [...this.#kernel.slots];
  }

  async listen(): Promise<void> {
    const { blocks, secret, clock, random, logger } = this.#options;
    this.#listener = await listenRpc({
      host: blocks.host, port: blocks.port, secret, clock, random, logger,
      handlers: { streams: { [call.blocks]: (body, { signal }) => this.#store.serve(blocksRequestSchema.parse(body), signal) } },
    });
  }

  async register(driver: RpcConnection, fetcher: BlockFetcher): Promise<void> {
    const { id, slots, blocks, machine, rack, openStores, workDirectory, taskProgram, mounts, logger } = this.#options;
    const slot = this.#kernel?.slots[0];
    assert(slot !== undefined && this.#listener !== undefined, 'kernel and listener are open');
    this.#driver = driver;
    this.#fetcher = fetcher;
    void driver.closed.then((reason) => this.#finish({ kind: 'driverLost', reason: reason.message }));
    const body: Register = {
      executor: id, slots, blocks: { host: blocks.advertisedHost, port: this.#listener.port },
      ...(machine === undefined ? {} : { machine }), ...(rack === undefined ? {} : { rack }),
    };
    // Tasks may come right behind the answer.
    this.#resources = driver.request(call.register, body).then((answer) => {
      const storeSettings = registeredSchema.parse(answer);
      this.#stores = openStores(storeSettings);
      return {
        executor: id, store: this.#store, fetcher, tables: new JobTables(slot), fileSystem: this.#stores.files, workDirectory,
        taskProgram, mounts: mounts ?? {}, storeSettings, logger, onStatus: (run, text) => this.#tellStatus(run, text),
      };
    });
    await this.#resources;
  }

  async drain(graceMs: number): Promise<void> {
    if (this.#end !== undefined || this.#driver === undefined) return;
    await this.#driver.send(call.draining, {}).catch(() => {});
    const idle = new Promise<void>((resolve) => {
      this.#idle = resolve;
    });
    if (this.#running.size > 0) await Promise.race([idle, this.#options.clock.sleep(graceMs)]);
    await this.#driver.send(call.goodbye, {}).catch(() => {});
    this.#finish({ kind: 'drained' });
    await this.ended;
  }

  /** Closes and removes everything; for an executor that never registered. */
  async dispose(): Promise<void> {
    this.#fetcher?.close();
    await this.#listener?.close();
    await this.#stores?.close();
    this.#kernel?.close();
    await rm(this.#options.workDirectory, { recursive: true, force: true });
  }

  #take(message: TaskMessage): void {
    const slot = this.#freeSlots.pop();
    if (slot === undefined) this.#waiting.push(message);
    else void this.#runIn(slot, message);
  }

  async #runIn(slot: KernelSlot, message: TaskMessage): Promise<void> {
    await this.#run(slot, message);
    const next = this.#end === undefined ? this.#waiting.shift() : undefined;
    if (next !== undefined) return await this.#runIn(slot, next);
    this.#freeSlots.push(slot);
    if (this.#running.size === 0) this.#idle();
    return undefined;
  }

  async #run(slot: KernelSlot, message: TaskMessage): Promise<void> {
    const { logger } = this.#options;
    const { run } = message;
    const key = runKey(run as TaskRun);
    const stage = this.#stages.get(`${run.job}/${run.stage}`);
    // The job ended while the task was on its way.
    if (stage === undefined || this.#resources === undefined) return this.#report(call.taskFailed, { run, failure: { kind: 'cancelled' } });
    const controller = new AbortController();
    this.#running.set(key, controller);
    try {
      const outcome = await runTask(stage, message, slot, await this.#resources, controller.signal);
      const bytes = outcome.blocks.reduce((sum, block) => sum + block.data.length, 0);
      const inline = bytes <= inlineResultBytesMax;
      if (!inline) this.#results.set(key, outcome.blocks);
      const blocks = outcome.blocks.map(({ rows, data }) => ({ rows, bytes: data.length, ...(inline ? { data } : {}) }));
      this.#report(call.taskSucceeded, { run, partitionBytes: [...outcome.partitionBytes], rows: outcome.rows, blocks, files: [...outcome.files], ...(outcome.counters === undefined ? {} : { counters: outcome.counters }) });
    } catch (error) {
      const failure = toTaskFailure(error, controller.signal);
      if (failure.kind !== 'cancelled') logger.warn({ task: key, err: error }, 'task failed');
      this.#report(call.taskFailed, { run, failure: failure as TaskFailed['failure'] });
    } finally {
      this.#running.delete(key);
    }
  }

  /** Of one task at most so often: a program may say something with every record. */
  #tellStatus(run: Run, text: string): void {
    const nowMs = this.#options.clock.nowMs();
    if (nowMs - this.#statusMs < statusIntervalMs) return;
    this.#statusMs = nowMs;
    this.#driver?.send(call.taskStatus, { run, text }).catch(() => {}); // its end is noticed elsewhere
  }

  #report(method: typeof call.taskSucceeded | typeof call.taskFailed, body: TaskSucceeded | TaskFailed): void {
    // Without a driver there is no one to tell; its end ends this executor.
    this.#driver?.send(method, body).catch((error: unknown) => {
      if (error instanceof RpcError && error.code !== 'TooLarge') return;
      this.#driver?.close(`a report could not be sent: ${error instanceof Error ? error.message : String(error)}`);
    });
  }

  #cancel(run: Run): void {
    const key = runKey(run as TaskRun);
    this.#running.get(key)?.abort();
    const waiting = this.#waiting.findIndex((each) => runKey(each.run as TaskRun) === key);
    if (waiting === -1) return;
    this.#waiting.splice(waiting, 1);
    this.#report(call.taskFailed, { run, failure: { kind: 'cancelled' } });
  }

  async #endJob(job: number): Promise<void> {
    const belongs = (key: string): boolean => key.startsWith(`${job}/`);
    for (const key of this.#stages.keys()) if (belongs(key)) this.#stages.delete(key);
    for (const key of this.#results.keys()) if (belongs(key)) this.#results.delete(key);
    for (const [key, controller] of this.#running) if (belongs(key)) controller.abort();
    try {
      await (await this.#resources)?.tables.removeJob(job);
      await this.#store.removeJob(job);
    } catch (error) {
      this.#options.logger.warn({ job, err: error }, "a job's blocks could not be removed");
    }
  }

  async *#streamResult(run: Run): AsyncGenerator<Uint8Array> {
    const key = runKey(run as TaskRun);
    const blocks = this.#results.get(key);
    if (blocks === undefined) throw new RpcError('Protocol', `there is no result of ${key}`);
    for (const block of blocks) yield block.data;
    this.#results.delete(key);
  }

  #finish(end: ExecutorEnd): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    void this.#tearDown(end);
  }

  async #tearDown(end: ExecutorEnd): Promise<void> {
    for (const controller of this.#running.values()) controller.abort();
    this.#waiting.splice(0);
    const idle = new Promise<void>((resolve) => {
      this.#idle = resolve;
    });
    // The kernel is closed when no query runs any more; an interrupted one ends within milliseconds.
    if (this.#running.size > 0) await Promise.race([idle, this.#options.clock.sleep(5000)]);
    this.#driver?.close(end.kind === 'drained' ? 'the executor is leaving' : 'the executor is shutting down');
    await this.dispose();
    this.#resolveEnded(end);
  }
}
