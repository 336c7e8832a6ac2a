/** One file of batches and its indexes. */
import type { Logger } from '../../core/logger.ts';
import type { Disk } from '../../storage/disk.ts';
import { KafkaError } from '../kafka-error.ts';
import { batchHeaderBytes, type BatchHeader } from '../records/batch-header.ts';
import { int64At } from '../records/big-endian.ts';
import { maxTimestampAt } from './batch-walk.ts';
import { GoneFile, LogFile, type FileHandles } from './file-handles.ts';
import type { IndexCache } from './index-cache.ts';
import { SegmentIndexes, abortedTrouble, indexTrouble } from './segment-indexes.ts';
import { segmentFileKinds, segmentFileName, type SegmentFileKind } from './segment-name.ts';
import { scanSegment } from './segment-scan.ts';
import { readWhole, writeSynced } from './small-file.ts';

export interface SegmentPlace {
  readonly disk: Disk;
  readonly directory: string;
  readonly handles: FileHandles;
  readonly indexCache: IndexCache;
  readonly logger: Logger;
}

export class Segment {
  readonly place: SegmentPlace;
  readonly baseOffset: number;
  readonly file: LogFile;
  /** What is written and may be read. */
  bytes: number;
  /** With what is about to be written: the next batch goes there. */
  admittedBytes: number;
  /** Whether the file is there. */
  created: boolean;
  /** For rolling: of the first batch, and when it came. */
  firstTimestampMs: number | undefined;
  firstAppendMs: number | undefined;
  /** Index files from before are there; they go before the segment changes. */
  indexFilesAreThere = false;
  /** Indexes that are not in their files yet, or that still change. */
  #pinned: SegmentIndexes | undefined;
  /** Kept when the indexes are not: asked for of every segment, now and then. */
  #maxTimestampMs: number | undefined;
  #loading: Promise<SegmentIndexes> | undefined;

  constructor(place: SegmentPlace, baseOffset: number, bytes: number, state: { readonly created: boolean; readonly mode: 'read' | 'write' }) {
    this.place = place;
    this.baseOffset = baseOffset;
    this.file = new LogFile(`${place.directory}/${segmentFileName(baseOffset, 'log')}`, state.mode);
    this.bytes = bytes;
    this.admittedBytes = bytes;
    this.created = state.created;
    if (!state.created) this.#pinned = new SegmentIndexes(baseOffset);
  }

  path(kind: SegmentFileKind): string {
    return `${this.place.directory}/${segmentFileName(this.baseOffset, kind)}`;
  }

  /** Of a segment that is written to. */
  get pinned(): SegmentIndexes {
    if (this.#pinned === undefined) throw new Error(`the indexes of ${this.file.path} are not held`);
    return this.#pinned;
  }

  pin(indexes: SegmentIndexes): void {
    this.place.indexCache.drop(this);
    this.#pinned = indexes;
    this.#maxTimestampMs = undefined;
  }

  get isPinned(): boolean {
    return this.#pinned !== undefined;
  }

  /** Undefined when they have to be read. */
  indexesNow(): SegmentIndexes | undefined {
    return this.#pinned ?? this.place.indexCache.get(this);
  }

  async indexes(): Promise<SegmentIndexes> {
    const now = this.indexesNow();
    if (now !== undefined) return now;
    this.#loading ??= this.#load().catch((error: unknown) => {
      throw this.file.gone ? new GoneFile(`${this.file.path} is gone`, { cause: error }) : error;
    }).finally(() => {
      this.#loading = undefined;
    });
    return this.#loading;
  }

  async maxTimestampMs(): Promise<number> {
    if (this.#pinned !== undefined) return this.#pinned.maxTimestampMs;
    this.#maxTimestampMs ??= (await this.indexes()).maxTimestampMs;
    return this.#maxTimestampMs;
  }

  /** One whole batch goes where it is admitted. */
  admit(header: BatchHeader, indexIntervalBytes: number): void {
    if (header.maxTimestamp >= 0) this.firstTimestampMs ??= header.maxTimestamp;
    this.pinned.add(header, this.admittedBytes, indexIntervalBytes);
    this.admittedBytes += header.bytes;
  }

  /** Up to `target.length` bytes of what is written. Rejects with `GoneFile` when another file has taken the place of this one. */
  read(target: Uint8Array, position: number): Promise<number> {
    return this.place.handles.use(this.file, (file) => file.read(target, position));
  }

  /** Of the first batch: for when the next segment begins, and how long compaction has waited. */
  async readFirstTimestamp(): Promise<void> {
    const header = Buffer.alloc(batchHeaderBytes);
    if (this.bytes < header.length) return;
    await this.read(header, 0);
    const timestampMs = int64At(header, maxTimestampAt);
    if (timestampMs >= 0) this.firstTimestampMs = timestampMs;
  }

  async sync(): Promise<void> {
    await this.place.handles.use(this.file, (file) => file.sync());
  }

  /**
   * Writes the index files; their names are durable when the directory is synced. `.index` comes last: where it is, the others are, of which one cannot be
   * made from this segment alone.
   */
  async saveIndexes(): Promise<void> {
    const indexes = this.#pinned;
    if (indexes === undefined) return;
    const files = indexes.files();
    const { disk, directory } = this.place;
    if (files.aborted.length > 0) await writeSynced(disk, this.path('txnindex'), files.aborted);
    else await disk.remove(this.path('txnindex'));
    if (files.aborted.length > 0) await disk.syncDirectory(directory);
    await writeSynced(disk, this.path('timeindex'), files.times);
    await writeSynced(disk, this.path('index'), files.offsets);
    this.indexFilesAreThere = true;
  }

  /** The files have them. */
  unpin(): void {
    const indexes = this.#pinned;
    this.#pinned = undefined;
    if (indexes === undefined) return;
    this.#maxTimestampMs = indexes.maxTimestampMs;
    this.place.indexCache.put(this, indexes);
  }

  /** It is written to again: its indexes change, so their files go, durably. */
  async reopen(): Promise<void> {
    if (this.#pinned === undefined) this.pin(await this.indexes());
    await this.removeIndexFiles();
    if (this.file.mode === 'write') return;
    this.file.mode = 'write';
    await this.place.handles.drop(this.file);
  }

  async removeIndexFiles(): Promise<void> {
    for (const kind of ['index', 'timeindex', 'txnindex'] as const) await this.place.disk.remove(this.path(kind));
    await this.place.disk.syncDirectory(this.place.directory);
    this.indexFilesAreThere = false;
  }

  /** Durable when the directory is synced. */
  async remove(): Promise<void> {
    this.retire();
    await this.place.handles.drop(this.file);
    for (const kind of segmentFileKinds) await this.place.disk.remove(this.path(kind));
  }

  /** Nobody opens it any more. */
  retire(): void {
    this.file.gone = true;
    this.place.indexCache.drop(this);
  }

  async #load(): Promise<SegmentIndexes> {
    const { disk, logger, indexCache } = this.place;
    const aborted = (await readWhole(disk, this.path('txnindex'))) ?? Buffer.alloc(0);
    const wrong = abortedTrouble(aborted);
    if (wrong !== undefined) {
      throw new KafkaError('KAFKA_STORAGE_ERROR', `The list of aborted transactions ${this.path('txnindex')} is damaged: ${wrong}. Empty the replica's directory, so that it is filled from its leader.`);
    }
    const offsets = await readWhole(disk, this.path('index'));
    const times = await readWhole(disk, this.path('timeindex'));
    const trouble = offsets === undefined || times === undefined ? 'a file is missing' : indexTrouble({ offsets, times }, this.bytes);
    let indexes: SegmentIndexes;
    if (offsets !== undefined && times !== undefined && trouble === undefined) {
      indexes = new SegmentIndexes(this.baseOffset, { offsets, times, aborted });
    } else {
      logger.warn({ segment: this.file.path, trouble }, 'the index of a segment is not usable; it is made anew from the segment');
      indexes = new SegmentIndexes(this.baseOffset, { offsets: Buffer.alloc(0), times: Buffer.alloc(0), aborted });
      await scanSegment(this, { from: 0, verify: false, onBatch: (header, place) => indexes.add(header, place.position, rebuiltIntervalBytes) });
    }
    // The files may have been those of the segment that took its place.
    if (this.file.gone) throw new GoneFile(`${this.file.path} is gone`);
    indexCache.put(this, indexes);
    return indexes;
  }
}

/** Kafka's default; only how fast a place is found depends on it. */
const rebuiltIntervalBytes = 4096;
