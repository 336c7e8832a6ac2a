/** `DatanodeProtocol` over the transport. Full reports go as columns: a datanode may have a million replicas. */
import { z } from 'zod';
import type { Peer, RequestHandler, Transport } from '../net/transport.ts';
import { hdfsErrorOf } from './client-protocol-rpc.ts';
import type { DatanodeProtocol, HeartbeatAnswer, ReplicaReport, ReplicaState } from './datanode-protocol.ts';
import { HdfsError } from './hdfs-error.ts';
import type { Block } from './model.ts';

const text = z.string().max(1024);
const count = z.number().int().nonnegative();
const block = z.object({ id: count, generationStamp: count, bytes: count });
const port = z.number().int().min(0).max(65_535);
const registration = z.object({ uuid: text, name: text, host: text, httpPort: port, rpcPort: port, rack: text, machine: text, clusterId: text });
const volume = z.object({ id: text, failed: z.boolean(), capacityBytes: count, usedBytes: count, remainingBytes: count });
const heartbeat = z.object({ uuid: text, volumes: z.array(volume).max(1000), blocks: count, transfers: count });
const columns = z.object({ ids: z.instanceof(Float64Array), stamps: z.instanceof(Float64Array), bytes: z.instanceof(Float64Array), states: z.instanceof(Uint8Array) });
type Columns = z.infer<typeof columns>;

const states: readonly ReplicaState[] = ['Finalized', 'BeingWritten', 'WaitingToBeRecovered'];

function toColumns(replicas: readonly ReplicaReport[]): Columns {
  return {
    ids: Float64Array.from(replicas, (each) => each.id), stamps: Float64Array.from(replicas, (each) => each.generationStamp),
    bytes: Float64Array.from(replicas, (each) => each.bytes), states: Uint8Array.from(replicas, (each) => states.indexOf(each.state)),
  };
}

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;

function fromColumns({ ids, stamps, bytes, states: codes }: Columns): ReplicaReport[] {
  if (stamps.length !== ids.length || bytes.length !== ids.length || codes.length !== ids.length) throw new HdfsError('IllegalArgumentException', 'the columns of a report differ in length');
  return Array.from(ids, (id, index) => {
    const state = states[codes[index] ?? -1];
    const replica = { id, generationStamp: stamps[index] ?? -1, bytes: bytes[index] ?? -1 };
    if (state === undefined || !Object.values(replica).every(isCount)) throw new HdfsError('IllegalArgumentException', `a report has no replica in row ${index}`);
    return { ...replica, state };
  });
}

/** Arguments, and how they are handed to the namenode. */
interface Endpoint<Args> {
  readonly schema: z.ZodType<Args>;
  readonly call: (service: DatanodeProtocol, args: Args) => Promise<unknown>;
}
const endpoint = <Args>(schema: z.ZodType<Args>, call: Endpoint<Args>['call']): Endpoint<unknown> => ({ schema, call }) as Endpoint<unknown>;

const endpoints: Readonly<Record<keyof DatanodeProtocol, Endpoint<unknown>>> = {
  register: endpoint(registration, (service, args) => service.register(args)),
  heartbeat: endpoint(heartbeat, (service, args) => service.heartbeat(args)),
  blockReport: endpoint(z.tuple([text, text, columns]), (service, [uuid, volumeId, replicas]) => service.blockReport(uuid, volumeId, fromColumns(replicas))),
  incrementalReport: endpoint(z.tuple([text, columns, z.instanceof(Float64Array)]),
    (service, [uuid, received, deleted]) => service.incrementalReport(uuid, fromColumns(received), [...deleted])),
  reportBadReplica: endpoint(z.tuple([block, text]), (service, [bad, uuid]) => service.reportBadReplica(bad, uuid)),
  commitRecovery: endpoint(z.tuple([block, block, z.array(text).max(1000)]), (service, [old, next, datanodes]) => service.commitRecovery(old, next, datanodes)),
};

const rpcName = (method: string): string => `datanode.${method}`;

export function datanodeProtocolHandlers(service: DatanodeProtocol): Readonly<Record<string, RequestHandler>> {
  return Object.fromEntries(Object.entries(endpoints).map(([method, { schema, call }]) => [rpcName(method), async (body: unknown): Promise<unknown> => {
    const parsed = schema.safeParse(body);
    if (!parsed.success) throw new HdfsError('IllegalArgumentException', `${method}: ${z.prettifyError(parsed.error)}`);
    return call(service, parsed.data);
  }]));
}

/**
 * One namenode's, as a datanode talks to all of them. Dials when there is no connection. Rejects with `HdfsError`, with `RpcError` when the namenode
 * cannot be reached, or with the signal's reason; every call ends when the signal aborts.
 */
export function datanodeProtocolClient(transport: Transport, address: string, signal: AbortSignal): DatanodeProtocol & { close(): void } {
  let connection: Promise<Peer> | undefined;
  const peer = async (): Promise<Peer> => {
    const known = await connection?.catch(() => undefined);
    if (known?.open === true) return known;
    connection = transport.dial(address, signal);
    return connection;
  };
  const request = async (method: keyof DatanodeProtocol, body: unknown): Promise<unknown> => {
    try {
      return await (await peer()).request(rpcName(method), body, signal);
    } catch (error) {
      throw hdfsErrorOf(error);
    }
  };
  const told = async (method: keyof DatanodeProtocol, body: unknown): Promise<void> => void await request(method, body);
  return {
    register: (body) => told('register', body),
    heartbeat: async (body) => await request('heartbeat', body) as HeartbeatAnswer,
    blockReport: (uuid, volumeId, replicas) => told('blockReport', [uuid, volumeId, toColumns(replicas)]),
    incrementalReport: (uuid, received, deleted) => told('incrementalReport', [uuid, toColumns(received), Float64Array.from(deleted)]),
    reportBadReplica: (bad: Block, uuid) => told('reportBadReplica', [bad, uuid]),
    commitRecovery: (old, next, datanodes) => told('commitRecovery', [old, next, datanodes]),
    close: () => void connection?.then((each) => each.close(), () => {}),
  };
}
