/** Running a mapper, combiner or reducer that is a command. What it writes to standard error goes where this process's does. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import type { MergedGroup } from './merge.ts';
import { RecordParser } from './record.ts';
import { writeAll } from './run-file.ts';

/** The user's program has failed; the end of its standard error is with whoever reads that. */
export class ProgramError extends Error {
  override readonly name = 'ProgramError';
}

export interface CommandOptions {
  readonly argv: readonly string[];
  /** mapper, combiner or reducer. */
  readonly role: string;
  readonly env: NodeJS.ProcessEnv;
  readonly workingDirectory: string;
}

const running = new Set<ChildProcess>();

/** For the end of this process: commands do not outlive it. */
export function killCommands(): void {
  for (const child of running) child.kill('SIGKILL');
}

/**
 * Feeds `input` and calls `onOutput` with what comes, to the end of the command. A command that stops reading is not fed any more; its exit code
 * tells whether that was meant. Rejects with `ProgramError`.
 */
export async function runCommand({ argv, role, env, workingDirectory }: CommandOptions, input: AsyncIterable<Buffer> | Iterable<Buffer>, onOutput: (chunk: Buffer) => void): Promise<void> {
  const [file = '', ...args] = argv;
  const child = spawn(file, args, { cwd: workingDirectory, env, stdio: ['pipe', 'pipe', 'inherit'] });
  running.add(child);
  const ended = new Promise<{ readonly code: number | null; readonly killedBy: string | null }>((resolve, reject) => {
    child.once('error', (cause) => reject(new ProgramError(`the ${role} cannot be started: ${cause.message}`, { cause })));
    child.once('close', (code, killedBy) => resolve({ code, killedBy }));
  });
  ended.catch(() => {});
  try {
    await Promise.all([feed(child.stdin, input), consume(child.stdout as AsyncIterable<Buffer>, onOutput), ended]);
    const { code, killedBy } = await ended;
    if (code !== 0) throw exitError(role, code, killedBy);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  } finally {
    running.delete(child);
  }
}

function exitError(role: string, code: number | null, killedBy: string | null): ProgramError {
  return new ProgramError(killedBy === null ? `the ${role} ended with exit code ${String(code)}` : `the ${role} was ended by ${killedBy}`);
}

async function feed(stdin: Writable, input: AsyncIterable<Buffer> | Iterable<Buffer>): Promise<void> {
  let gone = false;
  let wake: () => void = () => {};
  stdin.on('error', () => {
    gone = true;
    wake();
  });
  stdin.on('close', () => {
    gone = true;
    wake();
  });
  stdin.on('drain', () => wake());
  for await (const chunk of input) {
    if (gone) return;
    if (stdin.write(chunk)) continue;
    await new Promise<void>((resolve) => {
      wake = resolve;
      if (gone || !stdin.writableNeedDrain) resolve();
    });
  }
  stdin.end();
}

async function consume(stdout: AsyncIterable<Buffer>, onOutput: (chunk: Buffer) => void): Promise<void> {
  for await (const chunk of stdout) onOutput(chunk);
}

const fedBytes = 64 * 1024;

/** Records of the groups as lines: key, separator, value. */
export function* groupLines(groups: Iterable<MergedGroup>, separator: Buffer, onGroup: () => void, onRecords: (count: number) => void): Generator<Buffer> {
  let chunk = Buffer.allocUnsafe(fedBytes);
  let filled = 0;
  for (const { key, entries } of groups) {
    onGroup();
    for (const { value, repetitions } of entries()) {
      onRecords(repetitions);
      const line = Buffer.concat([key, separator, value, lineEnd]);
      for (let i = 0; i < repetitions; i += 1) {
        if (filled + line.length > chunk.length) {
          if (filled > 0) yield chunk.subarray(0, filled);
          chunk = Buffer.allocUnsafe(Math.max(fedBytes, line.length));
          filled = 0;
        }
        line.copy(chunk, filled);
        filled += line.length;
      }
    }
  }
  if (filled > 0) yield chunk.subarray(0, filled);
}

const lineEnd = Buffer.from('\n');

export interface CommandCombiner extends CommandOptions {
  readonly separator: Buffer;
  readonly keyFields: number;
  readonly scratchDirectory: string;
}

/** Runs a combiner over the groups through files, synchronously: a spill waits for it anyway. Throws `ProgramError`. */
export function combineByCommand(options: CommandCombiner, groups: Iterable<MergedGroup>, emit: (key: Buffer, value: Buffer) => void): void {
  const { argv: [file = '', ...args], role, env, workingDirectory, separator, keyFields, scratchDirectory } = options;
  const input = openSync(join(scratchDirectory, 'combiner-input'), 'w+');
  const output = openSync(join(scratchDirectory, 'combiner-output'), 'w+');
  try {
    for (const chunk of groupLines(groups, separator, () => {}, () => {})) writeAll(input, chunk);
    const reading = openSync(join(scratchDirectory, 'combiner-input'), 'r');
    try {
      const done = spawnSync(file, args, { cwd: workingDirectory, env, stdio: [reading, output, 'inherit'] });
      if (done.error !== undefined) throw new ProgramError(`the ${role} cannot be started: ${done.error.message}`, { cause: done.error });
      if (done.status !== 0) throw exitError(role, done.status, done.signal);
    } finally {
      closeSync(reading);
    }
    const parser = new RecordParser(separator, keyFields, (data, keyFrom, keyTo, valueFrom, valueTo) =>
      emit(data.subarray(keyFrom, keyTo), data.subarray(valueFrom, valueTo)));
    for (let at = 0; ;) {
      const chunk = Buffer.allocUnsafe(fedBytes);
      const read = readSync(output, chunk, 0, fedBytes, at);
      if (read === 0) break;
      at += read;
      parser.write(chunk.subarray(0, read));
    }
    parser.end();
  } finally {
    closeSync(input);
    closeSync(output);
  }
}
