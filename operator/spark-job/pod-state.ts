/** What a pod's status means for a job. Pure: the pod in, the meaning out. */
import type { ApplicationError, ApplicationResult, Progress } from '../../engine/contract.ts';
import { exitCode, terminationMessageSchema } from '../../engine/contract.ts';
import type { ContainerStateTerminated, Pod } from '../kube/resource-types.ts';
import { disruptionOf, waitingReason } from '../pod/pod-trouble.ts';
import { containerName } from './desired.ts';
import { label } from './names.ts';

/** Whose fault a failure is: it decides whether and how often to try again. */
export type Blame =
  /** SQL, script or data. */
  | 'Application'
  /** The engine itself, or its memory. */
  | 'Engine'
  /** Trying again cannot help. */
  | 'Configuration'
  /** Node, kubelet, eviction, deletion by somebody. */
  | 'Infrastructure';

export type AttemptOutcome =
  | {
      readonly kind: 'Succeeded';
      readonly result: ApplicationResult | undefined;
      readonly progress: Progress | undefined;
      readonly firstTaskAtMs: number | undefined;
    }
  | {
      readonly kind: 'Failed';
      readonly blame: Blame;
      readonly reason: string;
      readonly message: string;
      readonly error: ApplicationError | undefined;
      readonly progress: Progress | undefined;
      readonly firstTaskAtMs: number | undefined;
    };

/** A pod of a job, driver or executor. */
export type JobPod = Pod;

export type DriverState =
  | { readonly kind: 'absent' }
  | { readonly kind: 'waiting'; readonly reason: string; readonly message: string; readonly ip: string | undefined }
  | { readonly kind: 'running'; readonly ip: string | undefined; readonly startedAt: string | undefined; readonly terminating: boolean }
  | { readonly kind: 'ended'; readonly outcome: AttemptOutcome };

export type ExecutorState =
  | { readonly kind: 'waiting'; readonly reason: string; readonly message: string }
  | { readonly kind: 'running' }
  | { readonly kind: 'lost'; readonly reason: string; readonly message: string; readonly exitCode: number | undefined };

export function driverState(pod: Pod | undefined): DriverState {
  if (pod === undefined) return { kind: 'absent' };
  const terminated = terminationOf(pod);
  if (isOver(pod) || terminated !== undefined) return { kind: 'ended', outcome: outcomeOf(pod, terminated) };
  const terminating = pod.metadata.deletionTimestamp !== undefined;
  const running = stateOf(pod)?.running;
  if (running !== undefined) return { kind: 'running', ip: pod.status?.podIP, startedAt: running.startedAt, terminating };
  if (terminating && willNeverReport(pod)) return { kind: 'ended', outcome: lost('DriverDeleted', 'the driver pod was deleted before it ran') };
  return { kind: 'waiting', ...waitingReason(pod), ip: pod.status?.podIP };
}

/**
 * No kubelet will ever report on a pod that was deleted before it had a node, nor on one whose grace
 * period is 0: that is the kubelet's own last word, or somebody's force.
 */
function willNeverReport(pod: Pod): boolean {
  const { deletionGracePeriodSeconds } = pod.metadata as { readonly deletionGracePeriodSeconds?: number };
  return pod.spec?.nodeName === undefined || deletionGracePeriodSeconds === 0;
}

export function executorState(pod: Pod): ExecutorState {
  const terminated = terminationOf(pod);
  if (isOver(pod) || terminated !== undefined) {
    const disruption = disruptionOf(pod);
    return {
      kind: 'lost',
      reason: disruption?.reason ?? terminated?.reason ?? pod.status?.reason ?? 'Failed',
      message: disruption?.message ?? messageOf(terminated) ?? pod.status?.message ?? 'the executor ended',
      exitCode: terminated?.exitCode,
    };
  }
  if (pod.metadata.deletionTimestamp !== undefined) return { kind: 'lost', reason: 'Deleted', message: 'the executor pod was deleted', exitCode: undefined };
  if (stateOf(pod)?.running !== undefined) return { kind: 'running' };
  return { kind: 'waiting', ...waitingReason(pod) };
}

export function executorId(pod: Pod): number {
  return Number(pod.metadata.labels?.[label.executor] ?? Number.NaN);
}

export function attemptOf(pod: Pod): number {
  return Number(pod.metadata.labels?.[label.attempt] ?? Number.NaN);
}

export function isDriver(pod: Pod): boolean {
  return pod.metadata.labels?.[label.role] === 'driver';
}

/** A failure for which nobody but the cluster is to blame. */
export function lost(reason: string, message: string): AttemptOutcome {
  return { kind: 'Failed', blame: 'Infrastructure', reason, message, error: undefined, progress: undefined, firstTaskAtMs: undefined };
}

function isOver(pod: Pod): boolean {
  return pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
}

function stateOf(pod: Pod) {
  return pod.status?.containerStatuses?.find((status) => status.name === containerName)?.state;
}

/** Sidecars of a template may outlive the engine's container; it alone counts. */
function terminationOf(pod: Pod): ContainerStateTerminated | undefined {
  return stateOf(pod)?.terminated;
}

/** The driver's own word first, the exit code second, the pod's third. */
function outcomeOf(pod: Pod, terminated: ContainerStateTerminated | undefined): AttemptOutcome {
  const word = lastWord(terminated);
  const progress = word?.progress;
  const firstTaskAtMs = word?.firstTaskAtMs ?? undefined;
  if (word?.outcome === 'Succeeded' || (word === undefined && terminated?.exitCode === exitCode.succeeded)) {
    return { kind: 'Succeeded', result: word?.result, progress, firstTaskAtMs };
  }
  const failed = (blame: Blame, reason: string, message: string): AttemptOutcome => ({
    kind: 'Failed', blame, reason, message, error: word?.error, progress, firstTaskAtMs,
  });
  const cancelled = word?.outcome === 'Cancelled' || terminated?.exitCode === exitCode.cancelled;
  if (word?.error !== undefined && !cancelled) {
    const blame = blameOf(terminated?.exitCode);
    return failed(blame, `${blame}Failed`, errorText(word.error));
  }
  const disruption = disruptionOf(pod);
  if (disruption !== undefined) return failed('Infrastructure', disruption.reason, disruption.message);
  if (pod.metadata.deletionTimestamp !== undefined) return failed('Infrastructure', 'DriverDeleted', 'the driver pod was deleted');
  if (terminated === undefined) return failed('Infrastructure', pod.status?.reason ?? 'DriverLost', pod.status?.message ?? 'the driver pod failed before its container ended');
  if (cancelled) return failed('Configuration', 'Cancelled', 'the application was cancelled');
  if (terminated.reason === 'OOMKilled') {
    return failed('Engine', 'DriverOutOfMemory', 'the driver was killed for using more memory than its limit; raise spec.driver.resources.limits.memory');
  }
  const blame = blameOf(terminated.exitCode);
  return failed(blame, `${blame}Failed`, messageOf(terminated) ?? `the driver ended with exit code ${terminated.exitCode}`);
}

function blameOf(code: number | undefined): Blame {
  switch (code) {
    case exitCode.applicationFailed: return 'Application';
    case exitCode.badConfiguration: return 'Configuration';
    default: return 'Engine';
  }
}

/** Spark writes its error class in brackets in front of most messages; others get it here. */
function errorText({ errorClass, message }: ApplicationError): string {
  return message.startsWith('[') ? message : `[${errorClass}] ${message}`;
}

function lastWord(terminated: ContainerStateTerminated | undefined) {
  if (terminated?.message === undefined) return undefined;
  try {
    return terminationMessageSchema.safeParse(JSON.parse(terminated.message)).data;
  } catch {
    // Not JSON: a runtime's own message (`messageOf` shows it).
    return undefined;
  }
}

function messageOf(terminated: ContainerStateTerminated | undefined): string | undefined {
  if (terminated === undefined) return undefined;
  if (terminated.reason === 'OOMKilled') return 'killed for using more memory than its limit';
  const word = lastWord(terminated);
  if (word !== undefined) return word.error === undefined ? undefined : errorText(word.error);
  return terminated.message?.trim() || `ended with exit code ${terminated.exitCode}`;
}
