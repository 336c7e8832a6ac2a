/** Resolved plans as text: for explain and for the golden tests of the optimiser. */
import type { ResolvedExpression, ResolvedPlan, SortKey } from './resolved.ts';
import { childrenOf } from './resolved.ts';
import { sqlTypeName } from './types.ts';

/** One node a line, children indented. */
export function printResolved(plan: ResolvedPlan, depth = 0): string {
  const line = `${'  '.repeat(depth)}${describe(plan)}`;
  return [line, ...childrenOf(plan).map((child) => printResolved(child, depth + 1))].join('\n');
}

function describe(plan: ResolvedPlan): string {
  switch (plan.kind) {
    case 'scan': return `Scan ${plan.source.format} ${plan.source.files[0]?.path.split('/').at(-1) ?? '(no files)'} [${plan.attributes.map(printExpression).join(', ')}]`;
    case 'local': return `Local rows [${plan.attributes.map(printExpression).join(', ')}]`;
    case 'values': return `Values ${plan.rows.length} row(s) [${plan.attributes.map(printExpression).join(', ')}]`;
    case 'range': return `Range ${plan.start} to ${plan.end} by ${plan.step} [${printExpression(plan.attribute)}]`;
    case 'project': return `Project [${plan.list.map(({ attribute, expression }) => (expression.kind === 'attribute' && expression.id === attribute.id ? printExpression(attribute) : `${printExpression(expression)} AS ${printExpression(attribute)}`)).join(', ')}]`;
    case 'filter': return `Filter ${printExpression(plan.condition)}`;
    case 'aggregate': {
      const groups = plan.groups.map(({ attribute, expression }) => (expression.kind === 'attribute' ? printExpression(attribute) : `${printExpression(expression)} AS ${printExpression(attribute)}`));
      return `Aggregate [${groups.join(', ')}] [${plan.aggregates.map(({ attribute, call }) => `${printExpression(call)} AS ${printExpression(attribute)}`).join(', ')}]`;
    }
    case 'join': return `Join ${plan.type}${plan.hint === undefined ? '' : ` (${plan.hint})`}${plan.condition === undefined ? '' : ` ${printExpression(plan.condition)}`}`;
    case 'sort': return `Sort ${plan.global ? '' : 'within partitions '}[${plan.keys.map(printKey).join(', ')}]`;
    case 'limit': return `Limit ${plan.count}${plan.offset === 0 ? '' : ` offset ${plan.offset}`}`;
    case 'offset': return `Offset ${plan.count}`;
    case 'union': return `Union [${plan.attributes.map(printExpression).join(', ')}]`;
    case 'repartition': return `Repartition ${plan.partitions ?? 'by default'} [${plan.by.map(printExpression).join(', ')}]`;
  }
}

const printKey = (key: SortKey): string => `${printExpression(key.expression)} ${key.direction.toUpperCase()} NULLS ${key.nulls.toUpperCase()}`;

export function printExpression(expression: ResolvedExpression): string {
  switch (expression.kind) {
    case 'literal': return expression.type.kind === 'string' ? `'${String(expression.value)}'` : String(expression.value);
    case 'attribute': return `${expression.name}#${expression.id}`;
    case 'cast': return `${expression.mode === 'try' ? 'try_' : ''}cast(${printExpression(expression.child)} as ${sqlTypeName(expression.type).toLowerCase()})`;
    case 'field': return `${printExpression(expression.child)}.${expression.name}`;
    case 'aggregate': return `${expression.name}(${expression.distinct ? 'distinct ' : ''}${expression.arguments.map(printExpression).join(', ')})${expression.filter === undefined ? '' : ` filter ${printExpression(expression.filter)}`}`;
    case 'call': {
      const args = expression.arguments.map(printExpression);
      return /^[a-z]/.test(expression.name) && !['and', 'or', 'div'].includes(expression.name) ? `${expression.name}(${args.join(', ')})` : `(${args.join(` ${expression.name} `)})`;
    }
  }
}
