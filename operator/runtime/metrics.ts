/** Metrics under the names that controller-runtime gave them, so that existing dashboards and alerts work. */
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/** client-go's buckets of both work queue histograms, in seconds. */
const queueBuckets = [1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1, 10, 100, 1000];
/** controller-runtime's buckets of reconcile times, in seconds. */
const reconcileBuckets = [
  0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.25, 1.5, 1.75, 2, 2.5, 3, 3.5, 4, 4.5, 5,
  6, 7, 8, 9, 10, 15, 20, 25, 30, 40, 50, 60,
];

/** What a work queue can tell at the moment it is asked. */
export interface QueueReading {
  readonly depth: number;
  readonly unfinishedWorkSeconds: number;
  readonly longestRunningSeconds: number;
}

/** One registry per process; controllers share it, told apart by the label `controller`. */
export class Metrics {
  readonly registry = new Registry();
  readonly #queues = new Map<string, () => QueueReading>();
  /** By kind; a kind may be held in several caches, one for each namespace. */
  readonly #caches = new Map<string, (() => number)[]>();

  readonly queueAdds = this.#counter('workqueue_adds_total', 'Total number of adds handled by workqueue', ['name', 'controller']);
  readonly queueRetries = this.#counter('workqueue_retries_total', 'Total number of retries handled by workqueue', ['name', 'controller']);
  readonly queueDuration = this.#histogram('workqueue_queue_duration_seconds',
    'How long in seconds an item stays in workqueue before being requested', ['name', 'controller'], queueBuckets);
  readonly workDuration = this.#histogram('workqueue_work_duration_seconds',
    'How long in seconds processing an item from workqueue takes', ['name', 'controller'], queueBuckets);
  readonly reconciles = this.#counter('controller_runtime_reconcile_total', 'Total number of reconciliations per controller', ['controller', 'result']);
  readonly reconcileErrors = this.#counter('controller_runtime_reconcile_errors_total', 'Total number of reconciliation errors per controller', ['controller']);
  readonly terminalErrors = this.#counter('controller_runtime_terminal_reconcile_errors_total',
    'Total number of terminal reconciliation errors per controller', ['controller']);
  readonly reconcileTime = this.#histogram('controller_runtime_reconcile_time_seconds',
    'Length of time per reconciliation per controller', ['controller'], reconcileBuckets);
  readonly maxWorkers = this.#gauge('controller_runtime_max_concurrent_reconciles', 'Maximum number of concurrent reconciles per controller', ['controller']);
  readonly activeWorkers = this.#gauge('controller_runtime_active_workers', 'Number of currently used workers per controller', ['controller']);
  readonly leader = this.#gauge('leader_election_master_status', 'Whether this process leads: 0 is backup, 1 is leader', ['name']);
  readonly eventsDropped = this.#counter('headrace_events_dropped_total', 'Events not written because the recorder was full or the API server refused them', []);
  readonly watchFailures = this.#counter('headrace_watch_failures_total', 'Watches and lists that failed and were begun again', ['kind', 'reason']);
  readonly requests = this.#counter('rest_client_requests_total', 'Number of HTTP requests, partitioned by status code and method', ['code', 'method']);

  constructor(options: { readonly processMetrics?: boolean } = {}) {
    this.#queueGauge('workqueue_depth', 'Current depth of workqueue', (reading) => reading.depth);
    this.#queueGauge('workqueue_unfinished_work_seconds', 'Seconds of work in progress that is not yet in work_duration', (reading) => reading.unfinishedWorkSeconds);
    this.#queueGauge('workqueue_longest_running_processor_seconds', 'Seconds that the longest running processor has been running', (reading) => reading.longestRunningSeconds);
    const caches = this.#caches;
    const cached = new Gauge({
      name: 'headrace_cached_objects', help: 'Objects held in memory', labelNames: ['kind'], registers: [this.registry],
      collect: () => {
        for (const [kind, sizes] of caches) cached.set({ kind }, sizes.reduce((sum, size) => sum + size(), 0));
      },
    });
    if (options.processMetrics === true) collectDefaultMetrics({ register: this.registry });
  }

  /** Has the queue's gauges read when metrics are asked for, instead of written at every change. */
  observeQueue(name: string, read: () => QueueReading): void {
    this.#queues.set(name, read);
  }

  /** Has the number of cached objects of a kind read when metrics are asked for. */
  observeCache(kind: string, size: () => number): void {
    this.#caches.set(kind, [...this.#caches.get(kind) ?? [], size]);
  }

  /** The text exposition, as Prometheus scrapes it. */
  async text(): Promise<string> {
    return this.registry.metrics();
  }

  #counter<L extends string>(name: string, help: string, labelNames: readonly L[]): Counter<L> {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }

  #gauge<L extends string>(name: string, help: string, labelNames: readonly L[]): Gauge<L> {
    return new Gauge({ name, help, labelNames, registers: [this.registry] });
  }

  #histogram<L extends string>(name: string, help: string, labelNames: readonly L[], buckets: number[]): Histogram<L> {
    return new Histogram({ name, help, labelNames, buckets, registers: [this.registry] });
  }

  #queueGauge(name: string, help: string, value: (reading: QueueReading) => number): void {
    const queues = this.#queues;
    const gauge = new Gauge({
      name, help, labelNames: ['name', 'controller'], registers: [this.registry],
      collect: () => {
        for (const [queue, read] of queues) gauge.set({ name: queue, controller: queue }, value(read()));
      },
    });
  }
}
