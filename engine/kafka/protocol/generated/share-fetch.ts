// Generated from ../tables by `make generate`.
import { type Uuid, zeroUuid } from '../../model.ts';
import type { Reader } from '../reader.ts';
import { lacks, lacksNull } from '../lacking-field.ts';
import type { Writer } from '../writer.ts';

export interface ShareFetchRequest {
  readonly groupId: string | null;
  readonly memberId: string | null;
  readonly shareSessionEpoch: number;
  readonly maxWaitMs: number;
  readonly minBytes: number;
  readonly maxBytes: number;
  readonly maxRecords: number;
  readonly batchSize: number;
  readonly shareAcquireMode: number;
  readonly isRenewAck: boolean;
  readonly topics: readonly RequestFetchTopic[];
  readonly forgottenTopicsData: readonly RequestForgottenTopic[];
}
export interface ShareFetchRequestInput {
  readonly groupId?: string | null | undefined;
  readonly memberId?: string | null | undefined;
  readonly shareSessionEpoch?: number | undefined;
  readonly maxWaitMs?: number | undefined;
  readonly minBytes?: number | undefined;
  readonly maxBytes?: number | undefined;
  readonly maxRecords?: number | undefined;
  readonly batchSize?: number | undefined;
  readonly shareAcquireMode?: number | undefined;
  readonly isRenewAck?: boolean | undefined;
  readonly topics?: readonly RequestFetchTopicInput[] | undefined;
  readonly forgottenTopicsData?: readonly RequestForgottenTopicInput[] | undefined;
}

export function readShareFetchRequest(reader: Reader, version: number): ShareFetchRequest {
  const flexible = true;
  let groupId: string | null = null;
  groupId = reader.nullableString(flexible);
  let memberId: string | null = '';
  memberId = reader.nullableString(flexible);
  let shareSessionEpoch: number = 0;
  shareSessionEpoch = reader.int32();
  let maxWaitMs: number = 0;
  maxWaitMs = reader.int32();
  let minBytes: number = 0;
  minBytes = reader.int32();
  let maxBytes: number = 0x7fffffff;
  maxBytes = reader.int32();
  let maxRecords: number = 0;
  maxRecords = reader.int32();
  let batchSize: number = 0;
  batchSize = reader.int32();
  let shareAcquireMode: number = 0;
  if (version >= 2) {
    shareAcquireMode = reader.int8();
  }
  let isRenewAck: boolean = false;
  if (version >= 2) {
    isRenewAck = reader.bool();
  }
  let topics: readonly RequestFetchTopic[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listTopics: RequestFetchTopic[] = [];
    for (; count > 0; count -= 1) listTopics.push(readRequestFetchTopic(reader, version));
    topics = listTopics;
  }
  let forgottenTopicsData: readonly RequestForgottenTopic[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listForgottenTopicsData: RequestForgottenTopic[] = [];
    for (; count > 0; count -= 1) listForgottenTopicsData.push(readRequestForgottenTopic(reader, version));
    forgottenTopicsData = listForgottenTopicsData;
  }
  reader.skipTagged();
  return { groupId, memberId, shareSessionEpoch, maxWaitMs, minBytes, maxBytes, maxRecords, batchSize, shareAcquireMode, isRenewAck, topics, forgottenTopicsData };
}

export function writeShareFetchRequest(writer: Writer, message: ShareFetchRequestInput, version: number): void {
  const flexible = true;
  writer.nullableString(message.groupId === undefined ? null : message.groupId, flexible);
  writer.nullableString(message.memberId === undefined ? '' : message.memberId, flexible);
  writer.int32(message.shareSessionEpoch ?? 0);
  writer.int32(message.maxWaitMs ?? 0);
  writer.int32(message.minBytes ?? 0);
  writer.int32(message.maxBytes ?? 0x7fffffff);
  writer.int32(message.maxRecords ?? 0);
  writer.int32(message.batchSize ?? 0);
  if (version >= 2) {
    writer.int8(message.shareAcquireMode ?? 0);
  }
  if (version >= 2) {
    writer.bool(message.isRenewAck ?? false);
  } else if (message.isRenewAck !== undefined && message.isRenewAck !== false) lacks('ShareFetchRequest', 'isRenewAck', version);
  {
    const list = message.topics ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeRequestFetchTopic(writer, each, version);
  }
  {
    const list = message.forgottenTopicsData ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeRequestForgottenTopic(writer, each, version);
  }
  writer.varint(0);
}

export interface RequestFetchTopic {
  readonly topicId: Uuid;
  readonly partitions: readonly RequestFetchPartition[];
}
export interface RequestFetchTopicInput {
  readonly topicId?: Uuid | undefined;
  readonly partitions?: readonly RequestFetchPartitionInput[] | undefined;
}

export function readRequestFetchTopic(reader: Reader, version: number): RequestFetchTopic {
  const flexible = true;
  let topicId: Uuid = zeroUuid;
  topicId = reader.uuid();
  let partitions: readonly RequestFetchPartition[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listPartitions: RequestFetchPartition[] = [];
    for (; count > 0; count -= 1) listPartitions.push(readRequestFetchPartition(reader, version));
    partitions = listPartitions;
  }
  reader.skipTagged();
  return { topicId, partitions };
}

export function writeRequestFetchTopic(writer: Writer, message: RequestFetchTopicInput, version: number): void {
  const flexible = true;
  writer.uuid(message.topicId ?? zeroUuid);
  {
    const list = message.partitions ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeRequestFetchPartition(writer, each, version);
  }
  writer.varint(0);
}

export interface RequestFetchPartition {
  readonly partitionIndex: number;
  readonly partitionMaxBytes: number;
  readonly acknowledgementBatches: readonly RequestAcknowledgementBatch[];
}
export interface RequestFetchPartitionInput {
  readonly partitionIndex?: number | undefined;
  readonly partitionMaxBytes?: number | undefined;
  readonly acknowledgementBatches?: readonly RequestAcknowledgementBatchInput[] | undefined;
}

export function readRequestFetchPartition(reader: Reader, version: number): RequestFetchPartition {
  const flexible = true;
  let partitionIndex: number = 0;
  partitionIndex = reader.int32();
  let partitionMaxBytes: number = 0;
  if (version <= 0) {
    partitionMaxBytes = reader.int32();
  }
  let acknowledgementBatches: readonly RequestAcknowledgementBatch[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listAcknowledgementBatches: RequestAcknowledgementBatch[] = [];
    for (; count > 0; count -= 1) listAcknowledgementBatches.push(readRequestAcknowledgementBatch(reader, version));
    acknowledgementBatches = listAcknowledgementBatches;
  }
  reader.skipTagged();
  return { partitionIndex, partitionMaxBytes, acknowledgementBatches };
}

export function writeRequestFetchPartition(writer: Writer, message: RequestFetchPartitionInput, version: number): void {
  const flexible = true;
  writer.int32(message.partitionIndex ?? 0);
  if (version <= 0) {
    writer.int32(message.partitionMaxBytes ?? 0);
  } else if (message.partitionMaxBytes !== undefined && message.partitionMaxBytes !== 0) lacks('ShareFetchRequest', 'partitionMaxBytes', version);
  {
    const list = message.acknowledgementBatches ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeRequestAcknowledgementBatch(writer, each, version);
  }
  writer.varint(0);
}

export interface RequestAcknowledgementBatch {
  readonly firstOffset: number;
  readonly lastOffset: number;
  readonly acknowledgeTypes: readonly number[];
}
export interface RequestAcknowledgementBatchInput {
  readonly firstOffset?: number | undefined;
  readonly lastOffset?: number | undefined;
  readonly acknowledgeTypes?: readonly number[] | undefined;
}

export function readRequestAcknowledgementBatch(reader: Reader, version: number): RequestAcknowledgementBatch {
  const flexible = true;
  let firstOffset: number = 0;
  firstOffset = reader.int64();
  let lastOffset: number = 0;
  lastOffset = reader.int64();
  let acknowledgeTypes: readonly number[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listAcknowledgeTypes: number[] = [];
    for (; count > 0; count -= 1) listAcknowledgeTypes.push(reader.int8());
    acknowledgeTypes = listAcknowledgeTypes;
  }
  reader.skipTagged();
  return { firstOffset, lastOffset, acknowledgeTypes };
}

export function writeRequestAcknowledgementBatch(writer: Writer, message: RequestAcknowledgementBatchInput, version: number): void {
  const flexible = true;
  writer.int64(message.firstOffset ?? 0);
  writer.int64(message.lastOffset ?? 0);
  {
    const list = message.acknowledgeTypes ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writer.int8(each);
  }
  writer.varint(0);
}

export interface RequestForgottenTopic {
  readonly topicId: Uuid;
  readonly partitions: readonly number[];
}
export interface RequestForgottenTopicInput {
  readonly topicId?: Uuid | undefined;
  readonly partitions?: readonly number[] | undefined;
}

export function readRequestForgottenTopic(reader: Reader, version: number): RequestForgottenTopic {
  const flexible = true;
  let topicId: Uuid = zeroUuid;
  topicId = reader.uuid();
  let partitions: readonly number[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listPartitions: number[] = [];
    for (; count > 0; count -= 1) listPartitions.push(reader.int32());
    partitions = listPartitions;
  }
  reader.skipTagged();
  return { topicId, partitions };
}

export function writeRequestForgottenTopic(writer: Writer, message: RequestForgottenTopicInput, version: number): void {
  const flexible = true;
  writer.uuid(message.topicId ?? zeroUuid);
  {
    const list = message.partitions ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writer.int32(each);
  }
  writer.varint(0);
}

export interface ShareFetchResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly acquisitionLockTimeoutMs: number;
  readonly responses: readonly ResponseShareFetchableTopicResponse[];
  readonly nodeEndpoints: readonly ResponseNodeEndpoint[];
}
export interface ShareFetchResponseInput {
  readonly throttleTimeMs?: number | undefined;
  readonly errorCode?: number | undefined;
  readonly errorMessage?: string | null | undefined;
  readonly acquisitionLockTimeoutMs?: number | undefined;
  readonly responses?: readonly ResponseShareFetchableTopicResponseInput[] | undefined;
  readonly nodeEndpoints?: readonly ResponseNodeEndpointInput[] | undefined;
}

export function readShareFetchResponse(reader: Reader, version: number): ShareFetchResponse {
  const flexible = true;
  let throttleTimeMs: number = 0;
  throttleTimeMs = reader.int32();
  let errorCode: number = 0;
  errorCode = reader.int16();
  let errorMessage: string | null = null;
  errorMessage = reader.nullableString(flexible);
  let acquisitionLockTimeoutMs: number = 0;
  acquisitionLockTimeoutMs = reader.int32();
  let responses: readonly ResponseShareFetchableTopicResponse[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listResponses: ResponseShareFetchableTopicResponse[] = [];
    for (; count > 0; count -= 1) listResponses.push(readResponseShareFetchableTopicResponse(reader, version));
    responses = listResponses;
  }
  let nodeEndpoints: readonly ResponseNodeEndpoint[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listNodeEndpoints: ResponseNodeEndpoint[] = [];
    for (; count > 0; count -= 1) listNodeEndpoints.push(readResponseNodeEndpoint(reader, version));
    nodeEndpoints = listNodeEndpoints;
  }
  reader.skipTagged();
  return { throttleTimeMs, errorCode, errorMessage, acquisitionLockTimeoutMs, responses, nodeEndpoints };
}

export function writeShareFetchResponse(writer: Writer, message: ShareFetchResponseInput, version: number): void {
  const flexible = true;
  writer.int32(message.throttleTimeMs ?? 0);
  writer.int16(message.errorCode ?? 0);
  writer.nullableString(message.errorMessage === undefined ? null : message.errorMessage, flexible);
  writer.int32(message.acquisitionLockTimeoutMs ?? 0);
  {
    const list = message.responses ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseShareFetchableTopicResponse(writer, each, version);
  }
  {
    const list = message.nodeEndpoints ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseNodeEndpoint(writer, each, version);
  }
  writer.varint(0);
}

export interface ResponseShareFetchableTopicResponse {
  readonly topicId: Uuid;
  readonly partitions: readonly ResponsePartitionData[];
}
export interface ResponseShareFetchableTopicResponseInput {
  readonly topicId?: Uuid | undefined;
  readonly partitions?: readonly ResponsePartitionDataInput[] | undefined;
}

export function readResponseShareFetchableTopicResponse(reader: Reader, version: number): ResponseShareFetchableTopicResponse {
  const flexible = true;
  let topicId: Uuid = zeroUuid;
  topicId = reader.uuid();
  let partitions: readonly ResponsePartitionData[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listPartitions: ResponsePartitionData[] = [];
    for (; count > 0; count -= 1) listPartitions.push(readResponsePartitionData(reader, version));
    partitions = listPartitions;
  }
  reader.skipTagged();
  return { topicId, partitions };
}

export function writeResponseShareFetchableTopicResponse(writer: Writer, message: ResponseShareFetchableTopicResponseInput, version: number): void {
  const flexible = true;
  writer.uuid(message.topicId ?? zeroUuid);
  {
    const list = message.partitions ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponsePartitionData(writer, each, version);
  }
  writer.varint(0);
}

export interface ResponsePartitionData {
  readonly partitionIndex: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly acknowledgeErrorCode: number;
  readonly acknowledgeErrorMessage: string | null;
  readonly currentLeader: ResponseLeaderIdAndEpoch;
  readonly records: Uint8Array | null;
  readonly acquiredRecords: readonly ResponseAcquiredRecords[];
}
export interface ResponsePartitionDataInput {
  readonly partitionIndex?: number | undefined;
  readonly errorCode?: number | undefined;
  readonly errorMessage?: string | null | undefined;
  readonly acknowledgeErrorCode?: number | undefined;
  readonly acknowledgeErrorMessage?: string | null | undefined;
  readonly currentLeader?: ResponseLeaderIdAndEpochInput | undefined;
  readonly records?: Uint8Array | null | undefined;
  readonly acquiredRecords?: readonly ResponseAcquiredRecordsInput[] | undefined;
}

export function readResponsePartitionData(reader: Reader, version: number): ResponsePartitionData {
  const flexible = true;
  let partitionIndex: number = 0;
  partitionIndex = reader.int32();
  let errorCode: number = 0;
  errorCode = reader.int16();
  let errorMessage: string | null = null;
  errorMessage = reader.nullableString(flexible);
  let acknowledgeErrorCode: number = 0;
  acknowledgeErrorCode = reader.int16();
  let acknowledgeErrorMessage: string | null = null;
  acknowledgeErrorMessage = reader.nullableString(flexible);
  let currentLeader: ResponseLeaderIdAndEpoch = { leaderId: 0, leaderEpoch: 0 };
  currentLeader = readResponseLeaderIdAndEpoch(reader, version);
  let records: Uint8Array | null = new Uint8Array();
  records = reader.bytes(flexible);
  let acquiredRecords: readonly ResponseAcquiredRecords[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listAcquiredRecords: ResponseAcquiredRecords[] = [];
    for (; count > 0; count -= 1) listAcquiredRecords.push(readResponseAcquiredRecords(reader, version));
    acquiredRecords = listAcquiredRecords;
  }
  reader.skipTagged();
  return { partitionIndex, errorCode, errorMessage, acknowledgeErrorCode, acknowledgeErrorMessage, currentLeader, records, acquiredRecords };
}

export function writeResponsePartitionData(writer: Writer, message: ResponsePartitionDataInput, version: number): void {
  const flexible = true;
  writer.int32(message.partitionIndex ?? 0);
  writer.int16(message.errorCode ?? 0);
  writer.nullableString(message.errorMessage === undefined ? null : message.errorMessage, flexible);
  writer.int16(message.acknowledgeErrorCode ?? 0);
  writer.nullableString(message.acknowledgeErrorMessage === undefined ? null : message.acknowledgeErrorMessage, flexible);
  writeResponseLeaderIdAndEpoch(writer, message.currentLeader ?? {}, version);
  if (message.records === null) lacksNull('ShareFetchResponse', 'records', version);
  writer.nullableBytes(message.records === undefined ? new Uint8Array() : message.records, flexible);
  {
    const list = message.acquiredRecords ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseAcquiredRecords(writer, each, version);
  }
  writer.varint(0);
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
  let leaderId: number = 0;
  leaderId = reader.int32();
  let leaderEpoch: number = 0;
  leaderEpoch = reader.int32();
  reader.skipTagged();
  return { leaderId, leaderEpoch };
}

export function writeResponseLeaderIdAndEpoch(writer: Writer, message: ResponseLeaderIdAndEpochInput, version: number): void {
  writer.int32(message.leaderId ?? 0);
  writer.int32(message.leaderEpoch ?? 0);
  writer.varint(0);
}

export interface ResponseAcquiredRecords {
  readonly firstOffset: number;
  readonly lastOffset: number;
  readonly deliveryCount: number;
}
export interface ResponseAcquiredRecordsInput {
  readonly firstOffset?: number | undefined;
  readonly lastOffset?: number | undefined;
  readonly deliveryCount?: number | undefined;
}

export function readResponseAcquiredRecords(reader: Reader, version: number): ResponseAcquiredRecords {
  let firstOffset: number = 0;
  firstOffset = reader.int64();
  let lastOffset: number = 0;
  lastOffset = reader.int64();
  let deliveryCount: number = 0;
  deliveryCount = reader.int16();
  reader.skipTagged();
  return { firstOffset, lastOffset, deliveryCount };
}

export function writeResponseAcquiredRecords(writer: Writer, message: ResponseAcquiredRecordsInput, version: number): void {
  writer.int64(message.firstOffset ?? 0);
  writer.int64(message.lastOffset ?? 0);
  writer.int16(message.deliveryCount ?? 0);
  writer.varint(0);
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
  const flexible = true;
  let nodeId: number = 0;
  nodeId = reader.int32();
  let host: string = '';
  host = reader.string(flexible);
  let port: number = 0;
  port = reader.int32();
  let rack: string | null = null;
  rack = reader.nullableString(flexible);
  reader.skipTagged();
  return { nodeId, host, port, rack };
}

export function writeResponseNodeEndpoint(writer: Writer, message: ResponseNodeEndpointInput, version: number): void {
  const flexible = true;
  writer.int32(message.nodeId ?? 0);
  writer.string(message.host ?? '', flexible);
  writer.int32(message.port ?? 0);
  writer.nullableString(message.rack === undefined ? null : message.rack, flexible);
  writer.varint(0);
}
