/** `BlockTransfer` over the transport: the handlers of a datanode's RPC port, and the proxies through which others call. */
import { z } from 'zod';
import { freeMemory } from '../../core/buffer-memory.ts';
import { abortReason, throwIfAborted } from '../../core/abort.ts';
import type { Clock } from '../../core/clock.ts';
import { RpcError } from '../../net/rpc-error.ts';
import type { Peer, RequestHandler, Transport } from '../../net/transport.ts';
import type { BlockTransfer, OpenWrite, Packet, PacketAnswer } from '../block-transfer.ts';
import type { ReplicaState } from '../datanode-protocol.ts';
import type { Block, DatanodeAddress } from '../model.ts';
import { checksumBytes, chunksOf } from './chunk-checksums.ts';
import { ReplicaError, type ReplicaErrorCode } from './replica-error.ts';

/** Data of one packet. */
export const packetBytesMax = 2 * 1024 * 1024;
const pipelineMax = 512;

const text = z.string().max(1024);
const count = z.number().int().nonnegative();
const port = z.number().int().min(0).max(65_535);
const block = z.object({ id: count, generationStamp: count, bytes: count });
const address = z.object({ uuid: text, name: text, host: text, httpPort: port, rpcPort: port, rack: text, machine: text });
const openWrite = z.object({ stage: z.enum(['create', 'append', 'resume', 'transfer']), block, oldGenerationStamp: count.optional(), downstream: z.array(address).max(pipelineMax) });
const packet = z.object({
  blockId: count, generationStamp: count, offset: count, data: z.instanceof(Uint8Array), checksums: z.instanceof(Uint8Array), durability: z.enum(['none', 'flush', 'sync']),
}).refine(({ data, checksums }) => data.length <= packetBytesMax && checksums.length === chunksOf(data.length) * checksumBytes, 'the packet is too long, or its checksums are too many or too few');

interface Endpoint<Args> {
  readonly schema: z.ZodType<Args>;
  readonly call: (service: BlockTransfer, args: Args) => Promise<unknown>;
}
const endpoint = <Args>(schema: z.ZodType<Args>, call: Endpoint<Args>['call']): Endpoint<unknown> => ({ schema, call }) as Endpoint<unknown>;

const endpoints: Readonly<Record<keyof BlockTransfer, Endpoint<unknown>>> = {
  openWrite: endpoint(openWrite, (service, args) => service.openWrite(args)),
  // Once a packet is answered it is on the disk and with the next datanode.
  writePacket: endpoint(packet, (service, args) => service.writePacket(args).finally(() => freeMemory(args.data))),
  finalize: endpoint(block, (service, args) => service.finalize(args)),
  readBlock: endpoint(z.tuple([block, count, count]), (service, args) => service.readBlock(...args)),
  blockChecksum: endpoint(block, (service, args) => service.blockChecksum(args)),
  initReplicaRecovery: endpoint(z.tuple([block, count]), (service, args) => service.initReplicaRecovery(...args)),
  updateReplica: endpoint(z.tuple([block, count, count]), (service, args) => service.updateReplica(...args)),
};

const rpcName = (method: string): string => `transfer.${method}`;

export function blockTransferHandlers(service: BlockTransfer): Readonly<Record<string, RequestHandler>> {
  return Object.fromEntries(Object.entries(endpoints).map(([method, { schema, call }]) => [rpcName(method), async (body: unknown): Promise<unknown> => {
    const parsed = schema.safeParse(body);
    if (!parsed.success) throw new ReplicaError('BadRequest', `${method}: ${z.prettifyError(parsed.error)}`);
    return call(service, parsed.data);
  }]));
}

const answer = z.object({ failed: text });
const bytes = z.instanceof(Uint8Array);
const nothing = z.unknown().transform(() => {});
const checksum = z.object({ md5: bytes, bytes: count });
const found = z.object({ block, state: z.enum(['Finalized', 'BeingWritten', 'WaitingToBeRecovered']) }).optional();

export interface TransferTimeouts {
  /** One call at one datanode. */
  readonly callMs: number;
  /** More for each datanode behind it, so that whoever is nearest to a silent one notices first and can name it. */
  readonly hopMs: number;
}

export const defaultTransferTimeouts: TransferTimeouts = { callMs: 20_000, hopMs: 5000 };

interface OpenCall {
  readonly deadlineMs: number;
  readonly late: () => RpcError;
  readonly cancel: AbortController;
}

const watchEveryMs = 500;

/** Proxies of other datanodes, with one connection to each. */
export class TransferPeers {
  readonly #transport: Transport;
  readonly #clock: Clock;
  readonly #timeouts: TransferTimeouts;
  readonly #peers = new Map<string, Promise<Peer>>();
  readonly #calls = new Set<OpenCall>();
  readonly #closed = new AbortController();
  #watching = false;

  constructor(transport: Transport, clock: Clock, timeouts: TransferTimeouts = defaultTransferTimeouts) {
    this.#transport = transport;
    this.#clock = clock;
    this.#timeouts = timeouts;
  }

  /** `hops`: how many datanodes the callee passes calls on to. Calls reject with `ReplicaError` as the callee threw it, or `RpcError`. */
  to({ host, rpcPort }: DatanodeAddress, hops = 0): BlockTransfer {
    const call = async <T>(method: keyof BlockTransfer, body: unknown, schema: z.ZodType<T>): Promise<T> => {
      const parsed = schema.safeParse(await this.#call(`${host}:${rpcPort}`, method, body, this.#timeouts.callMs + hops * this.#timeouts.hopMs));
      if (!parsed.success) throw new RpcError('Protocol', `${host}:${rpcPort} answered ${method} with something else: ${z.prettifyError(parsed.error)}`);
      return parsed.data;
    };
    return {
      openWrite: (request: OpenWrite): Promise<PacketAnswer> => call('openWrite', request, answer),
      writePacket: (body: Packet): Promise<PacketAnswer> => call('writePacket', body, answer),
      finalize: (body: Block): Promise<PacketAnswer> => call('finalize', body, answer),
      readBlock: (body: Block, offset: number, length: number): Promise<Uint8Array> =>
        call('readBlock', [body, offset, length], bytes.refine((data) => data.length <= length, `more than ${length} bytes`)),
      blockChecksum: (body: Block) => call('blockChecksum', body, checksum),
      initReplicaRecovery: (body: Block, stamp: number): Promise<{ readonly block: Block; readonly state: ReplicaState } | undefined> =>
        call('initReplicaRecovery', [body, stamp], found),
      updateReplica: (body: Block, stamp: number, length: number): Promise<void> => call('updateReplica', [body, stamp, length], nothing),
    };
  }

  close(): void {
    this.#closed.abort(new RpcError('Closed', 'the datanode is closing'));
    for (const peer of this.#peers.values()) peer.then((each) => each.close(), () => {});
  }

  async #call(peer: string, method: keyof BlockTransfer, body: unknown, timeoutMs: number): Promise<unknown> {
    const call: OpenCall = { deadlineMs: this.#clock.nowMs() + timeoutMs, late: () => new RpcError('TimedOut', `${peer} did not answer ${method} within ${timeoutMs} ms`), cancel: new AbortController() };
    throwIfAborted(this.#closed.signal);
    this.#calls.add(call);
    if (!this.#watching) void this.#watch();
    try {
      return await (await this.#dial(peer, call.cancel.signal)).request(rpcName(method), body, call.cancel.signal);
    } catch (error) {
      throw replicaErrorOf(error);
    } finally {
      this.#calls.delete(call);
    }
  }

  /** One timer for all calls: there are thousands of them in a second. */
  async #watch(): Promise<void> {
    this.#watching = true;
    const everyMs = Math.min(watchEveryMs, this.#timeouts.callMs / 4);
    while (this.#calls.size > 0 && !this.#closed.signal.aborted) {
      await this.#clock.sleep(everyMs, this.#closed.signal).catch(() => {});
      const nowMs = this.#clock.nowMs();
      for (const call of this.#calls) if (call.deadlineMs <= nowMs) call.cancel.abort(call.late());
    }
    for (const call of this.#calls) call.cancel.abort(abortReason(this.#closed.signal));
    this.#watching = false;
  }

  async #dial(peer: string, signal: AbortSignal): Promise<Peer> {
    const known = this.#peers.get(peer);
    if (known !== undefined) {
      const connected = await known.catch(() => undefined);
      if (connected?.open === true) return connected;
      if (this.#peers.get(peer) !== known) return this.#dial(peer, signal);
    }
    const dialled = this.#transport.dial(peer, signal);
    this.#peers.set(peer, dialled);
    dialled.catch(() => {
      if (this.#peers.get(peer) === dialled) this.#peers.delete(peer);
    });
    return dialled;
  }
}

const codes: ReadonlySet<string> = new Set<ReplicaErrorCode>(['ReplicaNotFound', 'ReplicaConflict', 'ReplicaCorrupt', 'DiskOutOfSpace', 'DiskFailed', 'Busy', 'BadRequest']);

function replicaErrorOf(error: unknown): unknown {
  if (error instanceof RpcError && error.code === 'Remote' && error.remoteCode !== undefined && codes.has(error.remoteCode)) {
    return new ReplicaError(error.remoteCode as ReplicaErrorCode, error.message, error);
  }
  return error;
}
