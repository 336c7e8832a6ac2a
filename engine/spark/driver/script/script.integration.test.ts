/** A script as a client of its driver, over real processes. */
import { strict as assert } from 'node:assert';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { exitCode } from '../../../contract.ts';
import { expectedRows } from '../testdata/expected-rows.ts';
import { repository, runCluster } from '../testdata/local-cluster.ts';

const flights = join(repository, 'node_modules/vega-datasets/data/flights-3m.parquet');
let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headrace-script-'));
});
after(() => rm(folder, { recursive: true, force: true }));

test('a script is a client of its driver, and the DataFrame it returns is the result', async () => {
  const script = join(folder, 'count.ts');
  await writeFile(script, `
    import { col, count } from 'headrace';
    export default async (spark, [carrier]) => {
      const flights = await spark.read.parquet(${JSON.stringify(flights)});
      console.log('origin is', carrier);
      return flights.filter(col('origin').eq(carrier)).groupBy('origin').agg(count('*').alias('flights'));
    };`);
  const end = await runCluster({ application: { kind: 'script', location: script }, arguments: ['ATL'] });
  assert.equal(end.exitCode, exitCode.succeeded, end.log);
  const expected = await expectedRows(`SELECT origin, count(*) FROM '${flights}' WHERE origin = 'ATL' GROUP BY origin`);
  assert.deepEqual(end.message.result, { rows: 1, columns: ['origin', 'flights'], firstRows: expected });
  assert.match(end.log, /origin is ATL/);
});

