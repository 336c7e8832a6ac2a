import type { LogicalPlan } from '../plan/logical.ts';

/**
 * The plan with every reference to a temporary view replaced by what the view stands for now. A view is stored so, as
 * Spark stores the analysed plan: replacing a view later changes nothing that was built on it, and a view that is
 * replaced by a query over itself does not recurse. Names that a WITH defines are left alone inside it.
 */
export function inlineViews(plan: LogicalPlan, views: ReadonlyMap<string, LogicalPlan>): LogicalPlan {
  return rewrite(plan, views) as LogicalPlan;
}

type Node = Readonly<Record<string, unknown>>;

/** Plans and expressions are plain trees; only nodes of kind `table` and `with` matter here. */
function rewrite(value: unknown, views: ReadonlyMap<string, LogicalPlan>): unknown {
  if (views.size === 0 || typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) return value.map((each: unknown) => rewrite(each, views));
  const node = value as Node;
  if (node['kind'] === 'table') return tableOrView(value as Extract<LogicalPlan, { kind: 'table' }>, views);
  if (node['kind'] === 'with') return rewriteWith(value as Extract<LogicalPlan, { kind: 'with' }>, views);
  return Object.fromEntries(Object.entries(node).map(([key, each]) => [key, rewrite(each, views)]));
}

function tableOrView(table: Extract<LogicalPlan, { kind: 'table' }>, views: ReadonlyMap<string, LogicalPlan>): LogicalPlan {
  const [name] = table.name;
  const view = table.name.length === 1 && name !== undefined ? views.get(name.toLowerCase()) : undefined;
  if (view === undefined || name === undefined) return table;
  return { kind: 'subqueryAlias', child: view, alias: name, ...(table.planId === undefined ? {} : { planId: table.planId }) };
}

/** A definition sees the definitions before it. */
function rewriteWith(node: Extract<LogicalPlan, { kind: 'with' }>, views: ReadonlyMap<string, LogicalPlan>): LogicalPlan {
  const visible = new Map(views);
  const definitions = node.definitions.map((definition) => {
    const plan = inlineViews(definition.plan, visible);
    visible.delete(definition.name.toLowerCase());
    return { ...definition, plan };
  });
  return { ...node, definitions, child: inlineViews(node.child, visible) };
}
