/** Dates and timestamps as Spark prints them. Proleptic Gregorian calendar, years beyond 9999 with a sign. */

const dayMs = 86_400_000;

/** Days since 1970-01-01 → `2001-01-31`. */
export function dateText(days: number): string {
  return dateOf(days);
}

/**
 * Microseconds since the epoch → `2001-01-31 12:30:00.5` (trailing zeros of the fraction dropped). With a zone the
 * instant is shown on that zone's wall clock, without one the number is the wall clock itself.
 */
export function timestampText(micros: bigint, timeZone?: string): string {
  const wall = timeZone === undefined ? micros : micros + BigInt(offsetMs(Number(floorDivide(micros, 1000n)), timeZone)) * 1000n;
  const days = floorDivide(wall, BigInt(dayMs) * 1000n);
  const inDay = wall - days * BigInt(dayMs) * 1000n;
  const seconds = Number(inDay / 1_000_000n);
  const fraction = String(inDay % 1_000_000n).padStart(6, '0').replace(/0+$/, '');
  const clock = [seconds / 3600, (seconds / 60) % 60, seconds % 60].map((part) => String(Math.trunc(part)).padStart(2, '0')).join(':');
  return `${dateOf(Number(days))} ${clock}${fraction === '' ? '' : `.${fraction}`}`;
}

/** Civil date from days since the epoch, for every year (Howard Hinnant's algorithm). */
function dateOf(days: number): string {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor((dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  const yearText = `${year < 0 ? '-' : year > 9999 ? '+' : ''}${String(Math.abs(year)).padStart(4, '0')}`;
  return `${yearText}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

function floorDivide(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor;
  return value % divisor < 0n ? quotient - 1n : quotient;
}

/** A zone's distance from UTC at an instant, in milliseconds. */
function offsetMs(instantMs: number, timeZone: string): number {
  if (timeZone === 'UTC') return 0;
  const parts = new Map(formatterOf(timeZone).formatToParts(instantMs).map((part) => [part.type, part.value]));
  const part = (name: Intl.DateTimeFormatPartTypes): number => Number(parts.get(name));
  const year = parts.get('era') === 'BC' ? 1 - part('year') : part('year');
  const wall = new Date(0);
  wall.setUTCFullYear(year, part('month') - 1, part('day'));
  wall.setUTCHours(part('hour'), part('minute'), part('second'));
  return wall.getTime() - Math.floor(instantMs / 1000) * 1000;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: timeZone === 'Z' ? 'UTC' : timeZone, hourCycle: 'h23', era: 'short', year: 'numeric', month: 'numeric', day: 'numeric',
    hour: 'numeric', minute: 'numeric', second: 'numeric',
  });
  // Zone names are finite, but nothing is kept without a bound.
  if (formatters.size < 64) formatters.set(timeZone, made);
  return made;
}
