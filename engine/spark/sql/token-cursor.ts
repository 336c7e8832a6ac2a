/** A place in the tokens of one SQL text, with the questions every parser asks. Moves forward only. */
import type { Expression, Origin } from '../plan/expression.ts';
import type { SparkError } from '../plan/spark-error.ts';
import { tokenize } from './lexer.ts';
import { syntaxError, unsupportedFeature } from './syntax-error.ts';
import { notSelectAlias, type Token } from './token.ts';

/** What `:name` and `?` stand for. Without arguments they stay `parameter` expressions (`name` or `?1`, `?2` …). */
export interface SqlArguments {
  readonly named?: Readonly<Record<string, Expression>>;
  readonly positional?: readonly Expression[];
}

/** Parentheses, subqueries, types and prefix operators within each other. */
export const nestingMax = 200;

export class TokenCursor {
  readonly text: string;
  readonly arguments: SqlArguments;
  readonly #tokens: readonly Token[];
  #position = 0;
  #depth = 0;
  #alias: Token | undefined;
  #positionalSeen = 0;

  constructor(text: string, sqlArguments: SqlArguments = {}) {
    this.text = text;
    this.arguments = sqlArguments;
    this.#tokens = tokenize(text);
  }

  peek(ahead = 0): Token {
    return this.#tokens[Math.min(this.#position + ahead, this.#tokens.length - 1)] as Token;
  }

  next(): Token {
    const token = this.peek();
    if (token.kind !== 'end') this.#position += 1;
    return token;
  }

  /** The token before the current one. */
  previous(): Token {
    return this.#tokens[Math.max(0, this.#position - 1)] as Token;
  }

  /** Whether these words come next, in this order. */
  atWords(...words: readonly string[]): boolean {
    return words.every((word, index) => {
      const token = this.peek(index);
      return token.kind === 'word' && token.value === word;
    });
  }

  atAnyWord(words: ReadonlySet<string> | readonly string[], ahead = 0): boolean {
    const token = this.peek(ahead);
    if (token.kind !== 'word') return false;
    return Array.isArray(words) ? words.includes(token.value) : (words as ReadonlySet<string>).has(token.value);
  }

  atSymbol(symbol: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === 'symbol' && token.value === symbol;
  }

  atName(ahead = 0): boolean {
    const { kind } = this.peek(ahead);
    return kind === 'word' || kind === 'quoted';
  }

  takeWords(...words: readonly string[]): boolean {
    const found = this.atWords(...words);
    if (found) this.#position += words.length;
    return found;
  }

  takeSymbol(symbol: string): boolean {
    const found = this.atSymbol(symbol);
    if (found) this.#position += 1;
    return found;
  }

  expectWords(...words: readonly string[]): void {
    for (const word of words) if (!this.takeWords(word)) throw this.unexpected(word);
  }

  /** `GROUP BY` and its like, where the first word can be nothing else. */
  takeClause(word: string): boolean {
    const found = this.takeWords(word);
    if (found) this.expectWords('BY');
    return found;
  }

  expectSymbol(symbol: string): void {
    if (!this.takeSymbol(symbol)) throw this.unexpected(`'${symbol}'`);
  }

  /** A name as written: any word, or text in backquotes. */
  name(what = 'a name'): string {
    if (!this.atName()) throw this.unexpected(what);
    return this.nameOf(this.next());
  }

  nameOf(token: Token): string {
    return token.kind === 'word' ? this.text.slice(token.start, token.stop) : token.value;
  }

  /** `a.b.c`. */
  qualifiedName(what = 'a name'): readonly string[] {
    const parts = [this.name(what)];
    while (this.atSymbol('.') && this.atName(1)) {
      this.next();
      parts.push(this.name());
    }
    return parts;
  }

  /** A name without AS, unless the word begins something else. Remembered, to find mistyped keywords. */
  implicitAlias(not: ReadonlySet<string>): string | undefined {
    if (!this.atName() || this.atAnyWord(not)) return undefined;
    this.#alias = this.peek();
    return this.name();
  }

  string(what = 'a string'): string {
    if (this.peek().kind !== 'string') throw this.unexpected(what);
    return this.next().value;
  }

  /** Strings side by side are one. */
  strings(): string {
    let text = this.string();
    while (this.peek().kind === 'string') text += this.next().value;
    return text;
  }

  /** One or more, with commas between. */
  list<T>(parse: () => T): readonly T[] {
    const items = [parse()];
    while (this.takeSymbol(',')) items.push(parse());
    return items;
  }

  parenthesised<T>(parse: () => T): T {
    this.expectSymbol('(');
    const value = parse();
    this.expectSymbol(')');
    return value;
  }

  nextPositional(): number {
    this.#positionalSeen += 1;
    return this.#positionalSeen;
  }

  /** Runs a parser one level deeper. Bounds the recursion, so that no input can exhaust the stack. */
  nested<T>(parse: () => T): T {
    if (this.#depth >= nestingMax) {
      throw this.failure(this.peek(), `more than ${nestingMax} levels of nesting; split the query`);
    }
    this.#depth += 1;
    const value = parse();
    this.#depth -= 1;
    return value;
  }

  originOf(token: Token): Origin {
    return { start: token.start, stop: token.stop, line: token.line, column: token.column };
  }

  /** From `first` up to the token before the current one. */
  originFrom(first: Token): Origin {
    return { start: first.start, stop: Math.max(first.stop, this.previous().stop), line: first.line, column: first.column };
  }

  /** The error for the current token. `expected` reads after "expected". */
  unexpected(expected: string): SparkError {
    const token = this.peek();
    const mistyped = this.#mistypedAlias(token);
    if (mistyped !== undefined) return mistyped;
    const meant = meantKeyword(token);
    return this.failure(token, `expected ${expected}${meant === undefined ? '' : `; perhaps ${meant} was meant`}`);
  }

  failure(token: Token, detail: string): SparkError {
    return syntaxError(this.text, this.originOf(token), this.#shown(token), detail);
  }

  unsupported(token: Token, feature: string, what: string): SparkError {
    return unsupportedFeature(this.text, this.originOf(token), feature, what);
  }

  #shown(token: Token): string {
    return this.text.slice(token.start, token.stop);
  }

  /** `SELECT a FORM t`: FORM was read as an alias, and the error would fall on `t`. */
  #mistypedAlias(token: Token): SparkError | undefined {
    const alias = this.#alias;
    if (alias === undefined || alias !== this.previous() || token.kind === 'end') return undefined;
    const meant = meantKeyword(alias);
    return meant === undefined ? undefined : this.failure(alias, `perhaps ${meant} was meant`);
  }
}

const keywordsMistyped = [...notSelectAlias, 'JOIN', 'LEFT', 'RIGHT', 'INNER', 'CROSS', 'WITH', 'VALUES', 'CREATE', 'EXPLAIN'];

function meantKeyword(token: Token): string | undefined {
  return token.kind === 'word' ? keywordsMistyped.find((word) => word !== token.value && nearlySame(word, token.value)) : undefined;
}

/** One letter more, less or other, or two neighbours swapped. */
function nearlySame(word: string, typed: string): boolean {
  if (word.length < 4 || Math.abs(word.length - typed.length) > 1) return false;
  let head = 0;
  while (head < word.length && word[head] === typed[head]) head += 1;
  let tail = 0;
  while (tail < word.length - head && tail < typed.length - head && word.at(-1 - tail) === typed.at(-1 - tail)) tail += 1;
  const left = word.slice(head, word.length - tail);
  const right = typed.slice(head, typed.length - tail);
  return (left.length <= 1 && right.length <= 1) || (left.length === 2 && left === [...right].toReversed().join(''));
}
