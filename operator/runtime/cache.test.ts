import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import type { KubeObject, ObjectMeta } from '../kube/client.ts';
import { configMapType } from '../kube/resource-types.ts';
import { Cache } from './cache.ts';
import type { CacheChange } from './cache.ts';

function object(name: string, version: string, metadata: Partial<ObjectMeta> = {}): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'one', uid: `uid-${name}`, ...metadata, name, resourceVersion: version } };
}

const names = (objects: readonly KubeObject[]): readonly string[] => objects.map((each) => each.metadata.name).toSorted();
const text = (change: CacheChange<KubeObject>): string =>
  `${change.kind} ${(change.kind === 'set' ? change.object : change.previous).metadata.name} ${change.live ? 'live' : 'listed'}`;

test('a cache is synced by its first list, and not before', async () => {
  const cache = new Cache(configMapType);
  const waiting = cache.waitSynced(AbortSignal.timeout(5000));
  cache.set(object('a', '1'));
  assert.equal(cache.hasSynced, false);
  cache.replace([object('a', '1')]);
  await waiting;
  assert.equal(cache.hasSynced, true);
});

test('waiting for a cache ends with the signal', async () => {
  const stop = new AbortController();
  const waiting = new Cache(configMapType).waitSynced(stop.signal);
  stop.abort(new Error('stop'));
  await assert.rejects(waiting, /stop/);
});

test('indexes follow changes of owner and label, and forget what is gone', () => {
  const cache = new Cache(configMapType, { labels: ['job'] });
  const owner = (uid: string): Partial<ObjectMeta> => ({ ownerReferences: [{ apiVersion: 'v1', kind: 'X', name: 'x', uid }] });
  cache.set(object('a', '1', { labels: { job: 'j', other: 'o' }, ...owner('u1') }));
  cache.set(object('b', '1', { labels: { job: 'j' }, ...owner('u1') }));
  assert.deepEqual([names(cache.ownedBy('u1')), names(cache.labelled('one', 'job', 'j'))], [['a', 'b'], ['a', 'b']]);
  cache.set(object('a', '2', { labels: { job: 'k' }, ...owner('u2') }));
  assert.deepEqual([names(cache.ownedBy('u1')), names(cache.ownedBy('u2')), names(cache.labelled('one', 'job', 'j'))], [['b'], ['a'], ['b']]);
  cache.remove(object('b', '2'));
  assert.deepEqual([names(cache.ownedBy('u1')), names(cache.labelled('one', 'job', 'j')), names(cache.inNamespace('one'))], [[], [], ['a']]);
  assert.deepEqual(names(cache.labelled('two', 'job', 'k')), []);
  assert.throws(() => cache.labelled('one', 'other', 'o'), /no index/);
});

test('managedFields are dropped', () => {
  const cache = new Cache(configMapType);
  cache.set(object('a', '1', { managedFields: [{}] } as Partial<ObjectMeta>));
  assert.equal('managedFields' in (cache.get({ namespace: 'one', name: 'a' })?.metadata ?? {}), false);
});

test('a list tells only what differs, and what is gone', () => {
  const cache = new Cache(configMapType);
  cache.replace([object('same', '1'), object('changed', '1'), object('gone', '1')]);
  const changes: string[] = [];
  cache.subscribe((change) => changes.push(text(change)));
  assert.deepEqual(changes.splice(0).toSorted(), ['set changed listed', 'set gone listed', 'set same listed']);
  cache.replace([object('same', '1'), object('changed', '2'), object('new', '1')]);
  assert.deepEqual(changes, ['removed gone listed', 'set changed listed', 'set new listed']);
});

test('a watch\'s changes are told as live, with the state before', () => {
  const cache = new Cache(configMapType);
  const changes: CacheChange<KubeObject>[] = [];
  const end = cache.subscribe((change) => changes.push(change));
  cache.set(object('a', '1'));
  cache.set(object('a', '2'));
  cache.remove(object('a', '3'));
  cache.remove(object('never-seen', '4'));
  end();
  cache.set(object('b', '5'));
  assert.deepEqual(changes.map(text), ['set a live', 'set a live', 'removed a live']);
  assert.equal(changes[1]?.previous?.metadata.resourceVersion, '1');
  assert.equal(changes[2]?.previous?.metadata.resourceVersion, '3');
});

test('a cache covers its namespace and its selector', () => {
  const cache = new Cache(configMapType, { namespace: 'one', labelSelector: 'app=x' });
  assert.equal(cache.covers(object('a', '1', { labels: { app: 'x' } })), true);
  assert.equal(cache.covers(object('a', '1', { labels: { app: 'y' } })), false);
  assert.equal(cache.covers(object('a', '1', { namespace: 'two', labels: { app: 'x' } })), false);
});
