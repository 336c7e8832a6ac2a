/** What Spark's literals mean: escapes in strings, types of numbers, dates and timestamps. Pure; failures are `undefined`. */
import type { Expression, LiteralValue } from '../plan/expression.ts';
import type { DataType } from '../plan/types.ts';

export interface LiteralMeaning {
  readonly value: LiteralValue;
  readonly type: DataType;
}

const escapes: Readonly<Record<string, string>> = {
  0: '\0', b: '\b', n: '\n', r: '\r', t: '\t', Z: '\u001a',
  // LIKE patterns keep the backslash.
  '%': '\\%', _: '\\_',
};

export type LiteralOrCast = Extract<Expression, { kind: 'literal' | 'cast' }>;

/** Text between the quotes → the string's value, as Spark reads it (`''` is a quote, `\u0041`, `\101`, `\n` …). */
export function unescapeString(inner: string, quote: string): string {
  if (!inner.includes('\\') && !inner.includes(quote)) return inner;
  const pattern = /\\U([0-9a-fA-F]{8})|\\u([0-9a-fA-F]{4})|\\([0-3][0-7]{2})|\\([\s\S])|''|""/g;
  return inner.replace(pattern, (all: string, wide?: string, hex?: string, octal?: string, char?: string) => {
    if (wide !== undefined) {
      const code = Number.parseInt(wide, 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
    }
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
    if (char !== undefined) return escapes[char] ?? char;
    return all === quote + quote ? quote : all;
  });
}

/** Plain digits of a decimal with the precision and scale that Spark gives its literal. */
function decimalMeaning(text: string): LiteralMeaning | undefined {
  const parts = /^(-?)(\d*)\.?(\d*)(?:E([+-]?\d+))?$/i.exec(text);
  if (parts === null) return undefined;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = parts;
  const scale = fraction.length - Number(exponent);
  if (scale > 38 || scale < -38) return undefined;
  const digits = (whole + fraction + (scale < 0 ? '0'.repeat(-scale) : '')).replace(/^0+(?=\d)/, '');
  const places = Math.max(scale, 0);
  const precision = Math.max(digits.length, places, 1);
  if (precision > 38) return undefined;
  const padded = digits.padStart(places + 1, '0');
  const plain = places === 0 ? padded : `${padded.slice(0, -places)}.${padded.slice(-places)}`;
  return { value: sign + plain, type: { kind: 'decimal', precision, scale: places } };
}

const integerBits = { Y: ['byte', 8n], S: ['short', 16n], L: ['long', 64n] } as const;

function fits(value: bigint, bits: bigint): boolean {
  const limit = 1n << (bits - 1n);
  return value >= -limit && value < limit;
}

function integerMeaning(text: string): LiteralMeaning | undefined {
  const value = BigInt(text);
  if (fits(value, 32n)) return { value: Number(value), type: { kind: 'int' } };
  if (fits(value, 64n)) return { value, type: { kind: 'long' } };
  return decimalMeaning(text);
}

/** A number token (`5`, `2.50`, `1e3`, `7L`, `3Y`, `1.5BD`), the sign included; undefined when it is out of its type's range. */
export function numberMeaning(written: string): LiteralMeaning | undefined {
  const text = written.toUpperCase();
  if (text.endsWith('BD')) return decimalMeaning(text.slice(0, -2));
  const last = text.at(-1) as string;
  const body = text.slice(0, -1);
  if (last === 'Y' || last === 'S' || last === 'L') {
    const [kind, bits] = integerBits[last];
    const value = BigInt(body);
    if (!fits(value, bits)) return undefined;
    return { value: kind === 'long' ? value : Number(value), type: { kind } };
  }
  if (last === 'F' || last === 'D') {
    const value = last === 'F' ? Math.fround(Number(body)) : Number(body);
    return Number.isFinite(value) ? { value, type: { kind: last === 'F' ? 'float' : 'double' } } : undefined;
  }
  if (text.includes('E')) {
    const value = Number(text);
    return Number.isFinite(value) ? { value, type: { kind: 'double' } } : undefined;
  }
  return text.includes('.') ? decimalMeaning(text) : integerMeaning(text);
}

const dayMs = 86_400_000;

/** Days since the epoch; undefined when there is no such day. */
function epochDay(year: number, month: number, day: number): number | undefined {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const same = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return same ? Math.floor(date.getTime() / dayMs) : undefined;
}

/** `yyyy`, `yyyy-[m]m`, `yyyy-[m]m-[d]d`, with anything after a blank or T, as Spark casts strings to dates. */
export function dateMeaning(text: string): LiteralMeaning | undefined {
  const parts = /^([+-]?\d{4,6})(?:-(\d{1,2})(?:-(\d{1,2})(?:[ T][\s\S]*)?)?)?$/.exec(text.trim());
  if (parts === null) return undefined;
  const value = epochDay(Number(parts[1]), Number(parts[2] ?? 1), Number(parts[3] ?? 1));
  return value === undefined ? undefined : { value, type: { kind: 'date' } };
}

const timestampPattern =
  /^([+-]?\d{4,6})(?:-(\d{1,2})(?:-(\d{1,2})(?:[ T](?:(\d{1,2})(?::(\d{1,2})(?::(\d{1,2})(?:\.(\d{0,9}))?)?)?)?)?)?)?\s*([A-Za-z+-][\w:/+-]*)?$/;

/** Offset of `Z`, `UTC`, `GMT`, `+02:00`, `UTC+1` in minutes; undefined for the name of a region. */
function zoneOffsetMinutes(zone: string): number | undefined {
  const parts = /^(?:Z|(?:UTC|GMT|UT)?(?:([+-])(\d{1,2})(?::?(\d{2}))?)?)$/.exec(zone);
  if (parts === null) return undefined;
  const minutes = Number(parts[2] ?? 0) * 60 + Number(parts[3] ?? 0);
  return minutes > 18 * 60 ? undefined : parts[1] === '-' ? -minutes : minutes;
}

/**
 * `TIMESTAMP '…'` and `TIMESTAMP_NTZ '…'`. A timestamp without an offset of its own depends on the session's
 * time zone, so it becomes a cast of the string, which analysis resolves.
 */
export function timestampMeaning(text: string, kind: 'timestamp' | 'timestamp_ntz'): LiteralOrCast | undefined {
  const parts = timestampPattern.exec(text.trim());
  if (parts === null) return undefined;
  const [, year, month = '1', day = '1', hour = '0', minute = '0', second = '0', fraction = '', zone] = parts;
  const days = epochDay(Number(year), Number(month), Number(day));
  if (days === undefined || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const seconds = BigInt(days) * 86_400n + BigInt(Number(hour) * 3600 + Number(minute) * 60 + Number(second));
  const micros = seconds * 1_000_000n + BigInt(fraction.slice(0, 6).padEnd(6, '0'));
  if (kind === 'timestamp_ntz') return zone === undefined ? { kind: 'literal', value: micros, type: { kind } } : undefined;
  const offset = zone === undefined ? undefined : zoneOffsetMinutes(zone);
  if (offset !== undefined) return { kind: 'literal', value: micros - BigInt(offset) * 60_000_000n, type: { kind } };
  return { kind: 'cast', child: { kind: 'literal', value: text, type: { kind: 'string' } }, type: { kind }, mode: 'default' };
}

/** `X'1F'`: pairs of hexadecimal digits, an odd count filled up on the left as in Spark. */
export function binaryMeaning(text: string): LiteralMeaning | undefined {
  if (!/^[0-9a-fA-F]*$/.test(text)) return undefined;
  const even = text.length % 2 === 0 ? text : `0${text}`;
  return { value: Uint8Array.from(even.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)), type: { kind: 'binary' } };
}
