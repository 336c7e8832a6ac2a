/** Where the server is: `sc://host:port/;token=…;use_ssl=true;user_id=…`, as Spark Connect's clients write it. */
import { badArgument } from './client-error.ts';

export interface Remote {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  readonly token: string | undefined;
  readonly userId: string;
  readonly sessionId: string | undefined;
}

const defaultPort = 15002;
const known = new Set(['token', 'use_ssl', 'user_id', 'user_agent', 'session_id']);

/** Messages name the parameter, never its value: it may be a secret. */
export function parseRemote(url: string, environmentToken?: string): Remote {
  const parts = /^sc:\/\/(\[[^\]]+\]|[^/:;]+)(?::(\d+))?\/?(?:;(.*))?$/.exec(url);
  if (parts === null) throw badArgument('the remote is not of the form sc://host:port/;parameter=value.');
  const parameters = new Map((parts[3] ?? '').split(';').filter((each) => each !== '').map((each) => {
    const at = each.indexOf('=');
    if (at < 1) throw badArgument('a parameter of the remote has no value; write ;name=value.');
    return [each.slice(0, at), decodeURIComponent(each.slice(at + 1))] as const;
  }));
  for (const name of parameters.keys()) if (!known.has(name)) throw badArgument(`the remote has the unknown parameter ${name}; known are ${[...known].join(', ')}.`);
  const port = parts[2] === undefined ? defaultPort : Number(parts[2]);
  if (port < 1 || port > 65_535) throw badArgument(`the remote's port ${port} is not between 1 and 65535.`);
  const host = parts[1] as string;
  const ownToken = parameters.get('token');
  const local = /^(localhost|127\.[\d.]+|\[::1\])$/.test(host);
  const ssl = parameters.get('use_ssl')?.toLowerCase();
  // As in PySpark, a token in the URL does not leave the machine in clear text unless that is asked for.
  const tls = ssl === undefined ? ownToken !== undefined && !local : ssl === 'true';
  return { host, port, tls, token: ownToken ?? environmentToken, userId: parameters.get('user_id') ?? 'headrace', sessionId: parameters.get('session_id') };
}
