/** Text → tokens. Comments (`--`, nested block comments) and white space fall away; hints (`/*+`) stay. */
import { SparkError } from '../plan/spark-error.ts';
import { unescapeString } from './literal.ts';
import { excerpt } from './syntax-error.ts';
import { symbols, type Token, type TokenKind } from './token.ts';

/** Longest SQL text accepted, in UTF-16 units. */
export const sqlTextLengthMax = 1 << 20;

const space = /[\s\u00a0\ufeff]+/y;
const lineComment = /--(?:\\\r?\n|[^\r\n])*/y;
const word = /[\p{L}\p{Nd}_]+/uy;
const wordStart = /[\p{L}\p{Nd}_]/u;
const number = /\d+[LSY]|(?:\d+(?:\.\d*)?|\.\d+)(?:E[+-]?\d+)?(?:BD|F|D)?/iy;
const symbolsByFirst = Map.groupBy(symbols, (symbol) => symbol.charAt(0));

class Lexer {
  readonly #text: string;
  readonly #tokens: Token[] = [];
  #at = 0;
  #line = 1;
  #lineStart = 0;
  /** The first line end not yet counted, or -1. */
  #nextLine: number;

  constructor(text: string) {
    this.#text = text;
    this.#nextLine = text.indexOf('\n');
  }

  run(): readonly Token[] {
    while (this.#at < this.#text.length) this.#step();
    this.#push('end', '', this.#at);
    return this.#tokens;
  }

  #step(): void {
    const text = this.#text;
    const char = text.charAt(this.#at);
    if (this.#match(space) !== '' || (char === '-' && this.#match(lineComment) !== '')) return;
    if (text.startsWith('/*', this.#at) && text.charAt(this.#at + 2) !== '+') return this.#skipBlockComment();
    if (char === "'" || char === '"') return this.#string(this.#at, char, false);
    if ((char === 'r' || char === 'R') && /['"]/.test(text.charAt(this.#at + 1))) {
      return this.#string(this.#at, text.charAt(this.#at + 1), true);
    }
    if (char === '`') return this.#quotedName();
    if (/[\d.]/.test(char) && this.#number()) return;
    const name = this.#match(word);
    if (name !== '') return this.#push('word', name.toUpperCase(), this.#at - name.length);
    const symbol = symbolsByFirst.get(char)?.find((each) => text.startsWith(each, this.#at));
    const start = this.#at;
    this.#at += symbol?.length ?? String.fromCodePoint(text.codePointAt(start) ?? 0).length;
    this.#push(symbol === undefined ? 'unknown' : 'symbol', symbol ?? text.slice(start, this.#at), start);
  }

  /** Consumes what the sticky pattern matches here; empty when it does not match. */
  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? '';
    this.#at += found.length;
    return found;
  }

  /** A number is one only when no letter follows: `1a` is a name, `1.5` followed by a letter is not a decimal. */
  #number(): boolean {
    const start = this.#at;
    let found = this.#match(number);
    if (found !== '' && wordStart.test(this.#text.charAt(this.#at))) {
      this.#at = start;
      found = this.#match(word);
      if (!/^\d+$/.test(found)) {
        if (found !== '') this.#push('word', found.toUpperCase(), start);
        return found !== '';
      }
    }
    if (found === '') return false;
    this.#push('number', found, start);
    return true;
  }

  #string(start: number, quote: string, raw: boolean): void {
    const text = this.#text;
    let end = start + (raw ? 2 : 1);
    for (;;) {
      const char = text.charAt(end);
      if (char === '') throw this.#unclosed(start, 'The string that begins here has no closing quote.');
      if (char === '\\' && !raw) end += 2;
      else if (char !== quote) end += 1;
      else if (!raw && text.charAt(end + 1) === quote) end += 2;
      else break;
    }
    const inner = text.slice(start + (raw ? 2 : 1), end);
    this.#at = end + 1;
    this.#push('string', raw ? inner : unescapeString(inner, quote), start);
  }

  #quotedName(): void {
    const start = this.#at;
    let end = start + 1;
    while (this.#text.charAt(end) !== '`' || this.#text.charAt(end + 1) === '`') {
      if (end >= this.#text.length) throw this.#unclosed(start, 'The name that begins here has no closing backquote.');
      end += this.#text.charAt(end) === '`' ? 2 : 1;
    }
    this.#at = end + 1;
    this.#push('quoted', this.#text.slice(start + 1, end).replaceAll('``', '`'), start);
  }

  #skipBlockComment(): void {
    const start = this.#at;
    let depth = 0;
    const edge = /\/\*|\*\//g;
    edge.lastIndex = start;
    for (let found = edge.exec(this.#text); found !== null; found = edge.exec(this.#text)) {
      depth += found[0] === '/*' ? 1 : -1;
      if (depth === 0) {
        this.#at = edge.lastIndex;
        return;
      }
    }
    throw this.#unclosed(start, 'The comment that begins here has no closing */.', 'UNCLOSED_BRACKETED_COMMENT');
  }

  #push(kind: TokenKind, value: string, start: number): void {
    this.#countLines(start);
    this.#tokens.push({ kind, value, start, stop: this.#at, line: this.#line, column: start - this.#lineStart + 1 });
  }

  #countLines(until: number): void {
    while (this.#nextLine !== -1 && this.#nextLine < until) {
      this.#line += 1;
      this.#lineStart = this.#nextLine + 1;
      this.#nextLine = this.#text.indexOf('\n', this.#lineStart);
    }
  }

  #unclosed(start: number, message: string, errorClass = 'PARSE_SYNTAX_ERROR'): SparkError {
    this.#countLines(start);
    const origin = { start, stop: this.#text.length, line: this.#line, column: start - this.#lineStart + 1 };
    return new SparkError({ errorClass, sqlState: '42601', message, origin, excerpt: excerpt(this.#text, { ...origin, stop: start + 1 }) });
  }
}

/** All tokens of the text, closed by one of kind `end`. Throws `SparkError` for text that is too long or has an open string or comment. */
export function tokenize(text: string): readonly Token[] {
  if (text.length > sqlTextLengthMax) {
    throw new SparkError({
      errorClass: 'PARSE_SYNTAX_ERROR',
      sqlState: '42601',
      message: `The SQL text has ${text.length} characters, more than the ${sqlTextLengthMax} allowed. Put the data into a file or a DataFrame.`,
    });
  }
  return new Lexer(text).run();
}
