/** JSON: one object a line, or a whole document with multiLine. The schema comes from all values, as in Spark. */
import type { DuckDBConnection, DuckDBType } from '@duckdb/node-api';
import { DuckDBTypeId } from '@duckdb/node-api';
import { kernelType, quoteText } from '../plan/functions/kernel-sql.ts';
import type { DataType, Schema } from '../plan/types.ts';
import { flag, lowerKeys, refusedOption } from './csv-source.ts';
import { sparkType } from './kernel-schema.ts';

export interface JsonOptions {
  readonly multiLine: boolean;
}

const known = ['multiline', 'mode', 'encoding', 'path'];

export function jsonOptions(written: Readonly<Record<string, string>>): JsonOptions {
  const options = lowerKeys(written);
  const unknown = [...options.keys()].find((key) => !known.includes(key));
  if (unknown !== undefined) throw refusedOption('json', `The option ${unknown} of the json reader is not supported. Supported: multiLine.`);
  const mode = options.get('mode')?.toUpperCase() ?? 'FAILFAST';
  // A line that is not JSON fails the read: there is no column for corrupt records.
  if (mode !== 'FAILFAST') throw refusedOption('json', `mode=${mode} of the json reader is not supported. Only FAILFAST is.`);
  const encoding = (options.get('encoding') ?? 'UTF-8').toUpperCase();
  if (encoding !== 'UTF-8' && encoding !== 'UTF8') throw refusedOption('json', `The encoding ${encoding} is not supported. Only UTF-8 is.`);
  return { multiLine: flag(options, 'multiLine') };
}

const formatOf = (options: JsonOptions): string => (options.multiLine ? 'auto' : 'newline_delimited');

export function jsonScan(options: JsonOptions, schema: Schema): string {
  const columns = schema.map((field) => `${quoteText(field.name)}: ${quoteText(kernelType(field.type))}`);
  return `read_json($path, format='${formatOf(options)}', auto_detect=false, hive_partitioning=false, columns={${columns.join(', ')}})`;
}

/** Fields in the order of their names, as Spark infers them. */
export async function jsonSchema(connection: DuckDBConnection, options: JsonOptions, localPaths: readonly string[]): Promise<Schema> {
  const files = `[${localPaths.map(quoteText).join(', ')}]`;
  const read = await connection.runAndReadAll(`SELECT * FROM read_json(${files}, format='${formatOf(options)}', records=true, union_by_name=true, sample_size=-1, map_inference_threshold=-1, maximum_depth=-1, convert_strings_to_integers=false, hive_partitioning=false) LIMIT 0`);
  const types = read.columnTypes();
  const fields = read.columnNames().map((name, i) => ({ name, type: jsonType(types[i]), nullable: true }));
  return fields.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Strings stay strings, whatever they look like; values without a common type are text. */
function jsonType(type: DuckDBType | undefined): DataType {
  switch (type?.typeId) {
    case DuckDBTypeId.BOOLEAN: case DuckDBTypeId.BIGINT: case DuckDBTypeId.DOUBLE: return sparkType(type) ?? { kind: 'string' };
    case DuckDBTypeId.LIST: return { kind: 'array', element: jsonType(type.valueType), containsNull: true };
    case DuckDBTypeId.STRUCT: {
      const fields = type.entryTypes.map((each, i) => ({ name: type.entryNames[i] ?? '', type: jsonType(each), nullable: true }));
      return { kind: 'struct', fields: fields.toSorted((a, b) => (a.name < b.name ? -1 : 1)) };
    }
    case DuckDBTypeId.UBIGINT: case DuckDBTypeId.HUGEINT: return { kind: 'decimal', precision: 38, scale: 0 };
    default: return { kind: 'string' };
  }
}
