/** What a session works with; main.ts puts the real ones together, tests their own. */
import type { Command, LogicalPlan } from '../plan/logical.ts';
import type { PlannerContext, SqlArguments, SqlParser } from '../plan/context.ts';
import type { SourceCatalog } from '../plan/source.ts';
import type { DataType, Schema } from '../plan/types.ts';
import type { JobRunner } from '../physical/job.ts';
import type { PhysicalPlan } from '../physical/stage.ts';

export type WriteCommand = Extract<Command, { readonly kind: 'write' }>;
export type ExplainMode = Extract<Command, { readonly kind: 'explain' }>['mode'];

/** As engine/spark/physical/planner.ts exports it. */
export interface QueryPlanner {
  planQuery(plan: LogicalPlan, context: PlannerContext, signal: AbortSignal): Promise<PhysicalPlan>;
  planWrite(command: WriteCommand, context: PlannerContext, signal: AbortSignal): Promise<PhysicalPlan>;
  schemaOf(plan: LogicalPlan, context: PlannerContext, signal: AbortSignal): Promise<Schema>;
  explain(plan: LogicalPlan, mode: ExplainMode, context: PlannerContext, signal: AbortSignal): Promise<string>;
}

/** What engine/spark/sql/parse.ts does. All throw `SparkError`. */
export interface SessionParser extends SqlParser {
  /** Statements divided by `;`. */
  statements(text: string, sqlArguments?: SqlArguments): readonly Command[];
  schema(text: string): Schema;
  type(text: string): DataType;
}

export interface SessionServices {
  readonly planner: QueryPlanner;
  readonly parser: SessionParser;
  readonly sources: SourceCatalog;
  readonly jobs: JobRunner;
}
