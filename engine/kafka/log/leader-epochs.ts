/**
 * At which offset each leader epoch began. In Kafka's text format, `leader-epoch-checkpoint`: version 0, the number of lines, `epoch offset` each.
 * The batches say the same, so what a crash takes of the file's end is found again; the file is written before the first batch of an epoch.
 */
import type { Disk } from '../../storage/disk.ts';
import { writeAnew, readWhole } from './small-file.ts';

export interface EpochStart {
  readonly epoch: number;
  readonly startOffset: number;
}

const fileName = 'leader-epoch-checkpoint';

export class LeaderEpochs {
  readonly #disk: Disk;
  readonly #directory: string;
  /** Both grow. */
  #entries: EpochStart[] = [];
  #dirty = false;

  constructor(disk: Disk, directory: string) {
    this.#disk = disk;
    this.#directory = directory;
  }

  /** False when the file is missing or not what was written: then the batches have to say it. */
  async load(): Promise<boolean> {
    const bytes = await readWhole(this.#disk, `${this.#directory}/${fileName}`);
    if (bytes === undefined) return false;
    const lines = bytes.toString('latin1').split('\n');
    const entries = lines.slice(2, 2 + Number(lines[1])).map((line) => {
      const [epoch, startOffset] = line.split(' ').map(Number);
      return { epoch: epoch ?? Number.NaN, startOffset: startOffset ?? Number.NaN };
    });
    const sound = lines[0] === '0' && entries.length === Number(lines[1]) && entries.every(({ epoch, startOffset }, i) =>
      Number.isSafeInteger(epoch) && Number.isSafeInteger(startOffset) && (i === 0 || (epoch > (entries[i - 1]?.epoch ?? 0) && startOffset >= (entries[i - 1]?.startOffset ?? 0))));
    if (!sound) return false;
    this.#entries = entries;
    return true;
  }

  get latest(): number {
    return this.#entries.at(-1)?.epoch ?? -1;
  }

  get entries(): readonly EpochStart[] {
    return this.#entries;
  }

  /** An epoch that began at the same place and has no batch, or that is not older, makes room. */
  assign(epoch: number, startOffset: number): void {
    if (epoch < 0 || epoch === this.latest) return;
    while (this.#entries.length > 0 && ((this.#entries.at(-1)?.epoch ?? 0) >= epoch || (this.#entries.at(-1)?.startOffset ?? 0) >= startOffset)) this.#entries.pop();
    this.#entries.push({ epoch, startOffset });
    this.#dirty = true;
  }

  /** Epochs that began at the offset or later are no more. */
  truncateEnd(offset: number): void {
    const kept = this.#entries.filter(({ startOffset }) => startOffset < offset);
    this.#dirty ||= kept.length !== this.#entries.length;
    this.#entries = kept;
  }

  /** The log begins at the offset now. */
  truncateStart(offset: number): void {
    const first = this.#entries.findLastIndex(({ startOffset }) => startOffset <= offset);
    if (first < 0) return;
    const kept = this.#entries.slice(first).map((entry, i) => (i === 0 ? { ...entry, startOffset: offset } : entry));
    this.#dirty ||= first > 0 || this.#entries[0]?.startOffset !== offset;
    this.#entries = kept;
  }

  clear(): void {
    this.#dirty ||= this.#entries.length > 0;
    this.#entries = [];
  }

  /** Kafka's rule: an epoch older than all that are known ends where the first of them begins; one newer than all, or none known: undefined. */
  endOffsetFor(epoch: number, logEndOffset: number): { readonly epoch: number; readonly endOffset: number } | undefined {
    if (epoch < 0 || epoch > this.latest) return undefined;
    if (epoch === this.latest) return { epoch, endOffset: logEndOffset };
    const next = this.#entries.findIndex((entry) => entry.epoch > epoch);
    return { epoch: this.#entries[next - 1]?.epoch ?? epoch, endOffset: this.#entries[next]?.startOffset ?? logEndOffset };
  }

  epochAt(offset: number): number {
    return this.#entries.findLast(({ startOffset }) => startOffset <= offset)?.epoch ?? -1;
  }

  get dirty(): boolean {
    return this.#dirty;
  }

  /** Durable. */
  async save(): Promise<void> {
    if (!this.#dirty) return;
    this.#dirty = false;
    const lines = this.#entries.map(({ epoch, startOffset }) => `${epoch} ${startOffset}\n`).join('');
    await writeAnew(this.#disk, this.#directory, fileName, Buffer.from(`0\n${this.#entries.length}\n${lines}`));
  }
}
