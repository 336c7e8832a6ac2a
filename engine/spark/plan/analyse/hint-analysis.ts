/** Hints: BROADCAST, SHUFFLE_HASH, REPARTITION, COALESCE. Hints Spark does not know are ignored by Spark too. */
import type { Expression } from '../expression.ts';
import type { LogicalPlan } from '../logical.ts';
import type { Analysed, Analysis, Environment } from './analysis.ts';
import { resolve } from './expression-analysis.ts';

type Hint = Extract<LogicalPlan, { kind: 'hint' }>;
type Analyse = (analysis: Analysis, plan: LogicalPlan, environment: Environment) => Analysed;

const strategies: Readonly<Record<string, 'broadcast' | 'shuffle'>> = {
  broadcast: 'broadcast', broadcastjoin: 'broadcast', mapjoin: 'broadcast',
  shuffle_hash: 'shuffle', shuffle_merge: 'shuffle', merge: 'shuffle', mergejoin: 'shuffle', shuffle_replicate_nl: 'shuffle',
};

export function analyseHint(analysis: Analysis, node: Hint, environment: Environment, analyse: Analyse): Analysed {
  const strategy = strategies[node.name.toLowerCase()];
  if (strategy !== undefined) return joinHint(analysis, node, environment, strategy, analyse);
  const child = analyse(analysis, node.child, environment);
  const name = node.name.toLowerCase();
  if (name !== 'repartition' && name !== 'coalesce' && name !== 'repartition_by_range') return child;
  const [first] = node.arguments;
  const count = first?.kind === 'literal' && first.type.kind === 'int' ? Number(first.value) : undefined;
  const columns = count === undefined ? node.arguments : node.arguments.slice(1);
  const by = columns.map((expression) => resolve(expression, { analysis, scope: child.scope, place: 'a hint' }));
  return { plan: { kind: 'repartition', child: child.plan, by, ...(count === undefined ? {} : { partitions: count }) }, scope: child.scope };
}

/** With names, the relations of those names below; without (DataFrame.hint), the child itself. */
function joinHint(analysis: Analysis, node: Hint, environment: Environment, strategy: 'broadcast' | 'shuffle', analyse: Analyse): Analysed {
  const names = node.arguments.flatMap(nameOf);
  if (names.length === 0) return { ...analyse(analysis, node.child, environment), [strategy]: true };
  const hints = new Map([...environment.hints, ...names.map((name) => [name.toLowerCase(), strategy] as const)]);
  return analyse(analysis, node.child, { ...environment, hints });
}

function nameOf(expression: Expression): readonly string[] {
  if (expression.kind === 'column') return expression.name.slice(-1);
  return expression.kind === 'literal' && typeof expression.value === 'string' ? [expression.value] : [];
}
