// Generated from ../tables by `make generate`.
import type { Reader } from '../reader.ts';
import { lacks, lacksNull } from '../lacking-field.ts';
import type { Writer } from '../writer.ts';

export interface JoinGroupRequest {
  readonly groupId: string;
  readonly sessionTimeoutMs: number;
  readonly rebalanceTimeoutMs: number;
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly protocolType: string;
  readonly protocols: readonly RequestJoinGroupRequestProtocol[];
  readonly reason: string | null;
}
export interface JoinGroupRequestInput {
  readonly groupId?: string | undefined;
  readonly sessionTimeoutMs?: number | undefined;
  readonly rebalanceTimeoutMs?: number | undefined;
  readonly memberId?: string | undefined;
  readonly groupInstanceId?: string | null | undefined;
  readonly protocolType?: string | undefined;
  readonly protocols?: readonly RequestJoinGroupRequestProtocolInput[] | undefined;
  readonly reason?: string | null | undefined;
}

export function readJoinGroupRequest(reader: Reader, version: number): JoinGroupRequest {
  const flexible = version >= 6;
  let groupId: string = '';
  groupId = reader.string(flexible);
  let sessionTimeoutMs: number = 0;
  sessionTimeoutMs = reader.int32();
  let rebalanceTimeoutMs: number = -1;
  if (version >= 1) {
    rebalanceTimeoutMs = reader.int32();
  }
  let memberId: string = '';
  memberId = reader.string(flexible);
  let groupInstanceId: string | null = null;
  if (version >= 5) {
    groupInstanceId = reader.nullableString(flexible);
  }
  let protocolType: string = '';
  protocolType = reader.string(flexible);
  let protocols: readonly RequestJoinGroupRequestProtocol[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listProtocols: RequestJoinGroupRequestProtocol[] = [];
    for (; count > 0; count -= 1) listProtocols.push(readRequestJoinGroupRequestProtocol(reader, version));
    protocols = listProtocols;
  }
  let reason: string | null = null;
  if (version >= 8) {
    reason = reader.nullableString(flexible);
  }
  if (flexible) reader.skipTagged();
  return { groupId, sessionTimeoutMs, rebalanceTimeoutMs, memberId, groupInstanceId, protocolType, protocols, reason };
}

export function writeJoinGroupRequest(writer: Writer, message: JoinGroupRequestInput, version: number): void {
  const flexible = version >= 6;
  writer.string(message.groupId ?? '', flexible);
  writer.int32(message.sessionTimeoutMs ?? 0);
  if (version >= 1) {
    writer.int32(message.rebalanceTimeoutMs ?? -1);
  }
  writer.string(message.memberId ?? '', flexible);
  if (version >= 5) {
    writer.nullableString(message.groupInstanceId === undefined ? null : message.groupInstanceId, flexible);
  } else if (message.groupInstanceId !== undefined && message.groupInstanceId !== null) lacks('JoinGroupRequest', 'groupInstanceId', version);
  writer.string(message.protocolType ?? '', flexible);
  {
    const list = message.protocols ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeRequestJoinGroupRequestProtocol(writer, each, version);
  }
  if (version >= 8) {
    writer.nullableString(message.reason === undefined ? null : message.reason, flexible);
  }
  if (flexible) writer.varint(0);
}

export interface RequestJoinGroupRequestProtocol {
  readonly name: string;
  readonly metadata: Uint8Array;
}
export interface RequestJoinGroupRequestProtocolInput {
  readonly name?: string | undefined;
  readonly metadata?: Uint8Array | undefined;
}

export function readRequestJoinGroupRequestProtocol(reader: Reader, version: number): RequestJoinGroupRequestProtocol {
  const flexible = version >= 6;
  let name: string = '';
  name = reader.string(flexible);
  let metadata: Uint8Array = new Uint8Array();
  metadata = reader.bytes(flexible);
  if (flexible) reader.skipTagged();
  return { name, metadata };
}

export function writeRequestJoinGroupRequestProtocol(writer: Writer, message: RequestJoinGroupRequestProtocolInput, version: number): void {
  const flexible = version >= 6;
  writer.string(message.name ?? '', flexible);
  writer.bytes(message.metadata ?? new Uint8Array(), flexible);
  if (flexible) writer.varint(0);
}

export interface JoinGroupResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly generationId: number;
  readonly protocolType: string | null;
  readonly protocolName: string | null;
  readonly leader: string;
  readonly skipAssignment: boolean;
  readonly memberId: string;
  readonly members: readonly ResponseJoinGroupResponseMember[];
}
export interface JoinGroupResponseInput {
  readonly throttleTimeMs?: number | undefined;
  readonly errorCode?: number | undefined;
  readonly generationId?: number | undefined;
  readonly protocolType?: string | null | undefined;
  readonly protocolName?: string | null | undefined;
  readonly leader?: string | undefined;
  readonly skipAssignment?: boolean | undefined;
  readonly memberId?: string | undefined;
  readonly members?: readonly ResponseJoinGroupResponseMemberInput[] | undefined;
}

export function readJoinGroupResponse(reader: Reader, version: number): JoinGroupResponse {
  const flexible = version >= 6;
  let throttleTimeMs: number = 0;
  if (version >= 2) {
    throttleTimeMs = reader.int32();
  }
  let errorCode: number = 0;
  errorCode = reader.int16();
  let generationId: number = -1;
  generationId = reader.int32();
  let protocolType: string | null = null;
  if (version >= 7) {
    protocolType = reader.nullableString(flexible);
  }
  let protocolName: string | null = '';
  protocolName = version >= 7 ? reader.nullableString(flexible) : reader.string(flexible);
  let leader: string = '';
  leader = reader.string(flexible);
  let skipAssignment: boolean = false;
  if (version >= 9) {
    skipAssignment = reader.bool();
  }
  let memberId: string = '';
  memberId = reader.string(flexible);
  let members: readonly ResponseJoinGroupResponseMember[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listMembers: ResponseJoinGroupResponseMember[] = [];
    for (; count > 0; count -= 1) listMembers.push(readResponseJoinGroupResponseMember(reader, version));
    members = listMembers;
  }
  if (flexible) reader.skipTagged();
  return { throttleTimeMs, errorCode, generationId, protocolType, protocolName, leader, skipAssignment, memberId, members };
}

export function writeJoinGroupResponse(writer: Writer, message: JoinGroupResponseInput, version: number): void {
  const flexible = version >= 6;
  if (version >= 2) {
    writer.int32(message.throttleTimeMs ?? 0);
  }
  writer.int16(message.errorCode ?? 0);
  writer.int32(message.generationId ?? -1);
  if (version >= 7) {
    writer.nullableString(message.protocolType === undefined ? null : message.protocolType, flexible);
  }
  if (message.protocolName === null && !(version >= 7)) lacksNull('JoinGroupResponse', 'protocolName', version);
  writer.nullableString(message.protocolName === undefined ? '' : message.protocolName, flexible);
  writer.string(message.leader ?? '', flexible);
  if (version >= 9) {
    writer.bool(message.skipAssignment ?? false);
  } else if (message.skipAssignment !== undefined && message.skipAssignment !== false) lacks('JoinGroupResponse', 'skipAssignment', version);
  writer.string(message.memberId ?? '', flexible);
  {
    const list = message.members ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseJoinGroupResponseMember(writer, each, version);
  }
  if (flexible) writer.varint(0);
}

export interface ResponseJoinGroupResponseMember {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly metadata: Uint8Array;
}
export interface ResponseJoinGroupResponseMemberInput {
  readonly memberId?: string | undefined;
  readonly groupInstanceId?: string | null | undefined;
  readonly metadata?: Uint8Array | undefined;
}

export function readResponseJoinGroupResponseMember(reader: Reader, version: number): ResponseJoinGroupResponseMember {
  const flexible = version >= 6;
  let memberId: string = '';
  memberId = reader.string(flexible);
  let groupInstanceId: string | null = null;
  if (version >= 5) {
    groupInstanceId = reader.nullableString(flexible);
  }
  let metadata: Uint8Array = new Uint8Array();
  metadata = reader.bytes(flexible);
  if (flexible) reader.skipTagged();
  return { memberId, groupInstanceId, metadata };
}

export function writeResponseJoinGroupResponseMember(writer: Writer, message: ResponseJoinGroupResponseMemberInput, version: number): void {
  const flexible = version >= 6;
  writer.string(message.memberId ?? '', flexible);
  if (version >= 5) {
    writer.nullableString(message.groupInstanceId === undefined ? null : message.groupInstanceId, flexible);
  }
  writer.bytes(message.metadata ?? new Uint8Array(), flexible);
  if (flexible) writer.varint(0);
}
