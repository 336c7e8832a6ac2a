/**
 * Every block of the name space with the datanodes that have it: about 31 bytes a block with up to three replicas, in pages of typed arrays. Block
 * ids are dense counters, so a page and a position follow from the id; a page whose blocks are all gone is given back.
 */
import { assert } from '../../../core/assert.ts';
import { firstBlockId, type Block } from '../../model.ts';

const pageBlocks = 4096;
const inlineReplicas = 3;

/** What is known of one replica of a committed block. */
export const replicaState = {
  /** Final, of the right version. */
  good: 1,
  /** Good, but one too many: its removal has been decided. It counts for nothing until the datanode says that it is gone. */
  excess: 2,
  /** Its data is damaged. Stays so until it is gone. */
  corrupt: 3,
  /** An old stamp or a wrong length. A later report may clear it. */
  stale: 4,
} as const;
export type ReplicaStateCode = (typeof replicaState)[keyof typeof replicaState];

/** A replica as one number: bits 0–15 the datanode's index + 1 (0: an empty place), 16–18 the state, 19–26 the round of reports that last saw it. */
export type PackedReplica = number;
export const datanodesMax = 0xfffe;
export const packReplica = (datanode: number, state: ReplicaStateCode, round: number): PackedReplica => (datanode + 1) | (state << 16) | ((round & 0xff) << 19);
export const datanodeOf = (replica: PackedReplica): number => (replica & 0xffff) - 1;
export const stateOf = (replica: PackedReplica): number => (replica >>> 16) & 0b111;
export const roundOf = (replica: PackedReplica): number => (replica >>> 19) & 0xff;

class Page {
  readonly stamps = new Float64Array(pageBlocks);
  readonly bytes = new Float64Array(pageBlocks);
  /** 0: no such block. */
  readonly replication = new Uint16Array(pageBlocks);
  readonly committed = new Uint8Array(pageBlocks);
  readonly replicas = new Uint32Array(pageBlocks * inlineReplicas);
  blocks = 0;
}

const pageOf = (id: number): number => Math.floor((id - firstBlockId) / pageBlocks);
const placeOf = (id: number): number => (id - firstBlockId) % pageBlocks;

export interface BlockRecord extends Block {
  readonly replication: number;
  readonly committed: boolean;
}

export class BlockTable {
  readonly #pages: (Page | undefined)[] = [];
  /** Replicas that have no place in the page. */
  readonly #overflow = new Map<number, PackedReplica[]>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  has(id: number): boolean {
    const page = this.#pages[pageOf(id)];
    return page !== undefined && page.replication[placeOf(id)] !== 0;
  }

  add(record: BlockRecord): void {
    assert(record.id >= firstBlockId && record.replication > 0, `block ${record.id} cannot be one`);
    const number = pageOf(record.id);
    const page = (this.#pages[number] ??= new Page());
    const place = placeOf(record.id);
    assert(page.replication[place] === 0, `block ${record.id} is added twice`);
    page.stamps[place] = record.generationStamp;
    page.bytes[place] = record.bytes;
    page.replication[place] = record.replication;
    page.committed[place] = record.committed ? 1 : 0;
    page.blocks += 1;
    this.#size += 1;
  }

  /** With all that is known of its replicas. */
  remove(id: number): void {
    const [page, place] = this.#at(id);
    page.replication[place] = 0;
    page.replicas.fill(0, place * inlineReplicas, (place + 1) * inlineReplicas);
    this.#overflow.delete(id);
    page.blocks -= 1;
    this.#size -= 1;
    if (page.blocks === 0) this.#pages[pageOf(id)] = undefined;
  }

  clear(): void {
    this.#pages.length = 0;
    this.#overflow.clear();
    this.#size = 0;
  }

  record(id: number): BlockRecord | undefined {
    if (!this.has(id)) return undefined;
    const [page, place] = this.#at(id);
    return {
      id, generationStamp: page.stamps[place] ?? 0, bytes: page.bytes[place] ?? 0,
      replication: page.replication[place] ?? 0, committed: page.committed[place] === 1,
    };
  }

  stamp(id: number): number {
    const [page, place] = this.#at(id);
    return page.stamps[place] ?? 0;
  }

  bytes(id: number): number {
    const [page, place] = this.#at(id);
    return page.bytes[place] ?? 0;
  }

  replication(id: number): number {
    const [page, place] = this.#at(id);
    return page.replication[place] ?? 0;
  }

  isCommitted(id: number): boolean {
    const page = this.#pages[pageOf(id)];
    return page !== undefined && page.committed[placeOf(id)] === 1 && page.replication[placeOf(id)] !== 0;
  }

  update(id: number, change: { readonly generationStamp?: number; readonly bytes?: number; readonly replication?: number; readonly committed?: boolean }): void {
    const [page, place] = this.#at(id);
    if (change.generationStamp !== undefined) page.stamps[place] = change.generationStamp;
    if (change.bytes !== undefined) page.bytes[place] = change.bytes;
    if (change.replication !== undefined) page.replication[place] = change.replication;
    if (change.committed !== undefined) page.committed[place] = change.committed ? 1 : 0;
  }

  replicas(id: number): PackedReplica[] {
    const [page, place] = this.#at(id);
    const found: PackedReplica[] = [];
    for (let at = place * inlineReplicas; at < (place + 1) * inlineReplicas; at += 1) {
      const replica = page.replicas[at] ?? 0;
      if (replica !== 0) found.push(replica);
    }
    if (this.#overflow.size > 0) {
      const more = this.#overflow.get(id);
      if (more !== undefined) found.push(...more);
    }
    return found;
  }

  /** 0 when the datanode has none. */
  replicaOn(id: number, datanode: number): PackedReplica {
    const [page, place] = this.#at(id);
    for (let at = place * inlineReplicas; at < (place + 1) * inlineReplicas; at += 1) {
      const replica = page.replicas[at] ?? 0;
      if ((replica & 0xffff) === datanode + 1) return replica;
    }
    if (this.#overflow.size === 0) return 0;
    return this.#overflow.get(id)?.find((each) => datanodeOf(each) === datanode) ?? 0;
  }

  /** Adds the replica, or changes what is known of the datanode's. */
  setReplica(id: number, replica: PackedReplica): void {
    const [page, place] = this.#at(id);
    let free = -1;
    for (let at = place * inlineReplicas; at < (place + 1) * inlineReplicas; at += 1) {
      const each = page.replicas[at] ?? 0;
      if ((each & 0xffff) === (replica & 0xffff)) {
        page.replicas[at] = replica;
        return;
      }
      if (each === 0 && free < 0) free = at;
    }
    const more = this.#overflow.get(id);
    const index = more?.findIndex((each) => (each & 0xffff) === (replica & 0xffff)) ?? -1;
    if (more !== undefined && index >= 0) more[index] = replica;
    else if (free >= 0) page.replicas[free] = replica;
    else if (more === undefined) this.#overflow.set(id, [replica]);
    else more.push(replica);
  }

  removeReplica(id: number, datanode: number): void {
    const [page, place] = this.#at(id);
    for (let at = place * inlineReplicas; at < (place + 1) * inlineReplicas; at += 1) {
      if (((page.replicas[at] ?? 0) & 0xffff) === datanode + 1) page.replicas[at] = 0;
    }
    const more = this.#overflow.get(id);
    if (more === undefined) return;
    const rest = more.filter((each) => datanodeOf(each) !== datanode);
    if (rest.length === 0) this.#overflow.delete(id);
    else this.#overflow.set(id, rest);
  }

  /** Blocks with a replica on the datanode. Looks at the whole table: some milliseconds for a million blocks. */
  blocksOn(datanode: number): number[] {
    const found: number[] = [];
    this.#pages.forEach((page, number) => {
      if (page === undefined) return;
      const { replicas } = page;
      for (let at = 0; at < replicas.length; at += 1) {
        if (((replicas[at] ?? 0) & 0xffff) === datanode + 1) found.push(firstBlockId + number * pageBlocks + Math.floor(at / inlineReplicas));
      }
    });
    for (const [id, more] of this.#overflow) {
      if (more.some((each) => datanodeOf(each) === datanode)) found.push(id);
    }
    return found;
  }

  /** In order of id. The table must not lose blocks meanwhile but those visited. */
  forEach(visit: (id: number) => void): void {
    this.#pages.forEach((page, number) => {
      if (page === undefined) return;
      for (let place = 0; place < pageBlocks; place += 1) {
        if (page.replication[place] !== 0) visit(firstBlockId + number * pageBlocks + place);
      }
    });
  }

  #at(id: number): readonly [Page, number] {
    const page = this.#pages[pageOf(id)];
    assert(page !== undefined, `block ${id} is not in the table`);
    return [page, placeOf(id)];
  }
}
