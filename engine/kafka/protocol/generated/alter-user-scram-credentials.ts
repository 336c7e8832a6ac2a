// Generated from ../tables by `make generate`.
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

export interface AlterUserScramCredentialsRequest {
  readonly deletions: readonly RequestScramCredentialDeletion[];
  readonly upsertions: readonly RequestScramCredentialUpsertion[];
}
export interface AlterUserScramCredentialsRequestInput {
  readonly deletions?: readonly RequestScramCredentialDeletionInput[] | undefined;
  readonly upsertions?: readonly RequestScramCredentialUpsertionInput[] | undefined;
}

export function readAlterUserScramCredentialsRequest(reader: Reader, version: number): AlterUserScramCredentialsRequest {
  const flexible = true;
  let deletions: readonly RequestScramCredentialDeletion[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listDeletions: RequestScramCredentialDeletion[] = [];
    for (; count > 0; count -= 1) listDeletions.push(readRequestScramCredentialDeletion(reader, version));
    deletions = listDeletions;
  }
  let upsertions: readonly RequestScramCredentialUpsertion[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listUpsertions: RequestScramCredentialUpsertion[] = [];
    for (; count > 0; count -= 1) listUpsertions.push(readRequestScramCredentialUpsertion(reader, version));
    upsertions = listUpsertions;
  }
  reader.skipTagged();
  return { deletions, upsertions };
}

export function writeAlterUserScramCredentialsRequest(writer: Writer, message: AlterUserScramCredentialsRequestInput, version: number): void {
  const flexible = true;
  {
    const list = message.deletions ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeRequestScramCredentialDeletion(writer, each, version);
  }
  {
    const list = message.upsertions ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeRequestScramCredentialUpsertion(writer, each, version);
  }
  writer.varint(0);
}

export interface RequestScramCredentialDeletion {
  readonly name: string;
  readonly mechanism: number;
}
export interface RequestScramCredentialDeletionInput {
  readonly name?: string | undefined;
  readonly mechanism?: number | undefined;
}

export function readRequestScramCredentialDeletion(reader: Reader, version: number): RequestScramCredentialDeletion {
  const flexible = true;
  let name: string = '';
  name = reader.string(flexible);
  let mechanism: number = 0;
  mechanism = reader.int8();
  reader.skipTagged();
  return { name, mechanism };
}

export function writeRequestScramCredentialDeletion(writer: Writer, message: RequestScramCredentialDeletionInput, version: number): void {
  const flexible = true;
  writer.string(message.name ?? '', flexible);
  writer.int8(message.mechanism ?? 0);
  writer.varint(0);
}

export interface RequestScramCredentialUpsertion {
  readonly name: string;
  readonly mechanism: number;
  readonly iterations: number;
  readonly salt: Uint8Array;
  readonly saltedPassword: Uint8Array;
}
export interface RequestScramCredentialUpsertionInput {
  readonly name?: string | undefined;
  readonly mechanism?: number | undefined;
  readonly iterations?: number | undefined;
  readonly salt?: Uint8Array | undefined;
  readonly saltedPassword?: Uint8Array | undefined;
}

export function readRequestScramCredentialUpsertion(reader: Reader, version: number): RequestScramCredentialUpsertion {
  const flexible = true;
  let name: string = '';
  name = reader.string(flexible);
  let mechanism: number = 0;
  mechanism = reader.int8();
  let iterations: number = 0;
  iterations = reader.int32();
  let salt: Uint8Array = new Uint8Array();
  salt = reader.bytes(flexible);
  let saltedPassword: Uint8Array = new Uint8Array();
  saltedPassword = reader.bytes(flexible);
  reader.skipTagged();
  return { name, mechanism, iterations, salt, saltedPassword };
}

export function writeRequestScramCredentialUpsertion(writer: Writer, message: RequestScramCredentialUpsertionInput, version: number): void {
  const flexible = true;
  writer.string(message.name ?? '', flexible);
  writer.int8(message.mechanism ?? 0);
  writer.int32(message.iterations ?? 0);
  writer.bytes(message.salt ?? new Uint8Array(), flexible);
  writer.bytes(message.saltedPassword ?? new Uint8Array(), flexible);
  writer.varint(0);
}

export interface AlterUserScramCredentialsResponse {
  readonly throttleTimeMs: number;
  readonly results: readonly ResponseAlterUserScramCredentialsResult[];
}
export interface AlterUserScramCredentialsResponseInput {
  readonly throttleTimeMs?: number | undefined;
  readonly results?: readonly ResponseAlterUserScramCredentialsResultInput[] | undefined;
}

export function readAlterUserScramCredentialsResponse(reader: Reader, version: number): AlterUserScramCredentialsResponse {
  const flexible = true;
  let throttleTimeMs: number = 0;
  throttleTimeMs = reader.int32();
  let results: readonly ResponseAlterUserScramCredentialsResult[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listResults: ResponseAlterUserScramCredentialsResult[] = [];
    for (; count > 0; count -= 1) listResults.push(readResponseAlterUserScramCredentialsResult(reader, version));
    results = listResults;
  }
  reader.skipTagged();
  return { throttleTimeMs, results };
}

export function writeAlterUserScramCredentialsResponse(writer: Writer, message: AlterUserScramCredentialsResponseInput, version: number): void {
  const flexible = true;
  writer.int32(message.throttleTimeMs ?? 0);
  {
    const list = message.results ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseAlterUserScramCredentialsResult(writer, each, version);
  }
  writer.varint(0);
}

export interface ResponseAlterUserScramCredentialsResult {
  readonly user: string;
  readonly errorCode: number;
  readonly errorMessage: string | null;
}
export interface ResponseAlterUserScramCredentialsResultInput {
  readonly user?: string | undefined;
  readonly errorCode?: number | undefined;
  readonly errorMessage?: string | null | undefined;
}

export function readResponseAlterUserScramCredentialsResult(reader: Reader, version: number): ResponseAlterUserScramCredentialsResult {
  const flexible = true;
  let user: string = '';
  user = reader.string(flexible);
  let errorCode: number = 0;
  errorCode = reader.int16();
  let errorMessage: string | null = '';
  errorMessage = reader.nullableString(flexible);
  reader.skipTagged();
  return { user, errorCode, errorMessage };
}

export function writeResponseAlterUserScramCredentialsResult(writer: Writer, message: ResponseAlterUserScramCredentialsResultInput, version: number): void {
  const flexible = true;
  writer.string(message.user ?? '', flexible);
  writer.int16(message.errorCode ?? 0);
  writer.nullableString(message.errorMessage === undefined ? '' : message.errorMessage, flexible);
  writer.varint(0);
}
