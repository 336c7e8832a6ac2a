/** Mathematics. Spark answers NULL or NaN outside a function's domain, where the kernel raises an error. */
import { DOUBLE, LONG, adjusted, castTo, isFraction, isIntegral, typeOf } from '../coercion.ts';
import type { DataType } from '../types.ts';
import { literalNumber, scalar, typeAt } from './define.ts';
import { castSql } from './kernel-sql.ts';
import type { Arguments, ScalarRow } from './row.ts';
import { Mismatch } from './row.ts';

interface MathOptions { readonly aliases?: readonly string[]; readonly upper?: boolean }

function real(name: string, about: string, render: (a: string) => string, options: MathOptions = {}): ScalarRow {
  return scalar(name, ['double'], DOUBLE, about, ([a = '']) => render(a), { nullable: 'always', upper: options.upper ?? true, aliases: options.aliases ?? [] });
}

/** Logarithms are NULL for zero and below. */
const logarithm = (name: string) => (a: string): string => `CASE WHEN ${a} > 0 THEN ${name}(${a}) END`;
const within = (name: string) => (a: string): string => `CASE WHEN abs(${a}) <= 1 THEN ${name}(${a}) WHEN ${a} IS NOT NULL THEN CAST('NaN' AS DOUBLE) END`;

/** The number of digits, which must be a literal because the result's type depends on it. */
function digits(args: Arguments): number {
  const count = args[1] === undefined ? 0 : literalNumber(args[1]);
  if (count === undefined || Math.abs(count) > 38) throw new Mismatch('NON_FOLDABLE_INPUT', 'the scale should be a literal from -38 to 38.');
  return count;
}

function roundedType(args: Arguments): DataType {
  const type = typeAt(0)(args);
  if (type.kind !== 'decimal') return type;
  const count = digits(args);
  const scale = Math.min(Math.max(count, 0), type.scale);
  const whole = type.precision - type.scale + 1;
  return count < 0 ? adjusted(Math.max(whole, -count + 1), 0) : adjusted(whole + scale, scale);
}

/** HALF_UP on the decimal notation of the value, as Spark rounds: 1.005 to two digits is 1.01. */
function renderRound([a = '']: readonly string[], call: { readonly arguments: Arguments; readonly type: DataType }): string {
  const count = digits(call.arguments);
  const type = call.type;
  if (isFraction(type)) return roundFraction(a, count, type);
  if (count >= 0) return type.kind === 'decimal' ? castSql(`round(${a}, ${count})`, type) : a;
  const unit = `1${'0'.repeat(-count)}`;
  const wide = `CAST(round(CAST(${a} AS DECIMAL(38,0)), ${count}) AS DECIMAL(38,0))`;
  return type.kind === 'decimal' ? castSql(`round(${a}, ${count})`, type) : unit.length > 19 ? castSql(`${a} * 0`, type) : castSql(wide, type);
}

function roundFraction(a: string, count: number, type: DataType): string {
  if (count < 0) return castSql(`round(CAST(CAST(${a} AS VARCHAR) AS DECIMAL(38,0)), ${count})`, type);
  const scale = Math.min(count, 18);
  const exact = castSql(`CAST(CAST(${a} AS VARCHAR) AS DECIMAL(38,${scale}))`, type);
  // Beyond 2^53 a double has no digits after the point left to round.
  return `CASE WHEN isfinite(${a}) AND abs(${a}) < 9007199254740992 THEN ${exact} ELSE ${a} END`;
}

function wholeNumbers(args: Arguments): Arguments {
  return args.map((arg) => (isIntegral(typeOf(arg)) ? castTo(arg, LONG) : typeOf(arg).kind === 'decimal' ? arg : castTo(arg, DOUBLE)));
}

function wholeType(args: Arguments): DataType {
  const type = typeAt(0)(args);
  return type.kind === 'decimal' ? adjusted(type.precision - type.scale + 1, 0) : LONG;
}

function toWhole(name: 'ceil' | 'floor', about: string, aliases: readonly string[] = []): ScalarRow {
  return scalar(name, ['numeric'], wholeType, about,
    ([a = ''], call) => (call.arguments[0] !== undefined && isIntegral(typeOf(call.arguments[0])) ? a : castSql(`${name}(${a})`, call.type)),
    { aliases, coerce: wholeNumbers, nullable: 'always', show: ([a], called) => `${called === name ? called.toUpperCase() : called}(${a})` });
}

export const mathematicsRows: readonly ScalarRow[] = [
  scalar('round', ['numeric', 'int'], roundedType, 'Rounded half up to a number of digits.', renderRound, { optional: 1, defaults: ['0'], nullable: 'always' }),
  toWhole('ceil', 'The smallest whole number that is not smaller.', ['ceiling']),
  toWhole('floor', 'The largest whole number that is not larger.'),
  real('sqrt', 'Square root; NaN below zero.', (a) => `CASE WHEN ${a} < 0 THEN CAST('NaN' AS DOUBLE) ELSE sqrt(${a}) END`),
  real('exp', 'e to the power.', (a) => `exp(${a})`),
  real('ln', 'Natural logarithm; NULL for zero and below.', logarithm('ln'), { upper: false }),
  real('log10', 'Logarithm to the base 10.', logarithm('log10')),
  real('log2', 'Logarithm to the base 2.', logarithm('log2')),
  scalar('log', ['double', 'double'], DOUBLE, 'Natural logarithm, or the logarithm of the second to the base of the first.',
    ([a = '', b]) => (b === undefined ? logarithm('ln')(a) : `CASE WHEN ${a} > 0 AND ${b} > 0 THEN ln(${b}) / ln(${a}) END`),
    { optional: 1, nullable: 'always', show: (args) => (args.length === 1 ? `LOG(E(), ${args[0]})` : `LOG(${args.join(', ')})`) }),
  scalar('pow', ['double', 'double'], DOUBLE, 'The first to the power of the second.', ([a, b]) => `pow(${a}, ${b})`, { aliases: ['power'], show: (args, name) => (name === 'pow' ? `pow(${args.join(', ')})` : `POWER(${args.join(', ')})`) }),
  real('sin', 'Sine of radians.', (a) => `CASE WHEN isfinite(${a}) THEN sin(${a}) WHEN ${a} IS NOT NULL THEN CAST('NaN' AS DOUBLE) END`),
  real('cos', 'Cosine of radians.', (a) => `CASE WHEN isfinite(${a}) THEN cos(${a}) WHEN ${a} IS NOT NULL THEN CAST('NaN' AS DOUBLE) END`),
  real('tan', 'Tangent of radians.', (a) => `CASE WHEN isfinite(${a}) THEN tan(${a}) WHEN ${a} IS NOT NULL THEN CAST('NaN' AS DOUBLE) END`),
  real('asin', 'Arc sine; NaN outside -1 to 1.', within('asin')),
  real('acos', 'Arc cosine; NaN outside -1 to 1.', within('acos')),
  real('atan', 'Arc tangent.', (a) => `atan(${a})`),
  scalar('atan2', ['double', 'double'], DOUBLE, 'The angle of a point.', ([a, b]) => `atan2(${a}, ${b})`, { upper: true, nullable: 'always' }),
  real('degrees', 'Radians as degrees.', (a) => `degrees(${a})`),
  real('radians', 'Degrees as radians.', (a) => `radians(${a})`),
  scalar('sign', ['double'], DOUBLE, '-1.0, 0.0 or 1.0.', ([a]) => `CASE WHEN isnan(${a}) THEN ${a} ELSE CAST(sign(${a}) AS DOUBLE) END`, { nullable: 'always', aliases: ['signum'], show: ([a], name) => (name === 'sign' ? `sign(${a})` : `SIGNUM(${a})`) }),
  scalar('pi', [], DOUBLE, 'The number π.', () => 'pi()', { upper: true, nullable: 'never' }),
  scalar('e', [], DOUBLE, 'The number e.', () => '2.718281828459045e0', { upper: true, nullable: 'never' }),
];

