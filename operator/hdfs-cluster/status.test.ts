/** What is observed → phase, conditions and deeds: a table, with the time fixed. */
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { hdfsExitCode } from '../../engine/contract.ts';
import type { HdfsStatus } from '../../engine/contract.ts';
import type { HdfsClusterConditionType, HdfsClusterPhase, HdfsClusterStatus } from '../api/hdfs-cluster.ts';
import type { ContainerStatus, PersistentVolumeClaim, Pod } from '../kube/resource-types.ts';
import { desiredClaim } from './desired.ts';
import { desiredPod } from './desired-pod.ts';
import { annotation, clusterFinalizer, podName } from './names.ts';
import type { Role } from './names.ts';
import type { NameNodeAnswer, Observed } from './observed.ts';
import { bytesText } from './report.ts';
import { decide } from './status.ts';
import { clusterOf } from './testdata/clusters.ts';

const nowMs = Date.UTC(2026, 0, 1, 12);
const podDefaults = { image: 'headrace', imagePullPolicy: 'IfNotPresent', logLevel: 'info' } as const;
const settings = { podDefaults, pollMs: 1000, idlePollMs: 10_000, figuresDue: true };
const spec = { dataNodes: { replicas: 2 }, replication: 2 };

type Condition = 'ready' | 'starting' | 'crashed' | 'wrongDisk' | 'wrongDiskAgain' | 'evicted' | 'terminating' | 'absent' | 'outdated' | 'nodeLost';

interface Scene {
  readonly name: string;
  readonly spec?: object;
  readonly before?: Partial<HdfsClusterStatus>;
  readonly pods?: Readonly<Record<string, Condition>>;
  readonly claims?: Readonly<Record<string, 'absent' | 'going' | 'lost'>>;
  /** Of the active namenode; undefined: none answers. */
  readonly says?: Partial<HdfsStatus> | undefined;
  readonly dataNodes?: Readonly<Record<string, 'Live' | 'Dead' | 'Decommissioning' | 'Decommissioned' | 'unknown' | 'failedVolume'>>;
  readonly deleting?: boolean;
  readonly phase: HdfsClusterPhase;
  readonly conditions?: Partial<Record<HdfsClusterConditionType, string>>;
  readonly message?: RegExp;
  /** Besides keeping Secret, ConfigMap and Services as they should be. */
  readonly deeds?: readonly string[];
}

const formatted = { clusterId: 'CID-1', formatted: true, phase: 'Ready' } as const;

const scenes: readonly Scene[] = [
  { name: 'nothing is there yet', before: { clusterId: undefined, formatted: false, phase: undefined }, pods: { 'nn-0': 'absent', 'dn-0': 'absent', 'dn-1': 'absent' }, claims: { 'nn-0': 'absent', 'dn-0': 'absent', 'dn-1': 'absent' }, says: undefined, phase: 'Pending', deeds: ['createClaims nn-0 dn-0 dn-1', 'createPods nn-0 dn-0 dn-1'] },
  { name: 'the namenode starts', before: { formatted: false, phase: 'Pending' }, pods: { 'nn-0': 'starting' }, says: undefined, phase: 'Starting', message: /nn-0 is starting/, conditions: { Available: 'False NoActiveNameNode', SafeMode: 'Unknown NoActiveNameNode', Stalled: 'False Starting' } },
  { name: 'safe mode at the start', before: { phase: 'Starting' }, says: { safeMode: { on: true, reason: '0 of 10 blocks are reported' } }, phase: 'Starting', message: /0 of 10 blocks/, conditions: { SafeMode: 'True SafeMode', Available: 'False SafeMode', Ready: 'False SafeMode' } },
  { name: 'a datanode has not registered', before: { phase: 'Starting' }, says: {}, dataNodes: { 'dn-1': 'unknown' }, phase: 'Starting', message: /dn-1 has not registered yet/, conditions: { Available: 'True Serving', Ready: 'False DataNodeNotLive' } },
  { name: 'all is well', says: {}, phase: 'Ready', conditions: { Ready: 'True Ready', Reconciling: 'False Ready', Stalled: 'False Ready', Available: 'True Serving', UnderReplicated: 'False FullyReplicated', VolumesReady: 'True VolumesReady' }, deeds: [] },
  { name: 'a datanode has crashed', says: {}, pods: { 'dn-0': 'crashed' }, phase: 'Degraded', message: /dn-0 has crashed: boom/, conditions: { Available: 'True Serving', Reconciling: 'True DataNodeNotLive' }, deeds: [] },
  { name: 'a datanode is on a node that is not heard of', says: {}, pods: { 'dn-0': 'nodeLost' }, phase: 'Degraded', message: /dn-0 is not ready/, deeds: [] },
  { name: 'a datanode was evicted', says: {}, pods: { 'dn-0': 'evicted' }, phase: 'Degraded', message: /Evicted/, deeds: ['deletePods dn-0'] },
  { name: 'a datanode has no pod', says: {}, pods: { 'dn-0': 'absent' }, phase: 'Degraded', deeds: ['createPods dn-0'] },
  { name: 'a datanode stops', says: {}, pods: { 'dn-0': 'terminating' }, phase: 'Degraded', deeds: [] },
  { name: 'blocks are under-replicated', says: { underReplicatedBlocks: 3 }, phase: 'Ready', conditions: { UnderReplicated: 'True BlocksUnderReplicated' } },
  { name: 'blocks are missing', says: { missingBlocks: 2 }, phase: 'Degraded', message: /2 blocks have no replica/, conditions: { UnderReplicated: 'True BlocksMissing', Ready: 'False BlocksMissing' } },
  { name: 'a datanode has a disk of another cluster', says: {}, pods: { 'dn-1': 'wrongDisk' }, phase: 'Degraded', conditions: { Stalled: 'True WrongDisk', Available: 'True Serving' }, message: /dn-1/, deeds: [] },
  { name: 'the namenode has a disk of another cluster', says: undefined, pods: { 'nn-0': 'wrongDisk' }, phase: 'Stalled', conditions: { Stalled: 'True WrongDisk', Reconciling: 'False Stalled' }, message: /not this cluster/, deeds: [] },
  { name: 'the kubelet tries once more with a disk of another cluster', says: undefined, pods: { 'nn-0': 'wrongDiskAgain' }, phase: 'Stalled', conditions: { Stalled: 'True WrongDisk' }, deeds: [] },
  { name: 'the only namenode has lost its volume', says: undefined, pods: { 'nn-0': 'absent' }, claims: { 'nn-0': 'absent' }, phase: 'Stalled', conditions: { Stalled: 'True NameNodeDiskLost' }, deeds: [] },
  { name: 'the volume of the only namenode was taken away under it', says: undefined, pods: { 'nn-0': 'starting' }, claims: { 'nn-0': 'lost' }, phase: 'Stalled', conditions: { Stalled: 'True NameNodeDiskLost' }, deeds: [] },
  { name: 'a datanode has lost its volume', says: {}, pods: { 'dn-0': 'absent' }, claims: { 'dn-0': 'absent' }, phase: 'Degraded', deeds: ['createClaims dn-0', 'createPods dn-0'] },
  { name: 'the volume of a datanode was taken away under it', says: { underReplicatedBlocks: 0 }, pods: { 'dn-0': 'starting' }, claims: { 'dn-0': 'lost' }, dataNodes: { 'dn-0': 'Dead' }, phase: 'Updating', conditions: { VolumesReady: 'False VolumeLost' }, deeds: ['deleteClaims dn-0', 'deletePods dn-0'] },
  { name: 'a volume is deleted under a datanode whose blocks have no other place', says: {}, claims: { 'dn-0': 'going' }, phase: 'Ready', conditions: { VolumesReady: 'False VolumeBeingDeleted' }, deeds: [] },
  { name: 'a datanode has given up a volume', says: {}, dataNodes: { 'dn-1': 'failedVolume' }, phase: 'Ready', conditions: { VolumesReady: 'False VolumeFailed' }, deeds: [] },
  { name: 'a datanode too many is emptied first', says: {}, pods: { 'dn-2': 'ready' }, dataNodes: { 'dn-2': 'Live' }, phase: 'Updating', message: /dn-2/, deeds: ['decommission dn-2'] },
  { name: 'a datanode that is being emptied stays', says: { underReplicatedBlocks: 1 }, pods: { 'dn-2': 'ready' }, dataNodes: { 'dn-2': 'Decommissioning' }, phase: 'Updating', deeds: [] },
  { name: 'an empty datanode goes, its volume stays', says: {}, pods: { 'dn-2': 'ready' }, dataNodes: { 'dn-2': 'Decommissioned' }, phase: 'Updating', deeds: ['deletePods dn-2'] },
  { name: 'an empty datanode goes, its volume too', spec: { ...spec, deletionPolicy: 'Delete' }, says: {}, pods: { 'dn-2': 'ready' }, dataNodes: { 'dn-2': 'Decommissioned' }, phase: 'Updating', deeds: ['deleteClaims dn-2', 'deletePods dn-2'] },
  { name: 'a dead datanode too many goes only when nothing is missing without it', says: { underReplicatedBlocks: 1 }, pods: { 'dn-2': 'crashed' }, dataNodes: { 'dn-2': 'Dead' }, phase: 'Updating', deeds: [] },
  { name: 'a dead datanode too many goes when nothing is missing without it', says: {}, pods: { 'dn-2': 'crashed' }, dataNodes: { 'dn-2': 'Dead' }, phase: 'Updating', deeds: ['deletePods dn-2'] },
  { name: 'nobody goes while no namenode tells', says: undefined, pods: { 'nn-0': 'starting', 'dn-2': 'ready' }, phase: 'Degraded', deeds: [] },
  { name: 'the namenode forgets who leaves and is told again', says: {}, pods: { 'dn-2': 'ready' }, dataNodes: { 'dn-2': 'Live', 'dn-3': 'Live' }, phase: 'Updating', deeds: ['decommission dn-2 dn-3'] },
  { name: 'one that stays after all is called back', says: {}, dataNodes: { 'dn-1': 'Decommissioning' }, phase: 'Degraded', deeds: ['decommission'] },
  { name: 'an outdated datanode waits for under-replicated blocks', says: { underReplicatedBlocks: 1 }, pods: { 'dn-0': 'outdated' }, phase: 'Updating', message: /1 blocks/, deeds: [] },
  { name: 'an outdated datanode waits for another that is away', says: {}, pods: { 'dn-0': 'outdated', 'dn-1': 'starting' }, phase: 'Updating', message: /dn-1/, deeds: [] },
  { name: 'outdated datanodes are started anew one by one', says: {}, pods: { 'dn-0': 'outdated', 'dn-1': 'outdated' }, phase: 'Updating', deeds: ['deletePods dn-0'] },
  { name: 'the namenode comes before datanodes', says: {}, pods: { 'nn-0': 'outdated', 'dn-0': 'outdated' }, phase: 'Updating', deeds: ['deletePods nn-0'] },
  { name: 'suspension stops the namenode first', spec: { ...spec, suspend: true }, says: {}, phase: 'Suspending', deeds: ['deletePods nn-0'] },
  { name: 'suspension then stops the datanodes', spec: { ...spec, suspend: true }, pods: { 'nn-0': 'absent' }, says: undefined, phase: 'Suspending', deeds: ['deletePods dn-0 dn-1'] },
  { name: 'suspended', spec: { ...spec, suspend: true }, pods: { 'nn-0': 'absent', 'dn-0': 'absent', 'dn-1': 'absent' }, says: undefined, phase: 'Suspended', conditions: { Suspended: 'True Suspended', Reconciling: 'False Suspended', Ready: 'False Suspended' }, deeds: [] },
  { name: 'deletion stops pods first', deleting: true, says: {}, phase: 'Deleting', deeds: ['deletePods nn-0'] },
  { name: 'deletion keeps volumes', deleting: true, pods: { 'nn-0': 'absent', 'dn-0': 'absent', 'dn-1': 'absent' }, says: undefined, phase: 'Deleting', deeds: ['releaseCluster'] },
  { name: 'deletion with deletionPolicy Delete removes volumes', spec: { ...spec, deletionPolicy: 'Delete' }, deleting: true, pods: { 'nn-0': 'absent', 'dn-0': 'absent', 'dn-1': 'absent' }, says: undefined, phase: 'Deleting', deeds: ['deleteClaims nn-0 dn-0 dn-1', 'releaseCluster'] },
];

for (const scene of scenes) {
  test(scene.name, () => {
    const decision = decide(observedIn(scene), nowMs, settings);
    const { status } = decision;
    assert.equal(status.phase, scene.phase);
    const actual = Object.fromEntries(status.conditions?.map(({ type, status: value, reason }) => [type, `${value} ${reason}`]) ?? []);
    for (const [type, expected] of Object.entries(scene.conditions ?? {})) assert.equal(actual[type], expected, type);
    if (scene.message !== undefined) assert.match(status.conditions?.find((each) => each.type === 'Ready')?.message ?? '', scene.message);
    if (scene.deeds !== undefined) assert.deepEqual(decision.actions.map(deedText).filter((text) => text !== 'applyBase'), scene.deeds);
  });
}

function observedIn(scene: Scene): Observed {
  const status = { observedGeneration: 1, ...formatted, ...scene.before } as HdfsClusterStatus;
  const plain = clusterOf(scene.spec ?? spec, { status: Object.fromEntries(Object.entries(status).filter(([, value]) => value !== undefined)) as HdfsClusterStatus });
  const cluster = { ...plain, metadata: { ...plain.metadata, finalizers: [clusterFinalizer], ...(scene.deleting === true ? { deletionTimestamp: '2026-01-01T12:00:00Z' } : {}) } };
  const members: Record<string, Condition> = { 'nn-0': 'ready', 'dn-0': 'ready', 'dn-1': 'ready', ...scene.pods };
  const pods = Object.entries(members).flatMap(([name, condition]) => (condition === 'absent' ? [] : [podOf(cluster, name, condition)]));
  const claims = Object.keys(members).flatMap((name) => (scene.claims?.[name] === 'absent' ? [] : [claimOf(cluster, name, scene.claims?.[name])]));
  const answer: NameNodeAnswer | undefined = scene.says === undefined ? undefined : { kind: 'status', status: { ...hdfsStatus(scene), ...scene.says } };
  return {
    cluster, pods, claims, foreign: [], racks: new Map(), rackProblem: undefined, refusal: undefined, growthRefusals: new Map(), handoverRefusal: undefined, secretMark: undefined, newClusterId: 'CID-1',
    answers: answer === undefined ? new Map() : new Map([['store-nn-0', answer]]),
  };
}

function placeOf(name: string): { readonly role: Role; readonly ordinal: number } {
  return { role: name.startsWith('nn-') ? 'namenode' : 'datanode', ordinal: Number(name.slice(3)) };
}

function podOf(cluster: Parameters<typeof desiredPod>[0], name: string, condition: Condition): Pod {
  const { role, ordinal } = placeOf(name);
  const pod = desiredPod(cluster, 'CID-1', role, ordinal, podDefaults);
  const last = (exitCode: number, message: string): ContainerStatus => ({ name: 'hdfs', state: { waiting: { reason: 'CrashLoopBackOff' } }, lastState: { terminated: { exitCode, message } } });
  const running: ContainerStatus = { name: 'hdfs', ready: true, state: { running: {} } };
  const container = condition === 'crashed' ? last(70, 'first line\nboom') : condition === 'wrongDisk' ? last(hdfsExitCode.wrongDisk, 'the disk is not this cluster\'s') : condition === 'wrongDiskAgain' ? { ...last(hdfsExitCode.wrongDisk, ''), ready: false, state: { running: {} } } : condition === 'starting' ? { name: 'hdfs', state: { waiting: { reason: 'ContainerCreating' } } } : running;
  const annotations = { ...pod.metadata.annotations, ...(condition === 'outdated' ? { [annotation.revision]: 'old' } : {}) };
  return {
    ...pod,
    metadata: { ...pod.metadata, annotations, uid: `uid-${name}`, ...(condition === 'terminating' ? { deletionTimestamp: '2026-01-01T12:00:00Z' } : {}) },
    spec: { containers: [], nodeName: 'node' },
    status: {
      phase: condition === 'evicted' ? 'Failed' : condition === 'starting' ? 'Pending' : 'Running', podIP: '10.0.0.1', containerStatuses: [container],
      ...(condition === 'evicted' ? { reason: 'Evicted', message: 'the node was low on memory' } : {}),
      ...(condition === 'nodeLost' ? { conditions: [{ type: 'Ready', status: 'False', reason: 'NodeStatusUnknown' }] as const } : {}),
    },
  };
}

function claimOf(cluster: Parameters<typeof desiredPod>[0], name: string, state: 'absent' | 'going' | 'lost' | undefined): PersistentVolumeClaim {
  const { role, ordinal } = placeOf(name);
  const claim = desiredClaim(cluster, 'CID-1', role, ordinal, 0);
  const annotations = { ...claim.metadata.annotations, ...(role === 'namenode' ? { [annotation.formatted]: 'true' } : {}) };
  return { ...claim, metadata: { ...claim.metadata, annotations, uid: `uid-${podName('store', role, ordinal)}`, ...(state === 'going' ? { deletionTimestamp: '2026-01-01T12:00:00Z' } : {}) }, status: { phase: state === 'lost' ? 'Lost' : 'Bound' } };
}

function hdfsStatus({ dataNodes }: Scene): HdfsStatus {
  const states = Object.entries({ 'dn-0': 'Live', 'dn-1': 'Live', ...dataNodes } as Record<string, string>).filter(([, state]) => state !== 'unknown');
  return {
    clusterId: 'CID-1', name: 'nn-0', role: 'active', active: 'nn-0', formatted: true, safeMode: { on: false }, capacityBytes: 2 ** 31, usedBytes: 2 ** 20, remainingBytes: 2 ** 30, files: 1, blocks: 1,
    underReplicatedBlocks: 0, missingBlocks: 0, corruptBlocks: 0, pendingBlocks: 0,
    datanodes: states.map(([name, state]) => ({
      name, uuid: `uuid-${name}`, state: (state === 'failedVolume' ? 'Live' : state) as 'Live', capacityBytes: 1, usedBytes: 0, remainingBytes: 1, blocks: 0, failedVolumes: state === 'failedVolume' ? 1 : 0, lastContactMs: nowMs, underReplicatedBlocks: 0,
    })),
    nameNodes: [{ name: 'nn-0', role: 'active', storedIndex: 1, behind: 0 }],
  };
}

/** `deletePods dn-0`. */
function deedText(action: ReturnType<typeof decide>['actions'][number]): string {
  const short = (name: string): string => name.replace(/^store-/, '').replace(/-data-0$/, '');
  const place = ({ role, ordinal }: { readonly role: Role; readonly ordinal: number }): string => `${role === 'namenode' ? 'nn' : 'dn'}-${ordinal}`;
  switch (action.kind) {
    case 'createClaims': return [action.kind, ...action.claims.map(place)].join(' ');
    case 'createPods': return [action.kind, ...action.pods.map(place)].join(' ');
    case 'deletePods': return [action.kind, ...action.pods.map((pod) => short(pod.metadata.name))].join(' ');
    case 'deleteClaims': return [action.kind, ...action.claims.map((claim) => short(claim.metadata.name))].join(' ');
    case 'decommission': return [action.kind, ...action.datanodes].join(' ');
    default: return action.kind;
  }
}

test('amounts are told in three digits', () => {
  const cases: readonly (readonly [number, string])[] = [[0, '0B'], [1023, '1023B'], [1024, '1Ki'], [1_610_612_736, '1.5Gi'], [2 ** 40 * 123.4, '123Ti'], [999 * 2 ** 20, '999Mi']];
  for (const [bytes, text] of cases) assert.equal(bytesText(bytes), text);
});
