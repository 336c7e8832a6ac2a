/** Walking and rewriting plans, for the rules. */
import type { Named, ResolvedExpression, ResolvedPlan } from '../resolved.ts';
import { childrenOf, rewrite, withChildren } from '../resolved.ts';

/** Applies a change to every node, children first. */
export function bottomUp(plan: ResolvedPlan, change: (node: ResolvedPlan) => ResolvedPlan): ResolvedPlan {
  const before = childrenOf(plan);
  const after = before.map((child) => bottomUp(child, change));
  return change(after.every((child, i) => child === before[i]) ? plan : withChildren(plan, after));
}

/** Puts what attributes stand for in their place. */
export function substitute(expression: ResolvedExpression, values: ReadonlyMap<number, ResolvedExpression>): ResolvedExpression {
  return rewrite(expression, (part) => (part.kind === 'attribute' ? values.get(part.id) ?? part : part));
}

export const valuesOf = (list: readonly Named[]): ReadonlyMap<number, ResolvedExpression> =>
  new Map(list.map((named) => [named.attribute.id, named.expression]));

/** The node with each of its expressions changed. */
export function mapExpressions(plan: ResolvedPlan, change: (expression: ResolvedExpression) => ResolvedExpression): ResolvedPlan {
  switch (plan.kind) {
    case 'project': return { ...plan, list: plan.list.map((named) => ({ ...named, expression: change(named.expression) })) };
    case 'filter': return { ...plan, condition: change(plan.condition) };
    case 'join': return plan.condition === undefined ? plan : { ...plan, condition: change(plan.condition) };
    case 'sort': return { ...plan, keys: plan.keys.map((key) => ({ ...key, expression: change(key.expression) })) };
    case 'aggregate': return {
      ...plan,
      groups: plan.groups.map((named) => ({ ...named, expression: change(named.expression) })),
      aggregates: plan.aggregates.map((named) => ({ ...named, call: { ...named.call, arguments: named.call.arguments.map(change),
        ...(named.call.filter === undefined ? {} : { filter: change(named.call.filter) }) } })),
    };
    case 'values': return { ...plan, rows: plan.rows.map((row) => row.map(change)) };
    case 'repartition': return { ...plan, by: plan.by.map(change) };
    default: return plan;
  }
}
