/** The text of stages: a wrong plan shows as a diff of a few lines. */
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { assertGolden } from '../../../testing/golden.ts';
import type { Source } from '../plan/source.ts';
import { SparkError } from '../plan/spark-error.ts';
import { parseQuery } from '../sql/parse.ts';
import { explain, planQuery, planWrite, schemaOf } from './planner.ts';
import { printStages } from './print.ts';
import { anySignal, planning } from './testdata/planning.ts';

const flights: Source = {
  format: 'parquet', scan: 'read_parquet($path, file_row_number=true)',
  schema: [
    { name: 'date', type: { kind: 'timestamp_ntz' }, nullable: true }, { name: 'delay', type: { kind: 'long' }, nullable: true },
    { name: 'distance', type: { kind: 'long' }, nullable: true }, { name: 'origin', type: { kind: 'string' }, nullable: true }, { name: 'destination', type: { kind: 'string' }, nullable: true },
  ],
  files: [{ path: '/data/flights.parquet', bytes: 60_000_000, rowGroups: [1000, 1000, 1000, 500] }],
};
const airports: Source = {
  format: 'csv', scan: "read_csv($path, columns={'iata': 'VARCHAR', 'city': 'VARCHAR'})",
  schema: [{ name: 'iata', type: { kind: 'string' }, nullable: true }, { name: 'city', type: { kind: 'string' }, nullable: true }],
  files: [{ path: '/data/airports.csv', bytes: 200_000 }],
};
const views = { flights: 'SELECT * FROM parquet.`flights`', airports: 'SELECT * FROM csv.`airports`' };
const context = (conf: Readonly<Record<string, string>> = {}) => planning({ views, files: { flights, airports }, conf });

function golden(name: string, sql: string, conf: Readonly<Record<string, string>> = {}): void {
  test(`the stages of ${name} are as recorded`, async () => {
    const plan = await planQuery(parseQuery(sql), context(conf), anySignal());
    assertGolden(new URL(`testdata/stages/${name.replaceAll(' ', '-')}.txt`, import.meta.url), `${sql}\n\n${printStages(plan)}`);
  });
}

const shuffled = { 'spark.sql.autoBroadcastJoinThreshold': '-1' };

golden('a filter and a projection', 'SELECT origin, delay + 1 AS d FROM flights WHERE delay > 10 AND origin LIKE \'S%\'');
golden('a grouping', 'SELECT origin, count(*) AS n, avg(delay) AS mean FROM flights GROUP BY origin');
golden('an aggregate without groups', 'SELECT count(*), sum(delay) FROM flights');
golden('distinct aggregates', 'SELECT origin, count(DISTINCT destination), max(delay) FROM flights GROUP BY origin');
golden('top rows', 'SELECT origin, delay FROM flights ORDER BY delay DESC LIMIT 10');
golden('a sort', 'SELECT origin FROM flights ORDER BY origin, delay DESC');
golden('a broadcast join', 'SELECT a.city, f.delay FROM flights f JOIN airports a ON f.origin = a.iata');
golden('a shuffled join', 'SELECT a.city, f.delay FROM flights f LEFT JOIN airports a ON f.origin = a.iata AND f.delay > 5', shuffled);
golden('a semi join', 'SELECT origin FROM flights LEFT SEMI JOIN airports ON origin = iata', shuffled);
golden('a join by range', 'SELECT a.city FROM airports a JOIN flights f ON f.distance < length(a.city)');
golden('a union', 'SELECT origin AS x FROM flights UNION ALL SELECT iata FROM airports');
golden('distinct rows', 'SELECT DISTINCT origin, destination FROM flights');
golden('a limit', 'SELECT origin FROM flights LIMIT 5');
golden('rows of the query', "SELECT x, y FROM VALUES (1, 'a'), (2, NULL) t(x, y)");
golden('having and an order by an aggregate', 'SELECT origin FROM flights GROUP BY origin HAVING count(*) > 5 ORDER BY avg(delay) DESC');
golden('partitions by hash', 'SELECT /*+ REPARTITION(4, origin) */ origin, delay FROM flights');

test('a write ends in files with the names of the columns', async () => {
  const plan = await planWrite({
    kind: 'write', plan: parseQuery('SELECT origin, date, CAST(delay AS DOUBLE) AS delay FROM flights'), format: 'csv', path: '/out', mode: 'overwrite', options: { header: 'true' }, partitionBy: ['ORIGIN'],
  }, context(), anySignal());
  assertGolden(new URL('testdata/stages/a-write.txt', import.meta.url), printStages(plan));
  const output = plan.stages.at(-1)?.output;
  assert.ok(output?.kind === 'files');
  assert.deepEqual([output.columns, output.partitionBy, output.copyOptions], [['origin', 'date', 'delay'], ['origin'], `FORMAT csv, HEADER true, DELIMITER ',', QUOTE '"', ESCAPE '\\', NULLSTR '', COMPRESSION none`]);
});

test('explain shows the plan before, after and as stages', async () => {
  const text = await explain(parseQuery('SELECT city FROM airports WHERE 1 = 1 AND iata > \'M\''), 'extended', context(), anySignal());
  assertGolden(new URL('testdata/stages/explain-extended.txt', import.meta.url), text);
});

test('a relation that is broadcast twice is read once', async () => {
  const plan = await planQuery(parseQuery('SELECT o.city, d.city FROM flights JOIN airports o ON origin = o.iata JOIN airports d ON destination = d.iata'), context(), anySignal());
  assert.deepEqual(plan.stages.map((stage) => stage.output.kind), ['broadcast', 'result']);
});

test('a plan is the same text each time', async () => {
  const sql = 'SELECT f.origin, count(*) FROM flights f JOIN airports a ON f.origin = a.iata GROUP BY 1';
  const texts = await Promise.all([1, 2].map(async () => printStages(await planQuery(parseQuery(sql), context(), anySignal()))));
  assert.equal(texts[0], texts[1]);
});

test('no files is one task without rows, not no task', async () => {
  const empty = planning({ files: { nothing: { ...flights, files: [] } } });
  const plan = await planQuery(parseQuery('SELECT count(*) FROM parquet.`nothing`'), empty, anySignal());
  assert.deepEqual(plan.stages.map((stage) => stage.fragments.map((fragment) => fragment.tasks)), [[1]]);
});

test('the schema of a query has Spark\'s names and types', async () => {
  assert.deepEqual((await schemaOf(parseQuery('SELECT count(1), avg(delay) FROM flights'), context(), anySignal())).map((field) => [field.name, field.type.kind, field.nullable]),
    [['count(1)', 'long', false], ['avg(delay)', 'double', true]]);
});

const write = (changes: Readonly<Record<string, unknown>>) => planWrite({
  kind: 'write', plan: parseQuery('SELECT origin, origin AS ORIGIN FROM flights'), format: 'parquet', path: '/out', mode: 'error', options: {}, partitionBy: [], ...changes,
}, context(), anySignal());

test('what cannot be written is refused before anything runs', async () => {
  const refused = async (changes: Readonly<Record<string, unknown>>, errorClass: string): Promise<void> => {
    await assert.rejects(write(changes), (error) => error instanceof SparkError && error.errorClass === errorClass);
  };
  const one = parseQuery('SELECT origin FROM flights');
  await refused({}, 'COLUMN_ALREADY_EXISTS');
  await refused({ plan: one, format: 'orc' }, 'DATA_SOURCE_NOT_FOUND');
  await refused({ plan: one, options: { mergeSchema: 'true' } }, 'UNSUPPORTED_FEATURE.WRITE_OPTION');
  await refused({ plan: one, partitionBy: ['nope'] }, 'PARTITION_COLUMN_NOT_FOUND');
  await refused({ plan: one, partitionBy: ['origin'] }, 'ALL_PARTITION_COLUMNS_NOT_ALLOWED');
  await refused({ plan: parseQuery('SELECT NULL AS x') }, 'UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE');
  await refused({ plan: parseQuery('SELECT array(1) AS x'), format: 'csv' }, 'UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE');
  await refused({ plan: one, path: '' }, 'INVALID_EMPTY_LOCATION');
});

test('settings that the engine cannot honour are refused by name', async () => {
  for (const conf of [{ 'spark.sql.ansi.enabled': 'false' }, { 'spark.sql.shuffle.partitions': '0' }, { 'spark.sql.session.timeZone': 'Mars/Olympus' }]) {
    await assert.rejects(planQuery(parseQuery('SELECT 1'), context(conf), anySignal()), (error) => error instanceof SparkError && error.message.includes(Object.keys(conf)[0] ?? ''));
  }
});
