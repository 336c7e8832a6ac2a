// Generated from ../tables by `make generate`.
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

export interface DescribeProducersRequest {
  readonly topics: readonly RequestTopicRequest[];
}
export interface DescribeProducersRequestInput {
  readonly topics?: readonly RequestTopicRequestInput[] | undefined;
}

export function readDescribeProducersRequest(reader: Reader, version: number): DescribeProducersRequest {
  const flexible = true;
  let topics: readonly RequestTopicRequest[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listTopics: RequestTopicRequest[] = [];
    for (; count > 0; count -= 1) listTopics.push(readRequestTopicRequest(reader, version));
    topics = listTopics;
  }
  reader.skipTagged();
  return { topics };
}

export function writeDescribeProducersRequest(writer: Writer, message: DescribeProducersRequestInput, version: number): void {
  const flexible = true;
  {
    const list = message.topics ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeRequestTopicRequest(writer, each, version);
  }
  writer.varint(0);
}

export interface RequestTopicRequest {
  readonly name: string;
  readonly partitionIndexes: readonly number[];
}
export interface RequestTopicRequestInput {
  readonly name?: string | undefined;
  readonly partitionIndexes?: readonly number[] | undefined;
}

export function readRequestTopicRequest(reader: Reader, version: number): RequestTopicRequest {
  const flexible = true;
  let name: string = '';
  name = reader.string(flexible);
  let partitionIndexes: readonly number[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listPartitionIndexes: number[] = [];
    for (; count > 0; count -= 1) listPartitionIndexes.push(reader.int32());
    partitionIndexes = listPartitionIndexes;
  }
  reader.skipTagged();
  return { name, partitionIndexes };
}

export function writeRequestTopicRequest(writer: Writer, message: RequestTopicRequestInput, version: number): void {
  const flexible = true;
  writer.string(message.name ?? '', flexible);
  {
    const list = message.partitionIndexes ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writer.int32(each);
  }
  writer.varint(0);
}

export interface DescribeProducersResponse {
  readonly throttleTimeMs: number;
  readonly topics: readonly ResponseTopicResponse[];
}
export interface DescribeProducersResponseInput {
  readonly throttleTimeMs?: number | undefined;
  readonly topics?: readonly ResponseTopicResponseInput[] | undefined;
}

export function readDescribeProducersResponse(reader: Reader, version: number): DescribeProducersResponse {
  const flexible = true;
  let throttleTimeMs: number = 0;
  throttleTimeMs = reader.int32();
  let topics: readonly ResponseTopicResponse[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listTopics: ResponseTopicResponse[] = [];
    for (; count > 0; count -= 1) listTopics.push(readResponseTopicResponse(reader, version));
    topics = listTopics;
  }
  reader.skipTagged();
  return { throttleTimeMs, topics };
}

export function writeDescribeProducersResponse(writer: Writer, message: DescribeProducersResponseInput, version: number): void {
  const flexible = true;
  writer.int32(message.throttleTimeMs ?? 0);
  {
    const list = message.topics ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseTopicResponse(writer, each, version);
  }
  writer.varint(0);
}

export interface ResponseTopicResponse {
  readonly name: string;
  readonly partitions: readonly ResponsePartitionResponse[];
}
export interface ResponseTopicResponseInput {
  readonly name?: string | undefined;
  readonly partitions?: readonly ResponsePartitionResponseInput[] | undefined;
}

export function readResponseTopicResponse(reader: Reader, version: number): ResponseTopicResponse {
  const flexible = true;
  let name: string = '';
  name = reader.string(flexible);
  let partitions: readonly ResponsePartitionResponse[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listPartitions: ResponsePartitionResponse[] = [];
    for (; count > 0; count -= 1) listPartitions.push(readResponsePartitionResponse(reader, version));
    partitions = listPartitions;
  }
  reader.skipTagged();
  return { name, partitions };
}

export function writeResponseTopicResponse(writer: Writer, message: ResponseTopicResponseInput, version: number): void {
  const flexible = true;
  writer.string(message.name ?? '', flexible);
  {
    const list = message.partitions ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponsePartitionResponse(writer, each, version);
  }
  writer.varint(0);
}

export interface ResponsePartitionResponse {
  readonly partitionIndex: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly activeProducers: readonly ResponseProducerState[];
}
export interface ResponsePartitionResponseInput {
  readonly partitionIndex?: number | undefined;
  readonly errorCode?: number | undefined;
  readonly errorMessage?: string | null | undefined;
  readonly activeProducers?: readonly ResponseProducerStateInput[] | undefined;
}

export function readResponsePartitionResponse(reader: Reader, version: number): ResponsePartitionResponse {
  const flexible = true;
  let partitionIndex: number = 0;
  partitionIndex = reader.int32();
  let errorCode: number = 0;
  errorCode = reader.int16();
  let errorMessage: string | null = null;
  errorMessage = reader.nullableString(flexible);
  let activeProducers: readonly ResponseProducerState[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listActiveProducers: ResponseProducerState[] = [];
    for (; count > 0; count -= 1) listActiveProducers.push(readResponseProducerState(reader, version));
    activeProducers = listActiveProducers;
  }
  reader.skipTagged();
  return { partitionIndex, errorCode, errorMessage, activeProducers };
}

export function writeResponsePartitionResponse(writer: Writer, message: ResponsePartitionResponseInput, version: number): void {
  const flexible = true;
  writer.int32(message.partitionIndex ?? 0);
  writer.int16(message.errorCode ?? 0);
  writer.nullableString(message.errorMessage === undefined ? null : message.errorMessage, flexible);
  {
    const list = message.activeProducers ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseProducerState(writer, each, version);
  }
  writer.varint(0);
}

export interface ResponseProducerState {
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly lastSequence: number;
  readonly lastTimestamp: number;
  readonly coordinatorEpoch: number;
  readonly currentTxnStartOffset: number;
}
export interface ResponseProducerStateInput {
  readonly producerId?: number | undefined;
  readonly producerEpoch?: number | undefined;
  readonly lastSequence?: number | undefined;
  readonly lastTimestamp?: number | undefined;
  readonly coordinatorEpoch?: number | undefined;
  readonly currentTxnStartOffset?: number | undefined;
}

export function readResponseProducerState(reader: Reader, version: number): ResponseProducerState {
  let producerId: number = 0;
  producerId = reader.int64();
  let producerEpoch: number = 0;
  producerEpoch = reader.int32();
  let lastSequence: number = -1;
  lastSequence = reader.int32();
  let lastTimestamp: number = -1;
  lastTimestamp = reader.int64();
  let coordinatorEpoch: number = 0;
  coordinatorEpoch = reader.int32();
  let currentTxnStartOffset: number = -1;
  currentTxnStartOffset = reader.int64();
  reader.skipTagged();
  return { producerId, producerEpoch, lastSequence, lastTimestamp, coordinatorEpoch, currentTxnStartOffset };
}

export function writeResponseProducerState(writer: Writer, message: ResponseProducerStateInput, version: number): void {
  writer.int64(message.producerId ?? 0);
  writer.int32(message.producerEpoch ?? 0);
  writer.int32(message.lastSequence ?? -1);
  writer.int64(message.lastTimestamp ?? -1);
  writer.int32(message.coordinatorEpoch ?? 0);
  writer.int64(message.currentTxnStartOffset ?? -1);
  writer.varint(0);
}
