// Generated from ../tables by `make generate`.
import { type Uuid, zeroUuid } from '../../model.ts';
import type { Reader } from '../reader.ts';
import { lacks, lacksNull } from '../lacking-field.ts';
import type { Writer } from '../writer.ts';

export interface OffsetFetchRequest {
  readonly groupId: string;
  readonly topics: readonly RequestOffsetFetchRequestTopic[] | null;
  readonly groups: readonly RequestOffsetFetchRequestGroup[];
  readonly requireStable: boolean;
}
export interface OffsetFetchRequestInput {
  readonly groupId?: string | undefined;
  readonly topics?: readonly RequestOffsetFetchRequestTopicInput[] | null | undefined;
  readonly groups?: readonly RequestOffsetFetchRequestGroupInput[] | undefined;
  readonly requireStable?: boolean | undefined;
}

export function readOffsetFetchRequest(reader: Reader, version: number): OffsetFetchRequest {
  const flexible = version >= 6;
  let groupId: string = '';
  if (version <= 7) {
    groupId = reader.string(flexible);
  }
  let topics: readonly RequestOffsetFetchRequestTopic[] | null = [];
  if (version <= 7) {
    {
      let count = reader.arrayLength(flexible);
      if (!(version >= 2)) reader.notNull(count);
      if (count < 0) topics = null;
      else {
        const listTopics: RequestOffsetFetchRequestTopic[] = [];
        for (; count > 0; count -= 1) listTopics.push(readRequestOffsetFetchRequestTopic(reader, version));
        topics = listTopics;
      }
    }
  }
  let groups: readonly RequestOffsetFetchRequestGroup[] = [];
  if (version >= 8) {
    {
      let count = reader.notNull(reader.arrayLength(flexible));
      const listGroups: RequestOffsetFetchRequestGroup[] = [];
      for (; count > 0; count -= 1) listGroups.push(readRequestOffsetFetchRequestGroup(reader, version));
      groups = listGroups;
    }
  }
  let requireStable: boolean = false;
  if (version >= 7) {
    requireStable = reader.bool();
  }
  if (flexible) reader.skipTagged();
  return { groupId, topics, groups, requireStable };
}

export function writeOffsetFetchRequest(writer: Writer, message: OffsetFetchRequestInput, version: number): void {
  const flexible = version >= 6;
  if (version <= 7) {
    writer.string(message.groupId ?? '', flexible);
  } else if (message.groupId !== undefined && message.groupId !== '') lacks('OffsetFetchRequest', 'groupId', version);
  if (version <= 7) {
    if (message.topics === null && !(version >= 2)) lacksNull('OffsetFetchRequest', 'topics', version);
    {
      const list = message.topics === undefined ? [] : message.topics;
      if (list === null) writer.arrayLength(-1, flexible);
      else {
        writer.arrayLength(list.length, flexible);
        for (const each of list) writeRequestOffsetFetchRequestTopic(writer, each, version);
      }
    }
  } else if (message.topics !== undefined && (message.topics?.length ?? 1) > 0) lacks('OffsetFetchRequest', 'topics', version);
  if (version >= 8) {
    {
      const list = message.groups ?? [];
      writer.arrayLength(list.length, flexible);
      for (const each of list) writeRequestOffsetFetchRequestGroup(writer, each, version);
    }
  } else if (message.groups !== undefined && message.groups.length > 0) lacks('OffsetFetchRequest', 'groups', version);
  if (version >= 7) {
    writer.bool(message.requireStable ?? false);
  } else if (message.requireStable !== undefined && message.requireStable !== false) lacks('OffsetFetchRequest', 'requireStable', version);
  if (flexible) writer.varint(0);
}

export interface RequestOffsetFetchRequestTopic {
  readonly name: string;
  readonly partitionIndexes: readonly number[];
}
export interface RequestOffsetFetchRequestTopicInput {
  readonly name?: string | undefined;
  readonly partitionIndexes?: readonly number[] | undefined;
}

export function readRequestOffsetFetchRequestTopic(reader: Reader, version: number): RequestOffsetFetchRequestTopic {
  const flexible = version >= 6;
  let name: string = '';
  if (version <= 7) {
    name = reader.string(flexible);
  }
  let partitionIndexes: readonly number[] = [];
  if (version <= 7) {
    {
      let count = reader.notNull(reader.arrayLength(flexible));
      const listPartitionIndexes: number[] = [];
      for (; count > 0; count -= 1) listPartitionIndexes.push(reader.int32());
      partitionIndexes = listPartitionIndexes;
    }
  }
  if (flexible) reader.skipTagged();
  return { name, partitionIndexes };
}

export function writeRequestOffsetFetchRequestTopic(writer: Writer, message: RequestOffsetFetchRequestTopicInput, version: number): void {
  const flexible = version >= 6;
  if (version <= 7) {
    writer.string(message.name ?? '', flexible);
  } else if (message.name !== undefined && message.name !== '') lacks('OffsetFetchRequest', 'name', version);
  if (version <= 7) {
    {
      const list = message.partitionIndexes ?? [];
      writer.arrayLength(list.length, flexible);
      for (const each of list) writer.int32(each);
    }
  } else if (message.partitionIndexes !== undefined && message.partitionIndexes.length > 0) lacks('OffsetFetchRequest', 'partitionIndexes', version);
  if (flexible) writer.varint(0);
}

export interface RequestOffsetFetchRequestGroup {
  readonly groupId: string;
  readonly memberId: string | null;
  readonly memberEpoch: number;
  readonly topics: readonly RequestOffsetFetchRequestTopics[] | null;
}
export interface RequestOffsetFetchRequestGroupInput {
  readonly groupId?: string | undefined;
  readonly memberId?: string | null | undefined;
  readonly memberEpoch?: number | undefined;
  readonly topics?: readonly RequestOffsetFetchRequestTopicsInput[] | null | undefined;
}

export function readRequestOffsetFetchRequestGroup(reader: Reader, version: number): RequestOffsetFetchRequestGroup {
  const flexible = version >= 6;
  let groupId: string = '';
  if (version >= 8) {
    groupId = reader.string(flexible);
  }
  let memberId: string | null = null;
  if (version >= 9) {
    memberId = reader.nullableString(flexible);
  }
  let memberEpoch: number = -1;
  if (version >= 9) {
    memberEpoch = reader.int32();
  }
  let topics: readonly RequestOffsetFetchRequestTopics[] | null = [];
  if (version >= 8) {
    {
      let count = reader.arrayLength(flexible);
      if (count < 0) topics = null;
      else {
        const listTopics: RequestOffsetFetchRequestTopics[] = [];
        for (; count > 0; count -= 1) listTopics.push(readRequestOffsetFetchRequestTopics(reader, version));
        topics = listTopics;
      }
    }
  }
  if (flexible) reader.skipTagged();
  return { groupId, memberId, memberEpoch, topics };
}

export function writeRequestOffsetFetchRequestGroup(writer: Writer, message: RequestOffsetFetchRequestGroupInput, version: number): void {
  const flexible = version >= 6;
  if (version >= 8) {
    writer.string(message.groupId ?? '', flexible);
  } else if (message.groupId !== undefined && message.groupId !== '') lacks('OffsetFetchRequest', 'groupId', version);
  if (version >= 9) {
    writer.nullableString(message.memberId === undefined ? null : message.memberId, flexible);
  }
  if (version >= 9) {
    writer.int32(message.memberEpoch ?? -1);
  }
  if (version >= 8) {
    {
      const list = message.topics === undefined ? [] : message.topics;
      if (list === null) writer.arrayLength(-1, flexible);
      else {
        writer.arrayLength(list.length, flexible);
        for (const each of list) writeRequestOffsetFetchRequestTopics(writer, each, version);
      }
    }
  } else if (message.topics !== undefined && (message.topics?.length ?? 1) > 0) lacks('OffsetFetchRequest', 'topics', version);
  if (flexible) writer.varint(0);
}

export interface RequestOffsetFetchRequestTopics {
  readonly name: string;
  readonly topicId: Uuid;
  readonly partitionIndexes: readonly number[];
}
export interface RequestOffsetFetchRequestTopicsInput {
  readonly name?: string | undefined;
  readonly topicId?: Uuid | undefined;
  readonly partitionIndexes?: readonly number[] | undefined;
}

export function readRequestOffsetFetchRequestTopics(reader: Reader, version: number): RequestOffsetFetchRequestTopics {
  const flexible = version >= 6;
  let name: string = '';
  if (version >= 8 && version <= 9) {
    name = reader.string(flexible);
  }
  let topicId: Uuid = zeroUuid;
  if (version >= 10) {
    topicId = reader.uuid();
  }
  let partitionIndexes: readonly number[] = [];
  if (version >= 8) {
    {
      let count = reader.notNull(reader.arrayLength(flexible));
      const listPartitionIndexes: number[] = [];
      for (; count > 0; count -= 1) listPartitionIndexes.push(reader.int32());
      partitionIndexes = listPartitionIndexes;
    }
  }
  if (flexible) reader.skipTagged();
  return { name, topicId, partitionIndexes };
}

export function writeRequestOffsetFetchRequestTopics(writer: Writer, message: RequestOffsetFetchRequestTopicsInput, version: number): void {
  const flexible = version >= 6;
  if (version >= 8 && version <= 9) {
    writer.string(message.name ?? '', flexible);
  }
  if (version >= 10) {
    writer.uuid(message.topicId ?? zeroUuid);
  }
  if (version >= 8) {
    {
      const list = message.partitionIndexes ?? [];
      writer.arrayLength(list.length, flexible);
      for (const each of list) writer.int32(each);
    }
  } else if (message.partitionIndexes !== undefined && message.partitionIndexes.length > 0) lacks('OffsetFetchRequest', 'partitionIndexes', version);
  if (flexible) writer.varint(0);
}

export interface OffsetFetchResponse {
  readonly throttleTimeMs: number;
  readonly topics: readonly ResponseOffsetFetchResponseTopic[];
  readonly errorCode: number;
  readonly groups: readonly ResponseOffsetFetchResponseGroup[];
}
export interface OffsetFetchResponseInput {
  readonly throttleTimeMs?: number | undefined;
  readonly topics?: readonly ResponseOffsetFetchResponseTopicInput[] | undefined;
  readonly errorCode?: number | undefined;
  readonly groups?: readonly ResponseOffsetFetchResponseGroupInput[] | undefined;
}

export function readOffsetFetchResponse(reader: Reader, version: number): OffsetFetchResponse {
  const flexible = version >= 6;
  let throttleTimeMs: number = 0;
  if (version >= 3) {
    throttleTimeMs = reader.int32();
  }
  let topics: readonly ResponseOffsetFetchResponseTopic[] = [];
  if (version <= 7) {
    {
      let count = reader.notNull(reader.arrayLength(flexible));
      const listTopics: ResponseOffsetFetchResponseTopic[] = [];
      for (; count > 0; count -= 1) listTopics.push(readResponseOffsetFetchResponseTopic(reader, version));
      topics = listTopics;
    }
  }
  let errorCode: number = 0;
  if (version >= 2 && version <= 7) {
    errorCode = reader.int16();
  }
  let groups: readonly ResponseOffsetFetchResponseGroup[] = [];
  if (version >= 8) {
    {
      let count = reader.notNull(reader.arrayLength(flexible));
      const listGroups: ResponseOffsetFetchResponseGroup[] = [];
      for (; count > 0; count -= 1) listGroups.push(readResponseOffsetFetchResponseGroup(reader, version));
      groups = listGroups;
    }
  }
  if (flexible) reader.skipTagged();
  return { throttleTimeMs, topics, errorCode, groups };
}

export function writeOffsetFetchResponse(writer: Writer, message: OffsetFetchResponseInput, version: number): void {
  const flexible = version >= 6;
  if (version >= 3) {
    writer.int32(message.throttleTimeMs ?? 0);
  }
  if (version <= 7) {
    {
      const list = message.topics ?? [];
      writer.arrayLength(list.length, flexible);
      for (const each of list) writeResponseOffsetFetchResponseTopic(writer, each, version);
    }
  } else if (message.topics !== undefined && message.topics.length > 0) lacks('OffsetFetchResponse', 'topics', version);
  if (version >= 2 && version <= 7) {
    writer.int16(message.errorCode ?? 0);
  }
  if (version >= 8) {
    {
      const list = message.groups ?? [];
      writer.arrayLength(list.length, flexible);
      for (const each of list) writeResponseOffsetFetchResponseGroup(writer, each, version);
    }
  } else if (message.groups !== undefined && message.groups.length > 0) lacks('OffsetFetchResponse', 'groups', version);
  if (flexible) writer.varint(0);
}

export interface ResponseOffsetFetchResponseTopic {
  readonly name: string;
  readonly partitions: readonly ResponseOffsetFetchResponsePartition[];
}
export interface ResponseOffsetFetchResponseTopicInput {
  readonly name?: string | undefined;
  readonly partitions?: readonly ResponseOffsetFetchResponsePartitionInput[] | undefined;
}

export function readResponseOffsetFetchResponseTopic(reader: Reader, version: number): ResponseOffsetFetchResponseTopic {
  const flexible = version >= 6;
  let name: string = '';
  if (version <= 7) {
    name = reader.string(flexible);
  }
  let partitions: readonly ResponseOffsetFetchResponsePartition[] = [];
  if (version <= 7) {
    {
      let count = reader.notNull(reader.arrayLength(flexible));
      const listPartitions: ResponseOffsetFetchResponsePartition[] = [];
      for (; count > 0; count -= 1) listPartitions.push(readResponseOffsetFetchResponsePartition(reader, version));
      partitions = listPartitions;
    }
  }
  if (flexible) reader.skipTagged();
  return { name, partitions };
}

export function writeResponseOffsetFetchResponseTopic(writer: Writer, message: ResponseOffsetFetchResponseTopicInput, version: number): void {
  const flexible = version >= 6;
  if (version <= 7) {
    writer.string(message.name ?? '', flexible);
  } else if (message.name !== undefined && message.name !== '') lacks('OffsetFetchResponse', 'name', version);
  if (version <= 7) {
    {
      const list = message.partitions ?? [];
      writer.arrayLength(list.length, flexible);
      for (const each of list) writeResponseOffsetFetchResponsePartition(writer, each, version);
    }
  } else if (message.partitions !== undefined && message.partitions.length > 0) lacks('OffsetFetchResponse', 'partitions', version);
  if (flexible) writer.varint(0);
}

export interface ResponseOffsetFetchResponsePartition {
  readonly partitionIndex: number;
  readonly committedOffset: number;
  readonly committedLeaderEpoch: number;
  readonly metadata: string | null;
  readonly errorCode: number;
}
export interface ResponseOffsetFetchResponsePartitionInput {
  readonly partitionIndex?: number | undefined;
  readonly committedOffset?: number | undefined;
  readonly committedLeaderEpoch?: number | undefined;
  readonly metadata?: string | null | undefined;
  readonly errorCode?: number | undefined;
}

export function readResponseOffsetFetchResponsePartition(reader: Reader, version: number): ResponseOffsetFetchResponsePartition {
  const flexible = version >= 6;
  let partitionIndex: number = 0;
  if (version <= 7) {
    partitionIndex = reader.int32();
  }
  let committedOffset: number = 0;
  if (version <= 7) {
    committedOffset = reader.int64();
  }
  let committedLeaderEpoch: number = -1;
  if (version >= 5 && version <= 7) {
    committedLeaderEpoch = reader.int32();
  }
  let metadata: string | null = '';
  if (version <= 7) {
    metadata = reader.nullableString(flexible);
  }
  let errorCode: number = 0;
  if (version <= 7) {
    errorCode = reader.int16();
  }
  if (flexible) reader.skipTagged();
  return { partitionIndex, committedOffset, committedLeaderEpoch, metadata, errorCode };
}

export function writeResponseOffsetFetchResponsePartition(writer: Writer, message: ResponseOffsetFetchResponsePartitionInput, version: number): void {
  const flexible = version >= 6;
  if (version <= 7) {
    writer.int32(message.partitionIndex ?? 0);
  } else if (message.partitionIndex !== undefined && message.partitionIndex !== 0) lacks('OffsetFetchResponse', 'partitionIndex', version);
  if (version <= 7) {
    writer.int64(message.committedOffset ?? 0);
  } else if (message.committedOffset !== undefined && message.committedOffset !== 0) lacks('OffsetFetchResponse', 'committedOffset', version);
  if (version >= 5 && version <= 7) {
    writer.int32(message.committedLeaderEpoch ?? -1);
  }
  if (version <= 7) {
    writer.nullableString(message.metadata === undefined ? '' : message.metadata, flexible);
  } else if (message.metadata !== undefined && message.metadata !== '') lacks('OffsetFetchResponse', 'metadata', version);
  if (version <= 7) {
    writer.int16(message.errorCode ?? 0);
  } else if (message.errorCode !== undefined && message.errorCode !== 0) lacks('OffsetFetchResponse', 'errorCode', version);
  if (flexible) writer.varint(0);
}

export interface ResponseOffsetFetchResponseGroup {
  readonly groupId: string;
  readonly topics: readonly ResponseOffsetFetchResponseTopics[];
  readonly errorCode: number;
}
export interface ResponseOffsetFetchResponseGroupInput {
  readonly groupId?: string | undefined;
  readonly topics?: readonly ResponseOffsetFetchResponseTopicsInput[] | undefined;
  readonly errorCode?: number | undefined;
}

export function readResponseOffsetFetchResponseGroup(reader: Reader, version: number): ResponseOffsetFetchResponseGroup {
  const flexible = version >= 6;
  let groupId: string = '';
  if (version >= 8) {
    groupId = reader.string(flexible);
  }
  let topics: readonly ResponseOffsetFetchResponseTopics[] = [];
  if (version >= 8) {
    {
      let count = reader.notNull(reader.arrayLength(flexible));
      const listTopics: ResponseOffsetFetchResponseTopics[] = [];
      for (; count > 0; count -= 1) listTopics.push(readResponseOffsetFetchResponseTopics(reader, version));
      topics = listTopics;
    }
  }
  let errorCode: number = 0;
  if (version >= 8) {
    errorCode = reader.int16();
  }
  if (flexible) reader.skipTagged();
  return { groupId, topics, errorCode };
}

export function writeResponseOffsetFetchResponseGroup(writer: Writer, message: ResponseOffsetFetchResponseGroupInput, version: number): void {
  const flexible = version >= 6;
  if (version >= 8) {
    writer.string(message.groupId ?? '', flexible);
  } else if (message.groupId !== undefined && message.groupId !== '') lacks('OffsetFetchResponse', 'groupId', version);
  if (version >= 8) {
    {
      const list = message.topics ?? [];
      writer.arrayLength(list.length, flexible);
      for (const each of list) writeResponseOffsetFetchResponseTopics(writer, each, version);
    }
  } else if (message.topics !== undefined && message.topics.length > 0) lacks('OffsetFetchResponse', 'topics', version);
  if (version >= 8) {
    writer.int16(message.errorCode ?? 0);
  } else if (message.errorCode !== undefined && message.errorCode !== 0) lacks('OffsetFetchResponse', 'errorCode', version);
  if (flexible) writer.varint(0);
}

export interface ResponseOffsetFetchResponseTopics {
  readonly name: string;
  readonly topicId: Uuid;
  readonly partitions: readonly ResponseOffsetFetchResponsePartitions[];
}
export interface ResponseOffsetFetchResponseTopicsInput {
  readonly name?: string | undefined;
  readonly topicId?: Uuid | undefined;
  readonly partitions?: readonly ResponseOffsetFetchResponsePartitionsInput[] | undefined;
}

export function readResponseOffsetFetchResponseTopics(reader: Reader, version: number): ResponseOffsetFetchResponseTopics {
  const flexible = version >= 6;
  let name: string = '';
  if (version >= 8 && version <= 9) {
    name = reader.string(flexible);
  }
  let topicId: Uuid = zeroUuid;
  if (version >= 10) {
    topicId = reader.uuid();
  }
  let partitions: readonly ResponseOffsetFetchResponsePartitions[] = [];
  if (version >= 8) {
    {
      let count = reader.notNull(reader.arrayLength(flexible));
      const listPartitions: ResponseOffsetFetchResponsePartitions[] = [];
      for (; count > 0; count -= 1) listPartitions.push(readResponseOffsetFetchResponsePartitions(reader, version));
      partitions = listPartitions;
    }
  }
  if (flexible) reader.skipTagged();
  return { name, topicId, partitions };
}

export function writeResponseOffsetFetchResponseTopics(writer: Writer, message: ResponseOffsetFetchResponseTopicsInput, version: number): void {
  const flexible = version >= 6;
  if (version >= 8 && version <= 9) {
    writer.string(message.name ?? '', flexible);
  }
  if (version >= 10) {
    writer.uuid(message.topicId ?? zeroUuid);
  }
  if (version >= 8) {
    {
      const list = message.partitions ?? [];
      writer.arrayLength(list.length, flexible);
      for (const each of list) writeResponseOffsetFetchResponsePartitions(writer, each, version);
    }
  } else if (message.partitions !== undefined && message.partitions.length > 0) lacks('OffsetFetchResponse', 'partitions', version);
  if (flexible) writer.varint(0);
}

export interface ResponseOffsetFetchResponsePartitions {
  readonly partitionIndex: number;
  readonly committedOffset: number;
  readonly committedLeaderEpoch: number;
  readonly metadata: string | null;
  readonly errorCode: number;
}
export interface ResponseOffsetFetchResponsePartitionsInput {
  readonly partitionIndex?: number | undefined;
  readonly committedOffset?: number | undefined;
  readonly committedLeaderEpoch?: number | undefined;
  readonly metadata?: string | null | undefined;
  readonly errorCode?: number | undefined;
}

export function readResponseOffsetFetchResponsePartitions(reader: Reader, version: number): ResponseOffsetFetchResponsePartitions {
  const flexible = version >= 6;
  let partitionIndex: number = 0;
  if (version >= 8) {
    partitionIndex = reader.int32();
  }
  let committedOffset: number = 0;
  if (version >= 8) {
    committedOffset = reader.int64();
  }
  let committedLeaderEpoch: number = -1;
  if (version >= 8) {
    committedLeaderEpoch = reader.int32();
  }
  let metadata: string | null = '';
  if (version >= 8) {
    metadata = reader.nullableString(flexible);
  }
  let errorCode: number = 0;
  if (version >= 8) {
    errorCode = reader.int16();
  }
  if (flexible) reader.skipTagged();
  return { partitionIndex, committedOffset, committedLeaderEpoch, metadata, errorCode };
}

export function writeResponseOffsetFetchResponsePartitions(writer: Writer, message: ResponseOffsetFetchResponsePartitionsInput, version: number): void {
  const flexible = version >= 6;
  if (version >= 8) {
    writer.int32(message.partitionIndex ?? 0);
  } else if (message.partitionIndex !== undefined && message.partitionIndex !== 0) lacks('OffsetFetchResponse', 'partitionIndex', version);
  if (version >= 8) {
    writer.int64(message.committedOffset ?? 0);
  } else if (message.committedOffset !== undefined && message.committedOffset !== 0) lacks('OffsetFetchResponse', 'committedOffset', version);
  if (version >= 8) {
    writer.int32(message.committedLeaderEpoch ?? -1);
  }
  if (version >= 8) {
    writer.nullableString(message.metadata === undefined ? '' : message.metadata, flexible);
  } else if (message.metadata !== undefined && message.metadata !== '') lacks('OffsetFetchResponse', 'metadata', version);
  if (version >= 8) {
    writer.int16(message.errorCode ?? 0);
  } else if (message.errorCode !== undefined && message.errorCode !== 0) lacks('OffsetFetchResponse', 'errorCode', version);
  if (flexible) writer.varint(0);
}
