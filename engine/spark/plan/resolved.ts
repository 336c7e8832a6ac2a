/**
 * The resolved plan: what analysis makes of a LogicalPlan. Every column is an `Attribute` with an id that is
 * unique within the query; names no longer matter except for people. Plans are immutable values.
 */
import type { LiteralValue } from './expression.ts';
import type { JoinType } from './logical.ts';
import type { Source } from './source.ts';
import type { DataType } from './types.ts';

export interface Attribute {
  readonly kind: 'attribute';
  readonly id: number;
  readonly name: string;
  readonly type: DataType;
  readonly nullable: boolean;
}

export interface AggregateCall {
  readonly kind: 'aggregate';
  readonly name: string;
  readonly arguments: readonly ResolvedExpression[];
  readonly distinct: boolean;
  readonly filter?: ResolvedExpression;
  readonly type: DataType;
  readonly nullable: boolean;
}

export type ResolvedExpression =
  | { readonly kind: 'literal'; readonly value: LiteralValue; readonly type: DataType }
  | Attribute
  /** A row of the function table, its arguments already of the types the row wants. */
  | { readonly kind: 'call'; readonly name: string; readonly arguments: readonly ResolvedExpression[]; readonly type: DataType; readonly nullable: boolean }
  | { readonly kind: 'cast'; readonly child: ResolvedExpression; readonly type: DataType; readonly mode: 'ansi' | 'try'; readonly nullable: boolean }
  | { readonly kind: 'field'; readonly child: ResolvedExpression; readonly name: string; readonly type: DataType; readonly nullable: boolean }
  | AggregateCall;

export interface Named {
  readonly attribute: Attribute;
  readonly expression: ResolvedExpression;
}

export interface NamedAggregate {
  readonly attribute: Attribute;
  readonly call: AggregateCall;
}

export interface SortKey {
  readonly expression: ResolvedExpression;
  readonly direction: 'asc' | 'desc';
  readonly nulls: 'first' | 'last';
}

export type JoinHint = 'broadcastLeft' | 'broadcastRight' | 'shuffle';

export interface JoinPlan {
  readonly kind: 'join';
  readonly left: ResolvedPlan;
  readonly right: ResolvedPlan;
  readonly type: JoinType;
  readonly condition?: ResolvedExpression;
  readonly hint?: JoinHint;
}

export type ResolvedPlan =
  /** `attributes[i]` is the file's column `columns[i]`; filters hold on the scan's rows (over `attributes`). */
  | { readonly kind: 'scan'; readonly source: Source; readonly columns: readonly string[]; readonly attributes: readonly Attribute[] }
  /** An Arrow IPC stream; attribute i is its column i, cast to the attribute's type. */
  | { readonly kind: 'local'; readonly data: Uint8Array; readonly attributes: readonly Attribute[]; readonly columns: readonly number[] }
  | { readonly kind: 'values'; readonly rows: readonly (readonly ResolvedExpression[])[]; readonly attributes: readonly Attribute[] }
  | { readonly kind: 'range'; readonly start: bigint; readonly end: bigint; readonly step: bigint; readonly partitions?: number; readonly attribute: Attribute }
  | { readonly kind: 'project'; readonly child: ResolvedPlan; readonly list: readonly Named[] }
  | { readonly kind: 'filter'; readonly child: ResolvedPlan; readonly condition: ResolvedExpression }
  /** Output: the groups' attributes, then the aggregates'. */
  | { readonly kind: 'aggregate'; readonly child: ResolvedPlan; readonly groups: readonly Named[]; readonly aggregates: readonly NamedAggregate[] }
  | JoinPlan
  | { readonly kind: 'sort'; readonly child: ResolvedPlan; readonly keys: readonly SortKey[]; readonly global: boolean }
  | { readonly kind: 'limit'; readonly child: ResolvedPlan; readonly count: number; readonly offset: number }
  | { readonly kind: 'offset'; readonly child: ResolvedPlan; readonly count: number }
  /** Child j's output column i becomes attribute i. */
  | { readonly kind: 'union'; readonly children: readonly ResolvedPlan[]; readonly attributes: readonly Attribute[] }
  | { readonly kind: 'repartition'; readonly child: ResolvedPlan; readonly partitions?: number; readonly by: readonly ResolvedExpression[] };

/** Ids are handed out per query, from 1, so that the same query always plans to the same text. */
export class AttributeIds {
  #last = 0;

  next(name: string, type: DataType, nullable: boolean): Attribute {
    this.#last += 1;
    return { kind: 'attribute', id: this.#last, name, type, nullable };
  }
}

export function nullable(expression: ResolvedExpression): boolean {
  return expression.kind === 'literal' ? expression.value === null : expression.nullable;
}

/** The columns a plan yields, in order. */
export function outputOf(plan: ResolvedPlan): readonly Attribute[] {
  switch (plan.kind) {
    case 'scan': case 'local': case 'values': case 'union': return plan.attributes;
    case 'range': return [plan.attribute];
    case 'project': return plan.list.map((named) => named.attribute);
    case 'aggregate': return [...plan.groups, ...plan.aggregates].map((named) => named.attribute);
    case 'join': return joinOutput(plan);
    case 'filter': case 'sort': case 'limit': case 'offset': case 'repartition': return outputOf(plan.child);
  }
}

function joinOutput(plan: JoinPlan): readonly Attribute[] {
  const left = outputOf(plan.left);
  if (plan.type === 'semi' || plan.type === 'anti') return left;
  const right = outputOf(plan.right);
  const maybe = (attributes: readonly Attribute[], missing: boolean): readonly Attribute[] =>
    (missing ? attributes.map((attribute) => (attribute.nullable ? attribute : { ...attribute, nullable: true })) : attributes);
  return [...maybe(left, plan.type === 'right' || plan.type === 'full'), ...maybe(right, plan.type === 'left' || plan.type === 'full')];
}

export function childrenOf(plan: ResolvedPlan): readonly ResolvedPlan[] {
  switch (plan.kind) {
    case 'scan': case 'local': case 'values': case 'range': return [];
    case 'join': return [plan.left, plan.right];
    case 'union': return plan.children;
    default: return [plan.child];
  }
}

/** The same node over other children (as many as it had). */
export function withChildren(plan: ResolvedPlan, children: readonly ResolvedPlan[]): ResolvedPlan {
  const [first, second] = children;
  switch (plan.kind) {
    case 'scan': case 'local': case 'values': case 'range': return plan;
    case 'join': return { ...plan, left: first ?? plan.left, right: second ?? plan.right };
    case 'union': return { ...plan, children };
    default: return { ...plan, child: first ?? plan.child };
  }
}

export function subexpressions(expression: ResolvedExpression): readonly ResolvedExpression[] {
  switch (expression.kind) {
    case 'literal': case 'attribute': return [];
    case 'call': return expression.arguments;
    case 'cast': case 'field': return [expression.child];
    case 'aggregate': return expression.filter === undefined ? expression.arguments : [...expression.arguments, expression.filter];
  }
}

/** Rewrites bottom-up; `change` sees each node after its parts. */
export function rewrite(expression: ResolvedExpression, change: (part: ResolvedExpression) => ResolvedExpression): ResolvedExpression {
  const inner = (part: ResolvedExpression): ResolvedExpression => rewrite(part, change);
  switch (expression.kind) {
    case 'literal': case 'attribute': return change(expression);
    case 'call': return change({ ...expression, arguments: expression.arguments.map(inner) });
    case 'cast': case 'field': return change({ ...expression, child: inner(expression.child) });
    case 'aggregate':
      return change({ ...expression, arguments: expression.arguments.map(inner),
        ...(expression.filter === undefined ? {} : { filter: inner(expression.filter) }) });
  }
}

export function contains(expression: ResolvedExpression, test: (part: ResolvedExpression) => boolean): boolean {
  return test(expression) || subexpressions(expression).some((part) => contains(part, test));
}

/** Ids of the attributes an expression reads. */
export function references(expression: ResolvedExpression, into: Set<number> = new Set()): Set<number> {
  if (expression.kind === 'attribute') into.add(expression.id);
  for (const part of subexpressions(expression)) references(part, into);
  return into;
}

/** Text that is equal for expressions that mean the same: attributes by id, not by name. */
export function canonical(expression: ResolvedExpression): string {
  switch (expression.kind) {
    case 'literal': return `${expression.type.kind}:${String(expression.value)}`;
    case 'attribute': return `#${expression.id}`;
    case 'call': return `${expression.name}(${expression.arguments.map(canonical).join(',')})`;
    case 'cast': return `${expression.mode}(${canonical(expression.child)} as ${JSON.stringify(expression.type)})`;
    case 'field': return `${canonical(expression.child)}.${JSON.stringify(expression.name)}`;
    case 'aggregate': {
      const filter = expression.filter === undefined ? '' : ` filter ${canonical(expression.filter)}`;
      return `${expression.name}[${expression.distinct ? 'distinct ' : ''}${expression.arguments.map(canonical).join(',')}${filter}]`;
    }
  }
}

/** The parts of `a AND b AND c`. */
export function conjuncts(condition: ResolvedExpression): readonly ResolvedExpression[] {
  return condition.kind === 'call' && condition.name === 'and' ? condition.arguments.flatMap(conjuncts) : [condition];
}

export function conjunction(parts: readonly ResolvedExpression[]): ResolvedExpression {
  return parts.reduce((left, right) => ({
    kind: 'call', name: 'and', arguments: [left, right], type: { kind: 'boolean' }, nullable: nullable(left) || nullable(right),
  }));
}
