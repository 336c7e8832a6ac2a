/**
 * The first bytes of a file through the namenode: a browser outside the cluster reaches no datanode, and the browse page may ask its own origin only. The namenode
 * asks a datanode by WebHDFS on behalf of the caller and passes the answer on. Few at a time and short: data is not a namenode's business.
 */
import { Agent, request as send, type IncomingMessage, type ServerResponse } from 'node:http';
import type { LookupFunction } from 'node:net';
import type { Logger } from '../../core/logger.ts';
import type { Random } from '../../core/random.ts';
import type { ClientProtocol } from '../client-protocol.ts';
import { HdfsError } from '../hdfs-error.ts';
import type { HttpRoute } from '../namenode/http-server.ts';
import { callerOf } from './caller.ts';
import { dataLocation } from './redirect.ts';
import { sendError } from './reply.ts';
import { Parameters, webHdfsPrefix, webHdfsRequest } from './request.ts';

/** GET `/path?length=N` and WebHDFS's `user.name` or `delegation` → up to N bytes of the file, from its start. */
export const previewPrefix = '/headrace/v1/hdfs/preview';
export const previewBytesMax = 1 << 20;

const atOnceMax = 16;
const idleMs = 10_000;
/** A datanode that has just died is still known as live. */
const datanodesMax = 3;

export interface PreviewOptions {
  readonly client: ClientProtocol;
  readonly isActive: () => boolean;
  readonly forward: (request: IncomingMessage, response: ServerResponse) => boolean;
  readonly clusterName: string;
  readonly random: Random;
  readonly logger: Logger;
  /** Rejects when the datanode does not answer. */
  readonly get: DatanodeGet;
}

export type DatanodeGet = (location: string, signal: AbortSignal) => Promise<IncomingMessage>;

/** Of bytes that somebody else has written, and that a browser must take for nothing but bytes. */
const headers = {
  'x-content-type-options': 'nosniff', 'content-security-policy': "default-src 'none'; sandbox", 'content-disposition': 'attachment', 'referrer-policy': 'no-referrer', 'cache-control': 'no-store',
} as const;

export function previewRoute(options: PreviewOptions): HttpRoute {
  let atOnce = 0;
  return (request, response) => {
    if (!request.url?.startsWith(`${previewPrefix}/`)) return false;
    if (!options.isActive() && options.forward(request, response)) return true;
    request.resume();
    if (atOnce >= atOnceMax) {
      sendError(request, response, new HdfsError('RetriableException', `${atOnceMax} previews are being read from this namenode: try again`), options.logger);
      return true;
    }
    atOnce += 1;
    response.once('close', () => {
      atOnce -= 1;
    });
    void answer(options, request, response);
    return true;
  };
}

async function answer(options: PreviewOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const stop = new AbortController();
  response.on('close', () => stop.abort(new Error('the client has gone')));
  try {
    if (request.method !== 'GET') throw new HdfsError('IllegalArgumentException', 'a preview is read by GET');
    if (!options.isActive()) throw new HdfsError('StandbyException', 'Operation category READ is not supported in state standby. No active namenode is known.');
    const source = await open(options, request, stop.signal);
    const { 'content-type': type = 'application/octet-stream', 'content-length': length } = source.headers;
    response.writeHead(source.statusCode ?? 502, { ...headers, 'content-type': type, ...(length === undefined ? {} : { 'content-length': length }) });
    source.on('error', () => response.destroy());
    source.pipe(response);
  } catch (error) {
    if (stop.signal.aborted) response.destroy();
    else sendError(request, response, error, options.logger);
  }
}

/** From the first datanode that answers, be it by a refusal. Rejects with `HdfsError`. */
async function open({ client, clusterName, random, logger, get }: PreviewOptions, request: IncomingMessage, signal: AbortSignal): Promise<IncomingMessage> {
  const silent: string[] = [];
  for (;;) {
    const asked = webHdfsRequest({ method: 'GET', url: openUrl(request.url ?? '', silent), socket: request.socket });
    const caller = await callerOf(asked, client);
    const location = await dataLocation({ client, random, nameService: clusterName }, caller, asked, 'http');
    const { host } = new URL(location);
    try {
      return await get(location, signal);
    } catch (cause) {
      if (signal.aborted) throw cause;
      silent.push(host);
      const reason = cause instanceof Error ? cause.message : String(cause);
      logger.warn({ datanode: host, reason }, 'a datanode did not answer for a preview');
      if (silent.length === datanodesMax) throw new HdfsError('IOException', `None of the datanodes ${silent.join(', ')} answered: ${reason}`, cause);
    }
  }
}

/** WebHDFS's OPEN for it. Nothing of the query is passed on but who asks. */
function openUrl(url: string, silent: readonly string[]): string {
  const [path = '', query = ''] = url.split(/\?(.*)/s, 2);
  const parameters = new Parameters(new URLSearchParams(query));
  const open = new URLSearchParams({ op: 'OPEN', length: String(Math.min(parameters.number('length', 0) ?? previewBytesMax, previewBytesMax)) });
  for (const name of ['user.name', 'delegation', 'doas']) {
    const value = parameters.text(name);
    if (value !== undefined) open.set(name, value);
  }
  if (silent.length > 0) open.set('excludedatanodes', silent.join(','));
  return `${webHdfsPrefix}${path.slice(previewPrefix.length)}?${String(open)}`;
}

/** Over connections of its own. */
export class DatanodeReader {
  readonly #agent = new Agent({ keepAlive: false, maxSockets: atOnceMax });
  readonly #lookup: LookupFunction | undefined;

  constructor(lookup: LookupFunction | undefined) {
    this.#lookup = lookup;
  }

  readonly get: DatanodeGet = (location, signal) => new Promise((resolve, reject) => {
    const request = send(location, { agent: this.#agent, timeout: idleMs, signal, ...(this.#lookup === undefined ? {} : { lookup: this.#lookup }) }, resolve);
    request.on('timeout', () => request.destroy(new Error(`no answer within ${idleMs} ms`)));
    request.on('error', reject);
    request.end();
  });

  close(): void {
    this.#agent.destroy();
  }
}
