/** What a client's batches have to be before they enter a log. */
import { KafkaError } from '../kafka-error.ts';
import {
  batchesIn, checksumHolds, compressionOf, hasDeleteHorizon, isControl, isTransactional, type BatchPlace,
} from '../records/batch-header.ts';
import { decodeRecords } from '../records/record.ts';
import type { LogConfig } from './partition-log.ts';

/** Records of one batch without their compression. */
export const inflatedBytesMax = 512 * 1024 * 1024;

/** Splits an append into its batches. Throws CORRUPT_MESSAGE or UNSUPPORTED_FOR_MESSAGE_FORMAT; every checksum holds. */
export function soundBatches(records: Uint8Array): readonly BatchPlace[] {
  const batches = [...batchesIn(records)];
  for (const { at, header } of batches) {
    if (!checksumHolds(records, header, at)) throw new KafkaError('CORRUPT_MESSAGE', `The checksum of the batch at byte ${at} does not hold.`);
  }
  return batches;
}

/** Sizes that the topic allows. Throws MESSAGE_TOO_LARGE, RECORD_LIST_TOO_LARGE, INVALID_RECORD. */
export function checkSizes(records: Uint8Array, batches: readonly BatchPlace[], config: LogConfig): void {
  if (batches.length === 0) throw new KafkaError('INVALID_RECORD', 'There is no batch to append.');
  for (const { header } of batches) {
    if (header.bytes > config.maxMessageBytes) {
      throw new KafkaError('MESSAGE_TOO_LARGE', `A batch has ${header.bytes} bytes; the topic allows ${config.maxMessageBytes} (max.message.bytes).`);
    }
  }
  if (records.length > config.segmentBytes) {
    throw new KafkaError('RECORD_LIST_TOO_LARGE', `The batches have ${records.length} bytes together; a segment of the topic has ${config.segmentBytes} (segment.bytes).`);
  }
}

/** Throws INVALID_RECORD, INVALID_TIMESTAMP, CORRUPT_MESSAGE. */
export function checkClientBatches(records: Uint8Array, batches: readonly BatchPlace[], config: LogConfig, nowMs: number): void {
  for (const each of batches) {
    checkForm(each, batches.length);
    if (config.timestampType === 'CreateTime') checkTimestamps(records, each, config, nowMs);
    if (config.cleanupPolicy.includes('compact')) checkKeys(records, each);
  }
}

function checkForm({ header }: BatchPlace, batches: number): void {
  const { attributes, recordCount, lastOffsetDelta, producerId, producerEpoch, baseSequence } = header;
  const invalid = (what: string): KafkaError => new KafkaError('INVALID_RECORD', `A client's batch ${what}.`);
  if (recordCount === 0 || recordCount !== lastOffsetDelta + 1) throw invalid(`has ${recordCount} records and last offset delta ${lastOffsetDelta}`);
  if (isControl(attributes)) throw invalid('is a control batch: those are the broker\'s');
  if (hasDeleteHorizon(attributes)) throw invalid('has a delete horizon: those are the broker\'s');
  compressionOf(attributes);
  if (producerId < 0) {
    if (isTransactional(attributes)) throw invalid('is part of a transaction but names no producer');
    return;
  }
  if (producerEpoch < 0 || baseSequence < 0) throw invalid(`of producer ${producerId} has epoch ${producerEpoch} and sequence ${baseSequence}`);
  if (batches > 1) throw invalid(`of producer ${producerId} does not come alone: they are told apart by their sequence numbers one by one`);
}

/** The header has the newest timestamp; the oldest is found in the records, where a topic asks for it. */
function checkTimestamps(records: Uint8Array, { at, header }: BatchPlace, { timestampBeforeMaxMs, timestampAfterMaxMs }: LogConfig, nowMs: number): void {
  const invalid = (timestampMs: number): KafkaError => new KafkaError('INVALID_TIMESTAMP',
    `A record has the timestamp ${timestampMs}; at ${nowMs} the topic takes from ${timestampBeforeMaxMs} ms before to ${timestampAfterMaxMs} ms after.`);
  if (header.maxTimestamp - nowMs > timestampAfterMaxMs) throw invalid(header.maxTimestamp);
  if (nowMs - timestampBeforeMaxMs <= 0) return;
  for (const { timestampMs } of decodeRecords(records, header, { at, bytesMax: inflatedBytesMax })) {
    if (timestampMs >= 0 && nowMs - timestampMs > timestampBeforeMaxMs) throw invalid(timestampMs);
  }
}

function checkKeys(records: Uint8Array, { at, header }: BatchPlace): void {
  for (const { key, offset } of decodeRecords(records, header, { at, bytesMax: inflatedBytesMax })) {
    if (key === null) throw new KafkaError('INVALID_RECORD', `Record ${offset - header.baseOffset} has no key, which compaction needs: the topic is compacted.`);
  }
}
