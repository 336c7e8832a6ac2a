/** Running a physical plan: what the driver's sessions ask of the scheduler. */
import type { Progress } from '../../contract.ts';
import type { Counters } from '../map-reduce/program.ts';
import type { PhysicalPlan } from './stage.ts';

export interface JobOptions {
  /** Cancels the job: running tasks are stopped, nothing is committed. */
  readonly signal: AbortSignal;
  /** Called when counts change; at most a few times per second. */
  readonly onProgress?: (progress: Progress) => void;
  /** What a task's program says of itself. */
  readonly onStatus?: (text: string) => void;
  /** Bytes of result the driver takes (`spark.driver.maxResultSize`); more fails the job. */
  readonly resultBytesMax: number;
}

export type JobResult =
  /** Each block is a complete Arrow IPC stream in the plan's schema; in order. */
  | { readonly kind: 'rows'; readonly blocks: readonly { readonly data: Uint8Array; readonly rows: number }[] }
  /** Committed files. */
  | { readonly kind: 'files'; readonly path: string; readonly files: readonly string[]; readonly rows: number; readonly bytes: number;
      /** Of MapReduce jobs. */ readonly counters?: Counters };

export interface JobRunner {
  /** Throws `SparkError` when the job fails. */
  run(plan: PhysicalPlan, options: JobOptions): Promise<JobResult>;
  /** Task slots of the executors registered now, or expected at the start: what planners divide work by. */
  slots(): number;
}
