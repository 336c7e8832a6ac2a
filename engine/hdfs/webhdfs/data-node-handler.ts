/** WebHDFS on a datanode: the operations that carry data. The datanode reads and writes as a client of HDFS does, on behalf of its caller. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from '../../core/logger.ts';
import type { Random } from '../../core/random.ts';
import { readFile } from '../datanode/block-reader.ts';
import { writeFile } from '../datanode/block-writer.ts';
import type { DataAccess } from '../datanode/data-access.ts';
import { fileChecksum } from '../datanode/file-checksum.ts';
import { HdfsError } from '../hdfs-error.ts';
import type { Caller } from '../model.ts';
import type { HttpRoute } from '../namenode/http-server.ts';
import { callerOf } from './caller.ts';
import { allowOrigin, isPreflight, sendPreflight } from './cross-origin.ts';
import { sendError, sendJson } from './reply.ts';
import { isWebHdfs, refuseAbsent, unknownOperation, webHdfsRequest, type WebHdfsRequest } from './request.ts';

export interface DataNodeWebHdfs {
  /** Undefined until the disks have been read. */
  readonly access: () => DataAccess | undefined;
  /** Shown in the Location of a created file. */
  readonly host: string;
  readonly port: number;
  readonly random: Random;
  readonly logger: Logger;
}

interface Exchange {
  readonly options: DataNodeWebHdfs;
  readonly access: DataAccess;
  readonly caller: Caller;
  readonly request: WebHdfsRequest;
  readonly incoming: IncomingMessage;
  readonly response: ServerResponse;
  /** Aborts when the client has gone. */
  readonly signal: AbortSignal;
}

export function dataNodeWebHdfs(options: DataNodeWebHdfs): HttpRoute {
  return (incoming, response) => {
    if (!isWebHdfs(incoming.url ?? '')) return false;
    allowOrigin(incoming, response);
    if (isPreflight(incoming)) sendPreflight(incoming, response);
    else void answer(options, incoming, response);
    return true;
  };
}

async function answer(options: DataNodeWebHdfs, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const stop = new AbortController();
  response.on('close', () => stop.abort(new Error('the client has gone')));
  try {
    const access = options.access();
    if (access === undefined) throw new HdfsError('RetriableException', 'The datanode is still reading its disks.');
    const request = webHdfsRequest(incoming);
    refuseAbsent(request);
    const operation = operations[`${request.method} ${request.operation}`];
    if (operation === undefined) throw unknownOperation(request);
    const caller = await callerOf(request, access.client);
    await operation({ options, access, caller, request, incoming, response, signal: stop.signal });
  } catch (error) {
    // Whoever has gone is not told, and need not be written of.
    if (stop.signal.aborted || incoming.errored !== null) response.destroy();
    else sendError(incoming, response, error, options.logger);
  }
}

const operations: Readonly<Record<string, (exchange: Exchange) => Promise<void>>> = {
  'PUT CREATE': create,
  'POST APPEND': append,
  'GET OPEN': open,
  'GET GETFILECHECKSUM': checksum,
};

async function create({ options, access, caller, request, incoming, response, signal }: Exchange): Promise<void> {
  const { parameters, path } = request;
  const flags = parameters.list('createflag').map((flag) => flag.toUpperCase());
  const strange = flags.find((flag) => !['CREATE', 'OVERWRITE', 'SYNC_BLOCK'].includes(flag));
  if (strange !== undefined) throw new HdfsError('UnsupportedOperationException', `createflag ${strange} is not supported`);
  const settings = {
    permission: parameters.permission('permission') ?? 0o644, overwrite: parameters.boolean('overwrite', false) || flags.includes('OVERWRITE'),
    createParent: parameters.boolean('createparent', true), replication: parameters.number('replication', 1), blockBytes: parameters.number('blocksize', 1),
  };
  proceed(incoming, response);
  await writeFile(access, { caller, path, client: writerName(options.random), create: settings }, bodyOf(incoming), signal);
  const place = path.split('/').map(encodeURIComponent).join('/');
  response.writeHead(201, { location: `webhdfs://${options.host}:${options.port}${place}`, 'content-length': 0 });
  response.end();
}

async function append({ options, access, caller, request, incoming, response, signal }: Exchange): Promise<void> {
  proceed(incoming, response);
  await writeFile(access, { caller, path: request.path, client: writerName(options.random) }, bodyOf(incoming), signal);
  response.writeHead(200, { 'content-length': 0 });
  response.end();
}

async function open({ access, caller, request, incoming, response, signal }: Exchange): Promise<void> {
  const { parameters, path } = request;
  incoming.resume();
  const offset = parameters.number('offset', 0) ?? 0;
  const wanted = parameters.number('length', 0);
  const { fileBytes, underConstruction } = await access.client.getBlockLocations(caller, path, offset, 1);
  if (offset > fileBytes && !underConstruction) throw new HdfsError('IOException', `Offset=${offset} out of the range [0, ${fileBytes}); OPEN, path=${path}`);
  const length = Math.min(wanted ?? Number.MAX_SAFE_INTEGER, Math.max(0, fileBytes - offset));
  // How much of a file that is being written can be read shows only when it is read.
  const known = underConstruction ? {} : { 'content-length': length };
  const source = readFile(access, { caller, path, offset, length: underConstruction ? wanted : length }, signal);
  // The first piece before the head: what cannot be read at all is an error and not a broken answer.
  const first = await source.next();
  response.writeHead(200, { 'content-type': 'application/octet-stream', ...known });
  let sent = 0;
  for (let piece = first; piece.done !== true; piece = await source.next()) {
    sent += piece.value.length;
    await written(response, piece.value, signal);
  }
  if (!underConstruction && sent < length) throw new HdfsError('IOException', `${path} ended after ${offset + sent} of ${offset + length} bytes`);
  response.end();
}

async function checksum({ access, caller, request, incoming, response }: Exchange): Promise<void> {
  incoming.resume();
  const { algorithm, bytes } = await fileChecksum(access, caller, request.path);
  sendJson(response, 200, { FileChecksum: { algorithm, bytes: Buffer.from(bytes).toString('hex'), length: bytes.length } });
}

/** Resolves when the piece has left for the socket: only then may its memory be used again. */
function written(response: ServerResponse, piece: Uint8Array, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const gone = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', gone, { once: true });
    if (signal.aborted) return gone();
    return void response.write(piece, (error) => {
      signal.removeEventListener('abort', gone);
      if (error === null || error === undefined) resolve();
      else reject(error);
    });
  });
}

/** Left open when the writing fails in the middle: the rest is read and thrown away, so that the client lives to see the answer. */
function bodyOf(incoming: IncomingMessage): AsyncIterable<Buffer> {
  return incoming.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
}

/** A client that waits for the word before it sends its data. */
function proceed(incoming: IncomingMessage, response: ServerResponse): void {
  if (incoming.headers.expect?.toLowerCase() === '100-continue') response.writeContinue();
}

function writerName(random: Random): string {
  return `webhdfs-${Buffer.from(random.bytes(12)).toString('hex')}`;
}
