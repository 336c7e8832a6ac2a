/** A namenode of one member on a manual clock, with datanodes that hold their replicas in memory, for tests of the service. */
import type { HdfsConfig } from '../../../contract.ts';
import { ManualClock } from '../../../core/clock.ts';
import { silentLogger } from '../../../core/logger.ts';
import { seededRandom } from '../../../core/random.ts';
import type { OpenFile } from '../../client-protocol.ts';
import type { DatanodeCommand } from '../../datanode-protocol.ts';
import type { Block, Caller, DatanodeAddress } from '../../model.ts';
import { openNameNode, type NameNode, type NameNodeOptions } from '../name-node.ts';
import { LocalLog } from './local-log.ts';

export const testConfig: HdfsConfig = {
  clusterId: 'CID-test', clusterName: 'test', namespace: 'default', nameNodes: [{ name: 'nn-0', host: 'nn-0' }], mayFormat: true, replication: 2,
  blockBytes: 1024 * 1024, blockBytesMin: 1024 * 1024, permissions: true, superuser: 'hdfs', supergroup: 'supergroup', umask: 0o022, trashIntervalMinutes: 60, trashCheckpointMinutes: 10,
  safeModeThreshold: 0.999, safeModeDatanodes: 0, deadAfterMs: 10_000, heartbeatMs: 1000, transferBandwidth: 100_000_000, tls: false,
};

export const superuser: Caller = { user: 'hdfs', groups: ['supergroup'] };

/** Lets everything that is ready run: promises, and work that yields. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

export class TestDatanode {
  readonly address: DatanodeAddress;
  readonly replicas = new Map<number, Block>();
  readonly commands: DatanodeCommand[] = [];
  up = true;
  readonly #nameNode: () => NameNode;

  constructor(name: string, nameNode: () => NameNode) {
    this.#nameNode = nameNode;
    this.address = { uuid: `uuid-${name}`, name, host: `host-${name}`, httpPort: 9864, rpcPort: 9867, rack: '/default-rack', machine: `machine-${name}` };
  }

  async start(): Promise<void> {
    const { datanodes, context } = this.#nameNode();
    await datanodes.register({ ...this.address, clusterId: context.config.clusterId });
    await this.beat();
    await this.report();
  }

  async report(): Promise<void> {
    await this.#nameNode().datanodes.blockReport(this.address.uuid, 'v', [...this.replicas.values()].map((each) => ({ ...each, state: 'Finalized' as const })));
  }

  async put(block: Block): Promise<void> {
    this.replicas.set(block.id, block);
    await this.#nameNode().datanodes.incrementalReport(this.address.uuid, [{ ...block, state: 'Finalized' }], []);
  }

  /** Heartbeats and obeys: registers, reports, removes. Other commands are only noted. */
  async beat(): Promise<void> {
    if (!this.up) return;
    const { datanodes } = this.#nameNode();
    const volume = { id: 'v', failed: false, capacityBytes: 2 ** 40, usedBytes: 0, remainingBytes: 2 ** 40 };
    const { commands } = await datanodes.heartbeat({ uuid: this.address.uuid, volumes: [volume], blocks: this.replicas.size, transfers: 0 });
    for (const command of commands) {
      this.commands.push(command);
      if (command.kind === 'register') await this.start();
      if (command.kind === 'report') await this.report();
      if (command.kind === 'invalidate') {
        const gone = command.blocks.filter((each) => this.replicas.get(each.id)?.generationStamp === each.generationStamp).map((each) => each.id);
        for (const id of gone) this.replicas.delete(id);
        await datanodes.incrementalReport(this.address.uuid, [], gone);
      }
    }
  }
}

export class TestCluster {
  readonly clock = new ManualClock(1_800_000_000_000);
  readonly datanodes: TestDatanode[];
  nameNode!: NameNode;
  log!: LocalLog;
  readonly #options: Partial<NameNodeOptions>;

  constructor(datanodes: number, options: Partial<NameNodeOptions> = {}) {
    this.#options = options;
    this.datanodes = Array.from({ length: datanodes }, (_, index) => new TestDatanode(`dn-${index}`, () => this.nameNode));
  }

  /** Runs a test on a started cluster, and closes it. */
  static async with(datanodes: number, run: (cluster: TestCluster) => Promise<void>, options: Partial<NameNodeOptions> = {}): Promise<void> {
    const cluster = new TestCluster(datanodes, options);
    await cluster.start();
    try {
      await run(cluster);
    } finally {
      await cluster.nameNode.close();
    }
  }

  async start(entries: readonly Uint8Array[] = []): Promise<void> {
    this.nameNode = await openNameNode({
      config: testConfig, name: 'nn-0', clock: this.clock, random: seededRandom(1), logger: silentLogger, ...this.#options,
      openLog: async (machine) => {
        this.log = new LocalLog(machine);
        for (const entry of entries) await this.log.propose(entry);
        return this.log;
      },
    });
    await settle();
    for (const each of this.datanodes) await each.start();
    await this.pass(1000);
  }

  /** The process dies and starts again with what was journaled. */
  async restart(): Promise<void> {
    await this.nameNode.close();
    await this.start(this.log.entries);
  }

  /** Time passes, second by second. */
  async pass(durationMs: number): Promise<void> {
    for (let passed = 0; passed < durationMs; passed += 1000) {
      this.clock.advance(1000);
      await settle();
      for (const each of this.datanodes) await each.beat();
    }
    await settle();
  }

  datanode(uuid: string): TestDatanode {
    const found = this.datanodes.find((each) => each.address.uuid === uuid);
    if (found === undefined) throw new Error(`there is no datanode ${uuid}`);
    return found;
  }

  create(path: string, client = 'writer', caller: Caller = superuser): Promise<OpenFile> {
    return this.nameNode.client.create(caller, path, { client, permission: 0o644, overwrite: false, createParent: true });
  }

  /** One more block with so many bytes, written to all its datanodes. The block is not committed yet. */
  async writeBlock(fileId: number, bytes: number, previous?: Block, client = 'writer'): Promise<Block> {
    const { block, locations } = await this.nameNode.client.addBlock(superuser, fileId, client, previous, []);
    const written = { ...block, bytes };
    for (const each of locations) await this.datanode(each.uuid).put(written);
    return written;
  }

  /** A closed file of blocks with so many bytes each. */
  async write(path: string, blockBytes: readonly number[] = [100]): Promise<readonly Block[]> {
    const { status } = await this.create(path);
    const blocks: Block[] = [];
    for (const bytes of blockBytes) blocks.push(await this.writeBlock(status.fileId, bytes, blocks.at(-1)));
    if (!await this.nameNode.client.complete(superuser, status.fileId, 'writer', blocks.at(-1))) throw new Error(`${path} could not be closed`);
    return blocks;
  }
}
