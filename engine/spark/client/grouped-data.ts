/** What `groupBy` gives: aggregates make a DataFrame of it again. */
import type { Column } from './column.ts';
import type { DataFrame } from './data-frame.ts';
import { avg, count, max, min, sum } from './functions.ts';

export class GroupedData {
  readonly #aggregate: (aggregates: readonly Column[]) => DataFrame;

  constructor(aggregate: (aggregates: readonly Column[]) => DataFrame) {
    this.#aggregate = aggregate;
  }

  /** The grouping columns, then these. */
  agg(first: Column, ...others: readonly Column[]): DataFrame {
    return this.#aggregate([first, ...others]);
  }

  /** The number of rows, in the column `count`. */
  count(): DataFrame {
    return this.#aggregate([count('*').as('count')]);
  }

  sum(...columns: readonly string[]): DataFrame {
    return this.#aggregate(columns.map((name) => sum(name)));
  }

  avg(...columns: readonly string[]): DataFrame {
    return this.#aggregate(columns.map((name) => avg(name)));
  }

  min(...columns: readonly string[]): DataFrame {
    return this.#aggregate(columns.map((name) => min(name)));
  }

  max(...columns: readonly string[]): DataFrame {
    return this.#aggregate(columns.map((name) => max(name)));
  }
}
