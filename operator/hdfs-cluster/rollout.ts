/**
 * A rolling restart, one step at a time: standby namenodes, the active one after it has handed over, then datanodes one by one while every block has all
 * its replicas. Pure.
 */
import type { Pod } from '../kube/resource-types.ts';
import type { DataNode, Member, NameNode, View } from './members.ts';
import { hasCaughtUp, isLive, wantedDataNodes } from './members.ts';

export type RolloutStep =
  | { readonly kind: 'none' }
  | { readonly kind: 'restart'; readonly pods: readonly Pod[]; readonly message: string }
  /** The active namenode is asked to let another lead. */
  | { readonly kind: 'handover'; readonly ip: string; readonly message: string }
  | { readonly kind: 'wait'; readonly message: string };

export function planRollout(view: View): RolloutStep {
  const estranged = [...view.nameNodes, ...view.dataNodes].filter((each) => each.estranged && each.view.kind !== 'terminating');
  // Nothing is served by them any more, so there is no order to keep.
  if (estranged.length > 0) return { kind: 'restart', pods: estranged.flatMap((each) => each.pod ?? []), message: 'the Secret was replaced: all pods are started anew' };
  const outdated = (members: readonly Member[]): boolean => members.some((each) => each.outdated);
  if (outdated(view.nameNodes)) return nameNodeStep(view);
  if (outdated(wantedDataNodes(view))) return dataNodeStep(view);
  return { kind: 'none' };
}

function restart(member: Member): RolloutStep {
  return { kind: 'restart', pods: member.pod === undefined ? [] : [member.pod], message: `${member.name} is started anew` };
}

/** A pod that does not run serves nobody: replacing it costs nothing, and may be what mends it. */
function isBroken(member: Member): boolean {
  return member.outdated && ((member.view.kind === 'waiting' && member.view.reason !== 'Starting') || member.view.kind === 'crashed');
}

function nameNodeStep(view: View): RolloutStep {
  const { nameNodes, active } = view;
  const broken = nameNodes.find(isBroken);
  if (broken !== undefined) return restart(broken);
  const outdated = nameNodes.filter((each) => each.outdated);
  const going = nameNodes.find((each) => each.view.kind === 'terminating' || each.view.kind === 'absent');
  if (going !== undefined) return { kind: 'wait', message: `waiting for ${going.name}` };
  const only = outdated[0];
  if (nameNodes.length === 1 && only !== undefined) return restart(only);
  if (active === undefined) return { kind: 'wait', message: 'waiting for an active namenode' };
  const isActive = (each: NameNode): boolean => each === active.nameNode;
  const lagging = nameNodes.find((each) => !isActive(each) && !hasCaughtUp(active, each));
  if (lagging !== undefined) return { kind: 'wait', message: `waiting for ${lagging.name} to catch up` };
  const standby = outdated.filter((each) => !isActive(each)).at(-1);
  if (standby !== undefined) return restart(standby);
  return { kind: 'handover', ip: active.ip, message: `${active.nameNode.name} hands over` };
}

function dataNodeStep(view: View): RolloutStep {
  const { active, cluster } = view;
  const wanted = wantedDataNodes(view);
  const broken = wanted.find(isBroken);
  if (broken !== undefined) return restart(broken);
  if (active === undefined) return { kind: 'wait', message: 'waiting for an active namenode' };
  if (active.status.safeMode.on) return { kind: 'wait', message: 'waiting for the end of safe mode' };
  const missing = wanted.find((each) => !isLive(each));
  // With a single replica of everything there is nothing to wait for: its blocks are away while their datanode starts anew.
  if (missing !== undefined && !(missing.outdated && wanted.length === 1)) return { kind: 'wait', message: `waiting for ${missing.name} to be live` };
  const { underReplicatedBlocks: under, missingBlocks } = active.status;
  if (cluster.spec.replication > 1 && under + missingBlocks > 0) return { kind: 'wait', message: `waiting for ${under + missingBlocks} blocks to have all their replicas` };
  const next = wanted.find((each: DataNode) => each.outdated);
  return next === undefined ? { kind: 'none' } : restart(next);
}

/** `updated/all` of a role. */
export function updatedText(members: readonly Member[]): string {
  return `${members.filter((each) => each.pod !== undefined && !each.outdated).length}/${members.length}`;
}
