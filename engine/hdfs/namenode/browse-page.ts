/**
 * The browse page: static files (engine/hdfs/ui) at `/` of a namenode's HTTP ports, and the numbers that they show. What lies in the file system the page
 * reads by WebHDFS, under its permissions. Nothing of other origins is loaded, and the page stands in no frame.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpRoute } from './http-server.ts';
import type { Overview } from './overview.ts';

export interface BrowsePage {
  /** With a slash at its end. */
  readonly directory: URL;
  readonly overview: () => Overview;
  readonly isActive: () => boolean;
  /** Passes a request on to the active namenode; false when none is known. */
  readonly forward: (request: IncomingMessage, response: ServerResponse) => boolean;
}

/** GET → `Overview` as this namenode sees it, or, with `?of=active`, as the active one does where it is known. */
export const overviewPath = '/headrace/v1/hdfs/overview';

const types = { html: 'text/html; charset=utf-8', css: 'text/css; charset=utf-8', js: 'text/javascript; charset=utf-8', svg: 'image/svg+xml' } as const;

const files = [
  'index.html', 'style.css', 'icon.svg', 'main.js', 'route.js', 'element.js', 'format.js', 'bytes.js', 'web-hdfs.js', 'table.js', 'overview.js', 'datanodes.js', 'directory.js', 'file.js',
] as const;

/** Where Hadoop has its pages. The part after `#` stays with the browser, so that links into its explorer lead to the same path here. */
const elsewhere: ReadonlySet<string> = new Set(['/index.html', '/explorer.html', '/dfshealth.html']);

const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const headers = {
  'content-security-policy': policy, 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY', 'referrer-policy': 'no-referrer', 'cross-origin-opener-policy': 'same-origin',
} as const;

interface Asset {
  readonly bytes: Buffer;
  readonly type: string;
  readonly tag: string;
}

/** Of engine/hdfs/ui, or of the image's copy of it. `main`: where the namenode's main file lies. */
export function browsePageDirectory(main: string): URL {
  if (main.endsWith('.ts')) return new URL('../ui/', main);
  return new URL('hdfs-ui/', new URL(main.includes('/chunks/') ? '..' : '.', main));
}

/** Rejects when a file of the page is not there. */
export async function browsePage(options: BrowsePage): Promise<HttpRoute> {
  const assets = new Map<string, Asset>();
  for (const name of files) assets.set(name === 'index.html' ? '/' : `/ui/${name}`, await readAsset(new URL(name, options.directory), name));
  return (request, response) => {
    const [path = '', query] = (request.url ?? '').split('?', 2);
    const asset = assets.get(path);
    const isOverview = path === overviewPath;
    if (asset === undefined && !isOverview && !elsewhere.has(path)) return false;
    if (request.method !== 'GET' && request.method !== 'HEAD') refuseMethod(request, response);
    else if (asset !== undefined) sendAsset(request, response, asset);
    else if (isOverview) answerOverview(options, new URLSearchParams(query), request, response);
    else sendHome(request, response);
    return true;
  };
}

async function readAsset(file: URL, name: string): Promise<Asset> {
  const bytes = await readFile(file);
  const type = types[name.slice(name.lastIndexOf('.') + 1) as keyof typeof types];
  return { bytes, type, tag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"` };
}

/** The browser asks each time and is mostly told that it has it: a new version of the image is seen at once. */
function sendAsset(request: IncomingMessage, response: ServerResponse, { bytes, type, tag }: Asset): void {
  request.resume();
  const known = { ...headers, etag: tag, 'cache-control': 'no-cache' };
  if (request.headers['if-none-match'] === tag) {
    response.writeHead(304, known);
    return void response.end();
  }
  response.writeHead(200, { ...known, 'content-type': type, 'content-length': bytes.length });
  return void response.end(request.method === 'HEAD' ? undefined : bytes);
}

function answerOverview(options: BrowsePage, query: URLSearchParams, request: IncomingMessage, response: ServerResponse): void {
  if (query.get('of') === 'active' && !options.isActive() && options.forward(request, response)) return;
  request.resume();
  const body = Buffer.from(`${JSON.stringify(options.overview())}\n`);
  response.writeHead(200, { ...headers, 'content-type': 'application/json', 'content-length': body.length, 'cache-control': 'no-store' });
  response.end(request.method === 'HEAD' ? undefined : body);
}

function sendHome(request: IncomingMessage, response: ServerResponse): void {
  request.resume();
  response.writeHead(302, { ...headers, location: '/', 'content-length': 0 });
  response.end();
}

function refuseMethod(request: IncomingMessage, response: ServerResponse): void {
  request.resume();
  const body = Buffer.from('{"error":"use GET"}\n');
  response.writeHead(405, { ...headers, allow: 'GET, HEAD', 'content-type': 'application/json', 'content-length': body.length });
  response.end(body);
}
