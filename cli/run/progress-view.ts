/** What a person sees while a job runs: pure functions from a job's status to lines of text. */

/** The part of a SparkJob's status that is shown. */
export interface JobView {
  readonly name: string;
  readonly phase: string;
  readonly executors: { readonly target: number; readonly running: number };
  readonly stages: { readonly total: number; readonly completed: number };
  readonly tasks: { readonly total: number; readonly completed: number; readonly running: number; readonly failed: number };
  /** Why the phase is what it is, when there is something to say. */
  readonly message?: string;
}

export interface ResultView {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
  /** Rows of the whole result, when known. */
  readonly total?: number;
}

const barCells = 24;

function bar(completed: number, running: number, total: number): string {
  if (total === 0) return '·'.repeat(barCells);
  const done = Math.floor((completed / total) * barCells);
  const busy = Math.min(barCells - done, Math.ceil((running / total) * barCells));
  return '█'.repeat(done) + '▒'.repeat(busy) + '·'.repeat(barCells - done - busy);
}

/** One line: `flights  Running  ████▒▒··  stages 1/3  tasks 5/9 (2 running)  executors 2/2`. */
export function progressLine(view: JobView): string {
  const { stages, tasks, executors } = view;
  const parts = [view.name, view.phase];
  if (tasks.total > 0) {
    const notes = [tasks.running > 0 ? `${tasks.running} running` : '', tasks.failed > 0 ? `${tasks.failed} failed` : ''].filter((note) => note !== '');
    parts.push(
      bar(tasks.completed, tasks.running, tasks.total),
      `stages ${stages.completed}/${stages.total}`,
      `tasks ${tasks.completed}/${tasks.total}${notes.length > 0 ? ` (${notes.join(', ')})` : ''}`,
    );
  }
  if (executors.target > 0) parts.push(`executors ${executors.running}/${executors.target}`);
  if (view.message !== undefined && view.message !== '') parts.push(view.message);
  return parts.join('  ');
}

/** Cuts a line to a terminal's width, so that redrawing it never leaves wrapped remains. */
export function fitted(line: string, columns: number): string {
  return line.length <= columns ? line : `${line.slice(0, Math.max(0, columns - 1))}…`;
}

const cellWidthMax = 40;

function cell(value: string | null): string {
  const text = (value ?? 'NULL').replaceAll(/\p{Cc}/gu, ' ');
  return text.length > cellWidthMax ? `${text.slice(0, cellWidthMax - 1)}…` : text;
}

/** A table of text; columns that hold only numbers are set to the right. */
export function resultTable(result: ResultView): string {
  const cells = result.rows.map((row) => row.map(cell));
  const numeric = result.columns.map((_, index) =>
    result.rows.every((row) => row[index] === null || row[index] === undefined || /^-?\d[\d.]*(E-?\d+)?$/.test(row[index])));
  const widths = result.columns.map((name, index) => Math.max(cell(name).length, ...cells.map((row) => row[index]?.length ?? 0)));
  const line = (values: readonly string[]): string =>
    values.map((value, index) => (numeric[index] === true ? value.padStart(widths[index] ?? 0) : value.padEnd(widths[index] ?? 0))).join('  ').trimEnd();
  const lines = [
    line(result.columns.map(cell)),
    widths.map((width) => '─'.repeat(width)).join('  '),
    ...cells.map(line),
  ];
  if (result.total !== undefined && result.total > result.rows.length) lines.push(`… ${result.total} rows in all, ${result.rows.length} shown`);
  return lines.join('\n');
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
}
