/**
 * Agrees with the other datanodes on what a block holds whose writer is gone, or which is to be cut. Rules of HDFS's design of append: a final replica
 * decides; else the shortest of those that were being written, because all that was acknowledged is on every one of them; else the shortest of those
 * that were found after a start.
 */
import type { DatanodeCommand, DatanodeProtocol, ReplicaState } from '../datanode-protocol.ts';
import type { Block, DatanodeAddress } from '../model.ts';
import { HdfsError } from '../hdfs-error.ts';
import { namesOf, type DataAccess } from './data-access.ts';

type RecoverCommand = Extract<DatanodeCommand, { readonly kind: 'recover' }>;

export interface FoundReplica {
  readonly node: DatanodeAddress;
  readonly block: Block;
  readonly state: ReplicaState;
}

export interface Agreement {
  readonly bytes: number;
  readonly participants: readonly FoundReplica[];
}

/** Rejects with `HdfsError` when too little is known to decide; the namenode orders it again then. */
export async function recoverBlock(access: DataAccess, command: RecoverCommand, nameNode: Pick<DatanodeProtocol, 'commitRecovery'>): Promise<void> {
  const { block, newGenerationStamp, replicas } = command;
  const outcomes = await Promise.allSettled(replicas.map(async (node) => {
    const found = await access.peer(node, 0).initReplicaRecovery(block, newGenerationStamp);
    return found === undefined ? undefined : { node, ...found };
  }));
  const found = outcomes.flatMap((each) => each.status === 'fulfilled' && each.value !== undefined ? [each.value] : []);
  const silent = replicas.filter((_, index) => outcomes[index]?.status === 'rejected');
  const agreement = agree(command, found, silent.length > 0);
  if (agreement === undefined) {
    throw new HdfsError('IOException', `block ${block.id} cannot be recovered: ${block.bytes} bytes are known to have been written, found are ${describe(found)}${silent.length > 0 ? `, no answer came from ${namesOf(silent)}` : ''}`);
  }
  const next = { id: block.id, generationStamp: newGenerationStamp, bytes: agreement.bytes };
  if (agreement.bytes === 0) return nameNode.commitRecovery(block, next, []);
  const updated = await Promise.allSettled(agreement.participants.map(({ node, block: version }) => access.peer(node, 0).updateReplica(version, newGenerationStamp, agreement.bytes)));
  const done = agreement.participants.filter((_, index) => updated[index]?.status === 'fulfilled').map(({ node }) => node);
  if (done.length === 0) throw new HdfsError('IOException', `block ${block.id} cannot be recovered: none of ${namesOf(agreement.participants.map((each) => each.node))} could take ${agreement.bytes} bytes`);
  access.logger.info({ block: block.id, bytes: agreement.bytes, generationStamp: newGenerationStamp, datanodes: namesOf(done) }, 'a block was recovered');
  return nameNode.commitRecovery(block, next, done.map((each) => each.uuid));
}

/** Undefined when it cannot be known. `silent`: some datanode has not answered. Bytes 0: nobody has anything, and the block goes. */
export function agree({ block, bytes: cut }: Pick<RecoverCommand, 'block' | 'bytes'>, found: readonly FoundReplica[], silent: boolean): Agreement | undefined {
  const holding = found.filter((each) => each.block.bytes > 0);
  const current = holding.filter((each) => each.block.generationStamp >= block.generationStamp);
  // The writer was lost before any datanode had heard of the new stamp: what it wanted to go on from is all there is.
  const untouched = current.length > 0 || silent ? [] : holding.filter((each) => each.state === 'Finalized' && each.block.bytes === block.bytes);
  const candidates = current.length > 0 ? current : untouched;
  if (candidates.length === 0) return silent || block.bytes > 0 ? undefined : { bytes: 0, participants: [] };
  if (cut !== undefined) return cutTo(cut, candidates);
  // Shorter than what is known to have been synced: the power went before all of it was on this disk. It does not hold up those that have it.
  const whole = candidates.filter((each) => each.block.bytes >= block.bytes);
  if (whole.length === 0) return undefined;
  const final = whole.filter((each) => each.state === 'Finalized');
  return final.length > 0 ? fromFinal(whole, final) : fromUnfinished(whole);
}

function cutTo(bytes: number, candidates: readonly FoundReplica[]): Agreement | undefined {
  const participants = candidates.filter((each) => each.block.bytes >= bytes);
  return participants.length === 0 ? undefined : { bytes, participants };
}

function fromFinal(candidates: readonly FoundReplica[], final: readonly FoundReplica[]): Agreement {
  const newest = Math.max(...final.map((each) => each.block.generationStamp));
  const bytes = Math.max(...final.filter((each) => each.block.generationStamp === newest).map((each) => each.block.bytes));
  // What a datanode found after a start proves its bytes, but it may be older than the final one.
  return { bytes, participants: candidates.filter((each) => each.state !== 'WaitingToBeRecovered' && each.block.bytes === bytes) };
}

function fromUnfinished(candidates: readonly FoundReplica[]): Agreement {
  const written = candidates.filter((each) => each.state === 'BeingWritten');
  const participants = written.length > 0 ? written : candidates;
  return { bytes: Math.min(...participants.map((each) => each.block.bytes)), participants };
}

function describe(found: readonly FoundReplica[]): string {
  if (found.length === 0) return 'no replicas';
  return found.map(({ node, block, state }) => `${block.bytes} bytes ${state} with stamp ${block.generationStamp} on ${node.name}`).join(', ');
}
