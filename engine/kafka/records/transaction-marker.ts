/**
 * The record that ends a transaction in a partition: alone in a batch of the broker's own.
 *
 *     key     version int16 (0), type int16 (0: aborted, 1: committed)
 *     value   version int16 (0), coordinator epoch int32
 */
import { KafkaError } from '../kafka-error.ts';
import { encodeBatch } from './batch.ts';
import { int16At, int32At, setInt16, setInt32 } from './big-endian.ts';
import type { KafkaRecord } from './record.ts';

export interface TransactionMarker {
  readonly committed: boolean;
  /** Of the transaction coordinator: an older one is fenced. */
  readonly coordinatorEpoch: number;
}

export interface MarkerPlace {
  readonly baseOffset: number;
  readonly leaderEpoch: number;
  readonly timestampMs: number;
  readonly producerId: number;
  readonly producerEpoch: number;
}

export function encodeMarkerBatch(marker: TransactionMarker, { baseOffset, leaderEpoch, timestampMs, producerId, producerEpoch }: MarkerPlace): Buffer {
  const key = new Uint8Array(4);
  setInt16(key, 2, marker.committed ? 1 : 0);
  const value = new Uint8Array(6);
  setInt32(value, 2, marker.coordinatorEpoch);
  return encodeBatch([{ key, value, timestampMs }], {
    baseOffset, leaderEpoch, producer: { id: producerId, epoch: producerEpoch, baseSequence: -1 }, transactional: true, control: true,
  });
}

/** Of a record in a control batch. Undefined for control records that end no transaction, which are nothing to a client. CORRUPT_MESSAGE when it has no type. */
export function transactionMarkerOf({ key, value, offset }: KafkaRecord): TransactionMarker | undefined {
  if (key === null || key.length < 4) throw new KafkaError('CORRUPT_MESSAGE', `The control record at offset ${offset} has no type.`);
  const type = int16At(key, 2);
  if (type !== 0 && type !== 1) return undefined;
  if (value === null || value.length < 6) throw new KafkaError('CORRUPT_MESSAGE', `The transaction marker at offset ${offset} has no coordinator epoch.`);
  return { committed: type === 1, coordinatorEpoch: int32At(value, 2) };
}
