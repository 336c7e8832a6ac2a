/**
 * Scheduler and kubelet of the embedded mode in one: takes every pod of the API server and runs its containers as
 * local processes. It claims no isolation whatsoever: pods run as this user, on this machine's files and network.
 */
import type { WatchEvent } from '../kube/client.ts';
import { KubeError } from '../kube/client.ts';
import { podType } from '../kube/resource-types.ts';
import type { Pod } from '../kube/resource-types.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Logger } from '../runtime/logger.ts';
import type { EmbeddedApiServer } from './api-server.ts';
import type { LoopbackAddresses } from './loopback-addresses.ts';
import { timestamp } from './object-deletion.ts';
import type { Command } from './pod-process.ts';
import { isGone } from './pod-spec.ts';
import type { PodContainer } from './pod-spec.ts';
import { unschedulable } from './pod-status.ts';
import { PodWorker } from './pod-worker.ts';

export interface KubeletOptions {
  readonly client: EmbeddedApiServer;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly addresses: LoopbackAddresses;
  readonly nodeName: string;
  /** Absolute. Pods' directories and logs, and the volumes of claims, lie below it. */
  readonly home: string;
  /** Absolute. Where processes start: relative paths of applications count from here. */
  readonly workingDirectory: string;
  /** Pods that run at the same time; more wait, Pending, in the order of their creation. */
  readonly podsMax: number;
  /** What every process has in its environment (PATH …). */
  readonly baseEnvironment: Readonly<Record<string, string>>;
  /** How a container becomes a process; undefined for images that cannot. */
  readonly command: (container: PodContainer) => Command | undefined;
  /** Absolute: what every process reads host names from. */
  readonly hostsFile?: string;
  /** Size of a container's log before it is rotated, once. Default 16 MiB. */
  readonly logBytesMax?: number;
  /** Ends the kubelet, for good. */
  readonly signal: AbortSignal;
}

interface Running {
  readonly pod: Pod;
  readonly worker: PodWorker;
  readonly ended: Promise<void>;
}

const watchSeconds = 300;
const closeGraceSeconds = 2;

export class Kubelet {
  readonly #options: KubeletOptions;
  readonly #running = new Map<string, Running>();
  readonly #waiting = new Map<string, Pod>();
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  #loop: Promise<void> | undefined;

  constructor(options: KubeletOptions) {
    this.#options = options;
    this.#signal = AbortSignal.any([options.signal, this.#stop.signal]);
  }

  start(): void {
    this.#loop ??= this.#follow();
  }

  /** Process ids of the pods that run, for those who want to hurt them. */
  get runningPods(): readonly string[] {
    return [...this.#running.values()].map(({ pod }) => `${pod.metadata.namespace ?? ''}/${pod.metadata.name}`);
  }

  /** Ends all pods and resolves when their processes are gone: SIGTERM, and SIGKILL after two seconds. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#loop;
    this.#waiting.clear();
    const running = [...this.#running.values()];
    for (const { worker } of running) worker.stop(closeGraceSeconds);
    await Promise.all(running.map((each) => each.ended));
  }

  /** The last resort of a process that ends now: nothing is waited for. */
  killAll(): void {
    for (const { worker } of this.#running.values()) worker.kill();
  }

  async #follow(): Promise<void> {
    const { client, clock, logger } = this.#options;
    let version: string | undefined;
    while (!this.#signal.aborted) {
      try {
        version ??= await this.#relist();
        for await (const event of client.watch<Pod>(podType, { resourceVersion: version, timeoutSeconds: watchSeconds }, this.#signal)) {
          version = event.type === 'BOOKMARK' ? event.resourceVersion : event.object.metadata.resourceVersion ?? version;
          this.#take(event);
        }
      } catch (error) {
        if (this.#signal.aborted) return;
        if (!(error instanceof KubeError && error.code === 'Expired')) logger.warn({ error: String(error) }, 'the embedded kubelet lost its watch');
        version = undefined;
        await clock.sleep(50, this.#signal).catch(() => undefined);
      }
    }
  }

  async #relist(): Promise<string> {
    const { items, resourceVersion } = await this.#options.client.list<Pod>(podType, {}, this.#signal);
    const there = new Set(items.map((pod) => pod.metadata.uid));
    for (const { pod } of this.#running.values()) if (!there.has(pod.metadata.uid)) this.#take({ type: 'DELETED', object: pod });
    for (const pod of items) this.#take({ type: 'MODIFIED', object: pod });
    return resourceVersion;
  }

  #take(event: WatchEvent<Pod>): void {
    if (event.type === 'BOOKMARK') return;
    const { object: pod } = event;
    const { uid = '', deletionTimestamp } = pod.metadata;
    const running = this.#running.get(uid);
    if (event.type === 'DELETED') {
      this.#waiting.delete(uid);
      // Deleted without grace: whoever did it does not wait either.
      running?.worker.kill();
      return;
    }
    if (deletionTimestamp !== undefined) {
      this.#waiting.delete(uid);
      if (running !== undefined) running.worker.stop(graceOf(pod));
      else if (pod.spec?.nodeName === this.#options.nodeName) this.#background(this.#forget(pod));
      return;
    }
    const gated = Array.isArray(pod.spec?.['schedulingGates']) && pod.spec['schedulingGates'].length > 0;
    if (running !== undefined) this.#background(running.worker.update(pod));
    if (running === undefined && !gated && pod.spec?.nodeName === undefined && pod.status?.phase === 'Pending') this.#admit(uid, pod);
  }

  #admit(uid: string, pod: Pod): void {
    if (this.#running.size < this.#options.podsMax) {
      this.#waiting.delete(uid);
      this.#run(uid, pod);
      return;
    }
    const known = this.#waiting.has(uid);
    this.#waiting.set(uid, pod);
    if (!known) this.#background(this.#tellUnschedulable(pod));
  }

  #run(uid: string, pod: Pod): void {
    const { addresses } = this.#options;
    const podIp = addresses.allocate();
    const worker = new PodWorker(pod, podIp, this.#options);
    const ended = this.#runToEnd(worker, pod).finally(() => {
      addresses.release(podIp);
      this.#running.delete(uid);
      this.#startWaiting();
    });
    this.#running.set(uid, { pod, worker, ended });
    this.#background(ended);
  }

  async #runToEnd(worker: PodWorker, pod: Pod): Promise<void> {
    const { client, nodeName, signal } = this.#options;
    const { namespace = '', name } = pod.metadata;
    try {
      await client.bindPod(namespace, name, nodeName, signal);
    } catch (error) {
      if (isGone(error)) return;
      throw error;
    }
    await worker.run();
    const last = await client.get<Pod>(podType, namespace, name, signal);
    if (last?.metadata.uid === pod.metadata.uid && last?.metadata.deletionTimestamp !== undefined) await this.#forget(last);
  }

  /** Tells the API server that a pod which is being deleted has no processes any more. */
  async #forget(pod: Pod): Promise<void> {
    const { namespace = '', name, uid } = pod.metadata;
    try {
      await this.#options.client.delete(podType, namespace, name, { gracePeriodSeconds: 0, ...(uid === undefined ? {} : { uid }) }, this.#options.signal);
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  }

  #startWaiting(): void {
    if (this.#signal.aborted) return;
    for (const [uid, pod] of this.#waiting) {
      if (this.#running.size >= this.#options.podsMax) return;
      this.#waiting.delete(uid);
      this.#run(uid, pod);
    }
  }

  async #tellUnschedulable(pod: Pod): Promise<void> {
    const { client, clock, podsMax } = this.#options;
    const { resourceVersion: _, ...metadata } = pod.metadata;
    const status = unschedulable(podsMax, timestamp(clock.now()), pod.status?.conditions ?? []);
    try {
      await client.updateStatus<Pod>(podType, { ...pod, metadata, status }, this.#options.signal);
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  }

  /** Work that nobody waits for: what goes wrong with it is logged. */
  #background(work: Promise<void>): void {
    work.catch((error: unknown) => {
      if (!this.#options.signal.aborted) this.#options.logger.warn({ error: String(error) }, 'the embedded kubelet could not finish something');
    });
  }
}

function graceOf(pod: Pod): number {
  const grace = (pod.metadata as { readonly deletionGracePeriodSeconds?: number }).deletionGracePeriodSeconds;
  return grace ?? 30;
}
