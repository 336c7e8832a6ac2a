// Generated from ../tables by `make generate`.
import type { Reader } from '../reader.ts';
import { lacks } from '../lacking-field.ts';
import type { Writer } from '../writer.ts';

export interface DescribeGroupsRequest {
  readonly groups: readonly string[];
  readonly includeAuthorizedOperations: boolean;
}
export interface DescribeGroupsRequestInput {
  readonly groups?: readonly string[] | undefined;
  readonly includeAuthorizedOperations?: boolean | undefined;
}

export function readDescribeGroupsRequest(reader: Reader, version: number): DescribeGroupsRequest {
  const flexible = version >= 5;
  let groups: readonly string[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listGroups: string[] = [];
    for (; count > 0; count -= 1) listGroups.push(reader.string(flexible));
    groups = listGroups;
  }
  let includeAuthorizedOperations: boolean = false;
  if (version >= 3) {
    includeAuthorizedOperations = reader.bool();
  }
  if (flexible) reader.skipTagged();
  return { groups, includeAuthorizedOperations };
}

export function writeDescribeGroupsRequest(writer: Writer, message: DescribeGroupsRequestInput, version: number): void {
  const flexible = version >= 5;
  {
    const list = message.groups ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writer.string(each, flexible);
  }
  if (version >= 3) {
    writer.bool(message.includeAuthorizedOperations ?? false);
  } else if (message.includeAuthorizedOperations !== undefined && message.includeAuthorizedOperations !== false) lacks('DescribeGroupsRequest', 'includeAuthorizedOperations', version);
  if (flexible) writer.varint(0);
}

export interface DescribeGroupsResponse {
  readonly throttleTimeMs: number;
  readonly groups: readonly ResponseDescribedGroup[];
}
export interface DescribeGroupsResponseInput {
  readonly throttleTimeMs?: number | undefined;
  readonly groups?: readonly ResponseDescribedGroupInput[] | undefined;
}

export function readDescribeGroupsResponse(reader: Reader, version: number): DescribeGroupsResponse {
  const flexible = version >= 5;
  let throttleTimeMs: number = 0;
  if (version >= 1) {
    throttleTimeMs = reader.int32();
  }
  let groups: readonly ResponseDescribedGroup[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listGroups: ResponseDescribedGroup[] = [];
    for (; count > 0; count -= 1) listGroups.push(readResponseDescribedGroup(reader, version));
    groups = listGroups;
  }
  if (flexible) reader.skipTagged();
  return { throttleTimeMs, groups };
}

export function writeDescribeGroupsResponse(writer: Writer, message: DescribeGroupsResponseInput, version: number): void {
  const flexible = version >= 5;
  if (version >= 1) {
    writer.int32(message.throttleTimeMs ?? 0);
  }
  {
    const list = message.groups ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseDescribedGroup(writer, each, version);
  }
  if (flexible) writer.varint(0);
}

export interface ResponseDescribedGroup {
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly groupId: string;
  readonly groupState: string;
  readonly protocolType: string;
  readonly protocolData: string;
  readonly members: readonly ResponseDescribedGroupMember[];
  readonly authorizedOperations: number;
}
export interface ResponseDescribedGroupInput {
  readonly errorCode?: number | undefined;
  readonly errorMessage?: string | null | undefined;
  readonly groupId?: string | undefined;
  readonly groupState?: string | undefined;
  readonly protocolType?: string | undefined;
  readonly protocolData?: string | undefined;
  readonly members?: readonly ResponseDescribedGroupMemberInput[] | undefined;
  readonly authorizedOperations?: number | undefined;
}

export function readResponseDescribedGroup(reader: Reader, version: number): ResponseDescribedGroup {
  const flexible = version >= 5;
  let errorCode: number = 0;
  errorCode = reader.int16();
  let errorMessage: string | null = null;
  if (version >= 6) {
    errorMessage = reader.nullableString(flexible);
  }
  let groupId: string = '';
  groupId = reader.string(flexible);
  let groupState: string = '';
  groupState = reader.string(flexible);
  let protocolType: string = '';
  protocolType = reader.string(flexible);
  let protocolData: string = '';
  protocolData = reader.string(flexible);
  let members: readonly ResponseDescribedGroupMember[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listMembers: ResponseDescribedGroupMember[] = [];
    for (; count > 0; count -= 1) listMembers.push(readResponseDescribedGroupMember(reader, version));
    members = listMembers;
  }
  let authorizedOperations: number = -2147483648;
  if (version >= 3) {
    authorizedOperations = reader.int32();
  }
  if (flexible) reader.skipTagged();
  return { errorCode, errorMessage, groupId, groupState, protocolType, protocolData, members, authorizedOperations };
}

export function writeResponseDescribedGroup(writer: Writer, message: ResponseDescribedGroupInput, version: number): void {
  const flexible = version >= 5;
  writer.int16(message.errorCode ?? 0);
  if (version >= 6) {
    writer.nullableString(message.errorMessage === undefined ? null : message.errorMessage, flexible);
  } else if (message.errorMessage !== undefined && message.errorMessage !== null) lacks('DescribeGroupsResponse', 'errorMessage', version);
  writer.string(message.groupId ?? '', flexible);
  writer.string(message.groupState ?? '', flexible);
  writer.string(message.protocolType ?? '', flexible);
  writer.string(message.protocolData ?? '', flexible);
  {
    const list = message.members ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseDescribedGroupMember(writer, each, version);
  }
  if (version >= 3) {
    writer.int32(message.authorizedOperations ?? -2147483648);
  } else if (message.authorizedOperations !== undefined && message.authorizedOperations !== -2147483648) lacks('DescribeGroupsResponse', 'authorizedOperations', version);
  if (flexible) writer.varint(0);
}

export interface ResponseDescribedGroupMember {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly clientId: string;
  readonly clientHost: string;
  readonly memberMetadata: Uint8Array;
  readonly memberAssignment: Uint8Array;
}
export interface ResponseDescribedGroupMemberInput {
  readonly memberId?: string | undefined;
  readonly groupInstanceId?: string | null | undefined;
  readonly clientId?: string | undefined;
  readonly clientHost?: string | undefined;
  readonly memberMetadata?: Uint8Array | undefined;
  readonly memberAssignment?: Uint8Array | undefined;
}

export function readResponseDescribedGroupMember(reader: Reader, version: number): ResponseDescribedGroupMember {
  const flexible = version >= 5;
  let memberId: string = '';
  memberId = reader.string(flexible);
  let groupInstanceId: string | null = null;
  if (version >= 4) {
    groupInstanceId = reader.nullableString(flexible);
  }
  let clientId: string = '';
  clientId = reader.string(flexible);
  let clientHost: string = '';
  clientHost = reader.string(flexible);
  let memberMetadata: Uint8Array = new Uint8Array();
  memberMetadata = reader.bytes(flexible);
  let memberAssignment: Uint8Array = new Uint8Array();
  memberAssignment = reader.bytes(flexible);
  if (flexible) reader.skipTagged();
  return { memberId, groupInstanceId, clientId, clientHost, memberMetadata, memberAssignment };
}

export function writeResponseDescribedGroupMember(writer: Writer, message: ResponseDescribedGroupMemberInput, version: number): void {
  const flexible = version >= 5;
  writer.string(message.memberId ?? '', flexible);
  if (version >= 4) {
    writer.nullableString(message.groupInstanceId === undefined ? null : message.groupInstanceId, flexible);
  }
  writer.string(message.clientId ?? '', flexible);
  writer.string(message.clientHost ?? '', flexible);
  writer.bytes(message.memberMetadata ?? new Uint8Array(), flexible);
  writer.bytes(message.memberAssignment ?? new Uint8Array(), flexible);
  if (flexible) writer.varint(0);
}
