/** Whatever happens to datanodes and namenodes: no last good replica is removed, and in the end every block has the replicas that it should have. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { addressOf, DatanodeWorld } from './testdata/datanode-world.ts';

const datanodes = ['a', 'b', 'c', 'd', 'e'] as const;
const rackOf = (name: string): string => (name < 'c' ? '/r0' : '/r1');
const name = fc.constantFrom(...datanodes);
const blockIndex = fc.nat(11);

const event = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('write' as const), replication: fc.integer({ min: 1, max: 4 }), reach: fc.integer({ min: 1, max: 4 }), lag: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('delete' as const), block: blockIndex, lag: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('append' as const), block: blockIndex }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('setReplication' as const), block: blockIndex, replication: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('stop' as const), name }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('start' as const), name }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('damage' as const), name, block: blockIndex }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('failOver' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reports' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('leave' as const), names: fc.subarray([...datanodes], { maxLength: 2 }) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('wait' as const), seconds: fc.integer({ min: 1, max: 20 }) }) },
);
type Event = typeof event extends fc.Arbitrary<infer E> ? E : never;

function happen(world: DatanodeWorld, each: Event): void {
  const block = 'block' in each ? [...world.blocks.keys()][each.block] ?? -1 : -1;
  switch (each.kind) {
    case 'write': return void world.write(each.replication, 1000, each.reach, each.lag);
    case 'delete': return world.delete(block, each.lag);
    case 'append': return world.append(block, 100);
    case 'setReplication': return world.setReplication(block, each.replication);
    case 'stop': return world.stop(each.name);
    case 'start': return world.datanodes.get(each.name)?.up === true ? undefined : world.start(addressOf(each.name, rackOf(each.name)));
    case 'damage': return world.damage(each.name, block);
    case 'failOver': return world.failOver();
    case 'reports': return world.fullReports();
    case 'leave': return world.managers.forEach((manager) => manager.setLeaving(new Set(each.names)));
    case 'wait': return world.run(each.seconds * 1000);
    default: return each satisfies never;
  }
}

test('after any events and enough time replication is right, and no last good replica was removed', () => {
  fc.assert(fc.property(fc.nat(), fc.array(event, { minLength: 1, maxLength: 40 }), (seed, events) => {
    const world = new DatanodeWorld(seed);
    for (const each of datanodes) world.start(addressOf(each, rackOf(each)));
    world.run(1000);
    for (const each of events) happen(world, each);
    for (const manager of world.managers) manager.setLeaving(new Set());
    for (const each of datanodes) world.start(addressOf(each, rackOf(each)));
    world.run(60_000);
    assert.deepEqual(world.violations, []);
    const found = [...world.blocks.values()].map((block) => [block.id, world.goodHolders(block.id).length]);
    assert.deepEqual(found, [...world.blocks.values()].map((block) => [block.id, block.replication]));
    const garbage = [...world.datanodes.values()].flatMap((each) => [...each.replicas.keys()].filter((id) => !world.isGood(each.address.name, id)));
    assert.deepEqual(garbage, []);
    const { underReplicated, missing, corrupt, pending } = world.manager.counts();
    assert.deepEqual({ underReplicated, missing, corrupt, pending }, { underReplicated: 0, missing: 0, corrupt: 0, pending: 0 });
  }), { numRuns: 300 });
});
