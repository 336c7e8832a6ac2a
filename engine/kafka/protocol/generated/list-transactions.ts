// Generated from ../tables by `make generate`.
import type { Reader } from '../reader.ts';
import { lacks } from '../lacking-field.ts';
import type { Writer } from '../writer.ts';

export interface ListTransactionsRequest {
  readonly stateFilters: readonly string[];
  readonly producerIdFilters: readonly number[];
  readonly durationFilter: number;
  readonly transactionalIdPattern: string | null;
}
export interface ListTransactionsRequestInput {
  readonly stateFilters?: readonly string[] | undefined;
  readonly producerIdFilters?: readonly number[] | undefined;
  readonly durationFilter?: number | undefined;
  readonly transactionalIdPattern?: string | null | undefined;
}

export function readListTransactionsRequest(reader: Reader, version: number): ListTransactionsRequest {
  const flexible = true;
  let stateFilters: readonly string[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listStateFilters: string[] = [];
    for (; count > 0; count -= 1) listStateFilters.push(reader.string(flexible));
    stateFilters = listStateFilters;
  }
  let producerIdFilters: readonly number[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listProducerIdFilters: number[] = [];
    for (; count > 0; count -= 1) listProducerIdFilters.push(reader.int64());
    producerIdFilters = listProducerIdFilters;
  }
  let durationFilter: number = -1;
  if (version >= 1) {
    durationFilter = reader.int64();
  }
  let transactionalIdPattern: string | null = null;
  if (version >= 2) {
    transactionalIdPattern = reader.nullableString(flexible);
  }
  reader.skipTagged();
  return { stateFilters, producerIdFilters, durationFilter, transactionalIdPattern };
}

export function writeListTransactionsRequest(writer: Writer, message: ListTransactionsRequestInput, version: number): void {
  const flexible = true;
  {
    const list = message.stateFilters ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writer.string(each, flexible);
  }
  {
    const list = message.producerIdFilters ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writer.int64(each);
  }
  if (version >= 1) {
    writer.int64(message.durationFilter ?? -1);
  } else if (message.durationFilter !== undefined && message.durationFilter !== -1) lacks('ListTransactionsRequest', 'durationFilter', version);
  if (version >= 2) {
    writer.nullableString(message.transactionalIdPattern === undefined ? null : message.transactionalIdPattern, flexible);
  } else if (message.transactionalIdPattern !== undefined && message.transactionalIdPattern !== null) lacks('ListTransactionsRequest', 'transactionalIdPattern', version);
  writer.varint(0);
}

export interface ListTransactionsResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly unknownStateFilters: readonly string[];
  readonly transactionStates: readonly ResponseTransactionState[];
}
export interface ListTransactionsResponseInput {
  readonly throttleTimeMs?: number | undefined;
  readonly errorCode?: number | undefined;
  readonly unknownStateFilters?: readonly string[] | undefined;
  readonly transactionStates?: readonly ResponseTransactionStateInput[] | undefined;
}

export function readListTransactionsResponse(reader: Reader, version: number): ListTransactionsResponse {
  const flexible = true;
  let throttleTimeMs: number = 0;
  throttleTimeMs = reader.int32();
  let errorCode: number = 0;
  errorCode = reader.int16();
  let unknownStateFilters: readonly string[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listUnknownStateFilters: string[] = [];
    for (; count > 0; count -= 1) listUnknownStateFilters.push(reader.string(flexible));
    unknownStateFilters = listUnknownStateFilters;
  }
  let transactionStates: readonly ResponseTransactionState[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listTransactionStates: ResponseTransactionState[] = [];
    for (; count > 0; count -= 1) listTransactionStates.push(readResponseTransactionState(reader, version));
    transactionStates = listTransactionStates;
  }
  reader.skipTagged();
  return { throttleTimeMs, errorCode, unknownStateFilters, transactionStates };
}

export function writeListTransactionsResponse(writer: Writer, message: ListTransactionsResponseInput, version: number): void {
  const flexible = true;
  writer.int32(message.throttleTimeMs ?? 0);
  writer.int16(message.errorCode ?? 0);
  {
    const list = message.unknownStateFilters ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writer.string(each, flexible);
  }
  {
    const list = message.transactionStates ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseTransactionState(writer, each, version);
  }
  writer.varint(0);
}

export interface ResponseTransactionState {
  readonly transactionalId: string;
  readonly producerId: number;
  readonly transactionState: string;
}
export interface ResponseTransactionStateInput {
  readonly transactionalId?: string | undefined;
  readonly producerId?: number | undefined;
  readonly transactionState?: string | undefined;
}

export function readResponseTransactionState(reader: Reader, version: number): ResponseTransactionState {
  const flexible = true;
  let transactionalId: string = '';
  transactionalId = reader.string(flexible);
  let producerId: number = 0;
  producerId = reader.int64();
  let transactionState: string = '';
  transactionState = reader.string(flexible);
  reader.skipTagged();
  return { transactionalId, producerId, transactionState };
}

export function writeResponseTransactionState(writer: Writer, message: ResponseTransactionStateInput, version: number): void {
  const flexible = true;
  writer.string(message.transactionalId ?? '', flexible);
  writer.int64(message.producerId ?? 0);
  writer.string(message.transactionState ?? '', flexible);
  writer.varint(0);
}
