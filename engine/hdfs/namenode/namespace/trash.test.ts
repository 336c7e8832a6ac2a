/** Names of trash and its checkpoints. */
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { checkpointAt, checkpointTime, homeOf, trashOf } from './trash.ts';

test('everybody has trash below a home', () => {
  assert.equal(homeOf('alice'), '/user/alice');
  assert.equal(trashOf('alice'), '/user/alice/.Trash');
});

test('a checkpoint is named by its time, as Hadoop does', () => {
  assert.equal(checkpointAt(Date.UTC(2026, 10, 25, 9, 8, 7, 654)), '261125090807');
  assert.equal(checkpointTime('261125090807'), Date.UTC(2026, 10, 25, 9, 8, 7));
  // Older clients leave the seconds out.
  assert.equal(checkpointTime('2611250908'), Date.UTC(2026, 10, 25, 9, 8));
});

test('a name gives back the second that it was made from', () => {
  fc.assert(fc.property(fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2099, 11, 31) }), (ms) => {
    assert.equal(checkpointTime(checkpointAt(ms)), Math.floor(ms / 1000) * 1000);
  }));
});

for (const name of ['Current', '', '26112509080', '2611250908071', 'x61125090807', '26112509-807', '269925090807', '261125096107', '260230000000']) {
  test(`'${name}' is no checkpoint`, () => assert.equal(checkpointTime(name), undefined));
}
