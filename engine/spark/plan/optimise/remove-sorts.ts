/** A sort whose order nothing above can see is not made: below grouping, joins and other sorts. */
import type { ResolvedPlan } from '../resolved.ts';
import { functionRow } from '../functions/table.ts';
import { childrenOf, withChildren } from '../resolved.ts';

export function removeSorts(plan: ResolvedPlan): ResolvedPlan {
  return visit(plan, true);
}

/** Aggregates whose answer follows the order of rows. */
const ordered = new Set(['first', 'last', 'collect_list']);

function visit(plan: ResolvedPlan, orderMatters: boolean): ResolvedPlan {
  switch (plan.kind) {
    case 'sort': return orderMatters ? { ...plan, child: visit(plan.child, false) } : visit(plan.child, false);
    case 'aggregate': {
      const follows = plan.aggregates.some((each) => ordered.has(functionRow(each.call.name)?.names[0] ?? ''));
      return { ...plan, child: visit(plan.child, follows) };
    }
    case 'limit': case 'offset': return { ...plan, child: visit(plan.child, true) };
    case 'project': case 'filter': return { ...plan, child: visit(plan.child, orderMatters) };
    default: return withChildren(plan, childrenOf(plan).map((child) => visit(child, false)));
  }
}
