/** A small HDFS in one process behind real HTTP servers, and a client that follows redirects by hand. */
import { silentLogger } from '../../../core/logger.ts';
import { seededRandom } from '../../../core/random.ts';
import { TestHdfs } from '../../datanode/testdata/test-hdfs.ts';
import { browsePage, browsePageDirectory } from '../../namenode/browse-page.ts';
import { listenHttp, type NameNodeHttpServer } from '../../namenode/http-server.ts';
import { overviewOf } from '../../namenode/overview.ts';
import type { HdfsConfig } from '../../../contract.ts';
import { dataNodeWebHdfs } from '../data-node-handler.ts';
import { nameNodeWebHdfs } from '../name-node-handler.ts';
import { DatanodeReader, previewRoute } from '../preview.ts';

type Body = NonNullable<RequestInit['body']>;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
  /** Undefined where the body is none. */
  readonly json: unknown;
}

export class WebHdfsWorld implements AsyncDisposable {
  readonly hdfs: TestHdfs;
  readonly #nameNode: NameNodeHttpServer;
  readonly #dataNodes: ReadonlyMap<string, NameNodeHttpServer>;

  private constructor(hdfs: TestHdfs, nameNode: NameNodeHttpServer, dataNodes: ReadonlyMap<string, NameNodeHttpServer>) {
    this.hdfs = hdfs;
    this.#nameNode = nameNode;
    this.#dataNodes = dataNodes;
  }

  static async start(datanodes = 3, config: Partial<HdfsConfig> = {}, diskBytes?: number): Promise<WebHdfsWorld> {
    const hdfs = await TestHdfs.start(datanodes, config, {}, diskBytes);
    const random = seededRandom(11);
    const shared = { random, logger: silentLogger };
    const listen = { host: '127.0.0.1', port: 0 };
    const dataNodes = new Map<string, NameNodeHttpServer>();
    const reader = new DatanodeReader(undefined);
    const ofNameNode = { ...shared, client: hdfs.nameNode.client, isActive: () => hdfs.nameNode.isActive, forward: () => false, clusterId: 'CID-test', clusterName: 'test' };
    const page = await browsePage({
      ...ofNameNode, directory: browsePageDirectory(new URL('../../namenode/main.ts', import.meta.url).href),
      overview: () => overviewOf(hdfs.nameNode.status(), hdfs.nameNode.datanodeReport(), hdfs.config, Date.now()),
    });
    const preview = previewRoute({ ...ofNameNode, get: (location, signal) => reader.get(resolveAmong(dataNodes, location), signal) });
    const nameNode = await listenHttp(listen, [nameNodeWebHdfs({ ...ofNameNode, scheme: 'http' }), preview, page]);
    for (const node of hdfs.nodes) {
      const { host, httpPort } = node.address;
      dataNodes.set(`${host}:${httpPort}`, await listenHttp(listen, [dataNodeWebHdfs({ ...shared, access: () => node.access, host, port: httpPort })]));
    }
    return new WebHdfsWorld(hdfs, nameNode, dataNodes);
  }

  get origin(): string {
    return `${this.home}/webhdfs/v1`;
  }

  /** Of the namenode's HTTP server. */
  get home(): string {
    return `http://127.0.0.1:${this.#nameNode.port}`;
  }

  /** Where a redirect really leads: the names of this world are known to nobody else. */
  resolve(location: string): string {
    return resolveAmong(this.#dataNodes, location);
  }

  /** At the namenode, without following. */
  async ask(method: string, pathAndQuery: string, body?: Body): Promise<Answer> {
    return answerOf(await fetch(`${this.origin}${pathAndQuery}`, { method, redirect: 'manual', ...(body === undefined ? {} : { body }) }));
  }

  /** Follows the redirect with the body. */
  async exchange(method: string, pathAndQuery: string, body?: Body, signal?: AbortSignal): Promise<Answer> {
    const first = await this.ask(method, pathAndQuery);
    const location = first.headers.get('location');
    if (first.status !== 307 || location === null) return first;
    const stream = body instanceof ReadableStream ? { duplex: 'half' as const } : {};
    return answerOf(await fetch(this.resolve(location), { method, ...(body === undefined ? {} : { body }), ...stream, ...(signal === undefined ? {} : { signal }) }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const server of [this.#nameNode, ...this.#dataNodes.values()]) await server.close();
    await this.hdfs[Symbol.asyncDispose]();
  }
}

function resolveAmong(dataNodes: ReadonlyMap<string, NameNodeHttpServer>, location: string): string {
  const url = new URL(location);
  const server = dataNodes.get(`${url.hostname}:${url.port || '80'}`);
  if (server === undefined) throw new Error(`there is no datanode ${url.host}`);
  return `http://127.0.0.1:${server.port}${url.pathname}${url.search}`;
}

async function answerOf(response: Response): Promise<Answer> {
  const bytes = Buffer.from(await response.arrayBuffer());
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
  return { status: response.status, headers: response.headers, bytes, json: isJson ? JSON.parse(bytes.toString()) : undefined };
}
