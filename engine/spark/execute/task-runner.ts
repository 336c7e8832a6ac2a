/** Runs one task attempt in a slot, from its inputs to its output. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBType } from '@duckdb/node-api';
import { onAbort, throwIfAborted } from '../../core/abort.ts';
import { assert } from '../../core/assert.ts';
import { SparkError } from '../plan/spark-error.ts';
import { fragmentOf } from '../schedule/job-run.ts';
import type { StageMessage, TaskMessage } from '../schedule/messages.ts';
import type { KernelSlot } from './kernel.ts';
import { runProgramTask } from './program-task.ts';
import { namingFiles } from './stored-input.ts';
import type { ExecutorResources, Task } from './task.ts';
import { createInputs, dropInputs } from './task-input.ts';
import { writeOutput, type TaskOutcome } from './task-output.ts';

/** Rejects with whatever stopped it; `toTaskFailure` says what that means. An abort interrupts the running query. */
export async function runTask(stage: StageMessage, message: TaskMessage, slot: KernelSlot, resources: ExecutorResources, signal: AbortSignal): Promise<TaskOutcome> {
  const { run } = message;
  const { fragment: number, index } = fragmentOf(stage.stage, run.task);
  const fragment = stage.stage.fragments[number];
  assert(fragment !== undefined, `stage ${run.stage} has no fragment ${number}`);
  const scratchDirectory = join(resources.workDirectory, `task-${run.job}-${run.stage}-${run.task}-${run.attempt}`);
  const base = { stage, message, index, slot, scratchDirectory, resources, signal };
  if (fragment.kind === 'map' || fragment.kind === 'reduce') {
    try {
      return await runProgramTask({ ...base, fragment });
    } finally {
      await rm(scratchDirectory, { recursive: true, force: true });
    }
  }
  const task: Task = { ...base, fragment };
  const off = onAbort(signal, () => slot.connection.interrupt());
  let views: readonly string[] = [];
  try {
    throwIfAborted(signal);
    await slot.apply(stage.settings);
    views = await createInputs(task);
    throwIfAborted(signal);
    await checkTypes(task);
    return await writeOutput(task);
  } catch (error) {
    throw namingFiles(task, error);
  } finally {
    off();
    await dropInputs(task, views);
    // What was fetched from others and copied out of stores.
    await rm(scratchDirectory, { recursive: true, force: true });
  }
}

/** Types that parquet cannot hold as they are: a fragment that yields one would lose digits on the way. */
const lossy: readonly RegExp[] = [/^U?HUGEINT$/, /^INTERVAL$/, /^TIMESTAMP_NS$/, /^VARINT$/, /^BIGNUM$/];

/** Once for each fragment and executor. */
const checked = new WeakSet<object>();

async function checkTypes(task: Task): Promise<void> {
  const { stage, fragment } = task;
  if (checked.has(fragment) || stage.stage.output.kind === 'result') return;
  const statement = await task.slot.connection.prepare(fragment.sql);
  const types: DuckDBType[] = Array.from({ length: statement.columnCount }, (_, i) => statement.columnType(i));
  const bad = types.findIndex((type) => lossy.some((pattern) => pattern.test(String(type))));
  if (bad !== -1) throw wrongPlan(stage, `column c${bad} is a kernel ${String(types[bad])}, which blocks cannot hold exactly`);
  if (types.length !== stage.stage.schema.length) throw wrongPlan(stage, `the fragment has ${types.length} columns, the schema ${stage.stage.schema.length}`);
  checked.add(fragment);
}

function wrongPlan(stage: StageMessage, message: string): SparkError {
  return new SparkError({ errorClass: 'INTERNAL_ERROR', sqlState: 'XX000', message: `Stage ${stage.stage.id} (${stage.stage.description}): ${message}.` });
}
