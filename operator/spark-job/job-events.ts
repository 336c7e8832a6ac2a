/** What is worth an event, told from how the status changes. */
import type { SparkJobStatus } from '../api/spark-job.ts';
import type { AttemptStep, StartCause } from './attempt.ts';
import type { ExecutorFailures } from './executors.ts';

export interface EventText {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
}

const causeText: Readonly<Record<StartCause, string>> = {
  First: 'started',
  Retry: 'started after a failure',
  Resume: 'started after a suspension',
  Restart: 'started because restartNonce has changed',
  Edit: 'started because the failed job was edited',
};

export function eventsOf(before: SparkJobStatus | undefined, after: SparkJobStatus, step: AttemptStep, lost: ExecutorFailures): readonly EventText[] {
  return [...attemptEvents(after, step), ...lossEvents(lost), ...phaseEvents(before, after), ...waitEvents(before, after)];
}

function attemptEvents({ attempts }: SparkJobStatus, { started, ended }: AttemptStep): readonly EventText[] {
  if (attempts === undefined) return [];
  if (started !== undefined) return [{ type: 'Normal', reason: 'AttemptStarted', message: `attempt ${attempts.number} ${causeText[started]}` }];
  if (ended?.kind !== 'Failed' || attempts.retryAt === undefined) return [];
  return [{ type: 'Warning', reason: 'AttemptFailed', message: `attempt ${attempts.number} failed (${ended.reason}), next at ${attempts.retryAt}: ${ended.message}` }];
}

/** One event for all losses of a pass. */
function lossEvents(lost: ExecutorFailures): readonly EventText[] {
  const first = lost[0];
  if (first === undefined) return [];
  const others = lost.length > 1 ? ` and ${lost.length - 1} more` : '';
  return [{ type: 'Warning', reason: 'ExecutorLost', message: `lost executor ${first.executor}${others}: ${first.reason}: ${first.message ?? ''}` }];
}

function phaseEvents(before: SparkJobStatus | undefined, { phase, attempts }: SparkJobStatus): readonly EventText[] {
  if (before?.phase === phase) return [];
  switch (phase) {
    case 'Completed':
      return [{ type: 'Normal', reason: 'JobCompleted', message: attempts?.message ?? '' }];
    case 'Failed':
      return [{ type: 'Warning', reason: 'JobFailed', message: `${attempts?.reason ?? ''}: ${attempts?.message ?? ''}` }];
    case 'Suspended':
      return [{ type: 'Normal', reason: 'Suspended', message: 'no pod of the job runs' }];
    case 'Pending':
    case 'Starting':
    case 'Running':
    case 'Stopping':
    case 'Retrying':
    case undefined:
      return [];
    default:
      return phase satisfies never;
  }
}

const ordinary = new Set(['Pending', 'Starting', 'Running', 'Stopping', 'Suspended', 'Completed', 'JobFailed', 'ExecutorsStarting', 'AllRunning']);

/** A job that waits for something says so once for each thing that it waits for. */
function waitEvents(before: SparkJobStatus | undefined, after: SparkJobStatus): readonly EventText[] {
  if (after.phase !== 'Pending' && after.phase !== 'Starting' && after.phase !== 'Running') return [];
  return ['Ready', 'ExecutorsReady'].flatMap((type) => {
    const condition = after.conditions?.find((each) => each.type === type);
    const reason = before?.conditions?.find((each) => each.type === type)?.reason;
    if (condition === undefined || condition.status === 'True' || condition.reason === reason || ordinary.has(condition.reason)) return [];
    return [{ type: 'Warning', reason: condition.reason, message: condition.message } as const];
  });
}
