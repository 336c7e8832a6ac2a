/** FROM: tables, files, subqueries, inline tables, range(), and joins between them. */
import type { Expression } from '../plan/expression.ts';
import type { JoinType, LogicalPlan } from '../plan/logical.ts';
import { parseExpression } from './expression-parser.ts';
import { atQuery, nameList, parseQuery } from './query-parser.ts';
import type { TokenCursor } from './token-cursor.ts';
import { notTableAlias, type Token } from './token.ts';
import { parseValues } from './values-parser.ts';

/** FROM is consumed. Relations with commas between join without a condition. */
export function parseFrom(cursor: TokenCursor): LogicalPlan {
  return cursor.list(() => parseRelation(cursor)).reduce((left, right) => ({ kind: 'join', left, right, type: 'inner', using: [] }));
}

/** One relation and the joins that follow it. */
function parseRelation(cursor: TokenCursor): LogicalPlan {
  return cursor.nested(() => {
    let left = primary(cursor);
    for (let join = joinAt(cursor); join !== undefined; join = joinAt(cursor)) {
      const first = cursor.peek();
      for (let token = 0; token < join.tokens; token += 1) cursor.next();
      const right = primary(cursor);
      left = { kind: 'join', left, right, type: join.type, ...joinCriteria(cursor, join, first), ...(join.natural ? { natural: true } : {}) };
    }
    if (cursor.atAnyWord(['PIVOT', 'UNPIVOT']) && cursor.atSymbol('(', 1)) throw cursor.unsupported(cursor.peek(), `${cursor.peek().value}_CLAUSE`, cursor.peek().value);
    return left;
  });
}

interface JoinHead {
  readonly type: JoinType;
  readonly natural: boolean;
  readonly tokens: number;
}

const joinHeads: readonly (readonly [JoinType, readonly string[]])[] = [
  ['inner', ['JOIN']], ['inner', ['INNER', 'JOIN']], ['cross', ['CROSS', 'JOIN']],
  ['left', ['LEFT', 'JOIN']], ['left', ['LEFT', 'OUTER', 'JOIN']], ['right', ['RIGHT', 'JOIN']], ['right', ['RIGHT', 'OUTER', 'JOIN']],
  ['full', ['FULL', 'JOIN']], ['full', ['FULL', 'OUTER', 'JOIN']],
  ['semi', ['SEMI', 'JOIN']], ['semi', ['LEFT', 'SEMI', 'JOIN']], ['anti', ['ANTI', 'JOIN']], ['anti', ['LEFT', 'ANTI', 'JOIN']],
];
const joinWords = new Set(['JOIN', 'INNER', 'CROSS', 'LEFT', 'RIGHT', 'FULL', 'SEMI', 'ANTI', 'NATURAL']);

function joinAt(cursor: TokenCursor): JoinHead | undefined {
  if (!cursor.atAnyWord(joinWords)) return undefined;
  const natural = cursor.atWords('NATURAL');
  const prefix = natural ? ['NATURAL'] : [];
  const found = joinHeads.find(([, words]) => cursor.atWords(...prefix, ...words));
  if (found === undefined) {
    cursor.next();
    throw cursor.unexpected('JOIN');
  }
  return { type: found[0], natural, tokens: found[1].length + prefix.length };
}

function joinCriteria(cursor: TokenCursor, join: JoinHead, first: Token): { readonly condition?: Expression; readonly using: readonly string[] } {
  const criteria = cursor.peek();
  if (cursor.takeWords('ON')) {
    if (join.natural) throw cursor.failure(criteria, 'a NATURAL join takes no ON');
    return { condition: parseExpression(cursor), using: [] };
  }
  if (cursor.takeWords('USING')) {
    if (join.natural) throw cursor.failure(criteria, 'a NATURAL join takes no USING');
    return { using: nameList(cursor) };
  }
  if (join.natural && join.type === 'cross') throw cursor.failure(first, 'NATURAL CROSS JOIN is a contradiction');
  return { using: [] };
}

function primary(cursor: TokenCursor): LogicalPlan {
  const first = cursor.peek();
  if (cursor.atWords('LATERAL')) throw cursor.unsupported(first, 'LATERAL_JOIN', 'LATERAL');
  if (cursor.atSymbol('(')) return cursor.nested(() => inParentheses(cursor));
  if (cursor.atWords('VALUES') && !cursor.atSymbol('.', 1)) {
    cursor.next();
    return parseValues(cursor, first);
  }
  if (cursor.atName() && cursor.atSymbol('(', 1)) return aliased(cursor, tableFunction(cursor, first));
  if (notTableAlias.has(first.value) && first.kind === 'word' && !cursor.atSymbol('.', 1)) throw cursor.unexpected('a table, a subquery or VALUES');
  const name = cursor.qualifiedName('a table, a subquery or VALUES');
  if (cursor.atWords('FOR') || cursor.atWords('VERSION', 'AS', 'OF') || cursor.atWords('TIMESTAMP', 'AS', 'OF')) {
    throw cursor.unsupported(cursor.peek(), 'TIME_TRAVEL', 'reading a table as of a version or time');
  }
  return aliased(cursor, { kind: 'table', name, origin: cursor.originFrom(first) });
}

/** `(query)` or `(relation)`; a parenthesis may begin either, at any depth. */
function inParentheses(cursor: TokenCursor): LogicalPlan {
  let ahead = 1;
  while (cursor.atSymbol('(', ahead)) ahead += 1;
  const query = atQuery(cursor, ahead);
  // ((SELECT …) UNION …) is a query, ((SELECT …) a JOIN …) a relation: only the deepest query tells nothing, so try what follows it.
  if (query && (ahead === 1 || queryContinues(cursor, ahead))) return aliased(cursor, cursor.parenthesised(() => parseQuery(cursor)));
  return aliased(cursor, cursor.parenthesised(() => parseFrom(cursor)));
}

/** Whether the inner parenthesis that opens second is followed by what only a query has (UNION, ORDER BY, LIMIT …, or its end). */
function queryContinues(cursor: TokenCursor, ahead: number): boolean {
  let depth = ahead - 1;
  let at = ahead;
  for (; depth > 0 && cursor.peek(at).kind !== 'end'; at += 1) {
    if (cursor.atSymbol('(', at)) depth += 1;
    else if (cursor.atSymbol(')', at)) depth -= 1;
  }
  return cursor.atSymbol(')', at) || cursor.atAnyWord(['UNION', 'INTERSECT', 'EXCEPT', 'MINUS', 'SETMINUS', 'ORDER', 'SORT', 'CLUSTER', 'DISTRIBUTE', 'LIMIT', 'OFFSET'], at);
}

export interface TableAlias {
  readonly name: string;
  readonly columns?: readonly string[];
}

/** `[AS] t [(a, b)]`. */
export function tableAlias(cursor: TokenCursor): TableAlias | undefined {
  const name = cursor.takeWords('AS') ? cursor.name('an alias') : cursor.implicitAlias(notTableAlias);
  if (name === undefined) return undefined;
  return cursor.atSymbol('(') ? { name, columns: nameList(cursor) } : { name };
}

function aliased(cursor: TokenCursor, child: LogicalPlan): LogicalPlan {
  if (cursor.atWords('TABLESAMPLE')) throw cursor.unsupported(cursor.peek(), 'TABLESAMPLE', 'TABLESAMPLE');
  const alias = tableAlias(cursor);
  if (cursor.atWords('TABLESAMPLE')) throw cursor.unsupported(cursor.peek(), 'TABLESAMPLE', 'TABLESAMPLE');
  if (alias === undefined) return child;
  const named = { kind: 'subqueryAlias' as const, child, alias: alias.name };
  return alias.columns === undefined ? named : { ...named, columns: alias.columns };
}

/** range(end), range(start, end [, step [, partitions]]): whole numbers as literals. */
function tableFunction(cursor: TokenCursor, first: Token): LogicalPlan {
  const name = cursor.name().toLowerCase();
  if (name !== 'range') throw cursor.unsupported(first, 'TABLE_FUNCTION', `the table function ${name}; only range is there`);
  const numbers = cursor.parenthesised(() => cursor.list(() => wholeNumber(cursor)));
  const [one = 0n, two, step = 1n, partitions] = numbers;
  if (numbers.length > 4) throw cursor.failure(first, 'range takes at most four arguments: start, end, step, partitions');
  if (step === 0n) throw cursor.failure(first, 'the step of range cannot be 0');
  if (partitions !== undefined && (partitions < 1n || partitions > 100_000n)) throw cursor.failure(first, 'range takes 1 to 100000 partitions');
  const range = { kind: 'range' as const, start: two === undefined ? 0n : one, end: two ?? one, step };
  return partitions === undefined ? range : { ...range, partitions: Number(partitions) };
}

function wholeNumber(cursor: TokenCursor): bigint {
  const first = cursor.peek();
  const expression = parseExpression(cursor);
  if (expression.kind === 'literal' && ['byte', 'short', 'int', 'long'].includes(expression.type.kind)) return BigInt(expression.value as number | bigint);
  throw cursor.failure(first, 'range takes whole numbers, written as literals or given as arguments');
}
