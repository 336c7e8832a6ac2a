/** When an attempt came how far, and how long each phase took. */
import type { SparkJob, SparkJobPhase, SparkJobStatus } from '../api/spark-job.ts';
import type { AttemptStep, Attempts } from './attempt.ts';
import { isFinished, timeText } from './attempt.ts';
import type { DriverAnswer } from './observed.ts';
import type { DriverState, JobPod } from './pod-state.ts';

type Timings = NonNullable<SparkJobStatus['timings']>;

export interface TimingInput {
  readonly job: SparkJob;
  readonly driver: JobPod | undefined;
  readonly state: DriverState;
  readonly answer: DriverAnswer;
  readonly phase: SparkJobPhase;
  readonly attempts: Attempts;
  readonly step: AttemptStep;
  readonly before: SparkJobStatus;
  readonly nowMs: number;
}

export function timingsOf(input: TimingInput): Timings {
  const before = input.before.timings ?? {};
  const fresh = input.step.started !== undefined;
  const marks: Timings = fresh ? {} : { ...marksBefore(before), ...marksNow(input) };
  const changed = input.job.status?.phase !== input.phase;
  return {
    acceptedAt: before.acceptedAt ?? timeText(input.nowMs),
    ...marks,
    ...(changed ? phaseChange(input, before) : phaseKept(before)),
  };
}

function marksBefore({ driverCreatedAt, driverRunningAt, firstTaskAt, finishedAt }: Timings): Timings {
  return {
    ...(driverCreatedAt === undefined ? {} : { driverCreatedAt }),
    ...(driverRunningAt === undefined ? {} : { driverRunningAt }),
    ...(firstTaskAt === undefined ? {} : { firstTaskAt }),
    ...(finishedAt === undefined ? {} : { finishedAt }),
  };
}

function marksNow({ driver, state, answer, attempts, step }: TimingInput): Timings {
  const created = driver?.metadata.creationTimestamp;
  const firstTaskMs = step.ended?.firstTaskAtMs ?? (answer.kind === 'status' ? answer.status.firstTaskAtMs : undefined) ?? undefined;
  return {
    ...(created === undefined ? {} : { driverCreatedAt: created }),
    ...(state.kind === 'running' && state.startedAt !== undefined ? { driverRunningAt: state.startedAt } : {}),
    ...(firstTaskMs === undefined ? {} : { firstTaskAt: timeText(firstTaskMs) }),
    ...(isFinished(attempts) && attempts.endedAt !== undefined ? { finishedAt: attempts.endedAt } : {}),
  };
}

function phaseChange({ job, nowMs }: TimingInput, { phaseStartedAt, phaseSeconds }: Timings): Timings {
  const left = job.status?.phase;
  const spent = left === undefined || phaseStartedAt === undefined
    ? phaseSeconds
    : { ...phaseSeconds, [left]: round((phaseSeconds?.[left] ?? 0) + Math.max(0, nowMs - Date.parse(phaseStartedAt)) / 1000) };
  return { phaseStartedAt: timeText(nowMs), ...(spent === undefined ? {} : { phaseSeconds: spent }) };
}

function phaseKept({ phaseStartedAt, phaseSeconds }: Timings): Timings {
  return {
    ...(phaseStartedAt === undefined ? {} : { phaseStartedAt }),
    ...(phaseSeconds === undefined ? {} : { phaseSeconds }),
  };
}

/** Milliseconds are as exact as it gets. */
function round(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
