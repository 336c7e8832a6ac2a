/** JavaScript values as Spark literals. */
import { badArgument } from './client-error.ts';
import type { LiteralInit } from './message.ts';

/** What `lit` takes: number (int or double), bigint (long), string, boolean, null, Date (timestamp), bytes, arrays of these. */
export type Value = null | boolean | number | bigint | string | Date | Uint8Array | readonly Value[];

/**
 * Whole numbers become INT, or BIGINT beyond 32 bits; other numbers DOUBLE; bigint BIGINT, or DECIMAL beyond 64 bits;
 * Date TIMESTAMP. Throws `SparkError` INVALID_ARGUMENT for anything else.
 */
export function literalOf(value: Value): LiteralInit {
  if (value === null) return { literalType: { case: 'null', value: { kind: { case: 'null', value: {} } } } };
  switch (typeof value) {
    case 'boolean': return { literalType: { case: 'boolean', value } };
    case 'string': return { literalType: { case: 'string', value } };
    case 'number': return numberLiteral(value);
    case 'bigint': return bigintLiteral(value);
    default:
  }
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) throw badArgument('an invalid Date is no literal.');
    return { literalType: { case: 'timestamp', value: BigInt(value.getTime()) * 1000n } };
  }
  if (value instanceof Uint8Array) return { literalType: { case: 'binary', value } };
  if (Array.isArray(value)) return { literalType: { case: 'array', value: { elements: (value as readonly Value[]).map(literalOf) } } };
  throw badArgument(`a value of type ${Object.prototype.toString.call(value).slice(8, -1)} is no literal; use numbers, bigint, strings, booleans, null, Date, Uint8Array or arrays.`);
}

function numberLiteral(value: number): LiteralInit {
  if (!Number.isSafeInteger(value) || Object.is(value, -0)) return { literalType: { case: 'double', value } };
  if (value >= -(2 ** 31) && value < 2 ** 31) return { literalType: { case: 'integer', value } };
  return { literalType: { case: 'long', value: BigInt(value) } };
}

function bigintLiteral(value: bigint): LiteralInit {
  if (value >= -(2n ** 63n) && value < 2n ** 63n) return { literalType: { case: 'long', value } };
  const digits = String(value).replace('-', '').length;
  if (digits > 38) throw badArgument(`${digits} digits are more than a DECIMAL holds.`);
  return { literalType: { case: 'decimal', value: { value: String(value), precision: digits, scale: 0 } } };
}
