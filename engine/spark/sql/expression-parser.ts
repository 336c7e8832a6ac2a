/**
 * Expressions, by precedence as in Spark's grammar, loosest first: OR; AND; NOT; one predicate (IS, IN, LIKE, BETWEEN …);
 * comparison; `|`; `^`; `&`; shifts; `+ - ||`; `* / % DIV`; unary `- + ~`; then what binds to an operand (operand-parser.ts).
 */
import type { Expression } from '../plan/expression.ts';
import { parseOperand } from './operand-parser.ts';
import type { TokenCursor } from './token-cursor.ts';
import type { Token } from './token.ts';

/** Builds a call whose origin runs from `first` to the last token consumed. */
export function call(cursor: TokenCursor, first: Token, name: string, ...operands: readonly Expression[]): Expression {
  return { kind: 'call', name, arguments: operands, origin: cursor.originFrom(first) };
}

export function parseExpression(cursor: TokenCursor): Expression {
  return cursor.nested(() => {
    const first = cursor.peek();
    const terms = [conjunction(cursor)];
    while (cursor.takeWords('OR')) terms.push(conjunction(cursor));
    return balanced(cursor, first, 'or', terms);
  });
}

function conjunction(cursor: TokenCursor): Expression {
  const first = cursor.peek();
  const terms = [negation(cursor)];
  while (cursor.takeWords('AND')) terms.push(negation(cursor));
  return balanced(cursor, first, 'and', terms);
}

/** Long chains of AND and OR become shallow trees, which generated SQL needs. */
function balanced(cursor: TokenCursor, first: Token, name: string, terms: readonly Expression[]): Expression {
  if (terms.length === 1) return terms[0] as Expression;
  const middle = terms.length >> 1;
  const left = balanced(cursor, first, name, terms.slice(0, middle));
  return call(cursor, first, name, left, balanced(cursor, first, name, terms.slice(middle)));
}

function negation(cursor: TokenCursor): Expression {
  const first = cursor.peek();
  if (!cursor.takeWords('NOT') && !cursor.takeSymbol('!')) return predicated(cursor);
  return call(cursor, first, 'not', cursor.nested(() => negation(cursor)));
}

function predicated(cursor: TokenCursor): Expression {
  const first = cursor.peek();
  const value = parseValue(cursor);
  if (cursor.takeWords('IS')) return isPredicate(cursor, first, value);
  const negated = (cursor.atWords('NOT') || cursor.atSymbol('!')) && cursor.atAnyWord(['BETWEEN', 'IN', 'LIKE', 'ILIKE', 'RLIKE', 'REGEXP'], 1);
  if (negated) cursor.next();
  const predicate = wordPredicate(cursor, first, value);
  if (predicate === undefined) return value;
  return negated ? call(cursor, first, 'not', predicate) : predicate;
}

function wordPredicate(cursor: TokenCursor, first: Token, value: Expression): Expression | undefined {
  if (cursor.takeWords('BETWEEN')) {
    const low = parseValue(cursor);
    cursor.expectWords('AND');
    return call(cursor, first, 'between', value, low, parseValue(cursor));
  }
  if (cursor.atWords('IN')) return inPredicate(cursor, first, value);
  if (cursor.takeWords('RLIKE') || cursor.takeWords('REGEXP')) return call(cursor, first, 'rlike', value, parseValue(cursor));
  if (cursor.takeWords('LIKE')) return likePredicate(cursor, first, 'like', value);
  if (cursor.takeWords('ILIKE')) return likePredicate(cursor, first, 'ilike', value);
  return undefined;
}

function inPredicate(cursor: TokenCursor, first: Token, value: Expression): Expression {
  cursor.next();
  if (!cursor.atSymbol('(')) throw cursor.unexpected("'('");
  if (cursor.atAnyWord(['SELECT', 'WITH'], 1)) throw cursor.unsupported(cursor.peek(1), 'SUBQUERY', 'a subquery in IN; join with the query instead');
  const choices = cursor.parenthesised(() => cursor.list(() => parseExpression(cursor)));
  return call(cursor, first, 'in', value, ...choices);
}

function likePredicate(cursor: TokenCursor, first: Token, name: string, value: Expression): Expression {
  if (cursor.atAnyWord(['ANY', 'SOME', 'ALL']) && cursor.atSymbol('(', 1)) {
    const all = cursor.next().value === 'ALL';
    const patterns = cursor.parenthesised(() => cursor.list(() => parseExpression(cursor)));
    return balanced(cursor, first, all ? 'and' : 'or', patterns.map((pattern) => call(cursor, first, name, value, pattern)));
  }
  const pattern = parseValue(cursor);
  if (!cursor.takeWords('ESCAPE')) return call(cursor, first, name, value, pattern);
  const at = cursor.peek();
  const escape = cursor.string("the escape character as a string, such as '\\\\'");
  if (escape.length !== 1) throw cursor.failure(at, 'ESCAPE needs exactly one character');
  return call(cursor, first, name, value, pattern, { kind: 'literal', value: escape, type: { kind: 'string' }, origin: cursor.originOf(at) });
}

/** IS [NOT] NULL, TRUE, FALSE, UNKNOWN, DISTINCT FROM. */
function isPredicate(cursor: TokenCursor, first: Token, value: Expression): Expression {
  const negated = cursor.takeWords('NOT');
  if (cursor.takeWords('NULL') || cursor.takeWords('UNKNOWN')) return call(cursor, first, negated ? 'isnotnull' : 'isnull', value);
  let same: Expression;
  let negate = negated;
  if (cursor.takeWords('DISTINCT')) {
    cursor.expectWords('FROM');
    same = call(cursor, first, '<=>', value, parseValue(cursor));
    negate = !negated;
  } else if (cursor.atAnyWord(['TRUE', 'FALSE'])) {
    const token = cursor.next();
    same = call(cursor, first, '<=>', value, { kind: 'literal', value: token.value === 'TRUE', type: { kind: 'boolean' }, origin: cursor.originOf(token) });
  } else {
    throw cursor.unexpected('NULL, TRUE, FALSE, UNKNOWN or DISTINCT FROM');
  }
  return negate ? call(cursor, first, 'not', same) : same;
}

interface Operator {
  readonly name: string;
  readonly precedence: number;
  /** Tokens it is made of. */
  readonly tokens: number;
}

const operator = (name: string, precedence: number, tokens = 1): Operator => ({ name, precedence, tokens });

const symbolOperators: ReadonlyMap<string, Operator> = new Map([
  ['=', operator('=', 1)], ['==', operator('=', 1)], ['<=>', operator('<=>', 1)], ['<>', operator('!=', 1)], ['!=', operator('!=', 1)],
  ['<', operator('<', 1)], ['<=', operator('<=', 1)], ['!>', operator('<=', 1)], ['>', operator('>', 1)], ['>=', operator('>=', 1)],
  ['!<', operator('>=', 1)], ['|', operator('|', 2)], ['^', operator('^', 3)], ['&', operator('&', 4)], ['<<', operator('shiftleft', 5)],
  ['+', operator('+', 6)], ['-', operator('-', 6)], ['||', operator('concat', 6)],
  ['*', operator('*', 7)], ['/', operator('/', 7)], ['%', operator('%', 7)],
]);

function operatorAt(cursor: TokenCursor): Operator | undefined {
  const token = cursor.peek();
  if (token.kind === 'word') return token.value === 'DIV' ? operator('div', 7) : undefined;
  if (token.kind !== 'symbol') return undefined;
  if (token.value === '>') {
    const adjacent = (ahead: number): boolean => cursor.atSymbol('>', ahead) && cursor.peek(ahead).start === token.start + ahead;
    if (adjacent(1)) return adjacent(2) ? operator('shiftrightunsigned', 5, 3) : operator('shiftright', 5, 2);
  }
  return symbolOperators.get(token.value);
}

/** Everything tighter than a predicate. All binary operators associate to the left. */
export function parseValue(cursor: TokenCursor, precedenceMin = 1): Expression {
  const first = cursor.peek();
  let left = unary(cursor);
  for (let found = operatorAt(cursor); found !== undefined && found.precedence >= precedenceMin; found = operatorAt(cursor)) {
    for (let token = 0; token < found.tokens; token += 1) cursor.next();
    left = call(cursor, first, found.name, left, parseValue(cursor, found.precedence + 1));
  }
  return left;
}

const unaryOperators: ReadonlyMap<string, string> = new Map([['-', 'negative'], ['+', 'positive'], ['~', '~']]);

function unary(cursor: TokenCursor): Expression {
  const first = cursor.peek();
  const name = first.kind === 'symbol' ? unaryOperators.get(first.value) : undefined;
  // A minus before a number is part of the literal: -9223372036854775808 is one.
  if (name === undefined || (name === 'negative' && cursor.peek(1).kind === 'number')) return parseOperand(cursor);
  cursor.next();
  return call(cursor, first, name, cursor.nested(() => unary(cursor)));
}

/** `expression [[AS] name]`, as in a select list. */
export function parseNamedExpression(cursor: TokenCursor, notAlias: ReadonlySet<string>): Expression {
  const first = cursor.peek();
  const child = parseExpression(cursor);
  const explicit = cursor.takeWords('AS');
  if (explicit && cursor.atSymbol('(')) throw cursor.unsupported(cursor.peek(), 'MULTI_ALIAS', 'several names for one expression');
  const name = explicit ? cursor.name('an alias') : child.kind === 'star' ? undefined : cursor.implicitAlias(notAlias);
  return name === undefined ? child : { kind: 'alias', child, name, origin: cursor.originFrom(first) };
}
