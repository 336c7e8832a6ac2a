// Generated from ../tables by `make generate`.
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

export interface DescribeAclsRequest {
  readonly resourceTypeFilter: number;
  readonly resourceNameFilter: string | null;
  readonly patternTypeFilter: number;
  readonly principalFilter: string | null;
  readonly hostFilter: string | null;
  readonly operation: number;
  readonly permissionType: number;
}
export interface DescribeAclsRequestInput {
  readonly resourceTypeFilter?: number | undefined;
  readonly resourceNameFilter?: string | null | undefined;
  readonly patternTypeFilter?: number | undefined;
  readonly principalFilter?: string | null | undefined;
  readonly hostFilter?: string | null | undefined;
  readonly operation?: number | undefined;
  readonly permissionType?: number | undefined;
}

export function readDescribeAclsRequest(reader: Reader, version: number): DescribeAclsRequest {
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

export function writeDescribeAclsRequest(writer: Writer, message: DescribeAclsRequestInput, version: number): void {
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

export interface DescribeAclsResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly resources: readonly ResponseDescribeAclsResource[];
}
export interface DescribeAclsResponseInput {
  readonly throttleTimeMs?: number | undefined;
  readonly errorCode?: number | undefined;
  readonly errorMessage?: string | null | undefined;
  readonly resources?: readonly ResponseDescribeAclsResourceInput[] | undefined;
}

export function readDescribeAclsResponse(reader: Reader, version: number): DescribeAclsResponse {
  const flexible = version >= 2;
  let throttleTimeMs: number = 0;
  throttleTimeMs = reader.int32();
  let errorCode: number = 0;
  errorCode = reader.int16();
  let errorMessage: string | null = '';
  errorMessage = reader.nullableString(flexible);
  let resources: readonly ResponseDescribeAclsResource[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listResources: ResponseDescribeAclsResource[] = [];
    for (; count > 0; count -= 1) listResources.push(readResponseDescribeAclsResource(reader, version));
    resources = listResources;
  }
  if (flexible) reader.skipTagged();
  return { throttleTimeMs, errorCode, errorMessage, resources };
}

export function writeDescribeAclsResponse(writer: Writer, message: DescribeAclsResponseInput, version: number): void {
  const flexible = version >= 2;
  writer.int32(message.throttleTimeMs ?? 0);
  writer.int16(message.errorCode ?? 0);
  writer.nullableString(message.errorMessage === undefined ? '' : message.errorMessage, flexible);
  {
    const list = message.resources ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseDescribeAclsResource(writer, each, version);
  }
  if (flexible) writer.varint(0);
}

export interface ResponseDescribeAclsResource {
  readonly resourceType: number;
  readonly resourceName: string;
  readonly patternType: number;
  readonly acls: readonly ResponseAclDescription[];
}
export interface ResponseDescribeAclsResourceInput {
  readonly resourceType?: number | undefined;
  readonly resourceName?: string | undefined;
  readonly patternType?: number | undefined;
  readonly acls?: readonly ResponseAclDescriptionInput[] | undefined;
}

export function readResponseDescribeAclsResource(reader: Reader, version: number): ResponseDescribeAclsResource {
  const flexible = version >= 2;
  let resourceType: number = 0;
  resourceType = reader.int8();
  let resourceName: string = '';
  resourceName = reader.string(flexible);
  let patternType: number = 3;
  patternType = reader.int8();
  let acls: readonly ResponseAclDescription[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listAcls: ResponseAclDescription[] = [];
    for (; count > 0; count -= 1) listAcls.push(readResponseAclDescription(reader, version));
    acls = listAcls;
  }
  if (flexible) reader.skipTagged();
  return { resourceType, resourceName, patternType, acls };
}

export function writeResponseDescribeAclsResource(writer: Writer, message: ResponseDescribeAclsResourceInput, version: number): void {
  const flexible = version >= 2;
  writer.int8(message.resourceType ?? 0);
  writer.string(message.resourceName ?? '', flexible);
  writer.int8(message.patternType ?? 3);
  {
    const list = message.acls ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseAclDescription(writer, each, version);
  }
  if (flexible) writer.varint(0);
}

export interface ResponseAclDescription {
  readonly principal: string;
  readonly host: string;
  readonly operation: number;
  readonly permissionType: number;
}
export interface ResponseAclDescriptionInput {
  readonly principal?: string | undefined;
  readonly host?: string | undefined;
  readonly operation?: number | undefined;
  readonly permissionType?: number | undefined;
}

export function readResponseAclDescription(reader: Reader, version: number): ResponseAclDescription {
  const flexible = version >= 2;
  let principal: string = '';
  principal = reader.string(flexible);
  let host: string = '';
  host = reader.string(flexible);
  let operation: number = 0;
  operation = reader.int8();
  let permissionType: number = 0;
  permissionType = reader.int8();
  if (flexible) reader.skipTagged();
  return { principal, host, operation, permissionType };
}

export function writeResponseAclDescription(writer: Writer, message: ResponseAclDescriptionInput, version: number): void {
  const flexible = version >= 2;
  writer.string(message.principal ?? '', flexible);
  writer.string(message.host ?? '', flexible);
  writer.int8(message.operation ?? 0);
  writer.int8(message.permissionType ?? 0);
  if (flexible) writer.varint(0);
}
