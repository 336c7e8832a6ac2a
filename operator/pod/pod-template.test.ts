import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { mergePodTemplate } from './pod-template.ts';

const cases: readonly (readonly [what: string, rendered: object, template: object, merged: object])[] = [
  ['fields are merged one by one', { a: 1, b: { c: 1 } }, { b: { d: 2 } }, { a: 1, b: { c: 1, d: 2 } }],
  ['null removes a field', { a: 1, b: 2 }, { b: null }, { a: 1 }],
  ['containers are merged by name, new ones follow', { containers: [{ name: 'x', image: 'i', env: [{ name: 'A', value: '1' }] }] }, { containers: [{ name: 'x', env: [{ name: 'B', value: '2' }] }, { name: 'y' }] }, { containers: [{ name: 'x', image: 'i', env: [{ name: 'A', value: '1' }, { name: 'B', value: '2' }] }, { name: 'y' }] }],
  ['a volume of another kind takes the place of the rendered one', { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'c' } }] }, { volumes: [{ name: 'data', emptyDir: {} }] }, { volumes: [{ name: 'data', emptyDir: {} }] }],
  ['a volume of the same kind is merged', { volumes: [{ name: 'tmp', emptyDir: { sizeLimit: '1Gi' } }] }, { volumes: [{ name: 'tmp', emptyDir: { medium: 'Memory' } }] }, { volumes: [{ name: 'tmp', emptyDir: { sizeLimit: '1Gi', medium: 'Memory' } }] }],
  ['other lists are replaced', { args: ['a', 'b'] }, { args: ['c'] }, { args: ['c'] }],
];
for (const [what, rendered, template, merged] of cases) {
  test(what, () => assert.deepEqual(mergePodTemplate(rendered as never, template as never), merged));
}
