/** Runs a fragment's SQL and puts its rows where the stage wants them. */
import { createReadStream } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { throwIfAborted } from '../../core/abort.ts';
import { assert, unreachable } from '../../core/assert.ts';
import { FileError } from '../../storage/file-system.ts';
import { joinPath } from '../../storage/path.ts';
import type { Counters } from '../map-reduce/program.ts';
import type { Fragment, StageOutput } from '../physical/stage.ts';
import { SparkError } from '../plan/spark-error.ts';
import type { TaskSucceeded, WrittenFile } from '../schedule/messages.ts';
import { attemptDirectory, notShared, probeName } from '../schedule/output-commit.ts';
import { ArrowBlockWriter, type ArrowBlock } from './arrow-block.ts';
import { describeFile, type StoredFile, type StoredOutput } from './block-store.ts';
import { literal, quoted } from './kernel-type.ts';
import type { Task } from './task.ts';

/** What a task reports besides its name; `blocks` in memory until the driver has taken them. */
export interface TaskOutcome {
  readonly partitionBytes: TaskSucceeded['partitionBytes'];
  readonly rows: number;
  readonly blocks: readonly ArrowBlock[];
  readonly files: readonly WrittenFile[];
  readonly counters?: Counters;
}

/** The kernel writes so many files side by side before its buffers count; more partitions are written in turns. */
const partitionsPerTurn = 64;
const partitionColumn = '__partition';
const blockFormat = 'FORMAT parquet, COMPRESSION lz4';

export async function writeOutput(task: Task): Promise<TaskOutcome> {
  const { output } = task.stage.stage;
  switch (output.kind) {
    case 'shuffle': return await writeShuffle(task, output);
    case 'broadcast': return await writeSingleBlock(task);
    case 'result': return await collectResult(task);
    case 'files': return await writeFiles(task, output);
    default: return unreachable(output);
  }
}

/** Rows written. */
async function copy(task: Task, select: string, target: string, options: string): Promise<number> {
  throwIfAborted(task.signal);
  const reader = await task.slot.connection.runAndReadAll(`COPY (${select}) TO ${literal(target)} (${options})`);
  return Number(reader.value(0, 0));
}

async function writeSingleBlock(task: Task): Promise<TaskOutcome> {
  const { store } = task.resources;
  const path = join(await store.directoryFor(task.message.run), 'block.parquet');
  const rows = await copy(task, task.fragment.sql, path, blockFormat);
  const files = rows === 0 ? [] : [await describeFile(path, task.signal)];
  return stored(task, new Map(files.length === 0 ? [] : [[0, files]]), 1, rows);
}

async function writeShuffle(task: Task, { keys, partitions }: StageOutput & { readonly kind: 'shuffle' }): Promise<TaskOutcome> {
  if (partitions === 1) return await writeSingleBlock(task);
  const partitioned = partitionedSelect(task, keys, partitions);
  const directory = await task.resources.store.directoryFor(task.message.run);
  const options = `${blockFormat}, PARTITION_BY (${quoted(partitionColumn)}), FILENAME_PATTERN 'block-{i}', OVERWRITE_OR_IGNORE`;
  if (partitions <= partitionsPerTurn) {
    const rows = await copy(task, partitioned, directory, options);
    return stored(task, await storedPartitions(task, directory), partitions, rows);
  }
  // Rows are kept once in the kernel, which may spill them, and written some partitions at a time.
  const { connection } = task.slot;
  await connection.run(`CREATE OR REPLACE TEMP TABLE "__shuffle" AS ${partitioned}`);
  try {
    let rows = 0;
    for (let from = 0; from < partitions; from += partitionsPerTurn) {
      const range = `${quoted(partitionColumn)} >= ${from} AND ${quoted(partitionColumn)} < ${from + partitionsPerTurn}`;
      rows += await copy(task, `SELECT * FROM temp."__shuffle" WHERE ${range}`, directory, options);
    }
    return stored(task, await storedPartitions(task, directory), partitions, rows);
  } finally {
    await connection.run('DROP TABLE IF EXISTS temp."__shuffle"');
  }
}

/**
 * Without keys rows are dealt out in the order of their hashes, which any attempt of the task repeats whatever order the
 * kernel produces rows in: a reader that has one partition of the first attempt and one of the second misses nothing.
 */
function partitionedSelect(task: Task, keys: readonly string[], partitions: number): string {
  const columns = task.stage.stage.schema.map((_field, i) => `c${i}`);
  const spread = columns.length === 0 ? 'row_number() OVER ()' : `row_number() OVER (ORDER BY hash(${columns.join(', ')}))`;
  const number = keys.length > 0 ? `hash(${keys.join(', ')}) % ${partitions}` : `(${spread} + ${task.message.run.task}) % ${partitions}`;
  return `SELECT *, CAST(${number} AS INTEGER) AS ${quoted(partitionColumn)} FROM (${task.fragment.sql}) AS fragment`;
}

async function storedPartitions(task: Task, directory: string): Promise<StoredOutput> {
  const found = new Map<number, readonly StoredFile[]>();
  for (const name of await readdir(directory)) {
    const partition = Number(name.slice(partitionColumn.length + 1));
    assert(Number.isInteger(partition), `a shuffle directory holds ${name}`);
    const files: StoredFile[] = [];
    for (const file of (await readdir(join(directory, name))).toSorted()) files.push(await describeFile(join(directory, name, file), task.signal));
    found.set(partition, files);
  }
  return found;
}

function stored(task: Task, output: StoredOutput, partitions: number, rows: number): TaskOutcome {
  task.resources.store.put(task.message.run, output);
  const sum = (files: readonly StoredFile[] = []): number => files.reduce((total, file) => total + file.bytes, 0);
  return { rows, blocks: [], files: [], partitionBytes: Array.from({ length: partitions }, (_, partition) => sum(output.get(partition))) };
}

async function collectResult(task: Task): Promise<TaskOutcome> {
  const { schema } = task.stage.stage;
  const { resultBytesMax } = task.stage;
  const blocks: ArrowBlock[] = [];
  let bytes = 0;
  const writer = new ArrowBlockWriter(schema, (block) => {
    blocks.push(block);
    bytes += block.data.length;
    if (bytes > resultBytesMax) throw tooMuch(resultBytesMax);
  });
  throwIfAborted(task.signal);
  const result = await task.slot.connection.stream(task.fragment.sql);
  for (let chunk = await result.fetchChunk(); chunk !== null && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    throwIfAborted(task.signal);
    writer.write(chunk);
  }
  writer.flush();
  return { rows: blocks.reduce((sum, block) => sum + block.rows, 0), blocks, files: [], partitionBytes: [] };
}

async function writeFiles(task: Task, output: StageOutput & { readonly kind: 'files' }): Promise<TaskOutcome> {
  const { staging } = task.stage;
  assert(staging !== undefined, 'a stage that writes files has a staging directory');
  await checkShared(task, output.path, staging);
  const { run } = task.message;
  const { fileSystem } = task.resources;
  const directory = joinPath(staging.directory, attemptDirectory(run.task, run.attempt));
  const direct = fileSystem.isLocal(directory);
  const local = direct ? fileSystem.toLocal(directory) : join(task.scratchDirectory, 'output');
  await (direct ? fileSystem.makeDirectory(directory) : mkdir(local, { recursive: true }));
  const part = `part-${String(run.task).padStart(5, '0')}-${staging.token}`;
  const extension = output.extension.replace(/^\./, '');
  const [select, options] = copySource(output, task.fragment.sql);
  const rows = output.partitionBy.length === 0
    ? await copy(task, select, join(local, `${part}.${extension}`), options)
    : await copy(task, select, local, `${options}, PARTITION_BY (${output.partitionBy.map(quoted).join(', ')}), FILENAME_PATTERN '${part}-{i}', FILE_EXTENSION ${literal(extension)}, OVERWRITE_OR_IGNORE`);
  // An empty file says the schema once; more of them say nothing.
  if (rows === 0 && run.task > 0) {
    await rm(local, { recursive: true, force: true });
    return { rows, blocks: [], files: [], partitionBytes: [] };
  }
  const files = await writtenFiles(local);
  if (!direct) await upload(task, local, directory, files);
  return { rows, blocks: [], files, partitionBytes: [] };
}

const uploadsMax = 4;
const uploadReadBytes = 1 << 20;

/** To the attempt's directory in the store, where the commit finds them. The driver compares their sizes before it moves them. */
async function upload(task: Task, local: string, directory: string, files: readonly WrittenFile[]): Promise<void> {
  const { fileSystem } = task.resources;
  for (const each of new Set(['.', ...files.map((file) => posix.dirname(file.name))])) await fileSystem.makeDirectory(joinPath(directory, each));
  const waiting = [...files];
  const send = async (): Promise<void> => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      const chunks = createReadStream(join(local, file.name), { highWaterMark: uploadReadBytes });
      await fileSystem.writeStream(joinPath(directory, file.name), chunks as AsyncIterable<Buffer>, task.signal);
    }
  };
  await Promise.all(Array.from({ length: Math.min(uploadsMax, files.length) }, send));
}

/** The rows to copy under their names, and the kernel's COPY options. */
function copySource(output: StageOutput & { readonly kind: 'files' }, sql: string): readonly [select: string, options: string] {
  const { columns, partitionBy, copyOptions, format } = output;
  const named = columns.map((name, i) => ({ name, sql: `c${i}` }));
  if (format !== 'json' || partitionBy.length === 0) {
    const select = named.map((each) => `${each.sql} AS ${quoted(each.name)}`).join(', ');
    return [`SELECT ${select} FROM (${sql}) AS fragment`, /\bFORMAT\b/i.test(copyOptions) ? copyOptions : [`FORMAT ${format}`, copyOptions].filter(Boolean).join(', ')];
  }
  // The kernel's JSON writer knows no partitions: lines of JSON go out through its text writer, which leaves them as they are.
  const fields = named.filter((each) => !partitionBy.includes(each.name)).map((each) => `${quoted(each.name)} := ${each.sql}`);
  const keys = named.filter((each) => partitionBy.includes(each.name)).map((each) => `${each.sql} AS ${quoted(each.name)}`);
  const compression = /\bCOMPRESSION\s+(\w+)/i.exec(copyOptions)?.[1] ?? 'none';
  return [
    `SELECT CAST(to_json(struct_pack(${fields.join(', ')})) AS VARCHAR) AS "__line", ${keys.join(', ')} FROM (${sql}) AS fragment`,
    `FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER E'\\x01', COMPRESSION ${compression}`,
  ];
}

/** The driver has left a token in the staging directory; whoever reads another or none looks at another disk. */
export async function checkShared(task: Task<Fragment>, path: string, staging: { readonly directory: string; readonly token: string }): Promise<void> {
  const probe = joinPath(staging.directory, probeName);
  try {
    const found = Buffer.from(await task.resources.fileSystem.read(probe)).toString();
    if (found === staging.token) return;
  } catch (error) {
    if (!(error instanceof FileError) || error.code !== 'NotFound') throw error;
  }
  throw notShared(path, `executor ${task.resources.executor} does not see the driver's ${probe}`);
}

async function writtenFiles(directory: string): Promise<readonly WrittenFile[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)).toSorted();
  return await Promise.all(files.map(async (file) => ({ name: posix.relative(directory, file), bytes: (await stat(file)).size })));
}

function tooMuch(bytesMax: number): SparkError {
  return new SparkError({
    errorClass: 'DRIVER_RESULT_SIZE_EXCEEDED', sqlState: '54000', parameters: { bytesMax: String(bytesMax) },
    message: `The result of one task alone is larger than spark.driver.maxResultSize (${bytesMax} bytes). Write it to files, limit it, or raise the setting.`,
  });
}
