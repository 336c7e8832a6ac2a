/** What the journal says of blocks, in the order of its entries, on every namenode alike. */
import type { Block } from '../../model.ts';
import { replicaState } from './block-table.ts';
import { datanodesWith, dropReplica, isWorking, setReplica, type BlockState } from './block-state.ts';
import { noteReplica } from './block-reports.ts';
import type { ConstructedReplica } from './constructions.ts';
import type { DatanodeEntry } from './datanode-table.ts';
import { reviewBlock } from './redundancy.ts';

export interface NewBlock extends Block {
  readonly replication: number;
  readonly committed: boolean;
}

/** A block that was allocated, or one that an image tells of. */
export function addBlock(state: BlockState, block: NewBlock): void {
  state.table.add(block);
  if (block.committed) state.committedBlocks += 1;
  else state.constructions.begin(block.id, []);
  takePostponed(state, block.id);
}

/** Its length is final. The replicas of this version and length are good from now on. */
export function commitBlock(state: BlockState, block: Block, nowMs: number): void {
  const { table } = state;
  const { id, generationStamp, bytes } = block;
  const wasCommitted = table.isCommitted(id);
  const replicas = state.constructions.end(id);
  if (wasCommitted) uncount(state, id);
  table.update(id, { generationStamp, bytes, committed: true });
  state.committedBlocks += 1;
  if (hasGood(state, id)) state.safeBlocks += 1;
  const awaited: number[] = [];
  for (const replica of replicas) {
    if (settleConstructed(state, block, replica) === 'awaited') awaited.push(replica.datanode);
  }
  if (awaited.length > 0) state.pending.add(id, { targets: awaited, deadlineMs: nowMs + state.options.reportGraceMs, bytes });
  takePostponed(state, id);
  reviewBlock(state, id);
}

function settleConstructed(state: BlockState, block: Block, replica: ConstructedReplica): 'settled' | 'awaited' {
  const entry = state.datanodes.get(replica.datanode);
  if (entry.dead) return 'settled';
  const { id, generationStamp } = block;
  const rightStamp = replica.generationStamp === generationStamp;
  if (rightStamp && (replica.state === 'Expected' || replica.state === 'BeingWritten')) return 'awaited';
  if (rightStamp && replica.state === 'Finalized' && replica.bytes === block.bytes) setReplica(state, id, entry, replicaState.good);
  // A version that the journal has not told of is judged when it does.
  else if (replica.generationStamp > generationStamp) state.postponed.add({ datanode: entry.index, replica: { ...block, generationStamp: replica.generationStamp, bytes: replica.bytes, state: replica.state === 'Expected' ? 'BeingWritten' : replica.state } });
  else if (replica.state !== 'Expected') setReplica(state, id, entry, replicaState.stale, { id, generationStamp: replica.generationStamp, bytes: replica.bytes });
  return 'settled';
}

/** It is written again (append, truncate, recovery): its good replicas are where the pipeline goes on. */
export function reopenBlock(state: BlockState, block: Block): void {
  const { table } = state;
  const { id, generationStamp, bytes } = block;
  if (!table.isCommitted(id)) return changeStamp(state, block);
  const good = datanodesWith(state, id, (code) => code === replicaState.good);
  const replicas = good.map((entry): ConstructedReplica => ({
    datanode: entry.index, generationStamp: table.stamp(id), bytes: table.bytes(id), state: 'Finalized',
  }));
  for (const entry of good) dropReplica(state, id, entry.index);
  state.committedBlocks -= 1;
  state.queue.set(id, undefined);
  state.pending.drop(id);
  table.update(id, { generationStamp, bytes, committed: false });
  state.constructions.begin(id, replicas);
  takePostponed(state, id);
  return undefined;
}

/** A new stamp or length of a block that is being written. */
export function changeStamp(state: BlockState, block: Block): void {
  state.table.update(block.id, { generationStamp: block.generationStamp, bytes: block.bytes });
  takePostponed(state, block.id);
}

export function removeBlock(state: BlockState, id: number): void {
  const { table } = state;
  if (!table.has(id)) return;
  const version: Block = { id, generationStamp: table.stamp(id), bytes: table.bytes(id) };
  for (const replica of state.constructions.end(id)) {
    // A datanode chosen a moment ago may open the block yet: it reports it then, and is told.
    if (replica.state !== 'Expected') orderGone(state, state.datanodes.get(replica.datanode), { ...version, generationStamp: replica.generationStamp, bytes: replica.bytes });
  }
  for (const entry of datanodesWith(state, id)) orderGone(state, entry, state.faulty.get(id)?.get(entry.index) ?? version);
  if (table.isCommitted(id)) uncount(state, id);
  table.remove(id);
  state.faulty.delete(id);
  state.queue.set(id, undefined);
  state.pending.drop(id);
  state.postponed.take(id);
}

/** A standby leaves removals to the active namenode; should it take over, it asks for what is left. */
function orderGone(state: BlockState, entry: DatanodeEntry, version: Block): void {
  if (entry.dead) return;
  if (isWorking(state)) entry.invalidate.add(version.id, version.generationStamp);
  else entry.garbage = true;
}

export function changeReplication(state: BlockState, id: number, replication: number): void {
  state.table.update(id, { replication });
  reviewBlock(state, id);
}

/** Forgets all blocks, as an image is about to tell of them anew. Every datanode has to report again. */
export function clearBlocks(state: BlockState): void {
  state.table.clear();
  state.constructions.clear();
  state.queue.clear();
  state.pending.clear();
  state.faulty.clear();
  state.postponed.takeAll();
  state.committedBlocks = 0;
  state.safeBlocks = 0;
  for (const entry of state.datanodes.all()) {
    entry.reportWanted = true;
    entry.invalidate.clear();
    entry.transfersToStart = [];
    entry.recoveries = [];
  }
}

function takePostponed(state: BlockState, id: number): void {
  if (state.postponed.size === 0) return;
  for (const { datanode, replica } of state.postponed.take(id)) noteReplica(state, state.datanodes.get(datanode), replica);
}

const hasGood = (state: BlockState, id: number): boolean => datanodesWith(state, id, (code) => code === replicaState.good).length > 0;

function uncount(state: BlockState, id: number): void {
  state.committedBlocks -= 1;
  if (hasGood(state, id)) state.safeBlocks -= 1;
}
