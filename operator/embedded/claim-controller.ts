/**
 * What a cluster does for claims beside binding them: one that a pod uses is not removed until the pod is gone (the finalizer
 * kubernetes.io/pvc-protection), and whoever keeps the volumes is told when a claim comes, changes or goes.
 */
import type { KubeClient } from '../kube/client.ts';
import { KubeError } from '../kube/client.ts';
import { persistentVolumeClaimType, podType } from '../kube/resource-types.ts';
import type { PersistentVolumeClaim, Pod } from '../kube/resource-types.ts';
import { keyOf, keyText } from '../runtime/object-key.ts';
import { followObjects } from './object-follow.ts';
import { isGone } from './pod-spec.ts';

export const protection = 'kubernetes.io/pvc-protection';

export interface ClaimControllerOptions {
  readonly client: KubeClient;
  /** Told of each version of a claim, in order. */
  readonly onClaim?: (claim: PersistentVolumeClaim) => Promise<void>;
  /** Told when a claim is gone. */
  readonly onGone?: (claim: PersistentVolumeClaim) => Promise<void>;
  readonly signal: AbortSignal;
}

export class ClaimController {
  readonly #options: ClaimControllerOptions;
  readonly #claims = new Map<string, PersistentVolumeClaim>();
  /** Claims in use, by pod. */
  readonly #uses = new Map<string, readonly string[]>();
  /** One thing after the other. */
  #turn: Promise<void> = Promise.resolve();

  constructor(options: ClaimControllerOptions) {
    this.#options = options;
  }

  /** Runs until the signal aborts; rejects when something goes wrong that should not. */
  async run(): Promise<void> {
    const { signal } = this.#options;
    try {
      await Promise.all([this.#followClaims(), this.#followPods()]);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  async #followClaims(): Promise<void> {
    const { client, signal, onClaim, onGone } = this.#options;
    await followObjects<PersistentVolumeClaim>(client, persistentVolumeClaimType, signal, (claim, gone) => this.#inTurn(async () => {
      const key = keyText(keyOf(claim));
      if (gone) {
        this.#claims.delete(key);
        await onGone?.(claim);
        return;
      }
      this.#claims.set(key, claim);
      await onClaim?.(claim);
      await this.#settle(key);
    }));
  }

  async #followPods(): Promise<void> {
    const { client, signal } = this.#options;
    await followObjects<Pod>(client, podType, signal, async (pod, gone) => {
      const key = keyText(keyOf(pod));
      const before = this.#uses.get(key) ?? [];
      if (gone) this.#uses.delete(key);
      else this.#uses.set(key, claimsOf(pod));
      for (const claim of before) await this.#inTurn(() => this.#settle(claim));
    });
  }

  async #inTurn(work: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.then(work);
    await this.#turn;
  }

  async #settle(key: string): Promise<void> {
    const claim = this.#claims.get(key);
    if (claim === undefined) return;
    const finalizers = claim.metadata.finalizers ?? [];
    const isProtected = finalizers.includes(protection);
    if (claim.metadata.deletionTimestamp === undefined) {
      if (!isProtected) await this.#setFinalizers(claim, [...finalizers, protection]);
    } else if (isProtected && ![...this.#uses.values()].some((claims) => claims.includes(key))) {
      await this.#setFinalizers(claim, finalizers.filter((each) => each !== protection));
    }
  }

  async #setFinalizers(claim: PersistentVolumeClaim, finalizers: readonly string[]): Promise<void> {
    const { namespace, name } = keyOf(claim);
    const { uid, resourceVersion } = claim.metadata;
    try {
      await this.#options.client.patch(persistentVolumeClaimType, namespace, name, { metadata: { uid, resourceVersion, finalizers } }, this.#options.signal);
    } catch (error) {
      // A newer version is on its way, or the claim is gone.
      if (!isGone(error) && !(error instanceof KubeError && error.code === 'Invalid')) throw error;
    }
  }
}

function claimsOf(pod: Pod): readonly string[] {
  const volumes = (pod.spec?.['volumes'] ?? []) as readonly { readonly persistentVolumeClaim?: { readonly claimName: string } }[];
  return volumes.flatMap(({ persistentVolumeClaim: claim }) => (claim === undefined ? [] : [keyText({ namespace: pod.metadata.namespace ?? '', name: claim.claimName })]));
}
