/** The Spark Connect service over gRPC. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { create, fromBinary, toBinary, type DescMessage, type MessageInitShape, type MessageShape } from '@bufbuild/protobuf';
import {
  Metadata, Server, ServerCredentials, status, type ServerUnaryCall, type ServerWritableStream, type ServiceDefinition, type ServiceError, type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import type { Clock } from '../../core/clock.ts';
import type { Logger } from '../../core/logger.ts';
import type { Session } from '../driver/session.ts';
import { analyzePlan } from './analysis.ts';
import { messageBytesMax } from './client-settings.ts';
import { applyConfigRequest } from './config-request.ts';
import { errorDetails, grpcError, invalidHandle, toSparkError } from './connect-error.ts';
import type { ConnectSession } from './connect-session.ts';
import { executePlan } from './execution.ts';
import {
  ExecutePlanRequestSchema, InterruptRequest_InterruptType as InterruptType, SparkConnectService, type ExecutePlanRequest, type ExecutePlanResponse,
  type InterruptRequest, type ReattachExecuteRequest, type ReleaseExecuteRequest,
} from './generated/spark/connect/base_pb.ts';
import { invalidPlan, required, unsupported } from './invalid-plan.ts';
import type { Operation } from './operation.ts';
import { defaultRegistryLimits, SessionRegistry, type RegistryLimits, type SessionReference } from './session-registry.ts';

export interface ConnectServerOptions {
  readonly listen: { readonly host: string; readonly port: number };
  /** The application's secret; clients send it as `authorization: Bearer <secret>`. */
  readonly secret: Uint8Array;
  readonly newSession: () => Session;
  /** A fresh UUID. */
  readonly newId: () => string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly limits?: Partial<RegistryLimits>;
}

export interface ConnectServer {
  /** The port taken, when 0 was asked for. */
  readonly port: number;
  /** Sessions that clients have opened. */
  sessions(): readonly Session[];
  /** Cancels what runs, ends streams, closes the port. Idempotent. */
  close(): Promise<void>;
}

const sweepEveryMs = 30_000;
const streamsMax = 1000;

/** Rejects when the port cannot be bound. */
export async function createConnectServer(options: ConnectServerOptions): Promise<ConnectServer> {
  const { clock, newId, newSession, listen } = options;
  const limits = { ...defaultRegistryLimits, ...options.limits };
  const registry = new SessionRegistry({ newSession, newId, nowMs: () => clock.nowMs(), limits });
  const stopped = new AbortController();
  const service = new ConnectService(registry, options, stopped.signal);
  const server = new Server({
    'grpc.max_receive_message_length': messageBytesMax, 'grpc.max_send_message_length': -1, 'grpc.max_concurrent_streams': streamsMax,
  });
  server.addService(serviceDefinition(), service.implementation());
  const port = await new Promise<number>((resolve, reject) => {
    const host = listen.host.includes(':') ? `[${listen.host}]` : listen.host;
    server.bindAsync(`${host}:${listen.port}`, ServerCredentials.createInsecure(), (error, bound) => (error === null ? resolve(bound) : reject(error)));
  });
  const sweeping = sweep(registry, clock, stopped.signal);
  return {
    port,
    sessions: () => registry.sessions(),
    close: async () => {
      stopped.abort();
      registry.closeAll();
      server.forceShutdown();
      await sweeping;
    },
  };
}

async function sweep(registry: SessionRegistry, clock: Clock, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await clock.sleep(sweepEveryMs, signal).catch(() => {});
    registry.sweep();
  }
}

/** Methods with their codecs, from the generated description of the service. */
function serviceDefinition(): ServiceDefinition {
  return Object.fromEntries(SparkConnectService.methods.map((method) => [method.localName, {
    path: `/${SparkConnectService.typeName}/${method.name}`,
    requestStream: method.methodKind === 'client_streaming' || method.methodKind === 'bidi_streaming',
    responseStream: method.methodKind === 'server_streaming' || method.methodKind === 'bidi_streaming',
    requestSerialize: (message: MessageShape<DescMessage>) => Buffer.from(toBinary(method.input, message)),
    requestDeserialize: (bytes: Buffer) => fromBinary(method.input, bytes),
    responseSerialize: (message: MessageShape<DescMessage>) => Buffer.from(toBinary(method.output, message)),
    responseDeserialize: (bytes: Buffer) => fromBinary(method.output, bytes),
  }]));
}

type Methods = typeof SparkConnectService.method;
type UnaryName = { [Name in keyof Methods]: Methods[Name]['methodKind'] extends 'unary' ? Name : never }[keyof Methods];
type Answer<Name extends keyof Methods> = MessageInitShape<Methods[Name]['output']>;
type Request<Name extends keyof Methods> = MessageShape<Methods[Name]['input']>;
type UnaryHandler<Name extends UnaryName> = (request: Request<Name>, session: ConnectSession) => Answer<Name> | Promise<Answer<Name>>;
type Callback = (error: Partial<ServiceError> | null, value?: unknown) => void;
type Stream = ServerWritableStream<unknown, ExecutePlanResponse>;

class ConnectService {
  readonly #registry: SessionRegistry;
  readonly #options: ConnectServerOptions;
  readonly #secretDigest: Buffer;
  readonly #stopped: AbortSignal;

  constructor(registry: SessionRegistry, options: ConnectServerOptions, stopped: AbortSignal) {
    this.#registry = registry;
    this.#options = options;
    this.#secretDigest = digest(options.secret);
    this.#stopped = stopped;
  }

  implementation(): UntypedServiceImplementation {
    const refused = (_call: unknown, callback: Callback): void => callback(grpcError(unsupported('artifacts (addArtifact, Python functions)', 'Put files where driver and executors can read them.')));
    return {
      executePlan: (call: Stream) => this.#stream(call, (request: ExecutePlanRequest, session) => this.#execute(request, session, call)),
      reattachExecute: (call: Stream) => this.#stream(call, (request: ReattachExecuteRequest, session) =>
        this.#send(call, session.operation(request.operationId), request.lastResponseId)),
      analyzePlan: this.#unary('analyzePlan', async (request, { session }) => ({ result: await analyzePlan(request, session, this.#stopped) })),
      config: this.#unary('config', (request, { session }) => ({ pairs: [...applyConfigRequest(required(request.operation, 'the operation'), session.conf)] })),
      addArtifacts: refused,
      artifactStatus: this.#unary('artifactStatus', (request) => ({ statuses: Object.fromEntries(request.names.map((name) => [name, { exists: false }])) })),
      interrupt: this.#unary('interrupt', (request, session) => ({ interruptedIds: interrupt(request, session) })),
      releaseExecute: this.#unary('releaseExecute', (request, session) => releaseExecute(request, session)),
      releaseSession: (call: ServerUnaryCall<SessionReference, unknown>, callback: Callback) => this.#releaseSession(call, callback),
      fetchErrorDetails: this.#unary('fetchErrorDetails', (request, session) => {
        const error = session.takeError(request.errorId);
        return error === undefined ? {} : { rootErrorIdx: 0, errors: [...errorDetails(error)] };
      }),
      cloneSession: (_call: unknown, callback: Callback) => callback(grpcError(unsupported('cloning a session', 'Open a new session.'))),
      getStatus: (_call: unknown, callback: Callback) => callback(grpcError(unsupported('the request GetStatus of Spark Connect'))),
    };
  }

  /** A handler of one answer: authentication, session, ids of the answer, errors. */
  #unary<Name extends UnaryName>(name: Name, handle: UnaryHandler<Name>): (call: ServerUnaryCall<Request<Name>, unknown>, callback: Callback) => void {
    const output = SparkConnectService.method[name].output as DescMessage;
    const answer = async (call: ServerUnaryCall<Request<Name>, unknown>, callback: Callback): Promise<void> => {
      const refusal = this.#authenticate(call.metadata);
      if (refusal !== undefined) return callback(refusal);
      let session: ConnectSession | undefined;
      try {
        session = this.#registry.open(call.request as SessionReference);
        const content = await handle(call.request, session);
        const ids = { sessionId: session.sessionId, serverSideSessionId: session.serverSideSessionId };
        return callback(null, create(output, { ...content, ...ids } as MessageInitShape<DescMessage>));
      } catch (error) {
        return callback(this.#failure(error, session));
      }
    };
    return (call, callback) => void answer(call, callback);
  }

  /** A handler of a stream of responses. Ends the call whatever happens. */
  #stream<Input extends SessionReference>(call: Stream, handle: (request: Input, session: ConnectSession) => Promise<void>): void {
    const refusal = this.#authenticate(call.metadata);
    if (refusal !== undefined) {
      call.emit('error', refusal);
      return;
    }
    let session: ConnectSession | undefined;
    const run = async (): Promise<void> => {
      session = this.#registry.open(call.request as Input);
      await handle(call.request as Input, session);
    };
    run().then(() => call.end(), (error: unknown) => {
      if (!call.cancelled) call.emit('error', this.#failure(error, session));
    });
  }

  async #execute(request: ExecutePlanRequest, session: ConnectSession, call: Stream): Promise<void> {
    const reattachable = request.requestOptions.some(({ requestOption }) => requestOption.case === 'reattachOptions' && requestOption.value.reattachable);
    const operationId = request.operationId === undefined || request.operationId === '' ? this.#options.newId() : request.operationId;
    if (!/^[0-9a-f-]{36}$/i.test(operationId)) throw invalidHandle('FORMAT', operationId, 'Handle must be an UUID string.');
    const plan = required(request.plan, 'the plan');
    const requestDigest = digest(toBinary(ExecutePlanRequestSchema, request)).toString('base64');
    const { operation, started } = session.open({ operationId, tags: request.tags, reattachable, requestDigest }, this.#options.clock.nowMs());
    if (started) {
      executePlan(plan, session, operation).then(() => operation.complete(), (error: unknown) => operation.fail(toSparkError(error)));
    }
    try {
      await this.#send(call, operation, undefined);
    } finally {
      if (!reattachable) session.close(operation);
    }
  }

  /** Writes responses as fast as the client takes them. */
  async #send(call: Stream, operation: Operation, lastResponseId: string | undefined): Promise<void> {
    const gone = new AbortController();
    call.once('cancelled', () => gone.abort());
    const signal = AbortSignal.any([gone.signal, this.#stopped]);
    for await (const response of operation.read(lastResponseId, signal, () => this.#options.clock.nowMs())) {
      if (!call.write(response)) await drained(call, signal);
      if (!operation.identity.reattachable) operation.release(response.responseId);
    }
  }

  /** Closing a session that is not there is no error. */
  #releaseSession(call: ServerUnaryCall<SessionReference, unknown>, callback: Callback): void {
    const refusal = this.#authenticate(call.metadata);
    if (refusal !== undefined) return callback(refusal);
    const session = this.#registry.find(call.request);
    if (session !== undefined) this.#registry.close(session);
    const answer = { sessionId: call.request.sessionId, serverSideSessionId: session?.serverSideSessionId ?? '' };
    callback(null, create(SparkConnectService.method.releaseSession.output, answer));
  }

  #failure(error: unknown, session: ConnectSession | undefined): Partial<ServiceError> {
    if (this.#stopped.aborted) return { code: status.UNAVAILABLE, details: 'The driver is stopping.' };
    const failure = toSparkError(error);
    if (failure.errorClass === 'INTERNAL_ERROR') this.#options.logger.error({ err: error }, 'a Spark Connect request failed inside the engine');
    return grpcError(failure, session?.remember(failure));
  }

  /**
   * Undefined when the secret is right. Compared by digest, in constant time. PySpark's own `;token=` demands TLS from every host
   * but `localhost`; other parameters of its URL are sent as metadata, so `;authorization=` works without.
   */
  #authenticate(metadata: Metadata): Partial<ServiceError> | undefined {
    const [header] = metadata.get('authorization');
    const token = typeof header === 'string' ? /^Bearer (.+)$/i.exec(header)?.[1] : undefined;
    const right = timingSafeEqual(digest(Buffer.from(token ?? '')), this.#secretDigest);
    if (token !== undefined && right) return undefined;
    return { code: status.UNAUTHENTICATED, details: 'Send the application\'s secret as metadata `authorization: Bearer <secret>` (PySpark: sc://host:15002/;authorization=Bearer%20<secret>).' };
  }
}

function interrupt(request: InterruptRequest, session: ConnectSession): string[] {
  const chosen = session.operations().filter((operation) => {
    switch (request.interruptType) {
      case InterruptType.ALL: return true;
      case InterruptType.TAG: return request.interrupt.case === 'operationTag' && operation.identity.tags.includes(request.interrupt.value);
      case InterruptType.OPERATION_ID: return request.interrupt.case === 'operationId' && operation.identity.operationId === request.interrupt.value;
      default: throw invalidPlan(`the interrupt type ${String(request.interruptType)} is unknown`);
    }
  });
  return chosen.filter((operation) => operation.interrupt()).map((operation) => operation.identity.operationId);
}

function releaseExecute(request: ReleaseExecuteRequest, session: ConnectSession): { readonly operationId?: string } {
  const operation = session.operations().find((each) => each.identity.operationId === request.operationId);
  // Released before: nothing to do, and the answer names no operation.
  if (operation === undefined) return {};
  if (request.release.case === 'releaseUntil') operation.release(request.release.value.responseId);
  else session.close(operation);
  return { operationId: request.operationId };
}

function digest(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}

/** Resolves when the client has taken what was written, or is gone. */
async function drained(call: Stream, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    call.once('drain', resolve);
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
