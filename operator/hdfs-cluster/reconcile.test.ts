/** Stories of an HdfsCluster, told with the whole operator in simulated time. */
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { hdfsClusterConditionTypes } from '../api/hdfs-cluster.ts';
import { SimulatedHdfs } from '../embedded/testdata/simulated-hdfs.ts';
import { configMapType, persistentVolumeClaimType, podType, secretType, serviceType } from '../kube/resource-types.ts';
import type { Pod, Service } from '../kube/resource-types.ts';

const { signal } = new AbortController();
const small = { nameNode: { replicas: 1 }, dataNodes: { replicas: 3 }, replication: 2 };

function story(name: string, body: (hdfs: SimulatedHdfs) => Promise<void>): void {
  test(name, async () => {
    const hdfs = await SimulatedHdfs.start();
    hdfs.operator = hdfs.startOperator();
    try {
      await body(hdfs);
      assert.deepEqual(hdfs.files.lostBlocks, [], 'blocks are lost');
    } finally {
      await hdfs.operator.stop();
      await hdfs.close();
    }
  });
}

/** Makes a pod that runs one that waits for a node. */
async function strand(hdfs: SimulatedHdfs, name: string): Promise<boolean> {
  const pod = (await hdfs.pods()).find((each) => each.metadata.name === name);
  if (pod?.status?.phase !== 'Running' || pod.metadata.deletionTimestamp !== undefined) return false;
  const condition = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: 'no node fits' } as const;
  const containerStatuses = [{ name: 'hdfs', state: { waiting: { reason: 'ContainerCreating' } } }];
  await hdfs.server.updateStatus<Pod>(podType, { ...pod, status: { phase: 'Unknown', conditions: [condition], containerStatuses } }, signal);
  return true;
}

async function ready(hdfs: SimulatedHdfs, spec: object): Promise<void> {
  await hdfs.apply(spec);
  await hdfs.until('it is Ready', () => hdfs.isIn('Ready'));
}

story('a cluster comes up: it is formatted once, and says what it has', async (hdfs) => {
  await ready(hdfs, { ...small, nameNode: { replicas: 3 } });
  const { status } = await hdfs.cluster();
  assert.deepEqual(hdfs.files.formats.length, 1);
  assert.equal(status?.formatted, true);
  assert.equal(status.dataNodes?.summary, '3/3');
  assert.deepEqual(status.nameNodes?.map((each) => each.role), ['active', 'standby', 'standby']);
  assert.equal(status.endpoints?.webhdfs, 'http://store.default.svc:9870/webhdfs/v1');
  assert.equal(status.selector, 'headrace.dev/hdfs-cluster=store,headrace.dev/role=datanode');
  assert.deepEqual(status.conditions?.map((each) => each.type), [...hdfsClusterConditionTypes]);
  const conditions = Object.fromEntries(status.conditions?.map((each) => [each.type, each.status]) ?? []);
  assert.deepEqual(conditions, {
    Ready: 'True', Reconciling: 'False', Stalled: 'False', Available: 'True', SafeMode: 'False', UnderReplicated: 'False', ScaleInBlocked: 'False', VolumesReady: 'True', Suspended: 'False',
  });
  assert.deepEqual(await hdfs.podNames(), ['store-dn-0', 'store-dn-1', 'store-dn-2', 'store-nn-0', 'store-nn-1', 'store-nn-2']);
  const config = await hdfs.server.get(configMapType, 'default', 'store-hdfs', signal);
  assert.match(JSON.stringify(config), /\\"mayFormat\\": false/, 'nothing may be formatted any more');
});

story('a cluster that is ready is left alone', async (hdfs) => {
  await ready(hdfs, small);
  await hdfs.pass(11_000);
  const before = [await hdfs.cluster(), ...await hdfs.pods(), ...await hdfs.claims()].map((each) => each.metadata.resourceVersion);
  await hdfs.pass(60_000);
  const after = [await hdfs.cluster(), ...await hdfs.pods(), ...await hdfs.claims()].map((each) => each.metadata.resourceVersion);
  assert.deepEqual(after, before);
});

story('a hand-made change of a Service is put right', async (hdfs) => {
  await ready(hdfs, small);
  await hdfs.server.patch(serviceType, 'default', 'store', { spec: { selector: { 'headrace.dev/role': 'datanode' } } }, signal);
  await hdfs.until('it is put right', async () => {
    const service = await hdfs.server.get<Service>(serviceType, 'default', 'store', signal);
    return (service?.spec?.['selector'] as Readonly<Record<string, string>> | undefined)?.['headrace.dev/role'] === 'namenode';
  });
});

story('a Service of somebody else that has the name is not taken over', async (hdfs) => {
  await hdfs.server.create(serviceType, { apiVersion: 'v1', kind: 'Service', metadata: { name: 'store', namespace: 'default' }, spec: { ports: [] } }, signal);
  await hdfs.apply(small);
  await hdfs.until('it says so', async () => (await hdfs.condition('Ready')) === 'False NameTaken');
  assert.deepEqual(await hdfs.podNames(), []);
  await hdfs.server.delete(serviceType, 'default', 'store', {}, signal);
  await hdfs.until('it comes up', () => hdfs.isIn('Ready'));
});

story('scaling out adds datanodes at once; scaling in empties the last ones first', async (hdfs) => {
  await ready(hdfs, small);
  await hdfs.apply({ ...small, dataNodes: { replicas: 5 } });
  await hdfs.until('five are live', async () => (await hdfs.isIn('Ready')) && (await hdfs.cluster()).status?.dataNodes?.live === 5);
  for (let id = 0; id < 10; id += 1) hdfs.files.write(id, 2);
  await hdfs.apply(small);
  await hdfs.until('two are leaving', async () => (await hdfs.cluster()).status?.dataNodes?.leaving?.join() === 'dn-3,dn-4');
  assert.equal((await hdfs.cluster()).status?.phase, 'Updating');
  await hdfs.until('three are left', async () => (await hdfs.isIn('Ready')) && (await hdfs.podNames()).length === 4);
  assert.deepEqual(await hdfs.podNames(), ['store-dn-0', 'store-dn-1', 'store-dn-2', 'store-nn-0']);
  assert.ok((await hdfs.claimNames()).includes('store-dn-4-data-0'), 'Retain keeps the volumes');
  assert.equal((await hdfs.cluster()).status?.dataNodes?.summary, '3/3');
});

story('with deletionPolicy Delete the volumes of datanodes that went go too', async (hdfs) => {
  await ready(hdfs, { ...small, deletionPolicy: 'Delete' });
  hdfs.files.write(1, 2);
  await hdfs.apply({ ...small, deletionPolicy: 'Delete', dataNodes: { replicas: 2 } });
  await hdfs.until('two are left', async () => (await hdfs.isIn('Ready')) && (await hdfs.podNames()).length === 3);
  await hdfs.until('its volume is gone', async () => !(await hdfs.claimNames()).includes('store-dn-2-data-0'));
});

story('a scale-in that cannot end never proceeds, and says so after a while', async (hdfs) => {
  await ready(hdfs, { ...small, replication: 3 });
  hdfs.files.write(1, 3);
  // The file still wants three replicas, and two datanodes cannot hold them.
  await hdfs.apply({ ...small, replication: 2, dataNodes: { replicas: 2 } });
  await hdfs.pass(590_000);
  assert.equal(await hdfs.condition('ScaleInBlocked'), 'False NotBlocked');
  await hdfs.pass(20_000);
  assert.equal(await hdfs.condition('ScaleInBlocked'), 'True CannotBeEmptied');
  assert.match((await hdfs.cluster()).status?.conditions?.find((each) => each.type === 'ScaleInBlocked')?.message ?? '', /dn-2.*They stay until they are empty/);
  assert.ok((await hdfs.podNames()).includes('store-dn-2'));
});

story('a datanode that is to go and loses its pod before it is empty is started again', async (hdfs) => {
  await ready(hdfs, { ...small, replication: 1 });
  for (let id = 0; id < 6; id += 1) hdfs.files.writeTo(id, 'dn-2');
  const isAway = async (): Promise<boolean> => !(await hdfs.podNames()).includes('store-dn-2');
  await hdfs.apply({ ...small, replication: 1, dataNodes: { replicas: 2 } });
  await hdfs.until('it is leaving', async () => (await hdfs.cluster()).status?.dataNodes?.leaving?.join() === 'dn-2');
  await hdfs.deletePod('store-dn-2');
  await hdfs.restartOperator();
  await hdfs.until('it is back', async () => !(await isAway()));
  await hdfs.until('it has gone', async () => (await hdfs.isIn('Ready')) && (await isAway()));
  await hdfs.delete();
  await hdfs.until('the cluster is gone', async () => (await hdfs.find()) === undefined);
  await hdfs.deleteClaim('store-dn-2-data-0');
  await hdfs.pass(1000);
});

story('a datanode that is away while the number is lowered is started again and emptied', async (hdfs) => {
  await ready(hdfs, { ...small, replication: 1 });
  for (let id = 0; id < 6; id += 1) hdfs.files.writeTo(id, 'dn-2');
  await hdfs.apply({ ...small, replication: 1, suspend: true });
  await hdfs.until('it is suspended', () => hdfs.isIn('Suspended'));
  await hdfs.apply({ ...small, replication: 1, dataNodes: { replicas: 2 }, deletionPolicy: 'Delete' });
  await hdfs.until('it has gone with its volume', async () => (await hdfs.isIn('Ready')) && !(await hdfs.claimNames()).includes('store-dn-2-data-0'));
});

story('scaling out again calls back datanodes that are being emptied', async (hdfs) => {
  await ready(hdfs, { ...small, replication: 3 });
  hdfs.files.write(1, 3);
  await hdfs.apply({ ...small, replication: 2, dataNodes: { replicas: 2 } });
  await hdfs.until('one is leaving', async () => (await hdfs.cluster()).status?.dataNodes?.leaving?.join() === 'dn-2');
  await hdfs.apply({ ...small, replication: 2 });
  await hdfs.until('it stays', async () => (await hdfs.isIn('Ready')) && (await hdfs.cluster()).status?.dataNodes?.summary === '3/3');
  assert.ok((await hdfs.podNames()).includes('store-dn-2'));
});

story('an edit restarts standbys, then the active namenode after a handover, then datanodes one by one', async (hdfs) => {
  await ready(hdfs, { ...small, nameNode: { replicas: 3 } });
  hdfs.files.write(1, 2);
  const created = hdfs.kubelet.everCreated.length;
  let apart = 0;
  await hdfs.apply({ ...small, nameNode: { replicas: 3 }, blockSize: '64Mi' });
  await hdfs.until('it is under way', () => hdfs.isIn('Updating'));
  await hdfs.until('all are new', async () => {
    const serving = (await hdfs.pods()).filter((pod) => pod.metadata.deletionTimestamp === undefined && pod.status?.phase === 'Running');
    apart = Math.max(apart, 6 - serving.length);
    return hdfs.isIn('Ready');
  });
  assert.deepEqual(hdfs.kubelet.everCreated.slice(created).map((pod) => pod.metadata.name), ['store-nn-2', 'store-nn-1', 'store-nn-0', 'store-dn-0', 'store-dn-1', 'store-dn-2']);
  assert.equal(hdfs.files.handovers.length, 1);
  assert.equal(apart, 1, 'one at a time');
  assert.equal((await hdfs.cluster()).status?.rollout, undefined);
});

story('a rolling restart that breaks the first pod goes no further, and another edit mends it', async (hdfs) => {
  const three = { ...small, nameNode: { replicas: 3 } };
  await ready(hdfs, three);
  const pods = new Map((await hdfs.pods()).map((pod) => [pod.metadata.name, pod.metadata.uid]));
  await hdfs.apply({ ...three, nameNode: { replicas: 3, nodeSelector: { disk: 'nowhere' } } });
  await hdfs.until('the first is replaced', async () => (await hdfs.pods()).some((pod) => pod.metadata.name === 'store-nn-2' && pod.metadata.uid !== pods.get('store-nn-2')));
  await hdfs.until('it does not run', async () => (await strand(hdfs, 'store-nn-2')));
  await hdfs.pass(30_000);
  assert.equal((await hdfs.pods()).find((pod) => pod.metadata.name === 'store-nn-1')?.metadata.uid, pods.get('store-nn-1'), 'it goes no further');
  assert.match((await hdfs.cluster()).status?.rollout?.message ?? '', /nn-2/);
  await hdfs.apply(three);
  await hdfs.until('it is whole again', () => hdfs.isIn('Ready'));
  assert.equal((await hdfs.pods()).find((pod) => pod.metadata.name === 'store-nn-0')?.metadata.uid, pods.get('store-nn-0'), 'the others were never touched');
});

story('pods that have another secret than the cluster are all started anew', async (hdfs) => {
  await ready(hdfs, small);
  hdfs.files.write(1, 2);
  const before = new Set((await hdfs.pods()).map((pod) => pod.metadata.uid));
  await hdfs.server.delete(secretType, 'default', 'store-hdfs', {}, signal);
  await hdfs.restartOperator();
  await hdfs.until('all is new and well', async () => (await hdfs.isIn('Ready')) && (await hdfs.pods()).every((pod) => !before.has(pod.metadata.uid)));
  assert.equal((await hdfs.pods()).length, 4);
});

story('suspension stops namenodes before datanodes; resuming finds everything', async (hdfs) => {
  await ready(hdfs, small);
  hdfs.files.write(1, 2);
  await hdfs.apply({ ...small, suspend: true });
  await hdfs.until('it is suspended', () => hdfs.isIn('Suspended'));
  assert.deepEqual(await hdfs.podNames(), []);
  assert.equal((await hdfs.claimNames()).length, 4);
  await hdfs.apply(small);
  await hdfs.until('it is back', () => hdfs.isIn('Ready'));
  assert.equal(hdfs.files.formats.length, 1);
});

story('a datanode whose volume and pod are deleted comes back empty and is filled', async (hdfs) => {
  await ready(hdfs, small);
  for (let id = 0; id < 5; id += 1) hdfs.files.write(id, 2);
  const before = (await hdfs.claims()).find((claim) => claim.metadata.name === 'store-dn-1-data-0')?.metadata.uid;
  await hdfs.deleteClaim('store-dn-1-data-0');
  await hdfs.deletePod('store-dn-1');
  await hdfs.until('it has another volume', async () => {
    const claim = (await hdfs.claims()).find((each) => each.metadata.name === 'store-dn-1-data-0');
    return claim !== undefined && claim.metadata.uid !== before;
  });
  await hdfs.until('all is well', async () => (await hdfs.isIn('Ready')) && (await hdfs.cluster()).status?.underReplicated === 0 && (await hdfs.condition('UnderReplicated')).startsWith('False'));
  assert.equal((await hdfs.cluster()).status?.dataNodes?.dead, 0);
});

story('a datanode whose volume is being deleted is emptied before its pod is replaced', async (hdfs) => {
  await ready(hdfs, small);
  for (let id = 0; id < 5; id += 1) hdfs.files.write(id, 2);
  await hdfs.deleteClaim('store-dn-0-data-0');
  await hdfs.until('it leaves', async () => (await hdfs.cluster()).status?.dataNodes?.leaving?.join() === 'dn-0');
  await hdfs.until('all is well again', async () => (await hdfs.isIn('Ready')) && (await hdfs.claims()).every((claim) => claim.metadata.deletionTimestamp === undefined));
  assert.equal((await hdfs.claimNames()).length, 4);
});

story('the only namenode without its disk is never formatted anew', async (hdfs) => {
  await ready(hdfs, small);
  await hdfs.deleteClaim('store-nn-0-data-0');
  await hdfs.deletePod('store-nn-0');
  await hdfs.until('it is stalled', async () => (await hdfs.condition('Stalled')) === 'True NameNodeDiskLost');
  await hdfs.pass(60_000);
  assert.equal(hdfs.files.formats.length, 1);
  assert.ok(!(await hdfs.claimNames()).includes('store-nn-0-data-0'));
  assert.match((await hdfs.cluster()).status?.conditions?.find((each) => each.type === 'Stalled')?.message ?? '', /store-nn-0/);
  assert.equal((await hdfs.cluster()).status?.phase, 'Stalled');
});

story('one of three namenodes without its disk gets a new one, which the others fill', async (hdfs) => {
  await ready(hdfs, { ...small, nameNode: { replicas: 3 } });
  await hdfs.deleteClaim('store-nn-2-data-0');
  await hdfs.deletePod('store-nn-2');
  await hdfs.until('it is away', async () => !(await hdfs.isIn('Ready')));
  await hdfs.until('it is back', () => hdfs.isIn('Ready'));
  assert.equal(hdfs.files.formats.length, 1);
});

story('a disk of another cluster is refused, and the refusal is told', async (hdfs) => {
  await ready(hdfs, small);
  await hdfs.delete();
  await hdfs.until('it is gone', async () => (await hdfs.find()) === undefined);
  // Somebody took away what says whose disks these are.
  for (const claim of await hdfs.claims()) await hdfs.server.patch(persistentVolumeClaimType, 'default', claim.metadata.name, { metadata: { annotations: null } }, signal);
  await hdfs.apply(small);
  await hdfs.until('it is stalled', async () => (await hdfs.condition('Stalled')) === 'True WrongDisk');
  assert.match((await hdfs.cluster()).status?.conditions?.find((each) => each.type === 'Stalled')?.message ?? '', /belongs to cluster CID-/);
  assert.equal(hdfs.files.formats.length, 1);
});

story('a deleted cluster leaves its volumes, and one of the same name takes them over', async (hdfs) => {
  await ready(hdfs, small);
  for (let id = 0; id < 5; id += 1) hdfs.files.write(id, 2);
  const { status } = await hdfs.cluster();
  await hdfs.delete();
  await hdfs.until('it is gone', async () => (await hdfs.find()) === undefined && (await hdfs.remains()).length === 0);
  assert.equal((await hdfs.claimNames()).length, 4);
  await ready(hdfs, small);
  assert.equal((await hdfs.cluster()).status?.clusterId, status?.clusterId);
  assert.equal(hdfs.files.formats.length, 1);
});

story('retained volumes of another number of namenodes are not taken over blindly', async (hdfs) => {
  await ready(hdfs, small);
  await hdfs.delete();
  await hdfs.until('it is gone', async () => (await hdfs.find()) === undefined);
  await hdfs.apply({ ...small, nameNode: { replicas: 3 } });
  await hdfs.until('it is stalled', async () => (await hdfs.condition('Stalled')) === 'True ForeignVolumes');
  assert.deepEqual(await hdfs.podNames(), []);
});

story('a cluster deleted with deletionPolicy Delete leaves nothing', async (hdfs) => {
  await ready(hdfs, { ...small, deletionPolicy: 'Delete' });
  await hdfs.delete();
  await hdfs.until('it is gone', async () => (await hdfs.find()) === undefined && (await hdfs.remains()).length === 0);
  await hdfs.until('its volumes are gone', async () => (await hdfs.claims()).length === 0);
});

story('volumes grow in place', async (hdfs) => {
  await ready(hdfs, small);
  const pods = (await hdfs.pods()).map((pod) => pod.metadata.uid);
  await hdfs.apply({ ...small, dataNodes: { replicas: 3, storage: { size: '200Gi' } } });
  await hdfs.until('they have grown', async () => (await hdfs.claims()).filter((claim) => claim.spec?.resources?.requests?.['storage'] === '200Gi').length === 3);
  await hdfs.until('it is ready', () => hdfs.isIn('Ready'));
  assert.deepEqual((await hdfs.pods()).map((pod) => pod.metadata.uid), pods, 'without a restart');
});

story('used capacity adds datanodes, and the target stands in the status', async (hdfs) => {
  const spec = { ...small, dataNodes: { replicas: 2, autoscaling: { minReplicas: 2, maxReplicas: 4, targetUsedPercent: 50 } } };
  await ready(hdfs, spec);
  for (let id = 0; id < 60; id += 1) hdfs.files.write(id, 2);
  await hdfs.until('there are three', async () => (await hdfs.isIn('Ready')) && (await hdfs.cluster()).status?.dataNodes?.live === 3);
  assert.equal((await hdfs.cluster()).status?.autoscaling?.target, 3);
  assert.equal((await hdfs.cluster()).spec.dataNodes.replicas, 2, 'spec is not written');
});
