/** Carries out what was decided. Every deed may be repeated: after a crash the next pass does so. */
import type { HdfsCluster } from '../api/hdfs-cluster.ts';
import { hdfsClusterType } from '../api/hdfs-cluster.ts';
import type { KubeObject, ResourceType } from '../kube/client.ts';
import { KubeError } from '../kube/client.ts';
import { configMapType, persistentVolumeClaimType, podDisruptionBudgetType, podType, secretType, serviceType } from '../kube/resource-types.ts';
import type { Pod, Secret } from '../kube/resource-types.ts';
import type { Writer } from '../runtime/applier.ts';
import { contains } from '../runtime/applier.ts';
import { keyOf } from '../runtime/object-key.ts';
import type { Memory } from './cluster-memory.ts';
import type { HdfsClusterDependencies } from './dependencies.ts';
import { desiredBudgets, desiredClaim, desiredConfigMap, desiredSecret, desiredServices } from './desired.ts';
import { desiredPod, withSecretMark } from './desired-pod.ts';
import { NameNodeUnreachable } from './name-node-client.ts';
import { annotation, clusterFinalizer } from './names.ts';
import { isOwned } from './observe.ts';
import type { Problem } from './observed.ts';
import type { Action } from './status.ts';

export interface Performance {
  readonly cluster: HdfsCluster;
  readonly memory: Memory;
  readonly deps: HdfsClusterDependencies;
  readonly writer: Writer;
  readonly signal: AbortSignal;
}

/** A refusal is remembered in `memory` and returned as `refused`: what comes after it rests on it. Any other error is thrown. */
export async function perform(action: Action, at: Performance): Promise<'done' | 'refused'> {
  switch (action.kind) {
    case 'holdCluster':
      return done(setFinalizers([...at.cluster.metadata.finalizers ?? [], clusterFinalizer], at));
    case 'releaseCluster':
      return done(setFinalizers((at.cluster.metadata.finalizers ?? []).filter((each) => each !== clusterFinalizer), at));
    case 'applyBase':
      return unlessRefused(at, () => applyBase(action, at));
    case 'createClaims':
      return unlessRefused(at, async () => {
        for (const { role, ordinal, volume } of action.claims) await ensureClaim(desiredClaim(at.cluster, action.clusterId, role, ordinal, volume), at);
      });
    case 'growClaims':
      return done(growClaims(action.claims, at));
    case 'markClaims':
      return done(markClaims(action.claims, at));
    case 'deleteClaims':
      return done(removeAll(persistentVolumeClaimType, action.claims, at));
    case 'createPods':
      return unlessRefused(at, () => createPods(action, at));
    case 'deletePods':
      return done(removeAll(podType, action.pods, at));
    case 'tellRacks':
      return done(tellRacks(action.racks, at));
    case 'decommission':
      return done(toNameNode(at, (token) => at.deps.nameNodes.decommission(action.ip, token, action.datanodes, at.signal)));
    case 'handover':
      return done(handOver(action.ip, at));
    default:
      return action satisfies never;
  }
}

async function done(work: Promise<void>): Promise<'done'> {
  await work;
  return 'done';
}

/** With the version that was seen: finalizers of others must not get lost. */
async function setFinalizers(finalizers: readonly string[], { cluster, writer, signal }: Performance): Promise<void> {
  const { resourceVersion } = cluster.metadata;
  await tolerating(['NotFound'], () => writer.patch(hdfsClusterType, keyOf(cluster), { metadata: { resourceVersion, finalizers } }, signal));
}

async function applyBase({ clusterId, mayFormat, dataNodes }: Extract<Action, { readonly kind: 'applyBase' }>, at: Performance): Promise<void> {
  const { cluster, deps, writer, signal } = at;
  const key = keyOf(cluster);
  if (at.memory.token === undefined) await ensureSecret(at);
  await applyConfigMap(desiredConfigMap(cluster, clusterId, mayFormat), at);
  for (const each of desiredServices(cluster)) await applyOwn(serviceType, each, deps.services.of(key), at);
  const budgets = desiredBudgets(cluster, dataNodes);
  for (const each of budgets) await applyOwn(podDisruptionBudgetType, each, deps.budgets.of(key), at);
  const unwanted = deps.budgets.of(key).filter((each) => isOwned(each, cluster) && !budgets.some((budget) => budget.metadata.name === each.metadata.name));
  for (const each of unwanted) await writer.delete(podDisruptionBudgetType, keyOf(each), {}, signal);
}

/** ConfigMaps are not watched, so that the operator needs no right to list them. */
async function applyConfigMap(desired: KubeObject, at: Performance): Promise<void> {
  const { cluster, deps, writer, signal } = at;
  const { namespace, name } = keyOf(desired);
  const live = await deps.client.get(configMapType, namespace, name, signal);
  if (live !== undefined && !isOwned(live, cluster)) throw new NameTaken(configMapType, name);
  if (live === undefined || !contains(live, desired)) await writer.apply(configMapType, desired, signal);
}

/** Server-side apply takes over what is there: so what is there must be ours. */
async function applyOwn(type: ResourceType, desired: KubeObject, known: readonly KubeObject[], { cluster, deps, writer, signal }: Performance): Promise<void> {
  const { namespace, name } = keyOf(desired);
  const cached = known.find((each) => each.metadata.name === name);
  const live = cached !== undefined && isOwned(cached, cluster) ? cached : await deps.client.get(type, namespace, name, signal);
  if (live !== undefined && !isOwned(live, cluster)) throw new NameTaken(type, name);
  await writer.apply(type, desired, signal);
}

/** The name belongs to something that is not this cluster's. */
class NameTaken extends Error {
  override readonly name = 'NameTaken';

  constructor(type: ResourceType, name: string, cause?: unknown) {
    super(`${type.kind} ${name} is there already and does not belong to this HdfsCluster`, cause === undefined ? undefined : { cause });
  }
}

/** The same token as long as this process knows it: pods that run have it. */
async function ensureSecret(at: Performance): Promise<void> {
  const { cluster, deps, memory } = at;
  const token = memory.token ?? deps.newToken();
  const existing = await ensure<Secret>(secretType, desiredSecret(cluster, token), at);
  memory.token = existing?.data?.['token'] === undefined ? token : atob(existing.data['token']);
}

async function createPods({ clusterId, pods }: Extract<Action, { readonly kind: 'createPods' }>, at: Performance): Promise<void> {
  // A pod whose Secret is missing would wait without a word.
  await ensureSecret(at);
  for (const { role, ordinal } of pods) await ensure<Pod>(podType, withSecretMark(desiredPod(at.cluster, clusterId, role, ordinal, at.deps.podDefaults), at.memory.token ?? ''), at);
}

/** Creates the object; when it is there already and the cluster's own, returns that. */
async function ensure<T extends KubeObject>(type: ResourceType, object: KubeObject, { cluster, deps, writer, signal }: Performance): Promise<T | undefined> {
  try {
    await writer.create(type, object, signal);
    return undefined;
  } catch (error) {
    if (!(error instanceof KubeError) || error.code !== 'AlreadyExists') throw error;
    const { namespace, name } = keyOf(object);
    const existing = await deps.client.get<T>(type, namespace, name, signal);
    if (existing === undefined || existing.metadata.deletionTimestamp !== undefined) return undefined;
    if (isOwned(existing, cluster)) return existing;
    throw new NameTaken(type, name, error);
  }
}

/** Claims have no owner: whose they are, the cluster's id says. One without an id was made by a person, and is taken as it is. */
async function ensureClaim(desired: KubeObject, { writer, signal }: Performance): Promise<void> {
  await tolerating(['AlreadyExists'], () => writer.create(persistentVolumeClaimType, desired, signal));
}

const growthPauseMs = 300_000;

async function growClaims(claims: Extract<Action, { readonly kind: 'growClaims' }>['claims'], { memory, deps, writer, signal }: Performance): Promise<void> {
  for (const { claim, size } of claims) {
    try {
      await writer.patch(persistentVolumeClaimType, keyOf(claim), { spec: { resources: { requests: { storage: size } } } }, signal);
      memory.growthRefusals.delete(claim.metadata.name);
    } catch (error) {
      if (!(error instanceof KubeError) || (error.code !== 'Forbidden' && error.code !== 'Invalid')) throw error;
      memory.growthRefusals.set(claim.metadata.name, { size, message: error.message.slice(0, 500), retryAtMs: deps.now() + growthPauseMs });
    }
  }
}

async function markClaims(claims: readonly KubeObject[], { writer, signal }: Performance): Promise<void> {
  for (const claim of claims) {
    await tolerating(['NotFound'], () => writer.patch(persistentVolumeClaimType, keyOf(claim), { metadata: { annotations: { [annotation.formatted]: 'true' } } }, signal));
  }
}

async function tellRacks(racks: ReadonlyMap<string, string>, { cluster, writer, signal }: Performance): Promise<void> {
  for (const [name, rack] of racks) {
    const key = { namespace: cluster.metadata.namespace ?? '', name };
    await tolerating(['NotFound'], () => writer.patch(podType, key, { metadata: { annotations: { [annotation.rack]: rack } } }, signal));
  }
}

/** Exactly the objects that were seen: one that has taken the name since then is left alone. */
async function removeAll(type: ResourceType, objects: readonly KubeObject[], { writer, signal }: Performance): Promise<void> {
  for (const each of objects) {
    const { uid } = each.metadata;
    await tolerating(['NotFound', 'Conflict'], () => writer.delete(type, keyOf(each), uid === undefined ? {} : { uid }, signal));
  }
}

async function tolerating(codes: readonly KubeError['code'][], call: () => Promise<unknown>): Promise<void> {
  try {
    await call();
  } catch (error) {
    if (!(error instanceof KubeError) || !codes.includes(error.code)) throw error;
  }
}

/** A namenode that does not answer is asked again in the next pass, which also sees whether it still leads. */
async function toNameNode({ memory }: Performance, call: (token: string) => Promise<void>): Promise<void> {
  if (memory.token === undefined) return;
  try {
    await call(memory.token);
  } catch (error) {
    if (!(error instanceof NameNodeUnreachable)) throw error;
  }
}

async function handOver(ip: string, at: Performance): Promise<void> {
  await toNameNode(at, async (token) => {
    const refusal = await at.deps.nameNodes.handover(ip, token, at.signal);
    if (refusal === undefined) delete at.memory.handoverRefusal;
    else at.memory.handoverRefusal = refusal;
  });
}

const refusalPauseMs = 15_000;

async function unlessRefused({ cluster, memory, deps }: Performance, create: () => Promise<void>): Promise<'done' | 'refused'> {
  try {
    await create();
    return 'done';
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === undefined) throw error;
    memory.refusal = { ...refusal, retryAtMs: deps.now() + refusalPauseMs, generation: cluster.metadata.generation };
    return 'refused';
  }
}

/** What the API server says about the object or its namespace; everything else is trouble on the way and is retried by the queue. */
function refusalOf(error: unknown): (Problem & { readonly terminal: boolean }) | undefined {
  if (error instanceof NameTaken) return { reason: 'NameTaken', message: error.message, terminal: false };
  if (!(error instanceof KubeError)) return undefined;
  switch (error.code) {
    case 'Invalid':
    case 'BadRequest':
      return { reason: 'InvalidChild', message: error.message, terminal: true };
    case 'Forbidden':
      return { reason: 'ChildRefused', message: error.message, terminal: false };
    default:
      return undefined;
  }
}
