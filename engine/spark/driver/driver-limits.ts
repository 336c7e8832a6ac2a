import type { SchedulerLimits } from '../schedule/job-scheduler-options.ts';
import { ConfigurationError } from './driver-config.ts';

/** Without an executor for so long a job fails; executors that are only slow to be scheduled must have time to come. */
const executorTimeoutDefault = '300s';

/** The scheduler's limits out of the application's settings. Throws `ConfigurationError`. */
export function schedulerLimits(conf: Readonly<Record<string, string>>): Partial<SchedulerLimits> {
  const failures = conf['spark.task.maxFailures'];
  const attempts = conf['spark.stage.maxConsecutiveAttempts'];
  const wait = conf['spark.locality.wait'] ?? '3s';
  const waitMs = (key: string): number => waitDurationMs(key, conf[key] ?? wait);
  return {
    localityWait: { nodeMs: waitMs('spark.locality.wait.node'), rackMs: waitMs('spark.locality.wait.rack') },
    ...(failures === undefined ? {} : { taskFailuresMax: positive('spark.task.maxFailures', failures) }),
    ...(attempts === undefined ? {} : { stageRecomputationsMax: positive('spark.stage.maxConsecutiveAttempts', attempts) }),
    executorTimeoutMs: durationMs('spark.headrace.executorTimeout', conf['spark.headrace.executorTimeout'] ?? executorTimeoutDefault),
  };
}

function positive(key: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new ConfigurationError(`${key} is '${text}', not a whole number of at least 1`);
  return value;
}

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 };

/** 0 is no wait at all. */
function waitDurationMs(key: string, text: string): number {
  return /^\s*0\s*[a-z]*\s*$/i.test(text) ? 0 : durationMs(key, text);
}

/** Spark's durations: `500ms`, `30s`, `5m`, `1h`; a bare number is seconds. */
export function durationMs(key: string, text: string): number {
  const match = /^\s*(\d+)\s*(ms|s|m|min|h|d)?\s*$/i.exec(text);
  const unit = unitMs[(match?.[2] ?? 's').toLowerCase()];
  if (match === null || unit === undefined) throw new ConfigurationError(`${key} is '${text}', not a duration such as 30s or 5m`);
  return Math.max(1, Number(match[1]) * unit);
}
