/** Random small plans: the answer does not depend on slots, partitions, join strategy, or on whether the optimiser ran. */
import { strict as assert } from 'node:assert';
import { after, before, test } from 'node:test';
import * as fc from 'fast-check';
import { parseQuery } from '../sql/parse.ts';
import { planQuery } from './planner.ts';
import { LocalRunner } from './testdata/local-runner.ts';
import { anySignal, planning } from './testdata/planning.ts';

let runner: LocalRunner;
before(async () => { runner = await LocalRunner.open(); });
after(() => runner[Symbol.asyncDispose]());

const value = fc.oneof(fc.constant('NULL'), fc.integer({ min: -2, max: 3 }).map(String));
const rows = fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 6 });
/** A typed first row, spread over tasks. */
const table = (name: string) => rows.map((list) => `(SELECT /*+ REPARTITION(3) */ * FROM VALUES (CAST(NULL AS INT), CAST(NULL AS INT)), ${list.map((row) => `(${row.join(', ')})`).join(', ')} ${name}(a, b))`);

const condition = fc.constantFrom('x.a > 0', 'x.a = x.b', 'x.a IS NULL OR x.b < 2', 'x.b % 2 = 0', 'NOT (x.a <=> 1)', 'coalesce(x.a, 7) > x.b');
const join = fc.constantFrom('JOIN', 'LEFT JOIN', 'RIGHT JOIN', 'FULL JOIN');
const on = fc.constantFrom('x.a = y.a', 'x.a = y.a AND x.b < y.b', 'x.a <=> y.b', 'x.a = y.b AND y.a > 0', 'x.a < y.b');

const statement = fc.oneof(
  fc.tuple(table('x'), condition).map(([x, where]) => `SELECT x.a, x.b + 1 FROM ${x} x WHERE ${where}`),
  fc.tuple(table('x'), table('y'), join, on).map(([x, y, kind, by]) => `SELECT x.a, x.b, y.a, y.b FROM ${x} x ${kind} ${y} y ON ${by}`),
  fc.tuple(table('x'), table('y'), fc.constantFrom('SEMI', 'ANTI'), on, condition).map(([x, y, kind, by, where]) => `SELECT x.a, x.b FROM ${x} x LEFT ${kind} JOIN ${y} y ON ${by} WHERE ${where}`),
  fc.tuple(table('x'), condition).map(([x, where]) => `SELECT x.a, count(*), sum(x.b), avg(x.b), min(x.b), count(DISTINCT x.b), sum(x.b) FILTER (WHERE x.b > 0) FROM ${x} x WHERE ${where} GROUP BY x.a HAVING count(*) > 0`),
  fc.tuple(table('x'), table('y'), join, on).map(([x, y, kind, by]) => `SELECT x.a AS k, count(y.b), max(y.a), count(DISTINCT y.a, y.b) FROM ${x} x ${kind} ${y} y ON ${by} GROUP BY x.a`),
  fc.tuple(table('x'), table('y'), fc.constantFrom('UNION', 'UNION ALL')).map(([x, y, kind]) => `SELECT a, b FROM ${x} ${kind} SELECT b, a + 0L FROM ${y}`),
  table('x').map((x) => `SELECT a, b FROM ${x} ORDER BY b DESC, a NULLS LAST LIMIT 3`),
  table('x').map((x) => `SELECT count(*), sum(a), count(DISTINCT a), sum(DISTINCT b) FROM ${x} WHERE a > 100`),
);

const settings: readonly (readonly [slots: number, conf: Readonly<Record<string, string>>])[] = [
  [1, { 'spark.sql.shuffle.partitions': '1' }],
  [3, { 'spark.sql.shuffle.partitions': '3' }],
  [2, { 'spark.sql.shuffle.partitions': '5', 'spark.sql.autoBroadcastJoinThreshold': '-1' }],
];

async function answer(sql: string, slots: number, conf: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const { rows: found } = await runner.run(await planQuery(parseQuery(sql), planning({ slots, conf }), anySignal()));
  const texts = found.map((row) => JSON.stringify(row));
  return sql.includes('ORDER BY') ? texts : texts.toSorted();
}

test('the answer of a random plan does not depend on how the work is divided', async () => {
  await fc.assert(fc.asyncProperty(statement, async (sql) => {
    const answers = [await answer(sql, 1, {})];
    for (const [slots, conf] of settings) answers.push(await answer(sql, slots, conf));
    for (const other of answers) assert.deepEqual(other, answers[0], sql);
  }), { numRuns: 60 });
});

test('joins and groups of random rows are what the kernel says', async () => {
  await fc.assert(fc.asyncProperty(rows, rows, join, on, async (left, right, kind, by) => {
    const values = (list: readonly (readonly string[])[], name: string): string => `(VALUES (CAST(NULL AS INT), CAST(NULL AS INT)), ${list.map((row) => `(${row.join(', ')})`).join(', ')}) AS ${name}(a, b)`;
    const text = (relations: readonly string[], equals: string): string => `SELECT x.a, x.b, y.a, y.b FROM ${relations[0]} ${kind} ${relations[1]} ON ${by.replace('<=>', equals)}`;
    const kernel = await runner.connection.runAndReadAll(text([values(left, 'x'), values(right, 'y')], 'IS NOT DISTINCT FROM'));
    const expected = kernel.getRows().map((row) => JSON.stringify(row.map((each) => (each === null ? null : String(each))))).toSorted();
    const spark = text([values(left, 'x'), values(right, 'y')], '<=>');
    for (const [slots, conf] of settings) assert.deepEqual((await answer(spark, slots, conf)).toSorted(), expected, spark);
  }), { numRuns: 40 });
});
