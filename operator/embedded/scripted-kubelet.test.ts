import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { configMapType, podType } from '../kube/resource-types.ts';
import type { ConfigMap, Pod } from '../kube/resource-types.ts';
import { FakeClock } from '../runtime/fake-clock.ts';
import { EmbeddedApiServer } from './api-server.ts';
import { ScriptedKubelet } from './scripted-kubelet.ts';

const { signal } = new AbortController();

test('pods run, end as the script says with their family in view, and go when they are deleted', async () => {
  const clock = new FakeClock();
  const client = new EmbeddedApiServer({ clock, uid: randomUUID });
  const stop = new AbortController();
  const kubelet = new ScriptedKubelet({
    client, clock, signal: stop.signal,
    // The leader ends when the other one runs; the other one does not.
    script: (pod, family) => (pod.metadata.name === 'leader' && family.filter((each) => each.status?.phase === 'Running').length === 2 ? { exitCode: 1, message: 'enough' } : undefined),
  });
  const running = kubelet.run();
  const pod = (name: string): Pod => ({
    apiVersion: 'v1', kind: 'Pod',
    metadata: { name, namespace: 'default', ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: owner.metadata.uid ?? '', controller: true }] },
    spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'x' }] },
  });
  const owner = await client.create<ConfigMap>(configMapType, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'owner', namespace: 'default' } }, signal);
  const read = (name: string): Promise<Pod | undefined> => client.get<Pod>(podType, 'default', name, signal);
  await client.create(podType, pod('leader'), signal);
  await clock.advance(10);
  assert.equal((await read('leader'))?.status?.phase, 'Running');
  await client.create(podType, pod('other'), signal);
  for (let turn = 0; turn < 5; turn += 1) await clock.advance(10);
  const leader = await read('leader');
  assert.equal(leader?.status?.phase, 'Failed');
  assert.deepEqual([leader?.status?.containerStatuses?.[0]?.state?.terminated?.exitCode, leader?.status?.containerStatuses?.[0]?.state?.terminated?.message], [1, 'enough']);
  await client.delete(podType, 'default', 'other', {}, signal);
  for (let turn = 0; turn < 5; turn += 1) await clock.advance(10);
  assert.equal(await read('other'), undefined);
  assert.deepEqual(kubelet.everCreated.map((each) => each.metadata.name), ['leader', 'other']);
  stop.abort();
  await running;
});
