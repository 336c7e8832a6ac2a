/** The transport over @grpc/grpc-js. Loaded when a session first calls the server, not when the package is imported. */
import { create, fromBinary, toBinary, type DescMessage, type MessageInitShape, type MessageShape } from '@bufbuild/protobuf';
import { anyIs, anyUnpack } from '@bufbuild/protobuf/wkt';
import { Client, credentials, Metadata, status, type ServiceError } from '@grpc/grpc-js';
import { ErrorInfoSchema } from '../connect/generated/google/rpc/error_details_pb.ts';
import { StatusSchema } from '../connect/generated/google/rpc/status_pb.ts';
import { SparkConnectService, type ExecutePlanResponse } from '../connect/generated/spark/connect/base_pb.ts';
import { SparkError } from './client-error.ts';
import type { Remote } from './remote.ts';
import type { Answer, Methods, RequestInit, StreamMethod, Transport, UnaryMethod } from './transport.ts';

/** Bytes of one message: the server's and PySpark's limit. */
const messageBytesMax = 128 * 1024 * 1024;

const retryableCodes: ReadonlySet<number> = new Set([status.UNAVAILABLE, status.DEADLINE_EXCEEDED, status.ABORTED]);

/** The error class, SQLSTATE and parameters that the status's details carry. */
export function errorOf(error: unknown): SparkError {
  if (error instanceof SparkError) return error;
  const failure = error as Partial<ServiceError>;
  const [bytes] = failure.metadata?.get('grpc-status-details-bin') ?? [];
  const details = bytes === undefined || typeof bytes === 'string' ? undefined : fromBinary(StatusSchema, bytes);
  const packed = details?.details.find((each) => anyIs(each, ErrorInfoSchema));
  const info = packed === undefined ? undefined : anyUnpack(packed, ErrorInfoSchema)?.metadata;
  const code = failure.code ?? status.UNKNOWN;
  if (info?.['errorClass'] !== undefined) {
    const { errorClass, sqlState, messageParameters } = info;
    return new SparkError({
      errorClass, message: details?.message ?? String(failure.details), cause: error, parameters: parametersOf(messageParameters),
      ...(sqlState === undefined ? {} : { sqlState }), retryable: errorClass === 'INVALID_CURSOR.DISCONNECTED',
    });
  }
  const errorClass = code === status.UNAUTHENTICATED ? 'UNAUTHENTICATED' : code === status.CANCELLED ? 'OPERATION_CANCELED' : 'CONNECTION_FAILED';
  const message = `[${errorClass}] The call to the Spark Connect server failed: ${status[code] ?? code}: ${failure.details ?? String(error)}`;
  return new SparkError({ errorClass, message, cause: error, retryable: retryableCodes.has(code) });
}

function parametersOf(text: string | undefined): Readonly<Record<string, string>> {
  if (text === undefined) return {};
  try {
    return JSON.parse(text) as Readonly<Record<string, string>>;
  } catch {
    // The server's own bug would otherwise hide the error it reports.
    return {};
  }
}

export class GrpcTransport implements Transport {
  readonly #client: Client;
  readonly #token: string | undefined;

  constructor(remote: Remote) {
    this.#client = new Client(`${remote.host}:${remote.port}`, remote.tls ? credentials.createSsl() : credentials.createInsecure(), {
      'grpc.max_receive_message_length': messageBytesMax, 'grpc.max_send_message_length': messageBytesMax,
    });
    this.#token = remote.token;
  }

  unary<Name extends UnaryMethod>(name: Name, request: RequestInit<Name>, signal?: AbortSignal): Promise<Answer<Name>> {
    const { path, encode, decode } = codec(name);
    signal?.throwIfAborted();
    return new Promise((resolve, reject) => {
      const call = this.#client.makeUnaryRequest(path, encode, decode, request, this.#metadata(), (error, value) => {
        signal?.removeEventListener('abort', cancel);
        if (error === null && value !== undefined) resolve(value as Answer<Name>);
        else reject(signal?.aborted === true ? signal.reason : errorOf(error));
      });
      const cancel = (): void => call.cancel();
      signal?.addEventListener('abort', cancel, { once: true });
    });
  }

  async *stream<Name extends StreamMethod>(name: Name, request: RequestInit<Name>, signal?: AbortSignal): AsyncIterable<ExecutePlanResponse> {
    const { path, encode, decode } = codec(name);
    signal?.throwIfAborted();
    const call = this.#client.makeServerStreamRequest(path, encode, decode, request, this.#metadata());
    const cancel = (): void => call.cancel();
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      for await (const response of call) yield response as ExecutePlanResponse;
    } catch (error) {
      throw signal?.aborted === true ? signal.reason : errorOf(error);
    } finally {
      signal?.removeEventListener('abort', cancel);
      call.cancel();
    }
  }

  close(): void {
    this.#client.close();
  }

  #metadata(): Metadata {
    const metadata = new Metadata();
    if (this.#token !== undefined) metadata.set('authorization', `Bearer ${this.#token}`);
    return metadata;
  }
}

interface Codec {
  readonly path: string;
  readonly encode: (request: object) => Buffer;
  readonly decode: (bytes: Buffer) => MessageShape<DescMessage>;
}

function codec(name: keyof Methods): Codec {
  const method = SparkConnectService.method[name];
  return {
    path: `/${SparkConnectService.typeName}/${method.name}`,
    encode: (request) => Buffer.from(toBinary(method.input as DescMessage, create(method.input as DescMessage, request as MessageInitShape<DescMessage>))),
    decode: (bytes) => fromBinary(method.output as DescMessage, bytes),
  };
}
