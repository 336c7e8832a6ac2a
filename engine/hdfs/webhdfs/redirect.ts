/** To which datanode a client goes with its data, and by what address. */
import { port } from '../../contract.ts';
import type { Random } from '../../core/random.ts';
import { integerBelow } from '../../core/random.ts';
import type { ClientProtocol } from '../client-protocol.ts';
import { HdfsError } from '../hdfs-error.ts';
import type { Caller, DatanodeAddress } from '../model.ts';
import { webHdfsPrefix, type WebHdfsRequest } from './request.ts';

export interface RedirectContext {
  readonly client: ClientProtocol;
  readonly random: Random;
  /** Shown to the datanode as Hadoop's namenodes do; it names the cluster. */
  readonly nameService: string;
}

/** Parameters that are the redirect's own. */
const own: ReadonlySet<string> = new Set(['noredirect', 'user.name', 'delegation', 'namenoderpcaddress', 'excludedatanodes']);

/** Rejects with `HdfsError`: FileNotFoundException, IOException when no datanode is there. */
export async function dataLocation(context: RedirectContext, caller: Caller, request: WebHdfsRequest, scheme: 'http' | 'https'): Promise<string> {
  const datanode = await chooseDatanode(context, caller, request);
  const query = new URLSearchParams();
  for (const [name, value] of new URLSearchParams(request.url.split(/\?(.*)/s, 2)[1] ?? '')) if (!own.has(name.toLowerCase())) query.append(name, value);
  const token = request.parameters.text('delegation');
  if (token === undefined) query.append('user.name', caller.user);
  else query.append('delegation', token);
  query.append('namenoderpcaddress', context.nameService);
  const path = request.path.split('/').map(encodeURIComponent).join('/');
  return `${scheme}://${datanode.host}:${scheme === 'https' ? port.dataNodeHttps : datanode.httpPort}${webHdfsPrefix}${path}?${String(query)}`;
}

async function chooseDatanode(context: RedirectContext, caller: Caller, request: WebHdfsRequest): Promise<DatanodeAddress> {
  const excluded = request.parameters.list('excludedatanodes');
  const allowed = ({ host, httpPort, name }: DatanodeAddress): boolean => !excluded.some((each) => each === host || each === name || each === `${host}:${httpPort}`);
  if (request.operation !== 'CREATE') {
    const holder = (await holdersOf(context, caller, request)).find(allowed);
    if (holder !== undefined) return holder;
  }
  const live = (await context.client.getDatanodeReport()).filter((each) => each.state === 'Live' && allowed(each));
  const near = live.filter(({ host, machine }) => caller.host !== undefined && (host === caller.host || machine === caller.host));
  const among = near.length > 0 ? near : live;
  const chosen = among[integerBelow(context.random, among.length)];
  if (chosen === undefined) throw new HdfsError('IOException', `Failed to find datanode, suggest to check cluster health. excludeDatanodes=${excluded.join(',')}`);
  return chosen;
}

/** Datanodes with the block that the request is about: at the offset to read from, else the last one. Nearest first. */
async function holdersOf({ client }: RedirectContext, caller: Caller, { operation, path, parameters }: WebHdfsRequest): Promise<readonly DatanodeAddress[]> {
  const from = parameters.number('offset', 0) ?? 0;
  const status = await client.getFileStatus(caller, path);
  if (status === undefined) throw new HdfsError('FileNotFoundException', `File ${path} not found.`);
  if (status.kind === 'directory') throw new HdfsError('FileNotFoundException', `Path is not a file: ${path}`);
  const offset = operation === 'OPEN' ? from : Math.max(0, status.bytes - 1);
  const { blocks, fileBytes } = await client.getBlockLocations(caller, path, offset, 1);
  if (operation === 'OPEN' && fileBytes > 0 && offset >= fileBytes) throw new HdfsError('IOException', `Offset=${offset} out of the range [0, ${fileBytes}); OPEN, path=${path}`);
  return blocks[0]?.locations ?? [];
}
