import type { Session } from '../driver/session.ts';
import type { SparkError } from '../plan/spark-error.ts';
import { invalidHandle } from './connect-error.ts';
import { Operation, type OperationIdentity } from './operation.ts';

const operationsMax = 1000;
const errorsMax = 100;

/** What the protocol knows of one session beside the driver's `Session`. */
export class ConnectSession {
  readonly userId: string;
  readonly sessionId: string;
  readonly serverSideSessionId: string;
  readonly session: Session;
  readonly #newId: () => string;
  readonly #operations = new Map<string, Operation>();
  readonly #errors = new Map<string, SparkError>();
  lastUsedMs: number;

  constructor(identity: { readonly userId: string; readonly sessionId: string }, session: Session, newId: () => string, nowMs: number) {
    this.userId = identity.userId;
    this.sessionId = identity.sessionId;
    this.serverSideSessionId = newId();
    this.session = session;
    this.#newId = newId;
    this.lastUsedMs = nowMs;
  }

  operations(): readonly Operation[] {
    return [...this.#operations.values()];
  }

  /** Throws INVALID_HANDLE.OPERATION_NOT_FOUND, at which clients send the execution again. */
  operation(operationId: string): Operation {
    const operation = this.#operations.get(operationId);
    if (operation === undefined) throw invalidHandle('OPERATION_NOT_FOUND', operationId, 'Operation not found.');
    return operation;
  }

  /** A new operation, or the one that the same request started before. `started` says which. */
  open(identity: Omit<OperationIdentity, 'sessionId' | 'serverSideSessionId'>, nowMs: number): { readonly operation: Operation; readonly started: boolean } {
    const known = this.#operations.get(identity.operationId);
    if (known !== undefined) {
      if (known.identity.reattachable && known.identity.requestDigest === identity.requestDigest) return { operation: known, started: false };
      throw invalidHandle('OPERATION_ALREADY_EXISTS', identity.operationId, 'Operation already exists.');
    }
    if (this.#operations.size >= operationsMax) throw invalidHandle('OPERATION_LIMIT', identity.operationId, `A session runs at most ${operationsMax} operations at once.`);
    const operation = new Operation({ ...identity, sessionId: this.sessionId, serverSideSessionId: this.serverSideSessionId }, this.#newId, nowMs);
    this.#operations.set(identity.operationId, operation);
    return { operation, started: true };
  }

  /** Cancels it when it runs, and forgets it. */
  close(operation: Operation): void {
    operation.interrupt();
    this.#operations.delete(operation.identity.operationId);
  }

  closeAll(): void {
    for (const operation of this.#operations.values()) this.close(operation);
  }

  /** Operations that nobody has read for too long: their clients are gone. */
  dropAbandoned(beforeMs: number): void {
    for (const operation of this.#operations.values()) {
      if (operation.idleSinceMs !== undefined && operation.idleSinceMs < beforeMs) this.close(operation);
    }
  }

  /** Keeps an error for FetchErrorDetails; the oldest goes when there are too many. */
  remember(error: SparkError): string {
    const id = this.#newId();
    this.#errors.set(id, error);
    const oldest = this.#errors.keys().next().value;
    if (this.#errors.size > errorsMax && oldest !== undefined) this.#errors.delete(oldest);
    return id;
  }

  /** Once: clients ask once. */
  takeError(id: string): SparkError | undefined {
    const error = this.#errors.get(id);
    this.#errors.delete(id);
    return error;
  }
}
