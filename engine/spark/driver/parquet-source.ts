/** Parquet: the first file's schema, which all files must share; row groups are what scans are cut at. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { castSql, quoteName, quoteText } from '../plan/functions/kernel-sql.ts';
import { SparkError } from '../plan/spark-error.ts';
import type { StoredSource } from '../plan/source.ts';
import type { Schema } from '../plan/types.ts';
import { sameType, typeName } from '../plan/types.ts';
import { lowerKeys, refusedOption } from './csv-source.ts';
import { sparkType, widened } from './kernel-schema.ts';
import type { KernelFile } from './stored-files.ts';

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

/** Where the columns of each row group lie, for files of which tasks copy what they read; by local path. */
export async function columnParts(connection: DuckDBConnection, files: readonly KernelFile[]): Promise<ReadonlyMap<string, StoredSource['parts']>> {
  const parts = new Map<string, StoredSource['parts']>();
  for (const { localPath, bytes } of files) {
    const read = await connection.runAndReadAll(`SELECT row_group_id, path_in_schema, data_page_offset, dictionary_page_offset, total_compressed_size, bloom_filter_offset, bloom_filter_length FROM parquet_metadata(${quoteText(localPath)}) ORDER BY row_group_id, column_id`);
    const groups: { column: string; from: number; to: number }[][] = [];
    let dataEnd = 4;
    for (const [group, path, data, dictionary, size, bloom, bloomBytes] of read.getRows()) {
      const chunks = groups[Number(group)] ??= [];
      // Some writers say 0 where there is no dictionary.
      const from = Number(dictionary ?? 0) > 0 ? Math.min(Number(dictionary), Number(data)) : Number(data);
      chunks.push({ column: String(path), from, to: from + Number(size) });
      dataEnd = Math.max(dataEnd, from + Number(size));
      // A filter whose length is not written lies before the footer, which is copied from the end of the data on, or is read to the next chunk.
      if (bloom !== null && bloomBytes !== null) chunks.push({ column: String(path), from: Number(bloom), to: Number(bloom) + Number(bloomBytes) });
      else if (bloom !== null) chunks.push({ column: String(path), from: Number(bloom), to: Math.min(bytes, Number(bloom) + bloomBytesMax) });
    }
    parts.set(localPath, { kind: 'columns', groups, always: [{ from: 0, to: 4 }, { from: Math.min(dataEnd, bytes), to: bytes }] });
  }
  return parts;
}

/** The longest filter that writers make by default, with its header. */
const bloomBytesMax = (1 << 20) + 1024;

/** Throws UNSUPPORTED_FEATURE when a file's columns differ from the first file's. */
export async function checkSameSchema(connection: DuckDBConnection, files: readonly KernelFile[]): Promise<void> {
  const localPaths = files.map((file) => file.localPath);
  if (localPaths.length < 2) return;
  const read = await connection.runAndReadAll(`SELECT file_name, string_agg(concat_ws(' ', name, type, converted_type, logical_type, num_children), ', ' ORDER BY column_id) FROM (SELECT *, row_number() OVER (PARTITION BY file_name) AS position FROM parquet_schema([${localPaths.map(quoteText).join(', ')}])) WHERE position > 1 GROUP BY 1`);
  const shapes = new Map(read.getRows().map(([file, shape]) => [String(file), String(shape)]));
  const first = shapes.get(localPaths[0] ?? '');
  const other = files.find((file) => shapes.get(file.localPath) !== first);
  if (other === undefined) return;
  throw new SparkError({ errorClass: 'UNSUPPORTED_FEATURE.MERGE_SCHEMA', sqlState: '0A000', message: `The files ${files[0]?.path ?? ''} and ${other.path} have different columns. Read them apart and use UNION BY NAME (unionByName).` });
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

