/** Describes files for the analyser: which they are, their columns, and the kernel SQL that reads one of them. */
import { rm } from 'node:fs/promises';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { FileError, type FileSystem } from '../../storage/file-system.ts';
import { withStorePaths } from '../../storage/local-copy.ts';
import { castSql, quoteName, quoteText } from '../plan/functions/kernel-sql.ts';
import type { Source, SourceCatalog, SourceFile, SourceRequest, StoredSource } from '../plan/source.ts';
import { SparkError } from '../plan/spark-error.ts';
import type { DataType, Schema } from '../plan/types.ts';
import { csvNames, csvOptions, csvScan, csvSchema } from './csv-source.ts';
import { jsonOptions, jsonScan, jsonSchema } from './json-source.ts';
import { checkParquetOptions, checkSameSchema, columnParts, parquetScan, parquetShape, pickedSchema, rowGroups } from './parquet-source.ts';
import type { FoundFile } from './source-files.ts';
import { failedRead, findFiles } from './source-files.ts';
import { copyForDescription, storedSource, type KernelFile } from './stored-files.ts';

/** What describing files may take; it reads schemas, and all rows only for inferSchema and JSON. */
const memoryLimit = '256MB';

/** Owns a kernel instance of one thread, opened at the first request; `close` ends it. Requests run one at a time. */
export class FileSource implements SourceCatalog, AsyncDisposable {
  readonly #files: FileSystem;
  readonly #scratchDirectory: string;
  #instance: DuckDBInstance | undefined;
  #last: Promise<unknown> = Promise.resolve();

  /** Below `scratchDirectory` lie, while files of a store are described, copies of what that takes. */
  constructor(files: FileSystem, scratchDirectory: string) {
    this.#files = files;
    this.#scratchDirectory = scratchDirectory;
  }

  describe(request: SourceRequest, signal: AbortSignal): Promise<Source> {
    const next = this.#last.then(() => this.#describe(request, signal), () => this.#describe(request, signal));
    this.#last = next.catch(() => undefined);
    return next;
  }

  async close(): Promise<void> {
    await this.#last;
    this.#instance?.closeSync();
    this.#instance = undefined;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #describe(request: SourceRequest, signal: AbortSignal): Promise<Source> {
    signal.throwIfAborted();
    const found = await findFiles(this.#files, request.paths, signal);
    if (found.length === 0 && request.schema === undefined) {
      throw new SparkError({ errorClass: 'UNABLE_TO_INFER_SCHEMA', sqlState: '42KD9', message: `Unable to infer schema for ${request.format}: ${request.paths.join(', ')} holds no files. It must be specified manually.`, parameters: { format: request.format } });
    }
    this.#instance ??= await DuckDBInstance.create(':memory:', { threads: '1', memory_limit: memoryLimit, autoinstall_known_extensions: 'false', autoload_known_extensions: 'false' });
    const connection = await this.#instance.connect();
    const interrupt = (): void => connection.interrupt();
    signal.addEventListener('abort', interrupt, { once: true });
    let known: readonly KernelFile[] = [];
    try {
      known = await copyForDescription(this.#files, this.#scratchDirectory, request, found, signal);
      return withPartitions(await this.#read(connection, request, known, signal), found);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof SparkError) throw error;
      if (error instanceof FileError) throw failedRead(error.path, error.message, error);
      throw await this.#unreadable(connection, request, known, error);
    } finally {
      signal.removeEventListener('abort', interrupt);
      connection.closeSync();
      await rm(this.#scratchDirectory, { recursive: true, force: true });
    }
  }

  async #read(connection: DuckDBConnection, request: SourceRequest, found: readonly KernelFile[], signal: AbortSignal): Promise<Source> {
    const local = found.map((file) => file.localPath);
    const { format, options } = request;
    const described = async (parts: StoredSource['parts']): Promise<readonly SourceFile[]> => await inOrder(found, async (file) => {
      const stored = await storedSource(this.#files, file, parts, signal);
      return { path: file.path, bytes: file.bytes, ...(stored === undefined ? {} : { stored }) };
    });
    switch (format) {
      case 'parquet': return this.#parquet(connection, request, found, signal);
      case 'csv': {
        const parsed = csvOptions(options);
        const schema = request.schema ?? await csvSchema(connection, parsed, local, (path) => csvNames(connection, parsed, path));
        if (schema.length === 0) throw new SparkError({ errorClass: 'UNABLE_TO_INFER_SCHEMA', sqlState: '42KD9', message: `Unable to infer schema for CSV: ${request.paths.join(', ')} is empty. It must be specified manually.`, parameters: { format } });
        return { format, schema, files: await described({ kind: 'lines', headerLines: parsed.header ? 1 : 0 }), scan: csvScan(parsed, schema) };
      }
      case 'json': {
        const parsed = jsonOptions(options);
        const schema = request.schema ?? await jsonSchema(connection, parsed, local);
        return { format, schema, files: await described({ kind: parsed.multiLine ? 'whole' : 'lines', headerLines: 0 }), scan: jsonScan(parsed, schema) };
      }
      default: throw new SparkError({ errorClass: 'DATA_SOURCE_NOT_FOUND', sqlState: '42K02', message: `Failed to find the data source: ${format}. Formats that can be read: parquet, csv, json.`, parameters: { provider: format } });
    }
  }

  async #parquet(connection: DuckDBConnection, request: SourceRequest, found: readonly KernelFile[], signal: AbortSignal): Promise<Source> {
    const local = found.map((file) => file.localPath);
    checkParquetOptions(request.options);
    const [first] = found;
    if (first === undefined) return { format: 'parquet', schema: request.schema ?? [], files: [], scan: parquetScan };
    await checkSameSchema(connection, found);
    const groups = await rowGroups(connection, local);
    const shape = await parquetShape(connection, local[0] ?? '', first.path);
    const partitionKeys = new Set(first.partitions.map(([key]) => key.toLowerCase()));
    const wanted = request.schema?.filter((field) => !partitionKeys.has(field.name.toLowerCase()));
    const schema = wanted === undefined ? shape.schema : pickedSchema(wanted, shape.schema, first.path);
    const parts = await columnParts(connection, found.filter((file) => file.footerOnly));
    const files = await inOrder(found, async (file): Promise<SourceFile> => {
      const stored = await storedSource(this.#files, file, parts.get(file.localPath) ?? { kind: 'whole' }, signal);
      return { path: file.path, bytes: file.bytes, rowGroups: groups.get(file.localPath) ?? [], ...(stored === undefined ? {} : { stored }) };
    });
    return { format: 'parquet', schema, files, scan: parquetScan, columnSql: shape.columnSql };
  }

  /** Names the file that cannot be read: the kernel's message may concern any of them. */
  async #unreadable(connection: DuckDBConnection, request: SourceRequest, found: readonly KernelFile[], error: unknown): Promise<SparkError> {
    const reason = (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
    const reader = request.format === 'parquet' ? 'parquet_file_metadata' : 'read_text';
    for (const { path, localPath } of found) {
      try {
        await connection.run(`SELECT 1 FROM ${reader}(${quoteText(localPath)}) LIMIT 1`);
      } catch (cause) {
        return failedRead(path, withStorePaths((cause instanceof Error ? cause.message : reason).split('\n')[0] ?? reason, this.#scratchDirectory), error);
      }
    }
    return failedRead(found[0]?.path ?? request.paths.join(', '), withStorePaths(reason, this.#scratchDirectory), error);
  }
}

/** Namenodes asked for the blocks of so many files at the same time. */
const filesAtOnce = 16;

async function inOrder<T, U>(items: readonly T[], map: (item: T) => Promise<U>): Promise<readonly U[]> {
  const done: U[] = [];
  for (let from = 0; from < items.length; from += filesAtOnce) done.push(...await Promise.all(items.slice(from, from + filesAtOnce).map(map)));
  return done;
}

/** Columns from directories `key=value`, after the files' own. All files must have the same keys. */
function withPartitions(source: Source, found: readonly FoundFile[]): Source {
  const keys = found[0]?.partitions.map(([key]) => key) ?? [];
  const uneven = found.find((file) => file.partitions.map(([key]) => key).join('/') !== keys.join('/'));
  if (uneven !== undefined) {
    throw new SparkError({ errorClass: 'CONFLICTING_PARTITION_COLUMN_NAMES', sqlState: 'KD009', message: `Conflicting partition column names detected: ${found[0]?.path ?? ''} and ${uneven.path} lie in directories of different keys.` });
  }
  if (keys.length === 0) return source;
  const types = keys.map((_, i) => partitionType(found.map((file) => file.partitions[i]?.[1] ?? '')));
  const columns = keys.map((key, i) => {
    const pattern = `.*/${key.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}=([^/]*)/`;
    const text = `nullif(url_decode(regexp_extract($path, ${quoteText(pattern)}, 1)), '__HIVE_DEFAULT_PARTITION__')`;
    return `${castSql(text, types[i] ?? { kind: 'string' })} AS ${quoteName(key)}`;
  });
  const own = source.schema.filter((field) => !keys.some((key) => key.toLowerCase() === field.name.toLowerCase()));
  const schema: Schema = [...own, ...keys.map((name, i) => ({ name, type: types[i] ?? { kind: 'string' as const }, nullable: true }))];
  const kept = [...own.map((field) => quoteName(field.name)), ...(source.format === 'parquet' ? ['file_row_number'] : [])];
  return { ...source, schema, scan: `(SELECT ${[...kept, ...columns].join(', ')} FROM ${source.scan})` };
}

/** As Spark infers them: whole numbers, fractions, dates, else strings. */
function partitionType(values: readonly string[]): DataType {
  const known = values.filter((value) => value !== '__HIVE_DEFAULT_PARTITION__');
  const all = (pattern: RegExp): boolean => known.length > 0 && known.every((value) => pattern.test(value));
  if (all(/^-?\d{1,18}$/)) return known.every((value) => Math.abs(Number(value)) < 2 ** 31) ? { kind: 'int' } : { kind: 'long' };
  if (all(/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/)) return { kind: 'double' };
  return all(/^\d{4}-\d{2}-\d{2}$/) ? { kind: 'date' } : { kind: 'string' };
}
