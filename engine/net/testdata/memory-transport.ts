/** Calls between hosts of one process, with hosts that can be cut off. For tests. */
import { RpcError } from '../rpc-error.ts';
import type { Peer, RequestHandler, Transport } from '../transport.ts';

export class MemoryNetwork {
  readonly #listeners = new Map<string, Readonly<Record<string, RequestHandler>>>();
  readonly #cut = new Set<string>();
  /** May delay, or throw to lose a call; `phase` says whether it is on its way there or back. */
  onCall: (call: { readonly from: string; readonly to: string; readonly method: string; readonly phase: 'there' | 'back' }) => Promise<void> = async () => {};

  cut(host: string): void {
    this.#cut.add(host);
  }

  heal(host: string): void {
    this.#cut.delete(host);
  }

  transport(host: string): Transport {
    return {
      dial: async (address) => {
        this.#check(host, address);
        return this.#peer(host, address);
      },
      listen: async (port, handlers) => {
        const address = `${host}:${port}`;
        this.#listeners.set(address, handlers);
        return { port, close: async () => void this.#listeners.delete(address) };
      },
    };
  }

  #check(from: string, address: string): Readonly<Record<string, RequestHandler>> {
    const listener = this.#listeners.get(address);
    const to = address.slice(0, address.lastIndexOf(':'));
    if (listener === undefined || this.#cut.has(from) || this.#cut.has(to)) throw new RpcError('Unreachable', `cannot connect to ${address}`);
    return listener;
  }

  #peer(from: string, address: string): Peer {
    let open = true;
    const isOpen = (): boolean => {
      try {
        return open && this.#check(from, address) !== undefined;
      } catch {
        return false;
      }
    };
    const to = address.slice(0, address.lastIndexOf(':'));
    return {
      address,
      get open() {
        return isOpen();
      },
      request: async (method, body, signal) => {
        signal?.throwIfAborted();
        const handler = this.#check(from, address)[method];
        if (handler === undefined) throw new RpcError('Protocol', `there is no request '${method}'`);
        await this.onCall({ from, to, method, phase: 'there' });
        let answer: unknown;
        try {
          answer = await handler(structuredClone(body), { remote: from, signal: signal ?? new AbortController().signal });
        } catch (error) {
          const code = error instanceof Error && 'code' in error ? String(error.code) : 'Internal';
          throw new RpcError('Remote', error instanceof Error ? error.message : String(error), { remoteCode: code });
        }
        await this.onCall({ from, to, method, phase: 'back' });
        this.#check(from, address);
        return structuredClone(answer);
      },
      close: () => {
        open = false;
      },
    };
  }
}
