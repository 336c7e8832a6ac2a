/**
 * A container as a local process. There is no isolation: it runs as this user, sees this machine's files and
 * network, and keeps to no limit. What it has of a container is its own address, directories, environment, log and process group.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { open, readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { PodLog } from './pod-log.ts';

/** How a container's command becomes a process. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
}

export interface ProcessPlan {
  readonly command: Command;
  readonly workingDirectory: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly logFile: string;
  readonly logBytesMax: number;
  readonly terminationFile: string;
  /** What to take the message from when the termination file is empty and the process failed. */
  readonly fallbackToLog: boolean;
}

export interface ProcessEnd {
  /** 128 + the signal's number when a signal ended it, as container runtimes report it. */
  readonly exitCode: number;
  readonly signal: NodeJS.Signals | undefined;
  /** From the termination file, at most 4,096 bytes. */
  readonly message: string;
}

const messageBytesMax = 4096;
const fallbackBytesMax = 2048;
const signalNumbers: Readonly<Partial<Record<NodeJS.Signals, number>>> = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGILL: 4, SIGABRT: 6, SIGBUS: 7, SIGFPE: 8, SIGKILL: 9, SIGSEGV: 11, SIGPIPE: 13, SIGTERM: 15 };

export class PodProcess {
  readonly #child: ChildProcess;
  /** Resolves when the process has ended and its log is written. Never rejects: a process that cannot start ends with 128. */
  readonly ended: Promise<ProcessEnd>;

  constructor(plan: ProcessPlan) {
    // Its own group, so that it ends with all its children; standard input tells it when this process is gone.
    this.#child = spawn(plan.command.file, plan.command.args, {
      cwd: plan.workingDirectory, env: plan.environment, detached: true, stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#child.stdin?.on('error', () => undefined);
    this.ended = ended(this.#child, plan);
  }

  /** Undefined when it could not be started. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /**
   * SIGTERM asks the process, which knows best how to end its children; SIGKILL ends the whole group, as a container runtime
   * does. Harmless when it has ended.
   */
  kill(signal: 'SIGTERM' | 'SIGKILL'): void {
    const { pid } = this.#child;
    // Only a process that has not been waited for still owns its id.
    if (pid === undefined || this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    try {
      process.kill(signal === 'SIGTERM' ? pid : -pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

async function ended(child: ChildProcess, plan: ProcessPlan): Promise<ProcessEnd> {
  const log = new PodLog(plan.logFile, plan.logBytesMax);
  const drained = Promise.all([child.stdout, child.stderr].map((stream) => (stream === null ? undefined : drain(log, stream))));
  const { code, signal, failure } = await exit(child);
  // Children of the process that outlived it end now; they would hold the pipes open too.
  if (child.pid !== undefined) {
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // Nobody is left in the group.
    }
  }
  await drained;
  await log.close();
  if (failure !== undefined) return { exitCode: 128, signal: undefined, message: failure.message };
  const exitCode = code ?? 128 + (signalNumbers[signal ?? 'SIGKILL'] ?? 0);
  return { exitCode, signal: signal ?? undefined, message: await lastWords(plan, exitCode) };
}

/** A stream that breaks off ends the log, not the pod. */
async function drain(log: PodLog, stream: Readable): Promise<void> {
  try {
    await log.drain(stream as AsyncIterable<Buffer>);
  } catch {
    stream.destroy();
  }
}

function exit(child: ChildProcess): Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null; readonly failure?: Error }> {
  return new Promise((resolve) => {
    child.once('error', (failure) => resolve({ code: null, signal: null, failure }));
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
}

async function lastWords(plan: ProcessPlan, exitCode: number): Promise<string> {
  const message = (await firstBytes(plan.terminationFile, messageBytesMax)).toString();
  if (message !== '' || exitCode === 0 || !plan.fallbackToLog) return message;
  const text = await readFile(plan.logFile).catch(() => Buffer.alloc(0));
  return text.subarray(Math.max(0, text.length - fallbackBytesMax)).toString();
}

async function firstBytes(path: string, bytesMax: number): Promise<Buffer> {
  try {
    await using file = await open(path, 'r');
    const { buffer, bytesRead } = await file.read(Buffer.alloc(bytesMax), 0, bytesMax, 0);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}
