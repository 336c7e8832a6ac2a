/** The log on a disk against a dumb list: whatever was acknowledged is there after any crash, and else only a beginning of what was being written. */
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { integerBelow, seededRandom, type Random } from '../core/random.ts';
import { runSeeds, seedRange, seedsOf } from '../sim/testdata/seeds.ts';
import { FileError } from '../storage/file-system.ts';
import { MemoryDisk } from '../storage/memory-disk.ts';
import type { Entry } from './entry.ts';
import { LogStore, type HardState, type LogStoreLimits } from './log-store.ts';
import type { SnapshotId } from './snapshot-store.ts';

const told = (entry: Entry | undefined): string => (entry === undefined ? 'none' : `${entry.index} ${entry.term} ${entry.kind} ${Buffer.from(entry.data).toString('hex')}`);

class StoreLife {
  readonly #random: Random;
  readonly #disk = new MemoryDisk();
  readonly #limits: LogStoreLimits;
  #store!: LogStore;
  /** What the log holds; entry `i` stands at `index - 1 - #base`. */
  #entries: Entry[] = [];
  /** Index before the first entry that the model knows. */
  #base = 0;
  /** Entries up to here may have been dropped. */
  #compactedTo = 0;
  #hardState: HardState = { term: 0, vote: undefined };
  #snapshot: SnapshotId | undefined;
  #operationsLeft = Infinity;
  crashes = 0;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
    this.#limits = { segmentBytes: 50 + this.#below(600), cacheBytes: 50 + this.#below(600), tailEntries: this.#below(12) };
    this.#disk.fault = ({ path }) => {
      this.#operationsLeft -= 1;
      if (this.#operationsLeft < 0) throw new FileError('Io', path, 'the power is gone');
    };
  }

  async run(steps: number): Promise<void> {
    this.#store = await LogStore.open(this.#disk, this.#limits);
    for (let step = 0; step < steps; step += 1) {
      if (this.#below(3) === 0) this.#operationsLeft = this.#below(12);
      await this.#step();
      this.#operationsLeft = Infinity;
      await this.#check();
    }
    await this.#store.close();
  }

  get #last(): number {
    return this.#base + this.#entries.length;
  }

  #below(bound: number): number {
    return integerBelow(this.#random, bound);
  }

  #termAt(index: number): number | undefined {
    return index === this.#snapshot?.index ? this.#snapshot.term : this.#entries[index - 1 - this.#base]?.term;
  }

  async #step(): Promise<void> {
    switch (this.#below(9)) {
      case 0: return this.#restart();
      case 1: return this.#newTerm();
      case 2: return this.#takeSnapshot();
      case 3: return this.#below(4) === 0 ? this.#installSnapshot() : undefined;
      case 4: return this.#append(this.#snapshotIndex + 1 + this.#below(this.#last - this.#snapshotIndex + 1));
      default: return this.#append(this.#last + 1);
    }
  }

  get #snapshotIndex(): number {
    return this.#snapshot?.index ?? 0;
  }

  /** Whether it was done, or the power went meanwhile. */
  async #survives(what: () => Promise<void>): Promise<boolean> {
    try {
      await what();
      return true;
    } catch (error) {
      if (!(error instanceof FileError && this.#operationsLeft < 0)) throw error;
      return false;
    }
  }

  async #append(first: number): Promise<void> {
    const count = 1 + this.#below(5);
    const added: Entry[] = Array.from({ length: count }, (_, i) => ({
      index: first + i, term: this.#hardState.term, kind: this.#below(8) === 0 ? 'own' as const : 'data' as const, data: this.#random.bytes(this.#below(80)),
    }));
    const kept = this.#entries.slice(0, first - 1 - this.#base);
    if (await this.#survives(() => this.#store.append(added))) {
      this.#entries = [...kept, ...added];
      return;
    }
    const before = this.#entries;
    await this.#crash();
    const there = await this.#all();
    const isPrefixOf = (list: readonly Entry[]): boolean => there.length <= list.length && there.every((entry, i) => told(entry) === told(list[i]));
    const from = this.#store.terms.firstIndex - 1 - this.#base;
    assert.ok(there.length >= kept.length - from, `${kept.length} entries were acknowledged, and ${there.length + from} are there`);
    assert.ok(isPrefixOf(before.slice(from)) || isPrefixOf([...kept, ...added].slice(from)), 'what is there is neither the log of before nor of after');
    this.#entries = [...before.slice(0, from), ...there];
  }

  async #newTerm(): Promise<void> {
    const before = this.#hardState;
    const after = { term: before.term + this.#below(2), vote: `m${this.#below(3)}` };
    if (await this.#survives(() => this.#store.saveHardState(after))) {
      this.#hardState = after;
      return;
    }
    await this.#crash();
    const { hardState } = this.#store;
    assert.ok(hardState.term === after.term ? hardState.vote === after.vote || hardState.vote === before.vote : hardState.term === before.term);
    this.#hardState = hardState;
  }

  async #takeSnapshot(): Promise<void> {
    const index = this.#snapshotIndex + this.#below(this.#last - this.#snapshotIndex + 1);
    const term = this.#termAt(index);
    if (index === this.#snapshotIndex || term === undefined) return;
    if (!await this.#saveSnapshot({ index, term })) return;
    this.#compactedTo = Math.max(this.#compactedTo, index - this.#limits.tailEntries);
    if (!await this.#survives(() => this.#store.compact(index))) await this.#crash();
  }

  /** One that is not of this log: it takes its place. */
  async #installSnapshot(): Promise<void> {
    const index = this.#snapshotIndex + 1 + this.#below(20);
    const term = this.#hardState.term;
    if (this.#termAt(index) === term || term === 0) return;
    if (!await this.#saveSnapshot({ index, term })) return;
    const begins = (): void => {
      this.#entries = [];
      this.#base = index;
      this.#compactedTo = index;
    };
    if (await this.#survives(() => this.#store.restartAt({ index, term }))) return begins();
    begins();
    return this.#crash();
  }

  async #saveSnapshot(id: SnapshotId): Promise<boolean> {
    const text = Buffer.from(`${id.index} ${id.term}`);
    if (await this.#survives(() => this.#store.snapshots.write(id, (async function* pieces() {
      yield text;
    })()))) {
      this.#snapshot = id;
      return true;
    }
    await this.#crash(id);
    return false;
  }

  async #restart(): Promise<void> {
    await this.#survives(() => this.#store.close());
    await this.#crash(undefined, this.#below(2) === 0);
  }

  /** The process ends, and perhaps the power goes too; it may end again while it starts. `perhaps`: a snapshot that was being written. */
  async #crash(perhaps?: SnapshotId, gracefully = false): Promise<void> {
    this.crashes += 1;
    for (;;) {
      if (!gracefully && this.#below(2) === 0) this.#disk.crash(this.#random);
      this.#operationsLeft = this.#below(2) === 0 ? Infinity : this.#below(15);
      if (await this.#survives(async () => {
        this.#store = await LogStore.open(this.#disk, this.#limits);
      })) break;
    }
    this.#operationsLeft = Infinity;
    const { newest } = this.#store.snapshots;
    if (perhaps === undefined || newest?.index !== perhaps.index) return;
    assert.deepEqual(newest, perhaps);
    const stays = this.#termAt(perhaps.index) === perhaps.term;
    this.#snapshot = perhaps;
    if (stays) return;
    this.#entries = [];
    this.#base = perhaps.index;
    this.#compactedTo = perhaps.index;
  }

  async #all(): Promise<readonly Entry[]> {
    const entries: Entry[] = [];
    for (let from = this.#store.terms.firstIndex; from <= this.#store.lastIndex;) {
      const some = await this.#store.read(from, this.#store.lastIndex, 1 + this.#below(300));
      assert.ok(some.length > 0, `entry ${from} is not there`);
      entries.push(...some);
      from += some.length;
    }
    return entries;
  }

  async #check(): Promise<void> {
    const store = this.#store;
    assert.deepEqual(store.hardState, this.#hardState);
    assert.deepEqual(store.snapshots.newest, this.#snapshot);
    if (this.#snapshot !== undefined) {
      const pieces: Uint8Array[] = [];
      for await (const piece of store.snapshots.read(this.#snapshot)) pieces.push(piece);
      assert.equal(Buffer.concat(pieces).toString(), `${this.#snapshot.index} ${this.#snapshot.term}`);
    }
    assert.equal(store.lastIndex, this.#last);
    const first = store.terms.firstIndex;
    assert.ok(first <= Math.max(this.#base, this.#compactedTo) + 1, `the log begins at ${first}, though it was compacted to ${this.#compactedTo} only`);
    const there = await this.#all();
    assert.deepEqual(there.map(told), this.#entries.slice(first - 1 - this.#base).map(told));
    for (const entry of there) assert.equal(store.terms.termAt(entry.index), entry.term);
  }
}

const range = seedRange(100);

test(`the log on a disk is what a list is, over ${range.count} lives with crashes from seed ${range.from} on`, async () => {
  let crashes = 0;
  await runSeeds(seedsOf(range), (seed) => {
    const life = new StoreLife(seed);
    return {
      run: async () => {
        await life.run(80);
        crashes += life.crashes;
      },
      history: [],
    };
  });
  assert.ok(crashes > 0);
});
