/** The driver's HTTP port: health, status, cancel. Paths and payloads are those of engine/contract.ts. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { httpPath, type DriverStatus } from '../../contract.ts';

export interface StatusServerOptions {
  readonly listen: { readonly host: string; readonly port: number };
  readonly secret: Uint8Array;
  /** Whether executors are accepted. */
  readonly ready: () => boolean;
  readonly status: () => DriverStatus;
  readonly cancel: () => void;
}

export interface StatusServer {
  readonly port: number;
  /** Idempotent. */
  close(): Promise<void>;
}

/** Rejects when the port cannot be bound. */
export async function createStatusServer(options: StatusServerOptions): Promise<StatusServer> {
  const secretDigest = digest(options.secret);
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 10_000, maxHeaderSize: 16_384 }, (request, response) => {
    // No request has a body that anyone reads.
    request.resume();
    answer(request, response, options, secretDigest);
  });
  server.maxConnections = 256;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.listen.port, options.listen.host, resolve);
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : options.listen.port,
    close: async () => {
      if (!server.listening) return;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

function answer(request: IncomingMessage, response: ServerResponse, options: StatusServerOptions, secretDigest: Buffer): void {
  const path = (request.url ?? '').split('?')[0];
  switch (path) {
    case httpPath.live:
      return send(response, 200, { live: true });
    case httpPath.ready:
      return send(response, options.ready() ? 200 : 503, { ready: options.ready() });
    case httpPath.status: case httpPath.cancel: {
      const method = path === httpPath.status ? 'GET' : 'POST';
      if (!isAuthorized(request, secretDigest)) return send(response, 401, { error: 'send `Authorization: Bearer <application secret>`' });
      if (request.method !== method) return send(response, 405, { error: `use ${method}` });
      if (path === httpPath.status) return send(response, 200, options.status());
      options.cancel();
      return send(response, 202, { cancelled: true });
    }
    default:
      return send(response, 404, { error: 'there is nothing here' });
  }
}

/** Compared by digest, in constant time. */
function isAuthorized(request: IncomingMessage, secretDigest: Buffer): boolean {
  const token = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  return timingSafeEqual(digest(Buffer.from(token ?? '')), secretDigest) && token !== undefined;
}

function digest(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(body)}\n`);
}
