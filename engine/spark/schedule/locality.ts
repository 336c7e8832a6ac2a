/**
 * Which waiting task a free slot gets, by where its input lies: delay scheduling, as Spark does it. A task is started on a machine that holds its
 * input, then in that machine's rack, then anywhere; a worse place is taken only after slots have stood free for `spark.locality.wait`, or when no
 * executor is in a better one. Pure.
 */
import type { ExecutorId } from '../../core/ids.ts';
import type { ExecutorState, JobState, SchedulerState, StageState } from './step-state.ts';

export interface LocalityWait {
  /** For a slot on the machine; then for one in the rack. */
  readonly nodeMs: number;
  readonly rackMs: number;
}

/** 0: on a machine that has the input (or the task has no preference), 1: in its rack, 2: anywhere. */
export type LocalityLevel = 0 | 1 | 2;

export interface Offer {
  readonly executor: ExecutorState;
  readonly task: number;
}

/** The level down to which slots are taken now. */
export function allowedLevel(stage: StageState, wait: LocalityWait, nowMs: number): LocalityLevel {
  if (stage.idleSinceMs === undefined) return wait.nodeMs > 0 ? 0 : wait.rackMs > 0 ? 1 : 2;
  const idleMs = nowMs - stage.idleSinceMs;
  if (idleMs < wait.nodeMs) return 0;
  return idleMs < wait.nodeMs + wait.rackMs ? 1 : 2;
}

/** When the next level opens; undefined when all are open. */
export function nextLevelAtMs(stage: StageState, wait: LocalityWait, nowMs: number): number | undefined {
  const level = allowedLevel(stage, wait, nowMs);
  if (stage.idleSinceMs === undefined || level === 2) return undefined;
  return stage.idleSinceMs + wait.nodeMs + (level === 1 ? wait.rackMs : 0);
}

/** The task for one of the free slots, best places first; undefined when every free slot is too far from all that waits. */
export function nearOffer(state: SchedulerState, job: JobState, stage: StageState, nowMs: number): Offer | undefined {
  const usable = [...state.executors.values()].filter((each) => !each.draining);
  const free = usable.filter((each) => each.running.size < each.slots).toSorted((a, b) => (b.slots - b.running.size) - (a.slots - a.running.size));
  const allowed = allowedLevel(stage, state.limits.localityWait, nowMs);
  const mayRun = (executor: ExecutorState, task: number): boolean => {
    const avoid: ReadonlySet<ExecutorId> = stage.tasks[task]?.avoid ?? new Set();
    return !avoid.has(executor.id) || usable.every((each) => avoid.has(each.id));
  };
  for (const executor of free) {
    const held = executor.machine === undefined ? undefined : stage.waitingNear.get(executor.machine);
    for (const task of held ?? []) if (mayRun(executor, task)) return { executor, task };
  }
  for (const executor of free) {
    for (const task of stage.waiting) {
      if (!mayRun(executor, task)) continue;
      const level = levelOn(executor, job, stage, task);
      if (level <= allowed || !usable.some((each) => mayRun(each, task) && levelOn(each, job, stage, task) < level)) return { executor, task };
    }
  }
  return undefined;
}

function levelOn(executor: ExecutorState, job: JobState, stage: StageState, task: number): LocalityLevel {
  const near = stage.shape.near?.[task] ?? [];
  if (near.length === 0) return 0;
  const { machine } = executor;
  if (machine !== undefined && near.includes(machine)) return 0;
  const rack = executor.rack ?? (machine === undefined ? undefined : job.racks[machine]);
  return rack !== undefined && near.some((each) => job.racks[each] === rack) ? 1 : 2;
}
