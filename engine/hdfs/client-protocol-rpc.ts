/**
 * `ClientProtocol` over the transport: the handlers of a namenode's RPC port, and the proxy through which datanodes call. The proxy finds the active
 * namenode and goes on with another one when it is lost; a call that is repeated carries the id of the first attempt, so that it is done once.
 */
import { z } from 'zod';
import { abortReason } from '../core/abort.ts';
import type { Clock } from '../core/clock.ts';
import { integerBelow, type Random } from '../core/random.ts';
import { RpcError } from '../net/rpc-error.ts';
import type { Peer, RequestHandler, Transport } from '../net/transport.ts';
import type { ClientProtocol } from './client-protocol.ts';
import { HdfsError, hdfsExceptions, type HdfsException } from './hdfs-error.ts';
import { pathBytesMax, type Caller } from './model.ts';

const text = z.string().max(1024);
const path = z.string().max(pathBytesMax);
const count = z.number().int().nonnegative();
const caller = z.object({ user: text, groups: z.array(text).max(1000), host: text.optional(), callId: text.optional() });
const block = z.object({ id: count, generationStamp: count, bytes: count });
const uuids = z.array(text).max(1000);
const optionalCount = count.optional();
const createOptions = z.object({
  client: text, permission: count, overwrite: z.boolean(), createParent: z.boolean(), replication: optionalCount, blockBytes: optionalCount,
});

/** Arguments by method, as the interface has them. */
const argumentSchemas = {
  getFileStatus: z.tuple([caller, path]),
  listStatus: z.tuple([caller, path, path]),
  getContentSummary: z.tuple([caller, path]),
  getBlockLocations: z.tuple([caller, path, count, count]),
  checkAccess: z.tuple([caller, path, text]),
  getServerDefaults: z.tuple([]),
  getFileSystemStatus: z.tuple([]),
  getHomeDirectory: z.tuple([caller]),
  getTrashRoot: z.tuple([caller, path]),
  mkdirs: z.tuple([caller, path, count, z.boolean()]),
  rename: z.tuple([caller, path, path]),
  renameWith: z.tuple([caller, path, path, z.object({ overwrite: z.boolean(), toTrash: z.boolean() })]),
  delete: z.tuple([caller, path, z.boolean()]),
  concat: z.tuple([caller, path, z.array(path).max(10_000)]),
  setReplication: z.tuple([caller, path, count]),
  setPermission: z.tuple([caller, path, count]),
  setOwner: z.tuple([caller, path, text.optional(), text.optional()]),
  setTimes: z.tuple([caller, path, z.number().optional(), z.number().optional()]),
  setQuota: z.tuple([caller, path, z.number().int().optional(), z.number().int().optional()]),
  create: z.tuple([caller, path, createOptions]),
  append: z.tuple([caller, path, text]),
  truncate: z.tuple([caller, path, count, text]),
  addBlock: z.tuple([caller, count, text, block.optional(), uuids]),
  abandonBlock: z.tuple([caller, count, text, block]),
  updateBlockForPipeline: z.tuple([caller, count, text, block]),
  updatePipeline: z.tuple([caller, count, text, block, block, uuids]),
  getAdditionalDatanode: z.tuple([caller, count, uuids, uuids]),
  persistLength: z.tuple([caller, count, text, block]),
  complete: z.tuple([caller, count, text, block.optional()]),
  discard: z.tuple([caller, count, text]),
  renewLease: z.tuple([caller, text]),
  recoverLease: z.tuple([caller, path, text]),
  getDelegationToken: z.tuple([caller, text]),
  renewDelegationToken: z.tuple([caller, z.string().max(65_536)]),
  cancelDelegationToken: z.tuple([caller, z.string().max(65_536)]),
  verifyDelegationToken: z.tuple([z.string().max(65_536)]),
  getDatanodeReport: z.tuple([]),
} satisfies Readonly<Record<keyof ClientProtocol, z.ZodType>>;

type Method = keyof ClientProtocol;
export const clientProtocolMethods = Object.keys(argumentSchemas) as Method[];

/** Repeating these does no harm; all others get a call id. */
const reads: ReadonlySet<Method> = new Set<Method>([
  'getFileStatus', 'listStatus', 'getContentSummary', 'getBlockLocations', 'checkAccess', 'getServerDefaults', 'getFileSystemStatus', 'getHomeDirectory',
  'getTrashRoot', 'renewLease', 'verifyDelegationToken', 'getDatanodeReport', 'getAdditionalDatanode',
]);

/** What goes over the wire: an answer, or that another namenode is to be asked. */
const answerSchema = z.union([z.object({ value: z.unknown() }), z.object({ standby: z.literal(true), leader: z.string().optional() })]);
type Answer = { readonly value: unknown } | { readonly standby: true; readonly leader?: string | undefined };

const rpcName = (method: string): string => `client.${method}`;

/** `leader`: name of the namenode to ask instead, when this one is a standby. */
export function clientProtocolHandlers(service: ClientProtocol, leader: () => string | undefined): Readonly<Record<string, RequestHandler>> {
  return Object.fromEntries(clientProtocolMethods.map((method) => [rpcName(method), async (body: unknown): Promise<Answer> => {
    const parsed = argumentSchemas[method].safeParse(body);
    if (!parsed.success) throw new HdfsError('IllegalArgumentException', `${method}: ${z.prettifyError(parsed.error)}`);
    const call = service[method] as (...args: unknown[]) => Promise<unknown>;
    try {
      return { value: await call.apply(service, parsed.data) };
    } catch (error) {
      if (error instanceof HdfsError && error.code === 'StandbyException') return { standby: true, leader: leader() };
      throw error;
    }
  }]));
}

export interface NameNodeAddress {
  readonly name: string;
  /** `host:port` of its RPC. */
  readonly address: string;
}

export interface ClientProtocolOptions {
  readonly transport: Transport;
  readonly nameNodes: readonly NameNodeAddress[];
  readonly clock: Clock;
  readonly random: Random;
  /** One attempt at one namenode. */
  readonly attemptTimeoutMs?: number;
  /** All attempts together: then the call fails. */
  readonly timeoutMs?: number;
}

const backOffMs = { first: 50, max: 1000 };

/** Once more, of the error that a peer sent as a code and a message. */
export function hdfsErrorOf(error: unknown): unknown {
  if (error instanceof RpcError && error.code === 'Remote' && error.remoteCode !== undefined && Object.hasOwn(hdfsExceptions, error.remoteCode)) {
    return new HdfsError(error.remoteCode as HdfsException, error.message, error);
  }
  return error;
}

/** A connection to each namenode, made when it is needed. */
class NameNodeConnections {
  readonly #options: ClientProtocolOptions;
  readonly #peers = new Map<string, Promise<Peer>>();
  readonly closed = new AbortController();

  constructor(options: ClientProtocolOptions) {
    this.#options = options;
  }

  async request(address: string, method: string, body: unknown, signal: AbortSignal): Promise<unknown> {
    const peer = await this.#peer(address);
    return peer.request(method, body, signal);
  }

  close(): void {
    this.closed.abort(new HdfsError('IOException', 'the client of the namenodes is closed'));
    for (const peer of this.#peers.values()) peer.then((each) => each.close(), () => {});
  }

  async #peer(address: string): Promise<Peer> {
    const known = this.#peers.get(address);
    if (known !== undefined) {
      const peer = await known;
      if (peer.open) return peer;
      if (this.#peers.get(address) !== known) return this.#peer(address);
    }
    const dialled = this.#options.transport.dial(address, this.closed.signal);
    this.#peers.set(address, dialled);
    dialled.catch(() => {
      if (this.#peers.get(address) === dialled) this.#peers.delete(address);
    });
    return dialled;
  }
}

/** Calls go to the active namenode, whichever it is. */
export function clientProtocolClient(options: ClientProtocolOptions): ClientProtocol & { close(): void } {
  const connections = new NameNodeConnections(options);
  const state = { current: 0 };
  const methods = clientProtocolMethods.map((method) => [method, (...args: unknown[]): Promise<unknown> =>
    callActive(options, connections, state, method, reads.has(method) ? args : withCallId(args, options.random))]);
  return { ...(Object.fromEntries(methods) as ClientProtocol), close: () => connections.close() };
}

function withCallId(args: readonly unknown[], random: Random): readonly unknown[] {
  const first = args[0] as Caller;
  if (first.callId !== undefined) return args;
  return [{ ...first, callId: Buffer.from(random.bytes(16)).toString('hex') }, ...args.slice(1)];
}

async function callActive(options: ClientProtocolOptions, connections: NameNodeConnections, state: { current: number }, method: Method, args: readonly unknown[]): Promise<unknown> {
  const { clock, nameNodes } = options;
  const deadlineMs = clock.nowMs() + (options.timeoutMs ?? 60_000);
  let last = 'no namenode was asked';
  for (let failures = 0; ; failures += 1) {
    const index = state.current % nameNodes.length;
    const target = nameNodes[index];
    if (target === undefined) throw new HdfsError('IOException', 'no namenode is configured');
    const outcome = await attempt(options, connections, target, method, args);
    if (outcome.kind === 'answer') return outcome.value;
    last = outcome.reason;
    const hinted = outcome.leader === undefined ? -1 : nameNodes.findIndex((each) => each.name === outcome.leader);
    // Others may have moved on meanwhile.
    if (state.current % nameNodes.length === index) state.current = hinted >= 0 ? hinted : (index + 1) % nameNodes.length;
    if (hinted >= 0 && hinted !== index && failures === 0) continue;
    if (clock.nowMs() >= deadlineMs) break;
    // One round over all of them is free; then it is a matter of waiting for an election.
    const round = Math.floor((failures + 1) / nameNodes.length);
    const delayMs = round === 0 ? 0 : Math.min(backOffMs.max, backOffMs.first * 2 ** (round - 1));
    if (delayMs > 0) await clock.sleep(delayMs / 2 + integerBelow(options.random, delayMs / 2 + 1), connections.closed.signal);
  }
  throw new HdfsError('IOException', `${method}: no active namenode could be reached: ${last}`);
}

type Outcome = { readonly kind: 'answer'; readonly value: unknown } | { readonly kind: 'elsewhere'; readonly leader?: string | undefined; readonly reason: string };

async function attempt(options: ClientProtocolOptions, connections: NameNodeConnections, target: NameNodeAddress, method: Method, args: readonly unknown[]): Promise<Outcome> {
  const over = new AbortController();
  const timeoutMs = options.attemptTimeoutMs ?? 5000;
  const late = options.clock.sleep(timeoutMs, over.signal).then(() => {
    const reason = new RpcError('TimedOut', `${target.name} did not answer ${method} within ${timeoutMs} ms`);
    cancel.abort(reason);
    throw reason;
  });
  late.catch(() => {});
  const cancel = new AbortController();
  try {
    const body = await Promise.race([connections.request(target.address, rpcName(method), args, cancel.signal), late]);
    const answer = answerSchema.parse(body) as Answer;
    if ('standby' in answer) return { kind: 'elsewhere', leader: answer.leader, reason: `${target.name} is a standby` };
    return { kind: 'answer', value: answer.value };
  } catch (error) {
    if (connections.closed.signal.aborted) throw abortReason(connections.closed.signal);
    const known = hdfsErrorOf(error);
    if (known instanceof HdfsError && known.code === 'RetriableException') return { kind: 'elsewhere', leader: target.name, reason: known.message };
    if (error instanceof RpcError && error.retryable) return { kind: 'elsewhere', reason: `${target.name}: ${error.message}` };
    throw known;
  } finally {
    over.abort();
  }
}
