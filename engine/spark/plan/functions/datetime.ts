/** Functions over dates and timestamps. The kernel works in the session's time zone; results take Spark's types. */
import { DATE, INT, LONG, STRING, TIMESTAMP, castTo, typeOf } from '../coercion.ts';
import type { DataType } from '../types.ts';
import { renderCast } from './cast.ts';
import { datetimePattern } from './datetime-pattern.ts';
import { literalText, scalar } from './define.ts';
import { castSql, quoteText, raise } from './kernel-sql.ts';
import type { Arguments, ScalarRow } from './row.ts';
import { Mismatch } from './row.ts';

const int = (sql: string): string => castSql(sql, INT);
const date = (sql: string): string => castSql(sql, DATE);

function part(name: string, about: string, render: (sql: string) => string, aliases: readonly string[] = []): ScalarRow {
  return scalar(name, ['date'], INT, about, ([a = '']) => int(render(a)), { aliases });
}

function clock(name: string, about: string): ScalarRow {
  return scalar(name, ['datetime'], INT, about, ([a]) => int(`${name}(${a})`));
}

const units: Readonly<Record<string, string>> = {
  year: 'year', yyyy: 'year', yy: 'year', quarter: 'quarter', month: 'month', mon: 'month', mm: 'month', week: 'week', day: 'day', dd: 'day',
  hour: 'hour', minute: 'minute', second: 'second', millisecond: 'millisecond', microsecond: 'microsecond',
};

/** The unit's name must be a literal; what Spark answers with NULL (unknown units) is refused with the list. */
function unitOf(arg: Arguments[number] | undefined, allowed: readonly string[]): string {
  const unit = units[literalText(arg)?.toLowerCase() ?? ''];
  if (unit === undefined || !allowed.includes(unit)) {
    throw new Mismatch('UNSUPPORTED_UNIT', `the unit should be a string literal, one of ${allowed.join(', ')}.`);
  }
  return unit;
}

const dayUnits = ['year', 'quarter', 'month', 'week'];
const allUnits = [...new Set(Object.values(units))];

function checkUnit(index: number, allowed: readonly string[]): (args: Arguments) => Arguments {
  return (args) => {
    unitOf(args[index], allowed);
    return args;
  };
}

function patternOf(args: Arguments, index: number): ReturnType<typeof datetimePattern> {
  const text = literalText(args[index]);
  if (text === undefined) throw new Mismatch('NON_FOLDABLE_INPUT', 'the datetime pattern should be a string literal.');
  return datetimePattern(text);
}

function checkPattern(args: Arguments): Arguments {
  if (args[1] === undefined) return args;
  if (patternOf(args, 1).expression === undefined) throw new Mismatch('UNSUPPORTED_PATTERN', 'parsing with names, two-digit years or 12 hours is not supported.');
  return [castTo(args[0] ?? args[1], STRING), args[1]];
}

/** `XXX` (the zone's offset, `Z` for none) may end a pattern for formatting. */
const offsetEnd = /XXX$/;

function checkFormat(args: Arguments): Arguments {
  const text = literalText(args[1]);
  if (text === undefined) throw new Mismatch('NON_FOLDABLE_INPUT', 'the datetime pattern should be a string literal.');
  const zoned = args[0] !== undefined && typeOf(args[0]).kind === 'timestamp';
  datetimePattern(zoned ? text.replace(offsetEnd, '') : text);
  return args;
}

function formatted(sql: string, pattern: string): string {
  const local = `strftime(CAST(${sql} AS TIMESTAMP), ${quoteText(datetimePattern(pattern.replace(offsetEnd, '')).format)})`;
  if (!offsetEnd.test(pattern)) return local;
  const offset = `strftime(${sql}, '%z')`;
  return `(${local} || CASE WHEN ${offset} = '+00' THEN 'Z' WHEN length(${offset}) = 3 THEN ${offset} || ':00' ELSE ${offset} END)`;
}

function parse(sql: readonly string[], args: Arguments, to: DataType): string {
  const text = sql[0] ?? 'NULL';
  const { format, expression = '' } = patternOf(args, 1);
  const parsed = `try_strptime(${text}, ${quoteText(format)})`;
  const problem = raise(`'[CANNOT_PARSE_TIMESTAMP] Text ''' || ${text} || ''' could not be parsed. Use \`try_to_timestamp\` to tolerate invalid input string and return NULL instead.'`);
  return `CASE WHEN regexp_full_match(${text}, ${quoteText(expression)}) AND ${parsed} IS NOT NULL THEN ${castSql(parsed, to)} WHEN ${text} IS NOT NULL THEN ${problem} END`;
}

function parser(name: string, to: DataType, about: string): ScalarRow {
  return scalar(name, ['any', 'string'], to, about,
    (sql, call) => {
      const from = call.arguments[0] === undefined ? STRING : typeOf(call.arguments[0]);
      return call.arguments.length === 1 ? renderCast(sql[0] ?? '', from, to, 'ansi') : parse(sql, call.arguments, to);
    },
    { optional: 1, coerce: checkPattern, nullable: 'always' });
}

/** Adding months keeps the day, or takes the last one of the month. */
const addMonths = ([a, n]: readonly string[]): string => date(`${a} + to_months(${n})`);

export const datetimeRows: readonly ScalarRow[] = [
  part('year', 'The year.', (a) => `year(${a})`),
  part('quarter', 'The quarter, 1 to 4.', (a) => `quarter(${a})`),
  part('month', 'The month, 1 to 12.', (a) => `month(${a})`),
  part('day', 'The day of the month.', (a) => `day(${a})`, ['dayofmonth']),
  part('dayofweek', 'The day of the week, 1 (Sunday) to 7.', (a) => `dayofweek(${a}) + 1`),
  part('weekday', 'The day of the week, 0 (Monday) to 6.', (a) => `isodow(${a}) - 1`),
  part('dayofyear', 'The day of the year.', (a) => `dayofyear(${a})`),
  part('weekofyear', 'The ISO week.', (a) => `weekofyear(${a})`),
  clock('hour', 'The hour, 0 to 23.'),
  clock('minute', 'The minute.'),
  clock('second', 'The second.'),
  scalar('date_add', ['date', 'days'], DATE, 'The date moved forward by days.', ([a, n]) => `(${a} + ${n})`, { aliases: ['dateadd'] }),
  scalar('date_sub', ['date', 'days'], DATE, 'The date moved back by days.', ([a, n]) => `(${a} - ${n})`),
  scalar('datediff', ['date', 'date'], INT, 'Days from the second date to the first.', ([a, b]) => int(`${a} - ${b}`), { aliases: ['date_diff'] }),
  scalar('add_months', ['date', 'int'], DATE, 'The date moved by months.', addMonths),
  scalar('last_day', ['date'], DATE, 'The last day of the month.', ([a]) => `last_day(${a})`),
  scalar('trunc', ['date', 'string'], DATE, 'The first day of the year, quarter, month or week.', ([a], call) => date(`date_trunc('${unitOf(call.arguments[1], dayUnits)}', ${a})`),
    { coerce: checkUnit(1, dayUnits), nullable: 'always' }),
  scalar('date_trunc', ['string', 'timestamp'], TIMESTAMP, 'The start of the unit that holds the timestamp.', ([, a], call) => `date_trunc('${unitOf(call.arguments[0], allUnits)}', ${a})`,
    { coerce: checkUnit(0, allUnits), nullable: 'always' }),
  parser('to_date', DATE, 'A date from a string, with a pattern when given.'),
  parser('to_timestamp', TIMESTAMP, 'A timestamp from a string, with a pattern when given.'),
  scalar('date_format', ['datetime', 'string'], STRING, 'A timestamp as text after a pattern.', ([a = ''], call) => formatted(a, literalText(call.arguments[1]) ?? ''),
    { coerce: checkFormat }),
  scalar('unix_timestamp', ['timestamp'], LONG, 'Seconds since 1970-01-01 00:00:00 UTC.', ([a]) => castSql(`floor(epoch(${a}))`, LONG),
    { show: (args, name) => `${name}(${args.join(', ')}, yyyy-MM-dd HH:mm:ss)` }),
  scalar('timestamp_seconds', ['long'], TIMESTAMP, 'The timestamp that many seconds after 1970-01-01 00:00:00 UTC.', ([a]) => `make_timestamptz(${a} * 1000000)`),
  scalar('make_date', ['int', 'int', 'int'], DATE, 'A date from year, month and day.', (sql) => `make_date(${sql.join(', ')})`),
  scalar('unix_date', ['date'], INT, 'Days since 1970-01-01.', ([a]) => int(`${a} - DATE '1970-01-01'`)),
  scalar('date_from_unix_date', ['int'], DATE, 'The date that many days after 1970-01-01.', ([n]) => `(DATE '1970-01-01' + ${n})`),
  scalar('dayname', ['date'], STRING, 'The day of the week, three letters.', ([a]) => `strftime(${a}, '%a')`),
  scalar('monthname', ['date'], STRING, 'The month, three letters.', ([a]) => `strftime(${a}, '%b')`),
];
