/**
 * The life of attempts as a pure step: None → Active → (Stopping →) Ended → Active …
 *
 * Invariants: the number is in the status before the attempt's driver exists; a driver is created only
 * while its attempt is Active and no driver was ever seen for it; an attempt that has Ended never
 * becomes Active again. So no attempt runs twice, wherever the operator is killed.
 */
import type { SparkJob, SparkJobSpec, SparkJobStatus } from '../api/spark-job.ts';
import type { Problem, Refusal } from './observed.ts';
import type { AttemptOutcome, DriverState } from './pod-state.ts';
import { lost } from './pod-state.ts';
import { policyHash, specHash } from './spec-hash.ts';

export type Attempts = NonNullable<SparkJobStatus['attempts']>;
export type StartCause = 'First' | 'Retry' | 'Resume' | 'Restart' | 'Edit';

/** Attempts lost to the cluster are not the job's fault, but a job that is lost this often needs a person. */
export const disruptionsMax = 10;

export const noAttempts: Attempts = { number: 0, state: 'None', failures: 0, disruptions: 0 };

export interface AttemptInput {
  readonly job: SparkJob;
  readonly driver: DriverState;
  /** What hinders a start. */
  readonly hindrance: Problem | undefined;
  readonly refusal: Refusal | undefined;
  /** Set when executors are lost faster than work gets done. */
  readonly exhausted: string | undefined;
  readonly nowMs: number;
}

export interface AttemptStep {
  readonly attempts: Attempts;
  readonly started?: StartCause;
  readonly ended?: AttemptOutcome;
}

export function stepAttempt(input: AttemptInput): AttemptStep {
  const attempts = input.job.status?.attempts ?? noAttempts;
  switch (attempts.state) {
    case 'None':
    case 'Ended':
      return stepIdle(attempts, input);
    case 'Active':
      return stepActive(attempts, input);
    case 'Stopping':
      return stepStopping(attempts, input);
    default:
      return attempts.state satisfies never;
  }
}

/** Why a new attempt is due, if one is. */
export function startCause(job: SparkJob, nowMs: number): StartCause | undefined {
  const { spec } = job;
  const attempts = job.status?.attempts ?? noAttempts;
  if (spec.suspend) return undefined;
  if (attempts.state === 'None') return 'First';
  if (attempts.state !== 'Ended') return undefined;
  if (isRestartWanted(attempts, spec)) return 'Restart';
  switch (attempts.outcome) {
    case 'Stopped':
      return 'Resume';
    case 'Failed':
      if (attempts.retryAt !== undefined) return nowMs >= Date.parse(attempts.retryAt) ? 'Retry' : undefined;
      return isEdited(attempts, spec) ? 'Edit' : undefined;
    case 'Succeeded':
    case undefined:
      return undefined;
    default:
      return attempts.outcome satisfies never;
  }
}

/** Milliseconds until activeDeadlineSeconds is used up; undefined when nothing counts. */
export function untilDeadline(attempts: Attempts, spec: SparkJobSpec, nowMs: number): number | undefined {
  if (spec.activeDeadlineSeconds === undefined || attempts.activeSince === undefined) return undefined;
  const usedMs = (attempts.activeSeconds ?? 0) * 1000 + nowMs - Date.parse(attempts.activeSince);
  return spec.activeDeadlineSeconds * 1000 - usedMs;
}

/** Whether the job has its verdict: nothing happens any more unless somebody asks. */
export function isFinished(attempts: Attempts): boolean {
  return attempts.state === 'Ended' && (attempts.outcome === 'Succeeded' || (attempts.outcome === 'Failed' && attempts.retryAt === undefined));
}

function stepIdle(attempts: Attempts, input: AttemptInput): AttemptStep {
  const { job, nowMs } = input;
  if (isPastDeadline(attempts, job.spec, nowMs) && !isFinished(attempts)) return gaveUp(attempts, input, deadlineText(job.spec));
  const cause = startCause(job, nowMs);
  if (cause !== undefined && input.hindrance === undefined) return { attempts: started(attempts, cause, job.spec, nowMs), started: cause };
  return { attempts: job.spec.suspend ? paused(attempts, nowMs) : attempts };
}

function stepActive(attempts: Attempts, input: AttemptInput): AttemptStep {
  const { driver, job, refusal } = input;
  if (driver.kind === 'ended') return ended(attempts, driver.outcome, input);
  const stop = stopCause(attempts, input);
  if (driver.kind !== 'absent') return { attempts: stop === undefined ? attempts : { ...attempts, state: 'Stopping', reason: stop.reason, message: stop.message } };
  if (job.status?.driver?.uid !== undefined) {
    return ended(attempts, lost('DriverLost', 'the driver pod is gone and left no outcome'), input);
  }
  if (stop !== undefined) return afterStop({ ...attempts, ...stop }, undefined, input);
  if (refusal?.terminal === true && refusal.role === 'driver') return ended(attempts, invalidPod(refusal), input);
  return { attempts: { ...attempts, specHash: specHash(job.spec) } };
}

function stepStopping(attempts: Attempts, input: AttemptInput): AttemptStep {
  const { driver } = input;
  switch (driver.kind) {
    case 'ended':
      return afterStop(attempts, driver.outcome, input);
    case 'absent':
      return afterStop(attempts, undefined, input);
    case 'waiting':
    case 'running':
      return { attempts };
    default:
      return driver satisfies never;
  }
}

type StopReason = 'Restart' | 'Suspended' | 'DeadlineExceeded' | 'ExecutorsLost' | 'InvalidPod';

function stopCause(attempts: Attempts, { job, refusal, exhausted, nowMs }: AttemptInput): { readonly reason: StopReason; readonly message: string } | undefined {
  if (isRestartWanted(attempts, job.spec)) return { reason: 'Restart', message: 'restartNonce has changed' };
  if (job.spec.suspend) return { reason: 'Suspended', message: 'spec.suspend is set' };
  if (isPastDeadline(attempts, job.spec, nowMs)) return { reason: 'DeadlineExceeded', message: deadlineText(job.spec) };
  if (exhausted !== undefined) return { reason: 'ExecutorsLost', message: exhausted };
  if (refusal?.terminal === true && refusal.role === 'executor') return { reason: 'InvalidPod', message: refusal.message };
  return undefined;
}

/** A job that was done before the stop came is done. Otherwise the reason of the stop decides. */
function afterStop(attempts: Attempts, outcome: AttemptOutcome | undefined, input: AttemptInput): AttemptStep {
  const reason = attempts.reason as StopReason;
  const message = attempts.message ?? '';
  if (outcome?.kind === 'Succeeded' && reason !== 'Restart') return ended(attempts, outcome, input);
  switch (reason) {
    case 'Restart':
    case 'Suspended':
      return { attempts: paused({ ...attempts, state: 'Ended', outcome: 'Stopped', reason, message, endedAt: timeText(input.nowMs) }, input.nowMs) };
    case 'DeadlineExceeded':
      return gaveUp(attempts, input, message);
    case 'ExecutorsLost':
      return ended(attempts, { ...failure, blame: 'Engine', reason, message }, input);
    case 'InvalidPod':
      return ended(attempts, { ...failure, blame: 'Configuration', reason, message }, input);
    default:
      return reason satisfies never;
  }
}

const failure = { kind: 'Failed', error: undefined, progress: undefined, firstTaskAtMs: undefined } as const;

function invalidPod(refusal: Refusal): AttemptOutcome {
  return { ...failure, blame: 'Configuration', reason: 'InvalidPod', message: refusal.message };
}

function gaveUp(attempts: Attempts, input: AttemptInput, message: string): AttemptStep {
  return ended(attempts, { ...failure, blame: 'Configuration', reason: 'DeadlineExceeded', message }, input);
}

/** Books the outcome: done, one more retry, or given up. */
function ended(attempts: Attempts, outcome: AttemptOutcome, { job, nowMs }: AttemptInput): AttemptStep {
  const { retryAt: _, ...rest } = attempts;
  const over = { ...rest, state: 'Ended', endedAt: timeText(nowMs) } as const;
  if (outcome.kind === 'Succeeded') {
    return { attempts: { ...over, outcome: 'Succeeded', reason: 'Completed', message: 'the application has run to its end' }, ended: outcome };
  }
  const disrupted = outcome.blame === 'Infrastructure';
  const failures = attempts.failures + (disrupted ? 0 : 1);
  const disruptions = attempts.disruptions + (disrupted ? 1 : 0);
  const { type, maxRetries, backoffSeconds, maxBackoffSeconds } = job.spec.restartPolicy;
  const retry = type === 'OnFailure' && outcome.blame !== 'Configuration' && (disrupted ? disruptions <= disruptionsMax : failures <= maxRetries);
  const pauseSeconds = Math.min(maxBackoffSeconds, backoffSeconds * 2 ** (failures + disruptions - 1));
  return {
    attempts: {
      ...over, outcome: 'Failed', reason: outcome.reason, message: outcome.message, failures, disruptions,
      ...(retry ? { retryAt: timeText(nowMs + pauseSeconds * 1000) } : { policyHash: policyHash(job.spec) }),
    },
    ended: outcome,
  };
}

function started(before: Attempts, cause: StartCause, spec: SparkJobSpec, nowMs: number): Attempts {
  const afresh = cause === 'First' || cause === 'Restart' || cause === 'Edit';
  const activeSeconds = afresh ? undefined : before.activeSeconds;
  return {
    number: before.number + 1,
    state: 'Active',
    failures: afresh ? 0 : before.failures,
    disruptions: afresh ? 0 : before.disruptions,
    startedAt: timeText(nowMs),
    activeSince: (afresh ? undefined : before.activeSince) ?? timeText(nowMs),
    ...(activeSeconds === undefined ? {} : { activeSeconds }),
    ...(spec.restartNonce === undefined ? {} : { restartNonce: spec.restartNonce }),
    specHash: specHash(spec),
  };
}

/** Stops the clock of activeDeadlineSeconds. */
function paused(attempts: Attempts, nowMs: number): Attempts {
  const { activeSince, ...rest } = attempts;
  if (activeSince === undefined) return attempts;
  return { ...rest, activeSeconds: (attempts.activeSeconds ?? 0) + Math.max(0, nowMs - Date.parse(activeSince)) / 1000 };
}

function isPastDeadline(attempts: Attempts, spec: SparkJobSpec, nowMs: number): boolean {
  return (untilDeadline(attempts, spec, nowMs) ?? 1) <= 0;
}

function isRestartWanted(attempts: Attempts, spec: SparkJobSpec): boolean {
  return attempts.restartNonce !== spec.restartNonce;
}

/**
 * Whether the fields that a failed job was judged by have changed since. Without a hash (an older CRD
 * does not keep it) nothing is known, and a job is not run again on a guess.
 */
function isEdited(attempts: Attempts, spec: SparkJobSpec): boolean {
  const differs = (recorded: string | undefined, current: string): boolean => recorded !== undefined && recorded !== current;
  return differs(attempts.specHash, specHash(spec)) || differs(attempts.policyHash, policyHash(spec));
}

function deadlineText(spec: SparkJobSpec): string {
  return `not done within activeDeadlineSeconds (${spec.activeDeadlineSeconds ?? 0} s)`;
}

/** RFC 3339 with milliseconds. */
export function timeText(ms: number): string {
  return new Date(ms).toISOString();
}
