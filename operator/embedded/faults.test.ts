import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { KubeError } from '../kube/client.ts';
import type { KubeClient, KubeErrorCode } from '../kube/client.ts';
import { configMapType } from '../kube/resource-types.ts';
import type { ConfigMap } from '../kube/resource-types.ts';
import { FakeClock } from '../runtime/fake-clock.ts';
import { EmbeddedApiServer } from './api-server.ts';
import { CrashError, CrashingClient, FaultyClient, seededRandom } from './faults.ts';
import type { FaultRates } from './faults.ts';

const { signal } = new AbortController();
const server = (): EmbeddedApiServer => new EmbeddedApiServer({ clock: new FakeClock(), uid: randomUUID });
const configMap = (name: string): ConfigMap => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default' } });
const names = async (client: KubeClient): Promise<readonly string[]> => (await client.list(configMapType, {}, signal)).items.map((each) => each.metadata.name);

for (const moment of ['before', 'after'] as const) {
  test(`a crash ${moment} the second write ${moment === 'before' ? 'prevents it' : 'hides its answer'}, and nothing follows`, async () => {
    const real = server();
    const crashes: string[] = [];
    const client = new CrashingClient(real, { write: 2, moment }, (call) => crashes.push(`${call.verb} ${call.target}`));
    await client.create(configMapType, configMap('one'), signal);
    await assert.rejects(client.create(configMapType, configMap('two'), signal), CrashError);
    await assert.rejects(client.create(configMapType, configMap('three'), signal), CrashError);
    await assert.rejects(names(client), CrashError);
    assert.deepEqual(await names(real), moment === 'before' ? ['one'] : ['one', 'two']);
    assert.deepEqual(crashes, ['create configmaps/default/two']);
  });
}

test('writes that do not count are no crash points', async () => {
  const real = server();
  const client = new CrashingClient(real, { write: 1, moment: 'before' }, () => undefined, (call) => !call.target.endsWith('/free'));
  await client.create(configMapType, configMap('free'), signal);
  await assert.rejects(client.create(configMapType, configMap('counted'), signal), CrashError);
});

const none: FaultRates = { tooManyRequests: 0, internalError: 0, conflict: 0, lostAnswer: 0, droppedWatch: 0 };

function check(name: string, rates: Partial<FaultRates>, code: KubeErrorCode, call: (client: KubeClient) => Promise<unknown>): void {
  test(name, async () => {
    const real = server();
    await real.create(configMapType, configMap('there'), signal);
    const client = new FaultyClient(real, () => 0.5, { ...none, ...rates });
    await assert.rejects(call(client), (error) => error instanceof KubeError && error.code === code);
  });
}

check('too many requests', { tooManyRequests: 1 }, 'TooManyRequests', (client) => client.get(configMapType, 'default', 'there', signal));
check('an internal error', { internalError: 1 }, 'InternalError', (client) => client.list(configMapType, {}, signal));
check('a conflict', { conflict: 1 }, 'Conflict', (client) => client.patch(configMapType, 'default', 'there', {}, signal));
check('a watch that breaks', { droppedWatch: 1 }, 'Unreachable', async (client) => {
  for await (const _ of client.watch(configMapType, { resourceVersion: '0', timeoutSeconds: 60 }, signal));
});
check('a lost answer', { lostAnswer: 1 }, 'Unreachable', async (client) => {
  try {
    await client.create(configMapType, configMap('done'), signal);
  } finally {
    // It took effect all the same.
    await assert.rejects(client.create(configMapType, configMap('done'), signal), (error) => error instanceof KubeError && error.code === 'AlreadyExists');
  }
});

test('a seed fixes the faults', () => {
  const draw = (seed: number): readonly number[] => {
    const random = seededRandom(seed);
    return Array.from({ length: 100 }, random);
  };
  assert.deepEqual(draw(7), draw(7));
  assert.notDeepEqual(draw(7), draw(8));
  assert.ok(draw(7).every((each) => each >= 0 && each < 1));
});
