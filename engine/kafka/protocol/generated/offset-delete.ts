// Generated from ../tables by `make generate`.
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

export interface OffsetDeleteRequest {
  readonly groupId: string;
  readonly topics: readonly RequestOffsetDeleteRequestTopic[];
}
export interface OffsetDeleteRequestInput {
  readonly groupId?: string | undefined;
  readonly topics?: readonly RequestOffsetDeleteRequestTopicInput[] | undefined;
}

export function readOffsetDeleteRequest(reader: Reader, version: number): OffsetDeleteRequest {
  const flexible = false;
  let groupId: string = '';
  groupId = reader.string(flexible);
  let topics: readonly RequestOffsetDeleteRequestTopic[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listTopics: RequestOffsetDeleteRequestTopic[] = [];
    for (; count > 0; count -= 1) listTopics.push(readRequestOffsetDeleteRequestTopic(reader, version));
    topics = listTopics;
  }
  return { groupId, topics };
}

export function writeOffsetDeleteRequest(writer: Writer, message: OffsetDeleteRequestInput, version: number): void {
  const flexible = false;
  writer.string(message.groupId ?? '', flexible);
  {
    const list = message.topics ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeRequestOffsetDeleteRequestTopic(writer, each, version);
  }
}

export interface RequestOffsetDeleteRequestTopic {
  readonly name: string;
  readonly partitions: readonly RequestOffsetDeleteRequestPartition[];
}
export interface RequestOffsetDeleteRequestTopicInput {
  readonly name?: string | undefined;
  readonly partitions?: readonly RequestOffsetDeleteRequestPartitionInput[] | undefined;
}

export function readRequestOffsetDeleteRequestTopic(reader: Reader, version: number): RequestOffsetDeleteRequestTopic {
  const flexible = false;
  let name: string = '';
  name = reader.string(flexible);
  let partitions: readonly RequestOffsetDeleteRequestPartition[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listPartitions: RequestOffsetDeleteRequestPartition[] = [];
    for (; count > 0; count -= 1) listPartitions.push(readRequestOffsetDeleteRequestPartition(reader, version));
    partitions = listPartitions;
  }
  return { name, partitions };
}

export function writeRequestOffsetDeleteRequestTopic(writer: Writer, message: RequestOffsetDeleteRequestTopicInput, version: number): void {
  const flexible = false;
  writer.string(message.name ?? '', flexible);
  {
    const list = message.partitions ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeRequestOffsetDeleteRequestPartition(writer, each, version);
  }
}

export interface RequestOffsetDeleteRequestPartition {
  readonly partitionIndex: number;
}
export interface RequestOffsetDeleteRequestPartitionInput {
  readonly partitionIndex?: number | undefined;
}

export function readRequestOffsetDeleteRequestPartition(reader: Reader, version: number): RequestOffsetDeleteRequestPartition {
  let partitionIndex: number = 0;
  partitionIndex = reader.int32();
  return { partitionIndex };
}

export function writeRequestOffsetDeleteRequestPartition(writer: Writer, message: RequestOffsetDeleteRequestPartitionInput, version: number): void {
  writer.int32(message.partitionIndex ?? 0);
}

export interface OffsetDeleteResponse {
  readonly errorCode: number;
  readonly throttleTimeMs: number;
  readonly topics: readonly ResponseOffsetDeleteResponseTopic[];
}
export interface OffsetDeleteResponseInput {
  readonly errorCode?: number | undefined;
  readonly throttleTimeMs?: number | undefined;
  readonly topics?: readonly ResponseOffsetDeleteResponseTopicInput[] | undefined;
}

export function readOffsetDeleteResponse(reader: Reader, version: number): OffsetDeleteResponse {
  const flexible = false;
  let errorCode: number = 0;
  errorCode = reader.int16();
  let throttleTimeMs: number = 0;
  throttleTimeMs = reader.int32();
  let topics: readonly ResponseOffsetDeleteResponseTopic[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listTopics: ResponseOffsetDeleteResponseTopic[] = [];
    for (; count > 0; count -= 1) listTopics.push(readResponseOffsetDeleteResponseTopic(reader, version));
    topics = listTopics;
  }
  return { errorCode, throttleTimeMs, topics };
}

export function writeOffsetDeleteResponse(writer: Writer, message: OffsetDeleteResponseInput, version: number): void {
  const flexible = false;
  writer.int16(message.errorCode ?? 0);
  writer.int32(message.throttleTimeMs ?? 0);
  {
    const list = message.topics ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseOffsetDeleteResponseTopic(writer, each, version);
  }
}

export interface ResponseOffsetDeleteResponseTopic {
  readonly name: string;
  readonly partitions: readonly ResponseOffsetDeleteResponsePartition[];
}
export interface ResponseOffsetDeleteResponseTopicInput {
  readonly name?: string | undefined;
  readonly partitions?: readonly ResponseOffsetDeleteResponsePartitionInput[] | undefined;
}

export function readResponseOffsetDeleteResponseTopic(reader: Reader, version: number): ResponseOffsetDeleteResponseTopic {
  const flexible = false;
  let name: string = '';
  name = reader.string(flexible);
  let partitions: readonly ResponseOffsetDeleteResponsePartition[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listPartitions: ResponseOffsetDeleteResponsePartition[] = [];
    for (; count > 0; count -= 1) listPartitions.push(readResponseOffsetDeleteResponsePartition(reader, version));
    partitions = listPartitions;
  }
  return { name, partitions };
}

export function writeResponseOffsetDeleteResponseTopic(writer: Writer, message: ResponseOffsetDeleteResponseTopicInput, version: number): void {
  const flexible = false;
  writer.string(message.name ?? '', flexible);
  {
    const list = message.partitions ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseOffsetDeleteResponsePartition(writer, each, version);
  }
}

export interface ResponseOffsetDeleteResponsePartition {
  readonly partitionIndex: number;
  readonly errorCode: number;
}
export interface ResponseOffsetDeleteResponsePartitionInput {
  readonly partitionIndex?: number | undefined;
  readonly errorCode?: number | undefined;
}

export function readResponseOffsetDeleteResponsePartition(reader: Reader, version: number): ResponseOffsetDeleteResponsePartition {
  let partitionIndex: number = 0;
  partitionIndex = reader.int32();
  let errorCode: number = 0;
  errorCode = reader.int16();
  return { partitionIndex, errorCode };
}

export function writeResponseOffsetDeleteResponsePartition(writer: Writer, message: ResponseOffsetDeleteResponsePartitionInput, version: number): void {
  writer.int32(message.partitionIndex ?? 0);
  writer.int16(message.errorCode ?? 0);
}
