/**
 * Runs `reconcile` for every key whose object, or whose owned objects, changed: the shell around
 * `WorkQueue`. It knows no kind; a request is only a name, and the outcome is handled in one switch.
 */
import type { KubeObject, OwnerReference } from '../kube/client.ts';
import { KubeError } from '../kube/client.ts';
import type { Cache } from './cache.ts';
import type { Clock } from './clock.ts';
import type { Expectations } from './expectations.ts';
import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';
import type { ObjectKey } from './object-key.ts';
import { keyOf, keyText, parseKey } from './object-key.ts';
import type { ReconcileResult } from './reconcile-result.ts';
import { failure, retryAfterMs } from './reconcile-result.ts';
import type { BackoffOptions, Priority } from './work-queue.ts';
import { WorkQueue } from './work-queue.ts';

export type { ReconcileResult } from './reconcile-result.ts';

/**
 * Must leave its object in the right state however often it is called. `signal` aborts when the
 * operator stops, loses its lease, or the time of the run is over.
 */
export type Reconcile = (key: ObjectKey, signal: AbortSignal) => Promise<ReconcileResult>;

/** Something that makes keys due. Built by `primary`, `owned` and `mapped`. */
export interface Source {
  readonly waitSynced: (signal: AbortSignal) => Promise<void>;
  readonly hasSynced: () => boolean;
  /** Returns the function that ends the subscription. */
  readonly start: (enqueue: (key: ObjectKey, priority: Priority) => void) => () => void;
}

/** Changes of the objects themselves. */
export function primary<T extends KubeObject>(cache: Cache<T>): Source {
  return mapped(cache, (object) => [keyOf(object)]);
}

/** Changes of children: makes the object due that their controlling ownerReference of this kind names. */
export function owned<T extends KubeObject>(cache: Cache<T>, owner: { readonly apiVersion: string; readonly kind: string }): Source {
  const group = groupOf(owner.apiVersion);
  const isOurs = (each: OwnerReference): boolean => each.controller === true && each.kind === owner.kind && groupOf(each.apiVersion) === group;
  return mapped(cache, (object) => (object.metadata.ownerReferences ?? [])
    .filter(isOurs)
    .map((each) => ({ namespace: object.metadata.namespace ?? '', name: each.name })));
}

/** Changes of anything, mapped to keys by `keys`. A changed object makes the keys due of its old and of its new state. */
export function mapped<T extends KubeObject>(cache: Cache<T>, keys: (object: T) => readonly ObjectKey[]): Source {
  return {
    waitSynced: (signal) => cache.waitSynced(signal),
    hasSynced: () => cache.hasSynced,
    start: (enqueue) => cache.subscribe((change) => {
      const priority: Priority = change.live ? 'live' : 'resync';
      if (change.previous !== undefined) for (const key of keys(change.previous)) enqueue(key, priority);
      if (change.kind === 'set') for (const key of keys(change.object)) enqueue(key, priority);
    }),
  };
}

export interface ControllerOptions {
  /** Names metrics and log entries: `sparkjob`. */
  readonly name: string;
  readonly reconcile: Reconcile;
  readonly sources: readonly Source[];
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** With it, a run is over only when the caches show what it wrote. */
  readonly expectations?: Expectations;
  /** Runs at the same time. Default 16: runs wait for the network most of the time. */
  readonly concurrency?: number;
  /** A run is aborted after this long. Default 120,000. */
  readonly reconcileTimeoutMs?: number;
  readonly backoff?: BackoffOptions;
}

type Phase = 'created' | 'running' | 'stopping' | 'stopped';

export class Controller {
  readonly name: string;
  readonly #options: ControllerOptions;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #concurrency: number;
  readonly #queue: WorkQueue;
  readonly #labels: { readonly name: string; readonly controller: string };
  /** Runs under way, including those that wait for their own writes to show. */
  readonly #runs = new Set<Promise<void>>();
  #active = 0;
  #phase: Phase = 'created';
  #signal: AbortSignal = AbortSignal.abort();
  #pumpPlanned = false;
  #cancelTimer: () => void = () => undefined;
  #lastProgress: number;

  constructor(options: ControllerOptions) {
    this.name = options.name;
    this.#options = options;
    this.#clock = options.clock;
    this.#logger = options.logger.child({ controller: options.name });
    this.#concurrency = options.concurrency ?? 16;
    this.#queue = new WorkQueue(options.backoff);
    this.#labels = { name: options.name, controller: options.name };
    this.#lastProgress = options.clock.monotonic();
    options.metrics.maxWorkers.set({ controller: options.name }, this.#concurrency);
    options.metrics.observeQueue(options.name, () => this.#reading());
  }

  /** Every cache that the controller reads has its first list. */
  get hasSynced(): boolean {
    return this.#options.sources.every((source) => source.hasSynced());
  }

  /**
   * Liveness: false when keys have been due for `stuckAfterMs` and none was taken in that time, or a
   * run ignores its time-out by as much.
   */
  isProgressing(stuckAfterMs: number): boolean {
    if (this.#phase !== 'running') return true;
    const now = this.#clock.monotonic();
    const due = this.#queue.oldestDue();
    const starved = due !== undefined && now - Math.max(due, this.#lastProgress) > stuckAfterMs;
    const allowed = (this.#options.reconcileTimeoutMs ?? 120_000) + stuckAfterMs;
    return !starved && this.#queue.runningSince().every((since) => now - since <= allowed);
  }

  /** Makes a key due now. */
  enqueue(key: ObjectKey, priority: Priority = 'live'): void {
    if (this.#queue.add(keyText(key), this.#clock.monotonic(), priority)) this.#options.metrics.queueAdds.inc(this.#labels);
    this.#planPump();
  }

  /**
   * Runs until the signal aborts and the last run has ended; then resolves. Waits for the caches
   * first, so that no reconcile takes a cache that is still empty for the truth. Runs once.
   */
  async run(signal: AbortSignal): Promise<void> {
    if (this.#phase !== 'created') throw new Error(`Controller ${this.name} has already run.`);
    this.#signal = signal;
    const subscriptions = this.#options.sources.map((source) => source.start((key, priority) => this.enqueue(key, priority)));
    try {
      await Promise.all(this.#options.sources.map((source) => source.waitSynced(signal)));
      this.#phase = 'running';
      this.#lastProgress = this.#clock.monotonic();
      this.#logger.info({ keys: this.#queue.depth, concurrency: this.#concurrency }, 'Caches are synced, reconciling');
      this.#planPump();
      await aborted(signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      this.#phase = 'stopping';
      for (const end of subscriptions) end();
      this.#cancelTimer();
      await Promise.all(this.#runs);
      this.#phase = 'stopped';
    }
  }

  /** Taking is deferred to a turn of its own: a burst of events costs one pass, and IO gets its turn between passes. */
  #planPump(): void {
    if (this.#pumpPlanned || this.#phase !== 'running') return;
    this.#pumpPlanned = true;
    setImmediate(() => {
      this.#pumpPlanned = false;
      this.#pump();
    });
  }

  #pump(): void {
    while (this.#phase === 'running' && !this.#signal.aborted && this.#active < this.#concurrency) {
      const taken = this.#queue.take(this.#clock.monotonic());
      if (taken === undefined) break;
      this.#lastProgress = this.#clock.monotonic();
      this.#options.metrics.queueDuration.observe(this.#labels, taken.waitedMs / 1000);
      const run = this.#runKey(taken.key).finally(() => void this.#runs.delete(run));
      this.#runs.add(run);
    }
    this.#armTimer();
  }

  #armTimer(): void {
    this.#cancelTimer();
    const next = this.#queue.nextDueAt();
    // With all workers busy the end of a run pumps anyway.
    if (next === undefined || this.#phase !== 'running' || this.#active >= this.#concurrency) return;
    this.#cancelTimer = this.#clock.after(Math.max(0, next - this.#clock.monotonic()), () => this.#pump());
  }

  async #runKey(text: string): Promise<void> {
    const key = parseKey(text);
    const { metrics } = this.#options;
    const startedAt = this.#clock.monotonic();
    this.#active += 1;
    metrics.activeWorkers.set({ controller: this.name }, this.#active);
    const result = await this.#reconcile(key);
    const seconds = (this.#clock.monotonic() - startedAt) / 1000;
    this.#active -= 1;
    metrics.activeWorkers.set({ controller: this.name }, this.#active);
    metrics.workDuration.observe(this.#labels, seconds);
    metrics.reconcileTime.observe({ controller: this.name }, seconds);
    this.#planPump();
    await this.#options.expectations?.settled(key, this.#signal);
    this.#finish(text, result);
    this.#planPump();
  }

  async #reconcile(key: ObjectKey): Promise<ReconcileResult> {
    const timeoutMs = this.#options.reconcileTimeoutMs ?? 120_000;
    const timeout = new AbortController();
    const cancel = this.#clock.after(timeoutMs, () => timeout.abort(new Error(`The reconcile of ${keyText(key)} took longer than ${timeoutMs} ms.`)));
    const onStop = (): void => timeout.abort(this.#signal.reason);
    this.#signal.addEventListener('abort', onStop, { once: true });
    try {
      return await this.#options.reconcile(key, timeout.signal);
    } catch (error) {
      return failure(error);
    } finally {
      cancel();
      this.#signal.removeEventListener('abort', onStop);
    }
  }

  /** The one place that decides what an outcome means. */
  #finish(text: string, result: ReconcileResult): void {
    const { metrics } = this.#options;
    const controller = this.name;
    const now = this.#clock.monotonic();
    switch (result.kind) {
      case 'done':
        metrics.reconciles.inc({ controller, result: 'success' });
        this.#queue.settle(text, now);
        return;
      case 'requeue':
        metrics.reconciles.inc({ controller, result: 'requeue_after' });
        this.#queue.settle(text, now, result.afterMs);
        return;
      case 'failed':
        metrics.reconciles.inc({ controller, result: 'error' });
        metrics.reconcileErrors.inc({ controller });
        if (result.terminal) {
          metrics.terminalErrors.inc({ controller });
          this.#queue.settle(text, now);
          this.#logger.error({ key: text, err: result.error }, 'Reconcile failed for good; only a change can help');
        } else {
          metrics.queueRetries.inc(this.#labels);
          this.#logRetry(text, result.error, this.#queue.retry(text, now, retryAfterMs(result.error)));
        }
        return;
      default:
        result satisfies never;
    }
  }

  /** Conflicts and stops are part of life; everything else is worth a look. */
  #logRetry(key: string, error: unknown, delayMs: number): void {
    if (this.#signal.aborted) return;
    const expected = error instanceof KubeError && error.code === 'Conflict';
    if (expected) this.#logger.debug({ key, err: error, delayMs }, 'Reconcile met a conflict; retrying');
    else this.#logger.warn({ key, err: error, delayMs }, 'Reconcile failed; retrying');
  }

  #reading(): { depth: number; unfinishedWorkSeconds: number; longestRunningSeconds: number } {
    const now = this.#clock.monotonic();
    const ages = this.#queue.runningSince().map((since) => (now - since) / 1000);
    return {
      depth: this.#queue.depth,
      unfinishedWorkSeconds: ages.reduce((sum, age) => sum + age, 0),
      longestRunningSeconds: ages.reduce((longest, age) => Math.max(longest, age), 0),
    };
  }
}

function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
