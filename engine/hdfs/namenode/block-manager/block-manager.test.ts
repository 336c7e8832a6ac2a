import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../../core/random.ts';
import { firstBlockId } from '../../model.ts';
import { BlockManager } from './block-manager.ts';
import { addressOf, DatanodeWorld, gib, testOptions } from './testdata/datanode-world.ts';

function worldOf(names: string, rackOf: (name: string) => string = () => '/r0'): DatanodeWorld {
  const world = new DatanodeWorld(1);
  for (const name of names) world.start(addressOf(name, rackOf(name)));
  world.run(1000);
  return world;
}

const counts = (world: DatanodeWorld): object => {
  const { underReplicated, missing, corrupt, pending } = world.manager.counts();
  return { underReplicated, missing, corrupt, pending };
};
const none = { underReplicated: 0, missing: 0, corrupt: 0, pending: 0 };

test('the blocks of a dead datanode are copied to others', () => {
  const world = worldOf('abcd');
  const blocks = Array.from({ length: 20 }, () => world.write(3, 1000)?.id ?? 0);
  world.stop('a');
  world.run(30_000);
  assert.deepEqual(blocks.map((id) => world.goodHolders(id).length), blocks.map(() => 3));
  assert.deepEqual(counts(world), none);
});

test('a block whose only replica is on a dead datanode is missing until the datanode is back', () => {
  const world = worldOf('a');
  world.write(1, 1000);
  world.stop('a');
  world.run(15_000);
  assert.equal(world.manager.counts().missing, 1);
  world.start(addressOf('a'));
  world.run(2000);
  assert.deepEqual(counts(world), none);
});

test('a datanode that comes back with empty disks under its old name is a new one, and what it had is copied at once', () => {
  const world = worldOf('abc');
  const block = world.write(3, 1000);
  world.stop('a');
  world.start({ ...addressOf('a'), uuid: 'uuid-a-2' });
  world.run(6000);
  assert.deepEqual(world.goodHolders(block?.id ?? 0).toSorted(), ['a', 'b', 'c']);
  assert.equal(world.manager.datanodeReport(0, 0).length, 3);
});

test('a damaged replica is replaced though there is no datanode to spare', () => {
  const world = worldOf('abc');
  const block = world.write(3, 1000);
  world.damage('b', block?.id ?? 0);
  world.run(10_000);
  assert.deepEqual(world.goodHolders(block?.id ?? 0).toSorted(), ['a', 'b', 'c']);
  assert.deepEqual(counts(world), none);
});

test('the last replica is not removed though it is damaged, and its readers are told', () => {
  const world = worldOf('a');
  const block = world.write(1, 1000);
  assert.ok(block !== undefined);
  for (const manager of world.managers) manager.badReplica(block, 'uuid-a');
  world.run(10_000);
  assert.equal(world.datanodes.get('a')?.replicas.has(block.id), true);
  const located = world.manager.locate(block, 0, undefined, world.nowMs);
  assert.deepEqual([located.corrupt, located.locations.map((each) => each.name)], [true, ['a']]);
});

test('a datanode that is to go is Decommissioned once all that it has is elsewhere, and stays Decommissioning until then', () => {
  const world = worldOf('abc');
  const two = world.write(2, 1000);
  const three = world.write(3, 1000);
  world.manager.setLeaving(new Set(['a']));
  world.run(20_000);
  const stateOf = (name: string): string | undefined => world.manager.datanodeReport(world.nowMs, 0).find((each) => each.name === name)?.state;
  assert.equal(stateOf('a'), 'Decommissioning');
  assert.deepEqual(world.manager.hinderingBlocks('a'), [three?.id]);
  world.start(addressOf('d'));
  world.run(20_000);
  assert.equal(stateOf('a'), 'Decommissioned');
  assert.ok(world.goodHolders(two?.id ?? 0).filter((each) => each !== 'a').length === 2);
  world.manager.setLeaving(new Set());
  world.run(20_000);
  assert.equal(stateOf('a'), 'Live');
  assert.equal(world.goodHolders(three?.id ?? 0).length, 3);
});

test('a decommissioned datanode that is stopped is forgotten', () => {
  const world = worldOf('abcd');
  world.write(3, 1000);
  world.manager.setLeaving(new Set(['a']));
  world.run(20_000);
  world.stop('a');
  world.run(20_000);
  assert.deepEqual(world.manager.datanodeReport(0, 0).map((each) => each.name).toSorted(), ['b', 'c', 'd']);
});

test('replicas on one rack only are spread when there is another rack', () => {
  const world = worldOf('abc');
  const block = world.write(3, 1000);
  world.start(addressOf('d', '/r1'));
  world.manager.changeReplication(block?.id ?? 0, 3);
  world.run(20_000);
  assert.ok(world.goodHolders(block?.id ?? 0).includes('d'));
  assert.equal(world.goodHolders(block?.id ?? 0).length, 3);
});

test('a new active namenode removes nothing on the word of datanodes that may have obeyed the old one', () => {
  const world = worldOf('ab');
  const block = world.write(2, 1000);
  const id = block?.id ?? 0;
  world.run(1000);
  world.setReplication(id, 1);
  // The old one has told a datanode to remove its replica; the new one has not heard that it did.
  const [old, next] = world.managers;
  const beat = (manager: BlockManager, name: string): readonly string[] =>
    manager.heartbeat({ uuid: `uuid-${name}`, volumes: [volume(name)], blocks: 1, transfers: 0 }, world.nowMs).map((each) => each.kind);
  const volume = (name: string): { id: string; failed: boolean; capacityBytes: number; usedBytes: number; remainingBytes: number } =>
    ({ id: `v-${name}`, failed: false, capacityBytes: gib, usedBytes: 0, remainingBytes: name === 'a' ? 1000 : 2000 });
  assert.equal([...beat(old, 'a'), ...beat(old, 'b')].filter((each) => each === 'invalidate').length, 1);
  next.becomeActive(world.nowMs);
  const kinds = [...beat(next, 'a'), ...beat(next, 'b')];
  assert.ok(!kinds.includes('invalidate'));
  assert.ok(kinds.includes('report'));
  // What they have in truth: only one replica.
  next.fullReport('uuid-a', 'v-a', []);
  next.fullReport('uuid-b', 'v-b', [{ id, generationStamp: block?.generationStamp ?? 0, bytes: 1000, state: 'Finalized' }]);
  assert.ok(![...beat(next, 'a'), ...beat(next, 'b')].includes('invalidate'));
});

test('blocks that nobody knows are removed once safe mode is over, and not before', () => {
  const options = { ...testOptions, safeMode: { threshold: 1, datanodes: 1, extensionMs: 3000 } };
  const manager = new BlockManager(options, seededRandom(1), () => ({ nextBlockId: firstBlockId + 10, nextGenerationStamp: 2000 }));
  manager.addBlock({ id: firstBlockId, generationStamp: 1001, bytes: 10, replication: 1, committed: true });
  manager.becomeActive(0);
  const volumes = [{ id: 'v', failed: false, capacityBytes: gib, usedBytes: 0, remainingBytes: gib }];
  const beat = (nowMs: number): readonly string[] => manager.heartbeat({ uuid: 'uuid-a', volumes, blocks: 2, transfers: 0 }, nowMs).map((each) => each.kind);
  const report = (): boolean => manager.fullReport('uuid-a', 'v', [firstBlockId, firstBlockId + 1].map((id) => ({ id, generationStamp: 1001, bytes: 10, state: 'Finalized' as const })));
  manager.tick(0);
  assert.match(manager.safeModeTip(0), /The reported blocks 0 needs additional 1 blocks/);
  manager.register(addressOf('a'), 0);
  report();
  manager.tick(1000);
  assert.equal(manager.safeModeOn, true);
  assert.match(manager.safeModeTip(1000), /turned off automatically in 3 seconds/);
  assert.deepEqual(beat(1000), []);
  manager.tick(4000);
  assert.equal(manager.safeModeOn, false);
  assert.deepEqual(beat(4000), ['report']);
  report();
  assert.deepEqual(beat(5000), ['invalidate']);
});

test('a report that comes before the journal is kept until the journal tells of the block', () => {
  const world = worldOf('ab');
  const block = world.write(2, 1000, 2, true);
  const [, standby] = world.managers;
  world.flush(1);
  assert.equal(standby.counts().blocks, 0);
  world.catchUp(1);
  assert.equal(standby.finalReplicas(block ?? { id: 0, generationStamp: 0, bytes: 0 }), 2);
});

test('a replica that missed an append is removed when the block has enough others', () => {
  const world = worldOf('abc');
  const block = world.write(3, 1000);
  const id = block?.id ?? 0;
  world.stop('c');
  world.append(id, 100);
  world.run(5000);
  world.start(addressOf('c'));
  world.run(20_000);
  assert.deepEqual(world.goodHolders(id).toSorted(), ['a', 'b', 'c']);
  assert.deepEqual(counts(world), none);
});

test('a million blocks with three replicas take at most 80 MB', () => {
  const before = process.memoryUsage();
  const manager = new BlockManager(testOptions, seededRandom(1), () => ({ nextBlockId: firstBlockId + 2_000_000, nextGenerationStamp: 1e9 }));
  for (const name of 'abc') manager.register(addressOf(name), 0);
  for (let index = 0; index < 1_000_000; index += 1) {
    manager.addBlock({ id: firstBlockId + index, generationStamp: 1001 + index, bytes: 10, replication: 3, committed: true });
  }
  for (const name of 'abc') {
    const report = Array.from({ length: 100_000 }, (_, index) => ({ id: firstBlockId + index, generationStamp: 1001 + index, bytes: 10, state: 'Finalized' as const }));
    manager.fullReport(`uuid-${name}`, 'v', report);
  }
  const after = process.memoryUsage();
  const grown = after.arrayBuffers - before.arrayBuffers;
  assert.ok(grown < 80 * 1024 * 1024, `${grown} bytes`);
  assert.equal(manager.counts().missing, 900_000);
});
