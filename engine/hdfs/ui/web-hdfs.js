/** What this page asks of its namenode: WebHDFS, the overview, and first bytes of files. On whose behalf is kept here. */
import { encodePath } from './route.js';

const userKey = 'headrace.hdfs.user';
const tokenKey = 'headrace.hdfs.token';
const nobody = 'dr.who';
const timeoutMs = 20_000;
export const previewBytesMax = 1 << 20;

/** `code`: the exception's name in Hadoop, or `Unreachable`. */
export class HdfsFailure extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

/** The token is a secret: it goes with the tab. */
export const caller = {
  get user() {
    return localStorage.getItem(userKey) ?? '';
  },
  get token() {
    return sessionStorage.getItem(tokenKey) ?? '';
  },
  /** For people. */
  get name() {
    return this.token === '' ? this.user || nobody : 'owner of the token';
  },
  use(user, token) {
    keep(localStorage, userKey, user);
    keep(sessionStorage, tokenKey, token);
  },
};

function keep(storage, key, value) {
  if (value === '') storage.removeItem(key);
  else storage.setItem(key, value);
}

function queryOf(parameters) {
  const query = new URLSearchParams(parameters);
  if (caller.token !== '') query.set('delegation', caller.token);
  else if (caller.user !== '') query.set('user.name', caller.user);
  return String(query);
}

export function webHdfsUrl(path, parameters) {
  return `/webhdfs/v1${encodePath(path)}?${queryOf(parameters)}`;
}

export function previewUrl(path, length) {
  return `/headrace/v1/hdfs/preview${encodePath(path)}?${queryOf({ length: String(length) })}`;
}

async function ask(url, signal) {
  let response;
  try {
    response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]), cache: 'no-store' });
  } catch (error) {
    if (signal.aborted) throw error;
    throw new HdfsFailure('Unreachable', 'The namenode does not answer.');
  }
  if (response.ok) return response;
  const said = await response.json().catch(() => undefined);
  const { exception = 'Unreachable', message = `The namenode answered ${response.status}.` } = said?.RemoteException ?? {};
  throw new HdfsFailure(exception, message);
}

const operation = async (path, parameters, signal) => (await ask(webHdfsUrl(path, parameters), signal)).json();

/** `ofActive`: as the active namenode sees it, where it can be asked. */
export async function overview(ofActive, signal) {
  return (await ask(`/headrace/v1/hdfs/overview${ofActive ? '?of=active' : ''}`, signal)).json();
}

export async function fileStatus(path, signal) {
  return (await operation(path, { op: 'GETFILESTATUS' }, signal)).FileStatus;
}

export async function listing(path, startAfter, signal) {
  const { DirectoryListing } = await operation(path, { op: 'LISTSTATUS_BATCH', startAfter }, signal);
  return { entries: DirectoryListing.partialListing.FileStatuses.FileStatus, remaining: DirectoryListing.remainingEntries };
}

export async function contentSummary(path, signal) {
  return (await operation(path, { op: 'GETCONTENTSUMMARY' }, signal)).ContentSummary;
}

export async function blockLocations(path, offset, length, signal) {
  return (await operation(path, { op: 'GET_BLOCK_LOCATIONS', offset: String(offset), length: String(length) }, signal)).LocatedBlocks;
}

export async function firstBytes(path, length, signal) {
  return new Uint8Array(await (await ask(previewUrl(path, length), signal)).arrayBuffer());
}
