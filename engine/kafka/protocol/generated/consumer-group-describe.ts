// Generated from ../tables by `make generate`.
import { type Uuid, zeroUuid } from '../../model.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

export interface ConsumerGroupDescribeRequest {
  readonly groupIds: readonly string[];
  readonly includeAuthorizedOperations: boolean;
}
export interface ConsumerGroupDescribeRequestInput {
  readonly groupIds?: readonly string[] | undefined;
  readonly includeAuthorizedOperations?: boolean | undefined;
}

export function readConsumerGroupDescribeRequest(reader: Reader, version: number): ConsumerGroupDescribeRequest {
  const flexible = true;
  let groupIds: readonly string[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listGroupIds: string[] = [];
    for (; count > 0; count -= 1) listGroupIds.push(reader.string(flexible));
    groupIds = listGroupIds;
  }
  let includeAuthorizedOperations: boolean = false;
  includeAuthorizedOperations = reader.bool();
  reader.skipTagged();
  return { groupIds, includeAuthorizedOperations };
}

export function writeConsumerGroupDescribeRequest(writer: Writer, message: ConsumerGroupDescribeRequestInput, version: number): void {
  const flexible = true;
  {
    const list = message.groupIds ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writer.string(each, flexible);
  }
  writer.bool(message.includeAuthorizedOperations ?? false);
  writer.varint(0);
}

export interface ConsumerGroupDescribeResponse {
  readonly throttleTimeMs: number;
  readonly groups: readonly ResponseDescribedGroup[];
}
export interface ConsumerGroupDescribeResponseInput {
  readonly throttleTimeMs?: number | undefined;
  readonly groups?: readonly ResponseDescribedGroupInput[] | undefined;
}

export function readConsumerGroupDescribeResponse(reader: Reader, version: number): ConsumerGroupDescribeResponse {
  const flexible = true;
  let throttleTimeMs: number = 0;
  throttleTimeMs = reader.int32();
  let groups: readonly ResponseDescribedGroup[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listGroups: ResponseDescribedGroup[] = [];
    for (; count > 0; count -= 1) listGroups.push(readResponseDescribedGroup(reader, version));
    groups = listGroups;
  }
  reader.skipTagged();
  return { throttleTimeMs, groups };
}

export function writeConsumerGroupDescribeResponse(writer: Writer, message: ConsumerGroupDescribeResponseInput, version: number): void {
  const flexible = true;
  writer.int32(message.throttleTimeMs ?? 0);
  {
    const list = message.groups ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseDescribedGroup(writer, each, version);
  }
  writer.varint(0);
}

export interface ResponseDescribedGroup {
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly groupId: string;
  readonly groupState: string;
  readonly groupEpoch: number;
  readonly assignmentEpoch: number;
  readonly assignorName: string;
  readonly members: readonly ResponseMember[];
  readonly authorizedOperations: number;
}
export interface ResponseDescribedGroupInput {
  readonly errorCode?: number | undefined;
  readonly errorMessage?: string | null | undefined;
  readonly groupId?: string | undefined;
  readonly groupState?: string | undefined;
  readonly groupEpoch?: number | undefined;
  readonly assignmentEpoch?: number | undefined;
  readonly assignorName?: string | undefined;
  readonly members?: readonly ResponseMemberInput[] | undefined;
  readonly authorizedOperations?: number | undefined;
}

export function readResponseDescribedGroup(reader: Reader, version: number): ResponseDescribedGroup {
  const flexible = true;
  let errorCode: number = 0;
  errorCode = reader.int16();
  let errorMessage: string | null = null;
  errorMessage = reader.nullableString(flexible);
  let groupId: string = '';
  groupId = reader.string(flexible);
  let groupState: string = '';
  groupState = reader.string(flexible);
  let groupEpoch: number = 0;
  groupEpoch = reader.int32();
  let assignmentEpoch: number = 0;
  assignmentEpoch = reader.int32();
  let assignorName: string = '';
  assignorName = reader.string(flexible);
  let members: readonly ResponseMember[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listMembers: ResponseMember[] = [];
    for (; count > 0; count -= 1) listMembers.push(readResponseMember(reader, version));
    members = listMembers;
  }
  let authorizedOperations: number = -2147483648;
  authorizedOperations = reader.int32();
  reader.skipTagged();
  return { errorCode, errorMessage, groupId, groupState, groupEpoch, assignmentEpoch, assignorName, members, authorizedOperations };
}

export function writeResponseDescribedGroup(writer: Writer, message: ResponseDescribedGroupInput, version: number): void {
  const flexible = true;
  writer.int16(message.errorCode ?? 0);
  writer.nullableString(message.errorMessage === undefined ? null : message.errorMessage, flexible);
  writer.string(message.groupId ?? '', flexible);
  writer.string(message.groupState ?? '', flexible);
  writer.int32(message.groupEpoch ?? 0);
  writer.int32(message.assignmentEpoch ?? 0);
  writer.string(message.assignorName ?? '', flexible);
  {
    const list = message.members ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseMember(writer, each, version);
  }
  writer.int32(message.authorizedOperations ?? -2147483648);
  writer.varint(0);
}

export interface ResponseMember {
  readonly memberId: string;
  readonly instanceId: string | null;
  readonly rackId: string | null;
  readonly memberEpoch: number;
  readonly clientId: string;
  readonly clientHost: string;
  readonly subscribedTopicNames: readonly string[];
  readonly subscribedTopicRegex: string | null;
  readonly assignment: ResponseAssignment;
  readonly targetAssignment: ResponseAssignment;
  readonly memberType: number;
}
export interface ResponseMemberInput {
  readonly memberId?: string | undefined;
  readonly instanceId?: string | null | undefined;
  readonly rackId?: string | null | undefined;
  readonly memberEpoch?: number | undefined;
  readonly clientId?: string | undefined;
  readonly clientHost?: string | undefined;
  readonly subscribedTopicNames?: readonly string[] | undefined;
  readonly subscribedTopicRegex?: string | null | undefined;
  readonly assignment?: ResponseAssignmentInput | undefined;
  readonly targetAssignment?: ResponseAssignmentInput | undefined;
  readonly memberType?: number | undefined;
}

export function readResponseMember(reader: Reader, version: number): ResponseMember {
  const flexible = true;
  let memberId: string = '';
  memberId = reader.string(flexible);
  let instanceId: string | null = null;
  instanceId = reader.nullableString(flexible);
  let rackId: string | null = null;
  rackId = reader.nullableString(flexible);
  let memberEpoch: number = 0;
  memberEpoch = reader.int32();
  let clientId: string = '';
  clientId = reader.string(flexible);
  let clientHost: string = '';
  clientHost = reader.string(flexible);
  let subscribedTopicNames: readonly string[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listSubscribedTopicNames: string[] = [];
    for (; count > 0; count -= 1) listSubscribedTopicNames.push(reader.string(flexible));
    subscribedTopicNames = listSubscribedTopicNames;
  }
  let subscribedTopicRegex: string | null = null;
  subscribedTopicRegex = reader.nullableString(flexible);
  let assignment: ResponseAssignment = { topicPartitions: [] };
  assignment = readResponseAssignment(reader, version);
  let targetAssignment: ResponseAssignment = { topicPartitions: [] };
  targetAssignment = readResponseAssignment(reader, version);
  let memberType: number = -1;
  if (version >= 1) {
    memberType = reader.int8();
  }
  reader.skipTagged();
  return { memberId, instanceId, rackId, memberEpoch, clientId, clientHost, subscribedTopicNames, subscribedTopicRegex, assignment, targetAssignment, memberType };
}

export function writeResponseMember(writer: Writer, message: ResponseMemberInput, version: number): void {
  const flexible = true;
  writer.string(message.memberId ?? '', flexible);
  writer.nullableString(message.instanceId === undefined ? null : message.instanceId, flexible);
  writer.nullableString(message.rackId === undefined ? null : message.rackId, flexible);
  writer.int32(message.memberEpoch ?? 0);
  writer.string(message.clientId ?? '', flexible);
  writer.string(message.clientHost ?? '', flexible);
  {
    const list = message.subscribedTopicNames ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writer.string(each, flexible);
  }
  writer.nullableString(message.subscribedTopicRegex === undefined ? null : message.subscribedTopicRegex, flexible);
  writeResponseAssignment(writer, message.assignment ?? {}, version);
  writeResponseAssignment(writer, message.targetAssignment ?? {}, version);
  if (version >= 1) {
    writer.int8(message.memberType ?? -1);
  }
  writer.varint(0);
}

export interface ResponseTopicPartitions {
  readonly topicId: Uuid;
  readonly topicName: string;
  readonly partitions: readonly number[];
}
export interface ResponseTopicPartitionsInput {
  readonly topicId?: Uuid | undefined;
  readonly topicName?: string | undefined;
  readonly partitions?: readonly number[] | undefined;
}

export function readResponseTopicPartitions(reader: Reader, version: number): ResponseTopicPartitions {
  const flexible = true;
  let topicId: Uuid = zeroUuid;
  topicId = reader.uuid();
  let topicName: string = '';
  topicName = reader.string(flexible);
  let partitions: readonly number[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listPartitions: number[] = [];
    for (; count > 0; count -= 1) listPartitions.push(reader.int32());
    partitions = listPartitions;
  }
  reader.skipTagged();
  return { topicId, topicName, partitions };
}

export function writeResponseTopicPartitions(writer: Writer, message: ResponseTopicPartitionsInput, version: number): void {
  const flexible = true;
  writer.uuid(message.topicId ?? zeroUuid);
  writer.string(message.topicName ?? '', flexible);
  {
    const list = message.partitions ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writer.int32(each);
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
