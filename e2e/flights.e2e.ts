/** Story: the example, applied with kubectl, runs to its result; applying it again changes nothing; deleting it leaves no trace. */
import { DuckDBInstance } from '@duckdb/node-api';
import { strict as assert } from 'node:assert';
import { after, before, test } from 'node:test';
import { attempt, condition, ensureNamespace, eventually, kubectl, podsOf, removeJob, sparkJob } from './kubectl.ts';

const manifest = 'examples/flights.yaml';
const data = `
  CREATE VIEW flights AS FROM 'examples/data/flights-3m.parquet';
  CREATE VIEW airports AS FROM read_csv('examples/data/airports.csv', header = true);`;

/** Rows of a query as plain DuckDB answers it, as text. */
async function duckdb(query: string): Promise<readonly (readonly (string | null)[])[]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(data);
  const reader = await connection.runAndReadAll(query);
  const rows = reader.getRowsJson().map((row) => row.map((value) => (value === null ? null : String(value))));
  connection.closeSync();
  instance.closeSync();
  return rows;
}

before(async () => {
  await ensureNamespace();
  await removeJob('flights');
});
after(async () => {
  await removeJob('flights');
  await kubectl(['delete', 'pod', 'reader', '--ignore-not-found', '--wait=false']);
  await kubectl(['delete', 'persistentvolumeclaim', 'flights-output', '--ignore-not-found', '--timeout=60s']);
});

test('kubectl apply runs the example to its result', async () => {
  await kubectl(['apply', '-f', manifest]);
  await kubectl(['wait', '--for=condition=Complete', 'sparkjob/flights', '--timeout=180s'], { timeoutMs: 200_000 });
  const job = await sparkJob('flights');
  assert.equal(job.status?.phase, 'Completed');
  assert.equal(condition(job, 'Ready')?.status, 'True');
  assert.equal(job.status.observedGeneration, job.metadata.generation);
  assert.equal(job.status.attempts?.number, 1);
  assert.equal(job.status.result?.output, '/output/airports');
});

test('the rows in the status are those that plain DuckDB computes', async () => {
  const expected = await duckdb(`
    WITH routes AS (SELECT origin, destination, count(*) AS flights, avg(delay) AS mean_delay FROM flights GROUP BY ALL HAVING count(*) >= 180)
    SELECT r.origin, o.city, r.destination, d.city, r.flights, round(r.mean_delay, 2)
    FROM routes r JOIN airports o ON r.origin = o.iata JOIN airports d ON r.destination = d.iata
    ORDER BY 6 DESC, 1, 3 LIMIT 10`);
  const result = (await sparkJob('flights')).status?.result;
  assert.deepEqual(result?.columns, ['origin', 'from_city', 'destination', 'to_city', 'flights', 'mean_delay']);
  assert.equal(result.rows, 10);
  const numbers = (row: readonly (string | null)[]): readonly unknown[] => [...row.slice(0, 4), Number(row[4]), Number(row[5])];
  assert.deepEqual(result.firstRows?.map(numbers), expected.map(numbers));
});

test('the committed files hold what plain DuckDB computes, and nothing else', async () => {
  const expected = await duckdb(`
    SELECT f.origin, a.name, a.city, a.state, count(*), avg(f.delay) FROM flights f JOIN airports a ON f.origin = a.iata GROUP BY ALL ORDER BY 5 DESC, 1`);
  const image = (JSON.parse(await kubectl(['get', 'pod', (await podsOf('flights', 'driver'))[0]?.metadata.name ?? '', '-o', 'json'])) as { readonly spec: { readonly containers: readonly { readonly image: string }[] } }).spec.containers[0]?.image;
  const script = `
    import { readdirSync } from 'node:fs';
    import { DuckDBInstance } from '@duckdb/node-api';
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    const rows = await connection.runAndReadAll("SELECT * FROM '/output/airports/*.parquet' ORDER BY flights DESC, origin");
    console.log(JSON.stringify({ files: readdirSync('/output/airports'), rows: rows.getRowsJson() }));`;
  await kubectl(['delete', 'pod', 'reader', '--ignore-not-found', '--timeout=30s']);
  await kubectl(['apply', '-f', '-'], {
    input: JSON.stringify({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'reader' },
      spec: {
        restartPolicy: 'Never',
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
        containers: [{
          name: 'reader',
          image,
          command: ['/opt/headrace/bin/node', '--input-type=module', '--eval', script],
          securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
          volumeMounts: [{ name: 'output', mountPath: '/output' }],
        }],
        volumes: [{ name: 'output', persistentVolumeClaim: { claimName: 'flights-output' } }],
      },
    }),
  });
  await eventually('the reader has ended', async () => {
    const phase = await kubectl(['get', 'pod', 'reader', '-o', 'jsonpath={.status.phase}']);
    if (phase === 'Failed') throw new Error(await kubectl(['logs', 'reader']));
    return phase === 'Succeeded' ? true : undefined;
  });
  const written = JSON.parse(await kubectl(['logs', 'reader'])) as { readonly files: readonly string[]; readonly rows: readonly (readonly unknown[])[] };
  assert.ok(written.files.includes('_SUCCESS'));
  assert.deepEqual(written.files.filter((file) => file !== '_SUCCESS' && !/^part-.*\.parquet$/.test(file)), []);
  const close = (row: readonly unknown[]): readonly unknown[] => [...row.slice(0, 4), Number(row[4]), Number(row[5]).toFixed(6)];
  assert.deepEqual(written.rows.map(close), expected.map(close));
});

test('kubectl get shows phase, progress, executors and age', async () => {
  const [header, row] = (await kubectl(['get', 'sparkjobs', 'flights'])).split('\n');
  assert.match(header ?? '', /^NAME +PHASE +PROGRESS +EXECUTORS +AGE/);
  assert.match(row ?? '', /^flights +Completed +(\d+)\/\1 +\d+\/2 +/);
});

test('kubectl apply twice changes nothing', async () => {
  const earlier = await sparkJob('flights');
  const pods = (await podsOf('flights')).map((pod) => pod.metadata.uid);
  const output = await kubectl(['apply', '-f', manifest]);
  assert.match(output, /sparkjob.headrace.dev\/flights unchanged/);
  const later = await sparkJob('flights');
  assert.deepEqual(later.metadata, earlier.metadata);
  assert.deepEqual((await podsOf('flights')).map((pod) => pod.metadata.uid), pods);
});

test('when the job has ended its executors are gone and its driver stays for its logs', async () => {
  await eventually('executors are gone', async () => ((await podsOf('flights', 'executor')).length === 0 ? true : undefined));
  const drivers = await podsOf('flights', 'driver');
  assert.deepEqual(drivers.map((pod) => pod.status.phase), ['Succeeded']);
});

test('deleting the job removes its pods, secrets and configuration, and keeps its output', async () => {
  await kubectl(['delete', 'sparkjob', 'flights', '--timeout=60s']);
  await eventually('all children are gone', async () => {
    const left = await kubectl(['get', 'pods,configmaps,secrets', '--selector', 'headrace.dev/job=flights', '-o', 'name']);
    return left.trim() === '' ? true : undefined;
  });
  assert.equal((await attempt(['get', 'sparkjob', 'flights'])).code, 1);
  assert.match(await kubectl(['get', 'persistentvolumeclaim', 'flights-output', '-o', 'name']), /flights-output/);
});
