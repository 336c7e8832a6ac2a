import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { printResolved } from '../print-resolved.ts';
import { pushFilters } from './push-filters.ts';
import { resolved } from './testdata/resolved.ts';

/** The analysed statement after this rule alone. */
function check(sql: string, expected: string): void {
  test(`conditions go down as far as they hold: ${sql}`, () => {
    assert.equal(`\n${printResolved(pushFilters(resolved(sql)))}`, expected);
  });
}

check('SELECT l.b FROM l JOIN r ON l.a = r.a WHERE l.b > 1 AND r.c < 2 AND l.b + r.c > 3', `
Project [b#2]
  Join inner ((a#1 = a#3) and ((b#2 + c#4) > 3))
    Project [a#1, b#2]
      Filter (b#2 > 1)
        Scan parquet l [a#1, b#2]
    Project [a#3, c#4]
      Filter (c#4 < 2)
        Scan parquet r [a#3, c#4]`);
check('SELECT l.b FROM l LEFT JOIN r ON l.a = r.a AND l.b > 1 AND r.c > 2 WHERE l.a = 5 AND r.c = 6', `
Project [b#2]
  Filter (c#4 = 6)
    Join left ((a#1 = a#3) and (b#2 > 1))
      Project [a#1, b#2]
        Filter (a#1 = 5)
          Scan parquet l [a#1, b#2]
      Project [a#3, c#4]
        Filter (c#4 > 2)
          Scan parquet r [a#3, c#4]`);
check('SELECT x FROM (SELECT a + 1 AS x FROM l UNION ALL SELECT c FROM r) WHERE x > 1', `
Project [x#3]
  Union [x#3]
    Project [x#3]
      Project [(a#1 + 1) AS x#3]
        Project [a#1, b#2]
          Filter ((a#1 + 1) > 1)
            Scan parquet l [a#1, b#2]
    Project [c#5]
      Project [c#5]
        Project [a#4, c#5]
          Filter (c#5 > 1)
            Scan parquet r [a#4, c#5]`);
check('SELECT a, n FROM (SELECT a, count(*) AS n FROM l GROUP BY a) WHERE a > 1 AND n > 2', `
Project [a#1, count#3]
  Project [a#1, count#3]
    Filter (count#3 > 2)
      Aggregate [a#1] [count(1) AS count#3]
        Project [a#1, b#2]
          Filter (a#1 > 1)
            Scan parquet l [a#1, b#2]`);
