/** One kernel SELECT under construction: operators are added to it as long as SQL's order of clauses allows. */
import { expressionSql } from '../plan/functions/expression-sql.ts';
import { quoteName } from '../plan/functions/kernel-sql.ts';
import type { Attribute, Named, ResolvedExpression, SortKey } from '../plan/resolved.ts';

interface Column {
  readonly attribute: Attribute;
  /** Over `from`. */
  readonly sql: string;
}

export interface Select {
  readonly columns: readonly Column[];
  readonly from: string;
  readonly where: readonly string[];
  /** Defined: grouped (by nothing, when empty). */
  readonly groups?: readonly string[];
  readonly order?: string;
  readonly limit?: string;
  /** Every column is a name in `from`, so that expressions over the columns can be read as expressions over `from`. */
  readonly plain: boolean;
}

/** How an attribute is called inside a fragment: its name for people, its id for the kernel. */
export const attributeName = (attribute: Attribute): string => quoteName(`${attribute.name.replaceAll('\0', '')}#${attribute.id}`);

export function selectFrom(from: string, columns: readonly Column[], plain = true): Select {
  return { from, columns, where: [], plain };
}

function spelled(select: Select, expression: ResolvedExpression): string {
  return expressionSql(expression, (attribute) => {
    const column = select.columns.find((each) => each.attribute.id === attribute.id);
    if (column === undefined) throw new Error(`the column ${attribute.name}#${attribute.id} is not in reach`);
    return column.sql;
  });
}

/** The statement. Columns are named by `nameOf`; without columns there is one that nobody reads. */
function statement(select: Select, columns: readonly (readonly [sql: string, name: string])[]): string {
  const list = columns.length === 0 ? 'true AS "none"' : columns.map(([sql, name]) => (sql === name ? sql : `${sql} AS ${name}`)).join(', ');
  return [
    `SELECT ${list} FROM ${select.from}`,
    ...(select.where.length === 0 ? [] : [`WHERE ${select.where.join(' AND ')}`]),
    ...(select.groups === undefined || select.groups.length === 0 ? [] : [`GROUP BY ${select.groups.join(', ')}`]),
    ...(select.order === undefined ? [] : [`ORDER BY ${select.order}`]),
    ...(select.limit === undefined ? [] : [select.limit]),
  ].join(' ');
}

export function inner(select: Select): string {
  return `(${statement(select, select.columns.map(({ attribute, sql }) => [sql, attributeName(attribute)]))})`;
}

/** The select as a FROM of another one. */
export function wrapped(select: Select): Select {
  return selectFrom(inner(select), select.columns.map(({ attribute }) => ({ attribute, sql: attributeName(attribute) })));
}

/** The fragment's statement: the given attributes as `c0 …`. */
export function finished(select: Select, attributes: readonly Attribute[]): string {
  return statement(select, attributes.map((attribute, i) => [spelled(select, attribute), `c${i}`]));
}

export function filtered(select: Select, condition: ResolvedExpression): Select {
  const base = select.plain && select.groups === undefined && select.limit === undefined ? select : wrapped(select);
  return { ...base, where: [...base.where, spelled(base, condition)] };
}

export function projected(select: Select, list: readonly Named[]): Select {
  const base = select.plain && select.groups === undefined ? select : onlyPicks(list) ? select : wrapped(select);
  const columns = list.map(({ attribute, expression }) => ({ attribute, sql: spelled(base, expression) }));
  return { ...base, columns, plain: base.plain && base.groups === undefined && onlyPicks(list) };
}

const onlyPicks = (list: readonly Named[]): boolean => list.every((named) => named.expression.kind === 'attribute');

export function ordered(select: Select, keys: readonly SortKey[]): Select {
  const base = select.plain && select.groups === undefined && select.limit === undefined ? select : wrapped(select);
  const order = keys.map((key) => `${constantSafe(base, key.expression)} ${key.direction.toUpperCase()} NULLS ${key.nulls.toUpperCase()}`);
  return order.length === 0 ? base : { ...base, order: order.join(', ') };
}

export function limited(select: Select, count: number | undefined, offset: number): Select {
  const base = select.limit === undefined ? select : wrapped(select);
  const parts = [...(count === undefined ? [] : [`LIMIT ${count}`]), ...(offset === 0 ? [] : [`OFFSET ${offset}`])];
  return parts.length === 0 ? base : { ...base, limit: parts.join(' ') };
}

/** A literal number in ORDER BY or GROUP BY would count columns. */
function constantSafe(select: Select, expression: ResolvedExpression): string {
  const sql = spelled(select, expression);
  return expression.kind === 'literal' ? `coalesce(${sql})` : sql;
}

/** Group keys: -0.0 and 0.0 are one group, whose key is 0.0. */
function groupKey(select: Select, expression: ResolvedExpression): string {
  const sql = constantSafe(select, expression);
  return expression.type.kind === 'double' || expression.type.kind === 'float' ? `CASE WHEN ${sql} = 0 THEN ${expression.type.kind === 'double' ? '0e0' : 'CAST(0 AS FLOAT)'} ELSE ${sql} END` : sql;
}

export interface AggregateColumn {
  readonly attribute: Attribute;
  /** Kernel aggregate, given how expressions are spelled. */
  readonly sql: (spell: (expression: ResolvedExpression) => string) => string;
}

export function grouped(select: Select, groups: readonly Named[], aggregates: readonly AggregateColumn[]): Select {
  const base = select.plain && select.groups === undefined && select.limit === undefined && select.order === undefined ? select : wrapped(select);
  const keys = groups.map((group) => groupKey(base, group.expression));
  const columns = [
    ...groups.map((group, i) => ({ attribute: group.attribute, sql: keys[i] ?? '' })),
    ...aggregates.map((each) => ({ attribute: each.attribute, sql: each.sql((expression) => spelled(base, expression)) })),
  ];
  return { ...base, columns, groups: keys, plain: false };
}

/** Columns computed from the columns of a select by SQL text over their spellings. */
export function computed(select: Select, list: readonly { readonly attribute: Attribute; readonly sql: (spell: (attribute: Attribute) => string) => string }[]): Select {
  const base = select.plain ? select : wrapped(select);
  return { ...base, columns: list.map(({ attribute, sql }) => ({ attribute, sql: sql((each) => spelled(base, each)) })), plain: false };
}
