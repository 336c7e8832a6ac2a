/** The framed, authenticated RPC as a `Transport`. */
import type { LookupFunction } from 'node:net';
import type { Clock } from '../core/clock.ts';
import type { Logger } from '../core/logger.ts';
import type { Random } from '../core/random.ts';
import { dialRpc } from './dial.ts';
import { listenRpc } from './listener.ts';
import { RpcError } from './rpc-error.ts';
import type { Peer, RequestHandler, Transport, TransportListener } from './transport.ts';

export interface RpcTransportOptions {
  readonly listenHost: string;
  /** All processes of a cluster share it. */
  readonly secret: Uint8Array;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Default: the operating system's. */
  readonly lookup?: LookupFunction;
}

export function rpcTransport(options: RpcTransportOptions): Transport {
  return {
    dial: (address, signal) => dial(options, address, signal),
    listen: (port, handlers) => listen(options, port, handlers),
  };
}

async function dial(options: RpcTransportOptions, address: string, signal: AbortSignal): Promise<Peer> {
  const colon = address.lastIndexOf(':');
  const port = Number(address.slice(colon + 1));
  if (colon <= 0 || !Number.isInteger(port)) throw new RpcError('Unreachable', `'${address}' is no host:port`);
  const { secret, clock, random, logger, lookup } = options;
  const connection = await dialRpc({
    host: address.slice(0, colon), port, secret, clock, random, logger, signal, handlers: {}, ...(lookup === undefined ? {} : { lookup }),
  });
  return {
    address,
    get open() {
      return connection.open;
    },
    request: (method, body, aborted) => connection.request(method, body, aborted),
    close: () => connection.close(),
  };
}

async function listen(options: RpcTransportOptions, port: number, handlers: Readonly<Record<string, RequestHandler>>): Promise<TransportListener> {
  const { secret, clock, random, logger, listenHost } = options;
  const requests = Object.fromEntries(Object.entries(handlers).map(([method, handler]) =>
    [method, (body: unknown, call: { readonly connection: { readonly remote: string }; readonly signal: AbortSignal }) =>
      handler(body, { remote: call.connection.remote, signal: call.signal })]));
  const listener = await listenRpc({ host: listenHost, port, secret, clock, random, logger, handlers: { requests } });
  return { port: listener.port, close: () => listener.close() };
}
