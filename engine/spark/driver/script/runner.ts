/**
 * The process of a script: makes 'headrace' importable, imports the user's module, calls its default export with
 * (spark, arguments), reports how it went, ends. The driver starts it and reads its report.
 */
import { spawnSync } from 'node:child_process';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { errorPlace } from './error-place.ts';
import type { ScriptReport, ScriptStart } from './script-message.ts';

const messageCharactersMax = 8000;

/** What of engine/spark/client is used here; it is loaded by the URL that the driver gives. */
interface ClientModule {
  readonly SparkSession: { readonly builder: { getOrCreate(): Promise<unknown> } };
  readonly DataFrame: abstract new (...parts: never[]) => { createOrReplaceTempView(name: string): Promise<void> };
}

// The driver is gone: nobody waits for the script any more.
process.on('disconnect', () => process.exit(1));

process.once('message', (start: ScriptStart) => {
  // Listening for the driver must not keep a script alive that has nothing left to do.
  process.channel?.unref();
  process.on('uncaughtException', (error) => void end(failure(error, start)));
  // Nothing is left to wait for, and yet the script is not done.
  process.on('beforeExit', () => void end({ kind: 'failed', message: 'it waits for a promise that never settles' }));
  // A rejection that nobody handles becomes an uncaught exception, which ends the script.
  void run(start).then(end);
});

async function run(start: ScriptStart): Promise<ScriptReport> {
  registerHooks({
    resolve: (specifier, context, next) => (specifier === 'headrace' ? { url: start.client, shortCircuit: true } : next(specifier, context)),
  });
  try {
    const module = (await import(start.module)) as { readonly default?: unknown };
    if (typeof module.default !== 'function') return { kind: 'done', hasResult: false };
    const { DataFrame, SparkSession } = (await import(start.client)) as ClientModule;
    const spark = await SparkSession.builder.getOrCreate();
    const result: unknown = await module.default(spark, [...start.arguments]);
    const hasResult = result instanceof DataFrame;
    if (hasResult) await result.createOrReplaceTempView(start.resultView);
    return { kind: 'done', hasResult };
  } catch (error) {
    return failure(error, start);
  }
}

/** Once: what comes first counts. */
let ending = false;

async function end(report: ScriptReport): Promise<void> {
  if (ending) return;
  ending = true;
  await new Promise<void>((resolve) => {
    if (process.send === undefined) resolve();
    else process.send(report, () => resolve());
  });
  // Handles that the script left open, and its session, end with the process.
  process.exit(report.kind === 'done' ? 0 : 1);
}

function failure(error: unknown, start: ScriptStart): ScriptReport {
  const known = error instanceof Error ? (error as Error & { readonly errorClass?: unknown; readonly sqlState?: unknown }) : undefined;
  const place = known === undefined ? undefined : errorPlace(String(known.stack), start.module) ?? syntaxErrorPlace(known, start.module);
  const message = known === undefined ? `threw ${inspect(error)}` : describe(known);
  return {
    kind: 'failed', message: message.slice(0, messageCharactersMax),
    ...(typeof known?.errorClass === 'string' ? { errorClass: known.errorClass } : {}),
    ...(typeof known?.sqlState === 'string' ? { sqlState: known.sqlState } : {}),
    ...(place === undefined ? {} : { place }),
  };
}

function describe(error: Error & { readonly errorClass?: unknown }): string {
  if (typeof error.errorClass === 'string') return error.message;
  return `${error.name}: ${error.message}`;
}

/** Errors in JavaScript come without their place when a module is imported; checking the file alone tells it. */
function syntaxErrorPlace(error: Error, moduleUrl: string): string | undefined {
  if (error.name !== 'SyntaxError') return undefined;
  const checked = spawnSync(process.execPath, ['--check', fileURLToPath(moduleUrl)], { encoding: 'utf8', timeout: 10_000 });
  return checked.status === 0 ? undefined : errorPlace(checked.stderr, moduleUrl);
}
