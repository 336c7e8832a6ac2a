/**
 * The log of one member on its disk: identity, hard state (term, vote), segments of entries, the newest snapshots. What `append` and `saveVote` have
 * resolved for survives a crash.
 */
import { crc32c } from '@node-rs/crc32';
import { assert } from '../core/assert.ts';
import type { Disk } from '../storage/disk.ts';
import type { Entry } from './entry.ts';
import { LogError } from './replicated-log.ts';
import { Segment, segmentFirst } from './segment.ts';
import { SnapshotStore, type SnapshotId } from './snapshot-store.ts';
import { TermIndex } from './term-index.ts';

export interface HardState {
  readonly term: number;
  /** Whom this member has voted for in the term; `-`: it may vote for nobody in it. */
  readonly vote: string | undefined;
}

export interface Identity {
  readonly groupId: string;
  readonly member: string;
  /** The disk was empty in a group that is older: see `recovery` in `raft-core.ts`. */
  readonly recovering: boolean;
  /** Unique for each disk that the member ever had. */
  readonly disk: string;
}

export interface LogStoreLimits {
  readonly segmentBytes: number;
  /** Entries kept in memory for followers and for being applied. */
  readonly cacheBytes: number;
  /** Entries kept before a snapshot, so that a follower slightly behind needs no snapshot. */
  readonly tailEntries: number;
}

export const defaultLogStoreLimits: LogStoreLimits = { segmentBytes: 64 * 1024 * 1024, cacheBytes: 8 * 1024 * 1024, tailEntries: 10_000 };

const identityFile = 'identity.json';
const hardStateFile = 'hard-state.json';

export class LogStore {
  readonly snapshots: SnapshotStore;
  readonly #disk: Disk;
  readonly #limits: LogStoreLimits;
  hardState: HardState = { term: 0, vote: undefined };
  identity: Identity | undefined;
  #segments: Segment[] = [];
  readonly terms = new TermIndex();
  #cache: Entry[] = [];
  #cacheBytes = 0;

  private constructor(disk: Disk, limits: LogStoreLimits) {
    this.#disk = disk;
    this.#limits = limits;
    this.snapshots = new SnapshotStore(disk);
  }

  /** Rejects with `LogError` Corrupt. */
  static async open(disk: Disk, limits: LogStoreLimits = defaultLogStoreLimits): Promise<LogStore> {
    const store = new LogStore(disk, limits);
    // What a process left behind that ended before its sync is read here and counts from now on: it must not vanish when the power goes.
    await disk.syncDirectory('');
    store.identity = await readChecked<Identity>(disk, identityFile);
    store.hardState = await readChecked<HardState>(disk, hardStateFile) ?? store.hardState;
    await store.snapshots.load();
    const { newest } = store.snapshots;
    if (newest !== undefined) store.#beginAt(newest);
    await store.#openSegments();
    const lastTerm = store.#segments.length > 0 ? store.terms.termAt(store.lastIndex) ?? 0 : 0;
    if (store.lastIndex > (newest?.index ?? 0) && lastTerm > store.hardState.term) {
      throw new LogError('Corrupt', `the log has an entry of term ${lastTerm}, but its file ${hardStateFile} knows of term ${store.hardState.term} only: restore the disk, or empty it so that the other members fill it`);
    }
    return store;
  }

  /** Nothing was ever stored. */
  get empty(): boolean {
    return this.#segments.length === 0 && this.snapshots.newest === undefined && this.hardState.term === 0;
  }

  get lastIndex(): number {
    return this.terms.lastIndex;
  }

  async saveIdentity(identity: Identity): Promise<void> {
    await writeChecked(this.#disk, identityFile, identity);
    this.identity = identity;
  }

  async saveHardState(hardState: HardState): Promise<void> {
    await writeChecked(this.#disk, hardStateFile, hardState);
    this.hardState = hardState;
  }

  /** Follows on the log, or replaces it from the first entry's index on. Durable once it resolves. One call at a time. */
  async append(entries: readonly Entry[]): Promise<void> {
    const first = entries[0];
    if (first === undefined) return;
    assert(first.index <= this.lastIndex + 1, `the log ends at ${this.lastIndex}: entry ${first.index} does not follow`);
    if (first.index <= this.lastIndex) await this.#truncate(first.index);
    let segment = this.#segments.at(-1);
    if (segment === undefined || segment.bytes >= this.#limits.segmentBytes || segment.lastIndex + 1 !== first.index) {
      segment = await Segment.create(this.#disk, first.index);
      this.#segments.push(segment);
    }
    await segment.append(entries);
    for (const entry of entries) this.#remember(entry);
  }

  /** At least one entry, at most about `bytesMax`; none when the log no longer has `from`. */
  async read(from: number, to: number, bytesMax: number): Promise<readonly Entry[]> {
    if (from > this.lastIndex || from > to) return [];
    const cached = this.#cache[0];
    if (cached !== undefined && cached.index <= from) {
      const entries: Entry[] = [];
      let bytes = 0;
      for (let i = from - cached.index; i < this.#cache.length && (entries.length === 0 || bytes <= bytesMax); i += 1) {
        const entry = this.#cache[i];
        if (entry === undefined || entry.index > to) break;
        entries.push(entry);
        bytes += entry.data.length;
      }
      return entries;
    }
    const segment = this.#segments.findLast((each) => each.firstIndex <= from && each.lastIndex >= from);
    return segment === undefined ? [] : segment.read(from, to, bytesMax);
  }

  /** After a snapshot: removes segments that only hold what it covers, but for a tail. */
  async compact(snapshotIndex: number): Promise<void> {
    const until = snapshotIndex - this.#limits.tailEntries;
    while (this.#segments.length > 1 && (this.#segments[0]?.lastIndex ?? 0) <= until) {
      const [oldest, ...rest] = this.#segments;
      this.#segments = rest;
      if (oldest !== undefined) await this.#drop(oldest);
    }
    this.terms.firstIndex = this.#segments[0]?.firstIndex ?? this.lastIndex + 1;
  }

  /** The log begins anew after a snapshot that came from the leader; whatever was here goes. */
  async restartAt(snapshot: SnapshotId): Promise<void> {
    await this.#dropAll();
    this.#beginAt(snapshot);
  }

  async close(): Promise<void> {
    for (const segment of this.#segments) await segment.close();
  }

  #beginAt({ index, term }: SnapshotId): void {
    this.terms.restart(index, term);
    this.#cache = [];
    this.#cacheBytes = 0;
  }

  async #openSegments(): Promise<void> {
    const names = (await this.#disk.list('')).map(({ name }) => name).filter((name) => /^log-\d{16}$/.test(name));
    const snapshot = this.snapshots.newest?.index ?? 0;
    let expected: number | undefined;
    for (const [i, name] of names.entries()) {
      const segment = await Segment.open(this.#disk, name, i === names.length - 1, (entry) => {
        if (expected === undefined && entry.index === segmentFirst(name)) this.#beginBefore(entry.index, snapshot);
        // A copy: the entry's bytes are part of the whole file's.
        this.#remember({ ...entry, data: Uint8Array.prototype.slice.call(entry.data) });
      });
      if (expected !== undefined && segment.firstIndex !== expected) {
        throw new LogError('Corrupt', `the log lacks the entries from ${expected} to ${segment.firstIndex - 1}: restore the disk, or empty it so that the other members fill it`);
      }
      expected = segment.lastIndex + 1;
      this.#segments.push(segment);
    }
    const { newest } = this.snapshots;
    if (newest === undefined || expected === undefined) return;
    // A snapshot came from the leader just before the end, and the log ends before it or is not the one that it was made of (§7).
    const term = this.terms.termAt(newest.index);
    if (expected <= snapshot || (term !== undefined && term !== newest.term)) await this.restartAt(newest);
  }

  /** The newest first: whatever a crash leaves begins where it began. */
  async #dropAll(): Promise<void> {
    for (let segment = this.#segments.pop(); segment !== undefined; segment = this.#segments.pop()) await this.#drop(segment);
  }

  /** Durable each time, so that no later removal outlives an earlier one and leaves a gap. */
  async #drop(segment: Segment): Promise<void> {
    await segment.close();
    await this.#disk.remove(segment.name);
    await this.#disk.syncDirectory('');
  }

  /** The oldest entry that is there. */
  #beginBefore(index: number, snapshot: number): void {
    if (index > snapshot + 1) throw new LogError('Corrupt', `the log begins at ${index}, but the newest snapshot ends at ${snapshot}`);
    // The term of the entry before is known where the snapshot ends there.
    if (index !== snapshot + 1) this.terms.restart(index - 1, undefined);
  }

  async #truncate(index: number): Promise<void> {
    while ((this.#segments.at(-1)?.firstIndex ?? 0) >= index) {
      const segment = this.#segments.pop();
      if (segment !== undefined) await this.#drop(segment);
    }
    const last = this.#segments.at(-1);
    if (last !== undefined && last.lastIndex >= index) await last.truncate(index);
    this.terms.truncate(index);
    const cached = this.#cache[0]?.index ?? index;
    this.#cache = this.#cache.slice(0, Math.max(0, index - cached));
    this.#cacheBytes = this.#cache.reduce((sum, { data }) => sum + data.length, 0);
  }

  #remember(entry: Entry): void {
    this.terms.append(entry);
    this.#cache.push(entry);
    this.#cacheBytes += entry.data.length;
    if (this.#cacheBytes <= this.#limits.cacheBytes * 2) return;
    let drop = 0;
    while (this.#cacheBytes > this.#limits.cacheBytes && drop < this.#cache.length - 1) {
      this.#cacheBytes -= this.#cache[drop]?.data.length ?? 0;
      drop += 1;
    }
    this.#cache = this.#cache.slice(drop);
  }
}

async function readChecked<T>(disk: Disk, name: string): Promise<T | undefined> {
  if ((await disk.stat(name)) === undefined) return undefined;
  const file = await disk.open(name, 'read');
  const bytes = Buffer.alloc(await file.size());
  await file.read(bytes, 0);
  await file.close();
  const text = bytes.toString();
  const newline = text.indexOf('\n');
  if (newline < 0 || Number(text.slice(newline + 1)) !== crc32c(text.slice(0, newline))) throw new LogError('Corrupt', `the log's file ${name} is damaged`);
  return JSON.parse(text.slice(0, newline)) as T;
}

async function writeChecked(disk: Disk, name: string, value: unknown): Promise<void> {
  const text = JSON.stringify(value);
  const temporary = `${name}.new`;
  await disk.remove(temporary);
  const file = await disk.open(temporary, 'create');
  await file.write(Buffer.from(`${text}\n${crc32c(text)}`), 0);
  await file.sync();
  await file.close();
  await disk.rename(temporary, name);
  await disk.syncDirectory('');
}
