/** What all calls of a namenode share: who is active, how a change is journaled, what is refused. */
import type { HdfsConfig } from '../../contract.ts';
import type { Clock } from '../../core/clock.ts';
import type { Logger } from '../../core/logger.ts';
import type { Random } from '../../core/random.ts';
import { LogError, type ReplicatedLog } from '../../quorum/replicated-log.ts';
import { HdfsError } from '../hdfs-error.ts';
import type { Caller } from '../model.ts';
import type { BlockManager } from './block-manager/block-manager.ts';
import type { LeaseTimes } from './lease-times.ts';
import type { Namespace } from './namespace/namespace.ts';
import { encodeOperation } from './namespace/operation-codec.ts';
import type { Identity, OperationKind, OperationOf, OperationResults } from './namespace/operation.ts';

export interface NameNodeContext {
  readonly config: HdfsConfig;
  /** `nn-0`. */
  readonly name: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly log: ReplicatedLog;
  readonly namespace: Namespace;
  readonly blocks: BlockManager;
  readonly leases: LeaseTimes;
  /** The log's leader, and all that was journaled before has been applied here. */
  readonly isActive: () => boolean;
}

/** Whoever changes what the namenode itself decides: closing files of lost writers, emptying trash. */
export const nameNodeIdentity = (context: NameNodeContext): Identity => ({ user: context.config.superuser, groups: [context.config.supergroup], bypass: true });

export function identityOf(context: NameNodeContext, caller: Caller): Identity {
  const { permissions, superuser, supergroup } = context.config;
  const groups = caller.groups.length > 0 ? caller.groups : [caller.user];
  return { user: caller.user, groups, bypass: !permissions || caller.user === superuser || groups.includes(supergroup) };
}

/** Hadoop's clients go on with another namenode. */
export function standbyError(context: NameNodeContext): HdfsError {
  const { leader } = context.log.status;
  const hint = leader === undefined || leader === context.name ? 'No active namenode is known' : `The active namenode is ${leader}`;
  return new HdfsError('StandbyException', `Operation category READ and WRITE is not supported in state standby. ${hint}.`);
}

export function requireActive(context: NameNodeContext): void {
  if (!context.isActive()) throw standbyError(context);
}

/** After this a local read sees everything that was acknowledged before the call. */
export async function readBarrier(context: NameNodeContext): Promise<void> {
  requireActive(context);
  try {
    await context.log.readBarrier();
  } catch (error) {
    throw asHdfsError(context, error);
  }
}

/** `what`: `Cannot create file /x`. */
export function refuseInSafeMode(context: NameNodeContext, what: string): void {
  const { blocks, clock, name } = context;
  if (!blocks.safeModeOn) return;
  throw new HdfsError('SafeModeException', `${what}. Name node is in safe mode.\n${blocks.safeModeTip(clock.nowMs())} NamenodeHostName:${name}`);
}

/** An operation without what every one has. */
export type Change<K extends OperationKind> = Omit<OperationOf<K>, 'by' | 'atMs' | 'callId'>;

/** On behalf of a caller: refused outside safe mode's end, checked, journaled, applied. Rejects with `HdfsError`. */
export async function change<K extends OperationKind>(context: NameNodeContext, caller: Caller, what: string, operation: Change<K>): Promise<OperationResults[K]> {
  requireActive(context);
  refuseInSafeMode(context, what);
  return journal<K>(context, { ...operation, by: identityOf(context, caller), atMs: context.clock.wallMs(), callId: caller.callId } as unknown as OperationOf<K>);
}

/** The namenode's own. */
export async function ownChange<K extends OperationKind>(context: NameNodeContext, operation: Change<K>): Promise<OperationResults[K]> {
  requireActive(context);
  return journal<K>(context, { ...operation, by: nameNodeIdentity(context), atMs: context.clock.wallMs() } as unknown as OperationOf<K>);
}

async function journal<K extends OperationKind>(context: NameNodeContext, operation: OperationOf<K>): Promise<OperationResults[K]> {
  // A refused operation is not worth an entry.
  context.namespace.check(operation);
  const result = await context.log.propose(encodeOperation(operation)).catch((error: unknown) => {
    throw asHdfsError(context, error);
  });
  // What was journaled before it may have made it impossible.
  if (result instanceof HdfsError) throw result;
  return result as OperationResults[K];
}

function asHdfsError(context: NameNodeContext, error: unknown): unknown {
  if (!(error instanceof LogError)) return error;
  switch (error.code) {
    case 'NotLeader': case 'Closed': return standbyError(context);
    // Tried again with the same call id it is done once.
    case 'Unknown': return new HdfsError('RetriableException', 'The namenode ceased to be active meanwhile: whether the operation was done is not known here.', error);
    case 'Overloaded': return new HdfsError('RetriableException', 'The namenode has too many changes under way.', error);
    default: return error;
  }
}
