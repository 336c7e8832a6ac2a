/** `HdfsFiles` over WebHDFS, by redirects as Hadoop's own client does them. */
import { once } from 'node:events';
import { Agent, request, type ClientRequest, type IncomingMessage } from 'node:http';
import type { LookupFunction } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { abortReason } from '../core/abort.ts';
import type { Clock } from '../core/clock.ts';
import type { HdfsFileBlock, HdfsFiles, HdfsFileStatus } from './hdfs-files.ts';

export interface WebHdfsOptions {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly clock: Clock;
  /** Names to addresses, where the machine's own resolver does not know them. */
  readonly lookup?: LookupFunction;
}

/** `code`: the name of Hadoop's exception, or `Unreachable` for a connection that failed. */
export class WebHdfsError extends Error {
  override readonly name = 'WebHdfsError';
  readonly code: string;

  constructor(code: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

const jsonBytesMax = 256 << 20;
/** A namenode may be handing over to another. */
const attemptsMax = 8;
const backoffMs = { first: 100, max: 3000 };
const idleTimeoutMs = 60_000;
const transient = new Set(['Unreachable', 'StandbyException', 'RetriableException', 'SafeModeException']);

const statusSchema = z.object({
  pathSuffix: z.string(), type: z.enum(['FILE', 'DIRECTORY', 'SYMLINK']), length: z.number(), modificationTime: z.number(), fileId: z.number().default(0), blockSize: z.number(),
}).transform((each): HdfsFileStatus => ({
  name: each.pathSuffix, kind: each.type === 'DIRECTORY' ? 'directory' : 'file', bytes: each.length, modifiedMs: each.modificationTime, fileId: each.fileId, blockBytes: each.blockSize,
}));
const locationSchema = z.object({
  offset: z.number(), length: z.number(), hosts: z.array(z.string()), topologyPaths: z.array(z.string()).default([]), machines: z.array(z.string()).optional(),
});
const errorSchema = z.object({ RemoteException: z.object({ exception: z.string(), message: z.string().nullish() }) });

export function webHdfsFiles(options: WebHdfsOptions): HdfsFiles {
  return new WebHdfsFiles(options);
}

type Method = 'GET' | 'PUT' | 'POST' | 'DELETE';

class WebHdfsFiles implements HdfsFiles {
  readonly #options: WebHdfsOptions;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 64, maxFreeSockets: 16 });

  constructor(options: WebHdfsOptions) {
    this.#options = options;
  }

  async status(path: string, signal: AbortSignal): Promise<HdfsFileStatus | undefined> {
    try {
      return z.object({ FileStatus: statusSchema }).parse(await this.#json('GET', path, { op: 'GETFILESTATUS' }, signal)).FileStatus;
    } catch (error) {
      if (error instanceof WebHdfsError && (error.code === 'FileNotFoundException' || error.code === 'ParentNotDirectoryException')) return undefined;
      // A file in the middle of the path: Hadoop says that it cannot be passed through.
      if (error instanceof WebHdfsError && error.code === 'AccessControlException' && /is not a directory/.test(error.message)) return undefined;
      throw error;
    }
  }

  async list(path: string, signal: AbortSignal): Promise<readonly HdfsFileStatus[]> {
    const found: HdfsFileStatus[] = [];
    const schema = z.object({ DirectoryListing: z.object({ partialListing: z.object({ FileStatuses: z.object({ FileStatus: z.array(statusSchema) }) }), remainingEntries: z.number() }) });
    for (let startAfter = '';;) {
      const { DirectoryListing: { partialListing, remainingEntries } } = schema.parse(await this.#json('GET', path, { op: 'LISTSTATUS_BATCH', startAfter }, signal));
      found.push(...partialListing.FileStatuses.FileStatus);
      const last = found.at(-1);
      if (remainingEntries === 0 || last === undefined) return found;
      startAfter = last.name;
    }
  }

  async *read(path: string, { offset, length }: { readonly offset: number; readonly length: number }, signal: AbortSignal): AsyncIterable<Uint8Array> {
    let done = 0;
    for (let attempt = 1; done < length; attempt += 1) {
      try {
        const wanted = length >= Number.MAX_SAFE_INTEGER ? {} : { length: String(length - done) };
        const response = await this.#follow('GET', path, { op: 'OPEN', offset: String(offset + done), ...wanted }, undefined, signal);
        for await (const chunk of response as AsyncIterable<Buffer>) {
          done += chunk.length;
          yield chunk;
        }
        return;
      } catch (error) {
        if (signal.aborted) throw abortReason(signal);
        // Past the end: nothing is there.
        if (error instanceof WebHdfsError && /out of the range|past EOF/i.test(error.message)) return;
        if (attempt >= attemptsMax || !(isTransient(error) || isBroken(error))) throw asWebHdfsError(error);
        await this.#pause(attempt, signal);
      }
    }
  }

  async create(path: string, chunks: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<void> {
    const response = await this.#follow('PUT', path, { op: 'CREATE', overwrite: 'true', createparent: 'false' }, chunks, signal);
    await drained(response);
  }

  async makeDirectory(path: string, signal: AbortSignal): Promise<void> {
    await this.#json('PUT', path, { op: 'MKDIRS' }, signal);
  }

  async rename(from: string, to: string, signal: AbortSignal): Promise<void> {
    await this.#json('PUT', from, { op: 'RENAME', destination: to, renameoptions: 'OVERWRITE' }, signal);
  }

  async remove(path: string, signal: AbortSignal): Promise<boolean> {
    return z.object({ boolean: z.boolean() }).parse(await this.#json('DELETE', path, { op: 'DELETE', recursive: 'true' }, signal)).boolean;
  }

  async blocks(path: string, signal: AbortSignal): Promise<readonly HdfsFileBlock[]> {
    const schema = z.object({ BlockLocations: z.object({ BlockLocation: z.array(locationSchema) }) });
    const { BlockLocations } = schema.parse(await this.#json('GET', path, { op: 'GETFILEBLOCKLOCATIONS' }, signal));
    return BlockLocations.BlockLocation.map(({ offset, length, hosts, topologyPaths, machines }) => ({
      offset, bytes: length, replicas: hosts.map((host, i) => ({ machine: machines?.[i] ?? host, rack: /^(\/.*)\/[^/]*$/.exec(topologyPaths[i] ?? '')?.[1] })),
    }));
  }

  async close(): Promise<void> {
    this.#agent.destroy();
  }

  async #json(method: Method, path: string, query: Readonly<Record<string, string>>, signal: AbortSignal): Promise<unknown> {
    for (let attempt = 1;; attempt += 1) {
      try {
        const response = await this.#ask(method, this.#url(path, query), undefined, signal);
        const text = await drained(response);
        return text === '' ? {} : JSON.parse(text) as unknown;
      } catch (error) {
        if (signal.aborted) throw abortReason(signal);
        if (attempt >= attemptsMax || !isTransient(error)) throw error;
        await this.#pause(attempt, signal);
      }
    }
  }

  /** Asks the namenode without a body, then the datanode that it names with it. */
  async #follow(method: Method, path: string, query: Readonly<Record<string, string>>, body: AsyncIterable<Uint8Array> | undefined, signal: AbortSignal): Promise<IncomingMessage> {
    for (let attempt = 1;; attempt += 1) {
      try {
        const first = await this.#ask(method, this.#url(path, query), undefined, signal);
        const { location } = first.headers;
        if (location === undefined) return first;
        await drained(first);
        return await this.#ask(method, new URL(location), body, signal);
      } catch (error) {
        if (signal.aborted) throw abortReason(signal);
        // A body cannot be sent twice: the attempt of the task is.
        if (attempt >= attemptsMax || !isTransient(error) || body !== undefined) throw error;
        await this.#pause(attempt, signal);
      }
    }
  }

  #url(path: string, query: Readonly<Record<string, string>>): URL {
    const { host, port, user } = this.#options;
    const url = new URL(`http://${host.includes(':') ? `[${host}]` : host}:${port}/webhdfs/v1${path.split('/').map(encodeURIComponent).join('/')}`);
    for (const [name, value] of Object.entries({ ...query, 'user.name': user })) url.searchParams.set(name, value);
    return url;
  }

  async #ask(method: Method, url: URL, body: AsyncIterable<Uint8Array> | undefined, signal: AbortSignal): Promise<IncomingMessage> {
    const { lookup } = this.#options;
    const asked = request(url, { method, agent: this.#agent, signal, timeout: idleTimeoutMs, ...(lookup === undefined ? {} : { lookup }), headers: body === undefined ? {} : { 'content-type': 'application/octet-stream' } });
    asked.on('timeout', () => asked.destroy(new Error(`no answer for ${idleTimeoutMs / 1000} s`)));
    const answered = once(asked, 'response') as Promise<[IncomingMessage]>;
    answered.catch(() => {});
    try {
      await send(asked, body);
      const [response] = await answered;
      if ((response.statusCode ?? 500) < 400) return response;
      throw await remoteError(response);
    } catch (cause) {
      if (signal.aborted) throw abortReason(signal);
      if (cause instanceof WebHdfsError) throw cause;
      // An answer may have come before the connection was reset under the body.
      throw new WebHdfsError('Unreachable', `${url.host} does not answer: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
    }
  }

  async #pause(attempt: number, signal: AbortSignal): Promise<void> {
    await this.#options.clock.sleep(Math.min(backoffMs.max, backoffMs.first * 2 ** (attempt - 1)), signal);
  }
}

async function send(asked: ClientRequest, body: AsyncIterable<Uint8Array> | undefined): Promise<void> {
  if (body === undefined) {
    asked.end();
    return;
  }
  await pipeline(Readable.from(body), asked);
}

async function drained(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > jsonBytesMax) throw new WebHdfsError('IOException', `an answer of more than ${jsonBytesMax} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

async function remoteError(response: IncomingMessage): Promise<WebHdfsError> {
  const text = await drained(response);
  try {
    const { RemoteException: { exception, message } } = errorSchema.parse(JSON.parse(text));
    return new WebHdfsError(exception, message ?? exception);
  } catch {
    return new WebHdfsError('IOException', `the answer was ${response.statusCode ?? 0} ${text.slice(0, 200)}`);
  }
}

const isTransient = (error: unknown): boolean => error instanceof WebHdfsError && transient.has(error.code);
/** A connection that ended in the middle of a body. */
const isBroken = (error: unknown): boolean => error instanceof Error && 'code' in error && /^(ECONNRESET|EPIPE|ECONNREFUSED|ETIMEDOUT|ERR_STREAM_PREMATURE_CLOSE)$/.test(String(error.code));
const asWebHdfsError = (error: unknown): unknown => (isBroken(error) ? new WebHdfsError('Unreachable', error instanceof Error ? error.message : String(error), error) : error);
