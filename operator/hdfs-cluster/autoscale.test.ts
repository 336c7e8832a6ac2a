import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import type { HdfsClusterStatus } from '../api/hdfs-cluster.ts';
import { recommend } from './autoscale.ts';
import type { Usage } from './autoscale.ts';
import { clusterOf } from './testdata/clusters.ts';

type Autoscaling = NonNullable<HdfsClusterStatus['autoscaling']>;

const nowMs = Date.UTC(2026, 0, 1, 12);
const ago = (minutes: number): string => new Date(nowMs - minutes * 60_000).toISOString();
const policy = { minReplicas: 3, maxReplicas: 9, targetUsedPercent: 70 };

interface Case {
  readonly name: string;
  readonly policy?: object;
  readonly before?: Partial<Autoscaling>;
  /** Percent of the present datanodes' capacity. */
  readonly used?: number;
  readonly settled?: boolean;
  readonly target: number;
  readonly reason?: RegExp;
}

const cases: readonly Case[] = [
  { name: 'without a policy the number is that of the spec', target: 5 },
  { name: 'while nothing is known nothing changes', policy, target: 5, reason: /no usage/ },
  { name: 'usage at the target changes nothing', policy, used: 70, target: 5, reason: /fits/ },
  { name: 'usage within the tolerance changes nothing', policy, used: 73, target: 5 },
  { name: 'more usage adds as many as bring it back to the target', policy, used: 90, target: 7, reason: /5 to 7/ },
  { name: 'never more than the maximum', policy, used: 100, before: { target: 8 }, target: 9 },
  { name: 'nothing is added while datanodes are still coming or leaving', policy, used: 95, settled: false, target: 5, reason: /waiting until all/ },
  { name: 'nothing is added right after a change', policy, used: 95, before: { target: 5, lastScaleAt: ago(0.1) }, target: 5, reason: /last change/ },
  { name: 'little usage takes none away at once', policy, used: 20, target: 5, reason: /waiting whether/ },
  { name: 'little usage for long takes one away', policy, used: 20, before: { target: 5, lowSince: ago(11) }, target: 4, reason: /5 to 4/ },
  { name: 'none is taken away soon after a change', policy, used: 20, before: { target: 5, lowSince: ago(11), lastScaleAt: ago(5) }, target: 5 },
  { name: 'none is taken away if the others would be near the target', policy, used: 52, before: { target: 5, lowSince: ago(60) }, target: 5, reason: /fits/ },
  { name: 'never less than the minimum', policy, used: 0, before: { target: 3, lowSince: ago(60) }, target: 3 },
  { name: 'a target below a raised minimum is raised', policy, used: 10, before: { target: 2 }, target: 3 },
  { name: 'OutOnly adds', policy: { ...policy, mode: 'OutOnly' }, used: 90, target: 7 },
  { name: 'OutOnly takes none away', policy: { ...policy, mode: 'OutOnly' }, used: 10, before: { target: 5, lowSince: ago(60) }, target: 5, reason: /OutOnly/ },
  { name: 'Off only says what it would do', policy: { ...policy, mode: 'Off' }, used: 90, target: 5, reason: /would go to 7/ },
];

for (const each of cases) {
  test(each.name, () => {
    const before = each.before === undefined ? {} : { status: { observedGeneration: 1, autoscaling: { wanted: 5, usedPercent: 0, reason: '', target: 5, ...each.before } } };
    const cluster = clusterOf({ dataNodes: { replicas: 5, ...(each.policy === undefined ? {} : { autoscaling: each.policy }) } }, before);
    const usage: Usage | undefined = each.used === undefined ? undefined : { capacityBytes: 1000, usedBytes: each.used * 10, settled: each.settled ?? true };
    const { target, autoscaling } = recommend(cluster, usage, nowMs);
    assert.equal(target, each.target);
    assert.equal(autoscaling?.target, each.policy === undefined ? undefined : each.target);
    if (each.reason !== undefined) assert.match(autoscaling?.reason ?? '', each.reason);
  });
}

test('what was low begins to be counted, and is forgotten when it is over', () => {
  const at = (used: number, lowSince?: string) => recommend(
    clusterOf({ dataNodes: { replicas: 5, autoscaling: policy } }, { status: { observedGeneration: 1, autoscaling: { target: 5, wanted: 5, usedPercent: 0, reason: '', ...(lowSince === undefined ? {} : { lowSince }) } } }),
    { capacityBytes: 100, usedBytes: used, settled: true }, nowMs).autoscaling;
  assert.equal(at(20)?.lowSince, new Date(nowMs).toISOString());
  assert.equal(at(20, ago(3))?.lowSince, ago(3));
  assert.equal(at(65, ago(3))?.lowSince, undefined);
});
