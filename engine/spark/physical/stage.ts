/**
 * The physical plan: stages of tasks. Plain data, made by the planner, read by the scheduler (which
 * looks at ids, task counts and dependencies only) and by the executors (which run a task).
 */
import type { MapInput, MapReduceJob } from '../map-reduce/program.ts';
import type { SaveMode } from '../plan/logical.ts';
import type { ByteRange, Replica } from '../plan/source.ts';
import type { Schema } from '../plan/types.ts';

export type StageId = number;

/** A part of a file. `rows` cuts Parquet by row number (half-open, at row-group boundaries). */
export interface FileSplit {
  readonly path: string;
  readonly bytes: number;
  readonly rows?: { readonly from: number; readonly to: number };
  /** Of a file that is not local: what the task copies before the kernel reads it. */
  readonly copy?: SplitCopy;
  /** Where the split's bytes lie, most of them first. */
  readonly near?: readonly (Replica & { readonly bytes: number })[];
}

export interface SplitCopy {
  /** What the file was when it was planned for. */
  readonly version: string;
  readonly fileBytes: number;
  readonly part:
    | { readonly kind: 'ranges'; readonly ranges: readonly ByteRange[] }
    | { readonly kind: 'lines'; readonly from: number; readonly to: number; readonly headerLines: number };
}

/** What a fragment's SQL finds under the name of the input, as a view in the kernel. */
export type FragmentInput =
  /**
   * `scan` is kernel SQL of the relation over one file with the file's path as `$path` (a string literal is put
   * in), e.g. `read_parquet($path, file_row_number=true)`; task i reads all of `splits[i]`, unioned.
   */
  | { readonly kind: 'files'; readonly name: string; readonly scan: string; readonly splits: readonly (readonly FileSplit[])[] }
  /** Task i reads partition i of every map task of the stage. */
  | { readonly kind: 'shuffle'; readonly name: string; readonly stage: StageId }
  /** Every task reads all output of the stage. */
  | { readonly kind: 'broadcast'; readonly name: string; readonly stage: StageId }
  /** Rows held by the plan: an Arrow IPC stream whose columns become `c0 …` in order. */
  | { readonly kind: 'local'; readonly name: string; readonly data: Uint8Array };

export type Fragment = KernelFragment | ProgramFragment;

/** One SQL statement over named inputs, run by `tasks` tasks. */
export interface KernelFragment {
  readonly kind?: 'kernel';
  readonly inputs: readonly FragmentInput[];
  /** A kernel SELECT; its columns are `c0 … cn` in the order of the stage's `schema`. */
  readonly sql: string;
  readonly tasks: number;
}

/** Tasks of a MapReduce job: processes of their own instead of the kernel. */
export type ProgramFragment =
  /** Task i reads `splits[i]`. */
  | { readonly kind: 'map'; readonly job: MapReduceJob; readonly splits: readonly MapSplit[]; readonly tasks: number }
  /** Task i reads the runs of partition i of the stage. */
  | { readonly kind: 'reduce'; readonly job: MapReduceJob; readonly stage: StageId; readonly tasks: number };

export interface MapSplit extends MapInput {
  readonly near?: FileSplit['near'];
}

export type StageOutput =
  /** Partition = hash(keys) mod partitions; keys are kernel SQL over `c0 …`. No keys: all rows into partition 0 when `partitions` is 1, else spread evenly. */
  | { readonly kind: 'shuffle'; readonly keys: readonly string[]; readonly partitions: number }
  /** One block, read whole by every task of the stages that depend on it. */
  | { readonly kind: 'broadcast' }
  /** Rows for the driver; the order is task by task, rows in the order of the fragment. */
  | { readonly kind: 'result' }
  /** Attempt-scoped files below `path`; the driver commits them. `copyOptions` are the kernel's COPY options, FORMAT among them. */
  | { readonly kind: 'files'; readonly format: 'parquet' | 'csv' | 'json' | 'text'; readonly path: string; readonly mode: SaveMode;
      readonly columns: readonly string[]; readonly partitionBy: readonly string[]; readonly copyOptions: string; readonly extension: string };

/** Tasks are numbered through the fragments in order: the first fragment's tasks come first (a union has several). */
export interface Stage {
  readonly id: StageId;
  /** For people: `scan flights-3m.parquet → partial aggregate`. */
  readonly description: string;
  readonly fragments: readonly Fragment[];
  readonly output: StageOutput;
  readonly schema: Schema;
}

/** In dependency order; the last stage is the result or the write. */
export interface PhysicalPlan {
  readonly stages: readonly Stage[];
  readonly schema: Schema;
  /** Kernel settings that the fragments rely on, by name (`TimeZone`); each task's connection is set so before it runs. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** Number of tasks of a stage. */
export function taskCount(stage: Stage): number {
  return stage.fragments.reduce((sum, fragment) => sum + fragment.tasks, 0);
}

/** Stages whose output this stage reads, each once. */
export function dependencies(stage: Stage): readonly StageId[] {
  const ids = stage.fragments.flatMap((fragment) =>
    fragment.kind === 'map' ? [] : fragment.kind === 'reduce' ? [fragment.stage] : fragment.inputs.flatMap((input) => (input.kind === 'shuffle' || input.kind === 'broadcast' ? [input.stage] : [])));
  return [...new Set(ids)];
}
