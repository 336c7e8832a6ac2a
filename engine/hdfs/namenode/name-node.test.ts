import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DatanodeCommand } from '../datanode-protocol.ts';
import type { Caller } from '../model.ts';
import { superuser, settle, TestCluster, testConfig } from './testdata/test-cluster.ts';

const ada: Caller = { user: 'ada', groups: ['staff'] };
const limits = { softMs: 60_000, hardMs: 120_000 };

type RecoverCommand = Extract<DatanodeCommand, { kind: 'recover' }>;
const recoveriesOf = (cluster: TestCluster): RecoverCommand[] =>
  cluster.datanodes.flatMap((each) => each.commands.filter((command): command is RecoverCommand => command.kind === 'recover'));

test('a closed file tells its blocks and where they are', () => TestCluster.with(3, async (cluster) => {
  const { client } = cluster.nameNode;
  const [first, second] = await cluster.write('/data/a', [100, 50]);
  assert.equal((await client.getFileStatus(superuser, '/data/a'))?.bytes, 150);
  const located = await client.getBlockLocations(superuser, '/data/a', 0, 1000);
  assert.deepEqual(located.blocks.map(({ block, offset, locations }) => [block, offset, locations.length]), [[first, 0, 2], [second, 100, 2]]);
  assert.equal(located.underConstruction, false);
  const tail = await client.getBlockLocations(superuser, '/data/a', 100, 10);
  assert.deepEqual(tail.blocks.map(({ block }) => block), [second]);
}));

test('a file is not closed while its last block has no reported replica', () => TestCluster.with(3, async (cluster) => {
  const { client } = cluster.nameNode;
  const { status } = await cluster.create('/a');
  const { block, locations } = await client.addBlock(superuser, status.fileId, 'writer', undefined, []);
  const written = { ...block, bytes: 10 };
  assert.equal(await client.complete(superuser, status.fileId, 'writer', written), false);
  await cluster.datanode(locations[1]?.uuid ?? '').put({ ...written, bytes: 9 });
  assert.equal(await client.complete(superuser, status.fileId, 'writer', written), false);
  await cluster.datanode(locations[0]?.uuid ?? '').put(written);
  assert.equal(await client.complete(superuser, status.fileId, 'writer', written), true);
  assert.equal(cluster.nameNode.status().corruptBlocks + cluster.nameNode.status().underReplicatedBlocks > 0, true);
}));

test('the writer is the first of the pipeline, and excluded datanodes are not in it', () => TestCluster.with(3, async (cluster) => {
  const { client } = cluster.nameNode;
  const { status } = await cluster.create('/a');
  const { locations, block } = await client.addBlock({ ...superuser, host: 'host-dn-1' }, status.fileId, 'writer', undefined, []);
  assert.equal(locations[0]?.name, 'dn-1');
  await client.abandonBlock(superuser, status.fileId, 'writer', block);
  const again = await client.addBlock({ ...superuser, host: 'host-dn-1' }, status.fileId, 'writer', undefined, ['uuid-dn-1']);
  assert.deepEqual(again.locations.map((each) => each.name).toSorted(), ['dn-0', 'dn-2']);
  await client.abandonBlock(superuser, status.fileId, 'writer', again.block);
  await assert.rejects(client.addBlock(superuser, status.fileId, 'writer', undefined, ['dn-0', 'dn-1', 'dn-2']), /could only be written to 0 of the 1 minReplication nodes. There are 3 datanode\(s\) running and 3/);
}));

test('a call that is sent again is done once', () => TestCluster.with(3, async (cluster) => {
  const { client } = cluster.nameNode;
  const { status } = await cluster.create('/a');
  const once = { ...superuser, callId: 'call-1' };
  const first = await client.addBlock(once, status.fileId, 'writer', undefined, []);
  const again = await client.addBlock(once, status.fileId, 'writer', undefined, []);
  assert.deepEqual(again.block, first.block);
  assert.deepEqual(again.locations.map((each) => each.uuid).toSorted(), first.locations.map((each) => each.uuid).toSorted());
}));

test('permissions are those of the caller', () => TestCluster.with(1, async (cluster) => {
  const { client } = cluster.nameNode;
  await assert.rejects(client.mkdirs(ada, '/data', 0o755, true), { code: 'AccessControlException' });
  await client.mkdirs(superuser, '/tmp', 0o777, true);
  await client.setPermission(superuser, '/tmp', 0o777);
  assert.equal(await client.mkdirs(ada, '/tmp/ada', 0o755, true), true);
}));

test('the deleted blocks of a file go from the datanodes', () => TestCluster.with(2, async (cluster) => {
  await cluster.write('/a');
  assert.deepEqual(cluster.datanodes.map((each) => each.replicas.size), [1, 1]);
  assert.equal(await cluster.nameNode.client.delete(superuser, '/a', false), true);
  await cluster.pass(1000);
  assert.deepEqual(cluster.datanodes.map((each) => each.replicas.size), [0, 0]);
}));

test('a namenode that starts again stays in safe mode until the blocks are reported, and refuses changes in words that clients know', () => TestCluster.with(2, async (cluster) => {
  await cluster.write('/a');
  for (const each of cluster.datanodes) each.up = false;
  const reported = cluster.datanodes.map((each) => new Map(each.replicas));
  for (const each of cluster.datanodes) each.replicas.clear();
  await cluster.restart();
  const { client } = cluster.nameNode;
  await assert.rejects(client.mkdirs(superuser, '/b', 0o755, true), {
    code: 'SafeModeException', message: /^Cannot create directory \/b. Name node is in safe mode.\nThe reported blocks 0 needs additional 1 blocks to reach the threshold 0.9990 of total blocks 1./,
  });
  assert.equal((await client.getFileStatus(superuser, '/a'))?.bytes, 100);
  for (const [index, each] of cluster.datanodes.entries()) {
    for (const [id, block] of reported[index] ?? []) each.replicas.set(id, block);
    each.up = true;
    await each.report();
  }
  await cluster.pass(5000);
  assert.deepEqual(cluster.nameNode.safeMode(), { on: false });
  assert.equal(await client.mkdirs(superuser, '/b', 0o755, true), true);
}));

test('safe mode is turned on and off by hand', () => TestCluster.with(1, async ({ nameNode }) => {
  assert.equal((await nameNode.setSafeMode(true)).on, true);
  await assert.rejects(nameNode.client.delete(superuser, '/x', true), { code: 'SafeModeException', message: /It was turned on manually/ });
  assert.equal((await nameNode.setSafeMode(false)).on, false);
  assert.equal(await nameNode.client.delete(superuser, '/x', true), false);
}));

test('a writer that renews its lease keeps its file, one that does not loses it to another after the soft limit', () => TestCluster.with(2, async (cluster) => {
  const { client } = cluster.nameNode;
  const create = (name: string): Promise<unknown> => cluster.create('/a', name);
  await create('first');
  await cluster.pass(40_000);
  await client.renewLease(superuser, 'first');
  await cluster.pass(40_000);
  await assert.rejects(create('second'), { code: 'AlreadyBeingCreatedException' });
  await cluster.pass(30_000);
  // Nothing was written: the file is closed as it is, and then it exists.
  await assert.rejects(create('second'), { code: 'FileAlreadyExistsException' });
  assert.equal((await client.getFileStatus(superuser, '/a'))?.bytes, 0);
}, { leaseLimits: limits }));

test('the last block of a lost writer is recovered by its datanodes, and the file is closed with what they agree on', () => TestCluster.with(2, async (cluster) => {
  const { client, datanodes } = cluster.nameNode;
  const { status } = await cluster.create('/a');
  const block = await cluster.writeBlock(status.fileId, 70);
  await cluster.pass(125_000);
  const [recovery] = recoveriesOf(cluster);
  assert.ok(recovery !== undefined);
  assert.equal(recovery.block.id, block.id);
  assert.equal(recovery.replicas.length, 2);
  assert.ok(recovery.newGenerationStamp > block.generationStamp);
  await assert.rejects(client.addBlock(superuser, status.fileId, 'writer', block, []), { code: 'LeaseExpiredException' });
  const next = { id: block.id, generationStamp: recovery.newGenerationStamp, bytes: 70 };
  for (const each of cluster.datanodes) await each.put(next);
  await datanodes.commitRecovery(recovery.block, next, cluster.datanodes.map((each) => each.address.uuid));
  const located = await client.getBlockLocations(superuser, '/a', 0, 100);
  assert.deepEqual([located.underConstruction, located.fileBytes, located.blocks[0]?.locations.length], [false, 70, 2]);
}, { leaseLimits: limits }));

test('a recovery that nobody ends is ordered again under a new stamp', () => TestCluster.with(2, async (cluster) => {
  const { client } = cluster.nameNode;
  const { status } = await cluster.create('/a');
  await cluster.writeBlock(status.fileId, 70);
  assert.equal(await client.recoverLease(superuser, '/a', 'other'), false);
  await cluster.pass(15_000);
  const stamps = recoveriesOf(cluster).map((each) => each.newGenerationStamp);
  assert.equal(stamps.length, 2);
  assert.ok((stamps[0] ?? 0) !== (stamps[1] ?? 0));
}));

test('truncate within a block waits for its datanodes', () => TestCluster.with(2, async (cluster) => {
  const { client, datanodes } = cluster.nameNode;
  const [block] = await cluster.write('/a', [100]);
  assert.equal(await client.truncate(superuser, '/a', 100, 'cutter'), true);
  assert.equal(await client.truncate(superuser, '/a', 30, 'cutter'), false);
  await cluster.pass(1000);
  const [recovery] = recoveriesOf(cluster);
  assert.deepEqual([recovery?.bytes, recovery?.block.id, recovery?.replicas.length], [30, block?.id, 2]);
  const next = { id: block?.id ?? 0, generationStamp: recovery?.newGenerationStamp ?? 0, bytes: 30 };
  for (const each of cluster.datanodes) await each.put(next);
  await datanodes.commitRecovery(recovery?.block ?? next, next, cluster.datanodes.map((each) => each.address.uuid));
  assert.equal((await client.getFileStatus(superuser, '/a'))?.bytes, 30);
  assert.equal((await client.getBlockLocations(superuser, '/a', 0, 100)).blocks[0]?.locations.length, 2);
}));

test('append goes on in the last block under a new stamp', () => TestCluster.with(2, async (cluster) => {
  const { client } = cluster.nameNode;
  const [block] = await cluster.write('/a', [100]);
  const { lastBlock, status } = await client.append(superuser, '/a', 'appender');
  assert.equal(lastBlock?.locations.length, 2);
  assert.ok((lastBlock?.block.generationStamp ?? 0) > (block?.generationStamp ?? 0));
  const next = { ...lastBlock?.block ?? { id: 0, generationStamp: 0 }, bytes: 140 };
  for (const each of lastBlock?.locations ?? []) await cluster.datanode(each.uuid).put(next);
  assert.equal(await client.complete(superuser, status.fileId, 'appender', next), true);
  assert.equal((await client.getFileStatus(superuser, '/a'))?.bytes, 140);
}));

test('a pipeline that breaks goes on with other datanodes under a new stamp, and the replica left behind is removed', () => TestCluster.with(3, async (cluster) => {
  const { client } = cluster.nameNode;
  const { status } = await cluster.create('/a');
  const { block, locations } = await client.addBlock(superuser, status.fileId, 'writer', undefined, []);
  const [stays, breaks] = locations.map((each) => cluster.datanode(each.uuid));
  await breaks?.put({ ...block, bytes: 10 });
  const next = await client.updateBlockForPipeline(superuser, status.fileId, 'writer', block);
  const more = await client.getAdditionalDatanode(superuser, status.fileId, [stays?.address.uuid ?? ''], [breaks?.address.uuid ?? '']);
  assert.ok(more !== undefined);
  await client.updatePipeline(superuser, status.fileId, 'writer', block, { ...next, bytes: 10 }, [stays?.address.uuid ?? '', more.uuid]);
  const final = { ...next, bytes: 60 };
  await stays?.put(final);
  await cluster.datanode(more.uuid).put(final);
  assert.equal(await client.complete(superuser, status.fileId, 'writer', final), true);
  await breaks?.report();
  await cluster.pass(2000);
  assert.equal(breaks?.replicas.size, 0);
  assert.equal((await client.getBlockLocations(superuser, '/a', 0, 100)).blocks[0]?.locations.length, 2);
}));

test('trash becomes checkpoints, which go when they are old', () => TestCluster.with(1, async (cluster) => {
  const { client } = cluster.nameNode;
  await client.mkdirs(superuser, '/user/hdfs/.Trash/Current/data', 0o700, true);
  const names = async (): Promise<readonly string[]> => (await client.listStatus(superuser, '/user/hdfs/.Trash', '')).entries.map((each) => each.name);
  cluster.clock.advance(11 * 60_000);
  await settle();
  assert.match((await names())[0] ?? '', /^\d{12}$/);
  for (let minutes = 0; minutes < 80; minutes += 10) {
    cluster.clock.advance(10 * 60_000);
    await settle();
  }
  assert.deepEqual(await names(), []);
}));

test('a token stands for its owner until it is cancelled', () => TestCluster.with(1, async ({ nameNode: { client } }) => {
  const { text } = await client.getDelegationToken(ada, 'ada');
  assert.equal((await client.verifyDelegationToken(text)).user, 'ada');
  assert.ok(await client.renewDelegationToken(ada, text) > 0);
  await client.cancelDelegationToken(ada, text);
  await assert.rejects(client.verifyDelegationToken(text), { code: 'InvalidToken' });
}));

test('a deposed namenode refuses everything, obeys nobody, and serves again when it leads again', () => TestCluster.with(2, async (cluster) => {
  const { nameNode, log } = cluster;
  await cluster.write('/a');
  log.setRole('follower');
  await assert.rejects(nameNode.client.getFileStatus(superuser, '/a'), { code: 'StandbyException' });
  await assert.rejects(nameNode.client.mkdirs(superuser, '/b', 0o755, true), { code: 'StandbyException' });
  const { active } = await nameNode.datanodes.heartbeat({ uuid: 'uuid-dn-0', volumes: [], blocks: 0, transfers: 0 });
  assert.equal(active, false);
  log.setRole('leader');
  await settle();
  assert.equal(nameNode.isActive, true);
  assert.equal((await nameNode.client.getFileStatus(superuser, '/a'))?.bytes, 100);
  assert.deepEqual(nameNode.safeMode(), { on: false });
}));

test('a datanode of another cluster is refused', () => TestCluster.with(1, async ({ nameNode, datanodes }) => {
  const address = datanodes[0]?.address;
  assert.ok(address !== undefined);
  await assert.rejects(nameNode.datanodes.register({ ...address, clusterId: 'CID-other' }), { code: 'IOException', message: /belongs to cluster CID-other, not to CID-test/ });
}));

test('datanodes that are to go are journaled, and the status says how far they are', () => TestCluster.with(3, async (cluster) => {
  await cluster.write('/a');
  await cluster.nameNode.decommission(['dn-0']);
  const stateOf = (name: string): string | undefined => cluster.nameNode.status().datanodes.find((each) => each.name === name)?.state;
  assert.equal(stateOf('dn-0') === 'Decommissioning' || stateOf('dn-0') === 'Decommissioned', true);
  await cluster.restart();
  assert.match(stateOf('dn-0') ?? '', /^Decommission/);
}));

test('fsck tells the files with something wrong, and how each block is', () => TestCluster.with(2, async (cluster) => {
  await cluster.write('/data/whole');
  const [block] = await cluster.write('/data/hurt');
  assert.ok(block !== undefined);
  await cluster.nameNode.datanodes.reportBadReplica(block, 'uuid-dn-0');
  const report = await cluster.nameNode.fsck('/data', false);
  assert.deepEqual([report.healthy, report.files, report.directories, report.blocks, report.underReplicatedBlocks, report.replicas], [false, 2, 1, 2, 1, 3]);
  assert.deepEqual(report.entries.map((each) => [each.path, each.blocks[0]?.health]), [['/data/hurt', 'underReplicated']]);
  assert.equal((await cluster.nameNode.fsck('/data', true)).entries.length, 2);
  await assert.rejects(cluster.nameNode.fsck('/nothing', false), { code: 'FileNotFoundException' });
}));

test('the status of the only namenode', () => TestCluster.with(2, async (cluster) => {
  await cluster.write('/a');
  const status = cluster.nameNode.status();
  assert.deepEqual({ ...status, datanodes: status.datanodes.length, nameNodes: status.nameNodes.map((each) => [each.name, each.role, each.behind]) }, {
    clusterId: testConfig.clusterId, name: 'nn-0', role: 'active', active: 'nn-0', formatted: true, safeMode: { on: false }, capacityBytes: 2 ** 41, usedBytes: 0,
    remainingBytes: 2 ** 41, files: 1, blocks: 1, underReplicatedBlocks: 0, missingBlocks: 0, corruptBlocks: 0, pendingBlocks: 0, datanodes: 2,
    nameNodes: [['nn-0', 'active', 0]],
  });
  assert.equal(cluster.nameNode.ready, true);
}));
