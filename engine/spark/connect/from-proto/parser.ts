/** What messages leave as text, and who parses it. All throw `SparkError`. */
import type { SqlArguments } from '../../plan/context.ts';
import type { LogicalPlan } from '../../plan/logical.ts';
import type { DataType, Schema } from '../../plan/types.ts';

export interface TextParser {
  /** One query. */
  query(text: string, sqlArguments?: SqlArguments): LogicalPlan;
  /** A column list as in CREATE TABLE: `a INT, b STRING NOT NULL`. */
  schema(text: string): Schema;
  /** One type: `decimal(10,2)`. */
  type(text: string): DataType;
}
