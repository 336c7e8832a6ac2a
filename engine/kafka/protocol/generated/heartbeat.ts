// Generated from ../tables by `make generate`.
import type { Reader } from '../reader.ts';
import { lacks } from '../lacking-field.ts';
import type { Writer } from '../writer.ts';

export interface HeartbeatRequest {
  readonly groupId: string;
  readonly generationId: number;
  readonly memberId: string;
  readonly groupInstanceId: string | null;
}
export interface HeartbeatRequestInput {
  readonly groupId?: string | undefined;
  readonly generationId?: number | undefined;
  readonly memberId?: string | undefined;
  readonly groupInstanceId?: string | null | undefined;
}

export function readHeartbeatRequest(reader: Reader, version: number): HeartbeatRequest {
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
  if (flexible) reader.skipTagged();
  return { groupId, generationId, memberId, groupInstanceId };
}

export function writeHeartbeatRequest(writer: Writer, message: HeartbeatRequestInput, version: number): void {
  const flexible = version >= 4;
  writer.string(message.groupId ?? '', flexible);
  writer.int32(message.generationId ?? 0);
  writer.string(message.memberId ?? '', flexible);
  if (version >= 3) {
    writer.nullableString(message.groupInstanceId === undefined ? null : message.groupInstanceId, flexible);
  } else if (message.groupInstanceId !== undefined && message.groupInstanceId !== null) lacks('HeartbeatRequest', 'groupInstanceId', version);
  if (flexible) writer.varint(0);
}

export interface HeartbeatResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
}
export interface HeartbeatResponseInput {
  readonly throttleTimeMs?: number | undefined;
  readonly errorCode?: number | undefined;
}

export function readHeartbeatResponse(reader: Reader, version: number): HeartbeatResponse {
  const flexible = version >= 4;
  let throttleTimeMs: number = 0;
  if (version >= 1) {
    throttleTimeMs = reader.int32();
  }
  let errorCode: number = 0;
  errorCode = reader.int16();
  if (flexible) reader.skipTagged();
  return { throttleTimeMs, errorCode };
}

export function writeHeartbeatResponse(writer: Writer, message: HeartbeatResponseInput, version: number): void {
  const flexible = version >= 4;
  if (version >= 1) {
    writer.int32(message.throttleTimeMs ?? 0);
  }
  writer.int16(message.errorCode ?? 0);
  if (flexible) writer.varint(0);
}
