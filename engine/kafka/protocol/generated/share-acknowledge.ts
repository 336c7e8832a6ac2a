// Generated from ../tables by `make generate`.
import { type Uuid, zeroUuid } from '../../model.ts';
import type { Reader } from '../reader.ts';
import { lacks } from '../lacking-field.ts';
import type { Writer } from '../writer.ts';

export interface ShareAcknowledgeRequest {
  readonly groupId: string | null;
  readonly memberId: string | null;
  readonly shareSessionEpoch: number;
  readonly isRenewAck: boolean;
  readonly topics: readonly RequestAcknowledgeTopic[];
}
export interface ShareAcknowledgeRequestInput {
  readonly groupId?: string | null | undefined;
  readonly memberId?: string | null | undefined;
  readonly shareSessionEpoch?: number | undefined;
  readonly isRenewAck?: boolean | undefined;
  readonly topics?: readonly RequestAcknowledgeTopicInput[] | undefined;
}

export function readShareAcknowledgeRequest(reader: Reader, version: number): ShareAcknowledgeRequest {
  const flexible = true;
  let groupId: string | null = null;
  groupId = reader.nullableString(flexible);
  let memberId: string | null = '';
  memberId = reader.nullableString(flexible);
  let shareSessionEpoch: number = 0;
  shareSessionEpoch = reader.int32();
  let isRenewAck: boolean = false;
  if (version >= 2) {
    isRenewAck = reader.bool();
  }
  let topics: readonly RequestAcknowledgeTopic[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listTopics: RequestAcknowledgeTopic[] = [];
    for (; count > 0; count -= 1) listTopics.push(readRequestAcknowledgeTopic(reader, version));
    topics = listTopics;
  }
  reader.skipTagged();
  return { groupId, memberId, shareSessionEpoch, isRenewAck, topics };
}

export function writeShareAcknowledgeRequest(writer: Writer, message: ShareAcknowledgeRequestInput, version: number): void {
  const flexible = true;
  writer.nullableString(message.groupId === undefined ? null : message.groupId, flexible);
  writer.nullableString(message.memberId === undefined ? '' : message.memberId, flexible);
  writer.int32(message.shareSessionEpoch ?? 0);
  if (version >= 2) {
    writer.bool(message.isRenewAck ?? false);
  } else if (message.isRenewAck !== undefined && message.isRenewAck !== false) lacks('ShareAcknowledgeRequest', 'isRenewAck', version);
  {
    const list = message.topics ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeRequestAcknowledgeTopic(writer, each, version);
  }
  writer.varint(0);
}

export interface RequestAcknowledgeTopic {
  readonly topicId: Uuid;
  readonly partitions: readonly RequestAcknowledgePartition[];
}
export interface RequestAcknowledgeTopicInput {
  readonly topicId?: Uuid | undefined;
  readonly partitions?: readonly RequestAcknowledgePartitionInput[] | undefined;
}

export function readRequestAcknowledgeTopic(reader: Reader, version: number): RequestAcknowledgeTopic {
  const flexible = true;
  let topicId: Uuid = zeroUuid;
  topicId = reader.uuid();
  let partitions: readonly RequestAcknowledgePartition[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listPartitions: RequestAcknowledgePartition[] = [];
    for (; count > 0; count -= 1) listPartitions.push(readRequestAcknowledgePartition(reader, version));
    partitions = listPartitions;
  }
  reader.skipTagged();
  return { topicId, partitions };
}

export function writeRequestAcknowledgeTopic(writer: Writer, message: RequestAcknowledgeTopicInput, version: number): void {
  const flexible = true;
  writer.uuid(message.topicId ?? zeroUuid);
  {
    const list = message.partitions ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeRequestAcknowledgePartition(writer, each, version);
  }
  writer.varint(0);
}

export interface RequestAcknowledgePartition {
  readonly partitionIndex: number;
  readonly acknowledgementBatches: readonly RequestAcknowledgementBatch[];
}
export interface RequestAcknowledgePartitionInput {
  readonly partitionIndex?: number | undefined;
  readonly acknowledgementBatches?: readonly RequestAcknowledgementBatchInput[] | undefined;
}

export function readRequestAcknowledgePartition(reader: Reader, version: number): RequestAcknowledgePartition {
  const flexible = true;
  let partitionIndex: number = 0;
  partitionIndex = reader.int32();
  let acknowledgementBatches: readonly RequestAcknowledgementBatch[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listAcknowledgementBatches: RequestAcknowledgementBatch[] = [];
    for (; count > 0; count -= 1) listAcknowledgementBatches.push(readRequestAcknowledgementBatch(reader, version));
    acknowledgementBatches = listAcknowledgementBatches;
  }
  reader.skipTagged();
  return { partitionIndex, acknowledgementBatches };
}

export function writeRequestAcknowledgePartition(writer: Writer, message: RequestAcknowledgePartitionInput, version: number): void {
  const flexible = true;
  writer.int32(message.partitionIndex ?? 0);
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

export interface ShareAcknowledgeResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly acquisitionLockTimeoutMs: number;
  readonly responses: readonly ResponseShareAcknowledgeTopicResponse[];
  readonly nodeEndpoints: readonly ResponseNodeEndpoint[];
}
export interface ShareAcknowledgeResponseInput {
  readonly throttleTimeMs?: number | undefined;
  readonly errorCode?: number | undefined;
  readonly errorMessage?: string | null | undefined;
  readonly acquisitionLockTimeoutMs?: number | undefined;
  readonly responses?: readonly ResponseShareAcknowledgeTopicResponseInput[] | undefined;
  readonly nodeEndpoints?: readonly ResponseNodeEndpointInput[] | undefined;
}

export function readShareAcknowledgeResponse(reader: Reader, version: number): ShareAcknowledgeResponse {
  const flexible = true;
  let throttleTimeMs: number = 0;
  throttleTimeMs = reader.int32();
  let errorCode: number = 0;
  errorCode = reader.int16();
  let errorMessage: string | null = null;
  errorMessage = reader.nullableString(flexible);
  let acquisitionLockTimeoutMs: number = 0;
  if (version >= 2) {
    acquisitionLockTimeoutMs = reader.int32();
  }
  let responses: readonly ResponseShareAcknowledgeTopicResponse[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listResponses: ResponseShareAcknowledgeTopicResponse[] = [];
    for (; count > 0; count -= 1) listResponses.push(readResponseShareAcknowledgeTopicResponse(reader, version));
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

export function writeShareAcknowledgeResponse(writer: Writer, message: ShareAcknowledgeResponseInput, version: number): void {
  const flexible = true;
  writer.int32(message.throttleTimeMs ?? 0);
  writer.int16(message.errorCode ?? 0);
  writer.nullableString(message.errorMessage === undefined ? null : message.errorMessage, flexible);
  if (version >= 2) {
    writer.int32(message.acquisitionLockTimeoutMs ?? 0);
  }
  {
    const list = message.responses ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseShareAcknowledgeTopicResponse(writer, each, version);
  }
  {
    const list = message.nodeEndpoints ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseNodeEndpoint(writer, each, version);
  }
  writer.varint(0);
}

export interface ResponseShareAcknowledgeTopicResponse {
  readonly topicId: Uuid;
  readonly partitions: readonly ResponsePartitionData[];
}
export interface ResponseShareAcknowledgeTopicResponseInput {
  readonly topicId?: Uuid | undefined;
  readonly partitions?: readonly ResponsePartitionDataInput[] | undefined;
}

export function readResponseShareAcknowledgeTopicResponse(reader: Reader, version: number): ResponseShareAcknowledgeTopicResponse {
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

export function writeResponseShareAcknowledgeTopicResponse(writer: Writer, message: ResponseShareAcknowledgeTopicResponseInput, version: number): void {
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
  readonly currentLeader: ResponseLeaderIdAndEpoch;
}
export interface ResponsePartitionDataInput {
  readonly partitionIndex?: number | undefined;
  readonly errorCode?: number | undefined;
  readonly errorMessage?: string | null | undefined;
  readonly currentLeader?: ResponseLeaderIdAndEpochInput | undefined;
}

export function readResponsePartitionData(reader: Reader, version: number): ResponsePartitionData {
  const flexible = true;
  let partitionIndex: number = 0;
  partitionIndex = reader.int32();
  let errorCode: number = 0;
  errorCode = reader.int16();
  let errorMessage: string | null = null;
  errorMessage = reader.nullableString(flexible);
  let currentLeader: ResponseLeaderIdAndEpoch = { leaderId: 0, leaderEpoch: 0 };
  currentLeader = readResponseLeaderIdAndEpoch(reader, version);
  reader.skipTagged();
  return { partitionIndex, errorCode, errorMessage, currentLeader };
}

export function writeResponsePartitionData(writer: Writer, message: ResponsePartitionDataInput, version: number): void {
  const flexible = true;
  writer.int32(message.partitionIndex ?? 0);
  writer.int16(message.errorCode ?? 0);
  writer.nullableString(message.errorMessage === undefined ? null : message.errorMessage, flexible);
  writeResponseLeaderIdAndEpoch(writer, message.currentLeader ?? {}, version);
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
