/** Puts a fragment's inputs before the kernel: each becomes a temporary view of the input's name. */
import { mkdir } from 'node:fs/promises';
import { posix } from 'node:path';
import { assert } from '../../core/assert.ts';
import type { FileSplit, Fragment, FragmentInput, StageId } from '../physical/stage.ts';
import type { Schema } from '../plan/types.ts';
import { createArrowTable } from './arrow-table.ts';
import { FetchError } from './block-fetch.ts';
import { emptyRelation, literal, quoted } from './kernel-type.ts';
import { localSplits } from './stored-input.ts';
import type { Task } from './task.ts';

/** Executors asked at the same time. */
const fetchesMax = 8;

/** Resolves to the names of the views. Rejects with `FetchError` when outputs of earlier stages cannot be read. */
export async function createInputs(task: Task): Promise<readonly string[]> {
  const names: string[] = [];
  for (const [number, input] of task.fragment.inputs.entries()) {
    const relation = await relationOf(task, input, number);
    await task.slot.connection.run(`CREATE OR REPLACE TEMP VIEW ${quoted(input.name)} AS ${relation}`);
    names.push(input.name);
  }
  return names;
}

export async function dropInputs(task: Task, names: readonly string[]): Promise<void> {
  for (const name of names) await task.slot.connection.run(`DROP VIEW IF EXISTS temp.${quoted(name)}`);
}

/** A kernel SELECT. */
async function relationOf(task: Task, input: FragmentInput, number: number): Promise<string> {
  switch (input.kind) {
    case 'files': return scanOf(task, input.scan, await localSplits(task, number, input.splits[task.index] ?? []));
    case 'shuffle': return blocksRelation(await fetchBlocks(task, input.stage, task.index, task.scratchDirectory), columnsOf(task, input.stage));
    case 'broadcast': return `SELECT * FROM ${await broadcastTable(task, input.stage)}`;
    case 'local': {
      const fragment = task.stage.stage.fragments.indexOf(task.fragment);
      const table = await task.resources.tables.table(task.slot, task.message.run.job, `local_${task.stage.stage.id}_${fragment}_${number}`, (schema, name) =>
        createArrowTable(task.slot.connection, schema, name, input.data));
      return `SELECT * FROM ${table}`;
    }
    default: return input satisfies never;
  }
}

function scanOf(task: Task, scan: string, splits: readonly (FileSplit & { readonly localPath: string })[]): string {
  const parts = splits.map((split) => {
    const relation = scan.replaceAll('$path', () => literal(split.localPath));
    const rows = split.rows === undefined ? '' : ` WHERE file_row_number >= ${split.rows.from} AND file_row_number < ${split.rows.to}`;
    return `SELECT * FROM ${relation}${rows}`;
  });
  assert(parts.length > 0, `task ${task.index} of stage ${task.stage.stage.id} has no file to read`);
  return parts.join(' UNION ALL ');
}

async function broadcastTable(task: Task, stage: StageId): Promise<string> {
  const { resources, message } = task;
  return await resources.tables.table(task.slot, message.run.job, `stage_${stage}`, async (schema, name) => {
    const paths = await fetchBlocks(task, stage, 0, task.scratchDirectory);
    await task.slot.connection.run(`CREATE TABLE ${schema}."${name}" AS ${blocksRelation(paths, columnsOf(task, stage))}`);
  });
}

function columnsOf(task: Task, stage: StageId): Schema {
  const found = task.stage.reads.find((each) => each.stage === stage);
  assert(found !== undefined, `stage ${task.stage.stage.id} was told nothing of stage ${stage}`);
  return found.schema;
}

function blocksRelation(paths: readonly string[], schema: Schema): string {
  if (paths.length === 0) return emptyRelation(schema);
  const columns = schema.map((_field, i) => `c${i}`);
  return `SELECT ${columns.length === 0 ? '*' : columns.join(', ')} FROM read_parquet([${paths.map(literal).join(', ')}], hive_partitioning = false)`;
}

/** Paths of the files of one partition, in order of the tasks that made them: the order is the same in every attempt. */
export async function fetchBlocks(task: Task<Fragment>, stage: StageId, partition: number, directory: string): Promise<readonly string[]> {
  const { message, resources } = task;
  const input = message.inputs.find((each) => each.stage === stage);
  assert(input !== undefined, `task ${task.index} of stage ${task.stage.stage.id} was told no outputs of stage ${stage}`);
  const byExecutor = Map.groupBy(input.outputs, (output) => output.executor);
  const sources = [...byExecutor].map(([executor, outputs]) => async (): Promise<readonly { readonly task: number; readonly path: string }[]> => {
    if (executor === resources.executor) return localBlocks(task, stage, partition, outputs);
    const address = message.addresses[executor];
    if (address === undefined) throw new FetchError(stage, outputs, `executor ${executor} is gone`);
    const request = { job: message.run.job, stage, partition, outputs: outputs.map(({ task: number, attempt }) => ({ task: number, attempt })) };
    return await resources.fetcher.fetch(address, request, directory, task.signal);
  });
  if ([...byExecutor.keys()].some((executor) => executor !== resources.executor)) await mkdir(directory, { recursive: true });
  const files: { readonly task: number; readonly path: string }[] = [];
  const broken: FetchError[] = [];
  for (let from = 0; from < sources.length; from += fetchesMax) {
    const settled = await Promise.allSettled(sources.slice(from, from + fetchesMax).map((source) => source()));
    for (const each of settled) {
      if (each.status === 'fulfilled') files.push(...each.value);
      else if (each.reason instanceof FetchError) broken.push(each.reason);
      else throw each.reason;
    }
  }
  if (broken.length > 0) throw new FetchError(stage, broken.flatMap((each) => each.missing), broken.map((each) => each.message).join('; '), broken[0]);
  return files.toSorted((a, b) => a.task - b.task).map((each) => each.path);
}

function localBlocks(task: Task<Fragment>, stage: StageId, partition: number, outputs: readonly { readonly task: number; readonly attempt: number }[]): readonly { readonly task: number; readonly path: string }[] {
  const found = outputs.map((output) => ({ output, files: task.resources.store.get(task.message.run.job, stage, output.task, output.attempt, partition) }));
  const missing = found.filter((each) => each.files === undefined).map((each) => each.output);
  if (missing.length > 0) throw new FetchError(stage, missing, `executor ${task.resources.executor} does not have ${missing.length} of its outputs of stage ${stage} any more`);
  return found.flatMap(({ output, files }) => (files ?? []).map((file) => ({ task: output.task, path: posix.normalize(file.path) })));
}
