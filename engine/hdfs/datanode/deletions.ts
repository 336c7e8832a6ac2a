/** Removes the files of replicas, one after the other, so that a big removal does not crowd out reads and writes. */
import type { Replica } from './replica.ts';
import type { Volume } from './volume.ts';

export interface DeletionOptions {
  readonly onDeleted: (id: number) => void;
  readonly onError: (volume: Volume, error: unknown) => void;
}

export class Deletions {
  readonly #options: DeletionOptions;
  /** Bounded by the number of replicas. */
  readonly #waiting = new Map<Replica, undefined>();
  readonly #ids = new Map<number, number>();
  #running: Promise<void> | undefined;
  #closed = false;
  #step: PromiseWithResolvers<void> = Promise.withResolvers();

  constructor(options: DeletionOptions) {
    this.#options = options;
  }

  /** Whether files of this block are still to go. */
  has(id: number): boolean {
    return this.#ids.has(id);
  }

  add(replica: Replica): void {
    if (this.#closed || this.#waiting.has(replica)) return;
    this.#waiting.set(replica, undefined);
    this.#ids.set(replica.id, (this.#ids.get(replica.id) ?? 0) + 1);
    this.#running ??= this.#run();
  }

  /** Files of this block are gone, or are left to the next start. */
  async settled(id: number): Promise<void> {
    while (this.has(id) && this.#running !== undefined && !this.#closed) await this.#step.promise;
  }

  /** What waits is found again at the next start, and ordered again. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    for (;;) {
      const [replica] = this.#waiting.keys();
      if (replica === undefined || this.#closed) break;
      this.#waiting.delete(replica);
      await this.#remove(replica);
      const left = (this.#ids.get(replica.id) ?? 1) - 1;
      if (left > 0) this.#ids.set(replica.id, left);
      else this.#ids.delete(replica.id);
      const stepped = this.#step;
      this.#step = Promise.withResolvers();
      stepped.resolve();
    }
    this.#running = undefined;
  }

  /** Checksums first: data alone counts for nothing when the datanode starts. */
  async #remove(replica: Replica): Promise<void> {
    const { volume } = replica;
    try {
      await volume.disk.remove(replica.metaPath);
      await volume.disk.remove(replica.dataPath);
      volume.usedBytes -= replica.diskBytes;
      volume.giveBack(replica.diskBytes);
      this.#options.onDeleted(replica.id);
    } catch (error) {
      this.#options.onError(volume, error);
    }
  }
}
