/** What messages leave as text, and who parses it. All throw `SparkError`. */
import type { Expression } from '../../plan/expression.ts';
import type { LogicalPlan } from '../../plan/logical.ts';
import type { DataType, Schema } from '../../plan/types.ts';

/** What `:name` and `?` in SQL text stand for. */
export interface SqlArguments {
  readonly named?: Readonly<Record<string, Expression>>;
  readonly positional?: readonly Expression[];
}

export interface TextParser {
  /** One query. */
  query(text: string, sqlArguments?: SqlArguments): LogicalPlan;
  /** A column list as in CREATE TABLE: `a INT, b STRING NOT NULL`. */
  schema(text: string): Schema;
  /** One type: `decimal(10,2)`. */
  type(text: string): DataType;
}
