/** What a pod's status means for a cluster. Pure: the pod in, the meaning out. */
import type { ContainerStateTerminated, Pod } from '../kube/resource-types.ts';
import { disruptionOf, waitingReason } from '../pod/pod-trouble.ts';
import { containerName } from './desired-pod.ts';

export type PodView =
  | { readonly kind: 'absent' }
  /** It is being deleted: its name is not free yet. */
  | { readonly kind: 'terminating' }
  /** It will never run again and has to be replaced: evicted, or its node is gone. */
  | { readonly kind: 'ended'; readonly reason: string; readonly message: string }
  | { readonly kind: 'waiting'; readonly reason: string; readonly message: string }
  /** Its container has ended and is started again by the kubelet, with growing pauses. */
  | ({ readonly kind: 'crashed' } & End)
  /** `last`: how its container ended before it was started again. */
  | { readonly kind: 'running'; readonly ready: boolean; readonly ip: string | undefined; readonly last: End | undefined };

export interface End {
  readonly exitCode: number;
  readonly message: string;
}

export function podView(pod: Pod | undefined): PodView {
  if (pod === undefined) return { kind: 'absent' };
  if (pod.metadata.deletionTimestamp !== undefined) return { kind: 'terminating' };
  if (pod.status?.phase === 'Failed' || pod.status?.phase === 'Succeeded') {
    const disruption = disruptionOf(pod);
    return { kind: 'ended', reason: disruption?.reason ?? pod.status.reason ?? 'PodFailed', message: disruption?.message ?? pod.status.message ?? 'the pod has ended' };
  }
  const container = pod.status?.containerStatuses?.find((each) => each.name === containerName);
  const last = endOf(container?.state?.terminated ?? container?.lastState?.terminated);
  // The pod's condition also tells of a node that is not heard of any more.
  const condition = pod.status?.conditions?.find((each) => each.type === 'Ready');
  if (container?.state?.running !== undefined) return { kind: 'running', ready: condition === undefined ? container.ready === true : condition.status === 'True', ip: pod.status?.podIP, last };
  if (last !== undefined) return { kind: 'crashed', ...last };
  return { kind: 'waiting', ...waitingReason(pod) };
}

function endOf(end: ContainerStateTerminated | undefined): End | undefined {
  if (end === undefined) return undefined;
  const message = end.reason === 'OOMKilled' ? 'killed for using more memory than its limit' : lastLine(end.message) ?? `ended with exit code ${end.exitCode}`;
  return { exitCode: end.exitCode, message };
}

/** The engine's last word stands at the end of the message. */
function lastLine(text: string | undefined): string | undefined {
  const line = text?.trim().split('\n').at(-1)?.trim();
  return line === undefined || line === '' ? undefined : line.slice(0, 1024);
}

/** Of a pod that does not run or is not ready. */
export function podTrouble(view: PodView): string | undefined {
  switch (view.kind) {
    case 'absent': return 'has no pod yet';
    case 'terminating': return 'is stopping';
    case 'ended': return `has ended (${view.reason}): ${view.message}`;
    case 'waiting': return view.reason === 'Starting' ? 'is starting' : `waits (${view.reason}): ${view.message}`;
    case 'crashed': return `has crashed: ${view.message}`;
    case 'running': return view.ready ? undefined : 'is not ready yet';
    default: return view satisfies never;
  }
}
