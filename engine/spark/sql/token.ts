/** The words and signs of Spark SQL. Every keyword may also be a name (Spark's default: no reserved words). */

export type TokenKind =
  /** Letters, digits, underscores: a keyword or a name. `value` is the upper-case form. */
  | 'word'
  /** `name` in backquotes; never a keyword. `value` is the name itself. */
  | 'quoted'
  /** `value` is the text after Spark's escapes. */
  | 'string'
  /** `value` is the digits as written, with their suffix. */
  | 'number'
  | 'symbol'
  /** A character that begins no token. */
  | 'unknown'
  | 'end';

export interface Token {
  readonly kind: TokenKind;
  readonly value: string;
  /** UTF-16 offsets into the text; `stop` is exclusive. */
  readonly start: number;
  readonly stop: number;
  /** 1-based. */
  readonly line: number;
  readonly column: number;
}

/** Longest first. `>>` and `>>>` are put together by the expression parser, because `array<array<int>>` needs them apart. */
export const symbols: readonly string[] = [
  '/*+', '<=>', '<>', '!=', '==', '<=', '>=', '!<', '!>', '->', '=>', '::', '||', '|>', '<<', '*/',
  '(', ')', '[', ']', '{', '}', ',', '.', ';', ':', '?', '+', '-', '*', '/', '%', '~', '&', '|', '^', '=', '<', '>', '!',
];

/** Words that begin the next clause of a query and so are never read as an alias without AS. */
const clauseWords = [
  'FROM', 'WHERE', 'GROUP', 'HAVING', 'ORDER', 'SORT', 'CLUSTER', 'DISTRIBUTE', 'LIMIT', 'OFFSET', 'WINDOW', 'UNION', 'INTERSECT',
  'EXCEPT', 'MINUS', 'SETMINUS', 'LATERAL', 'AS', 'SELECT', 'INSERT',
];

export const notSelectAlias: ReadonlySet<string> = new Set(clauseWords);

export const notTableAlias: ReadonlySet<string> = new Set([
  ...clauseWords,
  // Spark's strictNonReserved: words of joins.
  'ANTI', 'CROSS', 'FULL', 'INNER', 'JOIN', 'LEFT', 'NATURAL', 'ON', 'RIGHT', 'SEMI', 'USING',
  'PIVOT', 'UNPIVOT', 'TABLESAMPLE', 'FOR', 'MATCH_RECOGNIZE',
]);

/** Words that cannot stand where an operand is due: reading them as columns would hide the real mistake. */
export const notOperand: ReadonlySet<string> = new Set([
  'FROM', 'SELECT', 'WHERE', 'HAVING', 'UNION', 'INTERSECT', 'EXCEPT', 'JOIN', 'AS', 'THEN',
]);

/** Not operands when BY follows. */
export const byWords: ReadonlySet<string> = new Set(['GROUP', 'ORDER', 'SORT', 'CLUSTER', 'DISTRIBUTE', 'PARTITION']);
