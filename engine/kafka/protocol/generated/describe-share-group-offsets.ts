// Generated from ../tables by `make generate`.
import { type Uuid, zeroUuid } from '../../model.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

export interface DescribeShareGroupOffsetsRequest {
  readonly groups: readonly RequestDescribeShareGroupOffsetsRequestGroup[];
}
export interface DescribeShareGroupOffsetsRequestInput {
  readonly groups?: readonly RequestDescribeShareGroupOffsetsRequestGroupInput[] | undefined;
}

export function readDescribeShareGroupOffsetsRequest(reader: Reader, version: number): DescribeShareGroupOffsetsRequest {
  const flexible = true;
  let groups: readonly RequestDescribeShareGroupOffsetsRequestGroup[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listGroups: RequestDescribeShareGroupOffsetsRequestGroup[] = [];
    for (; count > 0; count -= 1) listGroups.push(readRequestDescribeShareGroupOffsetsRequestGroup(reader, version));
    groups = listGroups;
  }
  reader.skipTagged();
  return { groups };
}

export function writeDescribeShareGroupOffsetsRequest(writer: Writer, message: DescribeShareGroupOffsetsRequestInput, version: number): void {
  const flexible = true;
  {
    const list = message.groups ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeRequestDescribeShareGroupOffsetsRequestGroup(writer, each, version);
  }
  writer.varint(0);
}

export interface RequestDescribeShareGroupOffsetsRequestGroup {
  readonly groupId: string;
  readonly topics: readonly RequestDescribeShareGroupOffsetsRequestTopic[] | null;
}
export interface RequestDescribeShareGroupOffsetsRequestGroupInput {
  readonly groupId?: string | undefined;
  readonly topics?: readonly RequestDescribeShareGroupOffsetsRequestTopicInput[] | null | undefined;
}

export function readRequestDescribeShareGroupOffsetsRequestGroup(reader: Reader, version: number): RequestDescribeShareGroupOffsetsRequestGroup {
  const flexible = true;
  let groupId: string = '';
  groupId = reader.string(flexible);
  let topics: readonly RequestDescribeShareGroupOffsetsRequestTopic[] | null = [];
  {
    let count = reader.arrayLength(flexible);
    if (count < 0) topics = null;
    else {
      const listTopics: RequestDescribeShareGroupOffsetsRequestTopic[] = [];
      for (; count > 0; count -= 1) listTopics.push(readRequestDescribeShareGroupOffsetsRequestTopic(reader, version));
      topics = listTopics;
    }
  }
  reader.skipTagged();
  return { groupId, topics };
}

export function writeRequestDescribeShareGroupOffsetsRequestGroup(writer: Writer, message: RequestDescribeShareGroupOffsetsRequestGroupInput, version: number): void {
  const flexible = true;
  writer.string(message.groupId ?? '', flexible);
  {
    const list = message.topics === undefined ? [] : message.topics;
    if (list === null) writer.arrayLength(-1, flexible);
    else {
      writer.arrayLength(list.length, flexible);
      for (const each of list) writeRequestDescribeShareGroupOffsetsRequestTopic(writer, each, version);
    }
  }
  writer.varint(0);
}

export interface RequestDescribeShareGroupOffsetsRequestTopic {
  readonly topicName: string;
  readonly partitions: readonly number[];
}
export interface RequestDescribeShareGroupOffsetsRequestTopicInput {
  readonly topicName?: string | undefined;
  readonly partitions?: readonly number[] | undefined;
}

export function readRequestDescribeShareGroupOffsetsRequestTopic(reader: Reader, version: number): RequestDescribeShareGroupOffsetsRequestTopic {
  const flexible = true;
  let topicName: string = '';
  topicName = reader.string(flexible);
  let partitions: readonly number[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listPartitions: number[] = [];
    for (; count > 0; count -= 1) listPartitions.push(reader.int32());
    partitions = listPartitions;
  }
  reader.skipTagged();
  return { topicName, partitions };
}

export function writeRequestDescribeShareGroupOffsetsRequestTopic(writer: Writer, message: RequestDescribeShareGroupOffsetsRequestTopicInput, version: number): void {
  const flexible = true;
  writer.string(message.topicName ?? '', flexible);
  {
    const list = message.partitions ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writer.int32(each);
  }
  writer.varint(0);
}

export interface DescribeShareGroupOffsetsResponse {
  readonly throttleTimeMs: number;
  readonly groups: readonly ResponseDescribeShareGroupOffsetsResponseGroup[];
}
export interface DescribeShareGroupOffsetsResponseInput {
  readonly throttleTimeMs?: number | undefined;
  readonly groups?: readonly ResponseDescribeShareGroupOffsetsResponseGroupInput[] | undefined;
}

export function readDescribeShareGroupOffsetsResponse(reader: Reader, version: number): DescribeShareGroupOffsetsResponse {
  const flexible = true;
  let throttleTimeMs: number = 0;
  throttleTimeMs = reader.int32();
  let groups: readonly ResponseDescribeShareGroupOffsetsResponseGroup[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listGroups: ResponseDescribeShareGroupOffsetsResponseGroup[] = [];
    for (; count > 0; count -= 1) listGroups.push(readResponseDescribeShareGroupOffsetsResponseGroup(reader, version));
    groups = listGroups;
  }
  reader.skipTagged();
  return { throttleTimeMs, groups };
}

export function writeDescribeShareGroupOffsetsResponse(writer: Writer, message: DescribeShareGroupOffsetsResponseInput, version: number): void {
  const flexible = true;
  writer.int32(message.throttleTimeMs ?? 0);
  {
    const list = message.groups ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseDescribeShareGroupOffsetsResponseGroup(writer, each, version);
  }
  writer.varint(0);
}

export interface ResponseDescribeShareGroupOffsetsResponseGroup {
  readonly groupId: string;
  readonly topics: readonly ResponseDescribeShareGroupOffsetsResponseTopic[];
  readonly errorCode: number;
  readonly errorMessage: string | null;
}
export interface ResponseDescribeShareGroupOffsetsResponseGroupInput {
  readonly groupId?: string | undefined;
  readonly topics?: readonly ResponseDescribeShareGroupOffsetsResponseTopicInput[] | undefined;
  readonly errorCode?: number | undefined;
  readonly errorMessage?: string | null | undefined;
}

export function readResponseDescribeShareGroupOffsetsResponseGroup(reader: Reader, version: number): ResponseDescribeShareGroupOffsetsResponseGroup {
  const flexible = true;
  let groupId: string = '';
  groupId = reader.string(flexible);
  let topics: readonly ResponseDescribeShareGroupOffsetsResponseTopic[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listTopics: ResponseDescribeShareGroupOffsetsResponseTopic[] = [];
    for (; count > 0; count -= 1) listTopics.push(readResponseDescribeShareGroupOffsetsResponseTopic(reader, version));
    topics = listTopics;
  }
  let errorCode: number = 0;
  errorCode = reader.int16();
  let errorMessage: string | null = null;
  errorMessage = reader.nullableString(flexible);
  reader.skipTagged();
  return { groupId, topics, errorCode, errorMessage };
}

export function writeResponseDescribeShareGroupOffsetsResponseGroup(writer: Writer, message: ResponseDescribeShareGroupOffsetsResponseGroupInput, version: number): void {
  const flexible = true;
  writer.string(message.groupId ?? '', flexible);
  {
    const list = message.topics ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseDescribeShareGroupOffsetsResponseTopic(writer, each, version);
  }
  writer.int16(message.errorCode ?? 0);
  writer.nullableString(message.errorMessage === undefined ? null : message.errorMessage, flexible);
  writer.varint(0);
}

export interface ResponseDescribeShareGroupOffsetsResponseTopic {
  readonly topicName: string;
  readonly topicId: Uuid;
  readonly partitions: readonly ResponseDescribeShareGroupOffsetsResponsePartition[];
}
export interface ResponseDescribeShareGroupOffsetsResponseTopicInput {
  readonly topicName?: string | undefined;
  readonly topicId?: Uuid | undefined;
  readonly partitions?: readonly ResponseDescribeShareGroupOffsetsResponsePartitionInput[] | undefined;
}

export function readResponseDescribeShareGroupOffsetsResponseTopic(reader: Reader, version: number): ResponseDescribeShareGroupOffsetsResponseTopic {
  const flexible = true;
  let topicName: string = '';
  topicName = reader.string(flexible);
  let topicId: Uuid = zeroUuid;
  topicId = reader.uuid();
  let partitions: readonly ResponseDescribeShareGroupOffsetsResponsePartition[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listPartitions: ResponseDescribeShareGroupOffsetsResponsePartition[] = [];
    for (; count > 0; count -= 1) listPartitions.push(readResponseDescribeShareGroupOffsetsResponsePartition(reader, version));
    partitions = listPartitions;
  }
  reader.skipTagged();
  return { topicName, topicId, partitions };
}

export function writeResponseDescribeShareGroupOffsetsResponseTopic(writer: Writer, message: ResponseDescribeShareGroupOffsetsResponseTopicInput, version: number): void {
  const flexible = true;
  writer.string(message.topicName ?? '', flexible);
  writer.uuid(message.topicId ?? zeroUuid);
  {
    const list = message.partitions ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseDescribeShareGroupOffsetsResponsePartition(writer, each, version);
  }
  writer.varint(0);
}

export interface ResponseDescribeShareGroupOffsetsResponsePartition {
  readonly partitionIndex: number;
  readonly startOffset: number;
  readonly leaderEpoch: number;
  readonly lag: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
}
export interface ResponseDescribeShareGroupOffsetsResponsePartitionInput {
  readonly partitionIndex?: number | undefined;
  readonly startOffset?: number | undefined;
  readonly leaderEpoch?: number | undefined;
  readonly lag?: number | undefined;
  readonly errorCode?: number | undefined;
  readonly errorMessage?: string | null | undefined;
}

export function readResponseDescribeShareGroupOffsetsResponsePartition(reader: Reader, version: number): ResponseDescribeShareGroupOffsetsResponsePartition {
  const flexible = true;
  let partitionIndex: number = 0;
  partitionIndex = reader.int32();
  let startOffset: number = 0;
  startOffset = reader.int64();
  let leaderEpoch: number = 0;
  leaderEpoch = reader.int32();
  let lag: number = -1;
  if (version >= 1) {
    lag = reader.int64();
  }
  let errorCode: number = 0;
  errorCode = reader.int16();
  let errorMessage: string | null = null;
  errorMessage = reader.nullableString(flexible);
  reader.skipTagged();
  return { partitionIndex, startOffset, leaderEpoch, lag, errorCode, errorMessage };
}

export function writeResponseDescribeShareGroupOffsetsResponsePartition(writer: Writer, message: ResponseDescribeShareGroupOffsetsResponsePartitionInput, version: number): void {
  const flexible = true;
  writer.int32(message.partitionIndex ?? 0);
  writer.int64(message.startOffset ?? 0);
  writer.int32(message.leaderEpoch ?? 0);
  if (version >= 1) {
    writer.int64(message.lag ?? -1);
  }
  writer.int16(message.errorCode ?? 0);
  writer.nullableString(message.errorMessage === undefined ? null : message.errorMessage, flexible);
  writer.varint(0);
}
