/**
 * Spark's functions over columns, under Spark's names. One table says what each takes: `c` a column (strings are column
 * names), `v` a value (strings are strings), `?` after what may be left out, `*` after what may repeat.
 */
import { badArgument } from './client-error.ts';
import { call, Column, columnOf, distinctCall, lit, valueColumn, type ColumnOrName, type ColumnOrValue } from './column.ts';

interface Shapes {
  '': [];
  c: [column: ColumnOrName];
  'c?': [column?: ColumnOrName];
  cc: [first: ColumnOrName, second: ColumnOrName];
  ccc: [first: ColumnOrName, second: ColumnOrName, third: ColumnOrName];
  'c*': [...columns: ColumnOrName[]];
  cv: [column: ColumnOrName, value: ColumnOrValue];
  cvv: [column: ColumnOrName, first: ColumnOrValue, second: ColumnOrValue];
  'cv?': [column: ColumnOrName, value?: ColumnOrValue];
  'cvv?': [column: ColumnOrName, first: ColumnOrValue, second?: ColumnOrValue];
  'cv?v?': [column: ColumnOrName, first?: ColumnOrValue, second?: ColumnOrValue];
  vc: [value: ColumnOrValue, column: ColumnOrName];
  'vcv?': [value: ColumnOrValue, column: ColumnOrName, second?: ColumnOrValue];
  'vc*': [value: ColumnOrValue, ...columns: ColumnOrName[]];
}

/** Names and arities. The engine answers UNRESOLVED_ROUTINE for what it does not have yet. */
export const functionTable = {
  // Aggregates.
  count: 'c', sum: 'c', avg: 'c', mean: 'c', min: 'c', max: 'c', first: 'cv?', last: 'cv?', any_value: 'cv?', collect_list: 'c', collect_set: 'c',
  stddev: 'c', stddev_pop: 'c', stddev_samp: 'c', variance: 'c', var_pop: 'c', var_samp: 'c', count_if: 'c', bool_and: 'c', bool_or: 'c',
  max_by: 'cc', min_by: 'cc', median: 'c', approx_count_distinct: 'cv?',
  // Conditions.
  coalesce: 'c*', greatest: 'c*', least: 'c*', isnull: 'c', isnotnull: 'c', isnan: 'c', nullif: 'cc', ifnull: 'cc', nvl: 'cc', nvl2: 'ccc', nanvl: 'cc', not: 'c',
  // Strings.
  concat: 'c*', concat_ws: 'vc*', upper: 'c', lower: 'c', initcap: 'c', length: 'c', char_length: 'c', octet_length: 'c', substring: 'cvv', left: 'cv', right: 'cv',
  trim: 'c', ltrim: 'c', rtrim: 'c', btrim: 'cv?', lpad: 'cvv', rpad: 'cvv', repeat: 'cv', reverse: 'c', replace: 'cvv?', translate: 'cvv', instr: 'cv', locate: 'vcv?',
  contains: 'cc', startswith: 'cc', endswith: 'cc', ascii: 'c', split: 'cvv?', like: 'cv', ilike: 'cv', rlike: 'cv', regexp_replace: 'cvv', regexp_extract: 'cvv', md5: 'c', sha2: 'cv',
  // Numbers.
  abs: 'c', ceil: 'c', floor: 'c', round: 'cv?', bround: 'cv?', sqrt: 'c', cbrt: 'c', exp: 'c', ln: 'c', log10: 'c', log2: 'c', pow: 'cv', pmod: 'cv', sign: 'c', signum: 'c',
  sin: 'c', cos: 'c', tan: 'c', asin: 'c', acos: 'c', atan: 'c', atan2: 'cc', degrees: 'c', radians: 'c', negative: 'c', positive: 'c', pi: '', e: '', mod: 'cv',
  // Dates and timestamps.
  current_date: '', current_timestamp: '', now: '', year: 'c', quarter: 'c', month: 'c', day: 'c', dayofmonth: 'c', dayofweek: 'c', dayofyear: 'c', weekofyear: 'c',
  weekday: 'c', hour: 'c', minute: 'c', second: 'c', date_add: 'cv', date_sub: 'cv', datediff: 'cc', add_months: 'cv', months_between: 'cc', last_day: 'c', next_day: 'cv',
  trunc: 'cv', date_trunc: 'vc', date_format: 'cv', to_date: 'cv?', to_timestamp: 'cv?', unix_timestamp: 'cv?', from_unixtime: 'cv?', timestamp_seconds: 'c',
  make_date: 'ccc', unix_date: 'c', to_utc_timestamp: 'cv', from_utc_timestamp: 'cv',
  // Collections.
  array: 'c*', struct: 'c*', create_map: 'c*', size: 'c', array_contains: 'cv', element_at: 'cv', explode: 'c', sort_array: 'cv?', array_distinct: 'c', array_join: 'cvv?', map_keys: 'c',
  map_values: 'c', array_max: 'c', array_min: 'c', hash: 'c*', xxhash64: 'c*',
} as const satisfies Readonly<Record<string, keyof Shapes>>;

type Table = typeof functionTable;
type Functions = { readonly [Name in keyof Table]: (...operands: Shapes[Table[Name]]) => Column };

/** Exported names that differ from Spark's. */
const sparkNames: Readonly<Record<string, string>> = { create_map: 'map' };

interface Parameter {
  readonly kind: string;
  readonly many: string;
}

function functionOf(name: string, shape: string): (...operands: readonly ColumnOrValue[]) => Column {
  const parameters: readonly Parameter[] = Array.from(shape.matchAll(/([cv])([?*]?)/g), ([, kind = '', many = '']) => ({ kind, many }));
  const least = parameters.filter((each) => each.many === '').length;
  const most = parameters.some((each) => each.many === '*') ? Number.POSITIVE_INFINITY : parameters.length;
  return (...given) => {
    const operands = given.filter((each, index) => each !== undefined || index < least);
    if (operands.length < least || operands.length > most) throw badArgument(`${name} takes ${least === most ? least : `${least} to ${most}`} arguments, not ${operands.length}.`);
    return call(sparkNames[name] ?? name, ...operands.map((operand, index) => {
      const kind = (parameters[index] ?? parameters.at(-1))?.kind;
      return kind === 'c' && typeof operand === 'string' ? columnOf(operand) : valueColumn(operand);
    }));
  };
}

/** All of them as one object; they are exported by name too. */
export const functions = Object.fromEntries(Object.entries(functionTable).map(([name, shape]) => [name, functionOf(name, shape)])) as unknown as Functions;

export const {
  count, sum, avg, mean, min, max, first, last, any_value, collect_list, collect_set, stddev, stddev_pop, stddev_samp, variance, var_pop, var_samp, count_if, bool_and,
  bool_or, max_by, min_by, median, approx_count_distinct, coalesce, greatest, least, isnull, isnotnull, isnan, nullif, ifnull, nvl, nvl2, nanvl, not, concat, concat_ws,
  upper, lower, initcap, length, char_length, octet_length, substring, left, right, trim, ltrim, rtrim, btrim, lpad, rpad, repeat, reverse, replace, translate, instr,
  locate, contains, startswith, endswith, ascii, split, like, ilike, rlike, regexp_replace, regexp_extract, md5, sha2, abs, ceil, floor, round, bround, sqrt, cbrt, exp,
  ln, log10, log2, pow, pmod, sign, signum, sin, cos, tan, asin, acos, atan, atan2, degrees, radians, negative, positive, pi, e, mod, current_date, current_timestamp,
  now, year, quarter, month, day, dayofmonth, dayofweek, dayofyear, weekofyear, weekday, hour, minute, second, date_add, date_sub, datediff, add_months, months_between,
  last_day, next_day, trunc, date_trunc, date_format, to_date, to_timestamp, unix_timestamp, from_unixtime, timestamp_seconds, make_date, unix_date, to_utc_timestamp,
  from_utc_timestamp, array, struct, create_map, size, array_contains, element_at, explode, sort_array, array_distinct, array_join, map_keys, map_values, array_max,
  array_min, hash, xxhash64,
} = functions;

/** `countDistinct('origin', 'destination')`: tuples without NULL, each once. */
export function countDistinct(...columns: readonly [ColumnOrName, ...ColumnOrName[]]): Column {
  return distinctCall('count', ...columns.map(columnOf));
}

export function sumDistinct(column: ColumnOrName): Column {
  return distinctCall('sum', columnOf(column));
}

/** `when(col('delay').gt(15), 'late').otherwise('in time')`. */
export function when(condition: Column, value: ColumnOrValue): Column {
  return call('when', condition, lit(value));
}

export function asc(column: ColumnOrName): Column {
  return columnOf(column).asc();
}

export function desc(column: ColumnOrName): Column {
  return columnOf(column).desc();
}
