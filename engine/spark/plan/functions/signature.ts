/** Fitting the arguments of a call to a row of the function table, with Spark's conversions and Spark's errors. */
import { BOOLEAN, DATE, DOUBLE, INT, LONG, STRING, TIMESTAMP, castTo, isIntegral, isNumeric, typeOf } from '../coercion.ts';
import type { Origin } from '../expression.ts';
import type { ResolvedExpression } from '../resolved.ts';
import { SparkError } from '../spark-error.ts';
import type { DataType } from '../types.ts';
import { sqlTypeName } from '../types.ts';
import type { Accept, Arguments, FunctionRow } from './row.ts';
import { Mismatch } from './row.ts';

/** Where a call stands: how it is shown in messages. */
export interface CallSite {
  readonly name: string;
  /** The whole call as Spark shows it. */
  readonly text: string;
  /** The arguments as Spark shows them. */
  readonly argumentTexts: readonly string[];
  readonly origin: Origin | undefined;
}

const ordinals = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth'];
const names: Readonly<Record<Accept, string>> = {
  any: 'ANY', boolean: 'BOOLEAN', numeric: 'NUMERIC', integral: 'INTEGRAL', int: 'INT', long: 'BIGINT', double: 'DOUBLE', string: 'STRING', binary: 'BINARY',
  days: 'INT', date: 'DATE', timestamp: 'TIMESTAMP', datetime: 'TIMESTAMP', array: 'ARRAY', map: 'MAP', comparable: 'ORDERABLE',
};

export function withOrigin(origin: Origin | undefined): { readonly origin?: Origin } {
  return origin === undefined ? {} : { origin };
}

export function dataTypeMismatch(subclass: string, text: string, reason: string, origin: Origin | undefined): SparkError {
  return new SparkError({
    errorClass: `DATATYPE_MISMATCH.${subclass}`, sqlState: '42K09', message: `Cannot resolve "${text}" due to data type mismatch: ${reason}`,
    parameters: { sqlExpr: `"${text}"` }, ...withOrigin(origin),
  });
}

/** The arguments converted to what the row takes. Throws `SparkError`. */
export function fitted(row: FunctionRow, args: Arguments, site: CallSite): Arguments {
  checkCount(row, args.length, site);
  const each = args.map((arg, i) => {
    const accept = row.takes[Math.min(i, row.takes.length - 1)] ?? 'any';
    const accepted = accepts(arg, accept);
    if (accepted !== undefined) return accepted;
    throw dataTypeMismatch('UNEXPECTED_INPUT_TYPE', site.text,
      `The ${ordinals[i] ?? `${i + 1}th`} parameter requires the "${names[accept]}" type, however "${site.argumentTexts[i] ?? ''}" has the type "${sqlTypeName(typeOf(arg))}".`, site.origin);
  });
  if (row.coerce === undefined) return each;
  try {
    return row.coerce(each);
  } catch (error) {
    if (error instanceof Mismatch) throw dataTypeMismatch(error.subclass, site.text, error.message, site.origin);
    throw error;
  }
}

function checkCount(row: FunctionRow, count: number, site: CallSite): void {
  const most = row.variadic ? Infinity : row.takes.length;
  const least = row.takes.length - row.optional;
  if (count >= least && count <= most) return;
  const wanted = row.variadic ? `> ${least - 1}` : least === most ? String(least) : `[${Array.from({ length: most - least + 1 }, (_, i) => least + i).join(', ')}]`;
  throw new SparkError({
    errorClass: 'WRONG_NUM_ARGS.WITHOUT_SUGGESTION', sqlState: '42605',
    message: `The \`${site.name}\` requires ${wanted} parameters but the actual number is ${count}.`,
    parameters: { functionName: `\`${site.name}\``, expectedNum: wanted, actualNum: String(count) }, ...withOrigin(site.origin),
  });
}

/** The argument as the parameter takes it, or undefined when Spark has no implicit conversion. */
function accepts(arg: ResolvedExpression, accept: Accept): ResolvedExpression | undefined {
  const type = typeOf(arg);
  const to = (target: DataType, ...kinds: readonly string[]): ResolvedExpression | undefined =>
    (type.kind === target.kind ? arg : type.kind === 'null' || kinds.includes(type.kind) ? castTo(arg, target) : undefined);
  switch (accept) {
    case 'any': return arg;
    case 'boolean': return to(BOOLEAN, 'string');
    case 'numeric': return isNumeric(type) ? arg : to(DOUBLE, 'string');
    case 'integral': return isIntegral(type) ? arg : to(LONG, 'string');
    case 'int': return to(INT, 'byte', 'short', 'long', 'string');
    case 'days': return to(INT, 'byte', 'short', 'string');
    case 'long': return to(LONG, 'byte', 'short', 'int', 'string');
    case 'double': return to(DOUBLE, 'byte', 'short', 'int', 'long', 'float', 'decimal', 'string');
    case 'string': return ['array', 'map', 'struct'].includes(type.kind) ? undefined : castTo(arg, STRING);
    case 'binary': return to({ kind: 'binary' }, 'string');
    case 'date': return to(DATE, 'string', 'timestamp', 'timestamp_ntz');
    case 'timestamp': return to(TIMESTAMP, 'string', 'date', 'timestamp_ntz');
    case 'datetime': return type.kind === 'timestamp_ntz' ? arg : to(TIMESTAMP, 'string', 'date');
    case 'array': return type.kind === 'array' ? arg : undefined;
    case 'map': return type.kind === 'map' ? arg : undefined;
    case 'comparable': return type.kind === 'map' ? undefined : arg;
  }
}
