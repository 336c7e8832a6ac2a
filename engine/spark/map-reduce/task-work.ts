/** What the process of a MapReduce task does, from its input to its output. */
import { join } from 'node:path';
import { checkVersion } from '../../storage/local-copy.ts';
import type { FileSystem } from '../../storage/file-system.ts';
import { combineByCommand, groupLines, ProgramError, runCommand } from './command.ts';
import { CounterSet, framework } from './counters.ts';
import {
  checkEmitted, FunctionOutput, groupValues, loadFunction, textOf, type Emit, type FunctionContext, type MapFunction, type ReduceFunction,
} from './function.ts';
import { eachLine, readInput, withNewlines } from './input-text.ts';
import { keyOrder } from './key-order.ts';
import { MapOutput, type Combine, type PartitionRun } from './map-output.ts';
import { mergedGroups, reduceFanIn } from './merge.ts';
import { OutputFile } from './output-file.ts';
import { partitioner } from './partitioner.ts';
import type { Counters, MapInput, Program } from './program.ts';
import { RecordParser } from './record.ts';
import type { TaskStart } from './task-message.ts';

export interface TaskTools {
  readonly files: FileSystem;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  onStatus(text: string): void;
}

export interface TaskDone {
  readonly counters: Counters;
  /** Records written, to runs or to the file. */
  readonly records: number;
  readonly runs: readonly PartitionRun[];
  readonly bytes: number;
}

/** Rejects with `ProgramError` when the user's program fails, with `FileError` when files do. */
export async function runTaskWork(start: TaskStart, tools: TaskTools): Promise<TaskDone> {
  const work = new TaskWork(start, tools);
  return start.work.kind === 'map' ? await work.map(start.work.input) : await work.reduce(start.work.runs);
}

class TaskWork {
  readonly #start: TaskStart;
  readonly #tools: TaskTools;
  readonly #counters = new CounterSet();
  readonly #separator: Buffer;
  readonly #context: FunctionContext;

  constructor(start: TaskStart, tools: TaskTools) {
    this.#start = start;
    this.#tools = tools;
    this.#separator = Buffer.from(start.job.fieldSeparator);
    this.#context = {
      task: start.task, environment: tools.env,
      counter: (group, name, amount = 1) => this.#counters.add(String(group), String(name), Number.isFinite(amount) ? Math.trunc(amount) : 0),
      status: (text) => tools.onStatus(String(text)),
    };
  }

  async map(input: MapInput): Promise<TaskDone> {
    const { output } = this.#start;
    const done = output.kind === 'file' ? await this.#mapToFile(input, output.path) : await this.#mapToRuns(input, output.directory);
    // What was read is what was planned for, if the file is still the same afterwards.
    await checkVersion(this.#tools.files, input.path, input.version);
    return done;
  }

  async #mapToFile(input: MapInput, path: string): Promise<TaskDone> {
    const { job, scratchDirectory } = this.#start;
    const file = new OutputFile(this.#tools.files, path, scratchDirectory);
    if (job.mapper.kind === 'command') await runCommand(this.#command('mapper', job.mapper.argv), this.#countedLines(input), (chunk) => file.write(chunk));
    else await this.#mapLines(job.mapper, input, this.#emitTo(file));
    await file.finish(this.#tools.signal);
    this.#counters.add(framework, 'MAP_OUTPUT_RECORDS', file.records);
    return { counters: this.#counters.toJSON(), records: file.records, runs: [], bytes: file.bytes };
  }

  async #mapToRuns(input: MapInput, directory: string): Promise<TaskDone> {
    const { job, scratchDirectory } = this.#start;
    const combine = await this.#combiner();
    const output = new MapOutput({
      bufferBytes: job.bufferBytes, partitions: job.reducers, partition: partitioner(job.reducers, job.partitionFields, this.#separator),
      order: keyOrder(job.sort), combine: combine?.groups, scratchDirectory: join(scratchDirectory, 'spill'),
    });
    let emitted = 0;
    if (job.mapper.kind === 'command') {
      const parser = new RecordParser(this.#separator, job.keyFields, (data, keyFrom, keyTo, valueFrom, valueTo) => output.add(data, keyFrom, keyTo, valueFrom, valueTo));
      await runCommand(this.#command('mapper', job.mapper.argv), this.#countedLines(input), (chunk) => parser.write(chunk));
      parser.end();
      emitted = output.records;
    } else {
      const held = new FunctionOutput({ output, separator: job.fieldSeparator, keyFields: job.keyFields, combine: combine?.values, bytesMax: job.bufferBytes });
      await this.#mapLines(job.mapper, input, held.emit);
      held.flush();
      emitted = held.records;
    }
    const runs = output.finish(directory);
    this.#counters.add(framework, 'MAP_OUTPUT_RECORDS', emitted);
    this.#counters.add(framework, 'MAP_OUTPUT_BYTES', output.bytes);
    this.#counters.add(framework, 'SPILLED_RECORDS', output.spilledRecords);
    return { counters: this.#counters.toJSON(), records: emitted, runs, bytes: runs.reduce((sum, run) => sum + run.bytes, 0) };
  }

  async reduce(runs: readonly { readonly path: string; readonly bytes: number }[]): Promise<TaskDone> {
    const { job: { reducer, sort }, output, scratchDirectory } = this.#start;
    if (output.kind !== 'file') throw new Error('a reduce task writes a file');
    const order = keyOrder(sort);
    const file = new OutputFile(this.#tools.files, output.path, scratchDirectory);
    const groups = mergedGroups(reduceFanIn(runs.map(({ path, bytes }) => ({ path, from: 0, to: bytes })), order, scratchDirectory), order);
    let [groupCount, recordCount] = [0, 0];
    const onGroup = (): void => { groupCount += 1; };
    const onRecords = (count: number): void => { recordCount += count; };
    if (reducer?.kind === 'function') {
      const loaded = await loadFunction(reducer.source, reducer.fileName, 'reducer', ['reduce'], join(scratchDirectory, 'program'));
      const emit = this.#emitTo(file);
      for (const group of groups) {
        onGroup();
        const waited = (loaded.call as ReduceFunction)(group.key.toString('utf8'), groupValues(group, () => onRecords(1)), emit, this.#context);
        if (waited instanceof Promise) await waited;
      }
    } else {
      const lines = groupLines(groups, this.#separator, onGroup, onRecords);
      if (reducer === undefined) for (const chunk of lines) file.write(chunk);
      else await runCommand(this.#command('reducer', reducer.argv), lines, (chunk) => file.write(chunk));
    }
    await file.finish(this.#tools.signal);
    this.#counters.add(framework, 'REDUCE_INPUT_GROUPS', groupCount);
    this.#counters.add(framework, 'REDUCE_INPUT_RECORDS', recordCount);
    this.#counters.add(framework, 'REDUCE_OUTPUT_RECORDS', file.records);
    return { counters: this.#counters.toJSON(), records: file.records, runs: [], bytes: file.bytes };
  }

  async #mapLines(mapper: Program & { readonly kind: 'function' }, input: MapInput, emit: Emit): Promise<void> {
    const loaded = await loadFunction(mapper.source, mapper.fileName, 'mapper', ['map'], join(this.#start.scratchDirectory, 'program'));
    const call = loaded.call as MapFunction;
    let records = 0;
    await eachLine(readInput(this.#tools.files, input, this.#tools.signal), await this.#firstLine(input), (offset, text) => {
      records += 1;
      const waited = call(offset, text, emit, this.#context);
      return waited instanceof Promise ? waited : undefined;
    });
    this.#counters.add(framework, 'MAP_INPUT_RECORDS', records);
  }

  async *#countedLines(input: MapInput): AsyncGenerator<Buffer> {
    let records = 0;
    for await (const chunk of withNewlines(readInput(this.#tools.files, input, this.#tools.signal))) {
      for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) records += 1;
      yield chunk;
    }
    this.#counters.add(framework, 'MAP_INPUT_RECORDS', records);
  }

  #emitTo(file: OutputFile): Emit {
    const { fieldSeparator } = this.#start.job;
    return (key, value) => {
      const name = textOf(key);
      const text = textOf(value);
      checkEmitted(name, text, fieldSeparator, Infinity);
      file.writeText(value === undefined || value === null ? `${name}\n` : `${name}${fieldSeparator}${text}\n`);
    };
  }

  #command(role: string, argv: readonly string[]): { readonly argv: readonly string[]; readonly role: string; readonly env: NodeJS.ProcessEnv; readonly workingDirectory: string } {
    return { argv, role, env: this.#tools.env, workingDirectory: this.#start.workingDirectory };
  }

  /** For groups of bytes, and for values of a key before they become bytes. */
  async #combiner(): Promise<{ readonly groups: Combine; readonly values: ((key: string, values: Iterable<string>, emit: Emit) => void) | undefined } | undefined> {
    const { job: { combiner, keyFields, fieldSeparator, sort }, scratchDirectory } = this.#start;
    if (combiner === undefined) return undefined;
    const order = keyOrder(sort);
    if (combiner.kind === 'command') {
      const options = { ...this.#command('combiner', combiner.argv), separator: this.#separator, keyFields, scratchDirectory };
      return { values: undefined, groups: (groups, emit) => combineByCommand(options, groups, inOrder(order, emit)) };
    }
    const loaded = await loadFunction(combiner.source, combiner.fileName, 'combiner', ['combine', 'reduce'], join(scratchDirectory, 'program'));
    const values = (key: string, each: Iterable<string>, emit: Emit): void => {
      if ((loaded.call as ReduceFunction)(key, each, emit, this.#context) instanceof Promise) throw new ProgramError('the combiner is asynchronous: it must emit before it returns');
    };
    return {
      values, groups: (groups, emit) => {
        for (const group of groups) {
          const key = group.key.toString('utf8');
          values(key, groupValues(group, () => {}), (emitted, value) => {
            if (textOf(emitted) !== key) throw new ProgramError(`the combiner emitted the key ${JSON.stringify(textOf(emitted))} for ${JSON.stringify(key)}: it must keep keys as they are`);
            const text = textOf(value);
            checkEmitted(key, text, fieldSeparator, keyFields);
            emit(group.key, Buffer.from(text));
          });
        }
      },
    };
  }

  /** Offset of the first line that belongs to the input: its number in the file is what map functions get as key. */
  async #firstLine({ path, from, fileBytes }: MapInput): Promise<number> {
    if (from === 0) return 0;
    let at = from - 1;
    for await (const chunk of this.#tools.files.readRange(path, at, fileBytes - at, this.#tools.signal)) {
      const found = chunk.indexOf(10);
      if (found !== -1) return at + found + 1;
      at += chunk.length;
    }
    return at;
  }
}

/** Refuses records that a merge would not find in their place. */
function inOrder(order: ReturnType<typeof keyOrder>, emit: (key: Buffer, value: Buffer) => void): (key: Buffer, value: Buffer) => void {
  let last: { readonly key: Buffer; readonly rank: number } | undefined;
  return (key, value) => {
    const rank = order.rank(key, 0, key.length);
    if (last !== undefined && (rank < last.rank || (rank === last.rank && order.compare(key, 0, key.length, last.key, 0, last.key.length) < 0))) {
      throw new ProgramError('the output of the combiner is not in the order of its input: it must keep keys as they are');
    }
    last = { key: Buffer.from(key), rank };
    emit(key, value);
  };
}
