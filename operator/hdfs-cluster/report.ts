/** The part of the status that says how namenodes and datanodes are. Pure. */
import { port } from '../../engine/contract.ts';
import type { HdfsCluster, HdfsClusterStatus } from '../api/hdfs-cluster.ts';
import type { PodDefaults } from '../pod/pod-defaults.ts';
import type { Departure } from './departure.ts';
import { effectiveResources } from './desired-pod.ts';
import { behindOf, isLive, wantedDataNodes } from './members.ts';
import type { NameNode, View } from './members.ts';
import { clientServiceName, dataNodeSelector } from './names.ts';
import { podTrouble } from './pod-view.ts';
import type { RolloutStep } from './rollout.ts';
import { updatedText } from './rollout.ts';

export interface ReportInput {
  readonly view: View;
  readonly departure: Departure;
  readonly rollout: RolloutStep;
  readonly settings: { readonly podDefaults: PodDefaults; readonly figuresDue: boolean };
  readonly nowMs: number;
}

export function reportOf(input: ReportInput): Partial<HdfsClusterStatus> {
  const { view, settings } = input;
  return {
    ...figuresOf(view, settings.figuresDue),
    nameNodes: view.nameNodes.map((each) => nameNodeReport(view, each)),
    dataNodes: dataNodesReport(input),
    ...rolloutReport(input),
    endpoints: endpointsOf(view.cluster),
    effective: effectiveOf(view.cluster, settings.podDefaults),
    selector: dataNodeSelector(view.cluster.metadata.name),
  };
}

/** While nobody tells, the last figures stay. */
function figuresOf({ active, cluster }: View, due: boolean): Partial<HdfsClusterStatus> {
  if (active === undefined) return {};
  const { status } = active;
  const health = { underReplicated: status.underReplicatedBlocks, missing: status.missingBlocks, corrupt: status.corruptBlocks };
  if (!due && cluster.status?.capacityBytes !== undefined) return health;
  return {
    ...health,
    capacity: bytesText(status.capacityBytes),
    used: bytesText(status.usedBytes),
    capacityBytes: status.capacityBytes,
    usedBytes: status.usedBytes,
    remainingBytes: status.remainingBytes,
    files: status.files,
    blocks: status.blocks,
  };
}

const units = ['B', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi'] as const;

/** `1.5Gi`: three digits are enough for people. */
export function bytesText(bytes: number): string {
  const power = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10));
  const amount = bytes / 2 ** (10 * power);
  return `${power === 0 || amount >= 100 ? Math.round(amount) : Number(amount.toPrecision(3))}${units[power] ?? ''}`;
}

function nameNodeReport({ active }: View, nameNode: NameNode): NonNullable<HdfsClusterStatus['nameNodes']>[number] {
  const { answer, view, name } = nameNode;
  const behind = behindOf(active, name);
  const message = podTrouble(view) ?? (answer?.kind === 'silent' ? answer.message : undefined);
  return {
    name,
    role: answer?.kind === 'status' ? answer.status.role : 'unreachable',
    // Under load a standby is always a little behind: no news.
    ...(behind === undefined || behind < 1000 ? {} : { behind }),
    ...(message === undefined ? {} : { message: message.slice(0, 1024) }),
  };
}

function dataNodesReport({ view, departure, nowMs }: ReportInput): NonNullable<HdfsClusterStatus['dataNodes']> {
  const { cluster, target, active, dataNodes } = view;
  const before = cluster.status?.dataNodes;
  const wanted = wantedDataNodes(view);
  // Between two active namenodes nobody tells; then the last word counts.
  const live = active === undefined && before !== undefined ? before.live : wanted.filter(isLive).length;
  const leaving = departure.unfinished.map((each) => each.name);
  return {
    replicas: dataNodes.filter((each) => each.pod !== undefined && each.view.kind !== 'terminating').length,
    target,
    live,
    dead: active === undefined && before !== undefined ? before.dead : wanted.filter((each) => each.report?.state === 'Dead').length,
    decommissioning: departure.leaving.filter((each) => each.report?.state === 'Decommissioning').length,
    summary: `${live}/${target}`,
    ...(leaving.length === 0 ? {} : { leaving, leavingSince: before?.leavingSince ?? new Date(nowMs).toISOString() }),
  };
}

function rolloutReport({ view, rollout }: ReportInput): Pick<HdfsClusterStatus, 'rollout'> {
  if (rollout.kind === 'none') return {};
  return { rollout: { nameNodes: updatedText(view.nameNodes), dataNodes: updatedText(wantedDataNodes(view)), message: rollout.message.slice(0, 1024) } };
}

function endpointsOf({ metadata, spec }: HdfsCluster): NonNullable<HdfsClusterStatus['endpoints']> {
  const host = `${clientServiceName(metadata.name)}.${metadata.namespace ?? ''}.svc`;
  return {
    webhdfs: `http://${host}:${port.nameNodeHttp}/webhdfs/v1`,
    ...(spec.tls === undefined ? {} : { webhdfsTls: `https://${host}:${port.nameNodeHttps}/webhdfs/v1` }),
    rpc: `${host}:${port.nameNodeRpc}`,
  };
}

function effectiveOf(cluster: HdfsCluster, defaults: PodDefaults): NonNullable<HdfsClusterStatus['effective']> {
  const of = (role: 'namenode' | 'datanode') => {
    const { cores, memoryBytes } = effectiveResources(cluster, role);
    return { cores, memoryBytes };
  };
  return { image: cluster.spec.image ?? defaults.image, nameNode: of('namenode'), dataNode: of('datanode') };
}
