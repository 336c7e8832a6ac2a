import type { Session } from '../driver/session.ts';
import { SparkError } from '../plan/spark-error.ts';
import { invalidHandle } from './connect-error.ts';
import { ConnectSession } from './connect-session.ts';

export interface RegistryLimits {
  readonly sessionsMax: number;
  /** A session that no request has named for so long is closed (`spark.connect.session.manager.defaultSessionTimeout`). */
  readonly sessionIdleMs: number;
  /** An operation without a reader for so long is cancelled (`spark.connect.execute.manager.detachedTimeout`). */
  readonly operationDetachedMs: number;
}

export const defaultRegistryLimits: RegistryLimits = { sessionsMax: 1000, sessionIdleMs: 3_600_000, operationDetachedMs: 300_000 };

const closedMax = 1000;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** What every request carries. */
export interface SessionReference {
  readonly sessionId: string;
  readonly userContext?: { readonly userId: string } | undefined;
  readonly clientObservedServerSideSessionId?: string | undefined;
}

export interface RegistryOptions {
  readonly newSession: () => Session;
  readonly newId: () => string;
  readonly nowMs: () => number;
  readonly limits: RegistryLimits;
}

/** The sessions by user and id; a session comes to be with the first request that names it. */
export class SessionRegistry {
  readonly #options: RegistryOptions;
  readonly #sessions = new Map<string, ConnectSession>();
  /** Keys of sessions that were closed, so that a late request does not revive one. Bounded. */
  readonly #closed = new Set<string>();

  constructor(options: RegistryOptions) {
    this.#options = options;
  }

  sessions(): readonly Session[] {
    return [...this.#sessions.values()].map(({ session }) => session);
  }

  /** Throws INVALID_HANDLE.* for a malformed, closed or changed session. */
  open(reference: SessionReference): ConnectSession {
    if (!uuid.test(reference.sessionId)) throw invalidHandle('FORMAT', reference.sessionId, 'Handle must be an UUID string of the format \'00112233-4455-6677-8899-aabbccddeeff\'.');
    const key = sessionKey(reference);
    if (this.#closed.has(key)) throw invalidHandle('SESSION_CLOSED', reference.sessionId, 'Session was closed.');
    const session = this.#sessions.get(key) ?? this.#create(reference, key);
    const observed = reference.clientObservedServerSideSessionId;
    if (observed !== undefined && observed !== '' && observed !== session.serverSideSessionId) {
      throw invalidHandle('SESSION_CHANGED', reference.sessionId, 'The existing Spark server driver instance has restarted. Please reconnect.');
    }
    session.lastUsedMs = this.#options.nowMs();
    return session;
  }

  /** Without making one. */
  find(reference: SessionReference): ConnectSession | undefined {
    return this.#sessions.get(sessionKey(reference));
  }

  close(session: ConnectSession): void {
    const key = sessionKey({ sessionId: session.sessionId, userContext: { userId: session.userId } });
    session.closeAll();
    this.#sessions.delete(key);
    this.#closed.add(key);
    const oldest = this.#closed.keys().next().value;
    if (this.#closed.size > closedMax && oldest !== undefined) this.#closed.delete(oldest);
  }

  /** Closes what has been left alone for too long. Called from time to time. */
  sweep(): void {
    const nowMs = this.#options.nowMs();
    for (const session of this.#sessions.values()) {
      session.dropAbandoned(nowMs - this.#options.limits.operationDetachedMs);
      const busy = session.operations().some((operation) => !operation.ended);
      if (!busy && session.lastUsedMs < nowMs - this.#options.limits.sessionIdleMs) this.close(session);
    }
  }

  closeAll(): void {
    for (const session of this.#sessions.values()) this.close(session);
  }

  #create(reference: SessionReference, key: string): ConnectSession {
    const { limits, newSession, newId, nowMs } = this.#options;
    if (this.#sessions.size >= limits.sessionsMax) {
      throw new SparkError({ errorClass: 'SESSION_LIMIT', sqlState: '53300', message: `The driver holds ${limits.sessionsMax} sessions, which is its limit. Close some.` });
    }
    const session = new ConnectSession({ userId: reference.userContext?.userId ?? '', sessionId: reference.sessionId }, newSession(), newId, nowMs());
    this.#sessions.set(key, session);
    return session;
  }
}

function sessionKey(reference: SessionReference): string {
  return `${reference.sessionId.toLowerCase()} ${reference.userContext?.userId ?? ''}`;
}
