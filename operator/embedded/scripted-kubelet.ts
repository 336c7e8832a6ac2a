/**
 * A kubelet without processes, for tests and benchmarks of the operator: pods start at once and live as a script says.
 * It does one thing per turn of the event loop, so whatever watches the pods sees every step of them.
 */
import type { WatchEvent } from '../kube/client.ts';
import { podType } from '../kube/resource-types.ts';
import type { Pod } from '../kube/resource-types.ts';
import type { Clock } from '../runtime/clock.ts';
import type { EmbeddedApiServer } from './api-server.ts';
import { timestamp } from './object-deletion.ts';
import { isGone } from './pod-spec.ts';
import { podStatus } from './pod-status.ts';
import type { ContainerPhase, ContainerState } from './pod-status.ts';

export interface PodEnd {
  readonly exitCode: number;
  /** The termination message. */
  readonly message: string;
}

/**
 * A pod that is started again when it ends (restartPolicy Always) crashes instead: it stays as it is until it is deleted.
 * Called for a pod that runs, whenever one of its family (the pods of its controlling owner) has changed: its end, if it ends now. */
export type PodScript = (pod: Pod, family: readonly Pod[]) => PodEnd | undefined;

export interface ScriptedKubeletOptions {
  readonly client: EmbeddedApiServer;
  readonly clock: Clock;
  readonly script: PodScript;
  readonly signal: AbortSignal;
}

const isRunning = (pod: Pod): boolean => pod.status?.phase === 'Running' && pod.status.containerStatuses?.every((each) => each.state?.running !== undefined) === true;
const terminated = (pod: Pod): boolean => pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';

export class ScriptedKubelet {
  readonly #options: ScriptedKubeletOptions;
  /** Every pod that ever was, in the order of creation, by uid: what it was when it was last seen. */
  readonly #seen = new Map<string, Pod>();
  readonly #families = new Map<string, Map<string, Pod>>();
  #addresses = 0;

  constructor(options: ScriptedKubeletOptions) {
    this.#options = options;
  }

  /** Pods that were ever created, those that are gone too. */
  get everCreated(): readonly Pod[] {
    return [...this.#seen.values()];
  }

  /** Runs until the signal aborts; rejects when something goes wrong that should not. */
  async run(): Promise<void> {
    const { client, signal } = this.#options;
    try {
      for await (const event of client.watch<Pod>(podType, { resourceVersion: '0', timeoutSeconds: 1e9 }, signal)) {
        if (event.type === 'BOOKMARK') continue;
        this.#note(event.object, event.type === 'DELETED');
        await this.#react(event);
        await this.#ends(familyOf(event.object));
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  /** Asks the script about all pods that run, when something outside the API has changed. */
  async look(): Promise<void> {
    for (const family of this.#families.keys()) await this.#ends(family);
  }

  #note(pod: Pod, gone: boolean): void {
    const { uid = '' } = pod.metadata;
    this.#seen.set(uid, pod);
    const family = this.#families.get(familyOf(pod)) ?? new Map<string, Pod>();
    if (gone) family.delete(uid);
    else family.set(uid, pod);
    if (family.size === 0) this.#families.delete(familyOf(pod));
    else this.#families.set(familyOf(pod), family);
  }

  async #react({ type, object: pod }: Exclude<WatchEvent<Pod>, { readonly type: 'BOOKMARK' }>): Promise<void> {
    const { client, signal } = this.#options;
    const { namespace = '', name, uid = '', deletionTimestamp } = pod.metadata;
    if (type === 'DELETED') return;
    if (deletionTimestamp !== undefined) {
      if (!terminated(pod) && pod.status?.podIP !== undefined) await this.#report(pod, { exitCode: 143, message: '' });
      await tolerantly(client.delete(podType, namespace, name, { gracePeriodSeconds: 0, uid }, signal));
      return;
    }
    if (pod.spec?.nodeName === undefined) await tolerantly(client.bindPod(namespace, name, 'scripted', signal));
    else if (pod.status?.phase === 'Pending') await this.#report(pod, undefined);
  }

  /** Asks the script about every pod of a family that runs. */
  async #ends(family: string): Promise<void> {
    for (const pod of this.#families.get(family)?.values() ?? []) {
      if (!isRunning(pod) || pod.metadata.deletionTimestamp !== undefined) continue;
      const end = this.#options.script(pod, [...this.#families.get(family)?.values() ?? []]);
      if (end !== undefined) await this.#report(pod, end);
    }
  }

  async #report(pod: Pod, end: PodEnd | undefined): Promise<void> {
    const { client, clock, signal } = this.#options;
    const now = timestamp(clock.now());
    const phase: ContainerPhase = end === undefined
      ? { kind: 'running', startedAt: now, ready: true, started: true }
      : { kind: 'terminated', startedAt: pod.status?.startTime ?? now, finishedAt: now, end: { ...end, signal: undefined } };
    const containers = new Map((pod.spec?.containers ?? []).map(({ name, image = '' }) => [name, containerState(pod, image, phase)]));
    const status = podStatus({ containers, podIp: pod.status?.podIP ?? this.#nextAddress(), startTime: pod.status?.startTime ?? now, failure: undefined, now }, pod.status?.conditions ?? []);
    const { resourceVersion: _, ...metadata } = pod.metadata;
    const reported = await tolerantly(client.updateStatus<Pod>(podType, { ...pod, metadata, status }, signal));
    // What the script sees next is what it has just said.
    if (reported !== undefined) this.#note(reported, false);
  }

  #nextAddress(): string {
    this.#addresses += 1;
    return `10.${this.#addresses >> 16}.${(this.#addresses >> 8) & 255}.${this.#addresses & 255}`;
  }
}

function containerState(pod: Pod, image: string, phase: ContainerPhase): ContainerState {
  if (phase.kind !== 'terminated' || pod.spec?.restartPolicy !== 'Always' || pod.metadata.deletionTimestamp !== undefined) return { image, phase };
  return { image, phase: { kind: 'waiting', reason: 'CrashLoopBackOff' }, restarted: { count: 1, last: phase } };
}

function familyOf(pod: Pod): string {
  return pod.metadata.ownerReferences?.find((each) => each.controller === true)?.uid ?? pod.metadata.uid ?? '';
}

/** Undefined when the pod is gone by now. */
async function tolerantly<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}
