import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HdfsStatus } from '../../contract.ts';
import { silentLogger } from '../../core/logger.ts';
import { HdfsError } from '../hdfs-error.ts';
import { adminHandler, HandoverRefused, type AdminRequest, type AdminResponse, type NameNodeAdmin } from './admin-http.ts';

const secret = 'the secret of the cluster';
const status = { clusterId: 'CID-1' } as HdfsStatus;

const leaving: string[][] = [];
const admin: NameNodeAdmin = {
  live: true, ready: false, status: () => status, datanodeReport: () => [], safeMode: () => ({ on: false }),
  setSafeMode: async (on) => ({ on }),
  decommission: async (datanodes) => void leaving.push([...datanodes]),
  handover: async () => {
    throw new HandoverRefused('there is no other namenode');
  },
  fsck: async (path) => {
    throw path === '/broken' ? new Error('secret detail') : new HdfsError('FileNotFoundException', `File does not exist: ${path}`);
  },
};

async function ask(text: string, options: { readonly body?: string; readonly authorization?: string | undefined } = {}): Promise<AdminResponse | undefined> {
  const [method = '', url = ''] = text.split(' ');
  const { pathname, searchParams } = new URL(url, 'http://namenode');
  const authorization = 'authorization' in options ? options.authorization : `Bearer ${secret}`;
  const request: AdminRequest = { method, path: pathname, query: searchParams, authorization, body: Buffer.from(options.body ?? '') };
  return adminHandler(admin, Buffer.from(secret), silentLogger)(request);
}

/** Request → status. */
function check(name: string, text: string, options: Parameters<typeof ask>[1], wanted: number): void {
  test(name, async () => assert.equal((await ask(text, options))?.status, wanted));
}

check('health needs no secret', 'GET /livez', { authorization: undefined }, 200);
check('a namenode that is not ready says so', 'GET /readyz', { authorization: undefined }, 503);
check('the status needs the secret', 'GET /headrace/v1/hdfs/status', { authorization: undefined }, 401);
check('a wrong secret is refused', 'GET /headrace/v1/hdfs/status', { authorization: 'Bearer wrong' }, 401);
check('a wrong method is refused', 'POST /headrace/v1/hdfs/status', {}, 405);
check('a body that is not JSON is refused', 'PUT /headrace/v1/hdfs/decommission', { body: '{' }, 400);
check('a body of the wrong shape is refused', 'PUT /headrace/v1/hdfs/decommission', { body: '{"datanodes":"dn-1"}' }, 400);
check('a handover without a standby is a conflict', 'POST /headrace/v1/hdfs/handover', {}, 409);
check('a path that is not there is not found', 'GET /headrace/v1/hdfs/fsck?path=/x', {}, 404);
check('a method named like a property of objects is refused', 'constructor /headrace/v1/hdfs/status', {}, 405);

test('the status is answered to whoever has the secret', async () => {
  assert.deepEqual(await ask('GET /headrace/v1/hdfs/status'), { status: 200, body: status });
});

test('the whole set of datanodes that are to go is handed on', async () => {
  assert.equal((await ask('PUT /headrace/v1/hdfs/decommission', { body: '{"datanodes":["dn-2","dn-3"]}' }))?.status, 200);
  assert.deepEqual(leaving.at(-1), ['dn-2', 'dn-3']);
});

test('safe mode is turned on and off', async () => {
  assert.deepEqual((await ask('PUT /headrace/v1/hdfs/safemode', { body: '{"action":"enter"}' }))?.body, { on: true });
  assert.deepEqual((await ask('PUT /headrace/v1/hdfs/safemode', { body: '{"action":"leave"}' }))?.body, { on: false });
});

test('an error inside is not told to the caller', async () => {
  const answer = await ask('GET /headrace/v1/hdfs/fsck?path=/broken');
  assert.equal(answer?.status, 500);
  assert.ok(!JSON.stringify(answer?.body).includes('secret detail'));
});

test('other paths are for others', async () => {
  assert.equal(await ask('GET /webhdfs/v1/x'), undefined);
  assert.equal(await ask('GET /constructor'), undefined);
});
