/** Logical plan → resolved plan: one function per node, names to attributes. Pure; sources were described before (prepare.ts). */
import { castTo, typeOf } from '../coercion.ts';
import type { Expression } from '../expression.ts';
import { withOrigin } from '../functions/signature.ts';
import { functionRow } from '../functions/table.ts';
import type { LogicalPlan } from '../logical.ts';
import type { Named, ResolvedExpression, ResolvedPlan, SortKey } from '../resolved.ts';
import { nullable, outputOf, references } from '../resolved.ts';
import { SparkError } from '../spark-error.ts';
import { sqlTypeName } from '../types.ts';
import type { Analysed, Analysis, Environment, Reach } from './analysis.ts';
import { analyseAggregate, isAll } from './aggregate-analysis.ts';
import { condition, resolve } from './expression-analysis.ts';
import { analyseHint } from './hint-analysis.ts';
import { analyseJoin } from './join-analysis.ts';
import { analyseLocal, analyseRead, analyseValues, scopeOf } from './relations.ts';
import type { Scope, ScopeColumn } from './scope.ts';
import { find, quoted, unresolvedColumn, visible } from './scope.ts';
import { OutputList, itemAliased, itemExpression, resolvedName, selectItems } from './select-list.ts';
import { analyseUnion } from './union-analysis.ts';

type Node<K extends LogicalPlan['kind']> = Extract<LogicalPlan, { kind: K }>;

/** Analyses a node and remembers its scope for `df.column`. */
export function analyse(analysis: Analysis, plan: LogicalPlan, environment: Environment): Analysed {
  const analysed = analyseNode(analysis, plan, environment);
  if (plan.planId !== undefined) {
    analysis.byPlanId.set(plan.planId, [...(analysis.byPlanId.get(plan.planId) ?? []), analysed.scope]);
  }
  return analysed;
}

function analyseNode(analysis: Analysis, plan: LogicalPlan, environment: Environment): Analysed {
  const child = (node: { readonly child: LogicalPlan }): Analysed => analyse(analysis, node.child, environment);
  switch (plan.kind) {
    case 'table': return table(analysis, plan, environment);
    case 'read': return analyseRead(analysis, plan);
    case 'localArrow': return analyseLocal(analysis, plan);
    case 'values': return analyseValues(analysis, plan);
    case 'oneRow': return { plan: { kind: 'values', rows: [[]], attributes: [] }, scope: [] };
    case 'range': return range(analysis, plan);
    case 'project': return project(analysis, plan, child(plan));
    case 'withColumns': return withColumns(analysis, plan, child(plan));
    case 'rename': return rename(plan, child(plan));
    case 'toDF': return renamed(child(plan), plan.names, undefined);
    case 'drop': return drop(analysis, plan, child(plan));
    case 'filter': return filter(analysis, plan, child(plan));
    case 'aggregate': return analyseAggregate(analysis, child(plan), plan.groups, plan.aggregates, plan.outputGroups);
    case 'having': return having(analysis, plan, child(plan));
    case 'join': return analyseJoin(analysis, plan, analyse(analysis, plan.left, environment), analyse(analysis, plan.right, environment));
    case 'sort': return sort(analysis, plan, child(plan));
    case 'limit': return over(child(plan), (inner) => ({ kind: 'limit', child: inner, count: plan.count, offset: 0 }));
    case 'offset': return over(child(plan), (inner) => ({ kind: 'offset', child: inner, count: plan.count }));
    case 'union': return analyseUnion(analysis, plan, analyse(analysis, plan.left, environment), analyse(analysis, plan.right, environment));
    case 'deduplicate': return deduplicate(analysis, plan, child(plan));
    case 'subqueryAlias': return alias(analysis, plan, environment);
    case 'repartition': return repartition(analysis, plan, child(plan));
    case 'hint': return analyseHint(analysis, plan, environment, analyse);
    case 'with': return withDefinitions(analysis, plan, environment);
    case 'sqlText': throw new Error('SQL text was not parsed before analysis');
  }
}

/** A node that changes no column. */
function over(child: Analysed, make: (plan: ResolvedPlan) => ResolvedPlan): Analysed {
  return { ...withoutReach(child), plan: make(child.plan) };
}

function withoutReach({ plan, scope, broadcast, shuffle }: Analysed): Analysed {
  return { plan, scope, ...(broadcast === undefined ? {} : { broadcast }), ...(shuffle === undefined ? {} : { shuffle }) };
}

/** The plan with exactly the visible columns, in order. */
export function trimmed(analysed: Analysed): ResolvedPlan {
  const wanted = visible(analysed.scope).map((column) => column.attribute);
  const output = outputOf(analysed.plan);
  if (output.length === wanted.length && output.every((attribute, i) => attribute.id === wanted[i]?.id)) return analysed.plan;
  return { kind: 'project', child: analysed.plan, list: wanted.map((attribute) => ({ attribute, expression: attribute })) };
}

function table(analysis: Analysis, node: Node<'table'>, environment: Environment): Analysed {
  const key = node.name.length === 1 ? node.name[0]?.toLowerCase() ?? '' : '';
  const definition = environment.definitions.get(key);
  const name = node.name.at(-1) ?? '';
  if (definition !== undefined) {
    const inner = analyse(analysis, definition.plan, { ...definition.environment, expanding: environment.expanding });
    return hinted(renamed(inner, definition.columns, name), name, environment);
  }
  const view = analysis.views.get(key);
  if (view !== undefined) {
    if (environment.expanding.has(key)) throw new SparkError({ errorClass: 'RECURSIVE_VIEW', sqlState: '42K0H', message: `Recursive view ${quoted(node.name)} detected.`, ...withOrigin(node.origin) });
    const inner = analyse(analysis, view, { definitions: new Map(), hints: new Map(), expanding: new Set([...environment.expanding, key]) });
    return hinted(renamed(inner, undefined, name), name, environment);
  }
  const [format = '', path = ''] = node.name;
  if (node.name.length === 2 && isFormat(format)) {
    return hinted(analyseRead(analysis, { kind: 'read', format, paths: [path], options: {} }), name, environment);
  }
  throw new SparkError({
    errorClass: 'TABLE_OR_VIEW_NOT_FOUND', sqlState: '42P01',
    message: `The table or view ${quoted(node.name)} cannot be found. Verify the spelling and that the view was created in this session; files are read as parquet.\`path\`, csv.\`path\` or json.\`path\`.`,
    parameters: { relationName: quoted(node.name) }, ...withOrigin(node.origin),
  });
}

export const isFormat = (name: string): boolean => ['parquet', 'csv', 'json'].includes(name.toLowerCase());

function hinted(analysed: Analysed, name: string, environment: Environment): Analysed {
  const hint = environment.hints.get(name.toLowerCase());
  return hint === undefined ? analysed : { ...analysed, [hint]: true };
}

function withDefinitions(analysis: Analysis, node: Node<'with'>, environment: Environment): Analysed {
  const inside = node.definitions.reduce<Environment>((sofar, definition) => ({
    ...sofar,
    definitions: new Map([...sofar.definitions, [definition.name.toLowerCase(), { plan: definition.plan, columns: definition.columns, environment: sofar }]]),
  }), environment);
  return analyse(analysis, node.child, inside);
}

function alias(analysis: Analysis, node: Node<'subqueryAlias'>, environment: Environment): Analysed {
  return hinted(renamed(analyse(analysis, node.child, environment), node.columns, node.alias), node.alias, environment);
}

/** New names for the visible columns, and the qualifier they are reached by from now on. */
function renamed(child: Analysed, names: readonly string[] | undefined, qualifier: string | undefined): Analysed {
  const columns = visible(child.scope);
  if (names !== undefined && names.length !== columns.length) {
    throw new SparkError({ errorClass: 'ASSIGNMENT_ARITY_MISMATCH', sqlState: '42802', message: `The number of columns or variables assigned or aliased: ${names.length} does not match the number of source expressions: ${columns.length}.` });
  }
  return { ...withoutReach(child), scope: columns.map((column, i) => ({ ...column, name: names?.[i] ?? column.name, qualifier })) };
}

function range(analysis: Analysis, node: Node<'range'>): Analysed {
  const attribute = analysis.ids.next('id', { kind: 'long' }, false);
  const { start, end, step, partitions } = node;
  return { plan: { kind: 'range', start, end, step, attribute, ...(partitions === undefined ? {} : { partitions }) }, scope: scopeOf([attribute]) };
}

function project(analysis: Analysis, node: Node<'project'>, child: Analysed): Analysed {
  if (node.expressions.some(holdsAggregate)) return analyseAggregate(analysis, child, [], node.expressions, false);
  const names = { analysis, scope: child.scope, place: 'SELECT' };
  const list = new OutputList(analysis, child.scope);
  for (const item of selectItems(node.expressions, names)) {
    const resolved = itemExpression(item, (expression) => resolve(expression, names));
    list.add(resolvedName(item, resolved), resolved, itemAliased(item));
  }
  return projection(analysis, child, list.list, list.scope);
}

/** A projection through which ORDER BY and filters still reach the child's columns. */
function projection(analysis: Analysis, child: Analysed, list: readonly Named[], scope: Scope): Analysed {
  const reach: Reach = (expressions) => {
    const resolved = expressions.map((expression) => resolve(expression, { analysis, scope, below: child.scope, place: 'ORDER BY' }));
    const present = new Set(list.map((named) => named.attribute.id));
    const wanted = new Set(resolved.flatMap((expression) => [...references(expression)]).filter((id) => !present.has(id)));
    const extra = outputOf(child.plan).filter((attribute) => wanted.has(attribute.id));
    return { plan: { kind: 'project', child: child.plan, list: [...list, ...extra.map((attribute) => ({ attribute, expression: attribute }))] }, expressions: resolved };
  };
  return { ...withoutReach(child), plan: { kind: 'project', child: child.plan, list }, scope, reach };
}

function holdsAggregate(expression: Expression): boolean {
  switch (expression.kind) {
    case 'call': return functionRow(expression.name)?.kind === 'aggregate' || expression.arguments.some(holdsAggregate);
    case 'alias': case 'cast': case 'sortOrder': return holdsAggregate(expression.child);
    case 'extract': return holdsAggregate(expression.child) || holdsAggregate(expression.key);
    default: return false;
  }
}

function withColumns(analysis: Analysis, node: Node<'withColumns'>, child: Analysed): Analysed {
  const names = { analysis, scope: child.scope, place: 'withColumns' };
  const added = node.columns.map((column) => ({ name: column.name, expression: resolve(column.expression, names), used: false }));
  const list = new OutputList(analysis, child.scope);
  for (const column of visible(child.scope)) {
    const replacement = added.findLast((each) => each.name.toLowerCase() === column.name.toLowerCase());
    if (replacement === undefined) {
      list.add(column.name, column.attribute, false);
    } else {
      for (const each of added) each.used ||= each.name.toLowerCase() === column.name.toLowerCase();
      list.add(replacement.name, replacement.expression, true);
    }
  }
  for (const each of added) if (!each.used) list.add(each.name, each.expression, true);
  return projection(analysis, child, list.list, list.scope);
}

/** Names that are not there are left alone, as in Spark. */
function rename(node: Node<'rename'>, child: Analysed): Analysed {
  const names = new Map(node.renames.map((each) => [each.from.toLowerCase(), each.to]));
  return { ...withoutReach(child), scope: visible(child.scope).map((column) => ({ ...column, name: names.get(column.name.toLowerCase()) ?? column.name })) };
}

function drop(analysis: Analysis, node: Node<'drop'>, child: Analysed): Analysed {
  const names = new Set(node.names.map((name) => name.toLowerCase()));
  const ids = new Set(node.columns.flatMap((expression) => droppedIds(analysis, expression, child.scope)));
  return { ...withoutReach(child), scope: visible(child.scope).filter((column) => !names.has(column.name.toLowerCase()) && !ids.has(column.attribute.id)) };
}

function droppedIds(analysis: Analysis, expression: Expression, scope: Scope): readonly number[] {
  if (expression.kind === 'column' && expression.planId === undefined) {
    const match = find(scope, expression.name, expression.origin);
    return match === undefined ? [] : [match.column.attribute.id];
  }
  return [...references(resolve(expression, { analysis, scope, place: 'drop' }))];
}

function filter(analysis: Analysis, node: Node<'filter'>, child: Analysed): Analysed {
  try {
    const resolved = condition(node.condition, { analysis, scope: child.scope, place: 'WHERE' });
    const filtered = (plan: ResolvedPlan): ResolvedPlan => ({ kind: 'filter', child: plan, condition: resolved });
    const reach: Reach | undefined = child.reach && ((expressions) => {
      const below = child.reach?.(expressions) ?? { plan: child.plan, expressions: [] };
      return { plan: filtered(below.plan), expressions: below.expressions };
    });
    return { ...over(child, filtered), ...(reach === undefined ? {} : { reach }) };
  } catch (error) {
    if (reached(child, [node.condition], error) === undefined) throw error;
    return filterBelow(node.condition, child);
  }
}

/** A filter over what lies below; what stands above it reaches as far, with the filter put on again over the wider plan. */
function filterBelow(written: Expression, child: Analysed): Analysed {
  const reach: Reach = (expressions) => {
    const below = child.reach?.([written, ...expressions]);
    const [first = yes, ...rest] = below?.expressions ?? [];
    return { plan: { kind: 'filter', child: below?.plan ?? child.plan, condition: castTo(first, { kind: 'boolean' }) }, expressions: rest };
  };
  return { ...withoutReach(child), plan: reach([]).plan, reach };
}

const yes: ResolvedExpression = { kind: 'literal', value: true, type: { kind: 'boolean' } };

/** A second try over what lies below; the first error stands when that fails for lack of the same column. */
function reached(child: Analysed, expressions: readonly Expression[], error: unknown): ReturnType<Reach> | undefined {
  const name = error instanceof SparkError ? error.errorClass : '';
  if (child.reach === undefined || !/^UNRESOLVED_COLUMN|^CANNOT_RESOLVE_DATAFRAME_COLUMN|^INVALID_WHERE_CONDITION/.test(name)) return undefined;
  return child.reach(expressions);
}

function having(analysis: Analysis, node: Node<'having'>, child: Analysed): Analysed {
  const found = child.reach?.([node.condition]);
  const resolved = found?.expressions[0] ?? condition(node.condition, { analysis, scope: child.scope, place: 'HAVING' });
  if (typeOf(resolved).kind !== 'boolean' && typeOf(resolved).kind !== 'null') {
    throw new SparkError({ errorClass: 'DATATYPE_MISMATCH.FILTER_NOT_BOOLEAN', sqlState: '42K09', message: `HAVING requires the "BOOLEAN" type, however the expression has the type "${sqlTypeName(typeOf(resolved))}".` });
  }
  if (found !== undefined) return filterBelow(node.condition, child);
  return { ...withoutReach(child), plan: { kind: 'filter', child: child.plan, condition: castTo(resolved, { kind: 'boolean' }) } };
}

function sort(analysis: Analysis, node: Node<'sort'>, child: Analysed): Analysed {
  const columns = visible(child.scope);
  const orders = isAll(node.order, child.scope) ? columns.map((column) => orderLike(node.order[0], column)) : node.order;
  const byPosition = orders.map((order) => ordinal(order, columns));
  const open = orders.filter((_, i) => byPosition[i] === undefined);
  const found = sortExpressions(analysis, open, child);
  let next = 0;
  const keys = orders.map((order, i): SortKey => {
    const expression = byPosition[i] ?? found.expressions[next++] ?? yes;
    if (typeOf(expression).kind === 'map') throw new SparkError({ errorClass: 'DATATYPE_MISMATCH.INVALID_ORDERING_TYPE', sqlState: '42K09', message: 'Sorting by a MAP is not possible.', ...withOrigin(order.kind === 'sortOrder' ? order.origin : undefined) });
    return { expression, direction: order.kind === 'sortOrder' ? order.direction : 'asc', nulls: order.kind === 'sortOrder' ? order.nulls : 'first' };
  });
  return { ...withoutReach(child), plan: { kind: 'sort', child: found.plan, keys, global: node.global } };
}

const orderLike = (order: Expression | undefined, column: ScopeColumn): Expression => {
  const child: Expression = { kind: 'column', name: [`\0${column.attribute.id}`] };
  return order?.kind === 'sortOrder' ? { ...order, child } : child;
};

function sortExpressions(analysis: Analysis, orders: readonly Expression[], child: Analysed): ReturnType<Reach> {
  try {
    return { plan: child.plan, expressions: orders.map((order) => resolve(order, { analysis, scope: child.scope, place: 'ORDER BY' })) };
  } catch (error) {
    const below = reached(child, orders.map((order) => (order.kind === 'sortOrder' ? order.child : order)), error);
    if (below === undefined) throw error;
    return below;
  }
}

function ordinal(order: Expression, columns: Scope): ResolvedExpression | undefined {
  const expression = order.kind === 'sortOrder' ? order.child : order;
  if (expression.kind !== 'literal' || expression.type.kind !== 'int') return undefined;
  const column = columns[Number(expression.value) - 1];
  if (column !== undefined) return column.attribute;
  throw new SparkError({ errorClass: 'ORDER_BY_POS_OUT_OF_RANGE', sqlState: '42805', message: `ORDER BY position ${String(expression.value)} is not in select list (valid range is [1, ${columns.length}]).`, ...withOrigin(expression.origin) });
}

/** Whole rows: grouped by every column. By some columns: the first row of each group gives the others. */
function deduplicate(analysis: Analysis, node: Node<'deduplicate'>, child: Analysed): Analysed {
  const columns = visible(child.scope);
  const chosen = node.columns.length === 0 ? columns : node.columns.map((name) => {
    const match = find(child.scope, [name], undefined);
    if (match === undefined) throw unresolvedColumn(child.scope, [name], undefined);
    return match.column;
  });
  const broken = chosen.find((column) => column.attribute.type.kind === 'map');
  if (broken !== undefined) throw new SparkError({ errorClass: 'UNSUPPORTED_FEATURE.SET_OPERATION_ON_MAP_TYPE', sqlState: '0A000', message: `The column \`${broken.name}\` is a MAP, and rows cannot be compared by maps.` });
  const ids = new Set(chosen.map((column) => column.attribute.id));
  const groups = [...new Map(chosen.map((column) => [column.attribute.id, { attribute: column.attribute, expression: column.attribute }])).values()];
  const aggregates = columns.map((column) => column.attribute).filter((attribute, i, all) => !ids.has(attribute.id) && all.findIndex((each) => each.id === attribute.id) === i)
    .map((attribute) => ({ attribute, call: { kind: 'aggregate' as const, name: 'first', arguments: [attribute], distinct: false, type: attribute.type, nullable: nullable(attribute) } }));
  return { ...withoutReach(child), plan: { kind: 'aggregate', child: child.plan, groups, aggregates }, scope: columns };
}

function repartition(analysis: Analysis, node: Node<'repartition'>, child: Analysed): Analysed {
  const by = node.by.map((expression) => resolve(expression, { analysis, scope: child.scope, place: 'repartition' }));
  return over(child, (plan) => ({ kind: 'repartition', child: plan, by, ...(node.partitions === undefined ? {} : { partitions: node.partitions }) }));
}

