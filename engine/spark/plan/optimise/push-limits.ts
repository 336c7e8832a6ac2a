/** Limits move below projections and into the branches of unions; nested limits become one; an offset joins its limit. */
import type { ResolvedPlan } from '../resolved.ts';

type Limit = Extract<ResolvedPlan, { kind: 'limit' }>;

export function pushLimits(plan: ResolvedPlan): ResolvedPlan {
  switch (plan.kind) {
    case 'scan': case 'local': case 'values': case 'range': return plan;
    case 'join': return { ...plan, left: pushLimits(plan.left), right: pushLimits(plan.right) };
    case 'union': return { ...plan, children: plan.children.map(pushLimits) };
    case 'limit': return pushed(plan);
    default: return { ...plan, child: pushLimits(plan.child) };
  }
}

function pushed(limit: Limit): ResolvedPlan {
  const { child, count, offset } = limit;
  switch (child.kind) {
    case 'offset': return offset === 0 ? pushLimits({ ...limit, child: child.child, offset: child.count }) : { ...limit, child: pushLimits(child) };
    case 'project': return { ...child, child: pushLimits({ ...limit, child: child.child }) };
    case 'limit': {
      if (offset !== 0) return { ...limit, child: pushLimits(child) };
      return pushLimits({ ...child, count: Math.min(count, child.count) });
    }
    case 'union': {
      const most = count + offset;
      return { ...limit, child: { ...child, children: child.children.map((each) => pushLimits({ kind: 'limit', child: each, count: most, offset: 0 })) } };
    }
    default: return { ...limit, child: pushLimits(child) };
  }
}
