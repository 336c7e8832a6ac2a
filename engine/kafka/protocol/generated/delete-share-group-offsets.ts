// Generated from ../tables by `make generate`.
import { type Uuid, zeroUuid } from '../../model.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

export interface DeleteShareGroupOffsetsRequest {
  readonly groupId: string;
  readonly topics: readonly RequestDeleteShareGroupOffsetsRequestTopic[];
}
export interface DeleteShareGroupOffsetsRequestInput {
  readonly groupId?: string | undefined;
  readonly topics?: readonly RequestDeleteShareGroupOffsetsRequestTopicInput[] | undefined;
}

export function readDeleteShareGroupOffsetsRequest(reader: Reader, version: number): DeleteShareGroupOffsetsRequest {
  const flexible = true;
  let groupId: string = '';
  groupId = reader.string(flexible);
  let topics: readonly RequestDeleteShareGroupOffsetsRequestTopic[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listTopics: RequestDeleteShareGroupOffsetsRequestTopic[] = [];
    for (; count > 0; count -= 1) listTopics.push(readRequestDeleteShareGroupOffsetsRequestTopic(reader, version));
    topics = listTopics;
  }
  reader.skipTagged();
  return { groupId, topics };
}

export function writeDeleteShareGroupOffsetsRequest(writer: Writer, message: DeleteShareGroupOffsetsRequestInput, version: number): void {
  const flexible = true;
  writer.string(message.groupId ?? '', flexible);
  {
    const list = message.topics ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeRequestDeleteShareGroupOffsetsRequestTopic(writer, each, version);
  }
  writer.varint(0);
}

export interface RequestDeleteShareGroupOffsetsRequestTopic {
  readonly topicName: string;
}
export interface RequestDeleteShareGroupOffsetsRequestTopicInput {
  readonly topicName?: string | undefined;
}

export function readRequestDeleteShareGroupOffsetsRequestTopic(reader: Reader, version: number): RequestDeleteShareGroupOffsetsRequestTopic {
  const flexible = true;
  let topicName: string = '';
  topicName = reader.string(flexible);
  reader.skipTagged();
  return { topicName };
}

export function writeRequestDeleteShareGroupOffsetsRequestTopic(writer: Writer, message: RequestDeleteShareGroupOffsetsRequestTopicInput, version: number): void {
  const flexible = true;
  writer.string(message.topicName ?? '', flexible);
  writer.varint(0);
}

export interface DeleteShareGroupOffsetsResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly responses: readonly ResponseDeleteShareGroupOffsetsResponseTopic[];
}
export interface DeleteShareGroupOffsetsResponseInput {
  readonly throttleTimeMs?: number | undefined;
  readonly errorCode?: number | undefined;
  readonly errorMessage?: string | null | undefined;
  readonly responses?: readonly ResponseDeleteShareGroupOffsetsResponseTopicInput[] | undefined;
}

export function readDeleteShareGroupOffsetsResponse(reader: Reader, version: number): DeleteShareGroupOffsetsResponse {
  const flexible = true;
  let throttleTimeMs: number = 0;
  throttleTimeMs = reader.int32();
  let errorCode: number = 0;
  errorCode = reader.int16();
  let errorMessage: string | null = null;
  errorMessage = reader.nullableString(flexible);
  let responses: readonly ResponseDeleteShareGroupOffsetsResponseTopic[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listResponses: ResponseDeleteShareGroupOffsetsResponseTopic[] = [];
    for (; count > 0; count -= 1) listResponses.push(readResponseDeleteShareGroupOffsetsResponseTopic(reader, version));
    responses = listResponses;
  }
  reader.skipTagged();
  return { throttleTimeMs, errorCode, errorMessage, responses };
}

export function writeDeleteShareGroupOffsetsResponse(writer: Writer, message: DeleteShareGroupOffsetsResponseInput, version: number): void {
  const flexible = true;
  writer.int32(message.throttleTimeMs ?? 0);
  writer.int16(message.errorCode ?? 0);
  writer.nullableString(message.errorMessage === undefined ? null : message.errorMessage, flexible);
  {
    const list = message.responses ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseDeleteShareGroupOffsetsResponseTopic(writer, each, version);
  }
  writer.varint(0);
}

export interface ResponseDeleteShareGroupOffsetsResponseTopic {
  readonly topicName: string;
  readonly topicId: Uuid;
  readonly errorCode: number;
  readonly errorMessage: string | null;
}
export interface ResponseDeleteShareGroupOffsetsResponseTopicInput {
  readonly topicName?: string | undefined;
  readonly topicId?: Uuid | undefined;
  readonly errorCode?: number | undefined;
  readonly errorMessage?: string | null | undefined;
}

export function readResponseDeleteShareGroupOffsetsResponseTopic(reader: Reader, version: number): ResponseDeleteShareGroupOffsetsResponseTopic {
  const flexible = true;
  let topicName: string = '';
  topicName = reader.string(flexible);
  let topicId: Uuid = zeroUuid;
  topicId = reader.uuid();
  let errorCode: number = 0;
  errorCode = reader.int16();
  let errorMessage: string | null = null;
  errorMessage = reader.nullableString(flexible);
  reader.skipTagged();
  return { topicName, topicId, errorCode, errorMessage };
}

export function writeResponseDeleteShareGroupOffsetsResponseTopic(writer: Writer, message: ResponseDeleteShareGroupOffsetsResponseTopicInput, version: number): void {
  const flexible = true;
  writer.string(message.topicName ?? '', flexible);
  writer.uuid(message.topicId ?? zeroUuid);
  writer.int16(message.errorCode ?? 0);
  writer.nullableString(message.errorMessage === undefined ? null : message.errorMessage, flexible);
  writer.varint(0);
}
