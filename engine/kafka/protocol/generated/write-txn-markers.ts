// Generated from ../tables by `make generate`.
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

export interface WriteTxnMarkersRequest {
  readonly markers: readonly RequestWritableTxnMarker[];
}
export interface WriteTxnMarkersRequestInput {
  readonly markers?: readonly RequestWritableTxnMarkerInput[] | undefined;
}

export function readWriteTxnMarkersRequest(reader: Reader, version: number): WriteTxnMarkersRequest {
  const flexible = true;
  let markers: readonly RequestWritableTxnMarker[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listMarkers: RequestWritableTxnMarker[] = [];
    for (; count > 0; count -= 1) listMarkers.push(readRequestWritableTxnMarker(reader, version));
    markers = listMarkers;
  }
  reader.skipTagged();
  return { markers };
}

export function writeWriteTxnMarkersRequest(writer: Writer, message: WriteTxnMarkersRequestInput, version: number): void {
  const flexible = true;
  {
    const list = message.markers ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeRequestWritableTxnMarker(writer, each, version);
  }
  writer.varint(0);
}

export interface RequestWritableTxnMarker {
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly transactionResult: boolean;
  readonly topics: readonly RequestWritableTxnMarkerTopic[];
  readonly coordinatorEpoch: number;
  readonly transactionVersion: number;
}
export interface RequestWritableTxnMarkerInput {
  readonly producerId?: number | undefined;
  readonly producerEpoch?: number | undefined;
  readonly transactionResult?: boolean | undefined;
  readonly topics?: readonly RequestWritableTxnMarkerTopicInput[] | undefined;
  readonly coordinatorEpoch?: number | undefined;
  readonly transactionVersion?: number | undefined;
}

export function readRequestWritableTxnMarker(reader: Reader, version: number): RequestWritableTxnMarker {
  const flexible = true;
  let producerId: number = 0;
  producerId = reader.int64();
  let producerEpoch: number = 0;
  producerEpoch = reader.int16();
  let transactionResult: boolean = false;
  transactionResult = reader.bool();
  let topics: readonly RequestWritableTxnMarkerTopic[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listTopics: RequestWritableTxnMarkerTopic[] = [];
    for (; count > 0; count -= 1) listTopics.push(readRequestWritableTxnMarkerTopic(reader, version));
    topics = listTopics;
  }
  let coordinatorEpoch: number = 0;
  coordinatorEpoch = reader.int32();
  let transactionVersion: number = 0;
  if (version >= 2) {
    transactionVersion = reader.int8();
  }
  reader.skipTagged();
  return { producerId, producerEpoch, transactionResult, topics, coordinatorEpoch, transactionVersion };
}

export function writeRequestWritableTxnMarker(writer: Writer, message: RequestWritableTxnMarkerInput, version: number): void {
  const flexible = true;
  writer.int64(message.producerId ?? 0);
  writer.int16(message.producerEpoch ?? 0);
  writer.bool(message.transactionResult ?? false);
  {
    const list = message.topics ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeRequestWritableTxnMarkerTopic(writer, each, version);
  }
  writer.int32(message.coordinatorEpoch ?? 0);
  if (version >= 2) {
    writer.int8(message.transactionVersion ?? 0);
  }
  writer.varint(0);
}

export interface RequestWritableTxnMarkerTopic {
  readonly name: string;
  readonly partitionIndexes: readonly number[];
}
export interface RequestWritableTxnMarkerTopicInput {
  readonly name?: string | undefined;
  readonly partitionIndexes?: readonly number[] | undefined;
}

export function readRequestWritableTxnMarkerTopic(reader: Reader, version: number): RequestWritableTxnMarkerTopic {
  const flexible = true;
  let name: string = '';
  name = reader.string(flexible);
  let partitionIndexes: readonly number[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listPartitionIndexes: number[] = [];
    for (; count > 0; count -= 1) listPartitionIndexes.push(reader.int32());
    partitionIndexes = listPartitionIndexes;
  }
  reader.skipTagged();
  return { name, partitionIndexes };
}

export function writeRequestWritableTxnMarkerTopic(writer: Writer, message: RequestWritableTxnMarkerTopicInput, version: number): void {
  const flexible = true;
  writer.string(message.name ?? '', flexible);
  {
    const list = message.partitionIndexes ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writer.int32(each);
  }
  writer.varint(0);
}

export interface WriteTxnMarkersResponse {
  readonly markers: readonly ResponseWritableTxnMarkerResult[];
}
export interface WriteTxnMarkersResponseInput {
  readonly markers?: readonly ResponseWritableTxnMarkerResultInput[] | undefined;
}

export function readWriteTxnMarkersResponse(reader: Reader, version: number): WriteTxnMarkersResponse {
  const flexible = true;
  let markers: readonly ResponseWritableTxnMarkerResult[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listMarkers: ResponseWritableTxnMarkerResult[] = [];
    for (; count > 0; count -= 1) listMarkers.push(readResponseWritableTxnMarkerResult(reader, version));
    markers = listMarkers;
  }
  reader.skipTagged();
  return { markers };
}

export function writeWriteTxnMarkersResponse(writer: Writer, message: WriteTxnMarkersResponseInput, version: number): void {
  const flexible = true;
  {
    const list = message.markers ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseWritableTxnMarkerResult(writer, each, version);
  }
  writer.varint(0);
}

export interface ResponseWritableTxnMarkerResult {
  readonly producerId: number;
  readonly topics: readonly ResponseWritableTxnMarkerTopicResult[];
}
export interface ResponseWritableTxnMarkerResultInput {
  readonly producerId?: number | undefined;
  readonly topics?: readonly ResponseWritableTxnMarkerTopicResultInput[] | undefined;
}

export function readResponseWritableTxnMarkerResult(reader: Reader, version: number): ResponseWritableTxnMarkerResult {
  const flexible = true;
  let producerId: number = 0;
  producerId = reader.int64();
  let topics: readonly ResponseWritableTxnMarkerTopicResult[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listTopics: ResponseWritableTxnMarkerTopicResult[] = [];
    for (; count > 0; count -= 1) listTopics.push(readResponseWritableTxnMarkerTopicResult(reader, version));
    topics = listTopics;
  }
  reader.skipTagged();
  return { producerId, topics };
}

export function writeResponseWritableTxnMarkerResult(writer: Writer, message: ResponseWritableTxnMarkerResultInput, version: number): void {
  const flexible = true;
  writer.int64(message.producerId ?? 0);
  {
    const list = message.topics ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseWritableTxnMarkerTopicResult(writer, each, version);
  }
  writer.varint(0);
}

export interface ResponseWritableTxnMarkerTopicResult {
  readonly name: string;
  readonly partitions: readonly ResponseWritableTxnMarkerPartitionResult[];
}
export interface ResponseWritableTxnMarkerTopicResultInput {
  readonly name?: string | undefined;
  readonly partitions?: readonly ResponseWritableTxnMarkerPartitionResultInput[] | undefined;
}

export function readResponseWritableTxnMarkerTopicResult(reader: Reader, version: number): ResponseWritableTxnMarkerTopicResult {
  const flexible = true;
  let name: string = '';
  name = reader.string(flexible);
  let partitions: readonly ResponseWritableTxnMarkerPartitionResult[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listPartitions: ResponseWritableTxnMarkerPartitionResult[] = [];
    for (; count > 0; count -= 1) listPartitions.push(readResponseWritableTxnMarkerPartitionResult(reader, version));
    partitions = listPartitions;
  }
  reader.skipTagged();
  return { name, partitions };
}

export function writeResponseWritableTxnMarkerTopicResult(writer: Writer, message: ResponseWritableTxnMarkerTopicResultInput, version: number): void {
  const flexible = true;
  writer.string(message.name ?? '', flexible);
  {
    const list = message.partitions ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseWritableTxnMarkerPartitionResult(writer, each, version);
  }
  writer.varint(0);
}

export interface ResponseWritableTxnMarkerPartitionResult {
  readonly partitionIndex: number;
  readonly errorCode: number;
}
export interface ResponseWritableTxnMarkerPartitionResultInput {
  readonly partitionIndex?: number | undefined;
  readonly errorCode?: number | undefined;
}

export function readResponseWritableTxnMarkerPartitionResult(reader: Reader, version: number): ResponseWritableTxnMarkerPartitionResult {
  let partitionIndex: number = 0;
  partitionIndex = reader.int32();
  let errorCode: number = 0;
  errorCode = reader.int16();
  reader.skipTagged();
  return { partitionIndex, errorCode };
}

export function writeResponseWritableTxnMarkerPartitionResult(writer: Writer, message: ResponseWritableTxnMarkerPartitionResultInput, version: number): void {
  writer.int32(message.partitionIndex ?? 0);
  writer.int16(message.errorCode ?? 0);
  writer.varint(0);
}
