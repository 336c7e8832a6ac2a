/** The operator's parts put together, the same in a cluster and in embedded mode. Builds no clock, socket or random source. */
import { hdfsClusterType, type HdfsCluster } from './api/hdfs-cluster.ts';
import { sparkJobType, type SparkJob } from './api/spark-job.ts';
import { ClusterMemories } from './hdfs-cluster/cluster-memory.ts';
import type { NameNodeClient } from './hdfs-cluster/name-node-client.ts';
import { label as hdfsLabel } from './hdfs-cluster/names.ts';
import { reconcileHdfsCluster } from './hdfs-cluster/reconcile.ts';
import type { KubeClient, KubeObject, ResourceType } from './kube/client.ts';
import { persistentVolumeClaimType, podDisruptionBudgetType, podType, serviceType, type PersistentVolumeClaim, type Pod } from './kube/resource-types.ts';
import type { PodDefaults } from './pod/pod-defaults.ts';
import { Applier } from './runtime/applier.ts';
import { Cache, type CacheOptions } from './runtime/cache.ts';
import type { Clock } from './runtime/clock.ts';
import { Controller, mapped, owned, primary, type Reconcile, type Source } from './runtime/controller.ts';
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
  /** A new secret of an application or cluster: unguessable, printable, without white space. */
  readonly newToken: () => string;
  readonly driver: DriverClient;
  readonly podDefaults: PodDefaults;
  /** How often a running driver is asked for its status. */
  readonly pollMs: number;
  readonly hdfs: {
    readonly nameNodes: NameNodeClient;
    /** How often a cluster is looked at while something is under way, and while nothing is. */
    readonly pollMs: number;
    readonly idlePollMs: number;
    /** Unique in the world. */
    readonly newClusterId: () => string;
  };
  /** Objects of a kind reconciled at the same time. */
  readonly workers: number;
  /** Empty: all. */
  readonly watchNamespaces: readonly string[];
  /** Names this process in events. */
  readonly identity: string;
}

export const fieldManager = 'headrace';

/** No reconcile begins for this long although objects wait: the process is stuck and should be started afresh. */
const stuckAfterMs = 120_000;

export class Operator {
  readonly #options: OperatorOptions;
  readonly #controllers: readonly Controller[];
  readonly #reflectors: readonly { run(signal: AbortSignal): Promise<void> }[];
  readonly #caches: readonly Cache<KubeObject>[];
  readonly #events: ApiEventRecorder;

  constructor(options: OperatorOptions) {
    this.#options = options;
    const { client, clock, logger, metrics } = options;
    this.#events = new ApiEventRecorder({ client, clock, logger, metrics, component: 'headrace-operator', instance: options.identity });
    const kinds = [sparkJobs(options, this.#events), hdfsClusters(options, this.#events)];
    this.#caches = kinds.flatMap((kind) => kind.caches);
    this.#controllers = kinds.map((kind) => kind.controller);
    this.#reflectors = this.#caches.map((cache) => new Reflector({ client, cache, clock, logger, metrics, random: options.random }));
  }

  /** The caches hold what the API server has. */
  get hasSynced(): boolean {
    return this.#caches.every((cache) => cache.hasSynced);
  }

  get isProgressing(): boolean {
    return this.#controllers.every((controller) => controller.isProgressing(stuckAfterMs));
  }

  /** Fills the caches until `signal` aborts; then resolves. Standbys do this too, so that they can take over at once. */
  async watch(signal: AbortSignal): Promise<void> {
    await Promise.all(this.#reflectors.map((reflector) => reflector.run(signal)));
  }

  /** Reconciles until `signal` aborts and nothing is under way any more; then resolves. One process at a time may do this. */
  async reconcile(signal: AbortSignal): Promise<void> {
    const runs = this.#controllers.map((controller) => controller.run(signal).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    }));
    await Promise.all([this.#events.run(signal), ...runs]);
    this.#options.logger.info({}, 'reconciling has stopped');
  }
}

interface KindParts {
  readonly caches: readonly Cache<KubeObject>[];
  readonly controller: Controller;
}

/** Caches of one type, one for each watched namespace. */
class Scoped<T extends KubeObject> {
  readonly caches: readonly Cache<T>[];
  readonly #label: string | undefined;

  /** With a label: only objects that have it, found by its value. What else is in the cluster stays out of memory. */
  constructor(type: ResourceType, { watchNamespaces }: OperatorOptions, key?: string) {
    this.#label = key;
    const selection: CacheOptions = key === undefined ? {} : { labelSelector: key, labels: [key] };
    const scopes = watchNamespaces.length === 0 ? [{}] : watchNamespaces.map((namespace) => ({ namespace }));
    this.caches = scopes.map((scope) => new Cache<T>(type, { ...scope, ...selection }));
  }

  /** A cache without a namespace holds them all. */
  #cacheOf(namespace: string): Cache<T> | undefined {
    return this.caches.find((cache) => cache.namespace === undefined || cache.namespace === namespace);
  }

  get(key: ObjectKey): T | undefined {
    return this.#cacheOf(key.namespace)?.get(key);
  }

  labelled(namespace: string, name: string, value: string): readonly T[] {
    return this.#cacheOf(namespace)?.labelled(namespace, name, value) ?? [];
  }

  /** Those whose label is the key's name. */
  of({ namespace, name }: ObjectKey): readonly T[] {
    return this.#label === undefined ? [] : this.labelled(namespace, this.#label, name);
  }

  sources(make: (cache: Cache<T>) => Source): readonly Source[] {
    return this.caches.map(make);
  }

  get untyped(): readonly Cache<KubeObject>[] {
    return this.caches as readonly unknown[] as readonly Cache<KubeObject>[];
  }
}

/** A controller with expectations of its own: several kinds may hold different parts of one type in their caches. */
function controllerOf(
  name: string, { clock, logger, metrics, workers, client }: OperatorOptions, caches: readonly Cache<KubeObject>[], sources: readonly Source[],
  reconcileWith: (applier: Applier) => Reconcile,
): KindParts {
  const expectations = new Expectations({ clock, logger });
  for (const cache of caches) expectations.observe(cache);
  const reconcile = reconcileWith(new Applier({ client, expectations, fieldManager }));
  return { caches, controller: new Controller({ name, clock, logger, metrics, expectations, concurrency: workers, sources, reconcile }) };
}

function sparkJobs(options: OperatorOptions, events: ApiEventRecorder): KindParts {
  const { client, clock, driver, newToken, podDefaults, pollMs } = options;
  const jobs = new Scoped<SparkJob>(sparkJobType, options);
  const pods = new Scoped<Pod>(podType, options, label.job);
  const memories = new JobMemories();
  const sources = [...jobs.sources(primary), ...pods.sources((cache) => owned(cache, sparkJobType))];
  return controllerOf('sparkjob', options, [...jobs.untyped, ...pods.untyped], sources, (applier) => {
    const dependencies = { client, jobs, pods, driver, events, newToken, memories, podDefaults, pollMs, now: () => clock.now(), writer: (run: ObjectKey) => applier.writer(run) };
    return (key, signal) => reconcileSparkJob(key, dependencies, signal);
  });
}

function hdfsClusters(options: OperatorOptions, events: ApiEventRecorder): KindParts {
  const { client, clock, newToken, podDefaults, hdfs } = options;
  const clusters = new Scoped<HdfsCluster>(hdfsClusterType, options);
  const pods = new Scoped<Pod>(podType, options, hdfsLabel.cluster);
  const claims = new Scoped<PersistentVolumeClaim>(persistentVolumeClaimType, options, hdfsLabel.cluster);
  const services = new Scoped<KubeObject>(serviceType, options, hdfsLabel.cluster);
  const budgets = new Scoped<KubeObject>(podDisruptionBudgetType, options, hdfsLabel.cluster);
  const memories = new ClusterMemories();
  // Claims have no owner: they outlive their cluster.
  const byLabel = (object: KubeObject): readonly ObjectKey[] => [{ namespace: object.metadata.namespace ?? '', name: object.metadata.labels?.[hdfsLabel.cluster] ?? '' }];
  const sources = [
    ...clusters.sources(primary), ...claims.sources((cache) => mapped(cache, byLabel)),
    ...[pods, services, budgets].flatMap((each) => each.untyped.map((cache) => owned(cache, hdfsClusterType))),
  ];
  return controllerOf('hdfscluster', options, [clusters, pods, claims, services, budgets].flatMap((each) => each.untyped), sources, (applier) => {
    const dependencies = {
      client, clusters, pods, claims, services, budgets, events, newToken, memories, podDefaults, ...hdfs,
      now: () => clock.now(), writer: (run: ObjectKey) => applier.writer(run),
    };
    return (key, signal) => reconcileHdfsCluster(key, dependencies, signal);
  });
}
