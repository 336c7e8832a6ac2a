/**
 * What stands in for the engine in tests of the operator: namenodes and datanodes whose behaviour follows from the pods that run and the disks that they
 * have. Blocks lie on disks (claims, by uid), so an operator that throws a wrong disk away loses them for good, and the test sees it.
 */
import { strict as assert } from 'node:assert';
import { hdfsConfigSchema, hdfsExitCode } from '../../../engine/contract.ts';
import type { HdfsConfig, HdfsStatus } from '../../../engine/contract.ts';
import { NameNodeUnreachable } from '../../hdfs-cluster/name-node-client.ts';
import type { NameNodeClient } from '../../hdfs-cluster/name-node-client.ts';
import { label } from '../../hdfs-cluster/names.ts';
import type { KubeClient } from '../../kube/client.ts';
import { configMapType, persistentVolumeClaimType, podType } from '../../kube/resource-types.ts';
import type { ConfigMap, PersistentVolumeClaim, Pod } from '../../kube/resource-types.ts';
import type { PodEnd } from '../scripted-kubelet.ts';

const { signal: never } = new AbortController();

interface NameDisk {
  clusterId: string | undefined;
}

interface DataDisk {
  readonly uuid: string;
  readonly clusterId: string;
}

interface Process {
  readonly pod: string;
  readonly uid: string;
  readonly name: string;
  readonly disk: string;
  /** As the container found it when it started. */
  readonly config: HdfsConfig;
  readonly startedAtMs: number;
}

/** A copy of a block takes so long. */
const copyMs = 500;
const electionMs = 1000;

export class SimulatedFileSystem {
  readonly #client: KubeClient;
  readonly #now: () => number;
  /** By uid of the claim. */
  readonly #nameDisks = new Map<string, NameDisk>();
  readonly #dataDisks = new Map<string, DataDisk>();
  readonly #processes = new Map<string, Process>();
  /** Disks that hold each block. */
  readonly #blocks = new Map<number, Set<string>>();
  readonly #lastContactMs = new Map<string, number>();
  readonly #decommission = new Set<string>();
  #active: string | undefined;
  #activeSinceMs = 0;
  #copyDueMs = 0;
  /** Times that a name space was made, and on which disk: a second one is a disaster. */
  readonly formats: string[] = [];
  readonly handovers: string[] = [];

  constructor(client: KubeClient, now: () => number) {
    this.#client = client;
    this.#now = now;
  }

  /** A block with a replica on each of so many live datanodes. */
  write(id: number, replication: number): void {
    const live = this.#liveDataNodes().filter((each) => !this.#decommission.has(each.name)).slice(0, replication);
    assert.equal(live.length, replication, 'too few datanodes to write to');
    this.#blocks.set(id, new Set(live.map((each) => each.disk)));
  }

  /** A block whose only replica is on this datanode. */
  writeTo(id: number, name: string): void {
    const found = this.#liveDataNodes().find((each) => each.name === name);
    this.#blocks.set(id, new Set([found?.disk ?? assert.fail(`${name} is not live`)]));
  }

  /** Blocks that no disk holds any more. */
  get lostBlocks(): readonly number[] {
    return [...this.#blocks].filter(([, disks]) => [...disks].every((disk) => !this.#dataDisks.has(disk))).map(([id]) => id);
  }

  /** Brings the processes up to what the API server has: once for each step of time. */
  async tick(): Promise<void> {
    const [pods, claims] = await Promise.all([this.#client.list<Pod>(podType, {}, never), this.#client.list<PersistentVolumeClaim>(persistentVolumeClaimType, {}, never)]);
    const disks = new Set(claims.items.map((claim) => claim.metadata.uid ?? ''));
    for (const known of [this.#nameDisks, this.#dataDisks]) for (const disk of known.keys()) if (!disks.has(disk)) known.delete(disk);
    for (const held of this.#blocks.values()) for (const disk of held) if (!disks.has(disk)) held.delete(disk);
    const running = new Map(pods.items.filter(isRunning).map((pod) => [pod.metadata.name, pod]));
    for (const [name, process] of this.#processes) if (running.get(name)?.metadata.uid !== process.uid) this.#processes.delete(name);
    for (const pod of running.values()) if (!this.#processes.has(pod.metadata.name)) await this.#start(pod, claims.items);
    for (const each of this.#liveDataNodes()) this.#lastContactMs.set(each.disk, this.#now());
    this.#elect();
    this.#copy();
  }

  /** For the scripted kubelet: why a pod's process ends by itself, if it does. */
  endOf(pod: Pod): PodEnd | undefined {
    const process = this.#processes.get(pod.metadata.name);
    if (process === undefined || process.uid !== pod.metadata.uid) return undefined;
    const message = this.#complaint(process);
    return message === undefined ? undefined : { exitCode: hdfsExitCode.wrongDisk, message };
  }

  #complaint({ name, disk, config }: Process): string | undefined {
    const found = name.startsWith('nn-') ? this.#nameDisks.get(disk)?.clusterId : this.#dataDisks.get(disk)?.clusterId;
    if (found === undefined) return 'the disk is empty and the cluster is formatted';
    return found === config.clusterId ? undefined : `the disk belongs to cluster ${found}, not to ${config.clusterId}`;
  }

  async #start(pod: Pod, claims: readonly PersistentVolumeClaim[]): Promise<void> {
    const namespace = pod.metadata.namespace ?? '';
    const map = await this.#client.get<ConfigMap>(configMapType, namespace, `${pod.metadata.labels?.[label.cluster] ?? ''}-hdfs`, never);
    const claim = claims.find((each) => each.metadata.name === `${pod.metadata.name}-data-0`);
    // A kubelet waits until configuration and volumes are there.
    if (map === undefined || claim === undefined) return;
    const config = hdfsConfigSchema.parse(JSON.parse(map.data?.['hdfs.json'] ?? ''));
    const disk = claim.metadata.uid ?? '';
    const name = pod.metadata.name.slice((pod.metadata.labels?.[label.cluster] ?? '').length + 1);
    const process: Process = { pod: pod.metadata.name, uid: pod.metadata.uid ?? '', name, disk, config, startedAtMs: this.#now() };
    this.#processes.set(pod.metadata.name, process);
    if (!name.startsWith('nn-')) {
      if (!this.#dataDisks.has(disk)) this.#dataDisks.set(disk, { uuid: `uuid-${disk}`, clusterId: config.clusterId });
    } else if (!this.#nameDisks.has(disk)) {
      const others = config.nameNodes.length > 1 && this.#formatted;
      // An empty disk of one among three is filled by the others.
      if (config.mayFormat && !this.#formatted) this.formats.push(disk);
      this.#nameDisks.set(disk, { clusterId: config.mayFormat || others ? config.clusterId : undefined });
    }
  }

  get #formatted(): boolean {
    return this.formats.length > 0;
  }

  #nameNodes(): readonly Process[] {
    return [...this.#processes.values()].filter((each) => each.name.startsWith('nn-') && this.#complaint(each) === undefined).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  #liveDataNodes(): readonly Process[] {
    return [...this.#processes.values()].filter((each) => each.name.startsWith('dn-') && this.#complaint(each) === undefined)
      .toSorted((a, b) => Number(a.name.slice(3)) - Number(b.name.slice(3)));
  }

  #elect(): void {
    const up = this.#nameNodes();
    if (this.#active !== undefined && !up.some((each) => each.name === this.#active)) this.#active = undefined;
    const members = up[0]?.config.nameNodes.length ?? 1;
    if (this.#active !== undefined || up.length * 2 <= members) return;
    const ripe = up.filter((each) => this.#now() - each.startedAtMs >= electionMs);
    if (ripe[0] === undefined) return;
    this.#active = ripe[0].name;
    this.#activeSinceMs = this.#now();
  }

  #copy(): void {
    if (this.#active === undefined || this.#now() < this.#copyDueMs) return;
    this.#copyDueMs = this.#now() + copyMs;
    for (const [id, disks] of this.#blocks) {
      const missing = this.#lacking(id);
      if (missing <= 0) continue;
      const target = this.#liveDataNodes().find((each) => !this.#decommission.has(each.name) && !disks.has(each.disk));
      const source = this.#liveDataNodes().some((each) => disks.has(each.disk));
      if (target !== undefined && source) disks.add(target.disk);
    }
  }

  /** Replicas that a block lacks: those on datanodes that leave or are dead do not count. */
  #lacking(id: number): number {
    const [first] = this.#processes.values();
    const replication = first?.config.replication ?? 1;
    const known = this.#blocks.get(id) ?? new Set<string>();
    return replication - [...known].filter((disk) => this.#states().some((each) => each.disk === disk && each.state === 'Live')).length;
  }

  #states(): readonly { readonly name: string; readonly disk: string; readonly uuid: string; readonly state: HdfsStatus['datanodes'][number]['state'] }[] {
    return [...this.#lastContactMs].flatMap(([disk, lastMs]) => {
      const process = this.#liveDataNodes().find((each) => each.disk === disk);
      const name = process?.name ?? this.#names.get(disk) ?? '';
      this.#names.set(disk, name);
      const [any] = this.#processes.values();
      const dead = this.#now() - lastMs > (any?.config.deadAfterMs ?? 30_000);
      const state = dead ? 'Dead' : !this.#decommission.has(name) ? 'Live' : this.#isEmptied(disk) ? 'Decommissioned' : 'Decommissioning';
      return [{ name, disk, uuid: `uuid-${disk}`, state }];
    });
  }

  readonly #names = new Map<string, string>();

  /** Every block that it holds is held often enough by others. */
  #isEmptied(disk: string): boolean {
    const staying = this.#liveDataNodes().filter((each) => !this.#decommission.has(each.name)).map((each) => each.disk);
    const [any] = this.#processes.values();
    return [...this.#blocks.values()].every((disks) => !disks.has(disk) || staying.filter((each) => disks.has(each)).length >= (any?.config.replication ?? 1));
  }

  /** Reached by pod address. */
  nameNodeClient(): NameNodeClient {
    const at = async (ip: string): Promise<Process> => {
      const pods = await this.#client.list<Pod>(podType, {}, never);
      const pod = pods.items.find((each) => each.status?.podIP === ip && isRunning(each));
      const process = this.#nameNodes().find((each) => each.uid === pod?.metadata.uid);
      if (process === undefined) throw new NameNodeUnreachable('ECONNREFUSED');
      return process;
    };
    return {
      status: async (ip) => this.#status(await at(ip)),
      decommission: async (ip, _token, datanodes) => {
        if ((await at(ip)).name !== this.#active) throw new NameNodeUnreachable('HTTP status 403');
        this.#decommission.clear();
        for (const name of datanodes) this.#decommission.add(name);
      },
      handover: async (ip) => {
        if ((await at(ip)).name !== this.#active) throw new NameNodeUnreachable('HTTP status 403');
        const next = this.#nameNodes().find((each) => each.name !== this.#active);
        if (next === undefined) return 'no standby has caught up';
        this.handovers.push(`${this.#active} to ${next.name}`);
        this.#active = next.name;
        this.#activeSinceMs = this.#now();
        return undefined;
      },
      close: () => undefined,
    };
  }

  #status({ name, config }: Process): HdfsStatus {
    const states = this.#states();
    const live = states.filter((each) => each.state !== 'Dead');
    const used = [...this.#blocks.values()].reduce((sum, disks) => sum + disks.size, 0);
    const capacity = live.length * 100;
    const up = this.#nameNodes();
    return {
      clusterId: config.clusterId, name, role: name === this.#active ? 'active' : 'standby', ...(this.#active === undefined ? {} : { active: this.#active }),
      formatted: this.#formatted,
      safeMode: { on: live.length === 0 || this.#now() - this.#activeSinceMs < 200, reason: 'no datanode has reported' },
      capacityBytes: capacity, usedBytes: used, remainingBytes: Math.max(0, capacity - used), files: this.#blocks.size, blocks: this.#blocks.size,
      underReplicatedBlocks: [...this.#blocks.keys()].filter((id) => this.#lacking(id) > 0).length,
      missingBlocks: [...this.#blocks.values()].filter((disks) => !live.some((each) => disks.has(each.disk))).length,
      corruptBlocks: 0, pendingBlocks: 0,
      datanodes: states.map(({ name: each, disk, uuid, state }) => ({
        name: each, uuid, state, capacityBytes: 100, usedBytes: 0, remainingBytes: 100, blocks: 0, failedVolumes: 0, lastContactMs: this.#lastContactMs.get(disk) ?? 0, underReplicatedBlocks: 0,
      })),
      nameNodes: config.nameNodes.map(({ name: each }) => ({
        name: each, role: each === this.#active ? 'active' : up.some((one) => one.name === each) ? 'standby' : 'unreachable', storedIndex: 1, behind: 0,
      })),
    };
  }
}

function isRunning(pod: Pod): boolean {
  return pod.status?.phase === 'Running' && pod.metadata.deletionTimestamp === undefined && pod.status.containerStatuses?.every((each) => each.state?.running !== undefined) === true;
}
