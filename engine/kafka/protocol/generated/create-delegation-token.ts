// Generated from ../tables by `make generate`.
import type { Reader } from '../reader.ts';
import { lacks } from '../lacking-field.ts';
import type { Writer } from '../writer.ts';

export interface CreateDelegationTokenRequest {
  readonly ownerPrincipalType: string | null;
  readonly ownerPrincipalName: string | null;
  readonly renewers: readonly RequestCreatableRenewers[];
  readonly maxLifetimeMs: number;
}
export interface CreateDelegationTokenRequestInput {
  readonly ownerPrincipalType?: string | null | undefined;
  readonly ownerPrincipalName?: string | null | undefined;
  readonly renewers?: readonly RequestCreatableRenewersInput[] | undefined;
  readonly maxLifetimeMs?: number | undefined;
}

export function readCreateDelegationTokenRequest(reader: Reader, version: number): CreateDelegationTokenRequest {
  const flexible = version >= 2;
  let ownerPrincipalType: string | null = '';
  if (version >= 3) {
    ownerPrincipalType = reader.nullableString(flexible);
  }
  let ownerPrincipalName: string | null = '';
  if (version >= 3) {
    ownerPrincipalName = reader.nullableString(flexible);
  }
  let renewers: readonly RequestCreatableRenewers[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listRenewers: RequestCreatableRenewers[] = [];
    for (; count > 0; count -= 1) listRenewers.push(readRequestCreatableRenewers(reader, version));
    renewers = listRenewers;
  }
  let maxLifetimeMs: number = 0;
  maxLifetimeMs = reader.int64();
  if (flexible) reader.skipTagged();
  return { ownerPrincipalType, ownerPrincipalName, renewers, maxLifetimeMs };
}

export function writeCreateDelegationTokenRequest(writer: Writer, message: CreateDelegationTokenRequestInput, version: number): void {
  const flexible = version >= 2;
  if (version >= 3) {
    writer.nullableString(message.ownerPrincipalType === undefined ? '' : message.ownerPrincipalType, flexible);
  } else if (message.ownerPrincipalType !== undefined && message.ownerPrincipalType !== '') lacks('CreateDelegationTokenRequest', 'ownerPrincipalType', version);
  if (version >= 3) {
    writer.nullableString(message.ownerPrincipalName === undefined ? '' : message.ownerPrincipalName, flexible);
  } else if (message.ownerPrincipalName !== undefined && message.ownerPrincipalName !== '') lacks('CreateDelegationTokenRequest', 'ownerPrincipalName', version);
  {
    const list = message.renewers ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeRequestCreatableRenewers(writer, each, version);
  }
  writer.int64(message.maxLifetimeMs ?? 0);
  if (flexible) writer.varint(0);
}

export interface RequestCreatableRenewers {
  readonly principalType: string;
  readonly principalName: string;
}
export interface RequestCreatableRenewersInput {
  readonly principalType?: string | undefined;
  readonly principalName?: string | undefined;
}

export function readRequestCreatableRenewers(reader: Reader, version: number): RequestCreatableRenewers {
  const flexible = version >= 2;
  let principalType: string = '';
  principalType = reader.string(flexible);
  let principalName: string = '';
  principalName = reader.string(flexible);
  if (flexible) reader.skipTagged();
  return { principalType, principalName };
}

export function writeRequestCreatableRenewers(writer: Writer, message: RequestCreatableRenewersInput, version: number): void {
  const flexible = version >= 2;
  writer.string(message.principalType ?? '', flexible);
  writer.string(message.principalName ?? '', flexible);
  if (flexible) writer.varint(0);
}

export interface CreateDelegationTokenResponse {
  readonly errorCode: number;
  readonly principalType: string;
  readonly principalName: string;
  readonly tokenRequesterPrincipalType: string;
  readonly tokenRequesterPrincipalName: string;
  readonly issueTimestampMs: number;
  readonly expiryTimestampMs: number;
  readonly maxTimestampMs: number;
  readonly tokenId: string;
  readonly hmac: Uint8Array;
  readonly throttleTimeMs: number;
}
export interface CreateDelegationTokenResponseInput {
  readonly errorCode?: number | undefined;
  readonly principalType?: string | undefined;
  readonly principalName?: string | undefined;
  readonly tokenRequesterPrincipalType?: string | undefined;
  readonly tokenRequesterPrincipalName?: string | undefined;
  readonly issueTimestampMs?: number | undefined;
  readonly expiryTimestampMs?: number | undefined;
  readonly maxTimestampMs?: number | undefined;
  readonly tokenId?: string | undefined;
  readonly hmac?: Uint8Array | undefined;
  readonly throttleTimeMs?: number | undefined;
}

export function readCreateDelegationTokenResponse(reader: Reader, version: number): CreateDelegationTokenResponse {
  const flexible = version >= 2;
  let errorCode: number = 0;
  errorCode = reader.int16();
  let principalType: string = '';
  principalType = reader.string(flexible);
  let principalName: string = '';
  principalName = reader.string(flexible);
  let tokenRequesterPrincipalType: string = '';
  if (version >= 3) {
    tokenRequesterPrincipalType = reader.string(flexible);
  }
  let tokenRequesterPrincipalName: string = '';
  if (version >= 3) {
    tokenRequesterPrincipalName = reader.string(flexible);
  }
  let issueTimestampMs: number = 0;
  issueTimestampMs = reader.int64();
  let expiryTimestampMs: number = 0;
  expiryTimestampMs = reader.int64();
  let maxTimestampMs: number = 0;
  maxTimestampMs = reader.int64();
  let tokenId: string = '';
  tokenId = reader.string(flexible);
  let hmac: Uint8Array = new Uint8Array();
  hmac = reader.bytes(flexible);
  let throttleTimeMs: number = 0;
  throttleTimeMs = reader.int32();
  if (flexible) reader.skipTagged();
  return { errorCode, principalType, principalName, tokenRequesterPrincipalType, tokenRequesterPrincipalName, issueTimestampMs, expiryTimestampMs, maxTimestampMs, tokenId, hmac, throttleTimeMs };
}

export function writeCreateDelegationTokenResponse(writer: Writer, message: CreateDelegationTokenResponseInput, version: number): void {
  const flexible = version >= 2;
  writer.int16(message.errorCode ?? 0);
  writer.string(message.principalType ?? '', flexible);
  writer.string(message.principalName ?? '', flexible);
  if (version >= 3) {
    writer.string(message.tokenRequesterPrincipalType ?? '', flexible);
  } else if (message.tokenRequesterPrincipalType !== undefined && message.tokenRequesterPrincipalType !== '') lacks('CreateDelegationTokenResponse', 'tokenRequesterPrincipalType', version);
  if (version >= 3) {
    writer.string(message.tokenRequesterPrincipalName ?? '', flexible);
  } else if (message.tokenRequesterPrincipalName !== undefined && message.tokenRequesterPrincipalName !== '') lacks('CreateDelegationTokenResponse', 'tokenRequesterPrincipalName', version);
  writer.int64(message.issueTimestampMs ?? 0);
  writer.int64(message.expiryTimestampMs ?? 0);
  writer.int64(message.maxTimestampMs ?? 0);
  writer.string(message.tokenId ?? '', flexible);
  writer.bytes(message.hmac ?? new Uint8Array(), flexible);
  writer.int32(message.throttleTimeMs ?? 0);
  if (flexible) writer.varint(0);
}
