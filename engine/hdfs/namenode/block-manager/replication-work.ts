/** Which blocks are copied from where to where, and what a datanode is told with its heartbeat's answer. */
import type { DatanodeCommand } from '../../datanode-protocol.ts';
import type { Block } from '../../model.ts';
import { replicaState, stateOf } from './block-table.ts';
import { datanodesWith, goodDatanodes, isWorking, queueBlock, type BlockState } from './block-state.ts';
import type { DatanodeEntry } from './datanode-table.ts';
import { chooseTargets } from './placement.ts';
import { reviewBlock } from './redundancy.ts';

/** Blocks of each urgency that are looked at in one round. */
const blocksPerRound = 1000;
/** A datanode sends so many copies at once; more when they are small. */
const copiesMin = 2;
const copiesMax = 100;
const copyBytesMax = 128 * 1024 * 1024;
const transfersPerHeartbeat = 100;

export function scheduleCopies(state: BlockState, nowMs: number): void {
  if (!isWorking(state)) return;
  for (const id of state.pending.expire(nowMs)) {
    if (state.table.has(id)) reviewBlock(state, id);
  }
  for (const id of state.queue.take(blocksPerRound)) scheduleCopy(state, id, nowMs);
}

function scheduleCopy(state: BlockState, id: number, nowMs: number): void {
  const { live, expected, crowded } = queueBlock(state, id);
  const coming = state.pending.targets(id);
  const missing = live < expected ? expected - live - coming.size : Number(crowded && coming.size === 0);
  if (missing <= 0) return;
  const bytes = state.table.bytes(id);
  const source = chooseSource(state, id, bytes);
  if (source === undefined) return;
  const existing = [...datanodesWith(state, id), ...[...coming].map((index) => state.datanodes.get(index))];
  const targets = chooseTargets(state.datanodes.live(), {
    count: missing, blockBytes: bytes, existing, excluded: [], nowMs, staleAfterMs: state.options.staleAfterMs,
  }, state.random).filter((target) => live < expected || spreads(state, id, target));
  if (targets.length === 0) return;
  const { transferBandwidth, copyTimeoutMs } = state.options;
  const waiting = state.pending.outgoing(source.index).bytes + bytes;
  state.pending.add(id, {
    targets: targets.map((each) => each.index), source: source.index, bytes, deadlineMs: nowMs + copyTimeoutMs + (2000 * waiting) / transferBandwidth,
  });
  for (const target of targets) target.scheduled += 1;
  const block: Block = { id, generationStamp: state.table.stamp(id), bytes };
  source.transfersToStart.push({ kind: 'transfer', block, targets: targets.map((each) => each.address) });
}

/** Datanodes that are to go first: nobody writes to them. Then whoever has the least to send. */
function chooseSource(state: BlockState, id: number, bytes: number): DatanodeEntry | undefined {
  const free = goodDatanodes(state, id).filter((each) => {
    const outgoing = state.pending.outgoing(each.index);
    return outgoing.count < copiesMin || (outgoing.count < copiesMax && outgoing.bytes + bytes <= copyBytesMax);
  });
  const load = (entry: DatanodeEntry): number => (entry.leaving ? -1_000_000 : 0) + state.pending.outgoing(entry.index).count;
  return free.reduce<DatanodeEntry | undefined>((best, each) => (best === undefined || load(each) < load(best) ? each : best), undefined);
}

/** A copy for the sake of racks and machines is worth it only on another one. */
function spreads(state: BlockState, id: number, target: DatanodeEntry): boolean {
  const live = goodDatanodes(state, id).filter((each) => !each.leaving);
  const otherRack = live.every((each) => each.address.rack !== target.address.rack);
  return otherRack || (state.racks === 1 && live.every((each) => each.address.machine !== target.address.machine));
}

/** Takes what waits for the datanode, as much as one answer holds. */
export function takeCommands(state: BlockState, entry: DatanodeEntry): DatanodeCommand[] {
  const commands: DatanodeCommand[] = [];
  if (entry.reportWanted) {
    entry.reportWanted = false;
    commands.push({ kind: 'report' });
  }
  if (!state.active) return commands;
  commands.push(...entry.recoveries.splice(0, 100));
  commands.push(...entry.transfersToStart.splice(0, transfersPerHeartbeat).filter(({ block }) => isCurrent(state, entry, block)));
  if (!isWorking(state)) return commands;
  const blocks: Block[] = [];
  while (blocks.length < state.options.invalidatesPerHeartbeat) {
    const next = entry.invalidate.take();
    if (next === undefined) break;
    if (isUnwanted(state, entry, next.id)) blocks.push({ ...next, bytes: 0 });
  }
  if (blocks.length > 0) commands.push({ kind: 'invalidate', blocks });
  return commands;
}

function isCurrent(state: BlockState, entry: DatanodeEntry, block: Block): boolean {
  const { table } = state;
  return table.isCommitted(block.id) && table.stamp(block.id) === block.generationStamp && stateOf(table.replicaOn(block.id, entry.index)) === replicaState.good;
}

/** Much may have happened since the removal was decided. */
function isUnwanted(state: BlockState, entry: DatanodeEntry, id: number): boolean {
  return !state.table.has(id) || stateOf(state.table.replicaOn(id, entry.index)) === replicaState.excess;
}
