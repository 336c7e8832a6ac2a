// Generated from ../tables by `make generate`.
import type { Reader } from '../reader.ts';
import { lacks } from '../lacking-field.ts';
import type { Writer } from '../writer.ts';

export interface DescribeConfigsRequest {
  readonly resources: readonly RequestDescribeConfigsResource[];
  readonly includeSynonyms: boolean;
  readonly includeDocumentation: boolean;
}
export interface DescribeConfigsRequestInput {
  readonly resources?: readonly RequestDescribeConfigsResourceInput[] | undefined;
  readonly includeSynonyms?: boolean | undefined;
  readonly includeDocumentation?: boolean | undefined;
}

export function readDescribeConfigsRequest(reader: Reader, version: number): DescribeConfigsRequest {
  const flexible = version >= 4;
  let resources: readonly RequestDescribeConfigsResource[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listResources: RequestDescribeConfigsResource[] = [];
    for (; count > 0; count -= 1) listResources.push(readRequestDescribeConfigsResource(reader, version));
    resources = listResources;
  }
  let includeSynonyms: boolean = false;
  includeSynonyms = reader.bool();
  let includeDocumentation: boolean = false;
  if (version >= 3) {
    includeDocumentation = reader.bool();
  }
  if (flexible) reader.skipTagged();
  return { resources, includeSynonyms, includeDocumentation };
}

export function writeDescribeConfigsRequest(writer: Writer, message: DescribeConfigsRequestInput, version: number): void {
  const flexible = version >= 4;
  {
    const list = message.resources ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeRequestDescribeConfigsResource(writer, each, version);
  }
  writer.bool(message.includeSynonyms ?? false);
  if (version >= 3) {
    writer.bool(message.includeDocumentation ?? false);
  } else if (message.includeDocumentation !== undefined && message.includeDocumentation !== false) lacks('DescribeConfigsRequest', 'includeDocumentation', version);
  if (flexible) writer.varint(0);
}

export interface RequestDescribeConfigsResource {
  readonly resourceType: number;
  readonly resourceName: string;
  readonly configurationKeys: readonly string[] | null;
}
export interface RequestDescribeConfigsResourceInput {
  readonly resourceType?: number | undefined;
  readonly resourceName?: string | undefined;
  readonly configurationKeys?: readonly string[] | null | undefined;
}

export function readRequestDescribeConfigsResource(reader: Reader, version: number): RequestDescribeConfigsResource {
  const flexible = version >= 4;
  let resourceType: number = 0;
  resourceType = reader.int8();
  let resourceName: string = '';
  resourceName = reader.string(flexible);
  let configurationKeys: readonly string[] | null = [];
  {
    let count = reader.arrayLength(flexible);
    if (count < 0) configurationKeys = null;
    else {
      const listConfigurationKeys: string[] = [];
      for (; count > 0; count -= 1) listConfigurationKeys.push(reader.string(flexible));
      configurationKeys = listConfigurationKeys;
    }
  }
  if (flexible) reader.skipTagged();
  return { resourceType, resourceName, configurationKeys };
}

export function writeRequestDescribeConfigsResource(writer: Writer, message: RequestDescribeConfigsResourceInput, version: number): void {
  const flexible = version >= 4;
  writer.int8(message.resourceType ?? 0);
  writer.string(message.resourceName ?? '', flexible);
  {
    const list = message.configurationKeys === undefined ? [] : message.configurationKeys;
    if (list === null) writer.arrayLength(-1, flexible);
    else {
      writer.arrayLength(list.length, flexible);
      for (const each of list) writer.string(each, flexible);
    }
  }
  if (flexible) writer.varint(0);
}

export interface DescribeConfigsResponse {
  readonly throttleTimeMs: number;
  readonly results: readonly ResponseDescribeConfigsResult[];
}
export interface DescribeConfigsResponseInput {
  readonly throttleTimeMs?: number | undefined;
  readonly results?: readonly ResponseDescribeConfigsResultInput[] | undefined;
}

export function readDescribeConfigsResponse(reader: Reader, version: number): DescribeConfigsResponse {
  const flexible = version >= 4;
  let throttleTimeMs: number = 0;
  throttleTimeMs = reader.int32();
  let results: readonly ResponseDescribeConfigsResult[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listResults: ResponseDescribeConfigsResult[] = [];
    for (; count > 0; count -= 1) listResults.push(readResponseDescribeConfigsResult(reader, version));
    results = listResults;
  }
  if (flexible) reader.skipTagged();
  return { throttleTimeMs, results };
}

export function writeDescribeConfigsResponse(writer: Writer, message: DescribeConfigsResponseInput, version: number): void {
  const flexible = version >= 4;
  writer.int32(message.throttleTimeMs ?? 0);
  {
    const list = message.results ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseDescribeConfigsResult(writer, each, version);
  }
  if (flexible) writer.varint(0);
}

export interface ResponseDescribeConfigsResult {
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly resourceType: number;
  readonly resourceName: string;
  readonly configs: readonly ResponseDescribeConfigsResourceResult[];
}
export interface ResponseDescribeConfigsResultInput {
  readonly errorCode?: number | undefined;
  readonly errorMessage?: string | null | undefined;
  readonly resourceType?: number | undefined;
  readonly resourceName?: string | undefined;
  readonly configs?: readonly ResponseDescribeConfigsResourceResultInput[] | undefined;
}

export function readResponseDescribeConfigsResult(reader: Reader, version: number): ResponseDescribeConfigsResult {
  const flexible = version >= 4;
  let errorCode: number = 0;
  errorCode = reader.int16();
  let errorMessage: string | null = '';
  errorMessage = reader.nullableString(flexible);
  let resourceType: number = 0;
  resourceType = reader.int8();
  let resourceName: string = '';
  resourceName = reader.string(flexible);
  let configs: readonly ResponseDescribeConfigsResourceResult[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listConfigs: ResponseDescribeConfigsResourceResult[] = [];
    for (; count > 0; count -= 1) listConfigs.push(readResponseDescribeConfigsResourceResult(reader, version));
    configs = listConfigs;
  }
  if (flexible) reader.skipTagged();
  return { errorCode, errorMessage, resourceType, resourceName, configs };
}

export function writeResponseDescribeConfigsResult(writer: Writer, message: ResponseDescribeConfigsResultInput, version: number): void {
  const flexible = version >= 4;
  writer.int16(message.errorCode ?? 0);
  writer.nullableString(message.errorMessage === undefined ? '' : message.errorMessage, flexible);
  writer.int8(message.resourceType ?? 0);
  writer.string(message.resourceName ?? '', flexible);
  {
    const list = message.configs ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseDescribeConfigsResourceResult(writer, each, version);
  }
  if (flexible) writer.varint(0);
}

export interface ResponseDescribeConfigsResourceResult {
  readonly name: string;
  readonly value: string | null;
  readonly readOnly: boolean;
  readonly configSource: number;
  readonly isSensitive: boolean;
  readonly synonyms: readonly ResponseDescribeConfigsSynonym[];
  readonly configType: number;
  readonly documentation: string | null;
}
export interface ResponseDescribeConfigsResourceResultInput {
  readonly name?: string | undefined;
  readonly value?: string | null | undefined;
  readonly readOnly?: boolean | undefined;
  readonly configSource?: number | undefined;
  readonly isSensitive?: boolean | undefined;
  readonly synonyms?: readonly ResponseDescribeConfigsSynonymInput[] | undefined;
  readonly configType?: number | undefined;
  readonly documentation?: string | null | undefined;
}

export function readResponseDescribeConfigsResourceResult(reader: Reader, version: number): ResponseDescribeConfigsResourceResult {
  const flexible = version >= 4;
  let name: string = '';
  name = reader.string(flexible);
  let value: string | null = '';
  value = reader.nullableString(flexible);
  let readOnly: boolean = false;
  readOnly = reader.bool();
  let configSource: number = -1;
  configSource = reader.int8();
  let isSensitive: boolean = false;
  isSensitive = reader.bool();
  let synonyms: readonly ResponseDescribeConfigsSynonym[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listSynonyms: ResponseDescribeConfigsSynonym[] = [];
    for (; count > 0; count -= 1) listSynonyms.push(readResponseDescribeConfigsSynonym(reader, version));
    synonyms = listSynonyms;
  }
  let configType: number = 0;
  if (version >= 3) {
    configType = reader.int8();
  }
  let documentation: string | null = '';
  if (version >= 3) {
    documentation = reader.nullableString(flexible);
  }
  if (flexible) reader.skipTagged();
  return { name, value, readOnly, configSource, isSensitive, synonyms, configType, documentation };
}

export function writeResponseDescribeConfigsResourceResult(writer: Writer, message: ResponseDescribeConfigsResourceResultInput, version: number): void {
  const flexible = version >= 4;
  writer.string(message.name ?? '', flexible);
  writer.nullableString(message.value === undefined ? '' : message.value, flexible);
  writer.bool(message.readOnly ?? false);
  writer.int8(message.configSource ?? -1);
  writer.bool(message.isSensitive ?? false);
  {
    const list = message.synonyms ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseDescribeConfigsSynonym(writer, each, version);
  }
  if (version >= 3) {
    writer.int8(message.configType ?? 0);
  }
  if (version >= 3) {
    writer.nullableString(message.documentation === undefined ? '' : message.documentation, flexible);
  }
  if (flexible) writer.varint(0);
}

export interface ResponseDescribeConfigsSynonym {
  readonly name: string;
  readonly value: string | null;
  readonly source: number;
}
export interface ResponseDescribeConfigsSynonymInput {
  readonly name?: string | undefined;
  readonly value?: string | null | undefined;
  readonly source?: number | undefined;
}

export function readResponseDescribeConfigsSynonym(reader: Reader, version: number): ResponseDescribeConfigsSynonym {
  const flexible = version >= 4;
  let name: string = '';
  name = reader.string(flexible);
  let value: string | null = '';
  value = reader.nullableString(flexible);
  let source: number = 0;
  source = reader.int8();
  if (flexible) reader.skipTagged();
  return { name, value, source };
}

export function writeResponseDescribeConfigsSynonym(writer: Writer, message: ResponseDescribeConfigsSynonymInput, version: number): void {
  const flexible = version >= 4;
  writer.string(message.name ?? '', flexible);
  writer.nullableString(message.value === undefined ? '' : message.value, flexible);
  writer.int8(message.source ?? 0);
  if (flexible) writer.varint(0);
}
