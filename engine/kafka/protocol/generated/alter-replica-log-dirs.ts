// Generated from ../tables by `make generate`.
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

export interface AlterReplicaLogDirsRequest {
  readonly dirs: readonly RequestAlterReplicaLogDir[];
}
export interface AlterReplicaLogDirsRequestInput {
  readonly dirs?: readonly RequestAlterReplicaLogDirInput[] | undefined;
}

export function readAlterReplicaLogDirsRequest(reader: Reader, version: number): AlterReplicaLogDirsRequest {
  const flexible = version >= 2;
  let dirs: readonly RequestAlterReplicaLogDir[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listDirs: RequestAlterReplicaLogDir[] = [];
    for (; count > 0; count -= 1) listDirs.push(readRequestAlterReplicaLogDir(reader, version));
    dirs = listDirs;
  }
  if (flexible) reader.skipTagged();
  return { dirs };
}

export function writeAlterReplicaLogDirsRequest(writer: Writer, message: AlterReplicaLogDirsRequestInput, version: number): void {
  const flexible = version >= 2;
  {
    const list = message.dirs ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeRequestAlterReplicaLogDir(writer, each, version);
  }
  if (flexible) writer.varint(0);
}

export interface RequestAlterReplicaLogDir {
  readonly path: string;
  readonly topics: readonly RequestAlterReplicaLogDirTopic[];
}
export interface RequestAlterReplicaLogDirInput {
  readonly path?: string | undefined;
  readonly topics?: readonly RequestAlterReplicaLogDirTopicInput[] | undefined;
}

export function readRequestAlterReplicaLogDir(reader: Reader, version: number): RequestAlterReplicaLogDir {
  const flexible = version >= 2;
  let path: string = '';
  path = reader.string(flexible);
  let topics: readonly RequestAlterReplicaLogDirTopic[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listTopics: RequestAlterReplicaLogDirTopic[] = [];
    for (; count > 0; count -= 1) listTopics.push(readRequestAlterReplicaLogDirTopic(reader, version));
    topics = listTopics;
  }
  if (flexible) reader.skipTagged();
  return { path, topics };
}

export function writeRequestAlterReplicaLogDir(writer: Writer, message: RequestAlterReplicaLogDirInput, version: number): void {
  const flexible = version >= 2;
  writer.string(message.path ?? '', flexible);
  {
    const list = message.topics ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeRequestAlterReplicaLogDirTopic(writer, each, version);
  }
  if (flexible) writer.varint(0);
}

export interface RequestAlterReplicaLogDirTopic {
  readonly name: string;
  readonly partitions: readonly number[];
}
export interface RequestAlterReplicaLogDirTopicInput {
  readonly name?: string | undefined;
  readonly partitions?: readonly number[] | undefined;
}

export function readRequestAlterReplicaLogDirTopic(reader: Reader, version: number): RequestAlterReplicaLogDirTopic {
  const flexible = version >= 2;
  let name: string = '';
  name = reader.string(flexible);
  let partitions: readonly number[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listPartitions: number[] = [];
    for (; count > 0; count -= 1) listPartitions.push(reader.int32());
    partitions = listPartitions;
  }
  if (flexible) reader.skipTagged();
  return { name, partitions };
}

export function writeRequestAlterReplicaLogDirTopic(writer: Writer, message: RequestAlterReplicaLogDirTopicInput, version: number): void {
  const flexible = version >= 2;
  writer.string(message.name ?? '', flexible);
  {
    const list = message.partitions ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writer.int32(each);
  }
  if (flexible) writer.varint(0);
}

export interface AlterReplicaLogDirsResponse {
  readonly throttleTimeMs: number;
  readonly results: readonly ResponseAlterReplicaLogDirTopicResult[];
}
export interface AlterReplicaLogDirsResponseInput {
  readonly throttleTimeMs?: number | undefined;
  readonly results?: readonly ResponseAlterReplicaLogDirTopicResultInput[] | undefined;
}

export function readAlterReplicaLogDirsResponse(reader: Reader, version: number): AlterReplicaLogDirsResponse {
  const flexible = version >= 2;
  let throttleTimeMs: number = 0;
  throttleTimeMs = reader.int32();
  let results: readonly ResponseAlterReplicaLogDirTopicResult[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listResults: ResponseAlterReplicaLogDirTopicResult[] = [];
    for (; count > 0; count -= 1) listResults.push(readResponseAlterReplicaLogDirTopicResult(reader, version));
    results = listResults;
  }
  if (flexible) reader.skipTagged();
  return { throttleTimeMs, results };
}

export function writeAlterReplicaLogDirsResponse(writer: Writer, message: AlterReplicaLogDirsResponseInput, version: number): void {
  const flexible = version >= 2;
  writer.int32(message.throttleTimeMs ?? 0);
  {
    const list = message.results ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseAlterReplicaLogDirTopicResult(writer, each, version);
  }
  if (flexible) writer.varint(0);
}

export interface ResponseAlterReplicaLogDirTopicResult {
  readonly topicName: string;
  readonly partitions: readonly ResponseAlterReplicaLogDirPartitionResult[];
}
export interface ResponseAlterReplicaLogDirTopicResultInput {
  readonly topicName?: string | undefined;
  readonly partitions?: readonly ResponseAlterReplicaLogDirPartitionResultInput[] | undefined;
}

export function readResponseAlterReplicaLogDirTopicResult(reader: Reader, version: number): ResponseAlterReplicaLogDirTopicResult {
  const flexible = version >= 2;
  let topicName: string = '';
  topicName = reader.string(flexible);
  let partitions: readonly ResponseAlterReplicaLogDirPartitionResult[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listPartitions: ResponseAlterReplicaLogDirPartitionResult[] = [];
    for (; count > 0; count -= 1) listPartitions.push(readResponseAlterReplicaLogDirPartitionResult(reader, version));
    partitions = listPartitions;
  }
  if (flexible) reader.skipTagged();
  return { topicName, partitions };
}

export function writeResponseAlterReplicaLogDirTopicResult(writer: Writer, message: ResponseAlterReplicaLogDirTopicResultInput, version: number): void {
  const flexible = version >= 2;
  writer.string(message.topicName ?? '', flexible);
  {
    const list = message.partitions ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseAlterReplicaLogDirPartitionResult(writer, each, version);
  }
  if (flexible) writer.varint(0);
}

export interface ResponseAlterReplicaLogDirPartitionResult {
  readonly partitionIndex: number;
  readonly errorCode: number;
}
export interface ResponseAlterReplicaLogDirPartitionResultInput {
  readonly partitionIndex?: number | undefined;
  readonly errorCode?: number | undefined;
}

export function readResponseAlterReplicaLogDirPartitionResult(reader: Reader, version: number): ResponseAlterReplicaLogDirPartitionResult {
  const flexible = version >= 2;
  let partitionIndex: number = 0;
  partitionIndex = reader.int32();
  let errorCode: number = 0;
  errorCode = reader.int16();
  if (flexible) reader.skipTagged();
  return { partitionIndex, errorCode };
}

export function writeResponseAlterReplicaLogDirPartitionResult(writer: Writer, message: ResponseAlterReplicaLogDirPartitionResultInput, version: number): void {
  const flexible = version >= 2;
  writer.int32(message.partitionIndex ?? 0);
  writer.int16(message.errorCode ?? 0);
  if (flexible) writer.varint(0);
}
