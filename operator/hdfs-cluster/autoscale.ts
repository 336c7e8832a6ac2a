/** How many datanodes there should be, by used capacity. Pure. The outcome is kept in the status: nothing writes spec. */
import type { HdfsCluster, HdfsClusterStatus } from '../api/hdfs-cluster.ts';

type Autoscaling = NonNullable<HdfsClusterStatus['autoscaling']>;

export interface Usage {
  readonly capacityBytes: number;
  readonly usedBytes: number;
  /** All wanted datanodes are live and none is leaving: the figures are those of the present target. */
  readonly settled: boolean;
}

export interface Recommendation {
  readonly target: number;
  /** Undefined without autoscaling. */
  readonly autoscaling: Autoscaling | undefined;
}

/** The target is passed by this share before anything happens, so that usage around it does not make datanodes come and go. */
const tolerance = 0.05;
/** Datanodes are taken away only when usage would stay this share below the target. */
const margin = 0.1;
/** New datanodes change the figures only after a while. */
const outPauseMs = 30_000;
/** Fewer must do for so long, and nothing must have changed for so long, before one is taken away. */
const inPauseMs = 600_000;

/** `usage` is undefined while no namenode tells. */
export function recommend({ spec, status }: HdfsCluster, usage: Usage | undefined, nowMs: number): Recommendation {
  const { autoscaling: policy, replicas } = spec.dataNodes;
  if (policy === undefined) return { target: Math.max(replicas, spec.replication), autoscaling: undefined };
  const before = status?.autoscaling;
  const bounded = (count: number): number => Math.min(Math.max(count, policy.minReplicas, spec.replication), policy.maxReplicas);
  const current = bounded(before?.target ?? replicas);
  if (usage === undefined || usage.capacityBytes === 0) {
    return { target: current, autoscaling: { wanted: current, usedPercent: 0, ...before, target: current, reason: 'no usage is known yet' } };
  }
  const usedPercent = Math.round((usage.usedBytes / usage.capacityBytes) * 1000) / 10;
  if (!usage.settled) return { target: current, autoscaling: { wanted: current, ...before, target: current, usedPercent, reason: 'waiting until all datanodes are there' } };
  const wanted = bounded(wantedCount(current, usedPercent, policy.targetUsedPercent));
  const lowSince = wanted < current ? before?.lowSince ?? timeText(nowMs) : undefined;
  const step = nextTarget({ current, wanted, mode: policy.mode, lowSince, lastScaleAt: before?.lastScaleAt }, nowMs);
  const lastScaleAt = step.target === current ? before?.lastScaleAt : timeText(nowMs);
  return {
    target: step.target,
    autoscaling: {
      target: step.target, wanted, usedPercent, reason: step.reason,
      ...(lastScaleAt === undefined ? {} : { lastScaleAt }),
      ...(lowSince === undefined || step.target < current ? {} : { lowSince }),
    },
  };
}

/** All datanodes have volumes of one size, so usage is inversely proportional to their number. */
function wantedCount(current: number, usedPercent: number, targetPercent: number): number {
  if (usedPercent > targetPercent * (1 + tolerance)) return Math.ceil((current * usedPercent) / targetPercent);
  return Math.min(current, Math.max(1, Math.ceil((current * usedPercent) / (targetPercent * (1 - margin)))));
}

interface Step {
  readonly current: number;
  readonly wanted: number;
  readonly mode: 'Auto' | 'OutOnly' | 'Off';
  readonly lowSince: string | undefined;
  readonly lastScaleAt: string | undefined;
}

function nextTarget({ current, wanted, mode, lowSince, lastScaleAt }: Step, nowMs: number): { readonly target: number; readonly reason: string } {
  const sinceScaleMs = lastScaleAt === undefined ? Number.POSITIVE_INFINITY : nowMs - Date.parse(lastScaleAt);
  if (wanted === current) return { target: current, reason: 'usage fits' };
  if (mode === 'Off') return { target: current, reason: `mode Off: would go to ${wanted}` };
  if (wanted > current) {
    return sinceScaleMs >= outPauseMs ? { target: wanted, reason: `more is used than the target: ${current} to ${wanted}` } : { target: current, reason: 'waiting for the last change to take effect' };
  }
  if (mode === 'OutOnly') return { target: current, reason: `mode OutOnly: would go to ${wanted}` };
  const lowMs = lowSince === undefined ? 0 : nowMs - Date.parse(lowSince);
  if (lowMs < inPauseMs || sinceScaleMs < inPauseMs) return { target: current, reason: `fewer would do (${wanted}); waiting whether it stays so` };
  // One at a time: each has to be emptied first, and what that shows may change the next decision.
  return { target: current - 1, reason: `little is used: ${current} to ${current - 1}` };
}

function timeText(ms: number): string {
  return new Date(ms).toISOString();
}
