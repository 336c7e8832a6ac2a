/**
 * Which datanode has which replica, and what must be done about it. No IO and no clock: time comes in with each call (monotonic milliseconds), commands
 * go out with the answers to heartbeats. Every namenode has one; only the active one's commands count, which is what `active` says.
 */
import type { Random } from '../../../core/random.ts';
import type { DatanodeCommand, Heartbeat, ReplicaReport } from '../../datanode-protocol.ts';
import type { Block, DatanodeAddress, DatanodeReport, LocatedBlock } from '../../model.ts';
import { addBlock, changeReplication, changeStamp, clearBlocks, commitBlock, removeBlock, reopenBlock, type NewBlock } from './block-changes.ts';
import { beginRound, endRound, noteBadReplica, noteDeleted, noteFullReport, noteReplica } from './block-reports.ts';
import { datanodesWith, goodDatanodes, isWorking, newBlockState, safeModeCounts, type BlockCounters, type BlockManagerOptions, type BlockState } from './block-state.ts';
import { replicaState } from './block-table.ts';
import { newestOf } from './constructions.ts';
import { askForGarbage, doubtDatanodes, findDead, hinderingBlocks, registerDatanode, reviewLeaving, setLeaving } from './datanode-life.ts';
import { capacityBytes, noteHeartbeat, remainingBytes, stateOfDatanode, usedBytes, type DatanodeEntry, type RecoverCommand } from './datanode-table.ts';
import { chooseTargets, sortByDistance } from './placement.ts';
import { forgetRemovals, reviewAll, stopWork } from './redundancy.ts';
import { priority } from './replication-queue.ts';
import { scheduleCopies, takeCommands } from './replication-work.ts';

export interface BlockCounts {
  readonly blocks: number;
  readonly underReplicated: number;
  readonly missing: number;
  /** With at least one corrupt or stale replica. */
  readonly corrupt: number;
  /** Being copied. */
  readonly pending: number;
}

export interface ReplicaView {
  readonly datanode: DatanodeAddress;
  readonly state: 'Good' | 'Excess' | 'Corrupt' | 'Stale' | 'BeingWritten';
}

export interface TargetRequest {
  readonly count: number;
  readonly blockBytes: number;
  readonly writer?: string | undefined;
  /** Uuids that have the block. */
  readonly existing: readonly string[];
  /** Uuids, names or hosts. */
  readonly excluded: readonly string[];
}

const leavingReviewMs = 2000;
const scheduledRollMs = 60_000;

export class BlockManager {
  readonly #state: BlockState;
  #leavingReviewedMs = -Infinity;
  #scheduledRolledMs = -Infinity;

  constructor(options: BlockManagerOptions, random: Random, counters: () => BlockCounters) {
    this.#state = newBlockState(options, random, counters);
  }

  // What the journal says.

  addBlock(block: NewBlock): void {
    addBlock(this.#state, block);
  }

  commitBlock(block: Block, nowMs: number): void {
    commitBlock(this.#state, block, nowMs);
  }

  reopenBlock(block: Block): void {
    reopenBlock(this.#state, block);
  }

  changeStamp(block: Block): void {
    changeStamp(this.#state, block);
  }

  removeBlock(id: number): void {
    removeBlock(this.#state, id);
  }

  changeReplication(id: number, replication: number): void {
    changeReplication(this.#state, id, replication);
  }

  clearBlocks(): void {
    clearBlocks(this.#state);
  }

  // What datanodes say.

  register(address: DatanodeAddress, nowMs: number): void {
    registerDatanode(this.#state, address, nowMs);
  }

  heartbeat(heartbeat: Heartbeat, nowMs: number): readonly DatanodeCommand[] {
    const entry = this.#state.datanodes.byUuid(heartbeat.uuid);
    if (entry === undefined || entry.dead) return [{ kind: 'register' }];
    noteHeartbeat(entry, heartbeat, nowMs);
    if (entry.confirmation === 'awaitingHeartbeat' && this.#state.active) {
      entry.confirmation = 'reporting';
      beginRound(entry);
    } else {
      endRound(this.#state, entry);
    }
    return takeCommands(this.#state, entry);
  }

  /** False: the datanode is not known and must register. The same for the two below. */
  fullReport(uuid: string, volume: string, replicas: readonly ReplicaReport[]): boolean {
    const entry = this.#known(uuid);
    if (entry !== undefined) noteFullReport(this.#state, entry, volume, replicas);
    return entry !== undefined;
  }

  incrementalReport(uuid: string, received: readonly ReplicaReport[], deleted: readonly number[]): boolean {
    const entry = this.#known(uuid);
    if (entry === undefined) return false;
    for (const id of deleted) noteDeleted(this.#state, entry, id);
    for (const replica of received) noteReplica(this.#state, entry, replica);
    return true;
  }

  badReplica(block: Block, uuid: string): boolean {
    const entry = this.#known(uuid);
    if (entry !== undefined) noteBadReplica(this.#state, entry, block);
    return entry !== undefined;
  }

  // What time brings.

  /** To be called about once a second. */
  tick(nowMs: number): void {
    const state = this.#state;
    findDead(state, nowMs);
    if (state.safeMode.update(safeModeCounts(state), nowMs)) this.#begin();
    scheduleCopies(state, nowMs);
    if (nowMs - this.#leavingReviewedMs >= leavingReviewMs) {
      this.#leavingReviewedMs = nowMs;
      reviewLeaving(state);
    }
    if (nowMs - this.#scheduledRolledMs >= scheduledRollMs) {
      this.#scheduledRolledMs = nowMs;
      for (const entry of state.datanodes.all()) {
        entry.scheduledBefore = entry.scheduled;
        entry.scheduled = 0;
      }
    }
  }

  /** The journal has been applied as far as it was when this namenode became the leader. */
  becomeActive(nowMs: number): void {
    const state = this.#state;
    if (state.active) return;
    state.active = true;
    // What counts as future now can only be garbage, or will be reported again.
    for (const { datanode, replica } of state.postponed.takeAll()) noteReplica(state, state.datanodes.get(datanode), replica);
    doubtDatanodes(state);
    // Contact was with another namenode in mind: nobody is declared dead at once.
    for (const entry of state.datanodes.live()) entry.lastContactMs = Math.max(entry.lastContactMs, nowMs - state.options.staleAfterMs);
    if (isWorking(state)) reviewAll(state);
  }

  becomeStandby(): void {
    const state = this.#state;
    if (!state.active) return;
    state.active = false;
    stopWork(state);
    forgetRemovals(state);
  }

  #begin(): void {
    if (!isWorking(this.#state)) return;
    askForGarbage(this.#state);
    reviewAll(this.#state);
  }

  // Safe mode.

  get safeModeOn(): boolean {
    return this.#state.safeMode.on;
  }

  safeModeTip(nowMs: number): string {
    return this.#state.safeMode.tip(safeModeCounts(this.#state), nowMs);
  }

  enterSafeMode(): void {
    this.#state.safeMode.enter();
    stopWork(this.#state);
  }

  leaveSafeMode(): void {
    if (!this.#state.safeMode.on) return;
    this.#state.safeMode.leave();
    this.#begin();
  }

  // Where blocks are and go.

  /** Fewer than asked where there are not enough. */
  chooseTargets(request: TargetRequest, nowMs: number): readonly DatanodeAddress[] {
    const state = this.#state;
    const existing = request.existing.flatMap((uuid) => state.datanodes.byUuid(uuid) ?? []);
    const { count, blockBytes, writer, excluded } = request;
    const chosen = chooseTargets(state.datanodes.live(), { count, blockBytes, writer, excluded, existing, nowMs, staleAfterMs: state.options.staleAfterMs }, state.random);
    for (const entry of chosen) entry.scheduled += 1;
    return chosen.map((each) => each.address);
  }

  /** The datanodes of the pipeline that writes this version of the block. */
  expectReplicas(id: number, generationStamp: number, uuids: readonly string[]): void {
    const indexes = uuids.flatMap((uuid) => this.#state.datanodes.byUuid(uuid)?.index ?? []);
    this.#state.constructions.expect(id, generationStamp, indexes);
  }

  /** Nearest to the reader first. All corrupt: those, and `corrupt` says so. */
  locate(block: Block, offset: number, reader: string | undefined, nowMs: number): LocatedBlock {
    const state = this.#state;
    const all = state.datanodes.all();
    const sorted = (entries: readonly DatanodeEntry[]): readonly DatanodeAddress[] =>
      sortByDistance(entries, all, reader, nowMs, state.options.staleAfterMs, state.random).map((each) => each.address);
    if (!state.table.has(block.id)) return { block, offset, locations: [], corrupt: false };
    if (!state.table.isCommitted(block.id)) {
      const replicas = newestOf(state.constructions.replicas(block.id)).map((each) => state.datanodes.get(each.datanode));
      return { block, offset, locations: sorted(replicas), corrupt: false };
    }
    const good = goodDatanodes(state, block.id);
    if (good.length > 0) return { block, offset, locations: sorted(good), corrupt: false };
    const bad = datanodesWith(state, block.id, (code) => code === replicaState.corrupt || code === replicaState.stale);
    return { block, offset, locations: sorted(bad), corrupt: bad.length > 0 };
  }

  /** Good replicas of exactly this version; for a block being written, those that are final. */
  finalReplicas(block: Block): number {
    const state = this.#state;
    if (!state.table.has(block.id)) return 0;
    if (state.table.isCommitted(block.id)) return goodDatanodes(state, block.id).length;
    return state.constructions.replicas(block.id)
      .filter((each) => each.state === 'Finalized' && each.generationStamp === block.generationStamp && each.bytes === block.bytes).length;
  }

  /** Datanodes that take part in the recovery of a block being written: all that have told of it. */
  recoveryCandidates(id: number): readonly DatanodeAddress[] {
    const state = this.#state;
    return state.constructions.replicas(id).map((each) => state.datanodes.get(each.datanode))
      .filter((each) => !each.dead)
      .toSorted((a, b) => b.lastContactMs - a.lastContactMs)
      .map((each) => each.address);
  }

  /** False when the datanode is not there. */
  orderRecovery(uuid: string, command: RecoverCommand): boolean {
    const entry = this.#known(uuid);
    if (entry === undefined || entry.dead) return false;
    entry.recoveries = [...entry.recoveries.filter((each) => each.block.id !== command.block.id), command];
    return true;
  }

  replicasOf(id: number): readonly ReplicaView[] {
    const state = this.#state;
    if (!state.table.has(id)) return [];
    const written = state.constructions.replicas(id).map((each): ReplicaView => ({ datanode: state.datanodes.get(each.datanode).address, state: 'BeingWritten' }));
    const names = { [replicaState.good]: 'Good', [replicaState.excess]: 'Excess', [replicaState.corrupt]: 'Corrupt', [replicaState.stale]: 'Stale' } as const;
    const listed = Object.entries(names).flatMap(([code, name]) =>
      datanodesWith(state, id, (each) => each === Number(code)).map((entry): ReplicaView => ({ datanode: entry.address, state: name })));
    return [...listed, ...written];
  }

  // Datanodes.

  /** The whole set of names that are to go. */
  setLeaving(names: ReadonlySet<string>): void {
    setLeaving(this.#state, names);
    reviewLeaving(this.#state);
  }

  /** By uuid or by name. */
  hinderingBlocks(name: string): readonly number[] {
    const entry = this.#state.datanodes.byUuid(name) ?? this.#state.datanodes.byName(name);
    return entry === undefined ? [] : hinderingBlocks(this.#state, entry);
  }

  /** The last contact as wall time. */
  datanodeReport(nowMs: number, wallMs: number): readonly DatanodeReport[] {
    return this.#state.datanodes.all().map((entry) => ({
      ...entry.address, state: stateOfDatanode(entry), capacityBytes: capacityBytes(entry), usedBytes: usedBytes(entry), remainingBytes: remainingBytes(entry),
      blocks: entry.reportedBlocks, volumes: entry.volumes.length, failedVolumes: entry.volumes.filter((each) => each.failed).length,
      lastContactMs: Math.round(wallMs - (nowMs - entry.lastContactMs)), underReplicatedBlocks: entry.leaving ? entry.hinderingBlocks : 0,
    }));
  }

  get liveDatanodes(): number {
    return this.#state.datanodes.live().length;
  }

  /**
   * Whether every datanode that was ever here is alive and has told this namenode all that it has, so that a replica that nobody has told of is nowhere.
   * Datanodes that have yet to tell are asked.
   */
  allHaveReported(): boolean {
    const all = this.#state.datanodes.all();
    const waiting = all.filter((each) => !each.dead && each.confirmation !== 'confirmed');
    for (const entry of waiting) entry.reportWanted = true;
    return waiting.length === 0 && all.every((each) => !each.dead);
  }

  counts(): BlockCounts {
    const { table, queue, faulty, pending, committedBlocks, safeBlocks } = this.#state;
    return {
      blocks: table.size, underReplicated: queue.underReplicated, missing: Math.max(committedBlocks - safeBlocks, queue.count(priority.lost)),
      corrupt: faulty.size, pending: pending.copies,
    };
  }

  #known(uuid: string): DatanodeEntry | undefined {
    const entry = this.#state.datanodes.byUuid(uuid);
    return entry?.dead === true ? undefined : entry;
  }
}
