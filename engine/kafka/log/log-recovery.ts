/**
 * Opens what is on the disk. After a clean close nothing is scanned. Else the batches from the recovery point on are verified: what a crash has torn there
 * was never synced and is cut. Damage before the recovery point is no torn write: the log does not open.
 */
import type { Disk, DiskFileStatus } from '../../storage/disk.ts';
import { KafkaError } from '../kafka-error.ts';
import { lastOffsetOf } from '../records/batch-header.ts';
import type { Checkpoint } from './checkpoint.ts';
import { finishSwap } from './compaction-swap.ts';
import type { LeaderEpochs } from './leader-epochs.ts';
import { takeProducer } from './log-writer.ts';
import type { LogConfig } from './partition-log.ts';
import { ProducerSnapshots } from './producer-snapshots.ts';
import { ProducerTable } from './producer-table.ts';
import { SegmentIndexes } from './segment-indexes.ts';
import { parseLogFileName, segmentFileName, type LogFileName } from './segment-name.ts';
import { scanSegment } from './segment-scan.ts';
import { Segment, type SegmentPlace } from './segment.ts';

export interface RecoveryInput {
  readonly place: SegmentPlace;
  readonly checkpoint: Checkpoint;
  readonly epochs: LeaderEpochs;
  readonly config: LogConfig;
  readonly signal: AbortSignal | undefined;
}

export interface RecoveredLog {
  readonly segments: readonly Segment[];
  readonly snapshots: ProducerSnapshots;
  readonly producers: ProducerTable;
  readonly logStartOffset: number;
  readonly logEndOffset: number;
  readonly highWatermark: number;
  /** It was not closed: what is there is synced before it counts. */
  readonly scanned: boolean;
}

interface Named {
  readonly file: DiskFileStatus;
  readonly name: LogFileName;
}

/** Rejects with KAFKA_STORAGE_ERROR for damage, else with what the disk rejects with. */
export async function recoverLog(input: RecoveryInput): Promise<RecoveredLog> {
  const { place, checkpoint, epochs } = input;
  const { disk, directory } = place;
  await tidy(disk, directory, checkpoint);
  const files = await namedFiles(disk, directory);
  const indexed = new Set(files.flatMap(({ name }) => (name.kind === 'segment' && name.part === 'index' ? [name.baseOffset] : [])));
  const found = files.flatMap(({ name, file }) => (name.kind === 'segment' && name.part === 'log' ? [{ baseOffset: name.baseOffset, bytes: file.bytes }] : []));
  if (found.length === 0) found.push({ baseOffset: checkpoint.fields.logStartOffset, bytes: -1 });
  const segments = found.map(({ baseOffset, bytes }, i) =>
    new Segment(place, baseOffset, Math.max(0, bytes), { created: bytes >= 0, mode: i === found.length - 1 ? 'write' : 'read' }));
  for (const segment of segments) segment.indexFilesAreThere = indexed.has(segment.baseOffset);
  const snapshots = new ProducerSnapshots(disk, directory, files.flatMap(({ name }) => (name.kind === 'snapshot' ? [name.offset] : [])));
  const epochsKnown = await epochs.load();
  const { closedAt, closedSegment, closedBytes } = checkpoint.fields;
  const last = segments.at(-1) as Segment;
  const asClosed = closedAt >= 0 && last.baseOffset === closedSegment && last.bytes === closedBytes;
  const clean = asClosed && segments.every(({ indexFilesAreThere }) => indexFilesAreThere) && epochsKnown;
  return clean ? openClean(input, segments, snapshots) : scan(input, segments, snapshots, epochsKnown);
}

async function openClean(input: RecoveryInput, segments: readonly Segment[], snapshots: ProducerSnapshots): Promise<RecoveredLog> {
  const { fields } = input.checkpoint;
  const last = segments.at(-1) as Segment;
  last.pin(await last.indexes());
  await last.readFirstTimestamp();
  const producers = await producersBefore(input, segments, snapshots, fields.closedAt);
  return { segments, snapshots, scanned: false, producers, ...offsets(input, segments, fields.closedAt) };
}

async function scan(input: RecoveryInput, segments: Segment[], snapshots: ProducerSnapshots, epochsKnown: boolean): Promise<RecoveredLog> {
  const { place, checkpoint, epochs, config, signal } = input;
  const { recoveryPoint } = checkpoint.fields;
  const first = firstToScan(segments, recoveryPoint, epochsKnown);
  const producers = await producersBefore(input, segments, snapshots, (segments[first] as Segment).baseOffset);
  let end = (segments[first] as Segment).baseOffset;
  let kept = segments.length;
  for (let i = first; i < segments.length; i += 1) {
    const segment = segments[i] as Segment;
    // Segments that are not synced follow one another without a gap; only compaction, which takes synced ones, makes gaps.
    if (i > first && segment.baseOffset > recoveryPoint && segment.baseOffset !== end) {
      place.logger.warn({ segment: segment.file.path, end }, 'a segment does not follow the one before it: it was never synced, and goes');
      kept = i;
      break;
    }
    const indexes = new SegmentIndexes(segment.baseOffset);
    segment.pin(indexes);
    const scanned = await scanSegment(segment, {
      from: 0, verify: true, signal,
      onBatch: (header, { position, bytes, at }) => {
        indexes.add(header, position, config.indexIntervalBytes);
        epochs.assign(header.leaderEpoch, header.baseOffset);
        takeProducer(producers, segment, header, bytes, at);
        if (header.maxTimestamp >= 0) segment.firstTimestampMs ??= header.maxTimestamp;
      },
    });
    end = scanned.endOffset ?? Math.max(segment.baseOffset, end);
    if (scanned.damage === undefined) continue;
    if (end < recoveryPoint) throw damaged(segment, scanned.position, scanned.damage, recoveryPoint);
    place.logger.warn({ segment: segment.file.path, byte: scanned.position, of: segment.bytes, damage: scanned.damage }, 'the end of the log was torn by a crash; it is cut');
    await cut(segment, scanned.position);
    kept = i + 1;
    break;
  }
  if (end < recoveryPoint) throw damaged(segments[kept - 1] as Segment, (segments[kept - 1] as Segment).bytes, 'the file ends', recoveryPoint);
  for (const segment of segments.slice(kept).toReversed()) await segment.remove();
  const left = segments.slice(0, kept);
  for (const segment of left.slice(first)) if (segment.created) await segment.removeIndexFiles();
  const lastSegment = left.at(-1) as Segment;
  if (lastSegment.file.mode === 'read') {
    await place.handles.drop(lastSegment.file);
    lastSegment.file.mode = 'write';
  }
  epochs.truncateEnd(end);
  await epochs.save();
  await snapshots.removeWhere((offset) => offset > end);
  await place.disk.syncDirectory(place.directory);
  return { segments: left, snapshots, producers, scanned: true, ...offsets(input, left, end) };
}

/** The last one is scanned in any case; before it, those that were not synced, and those whose indexes were not. */
function firstToScan(segments: readonly Segment[], recoveryPoint: number, epochsKnown: boolean): number {
  if (!epochsKnown) return 0;
  const endOf = (i: number): number => segments[i + 1]?.baseOffset ?? Number.POSITIVE_INFINITY;
  const unsynced = segments.findIndex(({ indexFilesAreThere }, i) => !indexFilesAreThere || endOf(i) > recoveryPoint);
  return unsynced < 0 ? segments.length - 1 : unsynced;
}

/** What the batches below the offset say of producers. Without a snapshot they are read from the start. */
async function producersBefore(input: RecoveryInput, segments: readonly Segment[], snapshots: ProducerSnapshots, offset: number): Promise<ProducerTable> {
  const { signal, checkpoint, place } = input;
  const producers = new ProducerTable();
  const snapshot = await snapshots.load(offset);
  if (snapshot !== undefined) producers.restore(snapshot.image);
  const from = snapshot?.offset ?? 0;
  for (const [i, segment] of segments.entries()) {
    const next = segments[i + 1]?.baseOffset ?? Number.POSITIVE_INFINITY;
    if (next <= from || segment.baseOffset >= offset || from >= offset) continue;
    const { position } = from > segment.baseOffset ? (await segment.indexes()).floor(from) : { position: 0 };
    const scanned = await scanSegment(segment, {
      from: position, verify: false, signal,
      onBatch: (header, { bytes, at }) => {
        if (header.baseOffset >= from && lastOffsetOf(header) < offset) takeProducer(producers, undefined, header, bytes, at);
      },
    });
    if (scanned.damage !== undefined) throw damaged(segment, scanned.position, scanned.damage, checkpoint.fields.recoveryPoint);
  }
  if (snapshot !== undefined || offset <= (segments[0]?.baseOffset ?? 0)) return producers;
  place.logger.info({ log: place.directory, offset }, 'producers were read from the batches: there is no snapshot of them');
  return producers;
}

/** Ends what a crash has interrupted. */
async function tidy(disk: Disk, directory: string, checkpoint: Checkpoint): Promise<void> {
  let changed = false;
  const { resetTo, logStartOffset } = checkpoint.fields;
  const files = await namedFiles(disk, directory);
  const bases = files.flatMap(({ name }) => (name.kind === 'segment' && name.part === 'log' ? [name.baseOffset] : []));
  for (const { name } of files) {
    if (name.kind === 'swap' && name.part === 'log') await finishSwap(disk, directory, { baseOffset: name.baseOffset, untilOffset: name.untilOffset, bases });
  }
  const remaining = await namedFiles(disk, directory);
  const logs = remaining.flatMap(({ name }) => (name.kind === 'segment' && name.part === 'log' ? [name.baseOffset] : []));
  // The start was moved durably before the segments below it were removed.
  const firstKept = Math.max(0, logs.findLastIndex((base) => base <= logStartOffset));
  for (const { name, file } of remaining) {
    const goes = name.kind === 'leftOver' || name.kind === 'swap' || resetTo >= 0
      || (name.kind === 'segment' && (name.baseOffset < (logs[firstKept] ?? 0) || !logs.includes(name.baseOffset)));
    if (!goes) continue;
    await disk.remove(`${directory}/${file.name}`);
    changed = true;
  }
  if (resetTo >= 0) await disk.remove(`${directory}/leader-epoch-checkpoint`);
  if (changed || resetTo >= 0) await disk.syncDirectory(directory);
  if (resetTo >= 0) await checkpoint.save({ resetTo: -1 }, 'durable');
}

async function namedFiles(disk: Disk, directory: string): Promise<readonly Named[]> {
  const files = await disk.list(directory);
  return files.flatMap((file) => {
    const name = parseLogFileName(file.name);
    return name === undefined ? [] : [{ file, name }];
  });
}

async function cut(segment: Segment, position: number): Promise<void> {
  segment.file.mode = 'write';
  await segment.place.handles.drop(segment.file);
  await segment.place.handles.use(segment.file, async (file) => {
    await file.truncate(position);
    await file.sync();
  });
  segment.bytes = position;
  segment.admittedBytes = position;
}

type Offsets = Pick<RecoveredLog, 'logStartOffset' | 'logEndOffset' | 'highWatermark'>;

function offsets({ checkpoint }: RecoveryInput, segments: readonly Segment[], logEndOffset: number): Offsets {
  const logStartOffset = Math.max(checkpoint.fields.logStartOffset, (segments[0] as Segment).baseOffset);
  return { logStartOffset, logEndOffset, highWatermark: Math.min(logEndOffset, Math.max(checkpoint.fields.highWatermark, logStartOffset)) };
}

function damaged(segment: Segment, position: number, damage: string, recoveryPoint: number): KafkaError {
  return new KafkaError('KAFKA_STORAGE_ERROR', `The log's file ${segment.place.directory}/${segmentFileName(segment.baseOffset, 'log')} is damaged at byte ${position}, `
    + `where it was synced up to offset ${recoveryPoint}: ${damage}. Restore the disk, or empty the replica's directory, so that it is filled from its leader.`);
}
