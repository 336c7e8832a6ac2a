/** One disk of a datanode: its room, what it holds, and whether it still works. */
import type { Clock } from '../../core/clock.ts';
import type { Disk } from '../../storage/disk.ts';
import { FileError } from '../../storage/file-system.ts';
import type { VolumeReport } from '../datanode-protocol.ts';
import { ReplicaError } from './replica-error.ts';

export interface VolumeOptions {
  readonly disk: Disk;
  /** Stands on the disk. */
  readonly id: string;
  /** For people: the directory. */
  readonly label: string;
  readonly clock: Clock;
  /** Never given to blocks. Default: a fiftieth of the disk, at most 1 GiB. */
  readonly reserveBytes?: number | undefined;
}

const reserveShare = 50;
const reserveBytesMax = 2 ** 30;
/** How old a measurement may be when room is scarce. */
const spaceStaleMs = 1000;
const probePath = 'probe';

export class Volume {
  readonly disk: Disk;
  readonly id: string;
  readonly label: string;
  failed = false;
  /** By replicas, checksums included. */
  usedBytes = 0;
  /** What replicas that are being written may still need. */
  promisedBytes = 0;
  readonly #clock: Clock;
  readonly #reserveBytes: number | undefined;
  readonly #directories = new Map<string, Promise<void>>();
  #space = { capacityBytes: 0, freeBytes: 0 };
  #measuredMs = -Infinity;
  #probing: Promise<boolean> | undefined;

  constructor({ disk, id, label, clock, reserveBytes }: VolumeOptions) {
    this.disk = disk;
    this.id = id;
    this.label = label;
    this.#clock = clock;
    this.#reserveBytes = reserveBytes;
  }

  /** A new measurement. Rejects with `FileError`. */
  async measure(): Promise<void> {
    this.#space = { ...await this.disk.space() };
    this.#measuredMs = this.#clock.nowMs();
  }

  /** What blocks may still take. */
  get remainingBytes(): number {
    const reserve = this.#reserveBytes ?? Math.min(reserveBytesMax, Math.floor(this.#space.capacityBytes / reserveShare));
    return Math.max(0, this.#space.freeBytes - reserve);
  }

  /** The same, without what was promised to replicas that are being written. */
  get unpromisedBytes(): number {
    return Math.max(0, this.remainingBytes - this.promisedBytes);
  }

  /** Before bytes are written. Rejects with DiskOutOfSpace; the reserve is not touched. */
  async take(bytes: number): Promise<void> {
    if (this.failed) throw new ReplicaError('DiskFailed', `the volume ${this.label} has failed`);
    if (this.remainingBytes < bytes && this.#clock.nowMs() - this.#measuredMs >= spaceStaleMs) await this.measure();
    if (this.remainingBytes < bytes) throw new ReplicaError('DiskOutOfSpace', `the volume ${this.label} has no room for ${bytes} bytes more`);
    this.#space.freeBytes -= bytes;
  }

  /** Bytes that were taken and not written, or that were removed. */
  giveBack(bytes: number): void {
    this.#space.freeBytes += bytes;
  }

  report(): VolumeReport {
    const { capacityBytes } = this.#space;
    if (this.failed) return { id: this.id, failed: true, capacityBytes: 0, usedBytes: 0, remainingBytes: 0 };
    return { id: this.id, failed: false, capacityBytes, usedBytes: this.usedBytes, remainingBytes: this.remainingBytes };
  }

  /** Makes the directory durably, once. */
  ensureDirectory(path: string): Promise<void> {
    const known = this.#directories.get(path);
    if (known !== undefined) return known;
    const made = this.#makeDirectory(path);
    this.#directories.set(path, made);
    made.catch(() => this.#directories.delete(path));
    return made;
  }

  async #makeDirectory(path: string): Promise<void> {
    const slash = path.lastIndexOf('/');
    const parent = slash < 0 ? '' : path.slice(0, slash);
    if (parent !== '') await this.ensureDirectory(parent);
    await this.disk.makeDirectory(path);
    await this.disk.syncDirectory(parent);
  }

  /** After an error: whether the disk as a whole still takes and gives bytes. Several callers share one trial. */
  probe(): Promise<boolean> {
    if (this.failed) return Promise.resolve(false);
    this.#probing ??= this.#tryOut().finally(() => {
      this.#probing = undefined;
    });
    return this.#probing;
  }

  async #tryOut(): Promise<boolean> {
    const expected = Buffer.from(`headrace ${this.id}`);
    try {
      const file = await this.disk.open(probePath, 'write');
      try {
        await file.write(expected, 0);
        await file.sync();
        const found = Buffer.alloc(expected.length);
        return await file.read(found, 0) === expected.length && found.equals(expected);
      } finally {
        await file.close();
      }
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      // A full disk works.
      return error.code === 'NoSpace';
    }
  }
}
