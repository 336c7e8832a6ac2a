/** What the driver gives to `createJobScheduler` (job-scheduler.ts) and what it gets. */
import type { DriverStatus } from '../../contract.ts';
import type { Clock } from '../../core/clock.ts';
import type { Logger } from '../../core/logger.ts';
import type { Random } from '../../core/random.ts';
import type { FileSystem } from '../../storage/file-system.ts';
import type { StoreSettings } from '../../storage/stores.ts';
import type { JobRunner } from '../physical/job.ts';
import type { LocalityWait } from './locality.ts';

export interface JobSchedulerOptions {
  /** Where executors connect; port 0 takes a free one (`address()` tells which). */
  readonly listen: { readonly host: string; readonly port: number };
  /** The application's secret. */
  readonly secret: Uint8Array;
  readonly applicationId: string;
  /** Executors ordered at the start, and slots of each: `slots()` until they have come. */
  readonly expected: { readonly executors: number; readonly slotsPerExecutor: number };
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly fileSystem: FileSystem;
  /** What executors are told when they register, so that a path means the same to all. */
  readonly stores: StoreSettings;
  readonly limits?: Partial<SchedulerLimits>;
}

export interface SchedulerLimits {
  /** `spark.task.maxFailures`. */
  readonly taskFailuresMax: number;
  /** `spark.stage.maxConsecutiveAttempts`. */
  readonly stageRecomputationsMax: number;
  /** A job fails when there has been no executor at all for so long. */
  readonly executorTimeoutMs: number;
  /** `spark.locality.wait.node`, `spark.locality.wait.rack`. */
  readonly localityWait: LocalityWait;
}

export const defaultLimits: SchedulerLimits = { taskFailuresMax: 4, stageRecomputationsMax: 4, executorTimeoutMs: 120_000, localityWait: { nodeMs: 3000, rackMs: 3000 } };

/** The parts of `DriverStatus` that the scheduler knows. */
export type SchedulerStatus = Pick<DriverStatus, 'executors' | 'progress' | 'firstTaskAtMs' | 'demand'>;

/** Several jobs may run at once; tasks of the job submitted first go first. */
export interface JobScheduler extends JobRunner {
  /** Where executors reach this scheduler. */
  address(): { readonly host: string; readonly port: number };
  /** Executors registered now, in order of registration. */
  executors(): DriverStatus['executors'];
  /** `progress` adds up all jobs so far; `firstTaskAtMs` is epoch milliseconds. */
  status(): SchedulerStatus;
  /** Cancels running jobs, tells executors to end, closes the port. Idempotent. */
  close(): Promise<void>;
}
