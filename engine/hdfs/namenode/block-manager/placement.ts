/**
 * Where replicas go. HDFS's default rules: the first on the writer's machine, the second on another rack, the third on the second's rack, further ones
 * spread; never two on one datanode, and not on one machine while there is another. Among datanodes that are equally good, free space and few
 * transfers decide by weight.
 */
import type { Random } from '../../../core/random.ts';
import { largestRoomBytes, remainingBytes, type DatanodeEntry } from './datanode-table.ts';

export interface PlacementRequest {
  readonly count: number;
  /** Room for a whole block, and then some, must be there. */
  readonly blockBytes: number;
  /** Address, name or machine of the writer. */
  readonly writer?: string | undefined;
  /** Have a replica already, or will have. */
  readonly existing: readonly DatanodeEntry[];
  /** Uuids, names or hosts that must not be chosen. */
  readonly excluded: readonly string[];
  readonly nowMs: number;
  /** Silent for longer: only where nothing else is left. */
  readonly staleAfterMs: number;
}

/** Kept free on the volume for what is being written beside. */
const reserveBytes = 16 * 1024 * 1024;

/** Fewer than asked where there are not enough. The order is the order of the pipeline. */
export function chooseTargets(datanodes: readonly DatanodeEntry[], request: PlacementRequest, random: Random): DatanodeEntry[] {
  const racks = new Set(datanodes.filter((each) => !each.dead && !each.leaving).map((each) => each.address.rack)).size;
  const chosen: DatanodeEntry[] = [];
  while (chosen.length < request.count) {
    const next = chooseOne(datanodes, request, [...request.existing, ...chosen], racks, random);
    if (next === undefined) break;
    chosen.push(next);
  }
  return chosen;
}

/** From strict to lenient: at least room for one block remains a must. */
const passes = [
  { stale: false, crowded: false },
  { stale: false, crowded: true },
  { stale: true, crowded: true },
] as const;

function chooseOne(datanodes: readonly DatanodeEntry[], request: PlacementRequest, taken: readonly DatanodeEntry[], racks: number, random: Random): DatanodeEntry | undefined {
  for (const pass of passes) {
    const fit = datanodes.filter((each) => isFit(each, request, pass) && !taken.includes(each) && !isExcluded(each, request.excluded));
    if (fit.length === 0) continue;
    if (taken.length === 0) {
      const local = fit.filter((each) => isAt(each, request.writer));
      if (local.length > 0) return weighted(local, random);
    }
    const byPenalty = lowestBy(fit, (each) => penalty(each, taken, racks));
    return weighted(byPenalty, random);
  }
  return undefined;
}

function isFit(entry: DatanodeEntry, request: PlacementRequest, pass: { readonly stale: boolean; readonly crowded: boolean }): boolean {
  if (entry.dead || entry.leaving) return false;
  if (!pass.stale && request.nowMs - entry.lastContactMs > request.staleAfterMs) return false;
  const room = largestRoomBytes(entry);
  if (room < request.blockBytes + Math.min(reserveBytes, request.blockBytes)) return false;
  return pass.crowded || remainingBytes(entry) >= request.blockBytes * (1 + load(entry));
}

const load = (entry: DatanodeEntry): number => Math.max(entry.transfers, entry.scheduled + entry.scheduledBefore);

function isExcluded(entry: DatanodeEntry, excluded: readonly string[]): boolean {
  const { uuid, name, host, httpPort } = entry.address;
  return excluded.some((each) => each === uuid || each === name || each === host || each === `${host}:${httpPort}`);
}

export function isAt(entry: DatanodeEntry, host: string | undefined): boolean {
  return host !== undefined && host !== '' && (entry.address.host === host || entry.address.name === host || entry.address.machine === host);
}

/** 0 is best. A shared machine outweighs every question of racks. */
function penalty(candidate: DatanodeEntry, taken: readonly DatanodeEntry[], racks: number): number {
  if (taken.length === 0) return 0;
  const sharesMachine = taken.some((each) => each.address.machine === candidate.address.machine) ? 100 : 0;
  return sharesMachine + rackPenalty(candidate.address.rack, taken.map((each) => each.address.rack), racks);
}

function rackPenalty(rack: string, taken: readonly string[], racks: number): number {
  const spans = new Set(taken).size;
  if (racks > 1 && spans === 1) return rack === taken[0] ? 1 : 0;
  if (taken.length === 2) return rack === taken[1] ? 0 : 1;
  // Then evenly: no rack gets much more than its share.
  return taken.filter((each) => each === rack).length;
}

function lowestBy<T>(values: readonly T[], of: (value: T) => number): T[] {
  let lowest = Infinity;
  let found: T[] = [];
  for (const value of values) {
    const number = of(value);
    if (number < lowest) {
      lowest = number;
      found = [];
    }
    if (number === lowest) found.push(value);
  }
  return found;
}

function weighted(entries: readonly DatanodeEntry[], random: Random): DatanodeEntry | undefined {
  if (entries.length === 1) return entries[0];
  const weights = entries.map((each) => (remainingBytes(each) + 1) / (1 + load(each)));
  let point = random.fraction() * weights.reduce((total, weight) => total + weight, 0);
  for (const [index, entry] of entries.entries()) {
    point -= weights[index] ?? 0;
    if (point < 0) return entry;
  }
  return entries.at(-1);
}

/**
 * Which of too many replicas goes: one that shares a machine first, then one that shares a rack, so that machines and racks stay spread; among those
 * the one on the fullest datanode. `candidates` must be more than one.
 */
export function chooseExcess(candidates: readonly DatanodeEntry[]): DatanodeEntry | undefined {
  const shares = (of: (entry: DatanodeEntry) => string) => (entry: DatanodeEntry): boolean => candidates.filter((each) => of(each) === of(entry)).length > 1;
  const onMachine = candidates.filter(shares((each) => each.address.machine));
  const pool = onMachine.length > 0 ? onMachine : excessByRack(candidates);
  return lowestBy(pool, remainingBytes)[0];
}

function excessByRack(candidates: readonly DatanodeEntry[]): readonly DatanodeEntry[] {
  const count = (rack: string): number => candidates.filter((each) => each.address.rack === rack).length;
  const most = Math.max(...candidates.map((each) => count(each.address.rack)));
  if (most === 1) return candidates;
  return candidates.filter((each) => count(each.address.rack) === most);
}

/** Good replicas nearest to the reader first: same machine, same rack, others at random; leaving and silent datanodes come last. */
export function sortByDistance(entries: readonly DatanodeEntry[], all: readonly DatanodeEntry[], reader: string | undefined, nowMs: number, staleAfterMs: number, random: Random): DatanodeEntry[] {
  const readersRack = all.find((each) => isAt(each, reader))?.address.rack;
  const rank = (entry: DatanodeEntry): number => {
    const silent = entry.dead || nowMs - entry.lastContactMs > staleAfterMs ? 200 : 0;
    const leaving = entry.leaving ? 100 : 0;
    if (isAt(entry, reader)) return silent + leaving;
    return silent + leaving + (entry.address.rack === readersRack ? 10 : 20) + random.fraction();
  };
  return entries.map((entry) => ({ entry, rank: rank(entry) })).toSorted((a, b) => a.rank - b.rank).map(({ entry }) => entry);
}
