import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { printResolved } from '../print-resolved.ts';
import { foldConstants } from './fold-constants.ts';
import { resolved } from './testdata/resolved.ts';

/** The analysed statement after this rule alone. */
function check(sql: string, expected: string): void {
  test(`literals take their type and their part of a condition: ${sql}`, () => {
    assert.equal(`\n${printResolved(foldConstants(resolved(sql)))}`, expected);
  });
}

check('SELECT a FROM l WHERE (a > CAST(1 AS BIGINT) AND true) OR NOT true', `
Project [a#1]
  Filter (cast(a#1 as bigint) > 1)
    Project [a#1, b#2]
      Scan parquet l [a#1, b#2]`);
