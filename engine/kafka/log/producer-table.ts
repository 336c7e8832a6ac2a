/**
 * Who writes to a partition: epochs and sequence numbers of idempotent producers, transactions that are open. A function of the batches of the log;
 * snapshots of it save reading all of them. Rules: Apache Kafka's design of exactly-once delivery (KIP-98, KIP-360).
 */
import { KafkaError } from '../kafka-error.ts';
import type { BatchHeader } from '../records/batch-header.ts';
import { isTransactional, lastOffsetOf, lastSequenceOf } from '../records/batch-header.ts';
import type { TransactionMarker } from '../records/transaction-marker.ts';
import type { ProducerSummary } from './partition-log.ts';
import type { AbortedEntry } from './segment-indexes.ts';

/** A batch that was stored, as a producer that repeats it is told. */
export interface StoredBatch {
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly firstOffset: number;
  readonly lastOffset: number;
  readonly timestampMs: number;
}

interface Producer {
  epoch: number;
  coordinatorEpoch: number;
  lastTimestampMs: number;
  /** -1: none is open. */
  transactionStart: number;
  /** The newest last, of the current epoch only. */
  batches: StoredBatch[];
}

/** An ended transaction whose marker is not below the high watermark yet: what it says is not certain. */
interface Undecided {
  readonly firstOffset: number;
  readonly markerOffset: number;
}

export interface ProducerImage {
  readonly producers: readonly (readonly [number, Producer])[];
  readonly undecided: readonly Undecided[];
}

/** As many requests as an idempotent producer has under way. */
const batchesKept = 5;

export class ProducerTable {
  #producers = new Map<number, Producer>();
  /** Producer → first offset, in the order of the offsets. */
  #open = new Map<number, number>();
  #undecided: Undecided[] = [];

  /** Returns the stored batch that this one repeats. Throws what a client is told when the batch does not follow. */
  check(header: BatchHeader): StoredBatch | undefined {
    const producer = this.#producers.get(header.producerId);
    if (producer === undefined || producer.epoch < 0) return undefined;
    const { producerEpoch, baseSequence } = header;
    const who = `producer ${header.producerId}`;
    if (producerEpoch < producer.epoch) {
      throw new KafkaError('INVALID_PRODUCER_EPOCH', `The epoch ${producerEpoch} of ${who} is fenced: epoch ${producer.epoch} is in use.`);
    }
    if (producerEpoch > producer.epoch) {
      if (baseSequence === 0) return undefined;
      throw new KafkaError('OUT_OF_ORDER_SEQUENCE_NUMBER', `The first batch of ${who} in its new epoch ${producerEpoch} has sequence ${baseSequence} instead of 0.`);
    }
    const lastSequence = lastSequenceOf(header);
    const repeated = producer.batches.find((batch) => batch.firstSequence === baseSequence && batch.lastSequence === lastSequence);
    if (repeated !== undefined) return repeated;
    const last = producer.batches.at(-1)?.lastSequence ?? -1;
    const expected = last === 0x7fff_ffff ? 0 : last + 1;
    if (baseSequence === expected) return undefined;
    throw new KafkaError('OUT_OF_ORDER_SEQUENCE_NUMBER', `A batch of ${who} in epoch ${producerEpoch} has sequence ${baseSequence} where ${expected} follows.`);
  }

  /** A batch of data is in the log. */
  add(header: BatchHeader): void {
    if (header.producerId < 0) return;
    const producer = this.#producer(header.producerId);
    this.#enterEpoch(producer, header.producerEpoch);
    producer.lastTimestampMs = header.maxTimestamp;
    const lastOffset = lastOffsetOf(header);
    if (header.baseSequence >= 0) {
      producer.batches.push({
        firstSequence: header.baseSequence, lastSequence: lastSequenceOf(header), firstOffset: header.baseOffset, lastOffset, timestampMs: header.maxTimestamp,
      });
      if (producer.batches.length > batchesKept) producer.batches.shift();
    }
    if (!isTransactional(header.attributes) || producer.transactionStart >= 0) return;
    producer.transactionStart = header.baseOffset;
    this.#open.set(header.producerId, header.baseOffset);
  }

  /** Throws when the marker is of a coordinator or of an epoch that has been replaced. */
  checkMarker(producerId: number, producerEpoch: number, coordinatorEpoch: number): void {
    const producer = this.#producers.get(producerId);
    if (producer === undefined) return;
    if (coordinatorEpoch < producer.coordinatorEpoch) {
      throw new KafkaError('TRANSACTION_COORDINATOR_FENCED', `A transaction's end for producer ${producerId} comes from coordinator epoch ${coordinatorEpoch}; ${producer.coordinatorEpoch} is in use.`);
    }
    if (producerEpoch < producer.epoch) {
      throw new KafkaError('INVALID_PRODUCER_EPOCH', `A transaction's end for producer ${producerId} has epoch ${producerEpoch}; ${producer.epoch} is in use.`);
    }
  }

  /** A marker is in the log at this offset. Returns what readers of committed records have to know when it ended a transaction by abort. */
  end(header: BatchHeader, marker: TransactionMarker): AbortedEntry | undefined {
    const { producerId, baseOffset: markerOffset } = header;
    const producer = this.#producer(producerId);
    this.#enterEpoch(producer, header.producerEpoch);
    producer.coordinatorEpoch = marker.coordinatorEpoch;
    producer.lastTimestampMs = header.maxTimestamp;
    const firstOffset = producer.transactionStart;
    if (firstOffset < 0) return undefined;
    producer.transactionStart = -1;
    this.#open.delete(producerId);
    this.#undecided.push({ firstOffset, markerOffset });
    if (marker.committed) return undefined;
    return { producerId, firstOffset, lastOffset: markerOffset, lastStableOffset: this.#firstOpen() ?? markerOffset + 1 };
  }

  /** First offset of what is open or not certain. */
  firstUnstable(): number | undefined {
    let first = this.#firstOpen() ?? Number.POSITIVE_INFINITY;
    for (const { firstOffset } of this.#undecided) first = Math.min(first, firstOffset);
    return Number.isFinite(first) ? first : undefined;
  }

  highWatermarkIs(offset: number): void {
    if (this.#undecided.some(({ markerOffset }) => markerOffset < offset)) this.#undecided = this.#undecided.filter(({ markerOffset }) => markerOffset >= offset);
  }

  /** Forgets those that have been silent since `timestampMs` and have nothing open. Returns how many. */
  expire(timestampMs: number): number {
    const before = this.#producers.size;
    for (const [id, producer] of this.#producers) if (producer.lastTimestampMs < timestampMs && producer.transactionStart < 0) this.#producers.delete(id);
    return before - this.#producers.size;
  }

  /** The last data batch of every known producer, or -1: compaction keeps its sequence numbers. */
  lastDataOffset(producerId: number): number | undefined {
    const producer = this.#producers.get(producerId);
    return producer === undefined ? undefined : producer.batches.at(-1)?.lastOffset ?? -1;
  }

  epochOf(producerId: number): number | undefined {
    return this.#producers.get(producerId)?.epoch;
  }

  summaries(): readonly ProducerSummary[] {
    return [...this.#producers].map(([producerId, producer]) => ({
      producerId,
      producerEpoch: producer.epoch,
      lastSequence: producer.batches.at(-1)?.lastSequence ?? -1,
      lastTimestampMs: producer.lastTimestampMs,
      coordinatorEpoch: producer.coordinatorEpoch,
      currentTransactionStartOffset: producer.transactionStart,
    }));
  }

  image(): ProducerImage {
    return { producers: [...this.#producers], undecided: this.#undecided };
  }

  restore(image: ProducerImage): void {
    this.#producers = new Map(image.producers.map(([id, producer]) => [id, { ...producer, batches: [...producer.batches] }]));
    this.#undecided = [...image.undecided];
    const open = image.producers.filter(([, { transactionStart }]) => transactionStart >= 0).map(([id, { transactionStart }]) => [id, transactionStart] as const);
    this.#open = new Map(open.toSorted((a, b) => a[1] - b[1]));
  }

  #firstOpen(): number | undefined {
    return this.#open.values().next().value;
  }

  #producer(id: number): Producer {
    const known = this.#producers.get(id);
    if (known !== undefined) return known;
    const producer: Producer = { epoch: -1, coordinatorEpoch: -1, lastTimestampMs: -1, transactionStart: -1, batches: [] };
    this.#producers.set(id, producer);
    return producer;
  }

  #enterEpoch(producer: Producer, epoch: number): void {
    if (producer.epoch === epoch) return;
    producer.epoch = epoch;
    producer.batches = [];
  }
}
