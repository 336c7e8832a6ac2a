/** Reads all that a pass decides on. Reads only. */
import type { HdfsCluster } from '../api/hdfs-cluster.ts';
import { hdfsClusterSpecSchema } from '../api/hdfs-cluster.ts';
import type { KubeObject } from '../kube/client.ts';
import { KubeError } from '../kube/client.ts';
import { nodeType, secretType } from '../kube/resource-types.ts';
import type { Pod, Secret } from '../kube/resource-types.ts';
import type { ObjectKey } from '../runtime/object-key.ts';
import type { Memory } from './cluster-memory.ts';
import type { HdfsClusterDependencies } from './dependencies.ts';
import { storageOf } from './desired.ts';
import { secretMark, waitsForRack } from './desired-pod.ts';
import { roleOf } from './members.ts';
import { annotation, secretName } from './names.ts';
import { NameNodeUnreachable } from './name-node-client.ts';
import type { NameNodeAnswer, Observed, Problem } from './observed.ts';
import { podView } from './pod-view.ts';

export type Sighting =
  | { readonly kind: 'gone' }
  /** The schema in the cluster lets something through that this operator does not know. */
  | { readonly kind: 'invalid'; readonly cluster: HdfsCluster; readonly message: string }
  | { readonly kind: 'present'; readonly raw: HdfsCluster; readonly observed: Observed };

export async function observe(key: ObjectKey, deps: HdfsClusterDependencies, signal: AbortSignal): Promise<Sighting> {
  const raw = deps.clusters.get(key);
  if (raw === undefined) return { kind: 'gone' };
  const spec = hdfsClusterSpecSchema.safeParse(raw.spec);
  if (!spec.success) return { kind: 'invalid', cluster: raw, message: spec.error.issues.map((issue) => `spec.${issue.path.join('.')}: ${issue.message}`).join('; ') };
  const cluster: HdfsCluster = { ...raw, spec: spec.data };
  const all = deps.pods.of(key);
  const pods = all.filter((pod) => isOwned(pod, cluster));
  const memory = deps.memories.of(key, cluster.metadata.uid ?? '');
  const { racks, problem } = await racksOf(cluster, pods, memory, deps, signal);
  const answers = await askNameNodes(cluster, pods, memory, deps, signal);
  return {
    kind: 'present',
    raw,
    observed: {
      cluster, pods, racks,
      foreign: all.filter((pod) => !isOwned(pod, cluster)),
      claims: deps.claims.of(key),
      answers,
      secretMark: memory.token === undefined ? undefined : secretMark(memory.token),
      rackProblem: problem,
      // An edit may have mended it.
      refusal: memory.refusal?.generation === cluster.metadata.generation ? memory.refusal : undefined,
      growthRefusals: growthRefusalsOf(cluster, memory, deps.now()),
      handoverRefusal: memory.handoverRefusal,
      newClusterId: cluster.status?.clusterId ?? deps.newClusterId(),
    },
  };
}

/** Whether this very cluster, not one of the same name before it, controls the object. */
export function isOwned(object: KubeObject, cluster: HdfsCluster): boolean {
  return object.metadata.ownerReferences?.some((owner) => owner.uid === cluster.metadata.uid) === true;
}

async function askNameNodes(cluster: HdfsCluster, pods: readonly Pod[], memory: Memory, deps: HdfsClusterDependencies, signal: AbortSignal): Promise<ReadonlyMap<string, NameNodeAnswer>> {
  const running = pods.filter((pod) => roleOf(pod) === 'namenode').flatMap((pod) => {
    const view = podView(pod);
    return view.kind === 'running' && view.ip !== undefined ? [{ name: pod.metadata.name, ip: view.ip }] : [];
  });
  for (const name of memory.silences.keys()) if (!running.some((each) => each.name === name)) memory.silences.delete(name);
  if (running.length === 0) return new Map();
  const token = await tokenOf(cluster, memory, deps, signal);
  const answers = await Promise.all(running.map(async ({ name, ip }) => [name, await askNameNode(cluster, name, ip, token, memory, deps, signal)] as const));
  return new Map(answers);
}

async function askNameNode(
  cluster: HdfsCluster, name: string, ip: string, token: string | undefined, memory: Memory, deps: HdfsClusterDependencies, signal: AbortSignal,
): Promise<NameNodeAnswer> {
  if (token === undefined) return { kind: 'silent', message: `secret ${secretName(cluster.metadata.name)} is gone` };
  const now = deps.now();
  const silence = memory.silences.get(name);
  if (silence !== undefined && now < silence.askAgainMs) return { kind: 'silent', message: silence.message };
  try {
    const status = await deps.nameNodes.status(ip, token, signal);
    if (status.clusterId !== cluster.status?.clusterId) throw new NameNodeUnreachable(`it belongs to cluster ${status.clusterId}`);
    memory.silences.delete(name);
    return { kind: 'status', status };
  } catch (error) {
    if (!(error instanceof NameNodeUnreachable)) throw error;
    const sinceMs = silence?.sinceMs ?? now;
    // The longer it is silent, the more seldom it is asked: a silent namenode costs a time-out each time.
    memory.silences.set(name, { sinceMs, askAgainMs: now + Math.min(10_000, (now - sinceMs) / 2), message: error.message });
    return { kind: 'silent', message: error.message };
  }
}

async function tokenOf(cluster: HdfsCluster, memory: Memory, { client }: HdfsClusterDependencies, signal: AbortSignal): Promise<string | undefined> {
  if (memory.token !== undefined) return memory.token;
  const secret = await client.get<Secret>(secretType, cluster.metadata.namespace ?? '', secretName(cluster.metadata.name), signal);
  const token = secret !== undefined && isOwned(secret, cluster) ? secret.data?.['token'] : undefined;
  if (token !== undefined) memory.token = atob(token);
  return memory.token;
}

const defaultRack = '/default-rack';

/** Racks that datanodes wait for: of pods that have a node by now. */
async function racksOf(
  cluster: HdfsCluster, pods: readonly Pod[], memory: Memory, deps: HdfsClusterDependencies, signal: AbortSignal,
): Promise<{ readonly racks: ReadonlyMap<string, string>; readonly problem: Problem | undefined }> {
  const racks = new Map<string, string>();
  if (!waitsForRack(cluster, 'datanode')) return { racks, problem: undefined };
  const waiting = pods.filter((pod) => roleOf(pod) === 'datanode' && pod.spec?.nodeName !== undefined && pod.metadata.deletionTimestamp === undefined
    && pod.metadata.annotations?.[annotation.rack] === undefined);
  for (const pod of waiting) {
    try {
      racks.set(pod.metadata.name, await rackOf(cluster, pod.spec?.nodeName ?? '', memory, deps, signal));
    } catch (error) {
      if (!(error instanceof KubeError) || error.code !== 'Forbidden') throw error;
      return { racks, problem: { reason: 'NodesForbidden', message: `the operator may not read nodes, so racks are unknown: set rackTopology.enabled in its chart, or remove spec.rackTopology (${error.message})` } };
    }
  }
  return { racks, problem: undefined };
}

async function rackOf(cluster: HdfsCluster, nodeName: string, memory: Memory, { client }: HdfsClusterDependencies, signal: AbortSignal): Promise<string> {
  const nodeLabel = cluster.spec.rackTopology?.nodeLabel ?? '';
  const id = `${nodeName} ${nodeLabel}`;
  const known = memory.racks.get(id);
  if (known !== undefined) return known;
  const node = await client.get<KubeObject>(nodeType, '', nodeName, signal);
  const value = node?.metadata.labels?.[nodeLabel];
  const rack = value === undefined || value === '' ? defaultRack : `/${value}`;
  memory.racks.set(id, rack);
  return rack;
}

/** Refusals that still hold: of the size that is wanted now, and not so old that asking again makes sense. */
function growthRefusalsOf(cluster: HdfsCluster, memory: Memory, nowMs: number): ReadonlyMap<string, string> {
  const sizes = new Set([storageOf(cluster, 'namenode').size, storageOf(cluster, 'datanode').size]);
  for (const [name, { size, retryAtMs }] of memory.growthRefusals) if (!sizes.has(size) || nowMs >= retryAtMs) memory.growthRefusals.delete(name);
  return new Map([...memory.growthRefusals].map(([name, { message }]) => [name, message]));
}
