/** Joins: conditions, USING and NATURAL, what becomes nullable, and hints. */
import { castTo, commonType } from '../coercion.ts';
import { dataTypeMismatch } from '../functions/signature.ts';
import type { LogicalPlan } from '../logical.ts';
import type { Attribute, JoinPlan, Named, ResolvedExpression } from '../resolved.ts';
import { conjunction, nullable, outputOf } from '../resolved.ts';
import { SparkError } from '../spark-error.ts';
import { sqlTypeName } from '../types.ts';
import type { Analysed, Analysis } from './analysis.ts';
import { condition } from './expression-analysis.ts';
import type { Scope, ScopeColumn } from './scope.ts';
import { find, quoted, visible } from './scope.ts';

type Join = Extract<LogicalPlan, { kind: 'join' }>;

export function analyseJoin(analysis: Analysis, node: Join, left: Analysed, right: Analysed): Analysed {
  const keys = node.natural === true ? sharedNames(left.scope, right.scope) : node.using;
  const pairs = keys.map((key) => ({ key, left: side(left.scope, key, 'left'), right: side(right.scope, key, 'right') }));
  const both = [...left.scope, ...right.scope];
  const parts = pairs.map((pair) => equality(pair.key, pair.left.attribute, pair.right.attribute));
  const written = node.condition === undefined ? [] : [condition(node.condition, { analysis, scope: both, place: 'the join condition' })];
  const all = [...parts, ...written];
  const hint = hintOf(left, right);
  const type = node.type === 'cross' && all.length > 0 ? 'inner' : node.type;
  const plan: JoinPlan = { kind: 'join', left: left.plan, right: right.plan, type, ...(all.length === 0 ? {} : { condition: conjunction(all) }), ...(hint === undefined ? {} : { hint }) };
  const scope = after(plan, type === 'semi' || type === 'anti' ? left.scope : both);
  return pairs.length === 0 || type === 'semi' || type === 'anti' ? { plan, scope } : withUsing(analysis, plan, scope, pairs);
}

interface KeyPair {
  readonly key: string;
  readonly left: ScopeColumn;
  readonly right: ScopeColumn;
}

/** Attributes as the join yields them (nullable where a side may be missing). */
function after(plan: JoinPlan, scope: Scope): Scope {
  const yielded = new Map(outputOf(plan).map((attribute) => [attribute.id, attribute]));
  return scope.map((column) => ({ ...column, attribute: yielded.get(column.attribute.id) ?? column.attribute }));
}

/** Each key once, first; the sides' own keys stay in reach by their qualified names. */
function withUsing(analysis: Analysis, plan: JoinPlan, scope: Scope, pairs: readonly KeyPair[]): Analysed {
  const columnOf = (column: ScopeColumn): ScopeColumn => scope.find((each) => each.attribute.id === column.attribute.id) ?? column;
  const keyIds = new Set(pairs.flatMap((pair) => [pair.left.attribute.id, pair.right.attribute.id]));
  const rest = scope.filter((column) => !keyIds.has(column.attribute.id));
  if (plan.type !== 'full') {
    const kept = pairs.map((pair) => columnOf(plan.type === 'right' ? pair.right : pair.left));
    const hidden = pairs.map((pair) => ({ ...columnOf(plan.type === 'right' ? pair.left : pair.right), hidden: true }));
    return { plan, scope: [...kept, ...rest, ...hidden] };
  }
  const merged: Named[] = pairs.map((pair) => {
    const sides = [columnOf(pair.left).attribute, columnOf(pair.right).attribute];
    const type = commonType(pair.left.attribute.type, pair.right.attribute.type) ?? pair.left.attribute.type;
    const value: ResolvedExpression = { kind: 'call', name: 'coalesce', arguments: sides.map((each) => castTo(each, type)), type, nullable: true };
    return { attribute: analysis.ids.next(pair.left.name, type, true), expression: value };
  });
  const keep: Named[] = outputOf(plan).map((attribute) => ({ attribute, expression: attribute }));
  const keys = merged.map((named, i): ScopeColumn => ({ name: pairs[i]?.left.name ?? '', attribute: named.attribute, qualifier: undefined, hidden: false }));
  const hidden = pairs.flatMap((pair) => [columnOf(pair.left), columnOf(pair.right)]).map((column) => ({ ...column, hidden: true }));
  return { plan: { kind: 'project', child: plan, list: [...merged, ...keep] }, scope: [...keys, ...rest, ...hidden] };
}

function sharedNames(left: Scope, right: Scope): readonly string[] {
  const names = new Set(visible(right).map((column) => column.name.toLowerCase()));
  return visible(left).map((column) => column.name).filter((name) => names.has(name.toLowerCase()));
}

function side(scope: Scope, key: string, which: 'left' | 'right'): ScopeColumn {
  const match = find(scope, [key], undefined);
  if (match !== undefined) return match.column;
  const columns = visible(scope).map((column) => `\`${column.name}\``).join(', ');
  throw new SparkError({
    errorClass: 'UNRESOLVED_USING_COLUMN_FOR_JOIN', sqlState: '42703',
    message: `USING column ${quoted([key])} cannot be resolved on the ${which} side of the join. The ${which}-side columns: [${columns}].`, parameters: { colName: quoted([key]), side: which },
  });
}

function equality(key: string, left: Attribute, right: Attribute): ResolvedExpression {
  const common = commonType(left.type, right.type);
  if (common === undefined) {
    throw dataTypeMismatch('BINARY_OP_DIFF_TYPES', `(${key} = ${key})`, `the left and right operands of the binary operator have incompatible types ("${sqlTypeName(left.type)}" and "${sqlTypeName(right.type)}").`, undefined);
  }
  const args = [castTo(left, common), castTo(right, common)];
  return { kind: 'call', name: '=', arguments: args, type: { kind: 'boolean' }, nullable: args.some(nullable) };
}

function hintOf(left: Analysed, right: Analysed): JoinPlan['hint'] | undefined {
  if (right.broadcast === true) return 'broadcastRight';
  if (left.broadcast === true) return 'broadcastLeft';
  return left.shuffle === true || right.shuffle === true ? 'shuffle' : undefined;
}

