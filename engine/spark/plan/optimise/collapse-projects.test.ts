import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { printResolved } from '../print-resolved.ts';
import { collapseProjects } from './collapse-projects.ts';
import { resolved } from './testdata/resolved.ts';

/** The analysed statement after this rule alone. */
function check(sql: string, expected: string): void {
  test(`projections in a row become one unless something would be computed twice: ${sql}`, () => {
    assert.equal(`\n${printResolved(collapseProjects(resolved(sql)))}`, expected);
  });
}

check('SELECT x * 2 AS y FROM (SELECT a + 1 AS x FROM l)', `
Project [((a#1 + 1) * 2) AS y#4]
  Scan parquet l [a#1, b#2]`);
check('SELECT x * x AS y FROM (SELECT a + 1 AS x FROM l)', `
Project [(x#3 * x#3) AS y#4]
  Project [(a#1 + 1) AS x#3]
    Scan parquet l [a#1, b#2]`);
