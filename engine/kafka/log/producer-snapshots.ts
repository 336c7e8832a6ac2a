/** The table of producers as it was at some offsets, `00000000000000000042.snapshot`: JSON and its checksum. One that is damaged is as good as none. */
import { crc32c } from '@node-rs/crc32';
import type { Disk } from '../../storage/disk.ts';
import type { ProducerImage } from './producer-table.ts';
import { snapshotName } from './segment-name.ts';
import { readWhole, writeSynced } from './small-file.ts';

const version = 1;

export class ProducerSnapshots {
  readonly #disk: Disk;
  readonly #directory: string;
  #offsets: number[];

  constructor(disk: Disk, directory: string, offsets: readonly number[]) {
    this.#disk = disk;
    this.#directory = directory;
    this.#offsets = offsets.toSorted((a, b) => a - b);
  }

  get offsets(): readonly number[] {
    return this.#offsets;
  }

  /** The newest one at the offset or before it that can be read. */
  async load(offsetMax: number): Promise<{ readonly offset: number; readonly image: ProducerImage } | undefined> {
    for (const offset of this.#offsets.filter((each) => each <= offsetMax).toReversed()) {
      const bytes = await readWhole(this.#disk, this.#path(offset));
      const image = bytes === undefined ? undefined : decode(bytes);
      if (image !== undefined) return { offset, image };
    }
    return undefined;
  }

  /** The bytes are durable once it resolves; the name is when the directory is synced. */
  async save(offset: number, image: Uint8Array): Promise<void> {
    await writeSynced(this.#disk, this.#path(offset), image);
    if (!this.#offsets.includes(offset)) this.#offsets = [...this.#offsets, offset].toSorted((a, b) => a - b);
  }

  /** Durable when the directory is synced. */
  async removeWhere(condition: (offset: number) => boolean): Promise<void> {
    for (const offset of this.#offsets.filter(condition)) await this.#disk.remove(this.#path(offset));
    this.#offsets = this.#offsets.filter((offset) => !condition(offset));
  }

  #path(offset: number): string {
    return `${this.#directory}/${snapshotName(offset)}`;
  }
}

export function encodeProducers(image: ProducerImage): Buffer {
  const text = JSON.stringify({ version, ...image });
  return Buffer.from(`${text}\n${crc32c(text)}`);
}

function decode(bytes: Buffer): ProducerImage | undefined {
  const newline = bytes.indexOf('\n');
  if (newline < 0 || Number(bytes.toString('latin1', newline + 1)) !== crc32c(bytes.subarray(0, newline))) return undefined;
  const image = JSON.parse(bytes.toString('utf8', 0, newline)) as ProducerImage & { readonly version: number };
  return image.version === version ? image : undefined;
}
