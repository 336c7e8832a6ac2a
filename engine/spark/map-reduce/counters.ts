/** Counters of tasks, and the lines on standard error by which programs keep them. */
import type { Counters } from './program.ts';

/** Of a job, as in Hadoop (`mapreduce.job.counters.max`); names are cut so that a task cannot fill the driver. */
export const countersMax = 120;
const nameCharactersMax = 128;
export const statusCharactersMax = 512;

export const framework = 'Map-Reduce Framework';

export class CounterSet {
  readonly #groups = new Map<string, Map<string, number>>();
  #size = 0;

  /** Throws when there would be too many of them. */
  add(group: string, name: string, amount: number): void {
    const groupName = group.slice(0, nameCharactersMax);
    const counterName = name.slice(0, nameCharactersMax);
    const counters = this.#groups.get(groupName) ?? new Map<string, number>();
    this.#groups.set(groupName, counters);
    const known = counters.get(counterName);
    if (known === undefined && groupName !== framework) this.#size += 1;
    if (this.#size > countersMax) throw new CounterLimitError();
    counters.set(counterName, (known ?? 0) + amount);
  }

  addAll(counters: Counters): void {
    for (const [group, each] of Object.entries(counters)) for (const [name, amount] of Object.entries(each)) this.add(group, name, amount);
  }

  toJSON(): Counters {
    return Object.fromEntries([...this.#groups].map(([group, counters]) => [group, Object.fromEntries(counters)]));
  }
}

export class CounterLimitError extends Error {
  override readonly name = 'CounterLimitError';

  constructor() {
    super(`the job has more than ${countersMax} counters`);
  }
}

export type ReporterLine =
  | { readonly kind: 'counter'; readonly group: string; readonly name: string; readonly amount: number }
  | { readonly kind: 'status'; readonly text: string };

/** `reporter:counter:<group>,<counter>,<amount>` and `reporter:status:<message>`; undefined for any other line, as for one that is malformed. */
export function parseReporterLine(line: string): ReporterLine | undefined {
  if (line.startsWith('reporter:status:')) return { kind: 'status', text: line.slice('reporter:status:'.length).slice(0, statusCharactersMax) };
  const [, group, name, digits] = /^reporter:counter:([^,]+),([^,]+),\s*(-?\d{1,15})\s*$/.exec(line) ?? [];
  return group === undefined || name === undefined ? undefined : { kind: 'counter', group, name, amount: Number(digits) };
}
