/** Messages to the other members: sent once, in order, never waited for. What cannot be sent is lost, which the core can bear. */
import type { Clock } from '../core/clock.ts';
import type { Peer, Transport } from '../net/transport.ts';
import type { RaftMessage } from './raft-message.ts';
import type { MemberId } from './replicated-log.ts';

export interface PeerMailOptions {
  readonly members: readonly MemberId[];
  readonly transport: Transport;
  readonly clock: Clock;
}

/** Unanswered messages for one member; more are lost. */
const openMax = 64;
const redialMs = 200;

export class PeerMail {
  readonly #options: PeerMailOptions;
  readonly #signal: AbortSignal;
  readonly #peers = new Map<string, Promise<Peer>>();
  readonly #open = new Map<string, number>();
  readonly #failedAtMs = new Map<string, number>();

  constructor(options: PeerMailOptions, signal: AbortSignal) {
    this.#options = options;
    this.#signal = signal;
  }

  send(to: string, message: RaftMessage): void {
    const open = this.#open.get(to) ?? 0;
    if (open >= openMax || this.#signal.aborted) return;
    this.#open.set(to, open + 1);
    void this.request(to, 'quorum.message', message).catch(() => {}).finally(() => this.#open.set(to, (this.#open.get(to) ?? 1) - 1));
  }

  async request(to: string, method: string, body: unknown): Promise<unknown> {
    const peer = await this.#peer(to);
    return peer.request(method, body, this.#signal);
  }

  close(): void {
    for (const peer of this.#peers.values()) void peer.then((each) => each.close(), () => {});
    this.#peers.clear();
  }

  async #peer(to: string): Promise<Peer> {
    const known = this.#peers.get(to);
    if (known !== undefined) {
      const peer = await known;
      if (peer.open) return peer;
      if (this.#peers.get(to) === known) this.#peers.delete(to);
      else return this.#peer(to);
    }
    const { clock, members, transport } = this.#options;
    const address = members.find(({ id }) => id === to)?.address;
    if (address === undefined) throw new Error(`there is no member ${to}`);
    if (clock.nowMs() - (this.#failedAtMs.get(to) ?? -Infinity) < redialMs) throw new Error(`${to} could not be reached a moment ago`);
    const dialled = transport.dial(address, this.#signal);
    this.#peers.set(to, dialled);
    try {
      return await dialled;
    } catch (error) {
      if (this.#peers.get(to) === dialled) this.#peers.delete(to);
      this.#failedAtMs.set(to, clock.nowMs());
      throw error;
    }
  }
}
