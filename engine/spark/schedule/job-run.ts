/** One job while it runs: what its tasks are told, and what has come back. */
import type { Progress } from '../../contract.ts';
import { assert } from '../../core/assert.ts';
import type { Clock } from '../../core/clock.ts';
import type { JobId } from '../../core/ids.ts';
import type { JobOptions } from '../physical/job.ts';
import { CounterSet } from '../map-reduce/counters.ts';
import type { Counters } from '../map-reduce/program.ts';
import { preferredReplicas } from '../physical/splits.ts';
import { dependencies, taskCount, type Fragment, type PhysicalPlan, type Stage, type StageId } from '../physical/stage.ts';
import type { StageMessage, TaskSucceeded } from './messages.ts';
import type { OutputCommit } from './output-commit.ts';
import type { ErrorDetails, JobShape, StageOutputs, TaskOutput } from './step-event.ts';

export type JobOutcome =
  | { readonly kind: 'succeeded'; readonly committed: readonly TaskOutput[] }
  | { readonly kind: 'failed'; readonly error: ErrorDetails };

export interface ResultBlock {
  readonly data: Uint8Array;
  readonly rows: number;
}

/** What a successful attempt of the last stage brought. */
export interface TaskResult {
  readonly rows: number;
  readonly blocks: readonly ResultBlock[];
  readonly files: TaskSucceeded['files'];
}

/** `onProgress` is called at most so often. */
const progressIntervalMs = 200;

export class JobRun {
  readonly id: JobId;
  readonly outcome: Promise<JobOutcome>;
  readonly output: OutputCommit | undefined;
  progress: Progress;
  /** Aborts when the job is over. */
  readonly over = new AbortController();
  readonly #plan: PhysicalPlan;
  readonly #options: JobOptions;
  readonly #clock: Clock;
  readonly #stages: ReadonlyMap<StageId, Stage>;
  readonly #resolve: (outcome: JobOutcome) => void;
  /** By `task#attempt`. */
  readonly #results = new Map<string, TaskResult>();
  readonly #counters = new Map<string, Counters>();
  #resultBytes = 0;
  #reportedMs = -Infinity;

  constructor(id: JobId, plan: PhysicalPlan, options: JobOptions, output: OutputCommit | undefined, clock: Clock) {
    this.id = id;
    this.output = output;
    this.#plan = plan;
    this.#options = options;
    this.#clock = clock;
    this.#stages = new Map(plan.stages.map((stage) => [stage.id, stage]));
    const { promise, resolve } = Promise.withResolvers<JobOutcome>();
    this.outcome = promise;
    this.#resolve = resolve;
    const total = plan.stages.reduce((sum, stage) => sum + taskCount(stage), 0);
    this.progress = { stages: { total: plan.stages.length, completed: 0, running: 0, failed: 0 }, tasks: { total, completed: 0, running: 0, failed: 0 } };
  }

  shape(): JobShape {
    const racks: Record<string, string> = {};
    const stages = this.#plan.stages.map((stage) => {
      const near = stage.fragments.flatMap((fragment) => Array.from({ length: fragment.tasks }, (_, task) => nearTask(fragment, task)));
      for (const { machine, rack } of near.flat()) if (rack !== undefined) racks[machine] = rack;
      const shape = { id: stage.id, tasks: taskCount(stage), dependencies: dependencies(stage), output: stage.output.kind };
      return near.every((each) => each.length === 0) ? shape : { ...shape, near: near.map((each) => each.map(({ machine }) => machine)) };
    });
    return { id: this.id, stages, racks };
  }

  stage(id: StageId): Stage {
    const stage = this.#stages.get(id);
    assert(stage !== undefined, `job ${this.id} has no stage ${id}`);
    return stage;
  }

  get lastStage(): StageId {
    return this.#plan.stages.at(-1)?.id ?? -1;
  }

  stageMessage(id: StageId): StageMessage {
    const stage = this.stage(id);
    return {
      job: this.id, stage, settings: { ...this.#plan.settings }, resultBytesMax: this.#options.resultBytesMax,
      reads: dependencies(stage).map((each) => ({ stage: each, schema: this.stage(each).schema })),
      ...(stage.output.kind === 'files' && this.output !== undefined ? { staging: { directory: this.output.staging, token: this.output.token } } : {}),
    };
  }

  /** Of the outputs that a stage reads, those that hold something for the task. */
  inputsOf(id: StageId, task: number, inputs: readonly StageOutputs[]): { stage: StageId; outputs: { task: number; attempt: number; executor: string }[] }[] {
    const partition = partitionOf(this.stage(id), task);
    return inputs.map(({ stage, outputs }) => {
      const shuffled = this.stage(stage).output.kind === 'shuffle';
      const holding = shuffled ? outputs.filter((each) => (each.partitionBytes[partition] ?? 0) > 0) : outputs;
      return { stage, outputs: holding.map(({ task, attempt, executor }) => ({ task, attempt, executor })) };
    });
  }

  /** Sets room aside for a result, before it is fetched. Undefined when all of it fits, else the bytes there would be. */
  reserve(bytes: number): { readonly bytes: number; readonly bytesMax: number } | undefined {
    const { resultBytesMax } = this.#options;
    if (this.#resultBytes + bytes > resultBytesMax) return { bytes: this.#resultBytes + bytes, bytesMax: resultBytesMax };
    this.#resultBytes += bytes;
    return undefined;
  }

  /** Gives back the room of a result that did not come. */
  release(bytes: number): void {
    this.#resultBytes -= bytes;
  }

  /** Of the attempt that counts; a task that has to run again replaces its own. Throws when there are too many of them. */
  keepCounters(stage: StageId, task: number, counters: Counters): void {
    this.#counters.set(`${stage}.${task}`, counters);
  }

  /** Summed over all tasks. Throws `CounterLimitError`. */
  counters(): Counters {
    const sum = new CounterSet();
    for (const each of this.#counters.values()) sum.addAll(each);
    return sum.toJSON();
  }

  keepResult(task: number, attempt: number, result: TaskResult): void {
    this.#results.set(`${task}#${attempt}`, result);
  }

  result(task: number, attempt: number): TaskResult {
    const result = this.#results.get(`${task}#${attempt}`);
    assert(result !== undefined, `the result of attempt ${attempt} of task ${task} is not there`);
    return result;
  }

  onStatus(text: string): void {
    this.#options.onStatus?.(text);
  }

  report(progress: Progress): void {
    this.progress = progress;
    const nowMs = this.#clock.nowMs();
    if (nowMs - this.#reportedMs < progressIntervalMs) return;
    this.#reportedMs = nowMs;
    this.#options.onProgress?.(progress);
  }

  end(outcome: JobOutcome): void {
    this.#options.onProgress?.(this.progress);
    this.over.abort();
    this.#resolve(outcome);
  }
}

/** Machines that hold what a task of the fragment reads from files. */
function nearTask(fragment: Fragment, task: number): ReturnType<typeof preferredReplicas> {
  if (fragment.kind === 'reduce') return [];
  if (fragment.kind === 'map') return (fragment.splits[task]?.near ?? []).slice(0, 3);
  return preferredReplicas(fragment.inputs.flatMap((input) => (input.kind === 'files' ? input.splits[task] ?? [] : [])));
}

/** Tasks count through the fragments; a task's partition counts within its own. */
export function partitionOf(stage: Stage, task: number): number {
  return fragmentOf(stage, task).index;
}

/** The fragment that a task of the stage runs, and the task's number within it. */
export function fragmentOf(stage: Stage, task: number): { readonly fragment: number; readonly index: number } {
  let index = task;
  for (const [fragment, { tasks }] of stage.fragments.entries()) {
    if (index < tasks) return { fragment, index };
    index -= tasks;
  }
  throw new RangeError(`stage ${stage.id} has no task ${task}`);
}

