/** What datanodes report of their replicas, held against what the journal says. */
import type { ReplicaReport } from '../../datanode-protocol.ts';
import type { Block } from '../../model.ts';
import { datanodeOf, replicaState, roundOf, stateOf } from './block-table.ts';
import { confirmReplica, dropReplica, isWorking, setReplica, type BlockState } from './block-state.ts';
import { workingVolumes, type DatanodeEntry } from './datanode-table.ts';
import { reviewBlock } from './redundancy.ts';

/** One replica of a datanode's report, full or incremental. */
export function noteReplica(state: BlockState, entry: DatanodeEntry, replica: ReplicaReport): void {
  const { table } = state;
  if (!table.has(replica.id)) return noteUnknown(state, entry, replica);
  if (!table.isCommitted(replica.id)) {
    if (replica.state === 'Finalized') entry.scheduled = Math.max(0, entry.scheduled - 1);
    state.constructions.report(entry.index, replica);
    return undefined;
  }
  if (replica.generationStamp > table.stamp(replica.id)) return postpone(state, entry, replica);
  return noteCommitted(state, entry, replica);
}

function noteUnknown(state: BlockState, entry: DatanodeEntry, replica: ReplicaReport): void {
  const { nextBlockId, nextGenerationStamp } = state.counters();
  if (replica.id >= nextBlockId || replica.generationStamp >= nextGenerationStamp) return postpone(state, entry, replica);
  // It was deleted. Until this namenode may remove replicas, it only remembers to ask again.
  if (isWorking(state)) entry.invalidate.add(replica.id, replica.generationStamp);
  else entry.garbage = true;
  return undefined;
}

function postpone(state: BlockState, entry: DatanodeEntry, replica: ReplicaReport): void {
  if (!state.postponed.add({ datanode: entry.index, replica })) entry.reportWanted = true;
}

const versionOf = ({ id, generationStamp, bytes }: Block): Block => ({ id, generationStamp, bytes });

function noteCommitted(state: BlockState, entry: DatanodeEntry, replica: ReplicaReport): void {
  const { table } = state;
  const { id } = replica;
  const known = stateOf(table.replicaOn(id, entry.index));
  const right = replica.generationStamp === table.stamp(id) && replica.bytes === table.bytes(id);
  // It may be about to become final: whoever finalizes it says so.
  if (replica.state === 'BeingWritten' && replica.generationStamp === table.stamp(id)) return;
  if (known === replicaState.excess) {
    // Its removal was decided and has not happened.
    confirmReplica(state, id, entry, replicaState.excess);
    if (isWorking(state)) entry.invalidate.add(id, replica.generationStamp);
    return;
  }
  if (known === replicaState.corrupt) {
    confirmReplica(state, id, entry, replicaState.corrupt);
  } else if (right && replica.state === 'Finalized') {
    state.pending.settle(id, entry.index);
    if (known === replicaState.good) return confirmReplica(state, id, entry, replicaState.good);
    entry.scheduled = Math.max(0, entry.scheduled - 1);
    setReplica(state, id, entry, replicaState.good);
  } else {
    setReplica(state, id, entry, replicaState.stale, versionOf(replica));
  }
  reviewBlock(state, id);
}

/** The datanode has no replica of the block any more. */
export function noteDeleted(state: BlockState, entry: DatanodeEntry, id: number): void {
  state.postponed.dropOf(entry.index, id);
  if (!state.table.has(id)) return;
  state.constructions.drop(id, entry.index);
  dropReplica(state, id, entry.index);
  reviewBlock(state, id);
}

/** All replicas on one volume. With the last of the datanode's volumes a round ends, and what no report of it has shown is gone. */
export function noteFullReport(state: BlockState, entry: DatanodeEntry, volume: string, replicas: readonly ReplicaReport[]): void {
  for (const replica of replicas) noteReplica(state, entry, replica);
  entry.roundVolumes.add(volume);
  endRound(state, entry);
}

/** Called again when a heartbeat tells of the volumes. */
export function endRound(state: BlockState, entry: DatanodeEntry): void {
  if (workingVolumes(entry) === 0 || entry.roundVolumes.size === 0) return;
  if (entry.volumes.some((volume) => !volume.failed && !entry.roundVolumes.has(volume.id))) return;
  const ended = entry.round;
  const doubtful = entry.confirmation === 'reporting';
  if (doubtful) entry.confirmation = 'confirmed';
  beginRound(entry);
  for (const id of state.table.blocksOn(entry.index)) {
    const replica = state.table.replicaOn(id, entry.index);
    if (roundOf(replica) !== ended) {
      dropReplica(state, id, datanodeOf(replica));
      reviewBlock(state, id);
    } else if (doubtful) {
      // Removals elsewhere may have waited for this datanode's word.
      reviewBlock(state, id);
    }
  }
}

export function beginRound(entry: DatanodeEntry): void {
  entry.round = (entry.round + 1) & 0xff;
  entry.roundVolumes.clear();
}

/** A reader or the datanode's own scanner has found wrong bytes. */
export function noteBadReplica(state: BlockState, entry: DatanodeEntry, block: Block): void {
  const { table } = state;
  if (!table.isCommitted(block.id) || table.stamp(block.id) !== block.generationStamp) return;
  const known = stateOf(table.replicaOn(block.id, entry.index));
  if (known === replicaState.excess) return;
  setReplica(state, block.id, entry, replicaState.corrupt, versionOf(block));
  reviewBlock(state, block.id);
}
