/** Whole-number literals take the type they are cast to; AND, OR, NOT and filters over literals go away. */
import { isIntegral } from '../coercion.ts';
import type { ResolvedExpression, ResolvedPlan } from '../resolved.ts';
import { rewrite } from '../resolved.ts';
import { bottomUp, mapExpressions } from './transform.ts';

const isTrue = (expression: ResolvedExpression | undefined): boolean => expression?.kind === 'literal' && expression.value === true;
const isFalse = (expression: ResolvedExpression | undefined): boolean => expression?.kind === 'literal' && expression.value === false;
const bits: Readonly<Record<string, number>> = { byte: 8, short: 16, int: 32, long: 64 };

export function foldConstants(plan: ResolvedPlan): ResolvedPlan {
  return bottomUp(plan, (node) => {
    const folded = mapExpressions(node, (expression) => rewrite(expression, fold));
    return folded.kind === 'filter' && isTrue(folded.condition) ? folded.child : folded;
  });
}

function fold(expression: ResolvedExpression): ResolvedExpression {
  if (expression.kind === 'cast') return foldedCast(expression) ?? expression;
  if (expression.kind !== 'call') return expression;
  const [first, second] = expression.arguments;
  switch (expression.name) {
    case 'and':
      if (isFalse(first) || isTrue(second)) return first ?? expression;
      return isTrue(first) ? second ?? expression : expression;
    case 'or':
      if (isTrue(first) || isFalse(second)) return first ?? expression;
      return isFalse(first) ? second ?? expression : expression;
    case 'not':
      return first?.kind === 'literal' && typeof first.value === 'boolean' ? { ...first, value: !first.value } : expression;
    case 'negative': return negated(first) ?? expression;
    default: return expression;
  }
}

function negated(literal: ResolvedExpression | undefined): ResolvedExpression | undefined {
  if (literal?.kind !== 'literal' || literal.value === null) return undefined;
  if (literal.type.kind === 'decimal') return { ...literal, value: String(literal.value).startsWith('-') ? String(literal.value).slice(1) : `-${String(literal.value)}` };
  if (literal.type.kind === 'double' || literal.type.kind === 'int') return { ...literal, value: -Number(literal.value) };
  return literal.type.kind === 'long' ? { ...literal, value: -BigInt(String(literal.value)) } : undefined;
}

function foldedCast({ child, type }: Extract<ResolvedExpression, { kind: 'cast' }>): ResolvedExpression | undefined {
  if (child.kind !== 'literal' || child.value === null || !isIntegral(child.type)) return undefined;
  const value = BigInt(String(child.value));
  if (isIntegral(type)) return BigInt.asIntN(bits[type.kind] ?? 8, value) === value ? { kind: 'literal', value: type.kind === 'long' ? value : Number(value), type } : undefined;
  if (type.kind === 'double') return { kind: 'literal', value: Number(value), type };
  if (type.kind === 'decimal') {
    const digits = String(value).replace('-', '').length;
    return digits <= type.precision - type.scale ? { kind: 'literal', value: String(value), type } : undefined;
  }
  return undefined;
}
