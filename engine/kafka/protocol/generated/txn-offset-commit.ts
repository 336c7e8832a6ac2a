// Generated from ../tables by `make generate`.
import { type Uuid, zeroUuid } from '../../model.ts';
import type { Reader } from '../reader.ts';
import { lacks } from '../lacking-field.ts';
import type { Writer } from '../writer.ts';

export interface TxnOffsetCommitRequest {
  readonly transactionalId: string;
  readonly groupId: string;
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly generationIdOrMemberEpoch: number;
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly topics: readonly RequestTxnOffsetCommitRequestTopic[];
}
export interface TxnOffsetCommitRequestInput {
  readonly transactionalId?: string | undefined;
  readonly groupId?: string | undefined;
  readonly producerId?: number | undefined;
  readonly producerEpoch?: number | undefined;
  readonly generationIdOrMemberEpoch?: number | undefined;
  readonly memberId?: string | undefined;
  readonly groupInstanceId?: string | null | undefined;
  readonly topics?: readonly RequestTxnOffsetCommitRequestTopicInput[] | undefined;
}

export function readTxnOffsetCommitRequest(reader: Reader, version: number): TxnOffsetCommitRequest {
  const flexible = version >= 3;
  let transactionalId: string = '';
  transactionalId = reader.string(flexible);
  let groupId: string = '';
  groupId = reader.string(flexible);
  let producerId: number = 0;
  producerId = reader.int64();
  let producerEpoch: number = 0;
  producerEpoch = reader.int16();
  let generationIdOrMemberEpoch: number = -1;
  if (version >= 3) {
    generationIdOrMemberEpoch = reader.int32();
  }
  let memberId: string = '';
  if (version >= 3) {
    memberId = reader.string(flexible);
  }
  let groupInstanceId: string | null = null;
  if (version >= 3) {
    groupInstanceId = reader.nullableString(flexible);
  }
  let topics: readonly RequestTxnOffsetCommitRequestTopic[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listTopics: RequestTxnOffsetCommitRequestTopic[] = [];
    for (; count > 0; count -= 1) listTopics.push(readRequestTxnOffsetCommitRequestTopic(reader, version));
    topics = listTopics;
  }
  if (flexible) reader.skipTagged();
  return { transactionalId, groupId, producerId, producerEpoch, generationIdOrMemberEpoch, memberId, groupInstanceId, topics };
}

export function writeTxnOffsetCommitRequest(writer: Writer, message: TxnOffsetCommitRequestInput, version: number): void {
  const flexible = version >= 3;
  writer.string(message.transactionalId ?? '', flexible);
  writer.string(message.groupId ?? '', flexible);
  writer.int64(message.producerId ?? 0);
  writer.int16(message.producerEpoch ?? 0);
  if (version >= 3) {
    writer.int32(message.generationIdOrMemberEpoch ?? -1);
  } else if (message.generationIdOrMemberEpoch !== undefined && message.generationIdOrMemberEpoch !== -1) lacks('TxnOffsetCommitRequest', 'generationIdOrMemberEpoch', version);
  if (version >= 3) {
    writer.string(message.memberId ?? '', flexible);
  } else if (message.memberId !== undefined && message.memberId !== '') lacks('TxnOffsetCommitRequest', 'memberId', version);
  if (version >= 3) {
    writer.nullableString(message.groupInstanceId === undefined ? null : message.groupInstanceId, flexible);
  } else if (message.groupInstanceId !== undefined && message.groupInstanceId !== null) lacks('TxnOffsetCommitRequest', 'groupInstanceId', version);
  {
    const list = message.topics ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeRequestTxnOffsetCommitRequestTopic(writer, each, version);
  }
  if (flexible) writer.varint(0);
}

export interface RequestTxnOffsetCommitRequestTopic {
  readonly name: string;
  readonly topicId: Uuid;
  readonly partitions: readonly RequestTxnOffsetCommitRequestPartition[];
}
export interface RequestTxnOffsetCommitRequestTopicInput {
  readonly name?: string | undefined;
  readonly topicId?: Uuid | undefined;
  readonly partitions?: readonly RequestTxnOffsetCommitRequestPartitionInput[] | undefined;
}

export function readRequestTxnOffsetCommitRequestTopic(reader: Reader, version: number): RequestTxnOffsetCommitRequestTopic {
  const flexible = version >= 3;
  let name: string = '';
  if (version <= 5) {
    name = reader.string(flexible);
  }
  let topicId: Uuid = zeroUuid;
  if (version >= 6) {
    topicId = reader.uuid();
  }
  let partitions: readonly RequestTxnOffsetCommitRequestPartition[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listPartitions: RequestTxnOffsetCommitRequestPartition[] = [];
    for (; count > 0; count -= 1) listPartitions.push(readRequestTxnOffsetCommitRequestPartition(reader, version));
    partitions = listPartitions;
  }
  if (flexible) reader.skipTagged();
  return { name, topicId, partitions };
}

export function writeRequestTxnOffsetCommitRequestTopic(writer: Writer, message: RequestTxnOffsetCommitRequestTopicInput, version: number): void {
  const flexible = version >= 3;
  if (version <= 5) {
    writer.string(message.name ?? '', flexible);
  }
  if (version >= 6) {
    writer.uuid(message.topicId ?? zeroUuid);
  }
  {
    const list = message.partitions ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeRequestTxnOffsetCommitRequestPartition(writer, each, version);
  }
  if (flexible) writer.varint(0);
}

export interface RequestTxnOffsetCommitRequestPartition {
  readonly partitionIndex: number;
  readonly committedOffset: number;
  readonly committedLeaderEpoch: number;
  readonly committedMetadata: string | null;
}
export interface RequestTxnOffsetCommitRequestPartitionInput {
  readonly partitionIndex?: number | undefined;
  readonly committedOffset?: number | undefined;
  readonly committedLeaderEpoch?: number | undefined;
  readonly committedMetadata?: string | null | undefined;
}

export function readRequestTxnOffsetCommitRequestPartition(reader: Reader, version: number): RequestTxnOffsetCommitRequestPartition {
  const flexible = version >= 3;
  let partitionIndex: number = 0;
  partitionIndex = reader.int32();
  let committedOffset: number = 0;
  committedOffset = reader.int64();
  let committedLeaderEpoch: number = -1;
  if (version >= 2) {
    committedLeaderEpoch = reader.int32();
  }
  let committedMetadata: string | null = '';
  committedMetadata = reader.nullableString(flexible);
  if (flexible) reader.skipTagged();
  return { partitionIndex, committedOffset, committedLeaderEpoch, committedMetadata };
}

export function writeRequestTxnOffsetCommitRequestPartition(writer: Writer, message: RequestTxnOffsetCommitRequestPartitionInput, version: number): void {
  const flexible = version >= 3;
  writer.int32(message.partitionIndex ?? 0);
  writer.int64(message.committedOffset ?? 0);
  if (version >= 2) {
    writer.int32(message.committedLeaderEpoch ?? -1);
  }
  writer.nullableString(message.committedMetadata === undefined ? '' : message.committedMetadata, flexible);
  if (flexible) writer.varint(0);
}

export interface TxnOffsetCommitResponse {
  readonly throttleTimeMs: number;
  readonly topics: readonly ResponseTxnOffsetCommitResponseTopic[];
}
export interface TxnOffsetCommitResponseInput {
  readonly throttleTimeMs?: number | undefined;
  readonly topics?: readonly ResponseTxnOffsetCommitResponseTopicInput[] | undefined;
}

export function readTxnOffsetCommitResponse(reader: Reader, version: number): TxnOffsetCommitResponse {
  const flexible = version >= 3;
  let throttleTimeMs: number = 0;
  throttleTimeMs = reader.int32();
  let topics: readonly ResponseTxnOffsetCommitResponseTopic[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listTopics: ResponseTxnOffsetCommitResponseTopic[] = [];
    for (; count > 0; count -= 1) listTopics.push(readResponseTxnOffsetCommitResponseTopic(reader, version));
    topics = listTopics;
  }
  if (flexible) reader.skipTagged();
  return { throttleTimeMs, topics };
}

export function writeTxnOffsetCommitResponse(writer: Writer, message: TxnOffsetCommitResponseInput, version: number): void {
  const flexible = version >= 3;
  writer.int32(message.throttleTimeMs ?? 0);
  {
    const list = message.topics ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseTxnOffsetCommitResponseTopic(writer, each, version);
  }
  if (flexible) writer.varint(0);
}

export interface ResponseTxnOffsetCommitResponseTopic {
  readonly name: string;
  readonly topicId: Uuid;
  readonly partitions: readonly ResponseTxnOffsetCommitResponsePartition[];
}
export interface ResponseTxnOffsetCommitResponseTopicInput {
  readonly name?: string | undefined;
  readonly topicId?: Uuid | undefined;
  readonly partitions?: readonly ResponseTxnOffsetCommitResponsePartitionInput[] | undefined;
}

export function readResponseTxnOffsetCommitResponseTopic(reader: Reader, version: number): ResponseTxnOffsetCommitResponseTopic {
  const flexible = version >= 3;
  let name: string = '';
  if (version <= 5) {
    name = reader.string(flexible);
  }
  let topicId: Uuid = zeroUuid;
  if (version >= 6) {
    topicId = reader.uuid();
  }
  let partitions: readonly ResponseTxnOffsetCommitResponsePartition[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listPartitions: ResponseTxnOffsetCommitResponsePartition[] = [];
    for (; count > 0; count -= 1) listPartitions.push(readResponseTxnOffsetCommitResponsePartition(reader, version));
    partitions = listPartitions;
  }
  if (flexible) reader.skipTagged();
  return { name, topicId, partitions };
}

export function writeResponseTxnOffsetCommitResponseTopic(writer: Writer, message: ResponseTxnOffsetCommitResponseTopicInput, version: number): void {
  const flexible = version >= 3;
  if (version <= 5) {
    writer.string(message.name ?? '', flexible);
  }
  if (version >= 6) {
    writer.uuid(message.topicId ?? zeroUuid);
  }
  {
    const list = message.partitions ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseTxnOffsetCommitResponsePartition(writer, each, version);
  }
  if (flexible) writer.varint(0);
}

export interface ResponseTxnOffsetCommitResponsePartition {
  readonly partitionIndex: number;
  readonly errorCode: number;
}
export interface ResponseTxnOffsetCommitResponsePartitionInput {
  readonly partitionIndex?: number | undefined;
  readonly errorCode?: number | undefined;
}

export function readResponseTxnOffsetCommitResponsePartition(reader: Reader, version: number): ResponseTxnOffsetCommitResponsePartition {
  const flexible = version >= 3;
  let partitionIndex: number = 0;
  partitionIndex = reader.int32();
  let errorCode: number = 0;
  errorCode = reader.int16();
  if (flexible) reader.skipTagged();
  return { partitionIndex, errorCode };
}

export function writeResponseTxnOffsetCommitResponsePartition(writer: Writer, message: ResponseTxnOffsetCommitResponsePartitionInput, version: number): void {
  const flexible = version >= 3;
  writer.int32(message.partitionIndex ?? 0);
  writer.int16(message.errorCode ?? 0);
  if (flexible) writer.varint(0);
}
