import type { SparkJobSpec } from '../api/spark-job.ts';
import { contentHash } from '../pod/content-hash.ts';

/** Of everything that goes into an attempt's pods and configuration; not of what is live. */
export function specHash(spec: SparkJobSpec): string {
  const { application, arguments: args, sparkConf, image, imagePullSecrets, serviceAccountName, driver, executor } = spec;
  const { instances: _, ...executorPod } = executor;
  return contentHash([application, args, sparkConf, image, imagePullSecrets, serviceAccountName, driver, executorPod]);
}

/** Of what decides whether a failed attempt is the last: an edit of it gives a failed job another chance. */
export function policyHash(spec: SparkJobSpec): string {
  return contentHash([spec.restartPolicy, spec.activeDeadlineSeconds]);
}
