import assert from 'node:assert/strict';
import { test } from 'node:test';
import { integerBelow, seededRandom } from '../../core/random.ts';
import { FileError } from '../../storage/file-system.ts';
import { HdfsError } from '../hdfs-error.ts';
import { BlockWriter, writeFile } from './block-writer.ts';
import type { TestCall, TestFault } from './testdata/memory-transport.ts';
import { eventually, superuser, TestHdfs } from './testdata/test-hdfs.ts';

const content = Buffer.from(seededRandom(9).bytes(200_000));

/** Without a picture of all bytes that differ. */
function same(actual: Buffer, expected: Buffer, what = ''): void {
  assert.ok(actual.equals(expected), `${what} ${actual.length} bytes, ${expected.length} expected; the first difference is at ${actual.findIndex((byte, index) => byte !== expected[index])}`);
}

test('a file of several blocks is written through three datanodes and read back from each', async () => {
  await using hdfs = await TestHdfs.start();
  await hdfs.write('/a', content);
  for (const index of [0, 1, 2]) same(await hdfs.read('/a', index), content);
  same(await hdfs.read('/a', 1, 65_000, 70_000), content.subarray(65_000, 135_000));
  assert.equal((await hdfs.read('/a', 1, 200_000)).length, 0);
  for (const node of hdfs.nodes) assert.equal(node.store.size, 4);
});

test('an empty file is written', async () => {
  await using hdfs = await TestHdfs.start(1);
  await hdfs.write('/empty', Buffer.alloc(0), 1);
  assert.equal((await hdfs.read('/empty')).length, 0);
});

test('readers see what was flushed, also within a chunk, and the writer goes on', async () => {
  await using hdfs = await TestHdfs.start();
  const writer = await hdfs.create('/a');
  for (const to of [700, 701, 5000, 66_000]) {
    await writer.write(content.subarray(writer.bytes, to));
    await (to === 701 ? writer.sync() : writer.flush());
    for (const index of [0, 1, 2]) same(await hdfs.read('/a', index), content.subarray(0, to));
  }
  await writer.close();
  same(await hdfs.read('/a', 2), content.subarray(0, 66_000));
});

test('a file is appended to, within a chunk and at the end of a block', async () => {
  await using hdfs = await TestHdfs.start();
  await hdfs.write('/a', content.subarray(0, 700));
  for (const to of [1300, 65_536, 65_600]) {
    const status = await hdfs.node().access.client.getFileStatus(superuser, '/a');
    const writer = await BlockWriter.append(hdfs.node(1).access, superuser, '/a', `appender ${to}`, { packetBytes: 4096 });
    await writer.write(content.subarray(status?.bytes ?? 0, to));
    await writer.close();
    same(await hdfs.read('/a', 2), content.subarray(0, to));
  }
});

test('truncation cuts a block on all its datanodes', async () => {
  await using hdfs = await TestHdfs.start();
  await hdfs.write('/a', content.subarray(0, 100_000));
  const { client } = hdfs.node().access;
  assert.equal(await client.truncate(superuser, '/a', 70_001, 'truncater'), false);
  await eventually('the block is cut', async () => (await client.getBlockLocations(superuser, '/a', 0, 1)).underConstruction === false);
  for (const index of [0, 1, 2]) same(await hdfs.read('/a', index), content.subarray(0, 70_001));
});

/** Writes 20,000 bytes in packets of 4 KiB while the fault strikes; the file must be whole, and be read from every datanode that is named for it. */
async function checkFault(name: string, fault: (call: TestCall, count: number) => TestFault, replication = 3): Promise<void> {
  await using hdfs = await TestHdfs.start(4);
  let count = 0;
  let struck = 0;
  hdfs.network.fault = (call) => {
    if (!['transfer.openWrite', 'transfer.writePacket', 'transfer.finalize'].includes(call.method)) return 'none';
    const kind = fault(call, count += 1);
    if (kind !== 'none') struck += 1;
    return kind;
  };
  await hdfs.write('/a', content.subarray(0, 20_000), replication);
  hdfs.network.fault = () => 'none';
  assert.ok(struck > 0, `${name}: no call was struck`);
  same(await hdfs.read('/a', 3), content.subarray(0, 20_000), name);
  await eventually(`${name}: replicated`, async () => {
    const { blocks } = await hdfs.node().access.client.getBlockLocations(superuser, '/a', 0, 1);
    return blocks[0]?.locations.length === replication;
  });
  same(await hdfs.read('/a', 2), content.subarray(0, 20_000), name);
}

test('whichever call of a pipeline breaks, the file is whole and comes to three replicas', async () => {
  // Two calls open the pipeline behind the first datanode, each packet goes over two links, two calls make it final.
  for (let strike = 1; strike <= 14; strike += 1) {
    for (const kind of ['broken', 'lost'] as const) await checkFault(`${kind} ${strike}`, (_, count) => count === strike ? kind : 'none');
  }
});

test('a datanode that is lost while a full block is made final costs a replica, not the write', async () => {
  for (const kind of ['broken', 'lost'] as const) {
    for (const strike of [1, 2]) {
      await using hdfs = await TestHdfs.start(4);
      let count = 0;
      hdfs.network.fault = ({ method }) => method === 'transfer.finalize' && (count += 1) === strike ? kind : 'none';
      await hdfs.write('/a', content.subarray(0, 150_000));
      assert.ok(count > strike);
      same(await hdfs.read('/a', 3), content.subarray(0, 150_000));
      await eventually(`${kind} ${strike}: replicated`, async () => {
        const { blocks } = await hdfs.node().access.client.getBlockLocations(superuser, '/a', 0, 150_000);
        return blocks.every((each) => each.locations.length === 3);
      });
    }
  }
});

test('a datanode that falls silent is left out after a while', async () => {
  let victim: string | undefined;
  await checkFault('silent', ({ to }, count) => {
    if (count === 4) victim = to;
    return to === victim ? 'silent' : 'none';
  });
});

test('a datanode whose disk is full is left out, and nothing is half-written', async () => {
  await using hdfs = await TestHdfs.start(4);
  let full = 0;
  for (const disk of hdfs.disks.slice(1, 2)) {
    disk.fault = ({ kind, path }) => {
      if (kind === 'write' && path.includes('/blk_') && !path.endsWith('.meta')) {
        full += 1;
        if (full > 2) throw new FileError('NoSpace', path, 'full');
      }
    };
  }
  await hdfs.write('/a', content.subarray(0, 20_000));
  same(await hdfs.read('/a', 3), content.subarray(0, 20_000));
});

test('when the only datanode of a block fails at its first packet, the bytes go to another block', async () => {
  await using hdfs = await TestHdfs.start(2);
  const [disk] = hdfs.disks;
  assert.ok(disk !== undefined);
  disk.fault = ({ kind, path }) => {
    if (kind === 'write' && path.includes('/blk_') && !path.endsWith('.meta')) throw new FileError('NoSpace', path, 'full');
  };
  await hdfs.write('/a', content.subarray(0, 20_000), 1);
  same(await hdfs.read('/a', 1), content.subarray(0, 20_000));
});

test('a datanode that starts anew takes up the write of its only replica', async () => {
  await using hdfs = await TestHdfs.start(2);
  const writer = await hdfs.create('/a', {}, 1, 1);
  await writer.write(content.subarray(0, 10_000));
  await writer.flush();
  assert.equal(hdfs.node(1).store.size, 1);
  await hdfs.node(1).close();
  await hdfs.startNode(1);
  await writer.write(content.subarray(10_000, 20_000));
  await writer.close();
  same(await hdfs.read('/a', 0), content.subarray(0, 20_000));
});

test('a write that is given up leaves no file, one that fails at its source neither', async () => {
  await using hdfs = await TestHdfs.start(3);
  async function* source(): AsyncGenerator<Uint8Array> {
    yield content.subarray(0, 10_000);
    throw new HdfsError('IOException', 'the client is gone');
  }
  const create = { permission: 0o644, overwrite: false, createParent: true };
  await assert.rejects(writeFile(hdfs.node().access, { caller: superuser, path: '/a', client: 'c', create }, source(), new AbortController().signal), /the client is gone/);
  assert.equal(await hdfs.node().access.client.getFileStatus(superuser, '/a'), undefined);
});

test('the file of a writer that died keeps all that was flushed', async () => {
  await using hdfs = await TestHdfs.start(3);
  const writer = await hdfs.create('/a');
  await writer.write(content.subarray(0, 9000));
  await writer.flush();
  await writer.write(content.subarray(9000, 30_000));
  const { client } = hdfs.node(1).access;
  await eventually('the file is closed', () => client.recoverLease(superuser, '/a', 'other'));
  const bytes = await hdfs.read('/a', 2);
  assert.ok(bytes.length >= 9000 && bytes.equals(content.subarray(0, bytes.length)));
  await assert.rejects(writer.close());
  await writer.cancel();
});

test('a replica with wrong bytes is not read, and is replaced', async () => {
  await using hdfs = await TestHdfs.start(3);
  await hdfs.write('/a', content.subarray(0, 20_000), 2);
  const { client } = hdfs.node().access;
  const { blocks } = await client.getBlockLocations({ ...superuser, host: 'dn-0' }, '/a', 0, 1);
  const [located] = blocks;
  const first = hdfs.nodes.findIndex((each) => each.address.uuid === located?.locations[0]?.uuid);
  const replica = hdfs.node(first).store.get(located?.block.id ?? 0);
  assert.ok(replica !== undefined && hdfs.disks[first]?.rot(replica.dataPath, 12_000) === true);
  same(await hdfs.read('/a', first), content.subarray(0, 20_000));
  await eventually('a good replica takes its place', async () => {
    const now = (await client.getBlockLocations(superuser, '/a', 0, 1)).blocks[0]?.locations ?? [];
    const healthy = await Promise.all(now.map(async ({ uuid }) => {
      const node = hdfs.nodes.find((each) => each.address.uuid === uuid);
      return node !== undefined && await node.store.read(located?.block ?? { id: 0, generationStamp: 0, bytes: 0 }, 0, 20_000).then(() => true, () => false);
    }));
    return healthy.length === 2 && healthy.every(Boolean);
  });
});

test('a file whose replicas are all gone is told to be missing', async () => {
  await using hdfs = await TestHdfs.start(1);
  await hdfs.write('/a', content.subarray(0, 1000), 1);
  const [block] = hdfs.node().store.reports(hdfs.node().store.volumes.volumes[0]?.id ?? '');
  assert.ok(block !== undefined);
  await hdfs.node().store.invalidate([block]);
  await assert.rejects(hdfs.read('/a'), (error) => error instanceof HdfsError && error.code === 'BlockMissingException' && /Could not obtain block: blk_1073741825_/.test(error.message));
});

/** Calls break at random; what was acknowledged must be there afterwards, and a file that was closed must be whole. */
async function checkSeed(seed: number): Promise<void> {
  const random = seededRandom(seed);
  await using hdfs = await TestHdfs.start(4);
  const rate = random.fraction() * 0.08;
  hdfs.network.fault = ({ method }) => !method.startsWith('transfer.') || random.fraction() >= rate ? 'none' : random.fraction() < 0.5 ? 'broken' : 'lost';
  let flushed = 0;
  let closed = false;
  const writer = await hdfs.create('/a', {}, 1 + integerBelow(random, 3), integerBelow(random, 4));
  try {
    while (writer.bytes < 150_000) {
      await writer.write(content.subarray(writer.bytes, Math.min(150_000, writer.bytes + integerBelow(random, 20_000))));
      if (random.fraction() >= 0.3) continue;
      await (random.fraction() < 0.5 ? writer.flush() : writer.sync());
      flushed = writer.bytes;
    }
    await writer.close();
    closed = true;
  } catch (error) {
    assert.ok(error instanceof HdfsError, String(error));
  }
  hdfs.network.fault = () => 'none';
  const { client } = hdfs.node(1).access;
  if (!closed) await eventually(`seed ${seed}: the file is closed`, () => client.recoverLease(superuser, '/a', 'other'));
  const bytes = await hdfs.read('/a', integerBelow(random, 4));
  assert.ok(bytes.length >= (closed ? 150_000 : flushed), `seed ${seed}: ${bytes.length} bytes, ${flushed} were flushed, ${closed ? 'closed' : 'not closed'}`);
  same(bytes, content.subarray(0, bytes.length), `seed ${seed}:`);
}

test('whatever breaks, what was acknowledged is there', async () => {
  for (let seed = 1; seed <= 10; seed += 1) await checkSeed(seed);
});

test('a writer that gives up leaves alone what another one has taken from it', async () => {
  await using hdfs = await TestHdfs.start(3);
  const first = await hdfs.create('/a');
  await first.write(content.subarray(0, 5000));
  await first.flush();
  const { client } = hdfs.node(1).access;
  await eventually('the file is taken', () => client.recoverLease(superuser, '/a', 'second'));
  const second = await BlockWriter.append(hdfs.node(1).access, superuser, '/a', 'second');
  await first.cancel();
  await second.write(content.subarray(5000, 7000));
  await second.close();
  await first.cancel();
  same(await hdfs.read('/a'), content.subarray(0, 7000), 'after the first writer gave up:');
});

test('a copy that was left half done makes way for the next one', async () => {
  await using hdfs = await TestHdfs.start(2);
  await hdfs.write('/a', content.subarray(0, 3000), 1);
  const [block] = hdfs.node().store.reports(hdfs.node().store.volumes.volumes[0]?.id ?? '');
  assert.ok(block !== undefined);
  const target = hdfs.node().access.peer(hdfs.node(1).address, 0);
  for (let attempt = 0; attempt < 3; attempt += 1) assert.deepEqual(await target.openWrite({ stage: 'transfer', block: { ...block, bytes: 0 }, downstream: [] }), { failed: '' });
});
