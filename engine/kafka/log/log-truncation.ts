/** Taking batches from the end of a log. Runs alone: nothing is written or flushed meanwhile. */
import { lastOffsetOf } from '../records/batch-header.ts';
import { takeProducer } from './log-writer.ts';
import type { LogState } from './log-state.ts';
import type { Segment } from './segment.ts';
import { scanSegment } from './segment-scan.ts';

/** Batches that hold the offset or follow it go. Durable. */
export async function truncateLog(state: LogState, offset: number): Promise<void> {
  if (offset >= state.logEndOffset) return;
  if (offset < (state.segments[0] as Segment).baseOffset) return restartLog(state, offset);
  const kept = state.segmentIndexFor(offset);
  const last = state.segments[kept] as Segment;
  const { position, end } = await placeOf(last, offset);
  state.tail.clear();
  const { fields } = state.checkpoint;
  state.logStartOffset = Math.min(state.logStartOffset, end);
  state.highWatermark = Math.min(state.highWatermark, end);
  await state.checkpoint.save({
    logStartOffset: state.logStartOffset, recoveryPoint: Math.min(fields.recoveryPoint, end), highWatermark: state.highWatermark,
    cleanedTo: Math.min(fields.cleanedTo, end), closedAt: -1,
  }, 'durable');
  for (const segment of state.segments.slice(kept + 1).toReversed()) await segment.remove();
  state.segments = state.segments.slice(0, kept + 1);
  await cutSegment(state, last, offset, position);
  state.logEndOffset = end;
  state.admittedEndOffset = end;
  state.epochs.truncateEnd(end);
  await state.epochs.save();
  await state.snapshots.removeWhere((each) => each > end);
  await state.disk.syncDirectory(state.directory);
  state.directoryDirty = false;
  await replayProducers(state);
}

/** Nothing is left; the log begins at the offset. Durable. */
export async function restartLog(state: LogState, offset: number): Promise<void> {
  state.tail.clear();
  await state.checkpoint.save({ logStartOffset: offset, recoveryPoint: offset, highWatermark: offset, cleanedTo: offset, resetTo: offset, closedAt: -1 }, 'durable');
  for (const segment of state.segments.toReversed()) await segment.remove();
  await state.snapshots.removeWhere(() => true);
  state.epochs.clear();
  await state.epochs.save();
  await state.disk.syncDirectory(state.directory);
  state.segments = [state.newSegment(offset)];
  state.logStartOffset = offset;
  state.logEndOffset = offset;
  state.admittedEndOffset = offset;
  state.highWatermark = offset;
  state.producers.restore({ producers: [], undecided: [] });
  await (await state.disk.open(state.active.file.path, 'write')).close();
  state.active.created = true;
  await state.disk.syncDirectory(state.directory);
  state.directoryDirty = false;
  await state.checkpoint.save({ resetTo: -1 }, 'durable');
}

async function cutSegment(state: LogState, segment: Segment, offset: number, position: number): Promise<void> {
  await segment.reopen();
  await state.place.handles.use(segment.file, async (file) => {
    await file.truncate(position);
    await file.sync();
  });
  segment.bytes = position;
  segment.admittedBytes = position;
  if (position === 0) {
    segment.firstTimestampMs = undefined;
    segment.firstAppendMs = undefined;
  }
  const indexes = segment.pinned;
  const from = indexes.truncate(offset, position);
  await scanSegment(segment, {
    from: from.position, verify: false, onBatch: (header, place) => indexes.add(header, place.position, state.config.indexIntervalBytes),
  });
}

/** Where the first batch begins that ends with the offset or behind it, and where the log ends without it: after the last batch that stays. */
async function placeOf(segment: Segment, offset: number): Promise<{ readonly position: number; readonly end: number }> {
  const indexes = await segment.indexes();
  let cut: number | undefined;
  let end = segment.baseOffset;
  // The search begins early enough to see a batch that stays, when there is one.
  const scanned = await scanSegment(segment, {
    from: indexes.floorOfPosition(Math.max(0, indexes.floor(offset).position - 1)).position, verify: false,
    onBatch: (header, { position }) => {
      if (lastOffsetOf(header) >= offset) cut ??= position;
      else end = lastOffsetOf(header) + 1;
    },
  });
  return { position: cut ?? scanned.position, end };
}

/** The producers as the batches that are left say. */
export async function replayProducers(state: LogState): Promise<void> {
  const snapshot = await state.snapshots.load(state.logEndOffset);
  state.producers.restore(snapshot?.image ?? { producers: [], undecided: [] });
  const from = snapshot?.offset ?? 0;
  for (let i = state.segmentIndexFor(from); i < state.segments.length; i += 1) {
    const segment = state.segments[i] as Segment;
    const { position } = (await segment.indexes()).floor(from);
    await scanSegment(segment, {
      from: position, verify: false,
      onBatch: (header, { bytes, at }) => {
        if (header.baseOffset >= from) takeProducer(state.producers, undefined, header, bytes, at);
      },
    });
  }
  state.producers.highWatermarkIs(state.highWatermark);
}
