// Generated from ../tables by `make generate`.
import type { Reader } from '../reader.ts';
import { lacks } from '../lacking-field.ts';
import type { Writer } from '../writer.ts';

export interface ElectLeadersRequest {
  readonly electionType: number;
  readonly topicPartitions: readonly RequestTopicPartitions[] | null;
  readonly timeoutMs: number;
}
export interface ElectLeadersRequestInput {
  readonly electionType?: number | undefined;
  readonly topicPartitions?: readonly RequestTopicPartitionsInput[] | null | undefined;
  readonly timeoutMs?: number | undefined;
}

export function readElectLeadersRequest(reader: Reader, version: number): ElectLeadersRequest {
  const flexible = version >= 2;
  let electionType: number = 0;
  if (version >= 1) {
    electionType = reader.int8();
  }
  let topicPartitions: readonly RequestTopicPartitions[] | null = [];
  {
    let count = reader.arrayLength(flexible);
    if (count < 0) topicPartitions = null;
    else {
      const listTopicPartitions: RequestTopicPartitions[] = [];
      for (; count > 0; count -= 1) listTopicPartitions.push(readRequestTopicPartitions(reader, version));
      topicPartitions = listTopicPartitions;
    }
  }
  let timeoutMs: number = 60000;
  timeoutMs = reader.int32();
  if (flexible) reader.skipTagged();
  return { electionType, topicPartitions, timeoutMs };
}

export function writeElectLeadersRequest(writer: Writer, message: ElectLeadersRequestInput, version: number): void {
  const flexible = version >= 2;
  if (version >= 1) {
    writer.int8(message.electionType ?? 0);
  } else if (message.electionType !== undefined && message.electionType !== 0) lacks('ElectLeadersRequest', 'electionType', version);
  {
    const list = message.topicPartitions === undefined ? [] : message.topicPartitions;
    if (list === null) writer.arrayLength(-1, flexible);
    else {
      writer.arrayLength(list.length, flexible);
      for (const each of list) writeRequestTopicPartitions(writer, each, version);
    }
  }
  writer.int32(message.timeoutMs ?? 60000);
  if (flexible) writer.varint(0);
}

export interface RequestTopicPartitions {
  readonly topic: string;
  readonly partitions: readonly number[];
}
export interface RequestTopicPartitionsInput {
  readonly topic?: string | undefined;
  readonly partitions?: readonly number[] | undefined;
}

export function readRequestTopicPartitions(reader: Reader, version: number): RequestTopicPartitions {
  const flexible = version >= 2;
  let topic: string = '';
  topic = reader.string(flexible);
  let partitions: readonly number[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listPartitions: number[] = [];
    for (; count > 0; count -= 1) listPartitions.push(reader.int32());
    partitions = listPartitions;
  }
  if (flexible) reader.skipTagged();
  return { topic, partitions };
}

export function writeRequestTopicPartitions(writer: Writer, message: RequestTopicPartitionsInput, version: number): void {
  const flexible = version >= 2;
  writer.string(message.topic ?? '', flexible);
  {
    const list = message.partitions ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writer.int32(each);
  }
  if (flexible) writer.varint(0);
}

export interface ElectLeadersResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly replicaElectionResults: readonly ResponseReplicaElectionResult[];
}
export interface ElectLeadersResponseInput {
  readonly throttleTimeMs?: number | undefined;
  readonly errorCode?: number | undefined;
  readonly replicaElectionResults?: readonly ResponseReplicaElectionResultInput[] | undefined;
}

export function readElectLeadersResponse(reader: Reader, version: number): ElectLeadersResponse {
  const flexible = version >= 2;
  let throttleTimeMs: number = 0;
  throttleTimeMs = reader.int32();
  let errorCode: number = 0;
  if (version >= 1) {
    errorCode = reader.int16();
  }
  let replicaElectionResults: readonly ResponseReplicaElectionResult[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listReplicaElectionResults: ResponseReplicaElectionResult[] = [];
    for (; count > 0; count -= 1) listReplicaElectionResults.push(readResponseReplicaElectionResult(reader, version));
    replicaElectionResults = listReplicaElectionResults;
  }
  if (flexible) reader.skipTagged();
  return { throttleTimeMs, errorCode, replicaElectionResults };
}

export function writeElectLeadersResponse(writer: Writer, message: ElectLeadersResponseInput, version: number): void {
  const flexible = version >= 2;
  writer.int32(message.throttleTimeMs ?? 0);
  if (version >= 1) {
    writer.int16(message.errorCode ?? 0);
  } else if (message.errorCode !== undefined && message.errorCode !== 0) lacks('ElectLeadersResponse', 'errorCode', version);
  {
    const list = message.replicaElectionResults ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseReplicaElectionResult(writer, each, version);
  }
  if (flexible) writer.varint(0);
}

export interface ResponseReplicaElectionResult {
  readonly topic: string;
  readonly partitionResult: readonly ResponsePartitionResult[];
}
export interface ResponseReplicaElectionResultInput {
  readonly topic?: string | undefined;
  readonly partitionResult?: readonly ResponsePartitionResultInput[] | undefined;
}

export function readResponseReplicaElectionResult(reader: Reader, version: number): ResponseReplicaElectionResult {
  const flexible = version >= 2;
  let topic: string = '';
  topic = reader.string(flexible);
  let partitionResult: readonly ResponsePartitionResult[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listPartitionResult: ResponsePartitionResult[] = [];
    for (; count > 0; count -= 1) listPartitionResult.push(readResponsePartitionResult(reader, version));
    partitionResult = listPartitionResult;
  }
  if (flexible) reader.skipTagged();
  return { topic, partitionResult };
}

export function writeResponseReplicaElectionResult(writer: Writer, message: ResponseReplicaElectionResultInput, version: number): void {
  const flexible = version >= 2;
  writer.string(message.topic ?? '', flexible);
  {
    const list = message.partitionResult ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponsePartitionResult(writer, each, version);
  }
  if (flexible) writer.varint(0);
}

export interface ResponsePartitionResult {
  readonly partitionId: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
}
export interface ResponsePartitionResultInput {
  readonly partitionId?: number | undefined;
  readonly errorCode?: number | undefined;
  readonly errorMessage?: string | null | undefined;
}

export function readResponsePartitionResult(reader: Reader, version: number): ResponsePartitionResult {
  const flexible = version >= 2;
  let partitionId: number = 0;
  partitionId = reader.int32();
  let errorCode: number = 0;
  errorCode = reader.int16();
  let errorMessage: string | null = '';
  errorMessage = reader.nullableString(flexible);
  if (flexible) reader.skipTagged();
  return { partitionId, errorCode, errorMessage };
}

export function writeResponsePartitionResult(writer: Writer, message: ResponsePartitionResultInput, version: number): void {
  const flexible = version >= 2;
  writer.int32(message.partitionId ?? 0);
  writer.int16(message.errorCode ?? 0);
  writer.nullableString(message.errorMessage === undefined ? '' : message.errorMessage, flexible);
  if (flexible) writer.varint(0);
}
