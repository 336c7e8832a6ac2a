/** Rows of a script as an Arrow stream, for `createDataFrame`. Loaded with the first such call. */
import { Bool, Binary, Field, Float64, Int64, Null, Schema, Table, TimestampMicrosecond, Utf8, tableToIPC, vectorFromArray, type DataType, type Vector } from 'apache-arrow';
import { badArgument } from './client-error.ts';

export type LocalValue = null | undefined | boolean | number | bigint | string | Date | Uint8Array;
export type LocalRow = Readonly<Record<string, LocalValue>> | readonly LocalValue[];

/** Columns in the order of `names`, or of the first row's fields. Types come from the values; see `columnOf`. */
export function arrowOf(rows: readonly LocalRow[], names: readonly string[] | undefined): Uint8Array {
  const columns = names ?? namesOf(rows);
  if (columns.length === 0) throw badArgument('createDataFrame needs at least one column: give rows with fields, or names.');
  const cells = rows.map((row, index) => cellsOf(row, columns, index));
  const vectors = columns.map((name, at) => vectorOf(name, cells.map((row) => row[at] ?? null)));
  const schema = new Schema(columns.map((name, at) => new Field(name, (vectors[at] as Vector).type as DataType, true)));
  return tableToIPC(new Table(schema, Object.fromEntries(columns.map((name, at) => [name, vectors[at] as Vector]))), 'stream');
}

function namesOf(rows: readonly LocalRow[]): readonly string[] {
  const [first] = rows;
  if (first === undefined) throw badArgument('createDataFrame cannot infer columns from no rows: give their names.');
  return Array.isArray(first) ? first.map((_, index) => `_${index + 1}`) : Object.keys(first);
}

function cellsOf(row: LocalRow, columns: readonly string[], index: number): readonly LocalValue[] {
  if (Array.isArray(row)) {
    const values = row as readonly LocalValue[];
    if (values.length !== columns.length) throw badArgument(`row ${index + 1} has ${values.length} values for ${columns.length} columns.`);
    return values;
  }
  const fields = row as Readonly<Record<string, LocalValue>>;
  const unknown = Object.keys(fields).find((name) => !columns.includes(name));
  if (unknown !== undefined) throw badArgument(`row ${index + 1} has the field ${JSON.stringify(unknown)}, which is no column; columns are ${columns.join(', ')}.`);
  return columns.map((name) => fields[name]);
}

/**
 * One type for a column: boolean BOOLEAN; whole numbers and bigint BIGINT; numbers with a fraction among them DOUBLE; string STRING;
 * Date TIMESTAMP; Uint8Array BINARY; nothing but NULL becomes VOID. Throws `SparkError` when values do not go together.
 */
function vectorOf(name: string, values: readonly LocalValue[]): Vector {
  const present = values.filter((value) => value !== null && value !== undefined);
  const is = (test: (value: LocalValue) => boolean): boolean => present.every(test);
  if (present.length === 0) return vectorFromArray(values.map(() => null), new Null());
  if (is((value) => typeof value === 'boolean')) return vectorFromArray(values, new Bool());
  if (is((value) => typeof value === 'string')) return vectorFromArray(values, new Utf8());
  if (is((value) => typeof value === 'bigint' || Number.isSafeInteger(value))) {
    return vectorFromArray(values.map((value) => (value === null || value === undefined ? null : long(name, BigInt(value as number | bigint)))), new Int64());
  }
  if (is((value) => typeof value === 'number')) return vectorFromArray(values, new Float64());
  if (is((value) => value instanceof Uint8Array)) return vectorFromArray(values, new Binary());
  if (is((value) => value instanceof Date && !Number.isNaN(value.getTime()))) {
    // apache-arrow takes timestamps of every unit in milliseconds.
    return vectorFromArray(values.map((value) => (value === null || value === undefined ? null : (value as Date).getTime())), new TimestampMicrosecond('UTC'));
  }
  throw badArgument(`the values of the column ${name} have no type in common; a column holds booleans, numbers, strings, Dates or Uint8Arrays.`);
}

function long(name: string, value: bigint): bigint {
  if (BigInt.asIntN(64, value) !== value) throw badArgument(`the column ${name} has the value ${value}, which is beyond BIGINT.`);
  return value;
}
