/** The calling side of the framed RPC. */
import { connect, type LookupFunction, type Socket } from 'node:net';
import { abortReason, onAbort } from '../core/abort.ts';
import type { Random } from '../core/random.ts';
import { Channel } from './channel.ts';
import { defaultRpcLimits, RpcConnection, type RpcOptions } from './connection.ts';
import { callerHandshake, handshakeNonceBytes, handshakePayloadBytesMax } from './handshake.ts';
import { RpcError } from './rpc-error.ts';
import { shakeHands } from './shake-hands.ts';

export interface DialOptions extends RpcOptions {
  readonly host: string;
  readonly port: number;
  /** Default: the operating system's. */
  readonly lookup?: LookupFunction;
  readonly random: Random;
  readonly signal: AbortSignal;
}

/** Rejects with `RpcError` Unreachable, Unauthenticated, TimedOut, or with the signal's reason. */
export async function dialRpc(options: DialOptions): Promise<RpcConnection> {
  const limits = { ...defaultRpcLimits, ...options.limits };
  const socket = await openSocket(options, limits.handshakeTimeoutMs);
  const channel = new Channel(socket, handshakePayloadBytesMax);
  let connection: RpcConnection | undefined;
  const off = onAbort(options.signal, () => channel.close(new RpcError('Closed', 'the call was cancelled')));
  try {
    await shakeHands(channel, callerHandshake(options.secret, options.random.bytes(handshakeNonceBytes)), options.clock, limits.handshakeTimeoutMs, () => {
      connection = new RpcConnection(channel, options);
    });
  } catch (error) {
    throw options.signal.aborted ? abortReason(options.signal) : error;
  } finally {
    off();
  }
  if (connection === undefined) throw new RpcError('Protocol', 'the handshake ended without a connection');
  return connection;
}

async function openSocket(options: DialOptions, timeoutMs: number): Promise<Socket> {
  const { host, port, signal } = options;
  if (signal.aborted) throw abortReason(signal);
  const socket = connect({ host, port, ...(options.lookup === undefined ? {} : { lookup: options.lookup }) });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const over = new AbortController();
  const off = onAbort(signal, () => reject(abortReason(signal)));
  const fail = (cause: Error): void => reject(new RpcError('Unreachable', `cannot connect to ${host}:${port}: ${cause.message}`, { cause }));
  socket.once('connect', resolve);
  socket.once('error', fail);
  void options.clock.sleep(timeoutMs, over.signal).then(() => fail(new Error(`no answer within ${timeoutMs} ms`)), () => {});
  try {
    await promise;
    return socket;
  } catch (error) {
    socket.once('error', () => {}); // an attempt given up may still fail
    socket.destroy();
    throw error;
  } finally {
    off();
    over.abort();
    socket.off('error', fail);
  }
}
