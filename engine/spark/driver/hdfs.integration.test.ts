/** Jobs of real processes over files in HDFS (a server that speaks WebHDFS in this process). */
import { strict as assert } from 'node:assert';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { exitCode } from '../../contract.ts';
import { fakeWebHdfs, type FakeWebHdfs } from '../../storage/testdata/fake-webhdfs.ts';
import { expectedRows } from './testdata/expected-rows.ts';
import { repository, runCluster, type ClusterEnd } from './testdata/local-cluster.ts';

const data = join(repository, 'node_modules/vega-datasets/data');
const flights = join(data, 'flights-3m.parquet');
const airports = join(data, 'airports.csv');
let hdfs: FakeWebHdfs;
let root: string;

before(async () => {
  hdfs = await fakeWebHdfs();
  root = `hdfs://127.0.0.1:${hdfs.port}`;
  await hdfs.files.makeDirectory('/in/year=2001');
  await hdfs.files.write('/in/year=2001/flights.parquet', await readFile(flights));
  await hdfs.files.write('/airports.csv', await readFile(airports));
});
after(() => hdfs.close());

async function sql(text: string): Promise<ClusterEnd> {
  hdfs.requests.splice(0);
  return await runCluster({ application: { kind: 'sql', text } });
}

test('parquet in HDFS is read by row group and column, and partition directories are columns', async () => {
  const query = (table: string, year: string): string => `SELECT ${year} AS year, origin, count(*) AS flights FROM ${table} GROUP BY year, origin ORDER BY flights DESC, origin LIMIT 10`;
  const end = await sql(query(`parquet.\`${root}/in\``, 'year'));
  assert.equal(end.exitCode, exitCode.succeeded, end.log);
  assert.deepEqual(end.message.result?.firstRows, await expectedRows(query(`(SELECT *, 2001 AS year FROM '${flights}')`, 'year')));
  const read = hdfs.requests.map((each) => /^data OPEN .* \d+\+(\d+)$/.exec(each)?.[1]).reduce((sum, bytes) => sum + Number(bytes ?? 0), 0);
  const { length } = await readFile(flights);
  assert.ok(read < length / 2, `${read} bytes were read of ${length}: more than the one column and the footers`);
});

test('csv in HDFS is read with its header once, and written files are committed and read back', async () => {
  const end = await sql(`
    CREATE TEMPORARY VIEW airports USING csv OPTIONS (path '${root}/airports.csv', header 'true', inferSchema 'true');
    INSERT OVERWRITE DIRECTORY '${root}/out/states' USING parquet SELECT state, count(*) AS airports, max(latitude) AS north FROM airports GROUP BY state;
    INSERT OVERWRITE DIRECTORY '${root}/out/json' USING json SELECT * FROM parquet.\`${root}/out/states\`;
    INSERT OVERWRITE DIRECTORY '${root}/out/states' USING parquet SELECT state, airports FROM json.\`${root}/out/json\`;
    SELECT state, airports FROM parquet.\`${root}/out/states\` ORDER BY airports DESC, state LIMIT 10`);
  assert.equal(end.exitCode, exitCode.succeeded, end.log);
  assert.deepEqual(end.message.result?.firstRows, await expectedRows(`SELECT state, count(*) AS airports FROM read_csv('${airports}') GROUP BY state ORDER BY airports DESC, state LIMIT 10`));
  assert.equal(end.message.result?.output, `${root}/out/states`);
  const names = (await hdfs.files.list('/out/states')).map((each) => each.path);
  assert.equal(names[0], '/out/states/_SUCCESS');
  assert.ok(names.length > 1 && names.slice(1).every((name) => /\/part-\d+-[0-9a-f]+\.snappy\.parquet$/.test(name)), names.join(' '));
});

for (const [name, text, errorClass] of [
  ['a file that is not there', (at: string) => `SELECT * FROM parquet.\`${at}/none\``, 'PATH_NOT_FOUND'],
  ['a file that is no parquet', (at: string) => `SELECT * FROM parquet.\`${at}/airports.csv\``, 'FAILED_READ_FILE.NO_HINT'],
  ['a cluster that is not there', () => 'SELECT * FROM parquet.`hdfs://127.0.0.1:1/x`', 'FAILED_READ_FILE.NO_HINT'],
] as const) {
  test(`${name} in HDFS fails the job with its class and its path`, async () => {
    const end = await sql(text(root));
    assert.equal(end.exitCode, exitCode.applicationFailed, end.log);
    assert.equal(end.message.error?.errorClass, errorClass, end.message.error?.message);
    assert.match(end.message.error?.message ?? '', /hdfs:\/\/127\.0\.0\.1/);
  });
}
