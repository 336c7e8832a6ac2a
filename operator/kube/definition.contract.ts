/** Contract of KubeClient: what a CustomResourceDefinition's schema does to objects. */
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import type { Bench } from './contract-bench.contract.ts';
import type { Widget } from './widget.contract.ts';
import { widgetType } from './widget.contract.ts';

export function definitions(bench: Bench): void {
  const check = (name: string, spec: unknown, message: RegExp): void => {
    test(`refused: ${name}`, async () => {
      await bench.refused('Invalid', 422, bench.createWidget(bench.widget(bench.name('refused'), spec as Widget['spec'])), message);
    });
  };

  test('defaults are filled in, nested ones too', async () => {
    const created = await bench.createWidget(bench.widget(bench.name('defaults'), {}));
    assert.equal(created.spec.size, 1);
    assert.deepEqual(created.spec.range, undefined);
    const nested = await bench.createWidget(bench.widget(bench.name('defaults'), { range: {} }));
    assert.deepEqual(nested.spec.range, { min: 0, max: 10 });
  });

  test('unknown fields are dropped, except where the schema keeps them', async () => {
    const spec = { unknown: 1, free: { anything: { goes: [1, 'two'] } }, range: { min: 1, max: 2, odd: true } };
    const created = await bench.createWidget(bench.widget(bench.name('pruned'), spec as Widget['spec']));
    assert.deepEqual(created.spec, { size: 1, free: { anything: { goes: [1, 'two'] } }, range: { min: 1, max: 2 } });
  });

  test('a quantity may be a number or a text', async () => {
    for (const memory of [1024, '1Gi']) {
      assert.equal((await bench.createWidget(bench.widget(bench.name('quantity'), { memory }))).spec.memory, memory);
    }
  });

  check('a number for a text', { note: 5 }, /spec\.note/);
  check('a text for a number', { size: 'big' }, /spec\.size/);
  check('a fraction for an integer', { size: 1.5 }, /spec\.size/);
  check('a number below the minimum', { size: 0 }, /spec\.size/);
  check('a number above the maximum', { size: 101 }, /spec\.size/);
  check('a word that is not among the choices', { colour: 'mauve' }, /spec\.colour[^]*(red|green)/);
  check('a text that does not match the pattern', { code: 'abc' }, /spec\.code/);
  check('a text that is too long', { note: 'x'.repeat(65) }, /spec\.note/);
  check('a list that is too long', { words: ['1', '2', '3', '4', '5'] }, /spec\.words/);
  check('an element without its required field', { env: [{ value: '1' }] }, /spec\.env\[0\]\.name/);
  check('two elements of one key', { env: [{ name: 'A', value: '1' }, { name: 'A', value: '2' }] }, /spec\.env\[1\]/);
  check('a minimum above the maximum', { range: { min: 5, max: 4 } }, /spec\.range[^]*min must not exceed max/);
  check('neither memory nor text where one is needed', { memory: { nested: true } }, /spec\.memory/);

  test('refused: a missing spec', async () => {
    const { spec: _, ...bare } = bench.widget(bench.name('refused'), {});
    await bench.refused('Invalid', 422, bench.createWidget(bare as Widget), /spec/);
  });

  test('refused: a name that a rule of the schema finds too long', async () => {
    await bench.refused('Invalid', 422, bench.createWidget(bench.widget(`${bench.name('long')}-${'x'.repeat(40)}`, {})), /at most 40 characters/);
  });

  test('a field that a rule makes immutable cannot be changed, the others can', async () => {
    const created = await bench.createWidget(bench.widget(bench.name('immutable'), { code: 'a-1', size: 1 }));
    const changed = { ...created, spec: { ...created.spec, code: 'b-2' } };
    await bench.refused('Invalid', 422, bench.client.update(widgetType, changed, bench.signal), /code cannot be changed/);
    const grown = await bench.client.update(widgetType, { ...created, spec: { ...created.spec, size: 2 } }, bench.signal);
    assert.equal(grown.spec.size, 2);
  });

  test('several errors are told at once', async () => {
    const spec = { size: 0, colour: 'mauve' } as unknown as Widget['spec'];
    await bench.refused('Invalid', 422, bench.createWidget(bench.widget(bench.name('refused'), spec)), /(?=[^]*spec\.size)(?=[^]*spec\.colour)/);
  });

  test('refused: a status that its schema does not allow', async () => {
    const created = await bench.createWidget(bench.widget(bench.name('status'), {}));
    const wrong = { ...created, status: { phase: 'Dreaming' } } as unknown as Widget;
    await bench.refused('Invalid', 422, bench.client.updateStatus(widgetType, wrong, bench.signal), /status\.phase/);
  });
}
