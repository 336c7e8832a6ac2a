/**
 * A network between simulated processes: every message takes its time, some are lost with their connection, some kinds come twice, hosts are cut off from
 * each other in one direction or both. Messages of one connection arrive in order, as over TCP; answers do not have to.
 */
import { onAbort } from '../core/abort.ts';
import { integerBelow, type Random } from '../core/random.ts';
import { RpcError } from '../net/rpc-error.ts';
import type { Peer, RequestHandler, Transport, TransportListener } from '../net/transport.ts';
import type { SimulatedClock } from './clock.ts';

export interface NetworkFaults {
  /** Shares of messages. */
  lost: number;
  repeated: number;
  slow: number;
}

interface Listening {
  readonly handlers: Readonly<Record<string, RequestHandler>>;
  readonly owner: SimulatedTransport;
}

const slowMs = 400;
/** As long as it takes to see that nothing comes back. */
const giveUpMs = 3000;

export class SimulatedNetwork {
  readonly clock: SimulatedClock;
  readonly random: Random;
  readonly faults: NetworkFaults = { lost: 0, repeated: 0, slow: 0 };
  /** Methods whose messages may come twice: those that nobody counts on. */
  readonly repeatable: ReadonlySet<string>;
  readonly listening = new Map<string, Listening>();
  readonly #cut = new Set<string>();

  constructor(clock: SimulatedClock, random: Random, repeatable: readonly string[] = []) {
    this.clock = clock;
    this.random = random;
    this.repeatable = new Set(repeatable);
  }

  cut(from: string, to: string): void {
    this.#cut.add(`${from}>${to}`);
  }

  heal(): void {
    this.#cut.clear();
  }

  passes(from: string, to: string): boolean {
    return !this.#cut.has(`${from}>${to}`);
  }

  delayMs(): number {
    const { random, faults } = this;
    return random.fraction() < faults.slow ? random.fraction() * slowMs : 0.1 + random.fraction() * 2;
  }

  transport(host: string): SimulatedTransport {
    return new SimulatedTransport(this, host);
  }
}

/** Of one process. When the process is dead nothing comes in or out of it. */
export class SimulatedTransport implements Transport {
  readonly network: SimulatedNetwork;
  readonly host: string;
  /** Connections of others to this process. */
  readonly incoming = new Set<SimulatedPeer>();
  #dead = false;

  constructor(network: SimulatedNetwork, host: string) {
    this.network = network;
    this.host = host;
  }

  get dead(): boolean {
    return this.#dead;
  }

  /** Whoever waits for an answer sees after a while that there will be none. */
  die(): void {
    this.#dead = true;
    for (const peer of this.incoming) void this.network.clock.sleep(this.network.delayMs()).then(() => peer.break());
  }

  async dial(address: string, signal: AbortSignal): Promise<Peer> {
    const { network, host } = this;
    const to = hostOf(address);
    await network.clock.sleep(network.delayMs(), signal);
    if (!network.passes(host, to) || !network.passes(to, host)) {
      await network.clock.sleep(giveUpMs, signal);
      throw new RpcError('Unreachable', `${address} does not answer`);
    }
    const listening = network.listening.get(address);
    if (this.dead || listening === undefined || listening.owner.dead) throw new RpcError('Unreachable', `nobody listens at ${address}`);
    const peer = new SimulatedPeer(this, address, listening);
    listening.owner.incoming.add(peer);
    return peer;
  }

  async listen(port: number, handlers: Readonly<Record<string, RequestHandler>>): Promise<TransportListener> {
    const address = `${this.host}:${port}`;
    const listening = { handlers, owner: this };
    this.network.listening.set(address, listening);
    return { port, close: async () => {
      if (this.network.listening.get(address) === listening) this.network.listening.delete(address);
    } };
  }
}

export class SimulatedPeer implements Peer {
  readonly address: string;
  readonly #from: SimulatedTransport;
  readonly #to: Listening;
  readonly #pending = new Set<(error: Error) => void>();
  #closed = false;
  /** When the last message has arrived: the next one does not overtake it. */
  #arrivesMs = 0;

  constructor(from: SimulatedTransport, address: string, to: Listening) {
    this.#from = from;
    this.address = address;
    this.#to = to;
  }

  get open(): boolean {
    return !this.#closed && !this.#to.owner.dead && this.#from.network.listening.get(this.address) === this.#to;
  }

  request(method: string, body: unknown, signal?: AbortSignal): Promise<unknown> {
    return new Promise((resolve, reject) => {
      let off = (): void => {};
      const fail = (error: Error): void => {
        off();
        this.#pending.delete(fail);
        if (!this.#from.dead) reject(error);
      };
      if (signal !== undefined) off = onAbort(signal, () => fail(signal.reason instanceof Error ? signal.reason : new RpcError('Closed', 'the call was cancelled')));
      if (signal?.aborted === true) return;
      if (!this.open) return fail(new RpcError('Closed', `the connection to ${this.address} has ended`));
      this.#pending.add(fail);
      void this.#exchange(method, structuredClone(body)).then((answer) => {
        off();
        if (this.#pending.delete(fail) && !this.#from.dead) resolve(answer);
      }, (error: unknown) => fail(error instanceof Error ? error : new Error(String(error))));
      return undefined;
    });
  }

  close(): void {
    this.#closed = true;
    this.#to.owner.incoming.delete(this);
    for (const fail of this.#pending) fail(new RpcError('Closed', `the connection to ${this.address} was closed`));
  }

  async #exchange(method: string, body: unknown): Promise<unknown> {
    const { network, host } = this.#from;
    const { clock, random, faults } = network;
    const to = hostOf(this.address);
    const handler = this.#to.handlers[method];
    if (handler === undefined) throw new RpcError('Protocol', `there is no request '${method}'`);
    this.#arrivesMs = Math.max(this.#arrivesMs, clock.nowMs() + network.delayMs());
    await clock.sleep(this.#arrivesMs - clock.nowMs());
    if (random.fraction() < faults.lost || !network.passes(host, to)) return this.#lose();
    if (this.#from.dead || this.#to.owner.dead) return this.#reset();
    const caller = { remote: host, signal: new AbortController().signal };
    if (network.repeatable.has(method) && random.fraction() < faults.repeated) {
      void clock.sleep(integerBelow(random, 200)).then(async () => (this.#to.owner.dead ? undefined : handler(structuredClone(body), caller))).catch(() => {});
    }
    const answer = await handler(body, caller).then((value) => ({ value: structuredClone(value) }), (error: unknown) => ({ error }));
    await clock.sleep(network.delayMs());
    if (random.fraction() < faults.lost || !network.passes(to, host)) return this.#lose();
    if (this.#to.owner.dead) return this.#reset();
    if ('error' in answer) {
      const { error } = answer;
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'Internal';
      throw new RpcError('Remote', error instanceof Error ? error.message : String(error), { remoteCode: code });
    }
    return answer.value;
  }

  /** Nothing comes any more over this connection, and after a while that is noticed. */
  async #lose(): Promise<never> {
    await this.#from.network.clock.sleep(giveUpMs);
    return this.#reset();
  }

  #reset(): never {
    this.break();
    throw new RpcError('Closed', `the connection to ${this.address} broke`);
  }

  break(): void {
    this.#closed = true;
    this.#to.owner.incoming.delete(this);
    for (const fail of this.#pending) fail(new RpcError('Closed', `the connection to ${this.address} broke`));
  }
}

const hostOf = (address: string): string => address.slice(0, address.lastIndexOf(':'));
