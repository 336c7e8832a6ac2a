/**
 * What every KubeClient must do, in the words of the real API server: the suite runs on the
 * in-process API server in `make test` and on a real cluster in `make e2e`, and where the two ever
 * differed, the real one is right.
 */
import { strict as assert } from 'node:assert';
import { after, before, describe, test } from 'node:test';
import { applies } from './apply.contract.ts';
import type { KubeObject } from './client.ts';
import type { ContractTarget } from './contract-bench.contract.ts';
import { Bench, eventually, present, version } from './contract-bench.contract.ts';
import { definitions } from './definition.contract.ts';
import { configMapType, podType, secretType } from './resource-types.ts';
import type { ConfigMap, Pod, Secret } from './resource-types.ts';
import { watches } from './watch.contract.ts';
import { widgetDefinition, widgetType } from './widget.contract.ts';
import type { Widget } from './widget.contract.ts';

export { applyDefinition } from './contract-bench.contract.ts';
export type { ContractTarget } from './contract-bench.contract.ts';

/** Registers the suite. `factory` is called once; its target is closed at the end. */
export function kubeClientContract(name: string, factory: () => Promise<ContractTarget>): void {
  describe(name, () => {
    let target: ContractTarget;
    before(async () => {
      target = await factory();
      await target.installDefinition(widgetDefinition);
    });
    after(async () => {
      await target?.close();
    });
    const bench = new Bench(() => target);
    reads(bench);
    writes(bench);
    generations(bench);
    patches(bench);
    deletions(bench);
    garbage(bench);
    watches(bench);
    applies(bench);
    definitions(bench);
  });
}

function reads(bench: Bench): void {
  test('an object that is not there reads as undefined', async () => {
    assert.equal(await bench.getConfigMap('nobody'), undefined);
    assert.equal(await bench.getWidget('nobody'), undefined);
  });

  test('a created object carries identity, version and time, and reads back the same', async () => {
    const name = bench.name('created');
    const created = await bench.createConfigMap(bench.configMap(name, { a: '1' }, { labels: { l: 'v' }, annotations: { n: 'w' } }));
    assert.match(created.metadata.uid ?? '', /^[0-9a-f-]{36}$/);
    assert.match(created.metadata.creationTimestamp ?? '', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    version(created);
    assert.deepEqual(await bench.getConfigMap(name), created);
    assert.deepEqual([created.apiVersion, created.kind, created.data, created.metadata.labels, created.metadata.annotations],
      ['v1', 'ConfigMap', { a: '1' }, { l: 'v' }, { n: 'w' }]);
  });

  test('a list selects by label and by name, and its items carry apiVersion and kind', async () => {
    const set = bench.name('set');
    for (const colour of ['red', 'green', 'blue']) {
      await bench.createConfigMap(bench.configMap(`${set}-${colour}`, {}, { labels: { set, colour } }));
    }
    const names = async (labelSelector: string, fieldSelector?: string): Promise<readonly string[]> => {
      const options = { namespace: bench.namespace, labelSelector, ...(fieldSelector === undefined ? {} : { fieldSelector }) };
      const list = await bench.client.list<ConfigMap>(configMapType, options, bench.signal);
      assert.ok(list.items.every((item) => item.apiVersion === 'v1' && item.kind === 'ConfigMap'));
      return list.items.map((item) => item.metadata.name.slice(set.length + 1)).toSorted();
    };
    assert.deepEqual(await names(`set=${set}`), ['blue', 'green', 'red']);
    assert.deepEqual(await names(`set=${set},colour=red`), ['red']);
    assert.deepEqual(await names(`set=${set},colour!=red`), ['blue', 'green']);
    assert.deepEqual(await names(`set=${set},colour in (red,blue)`), ['blue', 'red']);
    assert.deepEqual(await names(`set=${set},colour notin (red,blue)`), ['green']);
    assert.deepEqual(await names(`set=${set},!colour`), []);
    assert.deepEqual(await names(`set=${set},colour`, `metadata.name=${set}-green`), ['green']);
  });

  test('a list comes in pages of one version that together are complete', async () => {
    const set = bench.name('paged');
    const expected = ['0', '1', '2', '3', '4'].map((index) => `${set}-${index}`);
    for (const name of expected) await bench.createConfigMap(bench.configMap(name, {}, { labels: { set } }));
    const seen: string[] = [];
    const versions = new Set<string>();
    let next: string | undefined;
    let pages = 0;
    do {
      const list = await bench.client.list(configMapType, {
        namespace: bench.namespace, labelSelector: `set=${set}`, limit: 2, ...(next === undefined ? {} : { continue: next }),
      }, bench.signal);
      seen.push(...list.items.map((item) => item.metadata.name));
      versions.add(list.resourceVersion);
      next = list.continue;
      pages += 1;
    } while (next !== undefined);
    assert.deepEqual([seen.toSorted(), pages, versions.size], [expected, 3, 1]);
  });

  test('a list without namespace covers all namespaces', async () => {
    const set = `${bench.name('everywhere')}-${process.pid}`;
    await bench.createConfigMap(bench.configMap(set, {}, { labels: { set } }));
    const list = await bench.client.list(configMapType, { labelSelector: `set=${set}` }, bench.signal);
    assert.ok(list.items.some((item) => item.metadata.namespace === bench.namespace));
  });

  test('a call whose signal is aborted rejects with the signal\'s reason', async () => {
    const reason = new Error('stop');
    await assert.rejects(bench.client.get(configMapType, bench.namespace, 'x', AbortSignal.abort(reason)), reason);
    await assert.rejects(bench.client.list(configMapType, {}, AbortSignal.abort(reason)), reason);
  });
}

function writes(bench: Bench): void {
  test('a second object of the same name is refused', async () => {
    const object = bench.configMap(bench.name('twice'));
    await bench.createConfigMap(object);
    await bench.refused('AlreadyExists', 409, bench.createConfigMap(object));
  });

  test('a name that is no DNS name is refused', async () => {
    await bench.refused('Invalid', 422, bench.createConfigMap(bench.configMap('Not_A_Name')), /metadata\.name/);
  });

  test('an update of the version that is current wins, of an older one is a conflict', async () => {
    const first = await bench.createConfigMap(bench.configMap(bench.name('race'), { step: '1' }));
    const second = await bench.client.update(configMapType, { ...first, data: { step: '2' } }, bench.signal);
    assert.notEqual(version(second), version(first));
    await bench.refused('Conflict', 409, bench.client.update(configMapType, { ...first, data: { step: '3' } }, bench.signal));
    assert.deepEqual((await bench.getConfigMap(first.metadata.name))?.data, { step: '2' });
  });

  test('an update without version overwrites built-in types and is refused for custom ones', async () => {
    const name = bench.name('blind');
    await bench.createConfigMap(bench.configMap(name, { step: '1', old: 'x' }));
    const updated = await bench.client.update(configMapType, bench.configMap(name, { step: '2' }), bench.signal);
    assert.deepEqual(updated.data, { step: '2' });
    await bench.createWidget(bench.widget(name, { size: 2 }));
    await bench.refused('Invalid', 422, bench.client.update(widgetType, bench.widget(name, { size: 3 }), bench.signal), /resourceVersion/);
  });

  test('an update of what is not there is refused', async () => {
    await bench.refused('NotFound', 404, bench.client.update(configMapType, { ...bench.configMap('nobody'), metadata: { name: 'nobody', namespace: bench.namespace } }, bench.signal)
      .then((object) => assert.fail(`created ${object.metadata.name}`)));
  });

  test('an update that changes nothing keeps the version', async () => {
    const created = await bench.createConfigMap(bench.configMap(bench.name('same'), { a: '1' }));
    assert.equal(version(await bench.client.update(configMapType, created, bench.signal)), version(created));
  });

  test('an update cannot change what the server sets', async () => {
    const created = await bench.createConfigMap(bench.configMap(bench.name('identity')));
    const other = { ...created, metadata: { ...created.metadata, uid: '00000000-0000-4000-8000-000000000000' } };
    await bench.refused('Conflict', 409, bench.client.update(configMapType, other, bench.signal), /uid/i);
  });

  test('a Secret\'s stringData is stored in data', async () => {
    const name = bench.name('secret');
    const secret: Secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: bench.namespace }, stringData: { token: 'hello' } };
    const created = await bench.client.create(secretType, secret, bench.signal);
    assert.deepEqual([created.data, created.stringData, created.type], [{ token: 'aGVsbG8=' }, undefined, 'Opaque']);
  });

  test('a pod\'s status is written apart from its spec', async () => {
    const created = await bench.client.create(podType, bench.pod(bench.name('status'), [{ name: 'main', image: 'one' }]), bench.signal);
    const changed: Pod = { ...created, status: { ...created.status, message: 'halfway' } };
    const updated = await bench.client.updateStatus(podType, {
      ...changed, metadata: withoutVersion(changed.metadata),
      spec: { containers: [{ name: 'main', image: 'two' }] },
    }, bench.signal);
    assert.deepEqual([updated.status?.message, updated.spec?.containers[0]?.image], ['halfway', 'one']);
  });
}

function withoutVersion(metadata: KubeObject['metadata']): KubeObject['metadata'] {
  const { resourceVersion: _, ...rest } = metadata;
  return rest;
}

function generations(bench: Bench): void {
  test('the generation counts changes of the spec, and of nothing else', async () => {
    const created = await bench.createWidget(bench.widget(bench.name('generation'), { size: 1 }));
    assert.equal(created.metadata.generation, 1);
    const labelled = await bench.client.update(widgetType, { ...created, metadata: { ...created.metadata, labels: { a: 'b' } } }, bench.signal);
    assert.equal(labelled.metadata.generation, 1);
    const reported = await bench.client.updateStatus(widgetType, { ...labelled, status: { phase: 'Busy' } }, bench.signal);
    assert.equal(reported.metadata.generation, 1);
    const grown = await bench.client.update(widgetType, { ...reported, spec: { ...reported.spec, size: 2 } }, bench.signal);
    assert.equal(grown.metadata.generation, 2);
    const applied = await bench.applyWidget(bench.widget(created.metadata.name, { size: 3 }), 'grower', true);
    assert.equal(applied.metadata.generation, 3);
    const patched = await bench.client.patch<Widget>(widgetType, bench.namespace, created.metadata.name, { spec: { size: 4 } }, bench.signal);
    assert.equal(patched.metadata.generation, 4);
  });

  test('status is written through its subresource only, and the subresource writes nothing else', async () => {
    const created = await bench.createWidget({ ...bench.widget(bench.name('isolation'), { size: 1 }), status: { phase: 'Sneaked' } });
    assert.equal(created.status?.phase, undefined);
    const reported = await bench.client.updateStatus(widgetType,
      { ...created, spec: { size: 9 }, metadata: { ...created.metadata, labels: { sneaked: 'in' } }, status: { phase: 'Busy' } }, bench.signal);
    assert.deepEqual([reported.status?.phase, reported.spec.size, reported.metadata.labels], ['Busy', 1, undefined]);
    const updated = await bench.client.update(widgetType, { ...reported, spec: { ...reported.spec, size: 2 }, status: { phase: 'Sneaked' } }, bench.signal);
    assert.deepEqual([updated.status?.phase, updated.spec.size], ['Busy', 2]);
    const applied = await bench.applyWidget({ ...bench.widget(created.metadata.name, { size: 2 }), status: { phase: 'Sneaked' } }, 'sneaker', true);
    assert.equal(applied.status?.phase, 'Busy');
    await bench.refused('Conflict', 409, bench.client.updateStatus(widgetType, { ...created, status: { phase: 'Late' } }, bench.signal));
  });

  test('a status that changes nothing keeps the version', async () => {
    const created = await bench.createWidget(bench.widget(bench.name('quiet'), { size: 1 }));
    const first = await bench.client.updateStatus(widgetType, { ...created, status: { phase: 'Busy' } }, bench.signal);
    const second = await bench.client.updateStatus(widgetType, first, bench.signal);
    assert.equal(version(second), version(first));
  });

  test('a status of what is not there is refused', async () => {
    const ghost = { ...bench.widget('nobody', { size: 1 }), status: { phase: 'Busy' } };
    await bench.refused('NotFound', 404, bench.client.updateStatus(widgetType, ghost, bench.signal));
  });
}

function patches(bench: Bench): void {
  test('a merge patch sets, merges, and removes by null', async () => {
    const created = await bench.createConfigMap(bench.configMap(bench.name('patched'), { keep: '1', change: '1', drop: '1' }));
    const patched = await bench.client.patch<ConfigMap>(configMapType, bench.namespace, created.metadata.name,
      { data: { change: '2', drop: null, add: '3' }, metadata: { labels: { l: 'v' } } }, bench.signal);
    assert.deepEqual(patched.data, { keep: '1', change: '2', add: '3' });
    assert.deepEqual(patched.metadata.labels, { l: 'v' });
  });

  test('a merge patch that changes nothing keeps the version', async () => {
    const created = await bench.createConfigMap(bench.configMap(bench.name('patched'), { a: '1' }));
    const patched = await bench.client.patch(configMapType, bench.namespace, created.metadata.name, { data: { a: '1' } }, bench.signal);
    assert.equal(version(patched), version(created));
  });

  test('a merge patch with a version is refused when that is not current', async () => {
    const created = await bench.createConfigMap(bench.configMap(bench.name('patched'), { a: '1' }));
    await bench.client.patch(configMapType, bench.namespace, created.metadata.name, { data: { a: '2' } }, bench.signal);
    const late = { metadata: { resourceVersion: version(created) }, data: { a: '3' } };
    await bench.refused('Conflict', 409, bench.client.patch(configMapType, bench.namespace, created.metadata.name, late, bench.signal));
  });

  test('a merge patch of what is not there is refused', async () => {
    await bench.refused('NotFound', 404, bench.client.patch(configMapType, bench.namespace, 'nobody', { data: { a: '1' } }, bench.signal));
  });
}

function deletions(bench: Bench): void {
  test('a deleted object is gone, and deleting it again is no error', async () => {
    const { metadata: { name } } = await bench.createConfigMap(bench.configMap(bench.name('deleted')));
    await bench.delete(configMapType, name);
    assert.equal(await bench.getConfigMap(name), undefined);
    await bench.delete(configMapType, name);
  });

  test('a deletion is refused when the uid or the version is another', async () => {
    const created = await bench.createConfigMap(bench.configMap(bench.name('precondition')));
    const { name } = created.metadata;
    await bench.refused('Conflict', 409, bench.delete(configMapType, name, { uid: '00000000-0000-4000-8000-000000000000' }));
    const updated = await bench.client.update(configMapType, { ...created, data: { a: '1' } }, bench.signal);
    await bench.refused('Conflict', 409, bench.delete(configMapType, name, { resourceVersion: version(created) }));
    await bench.delete(configMapType, name, { uid: updated.metadata.uid ?? '', resourceVersion: version(updated) });
    assert.equal(await bench.getConfigMap(name), undefined);
  });

  test('an object with a finalizer is marked as going, and goes when the last finalizer does', async () => {
    const name = bench.name('finalized');
    await bench.createWidget(bench.widget(name, { size: 1 }, { finalizers: ['headrace.dev/one', 'headrace.dev/two'] }));
    await bench.delete(widgetType, name);
    const going = present(await bench.getWidget(name));
    assert.match(going.metadata.deletionTimestamp ?? '', /^\d{4}-/);
    assert.equal(going.metadata.generation, 2);
    const half = await bench.client.update(widgetType, { ...going, metadata: { ...going.metadata, finalizers: ['headrace.dev/two'] } }, bench.signal);
    assert.equal(half.metadata.deletionTimestamp, going.metadata.deletionTimestamp);
    await bench.delete(widgetType, name);
    assert.ok(await bench.getWidget(name));
    await bench.client.patch(widgetType, bench.namespace, name, { metadata: { finalizers: [] } }, bench.signal);
    assert.equal(await bench.getWidget(name), undefined);
  });

  test('an object that is going takes no new finalizer', async () => {
    const name = bench.name('finalized');
    await bench.createWidget(bench.widget(name, { size: 1 }, { finalizers: ['headrace.dev/one'] }));
    await bench.delete(widgetType, name);
    const more = { metadata: { finalizers: ['headrace.dev/one', 'headrace.dev/late'] } };
    await bench.refused('Invalid', 422, bench.client.patch(widgetType, bench.namespace, name, more, bench.signal), /finalizers/);
    await bench.client.patch(widgetType, bench.namespace, name, { metadata: { finalizers: null } }, bench.signal);
  });
}

/** Owners are of a built-in type: the collector takes a while to notice a type that was defined a moment ago. */
function garbage(bench: Bench): void {
  const dependent = async (owner: KubeObject, name: string): Promise<ConfigMap> => bench.createConfigMap(bench.configMap(name, {}, {
    ownerReferences: [{ apiVersion: owner.apiVersion, kind: owner.kind, name: owner.metadata.name, uid: owner.metadata.uid ?? '', controller: true, blockOwnerDeletion: true }],
  }));
  const skip = (): boolean => !bench.target.collectsGarbage;

  test('what a deleted object owned is deleted after it', async (t) => {
    if (skip()) return t.skip('nothing collects garbage here');
    const owner = await bench.createConfigMap(bench.configMap(bench.name('owner')));
    const child = await dependent(owner, bench.name('child'));
    await bench.delete(configMapType, owner.metadata.name, { propagationPolicy: 'Background' });
    await eventually('the dependent is gone', async () => (await bench.getConfigMap(child.metadata.name)) === undefined);
  });

  test('a foreground deletion deletes the dependents first', async (t) => {
    if (skip()) return t.skip('nothing collects garbage here');
    const owner = await bench.createConfigMap(bench.configMap(bench.name('owner')));
    const child = await dependent(owner, bench.name('child'));
    await bench.delete(configMapType, owner.metadata.name, { propagationPolicy: 'Foreground' });
    await eventually('the owner is gone', async () => (await bench.getConfigMap(owner.metadata.name)) === undefined);
    assert.equal(await bench.getConfigMap(child.metadata.name), undefined);
  });

  test('an orphaning deletion leaves the dependents', async (t) => {
    if (skip()) return t.skip('nothing collects garbage here');
    const owner = await bench.createConfigMap(bench.configMap(bench.name('owner')));
    const child = await dependent(owner, bench.name('child'));
    await bench.delete(configMapType, owner.metadata.name, { propagationPolicy: 'Orphan' });
    await eventually('the owner is gone', async () => (await bench.getConfigMap(owner.metadata.name)) === undefined);
    assert.equal(present(await bench.getConfigMap(child.metadata.name)).metadata.ownerReferences, undefined);
  });

  test('an object whose owner is of another identity is deleted', async (t) => {
    if (skip()) return t.skip('nothing collects garbage here');
    const owner = await bench.createConfigMap(bench.configMap(bench.name('owner')));
    const stranger = { ...owner, metadata: { ...owner.metadata, uid: '00000000-0000-4000-8000-000000000000' } };
    const child = await dependent(stranger, bench.name('child'));
    await eventually('the dependent is gone', async () => (await bench.getConfigMap(child.metadata.name)) === undefined);
    assert.ok(await bench.getConfigMap(owner.metadata.name));
  });
}
