/** All that the block manager knows, and the few changes that everything else is made of. */
import type { Random } from '../../../core/random.ts';
import type { Block } from '../../model.ts';
import { BlockTable, datanodeOf, packReplica, replicaState, roundOf, stateOf, type ReplicaStateCode } from './block-table.ts';
import { Constructions } from './constructions.ts';
import { DatanodeTable, type DatanodeEntry } from './datanode-table.ts';
import { PendingCopies } from './pending-copies.ts';
import { PostponedReports } from './postponed-reports.ts';
import { priorityOf, ReplicationQueue, type Redundancy } from './replication-queue.ts';
import { SafeMode, type SafeModeCounts, type SafeModeRule } from './safe-mode.ts';

export interface BlockManagerOptions {
  readonly deadAfterMs: number;
  /** Silent for longer: avoided by writers and readers. */
  readonly staleAfterMs: number;
  readonly safeMode: SafeModeRule;
  /** Of copies, per datanode, bytes per second: how long a copy may take follows from it. */
  readonly transferBandwidth: number;
  /** How long a copy may take beside the time that its bytes need. */
  readonly copyTimeoutMs: number;
  /** How long datanodes may take to report a block that was just written before it counts as under-replicated. */
  readonly reportGraceMs: number;
  readonly invalidatesPerHeartbeat: number;
  readonly postponedReportsMax: number;
}

export const defaultBlockManagerOptions: Omit<BlockManagerOptions, 'deadAfterMs' | 'staleAfterMs' | 'safeMode' | 'transferBandwidth'> = {
  copyTimeoutMs: 60_000, reportGraceMs: 10_000, invalidatesPerHeartbeat: 1000, postponedReportsMax: 200_000,
};

/** Where the journal stands: block ids and stamps from here on have not been given out as far as this namenode knows. */
export interface BlockCounters {
  readonly nextBlockId: number;
  readonly nextGenerationStamp: number;
}

export interface BlockState {
  readonly options: BlockManagerOptions;
  readonly random: Random;
  readonly counters: () => BlockCounters;
  readonly table: BlockTable;
  readonly datanodes: DatanodeTable;
  readonly constructions: Constructions;
  readonly queue: ReplicationQueue;
  readonly pending: PendingCopies;
  readonly postponed: PostponedReports;
  readonly safeMode: SafeMode;
  /** Block → datanode → the version that it has, for replicas that are corrupt or stale. */
  readonly faulty: Map<number, Map<number, Block>>;
  /** Names of datanodes that are to go, registered or not. */
  leaving: ReadonlySet<string>;
  active: boolean;
  /** Committed blocks, and those of them with a good replica. */
  committedBlocks: number;
  safeBlocks: number;
  /** Of datanodes that can take replicas. */
  racks: number;
  machines: number;
}

export function newBlockState(options: BlockManagerOptions, random: Random, counters: () => BlockCounters): BlockState {
  return {
    options, random, counters, table: new BlockTable(), datanodes: new DatanodeTable(), constructions: new Constructions(), queue: new ReplicationQueue(),
    pending: new PendingCopies(), postponed: new PostponedReports(options.postponedReportsMax), safeMode: new SafeMode(options.safeMode), faulty: new Map(),
    leaving: new Set(), active: false, committedBlocks: 0, safeBlocks: 0, racks: 0, machines: 0,
  };
}

/** Only then are replicas copied and removed. */
export const isWorking = (state: BlockState): boolean => state.active && !state.safeMode.on;

export const safeModeCounts = (state: BlockState): SafeModeCounts => ({
  blocks: state.committedBlocks, safeBlocks: state.safeBlocks, liveDatanodes: state.datanodes.live().length,
});

function hasGood(state: BlockState, id: number): boolean {
  for (const replica of state.table.replicas(id)) {
    if (stateOf(replica) === replicaState.good) return true;
  }
  return false;
}

function counting(state: BlockState, id: number, change: () => void): void {
  if (!state.table.isCommitted(id)) return change();
  const before = hasGood(state, id);
  change();
  const after = hasGood(state, id);
  if (before !== after) state.safeBlocks += after ? 1 : -1;
  return undefined;
}

/** `version` of a corrupt or stale replica: what its removal will name. */
export function setReplica(state: BlockState, id: number, datanode: DatanodeEntry, code: ReplicaStateCode, version?: Block): void {
  counting(state, id, () => state.table.setReplica(id, packReplica(datanode.index, code, datanode.round)));
  const faulty = state.faulty.get(id);
  if (version === undefined) {
    faulty?.delete(datanode.index);
    if (faulty?.size === 0) state.faulty.delete(id);
  } else if (faulty === undefined) {
    state.faulty.set(id, new Map([[datanode.index, version]]));
  } else {
    faulty.set(datanode.index, version);
  }
}

/** The datanode's replica has been seen in this round of reports. */
export function confirmReplica(state: BlockState, id: number, datanode: DatanodeEntry, code: ReplicaStateCode): void {
  state.table.setReplica(id, packReplica(datanode.index, code, datanode.round));
}

export function dropReplica(state: BlockState, id: number, datanode: number): void {
  counting(state, id, () => state.table.removeReplica(id, datanode));
  const faulty = state.faulty.get(id);
  faulty?.delete(datanode);
  if (faulty?.size === 0) state.faulty.delete(id);
}

/** Datanodes with a good replica of a committed block; those that are dead do not count though their replicas may still be listed. */
export function goodDatanodes(state: BlockState, id: number): DatanodeEntry[] {
  return datanodesWith(state, id, (code) => code === replicaState.good).filter((each) => !each.dead);
}

/** With a replica in any state. */
export function datanodesWith(state: BlockState, id: number, wanted: (code: number) => boolean = () => true): DatanodeEntry[] {
  const found: DatanodeEntry[] = [];
  for (const replica of state.table.replicas(id)) {
    if (wanted(stateOf(replica))) found.push(state.datanodes.get(datanodeOf(replica)));
  }
  return found;
}

export function redundancyOf(state: BlockState, id: number): Redundancy {
  let live = 0;
  let leaving = 0;
  let first: DatanodeEntry | undefined;
  let racks = 1;
  let machines = 1;
  for (const replica of state.table.replicas(id)) {
    if (stateOf(replica) !== replicaState.good) continue;
    const entry = state.datanodes.get(datanodeOf(replica));
    if (entry.dead) continue;
    if (entry.leaving) {
      leaving += 1;
      continue;
    }
    live += 1;
    if (first === undefined) first = entry;
    if (first.address.rack !== entry.address.rack) racks = 2;
    if (first.address.machine !== entry.address.machine) machines = 2;
  }
  const expected = state.table.replication(id);
  const crowded = expected > 1 && live > 1 && ((racks === 1 && state.racks > 1) || (machines === 1 && state.machines > 1));
  return { live, leaving, expected, crowded };
}

/** Puts the block into the queue that it belongs to. */
export function queueBlock(state: BlockState, id: number): Redundancy {
  const redundancy = redundancyOf(state, id);
  const awaited = state.pending.awaited(id);
  const justWritten = awaited > 0 && redundancy.live > 0 && redundancy.live + awaited >= redundancy.expected;
  state.queue.set(id, justWritten ? undefined : priorityOf(redundancy));
  return redundancy;
}

export function countTopology(state: BlockState): void {
  const usable = state.datanodes.live().filter((each) => !each.leaving);
  state.racks = new Set(usable.map((each) => each.address.rack)).size;
  state.machines = new Set(usable.map((each) => each.address.machine)).size;
}

/** Whether the datanode surely has its replica still, so that others may be removed. */
export function isConfirmed(state: BlockState, id: number, entry: DatanodeEntry): boolean {
  const replica = state.table.replicaOn(id, entry.index);
  if (replica === 0 || entry.dead) return false;
  return entry.confirmation === 'confirmed' || (entry.confirmation === 'reporting' && roundOf(replica) === entry.round);
}
