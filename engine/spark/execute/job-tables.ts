/**
 * Kernel tables that all tasks of a job on this executor share: broadcast output and rows that the plan brought along.
 * Each is made once, by the first task that needs it, and dropped with the job.
 */
import type { KernelSlot } from './kernel.ts';

export class JobTables {
  readonly #slot: KernelSlot;
  readonly #tables = new Map<number, Map<string, Promise<string>>>();

  /** `slot`: any one; used when a job ends. */
  constructor(slot: KernelSlot) {
    this.#slot = slot;
  }

  /** Resolves to the table's quoted name. `make` fills the table; when it fails, the next task tries again. */
  async table(slot: KernelSlot, job: number, name: string, make: (schema: string, table: string) => Promise<void>): Promise<string> {
    const tables = this.#tables.get(job) ?? new Map<string, Promise<string>>();
    this.#tables.set(job, tables);
    const known = tables.get(name);
    if (known !== undefined) return await known;
    const made = this.#make(slot, `job_${job}`, name, make);
    tables.set(name, made);
    made.catch(() => tables.delete(name));
    return await made;
  }

  async removeJob(job: number): Promise<void> {
    const tables = this.#tables.get(job);
    if (tables === undefined) return;
    this.#tables.delete(job);
    await Promise.allSettled(tables.values());
    await this.#slot.connection.run(`DROP SCHEMA IF EXISTS job_${job} CASCADE`);
  }

  async #make(slot: KernelSlot, schema: string, name: string, make: (schema: string, table: string) => Promise<void>): Promise<string> {
    await slot.connection.run(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
    await slot.connection.run(`DROP TABLE IF EXISTS ${schema}."${name}"`); // of a try that failed half-way
    await make(schema, name);
    return `${schema}."${name}"`;
  }
}
