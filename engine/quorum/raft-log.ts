/**
 * A member of a replicated log: the shell around `RaftCore`. It stores, sends, applies and takes snapshots as the core says; one group commit at a time,
 * shared by all proposals that came meanwhile.
 */
import type { Clock } from '../core/clock.ts';
import type { Logger } from '../core/logger.ts';
import type { Random } from '../core/random.ts';
import type { RequestHandler, Transport } from '../net/transport.ts';
import type { Disk } from '../storage/disk.ts';
import { Applier } from './applier.ts';
import { entryBytesMax } from './entry.ts';
import { defaultLogStoreLimits, LogStore, type LogStoreLimits } from './log-store.ts';
import { PeerMail } from './peer-mail.ts';
import { RaftCore, type RaftEffect } from './raft-core.ts';
import { raftMessageSchema, type RaftMessage } from './raft-message.ts';
import { LogError, type LogStatus, type MemberId, type ReplicatedLog, type StateMachine } from './replicated-log.ts';
import { SnapshotReceiver, sendSnapshot } from './snapshot-transfer.ts';

export interface RaftLogOptions {
  /** Stands on every disk of the group; another's disk is refused. */
  readonly groupId: string;
  readonly member: string;
  /** All, this one included; their number never changes. */
  readonly members: readonly MemberId[];
  /** False once the group is known to exist: an empty disk is then a lost one. */
  readonly mayFormat: boolean;
  readonly stateMachine: StateMachine;
  readonly disk: Disk;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** The disk failed or the state machine threw: the process must end. */
  readonly onFailure: (error: unknown) => void;
  readonly electionMs?: number;
  readonly heartbeatMs?: number;
  readonly snapshotEveryBytes?: number;
  readonly storeLimits?: LogStoreLimits;
}

export interface RaftLog extends ReplicatedLog {
  /** For the process's listener. */
  readonly handlers: Readonly<Record<string, RequestHandler>>;
}

const batchBytesMax = 4 * 1024 * 1024;
const appendBytesMax = 1024 * 1024;
const waitingBytesMax = 256 * 1024 * 1024;
const tickMs = 25;

/** Rejects with `LogError` Foreign (another's disk, or a lost one) or Corrupt. */
export async function openReplicatedLog(options: RaftLogOptions): Promise<RaftLog> {
  const store = await LogStore.open(options.disk, options.storeLimits ?? defaultLogStoreLimits);
  const recovering = await identify(store, options);
  const applier = new Applier(options.stateMachine, store);
  if (store.snapshots.newest !== undefined) await applier.restore(store.snapshots.newest);
  const member = new RaftMember(options, store, applier, recovering);
  member.start();
  return member;
}

/** Whether this member has lost its disk. */
async function identify(store: LogStore, options: RaftLogOptions): Promise<boolean> {
  const { groupId, member, members, mayFormat } = options;
  const { identity } = store;
  if (identity === undefined) {
    if (!store.empty) throw new LogError('Corrupt', `the disk of ${member} has a log or a snapshot, but does not say whose: its file identity.json is lost. Restore it, or empty the disk so that the other members fill it`);
    if (!mayFormat && members.length === 1) {
      throw new LogError('Foreign', `the disk of ${member} is empty, but group ${groupId} was formatted before and has no other member: its disk is lost. Bring the disk back; nothing was changed`);
    }
    await store.saveIdentity({ groupId, member, recovering: !mayFormat, disk: Buffer.from(options.random.bytes(16)).toString('hex') });
    return !mayFormat;
  }
  if (identity.groupId !== groupId) throw new LogError('Foreign', `the disk of ${member} belongs to group ${identity.groupId}, not to ${groupId}`);
  if (identity.member !== member) throw new LogError('Foreign', `the disk belongs to member ${identity.member} of group ${groupId}, not to ${member}`);
  return identity.recovering;
}

interface Waiting {
  readonly data: Uint8Array;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** What waits for its turn at the log's files. */
type Deferred = Extract<RaftEffect, { readonly kind: 'store' | 'send' | 'replicate' | 'committed' }> | { readonly kind: 'compact'; readonly index: number };

class RaftMember implements RaftLog {
  readonly handlers: Readonly<Record<string, RequestHandler>>;
  readonly #options: RaftLogOptions;
  readonly #store: LogStore;
  readonly #applier: Applier;
  readonly #core: RaftCore;
  readonly #mail: PeerMail;
  readonly #receiver: SnapshotReceiver;
  readonly #stop = new AbortController();
  readonly #listeners = new Set<(status: LogStatus) => void>();
  readonly #reads = new Map<number, { readonly resolve: () => void; readonly reject: (error: Error) => void }>();
  readonly #running = new Set<Promise<void>>();
  #nextRead = 1;
  #proposals: Waiting[] = [];
  #waitingBytes = 0;
  #deferred: Deferred[] = [];
  #storing = false;
  #failure: unknown;
  #snapshotAttempts = 0;
  /** Followers to which one is on its way. */
  readonly #snapshotsUnderWay = new Set<string>();

  constructor(options: RaftLogOptions, store: LogStore, applier: Applier, recovering: boolean) {
    this.#options = options;
    this.#store = store;
    this.#applier = applier;
    const { random, clock } = options;
    this.#core = new RaftCore({
      self: options.member, members: options.members.map(({ id }) => id), electionMs: options.electionMs ?? 1000, heartbeatMs: options.heartbeatMs ?? 200,
      random: () => random.fraction(), recovering, nonce: Buffer.from(random.bytes(16)).toString('hex'), disk: store.identity?.disk ?? '',
      hardState: store.hardState, committed: applier.appliedIndex,
    }, store.terms.copy(), clock.nowMs());
    this.#mail = new PeerMail(options, this.#stop.signal);
    this.#receiver = new SnapshotReceiver(store);
    this.handlers = {
      'quorum.message': async (body) => {
        const message = raftMessageSchema.parse(body);
        if (!this.#stop.signal.aborted) this.#guard(() => this.#perform(this.#core.receive(message)));
      },
      'quorum.snapshot': async (body) => {
        if (this.#stop.signal.aborted) throw this.#closed();
        const whole = await this.#receiver.take(body);
        if (whole === undefined) return;
        const installed = Promise.withResolvers<void>();
        this.#run(this.#install(whole.from).finally(() => installed.resolve()));
        await installed.promise;
        if (this.#stop.signal.aborted) throw this.#closed();
      },
    };
  }

  start(): void {
    this.#perform(this.#core.start());
    this.#run(this.#tick());
  }

  get status(): LogStatus {
    return this.#core.status(this.#applier.appliedIndex);
  }

  propose(entry: Uint8Array): Promise<unknown> {
    if (this.#stop.signal.aborted) return Promise.reject(this.#closed());
    if (this.status.role !== 'leader') return Promise.reject(this.#notLeader());
    if (entry.length > entryBytesMax) return Promise.reject(new LogError('Overloaded', `an entry of ${entry.length} bytes is longer than the limit of ${entryBytesMax}`));
    if (this.#waitingBytes + entry.length > waitingBytesMax) return Promise.reject(new LogError('Overloaded', `${this.#waitingBytes} bytes wait to be stored`));
    this.#waitingBytes += entry.length;
    return new Promise((resolve, reject) => {
      this.#proposals.push({ data: entry, resolve, reject });
      if (!this.#storing) this.#proposeAll();
    });
  }

  readBarrier(): Promise<void> {
    if (this.#stop.signal.aborted) return Promise.reject(this.#closed());
    const id = this.#nextRead;
    this.#nextRead += 1;
    return new Promise((resolve, reject) => {
      this.#reads.set(id, { resolve, reject });
      this.#perform(this.#core.read(id));
    });
  }

  onStatus(listener: (status: LogStatus) => void): () => void {
    this.#listeners.add(listener);
    listener(this.status);
    return () => void this.#listeners.delete(listener);
  }

  async transferLeadership(to: string | undefined, timeoutMs: number): Promise<void> {
    const { clock } = this.#options;
    const { to: chosen, effects } = this.#core.transfer(to, timeoutMs);
    this.#perform(effects);
    if (chosen === undefined) throw new LogError('TimedOut', 'there is no other member that has caught up');
    const untilMs = clock.nowMs() + timeoutMs;
    while (this.status.role === 'leader') {
      if (clock.nowMs() >= untilMs) throw new LogError('TimedOut', `${chosen} has not taken over within ${timeoutMs} ms`);
      await clock.sleep(tickMs, this.#stop.signal);
    }
  }

  async close(): Promise<void> {
    if (!this.#stop.signal.aborted) this.#stop.abort(this.#closed());
    this.#rejectAll(this.#closed());
    await this.#receiver.close();
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
    this.#mail.close();
    await this.#store.close();
  }

  #run(work: Promise<void>): void {
    const guarded = work.catch((error: unknown) => this.#fail(error)).finally(() => void this.#running.delete(guarded));
    this.#running.add(guarded);
  }

  /** What goes wrong in the own parts is not the caller's to hear. */
  #guard(step: () => void): void {
    try {
      step();
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    if (this.#stop.signal.aborted) return;
    this.#failure = error;
    this.#stop.abort(this.#closed());
    this.#rejectAll(this.#closed());
    this.#options.onFailure(error);
  }

  #rejectAll(error: LogError): void {
    for (const waiting of this.#proposals) waiting.reject(error);
    this.#proposals = [];
    this.#waitingBytes = 0;
    this.#applier.rejectAll(new LogError('Unknown', 'the log was closed meanwhile: whether the entry is committed is not known'));
    for (const read of this.#reads.values()) read.reject(error);
    this.#reads.clear();
  }

  #closed(): LogError {
    return new LogError('Closed', this.#failure === undefined ? 'the log is closed' : 'the log has failed', { cause: this.#failure });
  }

  #notLeader(): LogError {
    const { leader } = this.status;
    return new LogError('NotLeader', leader === undefined ? 'no leader is known' : `${leader} is the leader`, { leader });
  }

  async #tick(): Promise<void> {
    const { clock } = this.#options;
    const { signal } = this.#stop;
    while (!signal.aborted) {
      this.#perform(this.#core.tick(clock.nowMs()));
      await clock.sleep(tickMs, signal).catch(() => {});
    }
  }

  #proposeAll(): void {
    if (this.#proposals.length === 0) return;
    let bytes = 0;
    let count = 0;
    for (const { data } of this.#proposals) {
      if (count > 0 && bytes + data.length > batchBytesMax) break;
      bytes += data.length;
      count += 1;
    }
    const batch = this.#proposals.splice(0, count);
    this.#waitingBytes -= bytes;
    const proposed = this.#core.propose(batch.map(({ data }) => data));
    if (proposed === undefined) {
      for (const waiting of batch) waiting.reject(this.#notLeader());
      return this.#proposeAll();
    }
    for (const [i, waiting] of batch.entries()) this.#applier.await(proposed.firstIndex + i, proposed.term, waiting);
    return this.#perform(proposed.effects);
  }

  #perform(effects: readonly RaftEffect[]): void {
    for (const effect of effects) {
      switch (effect.kind) {
        case 'store': case 'replicate':
          this.#deferred.push(effect);
          break;
        case 'send':
          if (effect.afterStored && (this.#storing || this.#deferred.length > 0)) this.#deferred.push(effect);
          else this.#mail.send(effect.to, effect.message);
          break;
        case 'sendSnapshot':
          this.#run(this.#sendSnapshot(effect.to));
          break;
        case 'committed':
          // Until the store has what came with it, another entry may stand at that index.
          if (this.#storing || this.#deferred.length > 0) this.#deferred.push(effect);
          else this.#applier.commitIndex = Math.max(this.#applier.commitIndex, effect.index);
          break;
        case 'readsReady':
          for (const { id, index } of effect.reads) this.#applier.whenApplied(index, () => this.#endRead(id));
          break;
        case 'readsFailed':
          for (const id of effect.ids) this.#endRead(id, this.#notLeader());
          break;
        case 'changed':
          this.#onChanged();
          break;
        default:
          effect satisfies never;
      }
    }
    if (this.#deferred.length > 0 && !this.#storing) this.#run(this.#storeAll());
    this.#applyAll();
  }

  #endRead(id: number, error?: LogError): void {
    const read = this.#reads.get(id);
    this.#reads.delete(id);
    if (error === undefined) read?.resolve();
    else read?.reject(error);
  }

  #onChanged(): void {
    const { status } = this;
    if (status.role !== 'leader') this.#applier.rejectAll(new LogError('Unknown', 'leadership was lost meanwhile: whether the entry is committed is not known', { leader: status.leader }));
    for (const listener of this.#listeners) listener(status);
  }

  /** Writes what the core handed over, in order, and lets go what waited for it. */
  async #storeAll(): Promise<void> {
    this.#storing = true;
    try {
      while (this.#deferred.length > 0 && !this.#stop.signal.aborted) {
        const batch = this.#deferred;
        this.#deferred = [];
        const stored = await storeBatch(this.#store, batch);
        for (const effect of batch) {
          if (effect.kind === 'send') this.#mail.send(effect.to, effect.message);
          if (effect.kind === 'committed') this.#applier.commitIndex = Math.max(this.#applier.commitIndex, effect.index);
        }
        if (stored !== undefined) this.#perform(this.#core.stored(stored.index, stored.term));
        for (const effect of batch) {
          if (effect.kind === 'replicate') await this.#replicate(effect);
          if (effect.kind === 'compact') await this.#compact(effect.index);
        }
        this.#applyAll();
        if (this.#deferred.length === 0) this.#proposeAll();
      }
    } finally {
      this.#storing = false;
    }
    this.#proposeAll();
  }

  async #replicate({ to, from, upTo, message }: Extract<RaftEffect, { readonly kind: 'replicate' }>): Promise<void> {
    if (!this.#core.leads(message.term)) return;
    const entries = await this.#store.read(from, upTo, appendBytesMax);
    const last = entries.at(-1);
    if (last === undefined || entries[0]?.index !== from) return;
    const append: RaftMessage = { ...message, entries: entries.map(({ index, term, kind, data }) => ({ index, term, kind, data: new Uint8Array(data) })) };
    this.#mail.send(to, append);
    if (last.index < upTo) this.#perform(this.#core.replicated(to, last.index, message.term));
  }

  #applyAll(): void {
    if (!this.#applier.hasWork) return;
    this.#run(this.#applier.run(() => this.#maybeSnapshot()));
  }

  #maybeSnapshot(): void {
    const started = this.#applier.startSnapshot(this.#options.snapshotEveryBytes ?? 128 * 1024 * 1024);
    if (started === undefined) return;
    const { clock, logger } = this.#options;
    const startedMs = clock.nowMs();
    this.#run((async () => {
      try {
        await this.#store.snapshots.write(started.id, started.pieces);
        this.#deferred.push({ kind: 'compact', index: started.id.index });
        this.#perform([]);
        logger.info({ index: started.id.index, ms: Math.round(clock.nowMs() - startedMs) }, 'snapshot written');
      } finally {
        this.#applier.endSnapshot();
      }
    })());
  }

  /** In turn with what reads the log's files: none of them is closed under a reader. */
  async #compact(index: number): Promise<void> {
    await this.#store.compact(index);
    this.#core.compacted(this.#store.terms.firstIndex);
  }

  async #sendSnapshot(to: string): Promise<void> {
    const { logger, member } = this.#options;
    // One from an earlier term of leading ends first, and `snapshotSent` lets the next begin: two at once would for ever break each other off.
    if (this.#snapshotsUnderWay.has(to)) return;
    this.#snapshotsUnderWay.add(to);
    this.#snapshotAttempts += 1;
    try {
      await sendSnapshot({ store: this.#store, from: member, term: this.status.term, attempt: this.#snapshotAttempts, request: (body) => this.#mail.request(to, 'quorum.snapshot', body) });
    } catch (error) {
      if (error instanceof LogError && error.code === 'Corrupt') throw error;
      logger.warn({ to, reason: error instanceof Error ? error.message : String(error) }, 'the snapshot could not be sent; trying again');
    } finally {
      this.#snapshotsUnderWay.delete(to);
    }
    this.#perform(this.#core.snapshotSent(to));
  }

  /** The newest snapshot takes the place of log and state, when the log does not have what it covers. */
  async #install(from: string): Promise<void> {
    const { signal } = this.#stop;
    while (this.#storing || this.#applier.busy) {
      if (signal.aborted) return;
      await this.#options.clock.sleep(1, signal).catch(() => {});
    }
    const { newest } = this.#store.snapshots;
    if (newest === undefined || signal.aborted) return;
    const { needed, effects } = this.#core.snapshotReceived(newest, from);
    if (!needed) return this.#perform(effects);
    this.#storing = true;
    try {
      this.#perform(effects);
      await this.#store.restartAt(newest);
      await this.#applier.restore(newest);
      this.#perform(this.#core.snapshotInstalled(newest, from));
    } finally {
      this.#storing = false;
    }
    this.#perform([]);
    return this.#proposeAll();
  }
}

/** One write for all contiguous entries. Resolves to the last entry stored. */
async function storeBatch(store: LogStore, batch: readonly Deferred[]): Promise<{ readonly index: number; readonly term: number } | undefined> {
  const stores = batch.filter((effect) => effect.kind === 'store');
  const hardState = stores.findLast((effect) => effect.hardState !== undefined)?.hardState;
  if (hardState !== undefined) await store.saveHardState(hardState);
  const entries = stores.flatMap((effect) => effect.entries);
  let from = 0;
  for (let i = 1; i <= entries.length; i += 1) {
    if (i < entries.length && entries[i]?.index === (entries[i - 1]?.index ?? 0) + 1) continue;
    await store.append(entries.slice(from, i));
    from = i;
  }
  if (stores.some((effect) => effect.recovered === true) && store.identity !== undefined) await store.saveIdentity({ ...store.identity, recovering: false });
  const last = entries.at(-1);
  return last === undefined ? undefined : { index: last.index, term: last.term };
}
