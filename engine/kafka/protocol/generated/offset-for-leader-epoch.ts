// Generated from ../tables by `make generate`.
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

export interface OffsetForLeaderEpochRequest {
  readonly replicaId: number;
  readonly topics: readonly RequestOffsetForLeaderTopic[];
}
export interface OffsetForLeaderEpochRequestInput {
  readonly replicaId?: number | undefined;
  readonly topics?: readonly RequestOffsetForLeaderTopicInput[] | undefined;
}

export function readOffsetForLeaderEpochRequest(reader: Reader, version: number): OffsetForLeaderEpochRequest {
  const flexible = version >= 4;
  let replicaId: number = -2;
  if (version >= 3) {
    replicaId = reader.int32();
  }
  let topics: readonly RequestOffsetForLeaderTopic[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listTopics: RequestOffsetForLeaderTopic[] = [];
    for (; count > 0; count -= 1) listTopics.push(readRequestOffsetForLeaderTopic(reader, version));
    topics = listTopics;
  }
  if (flexible) reader.skipTagged();
  return { replicaId, topics };
}

export function writeOffsetForLeaderEpochRequest(writer: Writer, message: OffsetForLeaderEpochRequestInput, version: number): void {
  const flexible = version >= 4;
  if (version >= 3) {
    writer.int32(message.replicaId ?? -2);
  }
  {
    const list = message.topics ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeRequestOffsetForLeaderTopic(writer, each, version);
  }
  if (flexible) writer.varint(0);
}

export interface RequestOffsetForLeaderTopic {
  readonly topic: string;
  readonly partitions: readonly RequestOffsetForLeaderPartition[];
}
export interface RequestOffsetForLeaderTopicInput {
  readonly topic?: string | undefined;
  readonly partitions?: readonly RequestOffsetForLeaderPartitionInput[] | undefined;
}

export function readRequestOffsetForLeaderTopic(reader: Reader, version: number): RequestOffsetForLeaderTopic {
  const flexible = version >= 4;
  let topic: string = '';
  topic = reader.string(flexible);
  let partitions: readonly RequestOffsetForLeaderPartition[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listPartitions: RequestOffsetForLeaderPartition[] = [];
    for (; count > 0; count -= 1) listPartitions.push(readRequestOffsetForLeaderPartition(reader, version));
    partitions = listPartitions;
  }
  if (flexible) reader.skipTagged();
  return { topic, partitions };
}

export function writeRequestOffsetForLeaderTopic(writer: Writer, message: RequestOffsetForLeaderTopicInput, version: number): void {
  const flexible = version >= 4;
  writer.string(message.topic ?? '', flexible);
  {
    const list = message.partitions ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeRequestOffsetForLeaderPartition(writer, each, version);
  }
  if (flexible) writer.varint(0);
}

export interface RequestOffsetForLeaderPartition {
  readonly partition: number;
  readonly currentLeaderEpoch: number;
  readonly leaderEpoch: number;
}
export interface RequestOffsetForLeaderPartitionInput {
  readonly partition?: number | undefined;
  readonly currentLeaderEpoch?: number | undefined;
  readonly leaderEpoch?: number | undefined;
}

export function readRequestOffsetForLeaderPartition(reader: Reader, version: number): RequestOffsetForLeaderPartition {
  const flexible = version >= 4;
  let partition: number = 0;
  partition = reader.int32();
  let currentLeaderEpoch: number = -1;
  currentLeaderEpoch = reader.int32();
  let leaderEpoch: number = 0;
  leaderEpoch = reader.int32();
  if (flexible) reader.skipTagged();
  return { partition, currentLeaderEpoch, leaderEpoch };
}

export function writeRequestOffsetForLeaderPartition(writer: Writer, message: RequestOffsetForLeaderPartitionInput, version: number): void {
  const flexible = version >= 4;
  writer.int32(message.partition ?? 0);
  writer.int32(message.currentLeaderEpoch ?? -1);
  writer.int32(message.leaderEpoch ?? 0);
  if (flexible) writer.varint(0);
}

export interface OffsetForLeaderEpochResponse {
  readonly throttleTimeMs: number;
  readonly topics: readonly ResponseOffsetForLeaderTopicResult[];
}
export interface OffsetForLeaderEpochResponseInput {
  readonly throttleTimeMs?: number | undefined;
  readonly topics?: readonly ResponseOffsetForLeaderTopicResultInput[] | undefined;
}

export function readOffsetForLeaderEpochResponse(reader: Reader, version: number): OffsetForLeaderEpochResponse {
  const flexible = version >= 4;
  let throttleTimeMs: number = 0;
  throttleTimeMs = reader.int32();
  let topics: readonly ResponseOffsetForLeaderTopicResult[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listTopics: ResponseOffsetForLeaderTopicResult[] = [];
    for (; count > 0; count -= 1) listTopics.push(readResponseOffsetForLeaderTopicResult(reader, version));
    topics = listTopics;
  }
  if (flexible) reader.skipTagged();
  return { throttleTimeMs, topics };
}

export function writeOffsetForLeaderEpochResponse(writer: Writer, message: OffsetForLeaderEpochResponseInput, version: number): void {
  const flexible = version >= 4;
  writer.int32(message.throttleTimeMs ?? 0);
  {
    const list = message.topics ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseOffsetForLeaderTopicResult(writer, each, version);
  }
  if (flexible) writer.varint(0);
}

export interface ResponseOffsetForLeaderTopicResult {
  readonly topic: string;
  readonly partitions: readonly ResponseEpochEndOffset[];
}
export interface ResponseOffsetForLeaderTopicResultInput {
  readonly topic?: string | undefined;
  readonly partitions?: readonly ResponseEpochEndOffsetInput[] | undefined;
}

export function readResponseOffsetForLeaderTopicResult(reader: Reader, version: number): ResponseOffsetForLeaderTopicResult {
  const flexible = version >= 4;
  let topic: string = '';
  topic = reader.string(flexible);
  let partitions: readonly ResponseEpochEndOffset[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listPartitions: ResponseEpochEndOffset[] = [];
    for (; count > 0; count -= 1) listPartitions.push(readResponseEpochEndOffset(reader, version));
    partitions = listPartitions;
  }
  if (flexible) reader.skipTagged();
  return { topic, partitions };
}

export function writeResponseOffsetForLeaderTopicResult(writer: Writer, message: ResponseOffsetForLeaderTopicResultInput, version: number): void {
  const flexible = version >= 4;
  writer.string(message.topic ?? '', flexible);
  {
    const list = message.partitions ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseEpochEndOffset(writer, each, version);
  }
  if (flexible) writer.varint(0);
}

export interface ResponseEpochEndOffset {
  readonly errorCode: number;
  readonly partition: number;
  readonly leaderEpoch: number;
  readonly endOffset: number;
}
export interface ResponseEpochEndOffsetInput {
  readonly errorCode?: number | undefined;
  readonly partition?: number | undefined;
  readonly leaderEpoch?: number | undefined;
  readonly endOffset?: number | undefined;
}

export function readResponseEpochEndOffset(reader: Reader, version: number): ResponseEpochEndOffset {
  const flexible = version >= 4;
  let errorCode: number = 0;
  errorCode = reader.int16();
  let partition: number = 0;
  partition = reader.int32();
  let leaderEpoch: number = -1;
  leaderEpoch = reader.int32();
  let endOffset: number = -1;
  endOffset = reader.int64();
  if (flexible) reader.skipTagged();
  return { errorCode, partition, leaderEpoch, endOffset };
}

export function writeResponseEpochEndOffset(writer: Writer, message: ResponseEpochEndOffsetInput, version: number): void {
  const flexible = version >= 4;
  writer.int16(message.errorCode ?? 0);
  writer.int32(message.partition ?? 0);
  writer.int32(message.leaderEpoch ?? -1);
  writer.int64(message.endOffset ?? -1);
  if (flexible) writer.varint(0);
}
