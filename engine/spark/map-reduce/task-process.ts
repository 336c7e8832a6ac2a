/** The process of one MapReduce task: user code runs here, beside the executor and not in it. The executor starts it and reads its reports. */
import { systemClock } from '../../core/clock.ts';
import { FileError } from '../../storage/file-system.ts';
import { realFileSystem } from '../../storage/real.ts';
import { openStores } from '../../storage/stores.ts';
import { errorPlace } from '../driver/script/error-place.ts';
import { killCommands, ProgramError } from './command.ts';
import { taskEnvironment } from './task-environment.ts';
import type { TaskReport, TaskStart } from './task-message.ts';
import { runTaskWork } from './task-work.ts';

const messageCharactersMax = 8000;

/** The executor is gone, or does not want the task any more. */
function stop(): void {
  killCommands();
  process.exit(1);
}
process.on('disconnect', stop);
process.on('SIGTERM', stop);

process.once('message', (start: TaskStart) => {
  process.on('uncaughtException', (error) => void end(failure(error, start)));
  process.on('beforeExit', () => void end({ kind: 'failed', fault: 'program', message: 'a function waits for a promise that never settles' }));
  void run(start).then(end);
});

async function run(start: TaskStart): Promise<TaskReport> {
  const env = taskEnvironment(start, process.env);
  // Functions find the same as commands.
  for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
  Object.assign(process.env, env);
  try {
    await using stores = openStores(realFileSystem({ workingDirectory: start.workingDirectory, mounts: start.mounts }),
      { settings: start.stores, clock: systemClock(), signal: new AbortController().signal });
    const done = await runTaskWork(start, { files: stores.files, env, signal: new AbortController().signal, onStatus: (text) => process.send?.({ kind: 'status', text: text.slice(0, 512) }) });
    return { kind: 'done', ...done, runs: [...done.runs] };
  } catch (error) {
    return failure(error, start);
  }
}

/** Once: what comes first counts. */
let ending = false;

async function end(report: TaskReport): Promise<void> {
  if (ending) return;
  ending = true;
  killCommands();
  await new Promise<void>((resolve) => {
    if (process.send === undefined) resolve();
    else process.send(report, () => resolve());
  });
  process.exit(0);
}

function failure(error: unknown, start: TaskStart): TaskReport {
  const message = (error instanceof Error ? error.message : String(error)).slice(0, messageCharactersMax);
  if (error instanceof ProgramError) return { kind: 'failed', fault: 'program', message };
  if (error instanceof FileError) return { kind: 'failed', fault: error.code === 'Changed' ? 'changed' : 'file', message };
  // What was thrown in the user's module is the user's.
  const place = error instanceof Error ? errorPlace(String(error.stack), new URL(`file://${start.scratchDirectory}/program/x`).href) : undefined;
  if (place !== undefined || !(error instanceof Error)) return { kind: 'failed', fault: 'program', message: `${error instanceof Error ? `${error.name}: ` : 'threw '}${message}${place === undefined ? '' : ` (at ${place.replace(/\.(mts|mjs)(?=:)/, '')})`}` };
  const system = 'code' in error && typeof error.code === 'string' && error.code.startsWith('E');
  return { kind: 'failed', fault: system ? 'file' : 'engine', message };
}
