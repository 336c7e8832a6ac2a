/** The two files of a replica that is being written. Calls are carried out one after the other; after `close` they are refused. */
import type { DiskFile } from '../../storage/disk.ts';
import type { Packet } from '../block-transfer.ts';
import { bytesPerChecksum } from '../model.ts';
import { checksumBytes, chunksOf, chunkStart, lastChecksum } from './chunk-checksums.ts';
import { checksumPosition, encodeSeal, sealPosition, type Seal } from './meta-file.ts';
import { ReplicaError } from './replica-error.ts';
import { replicaDirectory } from './replica-path.ts';
import type { Replica } from './replica.ts';

/** So many bytes are given to the disk in the background, so that little is left to be waited for at the end. */
const writeBackBytes = 8 * 1024 * 1024;

export class ReplicaWriter {
  readonly replica: Replica;
  readonly #data: DiskFile;
  readonly #meta: DiskFile;
  #tail: Promise<unknown> = Promise.resolve();
  #closed: Promise<void> | undefined;
  #named: boolean;
  #promisedBytes: number;
  #unsyncedBytes = 0;
  #writingBack: Promise<void> | undefined;
  #writeBackError: unknown;

  /** `named`: the files' names are durable. `promisedBytes`: room of the volume that was set aside for it. */
  constructor(replica: Replica, files: { readonly data: DiskFile; readonly meta: DiskFile }, options: { readonly named: boolean; readonly promisedBytes: number }) {
    this.replica = replica;
    this.#data = files.data;
    this.#meta = files.meta;
    this.#named = options.named;
    this.#promisedBytes = options.promisedBytes;
    replica.volume.promisedBytes += options.promisedBytes;
  }

  get open(): boolean {
    return this.#closed === undefined;
  }

  /**
   * The next packet: it starts where the last chunk starts that is not full, and holds that chunk's bytes once more. All of it is written or nothing.
   * Rejects with `ReplicaError` or `FileError`.
   */
  append(packet: Pick<Packet, 'offset' | 'data' | 'checksums'>): Promise<void> {
    return this.#enqueue(() => this.#append(packet));
  }

  /** What was written is on the disk, and is found again there whatever becomes of what is written later. */
  sync(): Promise<void> {
    return this.#enqueue(() => this.#sync());
  }

  /** As `sync`; and the replica is final. */
  seal(): Promise<void> {
    return this.#enqueue(async () => {
      await all([this.#syncData(), this.#meta.sync()]);
      await this.#writeSeal(true);
      await all([this.#meta.sync(), this.replica.volume.disk.syncDirectory(replicaDirectory(this.replica.id))]);
      this.#named = true;
    });
  }

  /** Waits for what is under way. Idempotent; never rejects. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    await this.#tail;
    await this.#writingBack;
    const { replica } = this;
    replica.volume.promisedBytes -= this.#promisedBytes;
    this.#promisedBytes = 0;
    if (replica.writer === this) replica.writer = undefined;
    await Promise.allSettled([this.#data.close(), this.#meta.close()]);
  }

  #enqueue<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closed !== undefined) return Promise.reject(new ReplicaError('ReplicaConflict', `block ${this.replica.id} is not being written any more`));
    const done = this.#tail.then(work);
    this.#tail = done.catch(() => {});
    return done;
  }

  async #append({ offset, data, checksums }: Pick<Packet, 'offset' | 'data' | 'checksums'>): Promise<void> {
    const { replica } = this;
    const end = offset + data.length;
    if (end <= replica.bytes) return;
    if (offset !== chunkStart(replica.bytes)) throw new ReplicaError('BadRequest', `block ${replica.id}: a packet starts at ${offset}, and ${replica.bytes} bytes are there`);
    if (this.#writeBackError !== undefined) throw this.#writeBackError;
    const fresh = data.subarray(replica.bytes - offset);
    const needed = fresh.length + checksums.length;
    await replica.volume.take(needed);
    try {
      await all([this.#data.write(fresh, replica.bytes), this.#meta.write(checksums, checksumPosition(offset))]);
    } catch (error) {
      replica.volume.giveBack(needed);
      await this.#takeBack();
      throw error;
    }
    this.#promisedBytes -= this.#release(needed);
    replica.setBytes(end);
    replica.lastChecksum = lastChecksum(checksums);
    this.#writeBack(fresh.length);
  }

  #release(bytes: number): number {
    const released = Math.min(bytes, this.#promisedBytes);
    this.replica.volume.promisedBytes -= released;
    return released;
  }

  /** As it was before a write that failed. Where that fails too, the next start of the datanode cuts what is not proven. */
  async #takeBack(): Promise<void> {
    const { bytes, lastChecksum: checksum } = this.replica;
    const last = Buffer.alloc(checksumBytes);
    last.writeUInt32BE(checksum);
    const steps = [this.#data.truncate(bytes), this.#meta.truncate(checksumPosition(0) + chunksOf(bytes) * checksumBytes)];
    if (bytes > 0) steps.push(this.#meta.write(last, checksumPosition(bytes - 1)));
    await Promise.allSettled(steps);
  }

  async #sync(): Promise<void> {
    const { replica } = this;
    if (replica.bytes % bytesPerChecksum !== 0) await this.#writeSeal(false);
    const steps = [this.#syncData(), this.#meta.sync()];
    if (!this.#named) steps.push(replica.volume.disk.syncDirectory(replicaDirectory(replica.id)));
    await all(steps);
    this.#named = true;
  }

  /** A failed sync is told once and may be told to the one in the background: then the bytes are not there, whatever later ones say. */
  async #syncData(): Promise<void> {
    await this.#data.sync();
    await this.#writingBack;
    if (this.#writeBackError !== undefined) throw this.#writeBackError;
  }

  async #writeSeal(final: boolean): Promise<void> {
    const { replica } = this;
    const seal: Seal = { sequence: replica.sequence + 1, final, bytes: replica.bytes, lastChecksum: replica.lastChecksum };
    await this.#meta.write(encodeSeal(replica, seal), sealPosition(seal.sequence));
    replica.sequence = seal.sequence;
  }

  #writeBack(bytes: number): void {
    this.#unsyncedBytes += bytes;
    if (this.#unsyncedBytes < writeBackBytes || this.#writingBack !== undefined) return;
    this.#unsyncedBytes = 0;
    this.#writingBack = this.#data.sync().catch((error: unknown) => {
      this.#writeBackError = error;
    }).finally(() => {
      this.#writingBack = undefined;
    });
  }
}

/** Waits for all of them, also when one fails; rejects with the first error. */
export async function all(steps: readonly Promise<unknown>[]): Promise<void> {
  const outcomes = await Promise.allSettled(steps);
  const failed = outcomes.find((each) => each.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
