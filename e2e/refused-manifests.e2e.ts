/** Story: the API server refuses a wrong manifest and says what is wrong with it. */
import { strict as assert } from 'node:assert';
import { before, test } from 'node:test';
import { attempt, ensureNamespace } from './kubectl.ts';

const sql = { sql: 'SELECT 1' };

const refused: readonly { readonly title: string; readonly name?: string; readonly spec: Readonly<Record<string, unknown>>; readonly says: RegExp }[] = [
  { title: 'no application', spec: {}, says: /spec\.application: Required value/ },
  { title: 'two forms of application', spec: { application: { ...sql, script: { inline: 'x' } } }, says: /exactly one of sql, script and mapReduce/ },
  { title: 'no form of application', spec: { application: {} }, says: /exactly one of sql, script and mapReduce/ },
  { title: 'two sources of a script', spec: { application: { script: { inline: 'x', url: 'https://example.org/x.ts' } } }, says: /exactly one of inline, configMapKeyRef, url and path/ },
  { title: 'no executor', spec: { application: sql, executor: { instances: 0 } }, says: /spec\.executor\.instances/ },
  { title: 'executors that are not a number', spec: { application: sql, executor: { instances: 'two' } }, says: /spec\.executor\.instances.*integer/ },
  { title: 'an unknown restart policy', spec: { application: sql, restartPolicy: { type: 'Always' } }, says: /spec\.restartPolicy\.type: Unsupported value: "Always"/ },
  { title: 'a minimum above its maximum', spec: { application: sql, restartPolicy: { backoffSeconds: 60, maxBackoffSeconds: 30 } }, says: /backoffSeconds must not be more than maxBackoffSeconds/ },
  { title: 'a name that leaves no room for its pods', name: 'a'.repeat(60), spec: { application: sql }, says: /at most 47 characters/ },
  { title: 'a reserved environment variable', spec: { application: sql, driver: { env: [{ name: 'HEADRACE_CORES', value: '9' }] } }, says: /belong to the engine/ },
  { title: 'an unknown field', spec: { application: sql, executors: 2 }, says: /unknown field "spec\.executors"/ },
];

before(ensureNamespace);

for (const { title, name, spec, says } of refused) {
  test(`refused: ${title}`, async () => {
    const manifest = JSON.stringify({ apiVersion: 'headrace.dev/v1alpha1', kind: 'SparkJob', metadata: { name: name ?? 'refused' }, spec });
    const outcome = await attempt(['create', '--dry-run=server', '--validate=strict', '-f', '-'], { input: manifest });
    assert.notEqual(outcome.code, 0, outcome.stdout);
    assert.match(outcome.stderr, says);
  });
}
