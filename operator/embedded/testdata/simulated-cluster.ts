/**
 * A cluster in simulated time: embedded API server, pods that follow a script, and the real operator, which can be
 * killed and started again. Everything happens in one exact order.
 */
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { exitCode } from '../../../engine/contract.ts';
import type { DriverStatus, TerminationMessage } from '../../../engine/contract.ts';
import { sparkJobType } from '../../api/spark-job.ts';
import type { SparkJob } from '../../api/spark-job.ts';
import type { KubeClient, KubeObject } from '../../kube/client.ts';
import { configMapType, customResourceDefinitionType, podType, secretType } from '../../kube/resource-types.ts';
import type { Pod } from '../../kube/resource-types.ts';
import { Operator } from '../../operator.ts';
import { noNameNodes } from '../../hdfs-cluster/testdata/name-nodes.ts';
import { FakeClock } from '../../runtime/fake-clock.ts';
import { silentLogger } from '../../runtime/logger.ts';
import { Metrics } from '../../runtime/metrics.ts';
import { DriverUnreachable } from '../../spark-job/driver-client.ts';
import { label } from '../../spark-job/names.ts';
import { EmbeddedApiServer } from '../api-server.ts';
import { ScriptedKubelet } from '../scripted-kubelet.ts';
import type { PodEnd } from '../scripted-kubelet.ts';

export const namespace = 'default';
const stepMs = 20;
const definitions = ['sparkjobs', 'hdfsclusters'].map((plural) => parse(readFileSync(new URL(`../../../crds/${plural}.headrace.dev.yaml`, import.meta.url), 'utf8')) as KubeObject);
const { signal: never } = new AbortController();

/** How the driver of an attempt fares once all its executors run; `run`: it goes on until it is stopped. */
export type Fate = 'succeed' | 'fail' | 'run';

export interface ClusterOptions {
  readonly instances: number;
  readonly fate: (attempt: number) => Fate;
}

const isDriver = (pod: Pod): boolean => pod.metadata.labels?.[label.role] === 'driver';
const attemptOf = (pod: Pod): number => Number(pod.metadata.labels?.[label.attempt]);
const isRunning = (pod: Pod): boolean => pod.status?.phase === 'Running';

function driverEnd(fate: Fate): PodEnd | undefined {
  const word = (message: TerminationMessage): string => JSON.stringify(message);
  switch (fate) {
    case 'succeed':
      return { exitCode: exitCode.succeeded, message: word({ outcome: 'Succeeded', result: { rows: 1, columns: ['x'], firstRows: [['1']] } }) };
    case 'fail':
      return { exitCode: exitCode.applicationFailed, message: word({ outcome: 'Failed', error: { errorClass: 'DIVIDE_BY_ZERO', message: 'Division by zero.' } }) };
    case 'run':
      return undefined;
  }
}

/** One life of the operator. */
export interface OperatorLife {
  /** Resolves when nothing of it runs any more. */
  stop(): Promise<void>;
}

export class SimulatedCluster {
  readonly clock = new FakeClock();
  readonly server: EmbeddedApiServer;
  readonly kubelet: ScriptedKubelet;
  readonly #stop = new AbortController();
  readonly #kubeletRun: Promise<void>;
  #uids = 0;
  #tokens = 0;
  /** The most drivers that ever ran at the same time. */
  driversAtOnce = 0;
  executorsAtOnce = 0;

  private constructor({ instances, fate }: ClusterOptions) {
    const { clock } = this;
    this.server = new EmbeddedApiServer({ clock, uid: () => `00000000-0000-4000-8000-${String(++this.#uids).padStart(12, '0')}` });
    this.kubelet = new ScriptedKubelet({
      client: this.server, clock, signal: this.#stop.signal,
      script: (pod, family) => {
        this.driversAtOnce = Math.max(this.driversAtOnce, family.filter((each) => isDriver(each) && isRunning(each)).length);
        this.executorsAtOnce = Math.max(this.executorsAtOnce, family.filter((each) => !isDriver(each) && isRunning(each)).length);
        const attempt = family.filter((each) => attemptOf(each) === attemptOf(pod) && isRunning(each));
        if (!isDriver(pod)) return attempt.some(isDriver) ? undefined : { exitCode: 1, message: '' };
        return attempt.length === instances + 1 ? driverEnd(fate(attemptOf(pod))) : undefined;
      },
    });
    this.#kubeletRun = this.kubelet.run();
  }

  static async start(options: ClusterOptions): Promise<SimulatedCluster> {
    const cluster = new SimulatedCluster(options);
    for (const definition of definitions) await cluster.server.create(customResourceDefinitionType, definition, never);
    return cluster;
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#kubeletRun;
    this.server.close();
    assert.equal(this.clock.waiting, 0, 'somebody still waits for the clock');
  }

  /** Lets time pass until `holds`; fails after ten minutes of simulated time. */
  async until(what: string, holds: () => Promise<boolean> | boolean): Promise<void> {
    for (let elapsedMs = 0; elapsedMs < 600_000; elapsedMs += stepMs) {
      if (await holds()) return;
      await this.clock.advance(stepMs);
    }
    assert.fail(`${what}: not within ten minutes; ${JSON.stringify({ job: (await this.job())?.status, pods: (await this.pods()).map((pod) => [pod.metadata.name, pod.metadata.deletionTimestamp, pod.status?.phase]) })}`);
  }

  job(): Promise<SparkJob | undefined> {
    return this.server.get<SparkJob>(sparkJobType, namespace, 'job', never);
  }

  async pods(): Promise<readonly Pod[]> {
    return (await this.server.list<Pod>(podType, { namespace }, never)).items;
  }

  /** Names of everything that a job can leave behind. */
  async remains(): Promise<readonly string[]> {
    const all = await Promise.all([podType, secretType, configMapType].map((type) => this.server.list(type, { namespace }, never)));
    return all.flatMap((list) => list.items.map((object) => `${object.kind} ${object.metadata.name}`));
  }

  async submit(spec: object): Promise<void> {
    const job = { apiVersion: sparkJobType.apiVersion, kind: 'SparkJob', metadata: { name: 'job', namespace }, spec } as unknown as SparkJob;
    await this.server.apply(sparkJobType, job, { fieldManager: 'user', force: true }, never);
  }

  /** Names of the drivers (or executors) that were ever created, one for each creation. */
  everCreated(role: 'driver' | 'executor'): readonly string[] {
    return this.kubelet.everCreated.filter((pod) => pod.metadata.labels?.[label.role] === role).map((pod) => pod.metadata.name);
  }

  /** A fresh operator, which knows nothing, on `client`. */
  startOperator(client: KubeClient): OperatorLife {
    const { clock } = this;
    const stop = new AbortController();
    const operator = new Operator({
      client, clock, logger: silentLogger, metrics: new Metrics(), random: () => 0, newToken: () => `token-${++this.#tokens}`,
      driver: { status: (ip) => this.#askDriver(ip), close: () => undefined }, identity: 'simulated', workers: 8, pollMs: 1000, watchNamespaces: [],
      hdfs: { nameNodes: noNameNodes, pollMs: 1000, idlePollMs: 10_000, newClusterId: () => 'none' },
      podDefaults: { image: 'headrace', imagePullPolicy: 'Never', logLevel: 'info' },
    });
    const running = Promise.all([operator.watch(stop.signal), operator.reconcile(stop.signal)]);
    return {
      stop: async () => {
        stop.abort(new Error('the operator stops'));
        await running;
      },
    };
  }

  async #askDriver(ip: string): Promise<DriverStatus> {
    const running = (await this.pods()).filter(isRunning);
    const driver = running.find((pod) => pod.status?.podIP === ip && isDriver(pod));
    if (driver === undefined) throw new DriverUnreachable('nobody is there');
    const attempt = attemptOf(driver);
    const none = { total: 0, completed: 0, running: 0, failed: 0 };
    return {
      applicationId: `${driver.metadata.ownerReferences?.[0]?.uid ?? ''}-${attempt}`,
      phase: 'Running',
      executors: running.filter((pod) => !isDriver(pod) && attemptOf(pod) === attempt).map((pod) => ({
        id: pod.metadata.labels?.[label.executor] ?? '', address: pod.status?.podIP ?? '', slots: 1, runningTasks: 0, completedTasks: 0, failedTasks: 0, shuffleBytes: 0, idleSinceMs: null,
      })),
      progress: { stages: none, tasks: none }, firstTaskAtMs: null, demand: { runningTasks: 0, pendingTasks: 0 },
    };
  }
}
