/** What a mistake says: its class, its place and the way out. Held against testdata/errors.txt. */
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { assertGolden } from '../../../testing/golden.ts';
import { SparkError } from '../plan/spark-error.ts';
import { parseStatements } from './parse.ts';

function messageOf(sql: string): string {
  try {
    parseStatements(sql);
  } catch (error) {
    assert.ok(error instanceof SparkError, `${sql}: ${String(error)}`);
    return error.message;
  }
  return assert.fail(`${sql} was accepted`);
}

const mistakes = [
  'SELECT * FORM t', 'SELECT a FORM t', 'SELECT a, FROM t', 'SELECT (a', 'SELECT a FROM t WHERE', 'SELCT 1', "SELECT 'abc", 'SELECT `abc', '/* open',
  'SELECT 1 +', 'SELECT a FROM t GROUP a', 'SELECT a FROM t JOIN u ON', 'SELECT 1 FROM a LEFT b', 'SELECT a b c FROM t', 'SELECT @a',
  'SELECT a\nFROM t\nWHER x = 1', 'SELECT 1; SELECT\n  2 3', 'SELECT cast(a AS foo)', 'SELECT cast(a int)', 'SELECT a IS 5', 'SELECT CASE WHEN a THEN 1',
  "SELECT DATE '2020-13-01'", "SELECT INT '5'", 'SELECT 300Y', 'SELECT 1e999', 'SELECT a FROM t LIMIT -1', 'SELECT a FROM t LIMIT b',
  'VALUES (1, 2), (3)', 'SELECT * FROM VALUES (1) t(a, b)', 'SELECT * FROM range(a)', 'WITH a AS (SELECT 1), a AS (SELECT 2) SELECT 1',
  'SELECT a FROM t NATURAL JOIN u USING (a)', 'EXPLAIN EXPLAIN SELECT 1', 'CREATE TEMPORARY VIEW a.b AS SELECT 1', 'CREATE TEMPORARY VIEW v USING csv',
  'INSERT OVERWRITE DIRECTORY USING csv SELECT 1', 'SET a b=1', 'SELECT a ORDER x',
];

const absent = [
  'SELECT sum(a) OVER (PARTITION BY b) FROM t', 'SELECT transform(a, x -> x + 1)', 'SELECT f((x, y) -> x)', 'SELECT (SELECT 1)', 'SELECT a IN (SELECT 1)',
  'SELECT EXISTS (SELECT 1)', "SELECT INTERVAL '1' DAY", 'SELECT a FROM t INTERSECT SELECT b FROM u', 'SELECT a FROM t LATERAL VIEW explode(b) AS c',
  'SELECT * FROM t PIVOT (sum(a) FOR b IN (1))', 'SELECT * FROM t TABLESAMPLE (10 ROWS)', 'SELECT a FROM t GROUP BY CUBE (a)', 'SELECT a FROM t GROUP BY a WITH ROLLUP',
  'SELECT a FROM t GROUP BY GROUPING SETS ((a))', 'SELECT * EXCEPT (a) FROM t', 'SELECT f(a => 1)', 'SELECT a COLLATE UTF8_LCASE', 'FROM t SELECT a',
  'SELECT * FROM t, LATERAL (SELECT 1)', 'SELECT * FROM explode(array(1))', 'SELECT * FROM t VERSION AS OF 1', 'SELECT a FROM t |> WHERE a',
  'WITH RECURSIVE a AS (SELECT 1) SELECT 1', 'CREATE TABLE t (a INT)', 'CREATE VIEW v AS SELECT 1', 'CREATE GLOBAL TEMPORARY VIEW v AS SELECT 1', 'DROP TABLE t',
  'INSERT INTO t SELECT 1', "INSERT OVERWRITE DIRECTORY 'x' STORED AS PARQUET SELECT 1", 'SHOW TABLES', 'DESCRIBE t', 'CACHE TABLE t', 'SET', 'SET a',
  'EXPLAIN COST SELECT 1', "SELECT CAST(a AS INTERVAL)", 'CREATE TEMP VIEW v (a VARCHAR(3)) USING csv OPTIONS (path \'x\')', 'SELECT a FROM t WINDOW w AS (ORDER BY b)',
  'SELECT percentile(0.5) WITHIN GROUP (ORDER BY a) FROM t', 'SELECT sum(a) IGNORE NULLS', "SELECT IDENTIFIER('a')",
];

test('every mistake names its place and what was expected', () => {
  assertGolden(new URL('testdata/errors.txt', import.meta.url), mistakes.map(messageOf).join('\n\n'));
});

test('what the engine lacks of the grammar is refused by name', () => {
  const messages = absent.map(messageOf);
  for (const [index, message] of messages.entries()) assert.match(message, /^\[UNSUPPORTED_FEATURE\./, `${absent[index]}: ${message}`);
  assertGolden(new URL('testdata/unsupported.txt', import.meta.url), messages.join('\n\n'));
});

test('the place of an error counts over the whole text', () => {
  assert.throws(() => parseStatements('SELECT 1;\n\n  SELECT a b c'), (error) => {
    assert.ok(error instanceof SparkError);
    assert.deepEqual(error.origin, { start: 24, stop: 25, line: 3, column: 14 });
    return error.sqlState === '42601';
  });
});

test('no depth of nesting exhausts the stack', () => {
  const deep = ['('.repeat(50_000), `SELECT ${'NOT '.repeat(50_000)}a`, `SELECT ${'- '.repeat(50_000)}a`, `SELECT CAST(a AS ${'ARRAY<'.repeat(50_000)}`,
    `SELECT ${'f('.repeat(50_000)}`, `SELECT * FROM ${'(SELECT * FROM '.repeat(9_000)}`, `SELECT ${'a['.repeat(50_000)}`, `SELECT ${'CASE WHEN '.repeat(50_000)}`,
    `SELECT a${' + a'.repeat(50_000)}`, `SELECT 1${' UNION ALL SELECT 1'.repeat(20_000)}`, `SELECT a${'.b[0]'.repeat(20_000)}`, `SELECT a${'::int'.repeat(20_000)}`,
    `EXPLAIN ${'('.repeat(20_000)}`, `SELECT * FROM t${' JOIN t'.repeat(20_000)}`];
  for (const sql of deep) assert.match(messageOf(sql), /^\[PARSE_SYNTAX_ERROR\].*(levels|expected)/, sql.slice(0, 30));
});

test('a chain of a thousand conditions is fine, because AND and OR become shallow trees', () => {
  assert.equal(parseStatements(`SELECT a FROM t WHERE ${Array.from({ length: 5000 }, (_, index) => `a = ${index}`).join(' OR ')}`).length, 1);
});

test('text longer than the bound is refused before it is read', () => {
  assert.match(messageOf(' '.repeat((1 << 20) + 1)), /more than the 1048576 allowed/);
});
