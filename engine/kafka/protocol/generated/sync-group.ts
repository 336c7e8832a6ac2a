// Generated from ../tables by `make generate`.
import type { Reader } from '../reader.ts';
import { lacks } from '../lacking-field.ts';
import type { Writer } from '../writer.ts';

export interface SyncGroupRequest {
  readonly groupId: string;
  readonly generationId: number;
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly protocolType: string | null;
  readonly protocolName: string | null;
  readonly assignments: readonly RequestSyncGroupRequestAssignment[];
}
export interface SyncGroupRequestInput {
  readonly groupId?: string | undefined;
  readonly generationId?: number | undefined;
  readonly memberId?: string | undefined;
  readonly groupInstanceId?: string | null | undefined;
  readonly protocolType?: string | null | undefined;
  readonly protocolName?: string | null | undefined;
  readonly assignments?: readonly RequestSyncGroupRequestAssignmentInput[] | undefined;
}

export function readSyncGroupRequest(reader: Reader, version: number): SyncGroupRequest {
  const flexible = version >= 4;
  let groupId: string = '';
  groupId = reader.string(flexible);
  let generationId: number = 0;
  generationId = reader.int32();
  let memberId: string = '';
  memberId = reader.string(flexible);
  let groupInstanceId: string | null = null;
  if (version >= 3) {
    groupInstanceId = reader.nullableString(flexible);
  }
  let protocolType: string | null = null;
  if (version >= 5) {
    protocolType = reader.nullableString(flexible);
  }
  let protocolName: string | null = null;
  if (version >= 5) {
    protocolName = reader.nullableString(flexible);
  }
  let assignments: readonly RequestSyncGroupRequestAssignment[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listAssignments: RequestSyncGroupRequestAssignment[] = [];
    for (; count > 0; count -= 1) listAssignments.push(readRequestSyncGroupRequestAssignment(reader, version));
    assignments = listAssignments;
  }
  if (flexible) reader.skipTagged();
  return { groupId, generationId, memberId, groupInstanceId, protocolType, protocolName, assignments };
}

export function writeSyncGroupRequest(writer: Writer, message: SyncGroupRequestInput, version: number): void {
  const flexible = version >= 4;
  writer.string(message.groupId ?? '', flexible);
  writer.int32(message.generationId ?? 0);
  writer.string(message.memberId ?? '', flexible);
  if (version >= 3) {
    writer.nullableString(message.groupInstanceId === undefined ? null : message.groupInstanceId, flexible);
  } else if (message.groupInstanceId !== undefined && message.groupInstanceId !== null) lacks('SyncGroupRequest', 'groupInstanceId', version);
  if (version >= 5) {
    writer.nullableString(message.protocolType === undefined ? null : message.protocolType, flexible);
  }
  if (version >= 5) {
    writer.nullableString(message.protocolName === undefined ? null : message.protocolName, flexible);
  }
  {
    const list = message.assignments ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeRequestSyncGroupRequestAssignment(writer, each, version);
  }
  if (flexible) writer.varint(0);
}

export interface RequestSyncGroupRequestAssignment {
  readonly memberId: string;
  readonly assignment: Uint8Array;
}
export interface RequestSyncGroupRequestAssignmentInput {
  readonly memberId?: string | undefined;
  readonly assignment?: Uint8Array | undefined;
}

export function readRequestSyncGroupRequestAssignment(reader: Reader, version: number): RequestSyncGroupRequestAssignment {
  const flexible = version >= 4;
  let memberId: string = '';
  memberId = reader.string(flexible);
  let assignment: Uint8Array = new Uint8Array();
  assignment = reader.bytes(flexible);
  if (flexible) reader.skipTagged();
  return { memberId, assignment };
}

export function writeRequestSyncGroupRequestAssignment(writer: Writer, message: RequestSyncGroupRequestAssignmentInput, version: number): void {
  const flexible = version >= 4;
  writer.string(message.memberId ?? '', flexible);
  writer.bytes(message.assignment ?? new Uint8Array(), flexible);
  if (flexible) writer.varint(0);
}

export interface SyncGroupResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly protocolType: string | null;
  readonly protocolName: string | null;
  readonly assignment: Uint8Array;
}
export interface SyncGroupResponseInput {
  readonly throttleTimeMs?: number | undefined;
  readonly errorCode?: number | undefined;
  readonly protocolType?: string | null | undefined;
  readonly protocolName?: string | null | undefined;
  readonly assignment?: Uint8Array | undefined;
}

export function readSyncGroupResponse(reader: Reader, version: number): SyncGroupResponse {
  const flexible = version >= 4;
  let throttleTimeMs: number = 0;
  if (version >= 1) {
    throttleTimeMs = reader.int32();
  }
  let errorCode: number = 0;
  errorCode = reader.int16();
  let protocolType: string | null = null;
  if (version >= 5) {
    protocolType = reader.nullableString(flexible);
  }
  let protocolName: string | null = null;
  if (version >= 5) {
    protocolName = reader.nullableString(flexible);
  }
  let assignment: Uint8Array = new Uint8Array();
  assignment = reader.bytes(flexible);
  if (flexible) reader.skipTagged();
  return { throttleTimeMs, errorCode, protocolType, protocolName, assignment };
}

export function writeSyncGroupResponse(writer: Writer, message: SyncGroupResponseInput, version: number): void {
  const flexible = version >= 4;
  if (version >= 1) {
    writer.int32(message.throttleTimeMs ?? 0);
  }
  writer.int16(message.errorCode ?? 0);
  if (version >= 5) {
    writer.nullableString(message.protocolType === undefined ? null : message.protocolType, flexible);
  }
  if (version >= 5) {
    writer.nullableString(message.protocolName === undefined ? null : message.protocolName, flexible);
  }
  writer.bytes(message.assignment ?? new Uint8Array(), flexible);
  if (flexible) writer.varint(0);
}
