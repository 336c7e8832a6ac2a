/** Which file system a command means, and on whose behalf it asks. */
import { readFileSync } from 'node:fs';
import type { LookupFunction } from 'node:net';
import { userInfo } from 'node:os';
import { environment, hdfsConfigSchema, hdfsServiceHost, path as defaultPath, port as defaultPort } from '../../engine/contract.ts';
import { hostsFileLookup } from '../../engine/net/host-lookup.ts';
import { storeAddress } from '../../engine/storage/stores.ts';
import { UsageError } from '../usage-error.ts';

export interface Target {
  readonly scheme: 'http' | 'https';
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly lookup?: LookupFunction;
  /** What paths may begin with, and what messages show: `hdfs://store.data`. */
  readonly uri: string;
}

export interface TargetOptions {
  readonly fs: string | undefined;
  readonly user: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

export const fsVariable = 'HEADRACE_FS';

/** Throws `UsageError`. */
export function targetOf(options: TargetOptions, env: Environment): Target {
  const user = options.user ?? env['HADOOP_USER_NAME'] ?? userInfo().username;
  const hosts = env[environment.hostsFile];
  const shared = { user, ...(hosts === undefined ? {} : { lookup: hostsFileLookup(hosts) }) };
  const given = options.fs ?? env[fsVariable];
  if (given !== undefined) return { ...addressOf(given), ...shared };
  const own = ownCluster(env);
  if (own !== undefined) return { ...own, ...shared };
  throw new UsageError(`which file system? Say --fs hdfs://NAME.NAMESPACE or --fs http://HOST:PORT, or set ${fsVariable}; in the pods of an HdfsCluster its own is meant`);
}

function addressOf(text: string): Omit<Target, 'user' | 'lookup'> {
  const [, scheme = '', authority = '', rest = ''] = /^(hdfs|webhdfs|http|https):\/\/([^/]+)(\/.*)?$/.exec(text) ?? [];
  if (authority === '' || !['', '/', '/webhdfs/v1'].includes(rest.replace(/(?<=.)\/$/, ''))) throw new UsageError(`'${text}' is not hdfs://NAME.NAMESPACE, webhdfs://HOST:PORT or http://HOST:PORT`);
  const uri = `${scheme === 'hdfs' ? 'hdfs' : 'webhdfs'}://${authority}`;
  if (scheme === 'https') return { ...httpAddress(authority, defaultPort.nameNodeHttps), scheme: 'https', uri };
  if (scheme === 'http') return { ...httpAddress(authority, defaultPort.nameNodeHttp), scheme: 'http', uri };
  return { ...storeAddress(scheme, authority, { namespace: 'default', user: '' }), scheme: 'http', uri };
}

function httpAddress(authority: string, otherwise: number): { readonly host: string; readonly port: number } {
  const url = new URL(`tcp://${authority}`);
  return { host: url.hostname.replace(/^\[(.*)\]$/, '$1'), port: url.port === '' ? otherwise : Number(url.port) };
}

/** In a pod of an HdfsCluster: its Service. */
function ownCluster(env: Environment): Omit<Target, 'user' | 'lookup'> | undefined {
  if (env[environment.hdfsNodeName] === undefined) return undefined;
  try {
    const { clusterName, namespace } = hdfsConfigSchema.parse(JSON.parse(readFileSync(env[environment.hdfsConfigFile] ?? defaultPath.hdfsConfigFile, 'utf8')));
    return { scheme: 'http', host: hdfsServiceHost(clusterName, namespace), port: defaultPort.nameNodeHttp, uri: `hdfs://${clusterName}.${namespace}` };
  } catch (cause) {
    throw new UsageError(`the configuration of this pod's HdfsCluster cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}
