/** Runs a MapReduce task in a process of its own, from the runs it fetches to the runs or the file that it leaves. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { onAbort } from '../../core/abort.ts';
import { assert } from '../../core/assert.ts';
import { joinPath } from '../../storage/path.ts';
import { readLines } from '../driver/script/line-reader.ts';
import { CounterSet, parseReporterLine } from '../map-reduce/counters.ts';
import { taskReportSchema, type TaskReport, type TaskStart } from '../map-reduce/task-message.ts';
import type { ProgramFragment } from '../physical/stage.ts';
import { SparkError } from '../plan/spark-error.ts';
import { attemptDirectory } from '../schedule/output-commit.ts';
import { describeFile, type StoredFile } from './block-store.ts';
import type { Task } from './task.ts';
import { fetchBlocks } from './task-input.ts';
import { checkShared, type TaskOutcome } from './task-output.ts';

type ProgramTask = Task<ProgramFragment>;
type Failed = TaskReport & { readonly kind: 'failed' };

/** Of standard error, for the error of a task that fails. */
const tailCharactersMax = 2000;
/** Of one task; a program that writes more is not silenced, but not listened to either. */
const loggedLinesMax = 2000;
const killAfterMs = 2000;

/** A task's program that failed: another attempt may do better, as in Hadoop. */
export class ProgramFailure extends Error {
  override readonly name = 'ProgramFailure';
}

export async function runProgramTask(task: ProgramTask): Promise<TaskOutcome> {
  await mkdir(task.scratchDirectory, { recursive: true });
  const { output } = task.stage.stage;
  const target = output.kind === 'files' ? await outputFile(task, output.path) : { kind: 'runs' as const, directory: await task.resources.store.directoryFor(task.message.run) };
  const { report, counters } = await runProcess(task, await startMessage(task, target));
  counters.addAll(report.counters);
  if (target.kind === 'file') {
    return { rows: report.records, blocks: [], files: [{ name: partName(task), bytes: report.bytes }], partitionBytes: [], counters: counters.toJSON() };
  }
  assert(output.kind === 'shuffle', 'the output of a map task is a file or runs');
  const stored = new Map<number, readonly StoredFile[]>();
  for (const { partition, path } of report.runs) stored.set(partition, [await describeFile(path, task.signal)]);
  task.resources.store.put(task.message.run, stored);
  const partitionBytes = Array.from({ length: output.partitions }, (_, partition) => stored.get(partition)?.[0]?.bytes ?? 0);
  return { rows: report.records, blocks: [], files: [], partitionBytes, counters: counters.toJSON() };
}

const partName = (task: ProgramTask): string => `part-${String(task.message.run.task).padStart(5, '0')}`;

async function outputFile(task: ProgramTask, path: string): Promise<TaskStart['output']> {
  const { staging } = task.stage;
  assert(staging !== undefined, 'a stage that writes files has a staging directory');
  await checkShared(task, path, staging);
  const { run } = task.message;
  const directory = joinPath(staging.directory, attemptDirectory(run.task, run.attempt));
  await task.resources.fileSystem.makeDirectory(directory);
  return { kind: 'file', path: joinPath(directory, partName(task)) };
}

async function startMessage(task: ProgramTask, output: TaskStart['output']): Promise<TaskStart> {
  const { resources, fragment, message: { run } } = task;
  return {
    kind: 'start', job: fragment.job, task: run.task, attempt: run.attempt, work: await workOf(task), output, scratchDirectory: task.scratchDirectory,
    workingDirectory: process.cwd(), mounts: resources.mounts, stores: resources.storeSettings,
  };
}

async function workOf(task: ProgramTask): Promise<TaskStart['work']> {
  const { fragment, index } = task;
  if (fragment.kind === 'map') {
    const input = fragment.splits[index];
    assert(input !== undefined, `map task ${index} has no input`);
    const { path, from, to, fileBytes, version } = input;
    return { kind: 'map', input: { path, from, to, fileBytes, version } };
  }
  const paths = await fetchBlocks(task, fragment.stage, index, join(task.scratchDirectory, 'fetched'));
  return { kind: 'reduce', runs: await Promise.all(paths.map(async (path) => ({ path, bytes: (await stat(path)).size }))) };
}

async function runProcess(task: ProgramTask, start: TaskStart): Promise<{ readonly report: TaskReport & { readonly kind: 'done' }; readonly counters: CounterSet }> {
  const { resources, signal } = task;
  const child = spawn(process.execPath, [resources.taskProgram], { cwd: start.workingDirectory, env: process.env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  const heard = new ProcessOutput(task);
  child.on('message', (message) => heard.take(message));
  const ended = new Promise<{ readonly code: number | null; readonly killedBy: string | null }>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, killedBy) => resolve({ code, killedBy }));
  });
  ended.catch(() => {});
  const stopWatching = killOnAbort(child, signal);
  const listening = Promise.all([
    child.stdout === null ? undefined : readLines(child.stdout, (line) => heard.log('stdout', line)),
    child.stderr === null ? undefined : readLines(child.stderr, (line) => heard.errorLine(line)),
  ]);
  // A child that could not start closes the channel; `ended` tells why.
  child.send(start, () => {});
  try {
    const { code, killedBy } = await ended;
    await listening;
    signal.throwIfAborted();
    return { report: heard.done(code, killedBy), counters: heard.counters };
  } finally {
    stopWatching();
  }
}

function killOnAbort(child: ChildProcess, signal: AbortSignal): () => void {
  let timer: NodeJS.Timeout | undefined;
  const off = onAbort(signal, () => {
    child.kill('SIGTERM');
    timer = setTimeout(() => child.kill('SIGKILL'), killAfterMs);
  });
  return () => {
    off();
    clearTimeout(timer);
  };
}

/** What comes from the process: reports, counters on standard error, lines for the log. */
class ProcessOutput {
  readonly counters = new CounterSet();
  readonly #task: ProgramTask;
  #report: Exclude<TaskReport, { kind: 'status' }> | undefined;
  #tail = '';
  #lines = 0;
  #failed: Error | undefined;

  constructor(task: ProgramTask) {
    this.#task = task;
  }

  take(message: unknown): void {
    const parsed = taskReportSchema.safeParse(message);
    // User code may send messages of its own; only reports count, and the first of them.
    if (!parsed.success) return;
    if (parsed.data.kind === 'status') this.#task.resources.onStatus(this.#task.message.run, parsed.data.text);
    else this.#report ??= parsed.data;
  }

  errorLine(line: string): void {
    const reported = parseReporterLine(line);
    if (reported?.kind === 'status') return this.#task.resources.onStatus(this.#task.message.run, reported.text);
    if (reported?.kind === 'counter') return this.#count(reported.group, reported.name, reported.amount);
    this.#tail = `${this.#tail}${line}\n`.slice(-tailCharactersMax);
    return this.log('stderr', line);
  }

  log(stream: string, line: string): void {
    this.#lines += 1;
    if (this.#lines > loggedLinesMax) return;
    const { run } = this.#task.message;
    this.#task.resources.logger.info({ run: `${run.job}/${run.stage}.${run.task}#${run.attempt}`, stream }, this.#lines === loggedLinesMax ? '… (no more of this task is logged)' : line);
  }

  done(code: number | null, killedBy: string | null): TaskReport & { readonly kind: 'done' } {
    if (this.#failed !== undefined) throw this.#failed;
    if (this.#report?.kind === 'done') return this.#report;
    if (this.#report !== undefined) throw failureOf(this.#report, this.#tail);
    const how = killedBy === null ? `ended with exit code ${String(code)}` : `was ended by ${killedBy}${killedBy === 'SIGKILL' ? ', perhaps because it used too much memory' : ''}`;
    throw new ProgramFailure(withTail(`the process of the task ${how} and said nothing`, this.#tail));
  }

  #count(group: string, name: string, amount: number): void {
    try {
      this.counters.add(group, name, amount);
    } catch (cause) {
      this.#failed = new SparkError({ errorClass: 'MAP_REDUCE_COUNTER_LIMIT', sqlState: '54000', message: cause instanceof Error ? `${cause.message}.` : String(cause), cause });
    }
  }
}

function failureOf({ fault, message }: Failed, tail: string): Error {
  switch (fault) {
    case 'program': return new ProgramFailure(withTail(message, tail));
    case 'changed': return new SparkError({ errorClass: 'FAILED_READ_FILE.FILE_NOT_EXIST', sqlState: 'KD001', message: `${message}. Run the job again.` });
    case 'file': return new ProgramFailure(message);
    case 'engine': return new ProgramFailure(withTail(message, tail));
    default: return fault satisfies never;
  }
}

function withTail(message: string, tail: string): string {
  return tail.trim() === '' ? message : `${message}. The end of its standard error:\n${tail.trimEnd()}`;
}
