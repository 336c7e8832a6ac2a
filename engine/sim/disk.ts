/** A disk of a simulated process: each operation takes its time, happens at one moment of it, and never answers a process that is dead. */
import type { Disk, DiskFile, DiskFileStatus, DiskSpace } from '../storage/disk.ts';
import type { MemoryDisk } from '../storage/memory-disk.ts';
import type { EventOwner, Simulation } from './simulation.ts';

export interface SimulatedDiskOptions {
  readonly simulation: Simulation;
  readonly owner: EventOwner;
  readonly disk: MemoryDisk;
  readonly latencyMsMax: () => number;
  /** Asked before each operation that changes something. `before`, `after`: the process dies, before or after it has happened. */
  readonly onOperation: () => 'go on' | 'before' | 'after';
}

export class SimulatedDisk implements Disk {
  readonly #options: SimulatedDiskOptions;

  constructor(options: SimulatedDiskOptions) {
    this.#options = options;
  }

  async open(path: string, mode: 'read' | 'write' | 'create'): Promise<DiskFile> {
    const file = await this.#do(`open ${path}`, mode !== 'read', () => this.#options.disk.open(path, mode));
    return {
      read: (target, position) => this.#do(`read ${path}`, false, () => file.read(target, position)),
      // What is written is as it was when it was handed over.
      write: (data, position) => this.#write(path, file, Uint8Array.from(data), position),
      sync: () => this.#do(`sync ${path}`, true, () => file.sync()),
      truncate: (bytes) => this.#do(`truncate ${path} ${bytes}`, true, () => file.truncate(bytes)),
      size: () => this.#do('size', false, () => file.size()),
      close: () => this.#do('close', false, () => file.close()),
    };
  }

  stat(path: string): Promise<DiskFileStatus | undefined> {
    return this.#do('stat', false, () => this.#options.disk.stat(path));
  }

  list(directory: string): Promise<readonly DiskFileStatus[]> {
    return this.#do('list', false, () => this.#options.disk.list(directory));
  }

  makeDirectory(path: string): Promise<void> {
    return this.#do(`make ${path}`, true, () => this.#options.disk.makeDirectory(path));
  }

  rename(from: string, to: string): Promise<void> {
    return this.#do(`rename ${from} ${to}`, true, () => this.#options.disk.rename(from, to));
  }

  remove(path: string): Promise<void> {
    return this.#do(`remove ${path}`, true, () => this.#options.disk.remove(path));
  }

  syncDirectory(directory: string): Promise<void> {
    return this.#do(`sync directory ${directory}`, true, () => this.#options.disk.syncDirectory(directory));
  }

  space(): Promise<DiskSpace> {
    return this.#do('space', false, () => this.#options.disk.space());
  }

  #write(path: string, file: DiskFile, data: Uint8Array, position: number): Promise<void> {
    return this.#do(`write ${path} ${position} ${data.length}`, true, () => file.write(data, position));
  }

  /** Reading takes no time: it is only the order of changes that matters. */
  async #do<T>(what: string, changes: boolean, operation: () => Promise<T>): Promise<T> {
    const { simulation, owner, latencyMsMax, onOperation } = this.#options;
    if (!owner.alive) return never();
    if (!changes) return operation();
    const { promise, resolve } = Promise.withResolvers<void>();
    simulation.after(simulation.between(0, latencyMsMax()), resolve, owner);
    await promise;
    simulation.tell(`disk: ${what}`);
    const fate = onOperation();
    if (fate === 'before') return never();
    const value = await operation();
    return fate === 'after' ? never() : value;
  }
}

function never<T>(): Promise<T> {
  return new Promise<T>(() => {});
}
