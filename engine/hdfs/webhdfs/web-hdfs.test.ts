import { strict as assert } from 'node:assert';
import { createHash, randomBytes } from 'node:crypto';
import { request as send } from 'node:http';
import { after, test } from 'node:test';
import { eventually } from '../datanode/testdata/test-hdfs.ts';
import { WebHdfsWorld } from './testdata/web-hdfs-world.ts';

const world = await WebHdfsWorld.start();
after(() => world[Symbol.asyncDispose]());
const as = 'user.name=hdfs';
const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
let made = 0;

/** A directory of its own for each test. */
async function directory(): Promise<string> {
  made += 1;
  const path = `/test-${made}`;
  assert.deepEqual((await world.ask('PUT', `${path}?op=MKDIRS&permission=777&${as}`)).json, { boolean: true });
  return path;
}

async function write(path: string, body: Uint8Array | string, query = ''): Promise<void> {
  const answer = await world.exchange('PUT', `${path}?op=CREATE&${as}${query}`, body as NonNullable<RequestInit['body']>);
  assert.equal(answer.status, 201, answer.bytes.toString());
}

const read = async (path: string, query = ''): Promise<Buffer> => (await world.exchange('GET', `${path}?op=OPEN&${as}${query}`)).bytes;
const status = async (path: string): Promise<Record<string, unknown>> =>
  ((await world.ask('GET', `${path}?op=GETFILESTATUS&${as}`)).json as { readonly FileStatus: Record<string, unknown> }).FileStatus;
const exception = (json: unknown): string => (json as { readonly RemoteException?: { readonly exception: string } }).RemoteException?.exception ?? JSON.stringify(json);

test('a file is created by a redirect, and read back whole and in parts', async () => {
  const path = `${await directory()}/file with spaces & ünïcode%`.replaceAll(/[ %&]/g, encodeURIComponent);
  const body = randomBytes(300_001);
  const answer = await world.exchange('PUT', `${path}?op=CREATE&${as}`, body);
  assert.equal(answer.status, 201);
  assert.match(answer.headers.get('location') ?? '', /^webhdfs:\/\/[^/]+\/test-/);
  assert.equal(digest(await read(path)), digest(body));
  for (const [query, from, to] of [['&offset=65530&length=20', 65_530, 65_550], ['&offset=299999', 299_999, 300_001], ['&length=0', 0, 0], ['&offset=1&length=9999999', 1, 300_001]] as const) {
    const part = await world.exchange('GET', `${path}?op=OPEN&${as}${query}`);
    assert.equal(part.status, 200, query);
    assert.equal(part.headers.get('content-length'), String(to - from));
    assert.ok(part.bytes.equals(body.subarray(from, to)), query);
  }
  const { length, replication, blockSize, type, permission, owner } = await status(path);
  assert.deepEqual([length, replication, blockSize, type, permission, owner], [300_001, 3, 65_536, 'FILE', '644', 'hdfs']);
});

test('noredirect gives the place as an answer, and the place serves', async () => {
  const path = `${await directory()}/f`;
  const answer = await world.ask('PUT', `${path}?op=CREATE&noredirect=true&${as}`);
  assert.equal(answer.status, 200);
  const { Location } = answer.json as { readonly Location: string };
  assert.equal((await fetch(world.resolve(Location), { method: 'PUT', body: 'hello' })).status, 201);
  assert.equal((await read(path)).toString(), 'hello');
});

test('a body in many small and odd chunks is one file', async () => {
  const path = `${await directory()}/chunks`;
  const chunks = Array.from({ length: 400 }, (_, i) => randomBytes((i * 37) % 1031));
  await write(path, new ReadableStream({
    start: (controller) => {
      for (const chunk of chunks) if (chunk.length > 0) controller.enqueue(chunk);
      controller.close();
    },
  }) as never);
  assert.equal(digest(await read(path)), digest(Buffer.concat(chunks)));
});

test('appending goes on at the end', async () => {
  const path = `${await directory()}/log`;
  await write(path, 'one\n');
  for (const line of ['two\n', 'three\n']) assert.equal((await world.exchange('POST', `${path}?op=APPEND&${as}`, line)).status, 200);
  assert.equal((await read(path)).toString(), 'one\ntwo\nthree\n');
});

test('an upload that breaks off leaves no file that looks whole', async () => {
  const path = `${await directory()}/broken`;
  const location = (await world.ask('PUT', `${path}?op=CREATE&${as}`)).headers.get('location') ?? '';
  await new Promise<void>((resolve) => {
    const request = send(world.resolve(location), { method: 'PUT', headers: { 'content-length': 1_000_000 } });
    request.on('error', () => resolve());
    request.write(randomBytes(100_000), () => request.destroy());
    request.on('close', () => resolve());
  });
  await eventually('the file is gone', async () => (await world.ask('GET', `${path}?op=GETFILESTATUS&${as}`)).status === 404);
  await write(path, 'again');
});

test('a client whose upload is refused in the middle is told why', async () => {
  await using full = await WebHdfsWorld.start(1, { replication: 1 }, 1_000_000);
  const answer = await full.exchange('PUT', `/big?op=CREATE&${as}`, randomBytes(8_000_000));
  assert.equal(answer.status, 403, answer.bytes.toString());
  assert.match(answer.bytes.toString(), /"RemoteException"/);
  assert.equal((await full.ask('GET', `/big?op=GETFILESTATUS&${as}`)).status, 404);
});

test('a client that asks before it sends is redirected before it has sent', async () => {
  const path = `${await directory()}/asked`;
  const seen = await new Promise<readonly string[]>((resolve, reject) => {
    const events: string[] = [];
    const request = send(`${world.origin}${path}?op=CREATE&${as}`, { method: 'PUT', headers: { 'content-length': 10, expect: '100-continue' } });
    request.on('continue', () => events.push('continue'));
    request.on('response', (response) => {
      response.resume();
      request.destroy();
      resolve([...events, String(response.statusCode)]);
    });
    request.on('error', reject);
    request.flushHeaders();
  });
  assert.deepEqual(seen, ['307']);
});

test('directories are listed at once and in parts', async () => {
  const path = await directory();
  for (const name of ['b', 'a', 'c']) await write(`${path}/${name}`, name);
  const all = (await world.ask('GET', `${path}?op=LISTSTATUS&${as}`)).json as { readonly FileStatuses: { readonly FileStatus: readonly { readonly pathSuffix: string }[] } };
  assert.deepEqual(all.FileStatuses.FileStatus.map((each) => each.pathSuffix), ['a', 'b', 'c']);
  const rest = (await world.ask('GET', `${path}?op=LISTSTATUS_BATCH&startAfter=a&${as}`)).json as { readonly DirectoryListing: { readonly partialListing: typeof all; readonly remainingEntries: number } };
  assert.deepEqual(rest.DirectoryListing.partialListing.FileStatuses.FileStatus.map((each) => each.pathSuffix), ['b', 'c']);
  assert.equal(rest.DirectoryListing.remainingEntries, 0);
});

test('operations on metadata answer in their forms', async () => {
  const path = await directory();
  await write(`${path}/f`, 'twelve bytes');
  const answers: Record<string, unknown> = {};
  for (const [method, query] of [
    ['PUT', `/f?op=SETREPLICATION&replication=2`], ['PUT', `/f?op=SETPERMISSION&permission=600`], ['PUT', `/f?op=SETOWNER&owner=bob&group=staff`], ['PUT', `/f?op=SETTIMES&modificationtime=1700000000000`],
    ['PUT', `/f?op=RENAME&destination=${path}/g`], ['PUT', `/g?op=RENAME&destination=${path}/h&renameoptions=NONE`], ['POST', `/h?op=TRUNCATE&newlength=12`],
    ['GET', `?op=GETHOMEDIRECTORY`], ['GET', `/h?op=GETTRASHROOT`], ['GET', `/h?op=CHECKACCESS&fsaction=r--`], ['DELETE', `/nothing?op=DELETE`],
  ] as const) {
    const { status: code, json, bytes } = await world.ask(method, `${path}${query}&${as}`);
    answers[`${method} ${query.split('&', 1)[0]}`] = [code, json ?? bytes.length];
  }
  assert.deepEqual(answers, {
    'PUT /f?op=SETREPLICATION': [200, { boolean: true }], 'PUT /f?op=SETPERMISSION': [200, 0], 'PUT /f?op=SETOWNER': [200, 0], 'PUT /f?op=SETTIMES': [200, 0],
    'PUT /f?op=RENAME': [200, { boolean: true }], 'PUT /g?op=RENAME': [200, 0], 'POST /h?op=TRUNCATE': [200, { boolean: true }],
    'GET ?op=GETHOMEDIRECTORY': [200, { Path: '/user/hdfs' }], 'GET /h?op=GETTRASHROOT': [200, { Path: '/user/hdfs/.Trash' }], 'GET /h?op=CHECKACCESS': [200, 0],
    'DELETE /nothing?op=DELETE': [200, { boolean: false }],
  });
  const { owner, group, permission, modificationTime } = await status(`${path}/h`);
  assert.deepEqual([owner, group, permission, modificationTime], ['bob', 'staff', '600', 1_700_000_000_000]);
});

test('summaries, defaults, checksums and places of blocks have the fields that clients read', async () => {
  const path = await directory();
  await write(`${path}/f`, randomBytes(100_000));
  const summary = (await world.ask('GET', `${path}?op=GETCONTENTSUMMARY&${as}`)).json as { readonly ContentSummary: Record<string, unknown> };
  assert.deepEqual([summary.ContentSummary['directoryCount'], summary.ContentSummary['fileCount'], summary.ContentSummary['length'], summary.ContentSummary['spaceConsumed']], [1, 1, 100_000, 300_000]);
  const { FsServerDefaults } = (await world.ask('GET', `/?op=GETSERVERDEFAULTS&${as}`)).json as { readonly FsServerDefaults: Record<string, unknown> };
  assert.deepEqual([FsServerDefaults['blockSize'], FsServerDefaults['bytesPerChecksum'], FsServerDefaults['replication']], [65_536, 512, 3]);
  const checksum = (await world.exchange('GET', `${path}/f?op=GETFILECHECKSUM&${as}`)).json as { readonly FileChecksum: { readonly algorithm: string; readonly bytes: string; readonly length: number } };
  assert.equal(checksum.FileChecksum.algorithm, 'MD5-of-128MD5-of-512CRC32C');
  assert.equal(checksum.FileChecksum.bytes.length, 56);
  assert.equal(checksum.FileChecksum.length, 28);
  const { BlockLocations } = (await world.ask('GET', `${path}/f?op=GETFILEBLOCKLOCATIONS&${as}`)).json as { readonly BlockLocations: { readonly BlockLocation: readonly { readonly offset: number; readonly length: number; readonly hosts: readonly string[] }[] } };
  assert.deepEqual(BlockLocations.BlockLocation.map(({ offset, length, hosts }) => [offset, length, hosts.length]), [[0, 65_536, 3], [65_536, 34_464, 3]]);
  const { FsStatus } = (await world.ask('GET', `/?op=GETSTATUS&${as}`)).json as { readonly FsStatus: Record<string, number> };
  assert.deepEqual(Object.keys(FsStatus), ['capacity', 'remaining', 'used']);
});

test('a delegation token stands for its owner until it is cancelled', async () => {
  const { Token } = (await world.ask('GET', `/?op=GETDELEGATIONTOKEN&renewer=alice&user.name=alice`)).json as { readonly Token: { readonly urlString: string } };
  const home = async (): Promise<unknown> => (await world.ask('GET', `/?op=GETHOMEDIRECTORY&delegation=${Token.urlString}`)).json;
  assert.deepEqual(await home(), { Path: '/user/alice' });
  const renewed = (await world.ask('PUT', `/?op=RENEWDELEGATIONTOKEN&token=${Token.urlString}&user.name=alice`)).json as { readonly long: number };
  assert.ok(renewed.long > Date.now());
  assert.equal((await world.ask('PUT', `/?op=CANCELDELEGATIONTOKEN&token=${Token.urlString}&user.name=alice`)).status, 200);
  assert.equal(exception(await home()), 'InvalidToken');
});

const refusals: readonly (readonly [title: string, method: string, pathAndQuery: string, status: number, exception: string])[] = [
  ['a missing file', 'GET', `/no?op=GETFILESTATUS&${as}`, 404, 'FileNotFoundException'],
  ['reading a missing file', 'GET', `/no?op=OPEN&${as}`, 404, 'FileNotFoundException'],
  ['reading a directory', 'GET', `/?op=OPEN&${as}`, 404, 'FileNotFoundException'],
  ['an operation that is none', 'GET', `/?op=FLY&${as}`, 400, 'IllegalArgumentException'],
  ['an operation of another method', 'GET', `/?op=MKDIRS&${as}`, 400, 'IllegalArgumentException'],
  ['no operation', 'GET', `/?${as}`, 400, 'IllegalArgumentException'],
  ['a permission that is none', 'PUT', `/x?op=MKDIRS&permission=999&${as}`, 400, 'IllegalArgumentException'],
  ['a boolean that is none', 'DELETE', `/x?op=DELETE&recursive=maybe&${as}`, 400, 'IllegalArgumentException'],
  ['a number that is none', 'GET', `/x?op=OPEN&offset=ten&${as}`, 400, 'IllegalArgumentException'],
  ['a missing destination', 'PUT', `/x?op=RENAME&${as}`, 400, 'IllegalArgumentException'],
  ['a relative destination', 'PUT', `/x?op=RENAME&destination=y&${as}`, 400, 'IllegalArgumentException'],
  ['a user that is none', 'GET', `/?op=GETFILESTATUS&user.name=a b`, 400, 'IllegalArgumentException'],
  ['acting for another', 'GET', `/?op=GETFILESTATUS&${as}&doas=bob`, 401, 'SecurityException'],
  ['a token that is none', 'GET', `/?op=GETFILESTATUS&delegation=abc`, 403, 'InvalidToken'],
  ['a stranger who writes', 'PUT', `/private?op=MKDIRS&user.name=stranger`, 403, 'AccessControlException'],
  ['nobody who writes', 'PUT', `/private?op=MKDIRS`, 403, 'AccessControlException'],
  ['ACLs', 'GET', `/?op=GETACLSTATUS&${as}`, 400, 'UnsupportedOperationException'],
  ['snapshots', 'PUT', `/?op=CREATESNAPSHOT&${as}`, 400, 'UnsupportedOperationException'],
  ['symbolic links', 'PUT', `/l?op=CREATESYMLINK&destination=/x&${as}`, 400, 'UnsupportedOperationException'],
  ['a path that is no path', 'GET', `/a/%2e%2e/b?op=GETFILESTATUS&${as}`, 400, 'InvalidPathException'],
];
for (const [title, method, pathAndQuery, code, expected] of refusals) {
  test(`refused: ${title}`, async () => {
    // By hand: fetch would tidy the path.
    const url = new URL(world.origin);
    const answer = await new Promise<{ readonly status: number; readonly text: string }>((resolve, reject) => {
      const request = send({ host: url.hostname, port: url.port, method, path: `${url.pathname}${pathAndQuery.replaceAll(' ', '%20')}` }, (response) => {
        let text = '';
        response.on('data', (chunk) => (text += String(chunk))).on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      });
      request.on('error', reject);
      request.end();
    });
    const json = JSON.parse(answer.text) as { readonly RemoteException: { readonly javaClassName: string; readonly message: string } };
    assert.deepEqual([answer.status, exception(json)], [code, expected], answer.text);
    assert.match(json.RemoteException.javaClassName, new RegExp(`\\.(.*\\$)?${expected}$`));
  });
}

test('one connection serves many requests', async () => {
  const path = await directory();
  for (let i = 0; i < 20; i += 1) await write(`${path}/${i}`, String(i));
  for (let i = 0; i < 20; i += 1) assert.equal((await read(`${path}/${i}`)).toString(), String(i));
});
