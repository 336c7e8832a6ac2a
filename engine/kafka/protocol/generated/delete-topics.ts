// Generated from ../tables by `make generate`.
import { type Uuid, zeroUuid } from '../../model.ts';
import type { Reader } from '../reader.ts';
import { lacks, lacksNull } from '../lacking-field.ts';
import type { Writer } from '../writer.ts';

export interface DeleteTopicsRequest {
  readonly topics: readonly RequestDeleteTopicState[];
  readonly topicNames: readonly string[];
  readonly timeoutMs: number;
}
export interface DeleteTopicsRequestInput {
  readonly topics?: readonly RequestDeleteTopicStateInput[] | undefined;
  readonly topicNames?: readonly string[] | undefined;
  readonly timeoutMs?: number | undefined;
}

export function readDeleteTopicsRequest(reader: Reader, version: number): DeleteTopicsRequest {
  const flexible = version >= 4;
  let topics: readonly RequestDeleteTopicState[] = [];
  if (version >= 6) {
    {
      let count = reader.notNull(reader.arrayLength(flexible));
      const listTopics: RequestDeleteTopicState[] = [];
      for (; count > 0; count -= 1) listTopics.push(readRequestDeleteTopicState(reader, version));
      topics = listTopics;
    }
  }
  let topicNames: readonly string[] = [];
  if (version <= 5) {
    {
      let count = reader.notNull(reader.arrayLength(flexible));
      const listTopicNames: string[] = [];
      for (; count > 0; count -= 1) listTopicNames.push(reader.string(flexible));
      topicNames = listTopicNames;
    }
  }
  let timeoutMs: number = 0;
  timeoutMs = reader.int32();
  if (flexible) reader.skipTagged();
  return { topics, topicNames, timeoutMs };
}

export function writeDeleteTopicsRequest(writer: Writer, message: DeleteTopicsRequestInput, version: number): void {
  const flexible = version >= 4;
  if (version >= 6) {
    {
      const list = message.topics ?? [];
      writer.arrayLength(list.length, flexible);
      for (const each of list) writeRequestDeleteTopicState(writer, each, version);
    }
  } else if (message.topics !== undefined && message.topics.length > 0) lacks('DeleteTopicsRequest', 'topics', version);
  if (version <= 5) {
    {
      const list = message.topicNames ?? [];
      writer.arrayLength(list.length, flexible);
      for (const each of list) writer.string(each, flexible);
    }
  }
  writer.int32(message.timeoutMs ?? 0);
  if (flexible) writer.varint(0);
}

export interface RequestDeleteTopicState {
  readonly name: string | null;
  readonly topicId: Uuid;
}
export interface RequestDeleteTopicStateInput {
  readonly name?: string | null | undefined;
  readonly topicId?: Uuid | undefined;
}

export function readRequestDeleteTopicState(reader: Reader, version: number): RequestDeleteTopicState {
  const flexible = version >= 4;
  let name: string | null = null;
  if (version >= 6) {
    name = reader.nullableString(flexible);
  }
  let topicId: Uuid = zeroUuid;
  if (version >= 6) {
    topicId = reader.uuid();
  }
  if (flexible) reader.skipTagged();
  return { name, topicId };
}

export function writeRequestDeleteTopicState(writer: Writer, message: RequestDeleteTopicStateInput, version: number): void {
  const flexible = version >= 4;
  if (version >= 6) {
    writer.nullableString(message.name === undefined ? null : message.name, flexible);
  } else if (message.name !== undefined && message.name !== null) lacks('DeleteTopicsRequest', 'name', version);
  if (version >= 6) {
    writer.uuid(message.topicId ?? zeroUuid);
  } else if (message.topicId !== undefined && message.topicId !== zeroUuid) lacks('DeleteTopicsRequest', 'topicId', version);
  if (flexible) writer.varint(0);
}

export interface DeleteTopicsResponse {
  readonly throttleTimeMs: number;
  readonly responses: readonly ResponseDeletableTopicResult[];
}
export interface DeleteTopicsResponseInput {
  readonly throttleTimeMs?: number | undefined;
  readonly responses?: readonly ResponseDeletableTopicResultInput[] | undefined;
}

export function readDeleteTopicsResponse(reader: Reader, version: number): DeleteTopicsResponse {
  const flexible = version >= 4;
  let throttleTimeMs: number = 0;
  throttleTimeMs = reader.int32();
  let responses: readonly ResponseDeletableTopicResult[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listResponses: ResponseDeletableTopicResult[] = [];
    for (; count > 0; count -= 1) listResponses.push(readResponseDeletableTopicResult(reader, version));
    responses = listResponses;
  }
  if (flexible) reader.skipTagged();
  return { throttleTimeMs, responses };
}

export function writeDeleteTopicsResponse(writer: Writer, message: DeleteTopicsResponseInput, version: number): void {
  const flexible = version >= 4;
  writer.int32(message.throttleTimeMs ?? 0);
  {
    const list = message.responses ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseDeletableTopicResult(writer, each, version);
  }
  if (flexible) writer.varint(0);
}

export interface ResponseDeletableTopicResult {
  readonly name: string | null;
  readonly topicId: Uuid;
  readonly errorCode: number;
  readonly errorMessage: string | null;
}
export interface ResponseDeletableTopicResultInput {
  readonly name?: string | null | undefined;
  readonly topicId?: Uuid | undefined;
  readonly errorCode?: number | undefined;
  readonly errorMessage?: string | null | undefined;
}

export function readResponseDeletableTopicResult(reader: Reader, version: number): ResponseDeletableTopicResult {
  const flexible = version >= 4;
  let name: string | null = '';
  name = version >= 6 ? reader.nullableString(flexible) : reader.string(flexible);
  let topicId: Uuid = zeroUuid;
  if (version >= 6) {
    topicId = reader.uuid();
  }
  let errorCode: number = 0;
  errorCode = reader.int16();
  let errorMessage: string | null = null;
  if (version >= 5) {
    errorMessage = reader.nullableString(flexible);
  }
  if (flexible) reader.skipTagged();
  return { name, topicId, errorCode, errorMessage };
}

export function writeResponseDeletableTopicResult(writer: Writer, message: ResponseDeletableTopicResultInput, version: number): void {
  const flexible = version >= 4;
  if (message.name === null && !(version >= 6)) lacksNull('DeleteTopicsResponse', 'name', version);
  writer.nullableString(message.name === undefined ? '' : message.name, flexible);
  if (version >= 6) {
    writer.uuid(message.topicId ?? zeroUuid);
  }
  writer.int16(message.errorCode ?? 0);
  if (version >= 5) {
    writer.nullableString(message.errorMessage === undefined ? null : message.errorMessage, flexible);
  }
  if (flexible) writer.varint(0);
}
