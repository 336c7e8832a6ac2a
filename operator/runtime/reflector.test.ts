import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { EmbeddedApiServer } from '../embedded/api-server.ts';
import type { KubeClient, KubeErrorCode, ListOptions, WatchEvent, WatchOptions } from '../kube/client.ts';
import { KubeError } from '../kube/client.ts';
import { configMapType, type ConfigMap } from '../kube/resource-types.ts';
import { Cache } from './cache.ts';
import { FakeClock, settle } from './fake-clock.ts';
import { silentLogger } from './logger.ts';
import { Metrics } from './metrics.ts';
import { Reflector } from './reflector.ts';

const { signal } = new AbortController();
const configMap = (name: string, data: Record<string, string> = {}): ConfigMap => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default' }, data });

/** What the reflector asks of a server, counted, and made to fail or to fall silent. */
interface Line {
  readonly lists: ListOptions[];
  readonly watches: WatchOptions[];
  /** Errors of the next calls, first come first. */
  readonly failures: KubeErrorCode[];
  /** The next watches say nothing until they are given up. */
  silent: boolean;
  /** The next watches say this and end. */
  script: (() => readonly WatchEvent<ConfigMap>[]) | undefined;
}

async function withReflector(body: (at: {
  readonly server: EmbeddedApiServer; readonly clock: FakeClock; readonly cache: Cache<ConfigMap>; readonly line: Line; readonly names: () => readonly string[];
}) => Promise<void>, { pageSize = 500, failures = [] }: { readonly pageSize?: number; readonly failures?: readonly KubeErrorCode[] } = {}): Promise<void> {
  const clock = new FakeClock();
  const server = new EmbeddedApiServer({ clock, uid: randomUUID });
  const line: Line = { lists: [], watches: [], failures: [...failures], silent: false, script: undefined };
  const fail = (): void => {
    const code = line.failures.shift();
    if (code !== undefined) throw new KubeError(code, code, { status: 500 });
  };
  const client = Object.assign(Object.create(server) as KubeClient, {
    list: async (type: typeof configMapType, options: ListOptions, aborted: AbortSignal) => {
      line.lists.push(options);
      fail();
      return server.list(type, options, aborted);
    },
    watch: async function* watch(type: typeof configMapType, options: WatchOptions, aborted: AbortSignal): AsyncGenerator<WatchEvent<ConfigMap>> {
      line.watches.push(options);
      fail();
      if (line.script !== undefined) return yield* line.script();
      if (line.silent) await new Promise((_, reject) => aborted.addEventListener('abort', () => reject(aborted.reason), { once: true }));
      return yield* server.watch<ConfigMap>(type, options, aborted);
    },
  });
  const cache = new Cache<ConfigMap>(configMapType, { namespace: 'default' });
  const reflector = new Reflector({ client, cache, clock, logger: silentLogger, metrics: new Metrics(), random: () => 0, pageSize });
  const stop = new AbortController();
  const running = reflector.run(stop.signal);
  try {
    await body({ server, clock, cache, line, names: () => cache.list().map((each) => each.metadata.name).toSorted() });
  } finally {
    stop.abort();
    await running;
    server.close();
    assert.equal(clock.waiting, 0, 'nothing is left waiting');
  }
}

test('the cache follows what is created, changed and deleted', async () => {
  await withReflector(async ({ server, cache, names }) => {
    await cache.waitSynced(signal);
    await server.create(configMapType, configMap('a'), signal);
    await server.create(configMapType, configMap('b'), signal);
    await server.patch(configMapType, 'default', 'a', { data: { k: 'v' } }, signal);
    await server.delete(configMapType, 'default', 'b', {}, signal);
    await settle();
    assert.deepEqual(names(), ['a']);
    assert.deepEqual(cache.get({ namespace: 'default', name: 'a' })?.data, { k: 'v' });
  });
});

test('a long list comes in pages', async () => {
  await withReflector(async ({ server, clock, cache, line, names }) => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) await server.create(configMapType, configMap(name), signal);
    await clock.advance(800);
    await cache.waitSynced(signal);
    assert.deepEqual(line.lists.map(({ limit }) => limit), [2, 2, 2, 2]);
    assert.deepEqual(names(), ['a', 'b', 'c', 'd', 'e']);
  }, { pageSize: 2, failures: ['InternalError'] });
});

test('a list whose pages expire on the way comes in one piece', async () => {
  await withReflector(async ({ cache, line }) => {
    await cache.waitSynced(signal);
    assert.deepEqual(line.lists.map(({ limit }) => limit), [2, undefined]);
  }, { pageSize: 2, failures: ['Expired'] });
});

test('a watch whose place is too old is followed by a list at once, and what was deleted meanwhile goes', async () => {
  await withReflector(async ({ server, clock, cache, line, names }) => {
    await server.create(configMapType, configMap('a'), signal);
    await settle();
    await cache.waitSynced(signal);
    line.silent = true;
    await clock.advance(600_000);
    await server.delete(configMapType, 'default', 'a', {}, signal);
    await server.create(configMapType, configMap('b'), signal);
    server.compact();
    line.silent = false;
    await clock.advance(180_000);
    assert.equal(line.lists.length, 2);
    assert.deepEqual(names(), ['b']);
  });
});

test('failures are followed by pauses that double up to half a minute', async () => {
  await withReflector(async ({ clock, cache, line }) => {
    const pauses: number[] = [];
    for (let tries = 1, last = 0; !cache.hasSynced; tries = line.lists.length) {
      await clock.advance(100);
      if (line.lists.length === tries) continue;
      pauses.push(clock.monotonic() - last);
      last = clock.monotonic();
    }
    assert.deepEqual(pauses, [800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000]);
  }, { failures: Array.from({ length: 8 }, () => 'Unreachable' as const) });
});

test('a watch that is silent for three minutes is begun anew where it stood, without a list', async () => {
  await withReflector(async ({ server, clock, cache, line, names }) => {
    line.silent = true;
    await cache.waitSynced(signal);
    await clock.advance(179_000);
    assert.equal(line.watches.length, 1);
    line.silent = false;
    await server.create(configMapType, configMap('a'), signal);
    await clock.advance(1000);
    assert.deepEqual([line.lists.length, line.watches.length], [1, 2]);
    assert.deepEqual(names(), ['a']);
  });
});

test('watches that end at once with nothing but a bookmark are not asked for in a tight loop', async () => {
  await withReflector(async ({ clock, cache, line }) => {
    line.script = () => [{ type: 'BOOKMARK', resourceVersion: '7' }];
    await cache.waitSynced(signal);
    await clock.advance(10_000);
    assert.ok(line.watches.length <= 5, `${line.watches.length} watches in ten seconds`);
    assert.equal(line.watches.at(-1)?.resourceVersion, '7', 'the bookmark counts as the place to go on');
    assert.equal(line.lists.length, 1);
  });
});
