// Generated from ../tables by `make generate`.
import type { Reader } from '../reader.ts';
import { lacks } from '../lacking-field.ts';
import type { Writer } from '../writer.ts';

export interface ListOffsetsRequest {
  readonly replicaId: number;
  readonly isolationLevel: number;
  readonly topics: readonly RequestListOffsetsTopic[];
  readonly timeoutMs: number;
}
export interface ListOffsetsRequestInput {
  readonly replicaId?: number | undefined;
  readonly isolationLevel?: number | undefined;
  readonly topics?: readonly RequestListOffsetsTopicInput[] | undefined;
  readonly timeoutMs?: number | undefined;
}

export function readListOffsetsRequest(reader: Reader, version: number): ListOffsetsRequest {
  const flexible = version >= 6;
  let replicaId: number = 0;
  replicaId = reader.int32();
  let isolationLevel: number = 0;
  if (version >= 2) {
    isolationLevel = reader.int8();
  }
  let topics: readonly RequestListOffsetsTopic[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listTopics: RequestListOffsetsTopic[] = [];
    for (; count > 0; count -= 1) listTopics.push(readRequestListOffsetsTopic(reader, version));
    topics = listTopics;
  }
  let timeoutMs: number = 0;
  if (version >= 10) {
    timeoutMs = reader.int32();
  }
  if (flexible) reader.skipTagged();
  return { replicaId, isolationLevel, topics, timeoutMs };
}

export function writeListOffsetsRequest(writer: Writer, message: ListOffsetsRequestInput, version: number): void {
  const flexible = version >= 6;
  writer.int32(message.replicaId ?? 0);
  if (version >= 2) {
    writer.int8(message.isolationLevel ?? 0);
  } else if (message.isolationLevel !== undefined && message.isolationLevel !== 0) lacks('ListOffsetsRequest', 'isolationLevel', version);
  {
    const list = message.topics ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeRequestListOffsetsTopic(writer, each, version);
  }
  if (version >= 10) {
    writer.int32(message.timeoutMs ?? 0);
  }
  if (flexible) writer.varint(0);
}

export interface RequestListOffsetsTopic {
  readonly name: string;
  readonly partitions: readonly RequestListOffsetsPartition[];
}
export interface RequestListOffsetsTopicInput {
  readonly name?: string | undefined;
  readonly partitions?: readonly RequestListOffsetsPartitionInput[] | undefined;
}

export function readRequestListOffsetsTopic(reader: Reader, version: number): RequestListOffsetsTopic {
  const flexible = version >= 6;
  let name: string = '';
  name = reader.string(flexible);
  let partitions: readonly RequestListOffsetsPartition[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listPartitions: RequestListOffsetsPartition[] = [];
    for (; count > 0; count -= 1) listPartitions.push(readRequestListOffsetsPartition(reader, version));
    partitions = listPartitions;
  }
  if (flexible) reader.skipTagged();
  return { name, partitions };
}

export function writeRequestListOffsetsTopic(writer: Writer, message: RequestListOffsetsTopicInput, version: number): void {
  const flexible = version >= 6;
  writer.string(message.name ?? '', flexible);
  {
    const list = message.partitions ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeRequestListOffsetsPartition(writer, each, version);
  }
  if (flexible) writer.varint(0);
}

export interface RequestListOffsetsPartition {
  readonly partitionIndex: number;
  readonly currentLeaderEpoch: number;
  readonly timestamp: number;
}
export interface RequestListOffsetsPartitionInput {
  readonly partitionIndex?: number | undefined;
  readonly currentLeaderEpoch?: number | undefined;
  readonly timestamp?: number | undefined;
}

export function readRequestListOffsetsPartition(reader: Reader, version: number): RequestListOffsetsPartition {
  const flexible = version >= 6;
  let partitionIndex: number = 0;
  partitionIndex = reader.int32();
  let currentLeaderEpoch: number = -1;
  if (version >= 4) {
    currentLeaderEpoch = reader.int32();
  }
  let timestamp: number = 0;
  timestamp = reader.int64();
  if (flexible) reader.skipTagged();
  return { partitionIndex, currentLeaderEpoch, timestamp };
}

export function writeRequestListOffsetsPartition(writer: Writer, message: RequestListOffsetsPartitionInput, version: number): void {
  const flexible = version >= 6;
  writer.int32(message.partitionIndex ?? 0);
  if (version >= 4) {
    writer.int32(message.currentLeaderEpoch ?? -1);
  }
  writer.int64(message.timestamp ?? 0);
  if (flexible) writer.varint(0);
}

export interface ListOffsetsResponse {
  readonly throttleTimeMs: number;
  readonly topics: readonly ResponseListOffsetsTopicResponse[];
}
export interface ListOffsetsResponseInput {
  readonly throttleTimeMs?: number | undefined;
  readonly topics?: readonly ResponseListOffsetsTopicResponseInput[] | undefined;
}

export function readListOffsetsResponse(reader: Reader, version: number): ListOffsetsResponse {
  const flexible = version >= 6;
  let throttleTimeMs: number = 0;
  if (version >= 2) {
    throttleTimeMs = reader.int32();
  }
  let topics: readonly ResponseListOffsetsTopicResponse[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listTopics: ResponseListOffsetsTopicResponse[] = [];
    for (; count > 0; count -= 1) listTopics.push(readResponseListOffsetsTopicResponse(reader, version));
    topics = listTopics;
  }
  if (flexible) reader.skipTagged();
  return { throttleTimeMs, topics };
}

export function writeListOffsetsResponse(writer: Writer, message: ListOffsetsResponseInput, version: number): void {
  const flexible = version >= 6;
  if (version >= 2) {
    writer.int32(message.throttleTimeMs ?? 0);
  }
  {
    const list = message.topics ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseListOffsetsTopicResponse(writer, each, version);
  }
  if (flexible) writer.varint(0);
}

export interface ResponseListOffsetsTopicResponse {
  readonly name: string;
  readonly partitions: readonly ResponseListOffsetsPartitionResponse[];
}
export interface ResponseListOffsetsTopicResponseInput {
  readonly name?: string | undefined;
  readonly partitions?: readonly ResponseListOffsetsPartitionResponseInput[] | undefined;
}

export function readResponseListOffsetsTopicResponse(reader: Reader, version: number): ResponseListOffsetsTopicResponse {
  const flexible = version >= 6;
  let name: string = '';
  name = reader.string(flexible);
  let partitions: readonly ResponseListOffsetsPartitionResponse[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listPartitions: ResponseListOffsetsPartitionResponse[] = [];
    for (; count > 0; count -= 1) listPartitions.push(readResponseListOffsetsPartitionResponse(reader, version));
    partitions = listPartitions;
  }
  if (flexible) reader.skipTagged();
  return { name, partitions };
}

export function writeResponseListOffsetsTopicResponse(writer: Writer, message: ResponseListOffsetsTopicResponseInput, version: number): void {
  const flexible = version >= 6;
  writer.string(message.name ?? '', flexible);
  {
    const list = message.partitions ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseListOffsetsPartitionResponse(writer, each, version);
  }
  if (flexible) writer.varint(0);
}

export interface ResponseListOffsetsPartitionResponse {
  readonly partitionIndex: number;
  readonly errorCode: number;
  readonly timestamp: number;
  readonly offset: number;
  readonly leaderEpoch: number;
}
export interface ResponseListOffsetsPartitionResponseInput {
  readonly partitionIndex?: number | undefined;
  readonly errorCode?: number | undefined;
  readonly timestamp?: number | undefined;
  readonly offset?: number | undefined;
  readonly leaderEpoch?: number | undefined;
}

export function readResponseListOffsetsPartitionResponse(reader: Reader, version: number): ResponseListOffsetsPartitionResponse {
  const flexible = version >= 6;
  let partitionIndex: number = 0;
  partitionIndex = reader.int32();
  let errorCode: number = 0;
  errorCode = reader.int16();
  let timestamp: number = -1;
  timestamp = reader.int64();
  let offset: number = -1;
  offset = reader.int64();
  let leaderEpoch: number = -1;
  if (version >= 4) {
    leaderEpoch = reader.int32();
  }
  if (flexible) reader.skipTagged();
  return { partitionIndex, errorCode, timestamp, offset, leaderEpoch };
}

export function writeResponseListOffsetsPartitionResponse(writer: Writer, message: ResponseListOffsetsPartitionResponseInput, version: number): void {
  const flexible = version >= 6;
  writer.int32(message.partitionIndex ?? 0);
  writer.int16(message.errorCode ?? 0);
  writer.int64(message.timestamp ?? -1);
  writer.int64(message.offset ?? -1);
  if (version >= 4) {
    writer.int32(message.leaderEpoch ?? -1);
  } else if (message.leaderEpoch !== undefined && message.leaderEpoch !== -1) lacks('ListOffsetsResponse', 'leaderEpoch', version);
  if (flexible) writer.varint(0);
}
