/** Health, status and administration over the namenode's HTTP port: requests in, responses out. Whoever listens mounts it. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { decommissionRequestSchema, httpPath, type HdfsStatus } from '../../contract.ts';
import type { Logger } from '../../core/logger.ts';
import { adminPath, safeModeRequestSchema, type FsckReport, type SafeModeState } from '../admin-protocol.ts';
import { HdfsError } from '../hdfs-error.ts';
import type { DatanodeReport } from '../model.ts';

export interface AdminRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly authorization: string | undefined;
  /** At most `adminBodyBytesMax`. */
  readonly body: Uint8Array;
}

export interface AdminResponse {
  readonly status: number;
  readonly body: object;
}

/** What the handlers need of the namenode. */
export interface NameNodeAdmin {
  readonly live: boolean;
  /** Serves, as the active one or as a standby that knows one and has caught up. */
  readonly ready: boolean;
  status(): HdfsStatus;
  datanodeReport(): readonly DatanodeReport[];
  safeMode(): SafeModeState;
  /** The rest: active only, reject with `HdfsError` StandbyException. */
  setSafeMode(on: boolean): Promise<SafeModeState>;
  decommission(datanodes: readonly string[]): Promise<void>;
  /** Rejects with `HandoverRefused`. */
  handover(): Promise<void>;
  fsck(path: string, all: boolean): Promise<FsckReport>;
}

/** No other namenode can take over now. */
export class HandoverRefused extends Error {
  override readonly name = 'HandoverRefused';
  readonly code = 'HandoverRefused';
}

export const adminBodyBytesMax = 1 << 20;

interface Endpoint {
  readonly methods: Readonly<Record<string, (admin: NameNodeAdmin, request: AdminRequest) => Promise<AdminResponse>>>;
  readonly open?: true;
}

const ok = (body: object): AdminResponse => ({ status: 200, body });

const endpoints: Readonly<Record<string, Endpoint>> = {
  [httpPath.live]: { open: true, methods: { GET: async (admin) => ({ status: admin.live ? 200 : 503, body: { live: admin.live } }) } },
  [httpPath.ready]: { open: true, methods: { GET: async (admin) => ({ status: admin.ready ? 200 : 503, body: { ready: admin.ready } }) } },
  [httpPath.hdfsStatus]: { methods: { GET: async (admin) => ok(admin.status()) } },
  [httpPath.decommission]: { methods: { PUT: async (admin, request) => {
    const { datanodes } = bodyOf(request, decommissionRequestSchema);
    await admin.decommission(datanodes);
    return ok({ datanodes });
  } } },
  [httpPath.handover]: { methods: { POST: async (admin) => {
    await admin.handover();
    return ok({ handedOver: true });
  } } },
  [adminPath.datanodes]: { methods: { GET: async (admin) => ok({ datanodes: admin.datanodeReport() }) } },
  [adminPath.safeMode]: { methods: {
    GET: async (admin) => ok(admin.safeMode()),
    PUT: async (admin, request) => ok(await admin.setSafeMode(bodyOf(request, safeModeRequestSchema).action === 'enter')),
  } },
  [adminPath.fsck]: { methods: { GET: async (admin, request) => ok(await admin.fsck(request.query.get('path') ?? '/', request.query.get('all') === 'true')) } },
};

export const adminPaths: ReadonlySet<string> = new Set(Object.keys(endpoints));

/** Undefined: the path is none of these. */
export function adminHandler(admin: NameNodeAdmin, secret: Uint8Array, logger: Logger): (request: AdminRequest) => Promise<AdminResponse | undefined> {
  const secretDigest = digest(secret);
  return async (request) => {
    const endpoint = Object.hasOwn(endpoints, request.path) ? endpoints[request.path] : undefined;
    if (endpoint === undefined) return undefined;
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    const call = Object.hasOwn(endpoint.methods, method) ? endpoint.methods[method] : undefined;
    if (call === undefined) return { status: 405, body: { error: `use ${Object.keys(endpoint.methods).join(' or ')}` } };
    if (endpoint.open !== true && !isAuthorized(request.authorization, secretDigest)) return { status: 401, body: { error: "send `Authorization: Bearer <the cluster's secret>`" } };
    try {
      return await call(admin, request);
    } catch (error) {
      return failure(error, logger, request);
    }
  };
}

function failure(error: unknown, logger: Logger, request: AdminRequest): AdminResponse {
  if (error instanceof BadRequest) return { status: 400, body: { error: error.message } };
  if (error instanceof HandoverRefused) return { status: 409, body: { error: error.message } };
  if (error instanceof HdfsError) {
    const status = error.code === 'FileNotFoundException' ? 404 : error.code === 'StandbyException' ? 409 : 403;
    return { status, body: { error: error.message, exception: error.code } };
  }
  logger.error({ err: error, path: request.path }, 'a request failed');
  return { status: 500, body: { error: 'the namenode failed to answer: see its log' } };
}

class BadRequest extends Error {
  override readonly name = 'BadRequest';
}

function bodyOf<T>(request: AdminRequest, schema: z.ZodType<T>): T {
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(request.body).toString('utf8'));
  } catch (cause) {
    throw new BadRequest('the body is not JSON', { cause });
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) throw new BadRequest(z.prettifyError(parsed.error));
  return parsed.data;
}

/** Compared by digest, in constant time. */
function isAuthorized(authorization: string | undefined, secretDigest: Buffer): boolean {
  const token = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1];
  return timingSafeEqual(digest(Buffer.from(token ?? '')), secretDigest) && token !== undefined;
}

function digest(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
