/** HTTP for the kubelet and Prometheus: `/healthz`, `/readyz`, `/metrics`. Plain text, no secrets. */
import type { AddressInfo } from 'node:net';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';

/** Named, so that the answer says which one failed. */
export type HealthChecks = Readonly<Record<string, () => boolean>>;

export interface HealthServerOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** False for long: the kubelet restarts the process. For example queues that make no progress. */
  readonly live: HealthChecks;
  /** False: no traffic, and rollouts wait. For example caches that are not synced yet. */
  readonly ready: HealthChecks;
  readonly metrics: () => Promise<string>;
}

export interface HealthServer extends AsyncDisposable {
  readonly port: number;
  close(): Promise<void>;
}

/** Resolves once the server listens; rejects when it cannot. */
export async function startHealthServer(options: HealthServerOptions): Promise<HealthServer> {
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 10_000, maxHeaderSize: 8192 }, (request, response) => {
    void answer(options, request, response);
  });
  server.maxConnections = 64;
  const listening = Promise.withResolvers<void>();
  server.once('error', listening.reject);
  server.listen(options.port, options.host, () => listening.resolve());
  await listening.promise;
  const close = (): Promise<void> => closeServer(server);
  return { port: (server.address() as AddressInfo).port, close, [Symbol.asyncDispose]: close };
}

async function answer(options: HealthServerOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return send(response, 405, 'Only GET and HEAD.\n');
  switch ((request.url ?? '').split('?')[0]) {
    case '/healthz':
    case '/livez':
      return report(response, options.live);
    case '/readyz':
      return report(response, options.ready);
    case '/metrics':
      try {
        return send(response, 200, await options.metrics(), 'text/plain; version=0.0.4; charset=utf-8');
      } catch (error) {
        return send(response, 500, `Metrics cannot be collected: ${error instanceof Error ? error.message : String(error)}\n`);
      }
    default:
      return send(response, 404, 'Here are /healthz, /readyz and /metrics.\n');
  }
}

function report(response: ServerResponse, checks: HealthChecks): void {
  const results = Object.entries(checks).map(([name, holds]) => ({ name, holds: holds() }));
  const text = results.map(({ name, holds }) => `[${holds ? '+' : '-'}]${name} ${holds ? 'ok' : 'failed'}\n`).join('');
  send(response, results.every(({ holds }) => holds) ? 200 : 503, text || 'ok\n');
}

function send(response: ServerResponse, status: number, body: string, type = 'text/plain; charset=utf-8'): void {
  response.writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(body), 'X-Content-Type-Options': 'nosniff' });
  response.end(body);
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
