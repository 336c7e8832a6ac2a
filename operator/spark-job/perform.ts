/** Carries out what was decided. Every deed may be repeated: after a crash the next pass does so. */
import type { SparkJob } from '../api/spark-job.ts';
import type { KubeObject, ResourceType } from '../kube/client.ts';
import { KubeError } from '../kube/client.ts';
import { configMapType, podType, secretType } from '../kube/resource-types.ts';
import type { Secret } from '../kube/resource-types.ts';
import type { Writer } from '../runtime/applier.ts';
import { keyOf } from '../runtime/object-key.ts';
import type { SparkJobDependencies } from './dependencies.ts';
import type { AttemptContext } from './desired.ts';
import { desiredConfigMap, desiredDriver, desiredExecutor, desiredSecret } from './desired.ts';
import type { Cleaning } from './finalize.ts';
import type { Memory } from './job-memory.ts';
import { configMapName, driverFinalizer, secretName } from './names.ts';
import { isOwned } from './observe.ts';
import type { Refusal } from './observed.ts';
import type { JobPod } from './pod-state.ts';
import type { Action } from './status.ts';

export interface Performance {
  readonly job: SparkJob;
  readonly memory: Memory;
  readonly deps: SparkJobDependencies;
  readonly writer: Writer;
  readonly signal: AbortSignal;
}

/** A refusal is remembered in `memory` and returned as `refused`; any other error is thrown. */
export async function perform(action: Action, at: Performance): Promise<'done' | 'refused'> {
  switch (action.kind) {
    case 'createDriver':
      return unlessRefused('driver', action.context, at, () => createDriver(action.context, at));
    case 'createExecutors':
      return unlessRefused('executor', action.context, at, async () => {
        for (const id of action.ids) await ensure(podType, desiredExecutor(at.job, action.context, at.deps.podDefaults, id, action.driverIp), at);
      });
    case 'removePods':
      await removePods(action.pods, at);
      return 'done';
    case 'releasePods':
      await releasePods(action.pods, at);
      return 'done';
    case 'removeConfiguration':
      await removeConfiguration(action.context, at);
      return 'done';
    default:
      return action satisfies never;
  }
}

/** For pods without a job. */
export async function clean(cleaning: Cleaning, writer: Writer, signal: AbortSignal): Promise<void> {
  await removePods(cleaning.remove, { writer, signal });
  await releasePods(cleaning.release, { writer, signal });
}

async function createDriver(context: AttemptContext, at: Performance): Promise<void> {
  const { job, deps, memory } = at;
  const token = deps.newToken();
  const secret = await ensure<Secret>(secretType, desiredSecret(job, token), at);
  memory.token = secret?.data?.['token'] === undefined ? token : atob(secret.data['token']);
  await ensure(configMapType, desiredConfigMap(job, context), at);
  await ensure(podType, desiredDriver(job, context, deps.podDefaults), at);
}

/** The name belongs to something that this job does not own. */
class NameTaken extends Error {
  override readonly name = 'NameTaken';
}

/** Creates the object; when it is there already and the job's own, returns that. */
async function ensure<T extends KubeObject>(type: ResourceType, object: KubeObject, { job, deps, writer, signal }: Performance): Promise<T | undefined> {
  try {
    await writer.create(type, object, signal);
    return undefined;
  } catch (error) {
    if (!(error instanceof KubeError) || error.code !== 'AlreadyExists') throw error;
    const { namespace, name } = keyOf(object);
    const existing = await deps.client.get<T>(type, namespace, name, signal);
    if (existing !== undefined && isOwned(existing, job) && existing.metadata.deletionTimestamp === undefined) return existing;
    throw new NameTaken(`${type.kind} ${name} is there already and does not belong to this job`, { cause: error });
  }
}

const refusalPauseMs = 15_000;

async function unlessRefused(role: Refusal['role'], { attempt }: AttemptContext, { memory, deps }: Performance, create: () => Promise<void>): Promise<'done' | 'refused'> {
  try {
    await create();
    delete memory.refusal;
    return 'done';
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === undefined) throw error;
    memory.refusal = { ...refusal, role, attempt, retryAtMs: deps.now() + refusalPauseMs };
    return 'refused';
  }
}

/** What the API server says about the object or its namespace; everything else is trouble on the way and is retried by the queue. */
function refusalOf(error: unknown): Pick<Refusal, 'reason' | 'message' | 'terminal'> | undefined {
  if (error instanceof NameTaken) return { reason: 'NameTaken', message: error.message, terminal: false };
  if (!(error instanceof KubeError)) return undefined;
  switch (error.code) {
    case 'Invalid':
    case 'BadRequest':
      return { reason: 'InvalidPod', message: error.message, terminal: true };
    case 'Forbidden':
      return { reason: 'PodRefused', message: error.message, terminal: false };
    default:
      return undefined;
  }
}

type Hands = Pick<Performance, 'writer' | 'signal'>;

async function removePods(pods: readonly JobPod[], { writer, signal }: Hands): Promise<void> {
  for (const pod of pods) await removed(() => writer.delete(podType, keyOf(pod), pod.metadata.uid === undefined ? {} : { uid: pod.metadata.uid }, signal));
}

async function releasePods(pods: readonly JobPod[], { writer, signal }: Hands): Promise<void> {
  for (const pod of pods) {
    const finalizers = pod.metadata.finalizers?.filter((each) => each !== driverFinalizer) ?? [];
    await removed(async () => {
      await writer.patch(podType, keyOf(pod), { metadata: { resourceVersion: pod.metadata.resourceVersion, finalizers } }, signal);
    });
  }
}

/** What is gone already, also under another uid, is as good as removed. */
async function removed(call: () => Promise<void>): Promise<void> {
  try {
    await call();
  } catch (error) {
    if (!(error instanceof KubeError) || (error.code !== 'NotFound' && error.code !== 'Conflict')) throw error;
  }
}

async function removeConfiguration({ attempt, specHash }: AttemptContext, { job, writer, signal }: Performance): Promise<void> {
  const namespace = job.metadata.namespace ?? '';
  await writer.delete(configMapType, { namespace, name: configMapName(job.metadata.name, attempt, specHash) }, {}, signal);
  await writer.delete(secretType, { namespace, name: secretName(job.metadata.name) }, {}, signal);
}
