// Generated from ../tables by `make generate`.
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

export interface ListPartitionReassignmentsRequest {
  readonly timeoutMs: number;
  readonly topics: readonly RequestListPartitionReassignmentsTopics[] | null;
}
export interface ListPartitionReassignmentsRequestInput {
  readonly timeoutMs?: number | undefined;
  readonly topics?: readonly RequestListPartitionReassignmentsTopicsInput[] | null | undefined;
}

export function readListPartitionReassignmentsRequest(reader: Reader, version: number): ListPartitionReassignmentsRequest {
  const flexible = true;
  let timeoutMs: number = 60000;
  timeoutMs = reader.int32();
  let topics: readonly RequestListPartitionReassignmentsTopics[] | null = null;
  {
    let count = reader.arrayLength(flexible);
    if (count < 0) topics = null;
    else {
      const listTopics: RequestListPartitionReassignmentsTopics[] = [];
      for (; count > 0; count -= 1) listTopics.push(readRequestListPartitionReassignmentsTopics(reader, version));
      topics = listTopics;
    }
  }
  reader.skipTagged();
  return { timeoutMs, topics };
}

export function writeListPartitionReassignmentsRequest(writer: Writer, message: ListPartitionReassignmentsRequestInput, version: number): void {
  const flexible = true;
  writer.int32(message.timeoutMs ?? 60000);
  {
    const list = message.topics === undefined ? null : message.topics;
    if (list === null) writer.arrayLength(-1, flexible);
    else {
      writer.arrayLength(list.length, flexible);
      for (const each of list) writeRequestListPartitionReassignmentsTopics(writer, each, version);
    }
  }
  writer.varint(0);
}

export interface RequestListPartitionReassignmentsTopics {
  readonly name: string;
  readonly partitionIndexes: readonly number[];
}
export interface RequestListPartitionReassignmentsTopicsInput {
  readonly name?: string | undefined;
  readonly partitionIndexes?: readonly number[] | undefined;
}

export function readRequestListPartitionReassignmentsTopics(reader: Reader, version: number): RequestListPartitionReassignmentsTopics {
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

export function writeRequestListPartitionReassignmentsTopics(writer: Writer, message: RequestListPartitionReassignmentsTopicsInput, version: number): void {
  const flexible = true;
  writer.string(message.name ?? '', flexible);
  {
    const list = message.partitionIndexes ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writer.int32(each);
  }
  writer.varint(0);
}

export interface ListPartitionReassignmentsResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly topics: readonly ResponseOngoingTopicReassignment[];
}
export interface ListPartitionReassignmentsResponseInput {
  readonly throttleTimeMs?: number | undefined;
  readonly errorCode?: number | undefined;
  readonly errorMessage?: string | null | undefined;
  readonly topics?: readonly ResponseOngoingTopicReassignmentInput[] | undefined;
}

export function readListPartitionReassignmentsResponse(reader: Reader, version: number): ListPartitionReassignmentsResponse {
  const flexible = true;
  let throttleTimeMs: number = 0;
  throttleTimeMs = reader.int32();
  let errorCode: number = 0;
  errorCode = reader.int16();
  let errorMessage: string | null = '';
  errorMessage = reader.nullableString(flexible);
  let topics: readonly ResponseOngoingTopicReassignment[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listTopics: ResponseOngoingTopicReassignment[] = [];
    for (; count > 0; count -= 1) listTopics.push(readResponseOngoingTopicReassignment(reader, version));
    topics = listTopics;
  }
  reader.skipTagged();
  return { throttleTimeMs, errorCode, errorMessage, topics };
}

export function writeListPartitionReassignmentsResponse(writer: Writer, message: ListPartitionReassignmentsResponseInput, version: number): void {
  const flexible = true;
  writer.int32(message.throttleTimeMs ?? 0);
  writer.int16(message.errorCode ?? 0);
  writer.nullableString(message.errorMessage === undefined ? '' : message.errorMessage, flexible);
  {
    const list = message.topics ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseOngoingTopicReassignment(writer, each, version);
  }
  writer.varint(0);
}

export interface ResponseOngoingTopicReassignment {
  readonly name: string;
  readonly partitions: readonly ResponseOngoingPartitionReassignment[];
}
export interface ResponseOngoingTopicReassignmentInput {
  readonly name?: string | undefined;
  readonly partitions?: readonly ResponseOngoingPartitionReassignmentInput[] | undefined;
}

export function readResponseOngoingTopicReassignment(reader: Reader, version: number): ResponseOngoingTopicReassignment {
  const flexible = true;
  let name: string = '';
  name = reader.string(flexible);
  let partitions: readonly ResponseOngoingPartitionReassignment[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listPartitions: ResponseOngoingPartitionReassignment[] = [];
    for (; count > 0; count -= 1) listPartitions.push(readResponseOngoingPartitionReassignment(reader, version));
    partitions = listPartitions;
  }
  reader.skipTagged();
  return { name, partitions };
}

export function writeResponseOngoingTopicReassignment(writer: Writer, message: ResponseOngoingTopicReassignmentInput, version: number): void {
  const flexible = true;
  writer.string(message.name ?? '', flexible);
  {
    const list = message.partitions ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseOngoingPartitionReassignment(writer, each, version);
  }
  writer.varint(0);
}

export interface ResponseOngoingPartitionReassignment {
  readonly partitionIndex: number;
  readonly replicas: readonly number[];
  readonly addingReplicas: readonly number[];
  readonly removingReplicas: readonly number[];
}
export interface ResponseOngoingPartitionReassignmentInput {
  readonly partitionIndex?: number | undefined;
  readonly replicas?: readonly number[] | undefined;
  readonly addingReplicas?: readonly number[] | undefined;
  readonly removingReplicas?: readonly number[] | undefined;
}

export function readResponseOngoingPartitionReassignment(reader: Reader, version: number): ResponseOngoingPartitionReassignment {
  const flexible = true;
  let partitionIndex: number = 0;
  partitionIndex = reader.int32();
  let replicas: readonly number[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listReplicas: number[] = [];
    for (; count > 0; count -= 1) listReplicas.push(reader.int32());
    replicas = listReplicas;
  }
  let addingReplicas: readonly number[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listAddingReplicas: number[] = [];
    for (; count > 0; count -= 1) listAddingReplicas.push(reader.int32());
    addingReplicas = listAddingReplicas;
  }
  let removingReplicas: readonly number[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listRemovingReplicas: number[] = [];
    for (; count > 0; count -= 1) listRemovingReplicas.push(reader.int32());
    removingReplicas = listRemovingReplicas;
  }
  reader.skipTagged();
  return { partitionIndex, replicas, addingReplicas, removingReplicas };
}

export function writeResponseOngoingPartitionReassignment(writer: Writer, message: ResponseOngoingPartitionReassignmentInput, version: number): void {
  const flexible = true;
  writer.int32(message.partitionIndex ?? 0);
  {
    const list = message.replicas ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writer.int32(each);
  }
  {
    const list = message.addingReplicas ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writer.int32(each);
  }
  {
    const list = message.removingReplicas ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writer.int32(each);
  }
  writer.varint(0);
}
