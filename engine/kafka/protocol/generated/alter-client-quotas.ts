// Generated from ../tables by `make generate`.
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

export interface AlterClientQuotasRequest {
  readonly entries: readonly RequestEntryData[];
  readonly validateOnly: boolean;
}
export interface AlterClientQuotasRequestInput {
  readonly entries?: readonly RequestEntryDataInput[] | undefined;
  readonly validateOnly?: boolean | undefined;
}

export function readAlterClientQuotasRequest(reader: Reader, version: number): AlterClientQuotasRequest {
  const flexible = version >= 1;
  let entries: readonly RequestEntryData[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listEntries: RequestEntryData[] = [];
    for (; count > 0; count -= 1) listEntries.push(readRequestEntryData(reader, version));
    entries = listEntries;
  }
  let validateOnly: boolean = false;
  validateOnly = reader.bool();
  if (flexible) reader.skipTagged();
  return { entries, validateOnly };
}

export function writeAlterClientQuotasRequest(writer: Writer, message: AlterClientQuotasRequestInput, version: number): void {
  const flexible = version >= 1;
  {
    const list = message.entries ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeRequestEntryData(writer, each, version);
  }
  writer.bool(message.validateOnly ?? false);
  if (flexible) writer.varint(0);
}

export interface RequestEntryData {
  readonly entity: readonly RequestEntityData[];
  readonly ops: readonly RequestOpData[];
}
export interface RequestEntryDataInput {
  readonly entity?: readonly RequestEntityDataInput[] | undefined;
  readonly ops?: readonly RequestOpDataInput[] | undefined;
}

export function readRequestEntryData(reader: Reader, version: number): RequestEntryData {
  const flexible = version >= 1;
  let entity: readonly RequestEntityData[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listEntity: RequestEntityData[] = [];
    for (; count > 0; count -= 1) listEntity.push(readRequestEntityData(reader, version));
    entity = listEntity;
  }
  let ops: readonly RequestOpData[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listOps: RequestOpData[] = [];
    for (; count > 0; count -= 1) listOps.push(readRequestOpData(reader, version));
    ops = listOps;
  }
  if (flexible) reader.skipTagged();
  return { entity, ops };
}

export function writeRequestEntryData(writer: Writer, message: RequestEntryDataInput, version: number): void {
  const flexible = version >= 1;
  {
    const list = message.entity ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeRequestEntityData(writer, each, version);
  }
  {
    const list = message.ops ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeRequestOpData(writer, each, version);
  }
  if (flexible) writer.varint(0);
}

export interface RequestEntityData {
  readonly entityType: string;
  readonly entityName: string | null;
}
export interface RequestEntityDataInput {
  readonly entityType?: string | undefined;
  readonly entityName?: string | null | undefined;
}

export function readRequestEntityData(reader: Reader, version: number): RequestEntityData {
  const flexible = version >= 1;
  let entityType: string = '';
  entityType = reader.string(flexible);
  let entityName: string | null = '';
  entityName = reader.nullableString(flexible);
  if (flexible) reader.skipTagged();
  return { entityType, entityName };
}

export function writeRequestEntityData(writer: Writer, message: RequestEntityDataInput, version: number): void {
  const flexible = version >= 1;
  writer.string(message.entityType ?? '', flexible);
  writer.nullableString(message.entityName === undefined ? '' : message.entityName, flexible);
  if (flexible) writer.varint(0);
}

export interface RequestOpData {
  readonly key: string;
  readonly value: number;
  readonly remove: boolean;
}
export interface RequestOpDataInput {
  readonly key?: string | undefined;
  readonly value?: number | undefined;
  readonly remove?: boolean | undefined;
}

export function readRequestOpData(reader: Reader, version: number): RequestOpData {
  const flexible = version >= 1;
  let key: string = '';
  key = reader.string(flexible);
  let value: number = 0;
  value = reader.float64();
  let remove: boolean = false;
  remove = reader.bool();
  if (flexible) reader.skipTagged();
  return { key, value, remove };
}

export function writeRequestOpData(writer: Writer, message: RequestOpDataInput, version: number): void {
  const flexible = version >= 1;
  writer.string(message.key ?? '', flexible);
  writer.float64(message.value ?? 0);
  writer.bool(message.remove ?? false);
  if (flexible) writer.varint(0);
}

export interface AlterClientQuotasResponse {
  readonly throttleTimeMs: number;
  readonly entries: readonly ResponseEntryData[];
}
export interface AlterClientQuotasResponseInput {
  readonly throttleTimeMs?: number | undefined;
  readonly entries?: readonly ResponseEntryDataInput[] | undefined;
}

export function readAlterClientQuotasResponse(reader: Reader, version: number): AlterClientQuotasResponse {
  const flexible = version >= 1;
  let throttleTimeMs: number = 0;
  throttleTimeMs = reader.int32();
  let entries: readonly ResponseEntryData[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listEntries: ResponseEntryData[] = [];
    for (; count > 0; count -= 1) listEntries.push(readResponseEntryData(reader, version));
    entries = listEntries;
  }
  if (flexible) reader.skipTagged();
  return { throttleTimeMs, entries };
}

export function writeAlterClientQuotasResponse(writer: Writer, message: AlterClientQuotasResponseInput, version: number): void {
  const flexible = version >= 1;
  writer.int32(message.throttleTimeMs ?? 0);
  {
    const list = message.entries ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseEntryData(writer, each, version);
  }
  if (flexible) writer.varint(0);
}

export interface ResponseEntryData {
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly entity: readonly ResponseEntityData[];
}
export interface ResponseEntryDataInput {
  readonly errorCode?: number | undefined;
  readonly errorMessage?: string | null | undefined;
  readonly entity?: readonly ResponseEntityDataInput[] | undefined;
}

export function readResponseEntryData(reader: Reader, version: number): ResponseEntryData {
  const flexible = version >= 1;
  let errorCode: number = 0;
  errorCode = reader.int16();
  let errorMessage: string | null = '';
  errorMessage = reader.nullableString(flexible);
  let entity: readonly ResponseEntityData[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listEntity: ResponseEntityData[] = [];
    for (; count > 0; count -= 1) listEntity.push(readResponseEntityData(reader, version));
    entity = listEntity;
  }
  if (flexible) reader.skipTagged();
  return { errorCode, errorMessage, entity };
}

export function writeResponseEntryData(writer: Writer, message: ResponseEntryDataInput, version: number): void {
  const flexible = version >= 1;
  writer.int16(message.errorCode ?? 0);
  writer.nullableString(message.errorMessage === undefined ? '' : message.errorMessage, flexible);
  {
    const list = message.entity ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseEntityData(writer, each, version);
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
