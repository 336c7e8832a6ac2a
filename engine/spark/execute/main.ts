/** `headrace executor`: the process. Environment: engine/contract.ts. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { z } from 'zod';
import { environment, exitCode, path, port, terminationMessageBytesMax, type TerminationMessage } from '../../contract.ts';
import { systemClock } from '../../core/clock.ts';
import type { Logger } from '../../core/logger.ts';
import { systemRandom } from '../../core/random.ts';
import { RpcError } from '../../net/rpc-error.ts';
import { realFileSystem } from '../../storage/real.ts';
import { openStores } from '../../storage/stores.ts';
import { taskProgram } from './program-file.ts';
import { startExecutor, type ExecutorEnd, type ExecutorOptions } from './executor.ts';

/** How long an executor waits for its driver, and how long running tasks may go on after SIGTERM. */
const connectTimeoutMs = 60_000;
const drainGraceMs = 20_000;

const wholeNumber = (fallback: number) => z.coerce.number().int().min(1).default(fallback);

const configSchema = z.object({
  [environment.executorId]: z.string().regex(/^[0-9A-Za-z-]{1,64}$/),
  [environment.driverAddress]: z.string().regex(/^.+:\d+$/),
  [environment.podIp]: z.string().min(1),
  [environment.listenHost]: z.string().default('0.0.0.0'),
  [environment.secretFile]: z.string().default(path.secretFile),
  [environment.cores]: wholeNumber(1),
  [environment.memoryBytes]: wholeNumber(1024 ** 3),
  [environment.workDir]: z.string().default(path.workDir),
  [environment.mounts]: z.string().default('{}').transform((text, context) => {
    try {
      return z.record(z.string(), z.string()).parse(JSON.parse(text));
    } catch {
      context.addIssue('must be a JSON object from path to path');
      return z.NEVER;
    }
  }),
  [environment.machine]: z.string().max(253).optional(),
  [environment.rack]: z.string().max(253).optional(),
  [environment.terminationFile]: z.string().default(path.terminationFile),
  [environment.logLevel]: z.string().default('info'),
});

/**
 * Runs until the driver ends it; resolves to the process's exit code. SIGTERM drains. With
 * HEADRACE_PARENT_WATCH=stdin the end of standard input means that the parent is gone.
 */
export async function runExecutor(env: Readonly<Record<string, string | undefined>>): Promise<number> {
  const config = configSchema.safeParse(env);
  if (!config.success) {
    process.stderr.write(`headrace executor: ${z.prettifyError(config.error)}\n`);
    return exitCode.badConfiguration;
  }
  // Each slot's query occupies one of libuv's threads; files and checksums need some as well.
  process.env['UV_THREADPOOL_SIZE'] ??= String(config.data[environment.cores] + 4);
  const logger = pino({ level: config.data[environment.logLevel], base: { executor: config.data[environment.executorId] } });
  const stop = new AbortController();
  const off = stopOnSignals(stop, env['HEADRACE_PARENT_WATCH'] === 'stdin');
  try {
    const secret = await readSecret(config.data[environment.secretFile]);
    if (secret === undefined) {
      process.stderr.write(`headrace executor: the secret file ${config.data[environment.secretFile]} cannot be read\n`);
      return exitCode.badConfiguration;
    }
    return await run(optionsOf(config.data, secret, logger), stop.signal, config.data[environment.terminationFile]);
  } finally {
    off();
  }
}

async function run(options: ExecutorOptions, stop: AbortSignal, terminationFile: string): Promise<number> {
  const { logger } = options;
  try {
    const executor = await startExecutor(options, stop);
    const drain = (): void => void executor.drain(drainGraceMs);
    stop.addEventListener('abort', drain, { once: true });
    if (stop.aborted) drain();
    const end = await executor.ended;
    logger.info({ end }, 'executor ended');
    return await lastWord(end, terminationFile, logger);
  } catch (error) {
    if (stop.aborted) return exitCode.succeeded;
    const message = error instanceof Error ? error.message : String(error);
    logger.error({ err: error }, 'the executor could not start');
    const unauthenticated = error instanceof RpcError && error.code === 'Unauthenticated';
    await writeTermination(terminationFile, failed(unauthenticated ? 'EXECUTOR_REFUSED' : 'EXECUTOR_START_FAILED', message), logger);
    return unauthenticated ? exitCode.badConfiguration : exitCode.engineFailed;
  }
}

async function lastWord(end: ExecutorEnd, file: string, logger: Logger): Promise<number> {
  if (end.kind !== 'driverLost') {
    await writeTermination(file, { outcome: 'Succeeded' }, logger);
    return exitCode.succeeded;
  }
  await writeTermination(file, failed('DRIVER_LOST', `the connection with the driver ended: ${end.reason}`), logger);
  return exitCode.engineFailed;
}

function failed(errorClass: string, message: string): TerminationMessage {
  return { outcome: 'Failed', error: { errorClass, message: message.slice(0, terminationMessageBytesMax / 4) } };
}

async function writeTermination(file: string, message: TerminationMessage, logger: Logger): Promise<void> {
  try {
    await writeFile(file, JSON.stringify(message));
  } catch (error) {
    logger.warn({ err: error, file }, 'the termination message could not be written');
  }
}

async function readSecret(file: string): Promise<Uint8Array | undefined> {
  try {
    return Buffer.from((await readFile(file, 'utf8')).trim());
  } catch {
    return undefined; // the caller names the file
  }
}

function optionsOf(config: z.infer<typeof configSchema>, secret: Uint8Array, logger: Logger): ExecutorOptions {
  const [, host = '', driverPort = ''] = /^(.+):(\d+)$/.exec(config[environment.driverAddress]) ?? [];
  const id = config[environment.executorId];
  const clock = systemClock();
  return {
    id, logger, connectTimeoutMs, slots: config[environment.cores], machine: config[environment.machine] || undefined, rack: config[environment.rack] || undefined, memoryBytes: config[environment.memoryBytes],
    driver: { host: host.replace(/^\[(.*)\]$/, '$1'), port: Number(driverPort) },
    blocks: { host: config[environment.listenHost], port: port.block, advertisedHost: config[environment.podIp] },
    secret,
    workDirectory: join(config[environment.workDir], `executor-${id}`),
    taskProgram: taskProgram(import.meta.url), mounts: config[environment.mounts],
    openStores: (settings) => openStores(realFileSystem({ workingDirectory: process.cwd(), mounts: config[environment.mounts] }), { settings, clock, signal: new AbortController().signal }),
    clock, random: systemRandom(),
  };
}

/** The function returned takes the listeners off again. */
function stopOnSignals(stop: AbortController, watchParent: boolean): () => void {
  const abort = (): void => stop.abort();
  process.once('SIGTERM', abort);
  process.once('SIGINT', abort);
  if (watchParent) {
    process.stdin.resume();
    process.stdin.once('end', abort);
    process.stdin.once('close', abort);
    process.stdin.once('error', abort);
  }
  return () => {
    process.off('SIGTERM', abort);
    process.off('SIGINT', abort);
    if (watchParent) process.stdin.destroy();
  };
}
