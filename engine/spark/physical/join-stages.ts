/** Joins in stages: one side sent whole to every task of the other, or both sides partitioned by the keys. */
import type { JoinPlan, ResolvedExpression, ResolvedPlan } from '../plan/resolved.ts';
import { conjuncts, outputOf, references } from '../plan/resolved.ts';
import { expressionSql } from '../plan/functions/expression-sql.ts';
import type { BuildContext } from './builder.ts';
import { carried, ready, shuffled, toSingle } from './builder.ts';
import { estimatedBytes, shufflePartitions } from './estimate.ts';
import type { Piece, Pipeline } from './pipeline.ts';
import { blockSelect } from './pipeline.ts';
import type { Select } from './select.ts';
import { attributeName, inner, selectFrom } from './select.ts';

type Build = (plan: ResolvedPlan, context: BuildContext) => Pipeline;
type Side = 'left' | 'right';

interface KeyPair {
  readonly left: ResolvedExpression;
  readonly right: ResolvedExpression;
}

export type JoinStrategy = { readonly kind: 'broadcast'; readonly side: Side } | { readonly kind: 'shuffle' } | { readonly kind: 'single' };

export function joinPipeline(plan: JoinPlan, context: BuildContext, build: Build): Pipeline {
  const keys = keyPairs(plan);
  const strategy = joinStrategy(plan, keys.length > 0, context.settings.broadcastBytesMax);
  switch (strategy.kind) {
    case 'broadcast': return broadcastJoin(plan, strategy.side, context, build);
    case 'shuffle': return shuffledJoin(plan, keys, context, build);
    case 'single': return pairwise(plan, toSingle(build(plan.left, context), context), toSingle(build(plan.right, context), context), 'join in one task', context);
  }
}

/** `left = right` parts of the condition whose sides come from different inputs. */
export function keyPairs(plan: JoinPlan): readonly KeyPair[] {
  if (plan.condition === undefined) return [];
  const left = new Set(outputOf(plan.left).map((attribute) => attribute.id));
  const right = new Set(outputOf(plan.right).map((attribute) => attribute.id));
  const only = (expression: ResolvedExpression, ids: ReadonlySet<number>): boolean => {
    const read = references(expression);
    return read.size > 0 && [...read].every((id) => ids.has(id));
  };
  return conjuncts(plan.condition).flatMap((part): readonly KeyPair[] => {
    if (part.kind !== 'call' || (part.name !== '=' && part.name !== '<=>')) return [];
    const [a, b] = part.arguments;
    if (a === undefined || b === undefined) return [];
    if (only(a, left) && only(b, right)) return [{ left: a, right: b }];
    return only(a, right) && only(b, left) ? [{ left: b, right: a }] : [];
  });
}

/** A side may be sent to every task when the join makes up no rows for its unmatched ones. */
function canBroadcast(plan: JoinPlan, side: Side): boolean {
  switch (plan.type) {
    case 'inner': case 'cross': return true;
    case 'left': case 'semi': case 'anti': return side === 'right';
    case 'right': return side === 'left';
    case 'full': return false;
  }
}

/** Hints first, then the smaller side if it is small enough; without keys there is no shuffle to choose. */
export function joinStrategy(plan: JoinPlan, hasKeys: boolean, broadcastBytesMax: number): JoinStrategy {
  const sizes: Readonly<Record<Side, number>> = { left: estimatedBytes(plan.left), right: estimatedBytes(plan.right) };
  const sides = (['right', 'left'] as const).filter((side) => canBroadcast(plan, side)).toSorted((a, b) => sizes[a] - sizes[b]);
  const wanted: Side | undefined = plan.hint === 'broadcastLeft' ? 'left' : plan.hint === 'broadcastRight' ? 'right' : undefined;
  if (wanted !== undefined && sides.includes(wanted)) return { kind: 'broadcast', side: wanted };
  const [smallest] = sides;
  if (smallest === undefined) return { kind: hasKeys ? 'shuffle' : 'single' };
  if (!hasKeys) return { kind: 'broadcast', side: smallest };
  if (plan.hint === 'shuffle') return { kind: 'shuffle' };
  return sizes[smallest] <= broadcastBytesMax ? { kind: 'broadcast', side: smallest } : { kind: 'shuffle' };
}

function broadcastJoin(plan: JoinPlan, side: Side, context: BuildContext, build: Build): Pipeline {
  const small = ready(build(side === 'left' ? plan.left : plan.right, context));
  const attributes = carried(small);
  const stage = context.stages.add(small, attributes, { kind: 'broadcast' });
  const probe = build(side === 'left' ? plan.right : plan.left, context);
  const pieces = probe.pieces.map((piece): Piece => {
    const name = `input${piece.inputs.length}`;
    const block = blockSelect(name, attributes);
    const select = side === 'left' ? joined(plan, block, piece.select) : joined(plan, piece.select, block);
    return { inputs: [...piece.inputs, { kind: 'broadcast', name, stage }], tasks: piece.tasks, select };
  });
  return { pieces, attributes: outputOf(plan), steps: [...probe.steps, `broadcast join (stage ${stage})`] };
}

function shuffledJoin(plan: JoinPlan, keys: readonly KeyPair[], context: BuildContext, build: Build): Pipeline {
  const bytes = estimatedBytes(plan.left) + estimatedBytes(plan.right);
  const partitions = shufflePartitions(bytes, context.slots, context.settings.shufflePartitions);
  const left = shuffled(build(plan.left, context), keys.map((key) => key.left), partitions, context);
  const right = shuffled(build(plan.right, context), keys.map((key) => key.right), partitions, context);
  return pairwise(plan, left, right, 'shuffled hash join', context);
}

/** Task i joins what task i of each side has. Both sides end in one fragment with one input, or run in one task each. */
function pairwise(plan: JoinPlan, left: Pipeline, right: Pipeline, step: string, context: BuildContext): Pipeline {
  const [a, b] = [alone(left, context), alone(right, context)];
  const select = joined(plan, a.select, renamedInput(b.select, 'input1'));
  const inputs = [...a.inputs, ...b.inputs.map((input) => ({ ...input, name: 'input1' }))];
  return { pieces: [{ inputs, tasks: a.tasks, select }], attributes: outputOf(plan), steps: [...left.steps, ...right.steps, step] };
}

/** The only fragment of a pipeline, which reads nothing but one shuffle. */
function alone(pipeline: Pipeline, context: BuildContext): Piece {
  const [piece] = pipeline.pieces;
  const fresh = piece !== undefined && piece.inputs.length === 1 && piece.select.from === 'input0' && piece.inputs[0]?.kind === 'shuffle' && piece.select.plain && piece.select.where.length === 0;
  if (fresh) return piece;
  const [cut] = shuffled(pipeline, [], 1, context).pieces;
  if (cut === undefined) throw new Error('a pipeline has at least one fragment');
  return cut;
}

const renamedInput = (select: Select, name: string): Select => ({ ...select, from: name });

const joinWords: Readonly<Record<JoinPlan['type'], string>> = {
  inner: 'INNER JOIN', cross: 'INNER JOIN', left: 'LEFT JOIN', right: 'RIGHT JOIN', full: 'FULL JOIN', semi: 'SEMI JOIN', anti: 'ANTI JOIN',
};

/** Names are unique across both sides, because ids are. */
function joined(plan: JoinPlan, left: Select, right: Select): Select {
  const on = plan.condition === undefined ? 'true' : expressionSql(plan.condition, attributeName);
  const from = `${inner(left)} AS l ${joinWords[plan.type]} ${inner(right)} AS r ON ${on}`;
  return selectFrom(from, outputOf(plan).map((attribute) => ({ attribute, sql: attributeName(attribute) })));
}
