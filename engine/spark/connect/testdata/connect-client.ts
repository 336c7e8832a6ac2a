/** A bare Spark Connect client for tests: messages in, messages out. */
import { create, fromBinary, toBinary, type DescMessage, type MessageInitShape, type MessageShape } from '@bufbuild/protobuf';
import { Client, credentials, Metadata, type ClientReadableStream, type ServiceError } from '@grpc/grpc-js';
import { StatusSchema } from '../generated/google/rpc/status_pb.ts';
import { ErrorInfoSchema } from '../generated/google/rpc/error_details_pb.ts';
import { anyUnpack } from '@bufbuild/protobuf/wkt';
import { SparkConnectService, type ExecutePlanRequestSchema, type ExecutePlanResponse, type ReattachExecuteRequestSchema } from '../generated/spark/connect/base_pb.ts';

type Methods = typeof SparkConnectService.method;

export class ConnectClient {
  readonly sessionId: string = crypto.randomUUID();
  readonly #client: Client;
  readonly #token: string | undefined;

  constructor(port: number, token: string | undefined) {
    this.#client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), { 'grpc.max_receive_message_length': -1 });
    this.#token = token;
  }

  async call<Name extends 'config' | 'analyzePlan' | 'interrupt' | 'releaseExecute' | 'releaseSession' | 'fetchErrorDetails' | 'artifactStatus'>(
    name: Name, request: MessageInitShape<Methods[Name]['input']>): Promise<MessageShape<Methods[Name]['output']>> {
    const method = SparkConnectService.method[name] as Methods[keyof Methods];
    const message = create(method.input as DescMessage, { sessionId: this.sessionId, ...request } as MessageInitShape<DescMessage>);
    return new Promise((resolve, reject) => {
      this.#client.makeUnaryRequest(`/${SparkConnectService.typeName}/${method.name}`, (each: MessageShape<DescMessage>) => Buffer.from(toBinary(method.input as DescMessage, each)),
        (bytes) => fromBinary(method.output as DescMessage, bytes) as never, message, this.#metadata(),
        (error, value) => (error === null && value !== undefined ? resolve(value) : reject(error)));
    });
  }

  execute(request: MessageInitShape<typeof ExecutePlanRequestSchema>): ClientReadableStream<ExecutePlanResponse> {
    return this.#stream('executePlan', request);
  }

  reattach(request: MessageInitShape<typeof ReattachExecuteRequestSchema>): ClientReadableStream<ExecutePlanResponse> {
    return this.#stream('reattachExecute', request);
  }

  close(): void {
    this.#client.close();
  }

  #stream(name: 'executePlan' | 'reattachExecute', request: object): ClientReadableStream<ExecutePlanResponse> {
    const method = SparkConnectService.method[name];
    const message = create(method.input as DescMessage, { sessionId: this.sessionId, ...request } as MessageInitShape<DescMessage>);
    return this.#client.makeServerStreamRequest(`/${SparkConnectService.typeName}/${method.name}`,
      (each: MessageShape<DescMessage>) => Buffer.from(toBinary(method.input as DescMessage, each)), (bytes) => fromBinary(method.output, bytes), message, this.#metadata());
  }

  #metadata(): Metadata {
    const metadata = new Metadata();
    if (this.#token !== undefined) metadata.set('authorization', `Bearer ${this.#token}`);
    return metadata;
  }
}

export async function readAll(stream: AsyncIterable<unknown>): Promise<ExecutePlanResponse[]> {
  const responses: ExecutePlanResponse[] = [];
  for await (const response of stream) responses.push(response as ExecutePlanResponse);
  return responses;
}

/** The ErrorInfo that a failed call carries. */
export function errorInfo(error: unknown): Readonly<Record<string, string>> {
  const [bytes] = (error as ServiceError).metadata.get('grpc-status-details-bin');
  if (bytes === undefined || typeof bytes === 'string') throw new Error('the error has no details');
  const [detail] = fromBinary(StatusSchema, bytes).details;
  const info = detail === undefined ? undefined : anyUnpack(detail, ErrorInfoSchema);
  if (info === undefined) throw new Error('the details hold no ErrorInfo');
  return info.metadata;
}
