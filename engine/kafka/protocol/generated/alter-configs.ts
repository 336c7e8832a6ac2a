// Generated from ../tables by `make generate`.
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

export interface AlterConfigsRequest {
  readonly resources: readonly RequestAlterConfigsResource[];
  readonly validateOnly: boolean;
}
export interface AlterConfigsRequestInput {
  readonly resources?: readonly RequestAlterConfigsResourceInput[] | undefined;
  readonly validateOnly?: boolean | undefined;
}

export function readAlterConfigsRequest(reader: Reader, version: number): AlterConfigsRequest {
  const flexible = version >= 2;
  let resources: readonly RequestAlterConfigsResource[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listResources: RequestAlterConfigsResource[] = [];
    for (; count > 0; count -= 1) listResources.push(readRequestAlterConfigsResource(reader, version));
    resources = listResources;
  }
  let validateOnly: boolean = false;
  validateOnly = reader.bool();
  if (flexible) reader.skipTagged();
  return { resources, validateOnly };
}

export function writeAlterConfigsRequest(writer: Writer, message: AlterConfigsRequestInput, version: number): void {
  const flexible = version >= 2;
  {
    const list = message.resources ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeRequestAlterConfigsResource(writer, each, version);
  }
  writer.bool(message.validateOnly ?? false);
  if (flexible) writer.varint(0);
}

export interface RequestAlterConfigsResource {
  readonly resourceType: number;
  readonly resourceName: string;
  readonly configs: readonly RequestAlterableConfig[];
}
export interface RequestAlterConfigsResourceInput {
  readonly resourceType?: number | undefined;
  readonly resourceName?: string | undefined;
  readonly configs?: readonly RequestAlterableConfigInput[] | undefined;
}

export function readRequestAlterConfigsResource(reader: Reader, version: number): RequestAlterConfigsResource {
  const flexible = version >= 2;
  let resourceType: number = 0;
  resourceType = reader.int8();
  let resourceName: string = '';
  resourceName = reader.string(flexible);
  let configs: readonly RequestAlterableConfig[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listConfigs: RequestAlterableConfig[] = [];
    for (; count > 0; count -= 1) listConfigs.push(readRequestAlterableConfig(reader, version));
    configs = listConfigs;
  }
  if (flexible) reader.skipTagged();
  return { resourceType, resourceName, configs };
}

export function writeRequestAlterConfigsResource(writer: Writer, message: RequestAlterConfigsResourceInput, version: number): void {
  const flexible = version >= 2;
  writer.int8(message.resourceType ?? 0);
  writer.string(message.resourceName ?? '', flexible);
  {
    const list = message.configs ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeRequestAlterableConfig(writer, each, version);
  }
  if (flexible) writer.varint(0);
}

export interface RequestAlterableConfig {
  readonly name: string;
  readonly value: string | null;
}
export interface RequestAlterableConfigInput {
  readonly name?: string | undefined;
  readonly value?: string | null | undefined;
}

export function readRequestAlterableConfig(reader: Reader, version: number): RequestAlterableConfig {
  const flexible = version >= 2;
  let name: string = '';
  name = reader.string(flexible);
  let value: string | null = '';
  value = reader.nullableString(flexible);
  if (flexible) reader.skipTagged();
  return { name, value };
}

export function writeRequestAlterableConfig(writer: Writer, message: RequestAlterableConfigInput, version: number): void {
  const flexible = version >= 2;
  writer.string(message.name ?? '', flexible);
  writer.nullableString(message.value === undefined ? '' : message.value, flexible);
  if (flexible) writer.varint(0);
}

export interface AlterConfigsResponse {
  readonly throttleTimeMs: number;
  readonly responses: readonly ResponseAlterConfigsResourceResponse[];
}
export interface AlterConfigsResponseInput {
  readonly throttleTimeMs?: number | undefined;
  readonly responses?: readonly ResponseAlterConfigsResourceResponseInput[] | undefined;
}

export function readAlterConfigsResponse(reader: Reader, version: number): AlterConfigsResponse {
  const flexible = version >= 2;
  let throttleTimeMs: number = 0;
  throttleTimeMs = reader.int32();
  let responses: readonly ResponseAlterConfigsResourceResponse[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listResponses: ResponseAlterConfigsResourceResponse[] = [];
    for (; count > 0; count -= 1) listResponses.push(readResponseAlterConfigsResourceResponse(reader, version));
    responses = listResponses;
  }
  if (flexible) reader.skipTagged();
  return { throttleTimeMs, responses };
}

export function writeAlterConfigsResponse(writer: Writer, message: AlterConfigsResponseInput, version: number): void {
  const flexible = version >= 2;
  writer.int32(message.throttleTimeMs ?? 0);
  {
    const list = message.responses ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseAlterConfigsResourceResponse(writer, each, version);
  }
  if (flexible) writer.varint(0);
}

export interface ResponseAlterConfigsResourceResponse {
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly resourceType: number;
  readonly resourceName: string;
}
export interface ResponseAlterConfigsResourceResponseInput {
  readonly errorCode?: number | undefined;
  readonly errorMessage?: string | null | undefined;
  readonly resourceType?: number | undefined;
  readonly resourceName?: string | undefined;
}

export function readResponseAlterConfigsResourceResponse(reader: Reader, version: number): ResponseAlterConfigsResourceResponse {
  const flexible = version >= 2;
  let errorCode: number = 0;
  errorCode = reader.int16();
  let errorMessage: string | null = '';
  errorMessage = reader.nullableString(flexible);
  let resourceType: number = 0;
  resourceType = reader.int8();
  let resourceName: string = '';
  resourceName = reader.string(flexible);
  if (flexible) reader.skipTagged();
  return { errorCode, errorMessage, resourceType, resourceName };
}

export function writeResponseAlterConfigsResourceResponse(writer: Writer, message: ResponseAlterConfigsResourceResponseInput, version: number): void {
  const flexible = version >= 2;
  writer.int16(message.errorCode ?? 0);
  writer.nullableString(message.errorMessage === undefined ? '' : message.errorMessage, flexible);
  writer.int8(message.resourceType ?? 0);
  writer.string(message.resourceName ?? '', flexible);
  if (flexible) writer.varint(0);
}
