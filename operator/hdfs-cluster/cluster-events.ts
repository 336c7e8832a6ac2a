/** What is worth an event, told from how the status changes. */
import type { HdfsClusterStatus } from '../api/hdfs-cluster.ts';
import type { RolloutStep } from './rollout.ts';

export interface EventText {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
}

export function eventsOf(before: HdfsClusterStatus | undefined, after: HdfsClusterStatus, rollout: RolloutStep): readonly EventText[] {
  return [...phaseEvents(before, after), ...conditionEvents(before, after), ...rolloutEvents(rollout)];
}

function phaseEvents(before: HdfsClusterStatus | undefined, after: HdfsClusterStatus): readonly EventText[] {
  const { phase } = after;
  if (phase === undefined || before?.phase === phase) return [];
  const message = after.conditions?.find((each) => each.type === 'Ready')?.message ?? '';
  switch (phase) {
    case 'Ready':
    case 'Starting':
    case 'Updating':
    case 'Suspended':
      return [{ type: 'Normal', reason: phase, message }];
    case 'Degraded':
      return [{ type: 'Warning', reason: phase, message }];
    // Stalled is told by its condition.
    case 'Stalled':
    case 'Pending':
    case 'Suspending':
    case 'Deleting':
      return [];
    default:
      return phase satisfies never;
  }
}

/** Conditions that a person should look at when they become true, or true for another reason. */
const alarming: readonly string[] = ['Stalled', 'UnderReplicated', 'ScaleInBlocked'];

function conditionEvents(before: HdfsClusterStatus | undefined, after: HdfsClusterStatus): readonly EventText[] {
  return alarming.flatMap((type) => {
    const now = after.conditions?.find((each) => each.type === type);
    const then = before?.conditions?.find((each) => each.type === type);
    if (now?.status !== 'True' || (then?.status === 'True' && then.reason === now.reason)) return [];
    return [{ type: 'Warning', reason: now.reason, message: now.message } as const];
  });
}

function rolloutEvents(rollout: RolloutStep): readonly EventText[] {
  if (rollout.kind !== 'restart' && rollout.kind !== 'handover') return [];
  return [{ type: 'Normal', reason: 'RollingRestart', message: rollout.message }];
}
