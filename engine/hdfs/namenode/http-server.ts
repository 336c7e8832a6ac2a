/** HTTP ports of namenodes and datanodes: routes are mounted (health, administration, WebHDFS), limits are set. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { adminBodyBytesMax, type AdminRequest, type AdminResponse } from './admin-http.ts';

/** False: the path is none of its own. */
export type HttpRoute = (request: IncomingMessage, response: ServerResponse) => boolean;

export interface NameNodeHttpServer {
  readonly port: number;
  /** Idempotent. */
  close(): Promise<void>;
}

export interface HttpListen {
  readonly host: string;
  readonly port: number;
  /** Makes it HTTPS. PEM. */
  readonly tls?: { readonly cert: string; readonly key: string };
}

/** An upload may take as long as it takes (no limit for a request); its head may not. */
const limits = { maxHeaderSize: 65_536, keepAlive: true, noDelay: true, requestTimeout: 0, headersTimeout: 60_000, keepAliveTimeout: 30_000 };

/** Rejects when the port cannot be bound. */
export async function listenHttp(listen: HttpListen, routes: readonly HttpRoute[]): Promise<NameNodeHttpServer> {
  const answerAny = (request: IncomingMessage, response: ServerResponse): void => {
    if (routes.some((route) => route(request, response))) return;
    request.resume();
    send(response, { status: 404, body: { error: 'there is nothing here' } });
  };
  const server = listen.tls === undefined ? createServer(limits, answerAny) : createSecureServer({ ...limits, ...listen.tls }, answerAny);
  // Whoever asks before it sends is told by the route: a redirect spares it the sending.
  server.on('checkContinue', answerAny);
  server.maxConnections = 4096;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(listen.port, listen.host, resolve);
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : listen.port,
    close: async () => {
      if (!server.listening) return;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Mounts `adminHandler` for the paths given. */
export function adminRoute(paths: ReadonlySet<string>, handle: (request: AdminRequest) => Promise<AdminResponse | undefined>): HttpRoute {
  return (request, response) => {
    const [path = '', query] = (request.url ?? '').split('?', 2);
    if (!paths.has(path)) return false;
    void answer(request, response, path, new URLSearchParams(query), handle);
    return true;
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, path: string, query: URLSearchParams, handle: (request: AdminRequest) => Promise<AdminResponse | undefined>): Promise<void> {
  try {
    if (request.headers.expect?.toLowerCase() === '100-continue') response.writeContinue();
    const body = await readBody(request);
    if (body === undefined) return send(response, { status: 413, body: { error: `the body is longer than ${adminBodyBytesMax} bytes` } });
    const { authorization } = request.headers;
    const answered = await handle({ method: request.method ?? 'GET', path, query, authorization, body });
    return send(response, answered ?? { status: 404, body: { error: 'there is nothing here' } });
  } catch {
    // The caller has gone before it had sent all.
    response.destroy();
  }
}

/** Undefined when it is too long. */
async function readBody(request: IncomingMessage): Promise<Uint8Array | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > adminBodyBytesMax) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function send(response: ServerResponse, { status, body }: AdminResponse): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(body)}\n`);
}
