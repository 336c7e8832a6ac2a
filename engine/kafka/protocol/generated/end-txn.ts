// Generated from ../tables by `make generate`.
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

export interface EndTxnRequest {
  readonly transactionalId: string;
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly committed: boolean;
}
export interface EndTxnRequestInput {
  readonly transactionalId?: string | undefined;
  readonly producerId?: number | undefined;
  readonly producerEpoch?: number | undefined;
  readonly committed?: boolean | undefined;
}

export function readEndTxnRequest(reader: Reader, version: number): EndTxnRequest {
  const flexible = version >= 3;
  let transactionalId: string = '';
  transactionalId = reader.string(flexible);
  let producerId: number = 0;
  producerId = reader.int64();
  let producerEpoch: number = 0;
  producerEpoch = reader.int16();
  let committed: boolean = false;
  committed = reader.bool();
  if (flexible) reader.skipTagged();
  return { transactionalId, producerId, producerEpoch, committed };
}

export function writeEndTxnRequest(writer: Writer, message: EndTxnRequestInput, version: number): void {
  const flexible = version >= 3;
  writer.string(message.transactionalId ?? '', flexible);
  writer.int64(message.producerId ?? 0);
  writer.int16(message.producerEpoch ?? 0);
  writer.bool(message.committed ?? false);
  if (flexible) writer.varint(0);
}

export interface EndTxnResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly producerId: number;
  readonly producerEpoch: number;
}
export interface EndTxnResponseInput {
  readonly throttleTimeMs?: number | undefined;
  readonly errorCode?: number | undefined;
  readonly producerId?: number | undefined;
  readonly producerEpoch?: number | undefined;
}

export function readEndTxnResponse(reader: Reader, version: number): EndTxnResponse {
  const flexible = version >= 3;
  let throttleTimeMs: number = 0;
  throttleTimeMs = reader.int32();
  let errorCode: number = 0;
  errorCode = reader.int16();
  let producerId: number = -1;
  if (version >= 5) {
    producerId = reader.int64();
  }
  let producerEpoch: number = -1;
  if (version >= 5) {
    producerEpoch = reader.int16();
  }
  if (flexible) reader.skipTagged();
  return { throttleTimeMs, errorCode, producerId, producerEpoch };
}

export function writeEndTxnResponse(writer: Writer, message: EndTxnResponseInput, version: number): void {
  const flexible = version >= 3;
  writer.int32(message.throttleTimeMs ?? 0);
  writer.int16(message.errorCode ?? 0);
  if (version >= 5) {
    writer.int64(message.producerId ?? -1);
  }
  if (version >= 5) {
    writer.int16(message.producerEpoch ?? -1);
  }
  if (flexible) writer.varint(0);
}
