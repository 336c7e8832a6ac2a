/** GROUP BY: grouping expressions, aggregates lifted out of the select list, and what HAVING and ORDER BY may add. */
import { typeOf } from '../coercion.ts';
import type { Expression, Origin } from '../expression.ts';
import { expressionText } from '../expression-text.ts';
import { withOrigin } from '../functions/signature.ts';
import type { Attribute, Named, NamedAggregate, ResolvedExpression, ResolvedPlan } from '../resolved.ts';
import { canonical, nullable, references } from '../resolved.ts';
import { SparkError } from '../spark-error.ts';
import type { Analysed, Analysis, Reach } from './analysis.ts';
import type { Names } from './expression-analysis.ts';
import { hasAggregate, resolve } from './expression-analysis.ts';
import type { Scope } from './scope.ts';
import { find } from './scope.ts';
import type { SelectItem } from './select-list.ts';
import { OutputList, itemAliased, itemExpression, itemName, resolvedName, selectItems } from './select-list.ts';

/** Collects the aggregates of one GROUP BY and turns expressions over its input into expressions over its output. */
class Grouping {
  readonly #analysis: Analysis;
  readonly #groups = new Map<string, Named>();
  readonly #aggregates = new Map<string, NamedAggregate>();

  constructor(analysis: Analysis) {
    this.#analysis = analysis;
  }

  addGroup(name: string, expression: ResolvedExpression): void {
    const key = canonical(expression);
    if (this.#groups.has(key)) return;
    const attribute = expression.kind === 'attribute' ? expression : this.#analysis.ids.next(name, typeOf(expression), nullable(expression));
    this.#groups.set(key, { attribute, expression });
  }

  /** Throws MISSING_AGGREGATION for columns that are neither grouped nor aggregated. */
  lift(expression: ResolvedExpression, written: Expression, origin: Origin | undefined): ResolvedExpression {
    const group = this.#groups.get(canonical(expression));
    if (group !== undefined) return group.attribute;
    const inner = (part: ResolvedExpression): ResolvedExpression => this.lift(part, written, origin);
    switch (expression.kind) {
      case 'literal': return expression;
      case 'attribute': throw this.#missing(expression, written, origin);
      case 'call': return { ...expression, arguments: expression.arguments.map(inner) };
      case 'cast': case 'field': return { ...expression, child: inner(expression.child) };
      case 'aggregate': {
        const key = canonical(expression);
        const known = this.#aggregates.get(key);
        if (known !== undefined) return known.attribute;
        const attribute = this.#analysis.ids.next(expression.name, expression.type, expression.nullable);
        this.#aggregates.set(key, { attribute, call: expression });
        return attribute;
      }
    }
  }

  plan(child: ResolvedPlan): ResolvedPlan {
    return { kind: 'aggregate', child, groups: [...this.#groups.values()], aggregates: [...this.#aggregates.values()] };
  }

  #missing(attribute: Attribute, written: Expression, origin: Origin | undefined): SparkError {
    if (this.#groups.size === 0) {
      return new SparkError({ errorClass: 'MISSING_GROUP_BY', sqlState: '42803', message: `The query does not include a GROUP BY clause, but selects the column \`${attribute.name}\` beside an aggregate. Add GROUP BY or aggregate the column.`, ...withOrigin(origin) });
    }
    const text = expressionText(written);
    return new SparkError({
      errorClass: 'MISSING_AGGREGATION', sqlState: '42803',
      message: `The non-aggregating expression "${text}" is based on columns which are not participating in the GROUP BY clause. Add the columns or the expression to the GROUP BY, aggregate the expression, or use "any_value(${text})" if you do not care which of the values within a group is returned.`,
      parameters: { expression: `"${text}"`, expressionAnyValue: `"any_value(${text})"` }, ...withOrigin(origin),
    });
  }
}

const originOf = (expression: Expression): Origin | undefined => (expression.kind === 'text' ? undefined : expression.origin);

export function analyseAggregate(analysis: Analysis, child: Analysed, groups: readonly Expression[], outputs: readonly Expression[], outputGroups: boolean): Analysed {
  const names: Names = { analysis, scope: child.scope, aggregates: child.scope, place: 'SELECT' };
  const items = selectItems(outputs, names);
  const grouping = new Grouping(analysis);
  const grouped = groupExpressions(names, groups, items);
  for (const group of grouped) grouping.addGroup(group.name, group.expression);
  const list = new OutputList(analysis, child.scope);
  if (outputGroups) {
    for (const group of grouped) list.add(group.name, grouping.lift(group.expression, group.written, undefined), group.aliased);
  }
  for (const item of items) {
    const written = item.kind === 'column' ? { kind: 'column' as const, name: [item.column.name] } : item.expression;
    const resolved = itemExpression(item, (expression) => resolve(expression, names));
    list.add(resolvedName(item, resolved), grouping.lift(resolved, written, originOf(written)), itemAliased(item));
  }
  const planOf = (extra: readonly Named[]): ResolvedPlan => ({ kind: 'project', child: grouping.plan(child.plan), list: [...list.list, ...extra] });
  const plan = planOf([]);
  return { plan, scope: list.scope, reach: reachOver(analysis, grouping, child.scope, list.scope, planOf) };
}

/** Expressions above the GROUP BY: outputs first, then grouping expressions and aggregates over the input. */
function reachOver(analysis: Analysis, grouping: Grouping, input: Scope, output: Scope, planOf: (extra: readonly Named[]) => ResolvedPlan): Reach {
  return (expressions) => {
    const outputs = new Map(output.map((column) => [column.attribute.id, column.attribute]));
    const extra: Named[] = [];
    const expose = (expression: ResolvedExpression): Attribute => {
      if (expression.kind === 'attribute' && outputs.has(expression.id)) return expression;
      const attribute = expression.kind === 'attribute' ? expression : analysis.ids.next('ordering', typeOf(expression), nullable(expression));
      if (!extra.some((each) => each.attribute.id === attribute.id)) extra.push({ attribute, expression });
      return attribute;
    };
    const resolved = expressions.map((expression) => {
      const found = resolve(expression, { analysis, scope: output, below: input, aggregates: input, place: 'HAVING or ORDER BY' });
      return liftOver(found, outputs, (part) => expose(grouping.lift(part, expression, originOf(expression))));
    });
    return { plan: planOf(extra), expressions: resolved };
  };
}

/** Leaves outputs alone and lifts every other smallest part that holds an aggregate or an input column. */
function liftOver(expression: ResolvedExpression, outputs: ReadonlyMap<number, Attribute>, lift: (part: ResolvedExpression) => ResolvedExpression): ResolvedExpression {
  if (expression.kind === 'aggregate') return lift(expression);
  const ids = references(expression);
  if (ids.size === 0 && !hasAggregate(expression)) return expression;
  if (!hasAggregate(expression) && [...ids].every((id) => outputs.has(id))) return expression;
  if (![...ids].some((id) => outputs.has(id)) && !hasAggregate(expression)) return lift(expression);
  const inner = (part: ResolvedExpression): ResolvedExpression => liftOver(part, outputs, lift);
  switch (expression.kind) {
    case 'call': return { ...expression, arguments: expression.arguments.map(inner) };
    case 'cast': case 'field': return { ...expression, child: inner(expression.child) };
    default: return lift(expression);
  }
}

interface Group {
  readonly name: string;
  readonly expression: ResolvedExpression;
  readonly written: Expression;
  readonly aliased: boolean;
}

/** Ordinals, names of the input, names of the select list, and ALL. */
function groupExpressions(names: Names, groups: readonly Expression[], items: readonly SelectItem[]): readonly Group[] {
  const place: Names = { analysis: names.analysis, scope: names.scope, place: 'GROUP BY' };
  if (isAll(groups, names.scope)) {
    return items.flatMap((item) => {
      const expression = itemExpression(item, (each) => resolve(each, names));
      return hasAggregate(expression) ? [] : [{ name: itemName(item), expression, written: written(item), aliased: itemAliased(item) }];
    });
  }
  return selectItems(groups, names).map((group): Group => {
    if (group.kind === 'column') return { name: group.column.name, expression: group.column.attribute, written: written(group), aliased: false };
    const item = ordinalItem(group.expression, items) ?? aliasItem(group.expression, names.scope, items);
    if (item === undefined) return { name: group.name, expression: resolve(group.expression, place), written: group.expression, aliased: group.aliased };
    return { name: itemName(item), expression: itemExpression(item, (each) => resolve(each, place)), written: written(item), aliased: true };
  });
}

const written = (item: SelectItem): Expression => (item.kind === 'column' ? { kind: 'column', name: [item.column.name] } : item.expression);

/** GROUP BY ALL and ORDER BY ALL, unless a column has that name. */
export function isAll(expressions: readonly Expression[], scope: Scope): boolean {
  const [only] = expressions;
  const column = only?.kind === 'sortOrder' ? only.child : only;
  return expressions.length === 1 && column?.kind === 'column' && column.name.length === 1 && column.name[0]?.toUpperCase() === 'ALL'
    && find(scope, column.name, undefined) === undefined;
}

function ordinalItem(expression: Expression, items: readonly SelectItem[]): SelectItem | undefined {
  if (expression.kind !== 'literal' || expression.type.kind !== 'int') return undefined;
  const item = items[Number(expression.value) - 1];
  if (item !== undefined) return item;
  throw new SparkError({ errorClass: 'GROUP_BY_POS_OUT_OF_RANGE', sqlState: '42805', message: `GROUP BY position ${String(expression.value)} is not in select list (valid range is [1, ${items.length}]).`, ...withOrigin(expression.origin) });
}

/** A name that the input does not know but the select list gives. */
function aliasItem(expression: Expression, scope: Scope, items: readonly SelectItem[]): SelectItem | undefined {
  if (expression.kind !== 'column' || expression.name.length !== 1 || expression.planId !== undefined) return undefined;
  if (find(scope, expression.name, expression.origin) !== undefined) return undefined;
  return items.find((item) => itemAliased(item) && itemName(item).toLowerCase() === expression.name[0]?.toLowerCase());
}
