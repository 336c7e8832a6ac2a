/** Datanodes come, fall silent, die, and are asked to go. */
import type { DatanodeAddress } from '../../model.ts';
import { replicaState } from './block-table.ts';
import { countTopology, dropReplica, isWorking, redundancyOf, datanodesWith, type BlockState } from './block-state.ts';
import { beginRound } from './block-reports.ts';
import type { DatanodeEntry } from './datanode-table.ts';
import { reviewBlock } from './redundancy.ts';

/** What a dead datanode had is struck off in slices, so that a large one stops nothing else. */
const dropsPerTick = 100_000;

export function registerDatanode(state: BlockState, address: DatanodeAddress, nowMs: number): void {
  const namesake = state.datanodes.byName(address.name);
  // The pod has come back with new disks: what it had before is gone.
  if (namesake !== undefined && namesake.address.uuid !== address.uuid) forgetDatanode(state, namesake);
  const known = state.datanodes.byUuid(address.uuid);
  if (known?.dead === true) forgetDatanode(state, known);
  const entry = state.datanodes.byUuid(address.uuid) ?? state.datanodes.add(address, nowMs);
  entry.address = address;
  entry.lastContactMs = nowMs;
  entry.confirmation = 'reporting';
  entry.transfersToStart = [];
  entry.recoveries = [];
  entry.reportWanted = false;
  entry.garbage = false;
  beginRound(entry);
  entry.leaving = state.leaving.has(address.name);
  entry.left = false;
  countTopology(state);
}

/** Dead: nothing is read from it or written to it, and all that it had is copied again. */
export function findDead(state: BlockState, nowMs: number): void {
  for (const entry of state.datanodes.live()) {
    if (nowMs - entry.lastContactMs > state.options.deadAfterMs) markDead(state, entry);
  }
  for (const entry of state.datanodes.all()) {
    if (!entry.dead) continue;
    if (!entry.struckOff) entry.struckOff = strikeOff(state, entry, dropsPerTick) === 0;
    // One that was empty when it went is not missed.
    if (entry.struckOff && entry.left) forgetDatanode(state, entry);
  }
}

function markDead(state: BlockState, entry: DatanodeEntry): void {
  entry.dead = true;
  entry.invalidate.clear();
  entry.transfersToStart = [];
  entry.recoveries = [];
  state.constructions.dropDatanode(entry.index);
  state.postponed.dropDatanode(entry.index);
  const awaited = state.pending.dropDatanode(entry.index);
  countTopology(state);
  for (const id of awaited) {
    if (state.table.has(id)) reviewBlock(state, id);
  }
}

/** Resolves to how many replicas remain to be struck off. */
function strikeOff(state: BlockState, entry: DatanodeEntry, limit: number): number {
  const blocks = state.table.blocksOn(entry.index);
  for (const id of blocks.slice(0, limit)) {
    dropReplica(state, id, entry.index);
    reviewBlock(state, id);
  }
  return Math.max(0, blocks.length - limit);
}

function forgetDatanode(state: BlockState, entry: DatanodeEntry): void {
  if (!entry.dead) markDead(state, entry);
  if (!entry.struckOff) strikeOff(state, entry, Infinity);
  state.datanodes.remove(entry);
}

/** The whole set of names that are to go; others that were asked to go stay after all. */
export function setLeaving(state: BlockState, names: ReadonlySet<string>): void {
  state.leaving = names;
  const changed = state.datanodes.all().filter((entry) => entry.leaving !== names.has(entry.address.name));
  for (const entry of changed) {
    entry.leaving = names.has(entry.address.name);
    entry.left = false;
  }
  countTopology(state);
  for (const entry of changed) {
    for (const id of state.table.blocksOn(entry.index)) reviewBlock(state, id);
  }
}

/** Finds out which of the datanodes that are to go may go. Costs a look at the whole table for each. */
export function reviewLeaving(state: BlockState): void {
  for (const entry of state.datanodes.live()) {
    if (!entry.leaving) continue;
    entry.hinderingBlocks = hinderingBlocks(state, entry).length;
    // Once gone, gone: blocks that become scarce later are others' to copy.
    if (!entry.left) entry.left = isWorking(state) && entry.confirmation === 'confirmed' && entry.hinderingBlocks === 0;
  }
}

/** Blocks that would have too few replicas, or a writer less, if the datanode went now. */
export function hinderingBlocks(state: BlockState, entry: DatanodeEntry): number[] {
  const scarce = state.table.blocksOn(entry.index).filter((id) => {
    if (!state.table.isCommitted(id)) return false;
    if (!datanodesWith(state, id, (code) => code === replicaState.good).includes(entry)) return false;
    const { live, expected } = redundancyOf(state, id);
    return live < expected;
  });
  return [...scarce, ...state.constructions.blocksOn(entry.index)];
}

/** On every datanode at once: another namenode may have ordered removals that are not known here. */
export function doubtDatanodes(state: BlockState): void {
  for (const entry of state.datanodes.live()) {
    entry.confirmation = 'awaitingHeartbeat';
    if (entry.garbage) entry.reportWanted = true;
    entry.garbage = false;
  }
}

/** After safe mode: what datanodes have shown in vain until now, they show again. */
export function askForGarbage(state: BlockState): void {
  for (const entry of state.datanodes.live()) {
    if (entry.garbage) entry.reportWanted = true;
    entry.garbage = false;
  }
}
