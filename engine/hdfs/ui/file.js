/** A file: what is known of it, where its blocks lie, how it begins. */
import { hexOf, textOf } from './bytes.js';
import { element, facts, measured, notice, replaceContent } from './element.js';
import { mode, number, plural, shortHost, size, time } from './format.js';
import { nameOf } from './route.js';
import { blockLocations, firstBytes, previewBytesMax, previewUrl, webHdfsUrl } from './web-hdfs.js';

const previewBytes = 16 * 1024;
/** Longer files fill the room of a preview. */
const smallBytes = 1024;
const blocksAtOnce = 200;

export async function fileView(path, status, signal, failed) {
  const { length, blockSize } = status;
  const located = await blockLocations(path, 0, blocksAtOnce * blockSize, signal);
  return [
    facts([
      ['Size', measured(size(length)), length >= 1024 && [' ', element('span', { class: 'quiet' }, size(length).exact)]],
      ['Replication', status.replication], ['Block size', measured(size(blockSize))],
      ['Permissions', element('code', { title: status.permission }, mode(status.permission, false).text)],
      ['Owner', status.owner], ['Group', status.group],
      ['Modified', measured(time(status.modificationTime))], ['Read', measured(time(status.accessTime))],
    ]),
    located.isUnderConstruction && notice('info', 'This file is being written.', 'Its size and its last block may be out of date.'),
    download(path, length, located.isUnderConstruction),
    element('h2', {}, 'Beginning'),
    preview(path, located.fileLength, signal),
    element('h2', {}, 'Blocks'),
    blocks(path, status, located, signal, failed),
  ];
}

function download(path, length, isOpen) {
  const passedOn = length <= previewBytesMax && !isOpen;
  return element('div', { class: 'tools' },
    element('a', { class: 'button strong', download: nameOf(path), href: passedOn ? previewUrl(path, length) : webHdfsUrl(path, { op: 'OPEN' }) }, 'Download ', size(length).text),
    element('p', { class: 'quiet' }, passedOn
      ? 'So small a file comes through the namenode.'
      : 'The namenode redirects to the host name of a datanode. This browser must reach it: from outside the Kubernetes cluster it usually does not.'));
}

/** Takes its room before it has its text, so that nothing jumps. */
function preview(path, length, signal) {
  if (length === 0) return element('div', { class: 'empty' }, element('strong', {}, 'This file is empty.'));
  const place = element('div', { class: length > smallBytes ? 'preview tall' : 'preview', 'aria-busy': 'true' }, element('pre', { class: 'quiet' }, 'Reading …'));
  firstBytes(path, previewBytes, signal).then((bytes) => {
    const text = textOf(bytes);
    const shown = text === undefined ? hexOf(bytes) : text;
    const what = text === undefined ? 'Not text: the first bytes as numbers.' : length > bytes.length ? `The first ${size(bytes.length).text} of ${size(length).text}.` : 'The whole file.';
    replaceContent(place, element('pre', { tabindex: '0', 'aria-label': 'Beginning of the file' }, shown), element('p', { class: 'quiet' }, what));
  }, (error) => {
    if (!signal.aborted) replaceContent(place, notice('bad', 'The beginning cannot be read.', error.message));
  }).finally(() => place.removeAttribute('aria-busy'));
  return place;
}

function blocks(path, status, located, signal, failed) {
  const { blockSize, replication } = status;
  const total = Math.ceil(located.fileLength / blockSize);
  const body = element('tbody', {});
  const rest = element('div', { class: 'tools' });
  let known = 0;
  const add = ({ locatedBlocks }) => {
    body.append(...locatedBlocks.map((each, index) => row(each, known + index, replication, located.isUnderConstruction)));
    known += locatedBlocks.length;
    replaceContent(rest, known < total && element('button', { type: 'button', class: 'button', 'data-key': 'more blocks', on: { click: more } }, `Show more of ${plural(total, 'block', 'blocks')}`));
  };
  const more = async (event) => {
    event.currentTarget.disabled = true;
    try {
      add(await blockLocations(path, known * blockSize, blocksAtOnce * blockSize, signal));
    } catch (error) {
      failed(error);
    }
  };
  if (located.locatedBlocks.length === 0) return element('p', { class: 'quiet' }, 'It has none.');
  add(located);
  return [
    element('table', { class: 'cards blocks' },
      element('thead', {}, element('tr', {}, element('th', { scope: 'col' }, 'Block'), ['Offset', 'Length'].map((title) => element('th', { scope: 'col', class: 'number' }, title)), element('th', { scope: 'col' }, 'Replicas'))),
      body),
    rest,
  ];
}

function row({ block, startOffset, locations, isCorrupt }, index, replication, isOpen) {
  return element('tr', {},
    element('th', { scope: 'row' }, `${number(index + 1).text} `, element('code', { class: 'quiet', title: `generation ${block.generationStamp}` }, `blk_${block.blockId}`)),
    element('td', { class: 'number', 'data-title': 'Offset' }, measured(size(startOffset))),
    element('td', { class: 'number', 'data-title': 'Length' }, measured(size(block.numBytes))),
    element('td', { 'data-title': 'Replicas' }, health(locations.length, replication, isCorrupt, isOpen), element('ul', { class: 'replicas' }, locations.map(({ hostName, networkLocation }) =>
      element('li', { title: hostName }, shortHost(hostName), element('span', { class: 'quiet' }, ` ${networkLocation}`))))));
}

function health(replicas, replication, isCorrupt, isOpen) {
  if (isCorrupt) return element('span', { class: 'state dead' }, 'corrupt');
  if (replicas === 0) return element('span', { class: 'state dead' }, 'missing');
  return replicas < replication && !isOpen && element('span', { class: 'state decommissioning' }, `${replicas} of ${replication}`);
}
