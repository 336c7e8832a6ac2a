/** What embedded pods report: pure, in the forms that kubelet and scheduler use. */
import type { ContainerStateTerminated, ContainerStatus, PodCondition } from '../kube/resource-types.ts';
import type { ProcessEnd } from './pod-process.ts';

/** How a container's process ended, and when. */
export interface ContainerEnd {
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly end: ProcessEnd;
}

/** Where one container of a pod is. */
export type ContainerPhase =
  | { readonly kind: 'waiting'; readonly reason: string; readonly message?: string }
  | { readonly kind: 'running'; readonly startedAt: string; readonly ready: boolean; readonly started: boolean }
  | { readonly kind: 'terminated' } & ContainerEnd;

export interface ContainerState {
  readonly image: string;
  readonly phase: ContainerPhase;
  /** Of a container that has been started again: how often, and how it ended the last time. */
  readonly restarted?: { readonly count: number; readonly last: ContainerEnd } | undefined;
}

export interface PodState {
  readonly containers: ReadonlyMap<string, ContainerState>;
  readonly podIp: string | undefined;
  readonly startTime: string | undefined;
  /** Set when the pod failed as a whole, before or beside its containers. */
  readonly failure: { readonly reason: string; readonly message: string } | undefined;
  /** Since when each condition has been what it is: kept over reports. */
  readonly now: string;
}

type Phase = 'Pending' | 'Running' | 'Succeeded' | 'Failed';

export function podPhase({ containers, failure }: Pick<PodState, 'containers' | 'failure'>): Phase {
  if (failure !== undefined) return 'Failed';
  const phases = [...containers.values()].map((each) => each.phase);
  if ([...containers.values()].some(({ phase, restarted }) => phase.kind === 'waiting' && restarted === undefined)) return 'Pending';
  // A container that waits to be started again belongs to a pod that runs.
  if (phases.some((phase) => phase.kind !== 'terminated')) return 'Running';
  return phases.every((phase) => phase.kind === 'terminated' && phase.end.exitCode === 0) ? 'Succeeded' : 'Failed';
}

export interface PodStatus {
  readonly phase: Phase;
  readonly conditions: readonly PodCondition[];
  readonly containerStatuses?: readonly ContainerStatus[];
  readonly podIP?: string;
  readonly podIPs?: readonly { readonly ip: string }[];
  readonly hostIP?: string;
  readonly startTime?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly qosClass?: string;
}

export function podStatus(state: PodState, before: readonly PodCondition[]): PodStatus {
  const { podIp, startTime, failure, now } = state;
  const phase = podPhase(state);
  const containers = [...state.containers.values()].map((each) => each.phase);
  const ready = phase === 'Running' && containers.every((each) => each.kind === 'running' && each.ready);
  const why = phase === 'Succeeded' ? { reason: 'PodCompleted' } : phase === 'Failed' ? { reason: 'PodFailed' } : { reason: 'ContainersNotReady' };
  const condition = (type: string, holds: boolean, detail: object = {}): PodCondition => since({ type, status: holds ? 'True' : 'False', ...(holds ? {} : detail) }, before, now);
  return {
    phase,
    conditions: [
      condition('PodScheduled', true),
      condition('Initialized', true),
      condition('ContainersReady', ready, why),
      condition('Ready', ready, why),
    ],
    containerStatuses: [...state.containers].map(([name, container]) => containerStatus(name, container)),
    ...(podIp === undefined ? {} : { podIP: podIp, podIPs: [{ ip: podIp }], hostIP: '127.0.0.1' }),
    ...(startTime === undefined ? {} : { startTime }),
    ...failure,
  };
}

/** The status of a pod that waits for room, as the scheduler writes it. */
export function unschedulable(podsMax: number, now: string, before: readonly PodCondition[]): PodStatus {
  const message = `0/1 nodes are available: 1 Too many pods (this machine runs at most ${podsMax} at a time). The pod starts when another one ends.`;
  return { phase: 'Pending', conditions: [since({ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }, before, now)] };
}

function since(condition: PodCondition, before: readonly PodCondition[], now: string): PodCondition {
  const earlier = before.find((each) => each.type === condition.type && each.status === condition.status);
  return { ...condition, lastTransitionTime: earlier?.lastTransitionTime ?? now };
}

function containerStatus(name: string, { image, phase, restarted }: ContainerState): ContainerStatus & { readonly image: string; readonly started: boolean } {
  const shared = { name, image, restartCount: restarted?.count ?? 0, ...(restarted === undefined ? {} : { lastState: { terminated: terminated(restarted.last) } }) };
  switch (phase.kind) {
    case 'waiting': {
      const { reason, message } = phase;
      return { ...shared, ready: false, started: false, state: { waiting: { reason, ...(message === undefined ? {} : { message }) } } };
    }
    case 'running':
      return { ...shared, ready: phase.ready, started: phase.started, state: { running: { startedAt: phase.startedAt } } };
    case 'terminated':
      return { ...shared, ready: false, started: false, state: { terminated: terminated(phase) } };
    default:
      return phase satisfies never;
  }
}

function terminated({ startedAt, finishedAt, end: { exitCode, message } }: ContainerEnd): ContainerStateTerminated {
  return { exitCode, reason: exitCode === 0 ? 'Completed' : 'Error', ...(message === '' ? {} : { message }), startedAt, finishedAt };
}
