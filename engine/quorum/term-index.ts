/** Which term each entry of a log has, without the entries: terms begin seldom. */
import type { Entry } from './entry.ts';

export class TermIndex {
  /** Where each term begins, in order. */
  #runs: { readonly from: number; readonly term: number }[] = [];
  #lastIndex = 0;
  firstIndex = 1;

  get lastIndex(): number {
    return this.#lastIndex;
  }

  /** 0 for index 0; undefined where the log does not reach, or no longer. */
  termAt(index: number): number | undefined {
    if (index === 0) return 0;
    return index > this.#lastIndex ? undefined : this.#runs.findLast((run) => run.from <= index)?.term;
  }

  /** The first index of the term that stands at `index`, as far as it is known. */
  firstOfTermAt(index: number): number {
    return this.#runs.findLast((run) => run.from <= index)?.from ?? index;
  }

  /** Follows on, or replaces what is there from the entry's index on. */
  append({ index, term }: Pick<Entry, 'index' | 'term'>): void {
    if (index <= this.#lastIndex) this.truncate(index);
    if (this.#runs.at(-1)?.term !== term) this.#runs.push({ from: index, term });
    this.#lastIndex = index;
  }

  /** Drops everything from `index` on. */
  truncate(index: number): void {
    this.#runs = this.#runs.filter((run) => run.from < index);
    this.#lastIndex = index - 1;
  }

  /** The log is empty after `index`. A term of undefined: nothing is known of the entry before. */
  restart(index: number, term: number | undefined): void {
    this.#runs = term === undefined ? [] : [{ from: index, term }];
    this.#lastIndex = index;
    this.firstIndex = index + 1;
  }

  copy(): TermIndex {
    const copy = new TermIndex();
    copy.#runs = [...this.#runs];
    copy.#lastIndex = this.#lastIndex;
    copy.firstIndex = this.firstIndex;
    return copy;
  }
}
