/** Three namenodes over a network in memory, with the real log: the loss of any one loses nothing, and a client goes on by itself. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../core/clock.ts';
import { silentLogger } from '../../core/logger.ts';
import { seededRandom } from '../../core/random.ts';
import { MemoryNetwork } from '../../net/testdata/memory-transport.ts';
import type { TransportListener } from '../../net/transport.ts';
import { openReplicatedLog, type RaftLog } from '../../quorum/raft-log.ts';
import { MemoryDisk } from '../../storage/memory-disk.ts';
import { clientProtocolClient } from '../client-protocol-rpc.ts';
import type { ClientProtocol } from '../client-protocol.ts';
import { datanodeProtocolClient } from '../datanode-protocol-rpc.ts';
import type { DatanodeProtocol } from '../datanode-protocol.ts';
import type { Block, Caller } from '../model.ts';
import { openNameNode, type NameNode } from './name-node.ts';
import { testConfig } from './testdata/test-cluster.ts';

const clock = systemClock();
const names = ['nn-0', 'nn-1', 'nn-2'];
const config = { ...testConfig, nameNodes: names.map((name) => ({ name, host: name })), replication: 1, deadAfterMs: 60_000, heartbeatMs: 100 };
const caller: Caller = { user: 'hdfs', groups: ['supergroup'] };

async function until(what: string, holds: () => boolean): Promise<void> {
  const deadline = clock.nowMs() + 20_000;
  while (!holds()) {
    assert.ok(clock.nowMs() < deadline, `not within twenty seconds: ${what}`);
    await clock.sleep(5);
  }
}

interface Member {
  readonly name: string;
  readonly nameNode: NameNode;
  readonly listener: TransportListener;
}

class Members {
  readonly network = new MemoryNetwork();
  readonly disks = new Map(names.map((name) => [name, new MemoryDisk()]));
  readonly running = new Map<string, Member>();
  readonly #beats = new AbortController();
  #beating: Promise<void> = Promise.resolve();

  async start(name: string): Promise<void> {
    const disk = this.disks.get(name);
    assert.ok(disk !== undefined);
    const transport = this.network.transport(name);
    const random = seededRandom(names.indexOf(name) + 3);
    const opened = Promise.withResolvers<RaftLog>();
    const nameNode = await openNameNode({
      config, name, clock, random, logger: silentLogger, tickMs: 100,
      openLog: async (stateMachine) => {
        const log = await openReplicatedLog({
          groupId: config.clusterId, member: name, members: names.map((id) => ({ id, address: `${id}:1` })), mayFormat: true, stateMachine, disk, transport, clock,
          random, logger: silentLogger, electionMs: 200, heartbeatMs: 50, onFailure: (error) => assert.fail(String(error)),
        });
        opened.resolve(log);
        return log;
      },
    });
    const listener = await transport.listen(1, { ...(await opened.promise).handlers, ...nameNode.handlers });
    this.running.set(name, { name, nameNode, listener });
  }

  /** Cut off from everybody first, so that it cannot hand over. */
  async kill(name: string): Promise<void> {
    const member = this.running.get(name);
    assert.ok(member !== undefined);
    this.running.delete(name);
    await member.listener.close();
    await member.nameNode.context.log.close();
    await member.nameNode.close();
  }

  active(): Member | undefined {
    return [...this.running.values()].find((each) => each.nameNode.isActive);
  }

  client(): ClientProtocol & { close(): void } {
    return clientProtocolClient({
      transport: this.network.transport('client'), nameNodes: names.map((name) => ({ name, address: `${name}:1` })), clock, random: seededRandom(11), attemptTimeoutMs: 1000,
      timeoutMs: 20_000,
    });
  }

  /** A datanode that talks to every namenode and has what it is told to have. */
  datanode(): { put(block: Block): Promise<void> } {
    const address = { uuid: 'uuid-dn', name: 'dn-0', host: 'dn-0', httpPort: 1, rpcPort: 2, rack: '/r', machine: 'm' };
    const volume = { id: 'v', failed: false, capacityBytes: 2 ** 40, usedBytes: 0, remainingBytes: 2 ** 40 };
    const replicas = new Map<number, Block>();
    const transport = this.network.transport('dn-0');
    const each = async (say: (nameNode: DatanodeProtocol) => Promise<void>): Promise<void> => {
      for (const name of names) {
        const nameNode = datanodeProtocolClient(transport, `${name}:1`, this.#beats.signal);
        await say(nameNode).catch(() => {}); // it is down, and is told all when it asks
        nameNode.close();
      }
    };
    const beat = (): Promise<void> => each(async (nameNode) => {
      const { commands } = await nameNode.heartbeat({ uuid: address.uuid, volumes: [volume], blocks: replicas.size, transfers: 0 });
      if (!commands.some(({ kind }) => kind === 'register' || kind === 'report')) return;
      await nameNode.register({ ...address, clusterId: config.clusterId });
      await nameNode.blockReport(address.uuid, 'v', [...replicas.values()].map((replica) => ({ ...replica, state: 'Finalized' as const })));
    });
    this.#beating = (async () => {
      while (!this.#beats.signal.aborted) {
        await beat();
        await clock.sleep(50);
      }
    })();
    return {
      put: async (block) => {
        replicas.set(block.id, block);
        await each((nameNode) => nameNode.incrementalReport(address.uuid, [{ ...block, state: 'Finalized' }], []));
      },
    };
  }

  async close(): Promise<void> {
    this.#beats.abort();
    await this.#beating;
    for (const { nameNode, listener } of this.running.values()) {
      await listener.close();
      await nameNode.context.log.close();
      await nameNode.close();
    }
  }
}

async function withMembers(run: (members: Members) => Promise<void>): Promise<void> {
  const members = new Members();
  for (const name of names) await members.start(name);
  try {
    await until('one of three namenodes is active', () => members.active() !== undefined);
    await run(members);
  } finally {
    await members.close();
  }
}

test('what was acknowledged is there after the active namenode is killed, and each call was done once', () => withMembers(async (members) => {
  const client = members.client();
  const acknowledged: string[] = [];
  const killed: string[] = [];
  const write = async (writer: number): Promise<void> => {
    for (let index = 0; index < 40; index += 1) {
      const path = `/data/${writer}-${index}`;
      // Without overwriting: done twice, the second time would fail.
      await client.create(caller, path, { client: `writer-${writer}`, permission: 0o644, overwrite: false, createParent: true });
      acknowledged.push(path);
      const active = members.active()?.name;
      if (acknowledged.length === 60 && active !== undefined) {
        killed.push(active);
        await members.kill(active);
      }
    }
  };
  await Promise.all([0, 1, 2, 3].map(write));
  assert.equal(killed.length, 1);
  const names = (await client.listStatus(caller, '/data', '')).entries.map((each) => `/data/${each.name}`);
  assert.deepEqual(names.toSorted(), acknowledged.toSorted());
  client.close();
}));

test('a standby that takes over knows the replicas and needs no safe mode', () => withMembers(async (members) => {
  const client = members.client();
  const datanode = members.datanode();
  await until('all know the datanode', () => [...members.running.values()].every((each) => each.nameNode.datanodeReport().some(({ capacityBytes }) => capacityBytes > 0)));
  const { status } = await client.create(caller, '/a', { client: 'w', permission: 0o644, overwrite: false, createParent: true });
  const { block } = await client.addBlock(caller, status.fileId, 'w', undefined, []);
  await datanode.put({ ...block, bytes: 10 });
  assert.equal(await client.complete(caller, status.fileId, 'w', { ...block, bytes: 10 }), true);
  const first = members.active();
  assert.ok(first !== undefined);
  await members.kill(first.name);
  const located = await client.getBlockLocations(caller, '/a', 0, 10);
  assert.deepEqual(located.blocks.map((each) => [each.block.bytes, each.locations.map(({ name }) => name)]), [[10, ['dn-0']]]);
  assert.equal(members.active()?.nameNode.safeMode().on, false);
  // The one that was killed comes back as a standby, and learns all.
  await members.start(first.name);
  await until('the restarted namenode is a standby that has caught up', () => members.running.get(first.name)?.nameNode.status().role === 'standby'
    && members.running.get(first.name)?.nameNode.context.blocks.counts().missing === 0 && members.running.get(first.name)?.nameNode.status().blocks === 1);
  client.close();
}));

test('the active namenode hands over when asked, and its status says how far the others are', () => withMembers(async (members) => {
  const client = members.client();
  await client.mkdirs(caller, '/a', 0o755, true);
  const first = members.active();
  assert.ok(first !== undefined);
  await until('the others have the journal', () => first.nameNode.status().nameNodes.every((each) => each.behind === 0 && each.role !== 'unreachable'));
  assert.deepEqual(first.nameNode.status().nameNodes.map((each) => each.name), names);
  await first.nameNode.handover();
  await until('another one is active', () => members.active() !== undefined && members.active()?.name !== first.name);
  assert.equal(await client.mkdirs(caller, '/b', 0o755, true), true);
  assert.equal((await client.listStatus(caller, '/', '')).entries.length, 2);
  client.close();
}));
