// Generated from ../tables by `make generate`.
import type { Reader } from '../reader.ts';
import { lacks } from '../lacking-field.ts';
import type { Writer } from '../writer.ts';

export interface ListGroupsRequest {
  readonly statesFilter: readonly string[];
  readonly typesFilter: readonly string[];
}
export interface ListGroupsRequestInput {
  readonly statesFilter?: readonly string[] | undefined;
  readonly typesFilter?: readonly string[] | undefined;
}

export function readListGroupsRequest(reader: Reader, version: number): ListGroupsRequest {
  const flexible = version >= 3;
  let statesFilter: readonly string[] = [];
  if (version >= 4) {
    {
      let count = reader.notNull(reader.arrayLength(flexible));
      const listStatesFilter: string[] = [];
      for (; count > 0; count -= 1) listStatesFilter.push(reader.string(flexible));
      statesFilter = listStatesFilter;
    }
  }
  let typesFilter: readonly string[] = [];
  if (version >= 5) {
    {
      let count = reader.notNull(reader.arrayLength(flexible));
      const listTypesFilter: string[] = [];
      for (; count > 0; count -= 1) listTypesFilter.push(reader.string(flexible));
      typesFilter = listTypesFilter;
    }
  }
  if (flexible) reader.skipTagged();
  return { statesFilter, typesFilter };
}

export function writeListGroupsRequest(writer: Writer, message: ListGroupsRequestInput, version: number): void {
  const flexible = version >= 3;
  if (version >= 4) {
    {
      const list = message.statesFilter ?? [];
      writer.arrayLength(list.length, flexible);
      for (const each of list) writer.string(each, flexible);
    }
  } else if (message.statesFilter !== undefined && message.statesFilter.length > 0) lacks('ListGroupsRequest', 'statesFilter', version);
  if (version >= 5) {
    {
      const list = message.typesFilter ?? [];
      writer.arrayLength(list.length, flexible);
      for (const each of list) writer.string(each, flexible);
    }
  } else if (message.typesFilter !== undefined && message.typesFilter.length > 0) lacks('ListGroupsRequest', 'typesFilter', version);
  if (flexible) writer.varint(0);
}

export interface ListGroupsResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly groups: readonly ResponseListedGroup[];
}
export interface ListGroupsResponseInput {
  readonly throttleTimeMs?: number | undefined;
  readonly errorCode?: number | undefined;
  readonly groups?: readonly ResponseListedGroupInput[] | undefined;
}

export function readListGroupsResponse(reader: Reader, version: number): ListGroupsResponse {
  const flexible = version >= 3;
  let throttleTimeMs: number = 0;
  if (version >= 1) {
    throttleTimeMs = reader.int32();
  }
  let errorCode: number = 0;
  errorCode = reader.int16();
  let groups: readonly ResponseListedGroup[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listGroups: ResponseListedGroup[] = [];
    for (; count > 0; count -= 1) listGroups.push(readResponseListedGroup(reader, version));
    groups = listGroups;
  }
  if (flexible) reader.skipTagged();
  return { throttleTimeMs, errorCode, groups };
}

export function writeListGroupsResponse(writer: Writer, message: ListGroupsResponseInput, version: number): void {
  const flexible = version >= 3;
  if (version >= 1) {
    writer.int32(message.throttleTimeMs ?? 0);
  }
  writer.int16(message.errorCode ?? 0);
  {
    const list = message.groups ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseListedGroup(writer, each, version);
  }
  if (flexible) writer.varint(0);
}

export interface ResponseListedGroup {
  readonly groupId: string;
  readonly protocolType: string;
  readonly groupState: string;
  readonly groupType: string;
}
export interface ResponseListedGroupInput {
  readonly groupId?: string | undefined;
  readonly protocolType?: string | undefined;
  readonly groupState?: string | undefined;
  readonly groupType?: string | undefined;
}

export function readResponseListedGroup(reader: Reader, version: number): ResponseListedGroup {
  const flexible = version >= 3;
  let groupId: string = '';
  groupId = reader.string(flexible);
  let protocolType: string = '';
  protocolType = reader.string(flexible);
  let groupState: string = '';
  if (version >= 4) {
    groupState = reader.string(flexible);
  }
  let groupType: string = '';
  if (version >= 5) {
    groupType = reader.string(flexible);
  }
  if (flexible) reader.skipTagged();
  return { groupId, protocolType, groupState, groupType };
}

export function writeResponseListedGroup(writer: Writer, message: ResponseListedGroupInput, version: number): void {
  const flexible = version >= 3;
  writer.string(message.groupId ?? '', flexible);
  writer.string(message.protocolType ?? '', flexible);
  if (version >= 4) {
    writer.string(message.groupState ?? '', flexible);
  }
  if (version >= 5) {
    writer.string(message.groupType ?? '', flexible);
  }
  if (flexible) writer.varint(0);
}
