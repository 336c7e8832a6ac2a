// Generated from ../tables by `make generate`.
import { type Uuid, zeroUuid } from '../../model.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

export interface AlterShareGroupOffsetsRequest {
  readonly groupId: string;
  readonly topics: readonly RequestAlterShareGroupOffsetsRequestTopic[];
}
export interface AlterShareGroupOffsetsRequestInput {
  readonly groupId?: string | undefined;
  readonly topics?: readonly RequestAlterShareGroupOffsetsRequestTopicInput[] | undefined;
}

export function readAlterShareGroupOffsetsRequest(reader: Reader, version: number): AlterShareGroupOffsetsRequest {
  const flexible = true;
  let groupId: string = '';
  groupId = reader.string(flexible);
  let topics: readonly RequestAlterShareGroupOffsetsRequestTopic[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listTopics: RequestAlterShareGroupOffsetsRequestTopic[] = [];
    for (; count > 0; count -= 1) listTopics.push(readRequestAlterShareGroupOffsetsRequestTopic(reader, version));
    topics = listTopics;
  }
  reader.skipTagged();
  return { groupId, topics };
}

export function writeAlterShareGroupOffsetsRequest(writer: Writer, message: AlterShareGroupOffsetsRequestInput, version: number): void {
  const flexible = true;
  writer.string(message.groupId ?? '', flexible);
  {
    const list = message.topics ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeRequestAlterShareGroupOffsetsRequestTopic(writer, each, version);
  }
  writer.varint(0);
}

export interface RequestAlterShareGroupOffsetsRequestTopic {
  readonly topicName: string;
  readonly partitions: readonly RequestAlterShareGroupOffsetsRequestPartition[];
}
export interface RequestAlterShareGroupOffsetsRequestTopicInput {
  readonly topicName?: string | undefined;
  readonly partitions?: readonly RequestAlterShareGroupOffsetsRequestPartitionInput[] | undefined;
}

export function readRequestAlterShareGroupOffsetsRequestTopic(reader: Reader, version: number): RequestAlterShareGroupOffsetsRequestTopic {
  const flexible = true;
  let topicName: string = '';
  topicName = reader.string(flexible);
  let partitions: readonly RequestAlterShareGroupOffsetsRequestPartition[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listPartitions: RequestAlterShareGroupOffsetsRequestPartition[] = [];
    for (; count > 0; count -= 1) listPartitions.push(readRequestAlterShareGroupOffsetsRequestPartition(reader, version));
    partitions = listPartitions;
  }
  reader.skipTagged();
  return { topicName, partitions };
}

export function writeRequestAlterShareGroupOffsetsRequestTopic(writer: Writer, message: RequestAlterShareGroupOffsetsRequestTopicInput, version: number): void {
  const flexible = true;
  writer.string(message.topicName ?? '', flexible);
  {
    const list = message.partitions ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeRequestAlterShareGroupOffsetsRequestPartition(writer, each, version);
  }
  writer.varint(0);
}

export interface RequestAlterShareGroupOffsetsRequestPartition {
  readonly partitionIndex: number;
  readonly startOffset: number;
}
export interface RequestAlterShareGroupOffsetsRequestPartitionInput {
  readonly partitionIndex?: number | undefined;
  readonly startOffset?: number | undefined;
}

export function readRequestAlterShareGroupOffsetsRequestPartition(reader: Reader, version: number): RequestAlterShareGroupOffsetsRequestPartition {
  let partitionIndex: number = 0;
  partitionIndex = reader.int32();
  let startOffset: number = 0;
  startOffset = reader.int64();
  reader.skipTagged();
  return { partitionIndex, startOffset };
}

export function writeRequestAlterShareGroupOffsetsRequestPartition(writer: Writer, message: RequestAlterShareGroupOffsetsRequestPartitionInput, version: number): void {
  writer.int32(message.partitionIndex ?? 0);
  writer.int64(message.startOffset ?? 0);
  writer.varint(0);
}

export interface AlterShareGroupOffsetsResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly responses: readonly ResponseAlterShareGroupOffsetsResponseTopic[];
}
export interface AlterShareGroupOffsetsResponseInput {
  readonly throttleTimeMs?: number | undefined;
  readonly errorCode?: number | undefined;
  readonly errorMessage?: string | null | undefined;
  readonly responses?: readonly ResponseAlterShareGroupOffsetsResponseTopicInput[] | undefined;
}

export function readAlterShareGroupOffsetsResponse(reader: Reader, version: number): AlterShareGroupOffsetsResponse {
  const flexible = true;
  let throttleTimeMs: number = 0;
  throttleTimeMs = reader.int32();
  let errorCode: number = 0;
  errorCode = reader.int16();
  let errorMessage: string | null = null;
  errorMessage = reader.nullableString(flexible);
  let responses: readonly ResponseAlterShareGroupOffsetsResponseTopic[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listResponses: ResponseAlterShareGroupOffsetsResponseTopic[] = [];
    for (; count > 0; count -= 1) listResponses.push(readResponseAlterShareGroupOffsetsResponseTopic(reader, version));
    responses = listResponses;
  }
  reader.skipTagged();
  return { throttleTimeMs, errorCode, errorMessage, responses };
}

export function writeAlterShareGroupOffsetsResponse(writer: Writer, message: AlterShareGroupOffsetsResponseInput, version: number): void {
  const flexible = true;
  writer.int32(message.throttleTimeMs ?? 0);
  writer.int16(message.errorCode ?? 0);
  writer.nullableString(message.errorMessage === undefined ? null : message.errorMessage, flexible);
  {
    const list = message.responses ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseAlterShareGroupOffsetsResponseTopic(writer, each, version);
  }
  writer.varint(0);
}

export interface ResponseAlterShareGroupOffsetsResponseTopic {
  readonly topicName: string;
  readonly topicId: Uuid;
  readonly partitions: readonly ResponseAlterShareGroupOffsetsResponsePartition[];
}
export interface ResponseAlterShareGroupOffsetsResponseTopicInput {
  readonly topicName?: string | undefined;
  readonly topicId?: Uuid | undefined;
  readonly partitions?: readonly ResponseAlterShareGroupOffsetsResponsePartitionInput[] | undefined;
}

export function readResponseAlterShareGroupOffsetsResponseTopic(reader: Reader, version: number): ResponseAlterShareGroupOffsetsResponseTopic {
  const flexible = true;
  let topicName: string = '';
  topicName = reader.string(flexible);
  let topicId: Uuid = zeroUuid;
  topicId = reader.uuid();
  let partitions: readonly ResponseAlterShareGroupOffsetsResponsePartition[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listPartitions: ResponseAlterShareGroupOffsetsResponsePartition[] = [];
    for (; count > 0; count -= 1) listPartitions.push(readResponseAlterShareGroupOffsetsResponsePartition(reader, version));
    partitions = listPartitions;
  }
  reader.skipTagged();
  return { topicName, topicId, partitions };
}

export function writeResponseAlterShareGroupOffsetsResponseTopic(writer: Writer, message: ResponseAlterShareGroupOffsetsResponseTopicInput, version: number): void {
  const flexible = true;
  writer.string(message.topicName ?? '', flexible);
  writer.uuid(message.topicId ?? zeroUuid);
  {
    const list = message.partitions ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseAlterShareGroupOffsetsResponsePartition(writer, each, version);
  }
  writer.varint(0);
}

export interface ResponseAlterShareGroupOffsetsResponsePartition {
  readonly partitionIndex: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
}
export interface ResponseAlterShareGroupOffsetsResponsePartitionInput {
  readonly partitionIndex?: number | undefined;
  readonly errorCode?: number | undefined;
  readonly errorMessage?: string | null | undefined;
}

export function readResponseAlterShareGroupOffsetsResponsePartition(reader: Reader, version: number): ResponseAlterShareGroupOffsetsResponsePartition {
  const flexible = true;
  let partitionIndex: number = 0;
  partitionIndex = reader.int32();
  let errorCode: number = 0;
  errorCode = reader.int16();
  let errorMessage: string | null = null;
  errorMessage = reader.nullableString(flexible);
  reader.skipTagged();
  return { partitionIndex, errorCode, errorMessage };
}

export function writeResponseAlterShareGroupOffsetsResponsePartition(writer: Writer, message: ResponseAlterShareGroupOffsetsResponsePartitionInput, version: number): void {
  const flexible = true;
  writer.int32(message.partitionIndex ?? 0);
  writer.int16(message.errorCode ?? 0);
  writer.nullableString(message.errorMessage === undefined ? null : message.errorMessage, flexible);
  writer.varint(0);
}
