/** What a namenode does for each operation of WebHDFS. Operations on data are redirects to a datanode. */
import type { ClientProtocol } from '../client-protocol.ts';
import { HdfsError } from '../hdfs-error.ts';
import type { Caller, FileStatus } from '../model.ts';
import { blockLocationsJson, contentSummaryJson, fileStatusJson, fileSystemStatusJson, locatedBlocksJson, quotaUsageJson, serverDefaultsJson } from './json.ts';
import type { Reply } from './reply.ts';
import type { WebHdfsMethod, WebHdfsRequest } from './request.ts';

export interface OperationContext {
  readonly client: ClientProtocol;
  readonly caller: Caller;
  readonly request: WebHdfsRequest;
  readonly clusterId: string;
  /** Where the data is, or is to go. */
  readonly locate: () => Promise<string>;
  /** Names a writer that has no name. */
  readonly newClient: () => string;
}

type Operation = (context: OperationContext) => Promise<Reply>;

const empty: Reply = { kind: 'empty' };
const json = (body: object): Reply => ({ kind: 'json', body });
const boolean = (value: boolean): Reply => json({ boolean: value });

const redirect: Operation = async ({ request, locate }) => ({ kind: 'redirect', location: await locate(), asJson: request.parameters.boolean('noredirect', false) });

async function status({ client, caller, request }: OperationContext): Promise<FileStatus> {
  const found = await client.getFileStatus(caller, request.path);
  if (found === undefined) throw new HdfsError('FileNotFoundException', `File does not exist: ${request.path}`);
  return found;
}

/** LISTSTATUS has everything in one answer; the namenode gives it in parts. */
async function listAll({ client, caller, request }: OperationContext): Promise<readonly object[]> {
  const entries: object[] = [];
  for (let startAfter = '';;) {
    const page = await client.listStatus(caller, request.path, startAfter);
    for (const each of page.entries) entries.push(fileStatusJson(each));
    const last = page.entries.at(-1);
    if (page.remaining === 0 || last === undefined) return entries;
    startAfter = last.name;
  }
}

const get: Readonly<Record<string, Operation>> = {
  OPEN: redirect,
  GETFILECHECKSUM: redirect,
  GETFILESTATUS: async (at) => json({ FileStatus: fileStatusJson(await status(at)) }),
  GETFILELINKSTATUS: async (at) => json({ FileStatus: fileStatusJson(await status(at)) }),
  LISTSTATUS: async (at) => json({ FileStatuses: { FileStatus: await listAll(at) } }),
  LISTSTATUS_BATCH: async ({ client, caller, request }) => {
    const { entries, remaining } = await client.listStatus(caller, request.path, request.parameters.text('startafter') ?? '');
    return json({ DirectoryListing: { partialListing: { FileStatuses: { FileStatus: entries.map(fileStatusJson) } }, remainingEntries: remaining } });
  },
  GETCONTENTSUMMARY: async ({ client, caller, request }) => json(contentSummaryJson(await client.getContentSummary(caller, request.path))),
  GETQUOTAUSAGE: async ({ client, caller, request }) => json(quotaUsageJson(await client.getContentSummary(caller, request.path))),
  GETHOMEDIRECTORY: async ({ client, caller }) => json({ Path: await client.getHomeDirectory(caller) }),
  GETTRASHROOT: async ({ client, caller, request }) => json({ Path: await client.getTrashRoot(caller, request.path) }),
  GETSERVERDEFAULTS: async ({ client }) => json(serverDefaultsJson(await client.getServerDefaults())),
  GETSTATUS: async ({ client }) => json(fileSystemStatusJson(await client.getFileSystemStatus())),
  GETLINKTARGET: async (at) => {
    await status(at);
    throw new HdfsError('IOException', `Path ${at.request.path} is not a symbolic link`);
  },
  CHECKACCESS: async ({ client, caller, request }) => {
    await client.checkAccess(caller, request.path, request.parameters.required('fsaction'));
    return empty;
  },
  GETFILEBLOCKLOCATIONS: async (at) => json(blockLocationsJson(await located(at))),
  GET_BLOCK_LOCATIONS: async (at) => json(locatedBlocksJson(await located(at), at.clusterId)),
  GETDELEGATIONTOKEN: async ({ client, caller, request }) => {
    const { text } = await client.getDelegationToken(caller, request.parameters.text('renewer') ?? caller.user);
    return json({ Token: { urlString: text } });
  },
};

async function located({ client, caller, request }: OperationContext): ReturnType<ClientProtocol['getBlockLocations']> {
  const { parameters, path } = request;
  return client.getBlockLocations(caller, path, parameters.number('offset', 0) ?? 0, parameters.number('length', 0) ?? Number.MAX_SAFE_INTEGER);
}

const put: Readonly<Record<string, Operation>> = {
  CREATE: redirect,
  MKDIRS: async ({ client, caller, request: { path, parameters } }) => boolean(await client.mkdirs(caller, path, parameters.permission('permission') ?? 0o755, true)),
  RENAME: async ({ client, caller, request: { path, parameters } }) => {
    const to = parameters.path('destination');
    const options = parameters.list('renameoptions').map((each) => each.toUpperCase());
    if (options.length === 0) return boolean(await client.rename(caller, path, to));
    const strange = options.find((each) => !['NONE', 'OVERWRITE', 'TO_TRASH'].includes(each));
    if (strange !== undefined) throw new HdfsError('IllegalArgumentException', `Invalid value for webhdfs parameter "renameoptions": No enum constant org.apache.hadoop.fs.Options.Rename.${strange}`);
    await client.renameWith(caller, path, to, { overwrite: options.includes('OVERWRITE'), toTrash: options.includes('TO_TRASH') });
    return empty;
  },
  SETREPLICATION: async ({ client, caller, request: { path, parameters } }) => boolean(await client.setReplication(caller, path, parameters.number('replication', 1) ?? (await client.getServerDefaults()).replication)),
  SETOWNER: async ({ client, caller, request: { path, parameters } }) => {
    const owner = parameters.text('owner');
    const group = parameters.text('group');
    if (owner === undefined && group === undefined) throw new HdfsError('IllegalArgumentException', 'Both owner and group are empty.');
    await client.setOwner(caller, path, owner, group);
    return empty;
  },
  SETPERMISSION: async ({ client, caller, request: { path, parameters } }) => {
    await client.setPermission(caller, path, parameters.permission('permission') ?? 0o755);
    return empty;
  },
  SETTIMES: async ({ client, caller, request: { path, parameters } }) => {
    const time = (name: string): number | undefined => {
      const value = parameters.number(name, -1);
      return value === -1 ? undefined : value;
    };
    await client.setTimes(caller, path, time('modificationtime'), time('accesstime'));
    return empty;
  },
  SETQUOTA: async ({ client, caller, request: { path, parameters } }) => {
    await client.setQuota(caller, path, parameters.number('namespacequota', -1), parameters.number('storagespacequota', -1));
    return empty;
  },
  RENEWDELEGATIONTOKEN: async ({ client, caller, request }) => json({ long: await client.renewDelegationToken(caller, request.parameters.required('token')) }),
  CANCELDELEGATIONTOKEN: async ({ client, caller, request }) => {
    await client.cancelDelegationToken(caller, request.parameters.required('token'));
    return empty;
  },
};

const post: Readonly<Record<string, Operation>> = {
  APPEND: redirect,
  CONCAT: async ({ client, caller, request: { path, parameters } }) => {
    await client.concat(caller, path, parameters.required('sources').split(','));
    return empty;
  },
  TRUNCATE: async ({ client, caller, request: { path, parameters }, newClient }) => boolean(await client.truncate(caller, path, parameters.requiredNumber('newlength', 0), newClient())),
};

const del: Readonly<Record<string, Operation>> = {
  DELETE: async ({ client, caller, request: { path, parameters } }) => boolean(await client.delete(caller, path, parameters.boolean('recursive', false))),
};

export const nameNodeOperations: Readonly<Record<WebHdfsMethod, Readonly<Record<string, Operation>>>> = { GET: get, PUT: put, POST: post, DELETE: del };
