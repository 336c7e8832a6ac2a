/** What messages leave as text, and who parses it. */
import type { DataType, Schema } from '../../plan/types.ts';

export interface TextParser {
  /** A column list as in CREATE TABLE: `a INT, b STRING NOT NULL`. */
  schema(text: string): Schema;
  /** One type: `decimal(10,2)`. */
  type(text: string): DataType;
}
