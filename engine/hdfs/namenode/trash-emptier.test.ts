import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkpointAt } from './namespace/trash.ts';
import { checkpointEveryMs, planTrash, type TrashPlan } from './trash-emptier.ts';

const minute = 60_000;
const now = Date.UTC(2026, 10, 25, 12, 0, 0);
const rule = { intervalMinutes: 60, checkpointMinutes: 0 };
const at = (minutesAgo: number): string => checkpointAt(now - minutesAgo * minute);

function check(name: string, names: readonly string[], wanted: TrashPlan): void {
  test(name, () => assert.deepEqual(planTrash(names, rule, now), wanted));
}

check('what was deleted since the last checkpoint becomes a checkpoint', ['Current'], { remove: [], rename: { from: 'Current', to: '261125120000' } });
check('checkpoints as old as the interval go, younger ones stay', [at(59), at(60), at(100)], { remove: [at(60), at(100)], rename: undefined });
check('a second checkpoint in the same second gets another name', ['Current', '261125120000', '261125120000-1'], { remove: [], rename: { from: 'Current', to: '261125120000-2' } });
check('what is no checkpoint stays', ['notes', '2611', 'Current.old'], { remove: [], rename: undefined });

test('checkpoints come as often as asked, not less often than the interval, and never without trash', () => {
  assert.deepEqual([[60, 0], [60, 10], [60, 100], [0, 10]].map(([intervalMinutes = 0, checkpointMinutes = 0]) => checkpointEveryMs({ intervalMinutes, checkpointMinutes })),
    [60 * minute, 10 * minute, 60 * minute, undefined]);
});
