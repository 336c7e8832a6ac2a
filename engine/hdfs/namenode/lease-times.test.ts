import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LeaseTimes } from './lease-times.ts';

const expiry = (leases: LeaseTimes, client: string, nowMs: number): string =>
  leases.isHardExpired(client, nowMs) ? 'hard' : leases.isSoftExpired(client, nowMs) ? 'soft' : 'fresh';

test('a lease expires softly, then hard, counted from its last renewal', () => {
  const leases = new LeaseTimes({ softMs: 60, hardMs: 600 }, 0);
  leases.renew('writer', 100);
  assert.deepEqual([160, 161, 700, 701].map((nowMs) => expiry(leases, 'writer', nowMs)), ['fresh', 'soft', 'soft', 'hard']);
});

test('a namenode that becomes active treats every lease as just renewed', () => {
  const leases = new LeaseTimes({ softMs: 60, hardMs: 600 }, 0);
  leases.renew('writer', 0);
  leases.restart(1000);
  assert.deepEqual([1060, 1061].map((nowMs) => expiry(leases, 'writer', nowMs)), ['fresh', 'soft']);
});

test('writers without an open file are forgotten', () => {
  const leases = new LeaseTimes({ softMs: 60, hardMs: 600 }, 0);
  leases.renew('gone', 5000);
  leases.renew('writer', 5000);
  leases.keep(new Set(['writer']));
  assert.deepEqual([expiry(leases, 'gone', 5001), expiry(leases, 'writer', 5001)], ['hard', 'fresh']);
});
