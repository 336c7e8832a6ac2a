/** Scheduling scripts for tests: events as lines of text in, effects as lines of text out. */
import { executorId, jobId } from '../../../core/ids.ts';
import { step } from '../step.ts';
import { runKey, type ErrorDetails, type SchedulerEffect, type SchedulerEvent, type StageShape, type TaskRun } from '../step-event.ts';
import { initialState, type StepLimits } from '../step-state.ts';

/**
 * Lines, one event each:
 *   executor E SLOTS [MACHINE [RACK]] | drain E | lose E | leave E
 *   job J: ID OUTPUT TASKS [reads ID,…] [near MACHINE/RACK,…|…]; …   (for each task, between |, where its input lies; - for nowhere)
 *   ok J/S.T#A [bytes,…] | ok all                    (all: everything that runs at that moment, in order of launch)
 *   fail J/S.T#A application CLASS | … infrastructure | … fetch S.T#A,… | … cancelled
 *   cancel J
 *   after MILLISECONDS                               (a tick, so much later)
 */
export function playScript(script: string, limits: StepLimits = { taskFailuresMax: 3, stageRecomputationsMax: 2, localityWait: { nodeMs: 3000, rackMs: 2000 } }): string {
  let state = initialState(limits);
  let nowMs = 0;
  const running = new Map<string, TaskRun>();
  const printed: string[] = [];
  const play = (event: SchedulerEvent): void => {
    const result = step(state, event, nowMs);
    state = result.state;
    if (event.kind === 'taskSucceeded' || event.kind === 'taskFailed') running.delete(runKey(event.run));
    for (const effect of result.effects) {
      if (effect.kind === 'launch') running.set(runKey(effect.run), effect.run);
      printed.push(`    ${printEffect(effect)}`);
    }
  };
  for (const line of script.split('\n').map((each) => each.trim()).filter((each) => each !== '')) {
    printed.push(line);
    if (line.startsWith('--')) continue;
    if (line.startsWith('after ')) nowMs += Number(line.slice('after '.length));
    const events = line === 'ok all' ? [...running.values()].map(succeeded) : [parseEvent(line, running)];
    for (const event of events) play(event);
  }
  return printed.join('\n');
}

function succeeded(run: TaskRun): SchedulerEvent {
  return { kind: 'taskSucceeded', run, partitionBytes: [] };
}

function parseEvent(line: string, running: ReadonlyMap<string, TaskRun>): SchedulerEvent {
  const [verb = '', first = '', ...rest] = line.split(' ');
  const lookUp = (key: string): TaskRun => running.get(key) ?? parseRun(key);
  switch (verb) {
    case 'executor': {
      const [slots, machine, rack] = rest;
      return { kind: 'executorRegistered', executor: executorId(first), slots: Number(slots), ...(machine === undefined ? {} : { machine }), ...(rack === undefined ? {} : { rack }) };
    }
    case 'after': return { kind: 'tick' };
    case 'drain': return { kind: 'executorDraining', executor: executorId(first) };
    case 'lose': return { kind: 'executorLost', executor: executorId(first), planned: false, reason: 'it is gone' };
    case 'leave': return { kind: 'executorLost', executor: executorId(first), planned: true, reason: 'it said goodbye' };
    case 'job': return { kind: 'jobSubmitted', job: { id: jobId(Number.parseInt(first, 10)), stages: rest.join(' ').split(';').map(parseStage), racks: parseRacks(rest.join(' ')) } };
    case 'ok': return { kind: 'taskSucceeded', run: lookUp(first), partitionBytes: (rest[0] ?? '').split(',').filter(Boolean).map(Number) };
    case 'cancel': return { kind: 'jobCancelled', job: jobId(Number(first)), error: error('CANCELLED') };
    case 'fail': return parseFailure(lookUp(first), rest);
    default: throw new Error(`no such event: ${line}`);
  }
}

function parseFailure(run: TaskRun, [kind = '', detail = '']: readonly string[]): SchedulerEvent {
  switch (kind) {
    case 'application': return { kind: 'taskFailed', run, failure: { kind, error: error(detail) } };
    case 'infrastructure': return { kind: 'taskFailed', run, failure: { kind, error: error('DISK_FULL') } };
    case 'cancelled': return { kind: 'taskFailed', run, failure: { kind } };
    case 'fetch': {
      const missing = detail.split(',').map((each) => parseRun(`${run.job}/${each}`));
      return { kind: 'taskFailed', run, failure: { kind, missing, message: `cannot read ${detail}` } };
    }
    default: throw new Error(`no such failure: ${kind}`);
  }
}

function parseStage(text: string): StageShape {
  const [head = '', places] = text.trim().split(' near ');
  const [id, output, tasks, , reads = ''] = head.split(' ');
  const near = places?.split('|').map((task) => (task === '-' ? [] : task.split(',').map((each) => each.split('/')[0] ?? '')));
  return { id: Number(id), output: output as StageShape['output'], tasks: Number(tasks), dependencies: reads.split(',').filter(Boolean).map(Number), ...(near === undefined ? {} : { near }) };
}

function parseRacks(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries([...text.matchAll(/(\w+)\/(\w+)/g)].map(([, machine = '', rack = '']) => [machine, rack]));
}

function parseRun(key: string): TaskRun {
  const [job, stage, task, attempt] = key.split(/[/.#]/).map(Number);
  return { job: jobId(job ?? -1), stage: stage ?? -1, task: task ?? -1, attempt: attempt ?? -1, executor: executorId('?') };
}

function error(errorClass: string): ErrorDetails {
  return { errorClass, sqlState: '00000', message: `because of ${errorClass}` };
}

function printEffect(effect: SchedulerEffect): string {
  switch (effect.kind) {
    case 'launch': {
      const inputs = effect.inputs.map(({ stage, outputs }) =>
        `${stage}[${outputs.map((each) => `${each.task}#${each.attempt}@${each.executor}`).join(' ')}]`);
      return `launch ${runKey(effect.run)} on ${effect.run.executor}${inputs.length === 0 ? '' : ` reading ${inputs.join(' ')}`}`;
    }
    case 'wake': return `wake at ${effect.atMs}`;
    case 'cancelTask': return `stop ${runKey(effect.run)} on ${effect.run.executor}`;
    case 'jobSucceeded': return `job ${effect.job} succeeded: ${effect.committed.map((each) => `${each.task}#${each.attempt}@${each.executor}`).join(' ')}`;
    case 'jobFailed': return `job ${effect.job} failed: [${effect.error.errorClass}] ${effect.error.message}`;
    case 'progress': {
      const { stages, tasks } = effect.progress;
      const count = (each: typeof tasks): string => `${each.completed}/${each.total}${each.running > 0 ? ` ${each.running} running` : ''}${each.failed > 0 ? ` ${each.failed} failed` : ''}`;
      return `job ${effect.job}: stages ${count(stages)}, tasks ${count(tasks)}`;
    }
    default: return effect satisfies never;
  }
}
