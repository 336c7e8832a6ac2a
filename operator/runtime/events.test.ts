import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { EmbeddedApiServer } from '../embedded/api-server.ts';
import type { KubeClient, KubeErrorCode, KubeObject } from '../kube/client.ts';
import { KubeError } from '../kube/client.ts';
import { eventType, type KubeEvent } from '../kube/resource-types.ts';
import { ApiEventRecorder } from './events.ts';
import { FakeClock, settle } from './fake-clock.ts';
import { silentLogger } from './logger.ts';
import { Metrics } from './metrics.ts';

const { signal } = new AbortController();
const job: KubeObject = { apiVersion: 'headrace.dev/v1alpha1', kind: 'SparkJob', metadata: { name: 'flights', namespace: 'default', uid: 'u1' } };

interface Bench {
  readonly clock: FakeClock;
  readonly metrics: Metrics;
  readonly recorder: ApiEventRecorder;
  readonly failures: KubeErrorCode[];
  readonly server: EmbeddedApiServer;
  readonly events: () => Promise<readonly KubeEvent[]>;
}

async function withRecorder(body: (bench: Bench) => Promise<void>): Promise<void> {
  const clock = new FakeClock();
  const server = new EmbeddedApiServer({ clock, uid: randomUUID });
  const failures: KubeErrorCode[] = [];
  const client = Object.assign(Object.create(server) as KubeClient, {
    create: async (...args: Parameters<KubeClient['create']>) => {
      const code = failures.shift();
      if (code !== undefined) throw new KubeError(code, code, { status: 503, retryable: code !== 'Forbidden' });
      return server.create(...args);
    },
    patch: (...args: Parameters<KubeClient['patch']>) => server.patch(...args),
  });
  const metrics = new Metrics();
  const recorder = new ApiEventRecorder({ client, clock, logger: silentLogger, metrics, component: 'headrace-operator', instance: 'one' });
  const stop = new AbortController();
  const running = recorder.run(stop.signal);
  const events = async (): Promise<readonly KubeEvent[]> => {
    for (let turn = 0; turn < 100; turn += 1) await settle();
    return (await server.list<KubeEvent>(eventType, { namespace: 'default' }, signal)).items;
  };
  try {
    await body({ clock, metrics, recorder, failures, server, events });
  } finally {
    stop.abort();
    await running;
  }
}

const dropped = async (metrics: Metrics): Promise<number> => Number(/headrace_events_dropped_total (\d+)/.exec(await metrics.text())?.[1]);

test('an event names its object, its reason and who tells it', async () => {
  await withRecorder(async ({ recorder, events }) => {
    recorder.record({ regarding: job, type: 'Normal', reason: 'DriverCreated', message: 'Created pod flights-1-driver.' });
    const [event] = await events();
    assert.deepEqual(event?.involvedObject, { apiVersion: job.apiVersion, kind: 'SparkJob', name: 'flights', namespace: 'default', uid: 'u1' });
    assert.deepEqual([event?.reason, event?.count, event?.reportingComponent], ['DriverCreated', 1, 'headrace-operator']);
  });
});

test('an equal event within ten minutes raises the count, a later one is told anew', async () => {
  await withRecorder(async ({ clock, recorder, events }) => {
    const tell = async (): Promise<void> => {
      recorder.record({ regarding: job, type: 'Warning', reason: 'Failed', message: 'No.' });
      await settle();
    };
    await tell();
    await clock.advance(60_000);
    await tell();
    assert.deepEqual((await events()).map(({ count }) => count), [2]);
    await clock.advance(11 * 60_000);
    await tell();
    assert.deepEqual((await events()).map(({ count }) => count).toSorted(), [1, 2]);
  });
});

test('a passing error of the server is tried again, a refusal is not', async () => {
  await withRecorder(async ({ clock, recorder, failures, events, metrics }) => {
    failures.push('InternalError', 'InternalError');
    recorder.record({ regarding: job, type: 'Normal', reason: 'A', message: 'a' });
    await clock.advance(5000);
    assert.deepEqual((await events()).map(({ reason }) => reason), ['A']);
    failures.push('Forbidden');
    recorder.record({ regarding: job, type: 'Normal', reason: 'B', message: 'b' });
    await clock.advance(5000);
    assert.deepEqual((await events()).map(({ reason }) => reason), ['A']);
    assert.equal(await dropped(metrics), 1);
  });
});

test('an object that tells too much is cut short, and told of again later', async () => {
  await withRecorder(async ({ clock, recorder, events, metrics }) => {
    for (let i = 0; i < 40; i += 1) recorder.record({ regarding: job, type: 'Normal', reason: 'Noise', message: `number ${i}` });
    assert.equal((await events()).length, 25);
    assert.equal(await dropped(metrics), 15);
    await clock.advance(5 * 60_000);
    recorder.record({ regarding: job, type: 'Normal', reason: 'Noise', message: 'later' });
    assert.equal((await events()).length, 26);
  });
});

test('a long message is cut at a whole character within the limit of the server', async () => {
  await withRecorder(async ({ recorder, events }) => {
    recorder.record({ regarding: job, type: 'Normal', reason: 'Long', message: 'ä'.repeat(2000) });
    const message = (await events())[0]?.message ?? '';
    assert.ok(Buffer.byteLength(message) <= 1024);
    assert.match(message, /^ä+…$/);
  });
});

test('an event whose time to live is over is written anew', async () => {
  await withRecorder(async ({ clock, recorder, server, events }) => {
    recorder.record({ regarding: job, type: 'Normal', reason: 'Again', message: 'x' });
    const [first] = await events();
    await server.delete(eventType, 'default', first?.metadata.name ?? '', {}, signal);
    await clock.advance(1000);
    recorder.record({ regarding: job, type: 'Normal', reason: 'Again', message: 'x' });
    assert.deepEqual((await events()).map(({ count }) => count), [2]);
  });
});
