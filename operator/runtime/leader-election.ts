/**
 * One operator at a time acts: election by a Lease, with client-go's algorithm and defaults
 * (https://pkg.go.dev/k8s.io/client-go/tools/leaderelection). A candidate judges a lease by how long
 * its own monotonic clock has seen it unchanged, so clocks of different machines never matter.
 *
 * Fencing: the leader's signal aborts when `renewDeadlineMs` have passed since the beginning of the
 * last renewal that succeeded, which is before the lease can be taken over (`leaseDurationMs`). A
 * process that was frozen may still have one request under way; attempts and resource versions in
 * its writes make that harmless.
 */
import type { KubeClient } from '../kube/client.ts';
import { KubeError } from '../kube/client.ts';
import type { Lease } from '../kube/resource-types.ts';
import { leaseType } from '../kube/resource-types.ts';
import type { Clock } from './clock.ts';
import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';

export interface LeaderElectionOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly namespace: string;
  readonly name: string;
  /** Unique per process, also across restarts in one pod. */
  readonly identity: string;
  /** Default 15,000. */
  readonly leaseDurationMs?: number;
  /** Default 10,000. */
  readonly renewDeadlineMs?: number;
  /** Default 2,000. */
  readonly retryPeriodMs?: number;
}

export type ElectionOutcome =
  /** The caller's signal aborted; the lease, if held, is released. */
  | { readonly kind: 'stopped' }
  /** The lease could not be renewed; the work was aborted. The process should end and start afresh. */
  | { readonly kind: 'lost' };

/** Jitter of the acquire loop, as client-go's JitterFactor. */
const jitter = 1.2;

export class LeaderElection {
  readonly #options: LeaderElectionOptions;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #leaseDurationMs: number;
  readonly #renewDeadlineMs: number;
  readonly #retryPeriodMs: number;
  #observed: { readonly lease: Lease; readonly at: number } | undefined;

  constructor(options: LeaderElectionOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.#logger = options.logger.child({ lease: `${options.namespace}/${options.name}`, identity: options.identity });
    this.#leaseDurationMs = options.leaseDurationMs ?? 15_000;
    this.#renewDeadlineMs = options.renewDeadlineMs ?? 10_000;
    this.#retryPeriodMs = options.retryPeriodMs ?? 2000;
    if (this.#leaseDurationMs <= this.#renewDeadlineMs || this.#renewDeadlineMs <= this.#retryPeriodMs * jitter) {
      throw new RangeError('Leader election needs leaseDurationMs > renewDeadlineMs > 1.2 × retryPeriodMs.');
    }
  }

  /**
   * Waits for the lease, then runs `lead` with a signal that aborts when the lease is lost or `signal`
   * aborts. Always waits for `lead` to end before it releases the lease. Throws what `lead` throws.
   */
  async run(lead: (signal: AbortSignal) => Promise<void>, signal: AbortSignal): Promise<ElectionOutcome> {
    const { metrics, name } = this.#options;
    metrics.leader.set({ name }, 0);
    const acquiredAt = await this.#acquire(signal);
    if (acquiredAt === undefined) return { kind: 'stopped' };
    metrics.leader.set({ name }, 1);
    this.#logger.info({}, 'Leading');
    const work = new AbortController();
    const renewing = new AbortController();
    const onStop = (): void => work.abort(signal.reason);
    signal.addEventListener('abort', onStop, { once: true });
    if (signal.aborted) onStop();
    const renewal = this.#renewUntilLost(acquiredAt, work, renewing.signal);
    try {
      await lead(work.signal);
    } catch (error) {
      if (!work.signal.aborted) throw error;
    } finally {
      signal.removeEventListener('abort', onStop);
      renewing.abort();
      await renewal;
      metrics.leader.set({ name }, 0);
      if (!(work.signal.reason instanceof LeaseLost)) await this.#release();
    }
    return { kind: work.signal.reason instanceof LeaseLost ? 'lost' : 'stopped' };
  }

  /** Returns when the successful attempt began, or undefined when stopped. */
  async #acquire(signal: AbortSignal): Promise<number | undefined> {
    while (!signal.aborted) {
      const startedAt = this.#clock.monotonic();
      if (await this.#attempt(signal)) return startedAt;
      const pauseMs = this.#retryPeriodMs * (1 + jitter * this.#options.random());
      await this.#clock.sleep(pauseMs, signal).catch(() => undefined);
    }
    return undefined;
  }

  /** Renews until `stop` aborts; aborts `work` with `LeaseLost` when the deadline passes first. */
  async #renewUntilLost(acquiredAt: number, work: AbortController, stop: AbortSignal): Promise<void> {
    let renewedAt = acquiredAt;
    while (!stop.aborted) {
      const deadline = new AbortController();
      const cancel = this.#clock.after(renewedAt + this.#renewDeadlineMs - this.#clock.monotonic(), () => {
        deadline.abort(new LeaseLost());
        work.abort(deadline.signal.reason);
      });
      const limit = AbortSignal.any([stop, deadline.signal]);
      try {
        await this.#clock.sleep(this.#retryPeriodMs, limit);
        const startedAt = this.#clock.monotonic();
        if (await this.#attempt(limit)) renewedAt = startedAt;
      } catch {
        // The sleep was cut short: the loop's condition and the check below say why.
      } finally {
        cancel();
      }
      if (deadline.signal.aborted) {
        this.#logger.error({ renewDeadlineMs: this.#renewDeadlineMs }, 'The lease could not be renewed in time; stopping all work');
        return;
      }
    }
  }

  /** Takes or renews the lease if that is allowed now. False on every failure; the caller tries again. */
  async #attempt(signal: AbortSignal): Promise<boolean> {
    try {
      return await this.#takeOrRenew(signal);
    } catch (error) {
      if (!signal.aborted) this.#logOutcome(error);
      return false;
    }
  }

  #logOutcome(error: unknown): void {
    const raced = error instanceof KubeError && (error.code === 'Conflict' || error.code === 'AlreadyExists');
    if (raced) this.#logger.debug({ err: error }, 'Another candidate was faster');
    else this.#logger.warn({ err: error }, 'Cannot take or renew the lease');
  }

  async #takeOrRenew(signal: AbortSignal): Promise<boolean> {
    const { client, namespace, name, identity } = this.#options;
    // A leader knows what it wrote; if that is stale, the Conflict makes the next attempt read.
    const known = this.#observed?.lease;
    if (known !== undefined && known.spec?.holderIdentity === identity) {
      this.#observed = undefined;
      return this.#write(this.#renewed(known), signal);
    }
    const live = await client.get<Lease>(leaseType, namespace, name, signal);
    if (live === undefined) {
      const lease: Lease = { apiVersion: leaseType.apiVersion, kind: leaseType.kind, metadata: { namespace, name }, spec: this.#spec(0, undefined) };
      this.#observe(await client.create(leaseType, lease, signal));
      return true;
    }
    if (live.metadata.resourceVersion !== this.#observed?.lease.metadata.resourceVersion) this.#observe(live);
    if (live.spec?.holderIdentity === identity) return this.#write(this.#renewed(live), signal);
    if (this.#isHeld(live)) return false;
    return this.#write({ ...live, spec: this.#spec((live.spec?.leaseTransitions ?? 0) + 1, undefined) }, signal);
  }

  #isHeld(lease: Lease): boolean {
    if ((lease.spec?.holderIdentity ?? '') === '') return false;
    const durationMs = (lease.spec?.leaseDurationSeconds ?? this.#leaseDurationMs / 1000) * 1000;
    return this.#clock.monotonic() < (this.#observed?.at ?? 0) + durationMs;
  }

  async #write(lease: Lease, signal: AbortSignal): Promise<boolean> {
    this.#observe(await this.#options.client.update(leaseType, lease, signal));
    return true;
  }

  #observe(lease: Lease): void {
    this.#observed = { lease, at: this.#clock.monotonic() };
  }

  #renewed(lease: Lease): Lease {
    return { ...lease, spec: this.#spec(lease.spec?.leaseTransitions ?? 0, lease.spec?.acquireTime) };
  }

  #spec(leaseTransitions: number, acquireTime: string | undefined): NonNullable<Lease['spec']> {
    const now = microTime(this.#clock.now());
    return {
      holderIdentity: this.#options.identity, leaseDurationSeconds: Math.ceil(this.#leaseDurationMs / 1000),
      acquireTime: acquireTime ?? now, renewTime: now, leaseTransitions,
    };
  }

  /** Lets the next candidate in at once. Best effort: without it the lease runs out by itself. */
  async #release(): Promise<void> {
    const lease = this.#observed?.lease;
    if (lease?.spec?.holderIdentity !== this.#options.identity) return;
    const limit = new AbortController();
    const cancel = this.#clock.after(this.#retryPeriodMs, () => limit.abort());
    try {
      await this.#options.client.update(leaseType, { ...lease, spec: { ...lease.spec, holderIdentity: '', leaseDurationSeconds: 1 } }, limit.signal);
      this.#logger.info({}, 'Released the lease');
    } catch (error) {
      this.#logger.warn({ err: error }, 'Cannot release the lease; it runs out by itself');
    } finally {
      cancel();
    }
  }
}

/** Reason of the leader's signal when the lease is lost. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';

  constructor() {
    super('This process no longer holds the lease.');
  }
}

/** Kubernetes' MicroTime. */
function microTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000Z');
}
