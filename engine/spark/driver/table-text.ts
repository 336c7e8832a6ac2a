/** The table that Spark's `show` prints, character for character (Dataset.showString of Spark 4). */

export interface TableOptions {
  /** Rows asked for: said in the footer when there are more. */
  readonly rowsMax: number;
  readonly hasMore: boolean;
  /** Longest cell in characters; 0: whole. Cells are set right when cut, else left. */
  readonly truncate: number;
  readonly vertical: boolean;
}

const columnWidthMin = 3;

export function tableText(names: readonly string[], rows: readonly (readonly (string | null)[])[], options: TableOptions): string {
  const header = names.map(escapeControls);
  const body = rows.map((row) => row.map((cell) => cut(escapeControls(cell ?? 'NULL'), options.truncate)));
  const table = options.vertical ? verticalTable(header, body) : horizontalTable(header, body, options.truncate > 0);
  if (options.vertical && body.length === 0) return `${table}(0 rows)\n`;
  return options.hasMore ? `${table}only showing top ${options.rowsMax} ${options.rowsMax === 1 ? 'row' : 'rows'}\n` : table;
}

function horizontalTable(header: readonly string[], body: readonly (readonly string[])[], right: boolean): string {
  const widths = header.map((name, column) =>
    body.reduce((width, row) => Math.max(width, textWidth(row[column] ?? '')), Math.max(columnWidthMin, textWidth(name))));
  const line = (row: readonly string[]): string => `|${row.map((cell, column) => pad(cell, widths[column] ?? 0, right)).join('|')}|\n`;
  const rule = `+${widths.map((width) => '-'.repeat(width)).join('+')}+\n`;
  return rule + line(header) + rule + body.map(line).join('') + rule;
}

function verticalTable(header: readonly string[], body: readonly (readonly string[])[]): string {
  const nameWidth = Math.max(columnWidthMin, ...header.map(textWidth));
  const cellWidth = body.reduce((width, row) => Math.max(width, ...row.map(textWidth)), columnWidthMin);
  return body.map((row, index) => {
    const head = `-RECORD ${index}`.padEnd(nameWidth + cellWidth + 5, '-');
    const lines = row.map((cell, column) => ` ${pad(header[column] ?? '', nameWidth, false)} | ${pad(cell, cellWidth, false)} `);
    return `${head}\n${lines.join('\n')}\n`;
  }).join('');
}

function cut(cell: string, truncate: number): string {
  if (truncate <= 0 || cell.length <= truncate) return cell;
  return truncate < 4 ? cell.slice(0, truncate) : `${cell.slice(0, truncate - 3)}...`;
}

function pad(cell: string, width: number, right: boolean): string {
  const fill = ' '.repeat(Math.max(0, width - textWidth(cell)));
  return right ? fill + cell : cell + fill;
}

/** Characters that East Asian fonts draw two columns wide count twice. */
const wide = /[\u1100-\u115F\u2E80-\u303E\u3041-\u33FF\u3400-\u4DBF\u4E00-\u9FFF\uA000-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]/g;

function textWidth(text: string): number {
  return text.length + (text.match(wide)?.length ?? 0);
}

const escapes = [['\n', '\\n'], ['\r', '\\r'], ['\t', '\\t'], ['\f', '\\f'], ['\b', '\\b'], ['\u000B', '\\v'], ['\u0007', '\\a']] as const;

function escapeControls(text: string): string {
  return escapes.reduce((escaped, [character, written]) => escaped.replaceAll(character, written), text);
}
