import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import type { KubeObject } from '../kube/client.ts';
import { configMapType, podType } from '../kube/resource-types.ts';
import { Cache } from './cache.ts';
import { Controller, owned, primary, type Reconcile } from './controller.ts';
import { FakeClock, settle } from './fake-clock.ts';
import { silentLogger } from './logger.ts';
import { Metrics } from './metrics.ts';
import { keyText } from './object-key.ts';

const object = (kind: string, name: string, owner?: string): KubeObject => ({
  apiVersion: 'v1', kind, metadata: {
    name, namespace: 'default', uid: name, resourceVersion: String(Math.random()),
    ...(owner === undefined ? {} : { ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: owner, uid: owner, controller: true }] }),
  },
});

interface Bench {
  readonly clock: FakeClock;
  readonly metrics: Metrics;
  readonly objects: Cache<KubeObject>;
  readonly pods: Cache<KubeObject>;
  readonly controller: Controller;
  readonly ran: string[];
}

async function withController(reconcile: Reconcile, body: (bench: Bench) => Promise<void>, concurrency = 2): Promise<void> {
  const clock = new FakeClock();
  const metrics = new Metrics();
  const objects = new Cache<KubeObject>(configMapType);
  const pods = new Cache<KubeObject>(podType);
  const ran: string[] = [];
  const controller = new Controller({
    name: 'test', clock, logger: silentLogger, metrics, concurrency, reconcileTimeoutMs: 10_000,
    sources: [primary(objects), owned(pods, { apiVersion: 'v1', kind: 'ConfigMap' })],
    reconcile: (key, signal) => {
      ran.push(keyText(key));
      return reconcile(key, signal);
    },
  });
  const stop = new AbortController();
  const running = controller.run(stop.signal);
  try {
    await body({ clock, metrics, objects, pods, controller, ran });
  } finally {
    stop.abort();
    await running;
  }
}

const done: Reconcile = async () => ({ kind: 'done' });

test('nothing is reconciled before every cache has its first list', async () => {
  await withController(done, async ({ objects, pods, ran }) => {
    objects.replace([object('ConfigMap', 'a')]);
    await settle();
    assert.deepEqual(ran, []);
    pods.replace([]);
    await settle();
    assert.deepEqual(ran, ['default/a']);
  });
});

test("a child's change, and its going, make its owner due", async () => {
  await withController(done, async ({ objects, pods, ran }) => {
    objects.replace([]);
    pods.replace([]);
    await settle();
    const pod = object('Pod', 'p', 'owner');
    pods.set(pod);
    await settle();
    pods.remove(pod);
    await settle();
    pods.set(object('Pod', 'stranger'));
    await settle();
    assert.deepEqual(ran, ['default/owner', 'default/owner']);
  });
});

test('one key never runs twice at a time, and what changes meanwhile is seen afterwards', async () => {
  const gates: (() => void)[] = [];
  let active = 0;
  const slow: Reconcile = async () => {
    active += 1;
    assert.equal(active, 1);
    await new Promise<void>((resolve) => gates.push(resolve));
    active -= 1;
    return { kind: 'done' };
  };
  await withController(slow, async ({ objects, pods, ran }) => {
    objects.replace([]);
    pods.replace([]);
    for (let change = 0; change < 3; change += 1) {
      objects.set(object('ConfigMap', 'a'));
      await settle();
    }
    assert.equal(ran.length, 1);
    gates.shift()?.();
    await settle();
    assert.equal(ran.length, 2, 'two changes in the meantime are one more run');
    gates.shift()?.();
    await settle();
    assert.equal(ran.length, 2);
  });
});

test('no more runs at a time than workers', async () => {
  let most = 0;
  let active = 0;
  const gates: (() => void)[] = [];
  const slow: Reconcile = async () => {
    active += 1;
    most = Math.max(most, active);
    await new Promise<void>((resolve) => gates.push(resolve));
    active -= 1;
    return { kind: 'done' };
  };
  await withController(slow, async ({ objects, pods, ran }) => {
    objects.replace(Array.from({ length: 7 }, (_, i) => object('ConfigMap', `c${i}`)));
    pods.replace([]);
    for (let turns = 0; turns < 20; turns += 1) {
      await settle();
      gates.shift()?.();
    }
    assert.deepEqual([ran.length, active, most], [7, 0, 3]);
  }, 3);
});

test('a failure is retried later and later, a success forgets it, a terminal one waits for a change', async () => {
  const outcomes = ['fail', 'fail', 'fail', 'ok', 'terminal'];
  const times: number[] = [];
  let clockOf: FakeClock | undefined;
  const reconcile: Reconcile = async () => {
    times.push(clockOf?.monotonic() ?? 0);
    switch (outcomes.shift()) {
      case 'fail':
        throw new Error('not yet');
      case 'terminal':
        return { kind: 'failed', error: new Error('never'), terminal: true };
      default:
        return { kind: 'done' };
    }
  };
  await withController(reconcile, async ({ clock, objects, pods, metrics }) => {
    clockOf = clock;
    objects.replace([object('ConfigMap', 'a')]);
    pods.replace([]);
    await clock.advance(1000);
    assert.deepEqual(times, [0, 5, 15, 35]);
    objects.set(object('ConfigMap', 'a'));
    await clock.advance(10_000);
    assert.equal(times.length, 5);
    assert.match(await metrics.text(), /controller_runtime_terminal_reconcile_errors_total\{controller="test"\} 1/);
  });
});

test('a run that takes too long is told so, and comes again', async () => {
  let runs = 0;
  const stuck: Reconcile = async (_, signal) => {
    runs += 1;
    if (runs > 1) return { kind: 'done' };
    await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
    return { kind: 'done' };
  };
  await withController(stuck, async ({ clock, objects, pods }) => {
    objects.replace([object('ConfigMap', 'a')]);
    pods.replace([]);
    await clock.advance(9000);
    assert.equal(runs, 1);
    await clock.advance(1100);
    assert.equal(runs, 2);
  });
});

test('liveness is lost when keys wait and nothing is taken, and only then', async () => {
  const never: Reconcile = () => new Promise((resolve) => release.push(() => resolve({ kind: 'done' })));
  const release: (() => void)[] = [];
  await withController(never, async ({ clock, objects, pods, controller }) => {
    objects.replace([object('ConfigMap', 'a')]);
    pods.replace([]);
    await clock.advance(100_000);
    assert.equal(controller.isProgressing(120_000), true);
    await clock.advance(100_000);
    assert.equal(controller.isProgressing(120_000), false);
    for (const each of release) each();
    await settle();
    assert.equal(controller.isProgressing(120_000), true);
  }, 1);
});
