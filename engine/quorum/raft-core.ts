/**
 * Raft without IO (Ongaro and Ousterhout, "In Search of an Understandable Consensus Algorithm", extended version; Ongaro's thesis for pre-vote and
 * transfer). Inputs: messages, the passing of time, entries to propose, what the disk has stored. Outputs: effects, to be performed in order. Effects that
 * promise something carry `afterStored`: they must wait until all `store` effects before them are on the disk.
 *
 * A member whose disk is empty in an old group has forgotten what it promised: entries that it acknowledged, votes that it gave. It starts as `recovering`:
 * it neither votes nor counts for a majority, until (1) every other member has answered its question after it started, so that the highest term of all
 * is known, and in that term it will vote for nobody; and (2) it has stored, as committed, the log up to the first entry that the leader of that term made
 * itself, or beyond. Whatever it had acknowledged and was committed lies with a majority, so with a member that answered, and by leader completeness with
 * the leader of the highest term, before its own first entry; so after (2) its log is again as good as its forgotten acknowledgements. Its acknowledgements
 * that are still under way carry the old disk's name and count no more once the leader has heard of the loss. (Cf. Liskov and Cowling, "Viewstamped
 * Replication Revisited", §4.3.)
 */
import type { Entry } from './entry.ts';
import type { RaftMessage, RaftMessageOf } from './raft-message.ts';
import type { LogRole, LogStatus } from './replicated-log.ts';
import type { TermIndex } from './term-index.ts';

export type RaftEffect =
  | { readonly kind: 'store'; readonly hardState?: { readonly term: number; readonly vote: string | undefined }; readonly entries: readonly Entry[]; readonly recovered?: true }
  | { readonly kind: 'send'; readonly to: string; readonly message: RaftMessage; readonly afterStored: boolean }
  /** The shell reads the entries `from`…`to` and puts them into an `append`. */
  | { readonly kind: 'replicate'; readonly to: string; readonly from: number; readonly upTo: number; readonly message: Omit<RaftMessageOf<'append'>, 'entries'> }
  /** The follower is behind the log's first entry. */
  | { readonly kind: 'sendSnapshot'; readonly to: string }
  | { readonly kind: 'committed'; readonly index: number }
  | { readonly kind: 'readsReady'; readonly reads: readonly { readonly id: number; readonly index: number }[] }
  | { readonly kind: 'readsFailed'; readonly ids: readonly number[] }
  | { readonly kind: 'changed' };

export interface RaftOptions {
  readonly self: string;
  readonly members: readonly string[];
  readonly electionMs: number;
  readonly heartbeatMs: number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly recovering: boolean;
  readonly nonce: string;
  /** Unique for each disk that the member ever had. */
  readonly disk: string;
  readonly hardState: { readonly term: number; readonly vote: string | undefined };
  /** What is committed for sure: a snapshot's end. */
  readonly committed: number;
}

interface SnapshotEnd {
  readonly index: number;
  readonly term: number;
}

interface Progress {
  next: number;
  match: number;
  /** The highest round it has answered. */
  round: number;
  heardMs: number;
  /** Appends under way, by when they were sent: bounded, and forgotten when nothing comes back. */
  inFlight: number;
  sentMs: number;
  /** Where to begin again when nothing comes back and nothing is known to match. */
  probe: number;
  /** Whose acknowledgements count; undefined until one is known. */
  disk: string | undefined;
  recovering: boolean;
  snapshot: boolean;
}

const inFlightMax = 8;
const blockedVote = '-';

export class RaftCore {
  readonly #options: RaftOptions;
  /** Entries that were handed over to be stored count at once. */
  readonly #log: TermIndex;
  readonly #others: readonly string[];
  #role: LogRole;
  #term: number;
  #vote: string | undefined;
  #leader: string | undefined;
  #commit: number;
  #stored: number;
  /** Only time in which this process ran: one that was held up has missed messages that were there, and blames nobody. */
  #nowMs = 0;
  #clockMs: number;
  #electionAtMs = 0;
  #leaderHeardMs = -Infinity;
  #heartbeatAtMs = 0;
  #grants = new Set<string>();
  #preVoting = false;
  #progress = new Map<string, Progress>();
  #ownEntry = 0;
  #round = 0;
  #reads: { readonly id: number; readonly index: number; readonly round: number }[] = [];
  #transfer: { readonly to: string; readonly untilMs: number } | undefined;
  #answers = new Map<string, RaftMessageOf<'recovery'>>();
  #recoverTo: { readonly index: number; readonly term: number } | undefined;
  /** A snapshot is taking the log's place: until it has, there is nothing to append to. */
  #installing = false;
  #effects: RaftEffect[] = [];

  constructor(options: RaftOptions, log: TermIndex, nowMs: number) {
    this.#options = options;
    this.#log = log;
    this.#others = options.members.filter((member) => member !== options.self);
    this.#role = options.recovering ? 'recovering' : 'follower';
    // A snapshot may be of a term that was not heard of before it came.
    this.#term = Math.max(options.hardState.term, log.termAt(log.lastIndex) ?? 0);
    this.#vote = this.#term === options.hardState.term ? options.hardState.vote : options.recovering ? blockedVote : undefined;
    this.#commit = options.committed;
    this.#stored = log.lastIndex;
    this.#clockMs = nowMs;
    this.#resetElection();
  }

  status(appliedIndex: number): LogStatus {
    return {
      role: this.#role, term: this.#term, leader: this.#leader, committedIndex: this.#commit, appliedIndex,
      matchIndex: this.#role === 'leader' ? Object.fromEntries([[this.#options.self, this.#stored], ...[...this.#progress].map(([id, { match }]) => [id, match] as const)]) : {},
    };
  }

  /** At the start: one member alone leads at once. */
  start(): readonly RaftEffect[] {
    if (this.#others.length === 0) this.#campaign(false);
    return this.#take();
  }

  tick(nowMs: number): readonly RaftEffect[] {
    this.#nowMs += Math.min(Math.max(0, nowMs - this.#clockMs), this.#options.electionMs / 2);
    this.#clockMs = nowMs;
    if (this.#role === 'leader') this.#lead();
    else if (this.#role === 'recovering' && this.#nowMs >= this.#heartbeatAtMs) this.#askAll();
    else if (this.#nowMs >= this.#electionAtMs) this.#onSilence();
    return this.#take();
  }

  /** Leader only; the entries' indexes follow on the log. Undefined when this member does not take proposals now. */
  propose(datas: readonly Uint8Array[]): { readonly firstIndex: number; readonly term: number; readonly effects: readonly RaftEffect[] } | undefined {
    if (this.#role !== 'leader' || this.#transfer !== undefined) return undefined;
    const firstIndex = this.#log.lastIndex + 1;
    this.#store({ entries: datas.map((data, i) => ({ index: firstIndex + i, term: this.#term, kind: 'data' as const, data })) });
    for (const member of this.#others) this.#replicate(member);
    return { firstIndex, term: this.#term, effects: this.#take() };
  }

  /** The disk has entries up to `index`, the last of `term`. */
  stored(index: number, term: number): readonly RaftEffect[] {
    // What was overwritten meanwhile does not count.
    if (this.#log.termAt(index) === term) this.#stored = Math.max(this.#stored, index);
    if (this.#role === 'leader') this.#advanceCommit();
    this.#endRecovery();
    return this.#take();
  }

  /** Answered by `readsReady` or `readsFailed`. */
  read(id: number): readonly RaftEffect[] {
    if (this.#role !== 'leader') this.#effects.push({ kind: 'readsFailed', ids: [id] });
    else {
      this.#reads.push({ id, index: Math.max(this.#commit, this.#ownEntry), round: this.#round + 1 });
      // One round at a time; the next one serves all reads that come meanwhile.
      if (this.#reads.length === 1) this.#beat();
      this.#answerReads();
    }
    return this.#take();
  }

  /** Hands over to `to`, or to whoever has most. False when there is nobody. */
  transfer(to: string | undefined, timeoutMs: number): { readonly to: string | undefined; readonly effects: readonly RaftEffect[] } {
    if (this.#role !== 'leader') return { to: undefined, effects: [] };
    const candidates = [...this.#progress].filter(([id, { heardMs, recovering }]) => (to === undefined || id === to) && !recovering && this.#nowMs - heardMs < this.#options.electionMs);
    const best = candidates.toSorted(([, a], [, b]) => b.match - a.match)[0]?.[0];
    if (best === undefined) return { to: undefined, effects: [] };
    this.#transfer = { to: best, untilMs: this.#nowMs + timeoutMs };
    this.#replicate(best);
    this.#tryTransfer(best);
    return { to: best, effects: this.#take() };
  }

  /**
   * A snapshot has come from a leader and lies on the disk. `needed`: it is to take the place of log and state, then `snapshotInstalled` says so. Else the log
   * has what it covers, and perhaps more that was acknowledged (§7): it stays.
   */
  snapshotReceived({ index, term }: SnapshotEnd, from: string): { readonly needed: boolean; readonly effects: readonly RaftEffect[] } {
    if (term > this.#term) this.#follow(term, undefined);
    const needed = index > this.#commit && this.#log.termAt(index) !== term;
    if (needed) {
      if (this.#role === 'candidate') this.#follow(this.#term, undefined);
      this.#installing = true;
    } else {
      if (index > this.#commit) this.#setCommit(index);
      this.#send(from, this.#appended(true, index), true);
    }
    return { needed, effects: this.#take() };
  }

  /** A snapshot has replaced log and state. */
  snapshotInstalled({ index, term }: SnapshotEnd, from: string): readonly RaftEffect[] {
    this.#installing = false;
    this.#log.restart(index, term);
    this.#commit = index;
    this.#stored = index;
    this.#endRecovery();
    this.#send(from, this.#appended(true, index), true);
    return this.#take();
  }

  /** The attempt to send a snapshot to a follower has ended, well or badly. */
  snapshotSent(to: string): readonly RaftEffect[] {
    const progress = this.#progress.get(to);
    if (progress !== undefined) {
      progress.snapshot = false;
      progress.inFlight = 0;
    }
    return this.#take();
  }

  receive(message: RaftMessage): readonly RaftEffect[] {
    if (this.#options.members.includes(message.from)) this.#receive(message);
    return this.#take();
  }

  #receive(message: RaftMessage): void {
    if (message.kind === 'recover') return this.#onRecover(message);
    if (message.kind === 'recovery') return this.#onRecovery(message);
    if (message.kind === 'vote') return this.#onVote(message);
    if (message.kind === 'voted' && message.pre) return this.#onVoted(message);
    if (message.term > this.#term) this.#follow(message.term, message.kind === 'append' ? message.from : undefined);
    if (message.term < this.#term) {
      // A leader of the past learns that it is one.
      if (message.kind === 'append') this.#send(message.from, this.#appended(false, 0), true);
      return undefined;
    }
    switch (message.kind) {
      case 'voted': return this.#onVoted(message);
      case 'append': return this.#onAppend(message);
      case 'appended': return this.#onAppended(message);
      case 'timeoutNow': return this.#role === 'follower' && !this.#installing ? this.#campaign(true) : undefined;
      default: return message satisfies never;
    }
  }

  // Elections (§5.2, §5.4.1).

  #onSilence(): void {
    this.#resetElection();
    if (this.#role === 'recovering' || this.#installing) return undefined;
    this.#setLeader(undefined);
    this.#preVoting = true;
    this.#role = 'candidate';
    this.#grants = new Set([this.#options.self]);
    this.#askVotes(true, this.#term + 1, false);
    return this.#countGrants();
  }

  #campaign(transfer: boolean): void {
    this.#preVoting = false;
    this.#role = 'candidate';
    this.#term += 1;
    this.#vote = this.#options.self;
    this.#setLeader(undefined);
    this.#grants = new Set([this.#options.self]);
    this.#resetElection();
    this.#store({ hardState: { term: this.#term, vote: this.#vote }, entries: [] });
    this.#askVotes(false, this.#term, transfer);
    this.#countGrants();
  }

  #askVotes(pre: boolean, term: number, transfer: boolean): void {
    const lastIndex = this.#log.lastIndex;
    for (const to of this.#others) this.#send(to, { kind: 'vote', from: this.#options.self, term, pre, lastIndex, lastTerm: this.#log.termAt(lastIndex) ?? 0, transfer }, true);
  }

  #onVote(message: RaftMessageOf<'vote'>): void {
    const { from, pre, transfer } = message;
    if (this.#role === 'recovering') return;
    // Whoever hears a leader does not help to unseat it.
    const content = this.#role === 'leader' || this.#nowMs - this.#leaderHeardMs < this.#options.electionMs;
    if (content && !transfer && from !== this.#leader) return;
    if (!pre && message.term > this.#term) this.#follow(message.term, undefined);
    const lastIndex = this.#log.lastIndex;
    const lastTerm = this.#log.termAt(lastIndex) ?? 0;
    const upToDate = message.lastTerm > lastTerm || (message.lastTerm === lastTerm && message.lastIndex >= lastIndex);
    const free = pre ? message.term > this.#term : message.term === this.#term && (this.#vote === undefined || this.#vote === from);
    const granted = upToDate && free;
    if (granted && !pre) {
      this.#resetElection();
      if (this.#vote !== from) {
        this.#vote = from;
        this.#store({ hardState: { term: this.#term, vote: from }, entries: [] });
      }
    }
    this.#send(from, { kind: 'voted', from: this.#options.self, term: pre && granted ? message.term : this.#term, pre, granted }, true);
  }

  #onVoted(message: RaftMessageOf<'voted'>): void {
    if (message.pre && !message.granted && message.term > this.#term) return this.#follow(message.term, undefined);
    if (this.#role !== 'candidate' || message.pre !== this.#preVoting || !message.granted) return undefined;
    if (message.term !== (message.pre ? this.#term + 1 : this.#term)) return undefined;
    this.#grants.add(message.from);
    return this.#countGrants();
  }

  #countGrants(): void {
    if (this.#grants.size * 2 <= this.#options.members.length) return;
    if (this.#preVoting) this.#campaign(false);
    else this.#becomeLeader();
  }

  #becomeLeader(): void {
    this.#role = 'leader';
    this.#setLeader(this.#options.self);
    this.#transfer = undefined;
    this.#progress = new Map(this.#others.map((member) => [member, {
      next: this.#log.lastIndex + 1, match: 0, round: 0, heardMs: this.#nowMs, inFlight: 0, sentMs: this.#nowMs, probe: this.#log.lastIndex + 1, disk: undefined, recovering: false, snapshot: false,
    }]));
    this.#ownEntry = this.#log.lastIndex + 1;
    // §5.4.2: only an entry of the own term tells what is committed.
    this.#store({ entries: [{ index: this.#ownEntry, term: this.#term, kind: 'own', data: new Uint8Array() }] });
    this.#heartbeatAtMs = this.#nowMs + this.#options.heartbeatMs;
    for (const member of this.#others) this.#replicate(member);
    this.#effects.push({ kind: 'changed' });
  }

  #follow(term: number, leader: string | undefined): void {
    if (term > this.#term) {
      this.#term = term;
      this.#vote = this.#role === 'recovering' ? blockedVote : undefined;
      this.#store({ hardState: { term, vote: this.#vote }, entries: [] });
    }
    if (this.#role !== 'recovering') this.#role = 'follower';
    this.#preVoting = false;
    this.#transfer = undefined;
    if (this.#reads.length > 0) this.#effects.push({ kind: 'readsFailed', ids: this.#reads.map(({ id }) => id) });
    this.#reads = [];
    this.#setLeader(leader);
    this.#effects.push({ kind: 'changed' });
  }

  #setLeader(leader: string | undefined): void {
    if (this.#leader === leader) return;
    this.#leader = leader;
    this.#effects.push({ kind: 'changed' });
  }

  #resetElection(): void {
    this.#electionAtMs = this.#nowMs + this.#options.electionMs * (1 + this.#options.random());
  }

  // Leading (§5.3, §6.4 of the thesis).

  #lead(): void {
    const heard = [...this.#progress.values()].filter(({ heardMs, recovering }) => !recovering && this.#nowMs - heardMs < this.#options.electionMs * 2).length + 1;
    if (heard * 2 <= this.#options.members.length) {
      this.#follow(this.#term, undefined);
      return this.#resetElection();
    }
    if (this.#transfer !== undefined && this.#nowMs >= this.#transfer.untilMs) this.#transfer = undefined;
    if (this.#nowMs >= this.#heartbeatAtMs && this.#others.length > 0) this.#beat();
    return undefined;
  }

  #beat(): void {
    this.#round += 1;
    this.#heartbeatAtMs = this.#nowMs + this.#options.heartbeatMs;
    for (const member of this.#others) {
      const progress = this.#progress.get(member);
      if (progress === undefined) continue;
      // What was not answered for so long is lost.
      if (progress.inFlight > 0 && this.#nowMs - progress.sentMs > this.#options.electionMs) {
        progress.inFlight = 0;
        progress.next = progress.match > 0 ? progress.match + 1 : Math.min(progress.probe, progress.next);
      }
      this.#replicate(member, true);
    }
  }

  /** Sends what the follower lacks; `always`: a heartbeat when there is nothing, or too much is under way. */
  #replicate(to: string, always = false): void {
    const progress = this.#progress.get(to);
    if (progress === undefined) return;
    const { lastIndex, firstIndex } = this.#log;
    if (progress.next <= lastIndex && (progress.next < firstIndex || this.#log.termAt(progress.next - 1) === undefined)) {
      if (!progress.snapshot) this.#effects.push({ kind: 'sendSnapshot', to });
      progress.snapshot = true;
    }
    const full = progress.snapshot || progress.inFlight >= inFlightMax || progress.next > lastIndex;
    if (full && !always) return;
    // With nothing under way a heartbeat asks whether the follower is where it is thought to be; else it keeps to what is known.
    const asks = !full || (progress.inFlight === 0 && !progress.snapshot);
    const prevIndex = asks ? Math.min(progress.next - 1, lastIndex) : Math.min(progress.match, lastIndex);
    const message = {
      kind: 'append' as const, from: this.#options.self, term: this.#term, prevIndex, prevTerm: this.#log.termAt(prevIndex) ?? 0, commit: this.#commit, round: this.#round,
    };
    if (full) {
      const known = this.#log.termAt(prevIndex) !== undefined;
      this.#send(to, { ...message, ...(known ? {} : { prevIndex: 0, prevTerm: 0 }), entries: [] }, false);
      return;
    }
    if (progress.inFlight === 0) progress.probe = progress.next;
    progress.inFlight += 1;
    progress.sentMs = this.#nowMs;
    this.#effects.push({ kind: 'replicate', to, from: progress.next, upTo: lastIndex, message });
    progress.next = lastIndex + 1;
  }

  /** Whether the log still is this leader's: once it has stepped down, other entries may stand where it wanted to send some. */
  leads(term: number): boolean {
    return this.#role === 'leader' && this.#term === term;
  }

  /** The shell sent fewer entries than there are: the rest goes next. */
  replicated(to: string, upTo: number, term: number): readonly RaftEffect[] {
    const progress = this.#progress.get(to);
    if (this.leads(term) && progress !== undefined && upTo + 1 < progress.next) {
      progress.next = Math.max(progress.match + 1, upTo + 1);
      this.#replicate(to);
    }
    return this.#take();
  }

  #onAppended(message: RaftMessageOf<'appended'>): void {
    const progress = this.#progress.get(message.from);
    if (this.#role !== 'leader' || progress === undefined) return;
    if (progress.disk !== undefined && progress.disk !== message.disk) {
      if (!message.recovering) return;
      this.#forget(progress);
    }
    progress.disk = message.disk;
    progress.recovering = message.recovering;
    progress.heardMs = this.#nowMs;
    progress.round = Math.max(progress.round, message.round);
    if (message.ok) {
      // A heartbeat's answer says nothing of what is under way.
      if (message.match > progress.match) progress.inFlight = Math.max(0, progress.inFlight - 1);
      progress.match = Math.max(progress.match, message.match);
      progress.next = Math.max(progress.next, progress.match + 1);
      this.#advanceCommit();
      this.#tryTransfer(message.from);
    } else {
      progress.inFlight = 0;
      progress.next = Math.max(progress.match + 1, Math.min(progress.next, this.#agreementBelow(message)));
    }
    this.#answerReads();
    this.#replicate(message.from);
  }

  /** What a member had acknowledged is gone with its disk. */
  #forget(progress: Progress): void {
    const next = this.#log.lastIndex + 1;
    Object.assign(progress, { match: 0, round: 0, next, probe: next, inFlight: 0, recovering: true });
  }

  /** §5.3, last part: whole terms are skipped, not single entries. */
  #agreementBelow({ match, hintTerm }: RaftMessageOf<'appended'>): number {
    let index = Math.min(match, this.#log.lastIndex);
    for (let term = this.#log.termAt(index); term !== undefined && term > hintTerm && index > 0; term = this.#log.termAt(index)) {
      index = this.#log.firstOfTermAt(index) - 1;
    }
    return index + 1;
  }

  #advanceCommit(): void {
    const stored = [this.#stored, ...[...this.#progress.values()].map(({ match, recovering }) => (recovering ? 0 : match))].toSorted((a, b) => b - a);
    const index = stored[Math.floor(this.#options.members.length / 2)] ?? 0;
    if (index <= this.#commit || this.#log.termAt(index) !== this.#term) return;
    this.#setCommit(index);
    this.#answerReads();
  }

  #setCommit(index: number): void {
    this.#commit = index;
    this.#effects.push({ kind: 'committed', index });
  }

  #answerReads(): void {
    if (this.#reads.length === 0) return;
    const rounds = [Infinity, ...[...this.#progress.values()].map(({ round, recovering }) => (recovering ? 0 : round))].toSorted((a, b) => b - a);
    const proved = rounds[Math.floor(this.#options.members.length / 2)] ?? 0;
    const ready = this.#commit >= this.#ownEntry ? this.#reads.filter(({ round }) => round <= proved) : [];
    if (ready.length > 0) {
      this.#reads = this.#reads.filter((read) => !ready.includes(read));
      this.#effects.push({ kind: 'readsReady', reads: ready.map(({ id, index }) => ({ id, index })) });
    }
    if (this.#reads.some(({ round }) => round > this.#round) && this.#others.length > 0) this.#beat();
  }

  #tryTransfer(member: string): void {
    if (this.#transfer?.to !== member || this.#progress.get(member)?.match !== this.#log.lastIndex) return;
    this.#send(member, { kind: 'timeoutNow', from: this.#options.self, term: this.#term }, false);
  }

  // Following (§5.3).

  #onAppend(message: RaftMessageOf<'append'>): void {
    const { from, prevIndex, prevTerm, round, entries } = message;
    if (this.#role === 'candidate') this.#role = 'follower';
    this.#setLeader(from);
    this.#leaderHeardMs = this.#nowMs;
    this.#resetElection();
    const answer = (ok: boolean, match: number, hintTerm = 0): void => this.#send(from, this.#appended(ok, match, hintTerm, round), true);
    if (this.#installing) return answer(false, this.#log.lastIndex, this.#log.termAt(this.#log.lastIndex) ?? 0);
    const here = this.#log.termAt(prevIndex);
    if (prevIndex > this.#log.lastIndex) return answer(false, this.#log.lastIndex, this.#log.termAt(this.#log.lastIndex) ?? 0);
    // Below the snapshot everything is committed and the same.
    if (here !== undefined && here !== prevTerm && prevIndex > this.#commit) {
      const before = this.#log.firstOfTermAt(prevIndex) - 1;
      return answer(false, Math.max(before, this.#commit), this.#log.termAt(Math.max(before, this.#commit)) ?? 0);
    }
    const fresh = entries.filter((entry) => entry.index > this.#commit && this.#log.termAt(entry.index) !== entry.term);
    const first = fresh[0]?.index;
    if (first !== undefined) {
      this.#stored = Math.min(this.#stored, first - 1);
      this.#store({ entries: entries.filter(({ index }) => index >= first) });
    }
    const match = prevIndex + entries.length;
    const commit = Math.min(message.commit, match);
    if (commit > this.#commit) this.#setCommit(commit);
    return answer(true, match);
  }

  #appended(ok: boolean, match: number, hintTerm = 0, round = 0): RaftMessage {
    const { self, disk } = this.#options;
    return { kind: 'appended', from: self, term: this.#term, round, ok, match, hintTerm, disk, recovering: this.#role === 'recovering' };
  }

  // A lost disk.

  #askAll(): void {
    this.#heartbeatAtMs = this.#nowMs + this.#options.heartbeatMs;
    for (const to of this.#others) this.#send(to, { kind: 'recover', from: this.#options.self, term: this.#term, nonce: this.#options.nonce, disk: this.#options.disk }, false);
  }

  #onRecover({ from, nonce, disk }: RaftMessageOf<'recover'>): void {
    if (this.#role === 'recovering') return;
    const progress = this.#progress.get(from);
    const leads = this.#role === 'leader';
    if (leads && progress !== undefined && progress.disk !== disk) {
      this.#forget(progress);
      progress.disk = disk;
      this.#replicate(from, true);
    }
    const commit = leads ? Math.max(this.#commit, this.#ownEntry) : this.#commit;
    this.#send(from, { kind: 'recovery', from: this.#options.self, term: this.#term, nonce, commit, leads }, true);
  }

  #onRecovery(message: RaftMessageOf<'recovery'>): void {
    if (this.#role !== 'recovering' || message.nonce !== this.#options.nonce) return;
    if (message.term >= (this.#answers.get(message.from)?.term ?? 0)) this.#answers.set(message.from, message);
    if (message.term > this.#term) this.#follow(message.term, message.leads ? message.from : undefined);
    const answers = [...this.#answers.values()];
    const highest = Math.max(...answers.map(({ term }) => term));
    const leader = answers.find(({ leads, term }) => leads && term === highest);
    if (answers.length < this.#others.length || leader === undefined || highest < this.#term) return;
    if (highest > (this.#recoverTo?.term ?? -1)) this.#recoverTo = { index: leader.commit, term: highest };
    this.#endRecovery();
  }

  #endRecovery(): void {
    if (this.#role !== 'recovering' || this.#recoverTo === undefined || this.#installing || Math.min(this.#stored, this.#commit) < this.#recoverTo.index) return;
    this.#role = 'follower';
    this.#effects.push({ kind: 'store', entries: [], recovered: true }, { kind: 'changed' });
  }

  #store(what: { readonly hardState?: { readonly term: number; readonly vote: string | undefined }; readonly entries: readonly Entry[] }): void {
    for (const entry of what.entries) this.#log.append(entry);
    this.#effects.push({ kind: 'store', ...what });
  }

  /** The store has dropped entries that a snapshot covers. */
  compacted(firstIndex: number): void {
    this.#log.firstIndex = firstIndex;
  }

  #send(to: string, message: RaftMessage, afterStored: boolean): void {
    this.#effects.push({ kind: 'send', to, message, afterStored });
  }

  #take(): readonly RaftEffect[] {
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }
}
