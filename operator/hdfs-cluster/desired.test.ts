import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { stringify } from 'yaml';
import { hdfsConfigSchema } from '../../engine/contract.ts';
import { assertGolden } from '../../testing/golden.ts';
import type { HdfsCluster } from '../api/hdfs-cluster.ts';
import { dataNodesMax, hdfsClusterNameMax } from '../api/hdfs-cluster.ts';
import type { KubeObject } from '../kube/client.ts';
import { desiredBudgets, desiredClaim, desiredConfigMap, desiredSecret, desiredServices } from './desired.ts';
import { desiredPod } from './desired-pod.ts';
import { annotation, podName } from './names.ts';
import { clusterOf } from './testdata/clusters.ts';

const defaults = { image: 'headrace.local/headrace:0.1.0', imagePullPolicy: 'IfNotPresent', logLevel: 'info' } as const;
const id = 'CID-1';

function children(cluster: HdfsCluster): readonly KubeObject[] {
  return [
    desiredSecret(cluster, 'an-unguessable-token'),
    desiredConfigMap(cluster, id, true),
    ...desiredServices(cluster),
    ...desiredBudgets(cluster, cluster.spec.dataNodes.replicas),
    desiredClaim(cluster, id, 'namenode', 0, 0),
    desiredClaim(cluster, id, 'datanode', 3, 0),
    desiredPod(cluster, id, 'namenode', 0, defaults),
    desiredPod(cluster, id, 'datanode', 3, defaults),
  ];
}

function check(name: string, spec: unknown): void {
  test(`the children of ${name} are as in testdata/${name}.yaml`, () => {
    const text = children(clusterOf(spec, { name })).map((child) => stringify(child, { lineWidth: 0, aliasDuplicateObjects: false })).join('---\n');
    assertGolden(new URL(`testdata/${name}.yaml`, import.meta.url), text);
  });
}

check('small', { dataNodes: { replicas: 1 }, replication: 1 });
check('everything', {
  image: 'registry.example/hdfs:2',
  imagePullSecrets: [{ name: 'pull' }],
  nameNode: {
    replicas: 3, storage: { size: '20Gi', storageClassName: 'fast' },
    resources: { requests: { cpu: 1, memory: '4Gi' } },
    podTemplate: { metadata: { annotations: { note: 'x' }, labels: { 'headrace.dev/hdfs-cluster': 'forged' } }, spec: { restartPolicy: 'Never', hostname: 'forged', priorityClassName: 'high' } },
  },
  dataNodes: {
    replicas: 5, storage: { size: '1Ti', volumes: 2 },
    resources: { requests: { cpu: '500m' }, limits: { memory: '2Gi' } },
    env: [{ name: 'CITY', value: 'Oslo' }],
    volumes: [{ name: 'extra', emptyDir: {} }],
    volumeMounts: [{ name: 'extra', mountPath: '/extra' }],
    nodeSelector: { disk: 'many' },
    tolerations: [{ key: 'hdfs', operator: 'Exists', effect: 'NoSchedule' }],
    affinity: { nodeAffinity: {} },
    podTemplate: { spec: { containers: [{ name: 'hdfs', livenessProbe: null }] } },
  },
  blockSize: '256Mi',
  trash: { intervalMinutes: 360, checkpointIntervalMinutes: 60 },
  permissions: { enabled: false, umask: '077', supergroup: 'admins' },
  superuser: 'root',
  rackTopology: { nodeLabel: 'topology.kubernetes.io/zone' },
  tls: { secretName: 'hdfs-tls' },
});

test('the engine can read its configuration', () => {
  const map = desiredConfigMap(clusterOf({ blockSize: '1.5Mi', permissions: { umask: '027' } }), id, true);
  const config = hdfsConfigSchema.parse(JSON.parse((map['data'] as Record<string, string>)['hdfs.json'] ?? ''));
  assert.equal(config.blockBytes, 1.5 * 2 ** 20);
  assert.equal(config.umask, 0o027);
  assert.deepEqual(config.nameNodes, [{ name: 'nn-0', host: 'store-nn-0.store-nn.default.svc' }]);
});

test('pod names are host names for every cluster and member that is allowed', () => {
  assert.ok(podName('c'.repeat(hdfsClusterNameMax), 'datanode', dataNodesMax).length <= 63);
});

const revision = (cluster: HdfsCluster, image = defaults.image as string): string | undefined =>
  desiredPod(cluster, id, 'datanode', 0, { ...defaults, image }).metadata.annotations?.[annotation.revision];
const base = revision(clusterOf({}));
const revisions: readonly (readonly [what: string, changes: boolean, spec: unknown])[] = [
  ['nothing', false, {}],
  ['the number of datanodes', false, { dataNodes: { replicas: 9 } }],
  ['the size of volumes', false, { dataNodes: { storage: { size: '200Gi' } } }],
  ['the deletion policy', false, { deletionPolicy: 'Delete' }],
  ['the number of volumes', true, { dataNodes: { storage: { volumes: 2 } } }],
  ['memory', true, { dataNodes: { resources: { limits: { memory: '2Gi' } } } }],
  ['the memory of namenodes', false, { nameNode: { resources: { limits: { memory: '2Gi' } } } }],
  ['the block size', true, { blockSize: '64Mi' }],
  ['the image', true, { image: 'other' }],
];
for (const [what, changes, spec] of revisions) {
  test(`an edit of ${what} ${changes ? 'restarts' : 'does not restart'} datanodes`, () => {
    assert.equal(revision(clusterOf(spec)) !== base, changes);
  });
}

test("the operator's own new image restarts pods that name none", () => {
  assert.notEqual(revision(clusterOf({}), 'newer'), base);
  assert.equal(revision(clusterOf({ image: 'mine' }), 'newer'), revision(clusterOf({ image: 'mine' })));
});
