import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { EmbeddedApiServer } from '../embedded/api-server.ts';
import type { KubeClient } from '../kube/client.ts';
import { KubeError } from '../kube/client.ts';
import { leaseType, type Lease } from '../kube/resource-types.ts';
import { FakeClock } from './fake-clock.ts';
import { LeaderElection, type ElectionOutcome } from './leader-election.ts';
import { silentLogger } from './logger.ts';
import { Metrics } from './metrics.ts';

const { signal } = new AbortController();

interface Candidate {
  readonly stop: AbortController;
  readonly outcome: Promise<ElectionOutcome>;
  leading: boolean;
  /** Its calls fail. */
  cut: boolean;
}

class Hall {
  readonly clock = new FakeClock();
  readonly server = new EmbeddedApiServer({ clock: this.clock, uid: randomUUID });

  candidate(identity: string): Candidate {
    const stop = new AbortController();
    const state = { leading: false, cut: false };
    const guarded = (method: 'get' | 'create' | 'update') => async (...args: unknown[]): Promise<unknown> => {
      if (state.cut) throw new KubeError('Unreachable', 'cut off', { status: 0 });
      return (this.server[method] as (...all: unknown[]) => Promise<unknown>).apply(this.server, args);
    };
    const client = Object.assign(Object.create(this.server) as KubeClient, { get: guarded('get'), create: guarded('create'), update: guarded('update') });
    const election = new LeaderElection({
      client, clock: this.clock, logger: silentLogger, metrics: new Metrics(), random: () => 0.5, namespace: 'default', name: 'headrace', identity,
    });
    const outcome = election.run(async (lost) => {
      state.leading = true;
      await new Promise<void>((resolve) => lost.addEventListener('abort', () => resolve(), { once: true }));
      state.leading = false;
    }, stop.signal);
    return Object.assign(state, { stop, outcome });
  }

  async lease(): Promise<Lease['spec']> {
    return (await this.server.get<Lease>(leaseType, 'default', 'headrace', signal))?.spec;
  }
}

test('the first candidate leads, renews, and the second waits', async () => {
  const hall = new Hall();
  const first = hall.candidate('first');
  await hall.clock.advance(0);
  const second = hall.candidate('second');
  await hall.clock.advance(120_000);
  assert.deepEqual([first.leading, second.leading], [true, false]);
  const spec = await hall.lease();
  assert.equal(spec?.holderIdentity, 'first');
  assert.equal(spec?.leaseTransitions, 0);
  assert.ok(hall.clock.now() - Date.parse(spec?.renewTime ?? '') <= 2000);
  first.stop.abort();
  second.stop.abort();
  assert.deepEqual((await Promise.all([first.outcome, second.outcome])).map(({ kind }) => kind), ['stopped', 'stopped']);
  assert.equal(hall.clock.waiting, 0);
});

test('a leader that stops gives the lease back, and the next one leads within its retry', async () => {
  const hall = new Hall();
  const first = hall.candidate('first');
  await hall.clock.advance(0);
  const second = hall.candidate('second');
  await hall.clock.advance(10_000);
  first.stop.abort();
  await first.outcome;
  await hall.clock.advance(4400);
  assert.equal(second.leading, true);
  assert.equal((await hall.lease())?.leaseTransitions, 1);
  second.stop.abort();
  await second.outcome;
});

test('a leader that is cut off stops its work before another can take over', async () => {
  const hall = new Hall();
  const first = hall.candidate('first');
  await hall.clock.advance(0);
  const second = hall.candidate('second');
  await hall.clock.advance(5000);
  first.cut = true;
  let both = false;
  for (let elapsed = 0; elapsed < 30_000; elapsed += 250) {
    await hall.clock.advance(250);
    both ||= first.leading && second.leading;
  }
  assert.equal(both, false, 'never two at a time');
  assert.deepEqual([first.leading, second.leading], [false, true]);
  assert.equal((await first.outcome).kind, 'lost');
  second.stop.abort();
  await second.outcome;
});

test('a jump of the wall clock moves nobody', async () => {
  const hall = new Hall();
  const first = hall.candidate('first');
  await hall.clock.advance(0);
  const second = hall.candidate('second');
  await hall.clock.advance(5000);
  hall.clock.jumpWall(3_600_000);
  await hall.clock.advance(30_000);
  hall.clock.jumpWall(-7_200_000);
  await hall.clock.advance(30_000);
  assert.deepEqual([first.leading, second.leading], [true, false]);
  first.stop.abort();
  second.stop.abort();
  await Promise.all([first.outcome, second.outcome]);
});

test('work that throws releases the lease and the error comes through', async () => {
  const hall = new Hall();
  const election = new LeaderElection({
    client: hall.server, clock: hall.clock, logger: silentLogger, metrics: new Metrics(), random: () => 0, namespace: 'default', name: 'headrace', identity: 'one',
  });
  await assert.rejects(election.run(() => Promise.reject(new Error('broken work')), signal), /broken work/);
  assert.equal((await hall.lease())?.holderIdentity, '');
});

test('times that cannot fence are refused', () => {
  const hall = new Hall();
  assert.throws(() => new LeaderElection({
    client: hall.server, clock: hall.clock, logger: silentLogger, metrics: new Metrics(), random: () => 0, namespace: 'd', name: 'l', identity: 'i',
    leaseDurationMs: 10_000, renewDeadlineMs: 10_000,
  }), RangeError);
});
