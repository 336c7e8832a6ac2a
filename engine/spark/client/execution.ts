/**
 * Runs one plan. Executions are reattachable: when the stream breaks, the client asks for what follows the last response it
 * saw; what it has seen it releases, so that the server can forget it.
 */
import type { ExecutePlanResponse } from '../connect/generated/spark/connect/base_pb.ts';
import { SparkError } from './client-error.ts';
import { interruptOperation, type PlanInit } from './message.ts';
import type { Transport } from './transport.ts';

export interface ClientIdentity {
  readonly sessionId: string;
  readonly userContext: { readonly userId: string };
  readonly clientType: string;
}

export interface ExecutionContext {
  readonly transport: Transport;
  readonly identity: ClientIdentity;
  readonly newId: () => string;
  /** Waits between attempts to reattach. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** Attempts without any response in between, after which the connection counts as lost. */
const attemptsMax = 8;
const waitMs = (attempt: number): number => Math.min(4000, 50 * 2 ** attempt);

/** The plan's responses, the last (`resultComplete`) left out. On abort or early end the server is told to stop. */
export async function* execute(plan: PlanInit, context: ExecutionContext, signal?: AbortSignal): AsyncGenerator<ExecutePlanResponse> {
  const { transport, identity } = context;
  const operationId = context.newId();
  const progress: Progress = { lastResponseId: undefined, attempts: 0, started: false };
  let finished = false;
  try {
    for (;;) {
      try {
        for await (const response of open(plan, context, operationId, progress, signal)) {
          progress.started = true;
          progress.attempts = 0;
          progress.lastResponseId = response.responseId;
          if (response.responseType.case === 'resultComplete') {
            finished = true;
            return;
          }
          yield response;
          if (response.responseType.case === 'arrowBatch') await released(context, { case: 'releaseUntil', value: { responseId: response.responseId } }, operationId);
        }
      } catch (error) {
        await mayGoOn(error, progress, context, signal);
        continue;
      }
      // The server ends long streams on purpose; what is left comes by reattaching.
      await mayGoOn(new SparkError({ errorClass: 'CONNECTION_FAILED', message: '[CONNECTION_FAILED] The server ended the stream before the result was complete.', retryable: true }), progress, context, signal);
    }
  } finally {
    if (!finished && signal?.aborted === true) {
      await transport.unary('interrupt', { ...identity, interruptType: interruptOperation, interrupt: { case: 'operationId', value: operationId } }).catch(ignoreLoss);
    }
    await released(context, { case: 'releaseAll', value: {} }, operationId);
  }
}

interface Progress {
  lastResponseId: string | undefined;
  attempts: number;
  /** Whether the server has the operation for sure. */
  started: boolean;
}

function open(plan: PlanInit, { transport, identity }: ExecutionContext, operationId: string, progress: Progress, signal?: AbortSignal): AsyncIterable<ExecutePlanResponse> {
  if (!progress.started) {
    // The same operation id again is the same operation, so sending twice does not run it twice.
    const requestOptions = [{ requestOption: { case: 'reattachOptions' as const, value: { reattachable: true } } }];
    return transport.stream('executePlan', { ...identity, operationId, plan, requestOptions }, signal);
  }
  const last = progress.lastResponseId;
  return transport.stream('reattachExecute', { ...identity, operationId, ...(last === undefined ? {} : { lastResponseId: last }) }, signal);
}

/** Returns after a pause when another attempt makes sense; else throws the error. */
async function mayGoOn(error: unknown, progress: Progress, { sleep }: ExecutionContext, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  if (!(error instanceof SparkError) || !error.retryable || progress.attempts >= attemptsMax) throw error;
  progress.attempts += 1;
  await sleep(waitMs(progress.attempts), signal);
}

type Release = { readonly case: 'releaseAll'; readonly value: object } | { readonly case: 'releaseUntil'; readonly value: { readonly responseId: string } };

/** Only saves the server memory: a failure loses nothing. */
async function released({ transport, identity }: ExecutionContext, release: Release, operationId: string): Promise<void> {
  await transport.unary('releaseExecute', { ...identity, operationId, release }).catch(ignoreLoss);
}

function ignoreLoss(error: unknown): void {
  if (!(error instanceof SparkError)) throw error;
}
