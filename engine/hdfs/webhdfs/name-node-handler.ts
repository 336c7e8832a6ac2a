/** WebHDFS on a namenode: a route of its HTTP server. A standby passes requests on to the active namenode. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from '../../core/logger.ts';
import type { Random } from '../../core/random.ts';
import type { ClientProtocol } from '../client-protocol.ts';
import { HdfsError } from '../hdfs-error.ts';
import type { HttpRoute } from '../namenode/http-server.ts';
import { callerOf } from './caller.ts';
import { allowOrigin, isPreflight, sendPreflight } from './cross-origin.ts';
import { nameNodeOperations } from './name-node-operations.ts';
import { dataLocation } from './redirect.ts';
import { sendError, sendReply, type Reply } from './reply.ts';
import { isWebHdfs, refuseAbsent, unknownOperation, webHdfsRequest } from './request.ts';

export interface NameNodeWebHdfs {
  readonly client: ClientProtocol;
  readonly isActive: () => boolean;
  /** Passes a request on to the active namenode; false when none is known. */
  readonly forward: (request: IncomingMessage, response: ServerResponse) => boolean;
  readonly clusterId: string;
  readonly clusterName: string;
  readonly random: Random;
  readonly logger: Logger;
  readonly scheme: 'http' | 'https';
}

export function nameNodeWebHdfs(options: NameNodeWebHdfs): HttpRoute {
  return (request, response) => {
    if (!isWebHdfs(request.url ?? '')) return false;
    allowOrigin(request, response);
    if (isPreflight(request)) sendPreflight(request, response);
    else if (options.isActive() || !options.forward(request, response)) void answer(options, request, response);
    return true;
  };
}

async function answer(options: NameNodeWebHdfs, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const reply = await perform(options, request);
    // Data belongs to a datanode: whatever comes here is not read.
    request.resume();
    sendReply(response, reply);
  } catch (error) {
    sendError(request, response, error, options.logger);
  }
}

async function perform(options: NameNodeWebHdfs, incoming: IncomingMessage): Promise<Reply> {
  const { client, random, clusterId, clusterName, scheme } = options;
  const request = webHdfsRequest(incoming);
  refuseAbsent(request);
  const operation = nameNodeOperations[request.method][request.operation];
  if (operation === undefined) throw unknownOperation(request);
  if (!options.isActive()) throw new HdfsError('StandbyException', 'Operation category READ is not supported in state standby. No active namenode is known.');
  const caller = await callerOf(request, client);
  return operation({
    client, caller, request, clusterId, newClient: () => `webhdfs-${Buffer.from(random.bytes(12)).toString('hex')}`,
    locate: () => dataLocation({ client, random, nameService: clusterName }, caller, request, scheme),
  });
}
