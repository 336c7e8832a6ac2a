/** Contract of KubeClient: watches. */
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { WatchEvent } from './client.ts';
import type { Bench } from './contract-bench.contract.ts';
import { eventually, version } from './contract-bench.contract.ts';
import { configMapType } from './resource-types.ts';
import type { ConfigMap } from './resource-types.ts';
import { widgetType } from './widget.contract.ts';

export function watches(bench: Bench): void {
  test('a watch tells every change after a version, in order', async () => {
    const start = await bench.currentVersion();
    const name = bench.name('watched');
    const first = await bench.createConfigMap(bench.configMap(name, { step: '1' }));
    await bench.client.update(configMapType, { ...first, data: { step: '2' } }, bench.signal);
    await bench.delete(configMapType, name);
    assert.deepEqual(await bench.changes(start, 3), [`ADDED ${name} 1`, `MODIFIED ${name} 2`, `DELETED ${name} 2`]);
    assert.deepEqual(await bench.changes(version(first), 2), [`MODIFIED ${name} 2`, `DELETED ${name} 2`]);
  });

  test('a watch tells changes that happen while it runs', async () => {
    const start = await bench.currentVersion();
    const name = bench.name('live');
    const changes = bench.changes(start, 2);
    const first = await bench.createConfigMap(bench.configMap(name, { step: '1' }));
    await bench.client.update(configMapType, { ...first, data: { step: '2' } }, bench.signal);
    assert.deepEqual(await changes, [`ADDED ${name} 1`, `MODIFIED ${name} 2`]);
    await bench.delete(configMapType, name);
  });

  test('a deletion is told with a version of its own', async () => {
    const created = await bench.createConfigMap(bench.configMap(bench.name('last')));
    await bench.delete(configMapType, created.metadata.name);
    const options = { namespace: bench.namespace, resourceVersion: version(created), timeoutSeconds: 30 };
    for await (const event of bench.client.watch(configMapType, options, bench.signal)) {
      if (event.type === 'BOOKMARK') continue;
      assert.equal(event.type, 'DELETED');
      assert.notEqual(version(event.object), version(created));
      assert.deepEqual([event.object.apiVersion, event.object.kind, event.object.metadata.uid], ['v1', 'ConfigMap', created.metadata.uid]);
      break;
    }
  });

  test('to a watch with a selector, an object that ceases to match is deleted, one that begins to match is added', async () => {
    const start = await bench.currentVersion();
    const name = bench.name('selected');
    const label = (value: string): object => ({ metadata: { labels: { watched: value } }, data: { step: value } });
    await bench.createConfigMap(bench.configMap(name, { step: 'none' }));
    await bench.client.patch(configMapType, bench.namespace, name, label(name), bench.signal);
    await bench.client.patch(configMapType, bench.namespace, name, label('other'), bench.signal);
    await bench.delete(configMapType, name);
    assert.deepEqual((await bench.changes(start, 2, `watched=${name}`)).map((change) => change.split(' ')[0]), ['ADDED', 'DELETED']);
  });

  test('a watch ends at its time-out, after a bookmark that a later watch can go on from', async () => {
    const start = await bench.currentVersion();
    const events: WatchEvent<ConfigMap>[] = [];
    const options = { namespace: bench.namespace, labelSelector: 'watched=nothing', resourceVersion: start, timeoutSeconds: 5 };
    const watching = (async () => {
      for await (const event of bench.client.watch<ConfigMap>(configMapType, options, bench.signal)) events.push(event);
      return 'over' as const;
    })();
    // The server tells a bookmark only if something happened meanwhile, and the selector keeps that out of the events.
    while (await Promise.race([watching, delay(250)]) !== 'over') await bench.createConfigMap(bench.configMap(bench.name('unselected')));
    assert.deepEqual(events.filter((event) => event.type !== 'BOOKMARK'), []);
    const bookmark = events.findLast((event) => event.type === 'BOOKMARK');
    assert.ok(bookmark?.type === 'BOOKMARK', 'no bookmark');
    const name = bench.name('after-bookmark');
    await bench.createConfigMap(bench.configMap(name, {}, { labels: { watched: 'nothing' } }));
    assert.deepEqual(await bench.changes(bookmark.resourceVersion, 1, 'watched=nothing'), [`ADDED ${name}`]);
  });

  test('a watch from a version that is too old is refused as expired', async () => {
    const options = { namespace: bench.namespace, resourceVersion: bench.target.expiredVersion, timeoutSeconds: 5 };
    await bench.refused('Expired', 410, (async () => {
      for await (const event of bench.client.watch(widgetType, options, bench.signal)) assert.fail(`told ${event.type}`);
    })());
  });

  test('an aborted watch rejects with the signal\'s reason', async () => {
    const stop = new AbortController();
    const reason = new Error('stop');
    const watching = (async () => {
      const options = { namespace: bench.namespace, resourceVersion: await bench.currentVersion(), timeoutSeconds: 60 };
      for await (const event of bench.client.watch(configMapType, options, stop.signal)) if (event.type !== 'BOOKMARK') stop.abort(reason);
    })();
    const caught = assert.rejects(watching, reason);
    await eventually('the watch is over', async () => {
      await bench.createConfigMap(bench.configMap(bench.name('trigger')));
      return stop.signal.aborted;
    });
    await caught;
  });
}
