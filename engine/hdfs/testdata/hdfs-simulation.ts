/**
 * Namenodes, datanodes and clients under everything that may happen to them, as a function of a seed. Each client owns its files, so it knows what must be
 * in them. At the end, when all is well again: every closed file reads back byte for byte, what was synced of a file whose writer was lost is there, what was
 * deleted is gone, renames happened or did not, all blocks have their replicas. No file ever has two writers.
 */
import { strict as assert } from 'node:assert';
import type { HdfsConfig } from '../../contract.ts';
import { silentLogger } from '../../core/logger.ts';
import { integerBelow, seededRandom, type Random } from '../../core/random.ts';
import { openReplicatedLog, type RaftLog } from '../../quorum/raft-log.ts';
import { SimulatedClock } from '../../sim/clock.ts';
import { SimulatedNetwork } from '../../sim/network.ts';
import { SimulatedProcess } from '../../sim/process.ts';
import { MemoryDisk } from '../../storage/memory-disk.ts';
import { clientProtocolClient } from '../client-protocol-rpc.ts';
import { readFile } from '../datanode/block-reader.ts';
import { TransferPeers } from '../datanode/block-transfer-rpc.ts';
import { BlockWriter } from '../datanode/block-writer.ts';
import type { DataAccess } from '../datanode/data-access.ts';
import { openDataNode } from '../datanode/data-node.ts';
import { HdfsError } from '../hdfs-error.ts';
import type { Caller } from '../model.ts';
import { openNameNode, type NameNode } from '../namenode/name-node.ts';

const faultsMs = 60_000;
const calmMs = 600_000;
const clients = 3;
const blockBytes = 2048;
const caller: Caller = { user: 'hdfs', groups: ['supergroup'] };
const { signal } = new AbortController();

/** What may stand at a path. */
type Expectation =
  | { readonly kind: 'exactly'; readonly data: Buffer }
  /** Its writer was lost, or was told of an error: at least `durable`, at most `written`. `mayMiss`: or nothing at all. */
  | { readonly kind: 'between'; readonly durable: Buffer; readonly written: Buffer; readonly mayMiss: boolean }
  | { readonly kind: 'gone' }
  /** An operation on the whole file got no answer: one of these. */
  | { readonly kind: 'oneOf'; readonly contents: readonly (Buffer | undefined)[] };

export interface HdfsHistory {
  readonly lines: readonly string[];
  readonly files: number;
  readonly crashes: number;
}

/** Rejects with what went wrong, and the last things that happened. */
export async function simulateHdfs(seed: number): Promise<HdfsHistory> {
  const cluster = new Cluster(seed);
  try {
    return await cluster.run();
  } catch (error) {
    throw new Error(`seed ${seed}: ${error instanceof Error ? error.message : String(error)}\n${cluster.lines.slice(-40).join('\n')}`, { cause: error });
  }
}

interface Server {
  readonly host: string;
  readonly disk: MemoryDisk;
  process: SimulatedProcess | undefined;
  nameNode: NameNode | undefined;
}

class Cluster {
  readonly lines: string[] = [];
  readonly #random: Random;
  readonly #clock = new SimulatedClock();
  readonly #network: SimulatedNetwork;
  readonly #config: HdfsConfig;
  readonly #nameNodes: readonly Server[];
  readonly #dataNodes: readonly Server[];
  readonly #expected = new Map<string, Expectation>();
  #failure: unknown;
  #crashes = 0;
  #dying = 0;
  #over = false;
  #formatted = false;
  #names = 0;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
    this.#network = new SimulatedNetwork(this.#clock, seededRandom(seed + 1), ['quorum.message']);
    const server = (host: string): Server => ({ host, disk: new MemoryDisk(), process: undefined, nameNode: undefined });
    this.#nameNodes = Array.from({ length: this.#random.fraction() < 0.4 ? 1 : 3 }, (_, i) => server(`nn-${i}`));
    this.#dataNodes = Array.from({ length: 4 }, (_, i) => server(`dn-${i}`));
    this.#config = {
      clusterId: 'CID-sim', clusterName: 'sim', namespace: 'default', nameNodes: this.#nameNodes.map(({ host }) => ({ name: host, host })), mayFormat: true, replication: 3,
      blockBytes, blockBytesMin: 512, permissions: true, superuser: 'hdfs', supergroup: 'supergroup', umask: 0o022, trashIntervalMinutes: 0, trashCheckpointMinutes: 0,
      safeModeThreshold: 0.999, safeModeDatanodes: 0, deadAfterMs: 10_000, heartbeatMs: 1000, transferBandwidth: 10_000_000, tls: false,
    };
  }

  async run(): Promise<HdfsHistory> {
    for (const each of [...this.#nameNodes, ...this.#dataNodes]) this.#start(each);
    let working = clients;
    for (let client = 0; client < clients; client += 1) void this.#guard(this.#work(client)).then(() => {
      working -= 1;
    });
    void this.#guard(this.#disturb()).then(() => {
      this.#over = true;
    });
    await this.#clock.run(() => this.#failure !== undefined || this.#over, faultsMs * 2);
    this.#check();
    this.#calm();
    const ended = await this.#clock.run(() => this.#failure !== undefined || working === 0, calmMs);
    this.#check();
    assert.ok(ended, 'a client never came to an end');
    await this.#settle();
    let verified = false;
    void this.#guard(this.#verify()).then(() => {
      verified = true;
    });
    const read = await this.#clock.run(() => this.#failure !== undefined || verified, calmMs);
    this.#check();
    assert.ok(read, 'reading everything back never came to an end');
    return { lines: this.lines, files: this.#expected.size, crashes: this.#crashes };
  }

  #calm(): void {
    Object.assign(this.#network.faults, { lost: 0, repeated: 0, slow: 0 });
    this.#network.heal();
    this.#dying = 0;
    for (const each of [...this.#nameNodes, ...this.#dataNodes]) if (each.process === undefined) this.#start(each);
    this.#say('all is well again');
  }

  async #settle(): Promise<void> {
    const whole = (): boolean => {
      const status = this.#nameNodes.find(({ nameNode }) => nameNode?.isActive === true)?.nameNode?.status();
      return status !== undefined && !status.safeMode.on && status.underReplicatedBlocks === 0 && status.missingBlocks === 0 && status.pendingBlocks === 0
        && status.datanodes.filter(({ state }) => state === 'Live').length === this.#dataNodes.length;
    };
    let since: number | undefined;
    const settled = await this.#clock.run(() => {
      since = whole() ? since ?? this.#clock.nowMs() : undefined;
      // Longer than the hard limit of a lease: files of lost writers are closed by then.
      return this.#failure !== undefined || (since !== undefined && this.#clock.nowMs() - since > 150_000);
    }, calmMs);
    this.#check();
    assert.ok(settled, `it does not become whole: ${JSON.stringify(this.#nameNodes.map(({ nameNode }) => nameNode?.status()))}`);
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

  // Servers.

  #start(server: Server): void {
    const process = new SimulatedProcess({
      network: this.#network, host: server.host, random: this.#random, dies: () => this.#dying > 0 && this.#random.fraction() < this.#dying,
      onDeath: () => {
        this.#crashes += 1;
        this.#say(`${server.host} dies`);
        Object.assign(server, { process: undefined, nameNode: undefined });
      },
    });
    server.process = process;
    this.#say(`${server.host} starts`);
    void this.#guard(server.host.startsWith('nn') ? this.#runNameNode(server, process) : this.#runDataNode(server, process));
  }

  async #runNameNode(server: Server, process: SimulatedProcess): Promise<void> {
    const { clock, transport } = process;
    const fail = (error: unknown): void => {
      if (!process.dead) this.#failure ??= error;
    };
    const opened = Promise.withResolvers<RaftLog>();
    const nameNode = await openNameNode({
      config: this.#config, name: server.host, clock, random: this.#random, logger: silentLogger, tickMs: 500, leaseLimits: { softMs: 30_000, hardMs: 60_000 },
      openLog: async (stateMachine) => {
        const log = await openReplicatedLog({
          groupId: this.#config.clusterId, member: server.host, members: this.#nameNodes.map(({ host }) => ({ id: host, address: `${host}:8020` })), mayFormat: !this.#formatted,
          stateMachine, disk: process.disk(server.disk), transport, clock, random: this.#random, logger: silentLogger, onFailure: fail, electionMs: 1000, heartbeatMs: 250,
          snapshotEveryBytes: 8000, storeLimits: { segmentBytes: 4000, cacheBytes: 4000, tailEntries: 20 },
        });
        opened.resolve(log);
        return log;
      },
    });
    server.nameNode = nameNode;
    await transport.listen(8020, { ...(await opened.promise).handlers, ...nameNode.handlers });
  }

  async #runDataNode(server: Server, process: SimulatedProcess): Promise<void> {
    const { host } = server;
    const { clock, transport } = process;
    const node = await openDataNode({
      config: this.#config, address: { name: host, host, httpPort: 9864, rpcPort: 9867, rack: '/default-rack', machine: host }, disks: [{ label: host, disk: process.disk(server.disk) }],
      transport, clock, random: this.#random, logger: silentLogger, reserveBytes: 0, timeouts: { callMs: 4000, hopMs: 1000 },
      onFailure: (error) => {
        if (!process.dead) this.#failure ??= error;
      },
    });
    await transport.listen(9867, node.handlers);
    node.start();
  }

  async #disturb(): Promise<void> {
    await this.#clock.sleep(5000);
    // Until somebody has formatted it an empty disk is a new one.
    while (!this.#nameNodes.some(({ nameNode }) => nameNode?.isActive === true)) await this.#clock.sleep(500);
    this.#formatted = this.#nameNodes.every(({ nameNode }) => nameNode !== undefined);
    const untilMs = this.#clock.nowMs() + faultsMs;
    while (this.#clock.nowMs() < untilMs) {
      await this.#clock.sleep(this.#random.fraction() * 4000);
      this.#disturbOnce();
    }
  }

  #disturbOnce(): void {
    const servers = [...this.#nameNodes, ...this.#dataNodes];
    const one = this.#pick(servers);
    switch (integerBelow(this.#random, 9)) {
      case 0: case 1: return one.process?.kill();
      case 2: case 3: {
        for (const each of servers) if (each.process === undefined) this.#start(each);
        return undefined;
      }
      case 4: {
        Object.assign(this.#network.faults, { lost: this.#random.fraction() * 0.02, repeated: this.#random.fraction() * 0.1, slow: this.#random.fraction() * 0.05 });
        return this.#say(`the network loses ${this.#network.faults.lost.toFixed(3)}`);
      }
      case 5: {
        for (const { host } of servers) {
          if (host === one.host) continue;
          this.#network.cut(one.host, host);
          if (this.#random.fraction() < 0.7) this.#network.cut(host, one.host);
        }
        return this.#say(`${one.host} is cut off from the other servers`);
      }
      case 6: {
        this.#network.heal();
        Object.assign(this.#network.faults, { lost: 0, repeated: 0, slow: 0 });
        return this.#say('the network is whole');
      }
      case 7: {
        this.#dying = this.#random.fraction() < 0.5 ? 0 : this.#random.fraction() * 0.004;
        return this.#say(`processes die at ${this.#dying.toFixed(4)} of their writes`);
      }
      default: {
        this.#clock.wallOffsetMs = Math.round((this.#random.fraction() - 0.5) * 7_200_000);
        return this.#say(`wall clocks jump by ${this.#clock.wallOffsetMs} ms`);
      }
    }
  }

  // Clients.

  #access(process: SimulatedProcess): DataAccess {
    const { clock, transport } = process;
    const peers = new TransferPeers(transport, clock, { callMs: 4000, hopMs: 1000 });
    const client = clientProtocolClient({ transport, nameNodes: this.#nameNodes.map(({ host }) => ({ name: host, address: `${host}:8020` })), clock, random: this.#random, attemptTimeoutMs: 4000, timeoutMs: 40_000 });
    return { client, peer: (address, hops) => peers.to(address, hops), clock, random: this.#random, logger: silentLogger, reportBad: () => {} };
  }

  #clientProcess(name: string): SimulatedProcess {
    return new SimulatedProcess({ network: this.#network, host: name, random: this.#random, dies: () => false, onDeath: () => {} });
  }

  async #work(client: number): Promise<void> {
    const host = `client-${client}`;
    const access = this.#access(this.#clientProcess(host));
    while (!this.#over) {
      await this.#clock.sleep(this.#random.fraction() * 800);
      const closed = [...this.#expected].filter(([path, { kind }]) => path.startsWith(`/${host}/`) && kind === 'exactly');
      const path = closed.length === 0 ? undefined : this.#pick(closed)[0];
      const choice = path === undefined ? 0 : integerBelow(this.#random, 10);
      if (path === undefined || choice < 4) {
        this.#names += 1;
        await this.#write(`/${host}/${this.#names}`, host, undefined);
      } else if (choice < 6) await this.#write(path, host, this.#exactly(path));
      else if (choice === 6) await this.#rename(access, path, `/${host}/renamed-${this.#names += 1}`);
      else if (choice === 7) await this.#delete(access, path);
      else await this.#readOne(access, path);
    }
  }

  #exactly(path: string): Buffer {
    const found = this.#expected.get(path);
    assert.ok(found?.kind === 'exactly');
    return found.data;
  }

  /** Creates a file, or appends to what is there. Each writer is a process of its own: some are lost in the middle. */
  async #write(path: string, host: string, before: Buffer | undefined): Promise<void> {
    const process = this.#clientProcess(host);
    const access = this.#access(process);
    const holder = `writer of ${path} at ${this.#clock.nowMs()}`;
    const start = before ?? Buffer.alloc(0);
    let durable = start;
    let written = start;
    let opened = before !== undefined;
    const between = (mayMiss: boolean): void => void this.#expected.set(path, { kind: 'between', durable, written, mayMiss });
    between(before === undefined);
    const pieces = Array.from({ length: 1 + integerBelow(this.#random, 4) }, () => Buffer.from(this.#random.bytes(1 + integerBelow(this.#random, 2000))));
    const lostAfter = this.#random.fraction() < 0.15 ? integerBelow(this.#random, pieces.length + 1) : undefined;
    const steps = async (): Promise<'closed' | 'lost'> => {
      const writer = before === undefined
        ? await BlockWriter.create(access, caller, path, { client: holder, permission: 0o644, overwrite: false, createParent: true }, { packetBytes: 512, windowBytes: 4096 })
        : await BlockWriter.append(access, caller, path, holder, { packetBytes: 512, windowBytes: 4096 });
      opened = true;
      for (const [i, piece] of pieces.entries()) {
        if (i === lostAfter) return 'lost';
        written = Buffer.concat([written, piece]);
        between(!opened);
        await writer.write(piece);
        if (this.#random.fraction() < 0.4) {
          await writer.sync();
          durable = written;
          between(false);
          await this.#tryOther(path);
        }
      }
      if (lostAfter === pieces.length) return 'lost';
      await writer.close();
      return 'closed';
    };
    const outcome = await Promise.race([steps().catch((error: unknown) => error), this.#clock.sleep(300_000).then(() => 'silence' as const)]);
    if (outcome === 'closed') this.#expected.set(path, { kind: 'exactly', data: written });
    else between(!opened || durable.length === 0);
    this.#say(`${path}: ${before === undefined ? 'created' : 'appended to'}, ${outcome instanceof Error ? `${outcome.name} ${outcome.message.slice(0, 120)}` : String(outcome)}, ${durable.length} of ${written.length} bytes synced`);
    if (outcome instanceof Error && !(outcome instanceof HdfsError)) throw outcome;
    process.kill();
  }

  /** A moment after a writer was answered its lease holds: nobody else may write. */
  async #tryOther(path: string): Promise<void> {
    const since = this.#clock.nowMs();
    const process = this.#clientProcess('intruder');
    const outcome = await Promise.race([
      this.#access(process).client.append(caller, path, `intruder at ${since}`).then(() => 'opened' as const, () => 'refused' as const), this.#clock.sleep(5000).then(() => 'silence' as const),
    ]);
    process.kill();
    assert.notEqual(outcome, 'opened', `${path} has two writers`);
  }

  async #rename(access: DataAccess, from: string, to: string): Promise<void> {
    const data = this.#exactly(from);
    this.#expected.delete(from);
    try {
      const done = await access.client.rename(caller, from, to);
      assert.ok(done, `${from} cannot be renamed`);
      this.#expected.set(from, { kind: 'gone' });
      this.#expected.set(to, { kind: 'exactly', data });
    } catch (error) {
      if (!(error instanceof HdfsError)) throw error;
      // Both are looked at together at the end.
      this.#expected.set(`${from} ${to}`, { kind: 'oneOf', contents: [data] });
    }
  }

  async #delete(access: DataAccess, path: string): Promise<void> {
    const data = this.#exactly(path);
    try {
      assert.ok(await access.client.delete(caller, path, false), `${path} cannot be deleted`);
      this.#expected.set(path, { kind: 'gone' });
    } catch (error) {
      if (!(error instanceof HdfsError)) throw error;
      this.#expected.set(path, { kind: 'oneOf', contents: [data, undefined] });
    }
  }

  async #readOne(access: DataAccess, path: string): Promise<void> {
    const expected = this.#exactly(path);
    try {
      const found = await this.#content(access, path);
      assert.ok(found?.equals(expected), `${path} reads as ${found?.length} bytes, other than the ${expected.length} that were written`);
    } catch (error) {
      // Not to be readable for a while is one thing, to read as something else another.
      if (!(error instanceof HdfsError)) throw error;
    }
  }

  /** Undefined when there is no such file. */
  async #content(access: DataAccess, path: string): Promise<Buffer | undefined> {
    const status = await access.client.getFileStatus(caller, path);
    if (status === undefined) return undefined;
    const pieces: Uint8Array[] = [];
    for await (const piece of readFile(access, { caller, path, offset: 0, length: undefined }, signal, { pieceBytes: 1024 })) pieces.push(piece);
    return Buffer.concat(pieces);
  }

  async #verify(): Promise<void> {
    const access = this.#access(this.#clientProcess('reader'));
    for (const [path, expected] of this.#expected) {
      const found = await Promise.all(path.split(' ').map((each) => this.#content(access, each)));
      const [content] = found;
      const told = `${path}: ${found.map((each) => each?.length ?? 'nothing').join(' and ')}`;
      switch (expected.kind) {
        case 'exactly': {
          assert.ok(content?.equals(expected.data), `${told}, where ${expected.data.length} bytes were written`);
          break;
        }
        case 'gone': {
          assert.equal(content, undefined, `${told}, where it was deleted or renamed`);
          break;
        }
        case 'between': {
          if (content === undefined) assert.ok(expected.mayMiss, `${told}, where ${expected.durable.length} bytes were synced`);
          else assert.ok(content.length >= expected.durable.length && content.equals(expected.written.subarray(0, content.length)), `${told}, where ${expected.durable.length} bytes were synced of ${expected.written.length} written`);
          break;
        }
        case 'oneOf': {
          const there = found.filter((each) => each !== undefined);
          assert.ok(there.length <= 1 && expected.contents.some((each) => (each === undefined ? there.length === 0 : there[0]?.equals(each) === true)), `${told}, where one of several was to be`);
          break;
        }
        default: expected satisfies never;
      }
    }
  }
}
