// Generated from ../tables by `make generate`.
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

export interface CreatePartitionsRequest {
  readonly topics: readonly RequestCreatePartitionsTopic[];
  readonly timeoutMs: number;
  readonly validateOnly: boolean;
}
export interface CreatePartitionsRequestInput {
  readonly topics?: readonly RequestCreatePartitionsTopicInput[] | undefined;
  readonly timeoutMs?: number | undefined;
  readonly validateOnly?: boolean | undefined;
}

export function readCreatePartitionsRequest(reader: Reader, version: number): CreatePartitionsRequest {
  const flexible = version >= 2;
  let topics: readonly RequestCreatePartitionsTopic[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listTopics: RequestCreatePartitionsTopic[] = [];
    for (; count > 0; count -= 1) listTopics.push(readRequestCreatePartitionsTopic(reader, version));
    topics = listTopics;
  }
  let timeoutMs: number = 0;
  timeoutMs = reader.int32();
  let validateOnly: boolean = false;
  validateOnly = reader.bool();
  if (flexible) reader.skipTagged();
  return { topics, timeoutMs, validateOnly };
}

export function writeCreatePartitionsRequest(writer: Writer, message: CreatePartitionsRequestInput, version: number): void {
  const flexible = version >= 2;
  {
    const list = message.topics ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeRequestCreatePartitionsTopic(writer, each, version);
  }
  writer.int32(message.timeoutMs ?? 0);
  writer.bool(message.validateOnly ?? false);
  if (flexible) writer.varint(0);
}

export interface RequestCreatePartitionsTopic {
  readonly name: string;
  readonly count: number;
  readonly assignments: readonly RequestCreatePartitionsAssignment[] | null;
}
export interface RequestCreatePartitionsTopicInput {
  readonly name?: string | undefined;
  readonly count?: number | undefined;
  readonly assignments?: readonly RequestCreatePartitionsAssignmentInput[] | null | undefined;
}

export function readRequestCreatePartitionsTopic(reader: Reader, version: number): RequestCreatePartitionsTopic {
  const flexible = version >= 2;
  let name: string = '';
  name = reader.string(flexible);
  let count: number = 0;
  count = reader.int32();
  let assignments: readonly RequestCreatePartitionsAssignment[] | null = [];
  {
    let count = reader.arrayLength(flexible);
    if (count < 0) assignments = null;
    else {
      const listAssignments: RequestCreatePartitionsAssignment[] = [];
      for (; count > 0; count -= 1) listAssignments.push(readRequestCreatePartitionsAssignment(reader, version));
      assignments = listAssignments;
    }
  }
  if (flexible) reader.skipTagged();
  return { name, count, assignments };
}

export function writeRequestCreatePartitionsTopic(writer: Writer, message: RequestCreatePartitionsTopicInput, version: number): void {
  const flexible = version >= 2;
  writer.string(message.name ?? '', flexible);
  writer.int32(message.count ?? 0);
  {
    const list = message.assignments === undefined ? [] : message.assignments;
    if (list === null) writer.arrayLength(-1, flexible);
    else {
      writer.arrayLength(list.length, flexible);
      for (const each of list) writeRequestCreatePartitionsAssignment(writer, each, version);
    }
  }
  if (flexible) writer.varint(0);
}

export interface RequestCreatePartitionsAssignment {
  readonly brokerIds: readonly number[];
}
export interface RequestCreatePartitionsAssignmentInput {
  readonly brokerIds?: readonly number[] | undefined;
}

export function readRequestCreatePartitionsAssignment(reader: Reader, version: number): RequestCreatePartitionsAssignment {
  const flexible = version >= 2;
  let brokerIds: readonly number[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listBrokerIds: number[] = [];
    for (; count > 0; count -= 1) listBrokerIds.push(reader.int32());
    brokerIds = listBrokerIds;
  }
  if (flexible) reader.skipTagged();
  return { brokerIds };
}

export function writeRequestCreatePartitionsAssignment(writer: Writer, message: RequestCreatePartitionsAssignmentInput, version: number): void {
  const flexible = version >= 2;
  {
    const list = message.brokerIds ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writer.int32(each);
  }
  if (flexible) writer.varint(0);
}

export interface CreatePartitionsResponse {
  readonly throttleTimeMs: number;
  readonly results: readonly ResponseCreatePartitionsTopicResult[];
}
export interface CreatePartitionsResponseInput {
  readonly throttleTimeMs?: number | undefined;
  readonly results?: readonly ResponseCreatePartitionsTopicResultInput[] | undefined;
}

export function readCreatePartitionsResponse(reader: Reader, version: number): CreatePartitionsResponse {
  const flexible = version >= 2;
  let throttleTimeMs: number = 0;
  throttleTimeMs = reader.int32();
  let results: readonly ResponseCreatePartitionsTopicResult[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listResults: ResponseCreatePartitionsTopicResult[] = [];
    for (; count > 0; count -= 1) listResults.push(readResponseCreatePartitionsTopicResult(reader, version));
    results = listResults;
  }
  if (flexible) reader.skipTagged();
  return { throttleTimeMs, results };
}

export function writeCreatePartitionsResponse(writer: Writer, message: CreatePartitionsResponseInput, version: number): void {
  const flexible = version >= 2;
  writer.int32(message.throttleTimeMs ?? 0);
  {
    const list = message.results ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseCreatePartitionsTopicResult(writer, each, version);
  }
  if (flexible) writer.varint(0);
}

export interface ResponseCreatePartitionsTopicResult {
  readonly name: string;
  readonly errorCode: number;
  readonly errorMessage: string | null;
}
export interface ResponseCreatePartitionsTopicResultInput {
  readonly name?: string | undefined;
  readonly errorCode?: number | undefined;
  readonly errorMessage?: string | null | undefined;
}

export function readResponseCreatePartitionsTopicResult(reader: Reader, version: number): ResponseCreatePartitionsTopicResult {
  const flexible = version >= 2;
  let name: string = '';
  name = reader.string(flexible);
  let errorCode: number = 0;
  errorCode = reader.int16();
  let errorMessage: string | null = null;
  errorMessage = reader.nullableString(flexible);
  if (flexible) reader.skipTagged();
  return { name, errorCode, errorMessage };
}

export function writeResponseCreatePartitionsTopicResult(writer: Writer, message: ResponseCreatePartitionsTopicResultInput, version: number): void {
  const flexible = version >= 2;
  writer.string(message.name ?? '', flexible);
  writer.int16(message.errorCode ?? 0);
  writer.nullableString(message.errorMessage === undefined ? null : message.errorMessage, flexible);
  if (flexible) writer.varint(0);
}
