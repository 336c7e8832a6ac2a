/** On whose behalf a WebHDFS request is made: Hadoop's simple authentication (`user.name`) or a delegation token. */
import type { ClientProtocol } from '../client-protocol.ts';
import { HdfsError } from '../hdfs-error.ts';
import type { Caller } from '../model.ts';
import type { WebHdfsRequest } from './request.ts';

/** Hadoop's name for somebody who does not say who he is. */
const nobody = 'dr.who';
const userPattern = /^[A-Za-z_][A-Za-z0-9._-]*[$]?$/;

/** Rejects with `HdfsError`. */
export async function callerOf({ parameters, remoteAddress }: WebHdfsRequest, client: Pick<ClientProtocol, 'verifyDelegationToken'>): Promise<Caller> {
  const host = remoteAddress === undefined ? {} : { host: remoteAddress };
  const doAs = parameters.text('doas');
  if (doAs !== undefined) throw new HdfsError('SecurityException', `Failed to obtain user group information: doas=${doAs} is not supported: no user may act for another`);
  const token = parameters.text('delegation');
  if (token !== undefined) return { ...await client.verifyDelegationToken(token), ...host };
  const user = parameters.text('user.name') ?? nobody;
  if (!userPattern.test(user)) throw new HdfsError('IllegalArgumentException', `Invalid value: "${user}" does not belong to the domain ^[A-Za-z_][A-Za-z0-9._-]*[$]?$`);
  return { user, groups: [], ...host };
}
