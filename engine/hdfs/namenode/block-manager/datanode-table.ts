/** The datanodes that have registered, with what their heartbeats say, and the work that waits for each. */
import { assert } from '../../../core/assert.ts';
import type { DatanodeCommand, Heartbeat, VolumeReport } from '../../datanode-protocol.ts';
import type { DatanodeAddress, DatanodeState } from '../../model.ts';
import { datanodesMax } from './block-table.ts';
import { Invalidations } from './invalidations.ts';

export type RecoverCommand = Extract<DatanodeCommand, { kind: 'recover' }>;
export type TransferCommand = Extract<DatanodeCommand, { kind: 'transfer' }>;

export interface DatanodeEntry {
  readonly index: number;
  address: DatanodeAddress;
  /** Asked to go. */
  leaving: boolean;
  /** Asked to go, and all that it has is elsewhere too. */
  left: boolean;
  dead: boolean;
  /** Dead, and no block refers to it any more. */
  struckOff: boolean;
  /** Monotonic; silence since then makes it stale, then dead. */
  lastContactMs: number;
  volumes: readonly VolumeReport[];
  reportedBlocks: number;
  transfers: number;
  /** Of blocks given to it that have not been reported yet: in this minute and in the one before. */
  scheduled: number;
  scheduledBefore: number;
  /** Each full report of all volumes ends a round; replicas that it did not show are gone. */
  round: number;
  readonly roundVolumes: Set<string>;
  /**
   * Unless `confirmed` it may have removed replicas that are still counted here: it has just registered, or another namenode was active. Until a full
   * report no replica elsewhere is removed on the strength of one here. `awaitingHeartbeat`: it may not know yet who is active, and reports that it
   * sends before it does prove nothing.
   */
  confirmation: 'awaitingHeartbeat' | 'reporting' | 'confirmed';
  /** To be asked for a full report. */
  reportWanted: boolean;
  /** It has shown blocks that nobody knows, at a time when none could be removed; or blocks were deleted that this namenode could not have removed. */
  garbage: boolean;
  readonly invalidate: Invalidations;
  transfersToStart: TransferCommand[];
  recoveries: RecoverCommand[];
  /** Cached while it is leaving. */
  hinderingBlocks: number;
}

export class DatanodeTable {
  readonly #byIndex: (DatanodeEntry | undefined)[] = [];
  readonly #byUuid = new Map<string, DatanodeEntry>();

  get(index: number): DatanodeEntry {
    const entry = this.#byIndex[index];
    assert(entry !== undefined, `there is no datanode ${index}`);
    return entry;
  }

  byUuid(uuid: string): DatanodeEntry | undefined {
    return this.#byUuid.get(uuid);
  }

  byName(name: string): DatanodeEntry | undefined {
    return this.all().find((each) => each.address.name === name);
  }

  all(): DatanodeEntry[] {
    return [...this.#byUuid.values()];
  }

  live(): DatanodeEntry[] {
    return this.all().filter((each) => !each.dead);
  }

  add(address: DatanodeAddress, nowMs: number): DatanodeEntry {
    let index = this.#byIndex.indexOf(undefined);
    if (index < 0) index = this.#byIndex.length;
    assert(index < datanodesMax, 'too many datanodes');
    const entry: DatanodeEntry = {
      index, address, leaving: false, left: false, dead: false, struckOff: false, lastContactMs: nowMs, volumes: [], reportedBlocks: 0, transfers: 0, scheduled: 0, scheduledBefore: 0,
      round: 0, roundVolumes: new Set(), confirmation: 'reporting', reportWanted: false, garbage: false, invalidate: new Invalidations(), transfersToStart: [], recoveries: [],
      hinderingBlocks: 0,
    };
    this.#byIndex[index] = entry;
    this.#byUuid.set(address.uuid, entry);
    return entry;
  }

  /** No replica may refer to it any more. */
  remove(entry: DatanodeEntry): void {
    this.#byIndex[entry.index] = undefined;
    this.#byUuid.delete(entry.address.uuid);
  }
}

export function stateOfDatanode(entry: DatanodeEntry): DatanodeState {
  if (entry.dead) return 'Dead';
  if (!entry.leaving) return 'Live';
  return entry.left ? 'Decommissioned' : 'Decommissioning';
}

export function noteHeartbeat(entry: DatanodeEntry, heartbeat: Heartbeat, nowMs: number): void {
  const before = workingVolumes(entry);
  entry.lastContactMs = nowMs;
  entry.volumes = heartbeat.volumes;
  entry.reportedBlocks = heartbeat.blocks;
  entry.transfers = heartbeat.transfers;
  // What lay on a volume that has failed is known only from the others' reports.
  if (before > workingVolumes(entry)) entry.reportWanted = true;
}

const sum = (volumes: readonly VolumeReport[], of: (volume: VolumeReport) => number): number =>
  volumes.reduce((total, volume) => total + (volume.failed ? 0 : of(volume)), 0);

export const workingVolumes = (entry: DatanodeEntry): number => sum(entry.volumes, () => 1);
export const capacityBytes = (entry: DatanodeEntry): number => sum(entry.volumes, (volume) => volume.capacityBytes);
export const usedBytes = (entry: DatanodeEntry): number => sum(entry.volumes, (volume) => volume.usedBytes);
export const remainingBytes = (entry: DatanodeEntry): number => sum(entry.volumes, (volume) => volume.remainingBytes);
/** A block lies on one volume. */
export const largestRoomBytes = (entry: DatanodeEntry): number =>
  entry.volumes.reduce((most, volume) => (volume.failed ? most : Math.max(most, volume.remainingBytes)), 0);
