/** Files to tasks: Parquet is cut at row groups, text in stores at blocks, other files not at all; small pieces share a task. Pure. */
import type { ByteRange, SourceFile, StoredSource } from '../plan/source.ts';
import type { FileSplit, SplitCopy } from './stage.ts';

export interface SplitLimits {
  readonly slots: number;
  /** `spark.sql.files.maxPartitionBytes`. */
  readonly partitionBytesMax: number;
}

/** Below this a task's own cost outweighs the work. */
const taskBytesMin = 1 << 20;
/** Tasks per slot: enough that a slow one does not hold up the stage, few enough that starting them costs little. */
const tasksPerSlot = 3;

/** `result[i]` is what task i reads; files and row groups stay in order. No files: no tasks. `columns`: names of those that are read. */
export function splitFiles(files: readonly SourceFile[], limits: SplitLimits, columns: readonly string[]): readonly (readonly FileSplit[])[] {
  const total = files.reduce((sum, file) => sum + file.bytes, 0);
  const wanted = Math.max(taskBytesMin, Math.ceil(total / (limits.slots * tasksPerSlot)));
  const target = Math.min(wanted, limits.partitionBytesMax);
  const tasks: FileSplit[][] = [];
  let bytes = Infinity;
  for (const piece of files.flatMap((file) => pieces(file, target, columns))) {
    if (bytes >= target || bytes + piece.bytes > limits.partitionBytesMax) {
      tasks.push([]);
      bytes = 0;
    }
    append(tasks.at(-1) ?? [], piece);
    bytes += piece.bytes;
  }
  return tasks;
}

function pieces(file: SourceFile, target: number, columns: readonly string[]): readonly FileSplit[] {
  const { path, stored } = file;
  if (stored?.parts.kind === 'lines' && file.bytes > 0) {
    const { headerLines } = stored.parts;
    return lineRanges(file.bytes, target).map((range) => ({
      path, bytes: range.to - range.from, copy: { version: stored.version, fileBytes: file.bytes, part: { kind: 'lines', ...range, headerLines } }, ...near(stored, [range]),
    }));
  }
  const groups = file.rowGroups ?? [];
  const rows = groups.reduce((sum, group) => sum + group, 0);
  if (groups.length < 2 || rows === 0) return [{ path, bytes: file.bytes, ...(stored === undefined ? {} : copied(file.bytes, stored, columns, groups.map((_, i) => i))) }];
  let from = 0;
  return groups.map((group, i): FileSplit => {
    const range = { from, to: from + group };
    from += group;
    return { path, bytes: Math.round((file.bytes * group) / rows), rows: range, ...(stored === undefined ? {} : copied(file.bytes, stored, columns, [i])) };
  });
}

/** Of equal size, about `target` bytes each. */
function lineRanges(bytes: number, target: number): readonly ByteRange[] {
  const count = Math.max(1, Math.round(bytes / target));
  return Array.from({ length: count }, (_, i) => ({ from: Math.floor((bytes * i) / count), to: Math.floor((bytes * (i + 1)) / count) }));
}

/** What a task copies to read the columns of some row groups. */
function copied(fileBytes: number, stored: StoredSource, columns: readonly string[], groups: readonly number[]): Pick<FileSplit, 'copy' | 'near'> {
  const { parts, version } = stored;
  if (parts.kind !== 'columns') {
    const whole = [{ from: 0, to: fileBytes }];
    return { copy: { version, fileBytes, part: { kind: 'ranges', ranges: whole } }, ...near(stored, whole) };
  }
  // A nested column is in the file as its leaves; a name that only begins alike is copied in vain.
  const wanted = (column: string): boolean => columns.some((name) => column === name || column.startsWith(`${name}, `));
  const chunks = groups.flatMap((i) => parts.groups[i] ?? []).filter(({ column }) => wanted(column)).map(({ from, to }) => ({ from, to }));
  return { copy: { version, fileBytes, part: { kind: 'ranges', ranges: [...chunks, ...parts.always] } }, ...near(stored, chunks) };
}

function near({ blocks }: StoredSource, ranges: readonly ByteRange[]): Pick<FileSplit, 'near'> {
  const found = new Map<string, { readonly machine: string; readonly rack?: string; bytes: number }>();
  for (const block of blocks) {
    const bytes = ranges.reduce((sum, range) => sum + Math.max(0, Math.min(range.to, block.to) - Math.max(range.from, block.from)), 0);
    if (bytes > 0) for (const replica of block.replicas) count(found, replica, bytes);
  }
  return found.size === 0 ? {} : { near: [...found.values()].toSorted((a, b) => b.bytes - a.bytes) };
}

type Near = NonNullable<FileSplit['near']>[number];

function count(found: Map<string, Near & { bytes: number }>, replica: { readonly machine: string; readonly rack?: string }, bytes: number): void {
  const known = found.get(replica.machine);
  if (known === undefined) found.set(replica.machine, { ...replica, bytes });
  else known.bytes += bytes;
}

/** Machines that hold most of what a task reads, at most three, the best first; none when nothing is known. */
export function preferredReplicas(splits: readonly FileSplit[]): readonly Near[] {
  const found = new Map<string, Near & { bytes: number }>();
  for (const split of splits) for (const { bytes, ...replica } of split.near ?? []) count(found, replica, bytes);
  return [...found.values()].toSorted((a, b) => b.bytes - a.bytes).slice(0, 3);
}

/** Neighbouring row groups of a file become one range. */
function append(task: FileSplit[], piece: FileSplit): void {
  const last = task.at(-1);
  if (last?.rows !== undefined && piece.rows !== undefined && last.path === piece.path && last.rows.to === piece.rows.from) {
    task[task.length - 1] = {
      path: last.path, bytes: last.bytes + piece.bytes, rows: { from: last.rows.from, to: piece.rows.to }, ...joinedCopy(last.copy, piece.copy),
      ...(last.near === undefined && piece.near === undefined ? {} : { near: preferredReplicas([last, piece]) }),
    };
  } else {
    task.push(piece);
  }
}

function joinedCopy(first: SplitCopy | undefined, second: SplitCopy | undefined): Pick<FileSplit, 'copy'> {
  if (first?.part.kind !== 'ranges' || second?.part.kind !== 'ranges') return {};
  return { copy: { ...first, part: { kind: 'ranges', ranges: [...first.part.ranges, ...second.part.ranges] } } };
}
