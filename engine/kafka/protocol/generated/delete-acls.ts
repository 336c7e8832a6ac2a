// Generated from ../tables by `make generate`.
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

export interface DeleteAclsRequest {
  readonly filters: readonly RequestDeleteAclsFilter[];
}
export interface DeleteAclsRequestInput {
  readonly filters?: readonly RequestDeleteAclsFilterInput[] | undefined;
}

export function readDeleteAclsRequest(reader: Reader, version: number): DeleteAclsRequest {
  const flexible = version >= 2;
  let filters: readonly RequestDeleteAclsFilter[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listFilters: RequestDeleteAclsFilter[] = [];
    for (; count > 0; count -= 1) listFilters.push(readRequestDeleteAclsFilter(reader, version));
    filters = listFilters;
  }
  if (flexible) reader.skipTagged();
  return { filters };
}

export function writeDeleteAclsRequest(writer: Writer, message: DeleteAclsRequestInput, version: number): void {
  const flexible = version >= 2;
  {
    const list = message.filters ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeRequestDeleteAclsFilter(writer, each, version);
  }
  if (flexible) writer.varint(0);
}

export interface RequestDeleteAclsFilter {
  readonly resourceTypeFilter: number;
  readonly resourceNameFilter: string | null;
  readonly patternTypeFilter: number;
  readonly principalFilter: string | null;
  readonly hostFilter: string | null;
  readonly operation: number;
  readonly permissionType: number;
}
export interface RequestDeleteAclsFilterInput {
  readonly resourceTypeFilter?: number | undefined;
  readonly resourceNameFilter?: string | null | undefined;
  readonly patternTypeFilter?: number | undefined;
  readonly principalFilter?: string | null | undefined;
  readonly hostFilter?: string | null | undefined;
  readonly operation?: number | undefined;
  readonly permissionType?: number | undefined;
}

export function readRequestDeleteAclsFilter(reader: Reader, version: number): RequestDeleteAclsFilter {
  const flexible = version >= 2;
  let resourceTypeFilter: number = 0;
  resourceTypeFilter = reader.int8();
  let resourceNameFilter: string | null = '';
  resourceNameFilter = reader.nullableString(flexible);
  let patternTypeFilter: number = 3;
  patternTypeFilter = reader.int8();
  let principalFilter: string | null = '';
  principalFilter = reader.nullableString(flexible);
  let hostFilter: string | null = '';
  hostFilter = reader.nullableString(flexible);
  let operation: number = 0;
  operation = reader.int8();
  let permissionType: number = 0;
  permissionType = reader.int8();
  if (flexible) reader.skipTagged();
  return { resourceTypeFilter, resourceNameFilter, patternTypeFilter, principalFilter, hostFilter, operation, permissionType };
}

export function writeRequestDeleteAclsFilter(writer: Writer, message: RequestDeleteAclsFilterInput, version: number): void {
  const flexible = version >= 2;
  writer.int8(message.resourceTypeFilter ?? 0);
  writer.nullableString(message.resourceNameFilter === undefined ? '' : message.resourceNameFilter, flexible);
  writer.int8(message.patternTypeFilter ?? 3);
  writer.nullableString(message.principalFilter === undefined ? '' : message.principalFilter, flexible);
  writer.nullableString(message.hostFilter === undefined ? '' : message.hostFilter, flexible);
  writer.int8(message.operation ?? 0);
  writer.int8(message.permissionType ?? 0);
  if (flexible) writer.varint(0);
}

export interface DeleteAclsResponse {
  readonly throttleTimeMs: number;
  readonly filterResults: readonly ResponseDeleteAclsFilterResult[];
}
export interface DeleteAclsResponseInput {
  readonly throttleTimeMs?: number | undefined;
  readonly filterResults?: readonly ResponseDeleteAclsFilterResultInput[] | undefined;
}

export function readDeleteAclsResponse(reader: Reader, version: number): DeleteAclsResponse {
  const flexible = version >= 2;
  let throttleTimeMs: number = 0;
  throttleTimeMs = reader.int32();
  let filterResults: readonly ResponseDeleteAclsFilterResult[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listFilterResults: ResponseDeleteAclsFilterResult[] = [];
    for (; count > 0; count -= 1) listFilterResults.push(readResponseDeleteAclsFilterResult(reader, version));
    filterResults = listFilterResults;
  }
  if (flexible) reader.skipTagged();
  return { throttleTimeMs, filterResults };
}

export function writeDeleteAclsResponse(writer: Writer, message: DeleteAclsResponseInput, version: number): void {
  const flexible = version >= 2;
  writer.int32(message.throttleTimeMs ?? 0);
  {
    const list = message.filterResults ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseDeleteAclsFilterResult(writer, each, version);
  }
  if (flexible) writer.varint(0);
}

export interface ResponseDeleteAclsFilterResult {
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly matchingAcls: readonly ResponseDeleteAclsMatchingAcl[];
}
export interface ResponseDeleteAclsFilterResultInput {
  readonly errorCode?: number | undefined;
  readonly errorMessage?: string | null | undefined;
  readonly matchingAcls?: readonly ResponseDeleteAclsMatchingAclInput[] | undefined;
}

export function readResponseDeleteAclsFilterResult(reader: Reader, version: number): ResponseDeleteAclsFilterResult {
  const flexible = version >= 2;
  let errorCode: number = 0;
  errorCode = reader.int16();
  let errorMessage: string | null = '';
  errorMessage = reader.nullableString(flexible);
  let matchingAcls: readonly ResponseDeleteAclsMatchingAcl[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listMatchingAcls: ResponseDeleteAclsMatchingAcl[] = [];
    for (; count > 0; count -= 1) listMatchingAcls.push(readResponseDeleteAclsMatchingAcl(reader, version));
    matchingAcls = listMatchingAcls;
  }
  if (flexible) reader.skipTagged();
  return { errorCode, errorMessage, matchingAcls };
}

export function writeResponseDeleteAclsFilterResult(writer: Writer, message: ResponseDeleteAclsFilterResultInput, version: number): void {
  const flexible = version >= 2;
  writer.int16(message.errorCode ?? 0);
  writer.nullableString(message.errorMessage === undefined ? '' : message.errorMessage, flexible);
  {
    const list = message.matchingAcls ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseDeleteAclsMatchingAcl(writer, each, version);
  }
  if (flexible) writer.varint(0);
}

export interface ResponseDeleteAclsMatchingAcl {
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly resourceType: number;
  readonly resourceName: string;
  readonly patternType: number;
  readonly principal: string;
  readonly host: string;
  readonly operation: number;
  readonly permissionType: number;
}
export interface ResponseDeleteAclsMatchingAclInput {
  readonly errorCode?: number | undefined;
  readonly errorMessage?: string | null | undefined;
  readonly resourceType?: number | undefined;
  readonly resourceName?: string | undefined;
  readonly patternType?: number | undefined;
  readonly principal?: string | undefined;
  readonly host?: string | undefined;
  readonly operation?: number | undefined;
  readonly permissionType?: number | undefined;
}

export function readResponseDeleteAclsMatchingAcl(reader: Reader, version: number): ResponseDeleteAclsMatchingAcl {
  const flexible = version >= 2;
  let errorCode: number = 0;
  errorCode = reader.int16();
  let errorMessage: string | null = '';
  errorMessage = reader.nullableString(flexible);
  let resourceType: number = 0;
  resourceType = reader.int8();
  let resourceName: string = '';
  resourceName = reader.string(flexible);
  let patternType: number = 3;
  patternType = reader.int8();
  let principal: string = '';
  principal = reader.string(flexible);
  let host: string = '';
  host = reader.string(flexible);
  let operation: number = 0;
  operation = reader.int8();
  let permissionType: number = 0;
  permissionType = reader.int8();
  if (flexible) reader.skipTagged();
  return { errorCode, errorMessage, resourceType, resourceName, patternType, principal, host, operation, permissionType };
}

export function writeResponseDeleteAclsMatchingAcl(writer: Writer, message: ResponseDeleteAclsMatchingAclInput, version: number): void {
  const flexible = version >= 2;
  writer.int16(message.errorCode ?? 0);
  writer.nullableString(message.errorMessage === undefined ? '' : message.errorMessage, flexible);
  writer.int8(message.resourceType ?? 0);
  writer.string(message.resourceName ?? '', flexible);
  writer.int8(message.patternType ?? 3);
  writer.string(message.principal ?? '', flexible);
  writer.string(message.host ?? '', flexible);
  writer.int8(message.operation ?? 0);
  writer.int8(message.permissionType ?? 0);
  if (flexible) writer.varint(0);
}
