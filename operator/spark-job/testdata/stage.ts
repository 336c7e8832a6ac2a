/**
 * A stage for reconcile tests: the embedded API server, a clock that stands still, drivers that answer as told, and a
 * kubelet whose every move the test makes itself.
 */
import { readFileSync } from 'node:fs';
import type { DriverStatus } from '../../../engine/contract.ts';
import { parse } from 'yaml';
import type { SparkJob } from '../../api/spark-job.ts';
import { sparkJobType } from '../../api/spark-job.ts';
import { EmbeddedApiServer } from '../../embedded/api-server.ts';
import type { KubeClient, KubeObject } from '../../kube/client.ts';
import { customResourceDefinitionType, podType } from '../../kube/resource-types.ts';
import type { ContainerState, Pod } from '../../kube/resource-types.ts';
import { Applier } from '../../runtime/applier.ts';
import type { EventInput } from '../../runtime/events.ts';
import { Expectations } from '../../runtime/expectations.ts';
import { FakeClock } from '../../runtime/fake-clock.ts';
import { silentLogger } from '../../runtime/logger.ts';
import type { ReconcileResult } from '../../runtime/reconcile-result.ts';
import type { SparkJobDependencies } from '../dependencies.ts';
import { DriverUnreachable } from '../driver-client.ts';
import { JobMemories } from '../job-memory.ts';
import { reconcileSparkJob } from '../reconcile.ts';
import { runningState, startMs } from './jobs.ts';

const { signal } = new AbortController();
const definition = parse(readFileSync(new URL('../../../crds/sparkjobs.headrace.dev.yaml', import.meta.url), 'utf8')) as KubeObject;
export const key = { namespace: 'default', name: 'flights' };

export class Stage {
  readonly clock = new FakeClock(startMs);
  readonly server: EmbeddedApiServer;
  readonly events: EventInput[] = [];
  /** By pod IP. */
  readonly answers = new Map<string, DriverStatus>();
  /** Of every driver pod that was ever created, in order. */
  readonly driversCreated: string[] = [];
  #client: KubeClient;
  #memories = new JobMemories();
  #addresses = 0;
  #uids = 0;

  private constructor() {
    this.server = new EmbeddedApiServer({ clock: this.clock, uid: () => `uid-${(this.#uids += 1)}` });
    this.#client = this.server;
  }

  static async open(): Promise<Stage> {
    const stage = new Stage();
    await stage.server.create(customResourceDefinitionType, definition, signal);
    return stage;
  }

  close(): void {
    this.server.close();
  }

  /** A new operator process, which remembers nothing; its calls go through `client`. */
  restart(client: KubeClient = this.server): void {
    this.#client = client;
    this.#memories = new JobMemories();
  }

  async apply(spec: unknown): Promise<SparkJob> {
    const object = { apiVersion: sparkJobType.apiVersion, kind: 'SparkJob', metadata: key, spec };
    return (await this.server.apply(sparkJobType, object as KubeObject, { fieldManager: 'user', force: true }, signal)) as SparkJob;
  }

  async job(): Promise<SparkJob> {
    const job = await this.server.get<SparkJob>(sparkJobType, key.namespace, key.name, signal);
    if (job === undefined) throw new Error('there is no job');
    return job;
  }

  async pods(): Promise<readonly Pod[]> {
    return (await this.server.list<Pod>(podType, { namespace: key.namespace }, signal)).items;
  }

  async pod(name: string): Promise<Pod> {
    const pod = await this.server.get<Pod>(podType, key.namespace, name, signal);
    if (pod === undefined) throw new Error(`there is no pod ${name}`);
    return pod;
  }

  async pass(): Promise<ReconcileResult> {
    const jobs = (await this.server.list<SparkJob>(sparkJobType, {}, signal)).items;
    const pods = await this.pods();
    const expectations = new Expectations({ clock: this.clock, logger: silentLogger });
    const applier = new Applier({ client: this.#client, expectations, fieldManager: 'headrace' });
    const deps: SparkJobDependencies = {
      client: this.#client,
      jobs: { get: ({ name }) => jobs.find((job) => job.metadata.name === name) },
      pods: { labelled: (_, label, value) => pods.filter((pod) => pod.metadata.labels?.[label] === value) },
      writer: (run) => applier.writer(run),
      driver: {
        status: async (ip) => this.answers.get(ip) ?? Promise.reject(new DriverUnreachable('ECONNREFUSED')),
        close: () => undefined,
      },
      events: { record: (event) => void this.events.push(event) },
      now: () => this.clock.now(),
      newToken: () => 'token',
      memories: this.#memories,
      podDefaults: { image: 'headrace', imagePullPolicy: 'IfNotPresent', logLevel: 'info' },
      pollMs: 2000,
    };
    const result = await reconcileSparkJob(key, deps, signal);
    for (const pod of await this.pods()) {
      const id = `${pod.metadata.name} ${pod.metadata.uid ?? ''}`;
      if (pod.metadata.labels?.['headrace.dev/role'] === 'driver' && !this.driversCreated.includes(id)) this.driversCreated.push(id);
    }
    return result;
  }

  /** Passes until one has nothing left to do at once. */
  async settle(): Promise<ReconcileResult> {
    for (let round = 0; round < 30; round += 1) {
      const before = await this.#fingerprint();
      const result = await this.pass();
      const soon = result.kind === 'requeue' && result.afterMs <= 200;
      if (!soon && before === (await this.#fingerprint())) return result;
    }
    throw new Error('the job does not settle');
  }

  async #fingerprint(): Promise<string> {
    const jobs = (await this.server.list(sparkJobType, {}, signal)).items;
    return JSON.stringify([...jobs, ...await this.pods()].map((object) => [object.metadata.uid, object.metadata.resourceVersion]));
  }

  /** Puts the pod on a node and starts its container. */
  async start(name: string): Promise<void> {
    const pod = await this.pod(name);
    if (pod.spec?.nodeName === undefined) await this.server.bindPod(key.namespace, name, 'node-1', signal);
    await this.report(name, 'Running', runningState, `10.0.0.${(this.#addresses += 1)}`);
  }

  async report(name: string, phase: string, state: ContainerState, ip?: string): Promise<void> {
    const pod = await this.pod(name);
    const podIP = ip ?? pod.status?.podIP;
    await this.server.updateStatus(podType, { ...pod, status: { ...pod.status, phase, podIP, containerStatuses: [{ name: 'spark', state }] } } as Pod, signal);
  }

  async end(name: string, exitCode: number, message?: object): Promise<void> {
    const terminated = { exitCode, ...(message === undefined ? {} : { message: JSON.stringify(message) }) };
    await this.report(name, exitCode === 0 ? 'Succeeded' : 'Failed', { terminated });
  }

  /** The kubelet's part of a deletion: the containers end, then the pod goes, if nothing holds it. */
  async finishDeletions(exitCode = 143, message?: object): Promise<void> {
    for (const pod of await this.pods()) {
      if (pod.metadata.deletionTimestamp === undefined) continue;
      if (pod.status?.phase === 'Running') await this.end(pod.metadata.name, exitCode, message);
      await this.server.delete(podType, key.namespace, pod.metadata.name, { gracePeriodSeconds: 0 }, signal);
    }
  }

  async remove(name: string): Promise<void> {
    await this.server.delete(podType, key.namespace, name, { gracePeriodSeconds: 0 }, signal);
  }

  /** Brings the job to where its first attempt computes with all executors. */
  async run(attempt: number, executors: number): Promise<void> {
    await this.settle();
    const driver = `flights-${attempt}-driver`;
    await this.start(driver);
    await this.answer(attempt, 0);
    await this.settle();
    for (const pod of await this.pods()) {
      const { labels = {}, name, deletionTimestamp } = pod.metadata;
      if (labels['headrace.dev/role'] === 'executor' && labels['headrace.dev/attempt'] === String(attempt) && deletionTimestamp === undefined && pod.status?.phase !== 'Running') await this.start(name);
    }
    await this.settle();
    const running = (await this.job()).status?.executors?.running;
    if (running !== executors) throw new Error(`${running ?? 0} executors run, not ${executors}`);
  }

  /** Has the attempt's driver answer. */
  async answer(attempt: number, completedTasks: number, phase: DriverStatus['phase'] = 'Running'): Promise<void> {
    const job = await this.job();
    const { status } = await this.pod(`flights-${attempt}-driver`);
    const tasks = { total: 10, completed: completedTasks, running: 1, failed: 0 };
    this.answers.set(status?.podIP ?? '', {
      applicationId: `${job.metadata.uid ?? ''}-${attempt}`, phase, executors: [],
      progress: { stages: { total: 2, completed: 0, running: 1, failed: 0 }, tasks },
      firstTaskAtMs: null, demand: { runningTasks: 1, pendingTasks: 0 },
    });
  }
}
