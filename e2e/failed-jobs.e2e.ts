/** Story: a job that cannot succeed says why, in its status, in an event and in its driver's exit code. */
import { strict as assert } from 'node:assert';
import { after, before, test } from 'node:test';
import { condition, ensureNamespace, eventually, kubectl, podsOf, removeJob, sparkJob } from './kubectl.ts';

interface Case {
  readonly name: string;
  readonly application: Readonly<Record<string, unknown>>;
  /** Found in the Failed condition, in the event, and in the status's error. */
  readonly says: RegExp;
}

const cases: readonly Case[] = [
  { name: 'syntax-error', application: { sql: 'SELECT 1;\nSELEC 2' }, says: /PARSE_SYNTAX_ERROR[\s\S]*line 2/ },
  { name: 'unknown-column', application: { sql: 'SELECT orign FROM parquet.`examples/data/flights-3m.parquet`' }, says: /UNRESOLVED_COLUMN[\s\S]*orign[\s\S]*origin/ },
  { name: 'missing-file', application: { sql: 'SELECT * FROM parquet.`examples/data/nowhere.parquet`' }, says: /PATH_NOT_FOUND[\s\S]*nowhere\.parquet/ },
  { name: 'unreadable-file', application: { sql: 'SELECT * FROM parquet.`examples/data/airports.csv`' }, says: /airports\.csv/ },
  { name: 'wrong-type', application: { sql: "SELECT CAST(origin AS INT) FROM parquet.`examples/data/flights-3m.parquet`" }, says: /CAST_INVALID_INPUT/ },
  { name: 'script-throws', application: { script: { inline: 'export default async function main() {\n  throw new Error("no such luck");\n}\n' } }, says: /no such luck/ },
  { name: 'unshared-output', application: { sql: "INSERT OVERWRITE DIRECTORY '/tmp/nobody-sees-this' USING parquet SELECT 1 AS one" }, says: /OUTPUT_STORAGE_NOT_SHARED[\s\S]*Write to a volume that is mounted in the driver and in all executors/ },
];

before(ensureNamespace);
after(async () => {
  for (const { name } of cases) await removeJob(name);
});

for (const { name, application, says } of cases) {
  test(`${name}: the status, an event and the exit code say why`, async () => {
    await removeJob(name);
    await kubectl(['apply', '-f', '-'], {
      input: JSON.stringify({ apiVersion: 'headrace.dev/v1alpha1', kind: 'SparkJob', metadata: { name }, spec: { application, executor: { instances: 1 } } }),
    });
    await kubectl(['wait', '--for=condition=Failed', `sparkjob/${name}`, '--timeout=90s'], { timeoutMs: 100_000 });
    const job = await sparkJob(name);
    assert.equal(job.status?.phase, 'Failed');
    assert.equal(condition(job, 'Stalled')?.status, 'True');
    const message = condition(job, 'Failed')?.message ?? '';
    assert.match(message, says);
    assert.doesNotMatch(message, /\n\s+at .*\(.*:\d+:\d+\)/, 'no stack trace');
    await eventually(`an event of ${name} says why`, async () => {
      const events = await kubectl(['get', 'events', '--field-selector', `involvedObject.name=${name},type=Warning`, '-o', 'jsonpath={.items[*].message}']);
      return says.test(events) ? true : undefined;
    });
    const driver = (await podsOf(name, 'driver'))[0];
    const code = await kubectl(['get', 'pod', driver?.metadata.name ?? '', '-o', 'jsonpath={.status.containerStatuses[0].state.terminated.exitCode}']);
    assert.equal(code, '1');
  });
}
