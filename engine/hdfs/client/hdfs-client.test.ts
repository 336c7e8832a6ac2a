import { strict as assert } from 'node:assert';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { systemClock } from '../../core/clock.ts';
import { HdfsClient } from './hdfs-client.ts';

const { signal } = new AbortController();

type Answer = (url: URL, request: IncomingMessage, response: ServerResponse) => void;

/** A server that answers as it likes, and a client that does not wait between attempts. */
async function withServer(answer: Answer, body: (client: HdfsClient, asked: readonly string[]) => Promise<void>): Promise<void> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', `http://${request.headers.host ?? ''}`);
    asked.push(`${request.method} ${url.searchParams.get('op')}`);
    answer(url, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = new HdfsClient({ host: '127.0.0.1', port: (server.address() as AddressInfo).port, user: 'ada', clock: { ...systemClock(), sleep: async () => {} } });
  try {
    await body(client, asked);
  } finally {
    await client.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

const refuse = (response: ServerResponse, exception: string): void => void response.writeHead(403).end(JSON.stringify({ RemoteException: { exception, message: `${exception} it is` } }));

test('while a namenode hands over, the question is asked again', async () => {
  let standby = 3;
  await withServer((_, _request, response) => {
    standby -= 1;
    if (standby >= 0) refuse(response, 'StandbyException');
    else response.end('{"boolean":true}');
  }, async (client, asked) => {
    assert.equal(await client.remove('/x', signal), true);
    assert.equal(asked.length, 4);
  });
});

test('what a namenode refuses for good is not asked again, and has the name of its exception', async () => {
  await withServer((_, _request, response) => refuse(response, 'AccessControlException'), async (client, asked) => {
    await assert.rejects(client.summary('/x', signal), { name: 'WebHdfsError', code: 'AccessControlException', message: 'AccessControlException it is' });
    assert.equal(asked.length, 1);
  });
});

test('an answer that is none of WebHDFS is an error that shows it', async () => {
  await withServer((_, _request, response) => response.end('<html>\n  hello </html>'), async (client) => {
    await assert.rejects(client.status('/x', signal), { name: 'WebHdfsError', message: 'the answer is not one of WebHDFS: <html> hello </html>' });
    await assert.rejects(client.checksum('/x', signal), { name: 'WebHdfsError', message: /not one of WebHDFS/ });
  });
});

test('an answer that is cut off is asked for again, and one that always is cut off is an error of the client', async () => {
  let cuts = 2;
  await withServer((_, _request, response) => {
    cuts -= 1;
    if (cuts < 0) response.end('{"Path":"/user/ada"}');
    else response.writeHead(200, { 'content-length': 100 }).write('{"Path":', () => response.destroy());
  }, async (client) => {
    assert.equal(await client.homeDirectory(signal), '/user/ada');
    cuts = Infinity;
    await assert.rejects(client.homeDirectory(signal), { name: 'WebHdfsError', code: 'Unreachable' });
  });
});

test('a name that leads out of its directory is refused', async () => {
  const listing = (pathSuffix: string): string => JSON.stringify({ DirectoryListing: { remainingEntries: 0, partialListing: { FileStatuses: { FileStatus: [
    { pathSuffix, type: 'FILE', length: 0, modificationTime: 0, blockSize: 0 },
  ] } } } });
  let name = 'fine..name';
  await withServer((_, _request, response) => response.end(listing(name)), async (client) => {
    assert.equal((await client.list('/x', signal))[0]?.name, 'fine..name');
    for (name of ['../../etc/passwd', '..', 'a/b']) await assert.rejects(client.list('/x', signal), { name: 'WebHdfsError' }, name);
  });
});

test('a body is sent once only, to the datanode, and what its source throws comes out as it is', async () => {
  const bodies: string[] = [];
  await withServer((url, request, response) => {
    if (!url.searchParams.has('datanode')) {
      url.searchParams.set('datanode', 'true');
      response.writeHead(307, { location: url.href }).end();
      return;
    }
    let body = '';
    request.on('data', (chunk) => {
      body += String(chunk);
    });
    request.on('error', () => {});
    request.on('end', () => {
      bodies.push(body);
      if (body === 'refused') refuse(response, 'StandbyException');
      else response.writeHead(201).end();
    });
  }, async (client, asked) => {
    const chunks = async function* (...texts: readonly string[]): AsyncGenerator<Uint8Array> {
      for (const text of texts) yield Buffer.from(text);
    };
    await client.create('/x', chunks('a', 'b'), signal);
    await assert.rejects(client.append('/x', chunks('refused'), signal), { code: 'StandbyException' });
    const broken = async function* (): AsyncGenerator<Uint8Array> {
      yield Buffer.from('half');
      throw new RangeError('the source is at its end');
    };
    await assert.rejects(client.create('/x', broken(), signal), RangeError);
    assert.deepEqual(bodies, ['ab', 'refused']);
    // Whether the datanode hears of the broken one at all is a matter of time.
    assert.deepEqual(asked.slice(0, 5), ['PUT CREATE', 'PUT CREATE', 'POST APPEND', 'POST APPEND', 'PUT CREATE']);
  });
});

test('what is there is replaced or not, as asked', async () => {
  const queries: string[] = [];
  await withServer((url, _request, response) => {
    queries.push(`${url.searchParams.get('renameoptions')} ${url.searchParams.get('overwrite')} ${url.searchParams.get('permission')}`);
    response.end('{}');
  }, async (client) => {
    await client.rename('/a', '/b', signal);
    await client.rename('/a', '/b', signal, { overwrite: false });
    await client.create('/a', (async function* () {})(), signal, { overwrite: false });
    await client.makeDirectory('/a', signal, 0o700);
  });
  assert.deepEqual(queries, ['OVERWRITE null null', 'NONE null null', 'null false null', 'null null 700']);
});
