/** How Spark shows an expression: the column name it gets without an alias, and how messages quote it. */
import type { Expression } from './expression.ts';
import { castFunctions } from './functions/cast-functions.ts';
import { functionRow } from './functions/table.ts';
import { sqlTypeName } from './types.ts';

/** `(a + b)`, `count(1)`, `CAST(a AS INT)`: from the expression as it was written. */
export function expressionText(expression: Expression): string {
  switch (expression.kind) {
    case 'literal': return literalText(expression);
    case 'column': return expression.name.at(-1) ?? '';
    case 'star': return '*';
    case 'alias': return expressionText(expression.child);
    case 'cast': return `${expression.mode === 'try' ? 'TRY_' : ''}CAST(${expressionText(expression.child)} AS ${sqlTypeName(expression.type)})`;
    case 'call': return callText(expression);
    case 'sortOrder': return `${expressionText(expression.child)} ${expression.direction.toUpperCase()} NULLS ${expression.nulls.toUpperCase()}`;
    case 'extract': return extractText(expression);
    case 'text': return expression.text;
    case 'parameter': return `:${expression.name}`;
  }
}

function extractText({ child, key }: Extract<Expression, { kind: 'extract' }>): string {
  const field = key.kind === 'literal' && typeof key.value === 'string';
  return field && child.kind !== 'call' ? `${expressionText(child)}[${key.value}]` : `${expressionText(child)}[${expressionText(key)}]`;
}

function callText(call: Extract<Expression, { kind: 'call' }>): string {
  const args = call.arguments.map((arg) => (arg.kind === 'star' && call.name === 'count' ? '1' : expressionText(arg)));
  const row = functionRow(call.name);
  const filter = call.filter === undefined ? '' : ` FILTER (WHERE ${expressionText(call.filter)})`;
  if (call.distinct === true) return `${call.name}(DISTINCT ${args.join(', ')})${filter}`;
  const signed = args.length === 1 && (call.name === '-' || call.name === '+');
  if (signed) return `(${call.name} ${args[0]})`;
  if (castFunctions.has(call.name) && args.length === 1) return args[0] ?? '';
  if (call.name === 'extract') return `extract(${args[0]} FROM ${args[1]})`;
  if (call.name === 'between') return `between(${args.join(', ')})`;
  return (row?.show?.(args, call.name) ?? `${call.name}(${args.join(', ')})`) + filter;
}

function literalText({ value, type }: Extract<Expression, { kind: 'literal' }>): string {
  if (value === null) return 'NULL';
  switch (type.kind) {
    case 'date': return `DATE '${dayText(Number(value))}'`;
    case 'timestamp': return `TIMESTAMP '${instantText(BigInt(String(value)))}'`;
    case 'timestamp_ntz': return `TIMESTAMP_NTZ '${instantText(BigInt(String(value)))}'`;
    case 'binary': return `X'${[...(value instanceof Uint8Array ? value : [])].map((byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join('')}'`;
    case 'float': case 'double': return javaNumber(Number(value));
    default: return String(value);
  }
}

function dayText(days: number): string {
  return new Date(days * 86_400_000).toISOString().slice(0, 10);
}

function instantText(micros: bigint): string {
  const millis = Number(micros / 1000n);
  const rest = (((micros % 1_000_000n) + 1_000_000n) % 1_000_000n).toString().padStart(6, '0').replace(/0+$/, '');
  const text = new Date(Math.floor(millis / 1000) * 1000).toISOString().slice(0, 19).replace('T', ' ');
  return rest === '' ? text : `${text}.${rest}`;
}

/** Java's Double.toString. */
export function javaNumber(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
  const size = Math.abs(value);
  if (size === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  if (size >= 1e-3 && size < 1e7) return Number.isInteger(value) ? `${value}.0` : String(value);
  const [mantissa = '', exponent = '0'] = value.toExponential().split('e');
  return `${mantissa.includes('.') ? mantissa : `${mantissa}.0`}E${Number(exponent)}`;
}
