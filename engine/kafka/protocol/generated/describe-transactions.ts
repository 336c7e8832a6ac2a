// Generated from ../tables by `make generate`.
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

export interface DescribeTransactionsRequest {
  readonly transactionalIds: readonly string[];
}
export interface DescribeTransactionsRequestInput {
  readonly transactionalIds?: readonly string[] | undefined;
}

export function readDescribeTransactionsRequest(reader: Reader, version: number): DescribeTransactionsRequest {
  const flexible = true;
  let transactionalIds: readonly string[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listTransactionalIds: string[] = [];
    for (; count > 0; count -= 1) listTransactionalIds.push(reader.string(flexible));
    transactionalIds = listTransactionalIds;
  }
  reader.skipTagged();
  return { transactionalIds };
}

export function writeDescribeTransactionsRequest(writer: Writer, message: DescribeTransactionsRequestInput, version: number): void {
  const flexible = true;
  {
    const list = message.transactionalIds ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writer.string(each, flexible);
  }
  writer.varint(0);
}

export interface DescribeTransactionsResponse {
  readonly throttleTimeMs: number;
  readonly transactionStates: readonly ResponseTransactionState[];
}
export interface DescribeTransactionsResponseInput {
  readonly throttleTimeMs?: number | undefined;
  readonly transactionStates?: readonly ResponseTransactionStateInput[] | undefined;
}

export function readDescribeTransactionsResponse(reader: Reader, version: number): DescribeTransactionsResponse {
  const flexible = true;
  let throttleTimeMs: number = 0;
  throttleTimeMs = reader.int32();
  let transactionStates: readonly ResponseTransactionState[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listTransactionStates: ResponseTransactionState[] = [];
    for (; count > 0; count -= 1) listTransactionStates.push(readResponseTransactionState(reader, version));
    transactionStates = listTransactionStates;
  }
  reader.skipTagged();
  return { throttleTimeMs, transactionStates };
}

export function writeDescribeTransactionsResponse(writer: Writer, message: DescribeTransactionsResponseInput, version: number): void {
  const flexible = true;
  writer.int32(message.throttleTimeMs ?? 0);
  {
    const list = message.transactionStates ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseTransactionState(writer, each, version);
  }
  writer.varint(0);
}

export interface ResponseTransactionState {
  readonly errorCode: number;
  readonly transactionalId: string;
  readonly transactionState: string;
  readonly transactionTimeoutMs: number;
  readonly transactionStartTimeMs: number;
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly topics: readonly ResponseTopicData[];
}
export interface ResponseTransactionStateInput {
  readonly errorCode?: number | undefined;
  readonly transactionalId?: string | undefined;
  readonly transactionState?: string | undefined;
  readonly transactionTimeoutMs?: number | undefined;
  readonly transactionStartTimeMs?: number | undefined;
  readonly producerId?: number | undefined;
  readonly producerEpoch?: number | undefined;
  readonly topics?: readonly ResponseTopicDataInput[] | undefined;
}

export function readResponseTransactionState(reader: Reader, version: number): ResponseTransactionState {
  const flexible = true;
  let errorCode: number = 0;
  errorCode = reader.int16();
  let transactionalId: string = '';
  transactionalId = reader.string(flexible);
  let transactionState: string = '';
  transactionState = reader.string(flexible);
  let transactionTimeoutMs: number = 0;
  transactionTimeoutMs = reader.int32();
  let transactionStartTimeMs: number = 0;
  transactionStartTimeMs = reader.int64();
  let producerId: number = 0;
  producerId = reader.int64();
  let producerEpoch: number = 0;
  producerEpoch = reader.int16();
  let topics: readonly ResponseTopicData[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listTopics: ResponseTopicData[] = [];
    for (; count > 0; count -= 1) listTopics.push(readResponseTopicData(reader, version));
    topics = listTopics;
  }
  reader.skipTagged();
  return { errorCode, transactionalId, transactionState, transactionTimeoutMs, transactionStartTimeMs, producerId, producerEpoch, topics };
}

export function writeResponseTransactionState(writer: Writer, message: ResponseTransactionStateInput, version: number): void {
  const flexible = true;
  writer.int16(message.errorCode ?? 0);
  writer.string(message.transactionalId ?? '', flexible);
  writer.string(message.transactionState ?? '', flexible);
  writer.int32(message.transactionTimeoutMs ?? 0);
  writer.int64(message.transactionStartTimeMs ?? 0);
  writer.int64(message.producerId ?? 0);
  writer.int16(message.producerEpoch ?? 0);
  {
    const list = message.topics ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseTopicData(writer, each, version);
  }
  writer.varint(0);
}

export interface ResponseTopicData {
  readonly topic: string;
  readonly partitions: readonly number[];
}
export interface ResponseTopicDataInput {
  readonly topic?: string | undefined;
  readonly partitions?: readonly number[] | undefined;
}

export function readResponseTopicData(reader: Reader, version: number): ResponseTopicData {
  const flexible = true;
  let topic: string = '';
  topic = reader.string(flexible);
  let partitions: readonly number[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listPartitions: number[] = [];
    for (; count > 0; count -= 1) listPartitions.push(reader.int32());
    partitions = listPartitions;
  }
  reader.skipTagged();
  return { topic, partitions };
}

export function writeResponseTopicData(writer: Writer, message: ResponseTopicDataInput, version: number): void {
  const flexible = true;
  writer.string(message.topic ?? '', flexible);
  {
    const list = message.partitions ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writer.int32(each);
  }
  writer.varint(0);
}
