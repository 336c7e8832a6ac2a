/**
 * What can happen to an operator between itself and the API server, on demand: it dies at a given write, or calls fail
 * at random from a seed. For tests, over the embedded API server or any other client.
 */
import type {
  ApplyOptions, DeleteOptions, KubeClient, KubeObject, ListOptions, ObjectList, ResourceType, WatchEvent, WatchOptions,
} from '../kube/client.ts';
import { KubeError } from '../kube/client.ts';

export interface Call {
  readonly verb: 'get' | 'list' | 'watch' | 'create' | 'update' | 'updateStatus' | 'apply' | 'patch' | 'delete';
  readonly type: ResourceType;
  readonly write: boolean;
  /** `pods/default/flights-1-driver`, for messages. */
  readonly target: string;
}

/** Passes calls on, through `around`. */
abstract class InterceptedClient implements KubeClient {
  protected readonly inner: KubeClient;

  constructor(inner: KubeClient) {
    this.inner = inner;
  }

  protected abstract around<T>(call: Call, run: () => Promise<T>): Promise<T>;
  protected abstract aroundWatch<T extends KubeObject>(call: Call, events: AsyncIterable<WatchEvent<T>>): AsyncIterable<WatchEvent<T>>;

  get<T extends KubeObject>(type: ResourceType, namespace: string, name: string, signal: AbortSignal): Promise<T | undefined> {
    return this.around(callOf('get', type, namespace, name), () => this.inner.get<T>(type, namespace, name, signal));
  }

  list<T extends KubeObject>(type: ResourceType, options: ListOptions, signal: AbortSignal): Promise<ObjectList<T>> {
    return this.around(callOf('list', type, options.namespace ?? '', ''), () => this.inner.list<T>(type, options, signal));
  }

  watch<T extends KubeObject>(type: ResourceType, options: WatchOptions, signal: AbortSignal): AsyncIterable<WatchEvent<T>> {
    return this.aroundWatch(callOf('watch', type, options.namespace ?? '', ''), this.inner.watch<T>(type, options, signal));
  }

  create<T extends KubeObject>(type: ResourceType, object: T, signal: AbortSignal): Promise<T> {
    return this.around(callOn('create', type, object), () => this.inner.create(type, object, signal));
  }

  update<T extends KubeObject>(type: ResourceType, object: T, signal: AbortSignal): Promise<T> {
    return this.around(callOn('update', type, object), () => this.inner.update(type, object, signal));
  }

  updateStatus<T extends KubeObject>(type: ResourceType, object: T, signal: AbortSignal): Promise<T> {
    return this.around(callOn('updateStatus', type, object), () => this.inner.updateStatus(type, object, signal));
  }

  apply<T extends KubeObject>(type: ResourceType, object: T, options: ApplyOptions, signal: AbortSignal): Promise<T> {
    return this.around(callOn('apply', type, object), () => this.inner.apply(type, object, options, signal));
  }

  patch<T extends KubeObject>(type: ResourceType, namespace: string, name: string, patch: object, signal: AbortSignal): Promise<T> {
    return this.around(callOf('patch', type, namespace, name), () => this.inner.patch<T>(type, namespace, name, patch, signal));
  }

  delete(type: ResourceType, namespace: string, name: string, options: DeleteOptions, signal: AbortSignal): Promise<void> {
    return this.around(callOf('delete', type, namespace, name), () => this.inner.delete(type, namespace, name, options, signal));
  }
}

function callOf(verb: Call['verb'], type: ResourceType, namespace: string, name: string): Call {
  return { verb, type, write: !['get', 'list', 'watch'].includes(verb), target: [type.plural, namespace, name].filter((part) => part !== '').join('/') };
}

function callOn(verb: Call['verb'], type: ResourceType, object: KubeObject): Call {
  return callOf(verb, type, object.metadata.namespace ?? '', object.metadata.name);
}

/** The process that made the call is dead; nothing it does from here on has any effect. */
export class CrashError extends Error {
  override readonly name = 'CrashError';
  readonly code = 'CRASHED';
}

export interface CrashPoint {
  /** Which write, counted from 1. */
  readonly write: number;
  /** `before` it takes effect, or `after` it did and before its answer arrives. */
  readonly moment: 'before' | 'after';
}

/**
 * Kills its user at one write, and is dead from then on. `onCrash` is for the test to end what else belongs to the dead
 * process. Without a point it only counts.
 */
export class CrashingClient extends InterceptedClient {
  readonly #point: CrashPoint | undefined;
  readonly #onCrash: (call: Call) => void;
  readonly #counts: (call: Call) => boolean;
  readonly #written: Call[] = [];
  #dead = false;

  /** `counts`: which writes can be crash points (default all), so that best-effort ones (events) can be left out. */
  constructor(inner: KubeClient, point: CrashPoint | undefined, onCrash: (call: Call) => void, counts: (call: Call) => boolean = () => true) {
    super(inner);
    this.#point = point;
    this.#onCrash = onCrash;
    this.#counts = counts;
  }

  get crashed(): boolean {
    return this.#dead;
  }

  /** The writes so far that counted. */
  get written(): readonly Call[] {
    return this.#written;
  }

  protected override async around<T>(call: Call, run: () => Promise<T>): Promise<T> {
    this.#live();
    if (!call.write || !this.#counts(call)) {
      const answer = await run();
      this.#live();
      return answer;
    }
    this.#written.push(call);
    const here = this.#written.length === this.#point?.write;
    if (here && this.#point?.moment === 'before') this.#crash(call);
    // Even a write that failed was the last thing this process did.
    const answer = await run().catch((error: unknown) => {
      if (here) this.#crash(call);
      throw error;
    });
    if (here) this.#crash(call);
    this.#live();
    return answer;
  }

  protected override async *aroundWatch<T extends KubeObject>(_call: Call, events: AsyncIterable<WatchEvent<T>>): AsyncIterable<WatchEvent<T>> {
    this.#live();
    for await (const event of events) {
      this.#live();
      yield event;
    }
  }

  #live(): void {
    if (this.#dead) throw new CrashError('the operator has crashed');
  }

  #crash(call: Call): never {
    this.#dead = true;
    this.#onCrash(call);
    throw new CrashError(`crashed at ${call.verb} ${call.target}`);
  }
}

export interface FaultRates {
  /** Of all calls: refused with 429. */
  readonly tooManyRequests: number;
  /** Of all calls: refused with 500. */
  readonly internalError: number;
  /** Of writes: refused with 409, as if somebody else had written in between. */
  readonly conflict: number;
  /** Of writes: take effect, and the answer is lost. */
  readonly lostAnswer: number;
  /** Of watch events: the connection breaks before them. */
  readonly droppedWatch: number;
}

/** Fails calls at random. `random` yields numbers in [0, 1); the same sequence gives the same faults. */
export class FaultyClient extends InterceptedClient {
  readonly #random: () => number;
  readonly #rates: FaultRates;

  constructor(inner: KubeClient, random: () => number, rates: FaultRates) {
    super(inner);
    this.#random = random;
    this.#rates = rates;
  }

  protected override async around<T>(call: Call, run: () => Promise<T>): Promise<T> {
    const { tooManyRequests, internalError, conflict, lostAnswer } = this.#rates;
    const at = `${call.verb} ${call.target}`;
    if (this.#random() < tooManyRequests) throw new KubeError('TooManyRequests', `injected: too many requests at ${at}`, { status: 429, retryAfterMs: 1 });
    if (this.#random() < internalError) throw new KubeError('InternalError', `injected: internal error at ${at}`, { status: 500 });
    if (!call.write) return run();
    if (['update', 'updateStatus', 'patch'].includes(call.verb) && this.#random() < conflict) {
      throw new KubeError('Conflict', `injected: the object has been modified at ${at}`, { status: 409 });
    }
    const lost = this.#random() < lostAnswer;
    const answer = await run();
    if (lost) throw new KubeError('Unreachable', `injected: connection reset at ${at}`, { status: 0 });
    return answer;
  }

  protected override async *aroundWatch<T extends KubeObject>(call: Call, events: AsyncIterable<WatchEvent<T>>): AsyncIterable<WatchEvent<T>> {
    for await (const event of events) {
      if (this.#random() < this.#rates.droppedWatch) throw new KubeError('Unreachable', `injected: connection reset at ${call.verb} ${call.target}`, { status: 0 });
      yield event;
    }
  }
}

/** Numbers in [0, 1) that a seed (an unsigned 32-bit integer) fixes: mulberry32. Not for secrets. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
