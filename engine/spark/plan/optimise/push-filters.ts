/** Conditions go as far down as they hold: through projections, joins, unions and grouping, into the scans. */
import type { JoinPlan, ResolvedExpression, ResolvedPlan } from '../resolved.ts';
import { childrenOf, conjunction, conjuncts, outputOf, references, withChildren } from '../resolved.ts';
import { substitute, valuesOf } from './transform.ts';

type Conditions = readonly ResolvedExpression[];

export function pushFilters(plan: ResolvedPlan): ResolvedPlan {
  return push(plan, []);
}

/** The plan with the conditions holding on its rows. */
function push(plan: ResolvedPlan, conditions: Conditions): ResolvedPlan {
  switch (plan.kind) {
    case 'filter': return push(plan.child, [...conjuncts(plan.condition), ...conditions]);
    case 'project': {
      const values = valuesOf(plan.list);
      return { ...plan, child: push(plan.child, conditions.map((each) => substitute(each, values))) };
    }
    case 'sort': case 'repartition': return { ...plan, child: push(plan.child, conditions) };
    case 'union': {
      const children = plan.children.map((child) => {
        const output = outputOf(child);
        const values = new Map(plan.attributes.map((attribute, i) => [attribute.id, output[i] ?? attribute]));
        return push(child, conditions.map((each) => substitute(each, values)));
      });
      return { ...plan, children };
    }
    case 'aggregate': {
      const values = valuesOf(plan.groups);
      const [below, above] = split(conditions, (each) => values.size > 0 && within(each, new Set(values.keys())) && references(each).size > 0);
      return filtered({ ...plan, child: push(plan.child, below.map((each) => substitute(each, values))) }, above);
    }
    case 'join': return pushIntoJoin(plan, conditions);
    default: return filtered(withChildren(plan, childrenOf(plan).map((child) => push(child, []))), conditions);
  }
}

const within = (condition: ResolvedExpression, ids: ReadonlySet<number>): boolean => [...references(condition)].every((id) => ids.has(id));

function split(conditions: Conditions, test: (condition: ResolvedExpression) => boolean): readonly [Conditions, Conditions] {
  return [conditions.filter(test), conditions.filter((condition) => !test(condition))];
}

function filtered(plan: ResolvedPlan, conditions: Conditions): ResolvedPlan {
  return conditions.length === 0 ? plan : { kind: 'filter', child: plan, condition: conjunction(conditions) };
}

/**
 * Conditions above a join go to a side whose rows the join does not make up; parts of its own condition go to a side
 * whose unmatched rows it drops.
 */
function pushIntoJoin(plan: JoinPlan, conditions: Conditions): ResolvedPlan {
  const leftIds = new Set(outputOf(plan.left).map((attribute) => attribute.id));
  const rightIds = new Set(outputOf(plan.right).map((attribute) => attribute.id));
  const { type } = plan;
  const own = plan.condition === undefined ? [] : conjuncts(plan.condition);
  const inner = type === 'inner' || type === 'cross';
  const keepsLeft = inner || type === 'left' || type === 'semi' || type === 'anti';
  const keepsRight = inner || type === 'right';
  const [toLeft, rest] = split(conditions, (each) => keepsLeft && within(each, leftIds));
  const [toRight, above] = split(rest, (each) => keepsRight && within(each, rightIds));
  const [ownLeft, ownRest] = split(own, (each) => (inner || type === 'right' || type === 'semi') && within(each, leftIds));
  const [ownRight, ownBoth] = split(ownRest, (each) => (inner || type === 'left' || type === 'semi' || type === 'anti') && within(each, rightIds));
  const joined = inner ? [...ownBoth, ...above] : ownBoth;
  const { condition: _, ...bare } = plan;
  const join: JoinPlan = {
    ...bare, type: type === 'cross' && joined.length > 0 ? 'inner' : type,
    left: push(plan.left, [...toLeft, ...ownLeft]), right: push(plan.right, [...toRight, ...ownRight]),
    ...(joined.length === 0 ? {} : { condition: conjunction(joined) }),
  };
  return inner ? join : filtered(join, above);
}
