// Generated from ../tables by `make generate`.
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

export interface DescribeUserScramCredentialsRequest {
  readonly users: readonly RequestUserName[] | null;
}
export interface DescribeUserScramCredentialsRequestInput {
  readonly users?: readonly RequestUserNameInput[] | null | undefined;
}

export function readDescribeUserScramCredentialsRequest(reader: Reader, version: number): DescribeUserScramCredentialsRequest {
  const flexible = true;
  let users: readonly RequestUserName[] | null = [];
  {
    let count = reader.arrayLength(flexible);
    if (count < 0) users = null;
    else {
      const listUsers: RequestUserName[] = [];
      for (; count > 0; count -= 1) listUsers.push(readRequestUserName(reader, version));
      users = listUsers;
    }
  }
  reader.skipTagged();
  return { users };
}

export function writeDescribeUserScramCredentialsRequest(writer: Writer, message: DescribeUserScramCredentialsRequestInput, version: number): void {
  const flexible = true;
  {
    const list = message.users === undefined ? [] : message.users;
    if (list === null) writer.arrayLength(-1, flexible);
    else {
      writer.arrayLength(list.length, flexible);
      for (const each of list) writeRequestUserName(writer, each, version);
    }
  }
  writer.varint(0);
}

export interface RequestUserName {
  readonly name: string;
}
export interface RequestUserNameInput {
  readonly name?: string | undefined;
}

export function readRequestUserName(reader: Reader, version: number): RequestUserName {
  const flexible = true;
  let name: string = '';
  name = reader.string(flexible);
  reader.skipTagged();
  return { name };
}

export function writeRequestUserName(writer: Writer, message: RequestUserNameInput, version: number): void {
  const flexible = true;
  writer.string(message.name ?? '', flexible);
  writer.varint(0);
}

export interface DescribeUserScramCredentialsResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly results: readonly ResponseDescribeUserScramCredentialsResult[];
}
export interface DescribeUserScramCredentialsResponseInput {
  readonly throttleTimeMs?: number | undefined;
  readonly errorCode?: number | undefined;
  readonly errorMessage?: string | null | undefined;
  readonly results?: readonly ResponseDescribeUserScramCredentialsResultInput[] | undefined;
}

export function readDescribeUserScramCredentialsResponse(reader: Reader, version: number): DescribeUserScramCredentialsResponse {
  const flexible = true;
  let throttleTimeMs: number = 0;
  throttleTimeMs = reader.int32();
  let errorCode: number = 0;
  errorCode = reader.int16();
  let errorMessage: string | null = '';
  errorMessage = reader.nullableString(flexible);
  let results: readonly ResponseDescribeUserScramCredentialsResult[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listResults: ResponseDescribeUserScramCredentialsResult[] = [];
    for (; count > 0; count -= 1) listResults.push(readResponseDescribeUserScramCredentialsResult(reader, version));
    results = listResults;
  }
  reader.skipTagged();
  return { throttleTimeMs, errorCode, errorMessage, results };
}

export function writeDescribeUserScramCredentialsResponse(writer: Writer, message: DescribeUserScramCredentialsResponseInput, version: number): void {
  const flexible = true;
  writer.int32(message.throttleTimeMs ?? 0);
  writer.int16(message.errorCode ?? 0);
  writer.nullableString(message.errorMessage === undefined ? '' : message.errorMessage, flexible);
  {
    const list = message.results ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseDescribeUserScramCredentialsResult(writer, each, version);
  }
  writer.varint(0);
}

export interface ResponseDescribeUserScramCredentialsResult {
  readonly user: string;
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly credentialInfos: readonly ResponseCredentialInfo[];
}
export interface ResponseDescribeUserScramCredentialsResultInput {
  readonly user?: string | undefined;
  readonly errorCode?: number | undefined;
  readonly errorMessage?: string | null | undefined;
  readonly credentialInfos?: readonly ResponseCredentialInfoInput[] | undefined;
}

export function readResponseDescribeUserScramCredentialsResult(reader: Reader, version: number): ResponseDescribeUserScramCredentialsResult {
  const flexible = true;
  let user: string = '';
  user = reader.string(flexible);
  let errorCode: number = 0;
  errorCode = reader.int16();
  let errorMessage: string | null = '';
  errorMessage = reader.nullableString(flexible);
  let credentialInfos: readonly ResponseCredentialInfo[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listCredentialInfos: ResponseCredentialInfo[] = [];
    for (; count > 0; count -= 1) listCredentialInfos.push(readResponseCredentialInfo(reader, version));
    credentialInfos = listCredentialInfos;
  }
  reader.skipTagged();
  return { user, errorCode, errorMessage, credentialInfos };
}

export function writeResponseDescribeUserScramCredentialsResult(writer: Writer, message: ResponseDescribeUserScramCredentialsResultInput, version: number): void {
  const flexible = true;
  writer.string(message.user ?? '', flexible);
  writer.int16(message.errorCode ?? 0);
  writer.nullableString(message.errorMessage === undefined ? '' : message.errorMessage, flexible);
  {
    const list = message.credentialInfos ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseCredentialInfo(writer, each, version);
  }
  writer.varint(0);
}

export interface ResponseCredentialInfo {
  readonly mechanism: number;
  readonly iterations: number;
}
export interface ResponseCredentialInfoInput {
  readonly mechanism?: number | undefined;
  readonly iterations?: number | undefined;
}

export function readResponseCredentialInfo(reader: Reader, version: number): ResponseCredentialInfo {
  let mechanism: number = 0;
  mechanism = reader.int8();
  let iterations: number = 0;
  iterations = reader.int32();
  reader.skipTagged();
  return { mechanism, iterations };
}

export function writeResponseCredentialInfo(writer: Writer, message: ResponseCredentialInfoInput, version: number): void {
  writer.int8(message.mechanism ?? 0);
  writer.int32(message.iterations ?? 0);
  writer.varint(0);
}
