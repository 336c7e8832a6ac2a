// Generated from ../tables by `make generate`.
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

export interface DescribeClientQuotasRequest {
  readonly components: readonly RequestComponentData[];
  readonly strict: boolean;
}
export interface DescribeClientQuotasRequestInput {
  readonly components?: readonly RequestComponentDataInput[] | undefined;
  readonly strict?: boolean | undefined;
}

export function readDescribeClientQuotasRequest(reader: Reader, version: number): DescribeClientQuotasRequest {
  const flexible = version >= 1;
  let components: readonly RequestComponentData[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listComponents: RequestComponentData[] = [];
    for (; count > 0; count -= 1) listComponents.push(readRequestComponentData(reader, version));
    components = listComponents;
  }
  let strict: boolean = false;
  strict = reader.bool();
  if (flexible) reader.skipTagged();
  return { components, strict };
}

export function writeDescribeClientQuotasRequest(writer: Writer, message: DescribeClientQuotasRequestInput, version: number): void {
  const flexible = version >= 1;
  {
    const list = message.components ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeRequestComponentData(writer, each, version);
  }
  writer.bool(message.strict ?? false);
  if (flexible) writer.varint(0);
}

export interface RequestComponentData {
  readonly entityType: string;
  readonly matchType: number;
  readonly match: string | null;
}
export interface RequestComponentDataInput {
  readonly entityType?: string | undefined;
  readonly matchType?: number | undefined;
  readonly match?: string | null | undefined;
}

export function readRequestComponentData(reader: Reader, version: number): RequestComponentData {
  const flexible = version >= 1;
  let entityType: string = '';
  entityType = reader.string(flexible);
  let matchType: number = 0;
  matchType = reader.int8();
  let match: string | null = '';
  match = reader.nullableString(flexible);
  if (flexible) reader.skipTagged();
  return { entityType, matchType, match };
}

export function writeRequestComponentData(writer: Writer, message: RequestComponentDataInput, version: number): void {
  const flexible = version >= 1;
  writer.string(message.entityType ?? '', flexible);
  writer.int8(message.matchType ?? 0);
  writer.nullableString(message.match === undefined ? '' : message.match, flexible);
  if (flexible) writer.varint(0);
}

export interface DescribeClientQuotasResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly entries: readonly ResponseEntryData[] | null;
}
export interface DescribeClientQuotasResponseInput {
  readonly throttleTimeMs?: number | undefined;
  readonly errorCode?: number | undefined;
  readonly errorMessage?: string | null | undefined;
  readonly entries?: readonly ResponseEntryDataInput[] | null | undefined;
}

export function readDescribeClientQuotasResponse(reader: Reader, version: number): DescribeClientQuotasResponse {
  const flexible = version >= 1;
  let throttleTimeMs: number = 0;
  throttleTimeMs = reader.int32();
  let errorCode: number = 0;
  errorCode = reader.int16();
  let errorMessage: string | null = '';
  errorMessage = reader.nullableString(flexible);
  let entries: readonly ResponseEntryData[] | null = [];
  {
    let count = reader.arrayLength(flexible);
    if (count < 0) entries = null;
    else {
      const listEntries: ResponseEntryData[] = [];
      for (; count > 0; count -= 1) listEntries.push(readResponseEntryData(reader, version));
      entries = listEntries;
    }
  }
  if (flexible) reader.skipTagged();
  return { throttleTimeMs, errorCode, errorMessage, entries };
}

export function writeDescribeClientQuotasResponse(writer: Writer, message: DescribeClientQuotasResponseInput, version: number): void {
  const flexible = version >= 1;
  writer.int32(message.throttleTimeMs ?? 0);
  writer.int16(message.errorCode ?? 0);
  writer.nullableString(message.errorMessage === undefined ? '' : message.errorMessage, flexible);
  {
    const list = message.entries === undefined ? [] : message.entries;
    if (list === null) writer.arrayLength(-1, flexible);
    else {
      writer.arrayLength(list.length, flexible);
      for (const each of list) writeResponseEntryData(writer, each, version);
    }
  }
  if (flexible) writer.varint(0);
}

export interface ResponseEntryData {
  readonly entity: readonly ResponseEntityData[];
  readonly values: readonly ResponseValueData[];
}
export interface ResponseEntryDataInput {
  readonly entity?: readonly ResponseEntityDataInput[] | undefined;
  readonly values?: readonly ResponseValueDataInput[] | undefined;
}

export function readResponseEntryData(reader: Reader, version: number): ResponseEntryData {
  const flexible = version >= 1;
  let entity: readonly ResponseEntityData[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listEntity: ResponseEntityData[] = [];
    for (; count > 0; count -= 1) listEntity.push(readResponseEntityData(reader, version));
    entity = listEntity;
  }
  let values: readonly ResponseValueData[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listValues: ResponseValueData[] = [];
    for (; count > 0; count -= 1) listValues.push(readResponseValueData(reader, version));
    values = listValues;
  }
  if (flexible) reader.skipTagged();
  return { entity, values };
}

export function writeResponseEntryData(writer: Writer, message: ResponseEntryDataInput, version: number): void {
  const flexible = version >= 1;
  {
    const list = message.entity ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseEntityData(writer, each, version);
  }
  {
    const list = message.values ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseValueData(writer, each, version);
  }
  if (flexible) writer.varint(0);
}

export interface ResponseEntityData {
  readonly entityType: string;
  readonly entityName: string | null;
}
export interface ResponseEntityDataInput {
  readonly entityType?: string | undefined;
  readonly entityName?: string | null | undefined;
}

export function readResponseEntityData(reader: Reader, version: number): ResponseEntityData {
  const flexible = version >= 1;
  let entityType: string = '';
  entityType = reader.string(flexible);
  let entityName: string | null = '';
  entityName = reader.nullableString(flexible);
  if (flexible) reader.skipTagged();
  return { entityType, entityName };
}

export function writeResponseEntityData(writer: Writer, message: ResponseEntityDataInput, version: number): void {
  const flexible = version >= 1;
  writer.string(message.entityType ?? '', flexible);
  writer.nullableString(message.entityName === undefined ? '' : message.entityName, flexible);
  if (flexible) writer.varint(0);
}

export interface ResponseValueData {
  readonly key: string;
  readonly value: number;
}
export interface ResponseValueDataInput {
  readonly key?: string | undefined;
  readonly value?: number | undefined;
}

export function readResponseValueData(reader: Reader, version: number): ResponseValueData {
  const flexible = version >= 1;
  let key: string = '';
  key = reader.string(flexible);
  let value: number = 0;
  value = reader.float64();
  if (flexible) reader.skipTagged();
  return { key, value };
}

export function writeResponseValueData(writer: Writer, message: ResponseValueDataInput, version: number): void {
  const flexible = version >= 1;
  writer.string(message.key ?? '', flexible);
  writer.float64(message.value ?? 0);
  if (flexible) writer.varint(0);
}
