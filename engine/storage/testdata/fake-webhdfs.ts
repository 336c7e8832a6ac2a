/** For tests: WebHDFS over files in memory, with a redirect from the namenode's part to the datanode's as the real one has. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { posix } from 'node:path';
import { FileError, type FileStatus } from '../file-system.ts';
import { memoryFileSystem } from '../memory.ts';

export interface FakeWebHdfs {
  readonly port: number;
  readonly files: ReturnType<typeof memoryFileSystem>;
  /** `OP path` of each request, `data` in front of what a datanode got; ranges behind. */
  readonly requests: string[];
  /** When it answers true, the request's connection is cut. */
  break: (request: string) => boolean;
  close(): Promise<void>;
}

export interface FakeOptions {
  readonly host?: string;
  readonly blockBytes?: number;
  /** Machines of a block, by its number in the file. */
  readonly machines?: (block: number) => readonly string[];
}

export async function fakeWebHdfs(options: FakeOptions = {}): Promise<FakeWebHdfs> {
  let nowMs = 1_700_000_000_000;
  const files = memoryFileSystem(() => {
    nowMs += 1;
    return nowMs;
  });
  const blockBytes = options.blockBytes ?? 1 << 20;
  const host = options.host ?? '127.0.0.1';
  const server = createServer((request, response) => void answer(request, response).catch((error: unknown) => fail(response, error)));
  const fake: FakeWebHdfs = { port: 0, files, requests: [], break: () => false, close: () => new Promise((resolve) => {
    server.closeAllConnections();
    server.close(() => resolve());
  }) };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', `http://${host}`);
    const path = decodeURIComponent(url.pathname.replace(/^\/webhdfs\/v1/, '')) || '/';
    const query = (name: string): string => url.searchParams.get(name) ?? '';
    const op = query('op');
    const asDatanode = query('datanode') === 'true';
    const name = `${asDatanode ? 'data ' : ''}${op} ${path}${op === 'OPEN' ? ` ${query('offset')}+${query('length')}` : ''}`;
    fake.requests.push(name);
    if (fake.break(name)) {
      response.destroy();
      return;
    }
    if ((op === 'OPEN' || op === 'CREATE') && !asDatanode) {
      if (op === 'OPEN') await existing(path);
      url.searchParams.set('datanode', 'true');
      response.writeHead(307, { location: `http://${host}:${fake.port}${url.pathname}${url.search}` }).end();
      return;
    }
    const operation = operations[op];
    if (operation === undefined) fail(response, new Error(`no operation ${op}`));
    else await operation(path, query, request, response);
  }

  async function existing(path: string): Promise<FileStatus> {
    const found = await files.stat(path);
    if (found === undefined) throw new FileError('NotFound', path, `File does not exist: ${path}`);
    return found;
  }

  const json = (response: ServerResponse, body: unknown): boolean => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    return true;
  };
  const described = (status: FileStatus, suffix: string): object => ({
    pathSuffix: suffix, type: status.kind === 'file' ? 'FILE' : 'DIRECTORY', length: status.bytes, modificationTime: status.modifiedMs, accessTime: 0,
    fileId: 16_386 + Number(status.version || 0), blockSize: status.kind === 'file' ? blockBytes : 0, owner: 'spark', group: 'supergroup', permission: '755', replication: 1, childrenNum: 0, storagePolicy: 0,
  });

  type Operation = (path: string, query: (name: string) => string, request: IncomingMessage, response: ServerResponse) => Promise<boolean>;
  const operations: Readonly<Record<string, Operation>> = {
    GETFILESTATUS: async (path, _query, _request, response) => json(response, { FileStatus: described(await existing(path), '') }),
    LISTSTATUS_BATCH: async (path, query, _request, response) => {
      const all = (await files.list(path)).filter((each) => posix.basename(each.path) > query('startAfter'));
      // Small pages, so that tests turn them.
      const page = all.slice(0, 3);
      return json(response, { DirectoryListing: { partialListing: { FileStatuses: { FileStatus: page.map((each) => described(each, posix.basename(each.path))) } }, remainingEntries: all.length - page.length } });
    },
    OPEN: async (path, query, _request, response) => {
      const data = await files.read(path);
      const from = Number(query('offset') || 0);
      const to = query('length') === '' ? data.length : from + Number(query('length'));
      response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(data.subarray(from, to));
      return true;
    },
    CREATE: async (path, _query, request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
      await files.write(path, Buffer.concat(chunks));
      response.writeHead(201, { location: `hdfs://fake${path}` }).end();
      return true;
    },
    MKDIRS: async (path, _query, _request, response) => {
      await files.makeDirectory(path);
      return json(response, { boolean: true });
    },
    RENAME: async (path, query, _request, response) => {
      await files.rename(path, query('destination'));
      response.writeHead(200).end();
      return true;
    },
    DELETE: async (path, _query, _request, response) => {
      const there = await files.stat(path) !== undefined;
      await files.remove(path);
      return json(response, { boolean: there });
    },
    GETFILEBLOCKLOCATIONS: async (path, _query, _request, response) => {
      const { bytes } = await existing(path);
      const blocks = Array.from({ length: Math.ceil(bytes / blockBytes) }, (_, i) => {
        const machines = options.machines?.(i) ?? ['machine-a'];
        return { offset: i * blockBytes, length: Math.min(blockBytes, bytes - i * blockBytes), hosts: machines.map((each) => `dn-of-${each}`), machines, names: machines.map(() => '127.0.0.1:9866'),
          topologyPaths: machines.map((each) => `/rack-of-${each}/127.0.0.1:9866`), cachedHosts: [], corrupt: false, storageTypes: ['DISK'] };
      });
      return json(response, { BlockLocations: { BlockLocation: blocks } });
    },
  };

  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return Object.assign(fake, { port: (server.address() as AddressInfo).port });
}

const exceptions: Readonly<Record<FileError['code'], readonly [name: string, status: number]>> = {
  NotFound: ['FileNotFoundException', 404], Exists: ['FileAlreadyExistsException', 403], NotDirectory: ['ParentNotDirectoryException', 403],
  IsDirectory: ['FileAlreadyExistsException', 403], NoPermission: ['AccessControlException', 403], NoSpace: ['DSQuotaExceededException', 403],
  NotEmpty: ['PathIsNotEmptyDirectoryException', 403], Changed: ['IOException', 403], Io: ['IOException', 403],
};

function fail(response: ServerResponse, error: unknown): void {
  const [exception, status] = error instanceof FileError ? exceptions[error.code] : ['IOException', 403] as const;
  const message = error instanceof Error ? error.message : String(error);
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ RemoteException: { exception, javaClassName: `java.io.${exception}`, message } }));
}
