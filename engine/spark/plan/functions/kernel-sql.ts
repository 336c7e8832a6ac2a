/** The kernel's (DuckDB's) spelling of names, types and literals. */
import type { LiteralValue } from '../expression.ts';
import { SparkError } from '../spark-error.ts';
import type { DataType } from '../types.ts';
import { typeName } from '../types.ts';

export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;
export const quoteText = (text: string): string => {
  if (text.includes('\0')) {
    throw new SparkError({ errorClass: 'UNSUPPORTED_FEATURE.NUL_CHARACTER', sqlState: '0A000', message: 'Text with the character U+0000 is not supported in a query.' });
  }
  return `'${text.replaceAll("'", "''")}'`;
};

const names: Readonly<Record<string, string>> = {
  null: 'INTEGER', boolean: 'BOOLEAN', byte: 'TINYINT', short: 'SMALLINT', int: 'INTEGER', long: 'BIGINT', float: 'FLOAT', double: 'DOUBLE',
  string: 'VARCHAR', binary: 'BLOB', date: 'DATE', timestamp: 'TIMESTAMPTZ', timestamp_ntz: 'TIMESTAMP',
};

export function kernelType(type: DataType): string {
  switch (type.kind) {
    case 'decimal': return `DECIMAL(${type.precision},${type.scale})`;
    case 'array': return `${kernelType(type.element)}[]`;
    case 'map': return `MAP(${kernelType(type.key)}, ${kernelType(type.value)})`;
    case 'struct': return `STRUCT(${type.fields.map((field) => `${quoteName(field.name)} ${kernelType(field.type)}`).join(', ')})`;
    default: return names[type.kind] ?? 'VARCHAR';
  }
}

export const castSql = (sql: string, type: DataType): string => `CAST(${sql} AS ${kernelType(type)})`;

function doubleSql(value: number): string {
  if (Number.isNaN(value)) return `CAST('NaN' AS DOUBLE)`;
  if (!Number.isFinite(value)) return `CAST('${value < 0 ? '-' : ''}Infinity' AS DOUBLE)`;
  if (Object.is(value, -0)) return `CAST('-0.0' AS DOUBLE)`;
  const text = String(value);
  const literal = text.includes('e') ? text : `${text}e0`;
  return value < 0 ? `(${literal})` : literal;
}

/** A literal whose type in the kernel is exactly `type`. */
export function literalSql(value: LiteralValue, type: DataType): string {
  if (value === null) return type.kind === 'null' ? 'NULL' : castSql('NULL', type);
  switch (type.kind) {
    case 'boolean': return value === true ? 'true' : 'false';
    case 'int': return Number(value) === -2147483648 ? castSql(quoteless(value), type) : Number(value) < 0 ? `(${String(value)})` : String(value);
    case 'byte': case 'short': case 'long': return castSql(quoteless(value), type);
    case 'double': return doubleSql(Number(value));
    case 'float': return `CAST(${quoteText(String(value))} AS FLOAT)`;
    case 'decimal': return castSql(quoteText(String(value)), type);
    case 'string': return quoteText(String(value));
    case 'binary': return blobSql(value);
    case 'date': return `(DATE '1970-01-01' + CAST(${quoteless(value)} AS INTEGER))`;
    case 'timestamp_ntz': return `make_timestamp(CAST(${quoteless(value)} AS BIGINT))`;
    case 'timestamp': return `make_timestamptz(CAST(${quoteless(value)} AS BIGINT))`;
    default: throw new SparkError({ errorClass: 'UNSUPPORTED_FEATURE.LITERAL_TYPE', sqlState: '0A000', message: `Literals of the type ${typeName(type)} are not supported.` });
  }
}

const quoteless = (value: LiteralValue): string => String(value);

function blobSql(value: LiteralValue): string {
  const bytes = value instanceof Uint8Array ? value : new TextEncoder().encode(String(value));
  return `unhex('${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}')`;
}

/** Raises a Spark error at run time; `text` is kernel SQL of a string that starts with `[CLASS] `. */
export const raise = (text: string): string => `error(${text})`;
