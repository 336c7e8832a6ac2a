/** A port for clients. */
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createSecureServer } from 'node:tls';
import type { Logger } from '../../core/logger.ts';
import type { Authentication } from './authentication.ts';
import { ClientConnection } from './client-connection.ts';
import type { Handlers } from './request-context.ts';

export interface ClientListenerOptions {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** PEM. */
  readonly tls: { readonly cert: string; readonly key: string } | undefined;
  /** For each connection one; undefined: nobody is asked who he is. */
  readonly authentication: (() => Authentication) | undefined;
  readonly handlers: Handlers;
  readonly requestBytesMax: number;
  readonly connectionsMax: number;
  readonly idleMs: number;
  readonly logger: Logger;
  readonly onBytes: (incoming: number, outgoing: number) => void;
}

export interface ClientListener {
  readonly port: number;
  readonly connections: number;
  close(): Promise<void>;
}

/** Rejects when the port cannot be bound. */
export async function listenForClients(options: ClientListenerOptions): Promise<ClientListener> {
  const open = new Set<ClientConnection>();
  const accept = (socket: Socket): void => {
    const { name, handlers, authentication, requestBytesMax, logger, onBytes, idleMs } = options;
    const connection = new ClientConnection({ socket, listener: name, handlers, authentication: authentication?.(), requestBytesMax, logger, onBytes });
    open.add(connection);
    socket.setTimeout(idleMs, () => socket.destroy());
    socket.on('close', () => open.delete(connection));
  };
  const server: Server = options.tls === undefined ? createServer(accept) : createSecureServer(options.tls, accept);
  server.maxConnections = options.connectionsMax;
  server.on('tlsClientError', (error) => options.logger.debug({ err: error }, 'a client did not come to terms about TLS'));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return open.size;
    },
    close: async () => {
      if (!server.listening) return;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const connection of open) connection.end();
      await closed;
    },
  };
}
