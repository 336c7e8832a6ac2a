/**
 * What the operator remembers of a job between passes and may forget at any time: nothing here decides
 * whether an attempt runs. One entry for each job that is not finished.
 */
import type { Refusal } from './observed.ts';

export interface Silence {
  readonly sinceMs: number;
  /** The driver is not asked before. */
  readonly askAgainMs: number;
  readonly message: string;
}

export interface Memory {
  readonly uid: string;
  /** The application's secret. Never logged. */
  token?: string;
  refusal?: Refusal & { readonly attempt: number };
  silence?: Silence;
}

export class JobMemories {
  readonly #entries = new Map<string, Memory>();

  /** The memory of the object with this uid; an object of the same name that came before is forgotten. */
  of(key: { readonly namespace: string; readonly name: string }, uid: string): Memory {
    const id = `${key.namespace}/${key.name}`;
    const found = this.#entries.get(id);
    if (found?.uid === uid) return found;
    const fresh: Memory = { uid };
    this.#entries.set(id, fresh);
    return fresh;
  }

  forget(key: { readonly namespace: string; readonly name: string }): void {
    this.#entries.delete(`${key.namespace}/${key.name}`);
  }

  get size(): number {
    return this.#entries.size;
  }
}
