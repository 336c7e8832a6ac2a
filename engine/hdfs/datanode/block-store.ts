/**
 * The replicas of a datanode: written, made final, read, recovered and removed. What happens to one replica happens one after the other; different ones
 * go on side by side. Calls reject with `ReplicaError`.
 */
import { createHash } from 'node:crypto';
import { unreachable } from '../../core/assert.ts';
import type { Logger } from '../../core/logger.ts';
import { FileError } from '../../storage/file-system.ts';
import type { OpenWrite, Packet } from '../block-transfer.ts';
import type { ReplicaReport, ReplicaState, VolumeReport } from '../datanode-protocol.ts';
import type { Block } from '../model.ts';
import { checksumBytes } from './chunk-checksums.ts';
import { Deletions } from './deletions.ts';
import { KeyedLock } from './keyed-lock.ts';
import { encodeMetaHeader, metaBytes, type Seal } from './meta-file.ts';
import { ReadHandles } from './read-handles.ts';
import { ReplicaError } from './replica-error.ts';
import { checksumsUpTo, readSeals, withFile, writeMeta } from './replica-files.ts';
import { loadReplicas } from './replica-loader.ts';
import { metaPath, replicaDirectory } from './replica-path.ts';
import { readReplica } from './replica-reader.ts';
import { ReplicaWriter } from './replica-writer.ts';
import { Replica } from './replica.ts';
import type { Volume } from './volume.ts';
import { NoDiskError, VolumeSet, type VolumeSetOptions } from './volume-set.ts';

export interface BlockStoreOptions extends VolumeSetOptions {
  readonly logger: Logger;
  /** What is set aside for a replica that is begun; a write that needs more takes it if it is there. */
  readonly blockBytes: number;
  /** All volumes have failed. */
  readonly onFailure: (error: NoDiskError) => void;
}

export interface ReplicaChange {
  readonly received?: ReplicaReport;
  readonly deleted?: number;
}

/** A reader gets at most so many bytes at once. */
export const readBytesMax = 4 * 1024 * 1024;

export class BlockStore {
  readonly volumes: VolumeSet;
  /** Told of every change that namenodes must know. */
  onChange: (change: ReplicaChange) => void = () => {};
  /** A replica whose bytes are wrong. */
  onCorrupt: (block: Block) => void = () => {};
  readonly #options: BlockStoreOptions;
  readonly #replicas = new Map<number, Replica>();
  readonly #locks = new KeyedLock<number>();
  readonly #deletions: Deletions;
  readonly #handles = new ReadHandles();
  #closed = false;

  private constructor(options: BlockStoreOptions, volumes: VolumeSet) {
    this.#options = options;
    this.volumes = volumes;
    this.#deletions = new Deletions({
      onDeleted: (id) => {
        if (!this.#replicas.has(id)) this.onChange({ deleted: id });
      },
      onError: (volume, error) => void this.#suspect(volume, error),
    });
  }

  /** Loads what is on the disks. Rejects with `WrongDiskError` or `NoDiskError`. */
  static async open(options: BlockStoreOptions): Promise<BlockStore> {
    const volumes = await VolumeSet.open(options);
    const store = new BlockStore(options, volumes);
    await Promise.all(volumes.working.map((volume) => store.#load(volume)));
    if (volumes.working.length === 0) throw new NoDiskError('every volume has failed');
    return store;
  }

  get uuid(): string {
    return this.volumes.uuid;
  }

  get size(): number {
    return this.#replicas.size;
  }

  get(id: number): Replica | undefined {
    return this.#replicas.get(id);
  }

  /** Everything that is on one volume, but copies under way. */
  reports(volumeId: string): readonly ReplicaReport[] {
    return [...this.#replicas.values()].filter((each) => each.volume.id === volumeId && !each.copy).map((each) => each.report);
  }

  /** Tells again of replicas that nobody writes any more: the namenode may know that they are of no use. */
  reportUnfinished(): void {
    for (const each of this.#replicas.values()) {
      if (each.state !== 'Finalized' && each.writer === undefined && !each.copy) this.onChange({ received: each.report });
    }
  }

  /** In the order of their ids: what a scan goes by. */
  finalizedIds(volumeId: string): readonly number[] {
    return [...this.#replicas.values()].filter((each) => each.volume.id === volumeId && each.state === 'Finalized').map((each) => each.id).toSorted((a, b) => a - b);
  }

  /** Measured anew. */
  async volumeReports(): Promise<readonly VolumeReport[]> {
    await this.volumes.measure((volume, error) => this.#suspect(volume, error));
    return this.volumes.reports();
  }

  /** A new replica, or one that is gone on with. Whoever wrote it before is stopped. */
  openWriter({ stage, block, oldGenerationStamp }: Pick<OpenWrite, 'stage' | 'block' | 'oldGenerationStamp'>): Promise<ReplicaWriter> {
    return this.#locks.run(block.id, async () => {
      if (this.#closed) throw new ReplicaError('Busy', 'the datanode is closing');
      const replica = this.#replicas.get(block.id);
      switch (stage) {
        case 'create': return replica === undefined ? this.#create(block, false) : this.#begunAnew(replica, block);
        case 'transfer': return this.#beginCopy(replica, block);
        case 'append':
        case 'resume': {
          if (replica === undefined) throw notFound(block);
          const fits = stage === 'resume' || (replica.state === 'Finalized' && replica.bytes === block.bytes && (oldGenerationStamp === undefined || replica.generationStamp === oldGenerationStamp));
          if (!fits) throw conflict(replica, 'cannot be appended to');
          return this.#onVolume(replica.volume, () => this.#reopen(replica, block));
        }
        default: return unreachable(stage);
      }
    });
  }

  /** The same call once more: its answer was lost. */
  #begunAnew(replica: Replica, block: Block): Promise<ReplicaWriter> {
    const same = replica.state === 'BeingWritten' && replica.generationStamp === block.generationStamp && replica.bytes === 0 && !replica.copy;
    if (!same) throw conflict(replica, 'cannot be created');
    return this.#onVolume(replica.volume, () => this.#reopen(replica, block));
  }

  /** A replica of an older version is of no use once the namenode has a newer one copied here, nor is its writer; nor one that was never made final. */
  async #beginCopy(replica: Replica | undefined, block: Block): Promise<ReplicaWriter> {
    if (replica !== undefined) {
      const leftBehind = replica.state !== 'Finalized' && replica.writer === undefined;
      if (replica.generationStamp > block.generationStamp || (replica.generationStamp === block.generationStamp && !leftBehind)) {
        // The namenode does not know of it.
        if (!replica.copy) this.onChange({ received: replica.report });
        throw conflict(replica, 'cannot be copied here');
      }
      await this.#drop(replica);
    }
    await this.#deletions.settled(block.id);
    return this.#create(block, true);
  }

  /** The next packet of a replica, on disk before this resolves when it asks for that. */
  write(writer: ReplicaWriter, packet: Packet): Promise<void> {
    return this.#onVolume(writer.replica.volume, async () => {
      const written = writer.append(packet);
      if (packet.durability !== 'sync') return written;
      const synced = writer.sync();
      synced.catch(() => {});
      await written;
      return synced;
    });
  }

  /** On disk and final; told to the namenodes. Nothing happens when it is so already. */
  finalize(block: Block): Promise<void> {
    return this.#locks.run(block.id, async () => {
      const replica = this.#current(block);
      if (replica.bytes !== block.bytes) throw new ReplicaError('ReplicaConflict', `block ${block.id} has ${replica.bytes} bytes, not ${block.bytes}`);
      if (replica.state === 'Finalized') return;
      const { writer } = replica;
      if (writer === undefined) throw new ReplicaError('ReplicaConflict', `block ${block.id} is not being written`);
      await this.#onVolume(replica.volume, async () => {
        await writer.seal();
        await writer.close();
        if (replica.copy) await this.#completeCopy(replica);
      });
      this.#setFinal(replica);
    });
  }

  /** At most `length` bytes of what readers may see, checked. */
  async read(block: Block, offset: number, length: number): Promise<Uint8Array> {
    for (let attempt = 0; ; attempt += 1) {
      const replica = this.#readable(block);
      const { cuts } = replica;
      try {
        return await this.#onVolume(replica.volume, () => readReplica(this.#handles, replica, offset, Math.min(length, readBytesMax)));
      } catch (error) {
        const changed = replica.removed || replica.cuts !== cuts;
        if (changed && attempt < 2 && error instanceof ReplicaError && error.code !== 'DiskFailed') continue;
        if (!changed && error instanceof ReplicaError && error.code === 'ReplicaCorrupt') this.onCorrupt(replica.block);
        throw error;
      }
    }
  }

  /** MD5 over the checksums of the block's first `block.bytes` bytes, and how many bytes these are. */
  async checksum(block: Block): Promise<{ readonly md5: Uint8Array; readonly bytes: number }> {
    const replica = this.#readable(block);
    const bytes = Math.min(block.bytes, replica.readableBytes);
    const checksums = await this.#onVolume(replica.volume, () => checksumsUpTo(replica, bytes));
    return { md5: createHash('md5').update(checksums).digest(), bytes };
  }

  /** Stops whoever writes the replica. See `BlockTransfer`. */
  initReplicaRecovery(block: Block, newGenerationStamp: number): Promise<{ readonly block: Block; readonly state: ReplicaState } | undefined> {
    return this.#locks.run(block.id, async () => {
      const replica = this.#replicas.get(block.id);
      if (replica === undefined || replica.copy || replica.generationStamp >= newGenerationStamp) return undefined;
      if (replica.recoveryStamp > newGenerationStamp) throw new ReplicaError('ReplicaConflict', `block ${block.id} is being recovered under stamp ${replica.recoveryStamp}`);
      replica.recoveryStamp = newGenerationStamp;
      await replica.writer?.close();
      return { block: replica.block, state: replica.state };
    });
  }

  updateReplica(block: Block, newGenerationStamp: number, bytes: number): Promise<void> {
    return this.#locks.run(block.id, async () => {
      const replica = this.#replicas.get(block.id);
      if (replica === undefined || replica.copy) throw notFound(block);
      if (replica.generationStamp === newGenerationStamp && replica.state === 'Finalized' && replica.bytes === bytes) return;
      if (replica.recoveryStamp !== newGenerationStamp) throw new ReplicaError('ReplicaConflict', `no recovery of block ${block.id} under stamp ${newGenerationStamp} has begun here`);
      if (bytes > replica.bytes) throw new ReplicaError('ReplicaConflict', `block ${block.id} has only ${replica.bytes} bytes, not ${bytes}`);
      await this.#onVolume(replica.volume, () => this.#restamp(replica, newGenerationStamp, bytes, true));
      this.#setFinal(replica);
    });
  }

  /** At once for readers and writers, in the background on the disk. A newer version than the one named stays. */
  async invalidate(blocks: readonly Block[]): Promise<void> {
    await Promise.all(blocks.map((block) => this.#locks.run(block.id, async () => {
      const replica = this.#replicas.get(block.id);
      if (replica === undefined) return this.onChange({ deleted: block.id });
      if (replica.generationStamp > block.generationStamp) return undefined;
      return this.#drop(replica);
    })));
  }

  /** Gives up a replica that was begun, and never told of as final. */
  discard(block: Block): Promise<void> {
    return this.#locks.run(block.id, async () => {
      const replica = this.#replicas.get(block.id);
      if (replica?.generationStamp === block.generationStamp && replica.state === 'BeingWritten') await this.#drop(replica);
    });
  }

  /** Waits for deletions and writes that are under way; replicas stay as they are. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#replicas.values()].map((each) => each.writer?.close()));
    await this.#deletions.close();
    await this.#handles.close();
  }

  async #load(volume: Volume): Promise<void> {
    try {
      for (const fields of await loadReplicas(volume)) {
        const rival = this.#replicas.get(fields.id);
        const replica = new Replica(volume, fields);
        const loser = rival === undefined ? undefined : worse(rival, replica);
        if (loser !== replica) this.#replicas.set(fields.id, replica);
        if (loser !== undefined) this.#deletions.add(loser);
      }
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      this.#options.logger.error({ err: error, volume: volume.label }, 'a volume cannot be loaded');
      this.#takeOut(volume);
    }
  }

  async #create(block: Block, copy: boolean): Promise<ReplicaWriter> {
    if (this.#deletions.has(block.id)) throw new ReplicaError('Busy', `block ${block.id} is being removed`);
    const promisedBytes = this.#options.blockBytes + metaBytes(this.#options.blockBytes);
    const volume = this.volumes.choose(Math.min(promisedBytes, this.#options.blockBytes));
    return this.#onVolume(volume, async () => {
      const replica = new Replica(volume, { id: block.id, generationStamp: block.generationStamp, bytes: 0, state: 'BeingWritten', copy });
      try {
        await volume.ensureDirectory(replicaDirectory(block.id));
        const data = await volume.disk.open(replica.dataPath, 'write');
        const meta = await volume.disk.open(replica.metaPath, 'write');
        await Promise.all([data.truncate(0), meta.truncate(0)]);
        await meta.write(encodeMetaHeader(), 0);
        replica.writer = new ReplicaWriter(replica, { data, meta }, { named: false, promisedBytes });
      } catch (error) {
        volume.usedBytes -= replica.diskBytes;
        throw error;
      }
      this.#replicas.set(block.id, replica);
      if (!copy) this.onChange({ received: replica.report });
      return replica.writer;
    });
  }

  async #reopen(replica: Replica, block: Block): Promise<ReplicaWriter> {
    const { generationStamp, bytes } = block;
    if (replica.copy || replica.generationStamp > generationStamp || replica.recoveryStamp > generationStamp || replica.bytes < bytes) {
      throw new ReplicaError('ReplicaConflict', `block ${block.id} has stamp ${replica.generationStamp} and ${replica.bytes} bytes: a write with stamp ${generationStamp} cannot go on from ${bytes}`);
    }
    await replica.writer?.close();
    if (replica.generationStamp !== generationStamp) await this.#restamp(replica, generationStamp, bytes, false);
    else if (replica.state === 'Finalized' || replica.bytes !== bytes) throw new ReplicaError('ReplicaConflict', `block ${block.id} is ${replica.state} with ${replica.bytes} bytes: a write cannot go on from ${bytes} without a new stamp`);
    const { disk } = replica.volume;
    const data = await disk.open(replica.dataPath, 'write');
    const meta = await disk.open(replica.metaPath, 'write');
    replica.state = 'BeingWritten';
    replica.visibleBytes = bytes;
    replica.writer = new ReplicaWriter(replica, { data, meta }, { named: true, promisedBytes: Math.max(0, this.#options.blockBytes - bytes) });
    this.onChange({ received: replica.report });
    return replica.writer;
  }

  /**
   * Gives the replica another stamp and perhaps a smaller length. The new checksum file is durable before the old one goes, and the bytes that are cut
   * go last: whenever the power fails, one of the two versions is whole.
   */
  async #restamp(replica: Replica, generationStamp: number, bytes: number, final: boolean): Promise<void> {
    const { disk } = replica.volume;
    await replica.writer?.close();
    const checksums = await checksumsUpTo(replica, bytes);
    const lastChecksum = bytes === 0 ? 0 : checksums.readUInt32BE(checksums.length - checksumBytes);
    const seals = await withFile(disk, replica.metaPath, 'read', (file) => readSeals(file, replica)) ?? [];
    if (final) await withFile(disk, replica.dataPath, 'write', (file) => file.sync());
    const version = { id: replica.id, generationStamp };
    const seal: Seal | undefined = final ? { sequence: 1, final: true, bytes, lastChecksum } : provenOf(seals, bytes);
    const oldPath = replica.metaPath;
    const newPath = metaPath(replica.id, generationStamp);
    try {
      await writeMeta(disk, newPath, version, checksums, seal);
      await disk.syncDirectory(replicaDirectory(replica.id));
    } catch (error) {
      await disk.remove(newPath).catch(() => {});
      throw error;
    }
    const shrinks = bytes < replica.bytes;
    replica.generationStamp = generationStamp;
    replica.lastChecksum = lastChecksum;
    replica.sequence = seal?.sequence ?? 0;
    replica.setBytes(bytes);
    replica.visibleBytes = Math.min(replica.visibleBytes, bytes);
    replica.cuts += 1;
    this.#handles.drop(replica);
    await disk.remove(oldPath);
    if (shrinks) await withFile(disk, replica.dataPath, 'write', (file) => file.truncate(bytes));
  }

  async #completeCopy(replica: Replica): Promise<void> {
    const { disk } = replica.volume;
    await disk.rename(replica.metaPath, metaPath(replica.id, replica.generationStamp));
    replica.copy = false;
    await disk.syncDirectory(replicaDirectory(replica.id));
  }

  #setFinal(replica: Replica): void {
    replica.state = 'Finalized';
    replica.visibleBytes = replica.bytes;
    this.onChange({ received: replica.report });
  }

  async #drop(replica: Replica): Promise<void> {
    replica.removed = true;
    this.#replicas.delete(replica.id);
    this.#handles.drop(replica);
    await replica.writer?.close();
    this.#deletions.add(replica);
  }

  /** A replica with exactly this stamp. */
  #current(block: Block): Replica {
    const replica = this.#replicas.get(block.id);
    if (replica?.generationStamp !== block.generationStamp) throw notFound(block);
    return replica;
  }

  /** A replica with this stamp or a later one. */
  #readable(block: Block): Replica {
    const replica = this.#replicas.get(block.id);
    if (replica === undefined || replica.copy || replica.generationStamp < block.generationStamp || replica.state === 'WaitingToBeRecovered') throw notFound(block);
    return replica;
  }

  /** Errors of the disk become `ReplicaError`; one that may mean the whole volume leads to a trial of it. */
  async #onVolume<T>(volume: Volume, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      await this.#suspect(volume, error);
      if (error.code === 'NoSpace') throw new ReplicaError('DiskOutOfSpace', error.message, error);
      throw new ReplicaError(error.code === 'NotFound' ? 'ReplicaNotFound' : 'DiskFailed', error.message, error);
    }
  }

  async #suspect(volume: Volume, error: unknown): Promise<void> {
    if (!(error instanceof FileError) || (error.code !== 'Io' && error.code !== 'NoPermission') || volume.failed) return;
    this.#options.logger.warn({ err: error, volume: volume.label }, 'a disk reported an error: it is tried out');
    if (await volume.probe() || volume.failed) return;
    this.#options.logger.error({ volume: volume.label }, 'a volume has failed');
    this.#takeOut(volume);
    if (this.volumes.working.length === 0) this.#options.onFailure(new NoDiskError('every volume has failed'));
  }

  /** Its replicas are gone: other datanodes make up for them. */
  #takeOut(volume: Volume): void {
    volume.failed = true;
    for (const replica of this.#replicas.values()) {
      if (replica.volume !== volume) continue;
      replica.removed = true;
      this.#replicas.delete(replica.id);
      this.#handles.drop(replica);
      void replica.writer?.close();
      this.onChange({ deleted: replica.id });
    }
  }
}

function notFound({ id, generationStamp }: Block): ReplicaError {
  return new ReplicaError('ReplicaNotFound', `there is no replica of block ${id} with stamp ${generationStamp}`);
}

function conflict({ id, state, generationStamp, bytes }: Replica, what: string): ReplicaError {
  return new ReplicaError('ReplicaConflict', `block ${id} ${what}: it is ${state} with stamp ${generationStamp} and ${bytes} bytes`);
}

/** Of the same block on two volumes. */
function worse(a: Replica, b: Replica): Replica {
  if (a.generationStamp !== b.generationStamp) return a.generationStamp < b.generationStamp ? a : b;
  if (a.state !== b.state) return a.state === 'Finalized' ? b : a;
  return a.bytes < b.bytes ? a : b;
}

/** What was proven to be on the disk stays proven under another stamp. */
function provenOf(seals: readonly Seal[], bytes: number): Seal | undefined {
  const most = seals.filter((each) => each.bytes <= bytes).toSorted((a, b) => b.bytes - a.bytes)[0];
  return most === undefined ? undefined : { ...most, sequence: 1, final: false };
}
