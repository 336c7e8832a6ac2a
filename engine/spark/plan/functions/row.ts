/** The shape of the function table: one row per function or operator of Spark. */
import type { ResolvedExpression } from '../resolved.ts';
import type { DataType } from '../types.ts';

/** What a parameter takes; arguments of other types are converted as Spark converts them, or refused. */
export type Accept =
  | 'any' | 'boolean' | 'numeric' | 'integral' | 'int' | 'long' | 'double' | 'string' | 'binary' | 'date' | 'timestamp'
  | 'datetime' | 'days' | 'array' | 'map' | 'comparable';

export type Arguments = readonly ResolvedExpression[];

/** What a rendering sees besides the SQL of the arguments. */
export interface RenderedCall {
  readonly arguments: Arguments;
  readonly type: DataType;
}

interface Signature {
  /** The first is the name in messages; all are lower case. */
  readonly names: readonly [string, ...string[]];
  /** One sentence for the reference. */
  readonly about: string;
  readonly takes: readonly Accept[];
  /** How many of the last parameters may be left out. */
  readonly optional: number;
  /** The last parameter repeats. */
  readonly variadic: boolean;
  readonly result: (args: Arguments) => DataType;
  readonly nullable: (args: Arguments) => boolean;
  /** Conversion that depends on several arguments, e.g. to a common type. Throws `Mismatch`. Runs after `takes`. */
  readonly coerce?: (args: Arguments) => Arguments;
}

export interface ScalarRow extends Signature {
  readonly kind: 'scalar';
  readonly render: (sql: readonly string[], call: RenderedCall) => string;
  /** Spark's column name for the call; without it `name(a, b)`. */
  readonly show?: (args: readonly string[], name: string) => string;
}

/**
 * An aggregate in two steps. Each buffer is one column of the partial result; `update` and `merge` are kernel
 * aggregates, `finish` is a plain expression over the merged buffers.
 */
export interface AggregateRow extends Signature {
  readonly kind: 'aggregate';
  readonly buffers: (args: Arguments) => readonly {
    readonly type: DataType;
    /** `distinct` is '' or 'DISTINCT '; `filter` is '' or ' FILTER (WHERE …)'. */
    readonly update: (sql: readonly string[], distinct: string, filter: string) => string;
    /** `all` are the buffers of the aggregate, this one among them. */
    readonly merge: (buffer: string, all: readonly string[]) => string;
  }[];
  readonly finish: (buffers: readonly string[], call: RenderedCall) => string;
  /** The same whether or not duplicates are removed (min, max). */
  readonly ignoresDuplicates?: boolean;
  readonly show?: (args: readonly string[], name: string) => string;
}

export type FunctionRow = ScalarRow | AggregateRow;

/** Why arguments do not fit; the caller adds the expression and the place. */
export class Mismatch extends Error {
  override readonly name = 'Mismatch';
  readonly subclass: string;

  constructor(subclass: string, message: string) {
    super(message);
    this.subclass = subclass;
  }
}
