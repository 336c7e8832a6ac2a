// Generated from ../tables by `make generate`.
import type { Reader } from '../reader.ts';
import { lacks } from '../lacking-field.ts';
import type { Writer } from '../writer.ts';

export interface LeaveGroupRequest {
  readonly groupId: string;
  readonly memberId: string;
  readonly members: readonly RequestMemberIdentity[];
}
export interface LeaveGroupRequestInput {
  readonly groupId?: string | undefined;
  readonly memberId?: string | undefined;
  readonly members?: readonly RequestMemberIdentityInput[] | undefined;
}

export function readLeaveGroupRequest(reader: Reader, version: number): LeaveGroupRequest {
  const flexible = version >= 4;
  let groupId: string = '';
  groupId = reader.string(flexible);
  let memberId: string = '';
  if (version <= 2) {
    memberId = reader.string(flexible);
  }
  let members: readonly RequestMemberIdentity[] = [];
  if (version >= 3) {
    {
      let count = reader.notNull(reader.arrayLength(flexible));
      const listMembers: RequestMemberIdentity[] = [];
      for (; count > 0; count -= 1) listMembers.push(readRequestMemberIdentity(reader, version));
      members = listMembers;
    }
  }
  if (flexible) reader.skipTagged();
  return { groupId, memberId, members };
}

export function writeLeaveGroupRequest(writer: Writer, message: LeaveGroupRequestInput, version: number): void {
  const flexible = version >= 4;
  writer.string(message.groupId ?? '', flexible);
  if (version <= 2) {
    writer.string(message.memberId ?? '', flexible);
  } else if (message.memberId !== undefined && message.memberId !== '') lacks('LeaveGroupRequest', 'memberId', version);
  if (version >= 3) {
    {
      const list = message.members ?? [];
      writer.arrayLength(list.length, flexible);
      for (const each of list) writeRequestMemberIdentity(writer, each, version);
    }
  } else if (message.members !== undefined && message.members.length > 0) lacks('LeaveGroupRequest', 'members', version);
  if (flexible) writer.varint(0);
}

export interface RequestMemberIdentity {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly reason: string | null;
}
export interface RequestMemberIdentityInput {
  readonly memberId?: string | undefined;
  readonly groupInstanceId?: string | null | undefined;
  readonly reason?: string | null | undefined;
}

export function readRequestMemberIdentity(reader: Reader, version: number): RequestMemberIdentity {
  const flexible = version >= 4;
  let memberId: string = '';
  if (version >= 3) {
    memberId = reader.string(flexible);
  }
  let groupInstanceId: string | null = null;
  if (version >= 3) {
    groupInstanceId = reader.nullableString(flexible);
  }
  let reason: string | null = null;
  if (version >= 5) {
    reason = reader.nullableString(flexible);
  }
  if (flexible) reader.skipTagged();
  return { memberId, groupInstanceId, reason };
}

export function writeRequestMemberIdentity(writer: Writer, message: RequestMemberIdentityInput, version: number): void {
  const flexible = version >= 4;
  if (version >= 3) {
    writer.string(message.memberId ?? '', flexible);
  } else if (message.memberId !== undefined && message.memberId !== '') lacks('LeaveGroupRequest', 'memberId', version);
  if (version >= 3) {
    writer.nullableString(message.groupInstanceId === undefined ? null : message.groupInstanceId, flexible);
  } else if (message.groupInstanceId !== undefined && message.groupInstanceId !== null) lacks('LeaveGroupRequest', 'groupInstanceId', version);
  if (version >= 5) {
    writer.nullableString(message.reason === undefined ? null : message.reason, flexible);
  }
  if (flexible) writer.varint(0);
}

export interface LeaveGroupResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly members: readonly ResponseMemberResponse[];
}
export interface LeaveGroupResponseInput {
  readonly throttleTimeMs?: number | undefined;
  readonly errorCode?: number | undefined;
  readonly members?: readonly ResponseMemberResponseInput[] | undefined;
}

export function readLeaveGroupResponse(reader: Reader, version: number): LeaveGroupResponse {
  const flexible = version >= 4;
  let throttleTimeMs: number = 0;
  if (version >= 1) {
    throttleTimeMs = reader.int32();
  }
  let errorCode: number = 0;
  errorCode = reader.int16();
  let members: readonly ResponseMemberResponse[] = [];
  if (version >= 3) {
    {
      let count = reader.notNull(reader.arrayLength(flexible));
      const listMembers: ResponseMemberResponse[] = [];
      for (; count > 0; count -= 1) listMembers.push(readResponseMemberResponse(reader, version));
      members = listMembers;
    }
  }
  if (flexible) reader.skipTagged();
  return { throttleTimeMs, errorCode, members };
}

export function writeLeaveGroupResponse(writer: Writer, message: LeaveGroupResponseInput, version: number): void {
  const flexible = version >= 4;
  if (version >= 1) {
    writer.int32(message.throttleTimeMs ?? 0);
  }
  writer.int16(message.errorCode ?? 0);
  if (version >= 3) {
    {
      const list = message.members ?? [];
      writer.arrayLength(list.length, flexible);
      for (const each of list) writeResponseMemberResponse(writer, each, version);
    }
  } else if (message.members !== undefined && message.members.length > 0) lacks('LeaveGroupResponse', 'members', version);
  if (flexible) writer.varint(0);
}

export interface ResponseMemberResponse {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly errorCode: number;
}
export interface ResponseMemberResponseInput {
  readonly memberId?: string | undefined;
  readonly groupInstanceId?: string | null | undefined;
  readonly errorCode?: number | undefined;
}

export function readResponseMemberResponse(reader: Reader, version: number): ResponseMemberResponse {
  const flexible = version >= 4;
  let memberId: string = '';
  if (version >= 3) {
    memberId = reader.string(flexible);
  }
  let groupInstanceId: string | null = '';
  if (version >= 3) {
    groupInstanceId = reader.nullableString(flexible);
  }
  let errorCode: number = 0;
  if (version >= 3) {
    errorCode = reader.int16();
  }
  if (flexible) reader.skipTagged();
  return { memberId, groupInstanceId, errorCode };
}

export function writeResponseMemberResponse(writer: Writer, message: ResponseMemberResponseInput, version: number): void {
  const flexible = version >= 4;
  if (version >= 3) {
    writer.string(message.memberId ?? '', flexible);
  } else if (message.memberId !== undefined && message.memberId !== '') lacks('LeaveGroupResponse', 'memberId', version);
  if (version >= 3) {
    writer.nullableString(message.groupInstanceId === undefined ? '' : message.groupInstanceId, flexible);
  } else if (message.groupInstanceId !== undefined && message.groupInstanceId !== '') lacks('LeaveGroupResponse', 'groupInstanceId', version);
  if (version >= 3) {
    writer.int16(message.errorCode ?? 0);
  } else if (message.errorCode !== undefined && message.errorCode !== 0) lacks('LeaveGroupResponse', 'errorCode', version);
  if (flexible) writer.varint(0);
}
