import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../core/clock.ts';
import { silentLogger } from '../core/logger.ts';
import { seededRandom, systemRandom } from '../core/random.ts';
import { rpcTransport } from '../net/rpc-transport.ts';
import type { Transport, TransportListener } from '../net/transport.ts';
import type { ClientProtocol } from './client-protocol.ts';
import { clientProtocolClient, clientProtocolHandlers } from './client-protocol-rpc.ts';
import { datanodeProtocolClient, datanodeProtocolHandlers } from './datanode-protocol-rpc.ts';
import type { DatanodeProtocol, ReplicaReport } from './datanode-protocol.ts';
import { HdfsError } from './hdfs-error.ts';
import type { Caller } from './model.ts';

const caller: Caller = { user: 'ada', groups: ['staff'] };

function transport(): Transport {
  return rpcTransport({ listenHost: '127.0.0.1', secret: Buffer.from('a secret of the cluster'), clock: systemClock(), random: systemRandom(), logger: silentLogger });
}

/** A namenode of which only some calls are there. */
async function nameNode(net: Transport, calls: Partial<ClientProtocol>, leader?: string): Promise<TransportListener> {
  return net.listen(0, clientProtocolHandlers(calls as ClientProtocol, () => leader));
}

const standby: Partial<ClientProtocol> = {
  mkdirs: async () => {
    throw new HdfsError('StandbyException', 'not me');
  },
};

interface Members {
  readonly client: ClientProtocol;
  readonly listeners: readonly TransportListener[];
}

async function withMembers(members: readonly { readonly calls: Partial<ClientProtocol>; readonly leader?: string; readonly down?: boolean }[], run: (members: Members) => Promise<void>): Promise<void> {
  const net = transport();
  const listeners = await Promise.all(members.map(({ calls, leader }) => nameNode(net, calls, leader)));
  const nameNodes = listeners.map((each, index) => ({ name: `nn-${index}`, address: `127.0.0.1:${each.port}` }));
  await Promise.all(members.map(({ down }, index) => (down === true ? listeners[index]?.close() : undefined)));
  const client = clientProtocolClient({ transport: net, nameNodes, clock: systemClock(), random: seededRandom(1), timeoutMs: 2000, attemptTimeoutMs: 500 });
  try {
    await run({ client, listeners });
  } finally {
    client.close();
    await Promise.all(listeners.map((each) => each.close()));
  }
}

test('a call reaches the active namenode by the hint of a standby', async () => {
  const asked: string[] = [];
  const active: Partial<ClientProtocol> = {
    mkdirs: async (_caller, path) => {
      asked.push(path);
      return true;
    },
  };
  await withMembers([{ calls: standby, leader: 'nn-2' }, { calls: standby }, { calls: active }], async ({ client }) => {
    assert.equal(await client.mkdirs(caller, '/a', 0o755, true), true);
    assert.deepEqual(asked, ['/a']);
  });
});

test('a call goes on to another namenode when one is down, and without a hint', async () => {
  const active: Partial<ClientProtocol> = { mkdirs: async () => true };
  await withMembers([{ calls: active, down: true }, { calls: standby }, { calls: active }], async ({ client }) => {
    assert.equal(await client.mkdirs(caller, '/a', 0o755, true), true);
  });
});

test('a call that is repeated carries the id of the first attempt', async () => {
  const ids: (string | undefined)[] = [];
  const flaky: Partial<ClientProtocol> = {
    delete: async (who) => {
      ids.push(who.callId);
      if (ids.length < 3) throw new HdfsError('RetriableException', 'not now');
      return true;
    },
    getFileStatus: async (who) => {
      ids.push(who.callId);
      return undefined;
    },
  };
  await withMembers([{ calls: flaky }], async ({ client }) => {
    assert.equal(await client.delete(caller, '/a', true), true);
    assert.equal(ids.length, 3);
    assert.equal(new Set(ids).size, 1);
    assert.match(ids[0] ?? '', /^[0-9a-f]{32}$/);
    assert.equal(await client.getFileStatus(caller, '/a'), undefined);
    assert.equal(ids[3], undefined);
  });
});

test('a call that nobody answers fails, and says why', async () => {
  await withMembers([{ calls: standby }, { calls: standby }], async ({ client }) => {
    await assert.rejects(client.mkdirs(caller, '/a', 0o755, true), (error: unknown) => error instanceof HdfsError && /no active namenode could be reached: nn-\d is a standby/.test(error.message));
  });
});

test('an exception of the namenode arrives as it was thrown, and is not tried again', async () => {
  let calls = 0;
  const refusing: Partial<ClientProtocol> = {
    rename: async () => {
      calls += 1;
      throw new HdfsError('AccessControlException', 'Permission denied: user=ada');
    },
  };
  await withMembers([{ calls: refusing }], async ({ client }) => {
    await assert.rejects(client.rename(caller, '/a', '/b'), { code: 'AccessControlException', message: 'Permission denied: user=ada' });
    assert.equal(calls, 1);
  });
});

test('arguments of the wrong shape are refused', async () => {
  await withMembers([{ calls: { mkdirs: async () => true } }], async ({ client }) => {
    await assert.rejects(client.mkdirs(caller, '/a'.repeat(5000), 0o755, true), { code: 'IllegalArgumentException' });
    await assert.rejects(client.mkdirs(caller, 7 as unknown as string, 0o755, true), { code: 'IllegalArgumentException' });
  });
});

test('reports and heartbeats of datanodes arrive whole', async () => {
  const net = transport();
  const seen: unknown[] = [];
  const service: DatanodeProtocol = {
    register: async (registration) => void seen.push(registration),
    heartbeat: async (heartbeat) => {
      seen.push(heartbeat);
      return { active: true, term: 7, commands: [{ kind: 'report' }], transferBandwidth: 1 };
    },
    blockReport: async (...args) => void seen.push(args),
    incrementalReport: async (...args) => void seen.push(args),
    reportBadReplica: async (...args) => void seen.push(args),
    commitRecovery: async () => {
      throw new HdfsError('StandbyException', 'not me');
    },
  };
  const listener = await net.listen(0, datanodeProtocolHandlers(service));
  const stop = new AbortController();
  const client = datanodeProtocolClient(net, `127.0.0.1:${listener.port}`, stop.signal);
  const registration = { uuid: 'u', name: 'dn-0', host: 'h', httpPort: 1, rpcPort: 2, rack: '/r', machine: 'm', clusterId: 'c' };
  const heartbeat = { uuid: 'u', volumes: [{ id: 'v', failed: false, capacityBytes: 3, usedBytes: 1, remainingBytes: 2 }], blocks: 1, transfers: 0 };
  const replicas: ReplicaReport[] = [
    { id: 2 ** 30 + 1, generationStamp: 1001, bytes: 2 ** 40, state: 'Finalized' }, { id: 2 ** 33, generationStamp: 2 ** 34, bytes: 0, state: 'WaitingToBeRecovered' },
  ];
  const bad = { id: 5, generationStamp: 6, bytes: 7 };
  await client.register(registration);
  assert.deepEqual(await client.heartbeat(heartbeat), { active: true, term: 7, commands: [{ kind: 'report' }], transferBandwidth: 1 });
  await client.blockReport('u', 'v', replicas);
  await client.incrementalReport('u', replicas, [9, 2 ** 35]);
  await client.reportBadReplica(bad, 'u');
  assert.deepEqual(seen, [registration, heartbeat, ['u', 'v', replicas], ['u', replicas, [9, 2 ** 35]], [bad, 'u']]);
  await assert.rejects(client.commitRecovery(bad, bad, []), { code: 'StandbyException' });
  await assert.rejects(client.blockReport('u', 'v', [{ ...bad, bytes: -1, state: 'Finalized' }]), { code: 'IllegalArgumentException' });
  client.close();
  await listener.close();
});
