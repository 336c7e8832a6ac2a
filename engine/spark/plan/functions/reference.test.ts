import { test } from 'node:test';
import { assertGolden } from '../../../../testing/golden.ts';
import { functionsReference } from './reference.ts';

test('docs/reference/functions.md is what the table says', () => {
  assertGolden(new URL('../../../../docs/reference/functions.md', import.meta.url), functionsReference());
});
