/** One pass over one HdfsCluster: see, decide, write the status, then do what the status announces. */
import { isDeepStrictEqual } from 'node:util';
import type { HdfsCluster, HdfsClusterStatus } from '../api/hdfs-cluster.ts';
import { hdfsClusterType } from '../api/hdfs-cluster.ts';
import type { ObjectKey } from '../runtime/object-key.ts';
import type { ReconcileResult } from '../runtime/reconcile-result.ts';
import type { HdfsClusterDependencies } from './dependencies.ts';
import { observe } from './observe.ts';
import type { Refusal } from './observed.ts';
import type { Performance } from './perform.ts';
import { perform } from './perform.ts';
import type { Decision } from './status.ts';
import { decide } from './status.ts';

/** How often sizes and counts are written. */
const figuresMs = 10_000;
const staleMs = 200;

/** Only errors that a retry may heal are thrown. */
export async function reconcileHdfsCluster(key: ObjectKey, deps: HdfsClusterDependencies, signal: AbortSignal): Promise<ReconcileResult> {
  const sighting = await observe(key, deps, signal);
  switch (sighting.kind) {
    case 'gone':
      deps.memories.forget(key);
      return { kind: 'done' };
    case 'invalid':
      deps.events.record({ regarding: sighting.cluster, type: 'Warning', reason: 'InvalidSpec', message: sighting.message });
      return { kind: 'failed', error: new Error(`HdfsCluster ${key.namespace}/${key.name}: ${sighting.message}`), terminal: true };
    case 'present': {
      const { raw, observed } = sighting;
      const memory = deps.memories.of(key, raw.metadata.uid ?? '');
      const figuresDue = deps.now() - (memory.figuresAtMs ?? Number.NEGATIVE_INFINITY) >= figuresMs;
      const decision = decide(observed, deps.now(), { podDefaults: deps.podDefaults, pollMs: deps.pollMs, idlePollMs: deps.idlePollMs, figuresDue });
      if (figuresDue && observed.answers.size > 0) memory.figuresAtMs = deps.now();
      const at: Performance = { cluster: observed.cluster, memory, deps, writer: deps.writer(key), signal };
      const written = await writeStatus(raw, decision.status, at);
      for (const event of decision.events) deps.events.record({ regarding: raw, ...event });
      return carryOut(decision, observed.refusal, at, written || decision.actions.length === 0 || await isFresh(raw, deps, signal));
    }
    default:
      return sighting satisfies never;
  }
}

/** Fails with a conflict when the cluster has changed since it was seen; so what follows rests on the latest status. */
async function writeStatus(raw: HdfsCluster, status: HdfsClusterStatus, { writer, signal }: Performance): Promise<boolean> {
  if (isDeepStrictEqual(raw.status, status)) return false;
  await writer.updateStatus(hdfsClusterType, { ...raw, status }, signal);
  return true;
}

async function carryOut(decision: Decision, refusal: Refusal | undefined, at: Performance, fresh: boolean): Promise<ReconcileResult> {
  if (!fresh) return { kind: 'requeue', afterMs: staleMs };
  for (const action of decision.actions) {
    // The next pass puts the refusal into the status; what would come after it rests on what was refused.
    if ((await perform(action, at)) === 'refused') return { kind: 'requeue', afterMs: staleMs };
  }
  if (refusal === undefined || at.deps.now() >= refusal.retryAtMs) delete at.memory.refusal;
  return { kind: 'requeue', afterMs: Math.ceil(decision.requeueAfterMs) };
}

/** Whether the cluster is still as it was seen: nothing is made or removed on the word of a cache alone. */
async function isFresh(raw: HdfsCluster, { client }: HdfsClusterDependencies, signal: AbortSignal): Promise<boolean> {
  const live = await client.get<HdfsCluster>(hdfsClusterType, raw.metadata.namespace ?? '', raw.metadata.name, signal);
  return live?.metadata.uid === raw.metadata.uid && live?.metadata.resourceVersion === raw.metadata.resourceVersion;
}
