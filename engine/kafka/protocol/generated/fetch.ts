// Generated from ../tables by `make generate`.
import { type Uuid, zeroUuid } from '../../model.ts';
import { int64Max, type Reader } from '../reader.ts';
import { lacks } from '../lacking-field.ts';
import type { Writer } from '../writer.ts';

export interface FetchRequest {
  readonly clusterId: string | null;
  readonly replicaId: number;
  readonly replicaState: RequestReplicaState;
  readonly maxWaitMs: number;
  readonly minBytes: number;
  readonly maxBytes: number;
  readonly isolationLevel: number;
  readonly sessionId: number;
  readonly sessionEpoch: number;
  readonly topics: readonly RequestFetchTopic[];
  readonly forgottenTopicsData: readonly RequestForgottenTopic[];
  readonly rackId: string;
}
export interface FetchRequestInput {
  readonly clusterId?: string | null | undefined;
  readonly replicaId?: number | undefined;
  readonly replicaState?: RequestReplicaStateInput | undefined;
  readonly maxWaitMs?: number | undefined;
  readonly minBytes?: number | undefined;
  readonly maxBytes?: number | undefined;
  readonly isolationLevel?: number | undefined;
  readonly sessionId?: number | undefined;
  readonly sessionEpoch?: number | undefined;
  readonly topics?: readonly RequestFetchTopicInput[] | undefined;
  readonly forgottenTopicsData?: readonly RequestForgottenTopicInput[] | undefined;
  readonly rackId?: string | undefined;
}

export function readFetchRequest(reader: Reader, version: number): FetchRequest {
  const flexible = version >= 12;
  let clusterId: string | null = null;
  let replicaId: number = -1;
  if (version <= 14) {
    replicaId = reader.int32();
  }
  let replicaState: RequestReplicaState = { replicaId: -1, replicaEpoch: -1 };
  let maxWaitMs: number = 0;
  maxWaitMs = reader.int32();
  let minBytes: number = 0;
  minBytes = reader.int32();
  let maxBytes: number = 0x7fffffff;
  maxBytes = reader.int32();
  let isolationLevel: number = 0;
  isolationLevel = reader.int8();
  let sessionId: number = 0;
  if (version >= 7) {
    sessionId = reader.int32();
  }
  let sessionEpoch: number = -1;
  if (version >= 7) {
    sessionEpoch = reader.int32();
  }
  let topics: readonly RequestFetchTopic[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listTopics: RequestFetchTopic[] = [];
    for (; count > 0; count -= 1) listTopics.push(readRequestFetchTopic(reader, version));
    topics = listTopics;
  }
  let forgottenTopicsData: readonly RequestForgottenTopic[] = [];
  if (version >= 7) {
    {
      let count = reader.notNull(reader.arrayLength(flexible));
      const listForgottenTopicsData: RequestForgottenTopic[] = [];
      for (; count > 0; count -= 1) listForgottenTopicsData.push(readRequestForgottenTopic(reader, version));
      forgottenTopicsData = listForgottenTopicsData;
    }
  }
  let rackId: string = '';
  if (version >= 11) {
    rackId = reader.string(flexible);
  }
  if (flexible) reader.tagged((tag) => {
    switch (tag) {
      case 0:
        if (!(version >= 12)) return false;
        clusterId = reader.nullableString(flexible);
        return true;
      case 1:
        if (!(version >= 15)) return false;
        replicaState = readRequestReplicaState(reader, version);
        return true;
      default: return false;
    }
  });
  return { clusterId, replicaId, replicaState, maxWaitMs, minBytes, maxBytes, isolationLevel, sessionId, sessionEpoch, topics, forgottenTopicsData, rackId };
}

export function writeFetchRequest(writer: Writer, message: FetchRequestInput, version: number): void {
  const flexible = version >= 12;
  if (version <= 14) {
    writer.int32(message.replicaId ?? -1);
  } else if (message.replicaId !== undefined && message.replicaId !== -1) lacks('FetchRequest', 'replicaId', version);
  writer.int32(message.maxWaitMs ?? 0);
  writer.int32(message.minBytes ?? 0);
  writer.int32(message.maxBytes ?? 0x7fffffff);
  writer.int8(message.isolationLevel ?? 0);
  if (version >= 7) {
    writer.int32(message.sessionId ?? 0);
  }
  if (version >= 7) {
    writer.int32(message.sessionEpoch ?? -1);
  }
  {
    const list = message.topics ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeRequestFetchTopic(writer, each, version);
  }
  if (version >= 7) {
    {
      const list = message.forgottenTopicsData ?? [];
      writer.arrayLength(list.length, flexible);
      for (const each of list) writeRequestForgottenTopic(writer, each, version);
    }
  } else if (message.forgottenTopicsData !== undefined && message.forgottenTopicsData.length > 0) lacks('FetchRequest', 'forgottenTopicsData', version);
  if (version >= 11) {
    writer.string(message.rackId ?? '', flexible);
  }
  const hasclusterId = message.clusterId !== undefined && message.clusterId !== null;
  const hasreplicaState = message.replicaState !== undefined && ((message.replicaState.replicaId ?? -1) !== -1 || (message.replicaState.replicaEpoch ?? -1) !== -1);
  if (hasreplicaState && !(version >= 15)) lacks('FetchRequest', 'replicaState', version);
  if (flexible) {
    writer.varint((hasclusterId ? 1 : 0) + (hasreplicaState ? 1 : 0));
    if (hasclusterId) writer.tagged(0, (inner) => {
      inner.nullableString(message.clusterId === undefined ? null : message.clusterId, flexible);
    });
    if (hasreplicaState) writer.tagged(1, (inner) => {
      writeRequestReplicaState(inner, message.replicaState ?? {}, version);
    });
  }
}

export interface RequestReplicaState {
  readonly replicaId: number;
  readonly replicaEpoch: number;
}
export interface RequestReplicaStateInput {
  readonly replicaId?: number | undefined;
  readonly replicaEpoch?: number | undefined;
}

export function readRequestReplicaState(reader: Reader, version: number): RequestReplicaState {
  const flexible = version >= 12;
  let replicaId: number = -1;
  if (version >= 15) {
    replicaId = reader.int32();
  }
  let replicaEpoch: number = -1;
  if (version >= 15) {
    replicaEpoch = reader.int64();
  }
  if (flexible) reader.skipTagged();
  return { replicaId, replicaEpoch };
}

export function writeRequestReplicaState(writer: Writer, message: RequestReplicaStateInput, version: number): void {
  const flexible = version >= 12;
  if (version >= 15) {
    writer.int32(message.replicaId ?? -1);
  } else if (message.replicaId !== undefined && message.replicaId !== -1) lacks('FetchRequest', 'replicaId', version);
  if (version >= 15) {
    writer.int64(message.replicaEpoch ?? -1);
  } else if (message.replicaEpoch !== undefined && message.replicaEpoch !== -1) lacks('FetchRequest', 'replicaEpoch', version);
  if (flexible) writer.varint(0);
}

export interface RequestFetchTopic {
  readonly topic: string;
  readonly topicId: Uuid;
  readonly partitions: readonly RequestFetchPartition[];
}
export interface RequestFetchTopicInput {
  readonly topic?: string | undefined;
  readonly topicId?: Uuid | undefined;
  readonly partitions?: readonly RequestFetchPartitionInput[] | undefined;
}

export function readRequestFetchTopic(reader: Reader, version: number): RequestFetchTopic {
  const flexible = version >= 12;
  let topic: string = '';
  if (version <= 12) {
    topic = reader.string(flexible);
  }
  let topicId: Uuid = zeroUuid;
  if (version >= 13) {
    topicId = reader.uuid();
  }
  let partitions: readonly RequestFetchPartition[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listPartitions: RequestFetchPartition[] = [];
    for (; count > 0; count -= 1) listPartitions.push(readRequestFetchPartition(reader, version));
    partitions = listPartitions;
  }
  if (flexible) reader.skipTagged();
  return { topic, topicId, partitions };
}

export function writeRequestFetchTopic(writer: Writer, message: RequestFetchTopicInput, version: number): void {
  const flexible = version >= 12;
  if (version <= 12) {
    writer.string(message.topic ?? '', flexible);
  }
  if (version >= 13) {
    writer.uuid(message.topicId ?? zeroUuid);
  }
  {
    const list = message.partitions ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeRequestFetchPartition(writer, each, version);
  }
  if (flexible) writer.varint(0);
}

export interface RequestFetchPartition {
  readonly partition: number;
  readonly currentLeaderEpoch: number;
  readonly fetchOffset: number;
  readonly lastFetchedEpoch: number;
  readonly logStartOffset: number;
  readonly partitionMaxBytes: number;
  readonly replicaDirectoryId: Uuid;
  readonly highWatermark: number;
}
export interface RequestFetchPartitionInput {
  readonly partition?: number | undefined;
  readonly currentLeaderEpoch?: number | undefined;
  readonly fetchOffset?: number | undefined;
  readonly lastFetchedEpoch?: number | undefined;
  readonly logStartOffset?: number | undefined;
  readonly partitionMaxBytes?: number | undefined;
  readonly replicaDirectoryId?: Uuid | undefined;
  readonly highWatermark?: number | undefined;
}

export function readRequestFetchPartition(reader: Reader, version: number): RequestFetchPartition {
  const flexible = version >= 12;
  let partition: number = 0;
  partition = reader.int32();
  let currentLeaderEpoch: number = -1;
  if (version >= 9) {
    currentLeaderEpoch = reader.int32();
  }
  let fetchOffset: number = 0;
  fetchOffset = reader.int64();
  let lastFetchedEpoch: number = -1;
  if (version >= 12) {
    lastFetchedEpoch = reader.int32();
  }
  let logStartOffset: number = -1;
  if (version >= 5) {
    logStartOffset = reader.int64();
  }
  let partitionMaxBytes: number = 0;
  partitionMaxBytes = reader.int32();
  let replicaDirectoryId: Uuid = zeroUuid;
  let highWatermark: number = int64Max;
  if (flexible) reader.tagged((tag) => {
    switch (tag) {
      case 0:
        if (!(version >= 17)) return false;
        replicaDirectoryId = reader.uuid();
        return true;
      case 1:
        if (!(version >= 18)) return false;
        highWatermark = reader.int64();
        return true;
      default: return false;
    }
  });
  return { partition, currentLeaderEpoch, fetchOffset, lastFetchedEpoch, logStartOffset, partitionMaxBytes, replicaDirectoryId, highWatermark };
}

export function writeRequestFetchPartition(writer: Writer, message: RequestFetchPartitionInput, version: number): void {
  const flexible = version >= 12;
  writer.int32(message.partition ?? 0);
  if (version >= 9) {
    writer.int32(message.currentLeaderEpoch ?? -1);
  }
  writer.int64(message.fetchOffset ?? 0);
  if (version >= 12) {
    writer.int32(message.lastFetchedEpoch ?? -1);
  } else if (message.lastFetchedEpoch !== undefined && message.lastFetchedEpoch !== -1) lacks('FetchRequest', 'lastFetchedEpoch', version);
  if (version >= 5) {
    writer.int64(message.logStartOffset ?? -1);
  }
  writer.int32(message.partitionMaxBytes ?? 0);
  const hasreplicaDirectoryId = message.replicaDirectoryId !== undefined && message.replicaDirectoryId !== zeroUuid;
  const hashighWatermark = message.highWatermark !== undefined && message.highWatermark !== int64Max;
  if (flexible) {
    writer.varint((hasreplicaDirectoryId && version >= 17 ? 1 : 0) + (hashighWatermark && version >= 18 ? 1 : 0));
    if (hasreplicaDirectoryId && version >= 17) writer.tagged(0, (inner) => {
      inner.uuid(message.replicaDirectoryId ?? zeroUuid);
    });
    if (hashighWatermark && version >= 18) writer.tagged(1, (inner) => {
      inner.int64(message.highWatermark ?? int64Max);
    });
  }
}

export interface RequestForgottenTopic {
  readonly topic: string;
  readonly topicId: Uuid;
  readonly partitions: readonly number[];
}
export interface RequestForgottenTopicInput {
  readonly topic?: string | undefined;
  readonly topicId?: Uuid | undefined;
  readonly partitions?: readonly number[] | undefined;
}

export function readRequestForgottenTopic(reader: Reader, version: number): RequestForgottenTopic {
  const flexible = version >= 12;
  let topic: string = '';
  if (version >= 7 && version <= 12) {
    topic = reader.string(flexible);
  }
  let topicId: Uuid = zeroUuid;
  if (version >= 13) {
    topicId = reader.uuid();
  }
  let partitions: readonly number[] = [];
  if (version >= 7) {
    {
      let count = reader.notNull(reader.arrayLength(flexible));
      const listPartitions: number[] = [];
      for (; count > 0; count -= 1) listPartitions.push(reader.int32());
      partitions = listPartitions;
    }
  }
  if (flexible) reader.skipTagged();
  return { topic, topicId, partitions };
}

export function writeRequestForgottenTopic(writer: Writer, message: RequestForgottenTopicInput, version: number): void {
  const flexible = version >= 12;
  if (version >= 7 && version <= 12) {
    writer.string(message.topic ?? '', flexible);
  }
  if (version >= 13) {
    writer.uuid(message.topicId ?? zeroUuid);
  }
  if (version >= 7) {
    {
      const list = message.partitions ?? [];
      writer.arrayLength(list.length, flexible);
      for (const each of list) writer.int32(each);
    }
  } else if (message.partitions !== undefined && message.partitions.length > 0) lacks('FetchRequest', 'partitions', version);
  if (flexible) writer.varint(0);
}

export interface FetchResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly sessionId: number;
  readonly responses: readonly ResponseFetchableTopicResponse[];
  readonly nodeEndpoints: readonly ResponseNodeEndpoint[];
}
export interface FetchResponseInput {
  readonly throttleTimeMs?: number | undefined;
  readonly errorCode?: number | undefined;
  readonly sessionId?: number | undefined;
  readonly responses?: readonly ResponseFetchableTopicResponseInput[] | undefined;
  readonly nodeEndpoints?: readonly ResponseNodeEndpointInput[] | undefined;
}

export function readFetchResponse(reader: Reader, version: number): FetchResponse {
  const flexible = version >= 12;
  let throttleTimeMs: number = 0;
  throttleTimeMs = reader.int32();
  let errorCode: number = 0;
  if (version >= 7) {
    errorCode = reader.int16();
  }
  let sessionId: number = 0;
  if (version >= 7) {
    sessionId = reader.int32();
  }
  let responses: readonly ResponseFetchableTopicResponse[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listResponses: ResponseFetchableTopicResponse[] = [];
    for (; count > 0; count -= 1) listResponses.push(readResponseFetchableTopicResponse(reader, version));
    responses = listResponses;
  }
  let nodeEndpoints: readonly ResponseNodeEndpoint[] = [];
  if (flexible) reader.tagged((tag) => {
    switch (tag) {
      case 0:
        if (!(version >= 16)) return false;
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
  return { throttleTimeMs, errorCode, sessionId, responses, nodeEndpoints };
}

export function writeFetchResponse(writer: Writer, message: FetchResponseInput, version: number): void {
  const flexible = version >= 12;
  writer.int32(message.throttleTimeMs ?? 0);
  if (version >= 7) {
    writer.int16(message.errorCode ?? 0);
  }
  if (version >= 7) {
    writer.int32(message.sessionId ?? 0);
  } else if (message.sessionId !== undefined && message.sessionId !== 0) lacks('FetchResponse', 'sessionId', version);
  {
    const list = message.responses ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseFetchableTopicResponse(writer, each, version);
  }
  const hasnodeEndpoints = message.nodeEndpoints !== undefined && message.nodeEndpoints.length > 0;
  if (hasnodeEndpoints && !(version >= 16)) lacks('FetchResponse', 'nodeEndpoints', version);
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

export interface ResponseFetchableTopicResponse {
  readonly topic: string;
  readonly topicId: Uuid;
  readonly partitions: readonly ResponsePartitionData[];
}
export interface ResponseFetchableTopicResponseInput {
  readonly topic?: string | undefined;
  readonly topicId?: Uuid | undefined;
  readonly partitions?: readonly ResponsePartitionDataInput[] | undefined;
}

export function readResponseFetchableTopicResponse(reader: Reader, version: number): ResponseFetchableTopicResponse {
  const flexible = version >= 12;
  let topic: string = '';
  if (version <= 12) {
    topic = reader.string(flexible);
  }
  let topicId: Uuid = zeroUuid;
  if (version >= 13) {
    topicId = reader.uuid();
  }
  let partitions: readonly ResponsePartitionData[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listPartitions: ResponsePartitionData[] = [];
    for (; count > 0; count -= 1) listPartitions.push(readResponsePartitionData(reader, version));
    partitions = listPartitions;
  }
  if (flexible) reader.skipTagged();
  return { topic, topicId, partitions };
}

export function writeResponseFetchableTopicResponse(writer: Writer, message: ResponseFetchableTopicResponseInput, version: number): void {
  const flexible = version >= 12;
  if (version <= 12) {
    writer.string(message.topic ?? '', flexible);
  }
  if (version >= 13) {
    writer.uuid(message.topicId ?? zeroUuid);
  }
  {
    const list = message.partitions ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponsePartitionData(writer, each, version);
  }
  if (flexible) writer.varint(0);
}

export interface ResponsePartitionData {
  readonly partitionIndex: number;
  readonly errorCode: number;
  readonly highWatermark: number;
  readonly lastStableOffset: number;
  readonly logStartOffset: number;
  readonly divergingEpoch: ResponseEpochEndOffset;
  readonly currentLeader: ResponseLeaderIdAndEpoch;
  readonly snapshotId: ResponseSnapshotId;
  readonly abortedTransactions: readonly ResponseAbortedTransaction[] | null;
  readonly preferredReadReplica: number;
  readonly records: Uint8Array | null;
}
export interface ResponsePartitionDataInput {
  readonly partitionIndex?: number | undefined;
  readonly errorCode?: number | undefined;
  readonly highWatermark?: number | undefined;
  readonly lastStableOffset?: number | undefined;
  readonly logStartOffset?: number | undefined;
  readonly divergingEpoch?: ResponseEpochEndOffsetInput | undefined;
  readonly currentLeader?: ResponseLeaderIdAndEpochInput | undefined;
  readonly snapshotId?: ResponseSnapshotIdInput | undefined;
  readonly abortedTransactions?: readonly ResponseAbortedTransactionInput[] | null | undefined;
  readonly preferredReadReplica?: number | undefined;
  readonly records?: Uint8Array | null | undefined;
}

export function readResponsePartitionData(reader: Reader, version: number): ResponsePartitionData {
  const flexible = version >= 12;
  let partitionIndex: number = 0;
  partitionIndex = reader.int32();
  let errorCode: number = 0;
  errorCode = reader.int16();
  let highWatermark: number = 0;
  highWatermark = reader.int64();
  let lastStableOffset: number = -1;
  lastStableOffset = reader.int64();
  let logStartOffset: number = -1;
  if (version >= 5) {
    logStartOffset = reader.int64();
  }
  let divergingEpoch: ResponseEpochEndOffset = { epoch: -1, endOffset: -1 };
  let currentLeader: ResponseLeaderIdAndEpoch = { leaderId: -1, leaderEpoch: -1 };
  let snapshotId: ResponseSnapshotId = { endOffset: -1, epoch: -1 };
  let abortedTransactions: readonly ResponseAbortedTransaction[] | null = [];
  {
    let count = reader.arrayLength(flexible);
    if (count < 0) abortedTransactions = null;
    else {
      const listAbortedTransactions: ResponseAbortedTransaction[] = [];
      for (; count > 0; count -= 1) listAbortedTransactions.push(readResponseAbortedTransaction(reader, version));
      abortedTransactions = listAbortedTransactions;
    }
  }
  let preferredReadReplica: number = -1;
  if (version >= 11) {
    preferredReadReplica = reader.int32();
  }
  let records: Uint8Array | null = new Uint8Array();
  records = reader.nullableBytes(flexible);
  if (flexible) reader.tagged((tag) => {
    switch (tag) {
      case 0:
        if (!(version >= 12)) return false;
        divergingEpoch = readResponseEpochEndOffset(reader, version);
        return true;
      case 1:
        if (!(version >= 12)) return false;
        currentLeader = readResponseLeaderIdAndEpoch(reader, version);
        return true;
      case 2:
        if (!(version >= 12)) return false;
        snapshotId = readResponseSnapshotId(reader, version);
        return true;
      default: return false;
    }
  });
  return { partitionIndex, errorCode, highWatermark, lastStableOffset, logStartOffset, divergingEpoch, currentLeader, snapshotId, abortedTransactions, preferredReadReplica, records };
}

export function writeResponsePartitionData(writer: Writer, message: ResponsePartitionDataInput, version: number): void {
  const flexible = version >= 12;
  writer.int32(message.partitionIndex ?? 0);
  writer.int16(message.errorCode ?? 0);
  writer.int64(message.highWatermark ?? 0);
  writer.int64(message.lastStableOffset ?? -1);
  if (version >= 5) {
    writer.int64(message.logStartOffset ?? -1);
  }
  {
    const list = message.abortedTransactions === undefined ? [] : message.abortedTransactions;
    if (list === null) writer.arrayLength(-1, flexible);
    else {
      writer.arrayLength(list.length, flexible);
      for (const each of list) writeResponseAbortedTransaction(writer, each, version);
    }
  }
  if (version >= 11) {
    writer.int32(message.preferredReadReplica ?? -1);
  } else if (message.preferredReadReplica !== undefined && message.preferredReadReplica !== -1) lacks('FetchResponse', 'preferredReadReplica', version);
  writer.nullableBytes(message.records === undefined ? new Uint8Array() : message.records, flexible);
  const hasdivergingEpoch = message.divergingEpoch !== undefined && ((message.divergingEpoch.epoch ?? -1) !== -1 || (message.divergingEpoch.endOffset ?? -1) !== -1);
  if (hasdivergingEpoch && !(version >= 12)) lacks('FetchResponse', 'divergingEpoch', version);
  const hascurrentLeader = message.currentLeader !== undefined && ((message.currentLeader.leaderId ?? -1) !== -1 || (message.currentLeader.leaderEpoch ?? -1) !== -1);
  if (hascurrentLeader && !(version >= 12)) lacks('FetchResponse', 'currentLeader', version);
  const hassnapshotId = message.snapshotId !== undefined && ((message.snapshotId.endOffset ?? -1) !== -1 || (message.snapshotId.epoch ?? -1) !== -1);
  if (hassnapshotId && !(version >= 12)) lacks('FetchResponse', 'snapshotId', version);
  if (flexible) {
    writer.varint((hasdivergingEpoch ? 1 : 0) + (hascurrentLeader ? 1 : 0) + (hassnapshotId ? 1 : 0));
    if (hasdivergingEpoch) writer.tagged(0, (inner) => {
      writeResponseEpochEndOffset(inner, message.divergingEpoch ?? {}, version);
    });
    if (hascurrentLeader) writer.tagged(1, (inner) => {
      writeResponseLeaderIdAndEpoch(inner, message.currentLeader ?? {}, version);
    });
    if (hassnapshotId) writer.tagged(2, (inner) => {
      writeResponseSnapshotId(inner, message.snapshotId ?? {}, version);
    });
  }
}

export interface ResponseEpochEndOffset {
  readonly epoch: number;
  readonly endOffset: number;
}
export interface ResponseEpochEndOffsetInput {
  readonly epoch?: number | undefined;
  readonly endOffset?: number | undefined;
}

export function readResponseEpochEndOffset(reader: Reader, version: number): ResponseEpochEndOffset {
  const flexible = version >= 12;
  let epoch: number = -1;
  if (version >= 12) {
    epoch = reader.int32();
  }
  let endOffset: number = -1;
  if (version >= 12) {
    endOffset = reader.int64();
  }
  if (flexible) reader.skipTagged();
  return { epoch, endOffset };
}

export function writeResponseEpochEndOffset(writer: Writer, message: ResponseEpochEndOffsetInput, version: number): void {
  const flexible = version >= 12;
  if (version >= 12) {
    writer.int32(message.epoch ?? -1);
  } else if (message.epoch !== undefined && message.epoch !== -1) lacks('FetchResponse', 'epoch', version);
  if (version >= 12) {
    writer.int64(message.endOffset ?? -1);
  } else if (message.endOffset !== undefined && message.endOffset !== -1) lacks('FetchResponse', 'endOffset', version);
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
  const flexible = version >= 12;
  let leaderId: number = -1;
  if (version >= 12) {
    leaderId = reader.int32();
  }
  let leaderEpoch: number = -1;
  if (version >= 12) {
    leaderEpoch = reader.int32();
  }
  if (flexible) reader.skipTagged();
  return { leaderId, leaderEpoch };
}

export function writeResponseLeaderIdAndEpoch(writer: Writer, message: ResponseLeaderIdAndEpochInput, version: number): void {
  const flexible = version >= 12;
  if (version >= 12) {
    writer.int32(message.leaderId ?? -1);
  } else if (message.leaderId !== undefined && message.leaderId !== -1) lacks('FetchResponse', 'leaderId', version);
  if (version >= 12) {
    writer.int32(message.leaderEpoch ?? -1);
  } else if (message.leaderEpoch !== undefined && message.leaderEpoch !== -1) lacks('FetchResponse', 'leaderEpoch', version);
  if (flexible) writer.varint(0);
}

export interface ResponseSnapshotId {
  readonly endOffset: number;
  readonly epoch: number;
}
export interface ResponseSnapshotIdInput {
  readonly endOffset?: number | undefined;
  readonly epoch?: number | undefined;
}

export function readResponseSnapshotId(reader: Reader, version: number): ResponseSnapshotId {
  const flexible = version >= 12;
  let endOffset: number = -1;
  endOffset = reader.int64();
  let epoch: number = -1;
  epoch = reader.int32();
  if (flexible) reader.skipTagged();
  return { endOffset, epoch };
}

export function writeResponseSnapshotId(writer: Writer, message: ResponseSnapshotIdInput, version: number): void {
  const flexible = version >= 12;
  writer.int64(message.endOffset ?? -1);
  writer.int32(message.epoch ?? -1);
  if (flexible) writer.varint(0);
}

export interface ResponseAbortedTransaction {
  readonly producerId: number;
  readonly firstOffset: number;
}
export interface ResponseAbortedTransactionInput {
  readonly producerId?: number | undefined;
  readonly firstOffset?: number | undefined;
}

export function readResponseAbortedTransaction(reader: Reader, version: number): ResponseAbortedTransaction {
  const flexible = version >= 12;
  let producerId: number = 0;
  producerId = reader.int64();
  let firstOffset: number = 0;
  firstOffset = reader.int64();
  if (flexible) reader.skipTagged();
  return { producerId, firstOffset };
}

export function writeResponseAbortedTransaction(writer: Writer, message: ResponseAbortedTransactionInput, version: number): void {
  const flexible = version >= 12;
  writer.int64(message.producerId ?? 0);
  writer.int64(message.firstOffset ?? 0);
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
  const flexible = version >= 12;
  let nodeId: number = 0;
  if (version >= 16) {
    nodeId = reader.int32();
  }
  let host: string = '';
  if (version >= 16) {
    host = reader.string(flexible);
  }
  let port: number = 0;
  if (version >= 16) {
    port = reader.int32();
  }
  let rack: string | null = null;
  if (version >= 16) {
    rack = reader.nullableString(flexible);
  }
  if (flexible) reader.skipTagged();
  return { nodeId, host, port, rack };
}

export function writeResponseNodeEndpoint(writer: Writer, message: ResponseNodeEndpointInput, version: number): void {
  const flexible = version >= 12;
  if (version >= 16) {
    writer.int32(message.nodeId ?? 0);
  } else if (message.nodeId !== undefined && message.nodeId !== 0) lacks('FetchResponse', 'nodeId', version);
  if (version >= 16) {
    writer.string(message.host ?? '', flexible);
  } else if (message.host !== undefined && message.host !== '') lacks('FetchResponse', 'host', version);
  if (version >= 16) {
    writer.int32(message.port ?? 0);
  } else if (message.port !== undefined && message.port !== 0) lacks('FetchResponse', 'port', version);
  if (version >= 16) {
    writer.nullableString(message.rack === undefined ? null : message.rack, flexible);
  } else if (message.rack !== undefined && message.rack !== null) lacks('FetchResponse', 'rack', version);
  if (flexible) writer.varint(0);
}
