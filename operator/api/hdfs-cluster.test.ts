import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { customResource } from '../embedded/custom-resource.ts';
import { immutable } from '../embedded/immutable-json.ts';
import type { Json, JsonObject } from '../embedded/immutable-json.ts';
import { customResourceDefinition, kinds } from './crd/custom-resource-definition.ts';
import {
  hdfsClusterChangeOf, hdfsClusterConditionTypes, hdfsClusterNameMax, hdfsClusterPhases, hdfsClusterSpecSchema, hdfsClusterStatusSchema, hdfsClusterType,
} from './hdfs-cluster.ts';

const kind = kinds.find((each) => each.resource.kind === 'HdfsCluster') ?? assert.fail();
const definition = customResourceDefinition(kind);
const resource = customResource(immutable(definition) as JsonObject);
const status = definition.spec.versions[0]?.schema.openAPIV3Schema.properties?.['status'];
const { apiVersion } = hdfsClusterType;

function cluster(spec: object, name = 'store'): JsonObject {
  return resource.prepare(immutable({ apiVersion, kind: 'HdfsCluster', metadata: { name }, spec } as unknown as Json) as JsonObject);
}

test('an empty spec gets the same defaults from the CRD and from zod', () => {
  assert.deepEqual(hdfsClusterSpecSchema.parse({}), cluster({})['spec']);
});

const right: readonly object[] = [
  {},
  { nameNode: { replicas: 3 }, dataNodes: { replicas: 5, storage: { size: '1.5Ti', volumes: 4 } } },
  { replication: 1, dataNodes: { replicas: 1 }, blockSize: '1Mi' },
  { replication: 2, dataNodes: { replicas: 3, autoscaling: { minReplicas: 2, maxReplicas: 9 } } },
];
for (const spec of right) {
  test(`CRD and zod take ${JSON.stringify(spec)}`, () => {
    assert.deepEqual(resource.validate(cluster(spec), undefined), []);
    assert.ok(hdfsClusterSpecSchema.safeParse(spec).success);
  });
}

const wrong: readonly (readonly [spec: object, says: RegExp])[] = [
  [{ nameNode: { replicas: 2 } }, /replicas/],
  [{ replication: 4 }, /not be more than dataNodes\.replicas/],
  [{ dataNodes: { autoscaling: { minReplicas: 2, maxReplicas: 9 } } }, /minReplicas must not be less than replication/],
  [{ replication: 1, dataNodes: { autoscaling: { minReplicas: 2, maxReplicas: 1 } } }, /minReplicas must not be more than maxReplicas/],
  [{ blockSize: '512Ki' }, /blockSize must be at least minBlockSize/],
  [{ blockSize: 'big' }, /blockSize/],
  [{ trash: { intervalMinutes: 5, checkpointIntervalMinutes: 6 } }, /must not be more than intervalMinutes/],
  [{ permissions: { umask: '1999' } }, /umask/],
  [{ superuser: 'a b' }, /superuser/],
  [{ dataNodes: { env: [{ name: 'HEADRACE_RACK', value: '/a' }] } }, /belong to the engine/],
];
for (const [spec, says] of wrong) {
  test(`CRD and zod refuse ${JSON.stringify(spec)}`, () => {
    const faults = resource.validate(cluster(spec), undefined).join('\n');
    assert.match(faults, says);
    const parsed = hdfsClusterSpecSchema.safeParse(spec);
    assert.equal(parsed.success, false);
    assert.match(parsed.error?.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`).join('\n') ?? '', says);
  });
}

const edits: readonly (readonly [before: object, after: object, says: RegExp | undefined])[] = [
  [{}, { nameNode: { replicas: 3 } }, /nameNode\.replicas cannot change/],
  [{}, { nameNode: { storage: { size: '9.9Gi' } } }, /size can only grow/],
  [{}, { nameNode: { storage: { size: '10240Mi' } } }, undefined],
  [{}, { dataNodes: { storage: { size: '1Ti' } } }, undefined],
  [{}, { dataNodes: { storage: { storageClassName: 'fast' } } }, /storageClassName cannot change/],
  [{ dataNodes: { storage: { volumes: 2 } } }, { dataNodes: { storage: { volumes: 1 } } }, /volumes can only become more/],
  [{ dataNodes: { storage: { volumes: 2 } } }, { dataNodes: { storage: { volumes: 3 } } }, undefined],
  [{ replication: 3 }, { replication: 3, dataNodes: { replicas: 2 } }, /each replica needs a datanode/],
];
for (const [before, after, says] of edits) {
  test(`an edit from ${JSON.stringify(before)} to ${JSON.stringify(after)} is ${says === undefined ? 'taken' : 'refused'}`, () => {
    const faults = resource.validate(cluster(after), cluster(before)).join('\n');
    if (says === undefined) assert.equal(faults, '');
    else assert.match(faults, says);
  });
}

for (const [name, valid] of [['store', true], ['s'.repeat(hdfsClusterNameMax), true], ['s'.repeat(hdfsClusterNameMax + 1), false], ['a.b', false], ['1st', false]] as const) {
  test(`the name ${name} is ${valid ? 'right' : 'refused'}`, () => {
    assert.equal(resource.validate(cluster({}, name), undefined).length === 0, valid);
  });
}

test('every field of the spec says what an edit of it does', () => {
  assert.deepEqual(Object.keys(hdfsClusterChangeOf).toSorted(), Object.keys(hdfsClusterSpecSchema.shape).toSorted());
});

test('the status names each phase and condition, and is absent as -1', () => {
  assert.deepEqual(status?.properties?.['phase']?.['enum'], [...hdfsClusterPhases]);
  assert.deepEqual(hdfsClusterStatusSchema.parse({}), { observedGeneration: -1 });
  for (const type of hdfsClusterConditionTypes) assert.match(String(status?.properties?.['conditions']?.items?.properties?.['type']?.description), new RegExp(`\\b${type}\\b`));
});

test('the scale subresource counts datanodes', () => {
  assert.deepEqual(definition.spec.versions[0]?.subresources.scale, {
    specReplicasPath: '.spec.dataNodes.replicas', statusReplicasPath: '.status.dataNodes.replicas', labelSelectorPath: '.status.selector',
  });
});
