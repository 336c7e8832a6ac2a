/**
 * What a log knows of itself besides its batches, in one small file of two places that are written in turn: the newest one that is whole counts. A save
 * that is not durable may be lost in a crash; every value is such that an older one is safe, or it is saved durably.
 */
import { crc32c } from '@node-rs/crc32';
import { int32At, int64At, setInt32, setInt64 } from '../records/big-endian.ts';
import { LogFile, type FileHandles } from './file-handles.ts';

export interface CheckpointFields {
  readonly logStartOffset: number;
  /** All batches below it are synced: damage there is damage, not the torn tail of a crash. Lowered durably before anything behind it changes. */
  readonly recoveryPoint: number;
  readonly highWatermark: number;
  /** Compaction has seen the batches below it. */
  readonly cleanedTo: number;
  /** The log is being emptied, to begin at this offset. -1: it is not. */
  readonly resetTo: number;
  /** Where the log ended when it was closed, and in which segment at which byte: if that is still so, nothing is torn. -1: it was not closed. */
  readonly closedAt: number;
  readonly closedSegment: number;
  readonly closedBytes: number;
}

const fieldNames = ['logStartOffset', 'recoveryPoint', 'highWatermark', 'cleanedTo', 'resetTo', 'closedAt', 'closedSegment', 'closedBytes'] as const;
const version = 1;
/** Version, number of the save, fields, checksum. */
const slotBytes = 4 + 8 + fieldNames.length * 8 + 4;
/** A sector each: a torn write hurts one of them only. */
const slotDistance = 4096;

export const emptyCheckpoint: CheckpointFields = {
  logStartOffset: 0, recoveryPoint: 0, highWatermark: 0, cleanedTo: 0, resetTo: -1, closedAt: -1, closedSegment: -1, closedBytes: -1,
};

export class Checkpoint {
  readonly #handles: FileHandles;
  readonly #file: LogFile;
  #saves = 0;
  #last: Promise<void> = Promise.resolve();
  fields: CheckpointFields = emptyCheckpoint;

  constructor(handles: FileHandles, directory: string) {
    this.#handles = handles;
    this.#file = new LogFile(`${directory}/checkpoint`, 'write');
  }

  /** False when nothing was saved yet. */
  async load(): Promise<boolean> {
    const bytes = Buffer.alloc(slotDistance + slotBytes);
    const length = await this.#handles.use(this.#file, (file) => file.read(bytes, 0));
    for (const at of [0, slotDistance]) {
      const saves = int64At(bytes, at + 4);
      if (at + slotBytes > length || int32At(bytes, at) !== version || saves <= this.#saves) continue;
      if (int32At(bytes, at + slotBytes - 4) >>> 0 !== crc32c(bytes.subarray(at, at + slotBytes - 4))) continue;
      this.#saves = saves;
      this.fields = Object.fromEntries(fieldNames.map((name, i) => [name, int64At(bytes, at + 12 + i * 8)])) as unknown as CheckpointFields;
    }
    return this.#saves > 0;
  }

  /** The new fields count at once; the save comes after those before it. */
  save(changes: Partial<CheckpointFields>, durability: 'durable' | 'lazy'): Promise<void> {
    this.fields = { ...this.fields, ...changes };
    const run = this.#last.catch(() => {}).then(() => this.#write(durability));
    this.#last = run;
    return run;
  }

  async close(): Promise<void> {
    await this.#last.catch(() => {});
    await this.#handles.drop(this.#file);
  }

  async #write(durability: 'durable' | 'lazy'): Promise<void> {
    this.#saves += 1;
    const bytes = Buffer.alloc(slotBytes);
    setInt32(bytes, 0, version);
    setInt64(bytes, 4, this.#saves);
    for (const [i, name] of fieldNames.entries()) setInt64(bytes, 12 + i * 8, this.fields[name]);
    setInt32(bytes, slotBytes - 4, crc32c(bytes.subarray(0, slotBytes - 4)));
    await this.#handles.use(this.#file, async (file) => {
      await file.write(bytes, (this.#saves % 2) * slotDistance);
      if (durability === 'durable') await file.sync();
    });
  }
}
