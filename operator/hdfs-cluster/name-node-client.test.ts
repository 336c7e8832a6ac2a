import { strict as assert } from 'node:assert';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { httpNameNodeClient, NameNodeUnreachable } from './name-node-client.ts';
import type { NameNodeClient } from './name-node-client.ts';

const { signal } = new AbortController();
const status = {
  clusterId: 'CID-1', name: 'nn-0', role: 'active', formatted: true, safeMode: { on: false }, capacityBytes: 1, usedBytes: 0, remainingBytes: 1, files: 0, blocks: 0,
  underReplicatedBlocks: 0, missingBlocks: 0, corruptBlocks: 0, pendingBlocks: 0, datanodes: [], nameNodes: [],
};

/** A namenode that answers as told, and what it was asked. */
async function withNameNode(answer: (request: IncomingMessage, response: ServerResponse, body: string) => void, body: (client: NameNodeClient, asked: string[]) => Promise<void>): Promise<void> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => (text += String(chunk)));
    request.on('end', () => {
      asked.push(`${request.method} ${request.url} ${request.headers.authorization} ${text}`);
      answer(request, response, text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = httpNameNodeClient({ timeoutMs: 2000, port: (server.address() as AddressInfo).port });
  try {
    await body(client, asked);
  } finally {
    client.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

const saying = (code: number, text: string) => (_: IncomingMessage, response: ServerResponse): void => void response.writeHead(code).end(text);
const unreachable = (message: RegExp) => (error: unknown): boolean => error instanceof NameNodeUnreachable && message.test(error.message);

test('the status is asked for with the secret, and read', async () => {
  await withNameNode(saying(200, JSON.stringify(status)), async (client, asked) => {
    assert.equal((await client.status('127.0.0.1', 'hush', signal)).name, 'nn-0');
    assert.deepEqual(asked, ['GET /headrace/v1/hdfs/status Bearer hush ']);
  });
});

test('the set of datanodes to be emptied is put as a whole', async () => {
  await withNameNode(saying(200, ''), async (client, asked) => {
    await client.decommission('127.0.0.1', 'hush', ['dn-3', 'dn-4'], signal);
    assert.deepEqual(asked, ['PUT /headrace/v1/hdfs/decommission Bearer hush {"datanodes":["dn-3","dn-4"]}']);
  });
});

test('a handover that is not possible is an answer, not an error', async () => {
  await withNameNode(saying(409, '{"error":"nn-1 is behind"}'), async (client) => assert.equal(await client.handover('127.0.0.1', 'hush', signal), 'nn-1 is behind'));
  await withNameNode(saying(204, ''), async (client) => assert.equal(await client.handover('127.0.0.1', 'hush', signal), undefined));
});

test('whatever is no answer says why', async () => {
  await withNameNode(saying(401, 'who are you'), async (client) => assert.rejects(client.status('127.0.0.1', 'x', signal), unreachable(/HTTP status 401: who are you/)));
  await withNameNode(saying(200, '{"clusterId": 1}'), async (client) => assert.rejects(client.status('127.0.0.1', 'x', signal), unreachable(/not a status/)));
  await withNameNode(saying(200, 'x'.repeat(9_000_000)), async (client) => assert.rejects(client.status('127.0.0.1', 'x', signal), unreachable(/longer than/)));
  await withNameNode((request) => request.socket.destroy(), async (client) => assert.rejects(client.decommission('127.0.0.1', 'x', [], signal), unreachable(/ECONNRESET/)));
});

test('an aborted call rejects with the reason of the signal', async () => {
  await withNameNode(() => undefined, async (client) => {
    const stop = new AbortController();
    const call = client.status('127.0.0.1', 'x', stop.signal);
    stop.abort(new Error('enough'));
    await assert.rejects(call, /enough/);
  });
});
