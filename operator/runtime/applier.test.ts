/** Server-side apply through the cache: what is asked of the API server, and what it then has. */
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { EmbeddedApiServer } from '../embedded/api-server.ts';
import { CrashingClient } from '../embedded/faults.ts';
import type { KubeObject } from '../kube/client.ts';
import { configMapType, serviceType } from '../kube/resource-types.ts';
import { Applier, appliedAnnotation, contains, withAppliedHash } from './applier.ts';
import { Cache } from './cache.ts';
import { Expectations } from './expectations.ts';
import { FakeClock } from './fake-clock.ts';
import { silentLogger } from './logger.ts';

const { signal } = new AbortController();
const run = { namespace: 'default', name: 'owner' };

/** A writer over an embedded API server, with a cache of Services that the test brings up to date. */
async function withWriter(body: (bench: Bench) => Promise<void>): Promise<void> {
  const bench = new Bench();
  try {
    await body(bench);
  } finally {
    bench.server.close();
  }
}

class Bench {
  readonly clock = new FakeClock();
  readonly server = new EmbeddedApiServer({ clock: this.clock, uid: () => `uid-${(this.#uids += 1)}` });
  readonly counted = new CrashingClient(this.server, undefined, () => undefined);
  readonly cache = new Cache<KubeObject>(serviceType);
  readonly #expectations = new Expectations({ clock: this.clock, logger: silentLogger });
  readonly writer = new Applier({ client: this.counted, expectations: this.#expectations, fieldManager: 'headrace' }).writer(run);
  #uids = 0;

  constructor() {
    this.#expectations.observe(this.cache);
  }

  async sync(): Promise<void> {
    this.cache.replace((await this.server.list<KubeObject>(serviceType, {}, signal)).items);
  }

  get writes(): number {
    return this.counted.written.length;
  }

  async live(): Promise<KubeObject> {
    return (await this.server.get<KubeObject>(serviceType, 'default', 'store', signal)) ?? assert.fail('it is gone');
  }
}

function service(spec: object, labels: Readonly<Record<string, string>> = { app: 'store' }): KubeObject {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name: 'store', namespace: 'default', labels }, spec };
}

const ports = [{ name: 'http', port: 80, protocol: 'TCP', targetPort: 80 }];

test('what is there already as it should be costs no request', async () => {
  await withWriter(async (bench) => {
    await bench.writer.apply(serviceType, service({ ports }), signal);
    await bench.sync();
    await bench.writer.apply(serviceType, service({ ports }), signal);
    assert.equal(bench.writes, 1);
  });
});

test('what others have added stays, and is no reason to write', async () => {
  await withWriter(async (bench) => {
    await bench.writer.apply(serviceType, service({ ports }), signal);
    await bench.server.patch(serviceType, 'default', 'store', { metadata: { annotations: { note: 'theirs' } }, spec: { clusterIP: '10.0.0.1' } }, signal);
    await bench.sync();
    await bench.writer.apply(serviceType, service({ ports }), signal);
    assert.equal(bench.writes, 1);
    assert.equal((await bench.live()).metadata.annotations?.['note'], 'theirs');
  });
});

test('a hand-made change is put right', async () => {
  await withWriter(async (bench) => {
    await bench.writer.apply(serviceType, service({ ports, selector: { role: 'a' } }), signal);
    await bench.server.patch(serviceType, 'default', 'store', { spec: { selector: { role: 'b' } } }, signal);
    await bench.sync();
    await bench.writer.apply(serviceType, service({ ports, selector: { role: 'a' } }), signal);
    assert.deepEqual((await bench.live())['spec'], { ports, selector: { role: 'a' } });
  });
});

test('a field that is no longer wanted goes, though nothing that is wanted has changed', async () => {
  await withWriter(async (bench) => {
    await bench.writer.apply(serviceType, service({ ports, publishNotReadyAddresses: true }), signal);
    await bench.sync();
    await bench.writer.apply(serviceType, service({ ports }), signal);
    assert.equal(bench.writes, 2);
    assert.deepEqual((await bench.live())['spec'], { ports });
  });
});

test('an object that is being deleted is not taken for what is wanted', async () => {
  await withWriter(async (bench) => {
    await bench.server.create(serviceType, { ...service({ ports }), metadata: { name: 'store', namespace: 'default', finalizers: ['example.org/hold'] } }, signal);
    await bench.server.delete(serviceType, 'default', 'store', {}, signal);
    await bench.sync();
    await bench.writer.apply(serviceType, withAppliedHash(service({ ports })), signal);
    assert.equal(bench.writes, 1);
  });
});

test('a type without a cache is written each time', async () => {
  await withWriter(async (bench) => {
    const map: KubeObject = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'm', namespace: 'default' }, data: { a: '1' } };
    await bench.writer.apply(configMapType, map, signal);
    const answer = await bench.writer.apply(configMapType, map, signal);
    assert.equal(bench.writes, 2);
    assert.deepEqual(answer['data'], { a: '1' });
  });
});

test('the hash is of the content, not of the order in which it is written', () => {
  const hash = (object: KubeObject): string | undefined => withAppliedHash(object).metadata.annotations?.[appliedAnnotation];
  assert.equal(hash(service({ a: 1, b: 2 })), hash(service({ b: 2, a: 1 })));
  assert.notEqual(hash(service({ a: 1 })), hash(service({ a: 2 })));
});

const containment: readonly (readonly [what: string, live: unknown, desired: unknown, holds: boolean])[] = [
  ['fields of others', { a: 1, b: 2 }, { a: 1 }, true],
  ['a missing field', { b: 2 }, { a: 1 }, false],
  ['an undefined field', {}, { a: undefined }, true],
  ['elements of others between those of ours', [{ n: 1 }, { n: 9 }, { n: 2 }], [{ n: 1 }, { n: 2 }], true],
  ['another order', [{ n: 2 }, { n: 1 }], [{ n: 1 }, { n: 2 }], false],
  ['defaults within elements', [{ port: 80, protocol: 'TCP' }], [{ port: 80 }], true],
  ['a list of scalars with one more', ['a', 'b'], ['a'], false],
  ['null where a value is wanted', { a: null }, { a: 1 }, false],
];
for (const [what, live, desired, holds] of containment) {
  test(`${what}: ${holds ? 'is what is wanted' : 'is not what is wanted'}`, () => assert.equal(contains(live, desired), holds));
}
