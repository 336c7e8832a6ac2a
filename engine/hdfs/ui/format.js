/** Numbers, times and permissions for people: `text` is short, `exact` has everything. No part of the browser is used here. */

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];

export function grouped(number) {
  return String(Math.trunc(number)).replaceAll(/\B(?=(\d{3})+$)/g, ',');
}

/** Three digits, rounded down so that nothing that is not quite full looks full. */
export function size(bytes) {
  let unit = 0;
  let value = bytes;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const digits = unit === 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2;
  const factor = 10 ** digits;
  const text = String(Math.floor(value * factor) / factor);
  return { text: `${text} ${units[unit]}`, exact: `${grouped(bytes)} ${bytes === 1 ? 'byte' : 'bytes'}` };
}

export function number(value) {
  return { text: grouped(value), exact: grouped(value) };
}

/** Of a whole; undefined of nothing. */
export function percent(part, whole) {
  if (!(whole > 0)) return undefined;
  const value = 100 * part / whole;
  return { text: value > 0 && value < 0.1 ? '< 0.1 %' : `${value >= 99.95 && part < whole ? 99.9 : Number(value.toFixed(1))} %`, exact: `${grouped(part)} of ${grouped(whole)} bytes` };
}

export function plural(count, one, many) {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

const pad = (value) => String(value).padStart(2, '0');

/** In the time zone of whoever reads. */
export function time(ms) {
  const at = new Date(ms);
  if (!(ms > 0)) return { text: '–', exact: 'never' };
  return { text: `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())} ${pad(at.getHours())}:${pad(at.getMinutes())}`, exact: at.toISOString() };
}

export function ago(ms, nowMs) {
  const seconds = Math.max(0, Math.floor((nowMs - ms) / 1000));
  const exact = time(ms).exact;
  if (seconds < 120) return { text: `${seconds} s ago`, exact };
  if (seconds < 7200) return { text: `${Math.floor(seconds / 60)} min ago`, exact };
  if (seconds < 172_800) return { text: `${Math.floor(seconds / 3600)} h ago`, exact };
  return { text: `${Math.floor(seconds / 86_400)} days ago`, exact };
}

/** As `ls` shows it. `octal`: as WebHDFS gives it, `1777`. */
export function mode(octal, isDirectory) {
  const bits = Number.parseInt(octal, 8);
  const letters = [...'rwxrwxrwx'].map((letter, index) => (bits & (1 << (8 - index))) === 0 ? '-' : letter);
  if ((bits & 0o1000) !== 0) letters[8] = letters[8] === 'x' ? 't' : 'T';
  return { text: `${isDirectory ? 'd' : '-'}${letters.join('')}`, exact: octal };
}

/** The first label of a host name; addresses are left whole. */
export function shortHost(host) {
  return /^[\d.]+$/.test(host) || host.includes(':') ? host : host.split('.', 1)[0];
}

/** Compares names as people count: part-2 before part-10; what is the same to people is told apart by code units. */
export function compareNames(left, right) {
  return collator.compare(left, right) || (left < right ? -1 : left > right ? 1 : 0);
}

const collator = new Intl.Collator('en', { numeric: true });
