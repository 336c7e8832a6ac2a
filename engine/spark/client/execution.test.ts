/** How an execution survives a broken stream, and what it tells the server. */
import { tableFromArrays, tableToIPC } from 'apache-arrow';
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { DataFrame, SparkError } from './index.ts';
import { complete, connectionTo, FakeTransport, type Response } from './testdata/fake-transport.ts';

const range = { case: 'range', value: { start: 0n, end: 3n, step: 1n } } as const;
const lost = new SparkError({ errorClass: 'CONNECTION_FAILED', message: '[CONNECTION_FAILED] gone', retryable: true });

function batch(responseId: string, values: readonly number[]): Response {
  const data = tableToIPC(tableFromArrays({ id: Int32Array.from(values) }), 'stream');
  return { responseId, responseType: { case: 'arrowBatch', value: { rowCount: BigInt(values.length), data } } };
}

async function ids(transport: FakeTransport): Promise<readonly unknown[]> {
  return (await new DataFrame(connectionTo(transport), range).collect()).map((row) => row.get('id'));
}

test('rows come in order, each batch is released, and all is released at the end', async () => {
  const transport = new FakeTransport([[batch('a', [1, 2]), batch('b', [3]), complete]]);
  assert.deepEqual(await ids(transport), [1, 2, 3]);
  assert.deepEqual(transport.names(), ['executePlan', 'releaseExecute', 'releaseExecute', 'releaseExecute']);
});

test('a broken stream is taken up after the last response that was seen', async () => {
  const transport = new FakeTransport([[batch('a', [1]), lost], [batch('b', [2]), complete]]);
  assert.deepEqual(await ids(transport), [1, 2]);
  const reattach = transport.calls.find(({ name }) => name === 'reattachExecute')?.request as Readonly<Record<string, string>>;
  assert.equal(reattach['lastResponseId'], 'a');
  assert.equal(reattach['operationId'], 'operation-1');
});

test('a stream that ends without its last word is taken up too', async () => {
  const transport = new FakeTransport([[batch('a', [1])], [complete]]);
  assert.deepEqual(await ids(transport), [1]);
  assert.ok(transport.names().includes('reattachExecute'));
});

test('a request that never arrived is sent again as the same operation', async () => {
  const transport = new FakeTransport([[lost], [batch('a', [1]), complete]]);
  assert.deepEqual(await ids(transport), [1]);
  const operations = transport.calls.filter(({ name }) => name === 'executePlan').map(({ request }) => (request as Readonly<Record<string, string>>)['operationId']);
  assert.deepEqual(operations, ['operation-1', 'operation-1']);
});

test('a server that stays away is given up after a bounded number of attempts', async () => {
  const transport = new FakeTransport(Array.from({ length: 100 }, () => [lost]));
  await assert.rejects(ids(transport), lost);
  assert.equal(transport.names().filter((name) => name === 'executePlan').length, 9);
});

test('an error of the engine is not tried again', async () => {
  const refused = new SparkError({ errorClass: 'DIVIDE_BY_ZERO', message: '[DIVIDE_BY_ZERO] Division by zero.' });
  const transport = new FakeTransport([[refused], [complete]]);
  await assert.rejects(ids(transport), refused);
  assert.equal(transport.names().filter((name) => name.endsWith('xecute') || name === 'executePlan').length, 2);
});

test('an aborted execution is interrupted on the server', async () => {
  const stop = new AbortController();
  const transport = new FakeTransport([[batch('a', [1]), lost]]);
  const frame = new DataFrame(connectionTo(transport), range);
  const reason = new Error('enough');
  await assert.rejects(async () => {
    for await (const row of frame.toLocalIterator(stop.signal)) {
      assert.equal(row.get(0), 1);
      stop.abort(reason);
    }
  }, reason);
  assert.ok(transport.names().includes('interrupt'));
});
