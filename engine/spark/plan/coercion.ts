/**
 * Spark's implicit type conversion under ANSI (AnsiTypeCoercion and DecimalPrecision): which type two operands
 * meet in, and what a function's parameter accepts.
 */
import type { ResolvedExpression } from './resolved.ts';
import { nullable } from './resolved.ts';
import type { DataType } from './types.ts';
import { sameType } from './types.ts';

export type DecimalType = Extract<DataType, { kind: 'decimal' }>;

export const BOOLEAN: DataType = { kind: 'boolean' };
export const INT: DataType = { kind: 'int' };
export const LONG: DataType = { kind: 'long' };
export const DOUBLE: DataType = { kind: 'double' };
export const STRING: DataType = { kind: 'string' };
export const DATE: DataType = { kind: 'date' };
export const TIMESTAMP: DataType = { kind: 'timestamp' };

const integrals = ['byte', 'short', 'int', 'long'];
const integralDigits: Readonly<Record<string, number>> = { byte: 3, short: 5, int: 10, long: 20 };

export const isIntegral = (type: DataType): boolean => integrals.includes(type.kind);
export const isFraction = (type: DataType): boolean => type.kind === 'float' || type.kind === 'double';
export const isNumeric = (type: DataType): boolean => isIntegral(type) || isFraction(type) || type.kind === 'decimal';
export const isDatetime = (type: DataType): boolean => type.kind === 'date' || type.kind === 'timestamp' || type.kind === 'timestamp_ntz';
const isAtomic = (type: DataType): boolean => !['array', 'map', 'struct', 'null'].includes(type.kind);

export function decimal(precision: number, scale: number): DecimalType {
  return { kind: 'decimal', precision, scale };
}

/** The decimal that holds every value of an integral type. */
export function decimalOf(type: DataType): DecimalType | undefined {
  if (type.kind === 'decimal') return type;
  const digits = integralDigits[type.kind];
  return digits === undefined ? undefined : decimal(digits, 0);
}

/** Keeps at least 6 digits after the point when a result would need more than 38 digits (DecimalType.adjustPrecisionScale). */
export function adjusted(precision: number, scale: number): DecimalType {
  if (precision <= 38) return decimal(precision, scale);
  const whole = precision - scale;
  return decimal(38, Math.max(38 - whole, Math.min(scale, 6)));
}

/** Holds both: used by UNION, CASE, coalesce, comparisons. */
function widerDecimal(a: DecimalType, b: DecimalType): DecimalType {
  const scale = Math.max(a.scale, b.scale);
  const whole = Math.max(a.precision - a.scale, b.precision - b.scale);
  return whole + scale <= 38 ? decimal(whole + scale, scale) : adjusted(whole + scale, scale);
}

function commonNumeric(a: DataType, b: DataType): DataType | undefined {
  if (isIntegral(a) && isIntegral(b)) return integrals.indexOf(a.kind) >= integrals.indexOf(b.kind) ? a : b;
  if (a.kind === 'float' && b.kind === 'float') return a;
  if (isFraction(a) || isFraction(b)) return DOUBLE;
  const left = decimalOf(a);
  const right = decimalOf(b);
  return left === undefined || right === undefined ? undefined : widerDecimal(left, right);
}

/** Without conversion from strings: `findTightestCommonType`. */
function tightest(a: DataType, b: DataType): DataType | undefined {
  if (sameType(a, b)) return withNulls(a, b);
  if (a.kind === 'null') return b;
  if (b.kind === 'null') return a;
  if (isNumeric(a) && isNumeric(b)) return commonNumeric(a, b);
  if (isDatetime(a) && isDatetime(b)) {
    return a.kind === 'timestamp' || b.kind === 'timestamp' ? TIMESTAMP : { kind: 'timestamp_ntz' };
  }
  if (a.kind === 'array' && b.kind === 'array') {
    const element = commonType(a.element, b.element);
    return element === undefined ? undefined : { kind: 'array', element, containsNull: a.containsNull || b.containsNull };
  }
  return undefined;
}

function withNulls(a: DataType, b: DataType): DataType {
  if (a.kind === 'array' && b.kind === 'array') return { ...a, containsNull: a.containsNull || b.containsNull };
  if (a.kind === 'map' && b.kind === 'map') return { ...a, valueContainsNull: a.valueContainsNull || b.valueContainsNull };
  if (a.kind === 'struct' && b.kind === 'struct') {
    return { ...a, fields: a.fields.map((field, i) => ({ ...field, nullable: field.nullable || (b.fields[i]?.nullable ?? true) })) };
  }
  return a;
}

/** What a string meets: integral → bigint, fraction and decimal → double, else the other type. */
function withString(other: DataType): DataType | undefined {
  if (isIntegral(other)) return LONG;
  if (isNumeric(other)) return DOUBLE;
  return isAtomic(other) ? other : undefined;
}

/** The type that two operands meet in; undefined when there is none. */
export function commonType(a: DataType, b: DataType): DataType | undefined {
  const plain = tightest(a, b);
  if (plain !== undefined) return plain;
  if (a.kind === 'string') return withString(b);
  return b.kind === 'string' ? withString(a) : undefined;
}

export function commonTypeOf(types: readonly DataType[]): DataType | undefined {
  // Strings last: the others decide the type that strings are read as.
  const ordered = [...types.filter((type) => type.kind !== 'string'), ...types.filter((type) => type.kind === 'string')];
  return ordered.reduce<DataType | undefined>((sum, type) => (sum === undefined ? undefined : commonType(sum, type)), { kind: 'null' });
}

/** Whether a cast to `to` can find a value that it must turn into NULL (for nullability of the result). */
export function castMayBeNull(from: DataType, to: DataType): boolean {
  if (from.kind === to.kind && from.kind !== 'decimal') return false;
  if (from.kind === 'string') return to.kind !== 'binary';
  if (to.kind === 'decimal') {
    const whole = decimalOf(from);
    return whole === undefined ? from.kind !== 'boolean' : whole.precision - whole.scale > to.precision - to.scale;
  }
  if (from.kind === 'decimal' || isFraction(from)) return isIntegral(to);
  return false;
}

export function castTo(expression: ResolvedExpression, type: DataType): ResolvedExpression {
  const from = typeOf(expression);
  if (sameType(from, type)) return expression;
  if (expression.kind === 'literal' && (expression.value === null || (from.kind === 'int' && type.kind === 'long'))) return { ...expression, type };
  return { kind: 'cast', child: expression, type, mode: 'ansi', nullable: nullable(expression) || castMayBeNull(from, type) };
}

export function typeOf(expression: ResolvedExpression): DataType {
  return expression.type;
}

/** The smallest decimal for an integer literal, as Spark takes it beside a decimal: `1.5 * 2` has `2` as decimal(1,0). */
export function literalDecimal(expression: ResolvedExpression): DecimalType | undefined {
  if (expression.kind !== 'literal' || expression.value === null || !isIntegral(expression.type)) return undefined;
  return decimal(String(expression.value).replace('-', '').length, 0);
}
