// Generated from ../tables by `make generate`.
import type { Reader } from '../reader.ts';
import { lacks } from '../lacking-field.ts';
import type { Writer } from '../writer.ts';

export interface AlterPartitionReassignmentsRequest {
  readonly timeoutMs: number;
  readonly allowReplicationFactorChange: boolean;
  readonly topics: readonly RequestReassignableTopic[];
}
export interface AlterPartitionReassignmentsRequestInput {
  readonly timeoutMs?: number | undefined;
  readonly allowReplicationFactorChange?: boolean | undefined;
  readonly topics?: readonly RequestReassignableTopicInput[] | undefined;
}

export function readAlterPartitionReassignmentsRequest(reader: Reader, version: number): AlterPartitionReassignmentsRequest {
  const flexible = true;
  let timeoutMs: number = 60000;
  timeoutMs = reader.int32();
  let allowReplicationFactorChange: boolean = true;
  if (version >= 1) {
    allowReplicationFactorChange = reader.bool();
  }
  let topics: readonly RequestReassignableTopic[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listTopics: RequestReassignableTopic[] = [];
    for (; count > 0; count -= 1) listTopics.push(readRequestReassignableTopic(reader, version));
    topics = listTopics;
  }
  reader.skipTagged();
  return { timeoutMs, allowReplicationFactorChange, topics };
}

export function writeAlterPartitionReassignmentsRequest(writer: Writer, message: AlterPartitionReassignmentsRequestInput, version: number): void {
  const flexible = true;
  writer.int32(message.timeoutMs ?? 60000);
  if (version >= 1) {
    writer.bool(message.allowReplicationFactorChange ?? true);
  } else if (message.allowReplicationFactorChange !== undefined && message.allowReplicationFactorChange !== true) lacks('AlterPartitionReassignmentsRequest', 'allowReplicationFactorChange', version);
  {
    const list = message.topics ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeRequestReassignableTopic(writer, each, version);
  }
  writer.varint(0);
}

export interface RequestReassignableTopic {
  readonly name: string;
  readonly partitions: readonly RequestReassignablePartition[];
}
export interface RequestReassignableTopicInput {
  readonly name?: string | undefined;
  readonly partitions?: readonly RequestReassignablePartitionInput[] | undefined;
}

export function readRequestReassignableTopic(reader: Reader, version: number): RequestReassignableTopic {
  const flexible = true;
  let name: string = '';
  name = reader.string(flexible);
  let partitions: readonly RequestReassignablePartition[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listPartitions: RequestReassignablePartition[] = [];
    for (; count > 0; count -= 1) listPartitions.push(readRequestReassignablePartition(reader, version));
    partitions = listPartitions;
  }
  reader.skipTagged();
  return { name, partitions };
}

export function writeRequestReassignableTopic(writer: Writer, message: RequestReassignableTopicInput, version: number): void {
  const flexible = true;
  writer.string(message.name ?? '', flexible);
  {
    const list = message.partitions ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeRequestReassignablePartition(writer, each, version);
  }
  writer.varint(0);
}

export interface RequestReassignablePartition {
  readonly partitionIndex: number;
  readonly replicas: readonly number[] | null;
}
export interface RequestReassignablePartitionInput {
  readonly partitionIndex?: number | undefined;
  readonly replicas?: readonly number[] | null | undefined;
}

export function readRequestReassignablePartition(reader: Reader, version: number): RequestReassignablePartition {
  const flexible = true;
  let partitionIndex: number = 0;
  partitionIndex = reader.int32();
  let replicas: readonly number[] | null = null;
  {
    let count = reader.arrayLength(flexible);
    if (count < 0) replicas = null;
    else {
      const listReplicas: number[] = [];
      for (; count > 0; count -= 1) listReplicas.push(reader.int32());
      replicas = listReplicas;
    }
  }
  reader.skipTagged();
  return { partitionIndex, replicas };
}

export function writeRequestReassignablePartition(writer: Writer, message: RequestReassignablePartitionInput, version: number): void {
  const flexible = true;
  writer.int32(message.partitionIndex ?? 0);
  {
    const list = message.replicas === undefined ? null : message.replicas;
    if (list === null) writer.arrayLength(-1, flexible);
    else {
      writer.arrayLength(list.length, flexible);
      for (const each of list) writer.int32(each);
    }
  }
  writer.varint(0);
}

export interface AlterPartitionReassignmentsResponse {
  readonly throttleTimeMs: number;
  readonly allowReplicationFactorChange: boolean;
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly responses: readonly ResponseReassignableTopicResponse[];
}
export interface AlterPartitionReassignmentsResponseInput {
  readonly throttleTimeMs?: number | undefined;
  readonly allowReplicationFactorChange?: boolean | undefined;
  readonly errorCode?: number | undefined;
  readonly errorMessage?: string | null | undefined;
  readonly responses?: readonly ResponseReassignableTopicResponseInput[] | undefined;
}

export function readAlterPartitionReassignmentsResponse(reader: Reader, version: number): AlterPartitionReassignmentsResponse {
  const flexible = true;
  let throttleTimeMs: number = 0;
  throttleTimeMs = reader.int32();
  let allowReplicationFactorChange: boolean = true;
  if (version >= 1) {
    allowReplicationFactorChange = reader.bool();
  }
  let errorCode: number = 0;
  errorCode = reader.int16();
  let errorMessage: string | null = '';
  errorMessage = reader.nullableString(flexible);
  let responses: readonly ResponseReassignableTopicResponse[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listResponses: ResponseReassignableTopicResponse[] = [];
    for (; count > 0; count -= 1) listResponses.push(readResponseReassignableTopicResponse(reader, version));
    responses = listResponses;
  }
  reader.skipTagged();
  return { throttleTimeMs, allowReplicationFactorChange, errorCode, errorMessage, responses };
}

export function writeAlterPartitionReassignmentsResponse(writer: Writer, message: AlterPartitionReassignmentsResponseInput, version: number): void {
  const flexible = true;
  writer.int32(message.throttleTimeMs ?? 0);
  if (version >= 1) {
    writer.bool(message.allowReplicationFactorChange ?? true);
  }
  writer.int16(message.errorCode ?? 0);
  writer.nullableString(message.errorMessage === undefined ? '' : message.errorMessage, flexible);
  {
    const list = message.responses ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseReassignableTopicResponse(writer, each, version);
  }
  writer.varint(0);
}

export interface ResponseReassignableTopicResponse {
  readonly name: string;
  readonly partitions: readonly ResponseReassignablePartitionResponse[];
}
export interface ResponseReassignableTopicResponseInput {
  readonly name?: string | undefined;
  readonly partitions?: readonly ResponseReassignablePartitionResponseInput[] | undefined;
}

export function readResponseReassignableTopicResponse(reader: Reader, version: number): ResponseReassignableTopicResponse {
  const flexible = true;
  let name: string = '';
  name = reader.string(flexible);
  let partitions: readonly ResponseReassignablePartitionResponse[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listPartitions: ResponseReassignablePartitionResponse[] = [];
    for (; count > 0; count -= 1) listPartitions.push(readResponseReassignablePartitionResponse(reader, version));
    partitions = listPartitions;
  }
  reader.skipTagged();
  return { name, partitions };
}

export function writeResponseReassignableTopicResponse(writer: Writer, message: ResponseReassignableTopicResponseInput, version: number): void {
  const flexible = true;
  writer.string(message.name ?? '', flexible);
  {
    const list = message.partitions ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseReassignablePartitionResponse(writer, each, version);
  }
  writer.varint(0);
}

export interface ResponseReassignablePartitionResponse {
  readonly partitionIndex: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
}
export interface ResponseReassignablePartitionResponseInput {
  readonly partitionIndex?: number | undefined;
  readonly errorCode?: number | undefined;
  readonly errorMessage?: string | null | undefined;
}

export function readResponseReassignablePartitionResponse(reader: Reader, version: number): ResponseReassignablePartitionResponse {
  const flexible = true;
  let partitionIndex: number = 0;
  partitionIndex = reader.int32();
  let errorCode: number = 0;
  errorCode = reader.int16();
  let errorMessage: string | null = '';
  errorMessage = reader.nullableString(flexible);
  reader.skipTagged();
  return { partitionIndex, errorCode, errorMessage };
}

export function writeResponseReassignablePartitionResponse(writer: Writer, message: ResponseReassignablePartitionResponseInput, version: number): void {
  const flexible = true;
  writer.int32(message.partitionIndex ?? 0);
  writer.int16(message.errorCode ?? 0);
  writer.nullableString(message.errorMessage === undefined ? '' : message.errorMessage, flexible);
  writer.varint(0);
}
