// Generated from ../tables by `make generate`.
import type { Reader } from '../reader.ts';
import { lacks } from '../lacking-field.ts';
import type { Writer } from '../writer.ts';

export interface AddPartitionsToTxnRequest {
  readonly transactions: readonly RequestAddPartitionsToTxnTransaction[];
  readonly v3AndBelowTransactionalId: string;
  readonly v3AndBelowProducerId: number;
  readonly v3AndBelowProducerEpoch: number;
  readonly v3AndBelowTopics: readonly RequestAddPartitionsToTxnTopic[];
}
export interface AddPartitionsToTxnRequestInput {
  readonly transactions?: readonly RequestAddPartitionsToTxnTransactionInput[] | undefined;
  readonly v3AndBelowTransactionalId?: string | undefined;
  readonly v3AndBelowProducerId?: number | undefined;
  readonly v3AndBelowProducerEpoch?: number | undefined;
  readonly v3AndBelowTopics?: readonly RequestAddPartitionsToTxnTopicInput[] | undefined;
}

export function readAddPartitionsToTxnRequest(reader: Reader, version: number): AddPartitionsToTxnRequest {
  const flexible = version >= 3;
  let transactions: readonly RequestAddPartitionsToTxnTransaction[] = [];
  if (version >= 4) {
    {
      let count = reader.notNull(reader.arrayLength(flexible));
      const listTransactions: RequestAddPartitionsToTxnTransaction[] = [];
      for (; count > 0; count -= 1) listTransactions.push(readRequestAddPartitionsToTxnTransaction(reader, version));
      transactions = listTransactions;
    }
  }
  let v3AndBelowTransactionalId: string = '';
  if (version <= 3) {
    v3AndBelowTransactionalId = reader.string(flexible);
  }
  let v3AndBelowProducerId: number = 0;
  if (version <= 3) {
    v3AndBelowProducerId = reader.int64();
  }
  let v3AndBelowProducerEpoch: number = 0;
  if (version <= 3) {
    v3AndBelowProducerEpoch = reader.int16();
  }
  let v3AndBelowTopics: readonly RequestAddPartitionsToTxnTopic[] = [];
  if (version <= 3) {
    {
      let count = reader.notNull(reader.arrayLength(flexible));
      const listV3AndBelowTopics: RequestAddPartitionsToTxnTopic[] = [];
      for (; count > 0; count -= 1) listV3AndBelowTopics.push(readRequestAddPartitionsToTxnTopic(reader, version));
      v3AndBelowTopics = listV3AndBelowTopics;
    }
  }
  if (flexible) reader.skipTagged();
  return { transactions, v3AndBelowTransactionalId, v3AndBelowProducerId, v3AndBelowProducerEpoch, v3AndBelowTopics };
}

export function writeAddPartitionsToTxnRequest(writer: Writer, message: AddPartitionsToTxnRequestInput, version: number): void {
  const flexible = version >= 3;
  if (version >= 4) {
    {
      const list = message.transactions ?? [];
      writer.arrayLength(list.length, flexible);
      for (const each of list) writeRequestAddPartitionsToTxnTransaction(writer, each, version);
    }
  } else if (message.transactions !== undefined && message.transactions.length > 0) lacks('AddPartitionsToTxnRequest', 'transactions', version);
  if (version <= 3) {
    writer.string(message.v3AndBelowTransactionalId ?? '', flexible);
  } else if (message.v3AndBelowTransactionalId !== undefined && message.v3AndBelowTransactionalId !== '') lacks('AddPartitionsToTxnRequest', 'v3AndBelowTransactionalId', version);
  if (version <= 3) {
    writer.int64(message.v3AndBelowProducerId ?? 0);
  } else if (message.v3AndBelowProducerId !== undefined && message.v3AndBelowProducerId !== 0) lacks('AddPartitionsToTxnRequest', 'v3AndBelowProducerId', version);
  if (version <= 3) {
    writer.int16(message.v3AndBelowProducerEpoch ?? 0);
  } else if (message.v3AndBelowProducerEpoch !== undefined && message.v3AndBelowProducerEpoch !== 0) lacks('AddPartitionsToTxnRequest', 'v3AndBelowProducerEpoch', version);
  if (version <= 3) {
    {
      const list = message.v3AndBelowTopics ?? [];
      writer.arrayLength(list.length, flexible);
      for (const each of list) writeRequestAddPartitionsToTxnTopic(writer, each, version);
    }
  } else if (message.v3AndBelowTopics !== undefined && message.v3AndBelowTopics.length > 0) lacks('AddPartitionsToTxnRequest', 'v3AndBelowTopics', version);
  if (flexible) writer.varint(0);
}

export interface RequestAddPartitionsToTxnTransaction {
  readonly transactionalId: string;
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly verifyOnly: boolean;
  readonly topics: readonly RequestAddPartitionsToTxnTopic[];
}
export interface RequestAddPartitionsToTxnTransactionInput {
  readonly transactionalId?: string | undefined;
  readonly producerId?: number | undefined;
  readonly producerEpoch?: number | undefined;
  readonly verifyOnly?: boolean | undefined;
  readonly topics?: readonly RequestAddPartitionsToTxnTopicInput[] | undefined;
}

export function readRequestAddPartitionsToTxnTransaction(reader: Reader, version: number): RequestAddPartitionsToTxnTransaction {
  const flexible = version >= 3;
  let transactionalId: string = '';
  if (version >= 4) {
    transactionalId = reader.string(flexible);
  }
  let producerId: number = 0;
  if (version >= 4) {
    producerId = reader.int64();
  }
  let producerEpoch: number = 0;
  if (version >= 4) {
    producerEpoch = reader.int16();
  }
  let verifyOnly: boolean = false;
  if (version >= 4) {
    verifyOnly = reader.bool();
  }
  let topics: readonly RequestAddPartitionsToTxnTopic[] = [];
  if (version >= 4) {
    {
      let count = reader.notNull(reader.arrayLength(flexible));
      const listTopics: RequestAddPartitionsToTxnTopic[] = [];
      for (; count > 0; count -= 1) listTopics.push(readRequestAddPartitionsToTxnTopic(reader, version));
      topics = listTopics;
    }
  }
  if (flexible) reader.skipTagged();
  return { transactionalId, producerId, producerEpoch, verifyOnly, topics };
}

export function writeRequestAddPartitionsToTxnTransaction(writer: Writer, message: RequestAddPartitionsToTxnTransactionInput, version: number): void {
  const flexible = version >= 3;
  if (version >= 4) {
    writer.string(message.transactionalId ?? '', flexible);
  } else if (message.transactionalId !== undefined && message.transactionalId !== '') lacks('AddPartitionsToTxnRequest', 'transactionalId', version);
  if (version >= 4) {
    writer.int64(message.producerId ?? 0);
  } else if (message.producerId !== undefined && message.producerId !== 0) lacks('AddPartitionsToTxnRequest', 'producerId', version);
  if (version >= 4) {
    writer.int16(message.producerEpoch ?? 0);
  } else if (message.producerEpoch !== undefined && message.producerEpoch !== 0) lacks('AddPartitionsToTxnRequest', 'producerEpoch', version);
  if (version >= 4) {
    writer.bool(message.verifyOnly ?? false);
  } else if (message.verifyOnly !== undefined && message.verifyOnly !== false) lacks('AddPartitionsToTxnRequest', 'verifyOnly', version);
  if (version >= 4) {
    {
      const list = message.topics ?? [];
      writer.arrayLength(list.length, flexible);
      for (const each of list) writeRequestAddPartitionsToTxnTopic(writer, each, version);
    }
  } else if (message.topics !== undefined && message.topics.length > 0) lacks('AddPartitionsToTxnRequest', 'topics', version);
  if (flexible) writer.varint(0);
}

export interface RequestAddPartitionsToTxnTopic {
  readonly name: string;
  readonly partitions: readonly number[];
}
export interface RequestAddPartitionsToTxnTopicInput {
  readonly name?: string | undefined;
  readonly partitions?: readonly number[] | undefined;
}

export function readRequestAddPartitionsToTxnTopic(reader: Reader, version: number): RequestAddPartitionsToTxnTopic {
  const flexible = version >= 3;
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

export function writeRequestAddPartitionsToTxnTopic(writer: Writer, message: RequestAddPartitionsToTxnTopicInput, version: number): void {
  const flexible = version >= 3;
  writer.string(message.name ?? '', flexible);
  {
    const list = message.partitions ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writer.int32(each);
  }
  if (flexible) writer.varint(0);
}

export interface AddPartitionsToTxnResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly resultsByTransaction: readonly ResponseAddPartitionsToTxnResult[];
  readonly resultsByTopicV3AndBelow: readonly ResponseAddPartitionsToTxnTopicResult[];
}
export interface AddPartitionsToTxnResponseInput {
  readonly throttleTimeMs?: number | undefined;
  readonly errorCode?: number | undefined;
  readonly resultsByTransaction?: readonly ResponseAddPartitionsToTxnResultInput[] | undefined;
  readonly resultsByTopicV3AndBelow?: readonly ResponseAddPartitionsToTxnTopicResultInput[] | undefined;
}

export function readAddPartitionsToTxnResponse(reader: Reader, version: number): AddPartitionsToTxnResponse {
  const flexible = version >= 3;
  let throttleTimeMs: number = 0;
  throttleTimeMs = reader.int32();
  let errorCode: number = 0;
  if (version >= 4) {
    errorCode = reader.int16();
  }
  let resultsByTransaction: readonly ResponseAddPartitionsToTxnResult[] = [];
  if (version >= 4) {
    {
      let count = reader.notNull(reader.arrayLength(flexible));
      const listResultsByTransaction: ResponseAddPartitionsToTxnResult[] = [];
      for (; count > 0; count -= 1) listResultsByTransaction.push(readResponseAddPartitionsToTxnResult(reader, version));
      resultsByTransaction = listResultsByTransaction;
    }
  }
  let resultsByTopicV3AndBelow: readonly ResponseAddPartitionsToTxnTopicResult[] = [];
  if (version <= 3) {
    {
      let count = reader.notNull(reader.arrayLength(flexible));
      const listResultsByTopicV3AndBelow: ResponseAddPartitionsToTxnTopicResult[] = [];
      for (; count > 0; count -= 1) listResultsByTopicV3AndBelow.push(readResponseAddPartitionsToTxnTopicResult(reader, version));
      resultsByTopicV3AndBelow = listResultsByTopicV3AndBelow;
    }
  }
  if (flexible) reader.skipTagged();
  return { throttleTimeMs, errorCode, resultsByTransaction, resultsByTopicV3AndBelow };
}

export function writeAddPartitionsToTxnResponse(writer: Writer, message: AddPartitionsToTxnResponseInput, version: number): void {
  const flexible = version >= 3;
  writer.int32(message.throttleTimeMs ?? 0);
  if (version >= 4) {
    writer.int16(message.errorCode ?? 0);
  }
  if (version >= 4) {
    {
      const list = message.resultsByTransaction ?? [];
      writer.arrayLength(list.length, flexible);
      for (const each of list) writeResponseAddPartitionsToTxnResult(writer, each, version);
    }
  } else if (message.resultsByTransaction !== undefined && message.resultsByTransaction.length > 0) lacks('AddPartitionsToTxnResponse', 'resultsByTransaction', version);
  if (version <= 3) {
    {
      const list = message.resultsByTopicV3AndBelow ?? [];
      writer.arrayLength(list.length, flexible);
      for (const each of list) writeResponseAddPartitionsToTxnTopicResult(writer, each, version);
    }
  } else if (message.resultsByTopicV3AndBelow !== undefined && message.resultsByTopicV3AndBelow.length > 0) lacks('AddPartitionsToTxnResponse', 'resultsByTopicV3AndBelow', version);
  if (flexible) writer.varint(0);
}

export interface ResponseAddPartitionsToTxnResult {
  readonly transactionalId: string;
  readonly topicResults: readonly ResponseAddPartitionsToTxnTopicResult[];
}
export interface ResponseAddPartitionsToTxnResultInput {
  readonly transactionalId?: string | undefined;
  readonly topicResults?: readonly ResponseAddPartitionsToTxnTopicResultInput[] | undefined;
}

export function readResponseAddPartitionsToTxnResult(reader: Reader, version: number): ResponseAddPartitionsToTxnResult {
  const flexible = version >= 3;
  let transactionalId: string = '';
  if (version >= 4) {
    transactionalId = reader.string(flexible);
  }
  let topicResults: readonly ResponseAddPartitionsToTxnTopicResult[] = [];
  if (version >= 4) {
    {
      let count = reader.notNull(reader.arrayLength(flexible));
      const listTopicResults: ResponseAddPartitionsToTxnTopicResult[] = [];
      for (; count > 0; count -= 1) listTopicResults.push(readResponseAddPartitionsToTxnTopicResult(reader, version));
      topicResults = listTopicResults;
    }
  }
  if (flexible) reader.skipTagged();
  return { transactionalId, topicResults };
}

export function writeResponseAddPartitionsToTxnResult(writer: Writer, message: ResponseAddPartitionsToTxnResultInput, version: number): void {
  const flexible = version >= 3;
  if (version >= 4) {
    writer.string(message.transactionalId ?? '', flexible);
  } else if (message.transactionalId !== undefined && message.transactionalId !== '') lacks('AddPartitionsToTxnResponse', 'transactionalId', version);
  if (version >= 4) {
    {
      const list = message.topicResults ?? [];
      writer.arrayLength(list.length, flexible);
      for (const each of list) writeResponseAddPartitionsToTxnTopicResult(writer, each, version);
    }
  } else if (message.topicResults !== undefined && message.topicResults.length > 0) lacks('AddPartitionsToTxnResponse', 'topicResults', version);
  if (flexible) writer.varint(0);
}

export interface ResponseAddPartitionsToTxnTopicResult {
  readonly name: string;
  readonly resultsByPartition: readonly ResponseAddPartitionsToTxnPartitionResult[];
}
export interface ResponseAddPartitionsToTxnTopicResultInput {
  readonly name?: string | undefined;
  readonly resultsByPartition?: readonly ResponseAddPartitionsToTxnPartitionResultInput[] | undefined;
}

export function readResponseAddPartitionsToTxnTopicResult(reader: Reader, version: number): ResponseAddPartitionsToTxnTopicResult {
  const flexible = version >= 3;
  let name: string = '';
  name = reader.string(flexible);
  let resultsByPartition: readonly ResponseAddPartitionsToTxnPartitionResult[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listResultsByPartition: ResponseAddPartitionsToTxnPartitionResult[] = [];
    for (; count > 0; count -= 1) listResultsByPartition.push(readResponseAddPartitionsToTxnPartitionResult(reader, version));
    resultsByPartition = listResultsByPartition;
  }
  if (flexible) reader.skipTagged();
  return { name, resultsByPartition };
}

export function writeResponseAddPartitionsToTxnTopicResult(writer: Writer, message: ResponseAddPartitionsToTxnTopicResultInput, version: number): void {
  const flexible = version >= 3;
  writer.string(message.name ?? '', flexible);
  {
    const list = message.resultsByPartition ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseAddPartitionsToTxnPartitionResult(writer, each, version);
  }
  if (flexible) writer.varint(0);
}

export interface ResponseAddPartitionsToTxnPartitionResult {
  readonly partitionIndex: number;
  readonly partitionErrorCode: number;
}
export interface ResponseAddPartitionsToTxnPartitionResultInput {
  readonly partitionIndex?: number | undefined;
  readonly partitionErrorCode?: number | undefined;
}

export function readResponseAddPartitionsToTxnPartitionResult(reader: Reader, version: number): ResponseAddPartitionsToTxnPartitionResult {
  const flexible = version >= 3;
  let partitionIndex: number = 0;
  partitionIndex = reader.int32();
  let partitionErrorCode: number = 0;
  partitionErrorCode = reader.int16();
  if (flexible) reader.skipTagged();
  return { partitionIndex, partitionErrorCode };
}

export function writeResponseAddPartitionsToTxnPartitionResult(writer: Writer, message: ResponseAddPartitionsToTxnPartitionResultInput, version: number): void {
  const flexible = version >= 3;
  writer.int32(message.partitionIndex ?? 0);
  writer.int16(message.partitionErrorCode ?? 0);
  if (flexible) writer.varint(0);
}
