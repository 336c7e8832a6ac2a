/** Functions over strings. Positions count characters from 1, as in Spark; the kernel's own rules for 0 and negatives differ. */
import { BOOLEAN, INT, STRING, castTo, typeOf } from '../coercion.ts';
import type { DataType } from '../types.ts';
import { typeName } from '../types.ts';
import { literalNumber, literalText, scalar } from './define.ts';
import { castSql, quoteText } from './kernel-sql.ts';
import { checkedLike, checkedPattern } from './pattern.ts';
import type { Accept, Arguments, ScalarRow } from './row.ts';
import { Mismatch } from './row.ts';

const call = (name: string) => (sql: readonly string[]): string => `${name}(${sql.join(', ')})`;
const toInt = (sql: string): string => castSql(sql, INT);
const strings: DataType = { kind: 'array', element: STRING, containsNull: false };

/** Spark's substring: 0 counts as 1, negatives count from the end, and what lies before the text is cut off. */
function substring([text, position, length]: readonly string[]): string {
  const p = `CAST(${position} AS BIGINT)`;
  const start = `CASE WHEN ${p} > 0 THEN ${p} - 1 WHEN ${p} < 0 THEN length(${text}) + ${p} ELSE 0 END`;
  if (length === undefined) return `substr(${text}, greatest(${start}, 0) + 1)`;
  const end = `${start} + CAST(${length} AS BIGINT)`;
  return `CASE WHEN ${length} <= 0 THEN ${nullSafe(text ?? '', position ?? '')} ELSE substr(${text}, greatest(${start}, 0) + 1, greatest(greatest(${end}, 0) - greatest(${start}, 0), 0)) END`;
}

/** '' unless an argument is NULL. */
const nullSafe = (text: string, other: string): string => `CASE WHEN ${text} IS NOT NULL AND ${other} IS NOT NULL THEN '' END`;

function simpleSubstring(sql: readonly string[], args: Arguments): string {
  const position = literalNumber(args[1]);
  const length = args[2] === undefined ? undefined : literalNumber(args[2]);
  const easy = position !== undefined && position > 0 && (args[2] === undefined || (length !== undefined && length >= 0));
  return easy ? `substr(${sql.join(', ')})` : substring(sql);
}

function pad(side: 'l' | 'r') {
  return ([text, length, fill = "' '"]: readonly string[]): string =>
    `CASE WHEN ${length} <= 0 THEN ${nullSafe(text ?? '', fill)} WHEN ${fill} = '' THEN left(${text}, ${length}) ELSE ${side}pad(${text}, ${length}, ${fill}) END`;
}

/** Spark trims spaces only, unless told which characters. */
const trimmed = ([text, characters]: readonly string[]): string => `trim(${text}, ${characters ?? "' '"})`;

/** `trim(characters, s)` is how `TRIM(characters FROM s)` arrives: the characters come first. */
function trim(name: 'trim' | 'ltrim' | 'rtrim', side: string, about: string): ScalarRow {
  return scalar(name, ['string', 'string'], STRING, about, ([a, b]) => (b === undefined ? `${name}(${a}, ' ')` : `${name}(${b}, ${a})`),
    { optional: 1, show: ([a, b]) => (b === undefined ? `${name}(${a})` : `TRIM(${side} ${a} FROM ${b})`) });
}

/** `[a-z]1` groups in Java's replacement are `$1`, in the kernel's `\1`; other uses of `$` and `\` are refused. */
function replacement(args: Arguments): Arguments {
  checkedPattern(args, 1);
  const text = literalText(args[2]);
  if (text === undefined || args[2] === undefined) throw new Mismatch('NON_FOLDABLE_INPUT', 'the replacement should be a string literal.');
  if (/\\|\$(?!\d(?!\d))/.test(text)) throw new Mismatch('UNSUPPORTED_PATTERN', 'the replacement may use $0 to $9 only; backslashes are not supported.');
  return args.map((arg, i) => (i === 2 && arg.kind === 'literal' ? { ...arg, value: text.replaceAll(/\$(\d)/g, '\\$1') } : arg));
}

function joined(args: Arguments): Arguments {
  return args.map((arg) => {
    if (['array', 'map', 'struct'].includes(typeOf(arg).kind)) throw new Mismatch('UNEXPECTED_INPUT_TYPE', 'only values that can be shown as a string can be put together.');
    return castTo(arg, STRING);
  });
}

/** A NULL among the operands would have no type in the kernel. */
function concatenated(sql: readonly string[], args: Arguments): string {
  if (args.some((arg) => arg.kind === 'literal' && arg.value === null)) return castSql('NULL', STRING);
  return sql.length === 1 ? `${sql[0]}` : `(${sql.join(' || ')})`;
}

const flag = (name: string, takes: readonly Accept[], about: string, kernel: string): ScalarRow => scalar(name, takes, BOOLEAN, about, call(kernel));

export const textRows: readonly ScalarRow[] = [
  scalar('upper', ['string'], STRING, 'In upper case.', call('upper'), { aliases: ['ucase'] }),
  scalar('lower', ['string'], STRING, 'In lower case.', call('lower'), { aliases: ['lcase'] }),
  scalar('length', ['string'], INT, 'Number of characters.', ([a]) => toInt(`length(${a})`), { aliases: ['char_length', 'character_length', 'len'] }),
  scalar('octet_length', ['string'], INT, 'Number of bytes in UTF-8.', ([a]) => toInt(`strlen(${a})`)),
  scalar('concat', ['any'], STRING, 'Put together; NULL when one is NULL.', (sql, c) => concatenated(sql, c.arguments), { variadic: true, coerce: joined, aliases: ['||'], show: (args) => `concat(${args.join(', ')})` }),
  scalar('concat_ws', ['string', 'any'], STRING, 'Put together with a separator; NULLs are left out.', (sql) => (sql.length === 1 ? `CASE WHEN ${sql[0]} IS NOT NULL THEN '' END` : call('concat_ws')(sql)),
    { optional: 1, variadic: true, coerce: joined, nullable: (args) => args[0] !== undefined && args[0].kind !== 'literal' }),
  scalar('substring', ['string', 'int', 'int'], STRING, 'Part of a string: from a position, of a length.', (sql, c) => simpleSubstring(sql, c.arguments), { aliases: ['substr'], optional: 1, defaults: ['2147483647'] }),
  scalar('left', ['string', 'int'], STRING, 'The first characters.', ([a, n]) => `left(${a}, greatest(${n}, 0))`),
  scalar('right', ['string', 'int'], STRING, 'The last characters.', ([a, n]) => `right(${a}, greatest(${n}, 0))`, { nullable: 'always' }),
  trim('trim', 'BOTH', 'Without spaces at both ends.'),
  trim('ltrim', 'LEADING', 'Without spaces at the start.'),
  trim('rtrim', 'TRAILING', 'Without spaces at the end.'),
  scalar('btrim', ['string', 'string'], STRING, 'Without the given characters (spaces) at both ends.', trimmed, { optional: 1 }),
  scalar('replace', ['string', 'string', 'string'], STRING, 'Every occurrence of a text replaced.', ([a, b, c = "''"]) => `replace(${a}, ${b}, ${c})`, { optional: 1, defaults: [''] }),
  scalar('instr', ['string', 'string'], INT, 'Position of the first occurrence of the second in the first; 0 when there is none.', ([a, b]) => toInt(`instr(${a}, ${b})`)),
  scalar('locate', ['string', 'string'], INT, 'Position of the first occurrence of the first in the second; 0 when there is none.', ([a, b]) => toInt(`instr(${b}, ${a})`), { defaults: ['1'], show: (args, name) => `${name}(${args.join(', ')}, 1)` }),
  scalar('lpad', ['string', 'int', 'string'], STRING, 'Filled up or cut to a length, on the left.', pad('l'), { optional: 1, defaults: [' '] }),
  scalar('rpad', ['string', 'int', 'string'], STRING, 'Filled up or cut to a length, on the right.', pad('r'), { optional: 1, defaults: [' '] }),
  scalar('repeat', ['string', 'int'], STRING, 'The string that many times.', ([a, n]) => `repeat(${a}, greatest(${n}, 0))`),
  scalar('space', ['int'], STRING, 'That many spaces.', ([n]) => `repeat(' ', greatest(${n}, 0))`),
  scalar('md5', ['binary'], STRING, 'The MD5 digest in hexadecimal.', ([a]) => `md5(${a})`),
  scalar('typeof', ['any'], STRING, 'The name of the type.', (_, c) => quoteText(c.arguments[0] === undefined ? 'void' : typeName(typeOf(c.arguments[0]))), { nullable: 'never' }),
  scalar('reverse', ['string'], STRING, 'The characters in the other order.', call('reverse')),
  scalar('ascii', ['string'], INT, 'Code of the first character; 0 for an empty string.', ([a]) => `CASE WHEN ${a} = '' THEN 0 ELSE ascii(${a}) END`),
  scalar('translate', ['string', 'string', 'string'], STRING, 'Characters of the second replaced by those of the third.', call('translate')),
  flag('startswith', ['string', 'string'], 'Whether the first starts with the second.', 'starts_with'),
  flag('endswith', ['string', 'string'], 'Whether the first ends with the second.', 'ends_with'),
  flag('contains', ['string', 'string'], 'Whether the first contains the second.', 'contains'),
  scalar('like', ['string', 'string', 'string'], BOOLEAN, 'Matches a pattern with % and _.', ([a, b, e = "'\\'"]) => `(${a} LIKE ${b} ESCAPE ${e})`,
    { optional: 1, coerce: checkedLike, show: ([a, b, e]) => `${a} LIKE ${b}${e === undefined ? '' : ` ESCAPE '${e}'`}` }),
  scalar('ilike', ['string', 'string', 'string'], BOOLEAN, 'Like `like`, whatever the case.', ([a, b, e = "'\\'"]) => `(${a} ILIKE ${b} ESCAPE ${e})`,
    { optional: 1, coerce: checkedLike, show: ([a, b]) => `ilike(${a}, ${b})` }),
  scalar('rlike', ['string', 'string'], BOOLEAN, 'Contains a match of a regular expression.', call('regexp_matches'),
    { aliases: ['regexp_like', 'regexp'], coerce: (args) => checkedPattern(args, 1), upper: true }),
  scalar('regexp_replace', ['string', 'string', 'string'], STRING, 'Every match of a regular expression replaced.', ([a, b, c]) => `regexp_replace(${a}, ${b}, ${c}, 'g')`,
    { coerce: replacement, show: (args) => `regexp_replace(${args.join(', ')}, 1)` }),
  scalar('regexp_extract', ['string', 'string', 'int'], STRING, 'A group of the first match of a regular expression; empty when there is none.', ([a, b, c = '1']) => `regexp_extract(${a}, ${b}, ${c})`,
    { optional: 1, defaults: ['1'], coerce: (args) => groupNumber(checkedPattern(args, 1)) }),
  scalar('split', ['string', 'string'], strings, 'Cut at every match of a regular expression.', ([a, b]) => `string_split_regex(${a}, ${b})`,
    { coerce: (args) => separator(checkedPattern(args, 1)), show: (args) => `split(${args.join(', ')}, -1)` }),
];

/** An empty match would cut between characters, where Java and the kernel differ. */
function separator(args: Arguments): Arguments {
  const text = literalText(args[1]);
  if (text === '' || (text !== undefined && /^(\(.*\))?[^()]*[*?]$|^\^|\|$|^\|/.test(text))) {
    throw new Mismatch('UNSUPPORTED_PATTERN', 'split at a pattern that matches the empty string is not supported.');
  }
  return args;
}

function groupNumber(args: Arguments): Arguments {
  const group = args[2] === undefined ? 1 : literalNumber(args[2]);
  if (group === undefined || group < 0 || group > 9) throw new Mismatch('VALUE_OUT_OF_RANGE', 'the group should be a literal from 0 to 9.');
  const groups = [...(literalText(args[1]) ?? '').replaceAll(/\\.|\[[^\]]*\]/g, '').matchAll(/\((?!\?[:imsx-])/g)].length;
  if (group > groups) throw new Mismatch('REGEX_GROUP_INDEX', `the pattern has ${groups} group(s); group ${group} does not exist.`);
  return args;
}
