/** Comparison, logic and choice. NULLs and NaN compare as in Spark; the kernel agrees on NaN (equal to itself, largest). */
import { BOOLEAN, castTo, commonType, typeOf } from '../coercion.ts';
import type { ResolvedExpression } from '../resolved.ts';
import { nullable } from '../resolved.ts';
import type { DataType } from '../types.ts';
import { sqlTypeName } from '../types.ts';
import { anyNullable, scalar, toCommonType, typeAt } from './define.ts';
import type { Arguments, ScalarRow } from './row.ts';
import { Mismatch } from './row.ts';

/** Both sides as their common type. Maps have no order and no equality. */
export function compared(args: Arguments): Arguments {
  const [left, right] = args;
  if (left === undefined || right === undefined) return args;
  const [a, b] = [typeOf(left), typeOf(right)];
  const common = commonType(a, b);
  if (common === undefined) {
    throw new Mismatch('BINARY_OP_DIFF_TYPES', `the left and right operands of the binary operator have incompatible types ("${sqlTypeName(a)}" and "${sqlTypeName(b)}").`);
  }
  if (common.kind === 'map') throw new Mismatch('INVALID_ORDERING_TYPE', 'the operator does not support ordering on type "MAP".');
  return [castTo(left, common), castTo(right, common)];
}

const infix = (symbol: string) => ([a, b]: readonly string[]): string => `(${a} ${symbol} ${b})`;

function comparison(names: readonly [string, ...string[]], symbol: string, about: string, show = infix(symbol)): ScalarRow {
  const [name, ...aliases] = names;
  return scalar(name, ['any', 'any'], BOOLEAN, about, infix(symbol), { aliases, coerce: compared, show });
}

/** Conditions and values of `when` in turn; the last one alone is the ELSE. */
function branches(args: Arguments): Arguments {
  const isValue = (i: number): boolean => i % 2 === 1 || (i === args.length - 1 && args.length % 2 === 1);
  const values = toCommonType(args.filter((_, i) => isValue(i)));
  args.forEach((arg, i) => {
    if (!isValue(i) && typeOf(arg).kind !== 'boolean') {
      throw new Mismatch('UNEXPECTED_INPUT_TYPE', `The condition requires the "BOOLEAN" type, however it has the type "${sqlTypeName(typeOf(arg))}".`);
    }
  });
  let next = 0;
  return args.map((arg, i) => (isValue(i) ? values[next++] ?? arg : castTo(arg, BOOLEAN)));
}

const valueTypes = (args: Arguments): DataType => typeAt(1)(args);

function caseNullable(args: Arguments): boolean {
  const hasElse = args.length % 2 === 1;
  return !hasElse || args.some((arg, i) => (i % 2 === 1 || i === args.length - 1) && nullable(arg));
}

function renderCase(sql: readonly string[]): string {
  const pairs = Array.from({ length: Math.floor(sql.length / 2) }, (_, i) => `WHEN ${sql[2 * i]} THEN ${sql[2 * i + 1]}`);
  const last = sql.length % 2 === 1 ? ` ELSE ${sql.at(-1)}` : '';
  return `CASE ${pairs.join(' ')}${last} END`;
}

const withTail = (args: Arguments): Arguments => (args.length === 0 ? args : toCommonType(args));
const allNullable = (args: Arguments): boolean => args.every(nullable);
const list = (args: readonly ResolvedExpression[]): DataType => typeAt(0)(args);

export const comparisonRows: readonly ScalarRow[] = [
  comparison(['=', '=='], '=', 'Equal; NULL when a side is NULL.'),
  comparison(['!=', '<>'], '<>', 'Not equal; NULL when a side is NULL.', ([a, b]) => `(NOT (${a} = ${b}))`),
  comparison(['<'], '<', 'Less than.'),
  comparison(['<='], '<=', 'Less than or equal.'),
  comparison(['>'], '>', 'Greater than.'),
  comparison(['>='], '>=', 'Greater than or equal.'),
  scalar('<=>', ['any', 'any'], BOOLEAN, 'Equal, with NULL equal to NULL.', infix('IS NOT DISTINCT FROM'), { coerce: compared, nullable: 'never', show: infix('<=>') }),
  scalar('equal_null', ['any', 'any'], BOOLEAN, 'Equal, with NULL equal to NULL.', infix('IS NOT DISTINCT FROM'), { coerce: compared, nullable: 'never' }),
  scalar('and', ['boolean', 'boolean'], BOOLEAN, 'Both are true.', infix('AND'), { show: infix('AND') }),
  scalar('or', ['boolean', 'boolean'], BOOLEAN, 'One is true.', infix('OR'), { show: infix('OR') }),
  scalar('not', ['boolean'], BOOLEAN, 'True becomes false.', ([a]) => `(NOT ${a})`, { aliases: ['!'], show: ([a]) => `(NOT ${a})` }),
  scalar('isnull', ['any'], BOOLEAN, 'Whether the value is NULL.', ([a]) => `(${a} IS NULL)`, { nullable: 'never', show: ([a]) => `(${a} IS NULL)` }),
  scalar('isnotnull', ['any'], BOOLEAN, 'Whether the value is not NULL.', ([a]) => `(${a} IS NOT NULL)`, { nullable: 'never', show: ([a]) => `(${a} IS NOT NULL)` }),
  scalar('isnan', ['double'], BOOLEAN, 'Whether the value is NaN; false for NULL.', ([a]) => `coalesce(isnan(${a}), false)`, { nullable: 'never' }),
  scalar('in', ['any', 'any'], BOOLEAN, 'Whether the first value equals one of the others.', ([a, ...others]) => `(${a} IN (${others.join(', ')}))`,
    { variadic: true, coerce: toCommonType, show: ([a, ...others]) => `(${a} IN (${others.join(', ')}))` }),
  scalar('when', ['any', 'any'], valueTypes, 'CASE WHEN: conditions and values in turn, then the value for all else.', renderCase,
    { variadic: true, coerce: branches, nullable: caseNullable, show: (args) => renderCase(args) }),
  scalar('if', ['boolean', 'any', 'any'], valueTypes, 'The second value when the condition is true, else the third.',
    ([a, b, c]) => `CASE WHEN ${a} THEN ${b} ELSE ${c} END`,
    { coerce: (args) => toCommonType(args, 1), nullable: (args) => args.slice(1).some(nullable), show: ([a, b, c]) => `(IF(${a}, ${b}, ${c}))` }),
  scalar('coalesce', ['any'], list, 'The first value that is not NULL.', (sql) => `coalesce(${sql.join(', ')})`,
    { variadic: true, coerce: withTail, nullable: allNullable }),
  scalar('nvl', ['any', 'any'], list, 'The first value, or the second when it is NULL.', (sql) => `coalesce(${sql.join(', ')})`,
    { aliases: ['ifnull'], coerce: withTail, nullable: allNullable }),
  scalar('nvl2', ['any', 'any', 'any'], valueTypes, 'The second value when the first is not NULL, else the third.',
    ([a, b, c]) => `CASE WHEN ${a} IS NOT NULL THEN ${b} ELSE ${c} END`,
    { coerce: (args) => toCommonType(args, 1), nullable: (args) => args.slice(1).some(nullable) }),
  scalar('nullif', ['any', 'any'], list, 'NULL when both are equal, else the first.', ([a, b]) => `CASE WHEN ${a} = ${b} THEN NULL ELSE ${a} END`,
    { coerce: (args) => (args[0] === undefined ? args : compared(args)), nullable: 'always' }),
  scalar('greatest', ['comparable', 'comparable'], list, 'The largest value that is not NULL.', (sql) => `greatest(${sql.join(', ')})`,
    { variadic: true, coerce: withTail, nullable: allNullable }),
  scalar('least', ['comparable', 'comparable'], list, 'The smallest value that is not NULL.', (sql) => `least(${sql.join(', ')})`,
    { variadic: true, coerce: withTail, nullable: allNullable }),
  scalar('nanvl', ['double', 'double'], { kind: 'double' }, 'The second value when the first is NaN.',
    ([a, b]) => `CASE WHEN isnan(${a}) THEN ${b} ELSE ${a} END`, { nullable: anyNullable }),
];
