/**
 * Spark SQL text → the plan language. Hand-written: it starts at once, and its errors name what was expected.
 * All functions throw `SparkError` (PARSE_SYNTAX_ERROR, UNSUPPORTED_FEATURE.* and the classes of bad literals), and nothing else.
 */
import type { Expression } from '../plan/expression.ts';
import type { Command, LogicalPlan } from '../plan/logical.ts';
import { SparkError } from '../plan/spark-error.ts';
import type { DataType, Schema } from '../plan/types.ts';
import { parseNamedExpression } from './expression-parser.ts';
import { parseQuery as queryAt } from './query-parser.ts';
import { parseStatementAt } from './statement-parser.ts';
import { type SqlArguments, TokenCursor } from './token-cursor.ts';
import { notSelectAlias } from './token.ts';
import { parseFields, parseType } from './type-parser.ts';

export type { SqlArguments } from './token-cursor.ts';

/** Deepest tree that comes out, so that whoever walks it by recursion is safe. */
export const treeDepthMax = 1000;

/** Runs one parser over the whole text. */
function whole<T>(text: string, sqlArguments: SqlArguments, parse: (cursor: TokenCursor) => T): T {
  const cursor = new TokenCursor(text, sqlArguments);
  const result = parse(cursor);
  if (cursor.peek().kind !== 'end') throw cursor.unexpected('the end');
  checkDepth(result);
  return result;
}

/** Several statements with `;` between; empty ones are left out. Each error's place is that in the whole text. */
export function parseStatements(text: string, sqlArguments: SqlArguments = {}): readonly Command[] {
  return whole(text, sqlArguments, (cursor) => {
    const commands: Command[] = [];
    for (;;) {
      while (cursor.takeSymbol(';')) { /* an empty statement */ }
      if (cursor.peek().kind === 'end') return commands;
      commands.push(parseStatementAt(cursor));
      if (cursor.peek().kind !== 'end' && !cursor.atSymbol(';')) throw cursor.unexpected("';' or the end of the statement");
    }
  });
}

/** Exactly one statement; `;` may close it. */
export function parseStatement(text: string, sqlArguments: SqlArguments = {}): Command {
  return whole(text, sqlArguments, (cursor) => closed(cursor, parseStatementAt(cursor)));
}

/** Exactly one query. */
export function parseQuery(text: string, sqlArguments: SqlArguments = {}): LogicalPlan {
  return whole(text, sqlArguments, (cursor) => closed(cursor, queryAt(cursor)));
}

function closed<T>(cursor: TokenCursor, result: T): T {
  while (cursor.takeSymbol(';')) { /* closes the statement */ }
  return result;
}

/** One expression, with an alias if it has one: `expr('a + 1 AS b')`, `selectExpr`. */
export function parseExpression(text: string, sqlArguments: SqlArguments = {}): Expression {
  return whole(text, sqlArguments, (cursor) => parseNamedExpression(cursor, notSelectAlias));
}

/** `decimal(10,2)`, `array<struct<a:int>>`. */
export function parseDataType(text: string): DataType {
  return whole(text, {}, (cursor) => parseType(cursor));
}

/** `a INT, b STRING NOT NULL`, or `struct<a:int,b:string>`. */
export function parseTableSchema(ddl: string): Schema {
  return whole(ddl, {}, (cursor) => {
    if (!cursor.atWords('STRUCT') || !(cursor.atSymbol('<', 1) || cursor.atSymbol('<>', 1))) return parseFields(cursor);
    const type = parseType(cursor, 'refuse');
    return type.kind === 'struct' ? type.fields : [];
  });
}

/** Left-deep chains (`a + b + c …`, UNION …) need no recursion to parse, but every later step walks them by recursion. */
function checkDepth(root: unknown): void {
  const open: (readonly [node: object, depth: number])[] = typeof root === 'object' && root !== null ? [[root, 0]] : [];
  for (let top = open.pop(); top !== undefined; top = open.pop()) {
    const [node, depth] = top;
    if (depth > treeDepthMax) {
      throw new SparkError({
        errorClass: 'PARSE_SYNTAX_ERROR', sqlState: '42601',
        message: `The statement is nested more than ${treeDepthMax} levels deep, or chains more operators than that. Split it with temporary views.`,
      });
    }
    const inner = Array.isArray(node) ? depth : depth + 1;
    for (const child of Object.values(node)) {
      if (typeof child === 'object' && child !== null && !(child instanceof Uint8Array)) open.push([child, inner]);
    }
  }
}
