/**
 * A group of the replicated log under everything that may happen to it, as a function of a seed. Checked all the time: members apply the same entries in the
 * same order, each at most once; a read sees what was acknowledged before it began. At the end, when all is well again: nothing acknowledged is missing,
 * whoever was acknowledged before another began stands before it, and the group goes on.
 */
import { strict as assert } from 'node:assert';
import { silentLogger } from '../../core/logger.ts';
import { integerBelow, seededRandom, type Random } from '../../core/random.ts';
import { SimulatedClock } from '../../sim/clock.ts';
import { SimulatedNetwork } from '../../sim/network.ts';
import { SimulatedProcess } from '../../sim/process.ts';
import { MemoryDisk } from '../../storage/memory-disk.ts';
import { openReplicatedLog, type RaftLog } from '../raft-log.ts';
import { LogError, type StateMachine } from '../replicated-log.ts';

const faultsMs = 30_000;
const calmMs = 60_000;
const clients = 3;

interface Member {
  readonly id: string;
  disk: MemoryDisk;
  process: SimulatedProcess | undefined;
  machine: Witness | undefined;
  log: RaftLog | undefined;
  formatted: boolean;
}

interface Acknowledged {
  readonly value: string;
  /** Of how many acknowledgements it knew when it began. */
  readonly after: number;
}

export interface QuorumHistory {
  /** One line for each thing that happened: the same for the same seed. */
  readonly lines: readonly string[];
  readonly acknowledged: number;
  readonly crashes: number;
}

/** Keeps all entries, and compares them with what any member has applied at that index. */
class Witness implements StateMachine {
  readonly #applied: Map<number, string>;
  entries: { readonly index: number; readonly text: string }[] = [];

  constructor(applied: Map<number, string>) {
    this.#applied = applied;
  }

  apply(entry: Uint8Array, index: number): unknown {
    const text = Buffer.from(entry).toString();
    const known = this.#applied.get(index);
    assert.ok(known === undefined || known === text, `entry ${index} is '${text}' here and '${known}' elsewhere`);
    this.#applied.set(index, text);
    assert.ok(index > (this.entries.at(-1)?.index ?? 0), `entry ${index} came after entry ${this.entries.at(-1)?.index}`);
    this.entries.push({ index, text });
    return text;
  }

  snapshot(): AsyncIterable<Uint8Array> {
    const state = Buffer.from(JSON.stringify(this.entries));
    return (async function* pieces() {
      for (let at = 0; at < state.length; at += 1000) yield state.subarray(at, at + 1000);
    })();
  }

  async restore(pieces: AsyncIterable<Uint8Array>): Promise<void> {
    const all: Uint8Array[] = [];
    for await (const piece of pieces) all.push(piece);
    this.entries = JSON.parse(Buffer.concat(all).toString()) as Witness['entries'];
    for (const { index, text } of this.entries) assert.equal(this.#applied.get(index), text, `entry ${index} of a snapshot`);
  }
}

/** Rejects with what went wrong, and the last things that happened. */
export async function simulateQuorum(seed: number): Promise<QuorumHistory> {
  const group = new Group(seed);
  try {
    return await group.run();
  } catch (error) {
    throw new Error(`seed ${seed}: ${error instanceof Error ? error.message : String(error)}\n${group.lines.slice(-40).join('\n')}`, { cause: error });
  }
}

class Group {
  readonly lines: string[] = [];
  readonly #random: Random;
  readonly #clock = new SimulatedClock();
  readonly #network: SimulatedNetwork;
  readonly #members: readonly Member[];
  readonly #applied = new Map<number, string>();
  readonly #acknowledged: Acknowledged[] = [];
  #failure: unknown;
  #proposed = 0;
  #crashes = 0;
  #dying = 0;
  #over = false;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
    this.#network = new SimulatedNetwork(this.#clock, seededRandom(seed + 1), ['quorum.message']);
    const size = this.#pick([1, 3, 3, 3, 5]);
    this.#members = Array.from({ length: size }, (_, i) => ({ id: `m${i}`, disk: new MemoryDisk(), process: undefined, machine: undefined, log: undefined, formatted: false }));
  }

  async run(): Promise<QuorumHistory> {
    for (const member of this.#members) this.#start(member);
    for (let client = 0; client < clients; client += 1) this.#guard(this.#propose(client));
    this.#guard(this.#read());
    const done = this.#guard(this.#disturb());
    let disturbed = false;
    void done.then(() => {
      disturbed = true;
    });
    await this.#clock.run(() => this.#failure !== undefined || disturbed, faultsMs * 4);
    this.#check();
    await this.#settle();
    return { lines: this.lines, acknowledged: this.#acknowledged.length, crashes: this.#crashes };
  }

  /** All faults end: the group has to come back by itself and agree. */
  async #settle(): Promise<void> {
    Object.assign(this.#network.faults, { lost: 0, repeated: 0, slow: 0 });
    this.#network.heal();
    this.#dying = 0;
    for (const member of this.#members) if (member.process === undefined) this.#start(member);
    const before = this.#acknowledged.length;
    const agree = (): boolean => {
      const [first, ...rest] = this.#members.map(({ machine }) => machine?.entries.at(-1)?.index ?? -1);
      return rest.every((index) => index === first);
    };
    const went = await this.#clock.run(() => this.#failure !== undefined || this.#acknowledged.length >= before + 10, calmMs);
    this.#check();
    assert.ok(went, `the group does not go on: ${JSON.stringify(this.#members.map(({ id, log }) => [id, log?.status]))}`);
    this.#over = true;
    const agreed = await this.#clock.run(() => this.#failure !== undefined || agree(), calmMs);
    this.#check();
    assert.ok(agreed, `members do not come to have the same: ${JSON.stringify(this.#members.map(({ id, log, machine }) => [id, log?.status, machine?.entries.at(-1)?.index]))}`);
    const places = new Map(this.#members[0]?.machine?.entries.map(({ text }, place) => [text, place]));
    assert.equal(places.size, this.#members[0]?.machine?.entries.length, 'an entry stands twice');
    let highest: number[] = [];
    for (const [i, { value, after }] of this.#acknowledged.entries()) {
      const place = places.get(value);
      assert.ok(place !== undefined, `${value} was acknowledged and is gone`);
      if (after > 0) assert.ok(place > (highest[after - 1] ?? -1), `${value} began after entries that it stands before`);
      highest[i] = Math.max(highest[i - 1] ?? -1, place);
    }
    highest = [];
  }

  #check(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  async #guard(work: Promise<void>): Promise<void> {
    await work.catch((error: unknown) => {
      this.#failure ??= error;
    });
  }

  #say(what: string): void {
    this.lines.push(`${this.#clock.nowMs().toFixed(1)} ${what}`);
  }

  #pick<T>(items: readonly T[]): T {
    return items[integerBelow(this.#random, items.length)] as T;
  }

  #start(member: Member): void {
    const process = new SimulatedProcess({
      network: this.#network, host: member.id, random: this.#random, dies: () => this.#dying > 0 && this.#random.fraction() < this.#dying,
      onDeath: () => {
        this.#crashes += 1;
        this.#say(`${member.id} dies`);
        Object.assign(member, { process: undefined, machine: undefined, log: undefined });
      },
    });
    const machine = new Witness(this.#applied);
    Object.assign(member, { process, machine });
    this.#say(`${member.id} starts`);
    this.#guard((async () => {
      const log = await openReplicatedLog({
        groupId: 'group', member: member.id, members: this.#members.map(({ id }) => ({ id, address: `${id}:1` })), mayFormat: !member.formatted, stateMachine: machine,
        disk: process.disk(member.disk), transport: process.transport, clock: process.clock, random: this.#random, logger: silentLogger,
        onFailure: (error) => {
          if (!process.dead) this.#failure ??= error;
        },
        electionMs: 300, heartbeatMs: 80, snapshotEveryBytes: 1500, storeLimits: { segmentBytes: 600, cacheBytes: 400, tailEntries: 8 },
      });
      if (process.dead) return;
      member.log = log;
      member.formatted = true;
      await process.transport.listen(1, log.handlers);
    })());
  }

  async #propose(client: number): Promise<void> {
    while (!this.#over) {
      await this.#clock.sleep(this.#random.fraction() * 60);
      const member = this.#pick(this.#members);
      const log = this.#members.find(({ log: each }) => each?.status.role === 'leader')?.log ?? member.log;
      if (log === undefined) continue;
      this.#proposed += 1;
      const value = `${client}/${this.#proposed}/${'x'.repeat(integerBelow(this.#random, 80))}`;
      const after = this.#acknowledged.length;
      // A process that dies answers no more: its caller goes on.
      const outcome = await Promise.race([log.propose(Buffer.from(value)).then(() => 'acknowledged' as const, (error: unknown) => error), this.#clock.sleep(5000).then(() => 'silence' as const)]);
      if (outcome === 'acknowledged') this.#acknowledged.push({ value, after });
      else if (outcome !== 'silence' && !(outcome instanceof LogError)) throw outcome;
    }
  }

  async #read(): Promise<void> {
    while (!this.#over) {
      await this.#clock.sleep(this.#random.fraction() * 200);
      const member = this.#pick(this.#members);
      const { log, machine } = member;
      if (log === undefined || machine === undefined) continue;
      const before = this.#acknowledged.length;
      const outcome = await Promise.race([log.readBarrier().then(() => 'read' as const, (error: unknown) => error), this.#clock.sleep(5000).then(() => 'silence' as const)]);
      if (outcome !== 'read') continue;
      const seen = new Set(machine.entries.map(({ text }) => text));
      for (const { value } of this.#acknowledged.slice(0, before)) assert.ok(seen.has(value), `a read at ${member.id} does not see ${value}`);
    }
  }

  async #disturb(): Promise<void> {
    const untilMs = this.#clock.nowMs() + faultsMs;
    await this.#clock.sleep(1000);
    while (this.#clock.nowMs() < untilMs) {
      await this.#clock.sleep(this.#random.fraction() * 1500);
      this.#disturbOnce();
    }
  }

  #disturbOnce(): void {
    const { faults } = this.#network;
    const member = this.#pick(this.#members);
    switch (integerBelow(this.#random, 10)) {
      case 0: case 1: return member.process?.kill();
      case 2: case 3: {
        for (const each of this.#members) if (each.process === undefined) this.#start(each);
        return undefined;
      }
      case 4: {
        Object.assign(faults, { lost: this.#random.fraction() * 0.05, repeated: this.#random.fraction() * 0.2, slow: this.#random.fraction() * 0.1 });
        return this.#say(`the network loses ${faults.lost.toFixed(3)}`);
      }
      case 5: {
        for (const each of this.#members) {
          if (each === member) continue;
          this.#network.cut(member.id, each.id);
          if (this.#random.fraction() < 0.7) this.#network.cut(each.id, member.id);
        }
        return this.#say(`${member.id} is cut off`);
      }
      case 6: {
        this.#network.heal();
        Object.assign(faults, { lost: 0, repeated: 0, slow: 0 });
        return this.#say('the network is whole');
      }
      case 7: {
        this.#dying = this.#random.fraction() < 0.5 ? 0 : this.#random.fraction() * 0.01;
        return this.#say(`processes die at ${this.#dying.toFixed(4)} of their writes`);
      }
      case 8: {
        void member.log?.transferLeadership(undefined, 1000).catch(() => {});
        return undefined;
      }
      default: return this.#loseDisk(member);
    }
  }

  /** Only one at a time may be without its disk, and all others must have theirs: more is loss by definition. */
  #loseDisk(member: Member): void {
    const others = this.#members.filter((each) => each !== member);
    if (others.length === 0 || !others.every(({ formatted, log }) => formatted && log !== undefined && log.status.role !== 'recovering')) return;
    member.process?.kill();
    member.disk = new MemoryDisk();
    this.#say(`${member.id} has lost its disk`);
    this.#start(member);
  }
}
