/** Resolved plan → stages: pipelines grow from the leaves and are cut where rows must move. */
import type { PlanSettings } from '../plan/conf.ts';
import { expressionSql } from '../plan/functions/expression-sql.ts';
import type { Attribute, AttributeIds, ResolvedExpression, ResolvedPlan, SortKey } from '../plan/resolved.ts';
import { outputOf } from '../plan/resolved.ts';
import { aggregatePipeline } from './aggregate-stages.ts';
import { estimatedBytes, shufflePartitions } from './estimate.ts';
import { joinPipeline } from './join-stages.ts';
import { localPipeline, rangePipeline, scanPipeline, valuesPipeline } from './leaves.ts';
import type { Pipeline, StageList } from './pipeline.ts';
import { blockSelect, placeholder, tasksOf, withStep } from './pipeline.ts';
import { filtered, limited, ordered, projected } from './select.ts';
import type { Select } from './select.ts';

export interface BuildContext {
  readonly settings: PlanSettings;
  readonly slots: number;
  readonly stages: StageList;
  /** For columns that only the physical plan has. */
  readonly ids: AttributeIds;
}

export function build(plan: ResolvedPlan, context: BuildContext): Pipeline {
  switch (plan.kind) {
    case 'scan': return scanPipeline(plan, { slots: context.slots, partitionBytesMax: context.settings.partitionBytesMax });
    case 'local': return localPipeline(plan);
    case 'values': return valuesPipeline(plan);
    case 'range': return rangePipeline(plan, context.slots);
    case 'project': return withStep(build(plan.child, context), undefined, outputOf(plan), (select) => projected(select, plan.list));
    case 'filter': return withStep(build(plan.child, context), 'filter', outputOf(plan), (select) => filtered(select, plan.condition));
    case 'aggregate': return aggregatePipeline(plan, build(plan.child, context), context);
    case 'join': return joinPipeline(plan, context, build);
    case 'sort': return sort(plan, context);
    case 'limit': return limit(plan, context);
    case 'offset': return withStep(toSingle(build(plan.child, context), context), 'offset', outputOf(plan), (select) => limited(select, undefined, plan.count));
    case 'union': return union(plan, context);
    case 'repartition': return repartition(plan, context);
  }
}

/** Moves all rows to one task, unless one task has them already. */
export function toSingle(pipeline: Pipeline, context: BuildContext): Pipeline {
  return tasksOf(pipeline) === 1 ? pipeline : shuffled(pipeline, [], 1, context);
}

/** Cuts the pipeline: the next one reads its rows by partition. `keys` are over the pipeline's attributes. */
export function shuffled(pipeline: Pipeline, keys: readonly ResolvedExpression[], partitions: number, context: BuildContext): Pipeline {
  const attributes = carried(pipeline);
  const keySql = keys.map((key) => partitionKey(key, attributes));
  const stage = context.stages.add(ready(pipeline), attributes, { kind: 'shuffle', keys: keySql, partitions });
  return {
    pieces: [{ inputs: [{ kind: 'shuffle', name: 'input0', stage }], tasks: partitions, select: blockSelect('input0', attributes) }],
    attributes: pipeline.attributes, steps: [`read stage ${stage}`],
  };
}

/** What a block carries: never nothing. */
export const carried = (pipeline: Pipeline): readonly Attribute[] => (pipeline.attributes.length === 0 ? [placeholder] : pipeline.attributes);

/** A pipeline without columns gets the placeholder before it is cut. */
export function ready(pipeline: Pipeline): Pipeline {
  if (pipeline.attributes.length > 0) return pipeline;
  return withStep(pipeline, undefined, [placeholder], (select) => projected(select, [{ attribute: placeholder, expression: { kind: 'literal', value: true, type: placeholder.type } }]));
}

/** A key over `c0 …`; -0.0 goes where 0.0 goes. */
function partitionKey(key: ResolvedExpression, attributes: readonly Attribute[]): string {
  return expressionSql(key, (attribute) => `c${attributes.findIndex((each) => each.id === attribute.id)}`);
}

export function sortPartitions(plan: ResolvedPlan, context: BuildContext): number {
  return shufflePartitions(estimatedBytes(plan), context.slots, context.settings.shufflePartitions);
}

/** A total order is made by one task. SORT BY orders within each task. */
function sort(plan: Extract<ResolvedPlan, { kind: 'sort' }>, context: BuildContext): Pipeline {
  const child = build(plan.child, context);
  const input = plan.global ? toSingle(child, context) : child;
  return withStep(input, 'sort', outputOf(plan), (select) => ordered(select, plan.keys));
}

/** Each task keeps no more rows than the answer can have; below a sort, those that come first. */
function limit(plan: Extract<ResolvedPlan, { kind: 'limit' }>, context: BuildContext): Pipeline {
  const sorted = plan.child.kind === 'sort' && plan.child.global ? plan.child : undefined;
  const keys: readonly SortKey[] = sorted?.keys ?? [];
  const child = build(sorted?.child ?? plan.child, context);
  const step = keys.length > 0 ? `top ${plan.count}` : `limit ${plan.count}`;
  const take = (count: number, offset: number) => (select: Select): Select => limited(ordered(select, keys), count, offset);
  const output = outputOf(plan);
  if (tasksOf(child) === 1) return withStep(child, step, output, take(plan.count, plan.offset));
  const first = withStep(child, step, child.attributes, take(plan.count + plan.offset, 0));
  return withStep(toSingle(first, context), step, output, take(plan.count, plan.offset));
}

function union(plan: Extract<ResolvedPlan, { kind: 'union' }>, context: BuildContext): Pipeline {
  const children = plan.children.map((child) => {
    const output = outputOf(child);
    return withStep(build(child, context), undefined, plan.attributes, (select) =>
      projected(select, plan.attributes.map((attribute, i) => ({ attribute, expression: output[i] ?? attribute }))));
  });
  return { pieces: children.flatMap((child) => child.pieces), attributes: plan.attributes, steps: [`union (${children.map((child) => child.steps.join(' → ')).join('; ')})`] };
}

function repartition(plan: Extract<ResolvedPlan, { kind: 'repartition' }>, context: BuildContext): Pipeline {
  const child = build(plan.child, context);
  const partitions = plan.partitions ?? context.settings.shufflePartitions ?? context.slots;
  if (plan.by.length === 0 && partitions === 1) return toSingle(child, context);
  return shuffled(child, plan.by, partitions, context);
}
