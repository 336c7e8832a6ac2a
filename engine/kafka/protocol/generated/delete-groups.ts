// Generated from ../tables by `make generate`.
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

export interface DeleteGroupsRequest {
  readonly groupsNames: readonly string[];
}
export interface DeleteGroupsRequestInput {
  readonly groupsNames?: readonly string[] | undefined;
}

export function readDeleteGroupsRequest(reader: Reader, version: number): DeleteGroupsRequest {
  const flexible = version >= 2;
  let groupsNames: readonly string[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listGroupsNames: string[] = [];
    for (; count > 0; count -= 1) listGroupsNames.push(reader.string(flexible));
    groupsNames = listGroupsNames;
  }
  if (flexible) reader.skipTagged();
  return { groupsNames };
}

export function writeDeleteGroupsRequest(writer: Writer, message: DeleteGroupsRequestInput, version: number): void {
  const flexible = version >= 2;
  {
    const list = message.groupsNames ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writer.string(each, flexible);
  }
  if (flexible) writer.varint(0);
}

export interface DeleteGroupsResponse {
  readonly throttleTimeMs: number;
  readonly results: readonly ResponseDeletableGroupResult[];
}
export interface DeleteGroupsResponseInput {
  readonly throttleTimeMs?: number | undefined;
  readonly results?: readonly ResponseDeletableGroupResultInput[] | undefined;
}

export function readDeleteGroupsResponse(reader: Reader, version: number): DeleteGroupsResponse {
  const flexible = version >= 2;
  let throttleTimeMs: number = 0;
  throttleTimeMs = reader.int32();
  let results: readonly ResponseDeletableGroupResult[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listResults: ResponseDeletableGroupResult[] = [];
    for (; count > 0; count -= 1) listResults.push(readResponseDeletableGroupResult(reader, version));
    results = listResults;
  }
  if (flexible) reader.skipTagged();
  return { throttleTimeMs, results };
}

export function writeDeleteGroupsResponse(writer: Writer, message: DeleteGroupsResponseInput, version: number): void {
  const flexible = version >= 2;
  writer.int32(message.throttleTimeMs ?? 0);
  {
    const list = message.results ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseDeletableGroupResult(writer, each, version);
  }
  if (flexible) writer.varint(0);
}

export interface ResponseDeletableGroupResult {
  readonly groupId: string;
  readonly errorCode: number;
  readonly errorMessage: string | null;
}
export interface ResponseDeletableGroupResultInput {
  readonly groupId?: string | undefined;
  readonly errorCode?: number | undefined;
  readonly errorMessage?: string | null | undefined;
}

export function readResponseDeletableGroupResult(reader: Reader, version: number): ResponseDeletableGroupResult {
  const flexible = version >= 2;
  let groupId: string = '';
  groupId = reader.string(flexible);
  let errorCode: number = 0;
  errorCode = reader.int16();
  let errorMessage: string | null = null;
  if (version >= 3) {
    errorMessage = reader.nullableString(flexible);
  }
  if (flexible) reader.skipTagged();
  return { groupId, errorCode, errorMessage };
}

export function writeResponseDeletableGroupResult(writer: Writer, message: ResponseDeletableGroupResultInput, version: number): void {
  const flexible = version >= 2;
  writer.string(message.groupId ?? '', flexible);
  writer.int16(message.errorCode ?? 0);
  if (version >= 3) {
    writer.nullableString(message.errorMessage === undefined ? null : message.errorMessage, flexible);
  }
  if (flexible) writer.varint(0);
}
