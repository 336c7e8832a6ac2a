// Generated from ../tables by `make generate`.
import type { Reader } from '../reader.ts';
import { lacks } from '../lacking-field.ts';
import type { Writer } from '../writer.ts';

export interface DescribeDelegationTokenRequest {
  readonly owners: readonly RequestDescribeDelegationTokenOwner[] | null;
}
export interface DescribeDelegationTokenRequestInput {
  readonly owners?: readonly RequestDescribeDelegationTokenOwnerInput[] | null | undefined;
}

export function readDescribeDelegationTokenRequest(reader: Reader, version: number): DescribeDelegationTokenRequest {
  const flexible = version >= 2;
  let owners: readonly RequestDescribeDelegationTokenOwner[] | null = [];
  {
    let count = reader.arrayLength(flexible);
    if (count < 0) owners = null;
    else {
      const listOwners: RequestDescribeDelegationTokenOwner[] = [];
      for (; count > 0; count -= 1) listOwners.push(readRequestDescribeDelegationTokenOwner(reader, version));
      owners = listOwners;
    }
  }
  if (flexible) reader.skipTagged();
  return { owners };
}

export function writeDescribeDelegationTokenRequest(writer: Writer, message: DescribeDelegationTokenRequestInput, version: number): void {
  const flexible = version >= 2;
  {
    const list = message.owners === undefined ? [] : message.owners;
    if (list === null) writer.arrayLength(-1, flexible);
    else {
      writer.arrayLength(list.length, flexible);
      for (const each of list) writeRequestDescribeDelegationTokenOwner(writer, each, version);
    }
  }
  if (flexible) writer.varint(0);
}

export interface RequestDescribeDelegationTokenOwner {
  readonly principalType: string;
  readonly principalName: string;
}
export interface RequestDescribeDelegationTokenOwnerInput {
  readonly principalType?: string | undefined;
  readonly principalName?: string | undefined;
}

export function readRequestDescribeDelegationTokenOwner(reader: Reader, version: number): RequestDescribeDelegationTokenOwner {
  const flexible = version >= 2;
  let principalType: string = '';
  principalType = reader.string(flexible);
  let principalName: string = '';
  principalName = reader.string(flexible);
  if (flexible) reader.skipTagged();
  return { principalType, principalName };
}

export function writeRequestDescribeDelegationTokenOwner(writer: Writer, message: RequestDescribeDelegationTokenOwnerInput, version: number): void {
  const flexible = version >= 2;
  writer.string(message.principalType ?? '', flexible);
  writer.string(message.principalName ?? '', flexible);
  if (flexible) writer.varint(0);
}

export interface DescribeDelegationTokenResponse {
  readonly errorCode: number;
  readonly tokens: readonly ResponseDescribedDelegationToken[];
  readonly throttleTimeMs: number;
}
export interface DescribeDelegationTokenResponseInput {
  readonly errorCode?: number | undefined;
  readonly tokens?: readonly ResponseDescribedDelegationTokenInput[] | undefined;
  readonly throttleTimeMs?: number | undefined;
}

export function readDescribeDelegationTokenResponse(reader: Reader, version: number): DescribeDelegationTokenResponse {
  const flexible = version >= 2;
  let errorCode: number = 0;
  errorCode = reader.int16();
  let tokens: readonly ResponseDescribedDelegationToken[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listTokens: ResponseDescribedDelegationToken[] = [];
    for (; count > 0; count -= 1) listTokens.push(readResponseDescribedDelegationToken(reader, version));
    tokens = listTokens;
  }
  let throttleTimeMs: number = 0;
  throttleTimeMs = reader.int32();
  if (flexible) reader.skipTagged();
  return { errorCode, tokens, throttleTimeMs };
}

export function writeDescribeDelegationTokenResponse(writer: Writer, message: DescribeDelegationTokenResponseInput, version: number): void {
  const flexible = version >= 2;
  writer.int16(message.errorCode ?? 0);
  {
    const list = message.tokens ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseDescribedDelegationToken(writer, each, version);
  }
  writer.int32(message.throttleTimeMs ?? 0);
  if (flexible) writer.varint(0);
}

export interface ResponseDescribedDelegationToken {
  readonly principalType: string;
  readonly principalName: string;
  readonly tokenRequesterPrincipalType: string;
  readonly tokenRequesterPrincipalName: string;
  readonly issueTimestamp: number;
  readonly expiryTimestamp: number;
  readonly maxTimestamp: number;
  readonly tokenId: string;
  readonly hmac: Uint8Array;
  readonly renewers: readonly ResponseDescribedDelegationTokenRenewer[];
}
export interface ResponseDescribedDelegationTokenInput {
  readonly principalType?: string | undefined;
  readonly principalName?: string | undefined;
  readonly tokenRequesterPrincipalType?: string | undefined;
  readonly tokenRequesterPrincipalName?: string | undefined;
  readonly issueTimestamp?: number | undefined;
  readonly expiryTimestamp?: number | undefined;
  readonly maxTimestamp?: number | undefined;
  readonly tokenId?: string | undefined;
  readonly hmac?: Uint8Array | undefined;
  readonly renewers?: readonly ResponseDescribedDelegationTokenRenewerInput[] | undefined;
}

export function readResponseDescribedDelegationToken(reader: Reader, version: number): ResponseDescribedDelegationToken {
  const flexible = version >= 2;
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
  let issueTimestamp: number = 0;
  issueTimestamp = reader.int64();
  let expiryTimestamp: number = 0;
  expiryTimestamp = reader.int64();
  let maxTimestamp: number = 0;
  maxTimestamp = reader.int64();
  let tokenId: string = '';
  tokenId = reader.string(flexible);
  let hmac: Uint8Array = new Uint8Array();
  hmac = reader.bytes(flexible);
  let renewers: readonly ResponseDescribedDelegationTokenRenewer[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listRenewers: ResponseDescribedDelegationTokenRenewer[] = [];
    for (; count > 0; count -= 1) listRenewers.push(readResponseDescribedDelegationTokenRenewer(reader, version));
    renewers = listRenewers;
  }
  if (flexible) reader.skipTagged();
  return { principalType, principalName, tokenRequesterPrincipalType, tokenRequesterPrincipalName, issueTimestamp, expiryTimestamp, maxTimestamp, tokenId, hmac, renewers };
}

export function writeResponseDescribedDelegationToken(writer: Writer, message: ResponseDescribedDelegationTokenInput, version: number): void {
  const flexible = version >= 2;
  writer.string(message.principalType ?? '', flexible);
  writer.string(message.principalName ?? '', flexible);
  if (version >= 3) {
    writer.string(message.tokenRequesterPrincipalType ?? '', flexible);
  } else if (message.tokenRequesterPrincipalType !== undefined && message.tokenRequesterPrincipalType !== '') lacks('DescribeDelegationTokenResponse', 'tokenRequesterPrincipalType', version);
  if (version >= 3) {
    writer.string(message.tokenRequesterPrincipalName ?? '', flexible);
  } else if (message.tokenRequesterPrincipalName !== undefined && message.tokenRequesterPrincipalName !== '') lacks('DescribeDelegationTokenResponse', 'tokenRequesterPrincipalName', version);
  writer.int64(message.issueTimestamp ?? 0);
  writer.int64(message.expiryTimestamp ?? 0);
  writer.int64(message.maxTimestamp ?? 0);
  writer.string(message.tokenId ?? '', flexible);
  writer.bytes(message.hmac ?? new Uint8Array(), flexible);
  {
    const list = message.renewers ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseDescribedDelegationTokenRenewer(writer, each, version);
  }
  if (flexible) writer.varint(0);
}

export interface ResponseDescribedDelegationTokenRenewer {
  readonly principalType: string;
  readonly principalName: string;
}
export interface ResponseDescribedDelegationTokenRenewerInput {
  readonly principalType?: string | undefined;
  readonly principalName?: string | undefined;
}

export function readResponseDescribedDelegationTokenRenewer(reader: Reader, version: number): ResponseDescribedDelegationTokenRenewer {
  const flexible = version >= 2;
  let principalType: string = '';
  principalType = reader.string(flexible);
  let principalName: string = '';
  principalName = reader.string(flexible);
  if (flexible) reader.skipTagged();
  return { principalType, principalName };
}

export function writeResponseDescribedDelegationTokenRenewer(writer: Writer, message: ResponseDescribedDelegationTokenRenewerInput, version: number): void {
  const flexible = version >= 2;
  writer.string(message.principalType ?? '', flexible);
  writer.string(message.principalName ?? '', flexible);
  if (flexible) writer.varint(0);
}
