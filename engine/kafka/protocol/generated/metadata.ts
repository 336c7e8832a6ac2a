// Generated from ../tables by `make generate`.
import { type Uuid, zeroUuid } from '../../model.ts';
import type { Reader } from '../reader.ts';
import { lacks, lacksNull } from '../lacking-field.ts';
import type { Writer } from '../writer.ts';

export interface MetadataRequest {
  readonly topics: readonly RequestMetadataRequestTopic[] | null;
  readonly allowAutoTopicCreation: boolean;
  readonly includeClusterAuthorizedOperations: boolean;
  readonly includeTopicAuthorizedOperations: boolean;
}
export interface MetadataRequestInput {
  readonly topics?: readonly RequestMetadataRequestTopicInput[] | null | undefined;
  readonly allowAutoTopicCreation?: boolean | undefined;
  readonly includeClusterAuthorizedOperations?: boolean | undefined;
  readonly includeTopicAuthorizedOperations?: boolean | undefined;
}

export function readMetadataRequest(reader: Reader, version: number): MetadataRequest {
  const flexible = version >= 9;
  let topics: readonly RequestMetadataRequestTopic[] | null = [];
  {
    let count = reader.arrayLength(flexible);
    if (!(version >= 1)) reader.notNull(count);
    if (count < 0) topics = null;
    else {
      const listTopics: RequestMetadataRequestTopic[] = [];
      for (; count > 0; count -= 1) listTopics.push(readRequestMetadataRequestTopic(reader, version));
      topics = listTopics;
    }
  }
  let allowAutoTopicCreation: boolean = true;
  if (version >= 4) {
    allowAutoTopicCreation = reader.bool();
  }
  let includeClusterAuthorizedOperations: boolean = false;
  if (version >= 8 && version <= 10) {
    includeClusterAuthorizedOperations = reader.bool();
  }
  let includeTopicAuthorizedOperations: boolean = false;
  if (version >= 8) {
    includeTopicAuthorizedOperations = reader.bool();
  }
  if (flexible) reader.skipTagged();
  return { topics, allowAutoTopicCreation, includeClusterAuthorizedOperations, includeTopicAuthorizedOperations };
}

export function writeMetadataRequest(writer: Writer, message: MetadataRequestInput, version: number): void {
  const flexible = version >= 9;
  if (message.topics === null && !(version >= 1)) lacksNull('MetadataRequest', 'topics', version);
  {
    const list = message.topics === undefined ? [] : message.topics;
    if (list === null) writer.arrayLength(-1, flexible);
    else {
      writer.arrayLength(list.length, flexible);
      for (const each of list) writeRequestMetadataRequestTopic(writer, each, version);
    }
  }
  if (version >= 4) {
    writer.bool(message.allowAutoTopicCreation ?? true);
  } else if (message.allowAutoTopicCreation !== undefined && message.allowAutoTopicCreation !== true) lacks('MetadataRequest', 'allowAutoTopicCreation', version);
  if (version >= 8 && version <= 10) {
    writer.bool(message.includeClusterAuthorizedOperations ?? false);
  } else if (message.includeClusterAuthorizedOperations !== undefined && message.includeClusterAuthorizedOperations !== false) lacks('MetadataRequest', 'includeClusterAuthorizedOperations', version);
  if (version >= 8) {
    writer.bool(message.includeTopicAuthorizedOperations ?? false);
  } else if (message.includeTopicAuthorizedOperations !== undefined && message.includeTopicAuthorizedOperations !== false) lacks('MetadataRequest', 'includeTopicAuthorizedOperations', version);
  if (flexible) writer.varint(0);
}

export interface RequestMetadataRequestTopic {
  readonly topicId: Uuid;
  readonly name: string | null;
}
export interface RequestMetadataRequestTopicInput {
  readonly topicId?: Uuid | undefined;
  readonly name?: string | null | undefined;
}

export function readRequestMetadataRequestTopic(reader: Reader, version: number): RequestMetadataRequestTopic {
  const flexible = version >= 9;
  let topicId: Uuid = zeroUuid;
  if (version >= 10) {
    topicId = reader.uuid();
  }
  let name: string | null = '';
  name = version >= 10 ? reader.nullableString(flexible) : reader.string(flexible);
  if (flexible) reader.skipTagged();
  return { topicId, name };
}

export function writeRequestMetadataRequestTopic(writer: Writer, message: RequestMetadataRequestTopicInput, version: number): void {
  const flexible = version >= 9;
  if (version >= 10) {
    writer.uuid(message.topicId ?? zeroUuid);
  }
  if (message.name === null && !(version >= 10)) lacksNull('MetadataRequest', 'name', version);
  writer.nullableString(message.name === undefined ? '' : message.name, flexible);
  if (flexible) writer.varint(0);
}

export interface MetadataResponse {
  readonly throttleTimeMs: number;
  readonly brokers: readonly ResponseMetadataResponseBroker[];
  readonly clusterId: string | null;
  readonly controllerId: number;
  readonly topics: readonly ResponseMetadataResponseTopic[];
  readonly clusterAuthorizedOperations: number;
  readonly errorCode: number;
}
export interface MetadataResponseInput {
  readonly throttleTimeMs?: number | undefined;
  readonly brokers?: readonly ResponseMetadataResponseBrokerInput[] | undefined;
  readonly clusterId?: string | null | undefined;
  readonly controllerId?: number | undefined;
  readonly topics?: readonly ResponseMetadataResponseTopicInput[] | undefined;
  readonly clusterAuthorizedOperations?: number | undefined;
  readonly errorCode?: number | undefined;
}

export function readMetadataResponse(reader: Reader, version: number): MetadataResponse {
  const flexible = version >= 9;
  let throttleTimeMs: number = 0;
  if (version >= 3) {
    throttleTimeMs = reader.int32();
  }
  let brokers: readonly ResponseMetadataResponseBroker[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listBrokers: ResponseMetadataResponseBroker[] = [];
    for (; count > 0; count -= 1) listBrokers.push(readResponseMetadataResponseBroker(reader, version));
    brokers = listBrokers;
  }
  let clusterId: string | null = null;
  if (version >= 2) {
    clusterId = reader.nullableString(flexible);
  }
  let controllerId: number = -1;
  if (version >= 1) {
    controllerId = reader.int32();
  }
  let topics: readonly ResponseMetadataResponseTopic[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listTopics: ResponseMetadataResponseTopic[] = [];
    for (; count > 0; count -= 1) listTopics.push(readResponseMetadataResponseTopic(reader, version));
    topics = listTopics;
  }
  let clusterAuthorizedOperations: number = -2147483648;
  if (version >= 8 && version <= 10) {
    clusterAuthorizedOperations = reader.int32();
  }
  let errorCode: number = 0;
  if (version >= 13) {
    errorCode = reader.int16();
  }
  if (flexible) reader.skipTagged();
  return { throttleTimeMs, brokers, clusterId, controllerId, topics, clusterAuthorizedOperations, errorCode };
}

export function writeMetadataResponse(writer: Writer, message: MetadataResponseInput, version: number): void {
  const flexible = version >= 9;
  if (version >= 3) {
    writer.int32(message.throttleTimeMs ?? 0);
  }
  {
    const list = message.brokers ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseMetadataResponseBroker(writer, each, version);
  }
  if (version >= 2) {
    writer.nullableString(message.clusterId === undefined ? null : message.clusterId, flexible);
  }
  if (version >= 1) {
    writer.int32(message.controllerId ?? -1);
  }
  {
    const list = message.topics ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseMetadataResponseTopic(writer, each, version);
  }
  if (version >= 8 && version <= 10) {
    writer.int32(message.clusterAuthorizedOperations ?? -2147483648);
  } else if (message.clusterAuthorizedOperations !== undefined && message.clusterAuthorizedOperations !== -2147483648) lacks('MetadataResponse', 'clusterAuthorizedOperations', version);
  if (version >= 13) {
    writer.int16(message.errorCode ?? 0);
  }
  if (flexible) writer.varint(0);
}

export interface ResponseMetadataResponseBroker {
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
  readonly rack: string | null;
}
export interface ResponseMetadataResponseBrokerInput {
  readonly nodeId?: number | undefined;
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly rack?: string | null | undefined;
}

export function readResponseMetadataResponseBroker(reader: Reader, version: number): ResponseMetadataResponseBroker {
  const flexible = version >= 9;
  let nodeId: number = 0;
  nodeId = reader.int32();
  let host: string = '';
  host = reader.string(flexible);
  let port: number = 0;
  port = reader.int32();
  let rack: string | null = null;
  if (version >= 1) {
    rack = reader.nullableString(flexible);
  }
  if (flexible) reader.skipTagged();
  return { nodeId, host, port, rack };
}

export function writeResponseMetadataResponseBroker(writer: Writer, message: ResponseMetadataResponseBrokerInput, version: number): void {
  const flexible = version >= 9;
  writer.int32(message.nodeId ?? 0);
  writer.string(message.host ?? '', flexible);
  writer.int32(message.port ?? 0);
  if (version >= 1) {
    writer.nullableString(message.rack === undefined ? null : message.rack, flexible);
  }
  if (flexible) writer.varint(0);
}

export interface ResponseMetadataResponseTopic {
  readonly errorCode: number;
  readonly name: string | null;
  readonly topicId: Uuid;
  readonly isInternal: boolean;
  readonly partitions: readonly ResponseMetadataResponsePartition[];
  readonly topicAuthorizedOperations: number;
}
export interface ResponseMetadataResponseTopicInput {
  readonly errorCode?: number | undefined;
  readonly name?: string | null | undefined;
  readonly topicId?: Uuid | undefined;
  readonly isInternal?: boolean | undefined;
  readonly partitions?: readonly ResponseMetadataResponsePartitionInput[] | undefined;
  readonly topicAuthorizedOperations?: number | undefined;
}

export function readResponseMetadataResponseTopic(reader: Reader, version: number): ResponseMetadataResponseTopic {
  const flexible = version >= 9;
  let errorCode: number = 0;
  errorCode = reader.int16();
  let name: string | null = '';
  name = version >= 12 ? reader.nullableString(flexible) : reader.string(flexible);
  let topicId: Uuid = zeroUuid;
  if (version >= 10) {
    topicId = reader.uuid();
  }
  let isInternal: boolean = false;
  if (version >= 1) {
    isInternal = reader.bool();
  }
  let partitions: readonly ResponseMetadataResponsePartition[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listPartitions: ResponseMetadataResponsePartition[] = [];
    for (; count > 0; count -= 1) listPartitions.push(readResponseMetadataResponsePartition(reader, version));
    partitions = listPartitions;
  }
  let topicAuthorizedOperations: number = -2147483648;
  if (version >= 8) {
    topicAuthorizedOperations = reader.int32();
  }
  if (flexible) reader.skipTagged();
  return { errorCode, name, topicId, isInternal, partitions, topicAuthorizedOperations };
}

export function writeResponseMetadataResponseTopic(writer: Writer, message: ResponseMetadataResponseTopicInput, version: number): void {
  const flexible = version >= 9;
  writer.int16(message.errorCode ?? 0);
  if (message.name === null && !(version >= 12)) lacksNull('MetadataResponse', 'name', version);
  writer.nullableString(message.name === undefined ? '' : message.name, flexible);
  if (version >= 10) {
    writer.uuid(message.topicId ?? zeroUuid);
  }
  if (version >= 1) {
    writer.bool(message.isInternal ?? false);
  }
  {
    const list = message.partitions ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseMetadataResponsePartition(writer, each, version);
  }
  if (version >= 8) {
    writer.int32(message.topicAuthorizedOperations ?? -2147483648);
  } else if (message.topicAuthorizedOperations !== undefined && message.topicAuthorizedOperations !== -2147483648) lacks('MetadataResponse', 'topicAuthorizedOperations', version);
  if (flexible) writer.varint(0);
}

export interface ResponseMetadataResponsePartition {
  readonly errorCode: number;
  readonly partitionIndex: number;
  readonly leaderId: number;
  readonly leaderEpoch: number;
  readonly replicaNodes: readonly number[];
  readonly isrNodes: readonly number[];
  readonly offlineReplicas: readonly number[];
}
export interface ResponseMetadataResponsePartitionInput {
  readonly errorCode?: number | undefined;
  readonly partitionIndex?: number | undefined;
  readonly leaderId?: number | undefined;
  readonly leaderEpoch?: number | undefined;
  readonly replicaNodes?: readonly number[] | undefined;
  readonly isrNodes?: readonly number[] | undefined;
  readonly offlineReplicas?: readonly number[] | undefined;
}

export function readResponseMetadataResponsePartition(reader: Reader, version: number): ResponseMetadataResponsePartition {
  const flexible = version >= 9;
  let errorCode: number = 0;
  errorCode = reader.int16();
  let partitionIndex: number = 0;
  partitionIndex = reader.int32();
  let leaderId: number = 0;
  leaderId = reader.int32();
  let leaderEpoch: number = -1;
  if (version >= 7) {
    leaderEpoch = reader.int32();
  }
  let replicaNodes: readonly number[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listReplicaNodes: number[] = [];
    for (; count > 0; count -= 1) listReplicaNodes.push(reader.int32());
    replicaNodes = listReplicaNodes;
  }
  let isrNodes: readonly number[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listIsrNodes: number[] = [];
    for (; count > 0; count -= 1) listIsrNodes.push(reader.int32());
    isrNodes = listIsrNodes;
  }
  let offlineReplicas: readonly number[] = [];
  if (version >= 5) {
    {
      let count = reader.notNull(reader.arrayLength(flexible));
      const listOfflineReplicas: number[] = [];
      for (; count > 0; count -= 1) listOfflineReplicas.push(reader.int32());
      offlineReplicas = listOfflineReplicas;
    }
  }
  if (flexible) reader.skipTagged();
  return { errorCode, partitionIndex, leaderId, leaderEpoch, replicaNodes, isrNodes, offlineReplicas };
}

export function writeResponseMetadataResponsePartition(writer: Writer, message: ResponseMetadataResponsePartitionInput, version: number): void {
  const flexible = version >= 9;
  writer.int16(message.errorCode ?? 0);
  writer.int32(message.partitionIndex ?? 0);
  writer.int32(message.leaderId ?? 0);
  if (version >= 7) {
    writer.int32(message.leaderEpoch ?? -1);
  }
  {
    const list = message.replicaNodes ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writer.int32(each);
  }
  {
    const list = message.isrNodes ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writer.int32(each);
  }
  if (version >= 5) {
    {
      const list = message.offlineReplicas ?? [];
      writer.arrayLength(list.length, flexible);
      for (const each of list) writer.int32(each);
    }
  }
  if (flexible) writer.varint(0);
}
