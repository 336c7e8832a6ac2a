// Generated from ../tables by `make generate`.
import { type Uuid, zeroUuid } from '../../model.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

export interface RemoveRaftVoterRequest {
  readonly clusterId: string | null;
  readonly voterId: number;
  readonly voterDirectoryId: Uuid;
}
export interface RemoveRaftVoterRequestInput {
  readonly clusterId?: string | null | undefined;
  readonly voterId?: number | undefined;
  readonly voterDirectoryId?: Uuid | undefined;
}

export function readRemoveRaftVoterRequest(reader: Reader, version: number): RemoveRaftVoterRequest {
  const flexible = true;
  let clusterId: string | null = '';
  clusterId = reader.nullableString(flexible);
  let voterId: number = 0;
  voterId = reader.int32();
  let voterDirectoryId: Uuid = zeroUuid;
  voterDirectoryId = reader.uuid();
  reader.skipTagged();
  return { clusterId, voterId, voterDirectoryId };
}

export function writeRemoveRaftVoterRequest(writer: Writer, message: RemoveRaftVoterRequestInput, version: number): void {
  const flexible = true;
  writer.nullableString(message.clusterId === undefined ? '' : message.clusterId, flexible);
  writer.int32(message.voterId ?? 0);
  writer.uuid(message.voterDirectoryId ?? zeroUuid);
  writer.varint(0);
}

export interface RemoveRaftVoterResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
}
export interface RemoveRaftVoterResponseInput {
  readonly throttleTimeMs?: number | undefined;
  readonly errorCode?: number | undefined;
  readonly errorMessage?: string | null | undefined;
}

export function readRemoveRaftVoterResponse(reader: Reader, version: number): RemoveRaftVoterResponse {
  const flexible = true;
  let throttleTimeMs: number = 0;
  throttleTimeMs = reader.int32();
  let errorCode: number = 0;
  errorCode = reader.int16();
  let errorMessage: string | null = '';
  errorMessage = reader.nullableString(flexible);
  reader.skipTagged();
  return { throttleTimeMs, errorCode, errorMessage };
}

export function writeRemoveRaftVoterResponse(writer: Writer, message: RemoveRaftVoterResponseInput, version: number): void {
  const flexible = true;
  writer.int32(message.throttleTimeMs ?? 0);
  writer.int16(message.errorCode ?? 0);
  writer.nullableString(message.errorMessage === undefined ? '' : message.errorMessage, flexible);
  writer.varint(0);
}
