import { parseDataType, parseExpression, parseQuery, parseStatements, parseTableSchema } from '../sql/parse.ts';
import type { SessionParser } from './session-services.ts';

/** The parser of Spark SQL, as sessions use it. */
export const sqlParser: SessionParser = {
  query: (text, sqlArguments) => parseQuery(text, sqlArguments),
  expression: (text) => parseExpression(text),
  statements: (text, sqlArguments) => parseStatements(text, sqlArguments),
  schema: parseTableSchema,
  type: parseDataType,
};
