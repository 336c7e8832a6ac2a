/** The first page: how the cluster is, and who says so. */
import { element, facts, measured, notice } from './element.js';
import { number, percent, plural, size } from './format.js';

/** `own`: of the namenode that answers; `cluster`: of the active one where it could be asked, else the same. */
export function overviewView({ own, cluster }) {
  const count = (state) => cluster.datanodes.filter((each) => each.state === state).length;
  return [
    element('h1', {}, cluster.clusterName, ' ', element('span', { class: 'quiet' }, `in ${cluster.namespace}`)),
    notices(own, cluster),
    capacity(cluster),
    element('h2', {}, 'Datanodes'),
    tiles([
      ['Live', number(count('Live')), cluster.datanodes.length === 0 ? 'warn' : 'good', '#datanodes'],
      ['Dead', number(count('Dead')), count('Dead') > 0 ? 'bad' : undefined, '#datanodes'],
      ['Decommissioning', number(count('Decommissioning')), count('Decommissioning') > 0 ? 'warn' : undefined, '#datanodes'],
      ['Decommissioned', number(count('Decommissioned')), undefined, '#datanodes'],
    ]),
    element('h2', {}, 'Files and blocks'),
    tiles([
      ['Files', number(cluster.files), undefined, '#/'],
      ['Blocks', number(cluster.blocks)],
      ['Under-replicated', number(cluster.underReplicatedBlocks), cluster.underReplicatedBlocks > 0 ? 'warn' : undefined],
      ['Being copied', number(cluster.pendingBlocks)],
      ['Missing', number(cluster.missingBlocks), cluster.missingBlocks > 0 ? 'bad' : undefined],
      ['Corrupt', number(cluster.corruptBlocks), cluster.corruptBlocks > 0 ? 'bad' : undefined],
    ]),
    element('h2', {}, 'Namenodes'),
    nameNodes(own, cluster),
    facts([['Cluster id', element('code', {}, cluster.clusterId)], ['WebHDFS', element('code', {}, `${location.origin}/webhdfs/v1`)]], ['Cluster id', 'WebHDFS']),
  ];
}

function notices(own, cluster) {
  const dead = cluster.datanodes.filter((each) => each.state === 'Dead').map((each) => each.name);
  return [
    standing(own, cluster),
    cluster.safeMode.on && notice('warn', 'Safe mode is on: the file system can be read, but not changed.', cluster.safeMode.reason ?? ''),
    cluster.missingBlocks > 0 && notice('bad', `${plural(cluster.missingBlocks, 'block has', 'blocks have')} no replica.`,
      'Files with such a block cannot be read whole until a datanode that has it is back.'),
    cluster.corruptBlocks > 0 && notice('bad', `${plural(cluster.corruptBlocks, 'block has', 'blocks have')} corrupt replicas.`),
    dead.length > 0 && notice('warn', `${plural(dead.length, 'datanode is', 'datanodes are')} dead.`, dead.slice(0, 10).join(', '), dead.length > 10 && ' …'),
    cluster.underReplicatedBlocks > 0 && notice('warn', `${plural(cluster.underReplicatedBlocks, 'block has', 'blocks have')} fewer replicas than they should.`,
      cluster.role === 'active' ? 'They are copied while datanodes with room are live.' : ''),
  ];
}

/** Whose word all this is, where it is not simply the active namenode's own. */
function standing(own, cluster) {
  if (own.role === 'active') return false;
  if (cluster.role === 'active') return notice('info', `This namenode (${own.name}) is a standby; ${cluster.name} is active.`, 'What you see comes from the active namenode: this one passes requests on to it.');
  if (own.active === undefined) return notice('bad', 'No active namenode is known.', `The numbers are as ${own.name} knows them. Files cannot be listed until the namenodes have elected one.`);
  return notice('warn', `The active namenode (${own.active}) does not answer.`, `The numbers are as ${own.name}, a standby, knows them.`);
}

function capacity({ capacityBytes, usedBytes, remainingBytes }) {
  const otherBytes = Math.max(0, capacityBytes - usedBytes - remainingBytes);
  const share = (bytes) => `${capacityBytes > 0 ? 100 * bytes / capacityBytes : 0}%`;
  const legend = (className, title, bytes) => element('div', {}, element('span', { class: `dot ${className}` }), element('span', { class: 'quiet' }, title), ' ', measured(size(bytes)), ' ',
    element('span', { class: 'quiet' }, percent(bytes, capacityBytes)?.text ?? ''));
  return element('section', { class: 'card', 'aria-label': 'Capacity' },
    element('div', { class: 'headline' }, element('span', { class: 'large' }, measured(size(usedBytes))), element('span', { class: 'quiet' }, ' used of ', measured(size(capacityBytes)))),
    element('div', { class: 'meter', 'aria-hidden': 'true', style: { '--used': share(usedBytes), '--rest': share(otherBytes) } }, element('i', { class: 'used' }), element('i', { class: 'other' })),
    element('div', { class: 'legend' }, legend('used', 'Used', usedBytes), legend('other', 'Other files', otherBytes), legend('free', 'Free', remainingBytes)));
}

function tiles(entries) {
  return element('ul', { class: 'tiles' }, entries.map(([title, value, kind, href]) => element('li', {},
    element(href === undefined ? 'div' : 'a', { href, class: `tile ${kind ?? ''}`, 'data-key': `tile ${title}` }, measured(value, 'large'), element('span', { class: 'quiet' }, title)))));
}

function nameNodes(own, cluster) {
  const known = cluster.nameNodes.length > 0 ? cluster.nameNodes : [own];
  return element('table', { class: 'cards namenodes' },
    element('thead', {}, element('tr', {}, ['Name', 'Role', 'Journal'].map((title) => element('th', { scope: 'col' }, title)))),
    element('tbody', {}, known.map((each) => element('tr', {},
      element('th', { scope: 'row' }, each.name, each.name === own.name && element('span', { class: 'quiet' }, ' (this one)')),
      element('td', { 'data-title': 'Role' }, element('span', { class: `state ${each.role}` }, each.role)),
      element('td', { 'data-title': 'Journal' }, each.behind === undefined ? '–' : each.role === 'unreachable' ? 'not known' : each.behind === 0 ? 'up to date' : `${plural(each.behind, 'entry', 'entries')} behind`)))));
}
