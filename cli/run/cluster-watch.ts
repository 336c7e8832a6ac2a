/** Follows HdfsClusters through the API. */
import { hdfsClusterType, type HdfsCluster } from '../../operator/api/hdfs-cluster.ts';
import type { KubeClient, KubeObject } from '../../operator/kube/client.ts';

/** Undefined while it may still come up. */
export function standing(cluster: HdfsCluster): 'ready' | 'suspended' | 'stalled' | undefined {
  const { status, metadata } = cluster;
  if (status?.observedGeneration !== metadata.generation) return undefined;
  switch (status?.phase) {
    case 'Ready': return 'ready';
    case 'Suspended': return 'suspended';
    case 'Stalled': return 'stalled';
    default: return undefined;
  }
}

const keyOf = (object: { readonly metadata: { readonly namespace?: string; readonly name: string } }): string =>
  `${object.metadata.namespace ?? ''}/${object.metadata.name}`;

export class ClusterWatch {
  readonly #client: KubeClient;
  readonly #clusters: Map<string, HdfsCluster>;

  constructor(client: KubeClient, clusters: readonly KubeObject[]) {
    this.#client = client;
    this.#clusters = new Map(clusters.map((cluster) => [keyOf(cluster), cluster as unknown as HdfsCluster]));
  }

  clusters(): readonly HdfsCluster[] {
    return [...this.#clusters.values()];
  }

  /** Resolves when all have come up, or when one cannot. Throws when one is deleted, or with the signal's reason. */
  async untilStanding(signal: AbortSignal, onChange: (clusters: readonly HdfsCluster[]) => void): Promise<void> {
    const isOver = (): boolean => this.clusters().every((each) => standing(each) !== undefined) || this.clusters().some((each) => standing(each) === 'stalled');
    await this.#follow(signal, onChange, isOver);
  }

  /** Goes on for ever: throws with the signal's reason. */
  async forever(signal: AbortSignal, onChange: (clusters: readonly HdfsCluster[]) => void): Promise<never> {
    await this.#follow(signal, onChange, () => false);
    throw new Error('the watch of HdfsClusters has ended');
  }

  async #follow(signal: AbortSignal, onChange: (clusters: readonly HdfsCluster[]) => void, isOver: () => boolean): Promise<void> {
    for (;;) {
      const list = await this.#client.list<KubeObject>(hdfsClusterType, {}, signal);
      for (const cluster of list.items) this.#take(cluster);
      onChange(this.clusters());
      if (isOver()) return;
      for await (const event of this.#client.watch<KubeObject>(hdfsClusterType, { resourceVersion: list.resourceVersion, timeoutSeconds: 300 }, signal)) {
        if (event.type === 'BOOKMARK' || !this.#clusters.has(keyOf(event.object))) continue;
        if (event.type === 'DELETED') throw new Error(`HdfsCluster ${event.object.metadata.name} was deleted`);
        this.#take(event.object);
        onChange(this.clusters());
        if (isOver()) return;
      }
    }
  }

  #take(object: KubeObject): void {
    const key = keyOf(object);
    if (this.#clusters.has(key)) this.#clusters.set(key, object as unknown as HdfsCluster);
  }
}
