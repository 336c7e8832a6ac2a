// Generated from ../tables by `make generate`.
import type { Reader } from '../reader.ts';
import { lacks } from '../lacking-field.ts';
import type { Writer } from '../writer.ts';

export interface InitProducerIdRequest {
  readonly transactionalId: string | null;
  readonly transactionTimeoutMs: number;
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly enable2Pc: boolean;
  readonly keepPreparedTxn: boolean;
}
export interface InitProducerIdRequestInput {
  readonly transactionalId?: string | null | undefined;
  readonly transactionTimeoutMs?: number | undefined;
  readonly producerId?: number | undefined;
  readonly producerEpoch?: number | undefined;
  readonly enable2Pc?: boolean | undefined;
  readonly keepPreparedTxn?: boolean | undefined;
}

export function readInitProducerIdRequest(reader: Reader, version: number): InitProducerIdRequest {
  const flexible = version >= 2;
  let transactionalId: string | null = '';
  transactionalId = reader.nullableString(flexible);
  let transactionTimeoutMs: number = 0;
  transactionTimeoutMs = reader.int32();
  let producerId: number = -1;
  if (version >= 3) {
    producerId = reader.int64();
  }
  let producerEpoch: number = -1;
  if (version >= 3) {
    producerEpoch = reader.int16();
  }
  let enable2Pc: boolean = false;
  if (version >= 6) {
    enable2Pc = reader.bool();
  }
  let keepPreparedTxn: boolean = false;
  if (version >= 6) {
    keepPreparedTxn = reader.bool();
  }
  if (flexible) reader.skipTagged();
  return { transactionalId, transactionTimeoutMs, producerId, producerEpoch, enable2Pc, keepPreparedTxn };
}

export function writeInitProducerIdRequest(writer: Writer, message: InitProducerIdRequestInput, version: number): void {
  const flexible = version >= 2;
  writer.nullableString(message.transactionalId === undefined ? '' : message.transactionalId, flexible);
  writer.int32(message.transactionTimeoutMs ?? 0);
  if (version >= 3) {
    writer.int64(message.producerId ?? -1);
  } else if (message.producerId !== undefined && message.producerId !== -1) lacks('InitProducerIdRequest', 'producerId', version);
  if (version >= 3) {
    writer.int16(message.producerEpoch ?? -1);
  } else if (message.producerEpoch !== undefined && message.producerEpoch !== -1) lacks('InitProducerIdRequest', 'producerEpoch', version);
  if (version >= 6) {
    writer.bool(message.enable2Pc ?? false);
  } else if (message.enable2Pc !== undefined && message.enable2Pc !== false) lacks('InitProducerIdRequest', 'enable2Pc', version);
  if (version >= 6) {
    writer.bool(message.keepPreparedTxn ?? false);
  } else if (message.keepPreparedTxn !== undefined && message.keepPreparedTxn !== false) lacks('InitProducerIdRequest', 'keepPreparedTxn', version);
  if (flexible) writer.varint(0);
}

export interface InitProducerIdResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly ongoingTxnProducerId: number;
  readonly ongoingTxnProducerEpoch: number;
}
export interface InitProducerIdResponseInput {
  readonly throttleTimeMs?: number | undefined;
  readonly errorCode?: number | undefined;
  readonly producerId?: number | undefined;
  readonly producerEpoch?: number | undefined;
  readonly ongoingTxnProducerId?: number | undefined;
  readonly ongoingTxnProducerEpoch?: number | undefined;
}

export function readInitProducerIdResponse(reader: Reader, version: number): InitProducerIdResponse {
  const flexible = version >= 2;
  let throttleTimeMs: number = 0;
  throttleTimeMs = reader.int32();
  let errorCode: number = 0;
  errorCode = reader.int16();
  let producerId: number = -1;
  producerId = reader.int64();
  let producerEpoch: number = 0;
  producerEpoch = reader.int16();
  let ongoingTxnProducerId: number = -1;
  if (version >= 6) {
    ongoingTxnProducerId = reader.int64();
  }
  let ongoingTxnProducerEpoch: number = -1;
  if (version >= 6) {
    ongoingTxnProducerEpoch = reader.int16();
  }
  if (flexible) reader.skipTagged();
  return { throttleTimeMs, errorCode, producerId, producerEpoch, ongoingTxnProducerId, ongoingTxnProducerEpoch };
}

export function writeInitProducerIdResponse(writer: Writer, message: InitProducerIdResponseInput, version: number): void {
  const flexible = version >= 2;
  writer.int32(message.throttleTimeMs ?? 0);
  writer.int16(message.errorCode ?? 0);
  writer.int64(message.producerId ?? -1);
  writer.int16(message.producerEpoch ?? 0);
  if (version >= 6) {
    writer.int64(message.ongoingTxnProducerId ?? -1);
  } else if (message.ongoingTxnProducerId !== undefined && message.ongoingTxnProducerId !== -1) lacks('InitProducerIdResponse', 'ongoingTxnProducerId', version);
  if (version >= 6) {
    writer.int16(message.ongoingTxnProducerEpoch ?? -1);
  } else if (message.ongoingTxnProducerEpoch !== undefined && message.ongoingTxnProducerEpoch !== -1) lacks('InitProducerIdResponse', 'ongoingTxnProducerEpoch', version);
  if (flexible) writer.varint(0);
}
