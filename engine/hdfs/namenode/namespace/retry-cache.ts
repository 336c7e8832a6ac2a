/** Answers of calls that carried an id, so that a call that is sent again is not done again. Part of the state: the next active namenode knows them too. */
import { HdfsError, type HdfsException } from '../../hdfs-error.ts';

/** No value: the operation has none to give. */
export type Outcome = { readonly value?: unknown } | { readonly code: HdfsException; readonly message: string };

interface Kept {
  readonly atMs: number;
  readonly outcome: Outcome;
}

/** Longer than a client goes on trying. */
const keepMs = 10 * 60_000;
/** So many stay however old they seem: a wall clock that jumps must not make the namenode forget what it has just done. */
const keptMin = 5000;
const keptMax = 100_000;

export class RetryCache {
  /** In order of age. */
  #kept = new Map<string, Kept>();

  get(callId: string | undefined): Outcome | undefined {
    return callId === undefined ? undefined : this.#kept.get(callId)?.outcome;
  }

  keep(callId: string | undefined, outcome: Outcome, atMs: number): void {
    if (callId === undefined) return;
    this.#kept.set(callId, { atMs, outcome });
    for (const [id, kept] of this.#kept) {
      if (this.#kept.size <= keptMin || (this.#kept.size <= keptMax && kept.atMs + keepMs >= atMs)) break;
      this.#kept.delete(id);
    }
  }

  entries(): readonly (readonly [string, number, Outcome])[] {
    return [...this.#kept].map(([id, { atMs, outcome }]) => [id, atMs, outcome] as const);
  }

  load(entries: readonly (readonly [string, number, Outcome])[]): void {
    this.#kept = new Map(entries.map(([id, atMs, outcome]) => [id, { atMs, outcome }]));
  }
}

/** Gives the value again, or throws the error again. */
export function outcomeValue(outcome: Outcome): unknown {
  if ('code' in outcome) throw new HdfsError(outcome.code, outcome.message);
  return outcome.value;
}
