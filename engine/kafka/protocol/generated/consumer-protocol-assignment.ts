// Generated from ../tables by `make generate`.
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

export interface ConsumerProtocolAssignment {
  readonly assignedPartitions: readonly TopicPartition[];
  readonly userData: Uint8Array | null;
}
export interface ConsumerProtocolAssignmentInput {
  readonly assignedPartitions?: readonly TopicPartitionInput[] | undefined;
  readonly userData?: Uint8Array | null | undefined;
}

export function readConsumerProtocolAssignment(reader: Reader, version: number): ConsumerProtocolAssignment {
  const flexible = false;
  let assignedPartitions: readonly TopicPartition[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listAssignedPartitions: TopicPartition[] = [];
    for (; count > 0; count -= 1) listAssignedPartitions.push(readTopicPartition(reader, version));
    assignedPartitions = listAssignedPartitions;
  }
  let userData: Uint8Array | null = null;
  userData = reader.nullableBytes(flexible);
  return { assignedPartitions, userData };
}

export function writeConsumerProtocolAssignment(writer: Writer, message: ConsumerProtocolAssignmentInput, version: number): void {
  const flexible = false;
  {
    const list = message.assignedPartitions ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeTopicPartition(writer, each, version);
  }
  writer.nullableBytes(message.userData === undefined ? null : message.userData, flexible);
}

export interface TopicPartition {
  readonly topic: string;
  readonly partitions: readonly number[];
}
export interface TopicPartitionInput {
  readonly topic?: string | undefined;
  readonly partitions?: readonly number[] | undefined;
}

export function readTopicPartition(reader: Reader, version: number): TopicPartition {
  const flexible = false;
  let topic: string = '';
  topic = reader.string(flexible);
  let partitions: readonly number[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listPartitions: number[] = [];
    for (; count > 0; count -= 1) listPartitions.push(reader.int32());
    partitions = listPartitions;
  }
  return { topic, partitions };
}

export function writeTopicPartition(writer: Writer, message: TopicPartitionInput, version: number): void {
  const flexible = false;
  writer.string(message.topic ?? '', flexible);
  {
    const list = message.partitions ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writer.int32(each);
  }
}
