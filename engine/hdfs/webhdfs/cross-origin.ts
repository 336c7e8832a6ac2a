/** Pages of other origins may use WebHDFS, as Hadoop's datanodes allow it: no cookie is involved, so nobody's authority can be borrowed. */
import type { IncomingMessage, ServerResponse } from 'node:http';

export function allowOrigin(request: IncomingMessage, response: ServerResponse): void {
  if (request.headers.origin !== undefined) response.setHeader('access-control-allow-origin', '*');
}

export function isPreflight({ method }: IncomingMessage): boolean {
  return method === 'OPTIONS';
}

export function sendPreflight(request: IncomingMessage, response: ServerResponse): void {
  request.resume();
  response.writeHead(200, {
    'access-control-allow-headers': 'Accept, Content-Type', 'access-control-allow-methods': 'GET, POST, PUT, DELETE', 'access-control-max-age': '1728000', 'content-length': 0,
  });
  response.end();
}
