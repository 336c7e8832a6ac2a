/** A process of the simulation: its clock, disks and network end with it, in the middle of whatever it does. Only what its disks keep outlives it. */
import type { Clock } from '../core/clock.ts';
import type { Random } from '../core/random.ts';
import type { Disk, DiskFile } from '../storage/disk.ts';
import type { MemoryDisk } from '../storage/memory-disk.ts';
import type { SimulatedClock } from './clock.ts';
import type { SimulatedNetwork, SimulatedTransport } from './network.ts';

export interface ProcessOptions {
  readonly network: SimulatedNetwork;
  readonly host: string;
  readonly random: Random;
  /** Asked before each change of a disk: true ends the process right there. */
  readonly dies: () => boolean;
  readonly onDeath: () => void;
}

/** Never settles: a dead process does not go on. */
const never = <T>(): Promise<T> => new Promise<T>(() => {});

export class SimulatedProcess {
  readonly clock: Clock;
  readonly transport: SimulatedTransport;
  readonly #options: ProcessOptions;
  readonly #disks: MemoryDisk[] = [];
  #dead = false;

  constructor(options: ProcessOptions) {
    this.#options = options;
    const time: SimulatedClock = options.network.clock;
    this.transport = options.network.transport(options.host);
    this.clock = {
      nowMs: () => time.nowMs(),
      wallMs: () => time.wallMs(),
      sleep: async (ms, signal) => {
        if (this.#dead) return never();
        await time.sleep(ms, signal).catch((error: unknown) => (this.#dead ? never() : Promise.reject(error)));
        return this.#dead ? never() : undefined;
      },
    };
  }

  get dead(): boolean {
    return this.#dead;
  }

  /** The disk as this process sees it. */
  disk(disk: MemoryDisk): Disk {
    this.#disks.push(disk);
    const guarded = <T>(changes: boolean, call: () => Promise<T>): Promise<T> => {
      if (!this.#dead && changes && this.#options.dies()) this.kill();
      if (this.#dead) return never();
      return call().then((value) => (this.#dead ? never<T>() : value), (error: unknown) => (this.#dead ? never<T>() : Promise.reject(error)));
    };
    const file = (inner: DiskFile): DiskFile => ({
      read: (target, position) => guarded(false, () => inner.read(target, position)),
      write: (data, position) => guarded(true, () => inner.write(data, position)),
      sync: () => guarded(true, () => inner.sync()),
      truncate: (bytes) => guarded(true, () => inner.truncate(bytes)),
      size: () => guarded(false, () => inner.size()),
      close: () => guarded(false, () => inner.close()),
    });
    return {
      open: (path, mode) => guarded(mode !== 'read', async () => file(await disk.open(path, mode))),
      stat: (path) => guarded(false, () => disk.stat(path)),
      list: (directory) => guarded(false, () => disk.list(directory)),
      makeDirectory: (path) => guarded(true, () => disk.makeDirectory(path)),
      rename: (from, to) => guarded(true, () => disk.rename(from, to)),
      remove: (path) => guarded(true, () => disk.remove(path)),
      syncDirectory: (directory) => guarded(true, () => disk.syncDirectory(directory)),
      space: () => guarded(false, () => disk.space()),
    };
  }

  /** The power goes: un-synced writes are kept, torn or lost. Idempotent. */
  kill(): void {
    if (this.#dead) return;
    this.#dead = true;
    this.transport.die();
    for (const disk of this.#disks) disk.crash(this.#options.random);
    this.#options.onDeath();
  }
}
