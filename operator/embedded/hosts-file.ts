/**
 * What cluster DNS is to pods: a JSON file from host name to address, kept as pods and Services are. Pods that name a subdomain have their own host
 * name; a Service stands for one of its ready pods, or for any of them if it publishes those that are not ready.
 */
import { rename, writeFile } from 'node:fs/promises';
import type { KubeClient } from '../kube/client.ts';
import { podType, serviceType } from '../kube/resource-types.ts';
import type { Pod, Service } from '../kube/resource-types.ts';
import { keyOf, keyText } from '../runtime/object-key.ts';
import { followObjects } from './object-follow.ts';

export class HostsFile {
  readonly path: string;
  readonly #client: KubeClient;
  readonly #pods = new Map<string, Pod>();
  readonly #services = new Map<string, Service>();
  #text = '';
  #turn: Promise<void> = Promise.resolve();

  constructor(client: KubeClient, path: string) {
    this.#client = client;
    this.path = path;
  }

  /** Keeps the file until the signal aborts; rejects when it cannot be written. */
  async run(signal: AbortSignal): Promise<void> {
    await this.#write();
    await Promise.all([this.#follow(podType, this.#pods, signal), this.#follow(serviceType, this.#services, signal)]);
  }

  async #follow(type: typeof podType, known: Map<string, Pod | Service>, signal: AbortSignal): Promise<void> {
    await followObjects<Pod | Service>(this.#client, type, signal, (object, gone) => {
      if (gone) known.delete(keyText(keyOf(object)));
      else known.set(keyText(keyOf(object)), object);
      this.#turn = this.#turn.then(() => this.#write());
      return this.#turn;
    });
  }

  async #write(): Promise<void> {
    const text = `${JSON.stringify(hostTable([...this.#pods.values()], [...this.#services.values()]), null, 1)}\n`;
    if (text === this.#text) return;
    this.#text = text;
    // Whoever reads meanwhile sees the old table or the new one.
    await writeFile(`${this.path}.new`, text);
    await rename(`${this.path}.new`, this.path);
  }
}

/** Host name → address. Pure. */
export function hostTable(pods: readonly Pod[], services: readonly Service[]): Readonly<Record<string, string>> {
  const table: Record<string, string> = {};
  for (const pod of pods) {
    const hostname = pod.spec?.['hostname'];
    const subdomain = pod.spec?.['subdomain'];
    if (!isUp(pod) || typeof hostname !== 'string' || typeof subdomain !== 'string') continue;
    for (const name of namesOf(`${hostname}.${subdomain}`, pod.metadata.namespace ?? '')) table[name] = pod.status?.podIP ?? '';
  }
  for (const service of services) {
    const chosen = backendOf(service, pods);
    if (chosen === undefined) continue;
    for (const name of namesOf(service.metadata.name, service.metadata.namespace ?? '')) table[name] = chosen.status?.podIP ?? '';
  }
  return table;
}

function isUp(pod: Pod): boolean {
  return pod.status?.podIP !== undefined && pod.status.phase === 'Running' && pod.metadata.deletionTimestamp === undefined;
}

function isReady(pod: Pod): boolean {
  return pod.status?.conditions?.some((each) => each.type === 'Ready' && each.status === 'True') === true;
}

function backendOf({ metadata, spec }: Service, pods: readonly Pod[]): Pod | undefined {
  const selector = Object.entries((spec?.['selector'] ?? {}) as Readonly<Record<string, string>>);
  if (selector.length === 0) return undefined;
  const selected = pods.filter((pod) => isUp(pod) && pod.metadata.namespace === metadata.namespace && selector.every(([key, value]) => pod.metadata.labels?.[key] === value));
  return selected.find(isReady) ?? (spec?.['publishNotReadyAddresses'] === true ? selected[0] : undefined);
}

/** As a pod of any namespace may write them; in the default namespace the bare name too. */
function namesOf(host: string, namespace: string): readonly string[] {
  const base = `${host}.${namespace}`;
  return [...namespace === 'default' ? [host] : [], base, `${base}.svc`, `${base}.svc.cluster.local`];
}
