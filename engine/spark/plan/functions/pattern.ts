/** Patterns: which of Java's regular expressions the kernel's engine (RE2) reads alike, and Spark's LIKE. */
import { literalText } from './define.ts';
import { quoteText } from './kernel-sql.ts';
import type { Arguments } from './row.ts';
import { Mismatch } from './row.ts';

/** Constructs that RE2 lacks or reads otherwise than Java. */
const foreign: readonly (readonly [RegExp, string])[] = [
  [/\(\?<?[=!]/, 'look-around'],
  [/\(\?>/, 'atomic groups'],
  [/[*+?}]\+/, 'possessive quantifiers'],
  [/\\[1-9k]/, 'back-references'],
  [/\\[GZRXhHvV]/, 'the escapes \\G \\Z \\R \\X \\h \\v'],
  [/\[[^\]]*&&/, 'intersections of character classes'],
  [/\\p\{(java|In|Is|block|script)/, 'Java\'s own character classes'],
];

/** A pattern must be a literal, so that what the kernel would read otherwise is refused before it runs. */
export function checkedPattern(args: Arguments, index: number): Arguments {
  const text = literalText(args[index]);
  if (text === undefined) {
    if (args[index]?.kind === 'literal') return args;
    throw new Mismatch('NON_FOLDABLE_INPUT', 'the regular expression should be a string literal.');
  }
  const found = foreign.find(([test]) => test.test(text.replaceAll('\\\\', '')));
  if (found !== undefined) throw new Mismatch('UNSUPPORTED_PATTERN', `the regular expression ${quoteText(text)} uses ${found[1]}, which is not supported. Write it without.`);
  if (!isExpression(text)) throw new Mismatch('INVALID_PATTERN', `${quoteText(text)} is not a regular expression.`);
  return args;
}

function isExpression(text: string): boolean {
  try {
    return new RegExp(text.replace(/^\(\?[imsx]+\)/, '')).source !== '';
  } catch {
    return false;
  }
}

/** Spark wants every escape character in front of `%`, `_` or itself. */
export function checkedLike(args: Arguments): Arguments {
  const escape = args[2] === undefined ? '\\' : literalText(args[2]);
  if (escape === undefined || [...escape].length !== 1) throw new Mismatch('INVALID_ESCAPE_CHAR', 'the escape should be a string literal of one character.');
  const pattern = literalText(args[1]) ?? '';
  for (let i = 0; i < pattern.length; i += 1) {
    if (pattern[i] !== escape) continue;
    const next = pattern[i + 1];
    if (next !== '%' && next !== '_' && next !== escape) {
      throw new Mismatch('INVALID_FORMAT', `the pattern ${quoteText(pattern)} is invalid: the escape character is only allowed before '_', '%' and itself.`);
    }
    i += 1;
  }
  return args;
}
