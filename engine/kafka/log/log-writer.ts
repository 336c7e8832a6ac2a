/**
 * Takes batches into the log. They are admitted at once: they get their offsets, and indexes, producers and epochs count them. Their bytes go to the disk
 * one write after the other; what waits meanwhile goes with the next one. A failed write takes the log offline, so nothing admitted is ever taken back.
 */
import { KafkaError } from '../kafka-error.ts';
import { isControl, lastOffsetOf, setBatchPlace, setLogAppendTime, type BatchHeader, type BatchPlace } from '../records/batch-header.ts';
import { decodeRecords } from '../records/record.ts';
import { encodeMarkerBatch, transactionMarkerOf } from '../records/transaction-marker.ts';
import { checkSizes, soundBatches } from './append-check.ts';
import type { LogState } from './log-state.ts';
import type { AppendResult, LeaderAppend, TransactionEnd } from './partition-log.ts';
import { encodeProducers } from './producer-snapshots.ts';
import type { Segment } from './segment.ts';

interface Write {
  readonly segment: Segment;
  readonly bytes: Uint8Array;
  readonly baseOffset: number;
  readonly endOffset: number;
  readonly messages: number;
  readonly done: () => void;
  readonly failed: (error: KafkaError) => void;
}

/** Producers as they were when a segment began; written before it. */
type NewSegments = Map<Segment, Uint8Array>;

const relativeOffsetMax = 0x7fff_ffff;
/** Waiting writes are copied together up to this size; a larger one costs less as a write of its own. */
const joinedBytesMax = 512 * 1024;
const markerBytesMax = 1024;

export class LogWriter {
  readonly #state: LogState;
  readonly #rolled: () => void;
  readonly #writes: Write[] = [];
  readonly #newSegments: NewSegments = new Map();
  #running: Promise<void> | undefined;

  /** `rolled`: a segment is full and written; it is time to sync it. */
  constructor(state: LogState, rolled: () => void) {
    this.#state = state;
    this.#rolled = rolled;
  }

  /** Resolves when everything admitted so far is written or has failed. */
  async quiet(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  async appendAsLeader(records: Uint8Array, batches: readonly BatchPlace[], append: LeaderAppend): Promise<AppendResult> {
    const state = this.#state;
    state.ensureUsable();
    this.#checkEpoch(append.leaderEpoch);
    checkSizes(records, batches, state.config);
    if (append.origin === 'client') {
      const [first] = batches;
      const repeated = first === undefined || first.header.producerId < 0 ? undefined : state.producers.check(first.header);
      if (repeated !== undefined) {
        // The first time may still be under way.
        await this.written();
        const logAppendTimeMs = state.config.timestampType === 'LogAppendTime' ? repeated.timestampMs : -1;
        return { firstOffset: repeated.firstOffset, lastOffset: repeated.lastOffset, logAppendTimeMs, logStartOffset: state.logStartOffset, duplicate: true };
      }
    }
    const stamps = state.config.timestampType === 'LogAppendTime';
    const firstOffset = state.admittedEndOffset;
    let next = firstOffset;
    const placed = batches.map(({ at, header }) => {
      setBatchPlace(records, at, { baseOffset: next, leaderEpoch: append.leaderEpoch });
      if (stamps) setLogAppendTime(records, at, append.nowMs);
      const own: BatchHeader = { ...header, baseOffset: next, leaderEpoch: append.leaderEpoch, ...(stamps ? { maxTimestamp: append.nowMs } : {}) };
      next += header.lastOffsetDelta + 1;
      return { at, header: own };
    });
    await this.#admit(records, placed);
    return { firstOffset, lastOffset: next - 1, logAppendTimeMs: stamps ? append.nowMs : -1, logStartOffset: state.logStartOffset, duplicate: false };
  }

  async appendMarker({ producerId, producerEpoch, committed, coordinatorEpoch }: TransactionEnd, append: LeaderAppend): Promise<AppendResult> {
    const state = this.#state;
    state.ensureUsable();
    this.#checkEpoch(append.leaderEpoch);
    state.producers.checkMarker(producerId, producerEpoch, coordinatorEpoch);
    const baseOffset = state.admittedEndOffset;
    const records = encodeMarkerBatch({ committed, coordinatorEpoch }, { baseOffset, leaderEpoch: append.leaderEpoch, timestampMs: append.nowMs, producerId, producerEpoch });
    await this.#admit(records, soundBatches(records));
    return { firstOffset: baseOffset, lastOffset: baseOffset, logAppendTimeMs: -1, logStartOffset: state.logStartOffset, duplicate: false };
  }

  async appendAsFollower(records: Uint8Array, batches: readonly BatchPlace[]): Promise<void> {
    const state = this.#state;
    state.ensureUsable();
    let end = state.admittedEndOffset;
    for (const { header } of batches) {
      if (header.baseOffset < end) throw new KafkaError('OFFSET_OUT_OF_RANGE', `A batch of the leader begins at offset ${header.baseOffset}, but ${end} follows here.`);
      end = lastOffsetOf(header) + 1;
    }
    if (batches.length > 0) await this.#admit(records, batches);
  }

  #checkEpoch(leaderEpoch: number): void {
    const { latest } = this.#state.epochs;
    if (leaderEpoch < latest) throw new KafkaError('FENCED_LEADER_EPOCH', `The log ${this.#state.directory} has leader epoch ${latest}; an append comes with ${leaderEpoch}.`);
  }

  /** Everything before the write is done before this first returns. */
  async #admit(records: Uint8Array, batches: readonly BatchPlace[]): Promise<void> {
    let last: Promise<void> = Promise.resolve();
    for (let from = 0; from < batches.length;) {
      const segment = this.#segmentFor(batches[from] as BatchPlace, batches.at(-1) as BatchPlace, records.length - (batches[from] as BatchPlace).at);
      let to = from;
      const baseOffset = this.#state.admittedEndOffset;
      let messages = 0;
      while (to < batches.length && lastOffsetOf((batches[to] as BatchPlace).header) - segment.baseOffset <= relativeOffsetMax) {
        messages += this.#take(segment, records, batches[to] as BatchPlace);
        to += 1;
      }
      const bytes = records.subarray((batches[from] as BatchPlace).at, batches[to]?.at ?? records.length);
      last = this.#enqueue({ segment, bytes, baseOffset, endOffset: this.#state.admittedEndOffset, messages });
      if (to < batches.length) last.catch(() => {});
      from = to;
    }
    await last;
  }

  #take(segment: Segment, records: Uint8Array, { at, header }: BatchPlace): number {
    const { epochs, producers, config } = this.#state;
    epochs.assign(header.leaderEpoch, header.baseOffset);
    segment.firstAppendMs ??= this.#state.clock.wallMs();
    segment.admit(header, config.indexIntervalBytes);
    takeProducer(producers, segment, header, records, at);
    this.#state.admittedEndOffset = lastOffsetOf(header) + 1;
    return header.recordCount;
  }

  /** The active segment, or a new one when the batches do not belong in it. */
  #segmentFor(first: BatchPlace, last: BatchPlace, bytes: number): Segment {
    const { active, config, clock } = this.#state;
    if (active.admittedBytes === 0) {
      if (lastOffsetOf(first.header) - active.baseOffset <= relativeOffsetMax) return active;
      return this.roll(first.header.baseOffset);
    }
    const ageMs = Math.max(last.header.maxTimestamp - (active.firstTimestampMs ?? last.header.maxTimestamp), clock.wallMs() - (active.firstAppendMs ?? clock.wallMs()));
    const full = active.admittedBytes + bytes > config.segmentBytes || lastOffsetOf(first.header) - active.baseOffset > relativeOffsetMax || ageMs > config.segmentMs;
    if (!full) return active;
    const end = this.#state.admittedEndOffset;
    return this.roll(lastOffsetOf(first.header) - end > relativeOffsetMax ? first.header.baseOffset : end);
  }

  /** Begins a new segment behind what is admitted. */
  roll(baseOffset: number): Segment {
    const state = this.#state;
    const segment = state.newSegment(baseOffset);
    this.#newSegments.set(segment, encodeProducers(state.producers.image()));
    state.segments = [...state.segments, segment];
    return segment;
  }

  /** Makes the file of the active segment even when nothing is written to it yet. */
  async create(): Promise<void> {
    await this.#createSegment(this.#state.active);
  }

  #enqueue(write: Omit<Write, 'done' | 'failed'>): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#writes.push({ ...write, done: resolve, failed: reject });
    this.#running ??= this.#run();
    return promise;
  }

  /** Resolves when what is admitted now is written; rejects when the log is offline. */
  async written(): Promise<void> {
    if (this.#running !== undefined) await this.#enqueue({ segment: this.#state.active, bytes: new Uint8Array(0), baseOffset: -1, endOffset: -1, messages: 0 });
    this.#state.ensureUsable();
  }

  async #run(): Promise<void> {
    while (this.#writes.length > 0) {
      const run = this.#nextRun();
      try {
        this.#state.ensureUsable();
        await this.#writeRun(run);
        for (const { done } of run) done();
      } catch (error) {
        const failure = this.#state.fail(error);
        for (const { failed } of [...run, ...this.#writes.splice(0)]) failed(failure);
      }
    }
    this.#running = undefined;
  }

  /** Writes for one segment that are small enough to go together. */
  #nextRun(): readonly Write[] {
    const [first] = this.#writes;
    let count = 1;
    let bytes = first?.bytes.length ?? 0;
    while (count < this.#writes.length) {
      const next = this.#writes[count] as Write;
      if (next.segment !== first?.segment || bytes + next.bytes.length > joinedBytesMax) break;
      bytes += next.bytes.length;
      count += 1;
    }
    return this.#writes.splice(0, count);
  }

  async #writeRun(run: readonly Write[]): Promise<void> {
    const state = this.#state;
    const filled = run.filter(({ bytes }) => bytes.length > 0);
    const [first] = filled;
    const last = filled.at(-1);
    if (first === undefined || last === undefined) return;
    const { segment } = first;
    if (state.epochs.dirty) await state.epochs.save();
    if (!segment.created) await this.#createSegment(segment);
    if (segment.indexFilesAreThere) await segment.removeIndexFiles();
    const bytes = filled.length === 1 ? first.bytes : Buffer.concat(filled.map((each) => each.bytes));
    await state.place.handles.use(segment.file, (file) => file.write(bytes, segment.bytes));
    state.tail.add(segment, segment.bytes, bytes, first.baseOffset, last.endOffset);
    segment.bytes += bytes.length;
    state.logEndOffset = last.endOffset;
    for (const { messages } of filled) state.unflushedMessages += messages;
    state.unflushedSinceMs ??= state.clock.wallMs();
  }

  async #createSegment(segment: Segment): Promise<void> {
    const state = this.#state;
    if (segment.created) return;
    const producers = this.#newSegments.get(segment);
    this.#newSegments.delete(segment);
    state.directoryDirty = true;
    if (producers !== undefined) await state.snapshots.save(segment.baseOffset, producers);
    const file = await state.disk.open(segment.file.path, 'write');
    try {
      // A left-over of the name holds nothing: the log ends before it.
      await file.truncate(0);
    } finally {
      await file.close();
    }
    segment.created = true;
    if (producers !== undefined) this.#rolled();
  }
}

/** What a batch that is in the log says of its producer. `segment`: where an aborted transaction is noted, when it is not yet. */
export function takeProducer(producers: LogState['producers'], segment: Segment | undefined, header: BatchHeader, bytes: Uint8Array, at: number): void {
  if (!isControl(header.attributes)) return producers.add(header);
  // Compaction leaves markers without their record.
  const [record] = decodeRecords(bytes, header, { at, bytesMax: markerBytesMax });
  const marker = record === undefined ? undefined : transactionMarkerOf(record);
  if (marker === undefined) return undefined;
  const aborted = producers.end(header, marker);
  if (aborted !== undefined) segment?.pinned.addAborted(aborted);
  return undefined;
}
