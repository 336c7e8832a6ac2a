// Generated from ../tables by `make generate`.
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

export interface RenewDelegationTokenRequest {
  readonly hmac: Uint8Array;
  readonly renewPeriodMs: number;
}
export interface RenewDelegationTokenRequestInput {
  readonly hmac?: Uint8Array | undefined;
  readonly renewPeriodMs?: number | undefined;
}

export function readRenewDelegationTokenRequest(reader: Reader, version: number): RenewDelegationTokenRequest {
  const flexible = version >= 2;
  let hmac: Uint8Array = new Uint8Array();
  hmac = reader.bytes(flexible);
  let renewPeriodMs: number = 0;
  renewPeriodMs = reader.int64();
  if (flexible) reader.skipTagged();
  return { hmac, renewPeriodMs };
}

export function writeRenewDelegationTokenRequest(writer: Writer, message: RenewDelegationTokenRequestInput, version: number): void {
  const flexible = version >= 2;
  writer.bytes(message.hmac ?? new Uint8Array(), flexible);
  writer.int64(message.renewPeriodMs ?? 0);
  if (flexible) writer.varint(0);
}

export interface RenewDelegationTokenResponse {
  readonly errorCode: number;
  readonly expiryTimestampMs: number;
  readonly throttleTimeMs: number;
}
export interface RenewDelegationTokenResponseInput {
  readonly errorCode?: number | undefined;
  readonly expiryTimestampMs?: number | undefined;
  readonly throttleTimeMs?: number | undefined;
}

export function readRenewDelegationTokenResponse(reader: Reader, version: number): RenewDelegationTokenResponse {
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

export function writeRenewDelegationTokenResponse(writer: Writer, message: RenewDelegationTokenResponseInput, version: number): void {
  const flexible = version >= 2;
  writer.int16(message.errorCode ?? 0);
  writer.int64(message.expiryTimestampMs ?? 0);
  writer.int32(message.throttleTimeMs ?? 0);
  if (flexible) writer.varint(0);
}
