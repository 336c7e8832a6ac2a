import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { printResolved } from '../print-resolved.ts';
import { removeSorts } from './remove-sorts.ts';
import { resolved } from './testdata/resolved.ts';

/** The analysed statement after this rule alone. */
function check(sql: string, expected: string): void {
  test(`a sort goes away when nothing sees its order: ${sql}`, () => {
    assert.equal(`\n${printResolved(removeSorts(resolved(sql)))}`, expected);
  });
}

check('SELECT count(*) FROM (SELECT a FROM l ORDER BY a)', `
Project [count#3]
  Aggregate [] [count(1) AS count#3]
    Project [a#1]
      Project [a#1, b#2]
        Scan parquet l [a#1, b#2]`);
check('SELECT collect_list(a) FROM (SELECT a FROM l ORDER BY a)', `
Project [collect_list#3]
  Aggregate [] [collect_list(a#1) AS collect_list#3]
    Sort [a#1 ASC NULLS FIRST]
      Project [a#1]
        Project [a#1, b#2]
          Scan parquet l [a#1, b#2]`);
