/** What has to go, and what may be let go. Pure. */
import type { SparkJob } from '../api/spark-job.ts';
import type { Attempts } from './attempt.ts';
import { isFinished } from './attempt.ts';
import { driverFinalizer } from './names.ts';
import { attemptOf, isDriver } from './pod-state.ts';
import type { JobPod } from './pod-state.ts';

export interface Cleaning {
  readonly remove: readonly JobPod[];
  /** Pods whose finalizer has served: the outcome stands in the status, or nobody wants it. */
  readonly release: readonly JobPod[];
}

/** Pods whose job is gone or going: nobody will read their outcome. */
export function discarded(pods: readonly JobPod[]): Cleaning {
  return { remove: pods.filter(isStaying), release: pods.filter(isHeld) };
}

/**
 * Pods of a job that goes on. Executors of earlier attempts go; of drivers the last one before the
 * current attempt stays, so that its logs can be read.
 */
export function outlived(pods: readonly JobPod[], current: number): Cleaning {
  return {
    remove: pods.filter((pod) => isStaying(pod) && !(isDriver(pod) && attemptOf(pod) === current - 1)),
    release: pods.filter(isHeld),
  };
}

/** The driver of an attempt that has ended: released; removed too when the attempt was only stopped. */
export function endedDriver(driver: JobPod | undefined, attempts: Attempts): Cleaning {
  if (driver === undefined || attempts.state !== 'Ended') return { remove: [], release: [] };
  const stopped = attempts.outcome === 'Stopped';
  return {
    remove: stopped && isStaying(driver) ? [driver] : [],
    release: isHeld(driver) ? [driver] : [],
  };
}

/** Milliseconds until a finished job's children go; undefined when they stay. */
export function untilExpiry(job: SparkJob, attempts: Attempts, nowMs: number): number | undefined {
  const ttl = job.spec.ttlSecondsAfterFinished;
  if (ttl === undefined || !isFinished(attempts) || attempts.endedAt === undefined) return undefined;
  return Date.parse(attempts.endedAt) + ttl * 1000 - nowMs;
}

function isStaying(pod: JobPod): boolean {
  return pod.metadata.deletionTimestamp === undefined;
}

function isHeld(pod: JobPod): boolean {
  return pod.metadata.finalizers?.includes(driverFinalizer) === true;
}
