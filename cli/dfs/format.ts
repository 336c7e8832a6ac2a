/** Columns and numbers as Hadoop's shell prints them. */
import { posix } from 'node:path';
import type { HdfsStatus } from '../../engine/hdfs/client/hdfs-client.ts';
import type { Found } from './location.ts';

/** `rwxr-xr-t`. */
function permissionText(permission: number): string {
  const letters = [...'rwxrwxrwx'].map((letter, i) => ((permission >> (8 - i)) & 1 ? letter : '-'));
  if ((permission & 0o1000) !== 0) letters[8] = letters[8] === 'x' ? 't' : 'T';
  return letters.join('');
}

/** `drwxr-xr-t`. */
export const modeText = ({ kind, permission }: HdfsStatus): string => `${kind === 'directory' ? 'd' : '-'}${permissionText(permission)}`;

const units = ['', 'K', 'M', 'G', 'T', 'P', 'E'] as const;

/** `1.5 G`; below 1024 the number itself. */
export function humanBytes(bytes: number): string {
  if (bytes < 1024) return String(bytes);
  let power = 1;
  // What would be rounded to 1024.0 is 1.0 of the next unit.
  while (power < units.length - 1 && Number((bytes / 1024 ** power).toFixed(1)) >= 1024) power += 1;
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

/** Columns with two spaces between them, those of `right` to the right. */
export function table(rows: readonly (readonly string[])[], right: readonly number[] = []): readonly string[] {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  return rows.map((row) => row.map((cell, i) => (right.includes(i) ? cell.padStart(widths[i] ?? 0) : i === row.length - 1 ? cell : cell.padEnd(widths[i] ?? 0))).join('  '));
}

/** `-stat`'s format: `%n %b %o`. As in Hadoop, any other character after a `%` stands for itself, and a `%` at the end for nothing. */
export function statText(format: string, { path, status }: Found): string {
  return format.replaceAll(/%(.?)/gs, (_, letter: string) => {
    switch (letter) {
      case 'a': return status.permission.toString(8);
      case 'A': return permissionText(status.permission);
      case 'b': return String(status.bytes);
      case 'F': return status.kind === 'directory' ? 'directory' : 'regular file';
      case 'g': return status.group;
      case 'n': return posix.basename(path);
      case 'o': return String(status.blockBytes);
      case 'r': return String(status.replication);
      case 'u': return status.owner;
      case 'x': return secondText(status.accessedMs);
      case 'X': return String(status.accessedMs);
      case 'y': return secondText(status.modifiedMs);
      case 'Y': return String(status.modifiedMs);
      default: return letter;
    }
  });
}
