import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { startHealthServer } from './health-server.ts';

async function answers(options: { readonly live?: boolean; readonly ready?: boolean; readonly metrics?: () => Promise<string> }, path: string, method = 'GET'): Promise<{ readonly status: number; readonly text: string }> {
  await using server = await startHealthServer({
    host: '127.0.0.1', port: 0, live: { queue: () => options.live ?? true }, ready: { caches: () => options.ready ?? true }, metrics: options.metrics ?? (async () => 'up 1\n'),
  });
  const response = await fetch(`http://127.0.0.1:${server.port}${path}`, { method });
  return { status: response.status, text: await response.text() };
}

for (const [title, options, path, status, text] of [
  ['a live process', {}, '/livez', 200, '[+]queue ok\n'],
  ['a stuck process', { live: false }, '/healthz', 503, '[-]queue failed\n'],
  ['caches that wait for their first list', { ready: false }, '/readyz?verbose', 503, '[-]caches failed\n'],
  ['metrics', {}, '/metrics', 200, 'up 1\n'],
  ['metrics that cannot be collected', { metrics: async () => Promise.reject(new Error('broken')) }, '/metrics', 500, 'Metrics cannot be collected: broken\n'],
  ['another path', {}, '/secrets', 404, 'Here are /healthz, /readyz and /metrics.\n'],
] as const) {
  test(`${title}: ${status}`, async () => {
    assert.deepEqual(await answers(options, path), { status, text });
  });
}

test('only reading is allowed', async () => {
  assert.equal((await answers({}, '/livez', 'POST')).status, 405);
});
