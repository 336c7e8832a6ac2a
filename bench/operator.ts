/**
 * Measures the operator on the embedded API server, in this process: run it on one core (`taskset -c 0`).
 *   node bench/operator.ts burst JOBS
 *   node bench/operator.ts steady JOBS PER_SECOND
 * Pods follow a script: the driver ends with success once both executors run. Prints one line of JSON.
 */
import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { parse } from 'yaml';
import type { DriverStatus } from '../engine/contract.ts';
import { sparkJobType, type SparkJob } from '../operator/api/spark-job.ts';
import { EmbeddedApiServer } from '../operator/embedded/api-server.ts';
import { ScriptedKubelet } from '../operator/embedded/scripted-kubelet.ts';
import type { KubeObject } from '../operator/kube/client.ts';
import { customResourceDefinitionType, podType, type Pod } from '../operator/kube/resource-types.ts';
import { Operator } from '../operator/operator.ts';
import { realClock } from '../operator/runtime/clock.ts';
import { silentLogger } from '../operator/runtime/logger.ts';
import { Metrics } from '../operator/runtime/metrics.ts';
import { noNameNodes } from '../operator/hdfs-cluster/testdata/name-nodes.ts';
import { label } from '../operator/spark-job/names.ts';

const instances = 2;
const none = { total: 0, completed: 0, running: 0, failed: 0 };
const status: DriverStatus = {
  applicationId: 'bench', phase: 'Running', executors: [], progress: { stages: none, tasks: none }, firstTaskAtMs: null, demand: { runningTasks: 0, pendingTasks: 0 },
};
const isDriver = (pod: Pod): boolean => pod.metadata.labels?.[label.role] === 'driver';

class Bench {
  readonly stop = new AbortController();
  readonly server = new EmbeddedApiServer({ clock: realClock(), uid: randomUUID });
  /** Milliseconds by job: when it was applied, when its driver's pod was created. */
  readonly applied = new Map<string, number>();
  readonly created = new Map<string, number>();
  #running: Promise<unknown> = Promise.resolve();

  async start(): Promise<void> {
    const { signal } = this.stop;
    const clock = realClock();
    for (const plural of ['sparkjobs', 'hdfsclusters']) {
      const definition = parse(readFileSync(new URL(`../crds/${plural}.headrace.dev.yaml`, import.meta.url), 'utf8')) as KubeObject;
      await this.server.create(customResourceDefinitionType, definition, signal);
    }
    const kubelet = new ScriptedKubelet({
      client: this.server, clock, signal,
      script: (pod, family) => (isDriver(pod) && family.filter((each) => each.status?.phase === 'Running').length === instances + 1
        ? { exitCode: 0, message: JSON.stringify({ outcome: 'Succeeded', result: { rows: 1 } }) }
        : undefined),
    });
    const operator = new Operator({
      client: this.server, clock, logger: silentLogger, metrics: new Metrics(), random: Math.random, newToken: randomUUID, identity: 'bench', workers: 8, pollMs: 2000,
      watchNamespaces: [], podDefaults: { image: 'headrace', imagePullPolicy: 'IfNotPresent', logLevel: 'info' },
      driver: { status: async () => status, close: () => undefined },
      hdfs: { nameNodes: noNameNodes, pollMs: 1000, idlePollMs: 10_000, newClusterId: randomUUID },
    });
    this.#running = Promise.all([operator.watch(signal), operator.reconcile(signal), kubelet.run(), this.#watchDrivers()]);
    while (!operator.hasSynced) await delay(5);
  }

  async #watchDrivers(): Promise<void> {
    try {
      for await (const event of this.server.watch<Pod>(podType, { resourceVersion: '0', timeoutSeconds: 1e9 }, this.stop.signal)) {
        if (event.type === 'ADDED' && isDriver(event.object)) this.created.set(event.object.metadata.labels?.[label.job] ?? '', performance.now());
      }
    } catch (error) {
      if (!this.stop.signal.aborted) throw error;
    }
  }

  async apply(name: string): Promise<void> {
    const job = {
      apiVersion: sparkJobType.apiVersion, kind: 'SparkJob', metadata: { name, namespace: 'default' },
      spec: { application: { sql: 'SELECT 1' }, executor: { instances } },
    } as unknown as SparkJob;
    this.applied.set(name, performance.now());
    await this.server.apply(sparkJobType, job, { fieldManager: 'bench', force: true }, this.stop.signal);
  }

  async untilDriversExist(): Promise<void> {
    while (this.created.size < this.applied.size) await delay(5);
  }

  async untilComplete(): Promise<void> {
    for (;;) {
      const { items } = await this.server.list<SparkJob>(sparkJobType, {}, this.stop.signal);
      if (items.every((job) => job.status?.phase === 'Completed')) return;
      await delay(100);
    }
  }

  /** Milliseconds from apply to the driver's pod, sorted. */
  latencies(): readonly number[] {
    return [...this.applied].map(([name, at]) => (this.created.get(name) ?? Number.NaN) - at).toSorted((a, b) => a - b);
  }

  async close(): Promise<void> {
    this.stop.abort();
    await this.#running;
    this.server.close();
  }
}

const quantile = (sorted: readonly number[], q: number): number => sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN;

const [mode, jobsText = '1000', rateText = '1'] = process.argv.slice(2);
const jobs = Number(jobsText);
assert.ok((mode === 'burst' || mode === 'steady') && jobs > 0 && Number(rateText) > 0, 'usage: operator.ts burst JOBS | steady JOBS PER_SECOND');
const bench = new Bench();
await bench.start();
const startedAt = performance.now();
let rssMax = 0;
const sampling = setInterval(() => {
  rssMax = Math.max(rssMax, process.memoryUsage.rss());
}, 50);
if (mode === 'burst') {
  await Promise.all(Array.from({ length: jobs }, (_, index) => bench.apply(`job-${index}`)));
} else {
  for (let index = 0; index < jobs; index += 1) {
    await delay(Math.max(0, startedAt + (index * 1000) / Number(rateText) - performance.now()));
    await bench.apply(`job-${index}`);
  }
}
await bench.untilDriversExist();
const driversMs = performance.now() - startedAt;
await bench.untilComplete();
const completeMs = performance.now() - startedAt;
clearInterval(sampling);
const latencies = bench.latencies();
console.log(JSON.stringify({
  mode, jobs, driversSeconds: driversMs / 1000, completeSeconds: completeMs / 1000,
  p50Ms: quantile(latencies, 0.5), p99Ms: quantile(latencies, 0.99), maxMs: quantile(latencies, 1),
  rssMaxMb: rssMax / 1e6, rssEndMb: process.memoryUsage.rss() / 1e6,
}));
await bench.close();
