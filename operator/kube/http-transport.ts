/** One HTTP request to the API server: credentials, time-outs, retries that the server asks for, errors with codes. */
import type { IncomingMessage, RequestOptions } from 'node:http';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { KubeErrorCode } from './client.ts';
import { KubeError } from './client.ts';
import type { Connection, Credentials } from './cluster-connection.ts';

export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
  readonly contentType?: string;
}

export interface TransportOptions {
  readonly connection: Connection;
  /** Waits between retries. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly userAgent: string;
  /** Time until the answer is complete; for streams, until its head is there. Default 30,000. */
  readonly timeoutMs?: number;
  /** Told of every answer, for metrics; `code` is the HTTP status or `<error>`. */
  readonly onAnswer?: (method: Call['method'], code: string) => void;
}

/** Answers beyond this are refused: lists are paged, so a page is far smaller. */
const responseBytesMax = 64 * 1024 * 1024;
/** Attempts of one call, the first included, when the server says `Retry-After`. */
const attemptsMax = 6;
const retryAfterMsMax = 30_000;

export class HttpTransport {
  readonly #options: TransportOptions;
  readonly #timeoutMs: number;

  constructor(options: TransportOptions) {
    this.#options = options;
    this.#timeoutMs = options.timeoutMs ?? 30_000;
  }

  /** The answer's JSON. Throws `KubeError`, or the signal's reason. */
  async json(call: Call, signal: AbortSignal): Promise<unknown> {
    return this.#withTimeout(call, signal, async (inner) => parseJson(call, await readAll(call, await this.#open(call, inner))));
  }

  /** The answer's body as it comes. Destroy it to end the request. Throws `KubeError`, or the signal's reason. */
  async stream(call: Call, signal: AbortSignal): Promise<IncomingMessage> {
    return this.#withTimeout(call, signal, (inner) => this.#open(call, inner, signal));
  }

  close(): void {
    this.#options.connection.close();
  }

  async #withTimeout<R>(call: Call, signal: AbortSignal, work: (inner: AbortSignal) => Promise<R>): Promise<R> {
    signal.throwIfAborted();
    const timeout = new AbortController();
    const timer = setTimeout(() => timeout.abort(), this.#timeoutMs);
    try {
      return await work(AbortSignal.any([signal, timeout.signal]));
    } catch (error) {
      signal.throwIfAborted();
      if (timeout.signal.aborted) throw new KubeError('Unreachable', `${describe(call)}: no answer within ${this.#timeoutMs} ms`, { status: 0, cause: error });
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Sends until there is an answer that is not a request to come back later; returns successful answers only. */
  async #open(call: Call, signal: AbortSignal, bodySignal: AbortSignal = signal): Promise<IncomingMessage> {
    let refreshed = false;
    for (let attempt = 1; ; attempt += 1) {
      const response = await this.#send(call, signal, bodySignal);
      const status = response.statusCode ?? 0;
      if (status >= 200 && status < 300) return response;
      const error = toKubeError(call, status, response.headers['retry-after'], await readAll(call, response));
      if (error.code === 'Unauthorized' && !refreshed) {
        refreshed = true;
        this.#options.connection.refresh();
      } else if (attempt < attemptsMax && error.retryAfterMs !== undefined && (status === 429 || status === 503)) {
        // The server has refused before doing anything, so sending again is safe for every method.
        await this.#options.sleep(Math.min(error.retryAfterMs, retryAfterMsMax), signal);
      } else {
        throw error;
      }
    }
  }

  async #send(call: Call, signal: AbortSignal, bodySignal: AbortSignal): Promise<IncomingMessage> {
    const credentials = await this.#options.connection.credentials().catch((cause: unknown) => {
      throw new KubeError('Unauthorized', `No credentials for the API server: ${messageOf(cause)}`, { status: 0, retryable: true, cause });
    });
    for (let attempt = 1; ; attempt += 1) {
      try {
        const response = await this.#exchange(call, credentials, signal, bodySignal);
        this.#options.onAnswer?.(call.method, String(response.statusCode));
        return response;
      } catch (cause) {
        signal.throwIfAborted();
        // A kept connection may have been closed while the request was on its way; reads are sent again.
        if (attempt === 1 && call.method === 'GET' && cause instanceof StaleConnection) continue;
        this.#options.onAnswer?.(call.method, '<error>');
        throw new KubeError('Unreachable', `${describe(call)}: ${messageOf(cause)}`, { status: 0, cause });
      }
    }
  }

  #exchange(call: Call, credentials: Credentials, signal: AbortSignal, bodySignal: AbortSignal): Promise<IncomingMessage> {
    const { server } = this.#options.connection;
    const payload = call.body === undefined ? undefined : JSON.stringify(call.body);
    const options: RequestOptions = {
      method: call.method,
      agent: credentials.agent,
      headers: {
        ...credentials.headers,
        Accept: 'application/json',
        'User-Agent': this.#options.userAgent,
        ...(payload === undefined ? {} : { 'Content-Type': call.contentType ?? 'application/json', 'Content-Length': Buffer.byteLength(payload) }),
      },
    };
    const send = server.protocol === 'http:' ? httpRequest : httpsRequest;
    return new Promise((resolve, reject) => {
      const request = send(urlOf(server, call), options);
      const onAbort = (): void => void request.destroy(toError(signal.aborted ? signal.reason : bodySignal.reason));
      signal.addEventListener('abort', onAbort, { once: true });
      if (bodySignal !== signal) bodySignal.addEventListener('abort', onAbort, { once: true });
      const release = (): void => {
        signal.removeEventListener('abort', onAbort);
        bodySignal.removeEventListener('abort', onAbort);
      };
      request.on('error', (error: NodeJS.ErrnoException) => {
        release();
        reject(request.reusedSocket && error.code === 'ECONNRESET' ? new StaleConnection(error.message, { cause: error }) : error);
      });
      request.on('response', (response) => {
        if (bodySignal !== signal) signal.removeEventListener('abort', onAbort);
        response.once('close', release);
        resolve(response);
      });
      if (signal.aborted) onAbort();
      request.end(payload);
    });
  }
}

class StaleConnection extends Error {}

function urlOf(server: URL, call: Call): URL {
  // A server behind a gateway may have a path of its own.
  const url = new URL(server.pathname.replace(/\/$/, '') + call.path, server);
  for (const [name, value] of Object.entries(call.query ?? {})) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  return url;
}

async function readAll(call: Call, response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > responseBytesMax) throw new RangeError(`the answer is larger than ${responseBytesMax} bytes`);
      chunks.push(chunk);
    }
  } catch (cause) {
    throw new KubeError('Unreachable', `${describe(call)}: ${messageOf(cause)}`, { status: 0, retryable: !(cause instanceof RangeError), cause });
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(call: Call, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new KubeError('Other', `${describe(call)}: the answer is no JSON`, { status: 200, retryable: false, cause });
  }
}

/** `Status`, the API server's error object, as far as it is read here. */
interface ServerStatus {
  readonly kind?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly code?: number;
  readonly details?: { readonly name?: string; readonly retryAfterSeconds?: number };
}

/** A refusal about a named object has that name here; one about the URL itself (no such type) has none. */
export class ServerRefusal extends KubeError {
  readonly objectName: string | undefined;

  constructor(code: KubeErrorCode, message: string, options: { status: number; retryAfterMs?: number; objectName: string | undefined }) {
    super(code, message, options);
    this.objectName = options.objectName;
  }
}

const codes: Readonly<Record<string, KubeErrorCode>> = {
  NotFound: 'NotFound', AlreadyExists: 'AlreadyExists', Conflict: 'Conflict', Expired: 'Expired', Gone: 'Expired', Invalid: 'Invalid',
  Forbidden: 'Forbidden', Unauthorized: 'Unauthorized', BadRequest: 'BadRequest', TooManyRequests: 'TooManyRequests',
  ServerTimeout: 'ServerTimeout', Timeout: 'ServerTimeout', InternalError: 'InternalError',
};

/** For answers without a reason: proxies and load balancers speak plain HTTP. */
const codesByStatus: Readonly<Record<number, KubeErrorCode>> = {
  400: 'BadRequest', 401: 'Unauthorized', 403: 'Forbidden', 404: 'NotFound', 409: 'Conflict', 410: 'Expired', 422: 'Invalid',
  429: 'TooManyRequests', 500: 'InternalError', 504: 'ServerTimeout',
};

export function toKubeError(call: Call, status: number, retryAfter: string | undefined, body: string): ServerRefusal {
  let parsed: ServerStatus = {};
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'Status') parsed = value as ServerStatus;
  } catch {
    // Not the API server's own words; the HTTP status says enough.
  }
  return statusError(call, parsed, status, retryAfter, body);
}

/** A `Status` object as an error; `status` is the HTTP status where the object has none. */
export function statusError(call: Call, parsed: ServerStatus, status: number, retryAfter?: string, body = ''): ServerRefusal {
  const http = status === 200 ? parsed.code ?? 500 : status;
  const seconds = retryAfter === undefined ? parsed.details?.retryAfterSeconds : Number(retryAfter);
  const message = parsed.message ?? (body.trim().slice(0, 500) || `HTTP ${http}`);
  return new ServerRefusal(codes[parsed.reason ?? ''] ?? codesByStatus[http] ?? 'Other', `${describe(call)}: ${message}`, {
    status: http,
    objectName: parsed.details?.name,
    ...(seconds !== undefined && Number.isFinite(seconds) && seconds >= 0 ? { retryAfterMs: seconds * 1000 } : {}),
  });
}

function describe(call: Call): string {
  return `${call.method} ${call.path}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error);
}

function toError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
