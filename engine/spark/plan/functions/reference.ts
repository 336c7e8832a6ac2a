/** The reference of functions for docs/, generated from the table. */
import type { FunctionRow } from './row.ts';
import { functionRows } from './table.ts';

const operators = /^[^a-z]|^(and|or|not|div|in|like|ilike|rlike|when|negative|positive|element|isnull|isnotnull)$/;

/** Markdown: operators, functions and aggregates, each by name. */
export function functionsReference(): string {
  const scalars = functionRows.filter((row) => row.kind === 'scalar');
  const sections = [
    section('Operators', scalars.filter((row) => operators.test(row.names[0]))),
    section('Functions', scalars.filter((row) => !operators.test(row.names[0]))),
    section('Aggregates', functionRows.filter((row) => row.kind === 'aggregate')),
  ];
  return ['# Functions', '', 'What SQL and DataFrames may call. A name that is not here is refused with UNRESOLVED_ROUTINE. Generated from the table of functions by `make golden`; do not edit.', '', 'Casts may be written as calls, too: `int(x)`, `string(x)`, `date(x)`, `timestamp(x)`, `double(x)`, `bigint(x)`, `boolean(x)` and so on.', '', ...sections].join('\n');
}

function section(title: string, rows: readonly FunctionRow[]): string {
  const lines = rows.toSorted((a, b) => (a.names[0] < b.names[0] ? -1 : 1)).map((row) => `| ${signature(row)} | ${others(row)} | ${escape(row.about)} |`);
  return [`## ${title}`, '', '| Call | Other names | What it gives |', '| --- | --- | --- |', ...lines, ''].join('\n');
}

function signature(row: FunctionRow): string {
  const least = row.takes.length - row.optional;
  const takes = row.takes.map((accept, i) => (i < least ? accept : `[${accept}]`)).join(', ');
  return `\`${escape(row.names[0])}(${takes}${row.variadic ? ', …' : ''})\``;
}

const others = (row: FunctionRow): string => row.names.slice(1).map((name) => `\`${escape(name)}\``).join(', ');
const escape = (text: string): string => text.replaceAll('|', '\\|');
