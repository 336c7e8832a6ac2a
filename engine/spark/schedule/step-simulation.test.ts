/** Random orders of events against a model of the world; a failing seed is printed and joins `seeds` for good. */
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { executorId, jobId, type ExecutorId } from '../../core/ids.ts';
import { integerBelow, seededRandom, type Random } from '../../core/random.ts';
import { step } from './step.ts';
import { runKey, type JobShape, type SchedulerEffect, type SchedulerEvent, type StageShape, type TaskRun } from './step-event.ts';
import { initialState } from './step-state.ts';

const seeds: readonly number[] = [];
const unbounded = { taskFailuresMax: 1e9, stageRecomputationsMax: 1e9, localityWait: { nodeMs: 3000, rackMs: 3000 } };
const machines = ['m0', 'm1', 'm2', 'm3'];
const racks = { m0: 'r0', m1: 'r0', m2: 'r1', m3: 'r1' };
const error = { errorClass: 'X', sqlState: 'XX000', message: 'by chance' };

function randomJob(random: Random, id: number): JobShape {
  const count = 1 + integerBelow(random, 5);
  const stages = Array.from({ length: count }, (_, i): StageShape => {
    const tasks = integerBelow(random, 6);
    const near = Array.from({ length: tasks }, () => machines.filter(() => random.fraction() < 0.3));
    return { id: i, tasks, ...(random.fraction() < 0.5 ? { near } : {}), ...shapeOf(random, i, count) };
  });
  return { id: jobId(id), stages, racks };
}

function shapeOf(random: Random, i: number, count: number): Pick<StageShape, 'dependencies' | 'output'> {
  return {
    dependencies: Array.from({ length: i }, (_, each) => each).filter(() => random.fraction() < 0.5),
    output: i === count - 1 ? (random.fraction() < 0.5 ? 'result' : 'files') : (random.fraction() < 0.8 ? 'shuffle' : 'broadcast'),
  };
}

class World {
  readonly #random: Random;
  #state = initialState(unbounded);
  readonly #jobs = new Map<number, JobShape>();
  readonly #ended = new Map<number, 'succeeded' | 'failed'>();
  readonly #slots = new Map<ExecutorId, number>();
  /** What executors are doing, as they see it. */
  #running: TaskRun[] = [];
  readonly #reported: TaskRun[] = [];
  /** Outputs that the scheduler knows of and may use: `job/stage.task` → run. */
  readonly #available = new Map<string, TaskRun>();
  #executors = 0;
  #nowMs = 0;
  #wakeAtMs = 0;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
  }

  play(): void {
    for (let id = 0; id < 1 + integerBelow(this.#random, 3); id += 1) this.#submit(randomJob(this.#random, id));
    for (let turn = 0; turn < 120; turn += 1) this.#chaos();
    // From here on the world is kind: everything must come to its end.
    if (this.#slots.size === 0) this.#addExecutor();
    for (let turn = 0; this.#ended.size < this.#jobs.size; turn += 1) {
      assert.ok(turn < 1000, 'the jobs do not end');
      const run = this.#running.shift();
      if (run === undefined) this.#wake();
      else this.#succeed(run);
    }
  }

  /** What waits for a nearer slot gets a farther one. */
  #wake(): void {
    assert.ok(this.#wakeAtMs > this.#nowMs, 'jobs are open, nothing runs and nobody wakes the scheduler');
    this.#nowMs = this.#wakeAtMs;
    this.#send({ kind: 'tick' });
  }

  #chaos(): void {
    const dice = this.#random.fraction();
    const run = this.#running[integerBelow(this.#random, this.#running.length)];
    if (dice < 0.1 && this.#slots.size < 4) return this.#addExecutor();
    if (dice < 0.16) return this.#loseExecutor();
    if (dice < 0.2) return this.#repeatReport();
    if (dice < 0.21) return this.#cancel();
    if (dice < 0.24) {
      this.#nowMs += integerBelow(this.#random, 4000);
      return void this.#send({ kind: 'tick' });
    }
    if (run === undefined) return undefined;
    this.#running = this.#running.filter((each) => each !== run);
    if (dice < 0.3) return void this.#send({ kind: 'taskFailed', run, failure: { kind: 'infrastructure', error } });
    if (dice < 0.4) return this.#failFetch(run);
    return this.#succeed(run);
  }

  #submit(job: JobShape): void {
    this.#jobs.set(job.id, job);
    this.#send({ kind: 'jobSubmitted', job });
  }

  #addExecutor(): void {
    this.#executors += 1;
    const slots = 1 + integerBelow(this.#random, 3);
    this.#slots.set(executorId(String(this.#executors)), slots);
    const machine = machines[integerBelow(this.#random, machines.length + 1)];
    this.#send({ kind: 'executorRegistered', executor: executorId(String(this.#executors)), slots, ...(machine === undefined ? {} : { machine }) });
  }

  #loseExecutor(): void {
    const executor = [...this.#slots.keys()][integerBelow(this.#random, this.#slots.size)];
    if (executor === undefined) return;
    this.#slots.delete(executor);
    this.#reported.push(...this.#running.filter((each) => each.executor === executor));
    this.#running = this.#running.filter((each) => each.executor !== executor);
    for (const [key, run] of this.#available) {
      if (run.executor === executor && this.#stage(run).output !== 'result' && this.#stage(run).output !== 'files') this.#available.delete(key);
    }
    this.#send({ kind: 'executorLost', executor, planned: this.#random.fraction() < 0.3, reason: 'by chance' });
  }

  /** A late or second report of a run that is over. */
  #repeatReport(): void {
    const run = this.#reported[integerBelow(this.#random, this.#reported.length)];
    if (run === undefined) return;
    const launched = this.#send({ kind: 'taskSucceeded', run, partitionBytes: [] }).filter((each) => each.kind !== 'progress');
    assert.deepEqual(launched, [], 'a late report changes nothing');
  }

  #cancel(): void {
    const job = [...this.#jobs.keys()][integerBelow(this.#random, this.#jobs.size)];
    if (job !== undefined) this.#send({ kind: 'jobCancelled', job: jobId(job), error });
  }

  #failFetch(run: TaskRun): void {
    const missing = this.#stage(run).dependencies.flatMap((stage) => {
      const task = integerBelow(this.#random, this.#shape(run.job, stage).tasks);
      const made = this.#available.get(`${run.job}/${stage}.${task}`);
      return made === undefined ? [] : [{ stage, task, attempt: made.attempt }];
    });
    // Only what is reported while the reader still counts is lost to the scheduler.
    if (!this.#ended.has(run.job)) for (const { stage, task } of missing) this.#available.delete(`${run.job}/${stage}.${task}`);
    this.#reported.push(run);
    this.#send({ kind: 'taskFailed', run, failure: { kind: 'fetch', missing, message: 'by chance' } });
  }

  #succeed(run: TaskRun): void {
    this.#reported.push(run);
    if (!this.#ended.has(run.job)) this.#available.set(`${run.job}/${run.stage}.${run.task}`, run);
    this.#send({ kind: 'taskSucceeded', run, partitionBytes: [] });
  }

  #send(event: SchedulerEvent): readonly SchedulerEffect[] {
    const { state, effects } = step(this.#state, event, this.#nowMs);
    this.#state = state;
    for (const effect of effects) this.#perform(effect);
    return effects;
  }

  #perform(effect: SchedulerEffect): void {
    if (effect.kind === 'launch') this.#checkLaunch(effect);
    if (effect.kind === 'wake') this.#wakeAtMs = Math.max(this.#wakeAtMs, effect.atMs);
    if (effect.kind === 'jobFailed') this.#end(effect.job, 'failed');
    if (effect.kind !== 'jobSucceeded') return;
    this.#end(effect.job, 'succeeded');
    const last = this.#jobs.get(effect.job)?.stages.at(-1);
    assert.deepEqual(effect.committed.map((each) => each.task), Array.from({ length: last?.tasks ?? 0 }, (_, task) => task), 'each task is committed once');
    for (const { task, attempt } of effect.committed) {
      assert.equal(this.#available.get(`${effect.job}/${last?.id}.${task}`)?.attempt, attempt, 'the attempt committed is one that succeeded');
    }
  }

  #checkLaunch({ run, inputs }: SchedulerEffect & { readonly kind: 'launch' }): void {
    assert.ok(!this.#ended.has(run.job), 'nothing is launched for a job that is over');
    assert.ok(!this.#available.has(`${run.job}/${run.stage}.${run.task}`), `${runKey(run)} is finished and still available`);
    assert.ok(!this.#running.some((each) => each.job === run.job && each.stage === run.stage && each.task === run.task), 'a task runs once at a time');
    this.#running.push(run);
    const busy = this.#running.filter((each) => each.executor === run.executor).length;
    assert.ok(busy <= (this.#slots.get(run.executor) ?? 0), 'an executor has more tasks than slots');
    assert.deepEqual(inputs.map((each) => each.stage), this.#stage(run).dependencies);
    for (const { stage, outputs } of inputs) {
      assert.deepEqual(outputs.map((each) => each.task), Array.from({ length: this.#shape(run.job, stage).tasks }, (_, task) => task));
      for (const { task, attempt, executor } of outputs) {
        const made = this.#available.get(`${run.job}/${stage}.${task}`);
        assert.ok(made?.attempt === attempt && made.executor === executor, 'a reader is sent to an output that is not there');
      }
    }
  }

  #end(job: number, outcome: 'succeeded' | 'failed'): void {
    assert.ok(!this.#ended.has(job), 'a job ends once');
    this.#ended.set(job, outcome);
  }

  #shape(job: number, stage: number): StageShape {
    const shape = this.#jobs.get(job)?.stages[stage];
    assert.ok(shape !== undefined);
    return shape;
  }

  #stage(run: TaskRun): StageShape {
    return this.#shape(run.job, run.stage);
  }
}

test('jobs end with every partition committed once, and nothing available is made again, in 3000 random worlds', () => {
  for (const seed of [...seeds, ...Array.from({ length: 3000 }, (_, i) => i)]) {
    try {
      new World(seed).play();
    } catch (cause) {
      throw new Error(`seed ${seed}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    }
  }
});
