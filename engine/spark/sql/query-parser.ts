/** Queries: WITH, set operations, SELECT and its clauses, ORDER BY … OFFSET. Plans come out in Spark's order of operators. */
import type { Expression } from '../plan/expression.ts';
import type { LogicalPlan } from '../plan/logical.ts';
import { parseExpression, parseNamedExpression } from './expression-parser.ts';
import { parseFrom } from './relation-parser.ts';
import type { TokenCursor } from './token-cursor.ts';
import { notSelectAlias, type Token } from './token.ts';
import { parseValues } from './values-parser.ts';
import { SparkError } from '../plan/spark-error.ts';
import { excerpt } from './syntax-error.ts';

/** Whether a query begins at the token so many ahead. */
export function atQuery(cursor: TokenCursor, ahead = 0): boolean {
  return cursor.atAnyWord(['SELECT', 'WITH', 'VALUES', 'TABLE', 'FROM'], ahead) && !cursor.atSymbol('.', ahead + 1);
}

export function parseQuery(cursor: TokenCursor): LogicalPlan {
  return cursor.nested(() => {
    const definitions = cursor.takeWords('WITH') ? commonTables(cursor) : [];
    const body = organised(cursor, setOperation(cursor));
    return definitions.length === 0 ? body : { kind: 'with', definitions, child: body };
  });
}

type Definition = Extract<LogicalPlan, { kind: 'with' }>['definitions'][number];

function commonTables(cursor: TokenCursor): readonly Definition[] {
  if (cursor.atWords('RECURSIVE') && cursor.atName(1)) throw cursor.unsupported(cursor.peek(), 'RECURSIVE_CTE', 'WITH RECURSIVE');
  const seen = new Set<string>();
  return cursor.list(() => {
    const first = cursor.peek();
    const name = cursor.name('the name of a common table expression');
    if (seen.has(name.toLowerCase())) throw cursor.failure(first, `the name ${name} is defined twice in WITH`);
    seen.add(name.toLowerCase());
    const columns = cursor.atSymbol('(') ? nameList(cursor) : undefined;
    cursor.takeWords('AS');
    const plan = cursor.parenthesised(() => parseQuery(cursor));
    return columns === undefined ? { name, plan } : { name, columns, plan };
  });
}

export function nameList(cursor: TokenCursor): readonly string[] {
  return cursor.parenthesised(() => cursor.list(() => cursor.name()));
}

/** UNION chains; each branch may be a query in parentheses. */
function setOperation(cursor: TokenCursor): LogicalPlan {
  let left = queryTerm(cursor);
  for (;;) {
    const token = cursor.peek();
    if (cursor.atAnyWord(['INTERSECT', 'EXCEPT', 'MINUS', 'SETMINUS'])) {
      throw cursor.unsupported(token, 'SET_OPERATION', `${token.value}; use LEFT SEMI or LEFT ANTI JOIN`);
    }
    if (!cursor.takeWords('UNION')) return left;
    const all = cursor.takeWords('ALL');
    if (!all) cursor.takeWords('DISTINCT');
    const union: LogicalPlan = { kind: 'union', left, right: queryTerm(cursor), byName: false, allowMissingColumns: false };
    left = all ? union : { kind: 'deduplicate', child: union, columns: [] };
  }
}

function queryTerm(cursor: TokenCursor): LogicalPlan {
  const first = cursor.peek();
  if (cursor.atSymbol('(')) return cursor.parenthesised(() => parseQuery(cursor));
  if (cursor.atWords('SELECT')) return select(cursor);
  if (cursor.takeWords('VALUES')) return parseValues(cursor, first);
  if (cursor.takeWords('TABLE')) return { kind: 'table', name: cursor.qualifiedName('the name of a table'), origin: cursor.originFrom(first) };
  if (cursor.atWords('FROM')) throw cursor.unsupported(first, 'FROM_FIRST', 'a query that begins with FROM; begin with SELECT');
  throw cursor.unexpected('SELECT, VALUES, TABLE, WITH or a query in parentheses');
}

function select(cursor: TokenCursor): LogicalPlan {
  cursor.expectWords('SELECT');
  const hints = parseHints(cursor);
  const distinct = setQuantifier(cursor);
  if (cursor.atWords('TRANSFORM') && cursor.atSymbol('(', 1)) throw cursor.unsupported(cursor.peek(), 'TRANSFORM_CLAUSE', 'SELECT TRANSFORM');
  const output = cursor.list(() => parseNamedExpression(cursor, notSelectAlias));
  let plan: LogicalPlan = cursor.takeWords('FROM') ? parseFrom(cursor) : { kind: 'oneRow' };
  refuseClauses(cursor, ['LATERAL', 'PIVOT', 'UNPIVOT']);
  if (cursor.takeWords('WHERE')) plan = { kind: 'filter', child: plan, condition: parseExpression(cursor) };
  plan = projected(cursor, plan, output);
  refuseClauses(cursor, ['WINDOW', 'QUALIFY']);
  if (distinct) plan = { kind: 'deduplicate', child: plan, columns: [] };
  return hints.reduceRight<LogicalPlan>((child, hint) => ({ kind: 'hint', child, ...hint }), plan);
}

function setQuantifier(cursor: TokenCursor): boolean {
  if (cursor.atSymbol(',', 1) || cursor.atSymbol('.', 1)) return false;
  if (cursor.takeWords('ALL')) return false;
  return cursor.takeWords('DISTINCT');
}

function refuseClauses(cursor: TokenCursor, clauses: readonly string[]): void {
  if (cursor.atAnyWord(clauses)) throw cursor.unsupported(cursor.peek(), `${cursor.peek().value}_CLAUSE`, cursor.peek().value);
}

/** GROUP BY and HAVING, or a plain select list. HAVING alone makes one group of all rows. */
function projected(cursor: TokenCursor, child: LogicalPlan, output: readonly Expression[]): LogicalPlan {
  const groups = cursor.takeClause('GROUP') ? groupList(cursor) : undefined;
  const having = cursor.takeWords('HAVING') ? parseExpression(cursor) : undefined;
  if (groups === undefined && having === undefined) return { kind: 'project', child, expressions: output };
  const aggregate: LogicalPlan = { kind: 'aggregate', child, groups: groups ?? [], aggregates: output, outputGroups: false };
  return having === undefined ? aggregate : { kind: 'having', child: aggregate, condition: having };
}

function groupList(cursor: TokenCursor): readonly Expression[] {
  const groups = cursor.list(() => {
    const token = cursor.peek();
    const sets = cursor.atWords('GROUPING', 'SETS') || (cursor.atAnyWord(['CUBE', 'ROLLUP']) && cursor.atSymbol('(', 1));
    if (sets) throw cursor.unsupported(token, 'GROUPING_SETS', `${token.value} in GROUP BY; UNION ALL the groupings`);
    return parseExpression(cursor);
  });
  if (cursor.atWords('WITH', 'CUBE') || cursor.atWords('WITH', 'ROLLUP') || cursor.atWords('GROUPING', 'SETS')) {
    throw cursor.unsupported(cursor.peek(), 'GROUPING_SETS', 'WITH CUBE, WITH ROLLUP or GROUPING SETS in GROUP BY; UNION ALL the groupings');
  }
  return groups;
}

interface Hint {
  readonly name: string;
  readonly arguments: readonly Expression[];
}

/** `/*+ BROADCAST(t), REPARTITION(3) … `, any number of them. */
function parseHints(cursor: TokenCursor): readonly Hint[] {
  const hints: Hint[] = [];
  while (cursor.takeSymbol('/*+')) {
    while (!cursor.atSymbol('*/')) {
      const name = cursor.name('the name of a hint');
      const empty = cursor.atSymbol('(') && cursor.atSymbol(')', 1);
      const operands = !cursor.atSymbol('(') ? [] : cursor.parenthesised(() => (empty ? [] : cursor.list(() => parseExpression(cursor))));
      hints.push({ name, arguments: operands });
      cursor.takeSymbol(',');
    }
    cursor.next();
  }
  return hints;
}

/** ORDER BY, CLUSTER BY, DISTRIBUTE BY, SORT BY, LIMIT, OFFSET over a whole query. The offset applies before the limit. */
function organised(cursor: TokenCursor, query: LogicalPlan): LogicalPlan {
  let plan = query;
  if (cursor.takeClause('ORDER')) plan = { kind: 'sort', child: plan, order: sortOrders(cursor), global: true };
  if (cursor.takeClause('CLUSTER')) {
    const by = cursor.list(() => parseExpression(cursor));
    plan = { kind: 'sort', child: { kind: 'repartition', child: plan, by }, order: by.map((child) => ({ kind: 'sortOrder', child, direction: 'asc', nulls: 'first' })), global: false };
  }
  if (cursor.takeClause('DISTRIBUTE')) plan = { kind: 'repartition', child: plan, by: cursor.list(() => parseExpression(cursor)) };
  if (cursor.takeClause('SORT')) plan = { kind: 'sort', child: plan, order: sortOrders(cursor), global: false };
  refuseClauses(cursor, ['WINDOW']);
  const limit = cursor.takeWords('LIMIT') && !cursor.takeWords('ALL') ? rowCount(cursor, 'LIMIT') : undefined;
  const offset = cursor.takeWords('OFFSET') ? rowCount(cursor, 'OFFSET') : undefined;
  if (cursor.atSymbol('|>')) throw cursor.unsupported(cursor.peek(), 'PIPE_SYNTAX', 'the pipe operator |>');
  if (offset !== undefined) plan = { kind: 'offset', child: plan, count: offset };
  return limit === undefined ? plan : { kind: 'limit', child: plan, count: limit };
}

export function sortOrders(cursor: TokenCursor): readonly Expression[] {
  return cursor.list(() => {
    const first = cursor.peek();
    const child = parseExpression(cursor);
    const descending = cursor.takeWords('DESC');
    if (!descending) cursor.takeWords('ASC');
    let nulls: 'first' | 'last' = descending ? 'last' : 'first';
    if (cursor.takeWords('NULLS')) {
      if (cursor.takeWords('FIRST')) nulls = 'first';
      else if (cursor.takeWords('LAST')) nulls = 'last';
      else throw cursor.unexpected('FIRST or LAST');
    }
    return { kind: 'sortOrder', child, direction: descending ? 'desc' : 'asc', nulls, origin: cursor.originFrom(first) };
  });
}

/** Spark's plans count rows in 32 bits. */
const rowCountMax = 2 ** 31 - 1;

function rowCount(cursor: TokenCursor, clause: string): number {
  const first: Token = cursor.peek();
  const expression = parseExpression(cursor);
  if (expression.kind === 'parameter') throw cursor.unsupported(first, 'PARAMETER', `a parameter in ${clause} without a value at the time of parsing`);
  const value = expression.kind === 'literal' && ['byte', 'short', 'int', 'long'].includes(expression.type.kind) ? Number(expression.value) : undefined;
  if (value !== undefined && value >= 0 && value <= rowCountMax) return value;
  const negative = value !== undefined && value < 0;
  const origin = cursor.originFrom(first);
  throw new SparkError({
    errorClass: `INVALID_LIMIT_LIKE_EXPRESSION.${negative ? 'IS_NEGATIVE' : 'DATA_TYPE'}`, sqlState: '42K0E',
    message: `The ${clause.toLowerCase()} expression is invalid: it must be a whole number from 0 to ${rowCountMax}, written as a literal or given as an argument.`,
    origin, excerpt: excerpt(cursor.text, origin),
  });
}

