/** Plans of SQL text, held against testdata/plans.txt: each statement of testdata/plans.sql with the plan it becomes. */
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { assertGolden } from '../../../testing/golden.ts';
import { printCommand } from '../plan/print.ts';
import { parseStatement } from './parse.ts';

test('every statement becomes the plan that the golden file shows', () => {
  const statements = readFileSync(new URL('testdata/plans.sql', import.meta.url), 'utf8').split(/^;\n/m).map((each) => each.trim());
  const shown = statements.filter((each) => each !== '').map((each) => `${each}\n→\n${printCommand(parseStatement(each))}\n`);
  assertGolden(new URL('testdata/plans.txt', import.meta.url), shown.join('\n'));
});
