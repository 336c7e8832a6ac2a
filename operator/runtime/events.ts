/**
 * Events: what people read under "Events" of `kubectl describe`. They are told best effort and never
 * fail a reconcile.
 *
 * Written as core/v1, not events.k8s.io/v1: both are one storage, but `kubectl describe` prints
 * `Type Reason Age From Message`, taking "x5 over 10m" from core/v1's count, firstTimestamp and
 * lastTimestamp, which a series of events.k8s.io/v1 leaves empty.
 */
import { createHash } from 'node:crypto';
import type { KubeClient, KubeObject } from '../kube/client.ts';
import { KubeError } from '../kube/client.ts';
import type { KubeEvent } from '../kube/resource-types.ts';
import { eventType } from '../kube/resource-types.ts';
import type { Clock } from './clock.ts';
import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';

export interface EventInput {
  /** The object that the event stands under. */
  readonly regarding: KubeObject;
  readonly type: 'Normal' | 'Warning';
  /** UpperCamelCase, for machines: `DriverCreated`. */
  readonly reason: string;
  /** One sentence for people. Cut at 1,024 bytes, the API server's limit. */
  readonly message: string;
}

/** Never throws and never waits; events beyond the recorder's limits are dropped. */
export interface EventRecorder {
  record(event: EventInput): void;
}

export interface ApiEventRecorderOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Shown under "From": `headrace-operator`. */
  readonly component: string;
  /** This process, for whoever asks which replica it was. */
  readonly instance: string;
}

/** One event object: equal events within `seriesMs` of each other raise its count. */
interface Series {
  readonly id: string;
  event: KubeEvent;
  lastAt: number;
  /** Stored in the API server; from then on only patched. */
  stored: boolean;
}

/** client-go's: equal events further apart than this are told anew. */
const seriesMs = 10 * 60_000;
const seriesMax = 2000;
/** Events that wait to be written; more are dropped. */
const pendingMax = 1000;
/** client-go's spam filter: so many new events per object at once, and one more per five minutes. */
const burst = 25;
const refillMs = 5 * 60_000;
const messageBytesMax = 1024;
const writeTimeoutMs = 5000;
const writeAttempts = 3;

/** Writes events from a bounded queue, one at a time. `run` it for as long as events shall be written. */
export class ApiEventRecorder implements EventRecorder {
  readonly #options: ApiEventRecorderOptions;
  /** In order of last use. */
  readonly #series = new Map<string, Series>();
  readonly #pending = new Set<Series>();
  readonly #tokens = new Map<string, { left: number; at: number }>();
  #wake: () => void = () => undefined;

  constructor(options: ApiEventRecorderOptions) {
    this.#options = options;
  }

  record(input: EventInput): void {
    const now = this.#options.clock.now();
    const id = createHash('sha256')
      .update(JSON.stringify([input.regarding.kind, input.regarding.metadata.uid, input.regarding.metadata.namespace, input.regarding.metadata.name,
        input.type, input.reason, input.message]))
      .digest('hex');
    const known = this.#series.get(id);
    if (known === undefined && !this.#allow(input.regarding)) return this.#drop();
    const series = known !== undefined && now - known.lastAt < seriesMs ? again(known, now) : this.#begin(id, input, now);
    this.#series.delete(id);
    this.#series.set(id, series);
    this.#evict(this.#series, seriesMax);
    if (!this.#pending.has(series) && this.#pending.size >= pendingMax) return this.#drop();
    this.#pending.add(series);
    this.#wake();
  }

  /** Writes until the signal aborts, then what still waits, for at most five seconds; then resolves. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#writeAll(signal);
      if (this.#pending.size === 0) await this.#nextRecord(signal);
    }
    const last = new AbortController();
    const cancel = this.#options.clock.after(writeTimeoutMs, () => last.abort());
    await this.#writeAll(last.signal);
    cancel();
  }

  async #writeAll(signal: AbortSignal): Promise<void> {
    for (const series of this.#pending) {
      if (signal.aborted) return;
      this.#pending.delete(series);
      await this.#write(series, signal);
    }
  }

  async #write(series: Series, signal: AbortSignal): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.#send(series, signal);
        return;
      } catch (error) {
        if (error instanceof KubeError && error.code === 'NotFound' && series.stored) {
          // The event's time to live is over: write it anew.
          series.stored = false;
        } else if (signal.aborted || attempt === writeAttempts || !(error instanceof KubeError && error.retryable)) {
          this.#options.logger.debug({ err: error, reason: series.event.reason }, 'Event not written');
          return this.#drop();
        } else {
          await this.#options.clock.sleep(error.retryAfterMs ?? 1000 * attempt, signal).catch(() => undefined);
        }
      }
    }
  }

  async #send(series: Series, signal: AbortSignal): Promise<void> {
    const { client, clock } = this.#options;
    const limit = new AbortController();
    const cancel = clock.after(writeTimeoutMs, () => limit.abort(new KubeError('Unreachable', `No answer within ${writeTimeoutMs} ms`, { status: 0 })));
    const inner = AbortSignal.any([signal, limit.signal]);
    const { metadata, count, lastTimestamp } = series.event;
    try {
      if (series.stored) await client.patch(eventType, metadata.namespace ?? 'default', metadata.name, { count, lastTimestamp }, inner);
      else await client.create(eventType, series.event, inner);
      series.stored = true;
    } catch (error) {
      // An earlier attempt got through although its answer did not.
      if (error instanceof KubeError && error.code === 'AlreadyExists') series.stored = true;
      else throw error;
    } finally {
      cancel();
    }
  }

  #begin(id: string, input: EventInput, now: number): Series {
    const { regarding } = input;
    const { name, namespace, uid, resourceVersion } = regarding.metadata;
    const time = new Date(now).toISOString().replace(/\.\d+Z$/, 'Z');
    const suffix = `${now.toString(16)}${id.slice(0, 6)}`;
    const event: KubeEvent = {
      apiVersion: eventType.apiVersion,
      kind: eventType.kind,
      metadata: { name: `${name.slice(0, 252 - suffix.length)}.${suffix}`, namespace: namespace ?? 'default' },
      involvedObject: {
        apiVersion: regarding.apiVersion, kind: regarding.kind, name,
        ...(namespace === undefined ? {} : { namespace }), ...(uid === undefined ? {} : { uid }), ...(resourceVersion === undefined ? {} : { resourceVersion }),
      },
      type: input.type,
      reason: input.reason,
      message: cutBytes(input.message, messageBytesMax),
      source: { component: this.#options.component },
      reportingComponent: this.#options.component,
      reportingInstance: this.#options.instance,
      count: 1,
      firstTimestamp: time,
      lastTimestamp: time,
    };
    return { id, event, lastAt: now, stored: false };
  }

  /** Takes a token of the object's; false when it has none left. */
  #allow(regarding: KubeObject): boolean {
    const id = regarding.metadata.uid ?? `${regarding.metadata.namespace}/${regarding.metadata.name}`;
    const now = this.#options.clock.monotonic();
    const known = this.#tokens.get(id) ?? { left: burst, at: now };
    const left = Math.min(burst, known.left + (now - known.at) / refillMs);
    this.#tokens.delete(id);
    this.#tokens.set(id, { left: left < 1 ? left : left - 1, at: now });
    this.#evict(this.#tokens, seriesMax);
    return left >= 1;
  }

  #evict(map: Map<string, unknown>, max: number): void {
    const oldest = map.keys().next();
    if (map.size > max && oldest.done !== true) map.delete(oldest.value);
  }

  #drop(): void {
    this.#options.metrics.eventsDropped.inc();
  }

  #nextRecord(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        signal.removeEventListener('abort', done);
        this.#wake = () => undefined;
        resolve();
      };
      this.#wake = done;
      signal.addEventListener('abort', done, { once: true });
      if (signal.aborted) done();
    });
  }
}

function again(series: Series, now: number): Series {
  series.lastAt = now;
  series.event = { ...series.event, count: series.event.count + 1, lastTimestamp: new Date(now).toISOString().replace(/\.\d+Z$/, 'Z') };
  return series;
}

/** Cuts at a whole character and shows that something is missing. */
function cutBytes(text: string, max: number): string {
  if (Buffer.byteLength(text) <= max) return text;
  let cut = '';
  let bytes = Buffer.byteLength('…');
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > max) break;
    cut += character;
  }
  return `${cut}…`;
}
