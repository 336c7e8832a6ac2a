import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { matchesSelector } from './label-selector.ts';

const labels = { app: 'x', tier: 'front', 'a.b/c': 'd' };

function check(selector: string, expected: boolean): void {
  test(`'${selector}' ${expected ? 'selects' : 'does not select'} app=x,tier=front`, () => assert.equal(matchesSelector(selector, labels), expected));
}

check('', true);
check('app', true);
check('!app', false);
check('!missing', true);
check('app=x', true);
check('app==x', true);
check('app = y', false);
check('app!=y', true);
check('missing!=y', true);
check('app in (x,y)', true);
check('app in (y, z),tier', false);
check('tier notin (back),app=x', true);
check('missing in (x)', false);
check('missing notin (x)', true);
check('a.b/c=d', true);

test('a selector that cannot be read is refused', () => {
  assert.throws(() => matchesSelector('app in x', labels), /cannot read 'app in x'/);
});
