// Generated from ../tables by `make generate`.
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

export interface AddOffsetsToTxnRequest {
  readonly transactionalId: string;
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly groupId: string;
}
export interface AddOffsetsToTxnRequestInput {
  readonly transactionalId?: string | undefined;
  readonly producerId?: number | undefined;
  readonly producerEpoch?: number | undefined;
  readonly groupId?: string | undefined;
}

export function readAddOffsetsToTxnRequest(reader: Reader, version: number): AddOffsetsToTxnRequest {
  const flexible = version >= 3;
  let transactionalId: string = '';
  transactionalId = reader.string(flexible);
  let producerId: number = 0;
  producerId = reader.int64();
  let producerEpoch: number = 0;
  producerEpoch = reader.int16();
  let groupId: string = '';
  groupId = reader.string(flexible);
  if (flexible) reader.skipTagged();
  return { transactionalId, producerId, producerEpoch, groupId };
}

export function writeAddOffsetsToTxnRequest(writer: Writer, message: AddOffsetsToTxnRequestInput, version: number): void {
  const flexible = version >= 3;
  writer.string(message.transactionalId ?? '', flexible);
  writer.int64(message.producerId ?? 0);
  writer.int16(message.producerEpoch ?? 0);
  writer.string(message.groupId ?? '', flexible);
  if (flexible) writer.varint(0);
}

export interface AddOffsetsToTxnResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
}
export interface AddOffsetsToTxnResponseInput {
  readonly throttleTimeMs?: number | undefined;
  readonly errorCode?: number | undefined;
}

export function readAddOffsetsToTxnResponse(reader: Reader, version: number): AddOffsetsToTxnResponse {
  const flexible = version >= 3;
  let throttleTimeMs: number = 0;
  throttleTimeMs = reader.int32();
  let errorCode: number = 0;
  errorCode = reader.int16();
  if (flexible) reader.skipTagged();
  return { throttleTimeMs, errorCode };
}

export function writeAddOffsetsToTxnResponse(writer: Writer, message: AddOffsetsToTxnResponseInput, version: number): void {
  const flexible = version >= 3;
  writer.int32(message.throttleTimeMs ?? 0);
  writer.int16(message.errorCode ?? 0);
  if (flexible) writer.varint(0);
}
