/** Why a pod does not run: what its status tells. Pure. */
import type { Pod } from '../kube/resource-types.ts';

export interface Trouble {
  readonly reason: string;
  readonly message: string;
}

const disruptionReasons = new Set(['Evicted', 'NodeLost', 'NodeShutdown', 'Terminated', 'Preempting', 'Shutdown', 'NodeAffinity', 'UnexpectedAdmissionError']);

/** Eviction, preemption, a node that went away: told by the pod's condition, by older clusters only by its reason. */
export function disruptionOf(pod: Pod): Trouble | undefined {
  const condition = pod.status?.conditions?.find((each) => each.type === 'DisruptionTarget' && each.status === 'True');
  const reason = condition?.reason ?? (disruptionReasons.has(pod.status?.reason ?? '') ? pod.status?.reason : undefined);
  if (reason === undefined) return undefined;
  return { reason, message: condition?.message ?? pod.status?.message ?? 'the pod was disrupted' };
}

/** Why a pod does not run yet: the container's reason, the scheduler's message, or simply that it starts. */
export function waitingReason(pod: Pod): Trouble {
  const statuses = [...pod.status?.initContainerStatuses ?? [], ...pod.status?.containerStatuses ?? []];
  const waiting = statuses.map((status) => status.state?.waiting).find((each) => each?.reason !== undefined && !['ContainerCreating', 'PodInitializing'].includes(each.reason));
  if (waiting?.reason !== undefined) return { reason: waiting.reason, message: waiting.message ?? waiting.reason };
  const scheduled = pod.status?.conditions?.find((condition) => condition.type === 'PodScheduled' && condition.status === 'False');
  if (scheduled !== undefined) return { reason: scheduled.reason ?? 'Unschedulable', message: scheduled.message ?? 'no node for the pod yet' };
  return { reason: 'Starting', message: pod.spec?.nodeName === undefined ? 'waiting for a node' : 'the container is being created' };
}
