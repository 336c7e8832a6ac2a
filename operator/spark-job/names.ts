/** Names and labels of a job's children: the same for the same job and attempt, always. */
import { createHash } from 'node:crypto';

export const label = {
  /** The job's name; what the caches select pods by. */
  job: 'headrace.dev/job',
  role: 'headrace.dev/role',
  attempt: 'headrace.dev/attempt',
  executor: 'headrace.dev/executor',
  managedBy: 'app.kubernetes.io/managed-by',
} as const;

export const managedBy = 'headrace';

/**
 * Holds a driver's pod in the API until its outcome stands in the job's status. Without it a pod that
 * ran to its end and was removed while nobody watched looks like one that never was, and its attempt
 * would run twice. (The Job controller tracks its pods the same way.)
 */
export const driverFinalizer = 'headrace.dev/outcome';

const nameMax = 63;

/** `name` when it fits, else its head and a hash of the whole. */
export function fitted(name: string): string {
  if (name.length <= nameMax) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${name.slice(0, nameMax - 9).replace(/[-.]+$/, '')}-${hash}`;
}

export function driverName(job: string, attempt: number): string {
  return fitted(`${job}-${attempt}-driver`);
}

export function executorName(job: string, attempt: number, id: number): string {
  return fitted(`${job}-${attempt}-exec-${id}`);
}

export function secretName(job: string): string {
  return fitted(`${job}-secret`);
}

/** The hash makes a changed application another object, so that what exists is always what is wanted. */
export function configMapName(job: string, attempt: number, specHash: string): string {
  return fitted(`${job}-${attempt}-${specHash.slice(0, 8)}`);
}

/** Selects the executors of all attempts; at most one attempt has any. */
export function executorSelector(job: string): string {
  return `${label.job}=${job},${label.role}=executor`;
}
