/** The vectorised kernel of an executor: one DuckDB instance, one connection per slot. */
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { assert } from '../../core/assert.ts';
import { literal, quoted } from './kernel-type.ts';

/**
 * What Node, buffers for fetched blocks and results take beside the kernel; the kernel's own limit does not cover
 * every allocation it makes, hence the share.
 */
const besideKernelBytes = 160 * 1024 * 1024;
const kernelShare = 0.75;
const kernelBytesMin = 128 * 1024 * 1024;

/** Bytes of memory that the kernel may use of a container with `memoryBytes`. */
export function kernelMemoryBytes(memoryBytes: number): number {
  return Math.max(kernelBytesMin, Math.floor((memoryBytes - besideKernelBytes) * kernelShare));
}

export interface KernelOptions {
  readonly memoryBytes: number;
  /** Where the kernel spills to. */
  readonly spillDirectory: string;
  readonly slots: number;
}

/**
 * A slot is a connection whose queries run on one thread, that of the call: the instance has no threads of its own
 * beyond it, so that slots neither help nor hinder each other.
 */
export interface Kernel {
  readonly slots: readonly KernelSlot[];
  close(): void;
}

export class KernelSlot {
  readonly connection: DuckDBConnection;
  #applied: ReadonlyMap<string, string> = new Map();

  constructor(connection: DuckDBConnection) {
    this.connection = connection;
  }

  /** Sets what differs from the last task's settings, and resets what is not named any more. */
  async apply(settings: Readonly<Record<string, string>>): Promise<void> {
    // Never the machine's zone.
    const wanted = new Map(Object.entries({ TimeZone: 'UTC', ...settings }));
    for (const name of this.#applied.keys()) if (!wanted.has(name)) await this.connection.run(`RESET ${quoted(name)}`);
    for (const [name, value] of wanted) {
      if (this.#applied.get(name) !== value) await this.connection.run(`SET ${quoted(name)} = ${literal(value)}`);
    }
    this.#applied = wanted;
  }
}

/**
 * Instance settings: no extension is ever fetched from the network; the planner has fixed the join order, and the
 * kernel sees too little of the plan to choose a better one.
 */
export async function openKernel(options: KernelOptions): Promise<Kernel> {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '1',
    memory_limit: `${Math.floor(options.memoryBytes / 1024)}KiB`,
    temp_directory: options.spillDirectory,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    disabled_optimizers: 'join_order',
    preserve_insertion_order: 'true',
  });
  const slots = await Promise.all(Array.from({ length: options.slots }, async () => new KernelSlot(await instance.connect())));
  assert(slots.length > 0, 'an executor has at least one slot');
  return {
    slots,
    close: () => {
      for (const slot of slots) slot.connection.closeSync();
      instance.closeSync();
    },
  };
}
