/** Which file system a command means, and on whose behalf it asks. */
import { readFileSync } from 'node:fs';
import type { LookupFunction } from 'node:net';
import { userInfo } from 'node:os';
import { environment, hdfsConfigSchema, hdfsServiceHost, path as defaultPath, port as defaultPort } from '../../engine/contract.ts';
import { hostsFileLookup } from '../../engine/net/host-lookup.ts';
import { storeAddress, type StoreAddress } from '../../engine/storage/stores.ts';
import { UsageError } from '../usage-error.ts';

export interface Target {
  readonly scheme: 'http' | 'https';
  readonly host: string;
  readonly port: number;
  readonly lookup?: LookupFunction;
  /** What paths may begin with, and what messages show: `hdfs://store.data`. */
  readonly uri: string;
  /** Of an HdfsCluster: an operator looks after it. */
  readonly cluster?: NamedCluster;
}

export interface NamedCluster {
  readonly name: string;
  readonly namespace: string;
  /** Hosts; empty where only the cluster's name is known. */
  readonly nameNodes: readonly string[];
}

type Environment = Readonly<Record<string, string | undefined>>;

export const fsVariable = 'HEADRACE_FS';

/** `fs`: as it stands on the command line. Throws `UsageError`. */
export function targetOf(fs: string | undefined, env: Environment): Target {
  const hosts = env[environment.hostsFile];
  const shared = hosts === undefined ? {} : { lookup: hostsFileLookup(hosts) };
  const given = fs ?? env[fsVariable];
  if (given !== undefined && given !== '') return { ...addressOf(given), ...shared };
  const own = ownCluster(env);
  if (own !== undefined) return { ...own, ...shared };
  throw new UsageError(`which file system? Say --fs hdfs://NAME.NAMESPACE or --fs http://HOST:PORT, or set ${fsVariable}; in the pods of an HdfsCluster its own is meant`);
}

/** On whose behalf. Throws `UsageError` where whoever runs this has no name, as in a pod with a number for a user. */
export function userOf(user: string | undefined, env: Environment, ownName: () => string = () => userInfo().username): string {
  const given = user ?? env['HADOOP_USER_NAME'];
  if (given !== undefined && given !== '') return given;
  try {
    return ownName();
  } catch (cause) {
    throw new UsageError(`who runs this has no name on this machine: say --user NAME, or set HADOOP_USER_NAME (${cause instanceof Error ? cause.message : String(cause)})`);
  }
}

function addressOf(text: string): Omit<Target, 'lookup'> {
  const [, scheme = '', authority = '', rest = ''] = /^(hdfs|webhdfs|http|https):\/\/([^/]+)(\/.*)?$/.exec(text) ?? [];
  if (authority === '' || !['', '/', '/webhdfs/v1'].includes(rest.replace(/(?<=.)\/$/, ''))) throw new UsageError(`'${text}' is not hdfs://NAME.NAMESPACE, webhdfs://HOST:PORT or http://HOST:PORT`);
  const uri = `${scheme === 'hdfs' ? 'hdfs' : 'webhdfs'}://${authority}`;
  if (scheme === 'https') return { ...httpAddress(authority, defaultPort.nameNodeHttps), scheme: 'https', uri };
  if (scheme === 'http') return { ...httpAddress(authority, defaultPort.nameNodeHttp), scheme: 'http', uri };
  const address = storeAddressOf(scheme, authority);
  const [, name = '', namespace = ''] = (scheme === 'hdfs' ? /^([^.]+)\.([^.]+)\.svc$/.exec(address.host) : null) ?? [];
  return { ...address, scheme: 'http', uri, ...(name === '' ? {} : { cluster: { name, namespace, nameNodes: [] } }) };
}

function storeAddressOf(scheme: string, authority: string): StoreAddress {
  try {
    return storeAddress(scheme, authority, { namespace: 'default', user: '' });
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause));
  }
}

function httpAddress(authority: string, otherwise: number): { readonly host: string; readonly port: number } {
  const url = URL.parse(`tcp://${authority}`);
  if (url === null || url.hostname === '' || url.username !== '') throw new UsageError(`'${authority}' is not HOST:PORT`);
  return { host: url.hostname.replace(/^\[(.*)\]$/, '$1'), port: url.port === '' ? otherwise : Number(url.port) };
}

/** In a pod of an HdfsCluster: its Service. */
function ownCluster(env: Environment): Omit<Target, 'lookup'> | undefined {
  if (env[environment.hdfsNodeName] === undefined) return undefined;
  try {
    const { clusterName: name, namespace, nameNodes } = hdfsConfigSchema.parse(JSON.parse(readFileSync(env[environment.hdfsConfigFile] ?? defaultPath.hdfsConfigFile, 'utf8')));
    return { scheme: 'http', host: hdfsServiceHost(name, namespace), port: defaultPort.nameNodeHttp, uri: `hdfs://${name}.${namespace}`, cluster: { name, namespace, nameNodes: nameNodes.map(({ host }) => host) } };
  } catch (cause) {
    throw new UsageError(`the configuration of this pod's HdfsCluster cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}
