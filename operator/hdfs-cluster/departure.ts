/** Datanodes that are to go: emptied first, and taken away only when the active namenode says that they are empty. Pure. */
import type { PersistentVolumeClaim, Pod } from '../kube/resource-types.ts';
import type { DataNode, View } from './members.ts';
import { isLive, isReady, wantedDataNodes } from './members.ts';
import { dataNodeOrdinal } from './names.ts';
import { isGoing, losesVolume } from './volumes.ts';

export interface Departure {
  /** The whole set that the active namenode is to empty; undefined when it knows already. */
  readonly decommission: readonly string[] | undefined;
  /** Removed before their pods: a claim in use goes when its pod does. */
  readonly deleteClaims: readonly PersistentVolumeClaim[];
  readonly deletePods: readonly Pod[];
  /** Being emptied, or stopping after that. */
  readonly leaving: readonly DataNode[];
  /** Not empty yet: without a pod they need one again. */
  readonly unfinished: readonly DataNode[];
}

export function planDeparture(view: View): Departure {
  const { active, cluster } = view;
  const all = [...view.dataNodes.filter((each) => each.surplus), ...datanodesToEmpty(view)];
  const unfinished = all.filter((each) => !mayGo(view, each));
  const done = all.filter((each) => !unfinished.includes(each) && each.view.kind !== 'terminating');
  return {
    decommission: active === undefined ? undefined : decommissionSet(view, all),
    deleteClaims: cluster.spec.deletionPolicy === 'Delete' ? done.filter((each) => each.surplus).flatMap(ownClaims) : [],
    deletePods: done.flatMap((each) => (each.pod === undefined ? [] : [each.pod])),
    leaving: all.filter((each) => each.pod !== undefined || unfinished.includes(each)),
    unfinished,
  };
}

function ownClaims(dataNode: DataNode): readonly PersistentVolumeClaim[] {
  return dataNode.claims.filter((claim) => claim !== undefined && !isGoing(claim)) as readonly PersistentVolumeClaim[];
}

/** Datanodes whose volume somebody deletes, when the others can hold all replicas: emptied before their pod is replaced. */
function datanodesToEmpty(view: View): readonly DataNode[] {
  const wanted = wantedDataNodes(view);
  const losing = wanted.filter((each) => each.pod !== undefined && losesVolume(each));
  return wanted.filter(isLive).filter((each) => !losing.includes(each)).length >= view.cluster.spec.replication ? losing : losing.filter((each) => !isReady(each));
}

/**
 * Empty by the namenode's word. One that is dead, or that the namenode does not know, cannot be emptied: it may go when nothing is missing without it.
 */
function mayGo({ active }: View, dataNode: DataNode): boolean {
  if (active === undefined || active.status.safeMode.on) return false;
  const { report } = dataNode;
  // Without a pod and without a disk there is nothing left of it.
  if (dataNode.pod === undefined && dataNode.claims.every((claim) => claim === undefined)) return true;
  if (report?.state === 'Decommissioned') return true;
  const whole = active.status.underReplicatedBlocks === 0 && active.status.missingBlocks === 0 && active.status.pendingBlocks === 0;
  return (report === undefined || report.state === 'Dead') && !isReady(dataNode) && whole;
}

/** Names that the namenode knows and that have gone stay in the set, else it would count on them again. */
function decommissionSet({ active, target }: View, going: readonly DataNode[]): readonly string[] | undefined {
  const reports = active?.status.datanodes ?? [];
  const wanted = new Set(going.map((each) => each.name));
  for (const { name } of reports) if ((dataNodeOrdinal(name) ?? target) >= target) wanted.add(name);
  const isMarked = (state: string): boolean => state === 'Decommissioning' || state === 'Decommissioned';
  const known = reports.filter((each) => each.state !== 'Dead');
  const right = known.every((each) => isMarked(each.state) === wanted.has(each.name));
  return right ? undefined : [...wanted].toSorted();
}

/** What people should know of a departure that takes long. */
export function departureText({ leaving }: Departure): string {
  const each = leaving.map(({ name, report }) => (report?.state === 'Decommissioning'
    ? `${name} (${report.underReplicatedBlocks} blocks have no other place yet)`
    : `${name} (${report?.state ?? 'unknown to the namenode'})`));
  return each.slice(0, 5).join(', ') + (each.length > 5 ? ` and ${each.length - 5} more` : '');
}
