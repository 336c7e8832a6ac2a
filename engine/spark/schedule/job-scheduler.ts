import type { JobScheduler, JobSchedulerOptions } from './job-scheduler-options.ts';

/** Listens for executors and runs jobs on them. Rejects when the port cannot be bound. */
export declare function createJobScheduler(options: JobSchedulerOptions): Promise<JobScheduler>;
