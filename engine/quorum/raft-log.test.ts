import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { systemClock } from '../core/clock.ts';
import { silentLogger } from '../core/logger.ts';
import { seededRandom } from '../core/random.ts';
import { MemoryNetwork } from '../net/testdata/memory-transport.ts';
import { MemoryDisk } from '../storage/memory-disk.ts';
import { openReplicatedLog, type RaftLog, type RaftLogOptions } from './raft-log.ts';
import { LogError } from './replicated-log.ts';
import { CountingMachine } from './testdata/counting-machine.ts';

const clock = systemClock();
const { signal } = new AbortController();

async function until(what: string, holds: () => boolean): Promise<void> {
  const deadline = clock.nowMs() + 15_000;
  while (!holds()) {
    assert.ok(clock.nowMs() < deadline, `not within fifteen seconds: ${what}`);
    await clock.sleep(5, signal);
  }
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

interface Member {
  readonly id: string;
  readonly disk: MemoryDisk;
  machine: CountingMachine;
  log: RaftLog;
  stop: () => Promise<void>;
}

class Group {
  readonly network = new MemoryNetwork();
  readonly members: Member[] = [];
  readonly failures: unknown[] = [];
  readonly #ids: readonly string[];
  readonly #extra: Partial<RaftLogOptions>;
  /** No two starts draw the same numbers: a disk's name is drawn. */
  #seed = 7;

  constructor(size: number, extra: Partial<RaftLogOptions> = {}) {
    this.#ids = Array.from({ length: size }, (_, i) => `m${i}`);
    this.#extra = extra;
  }

  async start(id: string, disk = new MemoryDisk(), extra: Partial<RaftLogOptions> = {}): Promise<Member> {
    const machine = new CountingMachine();
    const transport = this.network.transport(id);
    const log = await openReplicatedLog({
      groupId: 'group', member: id, members: this.#ids.map((each) => ({ id: each, address: `${each}:1` })), mayFormat: true, stateMachine: machine, disk, transport, clock,
      random: seededRandom(this.#seed++), logger: silentLogger, onFailure: (error) => this.failures.push(error), electionMs: 150, heartbeatMs: 40, ...this.#extra, ...extra,
    });
    const listener = await transport.listen(1, log.handlers);
    const member: Member = {
      id, disk, machine, log,
      stop: async () => {
        await listener.close();
        await log.close();
      },
    };
    this.members.push(member);
    return member;
  }

  async startAll(): Promise<void> {
    for (const id of this.#ids) await this.start(id);
  }

  async leader(among: readonly Member[] = this.members): Promise<Member> {
    let found: Member | undefined;
    await until('one leads', () => {
      found = among.find(({ log }) => log.status.role === 'leader');
      return found !== undefined;
    });
    return found as Member;
  }

  /** Just after a start leadership may still move: then whoever leads is asked. */
  async propose(text: string): Promise<void> {
    for (;;) {
      try {
        await (await this.leader()).log.propose(bytes(text));
        return;
      } catch (error) {
        if (!(error instanceof LogError && error.code === 'NotLeader')) throw error;
      }
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.members.map((member) => member.stop()));
    assert.deepEqual(this.failures, []);
  }
}


test('one member alone leads at once, answers what apply returned, and knows it all after a restart', async () => {
  const group = new Group(1);
  const member = await group.start('m0');
  assert.equal(member.log.status.role, 'leader');
  const answers = await Promise.all(['a', 'b', 'c'].map((text) => member.log.propose(bytes(text))));
  assert.deepEqual(answers, ['1:a', '2:b', '3:c']);
  await member.log.readBarrier();
  await member.stop();
  group.members.pop();
  member.disk.crash(seededRandom(1));
  const again = await group.start('m0', member.disk);
  assert.equal(await again.log.propose(bytes('d')), '4:d');
  assert.deepEqual(again.machine.entries, ['a', 'b', 'c', 'd']);
  await group.stop();
});

test('three members agree, and lose nothing that was acknowledged when the leader goes', async () => {
  const group = new Group(3);
  await group.startAll();
  const first = await group.leader();
  const acknowledged: string[] = [];
  for (let i = 0; i < 50; i += 1) {
    await first.log.propose(bytes(`x${i}`));
    acknowledged.push(`x${i}`);
  }
  group.network.cut(first.id);
  const others = group.members.filter((member) => member !== first);
  const second = await group.leader(others);
  await second.log.propose(bytes('after'));
  assert.deepEqual(second.machine.entries, [...acknowledged, 'after']);
  const lost = first.log.propose(bytes('lost')).catch((error: unknown) => error);
  await until('the old leader steps down', () => first.log.status.role !== 'leader');
  assert.ok(await lost instanceof LogError);
  group.network.heal(first.id);
  await until('the old leader has caught up', () => first.machine.entries.length === acknowledged.length + 1);
  assert.deepEqual(first.machine.entries, second.machine.entries);
  await group.stop();
});

test('a leader that is cut off answers no reads', async () => {
  const group = new Group(3);
  await group.startAll();
  const leader = await group.leader();
  await leader.log.readBarrier();
  group.network.cut(leader.id);
  await assert.rejects(leader.log.readBarrier(), (error) => error instanceof LogError && error.code === 'NotLeader');
  await group.stop();
});

test('leadership is handed over without a gap', async () => {
  const group = new Group(3);
  await group.startAll();
  const leader = await group.leader();
  await leader.log.propose(bytes('a'));
  await leader.log.transferLeadership(undefined, 5000);
  const next = await group.leader(group.members.filter((member) => member !== leader));
  assert.equal(await next.log.propose(bytes('b')), '2:b');
  await group.stop();
});

test('a member that was away longer than the log reaches back gets a snapshot', async () => {
  const group = new Group(3, { snapshotEveryBytes: 2000, storeLimits: { segmentBytes: 1000, cacheBytes: 2000, tailEntries: 5 } });
  await group.startAll();
  await group.propose('first');
  const leader = await group.leader();
  const away = group.members.find((member) => member !== leader) as Member;
  await away.stop();
  group.members.splice(group.members.indexOf(away), 1);
  const expected = ['first'];
  for (let i = 0; i < 200; i += 1) {
    expected.push(`entry number ${i} with some length to it`);
    await group.propose(`entry number ${i} with some length to it`);
  }
  const back = await group.start(away.id, away.disk);
  await until('it has caught up', () => back.machine.entries.length === expected.length);
  assert.deepEqual(back.machine.entries, expected);
  await group.propose('last');
  await until('it follows', () => back.machine.entries.length === expected.length + 1);
  await group.stop();
});

test('a member that has lost its disk votes again only when it has everything back', async () => {
  const group = new Group(3);
  await group.startAll();
  for (let i = 0; i < 20; i += 1) await group.propose(`x${i}`);
  const leader = await group.leader();
  const victim = group.members.find((member) => member !== leader) as Member;
  await victim.stop();
  group.members.splice(group.members.indexOf(victim), 1);
  const third = group.members.find((member) => member !== leader) as Member;
  group.network.cut(third.id);
  const back = await group.start(victim.id, new MemoryDisk(), { mayFormat: false });
  assert.equal(back.log.status.role, 'recovering');
  group.network.heal(third.id);
  await until('it is a voter again', () => back.log.status.role === 'follower');
  assert.deepEqual(back.machine.entries.slice(0, 20), leader.machine.entries.slice(0, 20));
  await group.stop();
});

for (const [title, extra, message] of [
  ['the disk of another group', { groupId: 'other' }, /belongs to group group, not to other/],
  ['the disk of another member', { member: 'm9', members: [{ id: 'm9', address: 'm9:1' }] }, /belongs to member m0/],
] as const) {
  test(`${title} is refused`, async () => {
    const group = new Group(1);
    const member = await group.start('m0');
    await group.stop();
    group.members.length = 0;
    await assert.rejects(group.start('m0', member.disk, extra), (error) => error instanceof LogError && error.code === 'Foreign' && message.test(error.message));
  });
}

test('an empty disk of the only member of an old group is refused, and nothing is written', async () => {
  const disk = new MemoryDisk();
  await assert.rejects(new Group(1).start('m0', disk, { mayFormat: false }), (error) => error instanceof LogError && error.code === 'Foreign');
  assert.deepEqual(await disk.list(''), []);
});
