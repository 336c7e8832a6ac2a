// Generated from ../tables by `make generate`.
import { type Uuid, zeroUuid } from '../../model.ts';
import type { Reader } from '../reader.ts';
import { lacks } from '../lacking-field.ts';
import type { Writer } from '../writer.ts';

export interface ConsumerGroupHeartbeatRequest {
  readonly groupId: string;
  readonly memberId: string;
  readonly memberEpoch: number;
  readonly instanceId: string | null;
  readonly rackId: string | null;
  readonly rebalanceTimeoutMs: number;
  readonly subscribedTopicNames: readonly string[] | null;
  readonly subscribedTopicRegex: string | null;
  readonly serverAssignor: string | null;
  readonly topicPartitions: readonly RequestTopicPartitions[] | null;
}
export interface ConsumerGroupHeartbeatRequestInput {
  readonly groupId?: string | undefined;
  readonly memberId?: string | undefined;
  readonly memberEpoch?: number | undefined;
  readonly instanceId?: string | null | undefined;
  readonly rackId?: string | null | undefined;
  readonly rebalanceTimeoutMs?: number | undefined;
  readonly subscribedTopicNames?: readonly string[] | null | undefined;
  readonly subscribedTopicRegex?: string | null | undefined;
  readonly serverAssignor?: string | null | undefined;
  readonly topicPartitions?: readonly RequestTopicPartitionsInput[] | null | undefined;
}

export function readConsumerGroupHeartbeatRequest(reader: Reader, version: number): ConsumerGroupHeartbeatRequest {
  const flexible = true;
  let groupId: string = '';
  groupId = reader.string(flexible);
  let memberId: string = '';
  memberId = reader.string(flexible);
  let memberEpoch: number = 0;
  memberEpoch = reader.int32();
  let instanceId: string | null = null;
  instanceId = reader.nullableString(flexible);
  let rackId: string | null = null;
  rackId = reader.nullableString(flexible);
  let rebalanceTimeoutMs: number = -1;
  rebalanceTimeoutMs = reader.int32();
  let subscribedTopicNames: readonly string[] | null = null;
  {
    let count = reader.arrayLength(flexible);
    if (count < 0) subscribedTopicNames = null;
    else {
      const listSubscribedTopicNames: string[] = [];
      for (; count > 0; count -= 1) listSubscribedTopicNames.push(reader.string(flexible));
      subscribedTopicNames = listSubscribedTopicNames;
    }
  }
  let subscribedTopicRegex: string | null = null;
  if (version >= 1) {
    subscribedTopicRegex = reader.nullableString(flexible);
  }
  let serverAssignor: string | null = null;
  serverAssignor = reader.nullableString(flexible);
  let topicPartitions: readonly RequestTopicPartitions[] | null = null;
  {
    let count = reader.arrayLength(flexible);
    if (count < 0) topicPartitions = null;
    else {
      const listTopicPartitions: RequestTopicPartitions[] = [];
      for (; count > 0; count -= 1) listTopicPartitions.push(readRequestTopicPartitions(reader, version));
      topicPartitions = listTopicPartitions;
    }
  }
  reader.skipTagged();
  return { groupId, memberId, memberEpoch, instanceId, rackId, rebalanceTimeoutMs, subscribedTopicNames, subscribedTopicRegex, serverAssignor, topicPartitions };
}

export function writeConsumerGroupHeartbeatRequest(writer: Writer, message: ConsumerGroupHeartbeatRequestInput, version: number): void {
  const flexible = true;
  writer.string(message.groupId ?? '', flexible);
  writer.string(message.memberId ?? '', flexible);
  writer.int32(message.memberEpoch ?? 0);
  writer.nullableString(message.instanceId === undefined ? null : message.instanceId, flexible);
  writer.nullableString(message.rackId === undefined ? null : message.rackId, flexible);
  writer.int32(message.rebalanceTimeoutMs ?? -1);
  {
    const list = message.subscribedTopicNames === undefined ? null : message.subscribedTopicNames;
    if (list === null) writer.arrayLength(-1, flexible);
    else {
      writer.arrayLength(list.length, flexible);
      for (const each of list) writer.string(each, flexible);
    }
  }
  if (version >= 1) {
    writer.nullableString(message.subscribedTopicRegex === undefined ? null : message.subscribedTopicRegex, flexible);
  } else if (message.subscribedTopicRegex !== undefined && message.subscribedTopicRegex !== null) lacks('ConsumerGroupHeartbeatRequest', 'subscribedTopicRegex', version);
  writer.nullableString(message.serverAssignor === undefined ? null : message.serverAssignor, flexible);
  {
    const list = message.topicPartitions === undefined ? null : message.topicPartitions;
    if (list === null) writer.arrayLength(-1, flexible);
    else {
      writer.arrayLength(list.length, flexible);
      for (const each of list) writeRequestTopicPartitions(writer, each, version);
    }
  }
  writer.varint(0);
}

export interface RequestTopicPartitions {
  readonly topicId: Uuid;
  readonly partitions: readonly number[];
}
export interface RequestTopicPartitionsInput {
  readonly topicId?: Uuid | undefined;
  readonly partitions?: readonly number[] | undefined;
}

export function readRequestTopicPartitions(reader: Reader, version: number): RequestTopicPartitions {
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

export function writeRequestTopicPartitions(writer: Writer, message: RequestTopicPartitionsInput, version: number): void {
  const flexible = true;
  writer.uuid(message.topicId ?? zeroUuid);
  {
    const list = message.partitions ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writer.int32(each);
  }
  writer.varint(0);
}

export interface ConsumerGroupHeartbeatResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly memberId: string | null;
  readonly memberEpoch: number;
  readonly heartbeatIntervalMs: number;
  readonly assignment: ResponseAssignment | null;
}
export interface ConsumerGroupHeartbeatResponseInput {
  readonly throttleTimeMs?: number | undefined;
  readonly errorCode?: number | undefined;
  readonly errorMessage?: string | null | undefined;
  readonly memberId?: string | null | undefined;
  readonly memberEpoch?: number | undefined;
  readonly heartbeatIntervalMs?: number | undefined;
  readonly assignment?: ResponseAssignmentInput | null | undefined;
}

export function readConsumerGroupHeartbeatResponse(reader: Reader, version: number): ConsumerGroupHeartbeatResponse {
  const flexible = true;
  let throttleTimeMs: number = 0;
  throttleTimeMs = reader.int32();
  let errorCode: number = 0;
  errorCode = reader.int16();
  let errorMessage: string | null = null;
  errorMessage = reader.nullableString(flexible);
  let memberId: string | null = null;
  memberId = reader.nullableString(flexible);
  let memberEpoch: number = 0;
  memberEpoch = reader.int32();
  let heartbeatIntervalMs: number = 0;
  heartbeatIntervalMs = reader.int32();
  let assignment: ResponseAssignment | null = null;
  assignment = reader.int8() < 0 ? null : readResponseAssignment(reader, version);
  reader.skipTagged();
  return { throttleTimeMs, errorCode, errorMessage, memberId, memberEpoch, heartbeatIntervalMs, assignment };
}

export function writeConsumerGroupHeartbeatResponse(writer: Writer, message: ConsumerGroupHeartbeatResponseInput, version: number): void {
  const flexible = true;
  writer.int32(message.throttleTimeMs ?? 0);
  writer.int16(message.errorCode ?? 0);
  writer.nullableString(message.errorMessage === undefined ? null : message.errorMessage, flexible);
  writer.nullableString(message.memberId === undefined ? null : message.memberId, flexible);
  writer.int32(message.memberEpoch ?? 0);
  writer.int32(message.heartbeatIntervalMs ?? 0);
  {
    const value = message.assignment === undefined ? null : message.assignment;
    writer.int8(value === null ? -1 : 1);
    if (value !== null) writeResponseAssignment(writer, value, version);
  }
  writer.varint(0);
}

export interface ResponseAssignment {
  readonly topicPartitions: readonly ResponseTopicPartitions[];
}
export interface ResponseAssignmentInput {
  readonly topicPartitions?: readonly ResponseTopicPartitionsInput[] | undefined;
}

export function readResponseAssignment(reader: Reader, version: number): ResponseAssignment {
  const flexible = true;
  let topicPartitions: readonly ResponseTopicPartitions[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listTopicPartitions: ResponseTopicPartitions[] = [];
    for (; count > 0; count -= 1) listTopicPartitions.push(readResponseTopicPartitions(reader, version));
    topicPartitions = listTopicPartitions;
  }
  reader.skipTagged();
  return { topicPartitions };
}

export function writeResponseAssignment(writer: Writer, message: ResponseAssignmentInput, version: number): void {
  const flexible = true;
  {
    const list = message.topicPartitions ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseTopicPartitions(writer, each, version);
  }
  writer.varint(0);
}

export interface ResponseTopicPartitions {
  readonly topicId: Uuid;
  readonly partitions: readonly number[];
}
export interface ResponseTopicPartitionsInput {
  readonly topicId?: Uuid | undefined;
  readonly partitions?: readonly number[] | undefined;
}

export function readResponseTopicPartitions(reader: Reader, version: number): ResponseTopicPartitions {
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

export function writeResponseTopicPartitions(writer: Writer, message: ResponseTopicPartitionsInput, version: number): void {
  const flexible = true;
  writer.uuid(message.topicId ?? zeroUuid);
  {
    const list = message.partitions ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writer.int32(each);
  }
  writer.varint(0);
}
