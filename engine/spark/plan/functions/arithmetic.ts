/** Arithmetic operators: numeric promotion, decimal precision, overflow and division by zero as in Spark's ANSI mode. */
import type { DecimalType } from '../coercion.ts';
import { DATE, DOUBLE, LONG, adjusted, castTo, commonType, decimal, decimalOf, isFraction, isIntegral, isNumeric, literalDecimal, typeOf } from '../coercion.ts';
import type { ResolvedExpression } from '../resolved.ts';
import { nullable } from '../resolved.ts';
import { SparkError } from '../spark-error.ts';
import type { DataType } from '../types.ts';
import { sqlTypeName } from '../types.ts';
import { literalNumber, scalar, typeAt } from './define.ts';
import { castSql, quoteText, raise } from './kernel-sql.ts';
import type { Arguments, RenderedCall, ScalarRow } from './row.ts';
import { Mismatch } from './row.ts';

const divideByZero = raise(quoteText('[DIVIDE_BY_ZERO] Division by zero. Use `try_divide` to tolerate divisor being 0 and return NULL instead.'));
const infix = (symbol: string) => ([a, b]: readonly string[]): string => `(${a} ${symbol} ${b})`;

function mismatch(args: Arguments): Mismatch {
  const [left, right] = args.map((arg) => `"${sqlTypeName(typeOf(arg))}"`);
  return new Mismatch('BINARY_OP_DIFF_TYPES', `the left and right operands of the binary operator have incompatible types (${left} and ${right}).`);
}

/** Two numbers of one type, or two decimals that keep their own precision. Strings count as what the other side is. */
function operands(args: Arguments): readonly [ResolvedExpression, ResolvedExpression] {
  const [left, right] = args;
  if (left === undefined || right === undefined) throw new Mismatch('WRONG_NUM_ARGS', 'the operator takes two operands.');
  const both = [typeOf(left), typeOf(right)] as const;
  if (both.every((type) => type.kind === 'null')) return [castTo(left, DOUBLE), castTo(right, DOUBLE)];
  if (both.every((type) => type.kind === 'string')) throw new Mismatch('BINARY_OP_WRONG_TYPE', 'the binary operator requires the input type "NUMERIC", not "STRING".');
  const common = commonType(...both);
  if (common === undefined || !isNumeric(common)) throw mismatch(args);
  if (common.kind !== 'decimal') return [castTo(left, common), castTo(right, common)];
  return [toDecimal(left, common), toDecimal(right, common)];
}

function toDecimal(arg: ResolvedExpression, common: DataType): ResolvedExpression {
  const type = literalDecimal(arg) ?? decimalOf(typeOf(arg));
  return castTo(arg, type ?? common);
}

type Precision = (a: DecimalType, b: DecimalType) => DecimalType;
const whole = (type: DecimalType): number => type.precision - type.scale;

const sumPrecision: Precision = (a, b) => {
  const scale = Math.max(a.scale, b.scale);
  return adjusted(scale + Math.max(whole(a), whole(b)) + 1, scale);
};
const productPrecision: Precision = (a, b) => adjusted(a.precision + b.precision + 1, a.scale + b.scale);
const quotientPrecision: Precision = (a, b) => {
  const scale = Math.max(6, a.scale + b.precision + 1);
  return adjusted(whole(a) + b.scale + scale, scale);
};
const remainderPrecision: Precision = (a, b) => {
  const scale = Math.max(a.scale, b.scale);
  return adjusted(Math.min(whole(a), whole(b)) + scale, scale);
};

const resultOf = (precision: Precision) => (args: Arguments): DataType => {
  const [a, b] = args.map(typeOf);
  return a?.kind === 'decimal' && b?.kind === 'decimal' ? precision(a, b) : a ?? LONG;
};

/** Guards a division; NULL divided by zero is NULL. */
function guarded(sql: readonly string[], call: RenderedCall, quotient: string): string {
  const [a, b] = sql;
  const divisor = call.arguments[1];
  if (divisor?.kind === 'literal' && divisor.value !== null && Number(divisor.value) !== 0) return quotient;
  if (divisor?.kind === 'cast' && (literalNumber(divisor) ?? 0) !== 0) return quotient;
  const dividend = call.arguments[0];
  const known = dividend !== undefined && nullable(dividend) ? ` AND ${a} IS NOT NULL` : '';
  return `CASE WHEN ${b} = 0${known} THEN ${divideByZero} ELSE ${quotient} END`;
}

/** The digits of a decimal as an integer (HUGEINT): 12.34 → 1234. */
export function unscaled(sql: string, type: DecimalType): string {
  if (type.scale === 0) return `CAST(${sql} AS HUGEINT)`;
  if (type.precision + type.scale > 38) return `CAST(replace(CAST(${sql} AS VARCHAR), '.', '') AS HUGEINT)`;
  return `CAST(CAST(${sql} AS DECIMAL(38,${type.scale})) * CAST(1${'0'.repeat(type.scale)} AS DECIMAL(${type.scale + 1},0)) AS HUGEINT)`;
}

/** The decimal with the digits of an integer: (1234, scale 2) → 12.34. */
export function rescaled(sql: string, type: DecimalType): string {
  if (type.scale === 0) return castSql(sql, type);
  const unit = type.scale === 38 ? `0.${'0'.repeat(37)}1` : `0.${'0'.repeat(type.scale - 1)}1`;
  return castSql(`CAST(${sql} AS DECIMAL(38,0)) * CAST('${unit}' AS DECIMAL(${type.scale},${type.scale}))`, type);
}

/** a / b rounded half up to `result`, exactly, over integers. Refused when intermediate digits would not fit into 38. */
export function decimalQuotient(a: string, aType: DecimalType, b: string, bType: DecimalType, result: DecimalType): string {
  const shift = result.scale - aType.scale + bType.scale;
  if (aType.precision + Math.max(shift, 0) > 38 || bType.precision + Math.max(-shift, 0) > 38) {
    throw new SparkError({
      errorClass: 'UNSUPPORTED_FEATURE.DECIMAL_DIVISION', sqlState: '0A000',
      message: `Division of ${sqlTypeName(aType)} by ${sqlTypeName(bType)} needs more than 38 digits. Cast the operands to smaller decimals or to DOUBLE.`,
    });
  }
  const top = shift > 0 ? `(${unscaled(a, aType)} * CAST(1${'0'.repeat(shift)} AS HUGEINT))` : unscaled(a, aType);
  const bottom = shift < 0 ? `(${unscaled(b, bType)} * CAST(1${'0'.repeat(-shift)} AS HUGEINT))` : unscaled(b, bType);
  const quotient = `(${top} // ${bottom} + CASE WHEN abs(${top} % ${bottom}) * 2 >= abs(${bottom}) THEN sign(${top}) * sign(${bottom}) ELSE 0 END)`;
  return rescaled(quotient, result);
}

function renderSum(symbol: string) {
  return (sql: readonly string[], call: RenderedCall): string => {
    if (call.type.kind !== 'decimal') return infix(symbol)(sql);
    return symbol === '*' ? product(sql, call) : castSql(infix(symbol)(sql.map((each) => castSql(each, widened(call.type)))), call.type);
  };
}

/** Room for the operands and the sum; the kernel raises an error beyond 38 digits. */
const widened = (type: DataType): DataType => (type.kind === 'decimal' ? decimal(38, type.scale) : type);

function product(sql: readonly string[], call: RenderedCall): string {
  const [a, b] = call.arguments.map(typeOf);
  const exact = a?.kind === 'decimal' && b?.kind === 'decimal' ? a.scale + b.scale : 0;
  if (exact > 38) {
    throw new SparkError({ errorClass: 'UNSUPPORTED_FEATURE.DECIMAL_PRODUCT', sqlState: '0A000', message: 'A product with more than 38 digits after the point is not supported. Cast the operands to smaller decimals or to DOUBLE.' });
  }
  return castSql(infix('*')(sql), call.type);
}

function renderQuotient(sql: readonly string[], call: RenderedCall): string {
  const [a = '', b = ''] = sql;
  const [aType, bType] = call.arguments.map(typeOf);
  if (aType?.kind === 'decimal' && bType?.kind === 'decimal' && call.type.kind === 'decimal') {
    return guarded(sql, call, decimalQuotient(a, aType, b, bType, call.type));
  }
  return guarded(sql, call, `${a} / ${b}`);
}

function renderWholeQuotient(sql: readonly string[], call: RenderedCall): string {
  const [a = '', b = ''] = sql;
  const [aType, bType] = call.arguments.map(typeOf);
  if (aType?.kind !== 'decimal' || bType?.kind !== 'decimal') return guarded(sql, call, `(${a} // ${b})`);
  const common = decimal(38, Math.max(aType.scale, bType.scale));
  return guarded(sql, call, `CAST(${unscaled(castSql(a, common), common)} // ${unscaled(castSql(b, common), common)} AS BIGINT)`);
}

/** `/`: decimals stay decimals beside decimals and whole numbers; everything else divides as DOUBLE. */
function divisionOperands(args: Arguments): Arguments {
  const [left, right] = operands(args);
  return typeOf(left).kind === 'decimal' ? [left, right] : [castTo(left, DOUBLE), castTo(right, DOUBLE)];
}

function wholeDivisionOperands(args: Arguments): Arguments {
  const [left, right] = operands(args);
  if (isFraction(typeOf(left))) throw mismatch(args);
  return isIntegral(typeOf(left)) ? [castTo(left, LONG), castTo(right, LONG)] : [left, right];
}

const operator = (symbol: string) => ([a, b]: readonly string[]): string => `(${a} ${symbol} ${b})`;

/** DATE ± days; everything else is a number. */
function dated(sign: '+' | '-'): Pick<ScalarRow, 'result'> & { coerce: (args: Arguments) => Arguments } {
  const isDate = (args: Arguments): boolean => args[0] !== undefined && typeOf(args[0]).kind === 'date';
  return {
    result: (args) => (isDate(args) ? DATE : resultOf(sumPrecision)(args)),
    coerce: (args) => {
      const turned = sign === '+' && args[1] !== undefined && typeOf(args[1]).kind === 'date' ? args.toReversed() : args;
      const [left, right] = turned;
      if (left === undefined || right === undefined || typeOf(left).kind !== 'date') return operands(args);
      if (!['byte', 'short', 'int', 'null'].includes(typeOf(right).kind)) {
        throw new Mismatch('UNEXPECTED_INPUT_TYPE', `a DATE can be moved by a whole number of days (INT); for the days between two dates use datediff. The other operand has the type "${sqlTypeName(typeOf(right))}".`);
      }
      return [left, castTo(right, { kind: 'int' })];
    },
  };
}

const renderSigned = (sign: '+' | '-') => (sql: readonly string[], call: RenderedCall): string =>
  (call.type.kind === 'date' ? infix(sign)(sql) : renderSum(sign)(sql, call));

function showSigned(sign: '+' | '-') {
  return (args: readonly string[]): string => operator(sign)(args);
}

/** Whole numbers of one type. */
function bits(args: Arguments): Arguments {
  const [left, right] = args;
  const common = left === undefined || right === undefined ? undefined : commonType(typeOf(left), typeOf(right));
  if (common === undefined || !isIntegral(common)) throw mismatch(args);
  return args.map((arg) => castTo(arg, common));
}

function bitwise(symbol: string, about: string, render: ScalarRow['render']): ScalarRow {
  return scalar(symbol, ['any', 'any'], typeAt(0), about, render, { coerce: bits, show: operator(symbol) });
}

export const arithmeticRows: readonly ScalarRow[] = [
  scalar('+', ['any', 'any'], dated('+').result, 'Sum; a date moved forward by days.', renderSigned('+'), { coerce: dated('+').coerce, show: showSigned('+') }),
  scalar('-', ['any', 'any'], dated('-').result, 'Difference; a date moved back by days.', renderSigned('-'), { coerce: dated('-').coerce, show: showSigned('-') }),
  scalar('*', ['any', 'any'], resultOf(productPrecision), 'Product.', renderSum('*'), { coerce: operands, show: operator('*') }),
  scalar('/', ['any', 'any'], resultOf(quotientPrecision), 'Quotient: DOUBLE for whole numbers, exact for decimals.', renderQuotient,
    { coerce: divisionOperands, nullable: 'always', show: operator('/') }),
  scalar('%', ['any', 'any'], resultOf(remainderPrecision), 'Remainder, with the sign of the dividend.',
    (sql, call) => guarded(sql, call, call.type.kind === 'decimal' ? castSql(infix('%')(sql), call.type) : infix('%')(sql)),
    { aliases: ['mod'], coerce: operands, nullable: 'always', show: (args, name) => (name === 'mod' ? `mod(${args.join(', ')})` : operator('%')(args)) }),
  scalar('div', ['any', 'any'], LONG, 'Whole part of the quotient.', renderWholeQuotient, { coerce: wholeDivisionOperands, nullable: 'always', show: operator('div') }),
  scalar('pmod', ['any', 'any'], resultOf(remainderPrecision), 'Remainder that is never negative for a positive divisor.',
    (sql, call) => guarded(sql, call, castSql(`CASE WHEN ${infix('%')(sql)} < 0 THEN (${infix('%')(sql)} + ${sql[1]}) % ${sql[1]} ELSE ${infix('%')(sql)} END`, call.type)),
    { coerce: operands, nullable: 'always' }),
  scalar('negative', ['numeric'], typeAt(0), 'The number with the other sign.', ([a], call) => (call.type.kind === 'decimal' ? castSql(`(-${a})`, call.type) : `(-${a})`),
    { show: ([a]) => `(- ${a})` }),
  scalar('positive', ['numeric'], typeAt(0), 'The number itself.', ([a]) => `${a}`, { show: ([a]) => `(+ ${a})` }),
  scalar('abs', ['numeric'], typeAt(0), 'The number without its sign.', ([a], call) => (call.type.kind === 'decimal' ? castSql(`abs(${a})`, call.type) : `abs(${a})`)),
  bitwise('&', 'Bits set in both.', infix('&')),
  bitwise('|', 'Bits set in one.', infix('|')),
  bitwise('^', 'Bits set in exactly one.', ([a, b]) => `xor(${a}, ${b})`),
  scalar('~', ['integral'], typeAt(0), 'Every bit turned.', ([a]) => `(~${a})`, { show: ([a]) => `~${a}` }),
];
