/**
 * One pass of compaction over a log: reads the keys of what is new, then writes the segments anew without what later records replaced, a few old segments
 * into one new at a time. Appends and reads go on; only the moment of the swap is alone with the log.
 */
import type { DiskFile } from '../../storage/disk.ts';
import { KafkaError } from '../kafka-error.ts';
import { batchHeaderAt, isControl, lastOffsetOf, type BatchHeader } from '../records/batch-header.ts';
import { decodeRecords } from '../records/record.ts';
import { transactionMarkerOf } from '../records/transaction-marker.ts';
import { inflatedBytesMax } from './append-check.ts';
import { cleanBatch, type CleanerView } from './batch-cleaner.ts';
import { commitSwap, finishSwap } from './compaction-swap.ts';
import { CompactionTransactions } from './compaction-transactions.ts';
import { KeyMap } from './key-map.ts';
import type { LogState } from './log-state.ts';
import { cleanedName, segmentFileKinds, type SegmentFileKind } from './segment-name.ts';
import { SegmentIndexes, type AbortedEntry } from './segment-indexes.ts';
import { scanSegment, type SegmentScan } from './segment-scan.ts';
import { Segment } from './segment.ts';
import { writeSynced } from './small-file.ts';

export interface CompactionPass {
  readonly nowMs: number;
  readonly keyMapBytesMax: number;
  /** Alone with the log. */
  readonly exclusive: (work: () => Promise<void>) => Promise<void>;
  /** Aborts when the log closes. */
  readonly signal: AbortSignal;
}

type CleaningPass = CompactionPass & Pick<CleanerView, 'keys' | 'mappedTo' | 'transactions'>;

interface MappedKeys {
  readonly keys: KeyMap;
  /** Where the batches begin whose keys are not in it. */
  readonly mappedTo: number;
}

interface CleanedSegment {
  readonly indexes: SegmentIndexes;
  readonly bytes: number;
}

const relativeOffsetMax = 0x7fff_ffff;

/** Resolves to whether there was anything to clean. */
export async function compactLog(state: LogState, pass: CompactionPass): Promise<boolean> {
  const cleanable = await cleanableSegments(state, pass.nowMs);
  if (cleanable.length === 0) return false;
  // From here on segments need not follow one another without gaps: recovery has to know that they were synced.
  await state.onDisk(() => state.checkpoint.save({ recoveryPoint: state.recoveryPoint }, 'durable'));
  const aborted = await abortedTransactions(state);
  const { keys, mappedTo } = await keysOf(state, cleanable, aborted, pass);
  const segments = cleanable.filter(({ baseOffset }) => baseOffset < mappedTo);
  const transactions = new CompactionTransactions(aborted);
  for (const group of groupsOf(state, segments)) {
    pass.signal.throwIfAborted();
    if (!(await cleanGroup(state, group, { ...pass, keys, mappedTo, transactions }))) return true;
  }
  await state.onDisk(() => state.checkpoint.save({ cleanedTo: mappedTo }, 'lazy'));
  state.logger.info({ log: state.directory, segments: segments.length, keys: keys.size, cleanedTo: mappedTo }, 'the log is compacted');
  return true;
}

/** All segments from the start up to where nothing may be cleaned yet, when enough of it is new. */
async function cleanableSegments(state: LogState, nowMs: number): Promise<readonly Segment[]> {
  const { segments, config, checkpoint } = state;
  const { cleanedTo } = checkpoint.fields;
  const limit = Math.min(state.lastStableOffset, state.recoveryPoint);
  const cleanable: Segment[] = [];
  let cleanBytes = 0;
  let dirtyBytes = 0;
  let oldestMs = Number.POSITIVE_INFINITY;
  for (const [i, segment] of segments.slice(0, -1).entries()) {
    const end = (segments[i + 1] as Segment).baseOffset;
    if (end > limit || segment.isPinned) break;
    if (end > cleanedTo) {
      if (config.minCompactionLagMs > 0 && (await segment.maxTimestampMs()) > nowMs - config.minCompactionLagMs) break;
      dirtyBytes += segment.bytes;
      oldestMs = Math.min(oldestMs, (await firstTimestamp(segment)) ?? Number.POSITIVE_INFINITY);
    } else cleanBytes += segment.bytes;
    cleanable.push(segment);
  }
  if (dirtyBytes === 0) return [];
  const due = dirtyBytes / (cleanBytes + dirtyBytes) >= config.minCleanableDirtyRatio || nowMs - oldestMs > config.maxCompactionLagMs;
  return due ? cleanable : [];
}

async function firstTimestamp(segment: Segment): Promise<number | undefined> {
  if (segment.firstTimestampMs !== undefined || segment.bytes === 0) return segment.firstTimestampMs;
  await segment.readFirstTimestamp();
  return segment.firstTimestampMs;
}

async function abortedTransactions(state: LogState): Promise<readonly AbortedEntry[]> {
  const lists = [];
  for (const segment of state.segments) lists.push((await segment.indexes()).aborted);
  return lists.flat();
}

/** The keys of the new part, as much of it as there is memory for; at least one batch. */
async function keysOf(state: LogState, segments: readonly Segment[], aborted: readonly AbortedEntry[], pass: CompactionPass): Promise<MappedKeys> {
  const from = Math.max(state.checkpoint.fields.cleanedTo, state.logStartOffset);
  const keys = new KeyMap(pass.keyMapBytesMax);
  const transactions = new CompactionTransactions(aborted.filter(({ lastOffset }) => lastOffset >= from));
  const end = state.endOfSegment(state.segmentIndexFor((segments.at(-1) as Segment).baseOffset));
  let mappedTo: number | undefined;
  for (const [i, segment] of segments.entries()) {
    const next = segments[i + 1]?.baseOffset ?? end;
    if (next <= from) continue;
    if (mappedTo !== undefined) break;
    await scanWhole(segment, {
      from: from > segment.baseOffset ? (await segment.indexes()).floor(from).position : 0, verify: false, signal: pass.signal,
      onBatch: (header, { bytes, at }) => {
        if (mappedTo !== undefined || lastOffsetOf(header) < from) return;
        if (keys.isFull) {
          mappedTo = header.baseOffset;
          return;
        }
        takeKeys(keys, transactions, header, bytes, at);
      },
    });
  }
  return { keys, mappedTo: mappedTo ?? end };
}

function takeKeys(keys: KeyMap, transactions: CompactionTransactions, header: BatchHeader, bytes: Uint8Array, at: number): void {
  const records = decodeRecords(bytes, header, { at, bytesMax: inflatedBytesMax });
  if (isControl(header.attributes)) {
    const [record] = records;
    const marker = record === undefined ? undefined : transactionMarkerOf(record);
    if (marker !== undefined) transactions.end(header, marker);
    return;
  }
  if (transactions.isAborted(header)) return;
  for (const { key, offset } of records) if (key !== null) keys.set(key, offset);
}

/** Neighbours whose batches fit into one segment. */
function groupsOf(state: LogState, segments: readonly Segment[]): readonly (readonly Segment[])[] {
  const groups: Segment[][] = [];
  let bytes = 0;
  for (const segment of segments) {
    const group = groups.at(-1);
    const first = group?.[0];
    const end = state.endOfSegment(state.segmentIndexFor(segment.baseOffset));
    if (group !== undefined && first !== undefined && bytes + segment.bytes <= state.config.segmentBytes && end - first.baseOffset <= relativeOffsetMax) {
      group.push(segment);
      bytes += segment.bytes;
    } else {
      groups.push([segment]);
      bytes = segment.bytes;
    }
  }
  return groups;
}

/** False when the segments went while they were cleaned: then the pass ends. */
async function cleanGroup(state: LogState, group: readonly Segment[], pass: CleaningPass): Promise<boolean> {
  const first = group[0] as Segment;
  const untilOffset = state.endOfSegment(state.segmentIndexFor((group.at(-1) as Segment).baseOffset));
  const cleaned = (kind: SegmentFileKind): string => `${state.directory}/${cleanedName(first.baseOffset, untilOffset, kind, 'cleaned')}`;
  for (const kind of segmentFileKinds) await state.disk.remove(cleaned(kind));
  let done = false;
  try {
    const file = await state.disk.open(cleaned('log'), 'create');
    let written;
    try {
      written = await writeCleaned(state, group, file, pass);
      await file.sync();
    } finally {
      await file.close();
    }
    const { offsets, times, aborted } = written.indexes.files();
    await writeSynced(state.disk, cleaned('index'), offsets);
    await writeSynced(state.disk, cleaned('timeindex'), times);
    await writeSynced(state.disk, cleaned('txnindex'), aborted);
    const swap = { baseOffset: first.baseOffset, untilOffset, bases: group.map(({ baseOffset }) => baseOffset) };
    await pass.exclusive(async () => {
      if (!group.every((segment) => state.segments.includes(segment))) return;
      done = true;
      await state.change(async () => {
        for (const segment of group) {
          segment.retire();
          await state.place.handles.drop(segment.file);
        }
        await commitSwap(state.disk, state.directory, swap);
        await finishSwap(state.disk, state.directory, swap);
        const segment = new Segment(state.place, first.baseOffset, written.bytes, { created: true, mode: 'read' });
        segment.indexFilesAreThere = true;
        const before = state.segments.filter(({ baseOffset }) => baseOffset < first.baseOffset);
        state.segments = [...before, segment, ...state.segments.filter(({ baseOffset }) => baseOffset >= untilOffset)];
        state.tail.dropSegments(new Set(group));
        await state.snapshots.removeWhere((offset) => offset > first.baseOffset && offset < untilOffset);
      });
    });
    return done;
  } finally {
    if (!done && state.failure === undefined) for (const kind of segmentFileKinds) await state.disk.remove(cleaned(kind));
  }
}

async function writeCleaned(state: LogState, group: readonly Segment[], file: DiskFile, pass: CleaningPass): Promise<CleanedSegment> {
  const { config, producers } = state;
  const indexes = new SegmentIndexes((group[0] as Segment).baseOffset);
  let pieces: Uint8Array[] = [];
  let bytes = 0;
  let written = 0;
  const view: CleanerView = {
    keys: pass.keys, mappedTo: pass.mappedTo, transactions: pass.transactions, nowMs: pass.nowMs, deleteRetentionMs: config.deleteRetentionMs,
    isLastOfProducer: (header) => {
      if (header.producerId < 0) return false;
      const last = producers.lastDataOffset(header.producerId);
      if (last === undefined || last >= 0) return last === lastOffsetOf(header);
      return isControl(header.attributes) && producers.epochOf(header.producerId) === header.producerEpoch;
    },
    onAborted: (entry) => indexes.addAborted(entry),
  };
  for (const segment of group) {
    await scanWhole(segment, {
      from: 0, verify: true, signal: pass.signal,
      onBatch: (header, place) => {
        const kept = cleanBatch(view, header, place.bytes, place.at);
        if (kept === undefined) return;
        indexes.add(batchHeaderAt(kept), bytes, config.indexIntervalBytes);
        pieces.push(kept);
        bytes += kept.length;
      },
      // What was read is read over next.
      afterChunk: async () => {
        if (pieces.length === 0) return;
        const joined = Buffer.concat(pieces);
        pieces = [];
        await file.write(joined, written);
        written += joined.length;
      },
    });
  }
  return { indexes, bytes };
}

/** Rejects with KAFKA_STORAGE_ERROR when the segment is damaged: nothing that is damaged is copied. */
async function scanWhole(segment: Segment, scan: SegmentScan): Promise<void> {
  const { damage, position } = await scanSegment(segment, scan);
  if (damage === undefined) return;
  throw new KafkaError('KAFKA_STORAGE_ERROR', `The log's file ${segment.file.path} is damaged at byte ${position}: ${damage}. It cannot be compacted.`);
}
