// Generated from ../tables by `make generate`.
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

export interface UnregisterBrokerRequest {
  readonly brokerId: number;
}
export interface UnregisterBrokerRequestInput {
  readonly brokerId?: number | undefined;
}

export function readUnregisterBrokerRequest(reader: Reader, version: number): UnregisterBrokerRequest {
  let brokerId: number = 0;
  brokerId = reader.int32();
  reader.skipTagged();
  return { brokerId };
}

export function writeUnregisterBrokerRequest(writer: Writer, message: UnregisterBrokerRequestInput, version: number): void {
  writer.int32(message.brokerId ?? 0);
  writer.varint(0);
}

export interface UnregisterBrokerResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
}
export interface UnregisterBrokerResponseInput {
  readonly throttleTimeMs?: number | undefined;
  readonly errorCode?: number | undefined;
  readonly errorMessage?: string | null | undefined;
}

export function readUnregisterBrokerResponse(reader: Reader, version: number): UnregisterBrokerResponse {
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

export function writeUnregisterBrokerResponse(writer: Writer, message: UnregisterBrokerResponseInput, version: number): void {
  const flexible = true;
  writer.int32(message.throttleTimeMs ?? 0);
  writer.int16(message.errorCode ?? 0);
  writer.nullableString(message.errorMessage === undefined ? '' : message.errorMessage, flexible);
  writer.varint(0);
}
