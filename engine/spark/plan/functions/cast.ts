/** Spark's ANSI casts in kernel SQL. Source: Spark's ANSI compliance page and `Cast`; each pair is in the table of Spark's answers. */
import { isFraction, isIntegral, isNumeric } from '../coercion.ts';
import type { DataType } from '../types.ts';
import { sameType, sqlTypeName } from '../types.ts';
import { castSql, kernelType, quoteName, quoteText, raise } from './kernel-sql.ts';

const number = String.raw`\s*[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?\s*`;
const patterns: Readonly<Record<string, string>> = {
  integral: String.raw`\s*[+-]?[0-9]+\s*`,
  decimal: number,
  fraction: `${number.slice(0, -3)}[dDfF]?\\s*|(?i)\\s*([+-]?(inf|infinity)|nan)\\s*`,
  date: String.raw`\s*[0-9]{4}(-[0-9]{1,2}(-[0-9]{1,2}([ T].*)?)?)?\s*`,
  timestamp: String.raw`\s*[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([ T][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?( ?(Z|UTC|[+-][0-9]{2}:[0-9]{2}))?)?\s*`,
  timestamp_ntz: String.raw`\s*[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([ T][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?)?\s*`,
};

/** Whether Spark has the cast at all (explicit, ANSI). */
export function canCast(from: DataType, to: DataType): boolean {
  if (sameType(from, to) || from.kind === 'null') return true;
  if (from.kind === 'array' && to.kind === 'array') return canCast(from.element, to.element);
  if (to.kind === 'string' && from.kind === 'array') return canCast(from.element, to);
  if (to.kind === 'string' && from.kind === 'struct') return from.fields.every((field) => canCast(field.type, to));
  if (['array', 'map', 'struct', 'null'].includes(from.kind) || ['array', 'map', 'struct', 'null'].includes(to.kind)) return false;
  if (from.kind === 'string' || to.kind === 'string') return true;
  if (isNumeric(from)) return isNumeric(to) || to.kind === 'boolean' || to.kind === 'timestamp';
  if (from.kind === 'boolean') return isNumeric(to);
  const dates = ['date', 'timestamp', 'timestamp_ntz'];
  if (dates.includes(from.kind) && dates.includes(to.kind)) return true;
  return from.kind === 'timestamp' && isNumeric(to);
}

/** `try`: NULL instead of an error. */
export function renderCast(sql: string, from: DataType, to: DataType, mode: 'ansi' | 'try'): string {
  if (sameType(from, to)) return sql;
  if (from.kind === 'null') return castSql('NULL', to);
  if (from.kind === 'string') return fromString(sql, to, mode);
  if (to.kind === 'string') return toText(sql, from);
  if (from.kind === 'array' && to.kind === 'array') {
    return `list_transform(${sql}, lambda x: ${renderCast('x', from.element, to.element, mode)})`;
  }
  return plain(sql, from, to, mode === 'try' ? 'TRY_CAST' : 'CAST');
}

function plain(sql: string, from: DataType, to: DataType, cast: string): string {
  const as = (text: string): string => `${cast}(${text} AS ${kernelType(to)})`;
  if (isIntegral(to) && (isFraction(from) || from.kind === 'decimal')) return as(`trunc(${sql})`);
  if (to.kind === 'decimal' && isFraction(from)) return as(`CAST(${sql} AS VARCHAR)`);
  if (to.kind === 'boolean') return `(${sql} <> 0)`;
  if (to.kind === 'timestamp' && from.kind === 'date') return as(`CAST(${sql} AS TIMESTAMP)`);
  if (to.kind === 'timestamp' && isNumeric(from)) return `make_timestamptz(CAST(trunc(CAST(${sql} AS DOUBLE) * 1e6) AS BIGINT))`;
  if (to.kind === 'date' && from.kind === 'timestamp') return as(`CAST(${sql} AS TIMESTAMP)`);
  if (from.kind === 'timestamp' && isNumeric(to)) return isIntegral(to) ? as(`floor(epoch(${sql}))`) : as(`(epoch_us(${sql}) / 1e6)`);
  return as(sql);
}

/** A value that a string does not spell: NULL, or Spark's error with the value in it. */
export function malformed(sql: string, to: DataType, mode: 'ansi' | 'try'): string {
  if (mode === 'try') return castSql('NULL', to);
  const rest = `' of the type "STRING" cannot be cast to "${sqlTypeName(to)}" because it is malformed. Correct the value as per the syntax, or change its target type. Use \`try_cast\` to tolerate malformed input and return NULL instead.`;
  return raise(`'[CAST_INVALID_INPUT] The value ''' || ${sql} || ${quoteText(rest)}`);
}

function fromString(sql: string, to: DataType, mode: 'ansi' | 'try'): string {
  if (to.kind === 'binary') return `encode(${sql})`;
  if (to.kind === 'boolean') {
    const word = `lower(trim(${sql}))`;
    return `CASE WHEN ${word} IN ('t', 'true', 'y', 'yes', '1') THEN true WHEN ${word} IN ('f', 'false', 'n', 'no', '0') THEN false `
      + `WHEN ${sql} IS NOT NULL THEN ${malformed(sql, to, mode)} END`;
  }
  const value = `TRY_CAST(${source(sql, to)} AS ${kernelType(to)})`;
  const pattern = patterns[isIntegral(to) ? 'integral' : isFraction(to) ? 'fraction' : to.kind] ?? '.*';
  return `CASE WHEN regexp_full_match(${sql}, ${quoteText(pattern)}) AND ${value} IS NOT NULL THEN ${value} `
    + `WHEN ${sql} IS NOT NULL THEN ${malformed(sql, to, mode)} END`;
}

/** What the kernel is given to parse. */
function source(sql: string, to: DataType): string {
  const trimmed = `regexp_replace(${sql}, '^\\s+|\\s+$', '', 'g')`;
  if (isFraction(to)) return `regexp_replace(${trimmed}, '([0-9.])[dDfF]$', '\\1')`;
  if (to.kind === 'date') {
    const day = `regexp_extract(${trimmed}, '^[-0-9]+')`;
    return `CASE length(${day}) - length(replace(${day}, '-', '')) WHEN 0 THEN ${day} || '-01-01' WHEN 1 THEN ${day} || '-01' ELSE ${day} END`;
  }
  return trimmed;
}

/** As Spark shows values: Java's notation for fractions, timestamps in the session's zone without the zone. */
export function toText(sql: string, from: DataType): string {
  switch (from.kind) {
    case 'float': case 'double': return javaNumber(sql);
    case 'timestamp': return `CAST(CAST(${sql} AS TIMESTAMP) AS VARCHAR)`;
    case 'binary': return `decode(${sql})`;
    case 'array': return `('[' || array_to_string(list_transform(${sql}, lambda x: coalesce(${toText('x', from.element)}, 'null')), ', ') || ']')`;
    case 'struct': {
      const fields = from.fields.map((field) => `coalesce(${toText(`(${sql}).${quoteName(field.name)}`, field.type)}, 'null')`);
      return `CASE WHEN ${sql} IS NOT NULL THEN '{' || concat_ws(', ', ${fields.join(', ')}) || '}' END`;
    }
    default: return `CAST(${sql} AS VARCHAR)`;
  }
}

/** Java's Double.toString: plain from 1e-3 up to 1e7, else `d.dddE±x`; the digits are the kernel's shortest ones. */
function javaNumber(sql: string): string {
  const text = `CAST(abs(${sql}) AS VARCHAR)`;
  const sign = `CASE WHEN ${sql} < 0 THEN '-' ELSE '' END`;
  const whole = `split_part(${text}, '.', 1)`;
  const spread = (digits: string): string =>
    `left(${digits}, 1) || '.' || CASE WHEN length(${digits}) > 1 THEN substr(${digits}, 2) ELSE '0' END`;
  const mantissa = `split_part(${text}, 'e', 1)`;
  const large = `rtrim(replace(${text}, '.', ''), '0')`;
  const small = `ltrim(replace(${text}, '.', ''), '0')`;
  return `CASE WHEN isnan(${sql}) THEN 'NaN' WHEN isinf(${sql}) THEN ${sign} || 'Infinity' `
    + `WHEN abs(${sql}) >= 1e-3 AND abs(${sql}) < 1e7 OR ${sql} = 0 THEN CAST(${sql} AS VARCHAR) `
    + `WHEN contains(${text}, 'e') THEN ${sign} || ${mantissa} || CASE WHEN contains(${mantissa}, '.') THEN '' ELSE '.0' END || 'E' || CAST(CAST(split_part(${text}, 'e', 2) AS INTEGER) AS VARCHAR) `
    + `WHEN abs(${sql}) >= 1 THEN ${sign} || ${spread(large)} || 'E' || CAST(length(${whole}) - 1 AS VARCHAR) `
    + `ELSE ${sign} || ${spread(small)} || 'E-4' END`;
}
