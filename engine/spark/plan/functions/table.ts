/** The one table of functions and operators. What is not here is UNRESOLVED_ROUTINE. */
import { aggregateRows } from './aggregates.ts';
import { arithmeticRows } from './arithmetic.ts';
import { collectionRows } from './collection.ts';
import { comparisonRows } from './comparison.ts';
import { datetimeRows } from './datetime.ts';
import { mathematicsRows } from './mathematics.ts';
import type { FunctionRow } from './row.ts';
import { textRows } from './text.ts';

export const functionRows: readonly FunctionRow[] = [
  ...arithmeticRows, ...comparisonRows, ...mathematicsRows, ...textRows, ...datetimeRows, ...collectionRows, ...aggregateRows,
];

const byName: ReadonlyMap<string, FunctionRow> = new Map(functionRows.flatMap((row) => row.names.map((name) => [name, row] as const)));

export function functionRow(name: string): FunctionRow | undefined {
  return byName.get(name.toLowerCase());
}
