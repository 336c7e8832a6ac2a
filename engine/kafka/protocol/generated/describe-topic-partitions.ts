// Generated from ../tables by `make generate`.
import { type Uuid, zeroUuid } from '../../model.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

export interface DescribeTopicPartitionsRequest {
  readonly topics: readonly RequestTopicRequest[];
  readonly responsePartitionLimit: number;
  readonly cursor: RequestCursor | null;
}
export interface DescribeTopicPartitionsRequestInput {
  readonly topics?: readonly RequestTopicRequestInput[] | undefined;
  readonly responsePartitionLimit?: number | undefined;
  readonly cursor?: RequestCursorInput | null | undefined;
}

export function readDescribeTopicPartitionsRequest(reader: Reader, version: number): DescribeTopicPartitionsRequest {
  const flexible = true;
  let topics: readonly RequestTopicRequest[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listTopics: RequestTopicRequest[] = [];
    for (; count > 0; count -= 1) listTopics.push(readRequestTopicRequest(reader, version));
    topics = listTopics;
  }
  let responsePartitionLimit: number = 2000;
  responsePartitionLimit = reader.int32();
  let cursor: RequestCursor | null = null;
  cursor = reader.int8() < 0 ? null : readRequestCursor(reader, version);
  reader.skipTagged();
  return { topics, responsePartitionLimit, cursor };
}

export function writeDescribeTopicPartitionsRequest(writer: Writer, message: DescribeTopicPartitionsRequestInput, version: number): void {
  const flexible = true;
  {
    const list = message.topics ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeRequestTopicRequest(writer, each, version);
  }
  writer.int32(message.responsePartitionLimit ?? 2000);
  {
    const value = message.cursor === undefined ? null : message.cursor;
    writer.int8(value === null ? -1 : 1);
    if (value !== null) writeRequestCursor(writer, value, version);
  }
  writer.varint(0);
}

export interface RequestTopicRequest {
  readonly name: string;
}
export interface RequestTopicRequestInput {
  readonly name?: string | undefined;
}

export function readRequestTopicRequest(reader: Reader, version: number): RequestTopicRequest {
  const flexible = true;
  let name: string = '';
  name = reader.string(flexible);
  reader.skipTagged();
  return { name };
}

export function writeRequestTopicRequest(writer: Writer, message: RequestTopicRequestInput, version: number): void {
  const flexible = true;
  writer.string(message.name ?? '', flexible);
  writer.varint(0);
}

export interface RequestCursor {
  readonly topicName: string;
  readonly partitionIndex: number;
}
export interface RequestCursorInput {
  readonly topicName?: string | undefined;
  readonly partitionIndex?: number | undefined;
}

export function readRequestCursor(reader: Reader, version: number): RequestCursor {
  const flexible = true;
  let topicName: string = '';
  topicName = reader.string(flexible);
  let partitionIndex: number = 0;
  partitionIndex = reader.int32();
  reader.skipTagged();
  return { topicName, partitionIndex };
}

export function writeRequestCursor(writer: Writer, message: RequestCursorInput, version: number): void {
  const flexible = true;
  writer.string(message.topicName ?? '', flexible);
  writer.int32(message.partitionIndex ?? 0);
  writer.varint(0);
}

export interface DescribeTopicPartitionsResponse {
  readonly throttleTimeMs: number;
  readonly topics: readonly ResponseDescribeTopicPartitionsResponseTopic[];
  readonly nextCursor: ResponseCursor | null;
}
export interface DescribeTopicPartitionsResponseInput {
  readonly throttleTimeMs?: number | undefined;
  readonly topics?: readonly ResponseDescribeTopicPartitionsResponseTopicInput[] | undefined;
  readonly nextCursor?: ResponseCursorInput | null | undefined;
}

export function readDescribeTopicPartitionsResponse(reader: Reader, version: number): DescribeTopicPartitionsResponse {
  const flexible = true;
  let throttleTimeMs: number = 0;
  throttleTimeMs = reader.int32();
  let topics: readonly ResponseDescribeTopicPartitionsResponseTopic[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listTopics: ResponseDescribeTopicPartitionsResponseTopic[] = [];
    for (; count > 0; count -= 1) listTopics.push(readResponseDescribeTopicPartitionsResponseTopic(reader, version));
    topics = listTopics;
  }
  let nextCursor: ResponseCursor | null = null;
  nextCursor = reader.int8() < 0 ? null : readResponseCursor(reader, version);
  reader.skipTagged();
  return { throttleTimeMs, topics, nextCursor };
}

export function writeDescribeTopicPartitionsResponse(writer: Writer, message: DescribeTopicPartitionsResponseInput, version: number): void {
  const flexible = true;
  writer.int32(message.throttleTimeMs ?? 0);
  {
    const list = message.topics ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseDescribeTopicPartitionsResponseTopic(writer, each, version);
  }
  {
    const value = message.nextCursor === undefined ? null : message.nextCursor;
    writer.int8(value === null ? -1 : 1);
    if (value !== null) writeResponseCursor(writer, value, version);
  }
  writer.varint(0);
}

export interface ResponseDescribeTopicPartitionsResponseTopic {
  readonly errorCode: number;
  readonly name: string | null;
  readonly topicId: Uuid;
  readonly isInternal: boolean;
  readonly partitions: readonly ResponseDescribeTopicPartitionsResponsePartition[];
  readonly topicAuthorizedOperations: number;
}
export interface ResponseDescribeTopicPartitionsResponseTopicInput {
  readonly errorCode?: number | undefined;
  readonly name?: string | null | undefined;
  readonly topicId?: Uuid | undefined;
  readonly isInternal?: boolean | undefined;
  readonly partitions?: readonly ResponseDescribeTopicPartitionsResponsePartitionInput[] | undefined;
  readonly topicAuthorizedOperations?: number | undefined;
}

export function readResponseDescribeTopicPartitionsResponseTopic(reader: Reader, version: number): ResponseDescribeTopicPartitionsResponseTopic {
  const flexible = true;
  let errorCode: number = 0;
  errorCode = reader.int16();
  let name: string | null = '';
  name = reader.nullableString(flexible);
  let topicId: Uuid = zeroUuid;
  topicId = reader.uuid();
  let isInternal: boolean = false;
  isInternal = reader.bool();
  let partitions: readonly ResponseDescribeTopicPartitionsResponsePartition[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listPartitions: ResponseDescribeTopicPartitionsResponsePartition[] = [];
    for (; count > 0; count -= 1) listPartitions.push(readResponseDescribeTopicPartitionsResponsePartition(reader, version));
    partitions = listPartitions;
  }
  let topicAuthorizedOperations: number = -2147483648;
  topicAuthorizedOperations = reader.int32();
  reader.skipTagged();
  return { errorCode, name, topicId, isInternal, partitions, topicAuthorizedOperations };
}

export function writeResponseDescribeTopicPartitionsResponseTopic(writer: Writer, message: ResponseDescribeTopicPartitionsResponseTopicInput, version: number): void {
  const flexible = true;
  writer.int16(message.errorCode ?? 0);
  writer.nullableString(message.name === undefined ? '' : message.name, flexible);
  writer.uuid(message.topicId ?? zeroUuid);
  writer.bool(message.isInternal ?? false);
  {
    const list = message.partitions ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseDescribeTopicPartitionsResponsePartition(writer, each, version);
  }
  writer.int32(message.topicAuthorizedOperations ?? -2147483648);
  writer.varint(0);
}

export interface ResponseDescribeTopicPartitionsResponsePartition {
  readonly errorCode: number;
  readonly partitionIndex: number;
  readonly leaderId: number;
  readonly leaderEpoch: number;
  readonly replicaNodes: readonly number[];
  readonly isrNodes: readonly number[];
  readonly eligibleLeaderReplicas: readonly number[] | null;
  readonly lastKnownElr: readonly number[] | null;
  readonly offlineReplicas: readonly number[];
}
export interface ResponseDescribeTopicPartitionsResponsePartitionInput {
  readonly errorCode?: number | undefined;
  readonly partitionIndex?: number | undefined;
  readonly leaderId?: number | undefined;
  readonly leaderEpoch?: number | undefined;
  readonly replicaNodes?: readonly number[] | undefined;
  readonly isrNodes?: readonly number[] | undefined;
  readonly eligibleLeaderReplicas?: readonly number[] | null | undefined;
  readonly lastKnownElr?: readonly number[] | null | undefined;
  readonly offlineReplicas?: readonly number[] | undefined;
}

export function readResponseDescribeTopicPartitionsResponsePartition(reader: Reader, version: number): ResponseDescribeTopicPartitionsResponsePartition {
  const flexible = true;
  let errorCode: number = 0;
  errorCode = reader.int16();
  let partitionIndex: number = 0;
  partitionIndex = reader.int32();
  let leaderId: number = 0;
  leaderId = reader.int32();
  let leaderEpoch: number = -1;
  leaderEpoch = reader.int32();
  let replicaNodes: readonly number[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listReplicaNodes: number[] = [];
    for (; count > 0; count -= 1) listReplicaNodes.push(reader.int32());
    replicaNodes = listReplicaNodes;
  }
  let isrNodes: readonly number[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listIsrNodes: number[] = [];
    for (; count > 0; count -= 1) listIsrNodes.push(reader.int32());
    isrNodes = listIsrNodes;
  }
  let eligibleLeaderReplicas: readonly number[] | null = null;
  {
    let count = reader.arrayLength(flexible);
    if (count < 0) eligibleLeaderReplicas = null;
    else {
      const listEligibleLeaderReplicas: number[] = [];
      for (; count > 0; count -= 1) listEligibleLeaderReplicas.push(reader.int32());
      eligibleLeaderReplicas = listEligibleLeaderReplicas;
    }
  }
  let lastKnownElr: readonly number[] | null = null;
  {
    let count = reader.arrayLength(flexible);
    if (count < 0) lastKnownElr = null;
    else {
      const listLastKnownElr: number[] = [];
      for (; count > 0; count -= 1) listLastKnownElr.push(reader.int32());
      lastKnownElr = listLastKnownElr;
    }
  }
  let offlineReplicas: readonly number[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listOfflineReplicas: number[] = [];
    for (; count > 0; count -= 1) listOfflineReplicas.push(reader.int32());
    offlineReplicas = listOfflineReplicas;
  }
  reader.skipTagged();
  return { errorCode, partitionIndex, leaderId, leaderEpoch, replicaNodes, isrNodes, eligibleLeaderReplicas, lastKnownElr, offlineReplicas };
}

export function writeResponseDescribeTopicPartitionsResponsePartition(writer: Writer, message: ResponseDescribeTopicPartitionsResponsePartitionInput, version: number): void {
  const flexible = true;
  writer.int16(message.errorCode ?? 0);
  writer.int32(message.partitionIndex ?? 0);
  writer.int32(message.leaderId ?? 0);
  writer.int32(message.leaderEpoch ?? -1);
  {
    const list = message.replicaNodes ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writer.int32(each);
  }
  {
    const list = message.isrNodes ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writer.int32(each);
  }
  {
    const list = message.eligibleLeaderReplicas === undefined ? null : message.eligibleLeaderReplicas;
    if (list === null) writer.arrayLength(-1, flexible);
    else {
      writer.arrayLength(list.length, flexible);
      for (const each of list) writer.int32(each);
    }
  }
  {
    const list = message.lastKnownElr === undefined ? null : message.lastKnownElr;
    if (list === null) writer.arrayLength(-1, flexible);
    else {
      writer.arrayLength(list.length, flexible);
      for (const each of list) writer.int32(each);
    }
  }
  {
    const list = message.offlineReplicas ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writer.int32(each);
  }
  writer.varint(0);
}

export interface ResponseCursor {
  readonly topicName: string;
  readonly partitionIndex: number;
}
export interface ResponseCursorInput {
  readonly topicName?: string | undefined;
  readonly partitionIndex?: number | undefined;
}

export function readResponseCursor(reader: Reader, version: number): ResponseCursor {
  const flexible = true;
  let topicName: string = '';
  topicName = reader.string(flexible);
  let partitionIndex: number = 0;
  partitionIndex = reader.int32();
  reader.skipTagged();
  return { topicName, partitionIndex };
}

export function writeResponseCursor(writer: Writer, message: ResponseCursorInput, version: number): void {
  const flexible = true;
  writer.string(message.topicName ?? '', flexible);
  writer.int32(message.partitionIndex ?? 0);
  writer.varint(0);
}
