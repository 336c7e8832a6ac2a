/** Open files of replicas that are being read, so that a reader of a whole block does not open them for every piece. */
import type { DiskFile } from '../../storage/disk.ts';
import type { Replica } from './replica.ts';

export interface ReplicaFiles {
  readonly data: DiskFile;
  readonly meta: DiskFile;
}

interface Entry {
  readonly replica: Replica;
  readonly cuts: number;
  readonly metaPath: string;
  readonly files: Promise<ReplicaFiles>;
  readers: number;
  /** No longer the one that new readers get. */
  retired: boolean;
}

/** Replicas whose files stay open when nobody reads them. */
const keptMax = 64;

export class ReadHandles {
  /** Least recently used first. */
  readonly #entries = new Map<Replica, Entry>();

  /** Rejects with what opening rejects with, or with what the work rejects with. */
  async use<T>(replica: Replica, work: (files: ReplicaFiles) => Promise<T>): Promise<T> {
    const entry = this.#take(replica);
    try {
      return await work(await entry.files);
    } catch (error) {
      this.#retire(entry);
      throw error;
    } finally {
      entry.readers -= 1;
      await this.#closeUnused(entry);
    }
  }

  /** The replica goes, or its files are others now. */
  drop(replica: Replica): void {
    const entry = this.#entries.get(replica);
    if (entry === undefined) return;
    this.#retire(entry);
    void this.#closeUnused(entry);
  }

  async close(): Promise<void> {
    const entries = [...this.#entries.values()];
    for (const each of entries) this.#retire(each);
    await Promise.all(entries.map((each) => this.#closeUnused(each)));
  }

  #take(replica: Replica): Entry {
    const known = this.#entries.get(replica);
    if (known !== undefined && known.cuts === replica.cuts && known.metaPath === replica.metaPath) {
      known.readers += 1;
      this.#entries.delete(replica);
      this.#entries.set(replica, known);
      return known;
    }
    this.drop(replica);
    const entry: Entry = { replica, cuts: replica.cuts, metaPath: replica.metaPath, files: openFiles(replica), readers: 1, retired: false };
    entry.files.catch(() => {});
    this.#entries.set(replica, entry);
    if (this.#entries.size > keptMax) {
      const [oldest] = this.#entries.keys();
      if (oldest !== undefined) this.drop(oldest);
    }
    return entry;
  }

  #retire(entry: Entry): void {
    entry.retired = true;
    if (this.#entries.get(entry.replica) === entry) this.#entries.delete(entry.replica);
  }

  async #closeUnused(entry: Entry): Promise<void> {
    if (!entry.retired || entry.readers > 0) return;
    const files = await entry.files.catch(() => undefined);
    if (files !== undefined) await Promise.allSettled([files.data.close(), files.meta.close()]);
  }
}

async function openFiles({ volume, dataPath, metaPath }: Replica): Promise<ReplicaFiles> {
  const data = await volume.disk.open(dataPath, 'read');
  try {
    return { data, meta: await volume.disk.open(metaPath, 'read') };
  } catch (error) {
    await data.close();
    throw error;
  }
}
