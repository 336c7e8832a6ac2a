/**
 * Scheduling as a pure function: which task runs where next, what to do when one fails or an executor goes. No IO, no
 * clock, no randomness; the driver's shell (job-scheduler.ts) performs the effects.
 *
 * - A stage runs when the outputs it reads are complete. Jobs are served in the order of submission.
 * - A lost executor takes its running tasks and the shuffle and broadcast outputs it held with it; exactly those are
 *   made again, and only if a waiting task still reads them (lineage).
 * - A reader that cannot fetch an output reports it lost; the output is made again and the reader tries again. That
 *   does not count as the reader's failure.
 * - Errors of the application fail the job at once; other failures are tried again a bounded number of times.
 * - Only the attempt that a task is running now can finish it: results of any other are ignored.
 */
import { unreachable } from '../../core/assert.ts';
import type { ExecutorId, JobId } from '../../core/ids.ts';
import { nearOffer, nextLevelAtMs } from './locality.ts';
import { runKey, type ErrorDetails, type SchedulerEffect, type SchedulerEvent, type TaskFailure, type TaskRun } from './step-event.ts';
import {
  dependenciesOf, isComplete, newJob, outputsOf, progressOf, runnableStages, setPhase,
  type ExecutorState, type JobState, type SchedulerState, type StageState, type TaskState,
} from './step-state.ts';

export interface Step {
  readonly state: SchedulerState;
  readonly effects: readonly SchedulerEffect[];
}

/** Takes over `state`; see `SchedulerState`. `nowMs`: of a clock that never goes back. */
export function step(state: SchedulerState, event: SchedulerEvent, nowMs: number): Step {
  const turn = new Turn(state, nowMs);
  turn.take(event);
  turn.launchTasks();
  return { state, effects: turn.finish() };
}

/** One call of `step`: collects effects. */
class Turn {
  readonly #state: SchedulerState;
  readonly #nowMs: number;
  readonly #effects: SchedulerEffect[] = [];
  /** Jobs whose counts changed. */
  readonly #changed = new Set<JobState>();

  constructor(state: SchedulerState, nowMs: number) {
    this.#state = state;
    this.#nowMs = nowMs;
  }

  take(event: SchedulerEvent): void {
    switch (event.kind) {
      case 'jobSubmitted': return this.#submit(newJob(event.job));
      case 'jobCancelled': return this.#cancel(event.job, event.error);
      case 'executorRegistered': return this.#register(event);
      case 'tick': return undefined;
      case 'executorDraining': return this.#drain(event.executor);
      case 'executorLost': return this.#loseExecutor(event.executor, event.planned, event.reason);
      case 'taskSucceeded': return this.#succeedTask(event.run, event.partitionBytes);
      case 'taskFailed': return this.#failTask(event.run, event.failure);
      default: return unreachable(event);
    }
  }

  finish(): readonly SchedulerEffect[] {
    for (const job of this.#changed) {
      if (this.#state.jobs.has(job.id)) this.#effects.push({ kind: 'progress', job: job.id, progress: progressOf(job, 'open') });
    }
    return this.#effects;
  }

  launchTasks(): void {
    for (const job of this.#state.jobs.values()) {
      for (const stage of runnableStages(job)) {
        if (stage.shape.near !== undefined) {
          this.#launchNear(job, stage);
          continue;
        }
        for (const task of stage.waiting) {
          const executor = this.#executorFor(stage.tasks[task]);
          if (executor === 'none') return;
          if (executor !== 'later') this.#launch(job, stage, task, executor);
        }
      }
    }
  }

  /** Tasks that care where they run: the nearest slots first, farther ones when near ones have been waited for. */
  #launchNear(job: JobState, stage: StageState): void {
    const { localityWait } = this.#state.limits;
    for (let offer = nearOffer(this.#state, job, stage, this.#nowMs); offer !== undefined; offer = nearOffer(this.#state, job, stage, this.#nowMs)) {
      this.#launch(job, stage, offer.task, offer.executor);
    }
    const free = [...this.#state.executors.values()].some((each) => !each.draining && each.running.size < each.slots);
    // While every slot is put to use, nothing is waited for.
    if (!free || stage.waiting.size === 0) {
      stage.idleSinceMs = undefined;
      return;
    }
    stage.idleSinceMs ??= this.#nowMs;
    const atMs = nextLevelAtMs(stage, localityWait, this.#nowMs);
    if (atMs === undefined || atMs === stage.wakeAtMs) return;
    stage.wakeAtMs = atMs;
    this.#effects.push({ kind: 'wake', atMs });
  }

  /** The one with most free slots. `later`: only executors on which the task failed are free, and others are there. */
  #executorFor(task: TaskState | undefined): ExecutorState | 'none' | 'later' {
    const usable = [...this.#state.executors.values()].filter((each) => !each.draining);
    const free = usable.filter((each) => each.running.size < each.slots);
    if (free.length === 0) return 'none';
    const fresh = (each: ExecutorState): boolean => task?.avoid.has(each.id) !== true;
    const candidates = usable.some(fresh) ? free.filter(fresh) : free;
    return candidates.reduce<ExecutorState | 'later'>(
      (best, each) => (best === 'later' || each.slots - each.running.size > best.slots - best.running.size ? each : best), 'later');
  }

  #launch(job: JobState, stage: StageState, task: number, executor: ExecutorState): void {
    const state = stage.tasks[task];
    if (state === undefined) return;
    const run: TaskRun = { job: job.id, stage: stage.shape.id, task, attempt: state.attempts, executor: executor.id };
    state.attempts += 1;
    setPhase(stage, task, { kind: 'running', run });
    executor.running.set(runKey(run), run);
    this.#changed.add(job);
    this.#effects.push({ kind: 'launch', run, inputs: dependenciesOf(job, stage).map(outputsOf) });
  }

  #submit(job: JobState): void {
    this.#state.jobs.set(job.id, job);
    this.#changed.add(job);
    this.#finishIfComplete(job);
  }

  #cancel(id: JobId, error: ErrorDetails): void {
    const job = this.#state.jobs.get(id);
    if (job !== undefined) this.#failJob(job, error);
  }

  #register({ executor: id, slots, machine, rack }: SchedulerEvent & { readonly kind: 'executorRegistered' }): void {
    if (this.#state.executors.has(id)) this.#loseExecutor(id, false, 'it registered again');
    this.#state.executors.set(id, { id, slots, machine, rack, running: new Map(), draining: false });
  }

  #drain(id: ExecutorId): void {
    const executor = this.#state.executors.get(id);
    if (executor !== undefined) executor.draining = true;
  }

  #loseExecutor(id: ExecutorId, planned: boolean, reason: string): void {
    const executor = this.#state.executors.get(id);
    if (executor === undefined) return;
    this.#state.executors.delete(id);
    for (const job of this.#state.jobs.values()) {
      for (const stage of job.stages.values()) this.#loseOutputsOn(job, stage, id);
    }
    const error: ErrorDetails = { errorClass: 'EXECUTOR_LOST', sqlState: 'XX000', message: `executor ${id} was lost: ${reason}` };
    for (const run of executor.running.values()) {
      const current = this.#current(run);
      if (current === undefined) continue;
      if (planned) this.#retry(current);
      else this.#countFailure(current, error);
    }
  }

  #loseOutputsOn(job: JobState, stage: StageState, executor: ExecutorId): void {
    if (stage.shape.output === 'result' || stage.shape.output === 'files') return;
    for (const [task, state] of stage.tasks.entries()) {
      if (state.phase.kind !== 'done' || state.phase.output.executor !== executor) continue;
      setPhase(stage, task, { kind: 'waiting' });
      this.#changed.add(job);
    }
  }

  #succeedTask(run: TaskRun, partitionBytes: readonly number[]): void {
    const current = this.#release(run);
    if (current === undefined) return;
    const { job, stage } = current;
    setPhase(stage, run.task, { kind: 'done', output: { task: run.task, attempt: run.attempt, executor: run.executor, partitionBytes } });
    for (const dependency of dependenciesOf(job, stage)) dependency.recomputations = 0;
    this.#changed.add(job);
    this.#finishIfComplete(job);
  }

  #failTask(run: TaskRun, failure: TaskFailure): void {
    const current = this.#release(run);
    if (current === undefined) return undefined;
    switch (failure.kind) {
      case 'application':
        current.job.failedTasks += 1;
        return this.#failJob(current.job, failure.error);
      case 'infrastructure': return this.#countFailure(current, failure.error);
      case 'fetch': return this.#loseFetched(current, failure);
      case 'cancelled': return this.#retry(current);
      default: return unreachable(failure);
    }
  }

  /** Marks lost what could not be fetched, unless it has been made again since. */
  #loseFetched(current: Current, failure: TaskFailure & { readonly kind: 'fetch' }): void {
    const { job } = current;
    job.failedTasks += 1;
    const broken = new Set<StageState>();
    for (const { stage: id, task, attempt } of failure.missing) {
      const stage = job.stages.get(id);
      const phase = stage?.tasks[task]?.phase;
      if (stage === undefined || phase?.kind !== 'done' || phase.output.attempt !== attempt) continue;
      if (isComplete(stage)) broken.add(stage);
      // Made again on another executor if there is one: whatever kept this one from serving it may still be the case.
      stage.tasks[task]?.avoid.add(phase.output.executor);
      setPhase(stage, task, { kind: 'waiting' });
    }
    this.#retry(current);
    for (const stage of broken) {
      stage.recomputations += 1;
      if (stage.recomputations <= this.#state.limits.stageRecomputationsMax) continue;
      return this.#failJob(job, {
        errorClass: 'FETCH_FAILED', sqlState: 'XX000',
        message: `output of stage ${stage.shape.id} was lost ${stage.recomputations} times in a row; most recently: ${failure.message}`,
      });
    }
    return undefined;
  }

  #countFailure(current: Current, error: ErrorDetails): void {
    const { job, stage, run, task } = current;
    job.failedTasks += 1;
    task.failures += 1;
    task.avoid.add(run.executor);
    this.#retry(current);
    if (task.failures < this.#state.limits.taskFailuresMax) return;
    this.#failJob(job, { ...error, message: `task ${run.task} of stage ${stage.shape.id} failed ${task.failures} times; most recently: ${error.message}` });
  }

  #retry({ job, stage, run }: Current): void {
    setPhase(stage, run.task, { kind: 'waiting' });
    this.#changed.add(job);
  }

  /** Frees the run's slot; undefined when the run is not what its task is running now. */
  #release(run: TaskRun): Current | undefined {
    const executor = this.#state.executors.get(run.executor);
    // Not running there: a report of an earlier life of the executor, or the second report of a run.
    if (executor?.running.delete(runKey(run)) !== true) return undefined;
    return this.#current(run);
  }

  #current(run: TaskRun): Current | undefined {
    const job = this.#state.jobs.get(run.job);
    const stage = job?.stages.get(run.stage);
    const task = stage?.tasks[run.task];
    if (job === undefined || stage === undefined || task?.phase.kind !== 'running' || task.phase.run.attempt !== run.attempt) return undefined;
    return { job, stage, task, run };
  }

  #finishIfComplete(job: JobState): void {
    if (!isComplete(job.last)) return;
    this.#endJob(job, 'succeeded');
    this.#effects.push({ kind: 'jobSucceeded', job: job.id, committed: outputsOf(job.last).outputs });
  }

  #failJob(job: JobState, error: ErrorDetails): void {
    if (!this.#state.jobs.has(job.id)) return; // one loss may fail several tasks of a job
    this.#endJob(job, 'failed');
    this.#effects.push({ kind: 'jobFailed', job: job.id, error });
  }

  /** Stops what still runs. The slots stay taken until the executors report that they are free. */
  #endJob(job: JobState, outcome: 'succeeded' | 'failed'): void {
    this.#state.jobs.delete(job.id);
    for (const stage of job.stages.values()) {
      if (stage.running === 0) continue;
      for (const { phase } of stage.tasks) {
        if (phase.kind !== 'running') continue;
        // The task that failed the job is not running any more.
        const runs = this.#state.executors.get(phase.run.executor)?.running.has(runKey(phase.run)) === true;
        if (runs) this.#effects.push({ kind: 'cancelTask', run: phase.run });
      }
    }
    this.#effects.push({ kind: 'progress', job: job.id, progress: progressOf(job, outcome) });
  }
}

interface Current {
  readonly job: JobState;
  readonly stage: StageState;
  readonly task: TaskState;
  readonly run: TaskRun;
}
