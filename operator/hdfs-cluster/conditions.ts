/** The conditions of a cluster, as kstatus, `kubectl wait` and people read them. All are always there. */
import type { HdfsClusterConditionType, HdfsClusterPhase, HdfsClusterStatus } from '../api/hdfs-cluster.ts';
import { hdfsClusterConditionTypes } from '../api/hdfs-cluster.ts';
import type { Problem } from './observed.ts';

type Conditions = NonNullable<HdfsClusterStatus['conditions']>;

export interface ConditionInput {
  readonly phase: HdfsClusterPhase;
  /** Why the phase is what it is. */
  readonly reason: string;
  readonly message: string;
  /** What only a person can mend. */
  readonly stalled: Problem | undefined;
  /** An active namenode out of safe mode; undefined while nobody could be asked. */
  readonly serving: boolean | undefined;
  readonly safeMode: { readonly on: boolean; readonly reason: string | undefined } | undefined;
  readonly underReplicated: { readonly under: number; readonly missing: number } | undefined;
  readonly scaleInBlocked: string | undefined;
  readonly volumes: Problem | undefined;
  readonly before: Conditions;
  readonly generation: number;
  readonly nowMs: number;
}

interface Verdict {
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
}

const messageMax = 4096;

export function conditionsOf(input: ConditionInput): Conditions {
  const time = `${new Date(input.nowMs).toISOString().slice(0, 19)}Z`;
  const own = hdfsClusterConditionTypes.map((type) => {
    const verdict = verdictOn(type, input);
    const before = input.before.find((condition) => condition.type === type);
    return {
      type,
      status: verdict.status,
      observedGeneration: input.generation,
      lastTransitionTime: before?.status === verdict.status ? before.lastTransitionTime : time,
      reason: verdict.reason.slice(0, 128),
      message: verdict.message.length <= messageMax ? verdict.message : `${verdict.message.slice(0, messageMax - 1)}…`,
    };
  });
  return [...own, ...input.before.filter((condition) => !(hdfsClusterConditionTypes as readonly string[]).includes(condition.type))];
}

const settled: readonly HdfsClusterPhase[] = ['Ready', 'Suspended', 'Stalled'];

function verdictOn(type: HdfsClusterConditionType, input: ConditionInput): Verdict {
  const { phase, reason, message, stalled } = input;
  switch (type) {
    case 'Ready':
      return { status: phase === 'Ready' ? 'True' : 'False', reason, message };
    case 'Reconciling':
      return settled.includes(phase) || stalled !== undefined ? { status: 'False', reason: phase, message: '' } : { status: 'True', reason, message };
    case 'Stalled':
      return stalled === undefined ? { status: 'False', reason: phase, message: '' } : { status: 'True', ...stalled };
    case 'Available':
      return availability(input);
    case 'SafeMode':
      return safeMode(input);
    case 'UnderReplicated':
      return replication(input);
    case 'ScaleInBlocked':
      return input.scaleInBlocked === undefined ? { status: 'False', reason: 'NotBlocked', message: '' } : { status: 'True', reason: 'CannotBeEmptied', message: input.scaleInBlocked };
    case 'VolumesReady':
      return input.volumes === undefined ? { status: 'True', reason: 'VolumesReady', message: '' } : { status: 'False', ...input.volumes };
    case 'Suspended':
      return phase === 'Suspended' ? { status: 'True', reason: 'Suspended', message } : { status: 'False', reason: phase, message: '' };
    default:
      return type satisfies never;
  }
}

function availability({ serving, message }: ConditionInput): Verdict {
  switch (serving) {
    case undefined: return { status: 'False', reason: 'NoActiveNameNode', message };
    case true: return { status: 'True', reason: 'Serving', message: 'clients are served' };
    case false: return { status: 'False', reason: 'SafeMode', message: 'the name space can be read; writes are refused until safe mode ends' };
    default: return serving satisfies never;
  }
}

function safeMode(input: ConditionInput): Verdict {
  if (input.safeMode === undefined) return { status: 'Unknown', reason: 'NoActiveNameNode', message: '' };
  return input.safeMode.on
    ? { status: 'True', reason: 'SafeMode', message: input.safeMode.reason ?? 'the active namenode is in safe mode' }
    : { status: 'False', reason: 'SafeModeOff', message: '' };
}

function replication({ underReplicated }: ConditionInput): Verdict {
  if (underReplicated === undefined) return { status: 'Unknown', reason: 'NoActiveNameNode', message: '' };
  const { under, missing } = underReplicated;
  if (missing > 0) return { status: 'True', reason: 'BlocksMissing', message: `${missing} blocks have no replica that can be read, ${under} too few` };
  return under > 0
    ? { status: 'True', reason: 'BlocksUnderReplicated', message: `${under} blocks have too few replicas; they are being copied` }
    : { status: 'False', reason: 'FullyReplicated', message: '' };
}
