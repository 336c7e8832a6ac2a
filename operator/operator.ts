/** The operator's parts put together, the same in a cluster and in embedded mode. Builds no clock, socket or random source. */
import { sparkJobType, type SparkJob } from './api/spark-job.ts';
import type { KubeClient, KubeObject } from './kube/client.ts';
import { podType, type Pod } from './kube/resource-types.ts';
import type { PodDefaults } from './pod/pod-defaults.ts';
import { Applier } from './runtime/applier.ts';
import { Cache } from './runtime/cache.ts';
import type { Clock } from './runtime/clock.ts';
import { Controller, owned, primary } from './runtime/controller.ts';
import { ApiEventRecorder } from './runtime/events.ts';
import { Expectations } from './runtime/expectations.ts';
import type { Logger } from './runtime/logger.ts';
import type { Metrics } from './runtime/metrics.ts';
import type { ObjectKey } from './runtime/object-key.ts';
import { Reflector } from './runtime/reflector.ts';
import type { DriverClient } from './spark-job/driver-client.ts';
import { JobMemories } from './spark-job/job-memory.ts';
import { label } from './spark-job/names.ts';
import { reconcileSparkJob } from './spark-job/reconcile.ts';

export interface OperatorOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** A new application secret: unguessable, printable, without white space. */
  readonly newToken: () => string;
  readonly driver: DriverClient;
  readonly podDefaults: PodDefaults;
  /** How often a running driver is asked for its status. */
  readonly pollMs: number;
  /** Jobs reconciled at the same time. */
  readonly workers: number;
  /** Empty: all. */
  readonly watchNamespaces: readonly string[];
  /** Names this process in events. */
  readonly identity: string;
}

export const fieldManager = 'headrace';

/** No reconcile begins for this long although jobs wait: the process is stuck and should be started afresh. */
const stuckAfterMs = 120_000;

export class Operator {
  readonly #options: OperatorOptions;
  readonly #controller: Controller;
  readonly #reflectors: readonly { run(signal: AbortSignal): Promise<void> }[];
  readonly #caches: readonly Cache<KubeObject>[];
  readonly #events: ApiEventRecorder;

  constructor(options: OperatorOptions) {
    this.#options = options;
    const { client, clock, logger, metrics } = options;
    const scopes = options.watchNamespaces.length === 0 ? [{}] : options.watchNamespaces.map((namespace) => ({ namespace }));
    const jobs = scopes.map((scope) => new Cache<SparkJob>(sparkJobType, scope));
    // Only pods that belong to a job: a cluster's other pods stay out of memory.
    const pods = scopes.map((scope) => new Cache<Pod>(podType, { ...scope, labelSelector: label.job, labels: [label.job] }));
    this.#caches = [...jobs, ...pods] as readonly unknown[] as readonly Cache<KubeObject>[];
    this.#reflectors = this.#caches.map((cache) => new Reflector({ client, cache, clock, logger, metrics, random: options.random }));
    this.#events = new ApiEventRecorder({ client, clock, logger, metrics, component: 'headrace-operator', instance: options.identity });
    const expectations = new Expectations({ clock, logger });
    for (const cache of this.#caches) expectations.observe(cache);
    const applier = new Applier({ client, expectations, fieldManager });
    const dependencies = {
      client,
      jobs: { get: (key: ObjectKey) => cacheOf(jobs, key.namespace)?.get(key) },
      pods: { labelled: (namespace: string, name: string, value: string) => cacheOf(pods, namespace)?.labelled(namespace, name, value) ?? [] },
      writer: (run: ObjectKey) => applier.writer(run),
      driver: options.driver,
      events: this.#events,
      now: () => clock.now(),
      newToken: options.newToken,
      memories: new JobMemories(),
      podDefaults: options.podDefaults,
      pollMs: options.pollMs,
    };
    this.#controller = new Controller({
      name: 'sparkjob', clock, logger, metrics, expectations, concurrency: options.workers,
      sources: [...jobs.map((cache) => primary(cache)), ...pods.map((cache) => owned(cache, sparkJobType))],
      reconcile: (key, signal) => reconcileSparkJob(key, dependencies, signal),
    });
  }

  /** The caches hold what the API server has. */
  get hasSynced(): boolean {
    return this.#caches.every((cache) => cache.hasSynced);
  }

  get isProgressing(): boolean {
    return this.#controller.isProgressing(stuckAfterMs);
  }

  /** Fills the caches until `signal` aborts; then resolves. Standbys do this too, so that they can take over at once. */
  async watch(signal: AbortSignal): Promise<void> {
    await Promise.all(this.#reflectors.map((reflector) => reflector.run(signal)));
  }

  /** Reconciles until `signal` aborts and nothing is under way any more; then resolves. One process at a time may do this. */
  async reconcile(signal: AbortSignal): Promise<void> {
    await Promise.all([
      this.#events.run(signal),
      this.#controller.run(signal).catch((error: unknown) => {
        if (!signal.aborted) throw error;
      }),
    ]);
    this.#options.logger.info({}, 'reconciling has stopped');
  }
}

/** A cache without a namespace holds them all. */
function cacheOf<T extends KubeObject>(caches: readonly Cache<T>[], namespace: string): Cache<T> | undefined {
  return caches.find((cache) => cache.namespace === undefined || cache.namespace === namespace);
}
