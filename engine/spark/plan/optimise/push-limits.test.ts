import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { printResolved } from '../print-resolved.ts';
import { pushLimits } from './push-limits.ts';
import { resolved } from './testdata/resolved.ts';

/** The analysed statement after this rule alone. */
function check(sql: string, expected: string): void {
  test(`limits go below projections and into unions: ${sql}`, () => {
    assert.equal(`\n${printResolved(pushLimits(resolved(sql)))}`, expected);
  });
}

check('SELECT a + 1 AS x FROM (SELECT a FROM l ORDER BY b LIMIT 10) LIMIT 3', `
Project [(a#1 + 1) AS x#3]
  Limit 3
    Sort [b#2 ASC NULLS FIRST]
      Project [a#1, b#2]
        Project [a#1, b#2]
          Scan parquet l [a#1, b#2]`);
check('SELECT a FROM l UNION ALL SELECT a FROM r LIMIT 2 OFFSET 1', `
Limit 2 offset 1
  Union [a#1]
    Project [a#1]
      Project [a#1]
        Project [a#1, b#2]
          Limit 3
            Scan parquet l [a#1, b#2]
    Project [a#3]
      Project [a#3]
        Project [a#3, c#4]
          Limit 3
            Scan parquet r [a#3, c#4]`);
