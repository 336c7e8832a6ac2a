/**
 * The driver's thin shell around `step`: holds the executors' connections, turns what they say into events and effects
 * into messages, collects results, commits output.
 */
import type { Progress } from '../../contract.ts';
import { abortReason, onAbort, throwIfAborted } from '../../core/abort.ts';
import { unreachable } from '../../core/assert.ts';
import { executorId, jobId, type ExecutorId, type JobId } from '../../core/ids.ts';
import type { RpcConnection } from '../../net/connection.ts';
import { listenRpc, type RpcListener } from '../../net/listener.ts';
import { CounterLimitError } from '../map-reduce/counters.ts';
import type { Counters } from '../map-reduce/program.ts';
import type { JobOptions, JobResult } from '../physical/job.ts';
import type { PhysicalPlan } from '../physical/stage.ts';
import { SparkError } from '../plan/spark-error.ts';
import { emptyBlock } from '../execute/arrow.ts';
import { ExecutorLink } from './executor-link.ts';
import { defaultLimits, type JobScheduler, type JobSchedulerOptions, type SchedulerLimits, type SchedulerStatus } from './job-scheduler-options.ts';
import { JobRun, type JobOutcome, type TaskResult } from './job-run.ts';
import { call, registerSchema, taskFailedSchema, taskStatusSchema, taskSucceededSchema, type Register, type Registered, type Run, type TaskMessage, type TaskSucceeded } from './messages.ts';
import { openOutput, type OutputCommit } from './output-commit.ts';
import { fetchResult } from './result-fetch.ts';
import { step } from './step.ts';
import { runKey, type ErrorDetails, type SchedulerEffect, type SchedulerEvent, type TaskOutput } from './step-event.ts';
import { initialState, runnableStages, type SchedulerState } from './step-state.ts';

/** Listens for executors and runs jobs on them. Rejects when the port cannot be bound. */
export async function createJobScheduler(options: JobSchedulerOptions): Promise<JobScheduler> {
  const scheduler = new RunningScheduler(options);
  await scheduler.listen();
  return scheduler;
}

class RunningScheduler implements JobScheduler {
  readonly #options: JobSchedulerOptions;
  readonly #limits: SchedulerLimits;
  #state: SchedulerState;
  readonly #links = new Map<ExecutorId, ExecutorLink>();
  readonly #byConnection = new Map<RpcConnection, ExecutorLink>();
  readonly #jobs = new Map<JobId, JobRun>();
  /** Events that came up while effects were being performed. */
  readonly #events: SchedulerEvent[] = [];
  #stepping = false;
  #listener: RpcListener | undefined;
  #nextJob = 0;
  #allCame = false;
  #firstTaskAtMs: number | null = null;
  #finished: Progress = noProgress;
  #closed = false;
  readonly #closing = new AbortController();

  constructor(options: JobSchedulerOptions) {
    this.#options = options;
    this.#limits = { ...defaultLimits, ...options.limits };
    this.#state = initialState(this.#limits);
  }

  async listen(): Promise<void> {
    const { listen, secret, clock, random, logger } = this.#options;
    this.#listener = await listenRpc({
      ...listen, secret, clock, random, logger,
      handlers: {
        requests: { [call.register]: async (body, { connection }) => this.#register(registerSchema.parse(body), connection) },
        messages: {
          [call.taskSucceeded]: (body, connection) => void this.#taskSucceeded(taskSucceededSchema.parse(body), connection),
          [call.taskFailed]: (body, connection) => {
            const { run, failure } = taskFailedSchema.parse(body);
            this.#taskEnded(connection, run, (link) => {
              link.taskEnded('failed');
              if (failure.kind !== 'cancelled') logger.warn({ run: runKey(run as never), executor: link.id, failure }, 'a task failed');
              return { kind: 'taskFailed', run: fullRun(run, link), failure: failure as (SchedulerEvent & { kind: 'taskFailed' })['failure'] };
            });
          },
          [call.taskStatus]: (body, connection) => {
            const { run, text } = taskStatusSchema.parse(body);
            this.#withLink(connection, () => this.#jobs.get(jobId(run.job))?.onStatus(text));
          },
          [call.draining]: (_body, connection) => this.#withLink(connection, (link) => this.#dispatch({ kind: 'executorDraining', executor: link.id })),
          [call.goodbye]: (_body, connection) => this.#withLink(connection, (link) => {
            link.leaving = true;
            connection.close('the executor said goodbye');
          }),
        },
      },
    });
  }

  address(): { readonly host: string; readonly port: number } {
    return { host: this.#options.listen.host, port: this.#listener?.port ?? this.#options.listen.port };
  }

  executors(): SchedulerStatus['executors'] {
    return [...this.#links.values()].map((link) => link.status());
  }

  status(): SchedulerStatus {
    const jobs = [...this.#state.jobs.values()];
    const pending = jobs.flatMap(runnableStages).reduce((sum, stage) => sum + stage.waiting.size, 0);
    const progress = [...this.#jobs.values()].reduce((sum, job) => addProgress(sum, job.progress), this.#finished);
    return { executors: this.executors(), progress, firstTaskAtMs: this.#firstTaskAtMs, demand: { runningTasks: progress.tasks.running, pendingTasks: pending } };
  }

  slots(): number {
    const { expected } = this.#options;
    const registered = [...this.#links.values()].reduce((sum, link) => sum + link.slots, 0);
    const ordered = Math.max(1, expected.executors * expected.slotsPerExecutor);
    return this.#allCame && registered > 0 ? registered : Math.max(registered, ordered);
  }

  async run(plan: PhysicalPlan, options: JobOptions): Promise<JobResult> {
    throwIfAborted(options.signal);
    if (this.#closed) throw new SparkError(closedError);
    const id = jobId(this.#nextJob);
    this.#nextJob += 1;
    const target = plan.stages.at(-1)?.output;
    if (target?.kind !== 'files') return await this.#runJob(new JobRun(id, plan, options, undefined, this.#options.clock), plan, options);
    const { fileSystem, applicationId, random } = this.#options;
    const output = await openOutput(fileSystem, target, `${applicationId}-${id}`, random);
    if (output === undefined) return { kind: 'files', path: target.path, files: [], rows: 0, bytes: 0 };
    try {
      return await this.#runJob(new JobRun(id, plan, options, output, this.#options.clock), plan, options);
    } finally {
      await output.abort(); // nothing to do after a commit
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#closing.abort();
    for (const job of this.#jobs.values()) this.#dispatch({ kind: 'jobCancelled', job: job.id, error: closedError });
    const links = [...this.#links.values()];
    for (const link of links) {
      link.leaving = true;
      link.send(call.shutdown, {});
    }
    await Promise.all(links.map((link) => link.flushed()));
    await this.#listener?.close();
  }

  async #runJob(job: JobRun, plan: PhysicalPlan, options: JobOptions): Promise<JobResult> {
    this.#jobs.set(job.id, job);
    const off = onAbort(options.signal, () => this.#dispatch({ kind: 'jobCancelled', job: job.id, error: cancelledError(options.signal) }));
    void this.#watchExecutors(job);
    this.#dispatch({ kind: 'jobSubmitted', job: job.shape() });
    // The signal may have gone off before the job was known.
    if (options.signal.aborted) this.#dispatch({ kind: 'jobCancelled', job: job.id, error: cancelledError(options.signal) });
    try {
      const outcome = await job.outcome;
      if (outcome.kind === 'failed') throw options.signal.aborted ? abortReason(options.signal) : new SparkError(outcome.error);
      return await this.#collect(job, plan, outcome);
    } finally {
      off();
      this.#jobs.delete(job.id);
      this.#finished = addProgress(this.#finished, job.progress);
      for (const link of this.#links.values()) {
        link.jobEnded(job.id);
        link.send(call.endJob, { job: job.id });
      }
    }
  }

  async #collect(job: JobRun, plan: PhysicalPlan, { committed }: JobOutcome & { readonly kind: 'succeeded' }): Promise<JobResult> {
    const results = committed.map((each) => job.result(each.task, each.attempt));
    if (job.output === undefined) {
      const blocks = results.flatMap((each) => each.blocks).filter((block) => block.rows > 0);
      return { kind: 'rows', blocks: blocks.length > 0 ? blocks : [{ data: emptyBlock(plan.schema), rows: 0 }] };
    }
    // Before the commit: a job with too many counters fails, and then leaves nothing.
    const counters = countersOf(job);
    return { ...await commitFiles(job.output, plan, committed, results), ...(Object.keys(counters).length === 0 ? {} : { counters }) };
  }

  #register({ executor, slots, blocks, machine, rack }: Register, connection: RpcConnection): Registered {
    const { logger, clock, expected } = this.#options;
    const id = executorId(executor);
    this.#links.get(id)?.connection.close('the executor registered again on another connection');
    if (this.#links.has(id)) this.#lose(id, 'it registered again on another connection');
    const link = new ExecutorLink(id, slots, blocks, connection, clock);
    this.#links.set(id, link);
    this.#byConnection.set(connection, link);
    this.#allCame ||= this.#links.size >= expected.executors;
    void connection.closed.then((reason) => {
      this.#byConnection.delete(connection);
      if (this.#links.get(id) === link) this.#lose(id, reason.message);
    });
    logger.info({ executor: id, slots, blocks, machine, rack, remote: connection.remote }, 'executor registered');
    this.#dispatch({ kind: 'executorRegistered', executor: id, slots, ...(machine === undefined ? {} : { machine }), ...(rack === undefined ? {} : { rack }) });
    return this.#options.stores;
  }

  #lose(id: ExecutorId, reason: string): void {
    const link = this.#links.get(id);
    if (link === undefined) return;
    this.#links.delete(id);
    const planned = link.leaving || this.#closed;
    this.#options.logger[planned ? 'info' : 'warn']({ executor: id, reason }, planned ? 'executor left' : 'executor lost');
    this.#dispatch({ kind: 'executorLost', executor: id, planned, reason });
  }

  /** Only the connection that an executor is registered with speaks for it. */
  #withLink(connection: RpcConnection, act: (link: ExecutorLink) => void): void {
    const link = this.#byConnection.get(connection);
    if (link !== undefined && this.#links.get(link.id) === link) act(link);
  }

  #taskEnded(connection: RpcConnection, run: Run, event: (link: ExecutorLink) => SchedulerEvent): void {
    this.#withLink(connection, (link) => this.#dispatch(event(link)));
  }

  /** A task of the last stage has succeeded only when its result is here. */
  async #taskSucceeded(message: TaskSucceeded, connection: RpcConnection): Promise<void> {
    const job = this.#jobs.get(jobId(message.run.job));
    if (job !== undefined && message.run.stage === job.lastStage) {
      const failure = await this.#takeResult(job, message, connection);
      if (failure !== undefined) {
        return this.#taskEnded(connection, message.run, (link) => {
          link.taskEnded('failed');
          return { kind: 'taskFailed', run: fullRun(message.run, link), failure };
        });
      }
    }
    if (job !== undefined && message.counters !== undefined && this.#isCurrent(message.run, connection)) job.keepCounters(message.run.stage, message.run.task, message.counters);
    return this.#taskEnded(connection, message.run, (link) => {
      link.taskEnded('completed');
      link.holds(jobId(message.run.job), message.partitionBytes.reduce((sum, bytes) => sum + bytes, 0));
      return { kind: 'taskSucceeded', run: fullRun(message.run, link), partitionBytes: message.partitionBytes };
    });
  }

  /** Whether the run is the one that its task is at: the counters of no other count. */
  #isCurrent(run: Run, connection: RpcConnection): boolean {
    const phase = this.#state.jobs.get(jobId(run.job))?.stages.get(run.stage)?.tasks[run.task]?.phase;
    const link = this.#byConnection.get(connection);
    return phase?.kind === 'running' && phase.run.attempt === run.attempt && phase.run.executor === link?.id;
  }

  async #takeResult(job: JobRun, message: TaskSucceeded, connection: RpcConnection): Promise<(SchedulerEvent & { kind: 'taskFailed' })['failure'] | undefined> {
    const bytes = message.blocks.reduce((sum, block) => sum + block.bytes, 0);
    const tooMuch = job.reserve(bytes);
    if (tooMuch !== undefined) return { kind: 'application', error: tooMuchResult(tooMuch.bytes, tooMuch.bytesMax) };
    try {
      const blocks = await fetchResult(connection, message, job.over.signal);
      job.keepResult(message.run.task, message.run.attempt, { rows: message.rows, blocks, files: message.files });
      return undefined;
    } catch (cause) {
      job.release(bytes);
      if (job.over.signal.aborted) return { kind: 'cancelled' };
      const detail = cause instanceof Error ? cause.message : String(cause);
      return { kind: 'infrastructure', error: { errorClass: 'RESULT_FETCH_FAILED', sqlState: 'XX000', message: `the result of a task could not be fetched: ${detail}` } };
    }
  }

  #dispatch(event: SchedulerEvent): void {
    this.#events.push(event);
    if (this.#stepping) return;
    this.#stepping = true;
    try {
      for (let next = this.#events.shift(); next !== undefined; next = this.#events.shift()) {
        const { state, effects } = step(this.#state, next, this.#options.clock.nowMs());
        this.#state = state;
        for (const effect of effects) this.#perform(effect);
      }
    } finally {
      this.#stepping = false;
    }
  }

  #perform(effect: SchedulerEffect): void {
    switch (effect.kind) {
      case 'launch': return this.#launch(effect);
      case 'cancelTask': return this.#links.get(effect.run.executor)?.send(call.cancelTask, { run: effect.run });
      case 'progress': return this.#jobs.get(effect.job)?.report(effect.progress);
      case 'wake': return void this.#wake(effect.atMs);
      case 'jobSucceeded': return this.#jobs.get(effect.job)?.end({ kind: 'succeeded', committed: effect.committed });
      case 'jobFailed': return this.#jobs.get(effect.job)?.end({ kind: 'failed', error: effect.error });
      default: return unreachable(effect);
    }
  }

  async #wake(atMs: number): Promise<void> {
    const { clock } = this.#options;
    try {
      await clock.sleep(Math.max(1, atMs - clock.nowMs()), this.#closing.signal);
    } catch {
      return; // the driver is going down
    }
    this.#dispatch({ kind: 'tick' });
  }

  #launch({ run, inputs }: SchedulerEffect & { readonly kind: 'launch' }): void {
    const job = this.#jobs.get(run.job);
    const link = this.#links.get(run.executor);
    if (job === undefined || link === undefined) return;
    this.#firstTaskAtMs ??= this.#options.clock.wallMs();
    if (link.learnsStage(run.job, run.stage)) link.send(call.stage, job.stageMessage(run.stage));
    const read = job.inputsOf(run.stage, run.task, inputs);
    const holders = new Set(read.flatMap(({ outputs }) => outputs.map((each) => each.executor)));
    const addresses = [...holders].flatMap((id) => {
      const holder = this.#links.get(executorId(id));
      return holder === undefined ? [] : [[id, holder.blocks] as const];
    });
    const message: TaskMessage = {
      run: { job: run.job, stage: run.stage, task: run.task, attempt: run.attempt }, inputs: read, addresses: Object.fromEntries(addresses),
    };
    link.taskStarted();
    link.send(call.task, message);
  }

  /** Fails the job when there is no executor at all for too long. */
  async #watchExecutors(job: JobRun): Promise<void> {
    const { clock } = this.#options;
    let seenMs = clock.nowMs();
    while (!job.over.signal.aborted) {
      try {
        await clock.sleep(1000, job.over.signal);
      } catch {
        return; // the job is over
      }
      if (this.#links.size > 0) seenMs = clock.nowMs();
      if (clock.nowMs() - seenMs < this.#limits.executorTimeoutMs) continue;
      this.#dispatch({ kind: 'jobCancelled', job: job.id, error: noExecutors(this.#limits.executorTimeoutMs) });
    }
  }
}

async function commitFiles(output: OutputCommit, plan: PhysicalPlan, committed: readonly TaskOutput[], results: readonly TaskResult[]): Promise<JobResult & { readonly kind: 'files' }> {
  const attempts = committed.map((each, i) => ({ task: each.task, attempt: each.attempt, files: results[i]?.files ?? [] }));
  const files = await output.commit(attempts);
  const target = plan.stages.at(-1)?.output;
  return {
    kind: 'files', path: target?.kind === 'files' ? target.path : '', files,
    rows: results.reduce((sum, each) => sum + each.rows, 0),
    bytes: attempts.flatMap((each) => each.files).reduce((sum, file) => sum + file.bytes, 0),
  };
}

function countersOf(job: JobRun): Counters {
  try {
    return job.counters();
  } catch (cause) {
    if (!(cause instanceof CounterLimitError)) throw cause;
    throw new SparkError({ errorClass: 'MAP_REDUCE_COUNTER_LIMIT', sqlState: '54000', message: `${cause.message}.`, cause });
  }
}

function fullRun(run: Run, link: ExecutorLink): (SchedulerEvent & { kind: 'taskFailed' })['run'] {
  return { ...run, job: jobId(run.job), executor: link.id };
}

const noProgress: Progress = { stages: { total: 0, completed: 0, running: 0, failed: 0 }, tasks: { total: 0, completed: 0, running: 0, failed: 0 } };

function addProgress(a: Progress, b: Progress): Progress {
  const add = (x: Progress['tasks'], y: Progress['tasks']): Progress['tasks'] => ({
    total: x.total + y.total, completed: x.completed + y.completed, running: x.running + y.running, failed: x.failed + y.failed,
  });
  return { stages: add(a.stages, b.stages), tasks: add(a.tasks, b.tasks) };
}

const closedError: ErrorDetails = { errorClass: 'OPERATION_CANCELED', sqlState: 'HY008', message: 'The driver is shutting down.' };

function cancelledError(signal: AbortSignal): ErrorDetails {
  return { errorClass: 'OPERATION_CANCELED', sqlState: 'HY008', message: `The job was cancelled: ${abortReason(signal).message}` };
}

function tooMuchResult(bytes: number, bytesMax: number): ErrorDetails {
  return {
    errorClass: 'DRIVER_RESULT_SIZE_EXCEEDED', sqlState: '54000', parameters: { bytes: String(bytes), bytesMax: String(bytesMax) },
    message: `The result is larger than spark.driver.maxResultSize: ${bytes} of ${bytesMax} bytes so far. Write it to files, limit it, or raise the setting.`,
  };
}

function noExecutors(timeoutMs: number): ErrorDetails {
  return {
    errorClass: 'NO_EXECUTORS', sqlState: '53000',
    message: `No executor has been registered with the driver for ${Math.round(timeoutMs / 1000)} s. See the executor pods: they may be pending, failing, or kept from reaching the driver.`,
  };
}
