/**
 * A client of HDFS over WebHDFS, by redirects as Hadoop's own client does them. A namenode sends readers to a datanode on their own machine where there is
 * one. What may be repeated is repeated while a namenode hands over to another, or when a datanode is lost in the middle of a file.
 *
 * Every call rejects with `WebHdfsError`, or with the signal's reason. Paths are absolute.
 */
import { once } from 'node:events';
import { Agent, request, type ClientRequest, type IncomingMessage } from 'node:http';
import { Agent as SecureAgent, request as secureRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { abortReason } from '../../core/abort.ts';
import type { Clock } from '../../core/clock.ts';

export interface HdfsClientOptions {
  /** Default http. Certificates are checked as Node does: NODE_EXTRA_CA_CERTS names more authorities. */
  readonly scheme?: 'http' | 'https';
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly clock: Clock;
  /** Whether to wait a while for safe mode to end. Default true. */
  readonly waitForSafeMode?: boolean;
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

export interface HdfsStatus {
  /** Empty for the path itself, the name for a child of a listed directory. */
  readonly name: string;
  readonly kind: 'file' | 'directory';
  readonly bytes: number;
  readonly modifiedMs: number;
  readonly accessedMs: number;
  /** Of the inode: a file that was replaced has another one. */
  readonly fileId: number;
  readonly blockBytes: number;
  /** 0 for directories. */
  readonly replication: number;
  readonly owner: string;
  readonly group: string;
  /** Mode bits, with the sticky bit. */
  readonly permission: number;
}

export interface HdfsBlock {
  readonly offset: number;
  readonly bytes: number;
  readonly replicas: readonly { readonly machine: string; readonly rack: string | undefined }[];
}

export interface Replacing {
  readonly overwrite?: boolean;
}

export interface HdfsSummary {
  readonly directories: number;
  readonly files: number;
  readonly bytes: number;
  /** With all replicas. */
  readonly spaceBytes: number;
}

export interface HdfsChecksum {
  readonly algorithm: string;
  /** Hexadecimal. */
  readonly bytes: string;
}

/** A name leads nowhere else: whoever fetches a directory makes local files of these. */
const nameSchema = z.string().refine((name) => !name.includes('/') && name !== '.' && name !== '..', { error: 'is not the name of a child' });
const statusSchema = z.object({
  pathSuffix: nameSchema, type: z.enum(['FILE', 'DIRECTORY', 'SYMLINK']), length: z.number(), modificationTime: z.number(), accessTime: z.number().default(0), fileId: z.number().default(0),
  blockSize: z.number(), replication: z.number().default(0), owner: z.string().default(''), group: z.string().default(''), permission: z.string().regex(/^[0-7]{1,4}$/).default('0'),
}).transform((each): HdfsStatus => ({
  name: each.pathSuffix, kind: each.type === 'DIRECTORY' ? 'directory' : 'file', bytes: each.length, modifiedMs: each.modificationTime, accessedMs: each.accessTime, fileId: each.fileId,
  blockBytes: each.blockSize, replication: each.replication, owner: each.owner, group: each.group, permission: Number.parseInt(each.permission, 8),
}));
const locationSchema = z.object({
  offset: z.number(), length: z.number(), hosts: z.array(z.string()), topologyPaths: z.array(z.string()).default([]), machines: z.array(z.string()).optional(),
});
const anything = z.unknown();
const pathSchema = z.object({ Path: z.string() });
const errorSchema = z.object({ RemoteException: z.object({ exception: z.string(), message: z.string().nullish() }) });

type Method = 'GET' | 'PUT' | 'POST' | 'DELETE';

export class HdfsClient {
  readonly #options: HdfsClientOptions;
  readonly #agent: Agent;

  constructor(options: HdfsClientOptions) {
    this.#options = options;
    const settings = { keepAlive: true, maxSockets: 64, maxFreeSockets: 16 };
    this.#agent = options.scheme === 'https' ? new SecureAgent(settings) : new Agent(settings);
  }

  /** Undefined when nothing is there. */
  async status(path: string, signal: AbortSignal): Promise<HdfsStatus | undefined> {
    try {
      return (await this.#json('GET', path, { op: 'GETFILESTATUS' }, z.object({ FileStatus: statusSchema }), signal)).FileStatus;
    } catch (error) {
      if (error instanceof WebHdfsError && (error.code === 'FileNotFoundException' || error.code === 'ParentNotDirectoryException')) return undefined;
      // A file in the middle of the path: Hadoop says that it cannot be passed through.
      if (error instanceof WebHdfsError && error.code === 'AccessControlException' && /is not a directory/.test(error.message)) return undefined;
      throw error;
    }
  }

  /** Sorted by name. */
  async list(path: string, signal: AbortSignal): Promise<readonly HdfsStatus[]> {
    const found: HdfsStatus[] = [];
    const schema = z.object({ DirectoryListing: z.object({ partialListing: z.object({ FileStatuses: z.object({ FileStatus: z.array(statusSchema) }) }), remainingEntries: z.number() }) });
    for (let startAfter = '';;) {
      const { DirectoryListing: { partialListing, remainingEntries } } = await this.#json('GET', path, { op: 'LISTSTATUS_BATCH', startAfter }, schema, signal);
      found.push(...partialListing.FileStatuses.FileStatus);
      const last = found.at(-1);
      if (remainingEntries === 0 || last === undefined) return found;
      startAfter = last.name;
    }
  }

  /** Goes on with another replica when one fails in the middle. Nothing past the end. */
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
        if (attempt >= attemptsMax || !(this.#isTransient(error) || isBroken(error))) throw asWebHdfsError(error);
        await this.#pause(attempt, signal);
      }
    }
  }

  /**
   * Replaces a file, unless `overwrite` is false: then one that is there is refused. The parent directory must be there. Resolves when the file is closed.
   * What `chunks` throws is thrown as it is.
   */
  async create(path: string, chunks: AsyncIterable<Uint8Array>, signal: AbortSignal, { overwrite = true }: Replacing = {}): Promise<void> {
    await this.#send('PUT', path, { op: 'CREATE', overwrite: String(overwrite), createparent: 'false' }, chunks, signal);
  }

  async append(path: string, chunks: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<void> {
    await this.#send('POST', path, { op: 'APPEND' }, chunks, signal);
  }

  /** With its parents. `permission`: of all that is made; default: as the cluster has it. */
  async makeDirectory(path: string, signal: AbortSignal, permission?: number): Promise<void> {
    await this.#json('PUT', path, { op: 'MKDIRS', ...(permission === undefined ? {} : { permission: permission.toString(8) }) }, anything, signal);
  }

  /** Atomic; replaces a file, never a directory with something in it. With `overwrite` false, anything that is there is refused. */
  async rename(from: string, to: string, signal: AbortSignal, { overwrite = true }: Replacing = {}): Promise<void> {
    await this.#json('PUT', from, { op: 'RENAME', destination: to, renameoptions: overwrite ? 'OVERWRITE' : 'NONE' }, anything, signal);
  }

  /** Into a directory that is there, or to a name that is free. False when it cannot be. */
  async move(from: string, to: string, signal: AbortSignal): Promise<boolean> {
    return this.#boolean('PUT', from, { op: 'RENAME', destination: to }, signal);
  }

  /** False when nothing was there. Not recursive: a directory with something in it is refused. */
  async remove(path: string, signal: AbortSignal, recursive = true): Promise<boolean> {
    return this.#boolean('DELETE', path, { op: 'DELETE', recursive: String(recursive) }, signal);
  }

  /** False for a directory. */
  async setReplication(path: string, replication: number, signal: AbortSignal): Promise<boolean> {
    return this.#boolean('PUT', path, { op: 'SETREPLICATION', replication: String(replication) }, signal);
  }

  async setPermission(path: string, permission: number, signal: AbortSignal): Promise<void> {
    await this.#json('PUT', path, { op: 'SETPERMISSION', permission: permission.toString(8) }, anything, signal);
  }

  async setOwner(path: string, { owner, group }: { readonly owner?: string; readonly group?: string }, signal: AbortSignal): Promise<void> {
    await this.#json('PUT', path, { op: 'SETOWNER', ...(owner === undefined ? {} : { owner }), ...(group === undefined ? {} : { group }) }, anything, signal);
  }

  async summary(path: string, signal: AbortSignal): Promise<HdfsSummary> {
    const schema = z.object({ ContentSummary: z.object({ directoryCount: z.number(), fileCount: z.number(), length: z.number(), spaceConsumed: z.number() }) });
    const { ContentSummary: found } = await this.#json('GET', path, { op: 'GETCONTENTSUMMARY' }, schema, signal);
    return { directories: found.directoryCount, files: found.fileCount, bytes: found.length, spaceBytes: found.spaceConsumed };
  }

  async checksum(path: string, signal: AbortSignal): Promise<HdfsChecksum> {
    const schema = z.object({ FileChecksum: z.object({ algorithm: z.string(), bytes: z.string() }) });
    for (let attempt = 1;; attempt += 1) {
      try {
        return parsed(schema, await drained(await this.#follow('GET', path, { op: 'GETFILECHECKSUM' }, undefined, signal))).FileChecksum;
      } catch (error) {
        if (signal.aborted) throw abortReason(signal);
        if (attempt >= attemptsMax || !isBroken(error)) throw asWebHdfsError(error);
        await this.#pause(attempt, signal);
      }
    }
  }

  async capacity(signal: AbortSignal): Promise<{ readonly capacityBytes: number; readonly usedBytes: number; readonly remainingBytes: number }> {
    const schema = z.object({ FsStatus: z.object({ capacity: z.number(), used: z.number(), remaining: z.number() }) });
    const { FsStatus: { capacity, used, remaining } } = await this.#json('GET', '/', { op: 'GETSTATUS' }, schema, signal);
    return { capacityBytes: capacity, usedBytes: used, remainingBytes: remaining };
  }

  /** 0: deleted files do not go to the trash. */
  async trashIntervalMinutes(signal: AbortSignal): Promise<number> {
    const schema = z.object({ FsServerDefaults: z.object({ trashInterval: z.number() }) });
    return (await this.#json('GET', '/', { op: 'GETSERVERDEFAULTS' }, schema, signal)).FsServerDefaults.trashInterval;
  }

  /** Where what is deleted at `path` goes when there is a trash. */
  async trashRoot(path: string, signal: AbortSignal): Promise<string> {
    return (await this.#json('GET', path, { op: 'GETTRASHROOT' }, pathSchema, signal)).Path;
  }

  async homeDirectory(signal: AbortSignal): Promise<string> {
    return (await this.#json('GET', '/', { op: 'GETHOMEDIRECTORY' }, pathSchema, signal)).Path;
  }

  async blocks(path: string, signal: AbortSignal): Promise<readonly HdfsBlock[]> {
    const schema = z.object({ BlockLocations: z.object({ BlockLocation: z.array(locationSchema) }) });
    const { BlockLocations } = await this.#json('GET', path, { op: 'GETFILEBLOCKLOCATIONS' }, schema, signal);
    return BlockLocations.BlockLocation.map(({ offset, length, hosts, topologyPaths, machines }) => ({
      offset, bytes: length, replicas: hosts.map((host, i) => ({ machine: machines?.[i] ?? host, rack: /^(\/.*)\/[^/]*$/.exec(topologyPaths[i] ?? '')?.[1] })),
    }));
  }

  async close(): Promise<void> {
    this.#agent.destroy();
  }

  async #boolean(method: Method, path: string, query: Readonly<Record<string, string>>, signal: AbortSignal): Promise<boolean> {
    return (await this.#json(method, path, query, z.object({ boolean: z.boolean() }), signal)).boolean;
  }

  async #json<T>(method: Method, path: string, query: Readonly<Record<string, string>>, schema: z.ZodType<T>, signal: AbortSignal): Promise<T> {
    for (let attempt = 1;; attempt += 1) {
      try {
        return parsed(schema, await drained(await this.#ask(method, this.#url(path, query), undefined, signal)));
      } catch (cause) {
        if (signal.aborted) throw abortReason(signal);
        const error = asWebHdfsError(cause);
        if (attempt >= attemptsMax || !this.#isTransient(error)) throw error;
        await this.#pause(attempt, signal);
      }
    }
  }

  /** A body, and nothing in the answer. */
  async #send(method: Method, path: string, query: Readonly<Record<string, string>>, chunks: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<void> {
    const failed: { error?: unknown } = {};
    const watched = async function* (): AsyncGenerator<Uint8Array> {
      try {
        yield* chunks;
      } catch (error) {
        failed.error = error;
        throw error;
      }
    };
    try {
      await drained(await this.#follow(method, path, query, watched(), signal));
    } catch (error) {
      if (signal.aborted) throw abortReason(signal);
      // The connection was cut because there was no more to send: that is not the server's fault.
      throw failed.error ?? asWebHdfsError(error);
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
        if (attempt >= attemptsMax || !this.#isTransient(error) || body !== undefined) throw error;
        await this.#pause(attempt, signal);
      }
    }
  }

  #url(path: string, query: Readonly<Record<string, string>>): URL {
    const { host, port, user, scheme = 'http' } = this.#options;
    const url = new URL(`${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}/webhdfs/v1${path.split('/').map(encodeURIComponent).join('/')}`);
    for (const [name, value] of Object.entries({ ...query, 'user.name': user })) url.searchParams.set(name, value);
    return url;
  }

  async #ask(method: Method, url: URL, body: AsyncIterable<Uint8Array> | undefined, signal: AbortSignal): Promise<IncomingMessage> {
    const { lookup } = this.#options;
    const asked = (url.protocol === 'https:' ? secureRequest : request)(url, { method, agent: this.#agent, signal, timeout: idleTimeoutMs, ...(lookup === undefined ? {} : { lookup }), headers: body === undefined ? {} : { 'content-type': 'application/octet-stream' } });
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

  #isTransient(error: unknown): boolean {
    if (!(error instanceof WebHdfsError)) return false;
    return transient.has(error.code) && (error.code !== 'SafeModeException' || this.#options.waitForSafeMode !== false);
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

/** An empty answer counts as an empty object. */
function parsed<T>(schema: z.ZodType<T>, text: string): T {
  try {
    return schema.parse(text === '' ? {} : JSON.parse(text));
  } catch (cause) {
    throw new WebHdfsError('IOException', `the answer is not one of WebHDFS: ${text.replaceAll(/\s+/g, ' ').slice(0, 100)}`, cause);
  }
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

/** A connection that ended in the middle of a body. */
const isBroken = (error: unknown): boolean => error instanceof Error && 'code' in error && /^(ECONNRESET|EPIPE|ECONNREFUSED|ETIMEDOUT|ERR_STREAM_PREMATURE_CLOSE)$/.test(String(error.code));
const asWebHdfsError = (error: unknown): unknown => (isBroken(error) ? new WebHdfsError('Unreachable', error instanceof Error ? error.message : String(error), error) : error);
