/**
 * Calls between processes behind an interface, so that servers run on real sockets and on a simulated network alike.
 * Implementations: `rpc-transport.ts` (the framed, authenticated RPC), `engine/sim/network.ts`; both pass `transport.contract.ts`.
 *
 * Bodies are plain values that a structured clone takes (records, arrays, numbers, bigint, strings, `Uint8Array`). The receiver checks their shape.
 * A body must not change before the call has settled.
 * A call that fails may still have been carried out: only an answer proves anything.
 */

/** Rejections become an `RpcError` Remote at the caller, with the error's `code` as `remoteCode`. */
export type RequestHandler = (body: unknown, caller: { readonly remote: string; readonly signal: AbortSignal }) => Promise<unknown>;

export interface Peer {
  readonly address: string;
  /** False once the connection has ended; dial again then. */
  readonly open: boolean;
  /** Rejects with `RpcError`, or with the signal's reason. */
  request(method: string, body: unknown, signal?: AbortSignal): Promise<unknown>;
  close(): void;
}

export interface TransportListener {
  readonly port: number;
  /** Stops listening and ends all connections. Idempotent. */
  close(): Promise<void>;
}

export interface Transport {
  /** `address` is `host:port`. Rejects with `RpcError` Unreachable, Unauthenticated or TimedOut, or with the signal's reason. */
  dial(address: string, signal: AbortSignal): Promise<Peer>;
  /** Port 0 takes a free one. */
  listen(port: number, handlers: Readonly<Record<string, RequestHandler>>): Promise<TransportListener>;
}
