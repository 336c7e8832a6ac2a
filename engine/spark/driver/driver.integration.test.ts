/** Driver and executors as real processes, over three million real flights. */
import { strict as assert } from 'node:assert';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { driverStatusSchema, exitCode, httpPath, port } from '../../contract.ts';
import { expectedRows } from './testdata/expected-rows.ts';
import { repository, runCluster } from './testdata/local-cluster.ts';

const data = join(repository, 'node_modules/vega-datasets/data');
const flights = join(data, 'flights-3m.parquet');
let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headrace-driver-'));
});
after(() => rm(folder, { recursive: true, force: true }));

test('SQL runs on two executors to the rows that DuckDB has', async () => {
  const query = (table: string): string => `SELECT origin, count(*) AS flights, max(delay) AS worst FROM ${table} GROUP BY origin ORDER BY flights DESC, origin LIMIT 10`;
  const end = await runCluster({ application: { kind: 'sql', text: `CREATE TEMPORARY VIEW flights USING parquet OPTIONS (path '${flights}'); ${query('flights')}` } });
  assert.equal(end.exitCode, exitCode.succeeded, end.log);
  assert.equal(end.message.outcome, 'Succeeded');
  assert.deepEqual(end.message.result, { rows: 10, columns: ['origin', 'flights', 'worst'], firstRows: await expectedRows(query(`'${flights}'`)) });
  assert.ok((end.message.progress?.tasks.completed ?? 0) > 1);
  assert.equal(typeof end.message.firstTaskAtMs, 'number');
});

test('a write leaves whole files and says where', async () => {
  const output = join(folder, 'delays');
  const end = await runCluster({ application: { kind: 'sql', text:
    `INSERT OVERWRITE DIRECTORY '${output}' USING parquet SELECT origin, sum(distance) AS distance FROM parquet.\`${flights}\` GROUP BY origin` } });
  assert.equal(end.exitCode, exitCode.succeeded, end.log);
  const [[count = '0'] = []] = await expectedRows(`SELECT count(DISTINCT origin) FROM '${flights}'`);
  assert.deepEqual(end.message.result, { output, rows: Number(count) });
  const sum = (table: string): string => `SELECT origin, CAST(sum(distance) AS BIGINT) FROM ${table} GROUP BY origin ORDER BY origin`;
  assert.deepEqual(await expectedRows(sum(`'${output}/*.parquet'`)), await expectedRows(sum(`'${flights}'`)));
});

for (const [name, text, errorClass] of [
  ['a column that is not there', `SELECT nothing FROM parquet.\`${flights}\``, 'UNRESOLVED_COLUMN.WITH_SUGGESTION'],
  ['a file that is not there', 'SELECT * FROM parquet.`/no/such/file`', 'PATH_NOT_FOUND'],
  ['a syntax error', 'SELEC 1', 'PARSE_SYNTAX_ERROR'],
  ['a division by zero in a task', `SELECT max(distance / (delay - delay)) FROM parquet.\`${flights}\``, 'DIVIDE_BY_ZERO'],
] as const) {
  test(`${name} fails the application with its class`, async () => {
    const end = await runCluster({ application: { kind: 'sql', text }, executors: 1 });
    assert.equal(end.exitCode, exitCode.applicationFailed, end.log);
    assert.equal(end.message.outcome, 'Failed');
    assert.equal(end.message.error?.errorClass, errorClass, end.message.error?.message);
  });
}

test('a setting that the engine cannot honour is a bad configuration', async () => {
  const end = await runCluster({ application: { kind: 'sql', text: 'SELECT 1' }, sparkConf: { 'spark.sql.ansi.enabled': 'false' }, executors: 0 });
  assert.equal(end.exitCode, exitCode.badConfiguration, end.log);
  assert.match(end.message.error?.message ?? '', /spark\.sql\.ansi\.enabled/);
});

test('an application that is cancelled over HTTP ends at once, and its status could be read before', async () => {
  const script = join(folder, 'waits.ts');
  await writeFile(script, 'console.log(\'waiting now\'); await new Promise((resolve) => setTimeout(resolve, 600_000));');
  const asked: Promise<void>[] = [];
  const end = await runCluster({ application: { kind: 'script', location: script }, executors: 1, onLog: (line, cluster) => {
    if (line.includes('waiting now')) asked.push(readAndCancel(cluster.driverHost, cluster.secret));
  } });
  await Promise.all(asked);
  assert.equal(asked.length, 1);
  assert.deepEqual([end.exitCode, end.message.outcome], [exitCode.cancelled, 'Cancelled']);
});

async function readAndCancel(host: string, secret: string): Promise<void> {
  const headers = { authorization: `Bearer ${secret}` };
  const status = await fetch(`http://${host}:${port.http}${httpPath.status}`, { headers });
  assert.equal(driverStatusSchema.parse(await status.json()).activity, 'script running');
  await fetch(`http://${host}:${port.http}${httpPath.cancel}`, { method: 'POST', headers });
}

test('no executor within the time is a failure that says so', async () => {
  const end = await runCluster({
    application: { kind: 'sql', text: `SELECT count(*) FROM parquet.\`${flights}\`` }, executors: 0, sparkConf: { 'spark.headrace.executorTimeout': '1s' },
  });
  assert.equal(end.message.outcome, 'Failed', end.log);
  assert.match(end.message.error?.message ?? '', /executor/);
});
