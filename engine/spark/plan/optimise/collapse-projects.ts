/** Two projections in a row become one, unless that would compute something twice; projections that change nothing go away. */
import type { Named, ResolvedPlan } from '../resolved.ts';
import { outputOf, subexpressions } from '../resolved.ts';
import type { ResolvedExpression } from '../resolved.ts';
import { bottomUp, substitute, valuesOf } from './transform.ts';

export function collapseProjects(plan: ResolvedPlan): ResolvedPlan {
  return bottomUp(plan, (node) => {
    if (node.kind !== 'project') return node;
    const { child } = node;
    if (child.kind === 'project' && !computesTwice(node.list, child.list)) {
      const values = valuesOf(child.list);
      return withoutIdentity({ ...node, child: child.child, list: node.list.map((named) => ({ ...named, expression: substitute(named.expression, values) })) });
    }
    return withoutIdentity(node);
  });
}

function withoutIdentity(node: Extract<ResolvedPlan, { kind: 'project' }>): ResolvedPlan {
  const output = outputOf(node.child);
  const same = output.length === node.list.length
    && node.list.every(({ attribute, expression }, i) => expression.kind === 'attribute' && expression.id === attribute.id && expression.id === output[i]?.id);
  return same ? node.child : node;
}

function computesTwice(outer: readonly Named[], inner: readonly Named[]): boolean {
  const uses = new Map<number, number>();
  for (const named of outer) countUses(named.expression, uses);
  return inner.some((named) => subexpressions(named.expression).length > 0 && (uses.get(named.attribute.id) ?? 0) > 1);
}

function countUses(expression: ResolvedExpression, uses: Map<number, number>): void {
  if (expression.kind === 'attribute') uses.set(expression.id, (uses.get(expression.id) ?? 0) + 1);
  for (const part of subexpressions(expression)) countUses(part, uses);
}
