/**
 * Somebody who alone owns a directory, does all that can be done to files in it, and knows what must be there: what was acknowledged, and after a failure
 * one of the few states that the failure may have left.
 */
import { strict as assert } from 'node:assert';
import { integerBelow, type Random } from '../../core/random.ts';
import { BlockWriter } from '../datanode/block-writer.ts';
import { readFile } from '../datanode/block-reader.ts';
import { HdfsError, type HdfsException } from '../hdfs-error.ts';
import type { Caller } from '../model.ts';
import { ProcessGone, type ClusterSimulation, type LivingDataNode } from './simulated-cluster.ts';

/** What may lie at a path. `atLeast`: any beginning of `bytes` of that length or more. */
type Possible = { readonly kind: 'absent' } | { readonly kind: 'file'; readonly bytes: Buffer; readonly atLeast: number };

interface Writing {
  readonly path: string;
  readonly how: 'create' | 'append' | 'overwrite';
  /** All that is to be there at the end. */
  readonly bytes: Buffer;
  opened: boolean;
  /** Handed to the writer. */
  at: number;
  synced: number;
  flushed: number;
  readonly powerCuts: number;
  cancelled: boolean;
  /** Where somebody takes the file away. */
  readonly takeAt: number;
  /** Ends when that has come to an end, well or badly. */
  taking: Promise<void> | undefined;
  /** What another writer found, and what it is adding. */
  taken: { readonly found: Buffer; readonly added: Buffer } | undefined;
}

const absent: Possible = { kind: 'absent' };
const whole = (bytes: Buffer): Possible => ({ kind: 'file', bytes, atLeast: bytes.length });

const caller: Caller = { user: 'hdfs', groups: ['supergroup'] };
const { signal } = new AbortController();
/** Longer than anything that was sent may still be under way. */
const lateMs = 25_000;
/** Nothing may take longer: the process that does it is ended. */
const patienceMs = 180_000;
const filesMax = 4;

/** None of these can come from a fault. */
const wrongRefusals: ReadonlySet<HdfsException> = new Set<HdfsException>([
  'FileNotFoundException', 'FileAlreadyExistsException', 'AccessControlException', 'IllegalArgumentException', 'HadoopIllegalArgumentException', 'RuntimeException', 'UnsupportedOperationException',
  'ParentNotDirectoryException', 'ChecksumException', 'PathIsNotEmptyDirectoryException',
]);

export class FileOwner {
  done = 0;
  unknown = 0;
  readonly #cluster: ClusterSimulation;
  readonly #directory: string;
  readonly #random: Random;
  /** Closed files. */
  readonly #files = new Map<string, Buffer>();
  #names = 0;
  #clients = 0;

  constructor(cluster: ClusterSimulation, directory: string) {
    this.#cluster = cluster;
    this.#directory = directory;
    this.#random = cluster.simulation.forkRandom();
  }

  /** While there are faults. */
  async run(): Promise<void> {
    await this.#until('the directory is made', async ({ node }) => {
      await node.access.client.mkdirs(caller, this.#directory, 0o755, true);
    });
    while (this.#cluster.faulty) {
      await this.#step();
      await this.#cluster.simulation.sleep(this.#random.fraction() * 1000);
    }
  }

  /** Everything is there, byte for byte, and nothing else. */
  async verify(): Promise<void> {
    const { client } = this.#node().node.access;
    const { entries } = await client.listStatus(caller, this.#directory, '');
    assert.deepEqual(entries.map((each) => `${this.#directory}/${each.name}`).toSorted(), [...this.#files.keys()].toSorted(), `${this.#directory} holds something else`);
    for (const [path, bytes] of this.#files) {
      for (let reader = 0; reader < 2; reader += 1) same(path, await this.#read(this.#node(), path), bytes);
    }
  }

  #below(bound: number): number {
    return integerBelow(this.#random, bound);
  }

  #chance(probability: number): boolean {
    return this.#random.fraction() < probability;
  }

  #node(): LivingDataNode {
    const living = this.#cluster.pickDataNode();
    if (living === undefined) throw new ProcessGone('no datanode is up');
    return living;
  }

  #tell(what: string): void {
    this.#cluster.simulation.tell(`owner: ${what}`);
  }

  #newPath(): string {
    this.#names += 1;
    return `${this.#directory}/f${this.#names}`;
  }

  #newClient(): string {
    this.#clients += 1;
    return `${this.#directory} ${this.#clients}`;
  }

  async #step(): Promise<void> {
    const paths = [...this.#files.keys()];
    const path = paths[this.#below(Math.max(1, paths.length))];
    if (path === undefined) return this.#write(this.#newPath(), 'create');
    const bytes = this.#files.get(path) as Buffer;
    switch (this.#below(8)) {
      case 0: case 1: return paths.length < filesMax ? this.#write(this.#newPath(), 'create') : this.#delete(path, bytes);
      case 2: case 3: return this.#write(path, 'append');
      case 4: return this.#write(path, 'overwrite');
      case 5: return this.#rename(path, bytes);
      case 6: return this.#truncate(path, bytes);
      default: return this.#check(path, bytes);
    }
  }

  async #check(path: string, bytes: Buffer): Promise<void> {
    await this.#attempt(`read ${path}`, async (living) => same(path, await this.#read(living, path), bytes));
  }

  async #delete(path: string, bytes: Buffer): Promise<void> {
    this.#files.delete(path);
    const done = await this.#attempt(`delete ${path}`, async ({ node }) => {
      assert.equal(await node.access.client.delete(caller, path, false), true, `${path} is not there to be deleted`);
    });
    if (!done) await this.#findOut(new Map([[path, [whole(bytes), absent]]]));
  }

  async #rename(from: string, bytes: Buffer): Promise<void> {
    const to = this.#newPath();
    this.#files.delete(from);
    const seen = this.#watchRename(from, to);
    const done = await this.#attempt(`rename ${from} to ${to}`, async ({ node }) => {
      assert.equal(await node.access.client.rename(caller, from, to), true, `${from} is not there to be renamed`);
    });
    await seen;
    if (done) this.#files.set(to, bytes);
    else {
      const found = await this.#findOut(new Map([[from, [whole(bytes), absent]], [to, [whole(bytes), absent]]]));
      assert.equal(found, 1, `after a rename from ${from} to ${to} the file is there ${found} times`);
    }
  }

  /** Somebody else looks meanwhile: the file is at one of the two places. */
  async #watchRename(from: string, to: string): Promise<void> {
    await this.#attempt(`look at ${from} and ${to}`, async ({ node }) => {
      const { entries } = await node.access.client.listStatus(caller, this.#directory, '');
      const there = entries.map((each) => `${this.#directory}/${each.name}`).filter((each) => each === from || each === to);
      assert.equal(there.length, 1, `while ${from} is renamed to ${to}, there is ${there.length === 0 ? 'neither' : 'both'}`);
    });
  }

  async #truncate(path: string, bytes: Buffer): Promise<void> {
    const length = this.#below(bytes.length + 1);
    this.#files.delete(path);
    const cut = Buffer.from(bytes.subarray(0, length));
    const done = await this.#attempt(`truncate ${path} to ${length}`, async ({ node }) => {
      const { client } = node.access;
      if (await client.truncate(caller, path, length, this.#newClient())) return;
      while (!await client.recoverLease(caller, path, this.#newClient())) await node.access.clock.sleep(500);
    });
    if (done) this.#files.set(path, cut);
    else await this.#findOut(new Map([[path, [whole(bytes), whole(cut)]]]));
  }

  /** Opens the file, writes some, flushes now and then, closes. Sometimes somebody takes the file away meanwhile. */
  async #write(path: string, how: Writing['how']): Promise<void> {
    const before = this.#files.get(path);
    this.#files.delete(path);
    const start = how === 'append' ? before ?? Buffer.alloc(0) : Buffer.alloc(0);
    const added = Buffer.from(this.#random.bytes(this.#below(this.#cluster.config.blockBytes * 3)));
    const bytes = Buffer.concat([start, added]);
    const writing: Writing = {
      path, how, bytes, opened: false, at: start.length, synced: start.length, flushed: start.length, powerCuts: this.#cluster.powerCuts, cancelled: false, taken: undefined, taking: undefined,
      takeAt: this.#chance(0.1) ? start.length + this.#below(added.length + 1) : Infinity,
    };
    const done = await this.#attempt(`${how} ${path} with ${added.length} bytes`, (living) => this.#writeThrough(living, writing));
    // The other one goes on when this writer's process ends.
    await writing.taking;
    if (done) this.#files.set(path, bytes);
    else await this.#findOut(new Map([[path, this.#leftBy(writing, before)]]));
  }

  async #writeThrough(living: LivingDataNode, writing: Writing): Promise<void> {
    const writer = await this.#open(living, writing.path, writing.how);
    writing.opened = true;
    try {
      while (writing.at < writing.bytes.length) {
        const to = Math.min(writing.bytes.length, writing.at + 1 + this.#below(1500));
        await writer.write(writing.bytes.subarray(writing.at, to));
        writing.at = to;
        await this.#pauseOrFlush(living, writer, writing);
      }
      if (writing.takeAt !== Infinity && writing.taken === undefined) await this.#takeOver(writing);
      await writer.close();
      assert.ok(writing.taken === undefined, `${writing.path} was taken from its writer, whose close was acknowledged nevertheless`);
    } catch (error) {
      if (error instanceof HdfsError && this.#chance(0.6)) {
        writing.cancelled = true;
        await writer.cancel();
      } else living.machine.crash('killed');
      throw error;
    }
  }

  async #pauseOrFlush({ node }: LivingDataNode, writer: BlockWriter, writing: Writing): Promise<void> {
    const { path, at } = writing;
    if (at >= writing.takeAt && writing.taken === undefined) await this.#takeOver(writing);
    const act = this.#below(8);
    if (act === 0) await node.access.clock.sleep(this.#below(3000));
    if (act !== 1 && act !== 2) return;
    if (act === 1) await writer.sync();
    else await writer.flush();
    this.#tell(`${path} is ${act === 1 ? 'synced' : 'flushed'} up to ${at}`);
    assert.ok(writing.taken === undefined, `${path} was taken from its writer, whose flush was acknowledged nevertheless`);
    writing.flushed = at;
    if (act === 1) writing.synced = at;
  }

  /** Through another process, which goes on where the writer had been. */
  async #takeOver(writing: Writing): Promise<void> {
    const { path, bytes, at } = writing;
    const other = this.#node();
    const take = async (): Promise<void> => {
      const { client, clock } = other.node.access;
      while (!await client.recoverLease(caller, path, this.#newClient())) await clock.sleep(500);
      const found = await this.#read(other, path);
      assert.ok(found.length >= heldBy(writing, this.#cluster.powerCuts) && found.equals(bytes.subarray(0, found.length)), `${path} was taken at ${at} and has ${found.length} bytes`);
      writing.taken = { found, added: Buffer.from(this.#random.bytes(this.#below(2000))) };
      const writer = await this.#open(other, path, 'append');
      await writer.write(writing.taken.added);
      await writer.close();
      this.#tell(`${path} is taken from its writer at ${at}`);
      writing.taken = { found: Buffer.concat([found, writing.taken.added]), added: Buffer.alloc(0) };
    };
    const taking = Promise.race([take(), other.ended]).catch((error: unknown) => {
      // Whatever it has left half done must not go on.
      other.machine.crash('killed');
      throw error;
    });
    writing.taking = taking.catch((error: unknown) => {
      if (error instanceof assert.AssertionError) this.#cluster.simulation.fail(error);
    });
    await taking;
  }

  #leftBy(writing: Writing, before: Buffer | undefined): readonly Possible[] {
    const { how, bytes, opened, cancelled, taken } = writing;
    if (taken !== undefined) return [{ kind: 'file', bytes: Buffer.concat([taken.found, taken.added]), atLeast: taken.found.length }];
    const possible: Possible[] = [{ kind: 'file', bytes, atLeast: heldBy(writing, this.#cluster.powerCuts) }];
    if (how !== 'append' && (cancelled || !opened)) possible.push(absent);
    if (!opened && before !== undefined) possible.push(whole(before));
    return possible;
  }

  #open({ node }: LivingDataNode, path: string, how: Writing['how']): Promise<BlockWriter> {
    const client = this.#newClient();
    const as = { ...caller, host: node.address.host };
    const options = { packetBytes: 512 * (1 + this.#below(3)), windowBytes: 4096 };
    if (how === 'append') return BlockWriter.append(node.access, as, path, client, options);
    return BlockWriter.create(node.access, as, path, { client, permission: 0o644, overwrite: how === 'overwrite', createParent: false, replication: this.#cluster.config.replication }, options);
  }

  async #read({ node }: LivingDataNode, path: string): Promise<Buffer> {
    const pieces: Uint8Array[] = [];
    for await (const piece of readFile(node.access, { caller, path, offset: 0, length: undefined }, signal, { pieceBytes: 1024 })) pieces.push(Uint8Array.from(piece));
    return Buffer.concat(pieces);
  }

  /** Whether it was done. Else nobody knows yet: a fault was in the way. */
  async #attempt(what: string, work: (living: LivingDataNode) => Promise<void>): Promise<boolean> {
    const living = this.#cluster.pickDataNode();
    if (living === undefined) {
      await this.#cluster.simulation.sleep(1000);
      return false;
    }
    this.#tell(`${what} through ${living.machine.host}`);
    const overdue = this.#cluster.simulation.after(patienceMs, () => {
      this.#tell(`${what}: takes too long`);
      living.machine.crash('killed');
    });
    try {
      await Promise.race([work(living), living.ended]);
      this.done += 1;
      this.#tell(`${what}: done`);
      return true;
    } catch (error) {
      if (!(error instanceof HdfsError) && !(error instanceof ProcessGone)) throw error;
      if (error instanceof HdfsError && wrongRefusals.has(error.code)) throw new Error(`${what} was refused: ${error.code}: ${error.message}`, { cause: error });
      this.#tell(`${what}: ${error.message}`);
      return false;
    } finally {
      overdue();
    }
  }

  /** Until it is done. */
  async #until(what: string, work: (living: LivingDataNode) => Promise<void>): Promise<void> {
    while (!await this.#attempt(what, work)) await this.#cluster.simulation.sleep(1000);
  }

  /** After a failure: which of the possible states it has left. What is found holds from then on. Resolves to the number of files. */
  async #findOut(possible: ReadonlyMap<string, readonly Possible[]>): Promise<number> {
    this.unknown += 1;
    await this.#cluster.simulation.sleep(lateMs);
    // What waits in the journal of a namenode comes before this, or never.
    await this.#until('a fence is set', async ({ node }) => {
      await node.access.client.mkdirs(caller, '/fence', 0o755, true);
      await node.access.client.setTimes(caller, '/fence', this.#below(1e9), undefined);
    });
    let found = 0;
    for (const [path, states] of possible) {
      await this.#until(`find out about ${path}`, async (living) => {
        const { client, clock } = living.node.access;
        const status = await client.getFileStatus(caller, path);
        if (status === undefined) {
          assert.ok(states.includes(absent), `${path} is gone`);
          return;
        }
        const files = states.filter((each) => each.kind === 'file');
        assert.ok(files.length > 0, `${path} is there`);
        while (!await client.recoverLease(caller, path, this.#newClient())) await clock.sleep(500);
        const bytes = await this.#read(living, path);
        const fits = files.some((each) => bytes.length >= each.atLeast && bytes.length <= each.bytes.length && each.bytes.subarray(0, bytes.length).equals(bytes));
        assert.ok(fits, `${path} has ${bytes.length} bytes, none of ${files.map((each) => `${each.atLeast}…${each.bytes.length}`).join(', ')}, or other ones`);
        this.#files.set(path, bytes);
        found += 1;
      });
    }
    return found;
  }
}

/** So much is surely there. What was flushed is in the memory of machines: there it is safe from the end of processes only. */
function heldBy({ synced, flushed, powerCuts }: Writing, powerCutsNow: number): number {
  return powerCutsNow === powerCuts ? flushed : synced;
}

function same(path: string, found: Buffer, expected: Buffer): void {
  assert.equal(found.length, expected.length, `${path} has ${found.length} bytes, not ${expected.length}`);
  const at = found.findIndex((byte, index) => byte !== expected[index]);
  assert.equal(at, -1, `${path} has another byte at ${at}`);
}
