// Generated from ../tables by `make generate`.
import { type Uuid, zeroUuid } from '../../model.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

export interface ShareGroupHeartbeatRequest {
  readonly groupId: string;
  readonly memberId: string;
  readonly memberEpoch: number;
  readonly rackId: string | null;
  readonly subscribedTopicNames: readonly string[] | null;
}
export interface ShareGroupHeartbeatRequestInput {
  readonly groupId?: string | undefined;
  readonly memberId?: string | undefined;
  readonly memberEpoch?: number | undefined;
  readonly rackId?: string | null | undefined;
  readonly subscribedTopicNames?: readonly string[] | null | undefined;
}

export function readShareGroupHeartbeatRequest(reader: Reader, version: number): ShareGroupHeartbeatRequest {
  const flexible = true;
  let groupId: string = '';
  groupId = reader.string(flexible);
  let memberId: string = '';
  memberId = reader.string(flexible);
  let memberEpoch: number = 0;
  memberEpoch = reader.int32();
  let rackId: string | null = null;
  rackId = reader.nullableString(flexible);
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
  reader.skipTagged();
  return { groupId, memberId, memberEpoch, rackId, subscribedTopicNames };
}

export function writeShareGroupHeartbeatRequest(writer: Writer, message: ShareGroupHeartbeatRequestInput, version: number): void {
  const flexible = true;
  writer.string(message.groupId ?? '', flexible);
  writer.string(message.memberId ?? '', flexible);
  writer.int32(message.memberEpoch ?? 0);
  writer.nullableString(message.rackId === undefined ? null : message.rackId, flexible);
  {
    const list = message.subscribedTopicNames === undefined ? null : message.subscribedTopicNames;
    if (list === null) writer.arrayLength(-1, flexible);
    else {
      writer.arrayLength(list.length, flexible);
      for (const each of list) writer.string(each, flexible);
    }
  }
  writer.varint(0);
}

export interface ShareGroupHeartbeatResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly memberId: string | null;
  readonly memberEpoch: number;
  readonly heartbeatIntervalMs: number;
  readonly assignment: ResponseAssignment | null;
}
export interface ShareGroupHeartbeatResponseInput {
  readonly throttleTimeMs?: number | undefined;
  readonly errorCode?: number | undefined;
  readonly errorMessage?: string | null | undefined;
  readonly memberId?: string | null | undefined;
  readonly memberEpoch?: number | undefined;
  readonly heartbeatIntervalMs?: number | undefined;
  readonly assignment?: ResponseAssignmentInput | null | undefined;
}

export function readShareGroupHeartbeatResponse(reader: Reader, version: number): ShareGroupHeartbeatResponse {
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

export function writeShareGroupHeartbeatResponse(writer: Writer, message: ShareGroupHeartbeatResponseInput, version: number): void {
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
