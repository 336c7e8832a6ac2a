/** The conditions of a job, as kstatus, `kubectl wait` and people read them. All are always there. */
import type { SparkJobConditionType, SparkJobPhase, SparkJobStatus } from '../api/spark-job.ts';
import { conditionTypes } from '../api/spark-job.ts';

type Conditions = NonNullable<SparkJobStatus['conditions']>;

export interface ConditionInput {
  readonly phase: SparkJobPhase;
  /** Why the phase is what it is. */
  readonly reason: string;
  readonly message: string;
  /** Whether the attempt's executors are all there. */
  readonly executors: { readonly ready: boolean; readonly reason: string; readonly message: string };
  readonly before: Conditions;
  readonly generation: number;
  readonly nowMs: number;
}

interface Verdict {
  readonly status: 'True' | 'False';
  readonly reason: string;
  readonly message: string;
}

const messageMax = 4096;

export function conditionsOf(input: ConditionInput): Conditions {
  const time = `${new Date(input.nowMs).toISOString().slice(0, 19)}Z`;
  const own = conditionTypes.map((type) => {
    const verdict = verdictOn(type, input);
    const before = input.before.find((condition) => condition.type === type);
    return {
      type,
      status: verdict.status,
      observedGeneration: input.generation,
      lastTransitionTime: before?.status === verdict.status ? before.lastTransitionTime : time,
      reason: verdict.reason.slice(0, 128),
      message: cut(verdict.message),
    };
  });
  const others = input.before.filter((condition) => !(conditionTypes as readonly string[]).includes(condition.type));
  return [...own, ...others];
}

function cut(text: string): string {
  return text.length <= messageMax ? text : `${text.slice(0, messageMax - 1)}…`;
}

function verdictOn(type: SparkJobConditionType, { phase, reason, message, executors }: ConditionInput): Verdict {
  const when = (holds: boolean, reasonIfTrue: string): Verdict => ({ status: holds ? 'True' : 'False', reason: holds ? reasonIfTrue : phase, message: holds ? message : '' });
  switch (type) {
    case 'Ready':
      return { status: phase === 'Completed' ? 'True' : 'False', reason: readyReason(phase, reason), message };
    case 'Reconciling':
      return when(phase !== 'Completed' && phase !== 'Failed' && phase !== 'Suspended', reason);
    // Ready=False alone is never a failure to kstatus.
    case 'Stalled':
      return when(phase === 'Failed', 'JobFailed');
    case 'Complete':
      return when(phase === 'Completed', 'Completed');
    case 'Failed':
      return when(phase === 'Failed', reason);
    case 'Suspended':
      return when(phase === 'Suspended', 'Suspended');
    case 'ExecutorsReady':
      return { status: executors.ready ? 'True' : 'False', reason: executors.reason, message: executors.message };
    default:
      return type satisfies never;
  }
}

function readyReason(phase: SparkJobPhase, reason: string): string {
  if (phase === 'Failed') return 'JobFailed';
  return phase === 'Completed' ? 'Completed' : reason;
}
