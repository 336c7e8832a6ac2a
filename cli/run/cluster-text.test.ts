import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import type { HdfsCluster } from '../../operator/api/hdfs-cluster.ts';
import { EmbeddedApiServer } from '../../operator/embedded/api-server.ts';
import { podType } from '../../operator/kube/resource-types.ts';
import { FakeClock } from '../../operator/runtime/fake-clock.ts';
import { clusterLine, clusterText } from './cluster-text.ts';
import { standing } from './cluster-watch.ts';

const { signal } = new AbortController();

function cluster(status: object | undefined, generation = 1): HdfsCluster {
  return { metadata: { name: 'store', namespace: 'default', generation }, spec: { nameNode: { replicas: 3 }, dataNodes: { replicas: 5 } }, status } as unknown as HdfsCluster;
}

const ready = (value: string, message: string): object => ({ type: 'Ready', status: value, reason: 'x', message });

const lines: readonly (readonly [what: string, status: object | undefined, line: string])[] = [
  ['before the operator has seen it', undefined, 'store  Pending  namenodes 0/3  datanodes 0/5'],
  ['on its way', { phase: 'Starting', nameNodes: [{ role: 'active' }, { role: 'standby' }, { role: 'unreachable' }], dataNodes: { summary: '2/5' }, conditions: [ready('False', 'dn-2 is starting')] }, 'store  Starting  namenodes 2/3  datanodes 2/5  dn-2 is starting'],
  ['ready', { phase: 'Ready', nameNodes: [], dataNodes: { summary: '5/5' }, conditions: [ready('True', '5 datanodes are live')] }, 'store  Ready  namenodes 0/3  datanodes 5/5'],
];
for (const [what, status, line] of lines) {
  test(`the line of a cluster ${what}`, () => assert.equal(clusterLine(cluster(status)).text, line));
}

test('a phase counts only when it is of the present generation', () => {
  const status = { phase: 'Ready', observedGeneration: 1 };
  assert.equal(standing(cluster(status)), 'ready');
  assert.equal(standing(cluster(status, 2)), undefined);
  assert.equal(standing(cluster({ ...status, phase: 'Degraded' })), undefined);
  assert.equal(standing(cluster({ ...status, phase: 'Stalled' })), 'stalled');
});

test('a cluster that is up says where WebHDFS is; one that cannot come up says why', async () => {
  const server = new EmbeddedApiServer({ clock: new FakeClock(), uid: () => 'uid' });
  try {
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'store-nn-0', namespace: 'default', labels: { 'headrace.dev/hdfs-cluster': 'store', 'headrace.dev/role': 'namenode' } }, spec: { containers: [{ name: 'hdfs', image: 'x' }] } };
    await server.create(podType, pod, signal);
    await server.updateStatus(podType, { ...pod, status: { podIP: '127.64.0.2' } }, signal);
    const up = await clusterText(server, cluster({ phase: 'Ready', dataNodes: { live: 5 }, capacity: '5Gi', conditions: [ready('True', '')] }), '/home/me/.headrace', signal);
    assert.match(up, /store is ready: 5 datanodes, 5Gi\nwebhdfs {2}http:\/\/127\.64\.0\.2:9870\/webhdfs\/v1\n/);
    assert.match(up, /volumes\/default, kept for the next run/);
    const down = await clusterText(server, cluster({ phase: 'Stalled', conditions: [{ type: 'Stalled', status: 'True', reason: 'WrongDisk', message: 'another disk' }] }), '/x', signal);
    assert.match(down, /cannot come up: another disk/);
  } finally {
    server.close();
  }
});
