/**
 * A consumer group of the classic protocol (JoinGroup, SyncGroup, Heartbeat, LeaveGroup) as a pure core: requests and time go in, effects come out, which
 * the coordinator's shell performs. Source: the protocol guide and the design notes of Apache Kafka (KIP-62, KIP-345, KIP-394).
 *
 * Empty → PreparingRebalance (everybody joins) → CompletingRebalance (the leader assigns) → Stable. A request that has to wait is known by the shell's
 * number for it and answered by an effect. An assignment is answered only once it is stored.
 */
import { assert } from '../../core/assert.ts';
import type { ErrorName } from '../protocol/error-code.ts';

export type ClassicState = 'Empty' | 'PreparingRebalance' | 'CompletingRebalance' | 'Stable' | 'Dead';

export interface Protocol {
  readonly name: string;
  readonly metadata: Uint8Array;
}

export interface JoinRequest {
  /** Empty for one that has none yet. */
  readonly memberId: string;
  readonly instanceId: string | null;
  readonly clientId: string;
  readonly clientHost: string;
  readonly sessionTimeoutMs: number;
  readonly rebalanceTimeoutMs: number;
  readonly protocolType: string;
  readonly protocols: readonly Protocol[];
  /** The member must come back with the id that it is given (KIP-394). */
  readonly needsKnownId: boolean;
  /** The client can be told to skip the assignment (JoinGroup version 9). */
  readonly maySkipAssignment: boolean;
}

export interface JoinAnswer {
  readonly error: ErrorName;
  readonly memberId: string;
  readonly generation: number;
  readonly protocolType: string | null;
  readonly protocol: string | null;
  readonly leader: string;
  readonly skipAssignment: boolean;
  /** For the leader only. */
  readonly members: readonly { readonly memberId: string; readonly instanceId: string | null; readonly metadata: Uint8Array }[];
}

export interface SyncRequest {
  readonly memberId: string;
  readonly instanceId: string | null;
  readonly generation: number;
  readonly protocolType: string | null;
  readonly protocol: string | null;
  readonly assignments: readonly { readonly memberId: string; readonly assignment: Uint8Array }[];
}

export interface SyncAnswer {
  readonly error: ErrorName;
  readonly protocolType: string | null;
  readonly protocol: string | null;
  readonly assignment: Uint8Array;
}

export interface ClassicMember {
  readonly memberId: string;
  readonly instanceId: string | null;
  readonly clientId: string;
  readonly clientHost: string;
  readonly sessionTimeoutMs: number;
  readonly rebalanceTimeoutMs: number;
  readonly protocols: readonly Protocol[];
  readonly assignment: Uint8Array;
}

/** What is kept in the log: a group as of its last completed rebalance. */
export interface StoredClassicGroup {
  readonly generation: number;
  readonly protocolType: string | null;
  readonly protocol: string | null;
  readonly leader: string | null;
  readonly members: readonly ClassicMember[];
}

export type ClassicEffect =
  | { readonly kind: 'joined'; readonly request: number; readonly answer: JoinAnswer }
  | { readonly kind: 'synced'; readonly request: number; readonly answer: SyncAnswer }
  /** To be stored; then `stored` is called with the same generation. */
  | { readonly kind: 'store'; readonly group: StoredClassicGroup };

interface Member extends Omit<ClassicMember, 'protocols' | 'assignment' | 'sessionTimeoutMs' | 'rebalanceTimeoutMs'> {
  protocols: readonly Protocol[];
  sessionTimeoutMs: number;
  rebalanceTimeoutMs: number;
  assignment: Uint8Array;
  joining: number | undefined;
  syncing: number | undefined;
  /** It is gone when nothing is heard of it until then. */
  expiresMs: number;
}

export interface ClassicLimits {
  readonly sessionTimeoutMinMs: number;
  readonly sessionTimeoutMaxMs: number;
  readonly membersMax: number;
  readonly initialDelayMs: number;
}

const nothing = new Uint8Array();

export class ClassicGroup {
  readonly id: string;
  readonly #limits: ClassicLimits;
  /** Makes the unique part of a member's id. */
  readonly #newId: () => string;
  #state: ClassicState = 'Empty';
  #generation = 0;
  #protocolType: string | null = null;
  #protocol: string | null = null;
  #leader: string | null = null;
  #emptySinceMs: number;
  readonly #members = new Map<string, Member>();
  /** Instance id → member id. */
  readonly #static = new Map<string, string>();
  /** Ids that were given out and have not come back: until when they count. */
  readonly #pending = new Map<string, number>();
  /** Set while members join: when the rebalance ends at the latest; and, for a group that was empty, when it may end at the earliest. */
  #joinDeadlineMs: number | undefined;
  #initialEndMs: number | undefined;
  /** When those that have not asked for their assignment are gone. */
  #syncDeadlineMs: number | undefined;
  #storing = false;
  #effects: ClassicEffect[] = [];

  constructor(options: { readonly id: string; readonly limits: ClassicLimits; readonly newId: () => string; readonly nowMs: number; readonly stored?: StoredClassicGroup }) {
    this.id = options.id;
    this.#limits = options.limits;
    this.#newId = options.newId;
    this.#emptySinceMs = options.nowMs;
    const { stored, nowMs } = options;
    if (stored === undefined) return;
    this.#generation = stored.generation;
    this.#protocolType = stored.protocolType;
    this.#protocol = stored.protocol;
    this.#leader = stored.leader;
    for (const member of stored.members) {
      this.#members.set(member.memberId, { ...member, joining: undefined, syncing: undefined, expiresMs: nowMs + member.sessionTimeoutMs });
      if (member.instanceId !== null) this.#static.set(member.instanceId, member.memberId);
    }
    this.#state = stored.members.length === 0 ? 'Empty' : 'Stable';
  }

  get state(): ClassicState {
    return this.#state;
  }

  get generation(): number {
    return this.#generation;
  }

  get protocolType(): string | null {
    return this.#protocolType;
  }

  get protocol(): string | null {
    return this.#protocol;
  }

  get emptySinceMs(): number | undefined {
    return this.#state === 'Empty' ? this.#emptySinceMs : undefined;
  }

  get members(): readonly ClassicMember[] {
    return [...this.#members.values()].map(({ memberId, instanceId, clientId, clientHost, sessionTimeoutMs, rebalanceTimeoutMs, protocols, assignment }) =>
      ({ memberId, instanceId, clientId, clientHost, sessionTimeoutMs, rebalanceTimeoutMs, protocols, assignment }));
  }

  /** When `expire` has something to do at the earliest. */
  get nextDeadlineMs(): number {
    let next = Math.min(this.#joinDeadlineMs ?? Infinity, this.#initialEndMs ?? Infinity, this.#syncDeadlineMs ?? Infinity);
    for (const member of this.#members.values()) if (member.joining === undefined && member.syncing === undefined) next = Math.min(next, member.expiresMs);
    for (const untilMs of this.#pending.values()) next = Math.min(next, untilMs);
    return next;
  }

  join(request: number, join: JoinRequest, nowMs: number): readonly ClassicEffect[] {
    const refused = this.#refuseJoin(join);
    if (refused !== undefined) this.#joined(request, { error: refused, memberId: join.memberId });
    else if (join.memberId === '') this.#joinUnknown(request, join, nowMs);
    else this.#joinKnown(request, join, nowMs);
    return this.#take();
  }

  sync(request: number, sync: SyncRequest, nowMs: number): readonly ClassicEffect[] {
    const member = this.#known(sync.memberId, sync.instanceId);
    if (typeof member === 'string') return this.#synced(request, member);
    if (sync.generation !== this.#generation) return this.#synced(request, 'ILLEGAL_GENERATION');
    if ((sync.protocolType !== null && sync.protocolType !== this.#protocolType) || (sync.protocol !== null && sync.protocol !== this.#protocol)) {
      return this.#synced(request, 'INCONSISTENT_GROUP_PROTOCOL');
    }
    this.#heard(member, nowMs);
    switch (this.#state) {
      case 'Empty': case 'Dead': return this.#synced(request, 'UNKNOWN_MEMBER_ID');
      case 'PreparingRebalance': return this.#synced(request, 'REBALANCE_IN_PROGRESS');
      case 'Stable': return this.#synced(request, 'NONE', member.assignment);
      case 'CompletingRebalance': break;
      default: return this.#state satisfies never;
    }
    if (member.syncing !== undefined) this.#synced(member.syncing, 'REBALANCE_IN_PROGRESS', nothing, false);
    member.syncing = request;
    if (member.memberId === this.#leader && !this.#storing) {
      const given = new Map(sync.assignments.map(({ memberId, assignment }) => [memberId, assignment]));
      for (const each of this.#members.values()) each.assignment = given.get(each.memberId) ?? nothing;
      this.#storing = true;
      this.#effects.push({ kind: 'store', group: this.#snapshot() });
    }
    return this.#take();
  }

  heartbeat(beat: { readonly memberId: string; readonly instanceId: string | null; readonly generation: number }, nowMs: number): ErrorName {
    const member = this.#known(beat.memberId, beat.instanceId);
    if (typeof member === 'string') return member;
    if (this.#state === 'Empty' || this.#state === 'Dead') return 'UNKNOWN_MEMBER_ID';
    if (beat.generation !== this.#generation) return 'ILLEGAL_GENERATION';
    this.#heard(member, nowMs);
    return this.#state === 'PreparingRebalance' ? 'REBALANCE_IN_PROGRESS' : 'NONE';
  }

  leave(leaving: { readonly memberId: string; readonly instanceId: string | null }, nowMs: number): { readonly error: ErrorName; readonly effects: readonly ClassicEffect[] } {
    if (this.#pending.delete(leaving.memberId)) {
      this.#maybeCompleteJoin(nowMs);
      return { error: 'NONE', effects: this.#take() };
    }
    // A static member may be removed by its instance alone.
    const memberId = leaving.memberId === '' && leaving.instanceId !== null ? this.#static.get(leaving.instanceId) ?? '' : leaving.memberId;
    const member = this.#known(memberId, leaving.instanceId);
    if (typeof member === 'string') return { error: member, effects: [] };
    this.#remove(member, nowMs);
    return { error: 'NONE', effects: this.#take() };
  }

  /** What is due by now: initial delays, rebalances, silent members. */
  expire(nowMs: number): readonly ClassicEffect[] {
    for (const [memberId, untilMs] of this.#pending) if (untilMs <= nowMs) this.#pending.delete(memberId);
    for (const member of Array.from(this.#members.values())) {
      if (member.joining === undefined && member.syncing === undefined && member.expiresMs <= nowMs) this.#remove(member, nowMs);
    }
    if (this.#syncDeadlineMs !== undefined && this.#syncDeadlineMs <= nowMs) {
      this.#syncDeadlineMs = undefined;
      if (this.#state === 'CompletingRebalance') for (const member of Array.from(this.#members.values())) if (member.syncing === undefined) this.#remove(member, nowMs);
    }
    if (this.#initialEndMs !== undefined && this.#initialEndMs <= nowMs) this.#initialEndMs = undefined;
    if (this.#joinDeadlineMs !== undefined && this.#joinDeadlineMs <= nowMs) this.#completeJoin(nowMs);
    else this.#maybeCompleteJoin(nowMs);
    return this.#take();
  }

  /** The outcome of a `store` effect. What belongs to an earlier generation is ignored. */
  stored(generation: number, error: ErrorName, nowMs: number): readonly ClassicEffect[] {
    if (generation !== this.#generation || !this.#storing) return [];
    this.#storing = false;
    if (this.#state !== 'CompletingRebalance') return [];
    if (error !== 'NONE') {
      for (const member of this.#members.values()) {
        member.assignment = nothing;
        if (member.syncing !== undefined) this.#synced(member.syncing, error, nothing, false);
        member.syncing = undefined;
      }
      this.#prepare(nowMs);
      return this.#take();
    }
    this.#state = 'Stable';
    for (const member of this.#members.values()) {
      if (member.syncing === undefined) continue;
      this.#synced(member.syncing, 'NONE', member.assignment, false);
      member.syncing = undefined;
      this.#heard(member, nowMs);
    }
    return this.#take();
  }

  /** Whether offsets may be committed with this stamp. A negative generation: by somebody who is no member, while there are none. */
  checkCommit(commit: { readonly memberId: string; readonly instanceId: string | null; readonly generation: number }, transactional: boolean, nowMs: number): ErrorName {
    if (this.#state === 'Dead') return 'COORDINATOR_NOT_AVAILABLE';
    if (commit.generation < 0 && commit.memberId === '' && commit.instanceId === null) return this.#state === 'Empty' || transactional ? 'NONE' : 'UNKNOWN_MEMBER_ID';
    const member = this.#known(commit.memberId, commit.instanceId);
    if (typeof member === 'string') return member;
    if (commit.generation !== this.#generation) return 'ILLEGAL_GENERATION';
    this.#heard(member, nowMs);
    return this.#state === 'CompletingRebalance' && !transactional ? 'REBALANCE_IN_PROGRESS' : 'NONE';
  }

  /** The partition of the log has gone elsewhere, or the group is deleted: everybody who waits is told. */
  end(error: ErrorName): readonly ClassicEffect[] {
    this.#state = 'Dead';
    for (const member of this.#members.values()) {
      if (member.joining !== undefined) this.#joined(member.joining, { error, memberId: member.memberId });
      if (member.syncing !== undefined) this.#synced(member.syncing, error, nothing, false);
    }
    this.#members.clear();
    this.#static.clear();
    this.#pending.clear();
    this.#joinDeadlineMs = undefined;
    this.#initialEndMs = undefined;
    this.#syncDeadlineMs = undefined;
    return this.#take();
  }

  // Joining.

  #refuseJoin(join: JoinRequest): ErrorName | undefined {
    const { sessionTimeoutMinMs, sessionTimeoutMaxMs, membersMax } = this.#limits;
    if (this.#state === 'Dead') return 'COORDINATOR_NOT_AVAILABLE';
    if (join.sessionTimeoutMs < sessionTimeoutMinMs || join.sessionTimeoutMs > sessionTimeoutMaxMs) return 'INVALID_SESSION_TIMEOUT';
    if (join.protocols.length === 0 || join.protocolType === '') return 'INCONSISTENT_GROUP_PROTOCOL';
    if (!this.#fits(join)) return 'INCONSISTENT_GROUP_PROTOCOL';
    const isNew = !this.#members.has(join.memberId) && !(join.instanceId !== null && this.#static.has(join.instanceId));
    if (isNew && this.#members.size + (this.#pending.has(join.memberId) ? this.#pending.size - 1 : this.#pending.size) >= membersMax) return 'GROUP_MAX_SIZE_REACHED';
    return undefined;
  }

  /** Its type is the group's, and one of its protocols is known to all the others. */
  #fits(join: JoinRequest): boolean {
    const others = [...this.#members.values()].filter(({ memberId, instanceId }) => memberId !== join.memberId && (instanceId === null || instanceId !== join.instanceId));
    if (others.length === 0) return true;
    return join.protocolType === this.#protocolType && join.protocols.some(({ name }) => others.every(({ protocols }) => protocols.some((each) => each.name === name)));
  }

  #joinUnknown(request: number, join: JoinRequest, nowMs: number): void {
    const memberId = `${join.instanceId ?? join.clientId}-${this.#newId()}`;
    const replaced = join.instanceId === null ? undefined : this.#static.get(join.instanceId);
    if (replaced !== undefined) return this.#replaceStatic(request, join, replaced, memberId, nowMs);
    if (join.instanceId === null && join.needsKnownId) {
      this.#pending.set(memberId, nowMs + join.sessionTimeoutMs);
      return this.#joined(request, { error: 'MEMBER_ID_REQUIRED', memberId });
    }
    return this.#add(request, join, memberId, nowMs);
  }

  #joinKnown(request: number, join: JoinRequest, nowMs: number): void {
    if (this.#pending.delete(join.memberId)) return this.#add(request, join, join.memberId, nowMs);
    const member = this.#known(join.memberId, join.instanceId);
    if (typeof member === 'string') return this.#joined(request, { error: member, memberId: join.memberId });
    const same = sameProtocols(member.protocols, join.protocols);
    if (this.#state === 'CompletingRebalance' && same) return this.#joined(request, this.#present(member));
    if (this.#state === 'Stable' && same && member.memberId !== this.#leader) return this.#joined(request, this.#present(member));
    this.#update(member, join);
    this.#park(member, request, nowMs);
    if (this.#state !== 'PreparingRebalance') this.#prepare(nowMs);
    return this.#maybeCompleteJoin(nowMs);
  }

  #add(request: number, join: JoinRequest, memberId: string, nowMs: number): void {
    if (this.#members.size === 0) this.#protocolType = join.protocolType;
    const { instanceId, clientId, clientHost, sessionTimeoutMs, rebalanceTimeoutMs, protocols } = join;
    const member: Member = {
      memberId, instanceId, clientId, clientHost, sessionTimeoutMs, rebalanceTimeoutMs, protocols, assignment: nothing, joining: undefined, syncing: undefined,
      expiresMs: nowMs + sessionTimeoutMs,
    };
    this.#members.set(memberId, member);
    if (instanceId !== null) this.#static.set(instanceId, memberId);
    this.#leader ??= memberId;
    this.#park(member, request, nowMs);
    if (this.#state !== 'PreparingRebalance') this.#prepare(nowMs);
    // More are likely to come: each one lets the others wait again, until the rebalance's time is over.
    else if (this.#initialEndMs !== undefined) this.#initialEndMs = Math.min(nowMs + this.#limits.initialDelayMs, this.#joinDeadlineMs ?? Infinity);
    this.#maybeCompleteJoin(nowMs);
  }

  /** A static member that began anew: it takes its place over, and in a stable group nobody else notices if it wants what it wanted. */
  #replaceStatic(request: number, join: JoinRequest, oldId: string, memberId: string, nowMs: number): void {
    const old = this.#members.get(oldId);
    assert(old !== undefined, 'a static member is a member');
    if (old.joining !== undefined) this.#joined(old.joining, { error: 'FENCED_INSTANCE_ID', memberId: oldId });
    if (old.syncing !== undefined) this.#synced(old.syncing, 'FENCED_INSTANCE_ID', nothing, false);
    const wasLeader = this.#leader === oldId;
    const chosenBefore = this.#protocol;
    const same = sameProtocols(old.protocols, join.protocols);
    this.#members.delete(oldId);
    const member: Member = { ...old, memberId, joining: undefined, syncing: undefined, clientId: join.clientId, clientHost: join.clientHost };
    this.#members.set(memberId, member);
    this.#static.set(join.instanceId ?? '', memberId);
    if (wasLeader) this.#leader = memberId;
    this.#update(member, join);
    this.#heard(member, nowMs);
    if (this.#state === 'Stable' && same && this.#selectProtocol() === chosenBefore) {
      this.#effects.push({ kind: 'store', group: this.#snapshot() });
      // An old client that leads would assign anew from an answer that calls it the leader: it is told that somebody else is.
      const leader = wasLeader && !join.maySkipAssignment ? oldId : this.#leader ?? '';
      return this.#joined(request, { ...this.#present(member), leader, skipAssignment: wasLeader && join.maySkipAssignment });
    }
    this.#park(member, request, nowMs);
    if (this.#state !== 'PreparingRebalance') this.#prepare(nowMs);
    return this.#maybeCompleteJoin(nowMs);
  }

  #update(member: Member, join: JoinRequest): void {
    member.protocols = join.protocols;
    member.sessionTimeoutMs = join.sessionTimeoutMs;
    member.rebalanceTimeoutMs = join.rebalanceTimeoutMs;
  }

  #park(member: Member, request: number, nowMs: number): void {
    if (member.joining !== undefined) this.#joined(member.joining, { error: 'REBALANCE_IN_PROGRESS', memberId: member.memberId });
    member.joining = request;
    this.#heard(member, nowMs);
  }

  #prepare(nowMs: number): void {
    const wasEmpty = this.#state === 'Empty';
    if (this.#state === 'CompletingRebalance') {
      for (const member of this.#members.values()) {
        member.assignment = nothing;
        if (member.syncing !== undefined) this.#synced(member.syncing, 'REBALANCE_IN_PROGRESS', nothing, false);
        member.syncing = undefined;
      }
    }
    this.#storing = false;
    this.#syncDeadlineMs = undefined;
    this.#state = 'PreparingRebalance';
    this.#joinDeadlineMs = nowMs + Math.max(0, ...[...this.#members.values()].map(({ rebalanceTimeoutMs }) => rebalanceTimeoutMs));
    this.#initialEndMs = wasEmpty && this.#limits.initialDelayMs > 0 ? Math.min(nowMs + this.#limits.initialDelayMs, this.#joinDeadlineMs) : undefined;
  }

  #maybeCompleteJoin(nowMs: number): void {
    if (this.#state !== 'PreparingRebalance' || this.#initialEndMs !== undefined || this.#pending.size > 0) return;
    for (const member of this.#members.values()) if (member.joining === undefined) return;
    this.#completeJoin(nowMs);
  }

  #completeJoin(nowMs: number): void {
    this.#joinDeadlineMs = undefined;
    this.#initialEndMs = undefined;
    // A static member that is away keeps its place until its session ends.
    for (const member of Array.from(this.#members.values())) if (member.joining === undefined && member.instanceId === null) this.#drop(member);
    this.#generation += 1;
    if (this.#members.size === 0) return this.#becomeEmpty(nowMs);
    const leader = this.#leader === null ? undefined : this.#members.get(this.#leader);
    if (leader?.joining === undefined) this.#leader = [...this.#members.values()].find(({ joining }) => joining !== undefined)?.memberId ?? [...this.#members.keys()][0] ?? null;
    this.#protocol = this.#selectProtocol();
    this.#state = 'CompletingRebalance';
    this.#syncDeadlineMs = nowMs + Math.max(...[...this.#members.values()].map(({ rebalanceTimeoutMs }) => rebalanceTimeoutMs));
    for (const member of this.#members.values()) {
      if (member.joining === undefined) continue;
      this.#joined(member.joining, this.#present(member));
      member.joining = undefined;
      this.#heard(member, nowMs);
    }
    return undefined;
  }

  #becomeEmpty(nowMs: number): void {
    this.#state = 'Empty';
    this.#emptySinceMs = nowMs;
    this.#protocol = null;
    this.#leader = null;
    this.#syncDeadlineMs = undefined;
    this.#effects.push({ kind: 'store', group: this.#snapshot() });
  }

  /** Among those that all know, the one that most like best. */
  #selectProtocol(): string | null {
    const members = [...this.#members.values()];
    const common = (members[0]?.protocols ?? []).map(({ name }) => name).filter((name) => members.every(({ protocols }) => protocols.some((each) => each.name === name)));
    const votes = new Map<string, number>();
    for (const { protocols } of members) {
      const vote = protocols.find(({ name }) => common.includes(name))?.name;
      if (vote !== undefined) votes.set(vote, (votes.get(vote) ?? 0) + 1);
    }
    return [...votes].toSorted(([, a], [, b]) => b - a)[0]?.[0] ?? null;
  }

  // Members.

  #known(memberId: string, instanceId: string | null): Member | ErrorName {
    if (instanceId !== null) {
      const owner = this.#static.get(instanceId);
      if (owner === undefined) return 'UNKNOWN_MEMBER_ID';
      if (owner !== memberId) return 'FENCED_INSTANCE_ID';
    }
    return this.#members.get(memberId) ?? 'UNKNOWN_MEMBER_ID';
  }

  #heard(member: Member, nowMs: number): void {
    member.expiresMs = nowMs + member.sessionTimeoutMs;
  }

  #drop(member: Member): void {
    this.#members.delete(member.memberId);
    if (member.instanceId !== null && this.#static.get(member.instanceId) === member.memberId) this.#static.delete(member.instanceId);
    if (this.#leader === member.memberId) this.#leader = [...this.#members.keys()][0] ?? null;
    if (member.joining !== undefined) this.#joined(member.joining, { error: 'UNKNOWN_MEMBER_ID', memberId: member.memberId });
    if (member.syncing !== undefined) this.#synced(member.syncing, 'UNKNOWN_MEMBER_ID', nothing, false);
  }

  #remove(member: Member, nowMs: number): void {
    this.#drop(member);
    if (this.#state === 'Stable' || this.#state === 'CompletingRebalance') this.#prepare(nowMs);
    if (this.#members.size === 0 && this.#pending.size === 0 && this.#state === 'PreparingRebalance') this.#completeJoin(nowMs);
    else this.#maybeCompleteJoin(nowMs);
  }

  // Answers.

  #present(member: Member): Omit<JoinAnswer, 'skipAssignment'> {
    const leads = member.memberId === this.#leader;
    return {
      error: 'NONE', memberId: member.memberId, generation: this.#generation, protocolType: this.#protocolType, protocol: this.#protocol, leader: this.#leader ?? '',
      members: leads ? [...this.#members.values()].map(({ memberId, instanceId, protocols }) => ({
        memberId, instanceId, metadata: protocols.find(({ name }) => name === this.#protocol)?.metadata ?? nothing,
      })) : [],
    };
  }

  #joined(request: number, answer: Partial<JoinAnswer> & { readonly error: ErrorName; readonly memberId: string }): void {
    this.#effects.push({ kind: 'joined', request, answer: { generation: -1, protocolType: this.#protocolType, protocol: null, leader: '', skipAssignment: false, members: [], ...answer } });
  }

  #synced(request: number, error: ErrorName, assignment: Uint8Array = nothing, take = true): readonly ClassicEffect[] {
    const told = error === 'NONE' ? { protocolType: this.#protocolType, protocol: this.#protocol } : { protocolType: null, protocol: null };
    this.#effects.push({ kind: 'synced', request, answer: { error, ...told, assignment } });
    return take ? this.#take() : [];
  }

  #snapshot(): StoredClassicGroup {
    return { generation: this.#generation, protocolType: this.#protocolType, protocol: this.#protocol, leader: this.#leader, members: this.members };
  }

  #take(): readonly ClassicEffect[] {
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }
}

function sameProtocols(a: readonly Protocol[], b: readonly Protocol[]): boolean {
  return a.length === b.length && a.every(({ name, metadata }, i) => name === b[i]?.name && Buffer.compare(metadata, b[i].metadata) === 0);
}
