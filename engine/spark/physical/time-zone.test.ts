import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { parseQuery } from '../sql/parse.ts';
import { planQuery } from './planner.ts';
import { LocalRunner } from './testdata/local-runner.ts';
import { anySignal, planning } from './testdata/planning.ts';

test('timestamps are read, cut and shown in the session\'s time zone', async () => {
  await using runner = await LocalRunner.open();
  const check = async (zone: string, sql: string, ...row: readonly string[]): Promise<void> => {
    const plan = await planQuery(parseQuery(sql), planning({ conf: { 'spark.sql.session.timeZone': zone } }), anySignal());
    assert.deepEqual((await runner.run(plan)).rows, [row]);
  };
  const sql = "SELECT hour(t), CAST(t AS STRING), CAST(t AS DATE), date_trunc('day', t), CAST(CAST(t AS DATE) AS TIMESTAMP), unix_timestamp(t), date_format(t, 'HH:mmXXX') FROM (SELECT CAST('2024-07-01 02:30:00Z' AS TIMESTAMP) AS t)";
  await check('UTC', sql, '2', '2024-07-01 02:30:00', '2024-07-01', '2024-07-01 00:00:00', '2024-07-01 00:00:00', '1719801000', '02:30Z');
  await check('America/New_York', sql, '22', '2024-06-30 22:30:00', '2024-06-30', '2024-06-30 00:00:00', '2024-06-30 00:00:00', '1719801000', '22:30-04:00');
  await check('+05:00', sql, '7', '2024-07-01 07:30:00', '2024-07-01', '2024-07-01 00:00:00', '2024-07-01 00:00:00', '1719801000', '07:30+05:00');
});
