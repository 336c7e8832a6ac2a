import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { ManualClock } from '../../core/clock.ts';
import { Session } from '../driver/session.ts';
import { SessionRegistry } from './session-registry.ts';
import { fakeServices } from './testdata/fake-services.ts';

const limits = { sessionsMax: 2, sessionIdleMs: 1000, operationDetachedMs: 100 };

function registryAt(clock: ManualClock): SessionRegistry {
  let ids = 0;
  const newId = (): string => {
    ids += 1;
    return `00000000-0000-0000-0000-${String(ids).padStart(12, '0')}`;
  };
  return new SessionRegistry({ newSession: () => new Session(fakeServices(), new Map()), newId, nowMs: () => clock.nowMs(), limits });
}

const reference = (user: string) => ({ sessionId: '11111111-1111-1111-1111-111111111111', userContext: { userId: user } });
const operation = { operationId: '22222222-2222-2222-2222-222222222222', tags: [], requestDigest: '', reattachable: true };

test('users have sessions of their own under the same id', () => {
  const registry = registryAt(new ManualClock());
  assert.notEqual(registry.open(reference('a')), registry.open(reference('b')));
  assert.equal(registry.open(reference('a')), registry.open(reference('a')));
});

test('there are not more sessions than the limit', () => {
  const registry = registryAt(new ManualClock());
  registry.open(reference('a'));
  registry.open(reference('b'));
  assert.throws(() => registry.open(reference('c')), /SESSION_LIMIT/);
});

test('a session left alone is closed, one with a running operation is not', async () => {
  const clock = new ManualClock();
  const registry = registryAt(clock);
  const idle = registry.open(reference('idle'));
  const busy = registry.open(reference('busy'));
  const { operation: running } = busy.open(operation, clock.nowMs());
  const reading = running.read(undefined, new AbortController().signal, () => clock.nowMs()).next();
  clock.advance(1001);
  registry.sweep();
  assert.equal(registry.find(reference('idle')), undefined);
  assert.equal(registry.find(reference('busy')), busy);
  assert.throws(() => registry.open(reference('idle')), /SESSION_CLOSED/);
  assert.equal(idle.operations().length, 0);
  running.complete();
  assert.equal((await reading).done, false);
});

test('an operation that nobody reads is cancelled and forgotten', () => {
  const clock = new ManualClock();
  const registry = registryAt(clock);
  const session = registry.open(reference('a'));
  const { operation: abandoned } = session.open(operation, clock.nowMs());
  clock.advance(100);
  registry.sweep();
  assert.equal(abandoned.signal.aborted, false);
  clock.advance(1);
  registry.sweep();
  assert.equal(abandoned.signal.aborted, true);
  assert.deepEqual(session.operations(), []);
});
