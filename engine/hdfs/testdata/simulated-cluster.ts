/** Namenodes, datanodes and owners of files in a simulated world, with every fault that a seed brings. */
import { strict as assert } from 'node:assert';
import type { HdfsConfig } from '../../contract.ts';
import { silentLogger } from '../../core/logger.ts';
import { integerBelow } from '../../core/random.ts';
import { openReplicatedLog, type RaftLog } from '../../quorum/raft-log.ts';
import { SimulatedNetwork } from '../../sim/network.ts';
import { SimulatedMachine, type ProcessMain } from '../../sim/process.ts';
import { Simulation } from '../../sim/simulation.ts';
import { openDataNode, type DataNode } from '../datanode/data-node.ts';
import { openNameNode, type NameNode } from '../namenode/name-node.ts';
import { FileOwner } from './file-owner.ts';

export interface ClusterSimulationOptions {
  readonly seed: number;
  readonly nameNodes: number;
  readonly faultsMs?: number;
  readonly historyLinesKept?: number;
}

export interface ClusterSimulationResult {
  readonly digest: number;
  readonly events: number;
  readonly simulatedMs: number;
  readonly crashes: number;
  /** What owners did that was acknowledged. */
  readonly done: number;
  /** What they did and had to find out about afterwards. */
  readonly unknown: number;
}

/** Which faults a seed has. */
interface Faults {
  readonly nameNodeCrashes: boolean;
  readonly dataNodeCrashes: boolean;
  readonly power: boolean;
  readonly crashesAtWrites: boolean;
  readonly partitions: boolean;
  readonly suspensions: boolean;
  readonly clockJumps: boolean;
  readonly stops: boolean;
  readonly everyMs: number;
}

/** A datanode's process while it lives. */
export interface LivingDataNode {
  readonly node: DataNode;
  readonly machine: SimulatedMachine;
  /** Rejects with `ProcessGone` when the process ends. */
  readonly ended: Promise<never>;
}

/** The process through which something was done is gone. */
export class ProcessGone extends Error {
  override readonly name = 'ProcessGone';
}

const nameNodePort = 8020;
const dataNodePort = 9867;

export class ClusterSimulation {
  readonly simulation: Simulation;
  readonly network: SimulatedNetwork;
  readonly dataNodes = new Map<string, LivingDataNode>();
  readonly nameNodes = new Map<string, NameNode>();
  readonly config: HdfsConfig;
  /** How often the power of a datanode went: what was flushed and not synced may be gone then. */
  powerCuts = 0;
  faulty = true;
  readonly #faultsMs: number;
  readonly #nameNodeMachines: SimulatedMachine[];
  readonly #dataNodeMachines: SimulatedMachine[];
  readonly #faults: Faults;
  readonly #owners: FileOwner[];
  #formatted = false;
  #crashes = 0;

  constructor({ seed, nameNodes, faultsMs = 60_000, historyLinesKept = 0 }: ClusterSimulationOptions) {
    this.simulation = new Simulation({ seed, historyLinesKept });
    this.network = new SimulatedNetwork(this.simulation);
    this.#faultsMs = faultsMs;
    const { simulation } = this;
    const some = (probability: number): boolean => simulation.chance(probability);
    this.#faults = {
      nameNodeCrashes: some(0.5), dataNodeCrashes: some(0.7), power: some(0.5), crashesAtWrites: some(0.5), partitions: some(0.5), suspensions: some(0.4), clockJumps: some(0.3), stops: some(0.3),
      everyMs: simulation.between(150, 4000),
    };
    const repeated = some(0.3) ? 0.03 : 0;
    this.network.faults = {
      delayMs: [0.1, simulation.between(1, 15)], slow: some(0.3) ? 0.02 : 0, slowMs: 800, loss: some(0.4) ? simulation.between(0, 0.002) : 0,
      reset: some(0.4) ? simulation.between(0, 0.005) : 0, duplicate: (method) => (/^(quorum|client|datanode)\./.test(method) ? repeated : 0),
    };
    const blockBytes = simulation.pick([2048, 4096]);
    this.config = {
      clusterId: 'CID-simulated', clusterName: 'simulated', namespace: 'default', nameNodes: Array.from({ length: nameNodes }, (_, i) => ({ name: `nn-${i}`, host: `nn-${i}` })), mayFormat: true,
      replication: simulation.pick([2, 3, 3]), blockBytes, blockBytesMin: 512, permissions: true, superuser: 'hdfs', supergroup: 'supergroup', umask: 0o022, trashIntervalMinutes: 0,
      trashCheckpointMinutes: 0, safeModeThreshold: 0.999, safeModeDatanodes: 0, deadAfterMs: 10_000, heartbeatMs: 1000, transferBandwidth: 1_000_000, tls: false,
    };
    this.#nameNodeMachines = this.config.nameNodes.map(({ name }) => this.#machine(name, (machine) => this.#nameNode(machine.host)));
    this.#dataNodeMachines = Array.from({ length: 4 + integerBelow(simulation.random, 2) }, (_, i) => this.#machine(`dn-${i}`, (machine) => this.#dataNode(machine), 1 + integerBelow(simulation.random, 2)));
    this.#owners = Array.from({ length: 4 }, (_, i) => new FileOwner(this, `/owner-${i}`));
  }

  /** The whole life of the cluster. Rejects with what went wrong. */
  async run(): Promise<ClusterSimulationResult> {
    const { simulation } = this;
    this.#startAll();
    assert.ok(await simulation.run(60_000, () => this.#allServe()), 'not all machines have started');
    this.#formatted = true;
    const owners = Promise.all(this.#owners.map((owner) => owner.run()));
    owners.catch((error: unknown) => simulation.fail(error));
    for (const endMs = simulation.nowMs + this.#faultsMs; simulation.nowMs < endMs;) {
      await simulation.run(simulation.between(0, this.#faults.everyMs * 2));
      this.#fault();
    }
    await this.#calm();
    await simulation.settle(owners, 600_000);
    await this.#restored();
    await this.#verify('when the faults had ended');
    for (const machine of [...this.#nameNodeMachines, ...this.#dataNodeMachines]) machine.crash('power');
    this.#startAll();
    assert.ok(await simulation.run(60_000, () => this.#allServe()), 'not all machines start again after the power went');
    await this.#restored();
    await this.#verify('after the power went everywhere');
    const { digest, events, nowMs } = simulation;
    const sum = (of: (owner: FileOwner) => number): number => this.#owners.reduce((total, owner) => total + of(owner), 0);
    return { digest, events, simulatedMs: nowMs, crashes: this.#crashes, done: sum((owner) => owner.done), unknown: sum((owner) => owner.unknown) };
  }

  /** A datanode through which something can be done now. */
  pickDataNode(): LivingDataNode | undefined {
    const all = [...this.dataNodes.values()];
    return all.length === 0 ? undefined : this.simulation.pick(all);
  }

  #machine(host: string, main: (machine: SimulatedMachine) => ProcessMain, disks = 1): SimulatedMachine {
    const { simulation, network } = this;
    const machine: SimulatedMachine = new SimulatedMachine({ simulation, network, host, disks, main: (environment) => main(machine)(environment) });
    machine.diskMsMax = simulation.pick([1, 5, 20]);
    machine.onEnd = () => {
      this.nameNodes.delete(host);
      this.dataNodes.delete(host);
    };
    machine.onCrash = (kind) => {
      this.#crashes += 1;
      if (kind === 'power' && host.startsWith('dn-')) this.powerCuts += 1;
    };
    return machine;
  }

  #nameNode(name: string): ProcessMain {
    return async ({ clock, random, transport, disks: [disk], owner }) => {
      assert.ok(disk !== undefined);
      const { simulation, config } = this;
      const opened = Promise.withResolvers<RaftLog>();
      const nameNode = await openNameNode({
        config, name, clock, random, logger: silentLogger,
        openLog: async (stateMachine) => {
          const log = await openReplicatedLog({
            groupId: config.clusterId, member: name, members: config.nameNodes.map((each) => ({ id: each.name, address: `${each.host}:${nameNodePort}` })), mayFormat: !this.#formatted,
            stateMachine, disk, transport, clock, random, logger: silentLogger, snapshotEveryBytes: 6000, storeLimits: { segmentBytes: 3000, cacheBytes: 4000, tailEntries: 20 },
            onFailure: (error) => {
              if (owner.alive) simulation.fail(error);
            },
          });
          opened.resolve(log);
          return log;
        },
      });
      const listener = await transport.listen(nameNodePort, { ...(await opened.promise).handlers, ...nameNode.handlers });
      this.nameNodes.set(name, nameNode);
      return async () => {
        await listener.close();
        await nameNode.close();
      };
    };
  }

  #dataNode(machine: SimulatedMachine): ProcessMain {
    const { host } = machine;
    return async ({ clock, random, transport, disks, owner, ended }) => {
      const { simulation, config } = this;
      const node = await openDataNode({
        config, address: { name: host, host, httpPort: 9864, rpcPort: dataNodePort, rack: '/default-rack', machine: host }, disks: disks.map((disk, i) => ({ label: `disk-${i}`, disk })),
        transport, clock, random, logger: silentLogger, reserveBytes: 0, timeouts: { callMs: 4000, hopMs: 1000 }, fullReportMs: 120_000,
        onFailure: (error) => {
          if (owner.alive) simulation.fail(error);
        },
      });
      const listener = await transport.listen(dataNodePort, node.handlers);
      node.start();
      const gone = Promise.withResolvers<never>();
      gone.promise.catch(() => {});
      void ended.then(() => gone.reject(new ProcessGone(`${host} is gone`)));
      this.dataNodes.set(host, { node, machine, ended: gone.promise });
      return async () => {
        this.dataNodes.delete(host);
        await listener.close();
        await node.close();
      };
    };
  }

  #startAll(): void {
    for (const machine of [...this.#nameNodeMachines, ...this.#dataNodeMachines]) if (!machine.up) machine.start();
  }

  #allServe(): boolean {
    this.#startAll();
    return [...this.#nameNodeMachines, ...this.#dataNodeMachines].every((machine) => machine.serving) && [...this.nameNodes.values()].some((each) => each.isActive && !each.safeMode().on);
  }

  #fault(): void {
    const { simulation, network } = this;
    const faults = this.#faults;
    const nameNode = simulation.chance(0.3);
    const machine = simulation.pick(nameNode ? this.#nameNodeMachines : this.#dataNodeMachines);
    if (!machine.up) {
      machine.start();
      if (faults.crashesAtWrites && simulation.chance(0.3)) machine.crashAfterOperations = 1 + integerBelow(simulation.random, 20);
      return undefined;
    }
    const mayCrash = nameNode ? faults.nameNodeCrashes : faults.dataNodeCrashes;
    switch (integerBelow(simulation.random, 8)) {
      case 0: case 1: return mayCrash ? machine.crash(faults.power && simulation.chance(0.5) ? 'power' : 'killed') : undefined;
      case 2:
        if (mayCrash && faults.crashesAtWrites) machine.crashAfterOperations = 1 + integerBelow(simulation.random, 40);
        return undefined;
      case 3: return faults.partitions ? this.#cut(machine.host) : undefined;
      case 4: return network.heal();
      case 5: return faults.suspensions ? machine.suspend(simulation.between(0, 8000)) : undefined;
      case 6:
        if (faults.clockJumps) machine.wallOffsetMs += Math.floor(simulation.between(-1, 1) * simulation.pick([1000, 3_600_000]));
        return undefined;
      default:
        if (faults.stops) void machine.stop();
        return undefined;
    }
  }

  #cut(host: string): void {
    const { simulation, network } = this;
    const all = [...this.#nameNodeMachines, ...this.#dataNodeMachines].map((each) => each.host).filter((each) => each !== host);
    const ways = integerBelow(simulation.random, 3);
    const share = simulation.pick([0.2, 0.5, 1]);
    for (const other of all.filter(() => simulation.chance(share))) {
      if (ways !== 0) network.cut(host, other);
      if (ways !== 1) network.cut(other, host);
    }
  }

  /** Faults end, and everything starts. */
  async #calm(): Promise<void> {
    const { simulation, network } = this;
    simulation.tell('the faults end');
    this.faulty = false;
    network.faults = { ...network.faults, loss: 0, reset: 0, slow: 0, duplicate: () => 0 };
    network.heal();
    for (const machine of [...this.#nameNodeMachines, ...this.#dataNodeMachines]) machine.crashAfterOperations = undefined;
    assert.ok(await simulation.run(120_000, () => this.#allServe()), 'the cluster does not serve within two minutes after the faults');
  }

  /** Every block has its replicas again. */
  async #restored(): Promise<void> {
    const { simulation } = this;
    let last = 'nobody was asked';
    let healthy = false;
    const ask = async (): Promise<void> => {
      while (!healthy) {
        const active = [...this.nameNodes.values()].find((each) => each.isActive);
        if (active !== undefined) {
          const report = await active.fsck('/', true).catch((error: unknown) => error);
          last = JSON.stringify(report);
          healthy = report instanceof Object && 'healthy' in report && report.healthy === true && 'openFiles' in report && report.openFiles === 0;
        }
        await simulation.sleep(500);
      }
    };
    void ask().catch((error: unknown) => simulation.fail(error));
    assert.ok(await simulation.run(300_000, () => healthy), `not all blocks have their replicas again within five minutes: ${last.slice(0, 2000)}`);
  }

  /** Every owner finds what it knows to be there, and nothing else. */
  async #verify(when: string): Promise<void> {
    try {
      await this.simulation.settle(Promise.all(this.#owners.map((owner) => owner.verify())), 300_000);
    } catch (error) {
      throw new Error(`${when}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
  }
}
