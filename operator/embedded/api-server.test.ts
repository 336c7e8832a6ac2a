/** The embedded API server under the suite that the real one passes, and what only it promises. */
import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { applyDefinition, kubeClientContract } from '../kube/client.contract.ts';
import type { KubeObject } from '../kube/client.ts';
import { KubeError } from '../kube/client.ts';
import { configMapType, podType } from '../kube/resource-types.ts';
import type { ConfigMap, Pod } from '../kube/resource-types.ts';
import { realClock } from '../runtime/clock.ts';
import { FakeClock } from '../runtime/fake-clock.ts';
import { EmbeddedApiServer } from './api-server.ts';
import type { ApiServerOptions } from './api-server.ts';

const { signal } = new AbortController();
const configMap = (name: string, data: Record<string, string> = {}): ConfigMap => ({
  apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default' }, data,
});
const pod = (name: string): Pod => ({
  apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'default' },
  spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'headrace' }] },
});

function server(options: Partial<ApiServerOptions> = {}): EmbeddedApiServer {
  return new EmbeddedApiServer({ clock: new FakeClock(), uid: randomUUID, ...options });
}

kubeClientContract('the embedded API server', async () => {
  const client = server({ clock: realClock() });
  await client.create(configMapType, configMap('before'), signal);
  client.compact();
  return {
    client,
    namespace: 'contract',
    installDefinition: (definition) => applyDefinition(client, definition, signal),
    collectsGarbage: true,
    expiredVersion: '1',
    close: async () => client.close(),
  };
});

test('nobody can change the store through what it hands out or was handed', async () => {
  const client = server();
  const mine = { ...configMap('shared'), data: { a: '1' } };
  const created = await client.create(configMapType, mine, signal);
  mine.data.a = 'changed';
  assert.throws(() => {
    (created.data as Record<string, string>)['a'] = 'changed';
  }, TypeError);
  assert.equal((await client.get<ConfigMap>(configMapType, 'default', 'shared', signal))?.data?.['a'], '1');
});

test('a write keeps the identity of the parts that it does not touch', async () => {
  const client = server();
  const created = await client.create(podType, pod('shared'), signal);
  const updated = await client.updateStatus(podType, { ...created, status: { phase: 'Running' } }, signal);
  assert.equal(updated.spec, created.spec);
});

test('managedFields tell who applied and who updated', async () => {
  const client = server({ fieldManager: 'updater' });
  await client.apply(configMapType, configMap('owned', { a: '1', b: '1' }), { fieldManager: 'applier', force: false }, signal);
  const updated = await client.patch<ConfigMap>(configMapType, 'default', 'owned', { data: { b: '2', c: '3' } }, signal);
  const entries = (updated.metadata as unknown as { managedFields: { manager: string; operation: string; fieldsV1: unknown }[] }).managedFields;
  assert.deepEqual(entries.map(({ manager, operation, fieldsV1 }) => ({ manager, operation, fieldsV1 })), [
    { manager: 'applier', operation: 'Apply', fieldsV1: { 'f:data': { 'f:a': {} } } },
    { manager: 'updater', operation: 'Update', fieldsV1: { 'f:data': { 'f:b': {}, 'f:c': {} } } },
  ]);
});

test('a field that two managers applied stays until both have given it up', async () => {
  const client = server();
  const apply = (fieldManager: string, data: Record<string, string>): Promise<ConfigMap> =>
    client.apply(configMapType, configMap('two', data), { fieldManager, force: false }, signal);
  await apply('one', { shared: '1', one: '1' });
  await apply('two', { shared: '1', two: '2' });
  assert.deepEqual((await apply('one', {})).data, { shared: '1', two: '2' });
  assert.deepEqual((await apply('two', { two: '2' })).data, { two: '2' });
});

test('a pod ends when its kubelet says so, or at once when no node has it', async () => {
  const client = server();
  const bound = await client.create(podType, pod('bound'), signal);
  await client.bindPod('default', 'bound', 'here', signal);
  await client.delete(podType, 'default', 'bound', { gracePeriodSeconds: 5 }, signal);
  const going = await client.get(podType, 'default', 'bound', signal);
  assert.equal(going?.metadata.deletionTimestamp, '2026-01-01T00:00:05Z');
  await client.delete(podType, 'default', 'bound', { gracePeriodSeconds: 0, uid: bound.metadata.uid ?? '' }, signal);
  assert.equal(await client.get(podType, 'default', 'bound', signal), undefined);
  await client.create(podType, pod('unbound'), signal);
  await client.delete(podType, 'default', 'unbound', {}, signal);
  assert.equal(await client.get(podType, 'default', 'unbound', signal), undefined);
});

test('a pod\'s spec does not change, save its image', async () => {
  const client = server();
  const created = await client.create(podType, pod('fixed'), signal);
  const changed = { ...created, spec: { ...created.spec, hostname: 'other', containers: created.spec?.containers ?? [] } };
  await assert.rejects(client.update(podType, changed, signal), /spec: Forbidden: pod updates may not change fields/);
});

test('a watcher that falls behind the history is told so, and nobody keeps events for it', async () => {
  const client = server({ historyEventsMax: 4 });
  const { resourceVersion } = await client.list(configMapType, {}, signal);
  await client.create(configMapType, configMap('first'), signal);
  const names: string[] = [];
  await assert.rejects(async () => {
    for await (const event of client.watch<ConfigMap>(configMapType, { resourceVersion, timeoutSeconds: 60 }, signal)) {
      if (event.type !== 'BOOKMARK') names.push(event.object.metadata.name);
      for (let index = 0; index < 8; index += 1) await client.create(configMapType, configMap(`flood-${names.length}-${index}`), signal);
    }
  }, (error) => error instanceof KubeError && error.code === 'Expired');
});

test('a watch from version 0 begins with what there is', async () => {
  const client = server();
  await client.create(configMapType, configMap('there'), signal);
  for await (const event of client.watch<ConfigMap>(configMapType, { resourceVersion: '0', timeoutSeconds: 60 }, signal)) {
    assert.ok(event.type === 'ADDED' && event.object.metadata.name === 'there');
    break;
  }
});

test('later pages show the objects of the first page\'s version, until history is too short', async () => {
  const client = server();
  for (const name of ['a', 'b', 'c']) await client.create(configMapType, configMap(name), signal);
  const first = await client.list(configMapType, { limit: 1 }, signal);
  await client.delete(configMapType, 'default', 'b', {}, signal);
  await client.create(configMapType, configMap('bb'), signal);
  const second = await client.list(configMapType, { limit: 5, continue: first.continue ?? '' }, signal);
  assert.deepEqual(second.items.map((item) => item.metadata.name), ['b', 'c']);
  client.compact();
  await assert.rejects(client.list(configMapType, { continue: first.continue ?? '' }, signal), (error) => error instanceof KubeError && error.code === 'Expired');
});

test('closing the server ends its watches and refuses later calls', async () => {
  const client = server();
  const watching = (async () => {
    for await (const _ of client.watch(configMapType, { resourceVersion: '1', timeoutSeconds: 60 }, signal));
  })();
  const ended = assert.rejects(watching, /closed/);
  await client.list(configMapType, {}, signal);
  client.close();
  await ended;
  await assert.rejects(client.list(configMapType, {}, signal), (error) => error instanceof KubeError && !error.retryable);
});

test('a type that nobody defined is not found', async () => {
  const type = { apiVersion: 'other.dev/v1', kind: 'Other', plural: 'others', namespaced: true };
  await assert.rejects(server().list<KubeObject>(type, {}, signal), (error) => error instanceof KubeError && error.code === 'NotFound');
});
