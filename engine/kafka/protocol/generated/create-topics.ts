// Generated from ../tables by `make generate`.
import { type Uuid, zeroUuid } from '../../model.ts';
import type { Reader } from '../reader.ts';
import { lacks } from '../lacking-field.ts';
import type { Writer } from '../writer.ts';

export interface CreateTopicsRequest {
  readonly topics: readonly RequestCreatableTopic[];
  readonly timeoutMs: number;
  readonly validateOnly: boolean;
}
export interface CreateTopicsRequestInput {
  readonly topics?: readonly RequestCreatableTopicInput[] | undefined;
  readonly timeoutMs?: number | undefined;
  readonly validateOnly?: boolean | undefined;
}

export function readCreateTopicsRequest(reader: Reader, version: number): CreateTopicsRequest {
  const flexible = version >= 5;
  let topics: readonly RequestCreatableTopic[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listTopics: RequestCreatableTopic[] = [];
    for (; count > 0; count -= 1) listTopics.push(readRequestCreatableTopic(reader, version));
    topics = listTopics;
  }
  let timeoutMs: number = 60000;
  timeoutMs = reader.int32();
  let validateOnly: boolean = false;
  validateOnly = reader.bool();
  if (flexible) reader.skipTagged();
  return { topics, timeoutMs, validateOnly };
}

export function writeCreateTopicsRequest(writer: Writer, message: CreateTopicsRequestInput, version: number): void {
  const flexible = version >= 5;
  {
    const list = message.topics ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeRequestCreatableTopic(writer, each, version);
  }
  writer.int32(message.timeoutMs ?? 60000);
  writer.bool(message.validateOnly ?? false);
  if (flexible) writer.varint(0);
}

export interface RequestCreatableTopic {
  readonly name: string;
  readonly numPartitions: number;
  readonly replicationFactor: number;
  readonly assignments: readonly RequestCreatableReplicaAssignment[];
  readonly configs: readonly RequestCreatableTopicConfig[];
}
export interface RequestCreatableTopicInput {
  readonly name?: string | undefined;
  readonly numPartitions?: number | undefined;
  readonly replicationFactor?: number | undefined;
  readonly assignments?: readonly RequestCreatableReplicaAssignmentInput[] | undefined;
  readonly configs?: readonly RequestCreatableTopicConfigInput[] | undefined;
}

export function readRequestCreatableTopic(reader: Reader, version: number): RequestCreatableTopic {
  const flexible = version >= 5;
  let name: string = '';
  name = reader.string(flexible);
  let numPartitions: number = 0;
  numPartitions = reader.int32();
  let replicationFactor: number = 0;
  replicationFactor = reader.int16();
  let assignments: readonly RequestCreatableReplicaAssignment[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listAssignments: RequestCreatableReplicaAssignment[] = [];
    for (; count > 0; count -= 1) listAssignments.push(readRequestCreatableReplicaAssignment(reader, version));
    assignments = listAssignments;
  }
  let configs: readonly RequestCreatableTopicConfig[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listConfigs: RequestCreatableTopicConfig[] = [];
    for (; count > 0; count -= 1) listConfigs.push(readRequestCreatableTopicConfig(reader, version));
    configs = listConfigs;
  }
  if (flexible) reader.skipTagged();
  return { name, numPartitions, replicationFactor, assignments, configs };
}

export function writeRequestCreatableTopic(writer: Writer, message: RequestCreatableTopicInput, version: number): void {
  const flexible = version >= 5;
  writer.string(message.name ?? '', flexible);
  writer.int32(message.numPartitions ?? 0);
  writer.int16(message.replicationFactor ?? 0);
  {
    const list = message.assignments ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeRequestCreatableReplicaAssignment(writer, each, version);
  }
  {
    const list = message.configs ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeRequestCreatableTopicConfig(writer, each, version);
  }
  if (flexible) writer.varint(0);
}

export interface RequestCreatableReplicaAssignment {
  readonly partitionIndex: number;
  readonly brokerIds: readonly number[];
}
export interface RequestCreatableReplicaAssignmentInput {
  readonly partitionIndex?: number | undefined;
  readonly brokerIds?: readonly number[] | undefined;
}

export function readRequestCreatableReplicaAssignment(reader: Reader, version: number): RequestCreatableReplicaAssignment {
  const flexible = version >= 5;
  let partitionIndex: number = 0;
  partitionIndex = reader.int32();
  let brokerIds: readonly number[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listBrokerIds: number[] = [];
    for (; count > 0; count -= 1) listBrokerIds.push(reader.int32());
    brokerIds = listBrokerIds;
  }
  if (flexible) reader.skipTagged();
  return { partitionIndex, brokerIds };
}

export function writeRequestCreatableReplicaAssignment(writer: Writer, message: RequestCreatableReplicaAssignmentInput, version: number): void {
  const flexible = version >= 5;
  writer.int32(message.partitionIndex ?? 0);
  {
    const list = message.brokerIds ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writer.int32(each);
  }
  if (flexible) writer.varint(0);
}

export interface RequestCreatableTopicConfig {
  readonly name: string;
  readonly value: string | null;
}
export interface RequestCreatableTopicConfigInput {
  readonly name?: string | undefined;
  readonly value?: string | null | undefined;
}

export function readRequestCreatableTopicConfig(reader: Reader, version: number): RequestCreatableTopicConfig {
  const flexible = version >= 5;
  let name: string = '';
  name = reader.string(flexible);
  let value: string | null = '';
  value = reader.nullableString(flexible);
  if (flexible) reader.skipTagged();
  return { name, value };
}

export function writeRequestCreatableTopicConfig(writer: Writer, message: RequestCreatableTopicConfigInput, version: number): void {
  const flexible = version >= 5;
  writer.string(message.name ?? '', flexible);
  writer.nullableString(message.value === undefined ? '' : message.value, flexible);
  if (flexible) writer.varint(0);
}

export interface CreateTopicsResponse {
  readonly throttleTimeMs: number;
  readonly topics: readonly ResponseCreatableTopicResult[];
}
export interface CreateTopicsResponseInput {
  readonly throttleTimeMs?: number | undefined;
  readonly topics?: readonly ResponseCreatableTopicResultInput[] | undefined;
}

export function readCreateTopicsResponse(reader: Reader, version: number): CreateTopicsResponse {
  const flexible = version >= 5;
  let throttleTimeMs: number = 0;
  throttleTimeMs = reader.int32();
  let topics: readonly ResponseCreatableTopicResult[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listTopics: ResponseCreatableTopicResult[] = [];
    for (; count > 0; count -= 1) listTopics.push(readResponseCreatableTopicResult(reader, version));
    topics = listTopics;
  }
  if (flexible) reader.skipTagged();
  return { throttleTimeMs, topics };
}

export function writeCreateTopicsResponse(writer: Writer, message: CreateTopicsResponseInput, version: number): void {
  const flexible = version >= 5;
  writer.int32(message.throttleTimeMs ?? 0);
  {
    const list = message.topics ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseCreatableTopicResult(writer, each, version);
  }
  if (flexible) writer.varint(0);
}

export interface ResponseCreatableTopicResult {
  readonly name: string;
  readonly topicId: Uuid;
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly topicConfigErrorCode: number;
  readonly numPartitions: number;
  readonly replicationFactor: number;
  readonly configs: readonly ResponseCreatableTopicConfigs[] | null;
}
export interface ResponseCreatableTopicResultInput {
  readonly name?: string | undefined;
  readonly topicId?: Uuid | undefined;
  readonly errorCode?: number | undefined;
  readonly errorMessage?: string | null | undefined;
  readonly topicConfigErrorCode?: number | undefined;
  readonly numPartitions?: number | undefined;
  readonly replicationFactor?: number | undefined;
  readonly configs?: readonly ResponseCreatableTopicConfigsInput[] | null | undefined;
}

export function readResponseCreatableTopicResult(reader: Reader, version: number): ResponseCreatableTopicResult {
  const flexible = version >= 5;
  let name: string = '';
  name = reader.string(flexible);
  let topicId: Uuid = zeroUuid;
  if (version >= 7) {
    topicId = reader.uuid();
  }
  let errorCode: number = 0;
  errorCode = reader.int16();
  let errorMessage: string | null = '';
  errorMessage = reader.nullableString(flexible);
  let topicConfigErrorCode: number = 0;
  let numPartitions: number = -1;
  if (version >= 5) {
    numPartitions = reader.int32();
  }
  let replicationFactor: number = -1;
  if (version >= 5) {
    replicationFactor = reader.int16();
  }
  let configs: readonly ResponseCreatableTopicConfigs[] | null = [];
  if (version >= 5) {
    {
      let count = reader.arrayLength(flexible);
      if (count < 0) configs = null;
      else {
        const listConfigs: ResponseCreatableTopicConfigs[] = [];
        for (; count > 0; count -= 1) listConfigs.push(readResponseCreatableTopicConfigs(reader, version));
        configs = listConfigs;
      }
    }
  }
  if (flexible) reader.tagged((tag) => {
    switch (tag) {
      case 0:
        if (!(version >= 5)) return false;
        topicConfigErrorCode = reader.int16();
        return true;
      default: return false;
    }
  });
  return { name, topicId, errorCode, errorMessage, topicConfigErrorCode, numPartitions, replicationFactor, configs };
}

export function writeResponseCreatableTopicResult(writer: Writer, message: ResponseCreatableTopicResultInput, version: number): void {
  const flexible = version >= 5;
  writer.string(message.name ?? '', flexible);
  if (version >= 7) {
    writer.uuid(message.topicId ?? zeroUuid);
  }
  writer.int16(message.errorCode ?? 0);
  writer.nullableString(message.errorMessage === undefined ? '' : message.errorMessage, flexible);
  if (version >= 5) {
    writer.int32(message.numPartitions ?? -1);
  }
  if (version >= 5) {
    writer.int16(message.replicationFactor ?? -1);
  }
  if (version >= 5) {
    {
      const list = message.configs === undefined ? [] : message.configs;
      if (list === null) writer.arrayLength(-1, flexible);
      else {
        writer.arrayLength(list.length, flexible);
        for (const each of list) writeResponseCreatableTopicConfigs(writer, each, version);
      }
    }
  }
  const hastopicConfigErrorCode = message.topicConfigErrorCode !== undefined && message.topicConfigErrorCode !== 0;
  if (flexible) {
    writer.varint((hastopicConfigErrorCode ? 1 : 0));
    if (hastopicConfigErrorCode) writer.tagged(0, (inner) => {
      inner.int16(message.topicConfigErrorCode ?? 0);
    });
  }
}

export interface ResponseCreatableTopicConfigs {
  readonly name: string;
  readonly value: string | null;
  readonly readOnly: boolean;
  readonly configSource: number;
  readonly isSensitive: boolean;
}
export interface ResponseCreatableTopicConfigsInput {
  readonly name?: string | undefined;
  readonly value?: string | null | undefined;
  readonly readOnly?: boolean | undefined;
  readonly configSource?: number | undefined;
  readonly isSensitive?: boolean | undefined;
}

export function readResponseCreatableTopicConfigs(reader: Reader, version: number): ResponseCreatableTopicConfigs {
  const flexible = version >= 5;
  let name: string = '';
  if (version >= 5) {
    name = reader.string(flexible);
  }
  let value: string | null = '';
  if (version >= 5) {
    value = reader.nullableString(flexible);
  }
  let readOnly: boolean = false;
  if (version >= 5) {
    readOnly = reader.bool();
  }
  let configSource: number = -1;
  if (version >= 5) {
    configSource = reader.int8();
  }
  let isSensitive: boolean = false;
  if (version >= 5) {
    isSensitive = reader.bool();
  }
  if (flexible) reader.skipTagged();
  return { name, value, readOnly, configSource, isSensitive };
}

export function writeResponseCreatableTopicConfigs(writer: Writer, message: ResponseCreatableTopicConfigsInput, version: number): void {
  const flexible = version >= 5;
  if (version >= 5) {
    writer.string(message.name ?? '', flexible);
  } else if (message.name !== undefined && message.name !== '') lacks('CreateTopicsResponse', 'name', version);
  if (version >= 5) {
    writer.nullableString(message.value === undefined ? '' : message.value, flexible);
  } else if (message.value !== undefined && message.value !== '') lacks('CreateTopicsResponse', 'value', version);
  if (version >= 5) {
    writer.bool(message.readOnly ?? false);
  } else if (message.readOnly !== undefined && message.readOnly !== false) lacks('CreateTopicsResponse', 'readOnly', version);
  if (version >= 5) {
    writer.int8(message.configSource ?? -1);
  }
  if (version >= 5) {
    writer.bool(message.isSensitive ?? false);
  } else if (message.isSensitive !== undefined && message.isSensitive !== false) lacks('CreateTopicsResponse', 'isSensitive', version);
  if (flexible) writer.varint(0);
}
