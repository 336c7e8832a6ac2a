import { strict as assert } from 'node:assert';
import { readdir, readFile } from 'node:fs/promises';
import { request as send } from 'node:http';
import { after, test } from 'node:test';
import type { HdfsStatus } from '../../contract.ts';
import { silentLogger } from '../../core/logger.ts';
import type { DatanodeReport } from '../model.ts';
import { Forwarder } from '../webhdfs/forward.ts';
import { browsePage, browsePageDirectory, overviewPath } from './browse-page.ts';
import { listenHttp, type NameNodeHttpServer } from './http-server.ts';
import { overviewOf, type Overview } from './overview.ts';
import { testConfig } from './testdata/test-cluster.ts';

const directory = browsePageDirectory(new URL('main.ts', import.meta.url).href);
const status: HdfsStatus = {
  clusterId: 'CID-test', name: 'nn-0', role: 'active', active: 'nn-0', formatted: true, safeMode: { on: false }, capacityBytes: 100, usedBytes: 10, remainingBytes: 80, files: 3, blocks: 4,
  underReplicatedBlocks: 1, missingBlocks: 0, corruptBlocks: 0, pendingBlocks: 0, datanodes: [], nameNodes: [{ name: 'nn-0', role: 'active', storedIndex: 7, behind: 0 }],
};
const datanode: DatanodeReport = {
  uuid: 'secret-uuid', name: 'dn-0', host: 'dn-0.example', httpPort: 9864, rpcPort: 9867, rack: '/a', machine: 'node-7', state: 'Live', capacityBytes: 100, usedBytes: 10,
  remainingBytes: 80, blocks: 4, volumes: 1, failedVolumes: 0, lastContactMs: 5, underReplicatedBlocks: 0,
};

const servers: { close(): void | Promise<void> }[] = [];
after(async () => {
  for (const server of servers) await server.close();
});

async function serve(role: HdfsStatus['role'], active?: () => NameNodeHttpServer | undefined): Promise<NameNodeHttpServer> {
  const forwarder = new Forwarder({
    active: () => {
      const server = active?.();
      return server === undefined ? undefined : { host: '127.0.0.1', port: server.port };
    },
    lookup: undefined, logger: silentLogger,
  });
  const page = await browsePage({
    directory, isActive: () => role === 'active', forward: forwarder.forward.bind(forwarder),
    overview: () => overviewOf({ ...status, role, name: role === 'active' ? 'nn-0' : 'nn-1' }, [datanode], testConfig, 1000),
  });
  const server = await listenHttp({ host: '127.0.0.1', port: 0 }, [page]);
  servers.push(forwarder, server);
  return server;
}

const active = await serve('active');
const ask = (path: string, init: RequestInit = {}, server = active): Promise<Response> => fetch(`http://127.0.0.1:${server.port}${path}`, { redirect: 'manual', ...init });
const names = (await readdir(directory)).filter((name) => !name.endsWith('.ts'));

function checkGuarded(response: Response): void {
  const policy = response.headers.get('content-security-policy') ?? '';
  for (const part of ["default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "connect-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"]) assert.ok(policy.includes(part), part);
  assert.ok(!policy.includes('unsafe'));
  assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
  assert.equal(response.headers.get('referrer-policy'), 'no-referrer');
}

test('the page is served at the root, and loads nothing that is not served', async () => {
  const response = await ask('/');
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('content-type'), 'text/html; charset=utf-8');
  checkGuarded(response);
  const html = await response.text();
  const referred = [...html.matchAll(/(?:src|href)="([^"#]+)"/g)].map((match) => match[1] ?? '');
  assert.ok(referred.length >= 3);
  for (const path of referred) assert.equal((await ask(path)).status, 200, path);
  assert.doesNotMatch(html, /<script(?![^>]* src=)|<style|\sstyle=|\son[a-z]+=/);
});

test('every file of the page is served with its type, and every import leads to one', async () => {
  const types: Readonly<Record<string, string>> = { js: 'text/javascript; charset=utf-8', css: 'text/css; charset=utf-8', svg: 'image/svg+xml' };
  for (const name of names.filter((each) => each !== 'index.html')) {
    const response = await ask(`/ui/${name}`);
    assert.equal(response.status, 200, name);
    assert.equal(response.headers.get('content-type'), types[name.split('.').at(-1) ?? '']);
    checkGuarded(response);
    for (const [, target] of (await response.text()).matchAll(/^import .* from '\.\/(.*)';$/gm)) assert.ok(names.includes(target ?? ''), `${name} imports ${target}`);
  }
});

test('no file of the page makes markup out of text or goes to another origin', async () => {
  for (const name of names) {
    const text = await readFile(new URL(name, directory), 'utf8');
    assert.doesNotMatch(text, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|createContextualFragment|\beval\(|new Function|srcdoc|javascript:/, name);
    assert.doesNotMatch(text.replaceAll('http://www.w3.org/2000/svg', ''), /https?:\/\//, name);
  }
});

test('a browser that has a file is told so', async () => {
  const first = await ask('/ui/style.css');
  const tag = first.headers.get('etag') ?? '';
  assert.match(tag, /^"[\w-]{22}"$/);
  const again = await ask('/ui/style.css', { headers: { 'if-none-match': tag } });
  assert.deepEqual([again.status, await again.text()], [304, '']);
  assert.equal((await ask('/ui/style.css', { headers: { 'if-none-match': '"other"' } })).status, 200);
});

test("the addresses of Hadoop's pages lead here", async () => {
  for (const path of ['/explorer.html', '/index.html', '/dfshealth.html']) {
    const response = await ask(path);
    assert.deepEqual([response.status, response.headers.get('location')], [302, '/'], path);
  }
});

test('what is not there is not found, and only reading is done', async () => {
  for (const path of ['/ui/', '/ui/nothing.js', '/ui/index.html', '/ui/..%2fmain.ts', '/ui/format.test.ts', '/x', '/constructor']) assert.equal((await ask(path)).status, 404, path);
  for (const method of ['POST', 'PUT', 'DELETE']) {
    for (const path of ['/', '/ui/main.js', overviewPath]) {
      const response = await ask(path, { method });
      assert.deepEqual([response.status, response.headers.get('allow')], [405, 'GET, HEAD'], `${method} ${path}`);
    }
  }
});

test('a path that climbs out of the page is not found', async () => {
  const code = await new Promise((resolve, reject) => {
    send({ host: '127.0.0.1', port: active.port, path: '/ui/../namenode/main.ts' }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on('error', reject).end();
  });
  assert.equal(code, 404);
});

test('HEAD has the head of GET and no body', async () => {
  for (const path of ['/', overviewPath]) {
    const [head, get] = [await ask(path, { method: 'HEAD' }), await ask(path)];
    assert.deepEqual([head.status, head.headers.get('content-length'), await head.text()], [200, get.headers.get('content-length'), '']);
  }
});

test('the overview has counts and machines, and nothing that is not meant for everybody', async () => {
  const response = await ask(overviewPath);
  assert.equal(response.headers.get('cache-control'), 'no-store');
  assert.equal(response.headers.get('access-control-allow-origin'), null);
  checkGuarded(response);
  assert.deepEqual(await response.json(), {
    clusterName: 'test', namespace: 'default', clusterId: 'CID-test', nowMs: 1000, name: 'nn-0', role: 'active', active: 'nn-0', safeMode: { on: false }, capacityBytes: 100, usedBytes: 10,
    remainingBytes: 80, files: 3, blocks: 4, underReplicatedBlocks: 1, missingBlocks: 0, corruptBlocks: 0, pendingBlocks: 0, nameNodes: status.nameNodes,
    datanodes: [{
      name: 'dn-0', host: 'dn-0.example', rack: '/a', state: 'Live', capacityBytes: 100, usedBytes: 10, remainingBytes: 80, blocks: 4, volumes: 1, failedVolumes: 0, lastContactMs: 5,
      underReplicatedBlocks: 0,
    }],
  } satisfies Overview);
});

const seen = async (query: string, server: NameNodeHttpServer): Promise<readonly string[]> => {
  const { name, role } = await (await ask(`${overviewPath}${query}`, {}, server)).json() as Overview;
  return [name, role];
};

test('a standby serves the page, says that it is one, and passes on what is asked of the active namenode', async () => {
  const standby = await serve('standby', () => active);
  assert.equal((await ask('/', {}, standby)).status, 200);
  assert.deepEqual(await seen('', standby), ['nn-1', 'standby']);
  assert.deepEqual(await seen('?of=active', standby), ['nn-0', 'active']);
});

test('a standby that knows no active namenode answers for itself', async () => {
  const alone = await serve('standby');
  assert.deepEqual(await seen('?of=active', alone), ['nn-1', 'standby']);
});

test('two standbys that each think the other active send nothing to and fro', async () => {
  const pair: NameNodeHttpServer[] = [];
  pair.push(await serve('standby', () => pair[1]), await serve('standby', () => pair[0]));
  assert.deepEqual(await seen('?of=active', pair[0] as NameNodeHttpServer), ['nn-1', 'standby']);
});

test('the files of the page are found beside the sources and in the image', () => {
  assert.equal(browsePageDirectory('file:///x/engine/hdfs/namenode/main.ts').href, 'file:///x/engine/hdfs/ui/');
  assert.equal(browsePageDirectory('file:///opt/headrace/headrace.js').href, 'file:///opt/headrace/hdfs-ui/');
  assert.equal(browsePageDirectory('file:///opt/headrace/chunks/main-1A.js').href, 'file:///opt/headrace/hdfs-ui/');
});
