import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Environment } from '@marcbachmann/cel-js';
import { generatedFiles } from './crd/generated-files.ts';
import { customResourceDefinition, kinds } from './crd/custom-resource-definition.ts';
import { changeOf, conditionTypes, phases, sparkJobSpecSchema } from './spark-job.ts';
import type { CelRule } from './rule.ts';
import { rulesKey } from './rule.ts';

const root = join(import.meta.dirname, '../..');
const crd = customResourceDefinition(kinds[0] ?? assert.fail());
const rootSchema = crd.spec.versions[0]?.schema.openAPIV3Schema ?? assert.fail();
const specSchema = rootSchema.properties?.['spec'] ?? assert.fail();

for (const [path, text] of generatedFiles()) {
  test(`${path} is up to date`, () => {
    assert.equal(readFileSync(join(root, path), 'utf8'), text, 'stale: run make generate');
  });
}

test('each CRD stays under 60 KB, so that kubectl apply can annotate it', () => {
  for (const [path, text] of generatedFiles()) {
    if (path.startsWith('crds/')) assert.ok(Buffer.byteLength(text) < 60_000, `${path}: ${Buffer.byteLength(text)} bytes`);
  }
});

test('every field of the spec says what an edit of it does', () => {
  assert.deepEqual(Object.keys(changeOf).toSorted(), Object.keys(specSchema.properties ?? {}).toSorted());
});

test('a spec with only an application gets its defaults', () => {
  assert.deepEqual(sparkJobSpecSchema.parse({ application: { sql: 'SELECT 1' } }), {
    application: { sql: 'SELECT 1' },
    driver: {},
    executor: { instances: 1 },
    restartPolicy: { type: 'Never', maxRetries: 3, backoffSeconds: 10, maxBackoffSeconds: 300 },
    suspend: false,
  });
});

/** Schema and rules by the place of the object in the spec that they judge. */
const places: readonly { readonly place: string; readonly wrap: (value: unknown) => unknown; readonly schema: typeof specSchema }[] = [
  { place: 'application', wrap: (application) => ({ application }), schema: specSchema.properties?.['application'] ?? assert.fail() },
  {
    place: 'script',
    wrap: (script) => ({ application: { script } }),
    schema: specSchema.properties?.['application']?.properties?.['script'] ?? assert.fail(),
  },
  {
    place: 'mapReduce',
    wrap: (mapReduce) => ({ application: { mapReduce } }),
    schema: specSchema.properties?.['application']?.properties?.['mapReduce'] ?? assert.fail(),
  },
  {
    place: 'mapper',
    wrap: (mapper) => ({ application: { mapReduce: { input: ['/in'], output: '/out', mapper } } }),
    schema: specSchema.properties?.['application']?.properties?.['mapReduce']?.properties?.['mapper'] ?? assert.fail(),
  },
  {
    place: 'partitionFields',
    wrap: (partitionFields) => ({ application: { mapReduce: { input: ['/in'], output: '/out', mapper: { command: 'cat' }, partitionFields } } }),
    schema: specSchema.properties?.['application']?.properties?.['mapReduce']?.properties?.['partitionFields'] ?? assert.fail(),
  },
  {
    place: 'restartPolicy',
    wrap: (restartPolicy) => ({ application: { sql: 'x' }, restartPolicy }),
    schema: specSchema.properties?.['restartPolicy'] ?? assert.fail(),
  },
  {
    place: 'env',
    wrap: (variable) => ({ application: { sql: 'x' }, driver: { env: [variable] } }),
    schema: specSchema.properties?.['driver']?.properties?.['env']?.items ?? assert.fail(),
  },
];

const cases: readonly { readonly place: string; readonly value: Record<string, unknown>; readonly valid: boolean }[] = [
  { place: 'application', value: { sql: 'SELECT 1' }, valid: true },
  { place: 'application', value: {}, valid: false },
  { place: 'application', value: { sql: 'SELECT 1', script: { inline: 'x' } }, valid: false },
  { place: 'application', value: { mapReduce: { input: ['/in'], output: '/out', mapper: { command: 'cat' } } }, valid: true },
  { place: 'application', value: { sql: 'SELECT 1', mapReduce: { input: ['/in'], output: '/out', mapper: { command: 'cat' } } }, valid: false },
  { place: 'mapReduce', value: { input: ['/in'], output: '/out', mapper: { command: 'cat' }, reducer: { command: 'cat' }, numReduceTasks: 2 }, valid: true },
  { place: 'mapReduce', value: { input: ['/in'], output: '/out', mapper: { command: 'cat' }, numReduceTasks: 0 }, valid: true },
  { place: 'mapReduce', value: { input: ['/in'], output: '/out', mapper: { command: 'cat' }, reducer: { command: 'cat' }, numReduceTasks: 0 }, valid: false },
  { place: 'mapper', value: { argv: ['cat'] }, valid: true },
  { place: 'mapper', value: { script: { inline: 'x' } }, valid: true },
  { place: 'mapper', value: {}, valid: false },
  { place: 'mapper', value: { command: 'cat', argv: ['cat'] }, valid: false },
  { place: 'partitionFields', value: { from: 1, to: 2 }, valid: true },
  { place: 'partitionFields', value: { from: 2, to: 1 }, valid: false },
  { place: 'script', value: { inline: 'x' }, valid: true },
  { place: 'script', value: { path: 'a.ts' }, valid: true },
  { place: 'script', value: {}, valid: false },
  { place: 'script', value: { inline: 'x', url: 'https://example.org/a.ts' }, valid: false },
  { place: 'restartPolicy', value: { type: 'OnFailure', maxRetries: 1, backoffSeconds: 10, maxBackoffSeconds: 10 }, valid: true },
  { place: 'restartPolicy', value: { type: 'OnFailure', maxRetries: 1, backoffSeconds: 11, maxBackoffSeconds: 10 }, valid: false },
  { place: 'env', value: { name: 'CITY', value: 'x' }, valid: true },
  { place: 'env', value: { name: 'HEADRACE_CORES', value: '9' }, valid: false },
];

for (const { place, value, valid } of cases) {
  test(`zod and CEL agree that ${place} ${JSON.stringify(value)} is ${valid ? 'right' : 'wrong'}`, () => {
    const { wrap, schema } = places.find((each) => each.place === place) ?? assert.fail();
    const rules = (schema[rulesKey] as readonly CelRule[]).filter(({ rule }) => !rule.includes('oldSelf'));
    assert.ok(rules.length > 0);
    const environment = new Environment({ unlistedVariablesAreDyn: true });
    assert.equal(rules.every(({ rule }) => environment.evaluate(rule, { self: asCel(value) }) === true), valid);
    const parsed = sparkJobSpecSchema.safeParse(wrap(value));
    assert.equal(parsed.success, valid);
    if (!valid) assert.ok(parsed.error?.issues.some((issue) => rules.some(({ message }) => message === issue.message)));
  });
}

/** CEL's integers are bigints in the interpreter. */
function asCel(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, typeof each === 'number' ? BigInt(each) : each]));
}

test('every rule has a message for people', () => {
  const rules = collect(rootSchema);
  assert.ok(rules.length >= 8);
  for (const { rule, message } of rules) assert.ok(message.length > 10, rule);
});

function collect(schema: typeof specSchema): readonly CelRule[] {
  const below = [...Object.values(schema.properties ?? {}), ...(schema.items === undefined ? [] : [schema.items])];
  return [...((schema[rulesKey] as readonly CelRule[] | undefined) ?? []), ...below.flatMap(collect)];
}

test('the status names each phase and condition, and is absent as -1', () => {
  const status = rootSchema.properties?.['status'];
  assert.deepEqual(status?.properties?.['phase']?.['enum'], [...phases]);
  assert.deepEqual(status?.default, { observedGeneration: -1 });
  for (const type of conditionTypes) assert.match(String(status?.properties?.['conditions']?.items?.properties?.['type']?.description), new RegExp(`\\b${type}\\b`));
});
