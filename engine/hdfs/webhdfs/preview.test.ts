import { strict as assert } from 'node:assert';
import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { after, test } from 'node:test';
import { silentLogger } from '../../core/logger.ts';
import { seededRandom } from '../../core/random.ts';
import { listenHttp, type NameNodeHttpServer } from '../namenode/http-server.ts';
import { DatanodeReader, previewBytesMax, previewPrefix, previewRoute, type PreviewOptions } from './preview.ts';
import { WebHdfsWorld } from './testdata/web-hdfs-world.ts';

const world = await WebHdfsWorld.start(3, { blockBytes: 1 << 19 });
after(() => world[Symbol.asyncDispose]());
const as = 'user.name=hdfs';
const preview = (path: string, query = as, origin = world.home): Promise<Response> => fetch(`${origin}${previewPrefix}${path}?${query}`);
const bytesOf = async (response: Response): Promise<Buffer> => Buffer.from(await response.arrayBuffer());
const exceptionOf = async (response: Response): Promise<string> => (await response.json() as { readonly RemoteException: { readonly exception: string } }).RemoteException.exception;

async function write(path: string, body: Uint8Array | string, query = ''): Promise<void> {
  assert.equal((await world.exchange('PUT', `${path}?op=CREATE&${as}${query}`, body as NonNullable<RequestInit['body']>)).status, 201);
}

/** A namenode of the same file system whose previews differ in something. */
async function serve(options: Partial<PreviewOptions>): Promise<NameNodeHttpServer> {
  const reader = new DatanodeReader(undefined);
  const server = await listenHttp({ host: '127.0.0.1', port: 0 }, [previewRoute({
    client: world.hdfs.nameNode.client, isActive: () => true, forward: () => false, clusterName: 'test', random: seededRandom(1), logger: silentLogger,
    get: (location, signal) => reader.get(world.resolve(location), signal), ...options,
  })]);
  after(async () => {
    reader.close();
    await server.close();
  });
  return server;
}

test('the beginning of a file comes through the namenode, and nothing in it is more than bytes to a browser', async () => {
  const body = randomBytes(2_000_000);
  await write('/long', body);
  const response = await preview('/long', `length=70000&${as}`);
  assert.equal(response.status, 200);
  assert.ok((await bytesOf(response)).equals(body.subarray(0, 70_000)));
  const head = (name: string): string | null => response.headers.get(name);
  assert.deepEqual([head('content-type'), head('x-content-type-options'), head('content-disposition'), head('cache-control')], ['application/octet-stream', 'nosniff', 'attachment', 'no-store']);
  assert.match(head('content-security-policy') ?? '', /default-src 'none'; sandbox/);
});

test('never more than the limit comes', async () => {
  const body = randomBytes(previewBytesMax + 5);
  await write('/longer', body);
  for (const query of [as, `length=99999999&${as}`]) assert.ok((await bytesOf(await preview('/longer', query))).equals(body.subarray(0, previewBytesMax)), query);
});

test('names are taken as they are', async () => {
  const path = '/a%20b%20%26%20%3Cscript%3E%20%2525%20%C3%BC%3Fx%23y';
  await write(path, 'strange');
  assert.equal((await bytesOf(await preview(path))).toString(), 'strange');
});

test('an empty file is empty', async () => {
  await write('/empty', '');
  const response = await preview('/empty');
  assert.deepEqual([response.status, (await bytesOf(response)).length], [200, 0]);
});

test('whoever may not read a file is refused, whatever else the query says', async () => {
  await write('/mine', 'secret', '&permission=600');
  for (const query of ['user.name=mallory', '', 'op=GETDELEGATIONTOKEN&user.name=mallory', 'OP=DELETE&recursive=true', 'offset=3&noredirect=true']) {
    const response = await preview('/mine', query);
    assert.deepEqual([response.status, await exceptionOf(response)], [403, 'AccessControlException'], query);
  }
  assert.equal((await bytesOf(await preview('/mine'))).toString(), 'secret');
});

test('a delegation token stands for its owner', async () => {
  await write('/owned', 'by hdfs', '&permission=600');
  const { Token } = (await world.ask('GET', `/?op=GETDELEGATIONTOKEN&renewer=hdfs&${as}`)).json as { readonly Token: { readonly urlString: string } };
  assert.equal((await bytesOf(await preview('/owned', `delegation=${Token.urlString}`))).toString(), 'by hdfs');
  assert.equal(await exceptionOf(await preview('/owned', 'delegation=abc')), 'InvalidToken');
});

for (const [title, path, query, status, exception] of [
  ['a missing file', '/nothing', as, 404, 'FileNotFoundException'],
  ['a directory', '/', as, 404, 'FileNotFoundException'],
  ['a length that is none', '/empty', `length=x&${as}`, 400, 'IllegalArgumentException'],
  ['a negative length', '/empty', `length=-1&${as}`, 400, 'IllegalArgumentException'],
  ['acting for another', '/empty', `doas=bob&${as}`, 401, 'SecurityException'],
] as const) {
  test(`refused: ${title}`, async () => {
    const response = await preview(path, query);
    assert.deepEqual([response.status, await exceptionOf(response)], [status, exception]);
  });
}

test('another method is refused', async () => {
  const response = await fetch(`${world.home}${previewPrefix}/empty?${as}`, { method: 'DELETE' });
  assert.deepEqual([response.status, await exceptionOf(response)], [400, 'IllegalArgumentException']);
});

test('a datanode that does not answer is passed over, and after three the caller is told', async () => {
  await write('/spread', 'on three');
  const reader = new DatanodeReader(undefined);
  after(() => reader.close());
  const tried: string[] = [];
  const failing = (failures: number): PreviewOptions['get'] => async (location, signal): Promise<IncomingMessage> => {
    tried.push(new URL(location).hostname);
    if (tried.length <= failures) throw new Error('connection refused');
    return reader.get(world.resolve(location), signal);
  };
  const twice = await serve({ get: failing(2) });
  assert.equal((await bytesOf(await preview('/spread', as, `http://127.0.0.1:${twice.port}`))).toString(), 'on three');
  assert.equal(new Set(tried).size, 3);
  tried.length = 0;
  const always = await serve({ get: failing(Infinity) });
  const refused = await preview('/spread', as, `http://127.0.0.1:${always.port}`);
  assert.deepEqual([refused.status, await exceptionOf(refused), tried.length], [403, 'IOException', 3]);
});

test('a standby passes it on, and says so when there is nobody to pass it on to', async () => {
  const passed: string[] = [];
  const standby = await serve({ isActive: () => false, forward: (request, response) => {
    passed.push(request.url ?? '');
    response.end('from the active one');
    return true;
  } });
  assert.equal((await bytesOf(await preview('/x', as, `http://127.0.0.1:${standby.port}`))).toString(), 'from the active one');
  assert.deepEqual(passed, [`${previewPrefix}/x?${as}`]);
  const alone = await serve({ isActive: () => false });
  assert.equal(await exceptionOf(await preview('/x', as, `http://127.0.0.1:${alone.port}`)), 'StandbyException');
});

test('only so many are read at once, and those that end make room', async () => {
  await write('/slow', 'slow');
  const gate = Promise.withResolvers<void>();
  const reader = new DatanodeReader(undefined);
  after(() => reader.close());
  let waiting = 0;
  const all = Promise.withResolvers<void>();
  const server = await serve({ get: async (location, signal) => {
    waiting += 1;
    if (waiting === 16) all.resolve();
    await gate.promise;
    return reader.get(world.resolve(location), signal);
  } });
  const origin = `http://127.0.0.1:${server.port}`;
  const first = Array.from({ length: 16 }, () => preview('/slow', as, origin).then(bytesOf));
  await all.promise;
  assert.equal(await exceptionOf(await preview('/slow', as, origin)), 'RetriableException');
  gate.resolve();
  for (const bytes of await Promise.all(first)) assert.equal(bytes.toString(), 'slow');
  assert.equal((await bytesOf(await preview('/slow', as, origin))).toString(), 'slow');
});
