// Generated from ../tables by `make generate`.
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

export interface DescribeLogDirsRequest {
  readonly topics: readonly RequestDescribableLogDirTopic[] | null;
}
export interface DescribeLogDirsRequestInput {
  readonly topics?: readonly RequestDescribableLogDirTopicInput[] | null | undefined;
}

export function readDescribeLogDirsRequest(reader: Reader, version: number): DescribeLogDirsRequest {
  const flexible = version >= 2;
  let topics: readonly RequestDescribableLogDirTopic[] | null = [];
  {
    let count = reader.arrayLength(flexible);
    if (count < 0) topics = null;
    else {
      const listTopics: RequestDescribableLogDirTopic[] = [];
      for (; count > 0; count -= 1) listTopics.push(readRequestDescribableLogDirTopic(reader, version));
      topics = listTopics;
    }
  }
  if (flexible) reader.skipTagged();
  return { topics };
}

export function writeDescribeLogDirsRequest(writer: Writer, message: DescribeLogDirsRequestInput, version: number): void {
  const flexible = version >= 2;
  {
    const list = message.topics === undefined ? [] : message.topics;
    if (list === null) writer.arrayLength(-1, flexible);
    else {
      writer.arrayLength(list.length, flexible);
      for (const each of list) writeRequestDescribableLogDirTopic(writer, each, version);
    }
  }
  if (flexible) writer.varint(0);
}

export interface RequestDescribableLogDirTopic {
  readonly topic: string;
  readonly partitions: readonly number[];
}
export interface RequestDescribableLogDirTopicInput {
  readonly topic?: string | undefined;
  readonly partitions?: readonly number[] | undefined;
}

export function readRequestDescribableLogDirTopic(reader: Reader, version: number): RequestDescribableLogDirTopic {
  const flexible = version >= 2;
  let topic: string = '';
  topic = reader.string(flexible);
  let partitions: readonly number[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listPartitions: number[] = [];
    for (; count > 0; count -= 1) listPartitions.push(reader.int32());
    partitions = listPartitions;
  }
  if (flexible) reader.skipTagged();
  return { topic, partitions };
}

export function writeRequestDescribableLogDirTopic(writer: Writer, message: RequestDescribableLogDirTopicInput, version: number): void {
  const flexible = version >= 2;
  writer.string(message.topic ?? '', flexible);
  {
    const list = message.partitions ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writer.int32(each);
  }
  if (flexible) writer.varint(0);
}

export interface DescribeLogDirsResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly results: readonly ResponseDescribeLogDirsResult[];
}
export interface DescribeLogDirsResponseInput {
  readonly throttleTimeMs?: number | undefined;
  readonly errorCode?: number | undefined;
  readonly results?: readonly ResponseDescribeLogDirsResultInput[] | undefined;
}

export function readDescribeLogDirsResponse(reader: Reader, version: number): DescribeLogDirsResponse {
  const flexible = version >= 2;
  let throttleTimeMs: number = 0;
  throttleTimeMs = reader.int32();
  let errorCode: number = 0;
  if (version >= 3) {
    errorCode = reader.int16();
  }
  let results: readonly ResponseDescribeLogDirsResult[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listResults: ResponseDescribeLogDirsResult[] = [];
    for (; count > 0; count -= 1) listResults.push(readResponseDescribeLogDirsResult(reader, version));
    results = listResults;
  }
  if (flexible) reader.skipTagged();
  return { throttleTimeMs, errorCode, results };
}

export function writeDescribeLogDirsResponse(writer: Writer, message: DescribeLogDirsResponseInput, version: number): void {
  const flexible = version >= 2;
  writer.int32(message.throttleTimeMs ?? 0);
  if (version >= 3) {
    writer.int16(message.errorCode ?? 0);
  }
  {
    const list = message.results ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseDescribeLogDirsResult(writer, each, version);
  }
  if (flexible) writer.varint(0);
}

export interface ResponseDescribeLogDirsResult {
  readonly errorCode: number;
  readonly logDir: string;
  readonly topics: readonly ResponseDescribeLogDirsTopic[];
  readonly totalBytes: number;
  readonly usableBytes: number;
  readonly isCordoned: boolean;
}
export interface ResponseDescribeLogDirsResultInput {
  readonly errorCode?: number | undefined;
  readonly logDir?: string | undefined;
  readonly topics?: readonly ResponseDescribeLogDirsTopicInput[] | undefined;
  readonly totalBytes?: number | undefined;
  readonly usableBytes?: number | undefined;
  readonly isCordoned?: boolean | undefined;
}

export function readResponseDescribeLogDirsResult(reader: Reader, version: number): ResponseDescribeLogDirsResult {
  const flexible = version >= 2;
  let errorCode: number = 0;
  errorCode = reader.int16();
  let logDir: string = '';
  logDir = reader.string(flexible);
  let topics: readonly ResponseDescribeLogDirsTopic[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listTopics: ResponseDescribeLogDirsTopic[] = [];
    for (; count > 0; count -= 1) listTopics.push(readResponseDescribeLogDirsTopic(reader, version));
    topics = listTopics;
  }
  let totalBytes: number = -1;
  if (version >= 4) {
    totalBytes = reader.int64();
  }
  let usableBytes: number = -1;
  if (version >= 4) {
    usableBytes = reader.int64();
  }
  let isCordoned: boolean = false;
  if (version >= 5) {
    isCordoned = reader.bool();
  }
  if (flexible) reader.skipTagged();
  return { errorCode, logDir, topics, totalBytes, usableBytes, isCordoned };
}

export function writeResponseDescribeLogDirsResult(writer: Writer, message: ResponseDescribeLogDirsResultInput, version: number): void {
  const flexible = version >= 2;
  writer.int16(message.errorCode ?? 0);
  writer.string(message.logDir ?? '', flexible);
  {
    const list = message.topics ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseDescribeLogDirsTopic(writer, each, version);
  }
  if (version >= 4) {
    writer.int64(message.totalBytes ?? -1);
  }
  if (version >= 4) {
    writer.int64(message.usableBytes ?? -1);
  }
  if (version >= 5) {
    writer.bool(message.isCordoned ?? false);
  }
  if (flexible) writer.varint(0);
}

export interface ResponseDescribeLogDirsTopic {
  readonly name: string;
  readonly partitions: readonly ResponseDescribeLogDirsPartition[];
}
export interface ResponseDescribeLogDirsTopicInput {
  readonly name?: string | undefined;
  readonly partitions?: readonly ResponseDescribeLogDirsPartitionInput[] | undefined;
}

export function readResponseDescribeLogDirsTopic(reader: Reader, version: number): ResponseDescribeLogDirsTopic {
  const flexible = version >= 2;
  let name: string = '';
  name = reader.string(flexible);
  let partitions: readonly ResponseDescribeLogDirsPartition[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listPartitions: ResponseDescribeLogDirsPartition[] = [];
    for (; count > 0; count -= 1) listPartitions.push(readResponseDescribeLogDirsPartition(reader, version));
    partitions = listPartitions;
  }
  if (flexible) reader.skipTagged();
  return { name, partitions };
}

export function writeResponseDescribeLogDirsTopic(writer: Writer, message: ResponseDescribeLogDirsTopicInput, version: number): void {
  const flexible = version >= 2;
  writer.string(message.name ?? '', flexible);
  {
    const list = message.partitions ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseDescribeLogDirsPartition(writer, each, version);
  }
  if (flexible) writer.varint(0);
}

export interface ResponseDescribeLogDirsPartition {
  readonly partitionIndex: number;
  readonly partitionSize: number;
  readonly offsetLag: number;
  readonly isFutureKey: boolean;
}
export interface ResponseDescribeLogDirsPartitionInput {
  readonly partitionIndex?: number | undefined;
  readonly partitionSize?: number | undefined;
  readonly offsetLag?: number | undefined;
  readonly isFutureKey?: boolean | undefined;
}

export function readResponseDescribeLogDirsPartition(reader: Reader, version: number): ResponseDescribeLogDirsPartition {
  const flexible = version >= 2;
  let partitionIndex: number = 0;
  partitionIndex = reader.int32();
  let partitionSize: number = 0;
  partitionSize = reader.int64();
  let offsetLag: number = 0;
  offsetLag = reader.int64();
  let isFutureKey: boolean = false;
  isFutureKey = reader.bool();
  if (flexible) reader.skipTagged();
  return { partitionIndex, partitionSize, offsetLag, isFutureKey };
}

export function writeResponseDescribeLogDirsPartition(writer: Writer, message: ResponseDescribeLogDirsPartitionInput, version: number): void {
  const flexible = version >= 2;
  writer.int32(message.partitionIndex ?? 0);
  writer.int64(message.partitionSize ?? 0);
  writer.int64(message.offsetLag ?? 0);
  writer.bool(message.isFutureKey ?? false);
  if (flexible) writer.varint(0);
}
