/** The listening side of the framed RPC. */
import { createServer, type Server, type Socket } from 'node:net';
import type { Random } from '../core/random.ts';
import { Channel } from './channel.ts';
import { shakeHands } from './shake-hands.ts';
import { defaultRpcLimits, RpcConnection, type RpcOptions } from './connection.ts';
import { handshakeNonceBytes, handshakePayloadBytesMax, listenerHandshake } from './handshake.ts';
import { RpcError } from './rpc-error.ts';

export interface ListenOptions extends RpcOptions {
  /** Port 0 takes a free one. */
  readonly host: string;
  readonly port: number;
  readonly random: Random;
  /** Called for each peer that has proved itself. */
  readonly onConnection?: (connection: RpcConnection) => void;
}

/** Strangers at the door at the same time; more are turned away at once. */
const handshakesMax = 256;
const connectionsMax = 4096;

export interface RpcListener {
  readonly host: string;
  readonly port: number;
  /** Stops listening and closes all connections. Idempotent. */
  close(): Promise<void>;
}

/** Rejects when the address cannot be bound. */
export async function listenRpc(options: ListenOptions): Promise<RpcListener> {
  const connections = new Set<RpcConnection>();
  const strangers = new Set<Channel>();
  const server = createServer((socket) => void receive(socket));

  async function receive(socket: Socket): Promise<void> {
    const channel = new Channel(socket, handshakePayloadBytesMax);
    if (strangers.size >= handshakesMax || connections.size >= connectionsMax) {
      options.logger.warn({ remote: channel.remote }, 'connection turned away: too many are open');
      return channel.close(new RpcError('Overloaded', 'too many connections'));
    }
    strangers.add(channel);
    try {
      const limits = { ...defaultRpcLimits, ...options.limits };
      await shakeHands(channel, listenerHandshake(options.secret, options.random.bytes(handshakeNonceBytes)), options.clock, limits.handshakeTimeoutMs, () => {
        const connection = new RpcConnection(channel, options);
        connections.add(connection);
        void connection.closed.then(() => connections.delete(connection));
        options.onConnection?.(connection);
      });
    } catch (error) {
      options.logger.warn({ remote: channel.remote, reason: error instanceof Error ? error.message : String(error) }, 'connection refused');
    } finally {
      strangers.delete(channel);
    }
    return undefined;
  }

  const port = await listen(server, options);
  return {
    host: options.host,
    port,
    close: async () => {
      const reason = new RpcError('Closed', 'the listener is closing');
      for (const channel of strangers) channel.close(reason);
      for (const connection of connections) connection.close(reason.message);
      if (!server.listening) return;
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

async function listen(server: Server, options: ListenOptions): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(new RpcError('Unreachable', `cannot listen on ${options.host}:${options.port}: ${cause.message}`, { cause })));
    server.listen({ host: options.host, port: options.port }, resolve);
  });
  server.on('error', (error) => options.logger.error({ err: error }, 'the listener failed'));
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : options.port;
}
