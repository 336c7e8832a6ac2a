import { spawn, type ChildProcess } from 'node:child_process';
import { onAbort } from '../../../core/abort.ts';
import type { Logger } from '../../../core/logger.ts';
import { readLines } from './line-reader.ts';
import { scriptReportSchema, type ScriptReport, type ScriptStart } from './script-message.ts';

export interface ScriptProcessOptions {
  /** The program that speaks the script's side (runner.ts, or the image's bundle of it). */
  readonly runner: string;
  readonly start: ScriptStart;
  /** The child's whole environment; the secret goes here, never into arguments. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly workingDirectory: string;
  readonly logger: Logger;
}

export interface ScriptExit {
  readonly report: ScriptReport | undefined;
  readonly code: number | null;
  readonly signal: string | null;
}

const killAfterMs = 5000;

/** Runs the script to its end. On abort it is asked to end, and killed when it does not within 5 s. */
export async function runScriptProcess(options: ScriptProcessOptions, signal: AbortSignal): Promise<ScriptExit> {
  const child = spawn(process.execPath, [options.runner], {
    cwd: options.workingDirectory, env: options.env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let report: ScriptReport | undefined;
  child.on('message', (message) => {
    const parsed = scriptReportSchema.safeParse(message);
    // Scripts may send messages of their own; only reports count, and the first of them.
    if (parsed.success) report ??= parsed.data;
  });
  const ended = new Promise<{ readonly code: number | null; readonly signal: string | null }>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, killedBy) => resolve({ code, signal: killedBy }));
  });
  const stopWatching = killOnAbort(child, signal);
  const output = Promise.all([forward(child, 'stdout', options.logger), forward(child, 'stderr', options.logger)]);
  // A child that could not start closes the channel; `ended` tells why.
  child.send(options.start, () => {});
  try {
    const exit = await ended;
    await output;
    return { report, ...exit };
  } finally {
    stopWatching();
  }
}

/** Returns what ends the watch. */
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

async function forward(child: ChildProcess, name: 'stdout' | 'stderr', logger: Logger): Promise<void> {
  const stream = child[name];
  if (stream !== null) await readLines(stream, (line) => logger.info({ stream: name }, line));
}
