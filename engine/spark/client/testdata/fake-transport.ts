/** A transport that answers from a script and keeps what it was asked. */
import { create, toJson, type DescMessage, type JsonValue, type MessageInitShape } from '@bufbuild/protobuf';
import { ExecutePlanResponseSchema, SparkConnectService, type ExecutePlanResponse } from '../../connect/generated/spark/connect/base_pb.ts';
import { Connection } from '../connection.ts';
import type { Answer, Methods, RequestInit, StreamMethod, Transport, UnaryMethod } from '../transport.ts';

export type Response = MessageInitShape<typeof ExecutePlanResponseSchema> | Error;

export class FakeTransport implements Transport {
  /** `name` and the request as protobuf's JSON. */
  readonly calls: { readonly name: string; readonly request: JsonValue }[] = [];
  closed = false;
  readonly #streams: readonly (readonly Response[])[];
  readonly #answers: Readonly<Partial<Record<UnaryMethod, object>>>;
  #next = 0;

  /** The n-th stream gives the n-th list; an Error in it breaks the stream there. */
  constructor(streams: readonly (readonly Response[])[] = [], answers: Readonly<Partial<Record<UnaryMethod, object>>> = {}) {
    this.#streams = streams;
    this.#answers = answers;
  }

  async unary<Name extends UnaryMethod>(name: Name, request: RequestInit<Name>): Promise<Answer<Name>> {
    this.#keep(name, request);
    return create(SparkConnectService.method[name].output as DescMessage, (this.#answers[name] ?? {}) as Record<string, unknown>) as Answer<Name>;
  }

  async *stream<Name extends StreamMethod>(name: Name, request: RequestInit<Name>): AsyncIterable<ExecutePlanResponse> {
    this.#keep(name, request);
    const responses = this.#streams[this.#next] ?? [];
    this.#next += 1;
    for (const response of responses) {
      if (response instanceof Error) throw response;
      yield create(ExecutePlanResponseSchema, response);
    }
  }

  close(): void {
    this.closed = true;
  }

  names(): readonly string[] {
    return this.calls.map(({ name }) => name);
  }

  #keep(name: keyof Methods, request: object): void {
    const { input } = SparkConnectService.method[name];
    this.calls.push({ name, request: toJson(input as DescMessage, create(input as DescMessage, request as MessageInitShape<DescMessage>)) });
  }
}

export const complete: Response = { responseId: 'last', responseType: { case: 'resultComplete', value: {} } };

export function connectionTo(transport: Transport): Connection {
  let ids = 0;
  return new Connection({
    transport: async () => transport, identity: { sessionId: 'session', userContext: { userId: 'me' }, clientType: 'test' },
    newId: () => `operation-${(ids += 1)}`, sleep: async () => undefined,
  });
}
