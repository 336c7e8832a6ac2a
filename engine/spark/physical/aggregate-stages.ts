/**
 * GROUP BY in stages: each task groups what it has (partial), rows with the same keys meet, and the final step merges.
 * DISTINCT aggregates make their arguments keys of the partial step, so that it removes duplicates and every other
 * aggregate still merges over the same rows.
 */
import { typeOf } from '../plan/coercion.ts';
import type { AggregateRow } from '../plan/functions/row.ts';
import { functionRow } from '../plan/functions/table.ts';
import type { AggregateCall, Attribute, Named, NamedAggregate, ResolvedExpression, ResolvedPlan } from '../plan/resolved.ts';
import { nullable, outputOf } from '../plan/resolved.ts';
import type { BuildContext } from './builder.ts';
import { shuffled, sortPartitions } from './builder.ts';
import type { Pipeline } from './pipeline.ts';
import { tasksOf, withStep } from './pipeline.ts';
import type { AggregateColumn, Select } from './select.ts';
import { computed, grouped } from './select.ts';

type AggregatePlan = Extract<ResolvedPlan, { kind: 'aggregate' }>;

interface Step {
  readonly aggregate: NamedAggregate;
  readonly row: AggregateRow;
  /** One per buffer of the row; ids in a row. */
  readonly buffers: readonly Attribute[];
  /** For DISTINCT: the partial step's keys that hold the arguments. */
  readonly keys: readonly Named[];
}

export function aggregatePipeline(plan: AggregatePlan, child: Pipeline, context: BuildContext): Pipeline {
  const steps = plan.aggregates.map((aggregate) => stepOf(aggregate, context));
  const groups = plan.groups;
  const output = outputOf(plan);
  if (tasksOf(child) === 1) {
    return withStep(child, 'aggregate', output, (select) => finish(grouped(select, groups, steps.flatMap(complete)), plan, steps));
  }
  const partialKeys = distinctKeys([...groups, ...steps.flatMap((step) => step.keys)]);
  const plain = steps.filter((step) => !step.aggregate.call.distinct);
  const attributes = [...partialKeys.map((key) => key.attribute), ...plain.flatMap((step) => step.buffers)];
  const partial = withStep(child, steps.length === 0 ? 'distinct' : 'partial aggregate', attributes, (select) => grouped(select, partialKeys, plain.flatMap(update)));
  const keys = groups.map((group) => group.attribute);
  const exchange = shuffled(partial, keys, groups.length === 0 ? 1 : sortPartitions(plan, context), context);
  const finalGroups = keys.map((attribute) => ({ attribute, expression: attribute }));
  return withStep(exchange, steps.length === 0 ? 'distinct' : 'final aggregate', output, (select) => finish(grouped(select, finalGroups, steps.flatMap(merge)), plan, steps));
}

function stepOf(aggregate: NamedAggregate, context: BuildContext): Step {
  const { call, attribute } = aggregate;
  const row = functionRow(call.name);
  if (row?.kind !== 'aggregate') throw new Error(`no aggregate ${call.name}`);
  const buffers = row.buffers(call.arguments).map((buffer) => context.ids.next(attribute.name, buffer.type, true));
  const keys = call.distinct ? call.arguments.map((argument): Named => {
    const expression = whenFilter(argument, call.filter);
    return { attribute: context.ids.next('distinct', typeOf(expression), nullable(expression)), expression };
  }) : [];
  return { aggregate, row, buffers, keys };
}

/** Rows that the FILTER drops count as NULL, which DISTINCT aggregates skip. */
function whenFilter(argument: ResolvedExpression, filter: ResolvedExpression | undefined): ResolvedExpression {
  if (filter === undefined) return argument;
  return { kind: 'call', name: 'when', arguments: [filter, argument], type: typeOf(argument), nullable: true };
}

/** Each key once. */
function distinctKeys(keys: readonly Named[]): readonly Named[] {
  return keys.filter((key, i) => keys.findIndex((each) => each.attribute.id === key.attribute.id) === i);
}

const filterSql = (call: AggregateCall, spell: (expression: ResolvedExpression) => string): string =>
  (call.filter === undefined ? '' : ` FILTER (WHERE ${spell(call.filter)})`);

/** From rows to buffers. */
function update(step: Step): readonly AggregateColumn[] {
  const { call } = step.aggregate;
  return step.row.buffers(call.arguments).flatMap((buffer, i) => {
    const attribute = step.buffers[i];
    return attribute === undefined ? [] : [{ attribute, sql: (spell: (expression: ResolvedExpression) => string) => buffer.update(call.arguments.map(spell), call.distinct ? 'DISTINCT ' : '', filterSql(call, spell)) }];
  });
}

/** All in one step: for one task, nothing has to be merged. */
const complete = update;

/** From partial buffers to merged ones; DISTINCT ones from the rows that the partial step left. */
function merge(step: Step): readonly AggregateColumn[] {
  const { call } = step.aggregate;
  return step.row.buffers(call.arguments).flatMap((buffer, i) => {
    const attribute = step.buffers[i];
    if (attribute === undefined) return [];
    const sql = (spell: (expression: ResolvedExpression) => string): string =>
      (call.distinct ? buffer.update(step.keys.map((key) => spell(key.attribute)), 'DISTINCT ', '') : buffer.merge(spell(attribute), step.buffers.map(spell)));
    return [{ attribute, sql }];
  });
}

/** Groups as they are, aggregates computed from their buffers; nothing to do when every aggregate is its only buffer. */
function finish(select: Select, plan: AggregatePlan, steps: readonly Step[]): Select {
  const asIs = steps.every((step) => step.buffers.length === 1 && step.row.finish(['buffer'], step.aggregate.call) === 'buffer');
  const groups = plan.groups.map(({ attribute }) => ({ attribute, sql: (spell: (each: Attribute) => string) => spell(attribute) }));
  const results = steps.map((step) => ({
    attribute: step.aggregate.attribute,
    sql: (spell: (each: Attribute) => string) => step.row.finish(step.buffers.map(spell), step.aggregate.call),
  }));
  if (!asIs) return computed(select, [...groups, ...results]);
  const renamed = new Map(steps.map((step) => [step.buffers[0]?.id, step.aggregate.attribute]));
  return { ...select, columns: select.columns.map((column) => ({ ...column, attribute: renamed.get(column.attribute.id) ?? column.attribute })) };
}
