import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../../core/random.ts';
import { DatanodeTable, type DatanodeEntry } from './datanode-table.ts';
import { chooseExcess, chooseTargets, sortByDistance } from './placement.ts';
import { addressOf, gib } from './testdata/datanode-world.ts';

/** `a@/r0` is a datanode on its own machine; `a@/r0#m` on machine m. */
function entriesOf(text: string, remainingBytes = 10 * gib): DatanodeEntry[] {
  const table = new DatanodeTable();
  for (const each of text.split(' ')) {
    const [name = '', place = ''] = each.split('@');
    const [rack = '', machine] = place.split('#');
    const entry = table.add(addressOf(name, rack, machine), 0);
    entry.volumes = [{ id: 'v', failed: false, capacityBytes: 20 * gib, usedBytes: 0, remainingBytes }];
  }
  return table.all();
}

function choose(text: string, request: { count: number; writer?: string; excluded?: string[]; existing?: string }, seed: number): DatanodeEntry[] {
  const entries = entriesOf(text);
  const existing = entries.filter((each) => (request.existing ?? '').split(' ').includes(each.address.name));
  return chooseTargets(entries, {
    count: request.count, blockBytes: gib, writer: request.writer, excluded: request.excluded ?? [], existing, nowMs: 0, staleAfterMs: 3000,
  }, seededRandom(seed));
}

/** The racks (or names, or machines) chosen must match for every seed. */
function check(name: string, text: string, request: Parameters<typeof choose>[1], holds: (chosen: readonly DatanodeEntry[]) => boolean): void {
  test(name, () => {
    for (let seed = 0; seed < 50; seed += 1) {
      const chosen = choose(text, request, seed);
      assert.ok(holds(chosen), `seed ${seed}: ${chosen.map((each) => each.address.name).join(' ')}`);
    }
  });
}

const names = (chosen: readonly DatanodeEntry[]): string => chosen.map((each) => each.address.name).join('');
const racks = (chosen: readonly DatanodeEntry[]): string => chosen.map((each) => each.address.rack).join('');

check('the first replica is on the writer, the others together on another rack', 'a@/r0 b@/r0 c@/r1 d@/r1 e@/r1', { count: 3, writer: 'host-a' },
  (chosen) => names(chosen).startsWith('a') && racks(chosen) === '/r0/r1/r1' && new Set(chosen).size === 3);
check('a writer from elsewhere gets any datanode first', 'a@/r0 b@/r0 c@/r1 d@/r1', { count: 3, writer: 'elsewhere' },
  (chosen) => chosen.length === 3 && new Set(racks(chosen).match(/\/r\d/g)).size === 2);
check('one rack and fewer machines than replicas still give different datanodes', 'a@/r0#m b@/r0#m c@/r0#m', { count: 3 }, (chosen) => new Set(chosen).size === 3);
check('machines differ while there are enough', 'a@/r0#m b@/r0#m c@/r0#n d@/r0#o', { count: 3 }, (chosen) => new Set(chosen.map((each) => each.address.machine)).size === 3);
check('fewer datanodes than replicas give fewer targets', 'a@/r0 b@/r0', { count: 3 }, (chosen) => chosen.length === 2);
check('excluded datanodes are not chosen', 'a@/r0 b@/r0 c@/r0', { count: 3, excluded: ['uuid-a', 'host-b:9864'] }, (chosen) => names(chosen) === 'c');
check('a third replica goes to another rack when two share one', 'a@/r0 b@/r0 c@/r0 d@/r1', { count: 1, existing: 'a b' }, (chosen) => names(chosen) === 'd');
check('nobody gets a second replica', 'a@/r0 b@/r0', { count: 2, existing: 'a' }, (chosen) => names(chosen) === 'b');

test('datanodes without room for a whole block, leaving ones and dead ones are not chosen', () => {
  const [full, leaving, dead, fine] = entriesOf('a@/r0 b@/r0 c@/r0 d@/r0') as [DatanodeEntry, DatanodeEntry, DatanodeEntry, DatanodeEntry];
  full.volumes = full.volumes.map((each) => ({ ...each, remainingBytes: gib }));
  leaving.leaving = true;
  dead.dead = true;
  const chosen = chooseTargets([full, leaving, dead, fine], { count: 3, blockBytes: gib, excluded: [], existing: [], nowMs: 0, staleAfterMs: 3000 }, seededRandom(1));
  assert.deepEqual(chosen, [fine]);
});

test('a silent datanode is chosen only when nobody else is left', () => {
  const [silent, fine] = entriesOf('a@/r0 b@/r0') as [DatanodeEntry, DatanodeEntry];
  fine.lastContactMs = 10_000;
  const choosing = (count: number): DatanodeEntry[] =>
    chooseTargets([silent, fine], { count, blockBytes: gib, excluded: [], existing: [], nowMs: 10_000, staleAfterMs: 3000 }, seededRandom(1));
  assert.deepEqual(choosing(1), [fine]);
  assert.deepEqual(choosing(2), [fine, silent]);
});

test('busy and full datanodes are chosen less often', () => {
  const [busy, full, free] = entriesOf('a@/r0 b@/r0 c@/r0') as [DatanodeEntry, DatanodeEntry, DatanodeEntry];
  busy.transfers = 4;
  full.volumes = full.volumes.map((each) => ({ ...each, remainingBytes: 3 * gib }));
  const counts = new Map<string, number>();
  const random = seededRandom(5);
  for (let index = 0; index < 1000; index += 1) {
    const name = names(chooseTargets([busy, full, free], { count: 1, blockBytes: gib, excluded: [], existing: [], nowMs: 0, staleAfterMs: 3000 }, random));
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  assert.ok((counts.get('c') ?? 0) > (counts.get('a') ?? 0) + (counts.get('b') ?? 0));
});

test('the replica too many is one that shares a machine, then one that shares a rack, then the one on the fullest datanode', () => {
  const victim = (text: string, full: string): string | undefined => {
    const entries = entriesOf(text);
    for (const each of entries) {
      if (each.address.name === full) each.volumes = each.volumes.map((volume) => ({ ...volume, remainingBytes: 1 }));
    }
    return chooseExcess(entries)?.address.name;
  };
  assert.equal(victim('a@/r0#m b@/r0#m c@/r1', 'c'), 'a');
  assert.equal(victim('a@/r0 b@/r0 c@/r1', 'c'), 'a');
  assert.equal(victim('a@/r0 b@/r0 c@/r0', 'b'), 'b');
});

test('readers get the replica on their machine first, then one on their rack; leaving and silent datanodes come last', () => {
  const entries = entriesOf('a@/r0 b@/r1 c@/r1 d@/r1 e@/r1');
  const [, , , leaving, silent] = entries as [DatanodeEntry, DatanodeEntry, DatanodeEntry, DatanodeEntry, DatanodeEntry];
  leaving.leaving = true;
  for (const each of entries) each.lastContactMs = each === silent ? 0 : 10_000;
  assert.equal(names(sortByDistance(entries, entries, 'machine-b', 10_000, 3000, seededRandom(1))), 'bcade');
});
