/** Parquet: the first file's schema, which all files must share; row groups are what scans are cut at. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { castSql, quoteName, quoteText } from '../plan/functions/kernel-sql.ts';
import { SparkError } from '../plan/spark-error.ts';
import type { Schema } from '../plan/types.ts';
import { sameType, typeName } from '../plan/types.ts';
import { lowerKeys, refusedOption } from './csv-source.ts';
import { sparkType, widened } from './kernel-schema.ts';

export const parquetScan = 'read_parquet($path, file_row_number=true, hive_partitioning=false)';

export function checkParquetOptions(written: Readonly<Record<string, string>>): void {
  const options = lowerKeys(written);
  for (const [key, value] of options) {
    const harmless = key === 'path' || (key === 'mergeschema' && value.toLowerCase() === 'false') || key === 'compression';
    if (!harmless) throw refusedOption('parquet', `The option ${key}=${value} of the parquet reader is not supported.`);
  }
}

export interface ParquetShape {
  readonly schema: Schema;
  readonly columnSql: Readonly<Record<string, string>>;
}

export async function parquetShape(connection: DuckDBConnection, localPath: string, path: string): Promise<ParquetShape> {
  const read = await connection.runAndReadAll(`SELECT * FROM read_parquet(${quoteText(localPath)}, hive_partitioning=false) LIMIT 0`);
  const types = read.columnTypes();
  const columnSql: Record<string, string> = {};
  const schema = read.columnNames().map((name, i) => {
    const kernel = types[i];
    const plain = kernel === undefined ? undefined : sparkType(kernel);
    const type = plain ?? (kernel === undefined ? undefined : widened(kernel));
    if (type === undefined) {
      throw new SparkError({ errorClass: 'PARQUET_TYPE_NOT_SUPPORTED', sqlState: '42846', message: `Parquet type of the column \`${name}\` (${String(kernel)}) in ${path} is not supported.`, parameters: { parquetType: String(kernel) } });
    }
    if (plain === undefined) columnSql[name] = castSql(quoteName(name), type);
    return { name, type, nullable: true };
  });
  return { schema, columnSql };
}

/** Of each file, the rows of its row groups in order, by local path. */
export async function rowGroups(connection: DuckDBConnection, localPaths: readonly string[]): Promise<ReadonlyMap<string, readonly number[]>> {
  const read = await connection.runAndReadAll(`SELECT file_name, row_group_id, any_value(row_group_num_rows) FROM parquet_metadata([${localPaths.map(quoteText).join(', ')}]) GROUP BY 1, 2 ORDER BY 1, 2`);
  const groups = new Map<string, number[]>();
  for (const [file, , rows] of read.getRows()) groups.set(String(file), [...(groups.get(String(file)) ?? []), Number(rows)]);
  return groups;
}

/** Throws UNSUPPORTED_FEATURE when a file's columns differ from the first file's. */
export async function checkSameSchema(connection: DuckDBConnection, localPaths: readonly string[]): Promise<void> {
  if (localPaths.length < 2) return;
  const read = await connection.runAndReadAll(`SELECT file_name, string_agg(concat_ws(' ', name, type, converted_type, logical_type, num_children), ', ' ORDER BY column_id) FROM (SELECT *, row_number() OVER (PARTITION BY file_name) AS position FROM parquet_schema([${localPaths.map(quoteText).join(', ')}])) WHERE position > 1 GROUP BY 1`);
  const shapes = new Map(read.getRows().map(([file, shape]) => [String(file), String(shape)]));
  const first = shapes.get(localPaths[0] ?? '');
  const other = localPaths.find((path) => shapes.get(path) !== first);
  if (other === undefined) return;
  throw new SparkError({ errorClass: 'UNSUPPORTED_FEATURE.MERGE_SCHEMA', sqlState: '0A000', message: `The files ${localPaths[0] ?? ''} and ${other} have different columns. Read them apart and use UNION BY NAME (unionByName).` });
}

/** A schema given for Parquet picks columns; types must be those of the files. */
export function pickedSchema(wanted: Schema, found: Schema, path: string): Schema {
  return wanted.map((field) => {
    const column = found.find((each) => each.name.toLowerCase() === field.name.toLowerCase());
    const mismatch = (actual: string): SparkError => new SparkError({
      errorClass: 'FAILED_READ_FILE.PARQUET_COLUMN_DATA_TYPE_MISMATCH', sqlState: 'KD001',
      message: `Error while reading file ${path}. Data type mismatches when reading Parquet column \`${field.name}\`. Expected Spark type ${typeName(field.type)}, actual Parquet type ${actual}.`, parameters: { path, column: field.name },
    });
    if (column === undefined) throw mismatch('(the file has no such column)');
    if (!sameType(column.type, field.type)) throw mismatch(typeName(column.type));
    return { name: column.name, type: column.type, nullable: true };
  });
}

