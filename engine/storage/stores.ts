/** `hdfs://` and `webhdfs://` paths: which host and port they mean, and the file system behind them. */
import type { LookupFunction } from 'node:net';
import { isIP } from 'node:net';
import { hdfsServiceHost, port as defaultPort } from '../contract.ts';
import type { Clock } from '../core/clock.ts';
import { HdfsClient } from '../hdfs/client/hdfs-client.ts';
import { FileError, type FileSystem } from './file-system.ts';
import { hdfsFileSystem } from './hdfs.ts';
import type { HdfsFiles } from './hdfs-files.ts';
import { routedFileSystem } from './routed.ts';

/** The same for driver and executors of an application. */
export interface StoreSettings {
  /** Of the job: where a cluster without a namespace is looked for. */
  readonly namespace: string;
  /** On whose behalf HDFS is asked (simple authentication). */
  readonly user: string;
}

export interface StoreAddress {
  readonly host: string;
  /** Of WebHDFS. */
  readonly port: number;
}

/**
 * `hdfs://NAME` and `hdfs://NAME.NAMESPACE` mean an HdfsCluster; `localhost`, an IP address or a name of three parts and more is a host as it stands.
 * The port is that of WebHDFS; Hadoop's RPC port 8020 stands for it in `hdfs://`, so that URIs written for Hadoop work. Throws `FileError`.
 */
export function storeAddress(scheme: string, authority: string, settings: StoreSettings): StoreAddress {
  const [, host = '', digits] = /^(\[[^\]]+\]|[^:@]+)(?::(\d{1,5}))?$/.exec(authority) ?? [];
  const given = digits === undefined ? undefined : Number(digits);
  if (host === '' || given === 0 || (given ?? 1) > 65_535) throw new FileError('NotFound', authority, `${scheme}://${authority} is not NAME[.NAMESPACE][:PORT]`);
  const isRpc = scheme === 'hdfs' && given === defaultPort.nameNodeRpc;
  const port = given === undefined || isRpc ? defaultPort.nameNodeHttp : given;
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  const [cluster = '', namespace = settings.namespace, ...more] = bare.split('.');
  if (scheme !== 'hdfs' || isIP(bare) !== 0 || bare === 'localhost' || more.length > 0) return { host: bare, port };
  return { host: hdfsServiceHost(cluster, namespace), port };
}

export interface StoreParts {
  readonly settings: StoreSettings;
  readonly clock: Clock;
  /** Ends what is asked of a store. */
  readonly signal: AbortSignal;
  readonly lookup?: LookupFunction;
}

export interface Stores extends AsyncDisposable {
  readonly files: FileSystem;
  close(): Promise<void>;
}

/** Local files, and clusters of HDFS as paths name them. */
export function openStores(local: FileSystem, { settings, clock, signal, lookup }: StoreParts): Stores {
  const opened: HdfsFiles[] = [];
  const files = routedFileSystem(local, (scheme, authority) => {
    if (scheme !== 'hdfs' && scheme !== 'webhdfs') return undefined;
    const client = new HdfsClient({ ...storeAddress(scheme, authority, settings), user: settings.user, clock, ...(lookup === undefined ? {} : { lookup }) });
    opened.push(client);
    return hdfsFileSystem(client, signal);
  });
  const close = async (): Promise<void> => {
    await Promise.all(opened.map((each) => each.close()));
  };
  return { files, close, [Symbol.asyncDispose]: close };
}
