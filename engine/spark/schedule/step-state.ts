/** The scheduler's state and the questions asked of it. */
import type { Progress } from '../../contract.ts';
import { assert } from '../../core/assert.ts';
import type { ExecutorId, JobId } from '../../core/ids.ts';
import type { StageId } from '../physical/stage.ts';
import type { LocalityWait } from './locality.ts';
import type { JobShape, StageOutputs, StageShape, TaskOutput, TaskRun } from './step-event.ts';

export interface StepLimits {
  /** A task that fails so often fails its job. */
  readonly taskFailuresMax: number;
  /** A stage whose output is lost to readers so often, with no reader succeeding in between, fails its job. */
  readonly stageRecomputationsMax: number;
  readonly localityWait: LocalityWait;
}

/**
 * Owned by the step function: whoever passes a state to `step` gives it up and goes on with the one returned. (It is
 * changed in place, because copying thousands of tasks for every event would cost more than deciding.)
 */
export interface SchedulerState {
  readonly limits: StepLimits;
  /** In order of registration. */
  readonly executors: Map<ExecutorId, ExecutorState>;
  /** In order of submission, which is the order of service. Finished jobs are gone. */
  readonly jobs: Map<JobId, JobState>;
}

export interface ExecutorState {
  readonly id: ExecutorId;
  readonly slots: number;
  readonly machine: string | undefined;
  readonly rack: string | undefined;
  /** By `runKey`; may hold runs of jobs that are over, until the executor reports their end. */
  readonly running: Map<string, TaskRun>;
  draining: boolean;
}

export interface JobState {
  readonly id: JobId;
  readonly stages: ReadonlyMap<StageId, StageState>;
  readonly last: StageState;
  readonly racks: Readonly<Record<string, string>>;
  failedTasks: number;
}

export interface StageState {
  readonly shape: StageShape;
  readonly tasks: readonly TaskState[];
  /** Tasks in phase `waiting`; the other two are counts. Invariant: waiting + running + done = tasks. */
  readonly waiting: Set<number>;
  /** Waiting tasks by the machines that hold their input. */
  readonly waitingNear: Map<string, Set<number>>;
  /** Since when slots have stood free because of where they are; undefined when none do. */
  idleSinceMs: number | undefined;
  /** The tick asked for last. */
  wakeAtMs: number | undefined;
  running: number;
  done: number;
  /** Times that readers lost output of this stage since one of them last succeeded. */
  recomputations: number;
  /** What readers are told; made when first asked for, dropped when an output changes. */
  outputs: StageOutputs | undefined;
}

export interface TaskState {
  /** Attempts so far: the number of the next one. */
  attempts: number;
  failures: number;
  phase: TaskPhase;
  /** Executors on which it failed: others are tried first. */
  readonly avoid: Set<ExecutorId>;
}

export type TaskPhase =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'running'; readonly run: TaskRun }
  | { readonly kind: 'done'; readonly output: TaskOutput };

export function initialState(limits: StepLimits): SchedulerState {
  return { limits, executors: new Map(), jobs: new Map() };
}

export function newJob(shape: JobShape): JobState {
  const stages = new Map<StageId, StageState>();
  for (const stage of shape.stages) {
    assert(!stages.has(stage.id), `stage ${stage.id} is there twice`);
    for (const dependency of stage.dependencies) assert(stages.has(dependency), `stage ${stage.id} reads stage ${dependency}, which does not come before it`);
    stages.set(stage.id, {
      shape: stage,
      tasks: Array.from({ length: stage.tasks }, () => ({ attempts: 0, failures: 0, phase: { kind: 'waiting' as const }, avoid: new Set<ExecutorId>() })),
      waiting: new Set(Array.from({ length: stage.tasks }, (_, task) => task)),
      running: 0, done: 0, recomputations: 0, outputs: undefined, waitingNear: nearIndex(stage), idleSinceMs: undefined, wakeAtMs: undefined,
    });
  }
  const last = [...stages.values()].at(-1);
  assert(last !== undefined, 'a job has at least one stage');
  return { id: shape.id, stages, last, racks: shape.racks ?? {}, failedTasks: 0 };
}

function nearIndex({ near }: StageShape): Map<string, Set<number>> {
  const index = new Map<string, Set<number>>();
  for (const [task, machines] of (near ?? []).entries()) for (const machine of machines) indexed(index, machine).add(task);
  return index;
}

function indexed(index: Map<string, Set<number>>, machine: string): Set<number> {
  const known = index.get(machine) ?? new Set<number>();
  index.set(machine, known);
  return known;
}

export function isComplete(stage: StageState): boolean {
  return stage.done === stage.tasks.length;
}

/** The only place where a task changes phase: keeps the counts and drops what was told to readers. */
export function setPhase(stage: StageState, task: number, phase: TaskPhase): void {
  const state = stage.tasks[task];
  assert(state !== undefined, `stage ${stage.shape.id} has no task ${task}`);
  const before = state.phase.kind;
  const near = stage.shape.near?.[task] ?? [];
  if (before === 'waiting') {
    stage.waiting.delete(task);
    for (const machine of near) stage.waitingNear.get(machine)?.delete(task);
  }
  if (before === 'running') stage.running -= 1;
  if (before === 'done') stage.done -= 1;
  if (phase.kind === 'waiting') {
    stage.waiting.add(task);
    for (const machine of near) indexed(stage.waitingNear, machine).add(task);
  }
  if (phase.kind === 'running') stage.running += 1;
  if (phase.kind === 'done') stage.done += 1;
  if (before === 'done' || phase.kind === 'done') stage.outputs = undefined;
  state.phase = phase;
}

/** Outputs of a complete stage, in order of task. */
export function outputsOf(stage: StageState): StageOutputs {
  stage.outputs ??= {
    stage: stage.shape.id,
    outputs: stage.tasks.map((task) => {
      assert(task.phase.kind === 'done', `stage ${stage.shape.id} is not complete`);
      return task.phase.output;
    }),
  };
  return stage.outputs;
}

/**
 * Stages with tasks to launch now, dependencies before dependants. Walks back from the last stage and only through
 * stages with tasks waiting, so that a lost output is made again only if someone still has to read it.
 */
export function runnableStages(job: JobState): readonly StageState[] {
  const found: StageState[] = [];
  const seen = new Set<StageId>();
  const visit = (stage: StageState): void => {
    if (seen.has(stage.shape.id) || stage.waiting.size === 0) return;
    seen.add(stage.shape.id);
    const missing = dependenciesOf(job, stage).filter((dependency) => !isComplete(dependency));
    for (const dependency of missing) visit(dependency);
    if (missing.length === 0) found.push(stage);
  };
  visit(job.last);
  return found;
}

export function dependenciesOf(job: JobState, stage: StageState): readonly StageState[] {
  return stage.shape.dependencies.map((id) => {
    const found = job.stages.get(id);
    assert(found !== undefined, `job ${job.id} has no stage ${id}`);
    return found;
  });
}

/** Once a job is over, nothing counts as running, although cancelled tasks may take a moment to stop. */
export function progressOf(job: JobState, outcome: 'open' | 'succeeded' | 'failed'): Progress {
  const stages = [...job.stages.values()];
  const sum = (count: (stage: StageState) => number): number => stages.reduce((total, stage) => total + count(stage), 0);
  return {
    stages: {
      total: stages.length, completed: stages.filter(isComplete).length,
      running: outcome === 'open' ? stages.filter((stage) => stage.running > 0).length : 0, failed: outcome === 'failed' ? 1 : 0,
    },
    tasks: {
      total: sum((stage) => stage.tasks.length), completed: sum((stage) => stage.done),
      running: outcome === 'open' ? sum((stage) => stage.running) : 0, failed: job.failedTasks,
    },
  };
}
