/** Datanodes as the block manager sees them, for its tests: they hold replicas, report, obey, die and come back. */
import { seededRandom, type Random } from '../../../../core/random.ts';
import type { DatanodeCommand, ReplicaReport } from '../../../datanode-protocol.ts';
import { firstBlockId, type Block, type DatanodeAddress } from '../../../model.ts';
import { BlockManager } from '../block-manager.ts';
import { defaultBlockManagerOptions, type BlockManagerOptions } from '../block-state.ts';

export const gib = 1024 ** 3;

export function addressOf(name: string, rack = '/r0', machine = `machine-${name}`): DatanodeAddress {
  return { uuid: `uuid-${name}`, name, host: `host-${name}`, httpPort: 9864, rpcPort: 9867, rack, machine };
}

export const testOptions: BlockManagerOptions = {
  ...defaultBlockManagerOptions, deadAfterMs: 10_000, staleAfterMs: 3000, safeMode: { threshold: 0.999, datanodes: 0, extensionMs: 0 },
  transferBandwidth: 100 * 1024 * 1024, copyTimeoutMs: 5000, reportGraceMs: 2000,
};

interface FakeReplica {
  version: Block;
  damaged: boolean;
}

interface FakeDatanode {
  address: DatanodeAddress;
  up: boolean;
  readonly replicas: Map<number, FakeReplica>;
}

interface Entry {
  readonly apply: (manager: BlockManager) => void;
  readonly nextBlockId: number;
  readonly nextGenerationStamp: number;
}

/** Two namenodes, one of them active, the other a few journal entries behind. */
export class DatanodeWorld {
  nowMs = 0;
  readonly datanodes = new Map<string, FakeDatanode>();
  /** Blocks that exist, as the journal has them. */
  readonly blocks = new Map<number, Block & { replication: number }>();
  readonly violations: string[] = [];
  active: 0 | 1 = 0;
  readonly managers: readonly [BlockManager, BlockManager];
  /** What datanodes have to say and have not said yet, in order, for each namenode. */
  readonly #outbox: [(() => void)[], (() => void)[]] = [[], []];
  readonly #journal: Entry[] = [];
  readonly #applied = [0, 0];
  readonly #random: Random;
  #nextBlockId = firstBlockId;
  #nextStamp = 1001;

  constructor(seed: number, options: BlockManagerOptions = testOptions) {
    const make = (index: 0 | 1): BlockManager => new BlockManager(options, seededRandom(seed + index), () => {
      const last = this.#journal[(this.#applied[index] ?? 0) - 1];
      return { nextBlockId: last?.nextBlockId ?? firstBlockId, nextGenerationStamp: last?.nextGenerationStamp ?? 1001 };
    });
    this.#random = seededRandom(seed + 2);
    this.managers = [make(0), make(1)];
    this.managers[0].becomeActive(0);
  }

  get manager(): BlockManager {
    return this.managers[this.active];
  }

  start(address: DatanodeAddress): void {
    const known = this.datanodes.get(address.name);
    const replicas = known?.address.uuid === address.uuid ? known.replicas : new Map<number, FakeReplica>();
    this.datanodes.set(address.name, { address, up: true, replicas });
    for (const manager of this.managers) {
      manager.register(address, this.nowMs);
      this.#heartbeatTo(address.name, manager);
      this.#fullReport(address.name, manager);
    }
  }

  stop(name: string): void {
    const datanode = this.datanodes.get(name);
    if (datanode === undefined) return;
    datanode.up = false;
    // What it knows to be damaged it does not offer again.
    for (const [id, replica] of datanode.replicas) {
      if (replica.damaged) datanode.replicas.delete(id);
    }
  }

  journal(apply: (manager: BlockManager) => void, lag = false): void {
    this.#journal.push({ apply, nextBlockId: this.#nextBlockId, nextGenerationStamp: this.#nextStamp });
    this.catchUp(this.active);
    if (!lag) this.catchUp(this.active === 0 ? 1 : 0);
  }

  catchUp(index: 0 | 1): void {
    for (let at = this.#applied[index] ?? 0; at < this.#journal.length; at += 1) {
      this.#applied[index] = at + 1;
      this.#journal[at]?.apply(this.managers[index]);
    }
  }

  /** Written to as many of its targets as `reach` says; the rest never get it. */
  write(replication: number, bytes: number, reach = replication, lag = false): Block | undefined {
    const targets = this.manager.chooseTargets({ count: replication, blockBytes: 1024 * 1024, existing: [], excluded: [] }, this.nowMs);
    const block: Block = { id: this.#nextBlockId++, generationStamp: this.#nextStamp++, bytes: 0 };
    const final = { ...block, bytes };
    this.journal((manager) => manager.addBlock({ ...block, replication, committed: false }), lag);
    this.manager.expectReplicas(block.id, block.generationStamp, targets.map((each) => each.uuid));
    const written = targets.slice(0, Math.max(1, reach)).filter((each) => this.datanodes.get(each.name)?.up === true);
    for (const target of written) this.#put(target.name, final);
    // The writer's namenode has heard of it before the file is closed.
    this.flush(this.active);
    if (written.length === 0) {
      this.journal((manager) => manager.removeBlock(block.id), lag);
      return undefined;
    }
    this.blocks.set(block.id, { ...final, replication });
    this.journal((manager) => manager.commitBlock(final, this.nowMs), lag);
    return final;
  }

  /** Append: its good replicas take the new version, those of datanodes that are down stay behind. */
  append(id: number, more: number): void {
    const block = this.blocks.get(id);
    if (block === undefined) return;
    const holders = [...this.datanodes.values()].filter((each) => each.up && this.isGood(each.address.name, id));
    if (holders.length === 0) return;
    const next = { ...block, generationStamp: this.#nextStamp++, bytes: block.bytes + more };
    this.journal((manager) => manager.reopenBlock({ ...block, generationStamp: next.generationStamp }));
    this.blocks.set(id, next);
    for (const holder of holders) this.#put(holder.address.name, { id, generationStamp: next.generationStamp, bytes: next.bytes });
    this.journal((manager) => manager.commitBlock({ id, generationStamp: next.generationStamp, bytes: next.bytes }, this.nowMs));
  }

  delete(id: number, lag = false): void {
    if (!this.blocks.delete(id)) return;
    this.journal((manager) => manager.removeBlock(id), lag);
  }

  setReplication(id: number, replication: number): void {
    const block = this.blocks.get(id);
    if (block === undefined) return;
    block.replication = replication;
    this.journal((manager) => manager.changeReplication(id, replication));
  }

  damage(name: string, id: number): void {
    const datanode = this.datanodes.get(name);
    const replica = datanode?.replicas.get(id);
    if (datanode?.up !== true || replica === undefined || replica.damaged) return;
    if (this.goodHolders(id).length < 2) return;
    replica.damaged = true;
    this.#tell((manager) => manager.badReplica(replica.version, datanode.address.uuid));
    // Damage that nobody has found yet can make any removal wrong.
    this.flush(0);
    this.flush(1);
  }

  failOver(): void {
    const next = this.active === 0 ? 1 : 0;
    this.catchUp(next);
    this.manager.becomeStandby();
    this.active = next;
    this.manager.becomeActive(this.nowMs);
  }

  isGood(name: string, id: number): boolean {
    const replica = this.datanodes.get(name)?.replicas.get(id);
    const block = this.blocks.get(id);
    return replica !== undefined && block !== undefined && !replica.damaged && replica.version.generationStamp === block.generationStamp && replica.version.bytes === block.bytes;
  }

  goodHolders(id: number): string[] {
    return [...this.datanodes.values()].filter((each) => each.up && this.isGood(each.address.name, id)).map((each) => each.address.name);
  }

  /** Time passes; heartbeats go out and are obeyed. */
  run(durationMs: number): void {
    for (const end = this.nowMs + durationMs; this.nowMs < end;) {
      this.nowMs += 1000;
      this.flush(0);
      this.flush(1);
      for (const name of this.datanodes.keys()) {
        for (const manager of this.managers) this.#heartbeatTo(name, manager);
      }
      for (const manager of this.managers) manager.tick(this.nowMs);
    }
  }

  fullReports(): void {
    for (const name of this.datanodes.keys()) {
      for (const manager of this.managers) this.#fullReport(name, manager);
    }
  }

  #heartbeatTo(name: string, manager: BlockManager): void {
    const datanode = this.datanodes.get(name);
    if (datanode?.up !== true) return;
    const usedBytes = [...datanode.replicas.values()].reduce((total, each) => total + each.version.bytes, 0);
    // What else is on the disk changes all the time, and with it which replica is the one too many.
    const remainingBytes = Math.floor(50 * gib * (1 + this.#random.fraction())) - usedBytes;
    const volume = { id: `v-${name}`, failed: false, capacityBytes: 100 * gib, usedBytes, remainingBytes };
    const commands = manager.heartbeat({ uuid: datanode.address.uuid, volumes: [volume], blocks: datanode.replicas.size, transfers: 0 }, this.nowMs);
    for (const command of commands) this.#obey(datanode, command, manager);
  }

  #obey(datanode: FakeDatanode, command: DatanodeCommand, manager: BlockManager): void {
    const { name } = datanode.address;
    if (command.kind === 'register') {
      manager.register(datanode.address, this.nowMs);
      this.#heartbeatTo(name, manager);
      return this.#fullReport(name, manager);
    }
    if (command.kind === 'report') return this.#fullReport(name, manager);
    if (manager !== this.manager) return undefined;
    if (command.kind === 'invalidate') {
      for (const block of command.blocks) this.#invalidate(name, block);
    }
    if (command.kind === 'transfer') {
      const replica = datanode.replicas.get(command.block.id);
      if (replica === undefined || replica.damaged || replica.version.generationStamp !== command.block.generationStamp) return undefined;
      for (const target of command.targets) {
        if (this.datanodes.get(target.name)?.address.uuid === target.uuid && this.datanodes.get(target.name)?.up === true) this.#put(target.name, replica.version);
      }
    }
    return undefined;
  }

  #invalidate(name: string, block: Block): void {
    const datanode = this.datanodes.get(name);
    const replica = datanode?.replicas.get(block.id);
    if (datanode === undefined || replica === undefined || replica.version.generationStamp !== block.generationStamp) return;
    const holders = [...this.datanodes.keys()].filter((each) => this.isGood(each, block.id));
    if (holders.length === 1 && holders[0] === name) this.violations.push(`the last good replica of ${block.id} was removed from ${name}`);
    datanode.replicas.delete(block.id);
    this.#tell((manager) => manager.incrementalReport(datanode.address.uuid, [], [block.id]));
  }

  #put(name: string, version: Block): void {
    const datanode = this.datanodes.get(name);
    if (datanode?.up !== true) return;
    datanode.replicas.set(version.id, { version: { id: version.id, generationStamp: version.generationStamp, bytes: version.bytes }, damaged: false });
    this.#tell((manager) => manager.incrementalReport(datanode.address.uuid, [{ ...version, state: 'Finalized' }], []));
  }

  #tell(say: (manager: BlockManager) => void): void {
    this.managers.forEach((manager, index) => this.#outbox[index]?.push(() => say(manager)));
  }

  flush(index: 0 | 1): void {
    const said = this.#outbox[index].splice(0);
    for (const say of said) say();
  }

  #fullReport(name: string, manager: BlockManager): void {
    const datanode = this.datanodes.get(name);
    if (datanode?.up !== true) return;
    this.flush(this.managers.indexOf(manager) as 0 | 1);
    const replicas = [...datanode.replicas.values()].map((each): ReplicaReport => ({ ...each.version, state: 'Finalized' }));
    manager.fullReport(datanode.address.uuid, `v-${name}`, replicas);
  }
}
