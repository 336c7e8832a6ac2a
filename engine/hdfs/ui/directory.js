/** A directory: its entries, in parts where there are very many. */
import { element, measured, notice, replaceContent } from './element.js';
import { compareNames, mode, number, plural, size, time } from './format.js';
import { childOf, hashOf } from './route.js';
import { table } from './table.js';
import { contentSummary, listing } from './web-hdfs.js';

/** Listed without being asked; then a button asks for more. */
const entriesAtOnce = 5000;
const sort = { key: 'name', descending: false };
const by = (of) => (left, right) => of(left) - of(right);
const isDirectory = ({ type }) => type === 'DIRECTORY';

/** Resolves with the entries of the next part, at most about `entriesAtOnce`. */
async function nextPart(path, startAfter, signal) {
  const entries = [];
  for (let after = startAfter;;) {
    const part = await listing(path, after, signal);
    entries.push(...part.entries);
    const last = part.entries.at(-1);
    if (part.remaining === 0 || last === undefined || entries.length >= entriesAtOnce) return { entries, remaining: last === undefined ? 0 : part.remaining };
    after = last.pathSuffix;
  }
}

/** Resolves with the content of the page. `failed` shows what went wrong with a button's work. */
export async function directoryView(path, status, signal, failed) {
  let { entries, remaining } = await nextPart(path, '', signal);
  let filter = '';
  const shown = element('div', {});
  const summary = element('div', { class: 'summary' });
  const show = () => {
    const wanted = filter.toLowerCase();
    const rows = wanted === '' ? entries : entries.filter(({ pathSuffix }) => pathSuffix.toLowerCase().includes(wanted));
    replaceContent(shown,
      remaining > 0 && notice('info', `The first ${plural(entries.length, 'entry', 'entries')} by name are shown, sorted and filtered; ${number(remaining).text} more are there.`,
        element('button', { type: 'button', class: 'button', 'data-key': 'more', on: { click: more } }, 'Load more')),
      rows.length === 0 ? empty(entries.length === 0, filter) : table({ name: 'entries', columns: columnsOf(path), rows, sort, resort: show, first: isDirectory }));
  };
  const more = async (event) => {
    event.currentTarget.disabled = true;
    try {
      const next = await nextPart(path, entries.at(-1).pathSuffix, signal);
      entries = [...entries, ...next.entries];
      remaining = next.remaining;
      show();
    } catch (error) {
      failed(error);
    }
  };
  const count = async (event) => {
    event.currentTarget.disabled = true;
    try {
      replaceContent(summary, summed(await contentSummary(path, signal)));
    } catch (error) {
      failed(error);
    }
  };
  replaceContent(summary, element('button', { type: 'button', class: 'button', on: { click: count } }, 'Count all that is below'));
  show();
  return [
    element('p', { class: 'about' },
      plural(entries.length + remaining, 'entry', 'entries'), ' · ', element('code', { title: mode(status.permission, true).exact }, mode(status.permission, true).text), ' · ',
      `${status.owner}:${status.group}`, ' · modified ', measured(time(status.modificationTime))),
    element('div', { class: 'tools' },
      element('input', { type: 'search', 'aria-label': 'Filter by name', placeholder: 'Filter by name', spellcheck: 'false', on: { input: (event) => {
        filter = event.currentTarget.value;
        show();
      } } }),
      summary),
    shown,
  ];
}

function empty(isEmpty, filter) {
  return element('div', { class: 'empty' }, element('strong', {}, isEmpty ? 'This directory is empty.' : `No name contains “${filter}”.`));
}

function summed({ directoryCount, fileCount, length, spaceConsumed, quota, spaceQuota }) {
  return element('p', {},
    plural(fileCount, 'file', 'files'), ' in ', plural(directoryCount, 'directory', 'directories'), ', ', measured(size(length)), ', ', measured(size(spaceConsumed)), ' with replicas',
    quota >= 0 && [', at most ', plural(quota, 'name', 'names')], spaceQuota >= 0 && [', at most ', measured(size(spaceQuota)), ' with replicas']);
}

function columnsOf(path) {
  const text = (of) => (left, right) => compareNames(of(left), of(right));
  return [
    { key: 'name', title: 'Name', compare: text((each) => each.pathSuffix), cell: (entry) =>
      element('a', { href: hashOf(childOf(path, entry.pathSuffix)), class: `entry ${isDirectory(entry) ? 'directory' : 'file'}`, 'data-key': `entry ${entry.pathSuffix}` }, entry.pathSuffix, isDirectory(entry) && '/') },
    { key: 'size', title: 'Size', numeric: true, compare: by((each) => each.length), cell: (entry) => isDirectory(entry) ? element('span', { class: 'quiet' }, plural(entry.childrenNum, 'entry', 'entries')) : measured(size(entry.length)) },
    { key: 'modified', title: 'Modified', numeric: true, compare: by((each) => each.modificationTime), cell: (entry) => measured(time(entry.modificationTime)) },
    { key: 'permission', title: 'Permissions', compare: text((each) => each.permission), cell: (entry) => element('code', { title: mode(entry.permission, isDirectory(entry)).exact }, mode(entry.permission, isDirectory(entry)).text) },
    { key: 'owner', title: 'Owner', compare: text((each) => each.owner), style: 'short', cell: ({ owner }) => element('span', { title: owner }, owner) },
    { key: 'group', title: 'Group', compare: text((each) => each.group), style: 'short rare', cell: ({ group }) => element('span', { title: group }, group) },
    { key: 'replication', title: 'Replication', numeric: true, style: 'rare', compare: by((each) => each.replication), cell: (entry) => isDirectory(entry) ? '–' : entry.replication },
    { key: 'block', title: 'Block size', numeric: true, style: 'rare', compare: by((each) => each.blockSize), cell: (entry) => isDirectory(entry) ? '–' : measured(size(entry.blockSize)) },
  ];
}
