/** Operands: literals, columns, stars, calls, CASE, CAST, parentheses; and what binds to them: `.field`, `[key]`, `::type`. */
import type { Expression } from '../plan/expression.ts';
import { SparkError } from '../plan/spark-error.ts';
import { call, parseExpression, parseValue } from './expression-parser.ts';
import { parseCall } from './function-parser.ts';
import { binaryMeaning, dateMeaning, numberMeaning, timestampMeaning, type LiteralMeaning, type LiteralOrCast } from './literal.ts';
import { excerpt } from './syntax-error.ts';
import type { TokenCursor } from './token-cursor.ts';
import { byWords, notOperand, type Token } from './token.ts';
import { parseType } from './type-parser.ts';

export function parseOperand(cursor: TokenCursor): Expression {
  const first = cursor.peek();
  let operand = operandStart(cursor, first);
  for (;;) {
    if (cursor.atSymbol('::')) {
      cursor.next();
      const type = parseType(cursor);
      operand = { kind: 'cast', child: operand, type, mode: 'default', origin: cursor.originFrom(first) };
    } else if (cursor.takeSymbol('[')) {
      const key = cursor.nested(() => parseValue(cursor));
      cursor.expectSymbol(']');
      operand = { kind: 'extract', child: operand, key, origin: cursor.originFrom(first) };
    } else if (operand.kind !== 'star' && cursor.atSymbol('.') && cursor.atName(1)) {
      cursor.next();
      const origin = cursor.peek();
      const key: Expression = { kind: 'literal', value: cursor.name(), type: { kind: 'string' }, origin: cursor.originFrom(origin) };
      operand = { kind: 'extract', child: operand, key, origin: cursor.originFrom(first) };
    } else if (cursor.atWords('COLLATE')) {
      throw cursor.unsupported(cursor.peek(), 'COLLATION', 'COLLATE');
    } else {
      return operand;
    }
  }
}

function operandStart(cursor: TokenCursor, first: Token): Expression {
  switch (first.kind) {
    case 'number': return number(cursor, first);
    case 'string': return { kind: 'literal', value: cursor.strings(), type: { kind: 'string' }, origin: cursor.originFrom(first) };
    case 'quoted': return name(cursor, first);
    case 'word': return word(cursor, first);
    case 'symbol': return symbol(cursor, first);
    case 'unknown': case 'end': throw cursor.unexpected('an expression');
    default: return first.kind satisfies never;
  }
}

function symbol(cursor: TokenCursor, first: Token): Expression {
  switch (first.value) {
    case '-': return number(cursor, first);
    case '(': return parenthesised(cursor, first);
    case '*':
      cursor.next();
      if (cursor.atWords('EXCEPT') && cursor.atSymbol('(', 1)) throw cursor.unsupported(cursor.peek(), 'STAR_EXCEPT', '* EXCEPT (…); list the columns');
      return { kind: 'star', target: [], origin: cursor.originFrom(first) };
    case '?': {
      cursor.next();
      const position = cursor.nextPositional();
      return parameter(cursor, first, `?${position}`, cursor.arguments.positional?.[position - 1]);
    }
    case ':': {
      if (!cursor.atName(1)) throw cursor.unexpected('an expression');
      cursor.next();
      const parameterName = cursor.name();
      const named = cursor.arguments.named;
      return parameter(cursor, first, parameterName, named !== undefined && Object.hasOwn(named, parameterName) ? named[parameterName] : undefined);
    }
    default: throw cursor.unexpected('an expression');
  }
}

/** Bound at once when the caller gave arguments; else left to whoever binds later. */
function parameter(cursor: TokenCursor, first: Token, parameterName: string, bound: Expression | undefined): Expression {
  const origin = cursor.originFrom(first);
  if (bound !== undefined) return bound;
  const given = parameterName.startsWith('?') ? cursor.arguments.positional : cursor.arguments.named;
  if (given === undefined) return { kind: 'parameter', name: parameterName, origin };
  throw new SparkError({
    errorClass: 'UNBOUND_SQL_PARAMETER', sqlState: '42P02',
    message: `Found the unbound parameter: ${parameterName}. Give it a value in the arguments of sql().`,
    parameters: { name: parameterName }, origin, excerpt: excerpt(cursor.text, origin),
  });
}

function parenthesised(cursor: TokenCursor, first: Token): Expression {
  if (cursor.atAnyWord(['SELECT', 'WITH', 'VALUES'], 1) && !cursor.atSymbol(')', 2) && !cursor.atSymbol('(', 2)) {
    throw cursor.unsupported(cursor.peek(1), 'SUBQUERY', 'a subquery as a value; put it into FROM and join');
  }
  if (cursor.atName(1) && (cursor.atSymbol('->', 3) || cursor.atSymbol(',', 2)) && lambdaAhead(cursor)) {
    throw cursor.unsupported(first, 'LAMBDA', 'a lambda function');
  }
  cursor.next();
  const items = cursor.list(() => {
    const start = cursor.peek();
    const child = parseExpression(cursor);
    return cursor.takeWords('AS') ? { kind: 'alias' as const, child, name: cursor.name('an alias'), origin: cursor.originFrom(start) } : child;
  });
  cursor.expectSymbol(')');
  const [only] = items;
  if (items.length === 1 && only !== undefined && only.kind !== 'alias') return only;
  if (items.length === 1) throw cursor.failure(cursor.previous(), 'one expression in parentheses takes no alias');
  return call(cursor, first, 'struct', ...items);
}

/** `(a, b) ->`: scans the list of names. */
function lambdaAhead(cursor: TokenCursor): boolean {
  let at = 1;
  while (cursor.atName(at) && cursor.atSymbol(',', at + 1)) at += 2;
  return cursor.atName(at) && cursor.atSymbol(')', at + 1) && cursor.atSymbol('->', at + 2);
}

function number(cursor: TokenCursor, first: Token): Expression {
  const negative = cursor.takeSymbol('-');
  const token = cursor.next();
  const written = negative ? `-${token.value}` : token.value;
  const meaning = numberMeaning(written);
  const origin = cursor.originFrom(first);
  if (meaning === undefined) {
    throw new SparkError({
      errorClass: 'INVALID_NUMERIC_LITERAL_RANGE', sqlState: '22003',
      message: `Numeric literal ${written} is outside the valid range of its type.`,
      parameters: { rawStrippedQualifier: written }, origin, excerpt: excerpt(cursor.text, origin),
    });
  }
  return { kind: 'literal', ...meaning, origin };
}

function word(cursor: TokenCursor, first: Token): Expression {
  const followedByString = cursor.peek(1).kind === 'string';
  switch (first.value) {
    case 'NULL':
      cursor.next();
      return { kind: 'literal', value: null, type: { kind: 'null' }, origin: cursor.originFrom(first) };
    case 'TRUE': case 'FALSE':
      cursor.next();
      return { kind: 'literal', value: first.value === 'TRUE', type: { kind: 'boolean' }, origin: cursor.originFrom(first) };
    case 'CASE':
      if (cursor.atSymbol(',', 1) || cursor.atSymbol(')', 1) || cursor.peek(1).kind === 'end') break;
      return caseExpression(cursor, first);
    case 'INTERVAL':
      if (followedByString || cursor.peek(1).kind === 'number' || cursor.atSymbol('-', 1)) throw cursor.unsupported(first, 'INTERVAL', 'an INTERVAL literal');
      break;
    case 'EXISTS':
      if (cursor.atSymbol('(', 1) && cursor.atAnyWord(['SELECT', 'WITH'], 2)) {
        throw cursor.unsupported(first, 'SUBQUERY', 'EXISTS (…); use LEFT SEMI JOIN');
      }
      break;
    default:
  }
  if (followedByString) return typedLiteral(cursor, first);
  if (notOperand.has(first.value) || (byWords.has(first.value) && cursor.atAnyWord(['BY'], 1))) throw cursor.unexpected('an expression');
  return name(cursor, first);
}

/** DATE '2020-01-01' and its like: a word right before a string. */
function typedLiteral(cursor: TokenCursor, first: Token): Expression {
  cursor.next();
  const text = cursor.string();
  const origin = cursor.originFrom(first);
  const meaning = typedMeaning(cursor, first, text);
  if (meaning !== undefined) return { ...meaning, origin };
  throw new SparkError({
    errorClass: 'INVALID_TYPED_LITERAL', sqlState: '42604', message: `The value of the typed literal "${first.value}" is invalid: '${text}'.`,
    parameters: { valueType: first.value, value: `'${text}'` }, origin, excerpt: excerpt(cursor.text, origin),
  });
}

function typedMeaning(cursor: TokenCursor, first: Token, text: string): LiteralOrCast | undefined {
  const literal = (meaning: LiteralMeaning | undefined): LiteralOrCast | undefined => meaning && { kind: 'literal', ...meaning };
  switch (first.value) {
    case 'DATE': return literal(dateMeaning(text));
    case 'TIMESTAMP': case 'TIMESTAMP_LTZ': return timestampMeaning(text, 'timestamp');
    case 'TIMESTAMP_NTZ': return timestampMeaning(text, 'timestamp_ntz');
    case 'X': return literal(binaryMeaning(text));
    default: throw cursor.failure(first, `expected an operator before the string, or one of the typed literals DATE, TIMESTAMP, TIMESTAMP_NTZ, X`);
  }
}

/** `CASE WHEN c THEN v … [ELSE e] END`, or with a value that each WHEN is compared with. Becomes `when(c, v, …, [e])`. */
function caseExpression(cursor: TokenCursor, first: Token): Expression {
  cursor.next();
  const value = cursor.atWords('WHEN') ? undefined : parseExpression(cursor);
  const branches: Expression[] = [];
  do {
    cursor.expectWords('WHEN');
    const start = cursor.peek();
    const condition = parseExpression(cursor);
    branches.push(value === undefined ? condition : call(cursor, start, '=', value, condition));
    cursor.expectWords('THEN');
    branches.push(parseExpression(cursor));
  } while (cursor.atWords('WHEN'));
  if (cursor.takeWords('ELSE')) branches.push(parseExpression(cursor));
  if (!cursor.takeWords('END')) throw cursor.unexpected('WHEN, ELSE or END');
  return call(cursor, first, 'when', ...branches);
}

/** A column `a.b.c`, a star `a.*`, or a call `f(…)`. */
function name(cursor: TokenCursor, first: Token): Expression {
  if (cursor.atSymbol('->', 1)) throw cursor.unsupported(first, 'LAMBDA', 'a lambda function');
  if (cursor.atSymbol('(', 1)) return parseCall(cursor, first);
  const parts = cursor.qualifiedName('an expression');
  if (cursor.atSymbol('.') && cursor.atSymbol('*', 1)) {
    cursor.next();
    cursor.next();
    if (cursor.atWords('EXCEPT') && cursor.atSymbol('(', 1)) throw cursor.unsupported(cursor.peek(), 'STAR_EXCEPT', '* EXCEPT (…); list the columns');
    return { kind: 'star', target: parts, origin: cursor.originFrom(first) };
  }
  if (parts.length > 1 && cursor.atSymbol('(')) throw cursor.unsupported(first, 'QUALIFIED_FUNCTION', `the function name ${parts.join('.')}; only built-in functions exist`);
  return { kind: 'column', name: parts, origin: cursor.originFrom(first) };
}
