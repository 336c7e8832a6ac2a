/**
 * What compaction leaves of a batch. Rules: Apache Kafka's log cleaner. A record stays while no later one has its key; a tombstone and a marker without
 * transaction stay until the delete horizon, which the first pass that meets them writes into the batch; offsets never change.
 */
import { KafkaError } from '../kafka-error.ts';
import { encodeBatch, type BatchOptions, type RecordInput } from '../records/batch.ts';
import {
  compressionOf, hasDeleteHorizon, isControl, isTransactional, lastOffsetOf, timestampTypeOf, type BatchHeader,
} from '../records/batch-header.ts';
import { decodeRecords, type KafkaRecord } from '../records/record.ts';
import { transactionMarkerOf } from '../records/transaction-marker.ts';
import { inflatedBytesMax } from './append-check.ts';
import type { CompactionTransactions } from './compaction-transactions.ts';
import type { KeyMap } from './key-map.ts';
import type { AbortedEntry } from './segment-indexes.ts';

export interface CleanerView {
  readonly keys: KeyMap;
  /** The keys of records from here on are not known; all of those stay. */
  readonly mappedTo: number;
  readonly transactions: CompactionTransactions;
  readonly nowMs: number;
  readonly deleteRetentionMs: number;
  /** The batch holds a known producer's last sequence numbers: it stays, if need be without records. */
  readonly isLastOfProducer: (header: BatchHeader) => boolean;
  readonly onAborted: (entry: AbortedEntry) => void;
}

/** The batch at `at` as it stays: a view of `bytes`, a new one, or undefined when nothing does. Throws CORRUPT_MESSAGE. */
export function cleanBatch(view: CleanerView, header: BatchHeader, bytes: Uint8Array, at: number): Uint8Array | undefined {
  const same = bytes.subarray(at, at + header.bytes);
  const records = [...decodeRecords(bytes, header, { at, bytesMax: inflatedBytesMax })];
  const horizonMs = hasDeleteHorizon(header.attributes) ? header.baseTimestamp : undefined;
  const passed = horizonMs !== undefined && horizonMs <= view.nowMs;
  if (isControl(header.attributes)) {
    if (!markerMayGo(view, header, records)) return same;
    if (passed || records.length === 0) return withRecords(view, header, []);
    return horizonMs === undefined ? encodeBatch(records, optionsOf(header, view.nowMs + view.deleteRetentionMs)) : same;
  }
  const kept = view.transactions.isAborted(header) ? [] : records.filter((record) => stays(view, record, passed));
  const newHorizon = horizonMs === undefined && kept.some(({ value }) => value === null);
  if (kept.length === records.length && records.length > 0 && !newHorizon) return same;
  if (kept.length === 0) return withRecords(view, header, []);
  return encodeBatch(kept, optionsOf(header, newHorizon ? view.nowMs + view.deleteRetentionMs : horizonMs));
}

function markerMayGo({ transactions, onAborted }: CleanerView, header: BatchHeader, [record]: readonly KafkaRecord[]): boolean {
  // An earlier pass took the record.
  if (record === undefined) return true;
  const marker = transactionMarkerOf(record);
  // A control record of another sort is not ours to judge.
  if (marker === undefined) return false;
  const { mayGo, aborted } = transactions.end(header, marker);
  if (aborted !== undefined) onAborted(aborted);
  return mayGo;
}

function stays({ keys, mappedTo }: CleanerView, { key, value, offset }: KafkaRecord, horizonPassed: boolean): boolean {
  if (offset >= mappedTo) return true;
  // It has been there since before the topic was compacted, and nothing can ever replace it.
  if (key === null) return false;
  const newest = keys.get(key);
  if (newest !== undefined && newest > offset) return false;
  return value !== null || !horizonPassed;
}

function withRecords(view: CleanerView, header: BatchHeader, records: readonly RecordInput[]): Uint8Array | undefined {
  return view.isLastOfProducer(header) ? encodeBatch(records, { ...optionsOf(header, undefined), maxTimestampMs: header.maxTimestamp }) : undefined;
}

function optionsOf(header: BatchHeader, deleteHorizonMs: number | undefined): BatchOptions {
  const { attributes, baseOffset, leaderEpoch, producerId, producerEpoch, baseSequence } = header;
  if (header.lastOffsetDelta < 0) throw new KafkaError('CORRUPT_MESSAGE', `The batch at offset ${baseOffset} ends before it begins.`);
  return {
    baseOffset, leaderEpoch, lastOffset: lastOffsetOf(header), compression: compressionOf(attributes), transactional: isTransactional(attributes), control: isControl(attributes),
    ...(producerId < 0 ? {} : { producer: { id: producerId, epoch: producerEpoch, baseSequence } }),
    ...(timestampTypeOf(attributes) === 'LogAppendTime' ? { logAppendTimeMs: header.maxTimestamp } : {}),
    ...(deleteHorizonMs === undefined ? {} : { deleteHorizonMs }),
  };
}
