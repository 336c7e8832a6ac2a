/**
 * The accounting of executors as a pure step: which numbers are in use, which were lost, which pods to
 * create and to remove. A number is given out once in an attempt, and written into the status before
 * its pod exists; a pod whose number is not in use is removed. So a loss is counted once, wherever the
 * operator is killed.
 */
import type { DriverStatus } from '../../engine/contract.ts';
import type { SparkJob, SparkJobStatus } from '../api/spark-job.ts';
import { recentFailuresMax } from '../api/spark-job.ts';
import type { Pod } from '../kube/resource-types.ts';
import { timeText } from './attempt.ts';
import type { DriverAnswer } from './observed.ts';
import type { DriverState, ExecutorState } from './pod-state.ts';
import { executorId, executorState } from './pod-state.ts';
import { formatRanges, parseRanges } from './ranges.ts';

export type Executors = NonNullable<SparkJobStatus['executors']>;
export type ExecutorFailures = NonNullable<SparkJobStatus['recentExecutorFailures']>;

/** Pods created in one pass; the next pass goes on. Keeps one large job from holding up the others. */
export const createMax = 50;

export interface ExecutorInput {
  readonly job: SparkJob;
  readonly driver: DriverState;
  readonly answer: DriverAnswer;
  readonly pods: readonly Pod[];
  /** The API server has just refused some: give out no numbers now. */
  readonly held: boolean;
  readonly nowMs: number;
}

export interface ExecutorStep {
  readonly executors: Executors;
  readonly failures: ExecutorFailures;
  readonly lost: ExecutorFailures;
  readonly create: readonly number[];
  readonly remove: readonly Pod[];
  /** More are wanted than one pass creates. */
  readonly more: boolean;
  /** Why to give up, when executors are lost again and again without any task being done. */
  readonly exhausted: string | undefined;
  /** What the first executor that does not run yet waits for. */
  readonly waiting: { readonly reason: string; readonly message: string } | undefined;
}

export function noExecutors(target: number): Executors {
  return { target, running: 0, pending: 0, summary: `0/${target}`, failed: 0, lastId: 0, ids: '', seen: '', lostSinceProgress: 0, tasksAtLoss: 0 };
}

/** While an attempt is Active. */
export function stepExecutors(input: ExecutorInput): ExecutorStep {
  const target = input.job.spec.executor.instances;
  const before = input.job.status?.executors ?? noExecutors(target);
  const sorted = sortOut(input, before);
  const victims = chooseVictims(sorted.live, sorted.live.length - target, input.answer);
  const kept = sorted.live.filter((each) => !victims.includes(each));
  const wanted = mayCreate(input, before) ? target - kept.length - sorted.deferred.length : 0;
  const create = Array.from({ length: Math.min(Math.max(wanted, 0), createMax) }, (_, index) => before.lastId + 1 + index);
  const losses = bookLosses(input, before, sorted.lost.length);
  const inUse = [...kept.map((each) => each.id), ...sorted.deferred];
  const running = kept.filter((each) => each.state.kind === 'running').length;
  const bound = Math.max(2 * target, 5);
  return {
    executors: {
      target, running, pending: kept.length - running, summary: `${running}/${target}`,
      failed: before.failed + sorted.lost.length,
      lastId: before.lastId + create.length,
      ids: formatRanges([...inUse, ...create]),
      seen: formatRanges(inUse),
      ...losses,
    },
    failures: [...sorted.lost, ...input.job.status?.recentExecutorFailures ?? []].slice(0, recentFailuresMax),
    lost: sorted.lost,
    create,
    remove: [...sorted.done, ...victims.map((each) => each.pod)].filter((pod) => pod.metadata.deletionTimestamp === undefined),
    more: wanted > createMax,
    exhausted: losses.lostSinceProgress > bound
      ? `${losses.lostSinceProgress} executors were lost without one task being done; the last: ${lossText((sorted.lost[0] ?? input.job.status?.recentExecutorFailures?.[0]))}`
      : undefined,
    waiting: kept.map((each) => each.state).find((state) => state.kind === 'waiting'),
  };
}

/** Once an attempt stops or has ended: its executors go. Losses are not counted any more. */
export function stopExecutors(input: ExecutorInput): Pick<ExecutorStep, 'executors' | 'remove'> {
  const target = input.job.spec.executor.instances;
  const before = input.job.status?.executors ?? noExecutors(target);
  const running = input.pods.filter((pod) => executorState(pod).kind === 'running').length;
  return {
    executors: { ...before, target, running, pending: 0, summary: `${running}/${target}`, ids: '', seen: '' },
    remove: input.pods.filter((pod) => pod.metadata.deletionTimestamp === undefined),
  };
}

interface Live {
  readonly id: number;
  readonly pod: Pod;
  readonly state: Exclude<ExecutorState, { kind: 'lost' }>;
}

/** `deferred`: they seem lost, but the driver may be ending, and executors end with it. */
function sortOut(input: ExecutorInput, before: Executors) {
  const byId = new Map(input.pods.map((pod) => [executorId(pod), pod]));
  const seen = new Set(parseRanges(before.seen));
  const judging = input.driver.kind !== 'running' || isAtWork(input.answer);
  const live: Live[] = [];
  const lost: ExecutorFailures[number][] = [];
  const deferred: number[] = [];
  const done: Pod[] = [];
  for (const id of parseRanges(before.ids)) {
    const pod = byId.get(id);
    byId.delete(id);
    // Never seen: the operator was stopped, or refused, before it was created.
    if (pod === undefined && !seen.has(id)) continue;
    const state: ExecutorState = pod === undefined
      ? { kind: 'lost', reason: 'Deleted', message: 'the executor pod is gone', exitCode: undefined }
      : executorState(pod);
    if (pod !== undefined && state.kind !== 'lost') live.push({ id, pod, state });
    else if (!judging) deferred.push(id);
    else {
      lost.push(failureOf(id, pod, state, input.nowMs));
      if (pod !== undefined) done.push(pod);
    }
  }
  return { live, lost, deferred, done: [...done, ...byId.values()] };
}

function failureOf(id: number, pod: Pod | undefined, state: ExecutorState, nowMs: number): ExecutorFailures[number] {
  const { reason, message, exitCode } = state.kind === 'lost' ? state : { reason: 'Deleted', message: '', exitCode: undefined };
  const node = pod?.spec?.nodeName;
  return {
    executor: id, reason, message: message.slice(0, 512), at: timeText(nowMs),
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(node === undefined ? {} : { node }),
  };
}

function lossText(failure: ExecutorFailures[number] | undefined): string {
  return failure === undefined ? 'unknown' : `executor ${failure.executor}, ${failure.reason}: ${failure.message ?? ''}`;
}

function isAtWork(answer: DriverAnswer): boolean {
  return answer.kind === 'status' && answer.status.phase !== 'Finishing';
}

/** The first executors start with the driver; later ones only for a driver that says that it works. */
function mayCreate({ driver, answer, job, held }: ExecutorInput, before: Executors): boolean {
  if (held || job.status?.attempts?.state !== 'Active') return false;
  if (driver.kind === 'waiting') return driver.ip !== undefined && before.lastId === 0;
  return driver.kind === 'running' && driver.ip !== undefined && !driver.terminating && (before.lastId === 0 || isAtWork(answer));
}

/** Who goes when there are too many: those that do nothing yet, then idle ones with little shuffle data, then the youngest. */
function chooseVictims(live: readonly Live[], excess: number, answer: DriverAnswer): readonly Live[] {
  if (excess <= 0) return [];
  const reports = new Map(answer.kind === 'status' ? answer.status.executors.map((each) => [Number(each.id), each] as const) : []);
  const rank = ({ id, state }: Live): readonly number[] => {
    const report: DriverStatus['executors'][number] | undefined = reports.get(id);
    return [state.kind === 'running' ? 1 : 0, report?.runningTasks ?? 0, report?.shuffleBytes ?? 0, -id];
  };
  return live.toSorted((a, b) => compare(rank(a), rank(b))).slice(0, excess);
}

function compare(a: readonly number[], b: readonly number[]): number {
  const index = a.findIndex((value, at) => value !== b[at]);
  return index < 0 ? 0 : (a[index] ?? 0) - (b[index] ?? 0);
}

function bookLosses({ answer }: ExecutorInput, before: Executors, count: number): Pick<Executors, 'lostSinceProgress' | 'tasksAtLoss'> {
  const completed = answer.kind === 'status' ? answer.status.progress.tasks.completed : before.tasksAtLoss;
  const since = completed > before.tasksAtLoss ? 0 : before.lostSinceProgress;
  if (count === 0 && since === before.lostSinceProgress) return { lostSinceProgress: since, tasksAtLoss: before.tasksAtLoss };
  return { lostSinceProgress: since + count, tasksAtLoss: completed };
}
