/** A namenode and datanodes in one process, on disks in memory: for tests of writing, reading and recovery. */
import type { HdfsConfig } from '../../../contract.ts';
import { systemClock } from '../../../core/clock.ts';
import { silentLogger } from '../../../core/logger.ts';
import { seededRandom } from '../../../core/random.ts';
import { MemoryDisk } from '../../../storage/memory-disk.ts';
import { openNameNode, type NameNode } from '../../namenode/name-node.ts';
import { LocalLog } from '../../namenode/testdata/local-log.ts';
import type { Caller } from '../../model.ts';
import { BlockWriter, type BlockWriterOptions } from '../block-writer.ts';
import { readFile } from '../block-reader.ts';
import { openDataNode, type DataNode, type DataNodeOptions } from '../data-node.ts';
import { MemoryNetwork } from './memory-transport.ts';

export const testConfig: HdfsConfig = {
  clusterId: 'CID-test', clusterName: 'test', namespace: 'default', nameNodes: [{ name: 'nn-0', host: 'nn-0' }], mayFormat: true, replication: 3,
  blockBytes: 64 * 1024, blockBytesMin: 1024, permissions: true, superuser: 'hdfs', supergroup: 'supergroup', umask: 0o022, trashIntervalMinutes: 0, trashCheckpointMinutes: 0,
  safeModeThreshold: 0.999, safeModeDatanodes: 0, deadAfterMs: 60_000, heartbeatMs: 100, transferBandwidth: 1_000_000_000, tls: false,
};

export const superuser: Caller = { user: 'hdfs', groups: ['supergroup'] };
const signal = new AbortController().signal;

/** Resolves once it is so; rejects after ten seconds. */
export async function eventually(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const deadline = performance.now() + 10_000; performance.now() < deadline;) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`it did not come to pass: ${what}`);
}

export class TestHdfs implements AsyncDisposable {
  readonly network = new MemoryNetwork();
  readonly disks: MemoryDisk[];
  readonly nodes: DataNode[] = [];
  readonly #options: Partial<DataNodeOptions>;
  readonly config: HdfsConfig;
  nameNode!: NameNode;

  private constructor(datanodes: number, config: Partial<HdfsConfig>, options: Partial<DataNodeOptions>, diskBytes: number | undefined) {
    this.config = { ...testConfig, ...config };
    this.#options = options;
    this.disks = Array.from({ length: datanodes }, () => new MemoryDisk(diskBytes === undefined ? {} : { capacityBytes: diskBytes }));
  }

  static async start(datanodes = 3, config: Partial<HdfsConfig> = {}, options: Partial<DataNodeOptions> = {}, diskBytes?: number): Promise<TestHdfs> {
    const hdfs = new TestHdfs(datanodes, config, options, diskBytes);
    hdfs.nameNode = await openNameNode({
      config: hdfs.config, name: 'nn-0', clock: systemClock(), random: seededRandom(3), logger: silentLogger, tickMs: 20,
      openLog: async (machine) => new LocalLog(machine),
    });
    await hdfs.network.transport('nn-0').listen(8020, hdfs.nameNode.handlers);
    await eventually('the namenode is active', () => hdfs.nameNode.isActive);
    for (let index = 0; index < datanodes; index += 1) await hdfs.startNode(index);
    await eventually('all datanodes are ready, and safe mode is over', () => hdfs.nodes.every((each) => each.ready) && !hdfs.nameNode.safeMode().on);
    return hdfs;
  }

  /** On the disk that is there. */
  async startNode(index: number): Promise<void> {
    const host = `dn-${index}`;
    const transport = this.network.transport(host);
    const node = await openDataNode({
      config: this.config, address: { name: host, host, httpPort: 9864, rpcPort: 9867, rack: '/default-rack', machine: host },
      disks: [{ label: `disk-${index}`, disk: this.disks[index] as MemoryDisk }], transport, clock: systemClock(), random: seededRandom(100 + index), logger: silentLogger,
      onFailure: () => {}, reserveBytes: 0, timeouts: { callMs: 400, hopMs: 100 }, ...this.#options,
    });
    await transport.listen(9867, node.handlers);
    node.start();
    this.nodes[index] = node;
  }

  node(index = 0): DataNode {
    const node = this.nodes[index];
    if (node === undefined) throw new Error(`there is no datanode ${index}`);
    return node;
  }

  /** Written by the first datanode; the first replica comes to lie on the datanode `near`. */
  create(path: string, options: BlockWriterOptions = {}, replication = this.config.replication, near = 0): Promise<BlockWriter> {
    const { host } = this.node(near).address;
    return BlockWriter.create(this.node().access, { ...superuser, host }, path, { client: `writer of ${path}`, permission: 0o644, overwrite: false, createParent: true, replication }, { packetBytes: 4096, ...options });
  }

  async write(path: string, data: Uint8Array, replication?: number): Promise<void> {
    const writer = await this.create(path, {}, replication);
    await writer.write(data);
    await writer.close();
  }

  async read(path: string, from = 0, offset = 0, length?: number): Promise<Buffer> {
    const pieces: Uint8Array[] = [];
    for await (const piece of readFile(this.node(from).access, { caller: superuser, path, offset, length }, signal, { pieceBytes: 8192 })) pieces.push(piece);
    return Buffer.concat(pieces);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.nodes.map((each) => each.close()));
    await this.nameNode.close();
  }
}
