/** Calls between parts of one process, with faults: for tests of datanodes. */
import { onAbort, abortReason } from '../../../core/abort.ts';
import { RpcError } from '../../../net/rpc-error.ts';
import type { Peer, RequestHandler, Transport, TransportListener } from '../../../net/transport.ts';

export interface TestCall {
  /** `host:port` of the callee. */
  readonly to: string;
  readonly method: string;
  readonly body: unknown;
}

/** What becomes of a call. `lost`: it is carried out and its answer is lost. `broken`: the connection breaks before. `silent`: nothing is ever heard. */
export type TestFault = 'none' | 'lost' | 'broken' | 'silent';

export class MemoryNetwork {
  readonly #hosts = new Map<string, Readonly<Record<string, RequestHandler>>>();
  fault: (call: TestCall) => TestFault = () => 'none';

  /** For one host; it listens on fixed ports. */
  transport(host: string): Transport {
    return {
      listen: async (port, handlers): Promise<TransportListener> => {
        const address = `${host}:${port}`;
        this.#hosts.set(address, handlers);
        return { port, close: async () => void this.#hosts.delete(address) };
      },
      dial: async (address): Promise<Peer> => {
        if (!this.#hosts.has(address)) throw new RpcError('Unreachable', `nobody listens at ${address}`);
        return { address, open: true, request: (method, body, signal) => this.#request(address, method, body, signal), close: () => {} };
      },
    };
  }

  async #request(to: string, method: string, body: unknown, signal: AbortSignal | undefined): Promise<unknown> {
    // As a socket does: what is sent is as it was when it was sent.
    const sent: unknown = structuredClone(body);
    const fault = this.fault({ to, method, body: sent });
    const handlers = this.#hosts.get(to);
    if (fault === 'broken' || handlers === undefined) throw new RpcError('Closed', `the connection with ${to} broke`);
    if (fault === 'silent') return aborted(signal);
    const handler = handlers[method];
    if (handler === undefined) throw new RpcError('Protocol', `there is no request '${method}'`);
    const answer = await handler(sent, { remote: 'test', signal: signal ?? new AbortController().signal }).catch((error: unknown) => {
      const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'Internal';
      throw new RpcError('Remote', error instanceof Error ? error.message : String(error), { remoteCode: code });
    });
    if (fault === 'lost') throw new RpcError('Closed', `the connection with ${to} broke`);
    return structuredClone(answer);
  }
}

function aborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    if (signal !== undefined) onAbort(signal, () => reject(abortReason(signal)));
  });
}
