/**
 * Claims of laptop mode over its runs: their volumes are directories that stay, so the claims stay too, each as a file. What a claim says of its volume
 * (whose data is on it) is then there in the next run. A claim that is deleted takes its volume along, as the usual storage classes do.
 */
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { KubeClient } from '../kube/client.ts';
import { persistentVolumeClaimType } from '../kube/resource-types.ts';
import type { PersistentVolumeClaim } from '../kube/resource-types.ts';
import type { Logger } from '../runtime/logger.ts';
import { protection } from './claim-controller.ts';

const strings = z.record(z.string(), z.string());
const keptSchema = z.object({
  apiVersion: z.literal('v1'),
  kind: z.literal('PersistentVolumeClaim'),
  metadata: z.object({ name: z.string(), namespace: z.string(), labels: strings.optional(), annotations: strings.optional() }),
  spec: z.record(z.string(), z.unknown()).optional(),
});

export interface KeptClaimsOptions {
  readonly client: KubeClient;
  readonly logger: Logger;
  /** Absolute. Files lie in `claims`, volumes in `volumes` below it. */
  readonly home: string;
}

export class KeptClaims {
  readonly #options: KeptClaimsOptions;
  /** What is in the files. */
  readonly #texts = new Map<string, string>();

  constructor(options: KeptClaimsOptions) {
    this.#options = options;
  }

  /** Makes the claims of earlier runs. A file that cannot be read is left alone and told. */
  async restore(signal: AbortSignal): Promise<void> {
    const { client, home, logger } = this.#options;
    for (const namespace of await readdir(join(home, 'claims')).catch(() => [])) {
      for (const file of (await readdir(join(home, 'claims', namespace)).catch(() => [])).filter((name) => name.endsWith('.json'))) {
        const path = join(home, 'claims', namespace, file);
        try {
          const claim = keptSchema.parse(JSON.parse(await readFile(path, 'utf8')));
          await client.create(persistentVolumeClaimType, claim as PersistentVolumeClaim, signal);
        } catch (error) {
          logger.warn({ path, error: String(error) }, 'a claim of an earlier run could not be made again');
        }
      }
    }
  }

  async keep(claim: PersistentVolumeClaim): Promise<void> {
    const { name, namespace = '', labels, annotations, deletionTimestamp, finalizers } = claim.metadata;
    // Written only when it is protected: a claim that is made and at once deleted leaves nothing.
    if (deletionTimestamp !== undefined || finalizers?.includes(protection) !== true) return;
    const kept = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name, namespace, ...(labels && { labels }), ...(annotations && { annotations }) }, spec: claim.spec };
    const text = `${JSON.stringify(kept, null, 2)}\n`;
    const path = this.#file(claim);
    if (this.#texts.get(path) === text) return;
    this.#texts.set(path, text);
    await mkdir(join(this.#options.home, 'claims', namespace), { recursive: true });
    await writeFile(`${path}.new`, text);
    await rename(`${path}.new`, path);
  }

  async forget(claim: PersistentVolumeClaim): Promise<void> {
    const { name, namespace = '' } = claim.metadata;
    const path = this.#file(claim);
    this.#texts.delete(path);
    await rm(join(this.#options.home, 'volumes', namespace, name), { recursive: true, force: true });
    await rm(path, { force: true });
  }

  #file({ metadata: { name, namespace = '' } }: PersistentVolumeClaim): string {
    return join(this.#options.home, 'claims', namespace, `${name}.json`);
  }
}
