/** One pass over one SparkJob: see, decide, write the status, then do what the status announces. */
import { isDeepStrictEqual } from 'node:util';
import type { SparkJob, SparkJobStatus } from '../api/spark-job.ts';
import { sparkJobType } from '../api/spark-job.ts';
import type { ObjectKey } from '../runtime/object-key.ts';
import type { ReconcileResult } from '../runtime/reconcile-result.ts';
import { isFinished, noAttempts } from './attempt.ts';
import type { SparkJobDependencies } from './dependencies.ts';
import { discarded } from './finalize.ts';
import { observe } from './observe.ts';
import type { Performance } from './perform.ts';
import { clean, perform } from './perform.ts';
import type { Action, Decision } from './status.ts';
import { decide } from './status.ts';

/** Only errors that a retry may heal are thrown. */
export async function reconcileSparkJob(key: ObjectKey, deps: SparkJobDependencies, signal: AbortSignal): Promise<ReconcileResult> {
  const sighting = await observe(key, deps, signal);
  switch (sighting.kind) {
    case 'gone': {
      deps.memories.forget(key);
      await clean(discarded(sighting.pods), deps.writer(key), signal);
      return sighting.pods.length === 0 ? { kind: 'done' } : { kind: 'requeue', afterMs: lookAgainMs };
    }
    case 'invalid':
      deps.events.record({ regarding: sighting.job, type: 'Warning', reason: 'InvalidSpec', message: sighting.message });
      return { kind: 'failed', error: new Error(`SparkJob ${key.namespace}/${key.name}: ${sighting.message}`), terminal: true };
    case 'stale':
      return { kind: 'requeue', afterMs: staleMs };
    case 'present': {
      const { raw, observed } = sighting;
      const decision = decide(observed, deps.now(), { image: deps.podDefaults.image, pollMs: deps.pollMs });
      const writer = deps.writer(key);
      const memory = deps.memories.of(key, raw.metadata.uid ?? '');
      const written = await writeStatus(raw, decision.status, { job: observed.job, memory, deps, writer, signal });
      for (const event of decision.events) deps.events.record({ regarding: raw, ...event });
      return carryOut(key, decision, { job: observed.job, memory, deps, writer, signal }, written || !decision.actions.some(creates) || await isFresh(raw, deps, signal));
    }
    default:
      return sighting satisfies never;
  }
}

const lookAgainMs = 10_000;
const staleMs = 200;

/** Fails with a conflict when the job has changed since it was seen; so what follows rests on the latest status. */
async function writeStatus(raw: SparkJob, status: SparkJobStatus, { writer, signal }: Performance): Promise<boolean> {
  if (isDeepStrictEqual(raw.status, status)) return false;
  await writer.updateStatus(sparkJobType, { ...raw, status }, signal);
  return true;
}

async function carryOut(key: ObjectKey, decision: Decision, at: Performance, fresh: boolean): Promise<ReconcileResult> {
  if (!fresh) return { kind: 'requeue', afterMs: staleMs };
  let refused = false;
  for (const action of decision.actions) refused = (await perform(action, at)) === 'refused' || refused;
  if (isFinished(decision.status.attempts ?? noAttempts)) at.deps.memories.forget(key);
  // The next pass puts the refusal into the status.
  if (refused) return { kind: 'requeue', afterMs: 1 };
  return decision.requeueAfterMs === undefined ? { kind: 'done' } : { kind: 'requeue', afterMs: Math.ceil(decision.requeueAfterMs) };
}

function creates(action: Action): boolean {
  return action.kind === 'createDriver' || action.kind === 'createExecutors';
}

/** Whether the job is still as it was seen: nothing is created on the word of a cache alone. */
async function isFresh(raw: SparkJob, { client }: SparkJobDependencies, signal: AbortSignal): Promise<boolean> {
  const live = await client.get<SparkJob>(sparkJobType, raw.metadata.namespace ?? '', raw.metadata.name, signal);
  return live?.metadata.uid === raw.metadata.uid && live?.metadata.resourceVersion === raw.metadata.resourceVersion;
}
