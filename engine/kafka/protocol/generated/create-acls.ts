// Generated from ../tables by `make generate`.
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

export interface CreateAclsRequest {
  readonly creations: readonly RequestAclCreation[];
}
export interface CreateAclsRequestInput {
  readonly creations?: readonly RequestAclCreationInput[] | undefined;
}

export function readCreateAclsRequest(reader: Reader, version: number): CreateAclsRequest {
  const flexible = version >= 2;
  let creations: readonly RequestAclCreation[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listCreations: RequestAclCreation[] = [];
    for (; count > 0; count -= 1) listCreations.push(readRequestAclCreation(reader, version));
    creations = listCreations;
  }
  if (flexible) reader.skipTagged();
  return { creations };
}

export function writeCreateAclsRequest(writer: Writer, message: CreateAclsRequestInput, version: number): void {
  const flexible = version >= 2;
  {
    const list = message.creations ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeRequestAclCreation(writer, each, version);
  }
  if (flexible) writer.varint(0);
}

export interface RequestAclCreation {
  readonly resourceType: number;
  readonly resourceName: string;
  readonly resourcePatternType: number;
  readonly principal: string;
  readonly host: string;
  readonly operation: number;
  readonly permissionType: number;
}
export interface RequestAclCreationInput {
  readonly resourceType?: number | undefined;
  readonly resourceName?: string | undefined;
  readonly resourcePatternType?: number | undefined;
  readonly principal?: string | undefined;
  readonly host?: string | undefined;
  readonly operation?: number | undefined;
  readonly permissionType?: number | undefined;
}

export function readRequestAclCreation(reader: Reader, version: number): RequestAclCreation {
  const flexible = version >= 2;
  let resourceType: number = 0;
  resourceType = reader.int8();
  let resourceName: string = '';
  resourceName = reader.string(flexible);
  let resourcePatternType: number = 3;
  resourcePatternType = reader.int8();
  let principal: string = '';
  principal = reader.string(flexible);
  let host: string = '';
  host = reader.string(flexible);
  let operation: number = 0;
  operation = reader.int8();
  let permissionType: number = 0;
  permissionType = reader.int8();
  if (flexible) reader.skipTagged();
  return { resourceType, resourceName, resourcePatternType, principal, host, operation, permissionType };
}

export function writeRequestAclCreation(writer: Writer, message: RequestAclCreationInput, version: number): void {
  const flexible = version >= 2;
  writer.int8(message.resourceType ?? 0);
  writer.string(message.resourceName ?? '', flexible);
  writer.int8(message.resourcePatternType ?? 3);
  writer.string(message.principal ?? '', flexible);
  writer.string(message.host ?? '', flexible);
  writer.int8(message.operation ?? 0);
  writer.int8(message.permissionType ?? 0);
  if (flexible) writer.varint(0);
}

export interface CreateAclsResponse {
  readonly throttleTimeMs: number;
  readonly results: readonly ResponseAclCreationResult[];
}
export interface CreateAclsResponseInput {
  readonly throttleTimeMs?: number | undefined;
  readonly results?: readonly ResponseAclCreationResultInput[] | undefined;
}

export function readCreateAclsResponse(reader: Reader, version: number): CreateAclsResponse {
  const flexible = version >= 2;
  let throttleTimeMs: number = 0;
  throttleTimeMs = reader.int32();
  let results: readonly ResponseAclCreationResult[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listResults: ResponseAclCreationResult[] = [];
    for (; count > 0; count -= 1) listResults.push(readResponseAclCreationResult(reader, version));
    results = listResults;
  }
  if (flexible) reader.skipTagged();
  return { throttleTimeMs, results };
}

export function writeCreateAclsResponse(writer: Writer, message: CreateAclsResponseInput, version: number): void {
  const flexible = version >= 2;
  writer.int32(message.throttleTimeMs ?? 0);
  {
    const list = message.results ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseAclCreationResult(writer, each, version);
  }
  if (flexible) writer.varint(0);
}

export interface ResponseAclCreationResult {
  readonly errorCode: number;
  readonly errorMessage: string | null;
}
export interface ResponseAclCreationResultInput {
  readonly errorCode?: number | undefined;
  readonly errorMessage?: string | null | undefined;
}

export function readResponseAclCreationResult(reader: Reader, version: number): ResponseAclCreationResult {
  const flexible = version >= 2;
  let errorCode: number = 0;
  errorCode = reader.int16();
  let errorMessage: string | null = '';
  errorMessage = reader.nullableString(flexible);
  if (flexible) reader.skipTagged();
  return { errorCode, errorMessage };
}

export function writeResponseAclCreationResult(writer: Writer, message: ResponseAclCreationResultInput, version: number): void {
  const flexible = version >= 2;
  writer.int16(message.errorCode ?? 0);
  writer.nullableString(message.errorMessage === undefined ? '' : message.errorMessage, flexible);
  if (flexible) writer.varint(0);
}
