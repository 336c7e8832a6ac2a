import { strict as assert } from 'node:assert';
import { after, before, test } from 'node:test';
import { driverStatusSchema, httpPath, type DriverStatus } from '../../contract.ts';
import { createStatusServer, type StatusServer } from './status-server.ts';

const counts = { total: 0, completed: 0, running: 0, failed: 0 };
const status: DriverStatus = {
  applicationId: 'a-1', phase: 'Running', executors: [], progress: { stages: counts, tasks: counts }, firstTaskAtMs: null, demand: { runningTasks: 0, pendingTasks: 0 },
};
let server: StatusServer;
let ready = false;
let cancelled = 0;

before(async () => {
  server = await createStatusServer({
    listen: { host: '127.0.0.1', port: 0 }, secret: Buffer.from('the secret'), ready: () => ready, status: () => status,
    cancel: () => {
      cancelled += 1;
    },
  });
});
after(() => server.close());

const request = (path: string, init: RequestInit = {}): Promise<Response> => fetch(`http://127.0.0.1:${server.port}${path}`, init);
const authorization = { authorization: 'Bearer the secret' };

test('health needs no secret', async () => {
  assert.equal((await request(httpPath.live)).status, 200);
  assert.equal((await request(httpPath.ready)).status, 503);
  ready = true;
  assert.equal((await request(httpPath.ready)).status, 200);
});

test('status needs the secret and is what the contract says', async () => {
  assert.equal((await request(httpPath.status)).status, 401);
  assert.equal((await request(httpPath.status, { headers: { authorization: 'Bearer the secre' } })).status, 401);
  const answer = await request(httpPath.status, { headers: authorization });
  assert.deepEqual(driverStatusSchema.parse(await answer.json()), status);
});

test('cancel is a POST with the secret', async () => {
  assert.equal((await request(httpPath.cancel, { method: 'POST' })).status, 401);
  assert.equal((await request(httpPath.cancel, { headers: authorization })).status, 405);
  assert.equal(cancelled, 0);
  assert.equal((await request(httpPath.cancel, { method: 'POST', headers: authorization })).status, 202);
  assert.equal(cancelled, 1);
});

test('other paths are not there', async () => {
  assert.equal((await request('/')).status, 404);
});
