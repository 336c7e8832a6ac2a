/** The namenodes and datanodes of a cluster, each with all that is known of it. Pure. */
import type { HdfsStatus } from '../../engine/contract.ts';
import type { HdfsCluster } from '../api/hdfs-cluster.ts';
import type { PersistentVolumeClaim, Pod } from '../kube/resource-types.ts';
import type { PodDefaults } from '../pod/pod-defaults.ts';
import { volumesOf } from './desired.ts';
import { desiredPod } from './desired-pod.ts';
import { annotation, claimName, dataNodeOrdinal, label, memberName, podName } from './names.ts';
import type { Role } from './names.ts';
import type { NameNodeAnswer, Observed } from './observed.ts';
import { podView } from './pod-view.ts';
import type { PodView } from './pod-view.ts';

export type DataNodeReport = HdfsStatus['datanodes'][number];

export interface Member {
  readonly role: Role;
  readonly ordinal: number;
  /** As the engine knows it. */
  readonly name: string;
  readonly podName: string;
  readonly pod: Pod | undefined;
  readonly view: PodView;
  /** One for each volume; undefined where there is none. */
  readonly claims: readonly (PersistentVolumeClaim | undefined)[];
  /** Its pod is not as it would be made today. */
  readonly outdated: boolean;
  /** Its pod was started with a Secret that is gone: it can talk to nobody. */
  readonly estranged: boolean;
}

export interface NameNode extends Member {
  readonly answer: NameNodeAnswer | undefined;
  readonly role: 'namenode';
}

export interface DataNode extends Member {
  readonly role: 'datanode';
  /** What the active namenode says of it. */
  readonly report: DataNodeReport | undefined;
  /** One too many: it is to go when it is empty. */
  readonly surplus: boolean;
}

export interface Active {
  readonly nameNode: NameNode;
  readonly ip: string;
  readonly status: HdfsStatus;
}

/** A cluster as a whole: what every decision looks at. */
export interface View {
  readonly cluster: HdfsCluster;
  readonly clusterId: string;
  readonly formatted: boolean;
  /** How many datanodes there should be. */
  readonly target: number;
  readonly nameNodes: readonly NameNode[];
  /** In order; those that are one too many come last. */
  readonly dataNodes: readonly DataNode[];
  readonly active: Active | undefined;
}

export function ordinalOf(object: { readonly metadata: { readonly labels?: Readonly<Record<string, string>> } }): number {
  return Number(object.metadata.labels?.[label.ordinal] ?? Number.NaN);
}

export function roleOf(object: { readonly metadata: { readonly labels?: Readonly<Record<string, string>> } }): string | undefined {
  return object.metadata.labels?.[label.role];
}

export function nameNodesOf(observed: Observed, clusterId: string, defaults: PodDefaults): readonly NameNode[] {
  const children = childrenOf(observed);
  return Array.from({ length: observed.cluster.spec.nameNode.replicas }, (_, ordinal) => {
    const member = memberOf(observed, children, clusterId, 'namenode', ordinal, defaults);
    return { ...member, role: 'namenode', answer: observed.answers.get(member.podName) };
  });
}

export function dataNodesOf(observed: Observed, clusterId: string, target: number, active: Active | undefined, defaults: PodDefaults): readonly DataNode[] {
  const children = childrenOf(observed);
  const reports = reportsOf(active?.status);
  return [...Array.from({ length: target }, (_, ordinal) => ordinal), ...surplusOrdinals(observed, target)].map((ordinal) => ({
    ...memberOf(observed, children, clusterId, 'datanode', ordinal, defaults),
    role: 'datanode',
    report: reports.get(memberName('datanode', ordinal)),
    surplus: ordinal >= target,
  }));
}

/**
 * Those that have a pod, those that the last target counted, and those that were being emptied: a datanode whose pod is away just now may have the only
 * replica of something.
 */
function surplusOrdinals({ cluster, pods }: Observed, target: number): readonly number[] {
  const { target: counted = 0, leaving = [] } = cluster.status?.dataNodes ?? {};
  const present = pods.filter((pod) => roleOf(pod) === 'datanode').map(ordinalOf);
  const emptied = leaving.map(dataNodeOrdinal).filter((ordinal) => ordinal !== undefined);
  const all = new Set([...present, ...emptied, ...Array.from({ length: counted }, (_, ordinal) => ordinal)]);
  return [...all].filter((ordinal) => ordinal >= target).toSorted((a, b) => a - b);
}

interface ChildrenByName {
  readonly pods: ReadonlyMap<string, Pod>;
  readonly claims: ReadonlyMap<string, PersistentVolumeClaim>;
}

function childrenOf({ pods, claims }: Observed): ChildrenByName {
  return { pods: new Map(pods.map((pod) => [pod.metadata.name, pod])), claims: new Map(claims.map((claim) => [claim.metadata.name, claim])) };
}

function memberOf({ cluster, secretMark }: Observed, { pods, claims }: ChildrenByName, clusterId: string, role: Role, ordinal: number, defaults: PodDefaults): Member {
  const name = podName(cluster.metadata.name, role, ordinal);
  const pod = pods.get(name);
  const wanted = pod && desiredPod(cluster, clusterId, role, ordinal, defaults).metadata.annotations?.[annotation.revision];
  return {
    role, ordinal, podName: name, name: memberName(role, ordinal), pod, view: podView(pod),
    claims: Array.from({ length: volumesOf(cluster, role) }, (_, volume) => claims.get(claimName(cluster.metadata.name, role, ordinal, volume))),
    outdated: pod !== undefined && pod.metadata.annotations?.[annotation.revision] !== wanted,
    estranged: pod !== undefined && secretMark !== undefined && pod.metadata.annotations?.[annotation.secret] !== secretMark,
  };
}

/** The namenode that says it leads; of two (one has not noticed yet) the one that more of the others name. */
export function activeOf(nameNodes: readonly NameNode[]): Active | undefined {
  const votes = (name: string): number => nameNodes.filter((each) => each.answer?.kind === 'status' && each.answer.status.active === name).length;
  const claiming = nameNodes.flatMap((nameNode): readonly Active[] => {
    const { answer, view } = nameNode;
    if (answer?.kind !== 'status' || answer.status.role !== 'active' || view.kind !== 'running' || view.ip === undefined) return [];
    return [{ nameNode, ip: view.ip, status: answer.status }];
  });
  return claiming.toSorted((a, b) => votes(b.nameNode.name) - votes(a.nameNode.name))[0];
}

/** A datanode whose disk was lost comes back under its name with a new uuid; the old one stays known as dead for a while. */
function reportsOf(status: HdfsStatus | undefined): ReadonlyMap<string, DataNodeReport> {
  const reports = new Map<string, DataNodeReport>();
  for (const each of status?.datanodes ?? []) {
    const known = reports.get(each.name);
    const isBetter = known === undefined || (known.state === 'Dead' && (each.state !== 'Dead' || each.lastContactMs > known.lastContactMs));
    if (isBetter) reports.set(each.name, each);
  }
  return reports;
}

export function isReady(member: Member): boolean {
  return member.view.kind === 'running' && member.view.ready;
}

/** Serves as a datanode of full standing. */
export function isLive(dataNode: DataNode): boolean {
  return isReady(dataNode) && dataNode.report?.state === 'Live';
}

/** Members below the target. */
export function wantedDataNodes(view: View): readonly DataNode[] {
  return view.dataNodes.filter((each) => !each.surplus);
}

/** What the active namenode knows of how far another has the journal; undefined when it does not say. */
export function behindOf(active: Active | undefined, name: string): number | undefined {
  return active?.status.nameNodes.find((each) => each.name === name)?.behind;
}

/** Nothing stands between a namenode and taking over. */
export function hasCaughtUp(active: Active | undefined, nameNode: NameNode): boolean {
  const known = active?.status.nameNodes.find((each) => each.name === nameNode.name);
  return isReady(nameNode) && nameNode.answer?.kind === 'status' && known?.role !== 'unreachable' && known?.role !== 'recovering' && (known?.behind ?? Number.POSITIVE_INFINITY) <= caughtUpEntries;
}

/** Entries that a standby may miss under load and still count as caught up. */
const caughtUpEntries = 1000;
