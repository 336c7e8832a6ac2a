/** A group of log members in a simulated world: everything that may go wrong does, by the seed, and every answer is checked. */
import { strict as assert } from 'node:assert';
import { silentLogger } from '../../core/logger.ts';
import { integerBelow } from '../../core/random.ts';
import type { Peer } from '../../net/transport.ts';
import { SimulatedNetwork } from '../../sim/network.ts';
import { SimulatedMachine } from '../../sim/process.ts';
import { Simulation, type EventOwner } from '../../sim/simulation.ts';
import { LogStore, type LogStoreLimits } from '../log-store.ts';
import { openReplicatedLog, type RaftLog } from '../raft-log.ts';
import { Agreement, AgreeingMachine } from './agreement.ts';

export interface GroupSimulationOptions {
  readonly seed: number;
  readonly members: number;
  readonly faultsMs?: number;
  readonly historyLinesKept?: number;
}

export interface GroupSimulationResult {
  readonly digest: number;
  readonly events: number;
  readonly simulatedMs: number;
  readonly acknowledged: number;
  readonly reads: number;
  readonly crashes: number;
  readonly disksLost: number;
}

/** Which faults a seed has: not every seed has all, so that each gets its chance alone. */
interface Faults {
  readonly crashes: boolean;
  readonly crashesAtWrites: boolean;
  readonly partitions: boolean;
  readonly suspensions: boolean;
  readonly lostDisks: boolean;
  readonly transfers: boolean;
  /** The power goes at several members at once. */
  readonly outages: boolean;
  readonly everyMs: number;
}

const outside: EventOwner = { alive: true, suspendedUntilMs: 0 };
const port = 8485;

export class GroupSimulation {
  readonly simulation: Simulation;
  readonly network: SimulatedNetwork;
  readonly agreement = new Agreement();
  readonly #faultsMs: number;
  readonly #machines: SimulatedMachine[];
  readonly #running = new Map<string, { readonly log: RaftLog; readonly machine: AgreeingMachine }>();
  readonly #faults: Faults;
  readonly #limits: LogStoreLimits;
  readonly #snapshotEveryBytes: number;
  readonly #acknowledged: string[] = [];
  /** All members have once been there: an empty disk is a lost one from now on. */
  #formatted = false;
  readonly #served = new Set<string>();
  #nextValue = 1;
  #clientsRun = true;
  #reads = 0;
  #crashes = 0;
  #disksLost = 0;

  constructor({ seed, members, faultsMs = 12_000, historyLinesKept = 0 }: GroupSimulationOptions) {
    this.simulation = new Simulation({ seed, historyLinesKept });
    this.network = new SimulatedNetwork(this.simulation);
    this.#faultsMs = faultsMs;
    const { simulation } = this;
    const some = (probability: number): boolean => simulation.chance(probability);
    this.#faults = {
      crashes: some(0.7), crashesAtWrites: some(0.5), partitions: some(0.6), suspensions: some(0.4), lostDisks: some(0.5), transfers: some(0.4), outages: some(0.4), everyMs: simulation.between(30, 1000),
    };
    this.network.faults = {
      delayMs: [0.1, simulation.between(1, 30)], slow: some(0.3) ? 0.05 : 0, slowMs: 500, loss: some(0.4) ? simulation.between(0, 0.003) : 0,
      reset: some(0.4) ? simulation.between(0, 0.01) : 0, duplicate: some(0.3) ? (method) => (method.startsWith('quorum.') ? 0.05 : 0) : () => 0,
    };
    this.#limits = { segmentBytes: 200 + integerBelow(simulation.random, 2000), cacheBytes: 100 + integerBelow(simulation.random, 3000), tailEntries: integerBelow(simulation.random, 30) };
    this.#snapshotEveryBytes = 300 + integerBelow(simulation.random, 5000);
    const ids = Array.from({ length: members }, (_, i) => `m${i}`);
    this.#machines = ids.map((id) => this.#machine(id, ids));
  }

  /** The whole life of the group. Rejects with what went wrong. */
  async run(): Promise<GroupSimulationResult> {
    const { simulation } = this;
    for (const machine of this.#machines) machine.start();
    assert.ok(await simulation.run(10_000, () => this.#served.size === this.#machines.length), 'not all members have started');
    this.#formatted = true;
    const clients = Promise.all([0.05, 0.3, 0.95, 0.95].map((reads, number) => this.#client(`client-${number}`, reads)));
    clients.catch((error: unknown) => simulation.fail(error));
    for (const endMs = simulation.nowMs + this.#faultsMs; simulation.nowMs < endMs;) {
      await simulation.run(simulation.between(0, this.#faults.everyMs * 2));
      this.#fault();
    }
    await this.#calm();
    this.#clientsRun = false;
    await simulation.settle(clients, 10_000);
    await this.#converge();
    await this.#reopen();
    const { digest, events, nowMs } = simulation;
    return { digest, events, simulatedMs: nowMs, acknowledged: this.#acknowledged.length, reads: this.#reads, crashes: this.#crashes, disksLost: this.#disksLost };
  }

  #machine(id: string, ids: readonly string[]): SimulatedMachine {
    const { simulation, network } = this;
    const machine = new SimulatedMachine({
      simulation, network, host: id,
      main: async ({ clock, random, transport, disks: [disk], owner }) => {
        const state = new AgreeingMachine(id, this.agreement);
        assert.ok(disk !== undefined);
        const log = await openReplicatedLog({
          groupId: 'group', member: id, members: ids.map((each) => ({ id: each, address: `${each}:${port}` })), mayFormat: !this.#formatted, stateMachine: state, disk, transport, clock, random,
          logger: silentLogger, electionMs: 300, heartbeatMs: 60, snapshotEveryBytes: this.#snapshotEveryBytes, storeLimits: this.#limits,
          onFailure: (error) => {
            if (owner.alive) simulation.fail(error);
          },
        });
        log.onStatus(({ role, term }) => {
          if (role === 'leader' && owner.alive) this.agreement.leads(id, term);
        });
        const listener = await transport.listen(port, {
          ...log.handlers,
          'test.propose': (body) => log.propose(Buffer.from(String(body))),
          'test.read': async () => {
            await log.readBarrier();
            return state.texts.length;
          },
          'test.transfer': () => log.transferLeadership(undefined, 1000),
        });
        this.#running.set(id, { log, machine: state });
        this.#served.add(id);
        return async () => {
          await listener.close();
          await log.close();
          this.#running.delete(id);
        };
      },
    });
    machine.diskMsMax = simulation.pick([1, 8, 60]);
    machine.onCrash = () => {
      this.#crashes += 1;
      this.#running.delete(id);
    };
    return machine;
  }

  #fault(): void {
    const { simulation, network } = this;
    const faults = this.#faults;
    const machine = this.#victim();
    if (!machine.up) {
      if (faults.lostDisks && simulation.chance(0.4) && this.#othersAreWhole(machine)) {
        machine.loseDisk();
        this.#disksLost += 1;
      }
      machine.start();
      if (faults.crashesAtWrites && simulation.chance(0.4)) machine.crashAfterOperations = 1 + integerBelow(simulation.random, 12);
      return undefined;
    }
    switch (integerBelow(simulation.random, 7)) {
      case 0: return faults.crashes ? machine.crash(simulation.chance(0.6) ? 'power' : 'killed') : undefined;
      case 1:
        if (faults.crashesAtWrites) machine.crashAfterOperations = 1 + integerBelow(simulation.random, 30);
        return undefined;
      case 2: return faults.partitions ? this.#cut(machine.host) : undefined;
      case 3: return network.heal();
      case 4:
        if (faults.outages && simulation.chance(0.5)) for (const each of this.#machines) if (simulation.chance(0.6)) each.crash('power');
        return undefined;
      case 5: return faults.suspensions ? machine.suspend(simulation.between(0, 1500)) : undefined;
      default:
        if (faults.crashes && simulation.chance(0.3)) {
          void machine.stop();
          return undefined;
        }
        return faults.transfers ? this.#transfer() : undefined;
    }
  }

  /** The leader more often than others: it has most to lose. */
  #victim(): SimulatedMachine {
    const { simulation } = this;
    const leader = simulation.chance(0.4) ? this.#machines.find((each) => this.#running.get(each.host)?.log.status.role === 'leader') : undefined;
    return leader ?? simulation.pick(this.#machines);
  }

  /** One way, or both, from one other, or from all. */
  #cut(host: string): void {
    const { simulation, network } = this;
    const all = simulation.chance(0.5);
    const others = this.#machines.filter((each) => each.host !== host).map((each) => each.host);
    const from = all ? others : others.slice(0, 1);
    const ways = integerBelow(simulation.random, 3);
    for (const other of from) {
      if (ways !== 0) network.cut(host, other);
      if (ways !== 1) network.cut(other, host);
    }
  }

  #transfer(): void {
    for (const { log } of this.#running.values()) {
      if (log.status.role === 'leader') void log.transferLeadership(undefined, 1000).catch(() => {});
    }
  }

  /** See `raft-core.ts`: one lost disk at a time comes back. */
  #othersAreWhole(machine: SimulatedMachine): boolean {
    if (this.#machines.length === 1) return false;
    return this.#machines.every((each) => each === machine || this.#isWhole(each));
  }

  #isWhole(machine: SimulatedMachine): boolean {
    const bytes = machine.disks[0]?.peek('identity.json');
    if (bytes === undefined) return false;
    const text = Buffer.from(bytes).toString();
    return (JSON.parse(text.slice(0, text.indexOf('\n'))) as { readonly recovering: boolean }).recovering === false;
  }

  /** Faults end. */
  async #calm(): Promise<void> {
    const { simulation, network } = this;
    network.faults = { ...network.faults, loss: 0, reset: 0, slow: 0, duplicate: () => 0 };
    network.heal();
    for (const machine of this.#machines) machine.crashAfterOperations = undefined;
    // One may be stopping still.
    const allUp = (): boolean => {
      for (const machine of this.#machines) if (!machine.up) machine.start();
      return this.#running.size === this.#machines.length && this.#machines.every((machine) => machine.serving);
    };
    assert.ok(await simulation.run(10_000, allUp), 'not all members start again');
    const before = this.#acknowledged.length;
    assert.ok(await simulation.run(60_000, () => this.#acknowledged.length > before + 20), 'the group makes no progress within a minute after the faults');
  }

  describe(): readonly string[] {
    return [...this.#running].map(([id, { log, machine }]) => `${id} ${JSON.stringify(log.status)} ${machine.texts.length} of ${this.agreement.order.length}`);
  }

  /** All members have the same, and all that was acknowledged is in it. */
  async #converge(): Promise<void> {
    const { simulation } = this;
    const { order } = this.agreement;
    const done = (): boolean => this.#running.size === this.#machines.length && [...this.#running.values()].every(({ log, machine }) =>
      machine.texts.length === order.length && (log.status.role === 'leader' || log.status.role === 'follower'));
    assert.ok(await simulation.run(60_000, done), 'not all members have caught up within a minute after the faults');
    const there = new Set(order.map(({ text }) => text));
    for (const text of this.#acknowledged) assert.ok(there.has(text), `'${text}' was acknowledged and is lost`);
    for (const { machine } of this.#running.values()) this.agreement.restored('a member at the end', machine.texts);
  }

  /** What lies on the disks is a log without gaps, of what was applied. */
  async #reopen(): Promise<void> {
    const { simulation } = this;
    const byIndex = new Map(this.agreement.order.map(({ index, text }) => [index, text]));
    for (const machine of this.#machines) {
      machine.crash('power');
      const disk = machine.disks[0];
      assert.ok(disk !== undefined);
      const store = await LogStore.open(disk, this.#limits);
      const from = store.terms.firstIndex;
      assert.ok(from <= (store.snapshots.newest?.index ?? 0) + 1, `the log of ${machine.host} begins at ${from}, its snapshot ends before`);
      let term = 0;
      for (let index = from; index <= store.lastIndex; index += 1) {
        const [entry] = await store.read(index, index, 1);
        assert.equal(entry?.index, index);
        assert.ok(entry.term >= term);
        term = entry.term;
        const text = byIndex.get(index);
        if (text !== undefined) assert.equal(Buffer.from(entry.data).toString(), text);
      }
      await store.close();
    }
    await simulation.run(1);
  }

  /** Stays with a member as long as it answers: one that was deposed and does not know it gets its chance to answer wrongly. */
  async #client(name: string, reads: number): Promise<void> {
    const { simulation } = this;
    const transport = this.network.transport(name, outside);
    let peer: Peer | undefined;
    while (this.#clientsRun) {
      const ended = await this.#within(simulation.between(300, 2500), async (signal) => {
        if (peer?.open !== true) peer = await transport.dial(`${simulation.pick(this.#machines).host}:${port}`, signal);
        if (simulation.chance(reads)) await this.#read(peer, signal);
        else await Promise.all(Array.from({ length: 1 + integerBelow(simulation.random, 4) }, () => this.#propose(peer as Peer, signal)));
      });
      if (ended === 'failed') {
        peer?.close();
        peer = undefined;
      }
      await simulation.sleep(simulation.between(0, ended === 'failed' ? 60 : 30));
    }
    peer?.close();
  }

  async #propose(peer: Peer, signal: AbortSignal): Promise<void> {
    const text = `v${this.#nextValue++}`.padEnd(4 + integerBelow(this.simulation.random, 60), '.');
    const answer = await peer.request('test.propose', text, signal);
    this.agreement.acknowledged(text, answer);
    this.#acknowledged.push(text);
  }

  async #read(peer: Peer, signal: AbortSignal): Promise<void> {
    const mustSee = this.agreement.seen;
    const saw = await peer.request('test.read', undefined, signal);
    this.agreement.read(mustSee, Number(saw));
    this.#reads += 1;
  }

  /** What fails for want of a server is no concern; what a checker says is. */
  async #within(limitMs: number, what: (signal: AbortSignal) => Promise<void>): Promise<'done' | 'failed'> {
    const controller = new AbortController();
    const cancel = this.simulation.after(limitMs, () => controller.abort(new Error('it takes too long')));
    try {
      await what(controller.signal);
      return 'done';
    } catch (error) {
      if (error instanceof assert.AssertionError) this.simulation.fail(error);
      return 'failed';
    } finally {
      cancel();
    }
  }
}
