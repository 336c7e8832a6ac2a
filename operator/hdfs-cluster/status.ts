/**
 * The one decision of a pass: cluster + what was observed + now → the next status, what to do once it is written, and when to look again. Everything
 * that must survive a crash (the cluster's id, that it is formatted) is in the status before the deed that rests on it.
 */
import type { HdfsCluster, HdfsClusterStatus } from '../api/hdfs-cluster.ts';
import type { PersistentVolumeClaim, Pod } from '../kube/resource-types.ts';
import type { PodDefaults } from '../pod/pod-defaults.ts';
import { recommend } from './autoscale.ts';
import type { Recommendation } from './autoscale.ts';
import { eventsOf } from './cluster-events.ts';
import type { EventText } from './cluster-events.ts';
import { conditionsOf } from './conditions.ts';
import type { ConditionInput } from './conditions.ts';
import { departureText, planDeparture } from './departure.ts';
import type { Departure } from './departure.ts';
import { activeOf, dataNodesOf, isLive, nameNodesOf, roleOf, wantedDataNodes } from './members.ts';
import type { Member, View } from './members.ts';
import { clusterFinalizer } from './names.ts';
import type { Role } from './names.ts';
import type { Observed, Problem } from './observed.ts';
import { explain } from './phase.ts';
import type { Explanation } from './phase.ts';
import { reportOf } from './report.ts';
import { planRollout } from './rollout.ts';
import type { RolloutStep } from './rollout.ts';
import { planStop } from './stop.ts';
import { adoptionOf, claimsToDelete, hasVolumes, planVolumes } from './volumes.ts';
import type { ClaimPlace, VolumePlan } from './volumes.ts';

export interface DecisionSettings {
  readonly podDefaults: PodDefaults;
  /** How often a cluster is looked at while something is under way, and while nothing is. */
  readonly pollMs: number;
  readonly idlePollMs: number;
  /** Sizes and counts change all the time; they are written only now and then. */
  readonly figuresDue: boolean;
}

export interface PodPlace {
  readonly role: Role;
  readonly ordinal: number;
}

export type Action =
  | { readonly kind: 'holdCluster' }
  | { readonly kind: 'releaseCluster' }
  /** Secret, ConfigMap, Services, disruption budgets: as they should be. */
  | { readonly kind: 'applyBase'; readonly clusterId: string; readonly mayFormat: boolean; readonly dataNodes: number }
  | { readonly kind: 'createClaims'; readonly clusterId: string; readonly claims: readonly ClaimPlace[] }
  | { readonly kind: 'growClaims'; readonly claims: VolumePlan['grow'] }
  /** Says on the namenodes' claims that the name space exists. */
  | { readonly kind: 'markClaims'; readonly claims: readonly PersistentVolumeClaim[] }
  | { readonly kind: 'deleteClaims'; readonly claims: readonly PersistentVolumeClaim[] }
  | { readonly kind: 'createPods'; readonly clusterId: string; readonly pods: readonly PodPlace[] }
  | { readonly kind: 'deletePods'; readonly pods: readonly Pod[] }
  | { readonly kind: 'tellRacks'; readonly racks: ReadonlyMap<string, string> }
  | { readonly kind: 'decommission'; readonly ip: string; readonly datanodes: readonly string[] }
  | { readonly kind: 'handover'; readonly ip: string };

export interface Decision {
  readonly status: HdfsClusterStatus;
  readonly actions: readonly Action[];
  readonly events: readonly EventText[];
  readonly requeueAfterMs: number;
}

/** Pods made in one pass; more follow at once in the next. */
const batchMax = 50;
/** A scale-in that has not ended after so long is said to be blocked. It goes on all the same, and never proceeds by itself. */
const blockedAfterMs = 600_000;

export function decide(observed: Observed, nowMs: number, settings: DecisionSettings): Decision {
  const { cluster } = observed;
  if (cluster.metadata.deletionTimestamp !== undefined) return decideDeletion(observed, nowMs, settings);
  if (cluster.metadata.finalizers?.includes(clusterFinalizer) !== true) {
    return { status: cluster.status ?? { observedGeneration: -1 }, actions: [{ kind: 'holdCluster' }], events: [], requeueAfterMs: 1 };
  }
  const identity = identityOf(observed);
  if (identity.kind === 'conflict') return decideConflict(observed, identity.problem, nowMs, settings);
  if (cluster.spec.suspend) return decideSuspension(observed, identity.clusterId, identity.formatted, nowMs, settings);
  return decideRun(observed, identity.clusterId, identity.formatted, nowMs, settings);
}

type Identity =
  | { readonly kind: 'known'; readonly clusterId: string; readonly formatted: boolean }
  | { readonly kind: 'conflict'; readonly problem: Problem };

/** The id in the status; else that of retained claims; else a new one, which is written before anything is made. */
function identityOf(observed: Observed): Identity {
  const { status } = observed.cluster;
  const answered = [...observed.answers.values()].some((each) => each.kind === 'status' && each.status.formatted && each.status.clusterId === status?.clusterId);
  if (status?.clusterId !== undefined) return { kind: 'known', clusterId: status.clusterId, formatted: status.formatted === true || answered };
  const adoption = adoptionOf(observed);
  switch (adoption.kind) {
    case 'none': return { kind: 'known', clusterId: observed.newClusterId, formatted: false };
    case 'adopt': return { kind: 'known', clusterId: adoption.clusterId, formatted: adoption.formatted };
    case 'conflict': return adoption;
    default: return adoption satisfies never;
  }
}

function viewOf(observed: Observed, clusterId: string, formatted: boolean, nowMs: number, { podDefaults }: DecisionSettings): { readonly view: View; readonly recommendation: Recommendation } {
  const { cluster } = observed;
  const nameNodes = nameNodesOf(observed, clusterId, podDefaults);
  const active = activeOf(nameNodes);
  const present = cluster.status?.dataNodes?.target ?? cluster.spec.dataNodes.replicas;
  const before = dataNodesOf(observed, clusterId, present, active, podDefaults);
  const settled = before.every((each) => !each.surplus && isLive(each));
  const recommendation = recommend(cluster, active && { capacityBytes: active.status.capacityBytes, usedBytes: active.status.usedBytes, settled }, nowMs);
  const { target } = recommendation;
  const dataNodes = target === present ? before : dataNodesOf(observed, clusterId, target, active, podDefaults);
  return { view: { cluster, clusterId, formatted, target, nameNodes, dataNodes, active }, recommendation };
}

function decideRun(observed: Observed, clusterId: string, formatted: boolean, nowMs: number, settings: DecisionSettings): Decision {
  const { view, recommendation } = viewOf(observed, clusterId, formatted, nowMs, settings);
  const volumes = planVolumes(view, observed);
  const departure = planDeparture(view);
  // One disturbance at a time: while datanodes are being emptied nothing is started anew.
  const rollout: RolloutStep = departure.leaving.length === 0 ? planRollout(view) : { kind: 'none' };
  const explanation = explain({ view, observed, rollout, departure, volumes });
  const create = podsToCreate(view, volumes, departure, observed, nowMs);
  const status = compact({
    ...withoutRunning(observed.cluster.status),
    ...reportOf({ view, departure, rollout, settings, nowMs }),
    ...header(observed, explanation, { ...servingOf(view), scaleInBlocked: blockedText(observed.cluster, departure, nowMs), volumes: volumes.problem }, nowMs),
    clusterId,
    formatted,
    autoscaling: recommendation.autoscaling,
  });
  return {
    status,
    actions: [
      ...isHeld(observed, nowMs) ? [] : [{ kind: 'applyBase', clusterId, mayFormat: !formatted, dataNodes: view.target } as const],
      ...isHeld(observed, nowMs) || volumes.create.length === 0 ? [] : [{ kind: 'createClaims', clusterId, claims: volumes.create } as const],
      ...volumeActions(volumes),
      ...podActions(view, create.slice(0, batchMax), departure, rollout, observed),
    ],
    events: eventsOf(observed.cluster.status, status, rollout),
    requeueAfterMs: create.length > batchMax ? 1 : explanation.phase === 'Ready' || explanation.phase === 'Stalled' ? settings.idlePollMs : settings.pollMs,
  };
}

/** After a refusal the API server is left alone for a while. */
function isHeld({ refusal }: Observed, nowMs: number): boolean {
  return refusal !== undefined && nowMs < refusal.retryAtMs;
}

function volumeActions(volumes: VolumePlan): readonly Action[] {
  return [
    ...volumes.grow.length === 0 ? [] : [{ kind: 'growClaims', claims: volumes.grow } as const],
    ...volumes.mark.length === 0 ? [] : [{ kind: 'markClaims', claims: volumes.mark } as const],
    ...volumes.discard.length === 0 ? [] : [{ kind: 'deleteClaims', claims: volumes.discard } as const],
  ];
}

function podActions(view: View, create: readonly PodPlace[], departure: Departure, rollout: RolloutStep, observed: Observed): readonly Action[] {
  const ended = [...view.nameNodes, ...view.dataNodes].filter((each) => each.view.kind === 'ended').flatMap((each) => each.pod ?? []);
  const remove = [...new Set([...ended, ...departure.deletePods, ...rollout.kind === 'restart' ? rollout.pods : []])];
  return [
    ...create.length === 0 ? [] : [{ kind: 'createPods', clusterId: view.clusterId, pods: create } as const],
    ...observed.racks.size === 0 ? [] : [{ kind: 'tellRacks', racks: observed.racks } as const],
    ...departure.decommission === undefined || view.active === undefined ? [] : [{ kind: 'decommission', ip: view.active.ip, datanodes: departure.decommission } as const],
    ...departure.deleteClaims.length === 0 ? [] : [{ kind: 'deleteClaims', claims: departure.deleteClaims } as const],
    ...remove.length === 0 ? [] : [{ kind: 'deletePods', pods: remove } as const],
    ...rollout.kind === 'handover' ? [{ kind: 'handover', ip: rollout.ip } as const] : [],
  ];
}

/** Members without a pod that have their volumes, or get them in this pass. One that is not empty yet gets its pod again, though it is to go. */
function podsToCreate(view: View, volumes: VolumePlan, { unfinished }: Departure, observed: Observed, nowMs: number): readonly PodPlace[] {
  if (isHeld(observed, nowMs)) return [];
  const isComing = (member: Member): boolean => member.claims.every((claim, volume) =>
    claim === undefined && volumes.create.some((each) => each.role === member.role && each.ordinal === member.ordinal && each.volume === volume)
    || claim !== undefined && claim.metadata.deletionTimestamp === undefined && claim.status?.phase !== 'Lost');
  return [...view.nameNodes, ...wantedDataNodes(view), ...unfinished.filter((each) => each.surplus)]
    .filter((each) => each.view.kind === 'absent' && (hasVolumes(each) || isComing(each)))
    .map(({ role, ordinal }) => ({ role, ordinal }));
}

type Judged = Pick<ConditionInput, 'serving' | 'safeMode' | 'underReplicated' | 'scaleInBlocked' | 'volumes'>;

const unknown: Judged = { serving: undefined, safeMode: undefined, underReplicated: undefined, scaleInBlocked: undefined, volumes: undefined };

function servingOf({ active }: View): Pick<Judged, 'serving' | 'safeMode' | 'underReplicated'> {
  if (active === undefined) return unknown;
  const { safeMode, underReplicatedBlocks, missingBlocks } = active.status;
  return { serving: !safeMode.on, safeMode: { on: safeMode.on, reason: safeMode.reason }, underReplicated: { under: underReplicatedBlocks, missing: missingBlocks } };
}

function blockedText(cluster: HdfsCluster, departure: Departure, nowMs: number): string | undefined {
  const since = cluster.status?.dataNodes?.leavingSince;
  if (departure.leaving.length === 0 || since === undefined || nowMs - Date.parse(since) < blockedAfterMs) return undefined;
  return `not empty after ${Math.round((nowMs - Date.parse(since)) / 60_000)} minutes: ${departureText(departure)}. They stay until they are empty; add room, lower the replication of files, or raise dataNodes.replicas again`;
}

function header({ cluster }: Observed, explanation: Explanation, judged: Judged, nowMs: number): Pick<HdfsClusterStatus, 'phase' | 'observedGeneration' | 'conditions'> {
  const generation = cluster.metadata.generation ?? 0;
  return {
    phase: explanation.phase,
    observedGeneration: generation,
    conditions: conditionsOf({ ...explanation, ...judged, before: cluster.status?.conditions ?? [], generation, nowMs }),
  };
}

/** What belongs to pods that run. */
function withoutRunning(status: HdfsClusterStatus | undefined): HdfsClusterStatus {
  const { nameNodes: _nameNodes, rollout: _rollout, autoscaling: _autoscaling, ...rest } = status ?? { observedGeneration: -1 };
  return rest;
}

function decideSuspension(observed: Observed, clusterId: string, formatted: boolean, nowMs: number, settings: DecisionSettings): Decision {
  const stop = planStop(observed.pods);
  const phase = stop.stopped ? 'Suspended' : 'Suspending';
  const explanation: Explanation = { phase, reason: phase, message: stop.message, stalled: undefined };
  return decideStopped(observed, explanation, stop.deletePods, { clusterId, formatted }, nowMs, stop.stopped ? settings.idlePollMs : settings.pollMs);
}

/** Nothing is made of claims that contradict each other: a person has to say which of them count. */
function decideConflict(observed: Observed, problem: Problem, nowMs: number, settings: DecisionSettings): Decision {
  return decideStopped(observed, { phase: 'Stalled', ...problem, stalled: problem }, [], {}, nowMs, settings.idlePollMs);
}

function decideStopped(
  observed: Observed, explanation: Explanation, deletePods: readonly Pod[], identity: Pick<HdfsClusterStatus, 'clusterId' | 'formatted'>, nowMs: number, requeueAfterMs: number,
): Decision {
  const { cluster } = observed;
  const dataNodes = cluster.status?.dataNodes;
  const status: HdfsClusterStatus = compact({
    ...withoutRunning(cluster.status),
    ...header(observed, explanation, unknown, nowMs),
    ...identity,
    autoscaling: cluster.status?.autoscaling,
    dataNodes: dataNodes && { ...dataNodes, replicas: observed.pods.filter((pod) => roleOf(pod) === 'datanode').length, live: 0, dead: 0, decommissioning: 0, summary: `0/${dataNodes.target}` },
  });
  return {
    status,
    actions: deletePods.length === 0 ? [] : [{ kind: 'deletePods', pods: deletePods }],
    events: eventsOf(cluster.status, status, { kind: 'none' }),
    requeueAfterMs,
  };
}

/** Pods first, then claims if they are to go, then the object. Everything else goes with it. */
function decideDeletion(observed: Observed, nowMs: number, settings: DecisionSettings): Decision {
  const { cluster } = observed;
  const stop = planStop(observed.pods);
  const stopped = decideStopped(observed, { phase: 'Deleting', reason: 'Deleting', message: stop.message, stalled: undefined }, stop.deletePods, {}, nowMs, settings.pollMs);
  if (!stop.stopped) return stopped;
  const claims = claimsToDelete(observed);
  return {
    ...stopped,
    actions: [
      ...claims.length === 0 ? [] : [{ kind: 'deleteClaims', claims } as const],
      ...cluster.metadata.finalizers?.includes(clusterFinalizer) === true ? [{ kind: 'releaseCluster' } as const] : [],
    ],
  };
}

/** JSON has no undefined; a status that is compared and sent should not either. */
export function compact<T extends object>(object: { readonly [Key in keyof T]: T[Key] | undefined }): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;
}

