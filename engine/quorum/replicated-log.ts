/**
 * One log that a group of processes agrees on (Raft), and the state machine that it drives: the journal of the namenode, the metadata of Kafka.
 * `openReplicatedLog` (`raft-log.ts`) serves one member or several through this interface; with one it is a local log.
 */

/** Driven by the log on every member in the same order. Must be deterministic: no clock, no random, no IO. */
export interface StateMachine {
  /**
   * Applies a committed entry; indexes grow, with gaps where the log keeps entries of its own. What it returns goes to the proposer on the member that
   * proposed it; an `Error` that it returns rejects the proposal. It throws only when the state can no longer be trusted: then the process must end.
   */
  apply(entry: Uint8Array, index: number): unknown;
  /**
   * The state after the last applied entry, in pieces. The log goes on applying meanwhile: the implementation freezes what it needs when called
   * (copy on write, or a quick synchronous copy) and yields between pieces.
   */
  snapshot(): AsyncIterable<Uint8Array>;
  /** Replaces the state by a snapshot's. */
  restore(pieces: AsyncIterable<Uint8Array>): Promise<void>;
}

export interface MemberId {
  /** Unique for ever within the group: `nn-0`. */
  readonly id: string;
  /** `host:port` of the member's transport. */
  readonly address: string;
}

export type LogRole = 'leader' | 'follower' | 'candidate' | 'recovering';

export interface LogStatus {
  readonly role: LogRole;
  readonly term: number;
  /** Undefined while none is known. */
  readonly leader: string | undefined;
  readonly committedIndex: number;
  readonly appliedIndex: number;
  /** Leader only: how far each member has stored the log. */
  readonly matchIndex: Readonly<Record<string, number>>;
}

export interface ReplicatedLog {
  readonly status: LogStatus;
  /**
   * Resolves, once the entry is stored by a majority and applied here, to what `apply` returned. Group commit: entries proposed while one write is
   * under way share the next. Rejects with `LogError`: NotLeader (nothing was written; `leader` says who to ask), Unknown (leadership was lost
   * meanwhile: the entry may or may not be committed), Overloaded (too many bytes wait), Closed.
   */
  propose(entry: Uint8Array): Promise<unknown>;
  /** Resolves when this member is surely the leader and has applied all that was committed before the call: then a local read is linearizable. */
  readBarrier(): Promise<void>;
  /** Called at once with the present status and on each change of role, term or leader. Returns how to stop. */
  onStatus(listener: (status: LogStatus) => void): () => void;
  /** Hands leadership to a member that has caught up. Rejects with `LogError` when none has within the time. */
  transferLeadership(to: string | undefined, timeoutMs: number): Promise<void>;
  /** Resolves when the log runs no more and its files are closed. */
  close(): Promise<void>;
}

export class LogError extends Error {
  override readonly name = 'LogError';
  readonly code: 'NotLeader' | 'Unknown' | 'Overloaded' | 'Closed' | 'Corrupt' | 'Foreign' | 'TimedOut';
  readonly leader: string | undefined;

  constructor(code: LogError['code'], message: string, options: { readonly leader?: string | undefined; readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.leader = options.leader;
  }
}
