/** Answers of a WebHDFS server, and errors in the form that Hadoop's clients rebuild their exceptions from. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from '../../core/logger.ts';
import { HdfsError } from '../hdfs-error.ts';
import { remoteException } from './json.ts';

export type Reply =
  | { readonly kind: 'json'; readonly body: object }
  | { readonly kind: 'empty' }
  /** `asJson`: the caller wants the place as an answer (`noredirect`). */
  | { readonly kind: 'redirect'; readonly location: string; readonly asJson: boolean };

export function sendReply(response: ServerResponse, reply: Reply): void {
  switch (reply.kind) {
    case 'json': return sendJson(response, 200, reply.body);
    case 'empty':
      response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': 0 });
      return void response.end();
    case 'redirect':
      if (reply.asJson) return sendJson(response, 200, { Location: reply.location });
      response.writeHead(307, { location: reply.location, 'content-type': 'application/octet-stream', 'content-length': 0 });
      return void response.end();
    default: return reply satisfies never;
  }
}

export function sendJson(response: ServerResponse, status: number, body: object): void {
  const bytes = Buffer.from(JSON.stringify(body));
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': bytes.length, 'cache-control': 'no-cache' });
  response.end(bytes);
}

/** What is no `HdfsError` is a fault of this server: it is logged, and the caller is told no more than that. */
export function sendError(request: IncomingMessage, response: ServerResponse, error: unknown, logger: Logger): void {
  request.resume();
  if (response.headersSent || response.destroyed) return void response.destroy();
  if (!(error instanceof HdfsError)) logger.error({ err: error, url: withoutSecrets(request.url ?? '') }, 'a WebHDFS request failed');
  const known = error instanceof HdfsError ? error : new HdfsError('RuntimeException', 'The server failed; its log says why.');
  const { status, body } = remoteException(known);
  return sendJson(response, status, body);
}

/** Tokens do not belong into logs. */
export function withoutSecrets(url: string): string {
  return url.replaceAll(/([?&](?:delegation|token)=)[^&]*/gi, '$1…');
}
