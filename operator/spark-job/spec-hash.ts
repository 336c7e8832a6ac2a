import { createHash } from 'node:crypto';
import type { SparkJobSpec } from '../api/spark-job.ts';

/** Of everything that goes into an attempt's pods and configuration; not of what is live. */
export function specHash(spec: SparkJobSpec): string {
  const { application, arguments: args, sparkConf, image, imagePullSecrets, serviceAccountName, driver, executor } = spec;
  const { instances: _, ...executorPod } = executor;
  return hash([application, args, sparkConf, image, imagePullSecrets, serviceAccountName, driver, executorPod]);
}

/** Of what decides whether a failed attempt is the last: an edit of it gives a failed job another chance. */
export function policyHash(spec: SparkJobSpec): string {
  return hash([spec.restartPolicy, spec.activeDeadlineSeconds]);
}

function hash(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex').slice(0, 16);
}

/** JSON with sorted keys: the order in which a manifest writes its fields means nothing. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : each);
}
