/**
 * An HdfsCluster in simulated time: embedded API server, claims that are protected while in use, pods that are there at once, a file system that follows
 * from them, and the real operator, which can be killed and started again. Everything happens in one exact order.
 */
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { hdfsClusterType } from '../../api/hdfs-cluster.ts';
import type { HdfsCluster, HdfsClusterConditionType } from '../../api/hdfs-cluster.ts';
import type { KubeClient, KubeObject } from '../../kube/client.ts';
import { configMapType, customResourceDefinitionType, persistentVolumeClaimType, podDisruptionBudgetType, podType, secretType, serviceType } from '../../kube/resource-types.ts';
import type { PersistentVolumeClaim, Pod } from '../../kube/resource-types.ts';
import { Operator } from '../../operator.ts';
import { FakeClock } from '../../runtime/fake-clock.ts';
import { silentLogger } from '../../runtime/logger.ts';
import { Metrics } from '../../runtime/metrics.ts';
import { DriverUnreachable } from '../../spark-job/driver-client.ts';
import { EmbeddedApiServer } from '../api-server.ts';
import { ClaimController } from '../claim-controller.ts';
import { ScriptedKubelet } from '../scripted-kubelet.ts';
import { SimulatedFileSystem } from './simulated-file-system.ts';

export const namespace = 'default';
export const name = 'store';
const stepMs = 250;
const definitions = ['sparkjobs', 'hdfsclusters'].map((plural) => parse(readFileSync(new URL(`../../../crds/${plural}.headrace.dev.yaml`, import.meta.url), 'utf8')) as KubeObject);
const { signal: never } = new AbortController();

/** One life of the operator. */
export interface OperatorLife {
  /** Resolves when nothing of it runs any more. */
  stop(): Promise<void>;
}

export class SimulatedHdfs {
  readonly clock = new FakeClock();
  readonly server: EmbeddedApiServer;
  readonly kubelet: ScriptedKubelet;
  readonly files: SimulatedFileSystem;
  /** For stories with one operator at a time. */
  operator: OperatorLife = { stop: async () => undefined };
  readonly #stop = new AbortController();
  readonly #runs: Promise<unknown>;
  #uids = 0;
  #tokens = 0;

  private constructor() {
    const { clock } = this;
    this.server = new EmbeddedApiServer({ clock, uid: () => `00000000-0000-4000-8000-${String(++this.#uids).padStart(12, '0')}` });
    this.files = new SimulatedFileSystem(this.server, () => clock.now());
    this.kubelet = new ScriptedKubelet({ client: this.server, clock, signal: this.#stop.signal, script: (pod) => this.files.endOf(pod) });
    this.#runs = Promise.all([this.kubelet.run(), new ClaimController({ client: this.server, signal: this.#stop.signal }).run()]);
  }

  static async start(): Promise<SimulatedHdfs> {
    const cluster = new SimulatedHdfs();
    for (const definition of definitions) await cluster.server.create(customResourceDefinitionType, definition, never);
    return cluster;
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#runs;
    this.server.close();
    assert.equal(this.clock.waiting, 0, 'somebody still waits for the clock');
  }

  async pass(ms: number): Promise<void> {
    for (let elapsedMs = 0; elapsedMs < ms; elapsedMs += stepMs) {
      await this.clock.advance(stepMs);
      await this.files.tick();
      await this.kubelet.look();
    }
  }

  /** Lets time pass until `holds`; fails after ten minutes of simulated time. */
  async until(what: string, holds: () => Promise<boolean> | boolean): Promise<void> {
    for (let elapsedMs = 0; elapsedMs < 600_000; elapsedMs += stepMs) {
      if (await holds()) return;
      await this.pass(stepMs);
    }
    const pods = (await this.pods()).map((pod) => [pod.metadata.name, pod.metadata.deletionTimestamp, pod.status?.phase]);
    assert.fail(`${what}: not within ten minutes; ${JSON.stringify({ status: (await this.find())?.status, pods, claims: (await this.claims()).map((claim) => claim.metadata.name) })}`);
  }

  find(): Promise<HdfsCluster | undefined> {
    return this.server.get<HdfsCluster>(hdfsClusterType, namespace, name, never);
  }

  async cluster(): Promise<HdfsCluster> {
    return (await this.find()) ?? assert.fail('the HdfsCluster is gone');
  }

  async condition(type: HdfsClusterConditionType): Promise<string> {
    const found = (await this.cluster()).status?.conditions?.find((each) => each.type === type);
    return `${found?.status ?? 'absent'} ${found?.reason ?? ''}`;
  }

  /** In this phase with the present generation seen. */
  async isIn(phase: string): Promise<boolean> {
    const cluster = await this.find();
    return cluster?.status?.phase === phase && cluster.status.observedGeneration === cluster.metadata.generation;
  }

  async pods(): Promise<readonly Pod[]> {
    return (await this.server.list<Pod>(podType, { namespace }, never)).items;
  }

  async podNames(): Promise<readonly string[]> {
    return (await this.pods()).map((pod) => pod.metadata.name).toSorted();
  }

  async claims(): Promise<readonly PersistentVolumeClaim[]> {
    return (await this.server.list<PersistentVolumeClaim>(persistentVolumeClaimType, { namespace }, never)).items;
  }

  async claimNames(): Promise<readonly string[]> {
    return (await this.claims()).map((claim) => claim.metadata.name).toSorted();
  }

  /** Everything but claims that a cluster can leave behind. */
  async remains(): Promise<readonly string[]> {
    const all = await Promise.all([podType, secretType, configMapType, serviceType, podDisruptionBudgetType].map((type) => this.server.list(type, { namespace }, never)));
    return all.flatMap((list) => list.items.map((object) => `${object.kind} ${object.metadata.name}`));
  }

  async apply(spec: object): Promise<void> {
    const cluster = { apiVersion: hdfsClusterType.apiVersion, kind: 'HdfsCluster', metadata: { name, namespace }, spec } as unknown as HdfsCluster;
    await this.server.apply(hdfsClusterType, cluster, { fieldManager: 'user', force: true }, never);
  }

  async delete(): Promise<void> {
    await this.server.delete(hdfsClusterType, namespace, name, {}, never);
  }

  async deletePod(pod: string): Promise<void> {
    await this.server.delete(podType, namespace, pod, {}, never);
  }

  async deleteClaim(claim: string): Promise<void> {
    await this.server.delete(persistentVolumeClaimType, namespace, claim, {}, never);
  }

  async restartOperator(): Promise<void> {
    await this.operator.stop();
    this.operator = this.startOperator();
  }

  /** A fresh operator, which knows nothing, on `client`. */
  startOperator(client: KubeClient = this.server): OperatorLife {
    const { clock } = this;
    const stop = new AbortController();
    const operator = new Operator({
      client, clock, logger: silentLogger, metrics: new Metrics(), random: () => 0, newToken: () => `token-${++this.#tokens}`,
      driver: { status: () => Promise.reject(new DriverUnreachable('nobody is there')), close: () => undefined }, identity: 'simulated', workers: 8, pollMs: 1000, watchNamespaces: [],
      hdfs: { nameNodes: this.files.nameNodeClient(), pollMs: 1000, idlePollMs: 10_000, newClusterId: () => `CID-${++this.#tokens}` },
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
}
