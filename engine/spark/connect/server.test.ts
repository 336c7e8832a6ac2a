import { strict as assert } from 'node:assert';
import { after, before, test } from 'node:test';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { status } from '@grpc/grpc-js';
import { tableFromIPC } from 'apache-arrow';
import { systemClock } from '../../core/clock.ts';
import { silentLogger } from '../../core/logger.ts';
import { Session } from '../driver/session.ts';
import { InterruptRequest_InterruptType as InterruptType, type InterruptRequestSchema, PlanSchema, type ExecutePlanResponse } from './generated/spark/connect/base_pb.ts';
import { createConnectServer, type ConnectServer } from './server.ts';
import { ConnectClient, errorInfo, readAll } from './testdata/connect-client.ts';
import { fakeServices } from './testdata/fake-services.ts';

const secret = 'a secret of the application';
let server: ConnectServer;
const clients: ConnectClient[] = [];
/** Jobs wait for it, in the order they come. */
let gate: (signal: AbortSignal) => Promise<void> = async () => {};

before(async () => {
  const services = fakeServices(({ signal }) => gate(signal));
  server = await createConnectServer({
    listen: { host: '127.0.0.1', port: 0 }, secret: Buffer.from(secret), newSession: () => new Session(services, new Map([['spark.app.name', 'test']])),
    newId: () => crypto.randomUUID(), clock: systemClock(), logger: silentLogger,
  });
});

after(async () => {
  for (const client of clients) client.close();
  await server.close();
});

function connect(token: string | undefined = secret): ConnectClient {
  const client = new ConnectClient(server.port, token);
  clients.push(client);
  return client;
}

type PlanInit = MessageInitShape<typeof PlanSchema>;
const range = (end: number): PlanInit => create(PlanSchema, { opType: { case: 'root', value: { relType: { case: 'range', value: { end: BigInt(end), step: 1n } } } } });
const sql = (query: string): PlanInit => ({ opType: { case: 'command', value: { commandType: { case: 'sqlCommand', value: {
  input: { relType: { case: 'sql', value: { query } } } } } } } }) as PlanInit;
const reattachable = [{ requestOption: { case: 'reattachOptions', value: { reattachable: true } } }] as const;

function ids(responses: readonly ExecutePlanResponse[]): readonly bigint[] {
  return responses.flatMap(({ responseType }) => (responseType.case === 'arrowBatch' ? [...tableFromIPC(responseType.value.data)].map((row) => row['c0'] as bigint) : []));
}

const kinds = (responses: readonly ExecutePlanResponse[]): readonly (string | undefined)[] => responses.map((each) => each.responseType.case ?? (each.schema === undefined ? undefined : 'schema'));

test('a call without the right secret is refused, whatever it is', async () => {
  for (const token of [undefined, 'wrong', `${secret}x`]) {
    const client = new ConnectClient(server.port, token);
    clients.push(client);
    await assert.rejects(client.call('config', { operation: { opType: { case: 'getAll', value: {} } } }), { code: status.UNAUTHENTICATED });
    await assert.rejects(readAll(client.execute({ plan: range(1) })), { code: status.UNAUTHENTICATED });
    await assert.rejects(client.call('releaseSession', {}), { code: status.UNAUTHENTICATED });
  }
});

test('a query answers its schema, batches with exact counts and offsets, and the end', async () => {
  const responses = await readAll(connect().execute({ plan: range(5) }));
  assert.deepEqual(kinds(responses), ['schema', 'arrowBatch', 'arrowBatch', 'resultComplete']);
  assert.deepEqual(ids(responses), [0n, 1n, 2n, 3n, 4n]);
  const batches = responses.flatMap(({ responseType }) => (responseType.case === 'arrowBatch' ? [[responseType.value.rowCount, responseType.value.startOffset]] : []));
  assert.deepEqual(batches, [[3n, 0n], [2n, 3n]]);
  assert.equal(new Set(responses.map((each) => each.responseId)).size, responses.length);
});

test('an empty result still has one batch', async () => {
  const responses = await readAll(connect().execute({ plan: range(0) }));
  assert.deepEqual(kinds(responses), ['schema', 'arrowBatch', 'resultComplete']);
});

test('batches that are too large for a message are cut by rows', async () => {
  const end = 5_000_000;
  const responses = await readAll(connect().execute({ plan: range(end) }));
  const batches = responses.flatMap(({ responseType }) => (responseType.case === 'arrowBatch' ? [responseType.value] : []));
  assert.ok(batches.length > 2 && batches.every((batch) => batch.data.length < 17 * 2 ** 20));
  assert.equal(batches.reduce((sum, batch) => sum + batch.rowCount, 0n), BigInt(end));
  const last = batches.at(-1);
  assert.equal(last === undefined ? 0 : tableFromIPC(last.data).getChildAt(0)?.at(-1), BigInt(end - 1));
});

test('a client that lost its stream goes on after the last response it saw', async () => {
  const client = connect();
  const operationId = crypto.randomUUID();
  const all = await readAll(client.execute({ plan: range(5), operationId, requestOptions: [...reattachable] }));
  const again = await readAll(client.reattach({ operationId, lastResponseId: all[1]?.responseId ?? '' }));
  assert.deepEqual(again, all.slice(2));
  assert.deepEqual(await readAll(client.reattach({ operationId })), all);
});

test('responses that were released are gone, and a released operation is not found', async () => {
  const client = connect();
  const operationId = crypto.randomUUID();
  const all = await readAll(client.execute({ plan: range(5), operationId, requestOptions: [...reattachable] }));
  const until = all[1]?.responseId ?? '';
  await client.call('releaseExecute', { operationId, release: { case: 'releaseUntil', value: { responseId: until } } });
  assert.deepEqual(await readAll(client.reattach({ operationId, lastResponseId: until })), all.slice(2));
  await assert.rejects(readAll(client.reattach({ operationId, lastResponseId: all[0]?.responseId ?? '' })), (error) => errorInfo(error)['errorClass'] === 'INVALID_CURSOR.POSITION_NOT_FOUND');
  await client.call('releaseExecute', { operationId, release: { case: 'releaseAll', value: {} } });
  await assert.rejects(readAll(client.reattach({ operationId })), /INVALID_HANDLE\.OPERATION_NOT_FOUND/);
  const answer = await client.call('releaseExecute', { operationId, release: { case: 'releaseAll', value: {} } });
  assert.equal(answer.operationId, undefined);
});

test('the same execution sent twice runs once; another under its id is refused', async () => {
  const client = connect();
  const operationId = crypto.randomUUID();
  const request = { plan: range(3), operationId, requestOptions: [...reattachable] };
  const first = await readAll(client.execute(request));
  assert.deepEqual(await readAll(client.execute(request)), first);
  await assert.rejects(readAll(client.execute({ ...request, plan: range(4) })), /INVALID_HANDLE\.OPERATION_ALREADY_EXISTS/);
});

test('a second reader takes over from the first', async () => {
  const open = Promise.withResolvers<void>();
  const running = Promise.withResolvers<void>();
  gate = async () => {
    running.resolve();
    await open.promise;
  };
  const client = connect();
  const operationId = crypto.randomUUID();
  const first = readAll(client.execute({ plan: range(3), operationId, requestOptions: [...reattachable] }));
  const disconnected = assert.rejects(first, /INVALID_CURSOR\.DISCONNECTED/);
  await running.promise;
  const second = readAll(client.reattach({ operationId }));
  await disconnected;
  gate = async () => {};
  open.resolve();
  assert.deepEqual(ids(await second), [0n, 1n, 2n]);
});

const interrupts: readonly (readonly [string, (operationId: string) => MessageInitShape<typeof InterruptRequestSchema>])[] = [
  ['all', () => ({ interruptType: InterruptType.ALL })],
  ['tag', () => ({ interruptType: InterruptType.TAG, interrupt: { case: 'operationTag', value: 'slow' } })],
  ['id', (operationId: string) => ({ interruptType: InterruptType.OPERATION_ID, interrupt: { case: 'operationId', value: operationId } })],
];
for (const [by, request] of interrupts) {
  test(`an operation interrupted by ${by} ends as cancelled, and its job sees the signal`, async () => {
    const running = Promise.withResolvers<void>();
    const stopped = Promise.withResolvers<void>();
    gate = (signal) => new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => {
        stopped.resolve();
        reject(signal.reason as Error);
      });
      running.resolve();
    });
    const client = connect();
    const operationId = crypto.randomUUID();
    const cancelled = assert.rejects(readAll(client.execute({ plan: range(3), operationId, tags: ['slow'] })), (error) => errorInfo(error)['errorClass'] === 'OPERATION_CANCELED');
    await running.promise;
    const answer = await client.call('interrupt', request(operationId));
    assert.deepEqual(answer.interruptedIds, [operationId]);
    await Promise.all([cancelled, stopped.promise]);
    gate = async () => {};
  });
}

test('a client that goes away cancels an operation that cannot be reattached', async () => {
  const running = Promise.withResolvers<void>();
  const stopped = Promise.withResolvers<void>();
  gate = (signal) => new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => {
      stopped.resolve();
      reject(signal.reason as Error);
    });
    running.resolve();
  });
  const stream = connect().execute({ plan: range(3) });
  const gone = assert.rejects(readAll(stream));
  await running.promise;
  stream.cancel();
  await Promise.all([gone, stopped.promise]);
  gate = async () => {};
});

test('an error carries its class and parameters, and its details can be fetched once', async () => {
  const client = connect();
  const read = create(PlanSchema, { opType: { case: 'root', value: { relType: { case: 'read', value: { readType: { case: 'namedTable', value: { unparsedIdentifier: 'nowhere' } } } } } } });
  const error: unknown = await readAll(client.execute({ plan: read })).catch((each: unknown) => each);
  const info = errorInfo(error);
  assert.equal(info['errorClass'], 'TABLE_OR_VIEW_NOT_FOUND');
  assert.equal(info['sqlState'], '42P01');
  assert.deepEqual(JSON.parse(info['messageParameters'] ?? ''), { relationName: 'nowhere' });
  assert.equal((JSON.parse(info['classes'] ?? '') as string[])[0], 'org.apache.spark.sql.AnalysisException');
  const details = await client.call('fetchErrorDetails', { errorId: info['errorId'] ?? '' });
  assert.equal(details.errors[0]?.sparkThrowable?.errorClass, 'TABLE_OR_VIEW_NOT_FOUND');
  assert.equal((await client.call('fetchErrorDetails', { errorId: info['errorId'] ?? '' })).errors.length, 0);
});

test('relations that are not supported are refused by name', async () => {
  const sample = create(PlanSchema, { opType: { case: 'root', value: { relType: { case: 'sample', value: {} } } } });
  await assert.rejects(readAll(connect().execute({ plan: sample })), (error: Error) => errorInfo(error)['errorClass'] === 'UNSUPPORTED_FEATURE' && /relation sample/.test(error.message));
});

test('spark.sql answers a query with its relation and runs anything else at once', async () => {
  const client = connect();
  const [set] = await readAll(client.execute({ plan: sql('SET spark.sql.shuffle.partitions = 3') }));
  assert.equal(set?.responseType.case, 'sqlCommandResult');
  assert.equal(set.responseType.case === 'sqlCommandResult' ? set.responseType.value.relation?.relType.case : '', 'localRelation');
  const got = await client.call('config', { operation: { opType: { case: 'get', value: { keys: ['spark.sql.shuffle.partitions'] } } } });
  assert.deepEqual(got.pairs.map((pair) => pair.value), ['3']);
  await assert.rejects(readAll(client.execute({ plan: sql('SELECT * FROM nowhere') })), /TABLE_OR_VIEW_NOT_FOUND/);
  await assert.rejects(readAll(client.execute({ plan: sql('SELECT 1; SELECT 2') })), /takes one statement/);
});

test('settings have the application\'s values and defaults, and unknown ones are an error', async () => {
  const client = connect();
  const ask = async (keys: string[]): Promise<readonly (string | undefined)[]> =>
    (await client.call('config', { operation: { opType: { case: 'getOption', value: { keys } } } })).pairs.map((pair) => pair.value);
  assert.deepEqual(await ask(['spark.app.name', 'spark.sql.session.timeZone', 'spark.nothing']), ['test', 'UTC', undefined]);
  await assert.rejects(client.call('config', { operation: { opType: { case: 'get', value: { keys: ['spark.nothing'] } } } }), /SQL_CONF_NOT_FOUND/);
  await assert.rejects(client.call('config', { operation: { opType: { case: 'set', value: { pairs: [{ key: 'spark.executor.memory', value: '1g' }] } } } }), /CANNOT_MODIFY_CONFIG/);
  await assert.rejects(client.call('config', { operation: { opType: { case: 'set', value: { pairs: [{ key: 'spark.sql.session.timeZone', value: 'Nowhere/At' }] } } } }), /INVALID_CONF_VALUE/);
});

test('showString prints the table and says when there is more', async () => {
  const show = create(PlanSchema, { opType: { case: 'root', value: { relType: { case: 'showString', value: {
    input: { relType: { case: 'range', value: { end: 30n, step: 1n } } }, numRows: 2, truncate: 20 } } } } });
  const responses = await readAll(connect().execute({ plan: show }));
  const text = responses.flatMap(({ responseType }) => (responseType.case === 'arrowBatch' ? [...tableFromIPC(responseType.value.data)].map((row) => row['show_string'] as string) : []));
  assert.deepEqual(text, ['+---+\n| id|\n+---+\n|  0|\n|  1|\n+---+\nonly showing top 2 rows\n']);
});

test('a session that was closed or replaced is not revived', async () => {
  const client = connect();
  const schema = await client.call('analyzePlan', { analyze: { case: 'schema', value: { plan: range(1) } } });
  assert.notEqual(schema.serverSideSessionId, '');
  await assert.rejects(client.call('analyzePlan', { clientObservedServerSideSessionId: crypto.randomUUID(), analyze: { case: 'sparkVersion', value: {} } }), /SESSION_CHANGED/);
  await client.call('releaseSession', {});
  await assert.rejects(client.call('analyzePlan', { analyze: { case: 'sparkVersion', value: {} } }), /SESSION_CLOSED/);
  await assert.rejects(client.call('analyzePlan', { sessionId: 'x', analyze: { case: 'sparkVersion', value: {} } }), /INVALID_HANDLE\.FORMAT/);
});
