/** `headrace driver`: builds the real parts of a driver and runs its application. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { destination, pino } from 'pino';
import { environment, exitCode, port, type TerminationMessage } from '../../contract.ts';
import { systemClock } from '../../core/clock.ts';
import type { Logger } from '../../core/logger.ts';
import { systemRandom } from '../../core/random.ts';
import type { FileSystem } from '../../storage/file-system.ts';
import { realFileSystem } from '../../storage/real.ts';
import { openStores } from '../../storage/stores.ts';
import { createJobScheduler } from '../schedule/job-scheduler.ts';
import { exitCodeOf, failureOutcome, terminationOf, type ApplicationOutcome } from './application-outcome.ts';
import { ConfigurationError, readDriverConfig, terminationFileOf, type DriverConfig } from './driver-config.ts';
import { schedulerLimits } from './driver-limits.ts';
import { Driver, type ConnectEndpoint, type DriverParts } from './driver.ts';
import { programFiles } from './program-files.ts';
import type { ScriptPlaces } from './script/script-location.ts';
import { checkSettings } from './session-conf.ts';
import { Session } from './session.ts';
import { createStatusServer } from './status-server.ts';
import { storeSettings } from './store-settings.ts';
import { encodeTermination } from './termination.ts';

const exitGraceMs = 5000;

/** Runs to the application's end; resolves to the process's exit code (engine/contract.ts). */
export async function runDriver(env: NodeJS.ProcessEnv): Promise<number> {
  const logger: Logger = pino({ level: env[environment.logLevel] ?? 'info', base: { component: 'driver' } }, destination({ sync: true }));
  const stop = new AbortController();
  const cancel = (why: string): void => {
    if (stop.signal.aborted) return;
    logger.info({ why }, 'the application is cancelled');
    stop.abort(new Error(`the application was cancelled: ${why}`));
  };
  const offSignals = onSignals(cancel);
  const offFatal = onFatal(env, logger);
  let counts: Counts = {};
  let outcome: ApplicationOutcome;
  try {
    const config = await readDriverConfig(env);
    if (config.watchStdin) watchStdin(logger);
    const run = await runApplication(config, env, logger, stop.signal, cancel);
    outcome = run.outcome;
    counts = run.counts;
  } catch (error) {
    logger.error({ err: error }, 'the driver cannot run');
    outcome = failureOutcome(error);
  }
  logger.info({ outcome: outcome.kind, ...(outcome.kind === 'Failed' ? { error: outcome.error } : {}) }, 'the application has ended');
  writeTermination(env, terminationOf(outcome, counts), logger);
  offSignals();
  offFatal();
  const code = exitCodeOf(outcome);
  // All is closed by now. Should something be left open by mistake, the pod must end nevertheless.
  setTimeout(() => process.exit(code), exitGraceMs).unref();
  return code;
}

type Counts = Pick<TerminationMessage, 'progress' | 'firstTaskAtMs'>;

async function runApplication(config: DriverConfig, env: NodeJS.ProcessEnv, logger: Logger, signal: AbortSignal, cancel: (why: string) => void):
Promise<{ readonly outcome: ApplicationOutcome; readonly counts: Counts }> {
  const { application } = config;
  const conf = new Map(Object.entries(application.sparkConf));
  checkApplicationConf(conf);
  const clock = systemClock();
  // Storage is used to the very end: a cancelled job still clears what it has staged.
  const ended = new AbortController();
  const stores = storeSettings(application, env);
  await using opened = openStores(realFileSystem({ workingDirectory: process.cwd(), mounts: config.mounts }), { settings: stores, clock, signal: ended.signal });
  const fileSystem = opened.files;
  // The planner is loaded while the ports are opened.
  const loading = import('./planner-services.ts');
  loading.catch(() => {});
  await using scheduler = closing(await createJobScheduler({
    listen: { host: config.listenHost, port: port.driverRpc }, secret: config.secret, applicationId: application.applicationId, clock, logger, fileSystem,
    random: systemRandom(), expected: { executors: application.executorInstances, slotsPerExecutor: config.cores }, stores, limits: schedulerLimits(application.sparkConf),
  }));
  const { openPlannerServices } = await loading;
  await using planner = closing(openPlannerServices(fileSystem, join(config.workDir, 'sources'), scheduler.value));
  const newSession = (): Session => new Session(planner.value.services, conf);
  const driver = new Driver({
    application, scheduler: scheduler.value, newSession, clock, logger,
    openConnect: () => openConnect(config, newSession, logger), runScript: scriptRunner(config, env, fileSystem),
    runMapReduce: async (mapReduce, context) => (await import('./map-reduce/map-reduce-application.ts')).runMapReduceApplication({
      application: mapReduce, file: application, files: fileSystem, jobs: scheduler.value, places: scriptPlaces(config, fileSystem),
    }, context),
  });
  await using _status = closing(await createStatusServer({
    listen: { host: config.listenHost, port: port.http }, secret: config.secret, ready: () => true, status: () => driver.status(),
    cancel: () => cancel('asked to by HTTP'),
  }));
  const outcome = await driver.run(signal);
  const { progress, firstTaskAtMs } = scheduler.value.status();
  return { outcome, counts: { progress, firstTaskAtMs } };
}

/** A setting that the engine cannot honour is the manifest's fault, not the application's. */
function checkApplicationConf(conf: ReadonlyMap<string, string>): void {
  try {
    checkSettings(conf);
  } catch (cause) {
    throw new ConfigurationError(`sparkConf: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** gRPC and the protocol's messages take long to load, hence not before they are needed. */
async function openConnect(config: DriverConfig, newSession: () => Session, logger: Logger): Promise<ConnectEndpoint> {
  const { createConnectServer } = await import('../connect/server.ts');
  return createConnectServer({
    listen: { host: config.listenHost, port: port.connect }, secret: config.secret, newSession, newId: () => crypto.randomUUID(), clock: systemClock(), logger,
  });
}

function scriptRunner(config: DriverConfig, env: NodeJS.ProcessEnv, fileSystem: FileSystem): DriverParts['runScript'] {
  return async (location, endpoint, context) => {
    const { runScriptApplication } = await import('./script/script-application.ts');
    const host = config.listenHost === '0.0.0.0' || config.listenHost === '::' ? '127.0.0.1' : config.listenHost;
    return runScriptApplication({
      location, arguments: config.application.arguments, secret: config.secret, env, connect: { host, port: endpoint.port },
      places: scriptPlaces(config, fileSystem),
      program: programFiles(import.meta.url), resultView: `headrace_result_${crypto.randomUUID().replaceAll('-', '')}`, sessions: () => endpoint.sessions(),
    }, context);
  };
}

function scriptPlaces(config: DriverConfig, files: FileSystem): ScriptPlaces {
  return { workingDirectory: process.cwd(), workDir: config.workDir, files };
}

function closing<Value extends { close(): Promise<void> }>(value: Value): { readonly value: Value } & AsyncDisposable {
  return { value, [Symbol.asyncDispose]: () => value.close() };
}

function onSignals(cancel: (why: string) => void): () => void {
  const handlers = (['SIGTERM', 'SIGINT'] as const).map((name) => ({ name, handler: () => cancel(name) }));
  for (const { name, handler } of handlers) process.on(name, handler);
  return () => {
    for (const { name, handler } of handlers) process.off(name, handler);
  };
}

/** An error that nobody caught ends the process, but not without a last word. */
function onFatal(env: NodeJS.ProcessEnv, logger: Logger): () => void {
  const handler = (error: unknown): void => {
    logger.error({ err: error }, 'an error that nobody caught');
    const message = error instanceof Error ? error.message : String(error);
    const last: TerminationMessage = { outcome: 'Failed', error: { errorClass: 'INTERNAL_ERROR', message: `The engine failed: ${message}` } };
    writeTermination(env, last, logger);
    process.exit(exitCode.engineFailed);
  };
  process.on('uncaughtException', handler);
  return () => process.off('uncaughtException', handler);
}

/** Embedded pods share their parent's life: its end closes this process's standard input. */
function watchStdin(logger: Logger): void {
  const gone = (): void => {
    logger.warn({}, 'the parent process is gone');
    process.exit(exitCode.cancelled);
  };
  process.stdin.once('end', gone).once('error', gone);
  process.stdin.resume();
  // Watching must not keep a driver alive that has done its work.
  (process.stdin as typeof process.stdin & { unref?: () => void }).unref?.();
}

function writeTermination(env: NodeJS.ProcessEnv, message: TerminationMessage, logger: Logger): void {
  const file = terminationFileOf(env);
  try {
    // Small, and perhaps the last thing that this process does.
    writeFileSync(file, encodeTermination(message));
  } catch (error) {
    logger.error({ err: error, file }, 'the termination message cannot be written');
  }
}
