import { create } from '@bufbuild/protobuf';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { ExecutePlanResponseSchema, type ExecutePlanResponse } from './generated/spark/connect/base_pb.ts';
import { invalidCursor, operationCanceled } from './connect-error.ts';

/** What an execution appends; ids are added here. */
export type ResponseContent = MessageInitShape<typeof ExecutePlanResponseSchema>;

export interface OperationIdentity {
  readonly operationId: string;
  readonly sessionId: string;
  readonly serverSideSessionId: string;
  readonly tags: readonly string[];
  /** The same request sent again (its answer was lost) is the same operation. */
  readonly requestDigest: string;
  readonly reattachable: boolean;
}

/** Progress messages kept for a client that does not read. */
const progressBufferedMax = 16;

/**
 * One execution and its responses. Responses stay until the client releases them, so that a client whose stream broke
 * goes on where it stopped; their bytes are bounded by `spark.driver.maxResultSize`, which bounds the result itself. One
 * stream reads at a time: a new one ends the former.
 */
export class Operation {
  readonly identity: OperationIdentity;
  readonly #cancel = new AbortController();
  readonly #newId: () => string;
  /** In order; the first has position `#released`. */
  #responses: ExecutePlanResponse[] = [];
  #released = 0;
  #lastReleasedId: string | undefined;
  #end: { readonly error?: Error } | undefined;
  #changed = Promise.withResolvers<void>();
  #reader: AbortController | undefined;
  /** When the last reader left; undefined while one reads. */
  #idleSinceMs: number | undefined;
  #progressBuffered = 0;

  constructor(identity: OperationIdentity, newId: () => string, nowMs: number) {
    this.identity = identity;
    this.#newId = newId;
    this.#idleSinceMs = nowMs;
  }

  /** Aborts when the operation is interrupted. */
  get signal(): AbortSignal {
    return this.#cancel.signal;
  }

  get ended(): boolean {
    return this.#end !== undefined;
  }

  get failed(): boolean {
    return this.#end?.error !== undefined;
  }

  get idleSinceMs(): number | undefined {
    return this.#idleSinceMs;
  }

  append(content: ResponseContent): void {
    const { operationId, sessionId, serverSideSessionId } = this.identity;
    const ids = { operationId, sessionId, serverSideSessionId, responseId: this.#newId() };
    this.#responses.push(Object.assign(create(ExecutePlanResponseSchema, content), ids));
    this.#wake();
  }

  /** Progress is dropped when nobody reads it. */
  appendProgress(content: ResponseContent): void {
    if (this.#progressBuffered >= progressBufferedMax || this.#end !== undefined) return;
    this.#progressBuffered += 1;
    this.append(content);
  }

  /** Successful end: the last response says so. */
  complete(): void {
    if (this.#end !== undefined) return;
    this.append({ responseType: { case: 'resultComplete', value: {} } });
    this.#end = {};
    this.#wake();
  }

  fail(error: Error): void {
    this.#end ??= { error };
    this.#wake();
  }

  /** False when it had ended before. */
  interrupt(): boolean {
    if (this.#end !== undefined) return false;
    this.#cancel.abort(operationCanceled());
    return true;
  }

  /**
   * Responses after the one named, or from the first that is still there. Ends after the last response; rejects with the
   * operation's error, with INVALID_CURSOR when the place is gone or another reader came, with the signal's reason.
   */
  async *read(lastResponseId: string | undefined, signal: AbortSignal, nowMs: () => number): AsyncGenerator<ExecutePlanResponse> {
    let position = this.#positionAfter(lastResponseId);
    this.#reader?.abort(invalidCursor('DISCONNECTED', 'The cursor has been disconnected by the server: another request reads this operation.'));
    const reader = new AbortController();
    this.#reader = reader;
    this.#idleSinceMs = undefined;
    const either = AbortSignal.any([signal, reader.signal]);
    try {
      while (true) {
        either.throwIfAborted();
        if (position < this.#released) throw invalidCursor('POSITION_NOT_AVAILABLE', 'The response was released.');
        const response = this.#responses[position - this.#released];
        if (response !== undefined) {
          position += 1;
          yield response;
        } else if (this.#end !== undefined) {
          if (this.#end.error !== undefined) throw this.#end.error;
          return;
        } else {
          await changeOrAbort(this.#changed.promise, either);
        }
      }
    } finally {
      if (this.#reader === reader) {
        this.#reader = undefined;
        this.#idleSinceMs = nowMs();
      }
    }
  }

  /** Forgets responses up to and including the one named; an id that is gone already is no error. */
  release(untilResponseId: string): void {
    const index = this.#responses.findIndex((response) => response.responseId === untilResponseId);
    if (index < 0) return;
    this.#lastReleasedId = untilResponseId;
    this.#released += index + 1;
    const gone = this.#responses.slice(0, index + 1);
    this.#progressBuffered -= gone.filter((response) => response.responseType.case === 'executionProgress').length;
    this.#responses = this.#responses.slice(index + 1);
  }

  #positionAfter(lastResponseId: string | undefined): number {
    if (lastResponseId === undefined || lastResponseId === '') return this.#released;
    if (lastResponseId === this.#lastReleasedId) return this.#released;
    const index = this.#responses.findIndex((response) => response.responseId === lastResponseId);
    if (index < 0) throw invalidCursor('POSITION_NOT_FOUND', `The cursor position ${lastResponseId} is not found.`);
    return this.#released + index + 1;
  }

  #wake(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers<void>();
  }
}

async function changeOrAbort(changed: Promise<void>, signal: AbortSignal): Promise<void> {
  const aborted = Promise.withResolvers<void>();
  const wake = (): void => aborted.resolve();
  signal.addEventListener('abort', wake, { once: true });
  try {
    await Promise.race([changed, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', wake);
  }
}
