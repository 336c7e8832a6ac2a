// Generated from ../tables by `make generate`.
import type { Reader } from '../reader.ts';
import { lacks } from '../lacking-field.ts';
import type { Writer } from '../writer.ts';

export interface ConsumerProtocolSubscription {
  readonly topics: readonly string[];
  readonly userData: Uint8Array | null;
  readonly ownedPartitions: readonly TopicPartition[];
  readonly generationId: number;
  readonly rackId: string | null;
}
export interface ConsumerProtocolSubscriptionInput {
  readonly topics?: readonly string[] | undefined;
  readonly userData?: Uint8Array | null | undefined;
  readonly ownedPartitions?: readonly TopicPartitionInput[] | undefined;
  readonly generationId?: number | undefined;
  readonly rackId?: string | null | undefined;
}

export function readConsumerProtocolSubscription(reader: Reader, version: number): ConsumerProtocolSubscription {
  const flexible = false;
  let topics: readonly string[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listTopics: string[] = [];
    for (; count > 0; count -= 1) listTopics.push(reader.string(flexible));
    topics = listTopics;
  }
  let userData: Uint8Array | null = null;
  userData = reader.nullableBytes(flexible);
  let ownedPartitions: readonly TopicPartition[] = [];
  if (version >= 1) {
    {
      let count = reader.notNull(reader.arrayLength(flexible));
      const listOwnedPartitions: TopicPartition[] = [];
      for (; count > 0; count -= 1) listOwnedPartitions.push(readTopicPartition(reader, version));
      ownedPartitions = listOwnedPartitions;
    }
  }
  let generationId: number = -1;
  if (version >= 2) {
    generationId = reader.int32();
  }
  let rackId: string | null = null;
  if (version >= 3) {
    rackId = reader.nullableString(flexible);
  }
  return { topics, userData, ownedPartitions, generationId, rackId };
}

export function writeConsumerProtocolSubscription(writer: Writer, message: ConsumerProtocolSubscriptionInput, version: number): void {
  const flexible = false;
  {
    const list = message.topics ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writer.string(each, flexible);
  }
  writer.nullableBytes(message.userData === undefined ? null : message.userData, flexible);
  if (version >= 1) {
    {
      const list = message.ownedPartitions ?? [];
      writer.arrayLength(list.length, flexible);
      for (const each of list) writeTopicPartition(writer, each, version);
    }
  }
  if (version >= 2) {
    writer.int32(message.generationId ?? -1);
  }
  if (version >= 3) {
    writer.nullableString(message.rackId === undefined ? null : message.rackId, flexible);
  }
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
  if (version >= 1) {
    topic = reader.string(flexible);
  }
  let partitions: readonly number[] = [];
  if (version >= 1) {
    {
      let count = reader.notNull(reader.arrayLength(flexible));
      const listPartitions: number[] = [];
      for (; count > 0; count -= 1) listPartitions.push(reader.int32());
      partitions = listPartitions;
    }
  }
  return { topic, partitions };
}

export function writeTopicPartition(writer: Writer, message: TopicPartitionInput, version: number): void {
  const flexible = false;
  if (version >= 1) {
    writer.string(message.topic ?? '', flexible);
  } else if (message.topic !== undefined && message.topic !== '') lacks('ConsumerProtocolSubscription', 'topic', version);
  if (version >= 1) {
    {
      const list = message.partitions ?? [];
      writer.arrayLength(list.length, flexible);
      for (const each of list) writer.int32(each);
    }
  } else if (message.partitions !== undefined && message.partitions.length > 0) lacks('ConsumerProtocolSubscription', 'partitions', version);
}
