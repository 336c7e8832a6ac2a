import type { ApplicationResult } from '../../contract.ts';
import type { Logger } from '../../core/logger.ts';
import type { Command, LogicalPlan } from '../plan/logical.ts';
import { SparkError } from '../plan/spark-error.ts';
import type { CommandResult, Session } from './session.ts';

/** Rows of a result that people see. */
export const shownRowsMax = 20;
/** Rows counted; a query with more is not run to its end only to be counted. */
const countedRowsMax = 1000;

export interface ApplicationContext {
  readonly signal: AbortSignal;
  readonly logger: Logger;
  /** What the application is at, for people. */
  readonly onActivity: (activity: string) => void;
}

/**
 * Runs the statements one after another. The result is the last query's first rows, and the place of the last write.
 * Throws `SparkError` of the statement that fails; statements before it have had their effect.
 */
export async function runSqlApplication(text: string, session: Session, context: ApplicationContext): Promise<ApplicationResult> {
  const commands = session.parser.statements(text);
  if (commands.length === 0) throw new SparkError({ errorClass: 'PARSE_EMPTY_STATEMENT', sqlState: '42617', message: 'The SQL of the application holds no statement.' });
  let shown: ApplicationResult = {};
  let written: ApplicationResult = {};
  for (const [index, command] of commands.entries()) {
    context.onActivity(`statement ${index + 1} of ${commands.length}`);
    const done = await session.execute(limited(command), { signal: context.signal });
    if (command.kind === 'query' || command.kind === 'explain') shown = await describeResult(done, session);
    if (command.kind === 'write') written = await describeResult(done, session);
    context.logger.info({ statement: index + 1, of: commands.length, command: command.kind, rows: done.kind === 'files' ? done.rows : undefined }, 'statement done');
  }
  // Rows written count only where no rows are shown.
  return shown.columns === undefined ? written : { ...shown, ...(written.output === undefined ? {} : { output: written.output }) };
}

/** First rows of a plan, such as the DataFrame that a script returns. */
export async function showPlan(plan: LogicalPlan, session: Session, signal: AbortSignal): Promise<ApplicationResult> {
  return describeResult(await session.execute(limited({ kind: 'query', plan }), { signal }), session);
}

/** One row more than is counted tells whether there are more. */
function limited(command: Command): Command {
  return command.kind === 'query' ? { kind: 'query', plan: { kind: 'limit', child: command.plan, count: countedRowsMax + 1 } } : command;
}

/** `rows` is left out when a query has more than are counted. */
async function describeResult(result: CommandResult, session: Session): Promise<ApplicationResult> {
  switch (result.kind) {
    case 'rows': {
      // Arrow takes a while to load: not before there are rows.
      const { resultRows } = await import('./result-text.ts');
      const rows = result.blocks.reduce((sum, block) => sum + block.rows, 0);
      return {
        ...(rows > countedRowsMax ? {} : { rows }), columns: result.schema.map((field) => field.name),
        firstRows: resultRows(result.schema, result.blocks, shownRowsMax, session.timeZone),
      };
    }
    case 'files': return { output: result.path, rows: result.rows };
    case 'text': return { columns: [...result.columns], firstRows: result.rows.slice(0, shownRowsMax).map((row) => [...row]), rows: result.rows.length };
    case 'nothing': return {};
    default: return result satisfies never;
  }
}
