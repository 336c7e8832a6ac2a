/** Every node yields only the columns that something above it reads; scans read only those from files. */
import type { Attribute, JoinPlan, ResolvedPlan } from '../resolved.ts';
import { outputOf, references } from '../resolved.ts';

type Ids = ReadonlySet<number>;

export function pruneColumns(plan: ResolvedPlan): ResolvedPlan {
  return prune(plan, ids(outputOf(plan)));
}

const ids = (attributes: readonly Attribute[]): Ids => new Set(attributes.map((attribute) => attribute.id));
const plus = (required: Ids, ...more: readonly Ids[]): Ids => new Set([...required, ...more.flatMap((each) => [...each])]);

/** The pruned plan may still yield columns that only its own conditions read. */
function prune(plan: ResolvedPlan, required: Ids): ResolvedPlan {
  const kept = <T>(items: readonly T[], attributeOf: (item: T, index: number) => Attribute | undefined): readonly T[] =>
    items.filter((item, i) => required.has(attributeOf(item, i)?.id ?? -1));
  switch (plan.kind) {
    case 'scan': return { ...plan, columns: kept(plan.columns, (_, i) => plan.attributes[i]), attributes: kept(plan.attributes, (each) => each) };
    case 'local': return { ...plan, columns: kept(plan.columns, (_, i) => plan.attributes[i]), attributes: kept(plan.attributes, (each) => each) };
    case 'values': return { ...plan, rows: plan.rows.map((row) => kept(row, (_, i) => plan.attributes[i])), attributes: kept(plan.attributes, (each) => each) };
    case 'range': return plan;
    case 'project': {
      const list = kept(plan.list, (named) => named.attribute);
      return { ...plan, list, child: prune(plan.child, plus(new Set(), ...list.map((named) => references(named.expression)))) };
    }
    case 'filter': return { ...plan, child: prune(plan.child, plus(required, references(plan.condition))) };
    case 'aggregate': {
      const aggregates = kept(plan.aggregates, (named) => named.attribute);
      const reads = [...plan.groups.map((named) => references(named.expression)), ...aggregates.map((named) => references(named.call))];
      return { ...plan, aggregates, child: prune(plan.child, plus(new Set(), ...reads)) };
    }
    case 'join': return pruneJoin(plan, required);
    case 'sort': return { ...plan, child: exactly(plan.child, plus(required, ...plan.keys.map((key) => references(key.expression)))) };
    case 'limit': case 'offset': return { ...plan, child: exactly(plan.child, required) };
    case 'repartition': return { ...plan, child: exactly(plan.child, plus(required, ...plan.by.map((each) => references(each)))) };
    case 'union': return pruneUnion(plan, required);
  }
}

function pruneJoin(plan: JoinPlan, required: Ids): ResolvedPlan {
  const reads = plan.condition === undefined ? required : plus(required, references(plan.condition));
  return { ...plan, left: exactly(plan.left, reads), right: exactly(plan.right, reads) };
}

function pruneUnion(plan: Extract<ResolvedPlan, { kind: 'union' }>, required: Ids): ResolvedPlan {
  const positions = plan.attributes.flatMap((attribute, i) => (required.has(attribute.id) ? [i] : []));
  const children = plan.children.map((child): ResolvedPlan => {
    const output = outputOf(child);
    const wanted = positions.flatMap((i) => output[i] ?? []);
    return projected(prune(child, ids(wanted)), wanted);
  });
  return { ...plan, attributes: positions.flatMap((i) => plan.attributes[i] ?? []), children };
}

/** Nothing but what is required, so that no more is moved between tasks. */
function exactly(plan: ResolvedPlan, required: Ids): ResolvedPlan {
  const pruned = prune(plan, required);
  return projected(pruned, outputOf(pruned).filter((attribute) => required.has(attribute.id)));
}

function projected(plan: ResolvedPlan, wanted: readonly Attribute[]): ResolvedPlan {
  const output = outputOf(plan);
  if (output.length === wanted.length && output.every((attribute, i) => attribute.id === wanted[i]?.id)) return plan;
  return { kind: 'project', child: plan, list: wanted.map((attribute) => ({ attribute, expression: attribute })) };
}
