/** What the client needs of gRPC: calls with one answer, and streams of responses. */
import type { MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import type { ExecutePlanResponse, SparkConnectService } from '../connect/generated/spark/connect/base_pb.ts';

export type Methods = (typeof SparkConnectService)['method'];
export type UnaryMethod = 'analyzePlan' | 'config' | 'interrupt' | 'releaseExecute' | 'releaseSession' | 'fetchErrorDetails';
export type StreamMethod = 'executePlan' | 'reattachExecute';
export type RequestInit<Name extends keyof Methods> = MessageInitShape<Methods[Name]['input']>;
export type Answer<Name extends keyof Methods> = MessageShape<Methods[Name]['output']>;

/** Failures are `SparkError`s; those of the connection are `retryable`. */
export interface Transport {
  unary<Name extends UnaryMethod>(name: Name, request: RequestInit<Name>, signal?: AbortSignal): Promise<Answer<Name>>;
  stream<Name extends StreamMethod>(name: Name, request: RequestInit<Name>, signal?: AbortSignal): AsyncIterable<ExecutePlanResponse>;
  close(): void;
}
