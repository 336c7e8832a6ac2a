/** Columns and numbers as Hadoop's shell prints them. */
import type { HdfsStatus } from '../../engine/hdfs/client/hdfs-client.ts';
import type { Found } from './location.ts';

/** `drwxr-xr-t`. */
export function modeText({ kind, permission }: HdfsStatus): string {
  const letters = [...'rwxrwxrwx'].map((letter, i) => ((permission >> (8 - i)) & 1 ? letter : '-'));
  if ((permission & 0o1000) !== 0) letters[8] = letters[8] === 'x' ? 't' : 'T';
  return `${kind === 'directory' ? 'd' : '-'}${letters.join('')}`;
}

const units = ['', 'K', 'M', 'G', 'T', 'P', 'E'] as const;

/** `1.5 G`; below 1024 the number itself. */
export function humanBytes(bytes: number): string {
  if (bytes < 1024) return String(bytes);
  const power = Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  const scaled = bytes / 1024 ** power;
  return `${Number.isInteger(scaled) ? scaled : scaled.toFixed(1)} ${units[power]}`;
}

const two = (value: number): string => String(value).padStart(2, '0');

/** `2026-11-25 16:07`, in the time zone of whoever looks. */
export function minuteText(ms: number): string {
  const date = new Date(ms);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** `2026-11-25 16:07:09`, UTC: what `-stat` prints. */
export function secondText(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
}

/** The lines of one listing, in columns. */
export function listing(entries: readonly Found[], human: boolean): readonly string[] {
  const rows = entries.map(({ shown, status }) => ({
    mode: modeText(status), replication: status.kind === 'directory' ? '-' : String(status.replication), owner: status.owner, group: status.group,
    size: human ? humanBytes(status.bytes) : String(status.bytes), time: minuteText(status.modifiedMs), shown,
  }));
  const width = (least: number, of: (row: (typeof rows)[number]) => string): number => Math.max(least, ...rows.map((row) => of(row).length));
  const widths = { replication: width(3, (row) => row.replication), owner: width(0, (row) => row.owner), group: width(0, (row) => row.group), size: width(10, (row) => row.size) };
  return rows.map((row) =>
    `${row.mode} ${row.replication.padStart(widths.replication)} ${row.owner.padEnd(widths.owner)} ${row.group.padEnd(widths.group)} ${row.size.padStart(widths.size)} ${row.time} ${row.shown}`);
}

/** Columns with two spaces between them, numbers to the right. */
export function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  return rows.map((row) => row.map((cell, i) => (i === row.length - 1 && !/^[\d.]+( [A-Z])?%?$/.test(cell) ? cell : /^[\d.]+( [A-Z])?%?$/.test(rows.at(-1)?.[i] ?? '') ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0))).join('  ').trimEnd());
}

/** `-stat`'s format: `%n %b %o`. */
export function statText(format: string, { shown, status }: Found): string {
  return format.replaceAll(/%([a-zA-Z%])/g, (all, letter: string) => {
    switch (letter) {
      case 'a': return status.permission.toString(8);
      case 'A': return modeText(status);
      case 'b': return String(status.bytes);
      case 'F': return status.kind === 'directory' ? 'directory' : 'regular file';
      case 'g': return status.group;
      case 'n': return shown.split('/').at(-1) ?? shown;
      case 'o': return String(status.blockBytes);
      case 'r': return String(status.replication);
      case 'u': return status.owner;
      case 'x': return secondText(status.accessedMs);
      case 'X': return String(status.accessedMs);
      case 'y': return secondText(status.modifiedMs);
      case 'Y': return String(status.modifiedMs);
      case '%': return '%';
      default: return all;
    }
  });
}
