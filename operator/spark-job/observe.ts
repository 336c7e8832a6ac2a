/** Reads all that a pass decides on. Reads only. */
import type { SparkJob } from '../api/spark-job.ts';
import { sparkJobSpecSchema, sparkJobType } from '../api/spark-job.ts';
import { configMapType, podType, secretType } from '../kube/resource-types.ts';
import type { ConfigMap, Pod, Secret } from '../kube/resource-types.ts';
import type { ObjectKey } from '../runtime/object-key.ts';
import { noAttempts, startCause } from './attempt.ts';
import type { SparkJobDependencies } from './dependencies.ts';
import { DriverUnreachable } from './driver-client.ts';
import type { Memory } from './job-memory.ts';
import { driverName, label, secretName } from './names.ts';
import type { DriverAnswer, Observed, Problem } from './observed.ts';
import { attemptOf, driverState, executorId, isDriver } from './pod-state.ts';
import { parseRanges } from './ranges.ts';
import { scriptsOf } from './scripts.ts';

export type Sighting =
  /** There is no such job, or it is being deleted. */
  | { readonly kind: 'gone'; readonly pods: readonly Pod[] }
  /** The schema in the cluster lets something through that this operator does not know. */
  | { readonly kind: 'invalid'; readonly job: SparkJob; readonly message: string }
  /** The cache of jobs trails that of pods. */
  | { readonly kind: 'stale' }
  | { readonly kind: 'present'; readonly raw: SparkJob; readonly observed: Observed };

export async function observe(key: ObjectKey, deps: SparkJobDependencies, signal: AbortSignal): Promise<Sighting> {
  const pods = deps.pods.labelled(key.namespace, label.job, key.name);
  // Pods are not given up on the word of a cache.
  const raw = deps.jobs.get(key) ?? (pods.length === 0 ? undefined : await deps.client.get<SparkJob>(sparkJobType, key.namespace, key.name, signal));
  if (raw === undefined || raw.metadata.deletionTimestamp !== undefined) return { kind: 'gone', pods };
  const spec = sparkJobSpecSchema.safeParse(raw.spec);
  if (!spec.success) return { kind: 'invalid', job: raw, message: spec.error.issues.map((issue) => `spec.${issue.path.join('.')}: ${issue.message}`).join('; ') };
  const job: SparkJob = { ...raw, spec: spec.data };
  const own = pods.filter((pod) => isOwned(pod, job));
  const number = (job.status?.attempts ?? noAttempts).number;
  if (own.some((pod) => attemptOf(pod) > number)) return { kind: 'stale' };
  const current = own.filter((pod) => attemptOf(pod) === number);
  const memory = deps.memories.of(key, job.metadata.uid ?? '');
  const driver = current.find(isDriver) ?? await missingDriver(job, deps, signal);
  const executors = await allExecutors(job, current.filter((pod) => !isDriver(pod)), deps, signal);
  return {
    kind: 'present',
    raw,
    observed: {
      job, driver, executors,
      earlier: own.filter((pod) => attemptOf(pod) < number),
      foreign: pods.filter((pod) => !isOwned(pod, job)),
      answer: await askDriver(job, driver, memory, deps, signal),
      problem: startCause(job, deps.now()) === undefined ? undefined : await missingScript(job, deps, signal),
      refusal: memory.refusal?.attempt === number ? memory.refusal : undefined,
    },
  };
}

/** Whether this very job, not one of the same name before it, controls the object. */
export function isOwned(object: { readonly metadata: { readonly ownerReferences?: readonly { readonly uid: string }[] } }, job: SparkJob): boolean {
  return object.metadata.ownerReferences?.some((owner) => owner.uid === job.metadata.uid) === true;
}

/** A driver is called lost only when the API server itself does not know it. */
async function missingDriver(job: SparkJob, { client }: SparkJobDependencies, signal: AbortSignal): Promise<Pod | undefined> {
  const attempts = job.status?.attempts;
  if (attempts?.state !== 'Active' && attempts?.state !== 'Stopping') return undefined;
  const pod = await client.get<Pod>(podType, job.metadata.namespace ?? '', driverName(job.metadata.name, attempts.number), signal);
  return pod !== undefined && isOwned(pod, job) ? pod : undefined;
}

/** Numbers given out without a pod in the cache: the operator was killed in between, or the cache trails. The API server knows. */
async function allExecutors(job: SparkJob, cached: readonly Pod[], { client }: SparkJobDependencies, signal: AbortSignal): Promise<readonly Pod[]> {
  const { attempts, executors } = job.status ?? {};
  if (attempts?.state !== 'Active' || executors === undefined) return cached;
  const known = new Set([...cached.map(executorId), ...parseRanges(executors.seen)]);
  if (parseRanges(executors.ids).every((id) => known.has(id))) return cached;
  const labelSelector = `${label.job}=${job.metadata.name},${label.role}=executor,${label.attempt}=${attempts.number}`;
  const live = await client.list<Pod>(podType, { namespace: job.metadata.namespace ?? '', labelSelector }, signal);
  return live.items.filter((pod) => isOwned(pod, job));
}

async function askDriver(job: SparkJob, pod: Pod | undefined, memory: Memory, deps: SparkJobDependencies, signal: AbortSignal): Promise<DriverAnswer> {
  const state = driverState(pod);
  if (state.kind !== 'running' || state.ip === undefined || job.status?.attempts?.state !== 'Active') {
    delete memory.silence;
    return { kind: 'none' };
  }
  const now = deps.now();
  const { silence } = memory;
  if (silence !== undefined && now < silence.askAgainMs) return { kind: 'silent', sinceMs: silence.sinceMs, message: silence.message };
  try {
    const status = await deps.driver.status(state.ip, await tokenOf(job, memory, deps, signal), signal);
    const expected = `${job.metadata.uid ?? ''}-${job.status.attempts.number}`;
    if (status.applicationId !== expected) throw new DriverUnreachable('another application answers at its address');
    delete memory.silence;
    return { kind: 'status', status };
  } catch (error) {
    if (!(error instanceof DriverUnreachable)) throw error;
    const sinceMs = silence?.sinceMs ?? now;
    // The longer it is silent, the more seldom it is asked: a silent driver costs a time-out each time.
    memory.silence = { sinceMs, askAgainMs: now + Math.min(30_000, (now - sinceMs) / 2), message: error.message };
    return { kind: 'silent', sinceMs, message: error.message };
  }
}

async function tokenOf(job: SparkJob, memory: Memory, { client }: SparkJobDependencies, signal: AbortSignal): Promise<string> {
  if (memory.token !== undefined) return memory.token;
  const name = secretName(job.metadata.name);
  const secret = await client.get<Secret>(secretType, job.metadata.namespace ?? '', name, signal);
  const token = secret !== undefined && isOwned(secret, job) ? secret.data?.['token'] : undefined;
  if (token === undefined) throw new DriverUnreachable(`secret ${name} is gone`);
  memory.token = atob(token);
  return memory.token;
}

/** A pod whose ConfigMap is missing would wait without a word; better to say so first. */
async function missingScript(job: SparkJob, { client }: SparkJobDependencies, signal: AbortSignal): Promise<Problem | undefined> {
  for (const { field, script } of scriptsOf(job.spec)) {
    const from = script.configMapKeyRef;
    if (from === undefined) continue;
    const map = await client.get<ConfigMap>(configMapType, job.metadata.namespace ?? '', from.name, signal);
    if (map === undefined) return { reason: 'ConfigMapNotFound', message: `spec.application.${field}.configMapKeyRef: there is no ConfigMap ${from.name}` };
    if (map.data?.[from.key] !== undefined || map.binaryData?.[from.key] !== undefined) continue;
    return { reason: 'ConfigMapKeyNotFound', message: `spec.application.${field}.configMapKeyRef: ConfigMap ${from.name} has no key ${from.key}` };
  }
  return undefined;
}
