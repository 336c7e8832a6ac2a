/** A standby namenode passes what it is asked on to the active one, so that clients need to know only one address. */
import { Agent, request as send, type IncomingMessage, type ServerResponse } from 'node:http';
import type { LookupFunction } from 'node:net';
import type { Logger } from '../../core/logger.ts';
import { HdfsError } from '../hdfs-error.ts';
import { sendError, withoutSecrets } from './reply.ts';

export interface ForwardOptions {
  /** Host and port of the active namenode's HTTP, if one is known that is not this one. */
  readonly active: () => { readonly host: string; readonly port: number } | undefined;
  readonly lookup: LookupFunction | undefined;
  readonly logger: Logger;
}

/** Marks what was passed on once: two namenodes that each think the other is active must not send a request to and fro. */
const mark = 'x-headrace-forwarded';
const idleMs = 30_000;

export class Forwarder {
  readonly #options: ForwardOptions;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 256 });

  constructor(options: ForwardOptions) {
    this.#options = options;
  }

  /** False when there is nobody to pass it on to. */
  forward(request: IncomingMessage, response: ServerResponse): boolean {
    const active = this.#options.active();
    if (active === undefined || request.headers[mark] !== undefined) return false;
    const { lookup, logger } = this.#options;
    const { host: _, ...headers } = request.headers;
    const onward = send({
      host: active.host, port: active.port, method: request.method, path: request.url, headers: { ...headers, [mark]: '1' }, agent: this.#agent, timeout: idleMs,
      ...(lookup === undefined ? {} : { lookup }),
    });
    onward.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
      answer.on('error', () => response.destroy());
    });
    onward.on('continue', () => response.writeContinue());
    onward.on('timeout', () => onward.destroy(new Error(`no answer within ${idleMs} ms`)));
    onward.on('error', (error) => {
      logger.warn({ url: withoutSecrets(request.url ?? ''), active: active.host, reason: error.message }, 'a request could not be passed on to the active namenode');
      sendError(request, response, new HdfsError('StandbyException', 'Operation category READ is not supported in state standby. The active namenode does not answer.'), logger);
    });
    response.on('close', () => onward.destroy());
    request.pipe(onward);
    return true;
  }

  close(): void {
    this.#agent.destroy();
  }
}
