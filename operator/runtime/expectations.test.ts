import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import type { KubeObject } from '../kube/client.ts';
import { configMapType, podType } from '../kube/resource-types.ts';
import { Cache } from './cache.ts';
import { Expectations } from './expectations.ts';
import { FakeClock, settle } from './fake-clock.ts';
import { silentLogger } from './logger.ts';

const run = { namespace: 'one', name: 'job' };
const { signal } = new AbortController();

function object(namespace: string, version: string): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace, name: 'a', uid: 'u', resourceVersion: version } };
}

function bench(...namespaces: readonly (string | undefined)[]) {
  const clock = new FakeClock();
  const expectations = new Expectations({ clock, logger: silentLogger, timeoutMs: 1000 });
  const caches = namespaces.map((namespace) => new Cache<KubeObject>(configMapType, namespace === undefined ? {} : { namespace }));
  for (const cache of caches) expectations.observe(cache);
  const write = (namespace: string, version: string, meanwhile: () => void = () => undefined): Promise<KubeObject> =>
    expectations.written(run, configMapType, { namespace, name: 'a' }, async () => {
      meanwhile();
      return object(namespace, version);
    });
  const over = async (): Promise<boolean> => {
    let done = false;
    void expectations.settled(run, signal).then(() => (done = true));
    await settle();
    return done;
  };
  return { clock, expectations, caches, write, over };
}

test('a run is over when the cache shows what it wrote, and not before', async () => {
  const { caches, write, over, expectations, clock } = bench(undefined);
  await write('one', '7');
  assert.equal(await over(), false);
  caches[0]?.set(object('one', '6'));
  assert.equal(expectations.outstanding(run), 1);
  caches[0]?.set(object('one', '7'));
  await settle();
  assert.equal(expectations.outstanding(run), 0);
  assert.equal(await over(), true);
  assert.equal(clock.waiting, 0);
});

for (const namespace of ['one', 'two']) {
  test(`with a cache for each of two namespaces, writes in ${namespace} are waited for`, async () => {
    const { caches, write, over, expectations } = bench('one', 'two');
    await write(namespace, '7');
    assert.equal(await over(), false);
    caches[namespace === 'one' ? 0 : 1]?.set(object(namespace, '7'));
    await settle();
    assert.equal(expectations.outstanding(run), 0);
  });
}

test('a write where no cache looks is not waited for', async () => {
  const { write, over, expectations } = bench('one');
  await write('three', '7');
  assert.equal(await over(), true);
  await expectations.written(run, podType, { namespace: 'one', name: 'a' }, async () => object('one', '8'));
  assert.equal(await over(), true);
});

test('a version that passes by before the answer to the write counts', async () => {
  const { caches, write, over } = bench(undefined);
  await write('one', '7', () => {
    caches[0]?.set(object('one', '7'));
    caches[0]?.set(object('one', '8'));
  });
  assert.equal(await over(), true);
});

test('a failed write is not waited for', async () => {
  const { expectations, over } = bench(undefined);
  await assert.rejects(expectations.written(run, configMapType, { namespace: 'one', name: 'a' }, async () => Promise.reject(new Error('refused'))), /refused/);
  assert.equal(await over(), true);
});

test('a deletion is waited for until the object is gone or marked as going', async () => {
  const { caches, expectations, over } = bench(undefined);
  caches[0]?.set(object('one', '7'));
  await expectations.deleted(run, configMapType, { namespace: 'one', name: 'a' }, async () => undefined);
  assert.equal(await over(), false);
  caches[0]?.remove(object('one', '8'));
  await settle();
  assert.equal(expectations.outstanding(run), 0);
});

test('a cache that never shows the write holds a run only until the time-out', async () => {
  const { write, expectations, clock } = bench(undefined);
  await write('one', '7');
  let done = false;
  void expectations.settled(run, signal).then(() => (done = true));
  await clock.advance(999);
  assert.equal(done, false);
  await clock.advance(2);
  assert.equal(done, true);
  assert.equal(expectations.outstanding(run), 0);
});
