/** WebHDFS requests (Hadoop's "WebHDFS REST API"): the path below `/webhdfs/v1`, the operation, its parameters. Names of parameters have no case. */
import type { IncomingMessage } from 'node:http';
import { HdfsError } from '../hdfs-error.ts';

export const webHdfsPrefix = '/webhdfs/v1';

export type WebHdfsMethod = 'GET' | 'PUT' | 'POST' | 'DELETE';

export interface WebHdfsRequest {
  readonly method: WebHdfsMethod;
  /** In capitals, as it was sent. */
  readonly operation: string;
  /** Absolute, percent-decoded. */
  readonly path: string;
  readonly parameters: Parameters;
  /** Of the peer, without the prefix of an IPv4 address in IPv6. */
  readonly remoteAddress: string | undefined;
  /** As it was sent, with the query: for redirects and forwarding. */
  readonly url: string;
}

/** Whether a URL is WebHDFS's at all. */
export function isWebHdfs(url: string): boolean {
  return url === webHdfsPrefix || url.startsWith(`${webHdfsPrefix}/`) || url.startsWith(`${webHdfsPrefix}?`);
}

/** Throws `HdfsError` IllegalArgumentException. */
export function webHdfsRequest({ method = 'GET', url = '', socket }: Pick<IncomingMessage, 'method' | 'url' | 'socket'>): WebHdfsRequest {
  const [rawPath = '', query = ''] = url.split(/\?(.*)/s, 2);
  const parameters = new Parameters(new URLSearchParams(query));
  if (method !== 'GET' && method !== 'PUT' && method !== 'POST' && method !== 'DELETE') throw new HdfsError('IllegalArgumentException', `the method ${method} is not one of WebHDFS`);
  let path: string;
  try {
    path = decodeURIComponent(rawPath.slice(webHdfsPrefix.length));
  } catch {
    throw new HdfsError('IllegalArgumentException', `the path ${rawPath} is not percent-encoded properly`);
  }
  const operation = parameters.text('op')?.toUpperCase();
  if (operation === undefined) throw new HdfsError('IllegalArgumentException', 'Required param op is missing');
  return { method, operation, path: path === '' ? '/' : path, parameters, remoteAddress: socket?.remoteAddress?.replace(/^::ffff:/, ''), url };
}

/** Parameters of a query; reading one checks its value. Every error names the parameter, as Hadoop's do. */
export class Parameters {
  readonly #values = new Map<string, string>();

  constructor(query: URLSearchParams) {
    for (const [name, value] of query) this.#values.set(name.toLowerCase(), value);
  }

  /** Empty counts as missing. */
  text(name: string): string | undefined {
    const value = this.#values.get(name);
    return value === '' || value === 'null' ? undefined : value;
  }

  required(name: string): string {
    const value = this.text(name);
    if (value === undefined) throw new HdfsError('IllegalArgumentException', `Required param ${name} for op: ${this.text('op')?.toUpperCase() ?? ''} is null or empty`);
    return value;
  }

  boolean(name: string, otherwise: boolean): boolean {
    const value = this.text(name)?.toLowerCase();
    if (value === undefined) return otherwise;
    if (value !== 'true' && value !== 'false') throw invalid(name, `Failed to parse "${value}" to Boolean.`);
    return value === 'true';
  }

  /** A whole number of at least `min`. */
  number(name: string, min: number): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (!/^-?\d+$/.test(text) || !Number.isSafeInteger(value)) throw invalid(name, `Failed to parse "${text}" as a radix-10 long integer.`);
    if (value < min) throw invalid(name, `Invalid parameter range: ${name} = ${value} < ${min}`);
    return value;
  }

  requiredNumber(name: string, min: number): number {
    this.required(name);
    return this.number(name, min) ?? 0;
  }

  /** Octal, up to 1777. */
  permission(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    if (!/^[01]?[0-7]{1,3}$/.test(text)) throw invalid(name, `Invalid parameter value: ${name} = "${text}" is not an octal permission up to 1777`);
    return Number.parseInt(text, 8);
  }

  path(name: string): string {
    const value = this.required(name);
    if (!value.startsWith('/')) throw invalid(name, `Invalid parameter value: ${name} = "${value}" is not an absolute path.`);
    return value;
  }

  list(name: string): readonly string[] {
    return this.text(name)?.split(',').filter((each) => each !== '') ?? [];
  }
}

function invalid(name: string, reason: string): HdfsError {
  return new HdfsError('IllegalArgumentException', `Invalid value for webhdfs parameter "${name}": ${reason}`);
}

/** For an operation that the method does not have. */
export function unknownOperation({ method, operation }: WebHdfsRequest): HdfsError {
  const verb = method[0] + method.slice(1).toLowerCase();
  return new HdfsError('IllegalArgumentException', `Invalid value for webhdfs parameter "op": No enum constant org.apache.hadoop.hdfs.web.resources.${verb}OpParam.Op.${operation}`);
}

/** Operations of Hadoop's that are not there: clients are told so in the form that they know. */
const absent: ReadonlySet<string> = new Set([
  'GETACLSTATUS', 'MODIFYACLENTRIES', 'REMOVEACLENTRIES', 'REMOVEDEFAULTACL', 'REMOVEACL', 'SETACL', 'GETXATTRS', 'LISTXATTRS', 'SETXATTR', 'REMOVEXATTR',
  'GETALLSTORAGEPOLICY', 'GETSTORAGEPOLICY', 'SETSTORAGEPOLICY', 'UNSETSTORAGEPOLICY', 'SATISFYSTORAGEPOLICY', 'GETSNAPSHOTDIFF', 'GETSNAPSHOTDIFFLISTING',
  'GETSNAPSHOTLIST', 'GETSNAPSHOTTABLEDIRECTORYLIST', 'ALLOWSNAPSHOT', 'DISALLOWSNAPSHOT', 'CREATESNAPSHOT', 'RENAMESNAPSHOT', 'DELETESNAPSHOT', 'CREATESYMLINK',
  'GETECPOLICY', 'GETECPOLICIES', 'GETECCODECS', 'ENABLEECPOLICY', 'DISABLEECPOLICY', 'SETECPOLICY', 'UNSETECPOLICY', 'SETQUOTABYSTORAGETYPE', 'GETTRASHROOTS',
]);

export function refuseAbsent({ operation }: WebHdfsRequest): void {
  if (absent.has(operation)) throw new HdfsError('UnsupportedOperationException', `${operation} is not supported: this file system has no ACLs, extended attributes, snapshots, storage policies, erasure coding or symbolic links`);
}
