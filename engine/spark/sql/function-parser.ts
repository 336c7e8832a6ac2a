/** Calls: plain ones, and those with a grammar of their own (CAST, EXTRACT, TRIM, SUBSTRING, POSITION, OVERLAY …). */
import type { Expression } from '../plan/expression.ts';
import { call, parseExpression, parseNamedExpression, parseValue } from './expression-parser.ts';
import type { TokenCursor } from './token-cursor.ts';
import type { Token } from './token.ts';
import { parseType } from './type-parser.ts';

type CallParser = (cursor: TokenCursor, first: Token) => Expression;

const text = (value: string): Expression => ({ kind: 'literal', value, type: { kind: 'string' } });

/** The current token is the function's name, the next one `(`. */
export function parseCall(cursor: TokenCursor, first: Token): Expression {
  return cursor.nested(() => {
    const special = first.kind === 'word' ? specialCalls.get(first.value) : undefined;
    const parsed = special?.(cursor, first) ?? plainCall(cursor, first);
    return withSuffixes(cursor, first, parsed);
  });
}

function plainCall(cursor: TokenCursor, first: Token): Expression {
  const name = cursor.name().toLowerCase();
  cursor.expectSymbol('(');
  if (cursor.takeSymbol(')')) return call(cursor, first, name);
  if (cursor.atAnyWord(['SELECT', 'WITH']) && !cursor.atSymbol(',', 1) && !cursor.atSymbol(')', 1)) {
    throw cursor.unsupported(cursor.peek(), 'SUBQUERY', `a query as an argument of ${name}`);
  }
  const distinct = setQuantifier(cursor);
  const operands = cursor.list(() => argument(cursor));
  const nulls = nullsOption(cursor, name);
  cursor.expectSymbol(')');
  const made: Expression = { kind: 'call', name, arguments: [...operands, ...nulls], origin: cursor.originFrom(first) };
  return distinct ? { ...made, distinct } : made;
}

function setQuantifier(cursor: TokenCursor): boolean {
  if (!cursor.atAnyWord(['DISTINCT', 'ALL'])) return false;
  const alone = cursor.atSymbol(',', 1) || cursor.atSymbol(')', 1) || cursor.atSymbol('.', 1);
  return alone ? false : cursor.next().value === 'DISTINCT';
}

function argument(cursor: TokenCursor): Expression {
  if (cursor.atName() && cursor.atSymbol('=>', 1)) throw cursor.unsupported(cursor.peek(), 'NAMED_ARGUMENTS', 'an argument by name; give it by position');
  return parseExpression(cursor);
}

const ignoresNulls = new Set(['first', 'last', 'any_value', 'first_value', 'last_value']);

/** IGNORE NULLS becomes the second argument `true`, which these functions have. */
function nullsOption(cursor: TokenCursor, name: string): readonly Expression[] {
  if (cursor.takeWords('RESPECT', 'NULLS')) return [];
  const token = cursor.peek();
  if (!cursor.takeWords('IGNORE', 'NULLS')) return [];
  if (!ignoresNulls.has(name)) throw cursor.unsupported(token, 'IGNORE_NULLS', `IGNORE NULLS of the function ${name}`);
  return [{ kind: 'literal', value: true, type: { kind: 'boolean' }, origin: cursor.originOf(token) }];
}

/** FILTER (WHERE …), IGNORE NULLS; WITHIN GROUP and OVER are refused. */
function withSuffixes(cursor: TokenCursor, first: Token, parsed: Expression): Expression {
  if (parsed.kind !== 'call') return parsed;
  if (cursor.atWords('WITHIN', 'GROUP')) throw cursor.unsupported(cursor.peek(), 'WITHIN_GROUP', 'WITHIN GROUP');
  let made = parsed;
  if (cursor.atWords('FILTER') && cursor.atSymbol('(', 1)) {
    cursor.next();
    const filter = cursor.parenthesised(() => {
      cursor.expectWords('WHERE');
      return parseExpression(cursor);
    });
    made = { ...made, filter, origin: cursor.originFrom(first) };
  }
  const nulls = nullsOption(cursor, made.name);
  if (nulls.length > 0) made = { ...made, arguments: [...made.arguments, ...nulls], origin: cursor.originFrom(first) };
  if (cursor.atWords('OVER')) throw cursor.unsupported(cursor.peek(), 'WINDOW_FUNCTION', 'a window (OVER …)');
  return made;
}

function castCall(cursor: TokenCursor, first: Token): Expression {
  const mode = cursor.next().value === 'TRY_CAST' ? 'try' : 'default';
  cursor.expectSymbol('(');
  const child = parseExpression(cursor);
  if (!cursor.takeWords('AS')) throw cursor.unexpected('AS and a data type');
  const type = parseType(cursor);
  cursor.expectSymbol(')');
  return { kind: 'cast', child, type, mode, origin: cursor.originFrom(first) };
}

/** EXTRACT(field FROM source) → extract('field', source). */
function extractCall(cursor: TokenCursor, first: Token): Expression {
  cursor.next();
  const [field, source] = cursor.parenthesised(() => {
    const name = cursor.peek().kind === 'string' ? cursor.string() : cursor.name('a field such as YEAR');
    cursor.expectWords('FROM');
    return [name, parseValue(cursor)] as const;
  });
  return call(cursor, first, 'extract', text(field.toLowerCase()), source);
}

/** POSITION(part IN whole) → locate(part, whole); the form with commas is a plain call. */
function positionCall(cursor: TokenCursor, first: Token): Expression {
  cursor.next();
  cursor.expectSymbol('(');
  const part = parseValue(cursor);
  if (cursor.takeWords('IN')) {
    const whole = parseValue(cursor);
    cursor.expectSymbol(')');
    return call(cursor, first, 'locate', part, whole);
  }
  const operands = [part];
  while (cursor.takeSymbol(',')) operands.push(parseExpression(cursor));
  cursor.expectSymbol(')');
  return call(cursor, first, 'locate', ...operands);
}

/** SUBSTRING(s FROM p [FOR n]) and SUBSTRING(s, p[, n]). */
function substringCall(cursor: TokenCursor, first: Token): Expression {
  cursor.next();
  const operands = cursor.parenthesised(() => {
    const made = [parseValue(cursor)];
    if (cursor.takeWords('FROM') || cursor.takeSymbol(',')) made.push(parseValue(cursor));
    else throw cursor.unexpected("FROM or ','");
    if (cursor.takeWords('FOR') || cursor.takeSymbol(',')) made.push(parseValue(cursor));
    return made;
  });
  return call(cursor, first, 'substring', ...operands);
}

const trimNames: Readonly<Record<string, string>> = { BOTH: 'trim', LEADING: 'ltrim', TRAILING: 'rtrim' };

/** TRIM([BOTH | LEADING | TRAILING] [characters] FROM s) → trim, ltrim or rtrim ([characters,] s), which is Spark's argument order. */
function trimCall(cursor: TokenCursor, first: Token): Expression {
  cursor.next();
  cursor.expectSymbol('(');
  const sided = cursor.atAnyWord(['BOTH', 'LEADING', 'TRAILING']) && !cursor.atSymbol(',', 1) && !cursor.atSymbol(')', 1) && !cursor.atSymbol('.', 1);
  const name = sided ? (trimNames[cursor.next().value] as string) : 'trim';
  const operands: Expression[] = cursor.atWords('FROM') ? [] : [parseExpression(cursor)];
  if (cursor.takeWords('FROM')) {
    operands.push(parseValue(cursor));
  } else if (sided) {
    throw cursor.unexpected('FROM');
  } else {
    while (cursor.takeSymbol(',')) operands.push(parseExpression(cursor));
  }
  cursor.expectSymbol(')');
  return call(cursor, first, name, ...operands);
}

/** OVERLAY(s PLACING r FROM p [FOR n]), and the form with commas. */
function overlayCall(cursor: TokenCursor, first: Token): Expression {
  cursor.next();
  const operands = cursor.parenthesised(() => {
    const made = [parseValue(cursor)];
    for (const word of ['PLACING', 'FROM', 'FOR']) {
      if (cursor.takeWords(word) || cursor.takeSymbol(',')) made.push(parseValue(cursor));
      else if (word !== 'FOR') throw cursor.unexpected(word);
    }
    return made;
  });
  return call(cursor, first, 'overlay', ...operands);
}

const noAlias: ReadonlySet<string> = new Set();

/** STRUCT(a, b AS c): arguments may have names. */
function structCall(cursor: TokenCursor, first: Token): Expression {
  cursor.next();
  const fields = cursor.parenthesised(() => (cursor.atSymbol(')') ? [] : cursor.list(() => parseNamedExpression(cursor, noAlias))));
  return call(cursor, first, 'struct', ...fields);
}

const units = new Set([
  'YEAR', 'QUARTER', 'MONTH', 'WEEK', 'DAY', 'DAYOFYEAR', 'HOUR', 'MINUTE', 'SECOND', 'MILLISECOND', 'MICROSECOND',
]);

/** TIMESTAMPADD(unit, n, t), TIMESTAMPDIFF(unit, a, b) and their other names: the unit becomes a string. */
function unitCall(name: string): CallParser {
  return (cursor, first) => {
    if (!cursor.atAnyWord(units, 2) || !cursor.atSymbol(',', 3)) return plainCall(cursor, first);
    cursor.next();
    const operands = cursor.parenthesised(() => {
      const unit = text(cursor.next().value);
      cursor.expectSymbol(',');
      return [unit, ...cursor.list(() => parseValue(cursor))];
    });
    return call(cursor, first, name, ...operands);
  };
}

function identifierClause(cursor: TokenCursor, first: Token): Expression {
  throw cursor.unsupported(first, 'IDENTIFIER_CLAUSE', 'IDENTIFIER(…); write the name');
}

const specialCalls: ReadonlyMap<string, CallParser> = new Map<string, CallParser>([
  ['CAST', castCall], ['TRY_CAST', castCall], ['EXTRACT', extractCall], ['POSITION', positionCall],
  ['SUBSTRING', substringCall], ['SUBSTR', substringCall], ['TRIM', trimCall], ['OVERLAY', overlayCall], ['STRUCT', structCall],
  ['TIMESTAMPADD', unitCall('timestampadd')], ['DATEADD', unitCall('timestampadd')], ['DATE_ADD', unitCall('timestampadd')],
  ['TIMESTAMPDIFF', unitCall('timestampdiff')], ['DATEDIFF', unitCall('timestampdiff')], ['DATE_DIFF', unitCall('timestampdiff')],
  ['IDENTIFIER', identifierClause],
]);
