import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { printResolved } from '../print-resolved.ts';
import { pruneColumns } from './prune-columns.ts';
import { resolved } from './testdata/resolved.ts';

/** The analysed statement after this rule alone. */
function check(sql: string, expected: string): void {
  test(`columns that nobody reads are not read: ${sql}`, () => {
    assert.equal(`\n${printResolved(pruneColumns(resolved(sql)))}`, expected);
  });
}

check('SELECT l.b FROM l JOIN r ON l.a = r.a', `
Project [b#2]
  Join inner (a#1 = a#3)
    Project [a#1, b#2]
      Scan parquet l [a#1, b#2]
    Project [a#3]
      Scan parquet r [a#3]`);
check('SELECT a FROM (SELECT a, sum(b) AS s, max(b) AS m FROM l GROUP BY a)', `
Project [a#1]
  Project [a#1]
    Aggregate [a#1] []
      Project [a#1]
        Scan parquet l [a#1]`);
