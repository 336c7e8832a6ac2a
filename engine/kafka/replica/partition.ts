/**
 * One replica of a partition on this broker. As leader it appends what clients send, follows its followers, proposes who is in sync and says what is
 * committed (the high watermark: what all in-sync replicas have). As follower it is filled by `follower.ts`.
 *
 * Who leads and who is in sync is decided by the controller alone: a proposal counts when the metadata say so. Until then a follower that is about to be
 * let in already holds the high watermark back, so that nothing is committed without it once it is in (KIP-497).
 */
import type { Clock } from '../../core/clock.ts';
import type { PartitionState } from '../controller/metadata-image.ts';
import { KafkaError } from '../kafka-error.ts';
import type { AppendResult, LeaderAppend, LogRead, LogReadResult, PartitionLog } from '../log/partition-log.ts';
import type { Uuid } from '../model.ts';
import { FollowerProgress } from './follower-progress.ts';
import { OffsetWaiters } from './offset-waiters.ts';

export interface InSyncProposal {
  readonly partition: Partition;
  readonly leaderEpoch: number;
  readonly partitionEpoch: number;
  readonly newInSync: readonly { readonly broker: number; readonly epoch: number }[];
}

export interface PartitionOptions {
  readonly topic: string;
  readonly topicId: Uuid;
  readonly partition: number;
  readonly self: number;
  readonly selfEpoch: () => number;
  readonly log: PartitionLog;
  readonly clock: Clock;
  readonly lagMaxMs: number;
  /** `min.insync.replicas` as it is now. */
  readonly minInSync: () => number;
  /** Whether the controller would let this broker in: registered with this epoch, not fenced, not shutting down. */
  readonly mayBeInSync: (broker: number, epoch: number) => boolean;
  /** Hands a proposal to the controller; the answer comes by `proposalRefused` or as metadata. */
  readonly propose: (proposal: InSyncProposal) => void;
}

export interface Acknowledged {
  /** 0: nobody waits. 1: stored here. -1: stored by all that are in sync. */
  readonly acks: -1 | 0 | 1;
  readonly timeoutMs: number;
}

/** What a follower asks for, in the terms of `replica-protocol.ts`. */
export interface FollowerFetch {
  readonly follower: number;
  readonly brokerEpoch: number;
  readonly leaderEpoch: number;
  readonly offset: number;
  readonly lastEpoch: number;
  readonly bytesMax: number;
  readonly atLeastOneBatch: boolean;
}

export type FollowerRead =
  | { readonly kind: 'records'; readonly read: LogReadResult }
  | { readonly kind: 'diverging'; readonly epoch: number; readonly endOffset: number };

type Role =
  | { readonly kind: 'none' }
  | { readonly kind: 'follower'; readonly leader: number }
  | { readonly kind: 'leader'; readonly followers: Map<number, FollowerProgress>; readonly epochStart: number; pending: ReadonlySet<number> | undefined };

export class Partition {
  readonly topic: string;
  readonly topicId: Uuid;
  readonly partition: number;
  readonly log: PartitionLog;
  readonly #options: PartitionOptions;
  readonly #committed = new OffsetWaiters();
  readonly #watchers = new Set<() => void>();
  #role: Role = { kind: 'none' };
  #state: PartitionState | undefined;

  constructor(options: PartitionOptions) {
    this.#options = options;
    this.topic = options.topic;
    this.topicId = options.topicId;
    this.partition = options.partition;
    this.log = options.log;
  }

  get title(): string {
    return `${this.topic}-${this.partition}`;
  }

  get isLeader(): boolean {
    return this.#role.kind === 'leader';
  }

  /** The broker to copy from; undefined for a leader and while there is none. */
  get leaderToFollow(): number | undefined {
    return this.#role.kind === 'follower' ? this.#role.leader : undefined;
  }

  get leaderEpoch(): number {
    return this.#state?.leaderEpoch ?? -1;
  }

  get state(): PartitionState | undefined {
    return this.#state;
  }

  /** Where the present leader's own entries begin: below a high watermark under this, consumers are told to come again. */
  get epochStart(): number | undefined {
    return this.#role.kind === 'leader' ? this.#role.epochStart : undefined;
  }

  /** What the metadata say now. Older news than what is known are ignored. */
  async become(state: PartitionState): Promise<void> {
    const before = this.#state;
    if (before !== undefined && (state.leaderEpoch < before.leaderEpoch || state.partitionEpoch < before.partitionEpoch)) return;
    this.#state = state;
    const { self } = this.#options;
    if (state.leader !== self) {
      const lost = this.#role.kind === 'leader';
      this.#role = state.leader >= 0 && state.replicas.includes(self) ? { kind: 'follower', leader: state.leader } : { kind: 'none' };
      if (lost) this.#committed.failAll(this.#notLeader());
      this.#changed();
      return;
    }
    if (this.#role.kind === 'leader' && before?.leaderEpoch === state.leaderEpoch) {
      this.#role.pending = undefined;
      this.#keepFollowers(this.#role.followers, state);
    } else {
      const role = { kind: 'leader' as const, followers: new Map<number, FollowerProgress>(), epochStart: this.log.logEndOffset, pending: undefined };
      this.#keepFollowers(role.followers, state);
      // Appends may come at once: the log runs them after the note of the epoch.
      this.#role = role;
      await this.log.beginEpoch(state.leaderEpoch);
    }
    this.#advance();
    this.#changed();
  }

  #keepFollowers(followers: Map<number, FollowerProgress>, state: PartitionState): void {
    const { self, clock } = this.#options;
    for (const broker of followers.keys()) if (!state.replicas.includes(broker)) followers.delete(broker);
    for (const broker of state.replicas) if (broker !== self && !followers.has(broker)) followers.set(broker, new FollowerProgress(clock.nowMs()));
  }

  /**
   * Appends as the leader. `stored` resolves when it is in the log here, `acknowledged` when it may be acknowledged as asked for; both reject with
   * `KafkaError`. Calls reach the log in the order in which they are made.
   */
  append(records: Uint8Array, append: Omit<LeaderAppend, 'leaderEpoch'>, how: Acknowledged): { readonly stored: Promise<AppendResult>; readonly acknowledged: Promise<AppendResult> } {
    const refused = this.#refuseAppend(how);
    if (refused !== undefined) {
      const failed = Promise.reject<AppendResult>(refused);
      failed.catch(() => {});
      return { stored: failed, acknowledged: failed };
    }
    return this.#appended(this.log.appendAsLeader(records, { ...append, leaderEpoch: this.leaderEpoch }), how);
  }

  appendMarker(marker: Parameters<PartitionLog['appendMarker']>[0], append: Omit<LeaderAppend, 'leaderEpoch'>, how: Acknowledged): Promise<AppendResult> {
    const refused = this.#refuseAppend({ ...how, acks: 1 });
    if (refused !== undefined) return Promise.reject(refused);
    return this.#appended(this.log.appendMarker(marker, { ...append, leaderEpoch: this.leaderEpoch }), how).acknowledged;
  }

  #refuseAppend({ acks }: Acknowledged): KafkaError | undefined {
    if (this.#role.kind !== 'leader') return this.#notLeader();
    const inSync = this.#state?.inSync.length ?? 0;
    if (acks === -1 && inSync < this.#options.minInSync()) {
      return new KafkaError('NOT_ENOUGH_REPLICAS', `${this.title} has ${inSync} replicas in sync; ${this.#options.minInSync()} are asked for`);
    }
    return undefined;
  }

  #appended(stored: Promise<AppendResult>, how: Acknowledged): { readonly stored: Promise<AppendResult>; readonly acknowledged: Promise<AppendResult> } {
    const after = stored.then((result) => {
      if (!result.duplicate) {
        this.#advance();
        this.#changed();
      }
      return result;
    });
    const acknowledged = how.acks === -1 ? after.then((result) => this.#whenCommitted(result, how.timeoutMs)) : after;
    acknowledged.catch(() => {});
    return { stored: after, acknowledged };
  }

  #whenCommitted(result: AppendResult, timeoutMs: number): Promise<AppendResult> | AppendResult {
    const check = (): AppendResult => {
      if ((this.#state?.inSync.length ?? 0) < this.#options.minInSync()) {
        throw new KafkaError('NOT_ENOUGH_REPLICAS_AFTER_APPEND', `${this.title} was stored by fewer replicas than min.insync.replicas asks for`);
      }
      return result;
    };
    if (this.log.highWatermark > result.lastOffset) return check();
    if (this.#role.kind !== 'leader') throw this.#notLeader();
    return this.whenReached(result.lastOffset + 1, timeoutMs).then(check);
  }

  /** Resolves when the high watermark is there. Rejects with NOT_LEADER_OR_FOLLOWER, or with REQUEST_TIMED_OUT at the next `expire` after the time. */
  whenReached(offset: number, timeoutMs: number): Promise<void> {
    if (this.log.highWatermark >= offset) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#committed.add(offset, this.#options.clock.nowMs() + timeoutMs, (error) => (error === undefined ? resolve() : reject(error)));
    });
  }

  /** Those who have waited for too long. Called now and then. */
  expire(): void {
    if (this.#committed.size === 0) return;
    this.#committed.expire(this.#options.clock.nowMs(), new KafkaError('REQUEST_TIMED_OUT', `not all replicas of ${this.title} that are in sync had it in time`));
  }

  read(read: LogRead): Promise<LogReadResult> {
    return this.log.read(read);
  }

  /** A follower that asks tells by its offset what it has. Rejects with `KafkaError`. */
  async readForFollower(fetch: FollowerFetch): Promise<FollowerRead> {
    const { follower, offset, lastEpoch, brokerEpoch } = fetch;
    const { clock } = this.#options;
    this.checkEpoch(fetch.leaderEpoch);
    if (this.#role.kind !== 'leader') throw this.#notLeader();
    const progress = this.#role.followers.get(follower);
    if (progress === undefined) throw new KafkaError('UNKNOWN_TOPIC_OR_PARTITION', `broker ${follower} has no replica of ${this.title}`);
    if (lastEpoch >= 0) {
      const here = this.log.endOffsetForEpoch(lastEpoch);
      if (here === undefined || here.epoch < lastEpoch || here.endOffset < offset) {
        // It cuts and asks again; until then its offset proves nothing.
        return { kind: 'diverging', epoch: here?.epoch ?? -1, endOffset: here?.endOffset ?? this.log.logStartOffset };
      }
    }
    const read = await this.log.read({ offset, bytesMax: fetch.bytesMax, atLeastOneBatch: fetch.atLeastOneBatch, until: 'logEnd' });
    const role = this.#role as Role;
    if (role.kind !== 'leader' || role.followers.get(follower) !== progress) throw this.#notLeader();
    progress.brokerEpoch = brokerEpoch;
    progress.fetched(offset, this.log.logEndOffset, clock.nowMs());
    this.#maybeLetIn(follower, progress, role.epochStart);
    this.#advance();
    return { kind: 'records', read };
  }

  /** A follower that is known to be at the end has asked again. */
  followerHasAll(follower: number, brokerEpoch: number): void {
    const progress = this.#role.kind === 'leader' ? this.#role.followers.get(follower) : undefined;
    if (progress === undefined) return;
    progress.brokerEpoch = brokerEpoch;
    progress.fetched(this.log.logEndOffset, this.log.logEndOffset, this.#options.clock.nowMs());
  }

  /** [FENCED_LEADER_EPOCH, UNKNOWN_LEADER_EPOCH]; -1: the caller does not know one. */
  checkEpoch(epoch: number): void {
    if (epoch < 0 || epoch === this.leaderEpoch) return;
    if (epoch < this.leaderEpoch) throw new KafkaError('FENCED_LEADER_EPOCH', `${this.title} is in epoch ${this.leaderEpoch}, not ${epoch} any more`);
    throw new KafkaError('UNKNOWN_LEADER_EPOCH', `${this.title} does not know of epoch ${epoch} yet`);
  }

  /** Followers that have been slow for too long are to leave. Called now and then. */
  checkFollowers(): void {
    const role = this.#role;
    const state = this.#state;
    if (role.kind !== 'leader' || state === undefined || role.pending !== undefined) return;
    const { self, clock, lagMaxMs, mayBeInSync } = this.#options;
    const nowMs = clock.nowMs();
    const end = this.log.logEndOffset;
    const stays = state.inSync.filter((broker) => {
      const progress = role.followers.get(broker);
      return broker === self || (progress?.isCaughtUp(end, nowMs, lagMaxMs) ?? false);
    });
    if (stays.length < state.inSync.length) return this.#proposeInSync(stays);
    // Someone who could not be let in when it fetched last may be by now.
    for (const [broker, progress] of role.followers) if (mayBeInSync(broker, progress.brokerEpoch)) this.#maybeLetIn(broker, progress, role.epochStart);
    return undefined;
  }

  /** The controller did not take the proposal: a new one is made when there is a reason. */
  proposalRefused(proposal: InSyncProposal): void {
    if (this.#role.kind === 'leader' && this.#state?.partitionEpoch === proposal.partitionEpoch) this.#role.pending = undefined;
  }

  /** Calls back on each change of log end, high watermark or role. Returns how to stop. */
  watch(listener: () => void): () => void {
    this.#watchers.add(listener);
    return () => this.#watchers.delete(listener);
  }

  /** A follower's high watermark is its leader's, as far as it has the records. */
  followHighWatermark(highWatermark: number): void {
    this.log.setHighWatermark(Math.min(highWatermark, this.log.logEndOffset));
    this.#changed();
  }

  /** Ends what waits; the log is closed by its owner. */
  close(): void {
    this.#role = { kind: 'none' };
    this.#committed.failAll(this.#notLeader());
    this.#changed();
    this.#watchers.clear();
  }

  #maybeLetIn(broker: number, progress: FollowerProgress, epochStart: number): void {
    const state = this.#state;
    if (this.#role.kind !== 'leader' || state === undefined || this.#role.pending !== undefined || state.inSync.includes(broker)) return;
    const { logEnd } = progress;
    if (logEnd === undefined || logEnd < this.log.highWatermark || logEnd < epochStart || !this.#options.mayBeInSync(broker, progress.brokerEpoch)) return;
    this.#proposeInSync([...state.inSync, broker]);
  }

  #proposeInSync(members: readonly number[]): void {
    const state = this.#state;
    const role = this.#role;
    if (role.kind !== 'leader' || state === undefined) return;
    const { self, selfEpoch, propose } = this.#options;
    role.pending = new Set(members);
    const newInSync = members.map((broker) => ({ broker, epoch: broker === self ? selfEpoch() : role.followers.get(broker)?.brokerEpoch ?? -1 }));
    propose({ partition: this, leaderEpoch: state.leaderEpoch, partitionEpoch: state.partitionEpoch, newInSync });
  }

  #advance(): void {
    const role = this.#role;
    const state = this.#state;
    if (role.kind !== 'leader' || state === undefined) return;
    const { self } = this.#options;
    let lowest = this.log.logEndOffset;
    const counts = (broker: number): void => {
      if (broker !== self) lowest = Math.min(lowest, role.followers.get(broker)?.logEnd ?? 0);
    };
    for (const broker of state.inSync) counts(broker);
    if (role.pending !== undefined) for (const broker of role.pending) if (!state.inSync.includes(broker)) counts(broker);
    if (lowest <= this.log.highWatermark) return;
    this.log.setHighWatermark(lowest);
    this.#committed.reached(lowest);
    this.#changed();
  }

  #changed(): void {
    for (const listener of this.#watchers) listener();
  }

  #notLeader(): KafkaError {
    return new KafkaError('NOT_LEADER_OR_FOLLOWER', `this broker does not lead ${this.title}`);
  }
}
