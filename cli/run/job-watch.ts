/** Follows SparkJobs through the API until all of them are over. */
import { sparkJobType, type SparkJob } from '../../operator/api/spark-job.ts';
import type { KubeClient, KubeObject } from '../../operator/kube/client.ts';

/** Undefined while a job may still go on. A suspended job is over for whoever waits here: nobody will resume it. */
export function isOver(job: SparkJob): 'completed' | 'failed' | 'suspended' | undefined {
  const status = job.status;
  if (status?.observedGeneration !== job.metadata.generation) return undefined;
  switch (status?.phase) {
    case 'Completed':
      return 'completed';
    case 'Failed':
      return 'failed';
    case 'Suspended':
      return 'suspended';
    default:
      return undefined;
  }
}

const keyOf = (object: { readonly metadata: { readonly namespace?: string; readonly name: string } }): string =>
  `${object.metadata.namespace ?? ''}/${object.metadata.name}`;

export class JobWatch {
  readonly #client: KubeClient;
  readonly #jobs: Map<string, SparkJob>;

  constructor(client: KubeClient, jobs: readonly KubeObject[]) {
    this.#client = client;
    this.#jobs = new Map(jobs.map((job) => [keyOf(job), job as unknown as SparkJob]));
  }

  jobs(): readonly SparkJob[] {
    return [...this.#jobs.values()];
  }

  /** Calls `onChange` with all jobs whenever one changes. Throws when a job is deleted, or with the signal's reason. */
  async untilOver(signal: AbortSignal, onChange: (jobs: readonly SparkJob[]) => void): Promise<void> {
    for (;;) {
      const list = await this.#client.list<KubeObject>(sparkJobType, {}, signal);
      for (const job of list.items) this.#take(job);
      onChange(this.jobs());
      if (this.#allOver()) return;
      const options = { resourceVersion: list.resourceVersion, timeoutSeconds: 300 };
      for await (const event of this.#client.watch<KubeObject>(sparkJobType, options, signal)) {
        if (event.type === 'BOOKMARK') continue;
        if (event.type === 'DELETED' && this.#jobs.has(keyOf(event.object))) throw new Error(`SparkJob ${event.object.metadata.name} was deleted`);
        this.#take(event.object);
        onChange(this.jobs());
        if (this.#allOver()) return;
      }
    }
  }

  #take(object: KubeObject): void {
    const key = keyOf(object);
    if (this.#jobs.has(key)) this.#jobs.set(key, object as unknown as SparkJob);
  }

  #allOver(): boolean {
    return this.jobs().every((job) => isOver(job) !== undefined);
  }
}
