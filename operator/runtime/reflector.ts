/**
 * Keeps a `Cache` equal to what the API server has: a paged list, then watches, each resumed where
 * the one before ended; a new list only when the server no longer knows that place. Waits only after
 * failures, so a quiet hour leaves nobody deaf. After client-go's reflector.
 */
import type { KubeClient, KubeObject, ListOptions } from '../kube/client.ts';
import { KubeError } from '../kube/client.ts';
import type { Cache } from './cache.ts';
import type { Clock } from './clock.ts';
import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';

export interface ReflectorOptions<T extends KubeObject> {
  readonly client: KubeClient;
  readonly cache: Cache<T>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Objects per page of a list. Default 500. */
  readonly pageSize?: number;
  /** Watches last between this and twice as long, so that a server's watches do not all end at once. Default 300. */
  readonly watchSeconds?: number;
  /**
   * A watch that says nothing for this long is begun anew: the API server sends a bookmark about
   * once a minute, so its connection is probably dead. Default 180,000.
   */
  readonly silenceMs?: number;
}

/** client-go's: 800 ms doubled up to 30 s, each up to twice as long by chance. */
const backoffBaseMs = 800;
const backoffMaxMs = 30_000;
/** A watch that ends sooner, without an event, counts as a failure: else a broken proxy would be asked in a tight loop. */
const shortWatchMs = 1000;

export class Reflector<T extends KubeObject> {
  readonly #options: ReflectorOptions<T>;
  readonly #clock: Clock;
  readonly #logger: Logger;
  /** Where the next watch begins; undefined: list first. */
  #version: string | undefined;
  #failures = 0;

  constructor(options: ReflectorOptions<T>) {
    this.#options = options;
    this.#clock = options.clock;
    this.#logger = options.logger.child({ kind: options.cache.type.kind });
    options.metrics.observeCache(options.cache.type.kind, () => options.cache.size);
  }

  /** Runs until the signal aborts; then resolves. Survives every failure of the server. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        this.#version ??= await this.#list(signal);
        await this.#watch(this.#version, signal);
      } catch (error) {
        if (signal.aborted) return;
        await this.#recover(error, signal);
      }
    }
  }

  async #pause(ms: number, signal: AbortSignal): Promise<void> {
    try {
      await this.#clock.sleep(ms, signal);
    } catch {
      // Stopped while waiting: the loop sees it.
    }
  }

  async #recover(error: unknown, signal: AbortSignal): Promise<void> {
    const expired = error instanceof KubeError && error.code === 'Expired';
    this.#options.metrics.watchFailures.inc({ kind: this.#options.cache.type.kind, reason: error instanceof KubeError ? error.code : 'Other' });
    if (expired) this.#version = undefined;
    this.#failures += 1;
    if (expired && this.#failures === 1) {
      this.#logger.info({}, 'The place of the watch is too old; listing again');
      return;
    }
    const pauseMs = Math.min(backoffMaxMs, backoffBaseMs * 2 ** Math.min(this.#failures - 1, 10)) * (1 + this.#options.random());
    this.#logger.warn({ err: error, failures: this.#failures, pauseMs: Math.round(pauseMs) }, 'List or watch failed; trying again');
    await this.#pause(pauseMs, signal);
  }

  async #list(signal: AbortSignal): Promise<string> {
    const { cache, pageSize = 500 } = this.#options;
    try {
      return await this.#listPages(pageSize, signal);
    } catch (error) {
      if (!(error instanceof KubeError && error.code === 'Expired')) throw error;
      // The pages took longer than the server keeps their version: one answer with everything cannot expire.
      this.#logger.info({ cached: cache.size }, 'The paged list expired; listing in one piece');
      return await this.#listPages(undefined, signal);
    }
  }

  async #listPages(limit: number | undefined, signal: AbortSignal): Promise<string> {
    const { client, cache } = this.#options;
    const objects: T[] = [];
    let next: string | undefined;
    for (;;) {
      const options: ListOptions = { ...this.#scope(), ...(limit === undefined ? {} : { limit }), ...(next === undefined ? {} : { continue: next }) };
      const page = await client.list<T>(cache.type, options, signal);
      for (const object of page.items) objects.push(object);
      next = page.continue;
      if (next !== undefined) continue;
      cache.replace(objects);
      this.#logger.debug({ objects: objects.length }, 'Listed');
      return page.resourceVersion;
    }
  }

  /** Returns at the watch's ordinary end; `#version` is then where the next one begins. */
  async #watch(from: string, signal: AbortSignal): Promise<void> {
    const { client, cache, random, watchSeconds = 300 } = this.#options;
    const startedAt = this.#clock.monotonic();
    const watchdog = new Watchdog(this.#clock, this.#options.silenceMs ?? 180_000);
    const options = { ...this.#scope(), resourceVersion: from, timeoutSeconds: Math.round(watchSeconds * (1 + random())) };
    let events = 0;
    try {
      for await (const event of client.watch<T>(cache.type, options, AbortSignal.any([signal, watchdog.signal]))) {
        watchdog.heard();
        if (event.type === 'BOOKMARK') {
          // An API server may begin every watch with one, so a bookmark alone does not show that the watch works.
          this.#version = event.resourceVersion;
          continue;
        }
        events += 1;
        this.#failures = 0;
        if (event.type === 'DELETED') cache.remove(event.object);
        else cache.set(event.object);
        this.#version = event.object.metadata.resourceVersion ?? this.#version;
      }
    } catch (error) {
      if (signal.aborted || !watchdog.signal.aborted) throw error;
      this.#logger.info({ silenceMs: this.#options.silenceMs ?? 180_000 }, 'The watch is silent; beginning it anew');
      return;
    } finally {
      watchdog.close();
    }
    if (events === 0 && this.#clock.monotonic() - startedAt < shortWatchMs) {
      throw new KubeError('Unreachable', `The watch of ${cache.type.plural} ended at once and without an event.`, { status: 0 });
    }
    this.#failures = 0;
  }

  #scope(): { readonly namespace?: string; readonly labelSelector?: string } {
    const { namespace, labelSelector } = this.#options.cache;
    return { ...(namespace === undefined ? {} : { namespace }), ...(labelSelector === undefined ? {} : { labelSelector }) };
  }
}

/** Aborts `signal` when `heard` has not been called for `silenceMs`. One timer, however many events. */
class Watchdog {
  readonly #clock: Clock;
  readonly #silenceMs: number;
  readonly #abort = new AbortController();
  #heardAt: number;
  #cancel: () => void;

  constructor(clock: Clock, silenceMs: number) {
    this.#clock = clock;
    this.#silenceMs = silenceMs;
    this.#heardAt = clock.monotonic();
    this.#cancel = this.#arm(silenceMs);
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  heard(): void {
    this.#heardAt = this.#clock.monotonic();
  }

  close(): void {
    this.#cancel();
  }

  #arm(ms: number): () => void {
    return this.#clock.after(ms, () => {
      const leftMs = this.#heardAt + this.#silenceMs - this.#clock.monotonic();
      if (leftMs <= 0) this.#abort.abort(new Error(`Nothing heard for ${this.#silenceMs} ms.`));
      else this.#cancel = this.#arm(leftMs);
    });
  }
}
