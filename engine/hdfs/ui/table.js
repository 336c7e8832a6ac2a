/** A table whose columns sort, and whose rows become cards where the window is narrow. */
import { element } from './element.js';

/**
 * `columns`: { key, title, cell(row) → content, compare?(left, right), numeric?, style? (a class) }; the first one heads the row. `sort`: { key, descending }, changed by the
 * column's button, which then calls `resort`.
 */
export function table({ name, columns, rows, sort, resort, first }) {
  return element('table', { class: `cards ${name}` },
    element('thead', {}, element('tr', {}, columns.map((column) => heading(column, sort, resort)))),
    element('tbody', {}, sorted(rows, columns, sort, first).map((row) => element('tr', {}, columns.map((column, index) =>
      element(index === 0 ? 'th' : 'td', { scope: index === 0 ? 'row' : undefined, class: classOf(column), 'data-title': column.title }, column.cell(row)))))));
}

function heading(column, sort, resort) {
  const active = sort?.key === column.key;
  const arrow = element('span', { class: 'arrow', 'aria-hidden': 'true' }, active ? sort.descending ? '▼' : '▲' : '');
  const content = column.compare === undefined ? column.title : element('button', {
    type: 'button', 'data-key': `sort ${column.key}`,
    on: { click: () => {
      sort.descending = active ? !sort.descending : column.numeric === true;
      sort.key = column.key;
      resort();
    } },
  }, column.numeric === true ? [arrow, column.title] : [column.title, arrow]);
  return element('th', { scope: 'col', class: classOf(column), 'aria-sort': active ? sort.descending ? 'descending' : 'ascending' : undefined }, content);
}

const classOf = ({ numeric, style }) => [numeric === true && 'number', style].filter(Boolean).join(' ') || undefined;

/** `first`: rows for which it holds come before the others, whichever way the column sorts. */
export function sorted(rows, columns, sort, first = () => false) {
  const compare = columns.find((column) => column.key === sort?.key)?.compare;
  if (compare === undefined) return rows;
  const sign = sort.descending ? -1 : 1;
  return rows.toSorted((left, right) => Number(first(right)) - Number(first(left)) || sign * compare(left, right));
}
