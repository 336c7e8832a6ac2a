/**
 * Aggregates, each in two steps (partial per task, final after the shuffle). Sums of whole numbers run in
 * DECIMAL(38,0), so that no order of partial sums overflows before the whole does.
 */
import type { DecimalType } from '../coercion.ts';
import { BOOLEAN, DOUBLE, LONG, adjusted, castTo, decimal, isFraction, isIntegral, isNumeric, typeOf } from '../coercion.ts';
import type { DataType } from '../types.ts';
import { decimalQuotient } from './arithmetic.ts';
import { emptyArray } from './collection.ts';
import { aggregate, typeAt } from './define.ts';
import { castSql, quoteText, raise } from './kernel-sql.ts';
import type { AggregateRow, Arguments, RenderedCall } from './row.ts';
import { Mismatch } from './row.ts';

type Buffer = ReturnType<AggregateRow['buffers']>[number];
const first0 = ([a = '']: readonly string[]): string => a;
const wideInteger = decimal(38, 0);

/** One kernel aggregate over the only argument, merged by another of the same kind. */
function plain(kernel: string, type: DataType, merge = kernel): Buffer {
  return {
    type,
    update: ([a], distinct, filter) => `${kernel}(${distinct}${a})${filter}`,
    merge: (buffer) => `${merge}(${buffer})`,
  };
}

const counter: Buffer = {
  type: LONG,
  update: (sql, distinct, filter) => `count(${distinct}${counted(sql, distinct)})${filter}`,
  merge: (buffer) => `CAST(coalesce(sum(${buffer}), 0) AS BIGINT)`,
};

/** What count counts: rows, values that are not NULL, or tuples without a NULL. */
function counted(sql: readonly string[], distinct: string): string {
  if (sql.length <= 1) return sql[0] ?? '*';
  const known = sql.map((each) => `${each} IS NOT NULL`).join(' AND ');
  return distinct === '' ? `CASE WHEN ${known} THEN 1 END` : `CASE WHEN ${known} THEN (${sql.join(', ')}) END`;
}

function sumBuffer(args: Arguments): Buffer {
  const type = typeAt(0)(args);
  if (isFraction(type)) return plain('sum', DOUBLE);
  const wide = type.kind === 'decimal' ? decimal(38, type.scale) : wideInteger;
  return {
    type: wide,
    update: ([a], distinct, filter) => castSql(`sum(${distinct}${a})${filter}`, wide),
    merge: (buffer) => castSql(`sum(${buffer})`, wide),
  };
}

function sumType(args: Arguments): DataType {
  const type = typeAt(0)(args);
  if (type.kind === 'decimal') return decimal(Math.min(38, type.precision + 10), type.scale);
  return isIntegral(type) ? LONG : DOUBLE;
}

const overflow = raise(quoteText('[ARITHMETIC_OVERFLOW] long overflow. Use \'try_sum\' to tolerate overflow and return NULL instead.'));

function finishSum([sum = '']: readonly string[], call: RenderedCall): string {
  if (call.type.kind !== 'long') return castSql(sum, call.type);
  return `CASE WHEN ${sum} BETWEEN -9223372036854775808 AND 9223372036854775807 THEN CAST(${sum} AS BIGINT) WHEN ${sum} IS NOT NULL THEN ${overflow} END`;
}

function averageType(args: Arguments): DataType {
  const type = typeAt(0)(args);
  return type.kind === 'decimal' ? adjusted(Math.min(38, type.precision + 4), Math.min(38, type.scale + 4)) : DOUBLE;
}

function finishAverage([sum = '', count = '']: readonly string[], call: RenderedCall): string {
  const type = call.arguments[0] === undefined ? DOUBLE : typeOf(call.arguments[0]);
  if (type.kind !== 'decimal' || call.type.kind !== 'decimal') return `CASE WHEN ${count} > 0 THEN CAST(${sum} AS DOUBLE) / ${count} END`;
  const total: DecimalType = decimal(Math.min(type.precision + 10, 34), type.scale);
  return `CASE WHEN ${count} > 0 THEN ${decimalQuotient(castSql(sum, total), total, count, decimal(19, 0), call.type)} END`;
}

function numbers(args: Arguments): Arguments {
  return args.map((arg) => (isNumeric(typeOf(arg)) ? arg : castTo(arg, DOUBLE)));
}

/** Count, mean and sum of squared distances of a set; sets are merged by Chan's formula. */
const moments: DataType = {
  kind: 'struct',
  fields: [{ name: 'n', type: DOUBLE, nullable: false }, { name: 'mean', type: DOUBLE, nullable: false }, { name: 'm2', type: DOUBLE, nullable: false }],
};
const momentsBuffer: Buffer = {
  type: moments,
  update: ([a], distinct, filter) => {
    const of = (name: string): string => `${name}(${distinct}${a})${filter}`;
    return `struct_pack(n := CAST(${of('count')} AS DOUBLE), mean := coalesce(${of('avg')}, 0e0), m2 := coalesce(${of('var_pop')} * ${of('count')}, 0e0))`;
  },
  merge: (buffer) => `list_reduce(list(${buffer}), lambda x, y: struct_pack(n := x.n + y.n, `
    + 'mean := CASE WHEN x.n + y.n = 0 THEN 0e0 ELSE x.mean + (y.mean - x.mean) * y.n / (x.n + y.n) END, '
    + 'm2 := x.m2 + y.m2 + CASE WHEN x.n + y.n = 0 THEN 0e0 ELSE (y.mean - x.mean) * (y.mean - x.mean) * x.n * y.n / (x.n + y.n) END))',
};

function spread(names: readonly [string, ...string[]], about: string, formula: (m: string) => string): AggregateRow {
  const [name, ...aliases] = names;
  return aggregate(name, ['double'], DOUBLE, about, { buffers: () => [momentsBuffer], finish: ([m = '']) => formula(m) }, { aliases });
}

/** For a sample of one, Spark answers NULL. */
const sample = (value: (m: string) => string) => (m: string): string => `CASE WHEN (${m}).n > 1 THEN ${value(m)} END`;
const population = (value: (m: string) => string) => (m: string): string => `CASE WHEN (${m}).n > 0 THEN ${value(m)} END`;

/** The first or last row's value and whether there was a row; with ignoreNulls, the first or last value. */
function positional(names: readonly [string, ...string[]], which: 'first' | 'last', about: string): AggregateRow {
  const [name, ...aliases] = names;
  const ignores = (args: Arguments): boolean => args[1] !== undefined && args[1].kind === 'literal' && args[1].value === true;
  return aggregate(name, ['any', 'boolean'], typeAt(0), about, {
    buffers: (args) => {
      const filter = (sql: readonly string[], outer: string): string => (ignores(args) ? both(outer, `${sql[0]} IS NOT NULL`) : outer);
      return [
        { type: typeAt(0)(args), update: (sql, _, outer) => `${which}(${sql[0]})${filter(sql, outer)}`, merge: (buffer, [, seen]) => `${which}(${buffer}) FILTER (WHERE ${seen})` },
        { type: BOOLEAN, update: (sql, _, outer) => `(count(*)${filter(sql, outer)} > 0)`, merge: (buffer) => `coalesce(bool_or(${buffer}), false)` },
      ];
    },
    finish: first0,
  }, { aliases, optional: 1, show: ([a], called) => `${called}(${a})`, coerce: (args) => {
    if (args[1] !== undefined && args[1].kind !== 'literal') throw new Mismatch('NON_FOLDABLE_INPUT', 'ignoreNulls should be a literal, true or false.');
    return args;
  } });
}

function both(filter: string, condition: string): string {
  return filter === '' ? ` FILTER (WHERE ${condition})` : filter.replace(/\)$/, ` AND ${condition})`);
}

/** The row with the largest or smallest second value. */
function extreme(name: string, kernel: 'arg_max' | 'arg_min', bound: 'max' | 'min', about: string): AggregateRow {
  return aggregate(name, ['any', 'comparable'], typeAt(0), about, {
    buffers: (args) => [{
      type: { kind: 'struct', fields: [{ name: 'x', type: typeAt(0)(args), nullable: true }, { name: 'y', type: typeAt(1)(args), nullable: true }] },
      update: ([x, y], _, filter) => `struct_pack(x := ${kernel}_null(${x}, ${y})${filter}, y := ${bound}(${y})${filter})`,
      merge: (buffer) => `${kernel}(${buffer}, ${buffer}.y)`,
    }],
    finish: ([b]) => `(${b}).x`,
  });
}

function collection(names: readonly [string, ...string[]], distinct: boolean, about: string): AggregateRow {
  const [name, ...aliases] = names;
  const listType = (args: Arguments): DataType => ({ kind: 'array', element: typeAt(0)(args), containsNull: false });
  const kernel = (inner: string): string => (distinct ? `list_distinct(${inner})` : inner);
  return aggregate(name, ['any'], listType, about, {
    buffers: (args) => [{
      type: listType(args),
      update: ([a], unique, filter) => kernel(`list(${unique}${a})${both(filter, `${a} IS NOT NULL`)}`),
      merge: (buffer) => kernel(`flatten(list(${buffer}) FILTER (WHERE ${buffer} IS NOT NULL))`),
    }],
    finish: ([list], call) => `coalesce(${list}, ${emptyArray(call.type)})`,
  }, { aliases, nullable: false, show: ([a]) => `${name}(${a})` });
}

export const aggregateRows: readonly AggregateRow[] = [
  aggregate('count', ['any'], LONG, 'Number of rows, or of rows whose values are not NULL.', { buffers: () => [counter], finish: first0 }, { variadic: true, nullable: false }),
  aggregate('sum', ['any'], sumType, 'Sum; an error when it does not fit.', { buffers: (args) => [sumBuffer(args)], finish: finishSum }, { coerce: numbers }),
  aggregate('avg', ['any'], averageType, 'Mean.', { buffers: (args) => [sumBuffer(args), counter], finish: finishAverage }, { aliases: ['mean'], coerce: numbers }),
  aggregate('min', ['comparable'], typeAt(0), 'Smallest value.', { buffers: (args) => [plain('min', typeAt(0)(args))], finish: first0 }, { ignoresDuplicates: true }),
  aggregate('max', ['comparable'], typeAt(0), 'Largest value.', { buffers: (args) => [plain('max', typeAt(0)(args))], finish: first0 }, { ignoresDuplicates: true }),
  aggregate('count_if', ['boolean'], LONG, 'Number of rows for which the condition is true.', {
    buffers: () => [{ ...counter, update: ([a], distinct, filter) => `count(${distinct}CASE WHEN ${a} THEN true END)${filter}` }], finish: first0,
  }, { nullable: false }),
  aggregate('bool_and', ['boolean'], BOOLEAN, 'Whether all values are true.', { buffers: () => [plain('bool_and', BOOLEAN)], finish: first0 }, { aliases: ['every'], ignoresDuplicates: true }),
  aggregate('bool_or', ['boolean'], BOOLEAN, 'Whether one value is true.', { buffers: () => [plain('bool_or', BOOLEAN)], finish: first0 }, { aliases: ['some', 'any'], ignoresDuplicates: true }),
  positional(['first', 'first_value', 'any_value'], 'first', 'The value of the first row; with true as second argument, the first that is not NULL.'),
  positional(['last', 'last_value'], 'last', 'The value of the last row; with true as second argument, the last that is not NULL.'),
  spread(['stddev', 'stddev_samp', 'std'], 'Standard deviation of a sample.', sample((m) => `sqrt((${m}).m2 / ((${m}).n - 1))`)),
  spread(['stddev_pop'], 'Standard deviation of the population.', population((m) => `sqrt((${m}).m2 / (${m}).n)`)),
  spread(['variance', 'var_samp'], 'Variance of a sample.', sample((m) => `(${m}).m2 / ((${m}).n - 1)`)),
  spread(['var_pop'], 'Variance of the population.', population((m) => `(${m}).m2 / (${m}).n`)),
  extreme('max_by', 'arg_max', 'max', 'The first value in the row where the second is largest.'),
  extreme('min_by', 'arg_min', 'min', 'The first value in the row where the second is smallest.'),
  collection(['collect_list', 'array_agg'], false, 'The values that are not NULL, in an array.'),
  collection(['collect_set'], true, 'The different values that are not NULL, in an array.'),
];
