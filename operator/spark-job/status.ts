/**
 * The one decision of a pass: job + what was observed + now → the next status, what to do once it is
 * written, and when to look again. Everything that must survive a crash is in the status before the
 * deed that it announces.
 */
import type { ApplicationResult, Progress } from '../../engine/contract.ts';
import type { SparkJob, SparkJobStatus } from '../api/spark-job.ts';
import type { AttemptStep, Attempts } from './attempt.ts';
import { isFinished, noAttempts, stepAttempt, untilDeadline } from './attempt.ts';
import { conditionsOf } from './conditions.ts';
import type { AttemptContext } from './desired.ts';
import type { EventText } from './job-events.ts';
import { eventsOf } from './job-events.ts';
import type { ExecutorStep } from './executors.ts';
import { noExecutors, stepExecutors, stopExecutors } from './executors.ts';
import { discarded, endedDriver, outlived, untilExpiry } from './finalize.ts';
import { executorSelector } from './names.ts';
import type { Observed, Problem } from './observed.ts';
import type { DriverState, JobPod } from './pod-state.ts';
import { driverState } from './pod-state.ts';
import { effectiveResources } from './resources.ts';
import { phaseOf, explain } from './phase.ts';
import { timingsOf } from './timings.ts';

export interface DecisionSettings {
  /** Image of jobs that name none. */
  readonly image: string;
  /** How often a running driver is asked. */
  readonly pollMs: number;
}

export type Action =
  | { readonly kind: 'createDriver'; readonly context: AttemptContext }
  | { readonly kind: 'createExecutors'; readonly context: AttemptContext; readonly ids: readonly number[]; readonly driverIp: string }
  | { readonly kind: 'removePods'; readonly pods: readonly JobPod[] }
  /** Takes the operator's finalizer off. */
  | { readonly kind: 'releasePods'; readonly pods: readonly JobPod[] }
  /** Secret and ConfigMap, when the time to live is over. */
  | { readonly kind: 'removeConfiguration'; readonly context: AttemptContext };

export interface Decision {
  readonly status: SparkJobStatus;
  readonly actions: readonly Action[];
  readonly events: readonly EventText[];
  /** Undefined: only a change can matter. */
  readonly requeueAfterMs: number | undefined;
}

export function decide(observed: Observed, nowMs: number, settings: DecisionSettings): Decision {
  const { job } = observed;
  const driver = driverState(observed.driver);
  const input = { job, driver, answer: observed.answer, pods: observed.executors, held: !mayAsk(observed, 'executor', nowMs), nowMs };
  const account = isActive(job.status?.attempts) ? stepExecutors(input) : undefined;
  const step = stepAttempt({
    job, driver, nowMs,
    hindrance: predecessor(observed) ?? observed.problem,
    refusal: observed.refusal,
    exhausted: account?.exhausted,
  });
  // An attempt that has just stopped or ended needs no new executors, and its losses mean nothing.
  const executors = isActive(step.attempts) && account !== undefined ? account : { ...stopExecutors(input), ...noChange(job) };
  const status = nextStatus(observed, driver, step, executors, nowMs, settings);
  return {
    status,
    actions: actionsOf(observed, driver, step.attempts, executors, nowMs),
    events: eventsOf(job.status, status, step, executors.lost),
    requeueAfterMs: requeueAfter(observed, driver, step.attempts, executors, nowMs, settings),
  };
}

function noChange(job: SparkJob): Omit<ExecutorStep, 'executors' | 'remove'> {
  return { failures: job.status?.recentExecutorFailures ?? [], lost: [], create: [], more: false, exhausted: undefined, waiting: undefined };
}

function isActive(attempts: Attempts | undefined): boolean {
  return attempts?.state === 'Active';
}

function predecessor({ foreign }: Observed): Problem | undefined {
  const pod = foreign[0];
  return pod && { reason: 'PredecessorTerminating', message: `pod ${pod.metadata.name} of an earlier SparkJob of this name is still there` };
}

function nextStatus(observed: Observed, driver: DriverState, step: AttemptStep, executors: ExecutorStep, nowMs: number, settings: DecisionSettings): SparkJobStatus {
  const { job } = observed;
  const fresh = step.started !== undefined;
  const before: SparkJobStatus = fresh ? withoutAttempt(job.status) : job.status ?? { observedGeneration: -1 };
  const { attempts } = step;
  const phase = phaseOf(job, attempts, driver);
  const account = fresh ? noExecutors(job.spec.executor.instances) : executors.executors;
  const explanation = explain({ observed, attempts, phase, driver, hindrance: predecessor(observed) ?? observed.problem, account, waiting: executors.waiting, nowMs });
  return compact({
    ...before,
    phase,
    observedGeneration: job.metadata.generation ?? 0,
    conditions: conditionsOf({ phase, ...explanation, before: job.status?.conditions ?? [], generation: job.metadata.generation ?? 0, nowMs }),
    attempts,
    driver: fresh ? undefined : driverReport(observed, driver, before),
    executors: account,
    recentExecutorFailures: fresh || executors.failures.length === 0 ? undefined : executors.failures,
    ...reportOf(observed, step, before),
    timings: timingsOf({ job, driver: observed.driver, state: driver, answer: observed.answer, phase, attempts, step, before, nowMs }),
    effective: fresh || before.effective === undefined ? effective(job, settings) : before.effective,
    selector: executorSelector(job.metadata.name),
  });
}

/** What belongs to one attempt alone. The error of the last one stays until the next has ended. */
function withoutAttempt(status: SparkJobStatus | undefined): SparkJobStatus {
  const { driver: _driver, progress: _progress, result: _result, recentExecutorFailures: _failures, ...rest } = status ?? { observedGeneration: -1 };
  return rest;
}

function driverReport({ driver: pod }: Observed, state: DriverState, before: SparkJobStatus): SparkJobStatus['driver'] {
  if (pod === undefined) return before.driver;
  return compact({
    pod: pod.metadata.name,
    uid: pod.metadata.uid,
    phase: state.kind === 'waiting' ? state.reason : pod.status?.phase ?? 'Pending',
    ip: pod.status?.podIP,
    node: pod.spec?.nodeName,
    message: state.kind === 'waiting' && state.reason !== 'Starting' ? state.message.slice(0, 1024) : undefined,
  });
}

/** Progress while it runs; result or error when it has ended. */
function reportOf({ answer }: Observed, { ended }: AttemptStep, before: SparkJobStatus): Pick<SparkJobStatus, 'progress' | 'result' | 'error'> {
  if (ended === undefined) {
    const progress = answer.kind === 'status' ? progressReport(answer.status.progress, answer.status.activity) : before.progress;
    return compact({ progress, result: before.result, error: before.error });
  }
  const progress = ended.progress === undefined ? before.progress : progressReport(ended.progress, undefined);
  if (ended.kind === 'Succeeded') return { ...compact({ progress, result: ended.result && resultReport(ended.result) }), error: undefined };
  return compact({ progress, error: ended.error ?? { errorClass: ended.reason, message: ended.message } });
}

function progressReport({ stages, tasks }: Progress, activity: string | undefined): NonNullable<SparkJobStatus['progress']> {
  return compact({ stages, tasks, summary: `${tasks.completed}/${tasks.total}`, activity });
}

function resultReport(result: ApplicationResult): NonNullable<SparkJobStatus['result']> {
  return compact({ ...result });
}

function effective({ spec }: SparkJob, { image }: DecisionSettings): NonNullable<SparkJobStatus['effective']> {
  const pod = (role: 'driver' | 'executor') => {
    const { cores, memoryBytes } = effectiveResources(spec, role);
    return { cores, memoryBytes };
  };
  return { image: spec.image ?? image, driver: pod('driver'), executor: pod('executor') };
}

function actionsOf(observed: Observed, driver: DriverState, attempts: Attempts, executors: ExecutorStep, nowMs: number): readonly Action[] {
  const context = { attempt: attempts.number, specHash: attempts.specHash ?? '' };
  const cleanings = [discarded(observed.foreign), outlived(observed.earlier, attempts.number)];
  const expired = (untilExpiry(observed.job, attempts, nowMs) ?? 1) <= 0;
  const actions: Action[] = [];
  const isNew = attempts.number !== (observed.job.status?.attempts ?? noAttempts).number;
  if (isNew) cleanings.push(outlived([...observed.executors, ...observed.driver === undefined ? [] : [observed.driver]], attempts.number));
  else cleanings.push({ remove: executors.remove, release: [] }, endedDriver(observed.driver, attempts));
  const leftDrivers = [...observed.earlier, ...observed.driver === undefined ? [] : [observed.driver]];
  // The drivers go last: as long as one is there, the rest is known not to be cleared away for certain.
  if (expired && leftDrivers.length > 0) {
    actions.push({ kind: 'removeConfiguration', context });
    cleanings.push({ remove: discarded(leftDrivers).remove, release: [] });
  }
  if (attempts.state === 'Stopping' && observed.driver !== undefined && observed.driver.metadata.deletionTimestamp === undefined) {
    cleanings.push({ remove: [observed.driver], release: [] });
  }
  const remove = cleanings.flatMap((cleaning) => cleaning.remove);
  const release = cleanings.flatMap((cleaning) => cleaning.release);
  if (remove.length > 0) actions.push({ kind: 'removePods', pods: [...new Set(remove)] });
  if (release.length > 0) actions.push({ kind: 'releasePods', pods: release });
  if (attempts.state === 'Active' && (isNew || driver.kind === 'absent') && mayAsk(observed, 'driver', nowMs)) actions.push({ kind: 'createDriver', context });
  if (executors.create.length > 0 && (driver.kind === 'running' || driver.kind === 'waiting') && driver.ip !== undefined) {
    actions.push({ kind: 'createExecutors', context, ids: executors.create, driverIp: driver.ip });
  }
  return actions;
}

/** After a refusal the API server is left alone for a while. */
function mayAsk({ refusal }: Observed, role: 'driver' | 'executor', nowMs: number): boolean {
  return refusal === undefined || refusal.role !== role || nowMs >= refusal.retryAtMs;
}

const problemRetryMs = 10_000;
const startingCheckMs = 30_000;
const stoppingCheckMs = 5_000;

/** Every state that is not final has a time at which it is looked at again, whatever the watches bring. */
function requeueAfter(observed: Observed, driver: DriverState, attempts: Attempts, executors: ExecutorStep, nowMs: number, { pollMs }: DecisionSettings): number | undefined {
  const { job, refusal } = observed;
  const times = [isFinished(attempts) ? undefined : untilDeadline(attempts, job.spec, nowMs), untilExpiry(job, attempts, nowMs)].filter((ms) => ms === undefined || ms > 0);
  if (observed.foreign.length > 0) times.push(stoppingCheckMs);
  if (refusal !== undefined && attempts.state === 'Active') times.push(Math.max(refusal.retryAtMs - nowMs, 1));
  switch (attempts.state) {
    case 'Active':
      times.push(executors.more ? 1 : driver.kind === 'running' ? pollMs : startingCheckMs);
      break;
    case 'Stopping':
      times.push(stoppingCheckMs);
      break;
    case 'None':
    case 'Ended':
      if (attempts.retryAt !== undefined && !job.spec.suspend) times.push(Math.max(Date.parse(attempts.retryAt) - nowMs, 1));
      if (observed.problem !== undefined) times.push(problemRetryMs);
      // Stopped only to start again: the next pass does that.
      if (attempts.outcome === 'Stopped' && !job.spec.suspend) times.push(1);
      break;
    default:
      attempts.state satisfies never;
  }
  const due = times.filter((ms) => ms !== undefined);
  return due.length === 0 ? undefined : Math.min(...due);
}

/** JSON has no undefined; a status that is compared and sent should not either. */
function compact<T extends object>(object: { readonly [Key in keyof T]: T[Key] | undefined }): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;
}

