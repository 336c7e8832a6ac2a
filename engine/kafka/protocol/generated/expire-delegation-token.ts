// Generated from ../tables by `make generate`.
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

export interface ExpireDelegationTokenRequest {
  readonly hmac: Uint8Array;
  readonly expiryTimePeriodMs: number;
}
export interface ExpireDelegationTokenRequestInput {
  readonly hmac?: Uint8Array | undefined;
  readonly expiryTimePeriodMs?: number | undefined;
}

export function readExpireDelegationTokenRequest(reader: Reader, version: number): ExpireDelegationTokenRequest {
  const flexible = version >= 2;
  let hmac: Uint8Array = new Uint8Array();
  hmac = reader.bytes(flexible);
  let expiryTimePeriodMs: number = 0;
  expiryTimePeriodMs = reader.int64();
  if (flexible) reader.skipTagged();
  return { hmac, expiryTimePeriodMs };
}

export function writeExpireDelegationTokenRequest(writer: Writer, message: ExpireDelegationTokenRequestInput, version: number): void {
  const flexible = version >= 2;
  writer.bytes(message.hmac ?? new Uint8Array(), flexible);
  writer.int64(message.expiryTimePeriodMs ?? 0);
  if (flexible) writer.varint(0);
}

export interface ExpireDelegationTokenResponse {
  readonly errorCode: number;
  readonly expiryTimestampMs: number;
  readonly throttleTimeMs: number;
}
export interface ExpireDelegationTokenResponseInput {
  readonly errorCode?: number | undefined;
  readonly expiryTimestampMs?: number | undefined;
  readonly throttleTimeMs?: number | undefined;
}

export function readExpireDelegationTokenResponse(reader: Reader, version: number): ExpireDelegationTokenResponse {
  const flexible = version >= 2;
  let errorCode: number = 0;
  errorCode = reader.int16();
  let expiryTimestampMs: number = 0;
  expiryTimestampMs = reader.int64();
  let throttleTimeMs: number = 0;
  throttleTimeMs = reader.int32();
  if (flexible) reader.skipTagged();
  return { errorCode, expiryTimestampMs, throttleTimeMs };
}

export function writeExpireDelegationTokenResponse(writer: Writer, message: ExpireDelegationTokenResponseInput, version: number): void {
  const flexible = version >= 2;
  writer.int16(message.errorCode ?? 0);
  writer.int64(message.expiryTimestampMs ?? 0);
  writer.int32(message.throttleTimeMs ?? 0);
  if (flexible) writer.varint(0);
}
