/** What follows when the replicas of a block have changed: it waits to be copied, or one too many or a bad one is removed. */
import { assert } from '../../../core/assert.ts';
import type { Block } from '../../model.ts';
import { replicaState } from './block-table.ts';
import { goodDatanodes, datanodesWith, isConfirmed, isWorking, queueBlock, setReplica, type BlockState } from './block-state.ts';
import type { DatanodeEntry } from './datanode-table.ts';
import { chooseExcess } from './placement.ts';

/** To be called after every change to a committed block. Does nothing while replicas are neither copied nor removed. */
export function reviewBlock(state: BlockState, id: number): void {
  if (!isWorking(state) || !state.table.isCommitted(id)) return;
  const { live, expected } = queueBlock(state, id);
  if (live > expected) removeExcess(state, id, live - expected);
  if (state.faulty.has(id)) removeFaulty(state, id);
}

/** When work begins: after safe mode, or when this namenode becomes active. */
export function reviewAll(state: BlockState): void {
  state.queue.clear();
  state.table.forEach((id) => reviewBlock(state, id));
}

export function stopWork(state: BlockState): void {
  state.queue.clear();
  state.pending.clear();
  for (const entry of state.datanodes.all()) {
    entry.invalidate.clear();
    entry.transfersToStart = [];
    entry.recoveries = [];
  }
}

/** A removal that was decided elsewhere, or that nobody carried out, must be decided anew. */
export function forgetRemovals(state: BlockState): void {
  state.table.forEach((id) => {
    for (const entry of datanodesWith(state, id, (code) => code === replicaState.excess)) setReplica(state, id, entry, replicaState.good);
  });
}

function removeExcess(state: BlockState, id: number, count: number): void {
  const staying = goodDatanodes(state, id).filter((each) => !each.leaving);
  const doubtful = staying.filter((each) => !isConfirmed(state, id, each));
  if (doubtful.length > 0) {
    // Once it has reported, the block is looked at again.
    for (const entry of doubtful) entry.reportWanted = true;
    return;
  }
  for (let removed = 0; removed < count; removed += 1) {
    const victim = chooseExcess(staying);
    if (victim === undefined) return;
    staying.splice(staying.indexOf(victim), 1);
    assert(staying.length > 0, 'the last replica is not one too many');
    orderRemoval(state, id, victim, { id, generationStamp: state.table.stamp(id), bytes: state.table.bytes(id) });
  }
}

/** Bad replicas go when there are enough good ones, or when they take the only places where good ones could be. */
function removeFaulty(state: BlockState, id: number): void {
  const good = goodDatanodes(state, id).filter((each) => isConfirmed(state, id, each));
  if (good.length === 0) return;
  const enough = good.filter((each) => !each.leaving).length >= state.table.replication(id);
  const holders = new Set(datanodesWith(state, id));
  const places = state.datanodes.live().filter((each) => !each.leaving && !holders.has(each)).length;
  if (!enough && (places > 0 || state.pending.targets(id).size > 0)) return;
  const faulty = Array.from(state.faulty.get(id) ?? []);
  for (const [index, version] of faulty) {
    const entry = state.datanodes.get(index);
    if (entry.dead) continue;
    orderRemoval(state, id, entry, version);
    if (!enough) return;
  }
}

function orderRemoval(state: BlockState, id: number, entry: DatanodeEntry, version: Block): void {
  setReplica(state, id, entry, replicaState.excess);
  entry.invalidate.add(id, version.generationStamp);
}
