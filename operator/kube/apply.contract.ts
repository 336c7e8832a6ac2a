/** Contract of KubeClient: server-side apply. */
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import type { Bench } from './contract-bench.contract.ts';
import { present, version } from './contract-bench.contract.ts';
import { podType } from './resource-types.ts';
import type { Pod } from './resource-types.ts';

export function applies(bench: Bench): void {
  test('apply creates what is not there, and changes nothing the second time', async () => {
    const object = bench.widget(bench.name('applied'), { size: 2, labels: { a: '1' } });
    const first = await bench.applyWidget(object, 'one');
    const second = await bench.applyWidget(object, 'one');
    assert.equal(version(second), version(first));
    assert.equal(first.metadata.generation, 1);
  });

  test('apply keeps the fields of others', async () => {
    const name = bench.name('applied');
    await bench.applyWidget(bench.widget(name, { size: 2, labels: { a: '1' } }), 'one');
    const both = await bench.applyWidget(bench.widget(name, { labels: { b: '2' }, note: 'n' }), 'two');
    assert.deepEqual([both.spec.size, both.spec.labels, both.spec.note], [2, { a: '1', b: '2' }, 'n']);
  });

  test('apply of another\'s field is a conflict that names the owner; with force it takes over', async () => {
    const name = bench.name('applied');
    await bench.applyWidget(bench.widget(name, { size: 2 }), 'one');
    await bench.refused('Conflict', 409, bench.applyWidget(bench.widget(name, { size: 3 }), 'two'), /"one"[^]*spec\.size/);
    assert.equal((await bench.applyWidget(bench.widget(name, { size: 3 }), 'two', true)).spec.size, 3);
    await bench.refused('Conflict', 409, bench.applyWidget(bench.widget(name, { size: 2 }), 'one'), /"two"/);
  });

  test('apply of the same value shares the field', async () => {
    const name = bench.name('applied');
    await bench.applyWidget(bench.widget(name, { size: 2 }), 'one');
    await bench.applyWidget(bench.widget(name, { size: 2 }), 'two');
    assert.equal((await bench.applyWidget(bench.widget(name, {}), 'one')).spec.size, 2);
    await bench.refused('Conflict', 409, bench.applyWidget(bench.widget(name, { size: 3 }), 'one'), /"two"/);
  });

  test('apply removes what its manager no longer applies', async () => {
    const name = bench.name('applied');
    await bench.applyWidget(bench.widget(name, { size: 2, note: 'mine', labels: { a: '1', b: '2' } }, { labels: { x: 'y' }, annotations: { p: 'q' } }), 'one');
    const less = await bench.applyWidget(bench.widget(name, { size: 2, labels: { a: '1' } }), 'one');
    assert.deepEqual([less.spec.note, less.spec.labels, less.metadata.labels, less.metadata.annotations], [undefined, { a: '1' }, undefined, undefined]);
  });

  test('a default comes back when the field is no longer applied', async () => {
    const name = bench.name('applied');
    await bench.applyWidget(bench.widget(name, { size: 5 }), 'one');
    assert.equal((await bench.applyWidget(bench.widget(name, { note: 'n' }), 'one')).spec.size, 1);
  });

  test('apply merges lists of a map type by their key', async () => {
    const name = bench.name('applied');
    await bench.applyWidget(bench.widget(name, { env: [{ name: 'A', value: '1' }, { name: 'B', value: '2' }] }), 'one');
    const both = await bench.applyWidget(bench.widget(name, { env: [{ name: 'C', value: '3' }] }), 'two');
    assert.deepEqual(both.spec.env?.map((each) => each.name).toSorted(), ['A', 'B', 'C']);
    const less = await bench.applyWidget(bench.widget(name, { env: [{ name: 'B', value: '9' }] }), 'one');
    assert.deepEqual(less.spec.env?.toSorted((a, b) => (a.name < b.name ? -1 : 1)), [{ name: 'B', value: '9' }, { name: 'C', value: '3' }]);
  });

  test('apply replaces lists of no declared type as a whole', async () => {
    const name = bench.name('applied');
    await bench.applyWidget(bench.widget(name, { words: ['a', 'b'] }), 'one');
    await bench.refused('Conflict', 409, bench.applyWidget(bench.widget(name, { words: ['c'] }), 'two'), /words/);
    assert.deepEqual((await bench.applyWidget(bench.widget(name, { words: ['c'] }), 'two', true)).spec.words, ['c']);
  });

  test('apply merges a pod\'s containers by name', async () => {
    const name = bench.name('applied');
    const env = [{ name: 'A', value: '1' }];
    await bench.client.apply(podType, bench.pod(name, [{ name: 'main', image: 'one', env }]), { fieldManager: 'one', force: false }, bench.signal);
    const other: Pod = {
      apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: bench.namespace }, spec: { containers: [{ name: 'main', image: 'two' }] },
    };
    await bench.refused('Conflict', 409, bench.client.apply(podType, other, { fieldManager: 'two', force: false }, bench.signal));
    const merged = await bench.client.apply(podType, other, { fieldManager: 'two', force: true }, bench.signal);
    const [container, ...rest] = merged.spec?.containers ?? [];
    assert.deepEqual([container?.image, container?.['env'], rest.length], ['two', env, 0]);
  });

  test('apply after an update takes over only with force', async () => {
    const created = await bench.createWidget(bench.widget(bench.name('applied'), { size: 2 }));
    await bench.refused('Conflict', 409, bench.applyWidget(bench.widget(created.metadata.name, { size: 3 }), 'two'), /spec\.size/);
    assert.equal((await bench.applyWidget(bench.widget(created.metadata.name, { size: 3 }), 'two', true)).spec.size, 3);
  });

  test('apply of what its schema refuses changes nothing', async () => {
    const name = bench.name('applied');
    const first = await bench.applyWidget(bench.widget(name, { size: 2 }), 'one');
    await bench.refused('Invalid', 422, bench.applyWidget(bench.widget(name, { size: 101 }), 'one'), /spec\.size/);
    assert.equal(version(present(await bench.getWidget(name))), version(first));
  });
}
