import type { ApplicationResult } from '../../../contract.ts';
import { SparkError } from '../../plan/spark-error.ts';
import { showPlan, type ApplicationContext } from '../sql-application.ts';
import type { Session } from '../session.ts';
import { locateScript, type ScriptPlaces } from './script-location.ts';
import { runScriptProcess, type ScriptExit } from './script-process.ts';

export interface ScriptApplication {
  readonly location: string;
  readonly arguments: readonly string[];
  readonly places: ScriptPlaces;
  /** Where Spark Connect listens. */
  readonly connect: { readonly host: string; readonly port: number };
  readonly secret: Uint8Array;
  /** The driver's environment, which the script inherits but for the engine's own names. */
  readonly env: NodeJS.ProcessEnv;
  /** Files of the runner and of the client, as paths or URLs. */
  readonly program: { readonly runner: string; readonly client: string };
  /** Not to be guessed by the script. */
  readonly resultView: string;
  /** The sessions of Spark Connect, among them the script's. */
  readonly sessions: () => readonly Session[];
}

/** Runs the script. The result is the first rows of the DataFrame that its default export returns. Throws `SparkError`. */
export async function runScriptApplication(script: ScriptApplication, context: ApplicationContext): Promise<ApplicationResult> {
  const module = await locateScript(script.location, script.places, context.signal);
  context.onActivity('script running');
  const exit = await runScriptProcess({
    runner: script.program.runner, workingDirectory: script.places.workingDirectory, logger: context.logger, env: scriptEnvironment(script),
    start: { kind: 'start', module, arguments: script.arguments, client: script.program.client, resultView: script.resultView },
  }, context.signal);
  context.signal.throwIfAborted();
  const failure = failureOf(exit, script.location);
  if (failure !== undefined) throw failure;
  if (exit.report?.kind !== 'done' || !exit.report.hasResult) return {};
  context.onActivity('showing the result');
  const session = script.sessions().find((each) => each.viewNames().includes(script.resultView.toLowerCase()));
  if (session === undefined) throw new Error('the session of the script is gone');
  return showPlan({ kind: 'table', name: [script.resultView] }, session, context.signal);
}

function scriptEnvironment(script: ScriptApplication): Record<string, string | undefined> {
  const inherited = Object.entries(script.env).filter(([name]) => !name.startsWith('HEADRACE_'));
  return {
    ...Object.fromEntries(inherited),
    SPARK_REMOTE: `sc://${script.connect.host}:${script.connect.port}/`,
    SPARK_CONNECT_AUTHENTICATE_TOKEN: new TextDecoder().decode(script.secret),
  };
}

/** Undefined when all went well. */
function failureOf(exit: ScriptExit, location: string): SparkError | undefined {
  const failed = (message: string): SparkError => new SparkError({ errorClass: 'SCRIPT_FAILED', sqlState: '38000', message: `The script ${location} ${message}` });
  if (exit.report?.kind === 'failed') {
    const { errorClass, sqlState, message, place } = exit.report;
    const where = place === undefined ? '' : ` at ${place}`;
    return errorClass === undefined ? failed(`failed${where}: ${message}.`) : engineError(errorClass, sqlState, message, where);
  }
  if (exit.signal !== null) return failed(`was ended by ${exit.signal}${exit.signal === 'SIGKILL' ? ', perhaps because it used too much memory' : ''}.`);
  if (exit.code === 134) return failed('ran out of memory or aborted.');
  return exit.code === 0 ? undefined : failed(`ended with exit code ${String(exit.code)}.`);
}

/** An error of the engine that the script did not catch keeps its class. */
function engineError(errorClass: string, sqlState: string | undefined, message: string, where: string): SparkError {
  const state = sqlState ?? 'XX000';
  const bare = message.replace(`[${errorClass}] `, '').replace(/ SQLSTATE: \w{5}.*$/s, '');
  return new SparkError({ errorClass, sqlState: state, message: `${bare}${where === '' ? '' : ` (thrown${where})`}` });
}
