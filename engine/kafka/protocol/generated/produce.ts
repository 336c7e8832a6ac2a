// Generated from ../tables by `make generate`.
import { type Uuid, zeroUuid } from '../../model.ts';
import type { Reader } from '../reader.ts';
import { lacks } from '../lacking-field.ts';
import type { Writer } from '../writer.ts';

export interface ProduceRequest {
  readonly transactionalId: string | null;
  readonly acks: number;
  readonly timeoutMs: number;
  readonly topicData: readonly RequestTopicProduceData[];
}
export interface ProduceRequestInput {
  readonly transactionalId?: string | null | undefined;
  readonly acks?: number | undefined;
  readonly timeoutMs?: number | undefined;
  readonly topicData?: readonly RequestTopicProduceDataInput[] | undefined;
}

export function readProduceRequest(reader: Reader, version: number): ProduceRequest {
  const flexible = version >= 9;
  let transactionalId: string | null = null;
  transactionalId = reader.nullableString(flexible);
  let acks: number = 0;
  acks = reader.int16();
  let timeoutMs: number = 0;
  timeoutMs = reader.int32();
  let topicData: readonly RequestTopicProduceData[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listTopicData: RequestTopicProduceData[] = [];
    for (; count > 0; count -= 1) listTopicData.push(readRequestTopicProduceData(reader, version));
    topicData = listTopicData;
  }
  if (flexible) reader.skipTagged();
  return { transactionalId, acks, timeoutMs, topicData };
}

export function writeProduceRequest(writer: Writer, message: ProduceRequestInput, version: number): void {
  const flexible = version >= 9;
  writer.nullableString(message.transactionalId === undefined ? null : message.transactionalId, flexible);
  writer.int16(message.acks ?? 0);
  writer.int32(message.timeoutMs ?? 0);
  {
    const list = message.topicData ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeRequestTopicProduceData(writer, each, version);
  }
  if (flexible) writer.varint(0);
}

export interface RequestTopicProduceData {
  readonly name: string;
  readonly topicId: Uuid;
  readonly partitionData: readonly RequestPartitionProduceData[];
}
export interface RequestTopicProduceDataInput {
  readonly name?: string | undefined;
  readonly topicId?: Uuid | undefined;
  readonly partitionData?: readonly RequestPartitionProduceDataInput[] | undefined;
}

export function readRequestTopicProduceData(reader: Reader, version: number): RequestTopicProduceData {
  const flexible = version >= 9;
  let name: string = '';
  if (version <= 12) {
    name = reader.string(flexible);
  }
  let topicId: Uuid = zeroUuid;
  if (version >= 13) {
    topicId = reader.uuid();
  }
  let partitionData: readonly RequestPartitionProduceData[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listPartitionData: RequestPartitionProduceData[] = [];
    for (; count > 0; count -= 1) listPartitionData.push(readRequestPartitionProduceData(reader, version));
    partitionData = listPartitionData;
  }
  if (flexible) reader.skipTagged();
  return { name, topicId, partitionData };
}

export function writeRequestTopicProduceData(writer: Writer, message: RequestTopicProduceDataInput, version: number): void {
  const flexible = version >= 9;
  if (version <= 12) {
    writer.string(message.name ?? '', flexible);
  }
  if (version >= 13) {
    writer.uuid(message.topicId ?? zeroUuid);
  }
  {
    const list = message.partitionData ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeRequestPartitionProduceData(writer, each, version);
  }
  if (flexible) writer.varint(0);
}

export interface RequestPartitionProduceData {
  readonly index: number;
  readonly records: Uint8Array | null;
}
export interface RequestPartitionProduceDataInput {
  readonly index?: number | undefined;
  readonly records?: Uint8Array | null | undefined;
}

export function readRequestPartitionProduceData(reader: Reader, version: number): RequestPartitionProduceData {
  const flexible = version >= 9;
  let index: number = 0;
  index = reader.int32();
  let records: Uint8Array | null = new Uint8Array();
  records = reader.nullableBytes(flexible);
  if (flexible) reader.skipTagged();
  return { index, records };
}

export function writeRequestPartitionProduceData(writer: Writer, message: RequestPartitionProduceDataInput, version: number): void {
  const flexible = version >= 9;
  writer.int32(message.index ?? 0);
  writer.nullableBytes(message.records === undefined ? new Uint8Array() : message.records, flexible);
  if (flexible) writer.varint(0);
}

export interface ProduceResponse {
  readonly responses: readonly ResponseTopicProduceResponse[];
  readonly throttleTimeMs: number;
  readonly nodeEndpoints: readonly ResponseNodeEndpoint[];
}
export interface ProduceResponseInput {
  readonly responses?: readonly ResponseTopicProduceResponseInput[] | undefined;
  readonly throttleTimeMs?: number | undefined;
  readonly nodeEndpoints?: readonly ResponseNodeEndpointInput[] | undefined;
}

export function readProduceResponse(reader: Reader, version: number): ProduceResponse {
  const flexible = version >= 9;
  let responses: readonly ResponseTopicProduceResponse[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listResponses: ResponseTopicProduceResponse[] = [];
    for (; count > 0; count -= 1) listResponses.push(readResponseTopicProduceResponse(reader, version));
    responses = listResponses;
  }
  let throttleTimeMs: number = 0;
  throttleTimeMs = reader.int32();
  let nodeEndpoints: readonly ResponseNodeEndpoint[] = [];
  if (flexible) reader.tagged((tag) => {
    switch (tag) {
      case 0:
        if (!(version >= 10)) return false;
        {
          let count = reader.notNull(reader.arrayLength(flexible));
          const listNodeEndpoints: ResponseNodeEndpoint[] = [];
          for (; count > 0; count -= 1) listNodeEndpoints.push(readResponseNodeEndpoint(reader, version));
          nodeEndpoints = listNodeEndpoints;
        }
        return true;
      default: return false;
    }
  });
  return { responses, throttleTimeMs, nodeEndpoints };
}

export function writeProduceResponse(writer: Writer, message: ProduceResponseInput, version: number): void {
  const flexible = version >= 9;
  {
    const list = message.responses ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseTopicProduceResponse(writer, each, version);
  }
  writer.int32(message.throttleTimeMs ?? 0);
  const hasnodeEndpoints = message.nodeEndpoints !== undefined && message.nodeEndpoints.length > 0;
  if (hasnodeEndpoints && !(version >= 10)) lacks('ProduceResponse', 'nodeEndpoints', version);
  if (flexible) {
    writer.varint((hasnodeEndpoints ? 1 : 0));
    if (hasnodeEndpoints) writer.tagged(0, (inner) => {
      {
        const list = message.nodeEndpoints ?? [];
        inner.arrayLength(list.length, flexible);
        for (const each of list) writeResponseNodeEndpoint(inner, each, version);
      }
    });
  }
}

export interface ResponseTopicProduceResponse {
  readonly name: string;
  readonly topicId: Uuid;
  readonly partitionResponses: readonly ResponsePartitionProduceResponse[];
}
export interface ResponseTopicProduceResponseInput {
  readonly name?: string | undefined;
  readonly topicId?: Uuid | undefined;
  readonly partitionResponses?: readonly ResponsePartitionProduceResponseInput[] | undefined;
}

export function readResponseTopicProduceResponse(reader: Reader, version: number): ResponseTopicProduceResponse {
  const flexible = version >= 9;
  let name: string = '';
  if (version <= 12) {
    name = reader.string(flexible);
  }
  let topicId: Uuid = zeroUuid;
  if (version >= 13) {
    topicId = reader.uuid();
  }
  let partitionResponses: readonly ResponsePartitionProduceResponse[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listPartitionResponses: ResponsePartitionProduceResponse[] = [];
    for (; count > 0; count -= 1) listPartitionResponses.push(readResponsePartitionProduceResponse(reader, version));
    partitionResponses = listPartitionResponses;
  }
  if (flexible) reader.skipTagged();
  return { name, topicId, partitionResponses };
}

export function writeResponseTopicProduceResponse(writer: Writer, message: ResponseTopicProduceResponseInput, version: number): void {
  const flexible = version >= 9;
  if (version <= 12) {
    writer.string(message.name ?? '', flexible);
  }
  if (version >= 13) {
    writer.uuid(message.topicId ?? zeroUuid);
  }
  {
    const list = message.partitionResponses ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponsePartitionProduceResponse(writer, each, version);
  }
  if (flexible) writer.varint(0);
}

export interface ResponsePartitionProduceResponse {
  readonly index: number;
  readonly errorCode: number;
  readonly baseOffset: number;
  readonly logAppendTimeMs: number;
  readonly logStartOffset: number;
  readonly recordErrors: readonly ResponseBatchIndexAndErrorMessage[];
  readonly errorMessage: string | null;
  readonly currentLeader: ResponseLeaderIdAndEpoch;
}
export interface ResponsePartitionProduceResponseInput {
  readonly index?: number | undefined;
  readonly errorCode?: number | undefined;
  readonly baseOffset?: number | undefined;
  readonly logAppendTimeMs?: number | undefined;
  readonly logStartOffset?: number | undefined;
  readonly recordErrors?: readonly ResponseBatchIndexAndErrorMessageInput[] | undefined;
  readonly errorMessage?: string | null | undefined;
  readonly currentLeader?: ResponseLeaderIdAndEpochInput | undefined;
}

export function readResponsePartitionProduceResponse(reader: Reader, version: number): ResponsePartitionProduceResponse {
  const flexible = version >= 9;
  let index: number = 0;
  index = reader.int32();
  let errorCode: number = 0;
  errorCode = reader.int16();
  let baseOffset: number = 0;
  baseOffset = reader.int64();
  let logAppendTimeMs: number = -1;
  logAppendTimeMs = reader.int64();
  let logStartOffset: number = -1;
  if (version >= 5) {
    logStartOffset = reader.int64();
  }
  let recordErrors: readonly ResponseBatchIndexAndErrorMessage[] = [];
  if (version >= 8) {
    {
      let count = reader.notNull(reader.arrayLength(flexible));
      const listRecordErrors: ResponseBatchIndexAndErrorMessage[] = [];
      for (; count > 0; count -= 1) listRecordErrors.push(readResponseBatchIndexAndErrorMessage(reader, version));
      recordErrors = listRecordErrors;
    }
  }
  let errorMessage: string | null = null;
  if (version >= 8) {
    errorMessage = reader.nullableString(flexible);
  }
  let currentLeader: ResponseLeaderIdAndEpoch = { leaderId: -1, leaderEpoch: -1 };
  if (flexible) reader.tagged((tag) => {
    switch (tag) {
      case 0:
        if (!(version >= 10)) return false;
        currentLeader = readResponseLeaderIdAndEpoch(reader, version);
        return true;
      default: return false;
    }
  });
  return { index, errorCode, baseOffset, logAppendTimeMs, logStartOffset, recordErrors, errorMessage, currentLeader };
}

export function writeResponsePartitionProduceResponse(writer: Writer, message: ResponsePartitionProduceResponseInput, version: number): void {
  const flexible = version >= 9;
  writer.int32(message.index ?? 0);
  writer.int16(message.errorCode ?? 0);
  writer.int64(message.baseOffset ?? 0);
  writer.int64(message.logAppendTimeMs ?? -1);
  if (version >= 5) {
    writer.int64(message.logStartOffset ?? -1);
  }
  if (version >= 8) {
    {
      const list = message.recordErrors ?? [];
      writer.arrayLength(list.length, flexible);
      for (const each of list) writeResponseBatchIndexAndErrorMessage(writer, each, version);
    }
  }
  if (version >= 8) {
    writer.nullableString(message.errorMessage === undefined ? null : message.errorMessage, flexible);
  }
  const hascurrentLeader = message.currentLeader !== undefined && ((message.currentLeader.leaderId ?? -1) !== -1 || (message.currentLeader.leaderEpoch ?? -1) !== -1);
  if (hascurrentLeader && !(version >= 10)) lacks('ProduceResponse', 'currentLeader', version);
  if (flexible) {
    writer.varint((hascurrentLeader ? 1 : 0));
    if (hascurrentLeader) writer.tagged(0, (inner) => {
      writeResponseLeaderIdAndEpoch(inner, message.currentLeader ?? {}, version);
    });
  }
}

export interface ResponseBatchIndexAndErrorMessage {
  readonly batchIndex: number;
  readonly batchIndexErrorMessage: string | null;
}
export interface ResponseBatchIndexAndErrorMessageInput {
  readonly batchIndex?: number | undefined;
  readonly batchIndexErrorMessage?: string | null | undefined;
}

export function readResponseBatchIndexAndErrorMessage(reader: Reader, version: number): ResponseBatchIndexAndErrorMessage {
  const flexible = version >= 9;
  let batchIndex: number = 0;
  if (version >= 8) {
    batchIndex = reader.int32();
  }
  let batchIndexErrorMessage: string | null = null;
  if (version >= 8) {
    batchIndexErrorMessage = reader.nullableString(flexible);
  }
  if (flexible) reader.skipTagged();
  return { batchIndex, batchIndexErrorMessage };
}

export function writeResponseBatchIndexAndErrorMessage(writer: Writer, message: ResponseBatchIndexAndErrorMessageInput, version: number): void {
  const flexible = version >= 9;
  if (version >= 8) {
    writer.int32(message.batchIndex ?? 0);
  } else if (message.batchIndex !== undefined && message.batchIndex !== 0) lacks('ProduceResponse', 'batchIndex', version);
  if (version >= 8) {
    writer.nullableString(message.batchIndexErrorMessage === undefined ? null : message.batchIndexErrorMessage, flexible);
  } else if (message.batchIndexErrorMessage !== undefined && message.batchIndexErrorMessage !== null) lacks('ProduceResponse', 'batchIndexErrorMessage', version);
  if (flexible) writer.varint(0);
}

export interface ResponseLeaderIdAndEpoch {
  readonly leaderId: number;
  readonly leaderEpoch: number;
}
export interface ResponseLeaderIdAndEpochInput {
  readonly leaderId?: number | undefined;
  readonly leaderEpoch?: number | undefined;
}

export function readResponseLeaderIdAndEpoch(reader: Reader, version: number): ResponseLeaderIdAndEpoch {
  const flexible = version >= 9;
  let leaderId: number = -1;
  if (version >= 10) {
    leaderId = reader.int32();
  }
  let leaderEpoch: number = -1;
  if (version >= 10) {
    leaderEpoch = reader.int32();
  }
  if (flexible) reader.skipTagged();
  return { leaderId, leaderEpoch };
}

export function writeResponseLeaderIdAndEpoch(writer: Writer, message: ResponseLeaderIdAndEpochInput, version: number): void {
  const flexible = version >= 9;
  if (version >= 10) {
    writer.int32(message.leaderId ?? -1);
  } else if (message.leaderId !== undefined && message.leaderId !== -1) lacks('ProduceResponse', 'leaderId', version);
  if (version >= 10) {
    writer.int32(message.leaderEpoch ?? -1);
  } else if (message.leaderEpoch !== undefined && message.leaderEpoch !== -1) lacks('ProduceResponse', 'leaderEpoch', version);
  if (flexible) writer.varint(0);
}

export interface ResponseNodeEndpoint {
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
  readonly rack: string | null;
}
export interface ResponseNodeEndpointInput {
  readonly nodeId?: number | undefined;
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly rack?: string | null | undefined;
}

export function readResponseNodeEndpoint(reader: Reader, version: number): ResponseNodeEndpoint {
  const flexible = version >= 9;
  let nodeId: number = 0;
  if (version >= 10) {
    nodeId = reader.int32();
  }
  let host: string = '';
  if (version >= 10) {
    host = reader.string(flexible);
  }
  let port: number = 0;
  if (version >= 10) {
    port = reader.int32();
  }
  let rack: string | null = null;
  if (version >= 10) {
    rack = reader.nullableString(flexible);
  }
  if (flexible) reader.skipTagged();
  return { nodeId, host, port, rack };
}

export function writeResponseNodeEndpoint(writer: Writer, message: ResponseNodeEndpointInput, version: number): void {
  const flexible = version >= 9;
  if (version >= 10) {
    writer.int32(message.nodeId ?? 0);
  } else if (message.nodeId !== undefined && message.nodeId !== 0) lacks('ProduceResponse', 'nodeId', version);
  if (version >= 10) {
    writer.string(message.host ?? '', flexible);
  } else if (message.host !== undefined && message.host !== '') lacks('ProduceResponse', 'host', version);
  if (version >= 10) {
    writer.int32(message.port ?? 0);
  } else if (message.port !== undefined && message.port !== 0) lacks('ProduceResponse', 'port', version);
  if (version >= 10) {
    writer.nullableString(message.rack === undefined ? null : message.rack, flexible);
  } else if (message.rack !== undefined && message.rack !== null) lacks('ProduceResponse', 'rack', version);
  if (flexible) writer.varint(0);
}
