/** The phase of a job, and what there is to say about it. */
import type { SparkJob, SparkJobPhase } from '../api/spark-job.ts';
import type { Attempts } from './attempt.ts';
import type { Executors } from './executors.ts';
import type { Observed, Problem } from './observed.ts';
import type { DriverState } from './pod-state.ts';

export function phaseOf({ spec }: SparkJob, attempts: Attempts, driver: DriverState): SparkJobPhase {
  const idle = spec.suspend ? 'Suspended' : 'Pending';
  switch (attempts.state) {
    case 'None':
      return idle;
    case 'Active':
      return driver.kind === 'running' ? 'Running' : 'Starting';
    case 'Stopping':
      return 'Stopping';
    case 'Ended':
      break;
    default:
      return attempts.state satisfies never;
  }
  switch (attempts.outcome) {
    case 'Succeeded':
      return 'Completed';
    case 'Failed':
      if (attempts.retryAt === undefined) return 'Failed';
      return spec.suspend ? 'Suspended' : 'Retrying';
    case 'Stopped':
    case undefined:
      return idle;
    default:
      return attempts.outcome satisfies never;
  }
}

export interface Situation {
  readonly observed: Observed;
  readonly attempts: Attempts;
  readonly phase: SparkJobPhase;
  readonly driver: DriverState;
  readonly hindrance: Problem | undefined;
  readonly account: Executors;
  readonly waiting: { readonly reason: string; readonly message: string } | undefined;
  readonly nowMs: number;
}

export interface Explanation {
  readonly reason: string;
  readonly message: string;
  readonly executors: { readonly ready: boolean; readonly reason: string; readonly message: string };
}

export function explain(situation: Situation): Explanation {
  return { ...explainPhase(situation), executors: explainExecutors(situation) };
}

function explainPhase({ observed, attempts, phase, driver, hindrance, nowMs }: Situation): Problem {
  switch (phase) {
    case 'Pending':
      return hindrance ?? { reason: 'Pending', message: 'the first attempt is about to start' };
    case 'Starting':
      return explainStart(observed, driver);
    case 'Running':
      return explainRun(observed, nowMs);
    case 'Stopping':
      return { reason: 'Stopping', message: `${attempts.message ?? ''}; waiting for the driver to end${driver.kind === 'running' ? unreachable(observed, nowMs) : ''}` };
    case 'Retrying':
      if (hindrance !== undefined) return hindrance;
      return { reason: attempts.reason ?? 'Failed', message: `attempt ${attempts.number} failed and is tried again at ${attempts.retryAt ?? ''}: ${attempts.message ?? ''}` };
    case 'Suspended':
      return { reason: 'Suspended', message: 'spec.suspend is set' };
    case 'Completed':
      return { reason: 'Completed', message: attempts.message ?? '' };
    case 'Failed':
      return { reason: attempts.reason ?? 'Failed', message: attempts.message ?? '' };
    default:
      return phase satisfies never;
  }
}

function explainStart({ refusal, driver: pod }: Observed, driver: DriverState): Problem {
  if (pod === undefined && refusal?.role === 'driver') return refusal;
  if (driver.kind === 'waiting' && driver.reason !== 'Starting') return { reason: `Driver${driver.reason}`, message: driver.message };
  return { reason: 'Starting', message: 'the driver is starting' };
}

/** A driver that has just started may not listen yet; only a lasting silence is worth a word. */
const silenceMs = 15_000;

function explainRun({ answer }: Observed, nowMs: number): Problem {
  if (answer.kind === 'silent' && nowMs - answer.sinceMs > silenceMs) {
    return { reason: 'DriverSilent', message: `the driver runs but does not answer: ${answer.message}` };
  }
  return { reason: 'Running', message: 'the application is running' };
}

const stopMs = 90_000;

/** A node that is cut off cannot confirm that its pod has ended, and a second driver beside a living one would write twice. */
function unreachable({ driver: pod }: Observed, nowMs: number): string {
  const since = Date.parse(pod?.metadata.deletionTimestamp ?? '');
  if (Number.isNaN(since) || nowMs - since < stopMs) return '';
  return `. Node ${pod?.spec?.nodeName ?? ''} does not confirm it; if the node is gone for good, delete its Node object`;
}

function explainExecutors({ phase, account, observed, waiting }: Situation): Explanation['executors'] {
  if (phase !== 'Running' && phase !== 'Starting') return { ready: false, reason: phase, message: '' };
  const { running, target } = account;
  if (running >= target) return { ready: true, reason: 'AllRunning', message: '' };
  if (observed.refusal?.role === 'executor') return { ready: false, reason: observed.refusal.reason, message: observed.refusal.message };
  if (waiting !== undefined && waiting.reason !== 'Starting') return { ready: false, reason: `Executor${waiting.reason}`, message: waiting.message };
  // No numbers here: they stand in status.executors, and a message that changes is a write.
  return { ready: false, reason: 'ExecutorsStarting', message: 'executors are starting' };
}
