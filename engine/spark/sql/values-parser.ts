/** VALUES (1, 'a'), (2, 'b') [AS t(x, y)]: an inline table. */
import type { Expression } from '../plan/expression.ts';
import type { LogicalPlan } from '../plan/logical.ts';
import { SparkError } from '../plan/spark-error.ts';
import { parseExpression } from './expression-parser.ts';
import { tableAlias } from './relation-parser.ts';
import { excerpt } from './syntax-error.ts';
import type { TokenCursor } from './token-cursor.ts';
import type { Token } from './token.ts';

/** VALUES is consumed; `first` is its token. Rows of one column may go without parentheses. */
export function parseValues(cursor: TokenCursor, first: Token): LogicalPlan {
  const rows = cursor.list(() => rowOf(parseExpression(cursor)));
  const alias = tableAlias(cursor);
  const origin = cursor.originFrom(first);
  const width = rows[0]?.length ?? 0;
  const odd = rows.find((row) => row.length !== width);
  if (odd !== undefined) throw mismatch(cursor, first, `expected ${width} columns but found ${odd.length}`);
  if (alias?.columns !== undefined && alias.columns.length !== width) {
    throw mismatch(cursor, first, `${alias.columns.length} column names are given for ${width} columns`);
  }
  const names = alias?.columns ?? Array.from({ length: width }, (_, index) => `col${index + 1}`);
  const values: LogicalPlan = { kind: 'values', rows, names, origin };
  return alias === undefined ? values : { kind: 'subqueryAlias', child: values, alias: alias.name };
}

/** `(1, 2)` and `struct(1, 2)` are rows; anything else is a row of one column. */
function rowOf(expression: Expression): readonly Expression[] {
  if (expression.kind !== 'call' || expression.name !== 'struct') return [expression];
  return expression.arguments.map((each) => (each.kind === 'alias' ? each.child : each));
}

function mismatch(cursor: TokenCursor, first: Token, detail: string): SparkError {
  const origin = cursor.originFrom(first);
  return new SparkError({
    errorClass: 'INVALID_INLINE_TABLE.NUM_COLUMNS_MISMATCH', sqlState: '42000', message: `Invalid inline table: ${detail}.`,
    origin, excerpt: excerpt(cursor.text, { ...origin, stop: first.stop }),
  });
}
