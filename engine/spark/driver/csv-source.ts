/**
 * CSV as Spark reads it by default: a record is a line; a quoted value ends at an unescaped quote before a delimiter;
 * a value whose quotes do not add up is taken as it stands. Lines come from the kernel whole and are taken apart by a
 * regular expression, because the kernel's own CSV reader follows other rules (RFC 4180). Checked against Spark 4.
 */
import type { DuckDBConnection } from '@duckdb/node-api';
import { renderCast } from '../plan/functions/cast.ts';
import { quoteName, quoteText } from '../plan/functions/kernel-sql.ts';
import { SparkError } from '../plan/spark-error.ts';
import type { DataType, Schema } from '../plan/types.ts';
import { sqlTypeName } from '../plan/types.ts';

export interface CsvOptions {
  readonly header: boolean;
  readonly separator: string;
  readonly quote: string;
  readonly escape: string;
  readonly nullValue: string;
  readonly inferSchema: boolean;
}

const known = ['header', 'sep', 'delimiter', 'quote', 'escape', 'nullvalue', 'inferschema', 'mode', 'encoding', 'charset', 'multiline', 'path'];
/** Without effect on what is supported here. */
const harmless = ['recursivefilelookup', 'maxcolumns', 'maxcharspercolumn', 'samplingratio', 'columnpruning', 'enforceschema'];

export function refusedOption(format: string, message: string): SparkError {
  return new SparkError({ errorClass: 'UNSUPPORTED_FEATURE.READ_OPTION', sqlState: '0A000', message, parameters: { format } });
}

export function lowerKeys(options: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map(Object.entries(options).map(([key, value]) => [key.toLowerCase(), value]));
}

export function flag(options: ReadonlyMap<string, string>, name: string): boolean {
  const value = (options.get(name.toLowerCase()) ?? 'false').toLowerCase();
  if (value === 'true' || value === 'false') return value === 'true';
  throw refusedOption('', `The option ${name} must be true or false, not ${value}.`);
}

export function csvOptions(written: Readonly<Record<string, string>>): CsvOptions {
  const options = lowerKeys(written);
  const unknown = [...options.keys()].find((key) => !known.includes(key) && !harmless.includes(key));
  if (unknown !== undefined) throw refusedOption('csv', `The option ${unknown} of the csv reader is not supported. Supported: header, sep, quote, escape, nullValue, inferSchema.`);
  if (flag(options, 'multiLine')) throw refusedOption('csv', 'multiLine=true of the csv reader is not supported: a record is a line.');
  const mode = options.get('mode')?.toUpperCase() ?? 'PERMISSIVE';
  if (mode !== 'PERMISSIVE') throw refusedOption('csv', `mode=${mode} of the csv reader is not supported. Only PERMISSIVE is.`);
  const encoding = (options.get('encoding') ?? options.get('charset') ?? 'UTF-8').toUpperCase();
  if (encoding !== 'UTF-8' && encoding !== 'UTF8') throw refusedOption('csv', `The encoding ${encoding} is not supported. Only UTF-8 is.`);
  return {
    header: flag(options, 'header'), separator: character('sep', options.get('sep') ?? options.get('delimiter') ?? ','),
    quote: character('quote', options.get('quote') ?? '"'), escape: character('escape', options.get('escape') ?? '\\'),
    nullValue: options.get('nullvalue') ?? '', inferSchema: flag(options, 'inferSchema'),
  };
}

function character(name: string, value: string): string {
  const one = value === '\\t' ? '\t' : value;
  if (one.length !== 1 || /[\0\n\r]/.test(one)) throw refusedOption('csv', `The option ${name} must be one character, not ${JSON.stringify(value)}.`);
  return one;
}

const inClass = (character: string): string => (/[\\\]^[-]/.test(character) ? `\\${character}` : character);
const literal = (character: string): string => character.replace(/[.*+?^${}()|[\]\\]/, String.raw`\$&`);

/** The inside of a well-formed quoted value. */
function quotedBody({ quote, escape }: CsvOptions): string {
  return escape === quote ? `(?:[^${inClass(quote)}]|${literal(quote)}${literal(quote)})*` : `(?:[^${inClass(quote)}${inClass(escape)}]|${literal(escape)}.)*`;
}

/** Every value of a line with the delimiter after it. */
function valuePattern(options: CsvOptions): string {
  const other = `[^${inClass(options.separator)}]*`;
  const quote = literal(options.quote);
  const body = quotedBody(options);
  // A quote that never ends takes the rest of the line.
  return `(${quote}${body}${quote}${other}|${quote}${body}|${other})${literal(options.separator)}`;
}

/** Lines of the file as lists of raw values; `$path` is the file. No character can be the delimiter of this inner reader: a line with U+0001 is an error. */
function rawLines(options: CsvOptions): string {
  const reader = `read_csv($path, auto_detect=false, header=false, skip=${options.header ? 1 : 0}, delim=E'\\x01', quote='', escape='', strict_mode=false, hive_partitioning=false, columns={'line': 'VARCHAR'})`;
  return `(SELECT regexp_extract_all(line || ${quoteText(options.separator)}, ${quoteText(valuePattern(options))}, 1) AS v FROM ${reader} WHERE trim(line) <> '')`;
}

/** One value as text: without its quotes when they are well-formed or never end, NULL for nothing and for `nullValue`. */
function textValue(raw: string, options: CsvOptions): string {
  const { quote, escape, nullValue } = options;
  const unescaped = (inner: string): string => (escape === quote ? `replace(${inner}, ${quoteText(quote + quote)}, ${quoteText(quote)})`
    : `regexp_replace(${inner}, ${quoteText(`${literal(escape)}([${inClass(quote)}${inClass(escape)}])`)}, '\\1', 'g')`);
  const matches = (end: string): string => `regexp_full_match(${raw}, ${quoteText(`${literal(quote)}${quotedBody(options)}${end}`)})`;
  const value = `CASE WHEN ${raw} = '' THEN NULL WHEN NOT starts_with(${raw}, ${quoteText(quote)}) THEN ${raw} `
    + `WHEN ${matches(literal(quote))} THEN ${unescaped(`substr(${raw}, 2, length(${raw}) - 2)`)} WHEN ${matches('')} THEN ${unescaped(`substr(${raw}, 2)`)} ELSE ${raw} END`;
  return `nullif(${value}, ${quoteText(nullValue)})`;
}

/** A value that does not read as its type is NULL (mode PERMISSIVE). */
function typedValue(text: string, type: DataType): string {
  switch (type.kind) {
    case 'string': return text;
    case 'boolean': return `CASE lower(${text}) WHEN 'true' THEN true WHEN 'false' THEN false END`;
    case 'byte': case 'short': case 'int': case 'long':
      return `CASE WHEN regexp_full_match(${text}, '[+-]?[0-9]+') THEN ${renderCast(text, { kind: 'string' }, type, 'try')} END`;
    case 'float': case 'double': case 'decimal': case 'date': case 'timestamp': case 'timestamp_ntz': return renderCast(text, { kind: 'string' }, type, 'try');
    default: throw new SparkError({ errorClass: 'UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE', sqlState: '0A000', message: `The CSV datasource doesn't support the type "${sqlTypeName(type)}".` });
  }
}

/** The relation over one file, as a FROM item. */
export function csvScan(options: CsvOptions, schema: Schema): string {
  const texts = schema.map((_, i) => `${textValue(`v[${i + 1}]`, options)} AS t${i}`);
  const values = schema.map((field, i) => `${typedValue(`t${i}`, field.type)} AS ${quoteName(field.name)}`);
  return `(SELECT ${values.join(', ')} FROM (SELECT ${texts.join(', ')} FROM ${rawLines(options)}))`;
}

/** Names from the first file's first line (`_c0` … without header); all strings, or typed by all values of all files. */
export async function csvSchema(connection: DuckDBConnection, options: CsvOptions, localPaths: readonly string[], separateHeader: (path: string) => Promise<readonly string[]>): Promise<Schema> {
  const names = await separateHeader(localPaths[0] ?? '');
  const strings = names.map((name) => ({ name, type: { kind: 'string' } as DataType, nullable: true }));
  if (!options.inferSchema || names.length === 0) return strings;
  const columns = strings.map((field, i) => ({ ...field, name: `t${i}` }));
  const scan = localPaths.map((path) => `SELECT * FROM ${csvScan(options, columns).replaceAll('$path', quoteText(path))}`).join(' UNION ALL ');
  const tests = columns.flatMap(({ name }) => Object.values(kinds).map((pattern) => `coalesce(bool_and(regexp_full_match(${name}, ${quoteText(pattern)})), true)`).concat(
    `coalesce(bool_and(TRY_CAST(${name} AS INTEGER) IS NOT NULL), true)`, `coalesce(bool_and(TRY_CAST(${name} AS BIGINT) IS NOT NULL), true)`, `coalesce(max(length(ltrim(${name}, '+-0'))), 0)`, `count(${name})`));
  const read = await connection.runAndReadAll(`SELECT ${tests.join(', ')} FROM (SELECT ${columns.map(({ name }) => `${name}`).join(', ')} FROM (${scan}) WHERE true)`);
  const row = read.getRows()[0] ?? [];
  const width = Object.keys(kinds).length + 4;
  return strings.map((field, i) => ({ ...field, type: inferred(row.slice(i * width, (i + 1) * width)) }));
}

const kinds = {
  integral: '[+-]?[0-9]+', fraction: String.raw`\s*[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?[dDfF]?\s*|NaN|[+-]?Infinity|[+-]?Inf`, date: '[0-9]{4}-[0-9]{2}-[0-9]{2}',
  timestamp: String.raw`[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})?)?`, boolean: '(?i)true|false',
} as const;

/** The narrowest type that every value reads as; a column without values is a string. */
function inferred(facts: readonly unknown[]): DataType {
  const [integral, fraction, date, timestamp, boolean, fitsInt, fitsLong, digits, count] = facts;
  if (count === 0n) return { kind: 'string' };
  if (integral === true && fitsInt === true) return { kind: 'int' };
  if (integral === true && fitsLong === true) return { kind: 'long' };
  if (integral === true && Number(digits) <= 38) return { kind: 'decimal', precision: Number(digits), scale: 0 };
  if (fraction === true) return { kind: 'double' };
  if (date === true) return { kind: 'date' };
  if (timestamp === true) return { kind: 'timestamp' };
  return { kind: boolean === true ? 'boolean' : 'string' };
}

/** The first line's values; `_c0` … without a header. Empty names and names twice get Spark's replacements. */
export async function csvNames(connection: DuckDBConnection, options: CsvOptions, localPath: string): Promise<readonly string[]> {
  const lines = rawLines({ ...options, header: false }).replaceAll('$path', quoteText(localPath));
  const length = await connection.runAndReadAll(`SELECT list_transform(v, lambda raw: ${textValue('raw', options)}) FROM ${lines} LIMIT 1`);
  const first = length.getRowsJson()[0]?.[0];
  const values = Array.isArray(first) ? first.map((value) => (value === null ? '' : String(value))) : [];
  if (!options.header) return values.map((_, i) => `_c${i}`);
  const lower = values.map((value) => value.toLowerCase());
  return values.map((value, i) => (value === '' || value === options.nullValue ? `_c${i}` : lower.indexOf(lower[i] ?? '') !== lower.lastIndexOf(lower[i] ?? '') ? `${value}${i}` : value));
}
