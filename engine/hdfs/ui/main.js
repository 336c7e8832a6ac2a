/** Follows the address: shows the overview, the datanodes, a directory or a file, or why it cannot. */
import { datanodesView } from './datanodes.js';
import { directoryView } from './directory.js';
import { element, notice, replaceContent } from './element.js';
import { fileView } from './file.js';
import { overviewView } from './overview.js';
import { hashOf, parentOf, routeOf } from './route.js';
import { caller, fileStatus, HdfsFailure, overview } from './web-hdfs.js';

const refreshMs = 5000;
/** Shorter waits show nothing. */
const progressAfterMs = 250;

const byId = (id) => document.getElementById(id);
const main = byId('main');

/** What is under way for the address that is shown; the next address ends it. */
let current = new AbortController();
let clusterName = 'HDFS';

async function show(moved) {
  current.abort();
  current = new AbortController();
  const { signal } = current;
  const route = routeOf(location.hash);
  const progress = setTimeout(() => byId('progress').hidden = false, progressAfterMs);
  mark(route);
  try {
    const view = route.kind === 'path' ? await pathView(route.path, signal) : await clusterView(route.kind, signal);
    if (!signal.aborted) present(view, route, moved);
  } catch (error) {
    if (!signal.aborted) present(failureView(error, route), route, moved);
  } finally {
    clearTimeout(progress);
    if (!signal.aborted) byId('progress').hidden = true;
  }
}

function mark(route) {
  const section = route.kind === 'path' ? 'files' : route.kind;
  for (const link of document.querySelectorAll('nav [data-section]')) {
    if (link.dataset.section === section) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
}

/** `moved`: to another address, so the focus and the top of the page go with it. */
function present(view, route, moved) {
  replaceContent(main, view);
  document.title = `${route.kind === 'path' ? route.path : route.kind === 'datanodes' ? 'Datanodes' : 'Overview'} · ${clusterName}`;
  if (!moved) return;
  scrollTo(0, 0);
  main.focus({ preventScroll: true });
  byId('said').textContent = document.title;
}

async function clusterView(kind, signal) {
  const seen = await seeCluster(signal);
  const render = () => kind === 'datanodes' ? datanodesView(seen.last, () => replaceContent(main, render())) : overviewView(seen.last);
  void refresh(seen, () => replaceContent(main, render()), signal);
  return render();
}

async function seeCluster(signal) {
  const own = await overview(false, signal);
  const cluster = own.role === 'active' || own.active === undefined ? own : await overview(true, signal).catch((error) => {
    if (signal.aborted) throw error;
    return own;
  });
  rename(cluster.clusterName);
  return { last: { own, cluster } };
}

/** While the page is looked at. An answer that does not come leaves the last one standing, and says so. */
async function refresh(seen, render, signal) {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, refreshMs));
    if (signal.aborted) return;
    if (document.hidden) continue;
    try {
      seen.last = (await seeCluster(signal)).last;
      if (signal.aborted) return;
      render();
    } catch {
      if (signal.aborted) return;
      render();
      main.prepend(notice('bad', 'The namenode does not answer.', `What you see is from ${new Date(seen.last.cluster.nowMs).toLocaleTimeString()}. It is asked again.`));
    }
  }
}

function rename(name) {
  clusterName = name;
  byId('cluster').textContent = name;
}

async function pathView(path, signal) {
  if (clusterName === 'HDFS') void overview(false, signal).then((each) => rename(each.clusterName), () => {});
  const status = await fileStatus(path, signal);
  const problem = element('div', { role: 'alert' });
  const failed = (error) => {
    if (!signal.aborted) replaceContent(problem, notice('bad', 'That did not work.', error.message));
  };
  const view = status.type === 'DIRECTORY' ? await directoryView(path, status, signal, failed) : await fileView(path, status, signal, failed);
  return [breadcrumbs(path), problem, view];
}

function breadcrumbs(path) {
  const names = path === '/' ? [] : path.slice(1).split('/');
  const place = (title, to, last) => element('li', {}, last ? element('h1', { 'aria-current': 'page' }, title) : element('a', { href: hashOf(to) }, title));
  return element('nav', { 'aria-label': 'Path', class: 'crumbs' }, element('ol', {},
    place('/', '/', names.length === 0), names.map((name, index) => place(name, `/${names.slice(0, index + 1).join('/')}`, index === names.length - 1))));
}

function failureView(error, route) {
  const { path } = route;
  const code = error instanceof HdfsFailure ? error.code : 'Unreachable';
  if (!(error instanceof HdfsFailure)) console.error(error);
  const again = element('button', { type: 'button', class: 'button', on: { click: () => show(false) } }, 'Try again');
  const asOther = element('button', { type: 'button', class: 'button', on: { click: openCaller } }, 'Read as somebody else');
  const up = path !== undefined && path !== '/' && element('a', { class: 'button', href: hashOf(parentOf(path)) }, 'Go up');
  const [title, text, ...actions] = {
    FileNotFoundException: () => ['There is nothing here.', `${path} does not exist, or is gone.`, up],
    AccessControlException: () => [`${caller.name} may not read this.`, error.message, asOther, up],
    InvalidToken: () => ['The delegation token is not valid.', error.message, asOther],
    SecurityException: () => ['The namenode wants to know who asks.', error.message, asOther],
    StandbyException: () => ['No active namenode answers.', `${error.message} Files can be listed once the namenodes have elected one.`, again],
    RetriableException: () => ['The namenode is not ready for this.', error.message, again],
    IllegalArgumentException: () => ['The namenode does not accept this.', error.message, asOther, up],
    Unreachable: () => ['The namenode does not answer.', error.message, again],
  }[code]?.() ?? ['That did not work.', error.message, again, up];
  return [path !== undefined && breadcrumbs(path), element('div', { class: 'empty', role: 'alert' }, element('strong', {}, title), element('p', {}, text), element('div', { class: 'tools' }, actions))];
}

function openCaller() {
  byId('caller').open = true;
  byId('caller-user').focus();
}

function setUpCaller() {
  const details = byId('caller');
  const fill = () => {
    byId('caller-name').textContent = caller.name;
    byId('caller-user').value = caller.user;
    byId('caller-token').value = caller.token;
  };
  fill();
  byId('caller-form').addEventListener('submit', (event) => {
    event.preventDefault();
    caller.use(byId('caller-user').value.trim(), byId('caller-token').value.trim());
    details.open = false;
    fill();
    details.querySelector('summary').focus();
    void show(false);
  });
  addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !details.open) return;
    details.open = false;
    details.querySelector('summary').focus();
  });
  addEventListener('click', (event) => {
    if (details.open && !details.contains(event.target) && !event.target.closest('button')) details.open = false;
  });
}

byId('skip').addEventListener('click', (event) => {
  event.preventDefault();
  main.focus();
});
addEventListener('hashchange', () => void show(true));
setUpCaller();
void show(false);
