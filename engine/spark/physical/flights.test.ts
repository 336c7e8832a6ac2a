/** Plans over the real flights, against the same question put to the kernel in one statement. */
import { strict as assert } from 'node:assert';
import { after, before, test } from 'node:test';
import type { FileSource } from '../driver/file-source.ts';
import { parseQuery } from '../sql/parse.ts';
import { planQuery } from './planner.ts';
import { dataDirectory, flightSource, flightViews } from './testdata/flights.ts';
import { LocalRunner } from './testdata/local-runner.ts';
import { anySignal, planning } from './testdata/planning.ts';

let runner: LocalRunner;
let source: FileSource;
before(async () => {
  runner = await LocalRunner.open();
  source = flightSource();
  await runner.connection.run(`CREATE VIEW flights AS SELECT * FROM read_parquet('${dataDirectory}/flights-3m.parquet')`);
  await runner.connection.run(`CREATE VIEW airports AS SELECT * FROM read_csv('${dataDirectory}/airports.csv')`);
});
after(async () => {
  await source.close();
  await runner[Symbol.asyncDispose]();
});

async function check(sql: string, kernelSql = sql, conf: Readonly<Record<string, string>> = {}): Promise<void> {
  const expected = (await runner.connection.runAndReadAll(kernelSql)).getRows().map((row) => row.map((value) => (value === null ? null : String(value))));
  for (const slots of [1, 4]) {
    const plan = await planQuery(parseQuery(sql), { ...planning({ slots, sources: source, conf }), views: flightViews }, anySignal());
    assert.deepEqual((await runner.run(plan)).rows.map((row) => row.map((value) => value?.replace(/\.0$/, '') ?? null)), expected);
  }
}

const shuffleJoins = { 'spark.sql.autoBroadcastJoinThreshold': '-1', 'spark.sql.shuffle.partitions': '3' };
const byOrigin = 'SELECT origin, count(*) AS n, sum(delay) AS s, min(distance) AS a, max(distance) AS b FROM flights GROUP BY origin ORDER BY origin';
const joined = 'SELECT a.city, count(*) AS n FROM flights f JOIN airports a ON f.origin = a.iata WHERE f.distance > 1000 GROUP BY a.city ORDER BY n DESC, a.city LIMIT 10';

test('groups equal those of the kernel, whatever the number of slots', () => check(byOrigin));
test('a broadcast join equals the kernel\'s', () => check(joined));
test('a shuffled join equals the kernel\'s', () => check(joined, joined, shuffleJoins));
test('counts of different values equal the kernel\'s', () => check(
  'SELECT count(*), count(DISTINCT origin), count(DISTINCT destination), sum(DISTINCT distance), count(DISTINCT origin) FILTER (WHERE delay > 100) FROM flights'));
test('averages are exact sums divided once', () => check(
  'SELECT origin, avg(delay) AS d FROM flights GROUP BY origin HAVING count(*) > 20000 ORDER BY d DESC, origin LIMIT 5'));
test('the first rows of an order are the same from any number of tasks', () => check(
  'SELECT origin, destination, distance, delay FROM flights ORDER BY distance DESC, delay DESC, origin, destination, date LIMIT 20',
  'SELECT origin, destination, distance, delay FROM flights ORDER BY distance DESC NULLS LAST, delay DESC NULLS LAST, origin NULLS FIRST, destination NULLS FIRST, date NULLS FIRST LIMIT 20'));
test('airports without flights are found by an anti join', () => check(
  'SELECT count(*) FROM airports a LEFT ANTI JOIN flights f ON a.iata = f.origin', 'SELECT count(*) FROM airports a ANTI JOIN flights f ON a.iata = f.origin', shuffleJoins));
test('a full join keeps both sides\' unmatched rows', () => check(
  'SELECT count(*), count(o.origin), count(a.iata) FROM (SELECT DISTINCT origin FROM flights) o FULL JOIN (SELECT iata FROM airports WHERE latitude > 40) a ON o.origin = a.iata'));
test('unions and distinct rows equal the kernel\'s', () => check(
  'SELECT count(*) FROM (SELECT origin AS x FROM flights UNION SELECT destination FROM flights)'));
