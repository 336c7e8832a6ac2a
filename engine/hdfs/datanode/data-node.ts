/**
 * A datanode: its replicas, the pipelines through it, what it tells the namenodes and what these order. Built from a clock, disks and a transport, so
 * that the simulation runs it as it is.
 */
import { port, type HdfsConfig } from '../../contract.ts';
import type { Clock } from '../../core/clock.ts';
import type { Logger } from '../../core/logger.ts';
import type { Random } from '../../core/random.ts';
import type { RequestHandler, Transport } from '../../net/transport.ts';
import type { BlockTransfer } from '../block-transfer.ts';
import { clientProtocolClient } from '../client-protocol-rpc.ts';
import type { ClientProtocol } from '../client-protocol.ts';
import { datanodeProtocolClient } from '../datanode-protocol-rpc.ts';
import type { DatanodeProtocol, Registration } from '../datanode-protocol.ts';
import { HdfsError } from '../hdfs-error.ts';
import type { Block, DatanodeAddress } from '../model.ts';
import { BlockStore } from './block-store.ts';
import { blockTransferHandlers, TransferPeers, type TransferTimeouts } from './block-transfer-rpc.ts';
import { CommandRunner } from './command-runner.ts';
import type { DataAccess } from './data-access.ts';
import { NameNodeLink } from './name-node-link.ts';
import { scanVolume, type ScannerOptions } from './scanner.ts';
import { TransferService, type TransferLimits } from './transfer-service.ts';
import type { DiskAt } from './volume-set.ts';

export interface DataNodeOptions {
  readonly config: HdfsConfig;
  /** How others reach it; the uuid stands on its disks. */
  readonly address: Omit<DatanodeAddress, 'uuid'>;
  readonly disks: readonly DiskAt[];
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** It cannot go on: all volumes have failed. */
  readonly onFailure: (error: unknown) => void;
  readonly nameNodeRpcPort?: number;
  readonly reserveBytes?: number;
  readonly limits?: Partial<TransferLimits>;
  readonly timeouts?: TransferTimeouts;
  readonly scanner?: Pick<ScannerOptions, 'bytesPerSecond' | 'periodMs'>;
  readonly fullReportMs?: number;
}

/** How often writers that are gone are looked for, and what they left is told of again. */
const sweepEveryMs = 30_000;

interface Parts {
  readonly options: DataNodeOptions;
  readonly store: BlockStore;
  readonly service: TransferService;
  readonly peers: TransferPeers;
  readonly client: ClientProtocol & { close(): void };
  readonly stop: AbortController;
}

/** Loads the disks. Rejects with `WrongDiskError` or `NoDiskError`. Nothing is told to anybody before `start`. */
export async function openDataNode(options: DataNodeOptions): Promise<DataNode> {
  const { config, clock, random, logger, disks, transport, onFailure } = options;
  const store = await BlockStore.open({
    disks, clusterId: config.clusterId, clock, random, logger, blockBytes: config.blockBytes, onFailure, reserveBytes: options.reserveBytes,
  });
  const peers = new TransferPeers(transport, clock, options.timeouts);
  const service = new TransferService({ store, clock, logger, peer: (address, hops) => peers.to(address, hops), ...(options.limits === undefined ? {} : { limits: options.limits }) });
  const rpcPort = options.nameNodeRpcPort ?? port.nameNodeRpc;
  const nameNodes = config.nameNodes.map(({ name, host }) => ({ name, address: `${host}:${rpcPort}` }));
  const client = clientProtocolClient({ transport, nameNodes, clock, random });
  return new DataNode({ options, store, service, peers, client, stop: new AbortController() }, nameNodes);
}

export class DataNode {
  readonly address: DatanodeAddress;
  readonly store: BlockStore;
  /** For reading and writing files from this process: its own replicas are used without RPC. */
  readonly access: DataAccess;
  readonly #parts: Parts;
  readonly #nameNodes: readonly (DatanodeProtocol & { close(): void })[];
  readonly #links: readonly NameNodeLink[];
  readonly #commands: CommandRunner;
  #loops: Promise<unknown> = Promise.resolve();

  constructor(parts: Parts, nameNodes: readonly { readonly name: string; readonly address: string }[]) {
    this.#parts = parts;
    const { options, store, service, stop } = parts;
    const { config, clock, random, logger, transport } = options;
    this.store = store;
    this.address = { ...options.address, uuid: store.uuid };
    const { trusted } = service;
    this.access = {
      client: parts.client, clock, random, logger,
      peer: (address, hops): BlockTransfer => address.uuid === store.uuid ? trusted : parts.peers.to(address, hops),
      reportBad: (block, uuid) => this.#reportBad(block, uuid),
    };
    this.#commands = new CommandRunner({ access: this.access, store, logger, transferBandwidth: config.transferBandwidth });
    const registration: Registration = { ...this.address, clusterId: config.clusterId };
    this.#nameNodes = nameNodes.map(({ address }) => datanodeProtocolClient(transport, address, stop.signal));
    this.#links = nameNodes.map(({ name }, index) => new NameNodeLink({
      name, nameNode: this.#nameNodes[index] as DatanodeProtocol, store, registration, heartbeatMs: config.heartbeatMs, clock, random, logger,
      transfers: () => service.writes + this.#commands.copies, onAnswer: (answer, nameNode) => this.#commands.obey(answer, nameNode), fullReportMs: options.fullReportMs,
    }));
    store.onChange = (change) => {
      for (const link of this.#links) link.note(change);
    };
    store.onCorrupt = (block) => this.#reportBad(block, store.uuid);
  }

  /** For the RPC port. */
  get handlers(): Readonly<Record<string, RequestHandler>> {
    return blockTransferHandlers(this.#parts.service);
  }

  /** Some namenode knows it and its replicas. */
  get ready(): boolean {
    return this.live && this.#links.some((each) => each.ready);
  }

  get live(): boolean {
    return !this.#parts.stop.signal.aborted;
  }

  /** Once its port listens: registers, reports, scans. */
  start(): void {
    const { store, stop, options } = this.#parts;
    const { clock, logger, scanner } = options;
    for (const link of this.#links) link.start(stop.signal);
    this.#loops = Promise.all([this.#sweep(), ...store.volumes.working.map((volume) => scanVolume({ store, clock, logger, ...scanner }, volume, stop.signal))]);
  }

  /** Ends what is under way and closes all files. Idempotent. */
  async close(): Promise<void> {
    const { stop, peers, client, service, store } = this.#parts;
    if (!this.live) return;
    stop.abort(new HdfsError('IOException', 'the datanode is closing'));
    peers.close();
    client.close();
    for (const each of this.#nameNodes) each.close();
    await this.#commands.close();
    await service.close();
    await Promise.all([...this.#links.map((each) => each.ended()), this.#loops]);
    await store.close();
  }

  #reportBad(block: Block, uuid: string): void {
    this.#parts.options.logger.warn({ block: block.id, datanode: uuid }, 'a replica is damaged');
    for (const link of this.#links) void link.reportBad(block, uuid);
  }

  async #sweep(): Promise<void> {
    const { options, service, store, stop } = this.#parts;
    while (!stop.signal.aborted) {
      await options.clock.sleep(sweepEveryMs, stop.signal).catch(() => {});
      if (stop.signal.aborted) return;
      await service.sweep();
      store.reportUnfinished();
    }
  }
}
