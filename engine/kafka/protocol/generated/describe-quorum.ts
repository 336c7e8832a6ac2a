// Generated from ../tables by `make generate`.
import { type Uuid, zeroUuid } from '../../model.ts';
import type { Reader } from '../reader.ts';
import { lacks } from '../lacking-field.ts';
import type { Writer } from '../writer.ts';

export interface DescribeQuorumRequest {
  readonly topics: readonly RequestTopicData[];
}
export interface DescribeQuorumRequestInput {
  readonly topics?: readonly RequestTopicDataInput[] | undefined;
}

export function readDescribeQuorumRequest(reader: Reader, version: number): DescribeQuorumRequest {
  const flexible = true;
  let topics: readonly RequestTopicData[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listTopics: RequestTopicData[] = [];
    for (; count > 0; count -= 1) listTopics.push(readRequestTopicData(reader, version));
    topics = listTopics;
  }
  reader.skipTagged();
  return { topics };
}

export function writeDescribeQuorumRequest(writer: Writer, message: DescribeQuorumRequestInput, version: number): void {
  const flexible = true;
  {
    const list = message.topics ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeRequestTopicData(writer, each, version);
  }
  writer.varint(0);
}

export interface RequestTopicData {
  readonly topicName: string;
  readonly partitions: readonly RequestPartitionData[];
}
export interface RequestTopicDataInput {
  readonly topicName?: string | undefined;
  readonly partitions?: readonly RequestPartitionDataInput[] | undefined;
}

export function readRequestTopicData(reader: Reader, version: number): RequestTopicData {
  const flexible = true;
  let topicName: string = '';
  topicName = reader.string(flexible);
  let partitions: readonly RequestPartitionData[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listPartitions: RequestPartitionData[] = [];
    for (; count > 0; count -= 1) listPartitions.push(readRequestPartitionData(reader, version));
    partitions = listPartitions;
  }
  reader.skipTagged();
  return { topicName, partitions };
}

export function writeRequestTopicData(writer: Writer, message: RequestTopicDataInput, version: number): void {
  const flexible = true;
  writer.string(message.topicName ?? '', flexible);
  {
    const list = message.partitions ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeRequestPartitionData(writer, each, version);
  }
  writer.varint(0);
}

export interface RequestPartitionData {
  readonly partitionIndex: number;
}
export interface RequestPartitionDataInput {
  readonly partitionIndex?: number | undefined;
}

export function readRequestPartitionData(reader: Reader, version: number): RequestPartitionData {
  let partitionIndex: number = 0;
  partitionIndex = reader.int32();
  reader.skipTagged();
  return { partitionIndex };
}

export function writeRequestPartitionData(writer: Writer, message: RequestPartitionDataInput, version: number): void {
  writer.int32(message.partitionIndex ?? 0);
  writer.varint(0);
}

export interface DescribeQuorumResponse {
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly topics: readonly ResponseTopicData[];
  readonly nodes: readonly ResponseNode[];
}
export interface DescribeQuorumResponseInput {
  readonly errorCode?: number | undefined;
  readonly errorMessage?: string | null | undefined;
  readonly topics?: readonly ResponseTopicDataInput[] | undefined;
  readonly nodes?: readonly ResponseNodeInput[] | undefined;
}

export function readDescribeQuorumResponse(reader: Reader, version: number): DescribeQuorumResponse {
  const flexible = true;
  let errorCode: number = 0;
  errorCode = reader.int16();
  let errorMessage: string | null = '';
  if (version >= 2) {
    errorMessage = reader.nullableString(flexible);
  }
  let topics: readonly ResponseTopicData[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listTopics: ResponseTopicData[] = [];
    for (; count > 0; count -= 1) listTopics.push(readResponseTopicData(reader, version));
    topics = listTopics;
  }
  let nodes: readonly ResponseNode[] = [];
  if (version >= 2) {
    {
      let count = reader.notNull(reader.arrayLength(flexible));
      const listNodes: ResponseNode[] = [];
      for (; count > 0; count -= 1) listNodes.push(readResponseNode(reader, version));
      nodes = listNodes;
    }
  }
  reader.skipTagged();
  return { errorCode, errorMessage, topics, nodes };
}

export function writeDescribeQuorumResponse(writer: Writer, message: DescribeQuorumResponseInput, version: number): void {
  const flexible = true;
  writer.int16(message.errorCode ?? 0);
  if (version >= 2) {
    writer.nullableString(message.errorMessage === undefined ? '' : message.errorMessage, flexible);
  }
  {
    const list = message.topics ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseTopicData(writer, each, version);
  }
  if (version >= 2) {
    {
      const list = message.nodes ?? [];
      writer.arrayLength(list.length, flexible);
      for (const each of list) writeResponseNode(writer, each, version);
    }
  } else if (message.nodes !== undefined && message.nodes.length > 0) lacks('DescribeQuorumResponse', 'nodes', version);
  writer.varint(0);
}

export interface ResponseTopicData {
  readonly topicName: string;
  readonly partitions: readonly ResponsePartitionData[];
}
export interface ResponseTopicDataInput {
  readonly topicName?: string | undefined;
  readonly partitions?: readonly ResponsePartitionDataInput[] | undefined;
}

export function readResponseTopicData(reader: Reader, version: number): ResponseTopicData {
  const flexible = true;
  let topicName: string = '';
  topicName = reader.string(flexible);
  let partitions: readonly ResponsePartitionData[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listPartitions: ResponsePartitionData[] = [];
    for (; count > 0; count -= 1) listPartitions.push(readResponsePartitionData(reader, version));
    partitions = listPartitions;
  }
  reader.skipTagged();
  return { topicName, partitions };
}

export function writeResponseTopicData(writer: Writer, message: ResponseTopicDataInput, version: number): void {
  const flexible = true;
  writer.string(message.topicName ?? '', flexible);
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
  readonly leaderId: number;
  readonly leaderEpoch: number;
  readonly highWatermark: number;
  readonly currentVoters: readonly ResponseReplicaState[];
  readonly observers: readonly ResponseReplicaState[];
}
export interface ResponsePartitionDataInput {
  readonly partitionIndex?: number | undefined;
  readonly errorCode?: number | undefined;
  readonly errorMessage?: string | null | undefined;
  readonly leaderId?: number | undefined;
  readonly leaderEpoch?: number | undefined;
  readonly highWatermark?: number | undefined;
  readonly currentVoters?: readonly ResponseReplicaStateInput[] | undefined;
  readonly observers?: readonly ResponseReplicaStateInput[] | undefined;
}

export function readResponsePartitionData(reader: Reader, version: number): ResponsePartitionData {
  const flexible = true;
  let partitionIndex: number = 0;
  partitionIndex = reader.int32();
  let errorCode: number = 0;
  errorCode = reader.int16();
  let errorMessage: string | null = '';
  if (version >= 2) {
    errorMessage = reader.nullableString(flexible);
  }
  let leaderId: number = 0;
  leaderId = reader.int32();
  let leaderEpoch: number = 0;
  leaderEpoch = reader.int32();
  let highWatermark: number = 0;
  highWatermark = reader.int64();
  let currentVoters: readonly ResponseReplicaState[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listCurrentVoters: ResponseReplicaState[] = [];
    for (; count > 0; count -= 1) listCurrentVoters.push(readResponseReplicaState(reader, version));
    currentVoters = listCurrentVoters;
  }
  let observers: readonly ResponseReplicaState[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listObservers: ResponseReplicaState[] = [];
    for (; count > 0; count -= 1) listObservers.push(readResponseReplicaState(reader, version));
    observers = listObservers;
  }
  reader.skipTagged();
  return { partitionIndex, errorCode, errorMessage, leaderId, leaderEpoch, highWatermark, currentVoters, observers };
}

export function writeResponsePartitionData(writer: Writer, message: ResponsePartitionDataInput, version: number): void {
  const flexible = true;
  writer.int32(message.partitionIndex ?? 0);
  writer.int16(message.errorCode ?? 0);
  if (version >= 2) {
    writer.nullableString(message.errorMessage === undefined ? '' : message.errorMessage, flexible);
  }
  writer.int32(message.leaderId ?? 0);
  writer.int32(message.leaderEpoch ?? 0);
  writer.int64(message.highWatermark ?? 0);
  {
    const list = message.currentVoters ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseReplicaState(writer, each, version);
  }
  {
    const list = message.observers ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseReplicaState(writer, each, version);
  }
  writer.varint(0);
}

export interface ResponseNode {
  readonly nodeId: number;
  readonly listeners: readonly ResponseListener[];
}
export interface ResponseNodeInput {
  readonly nodeId?: number | undefined;
  readonly listeners?: readonly ResponseListenerInput[] | undefined;
}

export function readResponseNode(reader: Reader, version: number): ResponseNode {
  const flexible = true;
  let nodeId: number = 0;
  if (version >= 2) {
    nodeId = reader.int32();
  }
  let listeners: readonly ResponseListener[] = [];
  if (version >= 2) {
    {
      let count = reader.notNull(reader.arrayLength(flexible));
      const listListeners: ResponseListener[] = [];
      for (; count > 0; count -= 1) listListeners.push(readResponseListener(reader, version));
      listeners = listListeners;
    }
  }
  reader.skipTagged();
  return { nodeId, listeners };
}

export function writeResponseNode(writer: Writer, message: ResponseNodeInput, version: number): void {
  const flexible = true;
  if (version >= 2) {
    writer.int32(message.nodeId ?? 0);
  } else if (message.nodeId !== undefined && message.nodeId !== 0) lacks('DescribeQuorumResponse', 'nodeId', version);
  if (version >= 2) {
    {
      const list = message.listeners ?? [];
      writer.arrayLength(list.length, flexible);
      for (const each of list) writeResponseListener(writer, each, version);
    }
  } else if (message.listeners !== undefined && message.listeners.length > 0) lacks('DescribeQuorumResponse', 'listeners', version);
  writer.varint(0);
}

export interface ResponseListener {
  readonly name: string;
  readonly host: string;
  readonly port: number;
}
export interface ResponseListenerInput {
  readonly name?: string | undefined;
  readonly host?: string | undefined;
  readonly port?: number | undefined;
}

export function readResponseListener(reader: Reader, version: number): ResponseListener {
  const flexible = true;
  let name: string = '';
  if (version >= 2) {
    name = reader.string(flexible);
  }
  let host: string = '';
  if (version >= 2) {
    host = reader.string(flexible);
  }
  let port: number = 0;
  if (version >= 2) {
    port = reader.uint16();
  }
  reader.skipTagged();
  return { name, host, port };
}

export function writeResponseListener(writer: Writer, message: ResponseListenerInput, version: number): void {
  const flexible = true;
  if (version >= 2) {
    writer.string(message.name ?? '', flexible);
  } else if (message.name !== undefined && message.name !== '') lacks('DescribeQuorumResponse', 'name', version);
  if (version >= 2) {
    writer.string(message.host ?? '', flexible);
  } else if (message.host !== undefined && message.host !== '') lacks('DescribeQuorumResponse', 'host', version);
  if (version >= 2) {
    writer.uint16(message.port ?? 0);
  } else if (message.port !== undefined && message.port !== 0) lacks('DescribeQuorumResponse', 'port', version);
  writer.varint(0);
}

export interface ResponseReplicaState {
  readonly replicaId: number;
  readonly replicaDirectoryId: Uuid;
  readonly logEndOffset: number;
  readonly lastFetchTimestamp: number;
  readonly lastCaughtUpTimestamp: number;
}
export interface ResponseReplicaStateInput {
  readonly replicaId?: number | undefined;
  readonly replicaDirectoryId?: Uuid | undefined;
  readonly logEndOffset?: number | undefined;
  readonly lastFetchTimestamp?: number | undefined;
  readonly lastCaughtUpTimestamp?: number | undefined;
}

export function readResponseReplicaState(reader: Reader, version: number): ResponseReplicaState {
  let replicaId: number = 0;
  replicaId = reader.int32();
  let replicaDirectoryId: Uuid = zeroUuid;
  if (version >= 2) {
    replicaDirectoryId = reader.uuid();
  }
  let logEndOffset: number = 0;
  logEndOffset = reader.int64();
  let lastFetchTimestamp: number = -1;
  if (version >= 1) {
    lastFetchTimestamp = reader.int64();
  }
  let lastCaughtUpTimestamp: number = -1;
  if (version >= 1) {
    lastCaughtUpTimestamp = reader.int64();
  }
  reader.skipTagged();
  return { replicaId, replicaDirectoryId, logEndOffset, lastFetchTimestamp, lastCaughtUpTimestamp };
}

export function writeResponseReplicaState(writer: Writer, message: ResponseReplicaStateInput, version: number): void {
  writer.int32(message.replicaId ?? 0);
  if (version >= 2) {
    writer.uuid(message.replicaDirectoryId ?? zeroUuid);
  } else if (message.replicaDirectoryId !== undefined && message.replicaDirectoryId !== zeroUuid) lacks('DescribeQuorumResponse', 'replicaDirectoryId', version);
  writer.int64(message.logEndOffset ?? 0);
  if (version >= 1) {
    writer.int64(message.lastFetchTimestamp ?? -1);
  }
  if (version >= 1) {
    writer.int64(message.lastCaughtUpTimestamp ?? -1);
  }
  writer.varint(0);
}
