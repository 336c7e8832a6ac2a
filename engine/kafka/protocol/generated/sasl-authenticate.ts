// Generated from ../tables by `make generate`.
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

export interface SaslAuthenticateRequest {
  readonly authBytes: Uint8Array;
}
export interface SaslAuthenticateRequestInput {
  readonly authBytes?: Uint8Array | undefined;
}

export function readSaslAuthenticateRequest(reader: Reader, version: number): SaslAuthenticateRequest {
  const flexible = version >= 2;
  let authBytes: Uint8Array = new Uint8Array();
  authBytes = reader.bytes(flexible);
  if (flexible) reader.skipTagged();
  return { authBytes };
}

export function writeSaslAuthenticateRequest(writer: Writer, message: SaslAuthenticateRequestInput, version: number): void {
  const flexible = version >= 2;
  writer.bytes(message.authBytes ?? new Uint8Array(), flexible);
  if (flexible) writer.varint(0);
}

export interface SaslAuthenticateResponse {
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly authBytes: Uint8Array;
  readonly sessionLifetimeMs: number;
}
export interface SaslAuthenticateResponseInput {
  readonly errorCode?: number | undefined;
  readonly errorMessage?: string | null | undefined;
  readonly authBytes?: Uint8Array | undefined;
  readonly sessionLifetimeMs?: number | undefined;
}

export function readSaslAuthenticateResponse(reader: Reader, version: number): SaslAuthenticateResponse {
  const flexible = version >= 2;
  let errorCode: number = 0;
  errorCode = reader.int16();
  let errorMessage: string | null = '';
  errorMessage = reader.nullableString(flexible);
  let authBytes: Uint8Array = new Uint8Array();
  authBytes = reader.bytes(flexible);
  let sessionLifetimeMs: number = 0;
  if (version >= 1) {
    sessionLifetimeMs = reader.int64();
  }
  if (flexible) reader.skipTagged();
  return { errorCode, errorMessage, authBytes, sessionLifetimeMs };
}

export function writeSaslAuthenticateResponse(writer: Writer, message: SaslAuthenticateResponseInput, version: number): void {
  const flexible = version >= 2;
  writer.int16(message.errorCode ?? 0);
  writer.nullableString(message.errorMessage === undefined ? '' : message.errorMessage, flexible);
  writer.bytes(message.authBytes ?? new Uint8Array(), flexible);
  if (version >= 1) {
    writer.int64(message.sessionLifetimeMs ?? 0);
  }
  if (flexible) writer.varint(0);
}
