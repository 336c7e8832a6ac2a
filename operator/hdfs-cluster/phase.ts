/** Where a cluster stands, and why, in words. Pure. */
import type { HdfsClusterPhase } from '../api/hdfs-cluster.ts';
import { hdfsExitCode } from '../../engine/contract.ts';
import type { Departure } from './departure.ts';
import { departureText } from './departure.ts';
import type { Member, View } from './members.ts';
import { isLive, isReady, wantedDataNodes } from './members.ts';
import type { Observed, Problem } from './observed.ts';
import { podTrouble } from './pod-view.ts';
import type { End } from './pod-view.ts';
import type { RolloutStep } from './rollout.ts';
import type { VolumePlan } from './volumes.ts';

export interface Explanation {
  readonly phase: HdfsClusterPhase;
  readonly reason: string;
  readonly message: string;
  readonly stalled: Problem | undefined;
}

export interface Situation {
  readonly view: View;
  readonly observed: Observed;
  readonly rollout: RolloutStep;
  readonly departure: Departure;
  readonly volumes: VolumePlan;
}

export function explain(situation: Situation): Explanation {
  const { view, observed } = situation;
  const stalled = stalledBy(situation);
  const serving = view.active !== undefined && !view.active.status.safeMode.on;
  if (stalled !== undefined && !serving) return { phase: 'Stalled', ...stalled, stalled };
  const before = observed.cluster.status?.phase;
  const hindrance = hindranceOf(situation);
  if (!serving) return { phase: isUp(before) ? 'Degraded' : before === undefined ? 'Pending' : 'Starting', ...hindrance ?? stalled ?? starting, stalled };
  const moved = movementOf(situation);
  if (moved !== undefined) return { phase: before === 'Starting' || before === 'Pending' ? 'Starting' : 'Updating', ...moved, stalled };
  if (hindrance !== undefined || stalled !== undefined) return { phase: troubledPhase(before), ...hindrance ?? stalled ?? starting, stalled };
  return { phase: 'Ready', reason: 'Ready', message: `${view.target} datanodes are live, ${view.active?.nameNode.name ?? ''} is active`, stalled };
}

const starting: Problem = { reason: 'Starting', message: 'the namenodes are starting' };

function isUp(phase: HdfsClusterPhase | undefined): boolean {
  return phase === 'Ready' || phase === 'Degraded' || phase === 'Updating';
}

/** What was being changed is still being changed until all is well; trouble in between is told by the message. */
function troubledPhase(before: HdfsClusterPhase | undefined): HdfsClusterPhase {
  if (before === 'Updating') return 'Updating';
  return isUp(before) ? 'Degraded' : 'Starting';
}

function stalledBy({ view, observed, volumes }: Situation): Problem | undefined {
  if (volumes.lost !== undefined) return volumes.lost;
  const { refusal } = observed;
  if (refusal?.terminal === true) return refusal;
  for (const member of [...view.nameNodes, ...view.dataNodes]) {
    const end = hopelessEnd(member);
    if (end === undefined) continue;
    const reason = end.exitCode === hdfsExitCode.wrongDisk ? 'WrongDisk' : 'BadConfiguration';
    return { reason, message: `${member.podName} refuses to start: ${end.message}` };
  }
  return undefined;
}

/** Its own last word is that starting again cannot help. It stands until the member is ready, also while the kubelet tries once more. */
function hopelessEnd({ view }: Member): End | undefined {
  const end = view.kind === 'crashed' ? view : view.kind === 'running' && !view.ready ? view.last : undefined;
  return end?.exitCode === hdfsExitCode.wrongDisk || end?.exitCode === hdfsExitCode.badConfiguration ? end : undefined;
}

/** The first thing that keeps the cluster from being whole. */
function hindranceOf({ view, observed }: Situation): Problem | undefined {
  const { foreign, refusal, rackProblem } = observed;
  const [pod] = foreign;
  if (pod !== undefined) return { reason: 'PredecessorTerminating', message: `pod ${pod.metadata.name} of an earlier HdfsCluster of this name is still there` };
  if (refusal !== undefined) return refusal;
  if (rackProblem !== undefined) return rackProblem;
  const nameNode = view.nameNodes.find((each) => !isReady(each));
  if (view.active === undefined) return { reason: 'NoActiveNameNode', message: nameNode === undefined ? silence(view) : memberText(nameNode) };
  if (view.active.status.safeMode.on) return { reason: 'SafeMode', message: `the active namenode is in safe mode: ${view.active.status.safeMode.reason ?? 'waiting for datanodes to report their blocks'}` };
  if (nameNode !== undefined) return { reason: 'NameNodeNotReady', message: memberText(nameNode) };
  const lacking = wantedDataNodes(view).filter((each) => !isLive(each));
  const [first] = lacking;
  if (first !== undefined) {
    const others = lacking.length > 1 ? `, and ${lacking.length - 1} more datanodes are not live` : '';
    return { reason: 'DataNodeNotLive', message: memberText(first) + others };
  }
  const { missingBlocks } = view.active.status;
  return missingBlocks > 0 ? { reason: 'BlocksMissing', message: `${missingBlocks} blocks have no replica that can be read` } : undefined;
}

function silence({ nameNodes }: View): string {
  const silent = nameNodes.find((each) => each.answer?.kind === 'silent');
  return silent?.answer?.kind === 'silent' ? `${silent.name} does not answer: ${silent.answer.message}` : 'the namenodes are choosing an active one';
}

function memberText(member: Member): string {
  const trouble = podTrouble(member.view);
  if (trouble !== undefined) return `${member.name} ${trouble}`;
  const report = 'report' in member ? (member as View['dataNodes'][number]).report : undefined;
  return report === undefined ? `${member.name} has not registered yet` : `${member.name} is ${report.state.toLowerCase()}`;
}

/** What is being changed on purpose. */
function movementOf({ view, observed, rollout, departure }: Situation): Problem | undefined {
  if (rollout.kind !== 'none') {
    const refused = rollout.kind === 'handover' && observed.handoverRefusal !== undefined ? ` (${observed.handoverRefusal})` : '';
    return { reason: 'RollingRestart', message: `rolling restart: ${rollout.message}${refused}` };
  }
  if (departure.leaving.length > 0) return { reason: 'ScalingIn', message: `being emptied before they go: ${departureText(departure)}` };
  const before = observed.cluster.status?.dataNodes?.target;
  if (before !== undefined && before !== view.target) return { reason: 'Scaling', message: `from ${before} to ${view.target} datanodes` };
  return undefined;
}
