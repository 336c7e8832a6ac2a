// Generated from ../tables by `make generate`.
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

export interface DeleteRecordsRequest {
  readonly topics: readonly RequestDeleteRecordsTopic[];
  readonly timeoutMs: number;
}
export interface DeleteRecordsRequestInput {
  readonly topics?: readonly RequestDeleteRecordsTopicInput[] | undefined;
  readonly timeoutMs?: number | undefined;
}

export function readDeleteRecordsRequest(reader: Reader, version: number): DeleteRecordsRequest {
  const flexible = version >= 2;
  let topics: readonly RequestDeleteRecordsTopic[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listTopics: RequestDeleteRecordsTopic[] = [];
    for (; count > 0; count -= 1) listTopics.push(readRequestDeleteRecordsTopic(reader, version));
    topics = listTopics;
  }
  let timeoutMs: number = 0;
  timeoutMs = reader.int32();
  if (flexible) reader.skipTagged();
  return { topics, timeoutMs };
}

export function writeDeleteRecordsRequest(writer: Writer, message: DeleteRecordsRequestInput, version: number): void {
  const flexible = version >= 2;
  {
    const list = message.topics ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeRequestDeleteRecordsTopic(writer, each, version);
  }
  writer.int32(message.timeoutMs ?? 0);
  if (flexible) writer.varint(0);
}

export interface RequestDeleteRecordsTopic {
  readonly name: string;
  readonly partitions: readonly RequestDeleteRecordsPartition[];
}
export interface RequestDeleteRecordsTopicInput {
  readonly name?: string | undefined;
  readonly partitions?: readonly RequestDeleteRecordsPartitionInput[] | undefined;
}

export function readRequestDeleteRecordsTopic(reader: Reader, version: number): RequestDeleteRecordsTopic {
  const flexible = version >= 2;
  let name: string = '';
  name = reader.string(flexible);
  let partitions: readonly RequestDeleteRecordsPartition[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listPartitions: RequestDeleteRecordsPartition[] = [];
    for (; count > 0; count -= 1) listPartitions.push(readRequestDeleteRecordsPartition(reader, version));
    partitions = listPartitions;
  }
  if (flexible) reader.skipTagged();
  return { name, partitions };
}

export function writeRequestDeleteRecordsTopic(writer: Writer, message: RequestDeleteRecordsTopicInput, version: number): void {
  const flexible = version >= 2;
  writer.string(message.name ?? '', flexible);
  {
    const list = message.partitions ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeRequestDeleteRecordsPartition(writer, each, version);
  }
  if (flexible) writer.varint(0);
}

export interface RequestDeleteRecordsPartition {
  readonly partitionIndex: number;
  readonly offset: number;
}
export interface RequestDeleteRecordsPartitionInput {
  readonly partitionIndex?: number | undefined;
  readonly offset?: number | undefined;
}

export function readRequestDeleteRecordsPartition(reader: Reader, version: number): RequestDeleteRecordsPartition {
  const flexible = version >= 2;
  let partitionIndex: number = 0;
  partitionIndex = reader.int32();
  let offset: number = 0;
  offset = reader.int64();
  if (flexible) reader.skipTagged();
  return { partitionIndex, offset };
}

export function writeRequestDeleteRecordsPartition(writer: Writer, message: RequestDeleteRecordsPartitionInput, version: number): void {
  const flexible = version >= 2;
  writer.int32(message.partitionIndex ?? 0);
  writer.int64(message.offset ?? 0);
  if (flexible) writer.varint(0);
}

export interface DeleteRecordsResponse {
  readonly throttleTimeMs: number;
  readonly topics: readonly ResponseDeleteRecordsTopicResult[];
}
export interface DeleteRecordsResponseInput {
  readonly throttleTimeMs?: number | undefined;
  readonly topics?: readonly ResponseDeleteRecordsTopicResultInput[] | undefined;
}

export function readDeleteRecordsResponse(reader: Reader, version: number): DeleteRecordsResponse {
  const flexible = version >= 2;
  let throttleTimeMs: number = 0;
  throttleTimeMs = reader.int32();
  let topics: readonly ResponseDeleteRecordsTopicResult[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listTopics: ResponseDeleteRecordsTopicResult[] = [];
    for (; count > 0; count -= 1) listTopics.push(readResponseDeleteRecordsTopicResult(reader, version));
    topics = listTopics;
  }
  if (flexible) reader.skipTagged();
  return { throttleTimeMs, topics };
}

export function writeDeleteRecordsResponse(writer: Writer, message: DeleteRecordsResponseInput, version: number): void {
  const flexible = version >= 2;
  writer.int32(message.throttleTimeMs ?? 0);
  {
    const list = message.topics ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseDeleteRecordsTopicResult(writer, each, version);
  }
  if (flexible) writer.varint(0);
}

export interface ResponseDeleteRecordsTopicResult {
  readonly name: string;
  readonly partitions: readonly ResponseDeleteRecordsPartitionResult[];
}
export interface ResponseDeleteRecordsTopicResultInput {
  readonly name?: string | undefined;
  readonly partitions?: readonly ResponseDeleteRecordsPartitionResultInput[] | undefined;
}

export function readResponseDeleteRecordsTopicResult(reader: Reader, version: number): ResponseDeleteRecordsTopicResult {
  const flexible = version >= 2;
  let name: string = '';
  name = reader.string(flexible);
  let partitions: readonly ResponseDeleteRecordsPartitionResult[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listPartitions: ResponseDeleteRecordsPartitionResult[] = [];
    for (; count > 0; count -= 1) listPartitions.push(readResponseDeleteRecordsPartitionResult(reader, version));
    partitions = listPartitions;
  }
  if (flexible) reader.skipTagged();
  return { name, partitions };
}

export function writeResponseDeleteRecordsTopicResult(writer: Writer, message: ResponseDeleteRecordsTopicResultInput, version: number): void {
  const flexible = version >= 2;
  writer.string(message.name ?? '', flexible);
  {
    const list = message.partitions ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseDeleteRecordsPartitionResult(writer, each, version);
  }
  if (flexible) writer.varint(0);
}

export interface ResponseDeleteRecordsPartitionResult {
  readonly partitionIndex: number;
  readonly lowWatermark: number;
  readonly errorCode: number;
}
export interface ResponseDeleteRecordsPartitionResultInput {
  readonly partitionIndex?: number | undefined;
  readonly lowWatermark?: number | undefined;
  readonly errorCode?: number | undefined;
}

export function readResponseDeleteRecordsPartitionResult(reader: Reader, version: number): ResponseDeleteRecordsPartitionResult {
  const flexible = version >= 2;
  let partitionIndex: number = 0;
  partitionIndex = reader.int32();
  let lowWatermark: number = 0;
  lowWatermark = reader.int64();
  let errorCode: number = 0;
  errorCode = reader.int16();
  if (flexible) reader.skipTagged();
  return { partitionIndex, lowWatermark, errorCode };
}

export function writeResponseDeleteRecordsPartitionResult(writer: Writer, message: ResponseDeleteRecordsPartitionResultInput, version: number): void {
  const flexible = version >= 2;
  writer.int32(message.partitionIndex ?? 0);
  writer.int64(message.lowWatermark ?? 0);
  writer.int16(message.errorCode ?? 0);
  if (flexible) writer.varint(0);
}
