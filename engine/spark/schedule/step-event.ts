/** What goes into the scheduler and what comes out of it: plain data. */
import type { Progress } from '../../contract.ts';
import type { ExecutorId, JobId } from '../../core/ids.ts';
import type { StageId } from '../physical/stage.ts';

/** All that scheduling needs to know of a stage. */
export interface StageShape {
  readonly id: StageId;
  readonly tasks: number;
  /** Stages whose output this one reads; each before this one in the job. */
  readonly dependencies: readonly StageId[];
  /** Output of `shuffle` and `broadcast` lies with the executor that made it and goes with it; the rest is safe once reported. */
  readonly output: 'shuffle' | 'broadcast' | 'result' | 'files';
  /** For each task the machines that hold its input, the best first; empty: it may run anywhere as well. Absent: so may all. */
  readonly near?: readonly (readonly string[])[];
}

export interface JobShape {
  readonly id: JobId;
  /** In dependency order; the last stage is what the job is for. At least one. */
  readonly stages: readonly StageShape[];
  /** Of the machines named in `near`, where known. */
  readonly racks?: Readonly<Record<string, string>>;
}

/** One attempt of one task. Attempts count from 0 and are never used twice. */
export interface TaskRun {
  readonly job: JobId;
  readonly stage: StageId;
  readonly task: number;
  readonly attempt: number;
  readonly executor: ExecutorId;
}

/** Where a task's output lies. */
export interface TaskOutput {
  readonly task: number;
  readonly attempt: number;
  readonly executor: ExecutorId;
  /** Bytes of each partition (one for broadcast); empty for results and files. */
  readonly partitionBytes: readonly number[];
}

/** An error in Spark's form, as data. */
export interface ErrorDetails {
  readonly errorClass: string;
  readonly sqlState: string;
  readonly message: string;
  readonly parameters?: Readonly<Record<string, string>>;
}

export type TaskFailure =
  /** The data or the SQL is at fault: the next attempt would fail alike. */
  | { readonly kind: 'application'; readonly error: ErrorDetails }
  /** Outputs of earlier stages that could not be read. */
  | { readonly kind: 'fetch'; readonly missing: readonly { readonly stage: StageId; readonly task: number; readonly attempt: number }[]; readonly message: string }
  /** Anything else: another attempt may succeed. */
  | { readonly kind: 'infrastructure'; readonly error: ErrorDetails }
  /** Stopped because the scheduler asked for it. */
  | { readonly kind: 'cancelled' };

export type SchedulerEvent =
  | { readonly kind: 'jobSubmitted'; readonly job: JobShape }
  | { readonly kind: 'jobCancelled'; readonly job: JobId; readonly error: ErrorDetails }
  | { readonly kind: 'executorRegistered'; readonly executor: ExecutorId; readonly slots: number; readonly machine?: string; readonly rack?: string }
  /** A `wake` is due. */
  | { readonly kind: 'tick' }
  /** Takes no new tasks; finishes those it has. */
  | { readonly kind: 'executorDraining'; readonly executor: ExecutorId }
  /** `planned`: it said goodbye, so that its tasks are not to blame. */
  | { readonly kind: 'executorLost'; readonly executor: ExecutorId; readonly planned: boolean; readonly reason: string }
  | { readonly kind: 'taskSucceeded'; readonly run: TaskRun; readonly partitionBytes: readonly number[] }
  | { readonly kind: 'taskFailed'; readonly run: TaskRun; readonly failure: TaskFailure };

export type SchedulerEffect =
  /** `inputs`: for each stage that the task's stage reads, all its outputs in order of task. Every launch is answered by one `taskSucceeded` or `taskFailed`, or by the loss of the executor. */
  | { readonly kind: 'launch'; readonly run: TaskRun; readonly inputs: readonly StageOutputs[] }
  | { readonly kind: 'cancelTask'; readonly run: TaskRun }
  /** `committed`: exactly one attempt of each task of the last stage, in order. */
  | { readonly kind: 'jobSucceeded'; readonly job: JobId; readonly committed: readonly TaskOutput[] }
  | { readonly kind: 'jobFailed'; readonly job: JobId; readonly error: ErrorDetails }
  /** Slots stand free for tasks whose input is elsewhere: a `tick` is wanted when they may have them. */
  | { readonly kind: 'wake'; readonly atMs: number }
  | { readonly kind: 'progress'; readonly job: JobId; readonly progress: Progress };

export interface StageOutputs {
  readonly stage: StageId;
  readonly outputs: readonly TaskOutput[];
}

/** Names a run in maps, logs and file names: `3/1.12#0` is attempt 0 of task 12 of stage 1 of job 3. */
export function runKey(run: Pick<TaskRun, 'job' | 'stage' | 'task' | 'attempt'>): string {
  return `${run.job}/${run.stage}.${run.task}#${run.attempt}`;
}
