/** What planning a query needs from outside. All of it is passed in; planning itself does no IO. */
import type { Expression } from './expression.ts';
import type { LogicalPlan } from './logical.ts';
import type { SourceCatalog } from './source.ts';

/** `spark.*` settings that were set, by name; defaults are in conf.ts. */
export interface ConfReader {
  /** Undefined when not set. */
  get(key: string): string | undefined;
}

/** Values of `:name` and `?` in SQL text. */
export interface SqlArguments {
  readonly named?: Readonly<Record<string, Expression>>;
  readonly positional?: readonly Expression[];
}

/** The SQL parser (`engine/spark/sql/parse.ts`). Both throw `SparkError` PARSE_SYNTAX_ERROR. */
export interface SqlParser {
  query(text: string, sqlArguments?: SqlArguments): LogicalPlan;
  expression(text: string): Expression;
}

/**
 * The entry points, in `engine/spark/physical/planner.ts`:
 *   planQuery(plan, context, signal): Promise<PhysicalPlan>
 *   planWrite(command, context, signal): Promise<PhysicalPlan>
 *   schemaOf(plan, context, signal): Promise<Schema>
 *   explain(plan, mode, context, signal): Promise<string>
 */
export interface PlannerContext {
  readonly conf: ConfReader;
  /** Temporary views by lower-case name. */
  readonly views: ReadonlyMap<string, LogicalPlan>;
  readonly sources: SourceCatalog;
  /** Task slots to divide work by; at least 1. */
  readonly slots: number;
  readonly parse: SqlParser;
}
