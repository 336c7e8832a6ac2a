/**
 * Connections between simulated processes, as the framed RPC over TCP has them: messages of one direction arrive in order, each takes its time, a
 * connection whose path is cut goes silent and ends when it has been silent too long, and whatever was under way then may or may not have been carried out.
 */
import { abortReason, onAbort, throwIfAborted } from '../core/abort.ts';
import { RpcError } from '../net/rpc-error.ts';
import type { Peer, RequestHandler, Transport, TransportListener } from '../net/transport.ts';
import type { EventOwner, Simulation } from './simulation.ts';

export interface NetworkFaults {
  /** Of one message, uniform. */
  readonly delayMs: readonly [number, number];
  /** Chance that a message takes `slowMs` more. */
  readonly slow: number;
  readonly slowMs: number;
  /** Chance, for each message, that its connection carries nothing from it on: both ends learn of it later, each in its own time. */
  readonly loss: number;
  /** Chance, for each message, that its connection is reset, and both ends learn of it soon. */
  readonly reset: number;
  /** Chance that a request is carried out twice, as when a caller asks again. */
  readonly duplicate: (method: string) => number;
}

export const calmNetwork: NetworkFaults = { delayMs: [0.1, 2], slow: 0, slowMs: 0, loss: 0, reset: 0, duplicate: () => 0 };

/** A connection on which nothing was heard for so long ends, as with the framed RPC. */
const silenceMs = 15_000;
const dialTimeoutMs = 5000;

type Direction = 'there' | 'back';

interface Listening {
  readonly owner: EventOwner;
  readonly handlers: Readonly<Record<string, RequestHandler>>;
}

export class SimulatedNetwork {
  readonly simulation: Simulation;
  faults: NetworkFaults = calmNetwork;
  readonly #listeners = new Map<string, Listening>();
  readonly #connections = new Set<Connection>();
  /** `from>to`. */
  readonly #cuts = new Set<string>();
  #nextPort = 40_000;

  constructor(simulation: Simulation) {
    this.simulation = simulation;
  }

  transport(host: string, owner: EventOwner): Transport {
    return {
      dial: (address, signal) => this.#dial(host, owner, address, signal),
      listen: async (port, handlers): Promise<TransportListener> => {
        if (!owner.alive) return new Promise(() => {});
        const chosen = port === 0 ? this.#nextPort++ : port;
        const address = `${host}:${chosen}`;
        const before = this.#listeners.get(address);
        if (before?.owner.alive === true) throw new RpcError('Unreachable', `cannot listen on ${address}: it is taken`);
        const listening = { owner, handlers };
        this.#listeners.set(address, listening);
        return {
          port: chosen,
          close: async () => {
            if (this.#listeners.get(address) === listening) this.#listeners.delete(address);
            for (const each of this.#connections) if (each.address === address && each.server === owner) each.closeBy('server', 'the listener is closing');
          },
        };
      },
    };
  }

  /** What `from` sends no longer reaches `to`. */
  cut(from: string, to: string): void {
    this.simulation.tell(`cut ${from}>${to}`);
    this.#cuts.add(`${from}>${to}`);
  }

  /** All paths are whole again. */
  heal(): void {
    if (this.#cuts.size > 0) this.simulation.tell('heal');
    this.#cuts.clear();
    for (const each of this.#connections) each.resume();
  }

  isCut(from: string, to: string): boolean {
    return this.#cuts.has(`${from}>${to}`);
  }

  /** A process is gone; `silently`: nobody tells its peers. */
  ended(owner: EventOwner, silently: boolean): void {
    for (const [address, each] of this.#listeners) if (each.owner === owner) this.#listeners.delete(address);
    for (const each of this.#connections) if (each.client === owner || each.server === owner) each.break(silently ? silenceMs : 10);
  }

  delay(): number {
    const { delayMs: [low, high], slow, slowMs } = this.faults;
    const delay = this.simulation.between(low, high);
    return this.simulation.chance(slow) ? delay + this.simulation.between(0, slowMs) : delay;
  }

  forget(connection: Connection): void {
    this.#connections.delete(connection);
  }

  #dial(from: string, owner: EventOwner, address: string, signal: AbortSignal): Promise<Peer> {
    const { simulation } = this;
    const { promise, resolve, reject } = Promise.withResolvers<Peer>();
    throwIfAborted(signal);
    const to = address.slice(0, address.lastIndexOf(':'));
    const off = onAbort(signal, () => reject(abortReason(signal)));
    const refuse = (why: string, afterMs: number): void => void simulation.after(afterMs, () => {
      off();
      reject(new RpcError('Unreachable', `cannot connect to ${address}: ${why}`));
    }, owner);
    simulation.after(this.delay(), () => {
      if (this.isCut(from, to) || this.isCut(to, from)) return refuse('no answer', dialTimeoutMs);
      const listening = this.#listeners.get(address);
      if (listening === undefined || !listening.owner.alive) return refuse('nobody listens there', this.delay());
      const connection = new Connection(this, { from, to, address, client: owner, server: listening.owner, handlers: listening.handlers });
      this.#connections.add(connection);
      simulation.after(this.delay(), () => {
        off();
        if (signal.aborted) connection.closeBy('client', 'the call was cancelled');
        resolve(connection.peer);
      }, owner);
      return undefined;
    });
    return promise;
  }
}

interface ConnectionOptions {
  readonly from: string;
  readonly to: string;
  readonly address: string;
  readonly client: EventOwner;
  readonly server: EventOwner;
  readonly handlers: Readonly<Record<string, RequestHandler>>;
}

class Connection {
  readonly address: string;
  readonly client: EventOwner;
  readonly server: EventOwner;
  readonly peer: Peer;
  readonly #network: SimulatedNetwork;
  readonly #options: ConnectionOptions;
  readonly #waiting = new Map<number, { readonly resolve: (value: unknown) => void; readonly reject: (error: Error) => void }>();
  readonly #serving = new Map<number, AbortController>();
  /** Why an end is over; each end learns of it by itself. */
  readonly #closed: { client: RpcError | undefined; server: RpcError | undefined } = { client: undefined, server: undefined };
  /** When the last message of a direction arrives: none overtakes it. */
  readonly #lastMs = { there: 0, back: 0 };
  /** What a cut path keeps back. */
  readonly #held: Record<Direction, (() => void)[]> = { there: [], back: [] };
  #broken = false;
  #nextId = 1;

  constructor(network: SimulatedNetwork, options: ConnectionOptions) {
    this.#network = network;
    this.#options = options;
    this.address = options.address;
    this.client = options.client;
    this.server = options.server;
    const isOpen = (): boolean => this.#closed.client === undefined;
    this.peer = {
      address: options.address,
      get open() {
        return isOpen();
      },
      request: (method, body, signal) => this.#request(method, body, signal),
      close: () => this.closeBy('client', 'this side closed the connection'),
    };
  }

  closeBy(end: 'client' | 'server', why: string): void {
    if (this.#closed[end] !== undefined) return;
    this.#end(end, why);
    this.#send(end === 'client' ? 'there' : 'back', () => this.#end(end === 'client' ? 'server' : 'client', 'the other side closed the connection'));
  }

  /** Nothing passes any more; each end learns of it within the time. */
  break(withinMs: number): void {
    if (this.#broken) return;
    this.#broken = true;
    const { simulation } = this.#network;
    for (const end of ['client', 'server'] as const) {
      simulation.after(simulation.between(0, withinMs), () => this.#end(end, 'the connection broke'), end === 'client' ? this.client : this.server);
    }
    this.#network.forget(this);
  }

  /** The path may be whole again: what was kept back goes on its way. */
  resume(): void {
    for (const direction of ['there', 'back'] as const) {
      const held = this.#held[direction];
      this.#held[direction] = [];
      for (const deliver of held) this.#travel(direction, deliver);
    }
  }

  async #request(method: string, body: unknown, signal: AbortSignal | undefined): Promise<unknown> {
    throwIfAborted(signal);
    if (this.#closed.client !== undefined) throw this.#closed.client;
    const id = this.#nextId;
    this.#nextId += 1;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#waiting.set(id, { resolve, reject });
    const off = signal === undefined ? () => {} : onAbort(signal, () => {
      this.#send('there', () => this.#serving.get(id)?.abort());
      reject(abortReason(signal));
    });
    try {
      const sent = copyOf(body);
      const { simulation, faults } = this.#network;
      this.#send('there', () => void this.#serve(id, method, sent));
      if (simulation.chance(faults.duplicate(method))) this.#send('there', () => void this.#serve(-id, method, copyOf(sent)));
      return await promise;
    } finally {
      off();
      this.#waiting.delete(id);
    }
  }

  /** A repeated request has a negative id: nobody waits for its answer. */
  async #serve(id: number, method: string, body: unknown): Promise<void> {
    if (this.#closed.server !== undefined) return;
    const { from, to, handlers } = this.#options;
    this.#network.simulation.tell(`${from}>${to} ${method}${id < 0 ? ' again' : ''}`);
    const controller = new AbortController();
    this.#serving.set(id, controller);
    let answer: () => void;
    try {
      const handler = handlers[method];
      if (handler === undefined) throw new RpcError('Protocol', `there is no request '${method}'`);
      const value = copyOf(await handler(body, { remote: `${from}:0`, signal: controller.signal }));
      answer = () => this.#waiting.get(id)?.resolve(value);
    } catch (error) {
      const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'Internal';
      const failure = new RpcError('Remote', error instanceof Error ? error.message : String(error), { remoteCode: code });
      answer = () => this.#waiting.get(id)?.reject(failure);
    } finally {
      this.#serving.delete(id);
    }
    if (this.#closed.server === undefined && this.server.alive) this.#send('back', answer);
  }

  #send(direction: Direction, deliver: () => void): void {
    if (this.#broken) return;
    const { simulation, faults } = this.#network;
    if (simulation.chance(faults.loss)) this.break(silenceMs);
    else if (simulation.chance(faults.reset)) this.break(20);
    else this.#travel(direction, deliver);
  }

  #travel(direction: Direction, deliver: () => void): void {
    const { simulation } = this.#network;
    const { from, to } = this.#options;
    const owner = direction === 'there' ? this.server : this.client;
    const atMs = Math.max(this.#lastMs[direction], simulation.nowMs + this.#network.delay());
    this.#lastMs[direction] = atMs;
    simulation.after(atMs - simulation.nowMs, () => {
      if (this.#broken) return;
      const held = this.#held[direction];
      const cut = direction === 'there' ? this.#network.isCut(from, to) : this.#network.isCut(to, from);
      if (!cut && held.length === 0) deliver();
      else {
        if (held.length === 0) this.#watchSilence(direction);
        held.push(deliver);
      }
    }, owner);
  }

  #watchSilence(direction: Direction): void {
    const held = this.#held[direction];
    // A new list stands there once the path was whole.
    this.#network.simulation.after(silenceMs, () => {
      if (this.#held[direction] !== held) return;
      this.#end('client', 'nothing was heard for too long');
      this.#end('server', 'nothing was heard for too long');
    });
  }

  #end(end: 'client' | 'server', why: string): void {
    if (this.#closed[end] !== undefined) return;
    const reason = new RpcError('Closed', `${this.#options.from} and ${this.address}: ${why}`);
    this.#closed[end] = reason;
    if (end === 'client') for (const waiting of this.#waiting.values()) waiting.reject(reason);
    else for (const controller of this.#serving.values()) controller.abort(reason);
    if (this.#closed.client !== undefined && this.#closed.server !== undefined) {
      this.#broken = true;
      this.#network.forget(this);
    }
  }
}

/** As `structuredClone`, and quicker for what messages are made of. */
function copyOf(value: unknown): unknown {
  if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return value;
  if (Array.isArray(value)) return value.map(copyOf);
  if (value.constructor === Uint8Array || Buffer.isBuffer(value)) return Uint8Array.from(value as Uint8Array);
  if (value.constructor !== Object) return structuredClone(value);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, copyOf(each)]));
}
