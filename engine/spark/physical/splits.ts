/** Files to tasks: Parquet is cut at row groups, other formats at files; small pieces share a task. Pure. */
import type { SourceFile } from '../plan/source.ts';
import type { FileSplit } from './stage.ts';

export interface SplitLimits {
  readonly slots: number;
  /** `spark.sql.files.maxPartitionBytes`. */
  readonly partitionBytesMax: number;
}

/** Below this a task's own cost outweighs the work. */
const taskBytesMin = 1 << 20;
/** Tasks per slot: enough that a slow one does not hold up the stage, few enough that starting them costs little. */
const tasksPerSlot = 3;

/** `result[i]` is what task i reads; files and row groups stay in order. No files: no tasks. */
export function splitFiles(files: readonly SourceFile[], limits: SplitLimits): readonly (readonly FileSplit[])[] {
  const total = files.reduce((sum, file) => sum + file.bytes, 0);
  const wanted = Math.max(taskBytesMin, Math.ceil(total / (limits.slots * tasksPerSlot)));
  const target = Math.min(wanted, limits.partitionBytesMax);
  const tasks: FileSplit[][] = [];
  let bytes = Infinity;
  for (const piece of files.flatMap(pieces)) {
    if (bytes >= target || bytes + piece.bytes > limits.partitionBytesMax) {
      tasks.push([]);
      bytes = 0;
    }
    append(tasks.at(-1) ?? [], piece);
    bytes += piece.bytes;
  }
  return tasks;
}

function pieces(file: SourceFile): readonly FileSplit[] {
  const groups = file.rowGroups ?? [];
  const rows = groups.reduce((sum, group) => sum + group, 0);
  if (groups.length < 2 || rows === 0) return [{ path: file.path, bytes: file.bytes }];
  let from = 0;
  return groups.map((group): FileSplit => {
    const range = { from, to: from + group };
    from += group;
    return { path: file.path, bytes: Math.round((file.bytes * group) / rows), rows: range };
  });
}

/** Neighbouring row groups of a file become one range. */
function append(task: FileSplit[], piece: FileSplit): void {
  const last = task.at(-1);
  if (last?.rows !== undefined && piece.rows !== undefined && last.path === piece.path && last.rows.to === piece.rows.from) {
    task[task.length - 1] = { path: last.path, bytes: last.bytes + piece.bytes, rows: { from: last.rows.from, to: piece.rows.to } };
  } else {
    task.push(piece);
  }
}
