/**
 * Unresolved expressions: what SQL text and Spark Connect messages become before analysis.
 * The analyser turns them into `ResolvedExpression` (resolved.ts), which carries types.
 */
import type { DataType } from './types.ts';

/** Where something stands in SQL text, for error messages. Offsets are UTF-16 units, 0-based, `stop` exclusive; line and column 1-based. */
export interface Origin {
  readonly start: number;
  readonly stop: number;
  readonly line: number;
  readonly column: number;
}

export type LiteralValue =
  | null | boolean | number | bigint | string | Uint8Array;

export type Expression =
  /** date: days since epoch (number); timestamp(_ntz): microseconds since epoch (bigint); decimal: plain digits (string). */
  | { readonly kind: 'literal'; readonly value: LiteralValue; readonly type: DataType; readonly origin?: Origin }
  | { readonly kind: 'column'; readonly name: readonly string[]; readonly planId?: bigint; readonly origin?: Origin }
  | { readonly kind: 'star'; readonly target: readonly string[]; readonly planId?: bigint; readonly origin?: Origin }
  /**
   * Every operator and function by Spark's function name, lower case: `+ - * / % div = == <=> < <= > >= != and or not
   * isnull isnotnull in like rlike between when concat count sum …` (`when`: condition, value, …, [else]).
   */
  | { readonly kind: 'call'; readonly name: string; readonly arguments: readonly Expression[]; readonly distinct?: boolean;
      readonly filter?: Expression; readonly origin?: Origin }
  | { readonly kind: 'alias'; readonly child: Expression; readonly name: string; readonly origin?: Origin }
  | { readonly kind: 'cast'; readonly child: Expression; readonly type: DataType; readonly mode: 'default' | 'try'; readonly origin?: Origin }
  | { readonly kind: 'sortOrder'; readonly child: Expression; readonly direction: 'asc' | 'desc'; readonly nulls: 'first' | 'last'; readonly origin?: Origin }
  /** `struct.field`, `map[key]`, `array[index]`. */
  | { readonly kind: 'extract'; readonly child: Expression; readonly key: Expression; readonly origin?: Origin }
  /** Text to be parsed as one expression (Spark Connect's ExpressionString: `selectExpr`, `expr`). */
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'parameter'; readonly name: string; readonly origin?: Origin };
