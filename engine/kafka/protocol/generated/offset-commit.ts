// Generated from ../tables by `make generate`.
import { type Uuid, zeroUuid } from '../../model.ts';
import type { Reader } from '../reader.ts';
import { lacks } from '../lacking-field.ts';
import type { Writer } from '../writer.ts';

export interface OffsetCommitRequest {
  readonly groupId: string;
  readonly generationIdOrMemberEpoch: number;
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly retentionTimeMs: number;
  readonly topics: readonly RequestOffsetCommitRequestTopic[];
}
export interface OffsetCommitRequestInput {
  readonly groupId?: string | undefined;
  readonly generationIdOrMemberEpoch?: number | undefined;
  readonly memberId?: string | undefined;
  readonly groupInstanceId?: string | null | undefined;
  readonly retentionTimeMs?: number | undefined;
  readonly topics?: readonly RequestOffsetCommitRequestTopicInput[] | undefined;
}

export function readOffsetCommitRequest(reader: Reader, version: number): OffsetCommitRequest {
  const flexible = version >= 8;
  let groupId: string = '';
  groupId = reader.string(flexible);
  let generationIdOrMemberEpoch: number = -1;
  generationIdOrMemberEpoch = reader.int32();
  let memberId: string = '';
  memberId = reader.string(flexible);
  let groupInstanceId: string | null = null;
  if (version >= 7) {
    groupInstanceId = reader.nullableString(flexible);
  }
  let retentionTimeMs: number = -1;
  if (version <= 4) {
    retentionTimeMs = reader.int64();
  }
  let topics: readonly RequestOffsetCommitRequestTopic[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listTopics: RequestOffsetCommitRequestTopic[] = [];
    for (; count > 0; count -= 1) listTopics.push(readRequestOffsetCommitRequestTopic(reader, version));
    topics = listTopics;
  }
  if (flexible) reader.skipTagged();
  return { groupId, generationIdOrMemberEpoch, memberId, groupInstanceId, retentionTimeMs, topics };
}

export function writeOffsetCommitRequest(writer: Writer, message: OffsetCommitRequestInput, version: number): void {
  const flexible = version >= 8;
  writer.string(message.groupId ?? '', flexible);
  writer.int32(message.generationIdOrMemberEpoch ?? -1);
  writer.string(message.memberId ?? '', flexible);
  if (version >= 7) {
    writer.nullableString(message.groupInstanceId === undefined ? null : message.groupInstanceId, flexible);
  } else if (message.groupInstanceId !== undefined && message.groupInstanceId !== null) lacks('OffsetCommitRequest', 'groupInstanceId', version);
  if (version <= 4) {
    writer.int64(message.retentionTimeMs ?? -1);
  }
  {
    const list = message.topics ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeRequestOffsetCommitRequestTopic(writer, each, version);
  }
  if (flexible) writer.varint(0);
}

export interface RequestOffsetCommitRequestTopic {
  readonly name: string;
  readonly topicId: Uuid;
  readonly partitions: readonly RequestOffsetCommitRequestPartition[];
}
export interface RequestOffsetCommitRequestTopicInput {
  readonly name?: string | undefined;
  readonly topicId?: Uuid | undefined;
  readonly partitions?: readonly RequestOffsetCommitRequestPartitionInput[] | undefined;
}

export function readRequestOffsetCommitRequestTopic(reader: Reader, version: number): RequestOffsetCommitRequestTopic {
  const flexible = version >= 8;
  let name: string = '';
  if (version <= 9) {
    name = reader.string(flexible);
  }
  let topicId: Uuid = zeroUuid;
  if (version >= 10) {
    topicId = reader.uuid();
  }
  let partitions: readonly RequestOffsetCommitRequestPartition[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listPartitions: RequestOffsetCommitRequestPartition[] = [];
    for (; count > 0; count -= 1) listPartitions.push(readRequestOffsetCommitRequestPartition(reader, version));
    partitions = listPartitions;
  }
  if (flexible) reader.skipTagged();
  return { name, topicId, partitions };
}

export function writeRequestOffsetCommitRequestTopic(writer: Writer, message: RequestOffsetCommitRequestTopicInput, version: number): void {
  const flexible = version >= 8;
  if (version <= 9) {
    writer.string(message.name ?? '', flexible);
  }
  if (version >= 10) {
    writer.uuid(message.topicId ?? zeroUuid);
  }
  {
    const list = message.partitions ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeRequestOffsetCommitRequestPartition(writer, each, version);
  }
  if (flexible) writer.varint(0);
}

export interface RequestOffsetCommitRequestPartition {
  readonly partitionIndex: number;
  readonly committedOffset: number;
  readonly committedLeaderEpoch: number;
  readonly committedMetadata: string | null;
}
export interface RequestOffsetCommitRequestPartitionInput {
  readonly partitionIndex?: number | undefined;
  readonly committedOffset?: number | undefined;
  readonly committedLeaderEpoch?: number | undefined;
  readonly committedMetadata?: string | null | undefined;
}

export function readRequestOffsetCommitRequestPartition(reader: Reader, version: number): RequestOffsetCommitRequestPartition {
  const flexible = version >= 8;
  let partitionIndex: number = 0;
  partitionIndex = reader.int32();
  let committedOffset: number = 0;
  committedOffset = reader.int64();
  let committedLeaderEpoch: number = -1;
  if (version >= 6) {
    committedLeaderEpoch = reader.int32();
  }
  let committedMetadata: string | null = '';
  committedMetadata = reader.nullableString(flexible);
  if (flexible) reader.skipTagged();
  return { partitionIndex, committedOffset, committedLeaderEpoch, committedMetadata };
}

export function writeRequestOffsetCommitRequestPartition(writer: Writer, message: RequestOffsetCommitRequestPartitionInput, version: number): void {
  const flexible = version >= 8;
  writer.int32(message.partitionIndex ?? 0);
  writer.int64(message.committedOffset ?? 0);
  if (version >= 6) {
    writer.int32(message.committedLeaderEpoch ?? -1);
  }
  writer.nullableString(message.committedMetadata === undefined ? '' : message.committedMetadata, flexible);
  if (flexible) writer.varint(0);
}

export interface OffsetCommitResponse {
  readonly throttleTimeMs: number;
  readonly topics: readonly ResponseOffsetCommitResponseTopic[];
}
export interface OffsetCommitResponseInput {
  readonly throttleTimeMs?: number | undefined;
  readonly topics?: readonly ResponseOffsetCommitResponseTopicInput[] | undefined;
}

export function readOffsetCommitResponse(reader: Reader, version: number): OffsetCommitResponse {
  const flexible = version >= 8;
  let throttleTimeMs: number = 0;
  if (version >= 3) {
    throttleTimeMs = reader.int32();
  }
  let topics: readonly ResponseOffsetCommitResponseTopic[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listTopics: ResponseOffsetCommitResponseTopic[] = [];
    for (; count > 0; count -= 1) listTopics.push(readResponseOffsetCommitResponseTopic(reader, version));
    topics = listTopics;
  }
  if (flexible) reader.skipTagged();
  return { throttleTimeMs, topics };
}

export function writeOffsetCommitResponse(writer: Writer, message: OffsetCommitResponseInput, version: number): void {
  const flexible = version >= 8;
  if (version >= 3) {
    writer.int32(message.throttleTimeMs ?? 0);
  }
  {
    const list = message.topics ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseOffsetCommitResponseTopic(writer, each, version);
  }
  if (flexible) writer.varint(0);
}

export interface ResponseOffsetCommitResponseTopic {
  readonly name: string;
  readonly topicId: Uuid;
  readonly partitions: readonly ResponseOffsetCommitResponsePartition[];
}
export interface ResponseOffsetCommitResponseTopicInput {
  readonly name?: string | undefined;
  readonly topicId?: Uuid | undefined;
  readonly partitions?: readonly ResponseOffsetCommitResponsePartitionInput[] | undefined;
}

export function readResponseOffsetCommitResponseTopic(reader: Reader, version: number): ResponseOffsetCommitResponseTopic {
  const flexible = version >= 8;
  let name: string = '';
  if (version <= 9) {
    name = reader.string(flexible);
  }
  let topicId: Uuid = zeroUuid;
  if (version >= 10) {
    topicId = reader.uuid();
  }
  let partitions: readonly ResponseOffsetCommitResponsePartition[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listPartitions: ResponseOffsetCommitResponsePartition[] = [];
    for (; count > 0; count -= 1) listPartitions.push(readResponseOffsetCommitResponsePartition(reader, version));
    partitions = listPartitions;
  }
  if (flexible) reader.skipTagged();
  return { name, topicId, partitions };
}

export function writeResponseOffsetCommitResponseTopic(writer: Writer, message: ResponseOffsetCommitResponseTopicInput, version: number): void {
  const flexible = version >= 8;
  if (version <= 9) {
    writer.string(message.name ?? '', flexible);
  }
  if (version >= 10) {
    writer.uuid(message.topicId ?? zeroUuid);
  }
  {
    const list = message.partitions ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseOffsetCommitResponsePartition(writer, each, version);
  }
  if (flexible) writer.varint(0);
}

export interface ResponseOffsetCommitResponsePartition {
  readonly partitionIndex: number;
  readonly errorCode: number;
}
export interface ResponseOffsetCommitResponsePartitionInput {
  readonly partitionIndex?: number | undefined;
  readonly errorCode?: number | undefined;
}

export function readResponseOffsetCommitResponsePartition(reader: Reader, version: number): ResponseOffsetCommitResponsePartition {
  const flexible = version >= 8;
  let partitionIndex: number = 0;
  partitionIndex = reader.int32();
  let errorCode: number = 0;
  errorCode = reader.int16();
  if (flexible) reader.skipTagged();
  return { partitionIndex, errorCode };
}

export function writeResponseOffsetCommitResponsePartition(writer: Writer, message: ResponseOffsetCommitResponsePartitionInput, version: number): void {
  const flexible = version >= 8;
  writer.int32(message.partitionIndex ?? 0);
  writer.int16(message.errorCode ?? 0);
  if (flexible) writer.varint(0);
}
