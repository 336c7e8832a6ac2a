/** UNION: columns by position or by name, their types widened. */
import { castTo, commonType, typeOf } from '../coercion.ts';
import type { LogicalPlan } from '../logical.ts';
import type { Attribute, Named, ResolvedExpression, ResolvedPlan } from '../resolved.ts';
import { nullable } from '../resolved.ts';
import { SparkError } from '../spark-error.ts';
import { sameType, sqlTypeName } from '../types.ts';
import type { Analysed, Analysis } from './analysis.ts';
import type { Scope } from './scope.ts';
import { unresolvedColumn, visible } from './scope.ts';

interface Pair {
  readonly name: string;
  readonly left: ResolvedExpression;
  readonly right: ResolvedExpression;
}

export function analyseUnion(analysis: Analysis, node: Extract<LogicalPlan, { kind: 'union' }>, left: Analysed, right: Analysed): Analysed {
  const pairs = (node.byName ? pairsByName(left.scope, right.scope, node.allowMissingColumns) : pairsByPosition(left.scope, right.scope)).map(widened);
  const attributes = pairs.map((pair): Attribute => {
    const type = typeOf(pair.left);
    const known = pair.left.kind === 'attribute' ? pair.left : analysis.ids.next(pair.name, type, true);
    return { ...known, type, nullable: nullable(pair.left) || nullable(pair.right) };
  });
  const children = [side(analysis, left.plan, pairs.map((pair) => pair.left), attributes), side(analysis, right.plan, pairs.map((pair) => pair.right), undefined)];
  const scope = pairs.map((pair, i) => ({ name: pair.name, attribute: attributes[i] as Attribute, qualifier: undefined, hidden: false }));
  return { plan: { kind: 'union', children, attributes }, scope };
}

/** One side's columns in the order of the union. The left side's plain columns keep their ids. */
function side(analysis: Analysis, child: ResolvedPlan, expressions: readonly ResolvedExpression[], outputs: readonly Attribute[] | undefined): ResolvedPlan {
  const seen = new Set<number>();
  const list = expressions.map((expression, i): Named => {
    const output = outputs?.[i];
    const own = expression.kind === 'attribute' && !seen.has(expression.id) ? expression : output !== undefined && !seen.has(output.id) ? output : undefined;
    const attribute = own ?? analysis.ids.next(output?.name ?? 'column', typeOf(expression), nullable(expression));
    seen.add(attribute.id);
    return { attribute, expression };
  });
  return { kind: 'project', child, list };
}

function pairsByPosition(left: Scope, right: Scope): readonly Pair[] {
  const [a, b] = [visible(left), visible(right)];
  if (a.length !== b.length) {
    throw new SparkError({
      errorClass: 'NUM_COLUMNS_MISMATCH', sqlState: '42826',
      message: `UNION can only be performed on inputs with the same number of columns, but the first input has ${a.length} columns and the second input has ${b.length} columns.`,
      parameters: { operator: 'UNION', firstNumColumns: String(a.length), invalidNumColumns: String(b.length) },
    });
  }
  return a.map((column, i) => ({ name: column.name, left: column.attribute, right: b[i]?.attribute ?? column.attribute }));
}

function pairsByName(left: Scope, right: Scope, allowMissing: boolean): readonly Pair[] {
  const missing: ResolvedExpression = { kind: 'literal', value: null, type: { kind: 'null' } };
  const named = (scope: Scope, name: string): Attribute | undefined => visible(scope).find((column) => column.name.toLowerCase() === name.toLowerCase())?.attribute;
  const pairs = visible(left).map((column): Pair => {
    const other = named(right, column.name);
    if (other === undefined && !allowMissing) throw unresolvedColumn(right, [column.name], undefined);
    return { name: column.name, left: column.attribute, right: other ?? missing };
  });
  const rest = visible(right).filter((column) => named(left, column.name) === undefined);
  if (rest[0] !== undefined && !allowMissing) throw unresolvedColumn(left, [rest[0].name], undefined);
  return [...pairs, ...rest.map((column) => ({ name: column.name, left: missing, right: column.attribute }))];
}

function widened(pair: Pair, index: number): Pair {
  const [a, b] = [typeOf(pair.left), typeOf(pair.right)];
  if (sameType(a, b)) return pair;
  const common = commonType(a, b);
  if (common === undefined) {
    throw new SparkError({
      errorClass: 'INCOMPATIBLE_COLUMN_TYPE', sqlState: '42825',
      message: `UNION can only be performed on tables with compatible column types. The ${index + 1}th column of the second table is "${sqlTypeName(b)}" type which is not compatible with "${sqlTypeName(a)}" at the same column of the first table.`,
    });
  }
  return { name: pair.name, left: castTo(pair.left, common), right: castTo(pair.right, common) };
}
