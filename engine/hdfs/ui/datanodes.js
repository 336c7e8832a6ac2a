/** All datanodes that the active namenode knows. */
import { element, measured, notice } from './element.js';
import { ago, compareNames, number, percent, plural, size } from './format.js';
import { table } from './table.js';

const sort = { key: 'name', descending: false };
const by = (of) => (left, right) => of(left) - of(right);

export function datanodesView({ own, cluster }, resort) {
  const { datanodes, nowMs } = cluster;
  const rows = datanodes.length === 0
    ? element('div', { class: 'empty' }, element('strong', {}, 'No datanode has registered.'), element('p', {}, 'Datanodes register with the namenodes when they start; the pods of this cluster say why they do not.'))
    : table({ name: 'datanodes', columns: columnsOf(nowMs), rows: datanodes, sort, resort });
  return [
    element('h1', {}, 'Datanodes ', element('span', { class: 'quiet' }, grouping(datanodes))),
    own.role !== 'active' && cluster.role !== 'active' && notice('warn', `These are the datanodes as ${own.name}, which is not active, knows them.`),
    rows,
  ];
}

function grouping(datanodes) {
  const racks = new Set(datanodes.map((each) => each.rack)).size;
  return `${plural(datanodes.length, 'datanode', 'datanodes')}${racks > 1 ? ` in ${racks} racks` : ''}`;
}

function columnsOf(nowMs) {
  return [
    { key: 'name', title: 'Name', compare: (left, right) => compareNames(left.name, right.name), cell: ({ name, host }) => element('span', { title: host }, name) },
    { key: 'state', title: 'State', compare: (left, right) => compareNames(left.state, right.state), cell: ({ state }) => element('span', { class: `state ${state.toLowerCase()}` }, state) },
    { key: 'rack', title: 'Rack', compare: (left, right) => compareNames(left.rack, right.rack), style: 'short', cell: ({ rack }) => element('span', { title: rack }, rack) },
    { key: 'used', title: 'Used', numeric: true, compare: by((each) => each.usedBytes / (each.capacityBytes || 1)), cell: used },
    { key: 'capacity', title: 'Capacity', numeric: true, compare: by((each) => each.capacityBytes), cell: ({ capacityBytes }) => measured(size(capacityBytes)) },
    { key: 'free', title: 'Free', numeric: true, compare: by((each) => each.remainingBytes), cell: ({ remainingBytes }) => measured(size(remainingBytes)) },
    { key: 'blocks', title: 'Blocks', numeric: true, compare: by((each) => each.blocks), cell: ({ blocks }) => measured(number(blocks)) },
    { key: 'volumes', title: 'Volumes', numeric: true, compare: by((each) => each.failedVolumes), cell: volumes },
    { key: 'contact', title: 'Last contact', numeric: true, compare: by((each) => -each.lastContactMs), cell: ({ lastContactMs }) => measured(ago(lastContactMs, nowMs)) },
  ];
}

function used({ state, usedBytes, capacityBytes, underReplicatedBlocks }) {
  return [
    measured(size(usedBytes)), ' ', element('span', { class: 'quiet' }, percent(usedBytes, capacityBytes)?.text ?? ''),
    element('div', { class: 'meter small', 'aria-hidden': 'true', style: { '--used': `${capacityBytes > 0 ? 100 * usedBytes / capacityBytes : 0}%` } }, element('i', { class: 'used' })),
    state === 'Decommissioning' && element('div', { class: 'quiet' }, `${plural(underReplicatedBlocks, 'block', 'blocks')} to copy`),
  ];
}

function volumes({ volumes: all, failedVolumes }) {
  return failedVolumes > 0 ? element('span', { class: 'state dead' }, `${failedVolumes} of ${all} failed`) : number(all).text;
}
